/** The update sprint from its start to its end, in every door: one deal at a time, each word by the rules of next-step. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dayCalled } from '../../src/bot/dates.ts';
import { createConsole } from '../../src/console/console.ts';
import type { Form, Note } from '../../src/views/view.ts';
import { createGlass } from '../console/glass.ts';
import { databases } from '../support/databases.ts';
import { LEAD, TEAM, until } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { fieldsOf, screenOf } from '../support/slack-screen.ts';
import { openTeamsHouse, type TeamsHouse } from '../support/teams-house.ts';
import { screenOf as teamsScreenOf } from '../support/teams-screen.ts';

const [PRIYA = '', TOM = '', LUCIA = ''] = TEAM.users;
/** Nothing is on its way to AWS any more. */
const settledIn = ({ store }: Pick<SlackHouse, 'store'>) =>
  until(
    'AWS’s answers',
    async () =>
      (await store.prisma.change.count({ where: { state: { in: ['requested', 'sending', 'waiting'] } } })) ===
      0,
  );
const titleOf = (view: { title?: unknown }) => JSON.stringify(view.title);

describe.each(databases)('the sprint, on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  const settled = () => settledIn(house);
  const go = async (input: Record<string, string>, as: string, key?: string) =>
    (await house.act('sprint', input, { as, ...(key ? { key } : {}) })).reply;
  const steps = async (dealId: string) =>
    (await house.store.prisma.change.findMany({ where: { dealId }, orderBy: { seq: 'asc' } })).map(
      ({ wish }) => JSON.stringify(wish),
    );

  test('in Slack: announced, one after the other, a text that is too long stays, and an end that says what was done', async () => {
    const [first, second] = await Promise.all(
      ['Copperfield & Wren: Optics', 'Saffron Road Foods'].map(house.idOf),
    );
    expect(await house.say('TOM', 'sprint')).toMatch(/2 deals need a word, about 1 minute/);
    await house.press('TOM', house.newest('TOM'), 'Start the sprint');
    const form = await house.form('TOM');
    await until('the first', () => titleOf(form.content).includes('1 of 2: Copperfield'));
    expect(screenOf(form.content)).toMatch(/Last step, |The next step now: |There is no next step yet/);
    const [field] = fieldsOf(form.content.blocks);
    const long = 'x'.repeat(256);
    const refused = await house.submit(form, { [field?.id ?? '']: long });
    expect(JSON.stringify(refused.body)).toContain('256 characters');
    await house.submit(form, { [field?.id ?? '']: '   ' });
    expect(await steps(first ?? '')).toEqual([]);
    await house.submit(form, { [field?.id ?? '']: 'Demo Monday' });
    await until('the second', () => titleOf(form.content).includes('2 of 2: Saffron'));
    expect(screenOf(form.content)).toContain('Copperfield & Wren: Optics, on its way to AWS:\nDemo Monday');
    expect(screenOf(form.content)).not.toContain('You wrote');
    // Slack keeps what stands in a field of the same name.
    expect(fieldsOf(form.content.blocks)[0]?.id).not.toBe(field?.id);
    await house.press('TOM', form, 'Skip until…');
    await until('the question', () => screenOf(form.content).includes('Or on a day'));
    const day = new Date(Date.now() + 3 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    await house.submit(form, { day });
    await until('the end', () => screenOf(form.content).includes('1 written, 1 skipped'));
    await settled();
    expect(await steps(first ?? '')).toEqual([expect.stringContaining('Demo Monday')]);
    expect(await house.effects(second)).toEqual([]);
    const none = await house.say('TOM', 'sprint');
    expect(none).toContain('None of your deals needs a word right now.');
    expect(none).toContain('1 put off: “my reminders” lists it.');
  });

  test('what AWS sent back shows its remark and leads to its repair; going on sends nothing', async () => {
    const id = await house.idOf('Cinder Peak Mining');
    const form = (await go({ do: 'start' }, TEAM.manager)) as Form;
    expect(form.title).toBe('1 of 2: Brightside 🚀 Robotics');
    const next = (await go({ ...form.input, text: 'Site visit on Tuesday' }, TEAM.manager)) as Form;
    expect(next).toMatchObject({ title: '2 of 2: Cinder Peak Mining', fields: [], submit: 'Next deal' });
    expect(next.intro?.join(' ')).toContain('AWS’s remark: ');
    expect(next.others?.map(({ label }) => label)).toEqual(['Repair…', 'Not mine…', 'Stop here']);
    const repair = (await go(next.others?.[0]?.input ?? {}, TEAM.manager)) as Form;
    expect(repair).toMatchObject({ verb: 'sprint', input: { do: 'repair', id } });
    const end = (await go(next.input, TEAM.manager)) as Note;
    expect(end.text).toBe('1 written, 1 skipped');
    expect(await steps(id)).toEqual([]);
    await settled();
  });

  test('what AWS sent back and is right as it stands is submitted again from within, and the sprint goes on', async () => {
    const id = await house.idOf('Cinder Peak Mining');
    const start = { rest: id, written: '', skipped: '0', given: '0', total: '1', turn: '0' };
    const form = (await go({ ...start, do: 'repair', id }, TEAM.manager)) as Form;
    const same = Object.fromEntries(form.fields.flatMap((it) => (it.value ? [[it.id, it.value]] : [])));
    const asks = (await go({ ...form.input, ...same }, TEAM.manager)) as Note;
    expect(asks.text).toContain('that is what AWS has already');
    expect(asks.buttons?.map(({ verb, label }) => [verb, label])).toEqual([
      ['sprint', 'Submit to AWS'],
      ['sprint', 'Next deal'],
    ]);
    const end = (await go(asks.buttons?.[0]?.input ?? {}, TEAM.manager)) as Note;
    expect(end.text).toBe('1 written');
    expect(await steps(id)).toEqual([expect.stringContaining('"kind":"submit"')]);
    await settled();
  });

  test('an empty text is refused with why, a close date that is past is asked for, and nothing is lost', async () => {
    const form = (await go({ do: 'start' }, LUCIA)) as Form;
    expect(form.title).toMatch(/^1 of \d: Bluebell Rail & Tram$/);
    const empty = (await go({ ...form.input, text: ' ' }, LUCIA)) as Form;
    expect(empty.errors).toMatchObject({ text: expect.stringContaining('Write the next step') });
    const past = (await go({ ...form.input, text: 'Contract review with legal' }, LUCIA)) as Form;
    expect(past.errors).toMatchObject({ closeDate: expect.stringContaining('is past') });
    expect(past.fields[0]).toMatchObject({ id: 'text', value: 'Contract review with legal' });
    expect(past.title).toBe(form.title);
  });

  test('what somebody wrote in between: shown already, the words come back; not yet shown, it is passed over', async () => {
    const first = await house.idOf('Glasswing Biotech');
    const form = (await go({ do: 'start' }, PRIYA)) as Form;
    expect(form.input.id).toBe(first);
    const closeDate = new Date(Date.now() + 40 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    await house.act('next-step', { id: first, text: 'The manager has called them', closeDate }, { as: LEAD });
    await settled();
    const again = (await go({ ...form.input, text: 'Mine', closeDate }, PRIYA)) as Form;
    expect(again.errors?.mark).toMatch(
      /meanwhile Ana Silva wrote a word\. “Save & next” sends yours all the same/,
    );
    expect(again.fields[0]).toMatchObject({ value: 'Mine' });
    const next = (await go(
      { ...again.input, ...{ text: 'Mine, all the same' } },
      PRIYA,
      `mine-${database.name}`,
    )) as Form;
    expect(next.input.id).not.toBe(first);
    // The same press again: written once, and it goes on.
    const twice = (await go(
      { ...again.input, ...{ text: 'Mine, all the same' } },
      PRIYA,
      `mine-${database.name}`,
    )) as Form;
    expect(twice.input.id).toBe(next.input.id);
    await settled();
    expect(await steps(first)).toHaveLength(2);
    await house.act('next-step', { id: next.input.id ?? '', text: 'Called them this morning' }, { as: LEAD });
    const back = await go({ ...next.input, do: 'show' }, PRIYA);
    expect(JSON.stringify(back)).toContain('meanwhile Ana Silva wrote a word');
    await settled();
  });

  test('“Not mine” gives it away by the rules of transfer, and goes on', async () => {
    const form = (await go({ do: 'start' }, LUCIA)) as Form;
    const transfer = (await go(form.others?.[0]?.input ?? {}, LUCIA)) as Form;
    expect(transfer).toMatchObject({
      verb: 'sprint',
      title: 'Transfer',
      input: { do: 'transfer', id: form.input.id },
    });
    const wrong = (await go({ ...transfer.input, person: 'Zorro' }, LUCIA)) as Form;
    expect(wrong).toMatchObject({ verb: 'sprint', errors: { person: expect.stringContaining('Zorro') } });
    const next = (await go({ ...transfer.input, person: TOM }, LUCIA)) as Form;
    expect(next.intro?.[0]).toBe('Bluebell Rail & Tram: given away.');
    const end = (await go({ ...next.others?.at(-1)?.input }, LUCIA)) as Note;
    expect(end.text).toBe('0 written, 1 given away');
    expect(end.lines?.join(' ')).toMatch(/1 deal left as it is/);
    await settled();
  });

  test('a made-up state opens no deal that is not theirs', async () => {
    const id = await house.idOf('Palisade Mutual Bank');
    const reply = await go({ do: 'show', rest: id, total: '1' }, PRIYA);
    expect(JSON.stringify(reply)).not.toContain('Palisade');
    const written = await go({ do: 'next-step', id, text: 'Mine now', rest: id, total: '1' }, PRIYA);
    expect(JSON.stringify(written)).not.toContain('Palisade');
    expect(await steps(id)).toEqual([]);
  });
});

describe.each(databases)('the sprint elsewhere, on $name', (database) => {
  let house: TeamsHouse;
  beforeAll(async () => {
    house = await openTeamsHouse(database);
  });
  afterAll(async () => {
    expect(house?.microsoft.refused).toEqual([]);
    await house?.stop();
  });

  test('in Teams: a dialog from the first deal to the end', async () => {
    expect(await house.say('TOM', 'sprint')).toContain('2 deals need a word');
    await house.press('TOM', house.newest('TOM'), /^Start the sprint/);
    const dialog = () => `${house.dialog('TOM')?.title} ${teamsScreenOf(house.dialog('TOM')?.card)}`;
    expect(dialog()).toContain('1 of 2: Copperfield');
    await house.submit('TOM', { text: 'y'.repeat(256) });
    expect(dialog()).toContain('y'.repeat(256));
    await house.submit('TOM', { text: 'Proposal out by Thursday' });
    expect(dialog()).toContain('2 of 2: Saffron');
    expect(dialog()).toContain('Proposal out by Thursday');
    expect(dialog()).not.toContain('You wrote');
    await house.submit('TOM', {}, /^Not mine/);
    expect(dialog()).toContain('New owner');
    await house.submit('TOM', {}, 'Back');
    await house.submit('TOM', {}, 'Stop here');
    expect(dialog()).toContain('1 written');
    expect(dialog()).toContain('1 deal left as it is');
    await settledIn(house);
    expect((await house.effects()).map(({ kind }) => kind)).toEqual(['update']);
  });

  test('at the console: asked one after another, and what is typed instead of an answer leads on', async () => {
    const glass = createGlass(100);
    const console = createConsole({
      dayCalled,
      ...{ desk: house.desk, input: glass.input, output: glass.output, errorOutput: glass.output },
      ...{ isTerminal: true, as: TEAM.manager, operator: 'tester', waitMs: 5000, now: () => new Date() },
    });
    const code = console.run();
    for (const [question, keys] of [
      [/ace>$/, 'sprint\r'],
      [/\[1\] Start the sprint…[\s\S]*ace>$/, '1\r'],
      [
        /1 of 2: Brightside[\s\S]*Instead of an answer: “not mine”, “skip until”, “stop here”[\s\S]*Next step \(0\/255\):$/,
        'Workshop with their CTO\r',
      ],
      [/New close date:$/, '\r'],
      [/2 of 2: Cinder Peak[\s\S]*“repair”[\s\S]*Next deal:$/, 'cancel\r'],
      [/Left; what you saved before stays\.[\s\S]*ace>$/, 'sprint\r'],
      [/1 deal needs a word[\s\S]*ace>$/, '1\r'],
      [/1 of 1: Cinder Peak[\s\S]*Next deal:$/, 'stop here\r'],
      [/0 written[\s\S]*1 deal left as it is[\s\S]*ace>$/, 'quit\r'],
    ] as const) {
      await glass.shows(question);
      glass.type(keys);
    }
    expect(await code).toBe(0);
  });
});
