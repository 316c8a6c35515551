/** Whose deals stand in a cover's digest: the desk as its owner would be shown it, as far as the cover may see. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { DigestSection } from '../../src/pipeline/digest.ts';
import type { Role } from '../../src/pipeline/person.ts';
import { digestsFor } from '../../src/store/digest-lines.ts';
import { digestReaders } from '../../src/store/digest-readers.ts';
import { standingOf } from '../../src/store/digest-standing.ts';
import { keptLines } from '../../src/views/digest.ts';
import { type Mornings, openMornings } from '../schedule/mornings.ts';
import { databases } from '../support/databases.ts';

const NOW = new Date('2026-11-16T09:00:00Z');
/** Within the week; nobody wrote a word on it for months. */
const CLOSING = '2026-11-19';
const OFF: DigestSection[] = ['closing', 'stale'];

describe.each(databases)('a covered desk in the cover’s digest, on $name', (database) => {
  let it: Mornings;
  beforeAll(async () => {
    it = await openMornings(database);
  });
  afterEach(() => it.clear());
  afterAll(() => it?.close());

  /** Ann is away and Ben covers her; Cat reports to Ann. One deal each. */
  async function team(role: Role = 'ACE manager') {
    const all = await it.people([
      { name: 'Ann', role: 'ACE manager', closeDate: CLOSING },
      { name: 'Ben', role, closeDate: CLOSING },
      { name: 'Cat', closeDate: CLOSING },
    ]);
    const [ann, ben, cat] = all;
    if (!ann || !ben || !cat) throw new Error('There are three.');
    await reports(cat.id, ann.id);
    await covers(ann.id, ben.id);
    return { ann, ben, cat };
  }
  const reports = (id: string, reportsTo: string | null) =>
    it.store.prisma.person.update({ where: { id }, data: { reportsTo } });
  const covers = (personId: string, coverId: string) =>
    it.store.prisma.cover.create({
      data: {
        personId,
        coverId,
        byId: personId,
        from: new Date('2026-11-16'),
        until: new Date('2026-11-20'),
      },
    });
  const switchOff = (personId: string, off: DigestSection[]) =>
    it.store.prisma.subscription.create({ data: { personId, off, nextAt: NOW } });
  async function digestOf(personId: string) {
    const [reader] = await digestReaders(it.store, [personId], NOW);
    const found = reader && (await digestsFor(it.store, [reader], NOW)).get(personId);
    if (!reader || !found) throw new Error('They have none.');
    const desks = found.desks.map(({ whose, sections }) => [
      whose.firstName,
      [...sections.values()].flatMap(({ lines }) => lines.map(({ deal }) => deal.id)),
    ]);
    const under = found.reports.map(({ owner, lines }) => [
      owner.firstName,
      lines.map(({ deal }) => deal.id),
    ]);
    return { reader, found, desks, under };
  }

  test('what the cover switched off for themselves hides nothing of the desk they cover, nor of who reports to it', async () => {
    const { ann, ben, cat } = await team();
    await switchOff(ben.id, OFF);
    const { desks, under } = await digestOf(ben.id);
    expect(desks).toEqual([
      ['Ben', []],
      ['Ann', [ann.dealId]],
    ]);
    expect(under).toEqual([['Cat', [cat.dealId]]]);
  });

  test('what its owner switched off is left out of the desk, and not of the cover’s own', async () => {
    const { ann, ben } = await team();
    await switchOff(ann.id, OFF);
    const { desks, under } = await digestOf(ben.id);
    expect(desks).toEqual([
      ['Ben', [ben.dealId]],
      ['Ann', []],
    ]);
    expect(under).toEqual([]);
  });

  test('who reports to whoever is away is shown to the cover as far as the cover’s own role goes, also when it is drawn anew', async () => {
    const { ben, cat } = await team();
    const { found, reader } = await digestOf(ben.id);
    const kept = keptLines(found);
    expect(kept).toContainEqual({ section: 'closing', dealId: cat.dealId, underId: cat.id });
    const standing = await standingOf(it.store, reader, kept, NOW);
    expect(standing.lines.map(({ is }) => is)).toEqual(['stands', 'stands', 'stands']);
    expect(standing.reports.map(({ id }) => id)).toEqual([cat.id]);
    await it.store.prisma.person.update({ where: { id: ben.id }, data: { role: 'ACE user' } });
    const less = await digestOf(ben.id);
    expect([less.desks, less.under]).toEqual([
      [
        ['Ben', [ben.dealId]],
        ['Ann', []],
      ],
      [],
    ]);
  });

  test('the cover is no report of their own, and whose desk they cover as well stands there once', async () => {
    const { ann, ben, cat } = await team();
    await reports(ben.id, ann.id);
    await covers(cat.id, ben.id);
    const { desks, under } = await digestOf(ben.id);
    expect(desks.map(([name, deals]) => [name, deals]).sort()).toEqual([
      ['Ann', [ann.dealId]],
      ['Ben', [ben.dealId]],
      ['Cat', [cat.dealId]],
    ]);
    expect(under).toEqual([]);
  });

  test('without a cover nobody reads of others’ reports', async () => {
    const { ben } = await team();
    await it.store.prisma.cover.deleteMany();
    const { desks, under } = await digestOf(ben.id);
    expect([desks, under]).toEqual([[['Ben', [ben.dealId]]], []]);
  });
});
