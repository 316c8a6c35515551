/** The partner's solutions: read with the pipeline and every night, and no trouble of theirs is anybody else's. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Refusal, toErrorResponse } from '../../src/practice/wire.ts';
import { activeSolutions, saveSolutions } from '../../src/store/solutions.ts';
import { databases } from '../support/databases.ts';
import { type Office, openOffice } from './office.ts';

describe.each(databases)('the solutions, on $name', (database) => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice(database);
  });
  afterAll(() => office?.stop());

  const names = async (limit = 100) => (await activeSolutions(office.store, limit)).map(({ name }) => name);
  const listed = () => office.seen.filter(({ operation }) => operation === 'ListSolutions').length;

  test('are there after the first reading: only what is active, by name, at most as many as asked', async () => {
    const { solutions = [] } = await office.practice.world();
    const active = solutions.filter(({ Status }) => Status === 'Active');
    expect(active.length).toBeGreaterThan(1);
    expect(active.length).toBeLessThan(solutions.length);
    const found = await activeSolutions(office.store, 100);
    expect(found.map(({ id }) => id).sort()).toEqual(active.map(({ Id }) => Id).sort());
    const sorted = await names();
    expect(sorted).toEqual([...sorted].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
    expect(await names(1)).toEqual(sorted.slice(0, 1));
    expect(await office.store.prisma.solution.count()).toBe(solutions.length);
  });

  test('are not read again with every change of the pipeline, but every night', async () => {
    const before = listed();
    await office.sync.run();
    expect(listed()).toBe(before);
    const [first] = await activeSolutions(office.store, 1);
    await office.practice.script.solution(first?.id ?? '', 'Inactive');
    await office.sync.refresh();
    expect(listed()).toBe(before + 1);
    expect(await names()).not.toContain(first?.name);
    await office.practice.script.solution(first?.id ?? '', 'Active');
  });

  test.each(['AccessDeniedException', 'ThrottlingException', 'InternalServerException'] as const)(
    'a list that answers %s stays as it was, and the nightly reading goes on',
    async (name) => {
      const before = await names();
      office.between(({ operation }) =>
        operation === 'ListSolutions' ? toErrorResponse(new Refusal(name, 'No.')) : undefined,
      );
      const reads = office.seen.length;
      await office.sync.refresh();
      office.between(undefined);
      expect(office.seen.slice(reads).some(({ operation }) => operation === 'GetOpportunity')).toBe(true);
      expect(await names()).toEqual(before);
    },
  );

  test('one that AWS no longer lists is gone, one listed twice is one, and names are as people read them', async () => {
    await saveSolutions(
      office.store,
      [
        { id: 'S-1', name: 'Zebra', status: 'Active', category: 'Software Product' },
        { id: 'S-1', name: 'zebra\u202e\n two', status: 'Active' },
        { id: 'S-2', name: 'Alpha', status: 'Draft' },
        { id: 'S-3', name: '\u200b', status: 'Active' },
        { id: 'S-4', name: 'Alpha', status: 'Status of tomorrow' },
      ],
      office.epoch,
    );
    expect(await activeSolutions(office.store, 9)).toEqual([
      { id: 'S-3', name: 'S-3' },
      { id: 'S-1', name: 'zebra two' },
    ]);
    await saveSolutions(office.store, [], office.epoch);
    expect(await names()).toEqual([]);
  });

  test('an agent that is no longer the one writes nothing, and removes nothing', async () => {
    await saveSolutions(office.store, [{ id: 'S-1', name: 'One', status: 'Active' }], office.epoch);
    await saveSolutions(office.store, [{ id: 'S-2', name: 'Two', status: 'Active' }], office.epoch - 1n);
    expect(await names()).toEqual(['One']);
  });
});
