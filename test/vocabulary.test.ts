/** The whole vocabulary: the list equals the folder, and every verb answers right, missing and wrong input in every door. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { shapeOf } from '../src/bot/usage.ts';
import { hear } from '../src/bot/words.ts';
import * as vocabulary from '../src/commands/index.ts';
import { VERB_SHAPE } from '../src/pipeline/verbs.ts';
import { fromValue } from '../src/slack/button.ts';
import { fromData } from '../src/teams/button.ts';
import { databases, type TestDatabase } from './support/databases.ts';
import { flat, LEAD, type TestHouse, until } from './support/house.ts';
import { type Id, openSlackHouse } from './support/slack-house.ts';
import { buttonsOf, screenOf } from './support/slack-screen.ts';
import { member } from './support/slack-workspace.ts';
import { fresh } from './support/teams-client.ts';
import { openTeamsHouse } from './support/teams-house.ts';
import { buttonsOf as teamsButtonsOf } from './support/teams-screen.ts';
import { WALK } from './support/walk.ts';

const commands = Object.values(vocabulary);
const FOLDER = path.join(import.meta.dirname, '../src/commands');

test('the list equals the folder: every command is a file of its verb’s name, and every such file is in the list', () => {
  const isCommand = (name: string) => /= command\(\{/.test(readFileSync(path.join(FOLDER, name), 'utf8'));
  const files = readdirSync(FOLDER).filter(isCommand);
  expect(commands.map(({ verb }) => `${verb}.ts`).sort()).toEqual(files.sort());
});

test('a verb stands once, has the shape of a verb, a summary and a usage that begins with it', () => {
  expect(new Set(commands.map(({ verb }) => verb)).size).toBe(commands.length);
  for (const { verb, usage, summary } of commands) {
    expect(verb).toMatch(VERB_SHAPE);
    expect(usage === verb || usage.startsWith(`${verb} `)).toBe(true);
    expect(summary.length).toBeGreaterThan(10);
  }
});

test('every usage is understood when it is typed as it stands, with all that may be left out and without', () => {
  for (const { verb, usage } of commands) {
    const said = usage
      .replace('<deal>', 'O123')
      .replace(/<\w+Date>/g, '2026-12-31')
      .replace(/<\w+>/g, 'demo');
    const OWN = ['waiting', 'history', 'list', 'schedule'];
    const typed = [
      said.replace(/ ?\[.*\]$/, ''),
      ...(OWN.includes(verb) ? [] : [said.replace(/[[\]]/g, '')]),
    ];
    for (const line of typed) {
      const heard = hear(line, { now: new Date(0), timeZone: 'UTC', commands });
      expect([line, heard.kind === 'said' ? heard.said.verb : heard]).toEqual([line, verb]);
      if (heard.kind !== 'said' || !usage.includes('<deal>')) continue;
      expect(Object.values(heard.said.input).join()).not.toMatch(/O123|[()]/);
    }
  }
});

test('help explains every part that stands in parentheses, and each example is understood', () => {
  for (const { verb, usage, more = [] } of commands) {
    const said = more.join('\n');
    for (const { word } of shapeOf(usage).parts)
      expect([verb, said]).toEqual([verb, expect.stringContaining(`(${word}`)]);
    const [, example] = /^Such as: (.*)$/m.exec(said) ?? [];
    if (!example) continue;
    const heard = hear(example, { now: new Date(0), timeZone: 'UTC', commands });
    expect([example, heard]).toMatchObject([
      example,
      { kind: 'said', said: { verb, deal: expect.any(String) } },
    ]);
    expect([example, heard.kind === 'said' && JSON.stringify(heard.said)]).not.toEqual([
      example,
      expect.stringMatching(/[()]/),
    ]);
  }
});

test('no command takes more than the house reads: every text is bounded', () => {
  for (const command of commands) {
    const names = [
      'id',
      'text',
      'view',
      'topic',
      'change',
      'do',
      'page',
      'words',
      'what',
      'csv',
      'reason',
      'person',
    ];
    const usual = [...command.usage.matchAll(/<(\w+)>/g)].map(([, name = '']) => name);
    const huge = Object.fromEntries([...names, ...usual].map((key) => [key, 'x'.repeat(100_000)]));
    const parsed = command.input.safeParse(huge);
    const kept = parsed.success ? JSON.stringify(parsed.data) : '';
    expect(kept.length).toBeLessThan(5000);
  }
});

test('every verb has its row in the walk', () => {
  expect(Object.keys(WALK).sort()).toEqual(commands.map(({ verb }) => verb).sort());
});

/** A chat that the walk goes through. */
interface Walker {
  house: TestHouse;
  /** Says it; what that person is shown from then on, as text. */
  say(user: string, line: string, where?: 'room'): Promise<() => string[]>;
  /** The verbs of all buttons that anybody was shown. */
  verbs(): Set<string>;
  /** Every rule of the platform that was broken. */
  refused: string[];
}

