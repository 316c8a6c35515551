/** What a card carries back may be anything that fits into a request: reading it, refusing it and drawing it stay small work. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { answersIn, fromData, hiddenIn } from '../../src/teams/button.ts';
import { editable } from '../../src/teams/text.ts';
import { databases } from '../support/databases.ts';
import { dialogSubmitted, executed, fetched, post, searched } from '../support/teams-activities.ts';
import { openTeamsHouse, type TeamsHouse } from '../support/teams-house.ts';
import { type Json, parts } from '../support/teams-screen.ts';

/** Signs that sort themselves anew whenever one is added. */
const marks = (many: number) => '\u0316\u0301'.repeat(many / 2);
const MEGABYTE = marks(1_000_000);
const many = <Value>(value: Value, count = 51) =>
  Object.fromEntries(Array.from({ length: count }, (_, nth) => [`f${nth}`, value]));
/** An answer in each of ten fields. */
const prefixed = (value: string) =>
  Object.fromEntries(Array.from({ length: 10 }, (_, nth) => [`f_f${nth}`, value]));
const press = { v: 'flag', i: { id: 'O1' }, k: 'k.0', o: 'card' };
const question = { t: 'Flag it?', x: 'Others see it.', y: 'Yes, flag', n: 'Not now' };
const submit = { v: 'find', i: {}, k: 'k.0', s: 1, m: { words: 200 }, q: ['words'] };

describe('what a button carries', () => {
  test.each<[string, object]>([
    ...Object.keys(question).map((it): [string, object] => [
      `the question’s ${it}`,
      { ...press, c: { ...question, [it]: MEGABYTE } },
    ]),
    ['an input', { ...press, i: { id: MEGABYTE } }],
    ['the name of an input', { ...press, i: { [MEGABYTE]: 'x' } }],
    ['more inputs than any form has', { ...press, i: many('x') }],
    ['the name of a limit', { ...submit, m: { [MEGABYTE]: 1 } }],
    ['more limits', { ...submit, m: many(1) }],
    ['the name of a field to fill in', { ...submit, q: [MEGABYTE] }],
    ['more fields to fill in', { ...submit, q: Object.keys(many(1)) }],
  ])('is not ours with a megabyte in %s', (_, ace) => {
    expect(fromData({ ace })).toBeUndefined();
  });

  test('is read up to what our own drawing may put there', () => {
    const most = { t: 'x'.repeat(300), x: 'x'.repeat(1000), y: 'x'.repeat(100), n: 'x'.repeat(100) };
    expect(fromData({ ace: { ...press, i: many('x', 50), c: most } })?.kind).toBe('press');
    expect(fromData({ ace: { ...submit, m: many(1, 50) } })?.kind).toBe('submit');
    expect(hiddenIn({ ace_input: JSON.stringify(many('x', 50)) })).toEqual(many('x', 50));
    expect(hiddenIn({ ace_input: JSON.stringify(many('x')) })).toBeUndefined();
  });

  test('has 50 answers of 20,000 signs, and what is beyond is left out', () => {
    const answers = answersIn(
      Object.fromEntries(Array.from({ length: 60 }, (_, nth) => [`f_${nth}`, MEGABYTE])),
    );
    expect(Object.keys(answers)).toEqual(Array.from({ length: 50 }, (_, nth) => `${nth}`));
    expect(new Set(Object.values(answers).map((it) => it.length))).toEqual(new Set([20_000]));
    expect(answersIn({ [`f_${MEGABYTE}`]: 'x', f_a: 'Demo' })).toEqual({ a: 'Demo' });
  });
});

test('what is put into a field is cut before it is cleaned, and whole where it fits', () => {
  // Reading on would join the two: what is cleaned away counts as well.
  expect(editable(`a${'\u200b'.repeat(1_000_000)}b`, 4000)).toBe('a');
  expect(editable(MEGABYTE, 4000).length).toBeLessThanOrEqual(4000);
  expect(editable('x'.repeat(4000), 4000)).toHaveLength(4000);
});

describe.each(databases)('a guest who sends as much as a request may hold, on $name', (database) => {
  let house: TeamsHouse;
  beforeAll(async () => {
    house = await openTeamsHouse(database);
    house.microsoft.enroll('GUS', { role: 'guest' });
  });
  afterAll(async () => {
    expect(house?.microsoft.refused).toEqual([]);
    await house?.stop();
  });
  // The endpoint takes 256 kB.
  const full = marks(120_000);
  const on = { message: '1' };

  test.each<[string, Json]>([
    ['a question', { ace: { ...press, c: { ...question, x: full } } }],
    ['an answer', { ace: submit, f_words: full }],
    ['ten answers', { ace: { ...submit, m: many(200, 10) }, ...prefixed(marks(12_000)) }],
    ['a deal’s name', { ace: { ...submit, v: 'next-step' }, f_deal: full, f_text: 'Demo' }],
  ])('in %s is answered, in few words', async (_, data) => {
    for (const user of ['GUS', 'ANA'])
      for (const it of [
        dialogSubmitted(house.target, user, data),
        fetched(house.target, user, data, on),
        executed(house.target, user, { verb: 'ace', data }, on),
      ]) {
        const { status, body } = await post(house.target, it);
        expect(status).toBe(200);
        expect(JSON.stringify(body).length).toBeLessThan(60_000);
      }
  });

  test('in each of 50 answers gets them back as far as Teams takes a card', async () => {
    const answers = Object.fromEntries(Object.keys(many(1, 50)).map((id) => [`f_${id}`, '字🙂'.repeat(350)]));
    const data = { ace: { ...submit, i: {}, m: many(9999, 50), q: [] }, ...answers };
    const { status, body } = await post(house.target, dialogSubmitted(house.target, 'GUS', data));
    expect(status).toBe(200);
    const { card } = parts(parts(parts(body).task).value);
    expect(Buffer.byteLength(JSON.stringify(parts(card).content))).toBeLessThan(28_000);
    expect(JSON.stringify(card).match(/You wrote:/g)).toHaveLength(50);
  });

  test('in what is looked for is answered, in few words', async () => {
    const { status, body } = await post(house.target, searched(house.target, 'ANA', full));
    expect([status, JSON.stringify(body)]).toEqual([200, expect.stringContaining('at most 200 characters')]);
    expect(JSON.stringify(body).length).toBeLessThan(1000);
  });
});
