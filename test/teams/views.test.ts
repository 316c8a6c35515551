/** Every view as Teams shows it: what practice mode answers to all that can be said, and what its buttons lead to. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MAX } from '../../src/teams/limits.ts';
import type { Button, Reply } from '../../src/views/view.ts';
import { databases, type TestDatabase } from '../support/databases.ts';
import { LEAD, openTestHouse, senderOf, type TestHouse } from '../support/house.ts';
import { buttonsOf, screenOf } from '../support/teams-screen.ts';
import { WALK } from '../support/walk.ts';
import { drawn, errorsOf } from './samples.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openTestHouse(databases[0] as TestDatabase);
});
afterAll(() => house?.stop());

let count = 0;
const say = async (text: string, as = LEAD): Promise<Reply> =>
  (await house.desk.say({ text, from: senderOf(as), key: `t${count++}` })).reply;

const buttonsIn = (reply: Reply): Button[] => {
  if (reply.kind === 'form') return [];
  if (reply.kind === 'card') return [...reply.buttons, ...(reply.more ?? [])];
  if (reply.kind === 'note') return reply.buttons ?? [];
  const inside = reply.sections.flatMap((it) => [...it.items.map(({ button }) => button), it.more]);
  return [...(reply.buttons ?? []), ...inside].filter((it) => it !== undefined);
};

/** Only looks, or asks with a form: pressing it changes nothing. */
const isHarmless = ({ verb, opens }: Button) =>
  opens === 'form' || ['show', 'history', 'list', 'desk', 'help', 'waiting', 'people'].includes(verb);

describe('every view', () => {
  test.each(Object.entries(WALK))(
    'of %s keeps within Teams’ limits, and so does what its buttons open',
    async (_, row) => {
      for (const what of ['right', 'missing', 'wrong'] as const) {
        const line = row[what][0].replace('{it}', row.deals?.[1] ?? '');
        const reply = await say(line);
        expect([line, errorsOf(reply)]).toEqual([line, []]);
        for (const { verb, input } of buttonsIn(reply).filter(isHarmless).slice(0, 6)) {
          const opened = (await house.act(verb, input)).reply;
          expect([line, verb, errorsOf(opened)]).toEqual([line, verb, []]);
        }
      }
    },
  );

  test('of a seller, too: their desk, their deals, each deal', async () => {
    for (const line of ['desk', 'list', 'list views', 'list closing this month', 'waiting', 'history']) {
      const reply = await say(line, 'priya.raman@partner.example');
      expect([line, errorsOf(reply)]).toEqual([line, []]);
    }
    const deals = await say('list', 'priya.raman@partner.example');
    const shows = buttonsIn(deals).filter(({ verb }) => verb === 'show');
    for (const { input } of shows) {
      const { reply } = await house.act('show', input, { as: 'priya.raman@partner.example' });
      expect(errorsOf(reply)).toEqual([]);
    }
  });

  test('of the whole pipeline stands on the card: each line, its number, its button', async () => {
    const reply = await say('list pending');
    const lines = reply.kind === 'list' ? reply.sections.flatMap(({ items }) => items) : [];
    expect(lines.length).toBeGreaterThan(5);
    const screen = screenOf(drawn(reply));
    const shown = lines.filter((it, nth) => screen.includes(`${nth + 1}. ${it.title}`));
    expect(shown).toHaveLength(lines.length);
    expect(buttonsOf(drawn(reply)).length).toBeGreaterThanOrEqual(
      lines.filter(({ button }) => button).length,
    );
  });
});

/** Cut on a button, and whole in its tooltip: they have no shorter name. */
const LONGER = ['It is them after all'];

test('every fixed label of a button fits on it', () => {
  const SRC = path.join(import.meta.dirname, '../../src');
  const texts = ['views', 'commands'].flatMap((room) =>
    readdirSync(path.join(SRC, room)).map((name) => readFileSync(path.join(SRC, room, name), 'utf8')),
  );
  const labels = texts.flatMap((text) =>
    [
      ...text.matchAll(/\bverb: '[\w-]+',\s*label: '([^']+)'/g),
      ...text.matchAll(/\b(?:to[A-Z]\w*|\w*[bB]utton)\(\s*'([^']+)'/g),
    ].map((it) => it[1] ?? ''),
  );
  expect(labels.length).toBeGreaterThan(30);
  for (const label of ['All without update', 'Enter the code…', 'Confirm ACE terms…'])
    expect(labels).toContain(label);
  expect(labels.filter((it) => [...it].length > MAX.title && !LONGER.includes(it))).toEqual([]);
});