describe.each(databases)('the walk, on $name', (database) => {
  describe.each([
    ['Slack', throughSlack],
    ['Teams', throughTeams],
  ] as const)('through %s', (door, open) => {
    let walker: Walker;
    beforeAll(async () => {
      walker = await open(database);
    });
    afterAll(async () => {
      expect(walker?.refused).toEqual([]);
      await walker?.house.stop();
    });

    async function says(user: string, line: string, text: RegExp, where?: 'room'): Promise<void> {
      const shown = await walker.say(user, line, where);
      await until(`an answer to “${line}” like ${text}`, () =>
        shown().some((it) => text.test(flat(it))),
      ).catch((error) => {
        throw new Error(`${error.message}\nshown: ${shown().map(flat).join('\n')}`);
      });
    }

    describe.each(Object.entries(WALK))('%s', (_, { deals = ['', ''], as = ['ANA', 'ANA'], ...row }) => {
      test.each(['right', 'missing', 'wrong'] as const)('answers what is %s', async (what) => {
        const [line, text, ok, inChat = text, who] = row[what];
        const [console, chat = ''] = deals.map((deal) => line.replace('{it}', deal));
        // Once is enough of what the console answers.
        if (door === 'Slack') {
          const said = await walker.house.script(`${console}\n`, emailOf(who ?? as[0]));
          expect([console, flat(said.text)]).toEqual([console, expect.stringMatching(text)]);
          expect([console, said.code]).toEqual([console, ok ? 0 : 1]);
        }
        await says(who ?? as[1], chat, inChat, row.where);
      });
    });

    test('no button that anybody was shown names a verb that is not in the list', () => {
      const known = commands.map(({ verb }) => verb);
      expect([...walker.verbs()].filter((verb) => !known.includes(verb))).toEqual([]);
      expect(walker.verbs().size).toBeGreaterThan(8);
    });

    test('whatever was missing or wrong changed nothing at AWS, and what was right did once in each door', async () => {
      await walker.house.quiet();
      const once = Object.values(WALK).flatMap(({ atAws }) => atAws ?? []);
      const wanted = door === 'Slack' ? [...once, ...once] : once;
      expect((await walker.house.effects()).map(({ kind }) => kind).sort()).toEqual(wanted.sort());
    });
  });
});

async function throughSlack(database: TestDatabase): Promise<Walker> {
  const house = await openSlackHouse(database);
  const { workspace } = house;
  for (const id of STRANGERS) workspace.users.set(id, member(id, emailOf(id)));
  const shown = (user: Id, from: [number, number]) => [
    ...house.messages(user).slice(from[0]),
    ...workspace.views.slice(from[1]).map(({ content }) => content),
  ];
  return {
    house,
    async say(user, line) {
      const from: [number, number] = [house.messages(user as Id).length, workspace.views.length];
      await house.slash(user, line);
      return () => shown(user as Id, from).map(screenOf);
    },
    verbs() {
      const blocks = [...workspace.messages, ...workspace.views.map(({ content }) => content)];
      const all = blocks.flatMap((it) => buttonsOf(it.blocks)).map(({ value }) => fromValue(value)?.v);
      return new Set(all.filter((it) => it !== undefined));
    },
    refused: workspace.refused,
  };
}

async function throughTeams(database: TestDatabase): Promise<Walker> {
  const house = await openTeamsHouse(database);
  const { microsoft } = house;
  for (const id of STRANGERS) microsoft.enroll(id, { email: emailOf(id) });
  microsoft.room(ROOM, { members: ['ANA', 'PRIYA'] });
  return {
    house,
    async say(user, line, where) {
      const before = house.screens(user);
      const { status } = await house.tell(user, line, where && { room: ROOM });
      expect(status).toBe(200);
      return () => fresh(before, house.screens(user));
    },
    verbs() {
      const pressed = microsoft.messages
        .flatMap(({ cards }) => teamsButtonsOf(cards))
        .map(({ data }) => fromData(data));
      return new Set(pressed.flatMap((it) => (it?.kind === 'press' ? [it.press.v] : [])));
    },
    refused: microsoft.refused,
  };
}

const ROOM = '19:deals@thread.tacv2';
const STRANGERS = ['NINA', 'NOEL'];
const emailOf = (id: string) => (id === 'ANA' ? LEAD : `${id.toLowerCase()}@elsewhere.example`);
