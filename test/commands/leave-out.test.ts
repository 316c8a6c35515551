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
    expect(left.lines?.join(' ')).toContain(`Left out: ${first}.`);
    expect(titles(listOf(await digest()))).not.toContain(first);
    // The list names what is left out, with the way back.
    const again = listOf(await press(named(before, 'Leave out…')));
    expect(again.sections.map(({ title }) => title)).toEqual(['It stands in your digest', 'Left out']);
    expect(again.sections[1]?.items.map(({ title, button }) => [title, button?.label])).toEqual([
      [first, 'Bring it back'],
    ]);
    const [undo] = left.buttons ?? [];
    expect(undo?.label).toBe('Bring it back');
    if (undo) await press(undo);
    expect(titles(listOf(await digest()))).toContain(first);
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
