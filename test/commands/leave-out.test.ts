/** A digest’s sections are left out and brought back by a press each, without a form. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Button, List, Reply } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { openTestHouse, TEAM, type TestHouse } from '../support/house.ts';

const [PRIYA = ''] = TEAM.users;

describe.each(databases)('on $name', (database) => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await openTestHouse(database);
  });
  afterAll(() => house?.stop());

  const press = async ({ verb, input }: Pick<Button, 'verb' | 'input'>) =>
    (await house.act(verb, input, { as: PRIYA, key: randomUUID() })).reply;
  const listOf = (reply: Reply): List => {
    if (reply.kind !== 'list') throw new Error(`No list: ${JSON.stringify(reply)}`);
    return reply;
  };
  const digest = () => press({ verb: 'digest', input: {} });
  const named = (list: List, label: string): Button => {
    const all = [
      ...(list.buttons ?? []),
      ...list.sections.flatMap(({ items }) => items.flatMap((it) => it.button ?? [])),
    ];
    const found = all.find((button) => button.label === label);
    if (!found) throw new Error(`There is no “${label}”.`);
    return found;
  };
  const titles = (list: List) => list.sections.map(({ title }) => title.split(':')[0]);

  test('the digest’s own button lists what stands in it, a press leaves one out, and its answer takes that back', async () => {
    const before = listOf(await digest());
    const [first = ''] = titles(before);
    const list = listOf(await press(named(before, 'Leave out…')));
    expect(list.sections.map(({ title, total }) => [title, total])).toEqual([
      ['It stands in your digest', before.sections.length],
    ]);
    expect(list.sections[0]?.items.map(({ title }) => title)).toEqual(titles(before));
    const left = await press(named(list, 'Leave out'));
    if (left.kind !== 'note') throw new Error('No note.');
    expect(left.text).toBe(`“${first}” is left out.`);
    expect(left.lines?.[0]).toMatch(/^Your digest comes /);
    expect(left.lines?.join(' ')).toContain(`Left out: ${first}.`);
    expect(titles(listOf(await digest()))).not.toContain(first);
    // The list names what is left out, with the way back.
    const again = listOf(await press(named(before, 'Leave out…')));
    expect(again.sections.map(({ title }) => title)).toEqual(['It stands in your digest', 'Left out']);
    expect(again.sections[1]?.items.map(({ title, button }) => [title, button?.label])).toEqual([
      [first, 'Put it back'],
    ]);
    const [undo] = left.buttons ?? [];
    expect(undo?.label).toBe('Put it back');
    if (undo) expect(await press(undo)).toMatchObject({ text: `“${first}” is back in.` });
    expect(titles(listOf(await digest()))).toContain(first);
  });

  const without = (section: string) => press({ verb: 'schedule', input: { do: 'without', section } });
  const own = () => house.store.prisma.subscription.findFirstOrThrow();

  test('presses at once all count, whichever comes first', async () => {
    await house.store.prisma.subscription.deleteMany();
    await press({ verb: 'schedule', input: { do: 'at', hour: '7' } });
    await Promise.all([
      ...['stale', 'rejected', 'closing', 'in review', 'waiting'].map(without),
      press({ verb: 'schedule', input: { do: 'off' } }),
    ]);
    expect((await own()).off.sort()).toEqual(['closing', 'in-review', 'rejected', 'stale', 'waiting']);
    expect((await own()).offAt).not.toBeNull();
    // What is off stays off, and its answer says so.
    expect(await without('pending')).toMatchObject({
      text: '“Pending acceptance” is left out.',
      lines: ['Your digest is off. “schedule on” brings it back.'],
      buttons: [{ label: 'Put it back' }, { label: 'Bring it back' }],
    });
    expect(await own()).toMatchObject({ hour: 7, offAt: expect.any(Date) });
  });

  test('of the last two pressed at once one stays', async () => {
    await house.store.prisma.subscription.deleteMany();
    await without('pending, action required, launch pending, closing, past close, stale, in review');
    expect((await own()).off).toHaveLength(7);
    const answers = await Promise.all([without('rejected'), without('waiting')]);
    expect((await own()).off).toHaveLength(8);
    const texts = answers.map((it) => (it.kind === 'note' ? it.text : '')).sort();
    expect(texts[0]).toMatch(/^Then nothing would be left in it/);
    expect(texts[1]).toMatch(/is left out\.$/);
  });

  test('several are named at once; one that is none changes nothing', async () => {
    await house.store.prisma.subscription.deleteMany();
    expect(await without('stale, rejected and closing')).toMatchObject({
      text: '“No update for over 14 days”, “Rejected in the last 14 days”, “Closing within 7 days” are left out.',
    });
    expect((await own()).off.sort()).toEqual(['closing', 'rejected', 'stale']);
    expect(await without('waiting, florb')).toMatchObject({
      tone: 'problem',
      text: expect.stringContaining('There is no section “florb”.'),
    });
    const back = { do: 'with', section: 'closing and stale' };
    expect(await press({ verb: 'schedule', input: back })).toMatchObject({
      text: '“Closing within 7 days”, “No update for over 14 days” are back in.',
    });
    expect((await own()).off).toEqual(['rejected']);
  });

  test('looking changes nothing, and without names it shows all that are on', async () => {
    await house.store.prisma.subscription.deleteMany();
    const list = listOf(await press({ verb: 'schedule', input: { do: 'sections' } }));
    expect(list.sections[0]?.total).toBe(9);
    expect(await house.store.prisma.subscription.count()).toBe(0);
    const odd = listOf(
      await press({ verb: 'schedule', input: { do: 'sections', sections: 'florb, stale' } }),
    );
    expect(odd.sections.flatMap(({ items }) => items)).toHaveLength(1);
  });

  test('the last one stays: turning all of it off is another press, which can be taken back', async () => {
    const list = listOf(await press({ verb: 'schedule', input: { do: 'sections' } }));
    const buttons = list.sections.flatMap(({ items }) => items.flatMap((it) => it.button ?? []));
    const answers = [];
    for (const button of buttons) answers.push(await press(button));
    expect(answers.at(-1)).toMatchObject({
      tone: 'problem',
      text: expect.stringContaining('Then nothing would be left'),
    });
    const off = await press({ verb: 'schedule', input: { do: 'off' } });
    expect(off).toMatchObject({ text: 'Your digest is off. “schedule on” brings it back.' });
    const [back] = off.kind === 'note' ? (off.buttons ?? []) : [];
    expect(back?.label).toBe('Bring it back');
    if (back) expect(await press(back)).toMatchObject({ text: expect.stringMatching(/^Your digest comes/) });
  });
});
