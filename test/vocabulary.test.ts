/** The whole vocabulary: the list equals the folder, and every verb answers right, missing and wrong input in both doors. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { shapeOf } from '../src/bot/usage.ts';
import { hear } from '../src/bot/words.ts';
import * as vocabulary from '../src/commands/index.ts';
import { VERB_SHAPE } from '../src/pipeline/verbs.ts';
import { fromValue } from '../src/slack/button.ts';
import { databases } from './support/databases.ts';
import { flat, LEAD, until } from './support/house.ts';
import { type Id, openSlackHouse, type SlackHouse } from './support/slack-house.ts';
import { buttonsOf, screenOf } from './support/slack-screen.ts';
import { member } from './support/slack-workspace.ts';
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
    const OWN = ['waiting', 'history', 'list'];
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

describe.each(databases)('the walk, on $name', (database) => {
  let house: SlackHouse;
  /** The verbs of all buttons that anybody was shown. */
  const pressable = new Set<string>();
  beforeAll(async () => {
    house = await openSlackHouse(database);
    for (const id of STRANGERS) house.workspace.users.set(id, member(id, emailOf(id)));
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  async function slackSays(user: Id, line: string, says: RegExp): Promise<void> {
    const seen = [house.messages(user).length, house.workspace.views.length];
    const screens = () => [
      ...house.messages(user).slice(seen[0]),
      ...house.workspace.views.slice(seen[1]).map(({ content }) => content),
    ];
    await house.slash(user, line);
    const shown = () => screens().map((it) => flat(screenOf(it)));
    await until(`an answer to “${line}” like ${says}`, () => shown().some((it) => says.test(it))).catch(
      (error) => {
        throw new Error(`${error.message}\nshown: ${shown().join('\n')}`);
      },
    );
    for (const { blocks } of screens())
      for (const { value } of buttonsOf(blocks)) {
        const press = fromValue(value);
        if (press) pressable.add(press.v);
      }
  }

  describe.each(Object.entries(WALK))('%s', (_, { deals = ['', ''], as = ['ANA', 'ANA'], ...row }) => {
    test.each(['right', 'missing', 'wrong'] as const)('answers what is %s', async (what) => {
      const [line, says, ok, inSlack = says, who] = row[what];
      const [console, slack] = deals.map((deal) => line.replace('{it}', deal));
      const { text, code } = await house.script(`${console}\n`, emailOf(who ?? as[0]));
      expect([console, flat(text)]).toEqual([console, expect.stringMatching(says)]);
      expect([console, code]).toEqual([console, ok ? 0 : 1]);
      await slackSays((who ?? as[1]) as Id, slack ?? '', inSlack);
    });
  });

  test('no button that anybody was shown names a verb that is not in the list', () => {
    const verbs = commands.map(({ verb }) => verb);
    expect([...pressable].filter((verb) => !verbs.includes(verb))).toEqual([]);
    expect(pressable.size).toBeGreaterThan(8);
  });

  test('whatever was missing or wrong changed nothing at AWS, and what was right did once in each door', async () => {
    await house.quiet();
    const wanted = Object.values(WALK).flatMap(({ atAws }) => (atAws ? [atAws, atAws] : []));
    expect((await house.effects()).map(({ kind }) => kind).sort()).toEqual(wanted.sort());
  });
});

const STRANGERS = ['NINA', 'NOEL'];
const emailOf = (id: string) => (id === 'ANA' ? LEAD : `${id.toLowerCase()}@elsewhere.example`);
