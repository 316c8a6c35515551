/** The mirror takes what AWS says, once, newest last, and only from the one agent there is. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Person } from '../../src/pipeline/person.ts';
import { markSent, nextDueMs, noteAgent, type Step, take } from '../../src/store/agent.ts';
import { amend, changesById, request } from '../../src/store/changes.ts';
import { load, saveMirror } from '../../src/store/deals.ts';
import { pendingLines, pipelineLines } from '../../src/store/desk.ts';
import { takeAgentLease } from '../../src/store/lease.ts';
import { enrol, findPerson } from '../../src/store/people.ts';
import { markGone } from '../../src/store/reading.ts';
import { settle } from '../../src/store/settle.ts';
import type { Store } from '../../src/store/store.ts';
import { databases } from '../support/databases.ts';
import { until } from '../support/house.ts';
import { again, HOUR, later, lead, opportunity, referral } from './entries.ts';

const EMAIL = 'ana@partner.example';

describe.each(databases)('the mirror, on $name', ({ open }) => {
  let store: Store;
  let ana: Person;
  let epoch: bigint;
  let release: () => Promise<void>;
  beforeAll(async () => {
    store = await open();
    await enrol(store, [
      {
        email: EMAIL,
        otherEmails: ['ana@old.example'],
        firstName: 'Ana',
        lastName: 'Silva',
        role: 'alliance lead',
        timeZone: 'UTC',
      },
    ]);
    ana = (await findPerson(store, EMAIL)) as Person;
    const lease = await takeAgentLease(store, { onLost: () => {} });
    if (!lease) throw new Error('Nobody else has the lease.');
    ({ epoch, release } = lease);
  });
  afterAll(async () => {
    await release?.();
    await store.close();
  });

  const version = async (id: string) => (await load(store, id))?.version;
  const ask = async (id: string, more: { waitsFor?: 'locked' } = {}) => {
    const act = {
      key: randomUUID(),
      verb: 'next-step',
      personId: ana.id,
      source: {},
      until: later(HOUR),
    };
    const wish = { kind: 'update' as const, base: {}, set: { nextStep: 'Call' } };
    const deal = { id, version: (await version(id)) ?? 0 };
    const taken = await request(store, act, deal, [{ wish, ...more }]);
    return ('changeIds' in taken && taken.changeIds[0]) || '';
  };
  const change = async (id: string) => (await changesById(store, [id]))[0];
  const holdOf = async (id: string) => ({
    id,
    attempts: (await store.prisma.change.findUniqueOrThrow({ where: { id } })).attempts,
  });
  const settled = async (id: string, step: Step) => settle(store, epoch, await holdOf(id), step);

  test('the same record read again moves nothing: no version, no redraw', async () => {
    const record = opportunity({ nextStep: 'Call' });
    expect(await saveMirror(store, [record], epoch)).toEqual([record.deal.id]);
    expect(await saveMirror(store, [record], epoch)).toEqual([]);
    expect(await version(record.deal.id)).toBe(1);
  });

  test('a changed record raises the version once', async () => {
    const record = opportunity({});
    await saveMirror(store, [record], epoch);
    await saveMirror(store, [again(record, { nextStep: 'Demo' })], epoch);
    expect(await load(store, record.deal.id)).toMatchObject({ version: 2, deal: { nextStep: 'Demo' } });
  });

  test('a reading that began earlier never replaces what was read later', async () => {
    const before = opportunity({ nextStep: 'Old' }, '2026-03-01T10:00:00.100Z');
    const after = again(before, { nextStep: 'New' }, '2026-03-01T10:00:00.200Z');
    await saveMirror(store, [after], epoch);
    expect(await saveMirror(store, [before], epoch)).toEqual([]);
    expect((await load(store, before.deal.id))?.deal).toMatchObject({ nextStep: 'New' });
    const finer = again(before, { nextStep: 'Newest' }, '2026-03-01T10:00:00.200001+00:00');
    expect(await saveMirror(store, [finer], epoch)).toEqual([before.deal.id]);
  });

  test('an acceptance is not undone by a reading that began before it', async () => {
    const pending = referral('PENDING');
    const accepted = { ...referral('ACCEPTED', pending.deal.id), local: { successor: 'O123' } };
    await saveMirror(store, [accepted], epoch);
    await saveMirror(store, [pending], epoch);
    expect((await load(store, pending.deal.id))?.deal).toMatchObject({
      status: 'ACCEPTED',
      successor: 'O123',
    });
  });

  test('what only we know survives every reading: what an invitation became', async () => {
    const accepted = referral('ACCEPTED');
    await saveMirror(store, [{ ...accepted, local: { successor: 'O77' } }], epoch);
    await saveMirror(store, [{ ...accepted, raw: { more: true } }], epoch);
    expect((await load(store, accepted.deal.id))?.deal).toMatchObject({ successor: 'O77' });
  });

  test('an acceptance that is taken up again after a crash does not undo a transfer since then', async () => {
    const accepted = lead({});
    const { id } = accepted.deal;
    const owner = async () => (await store.prisma.deal.findUniqueOrThrow({ where: { id } })).ownerEmail;
    const local = { ownerEmail: EMAIL };
    await saveMirror(store, [{ ...accepted, local }], epoch);
    expect(await owner()).toBe(EMAIL);
    await store.prisma.deal.update({ where: { id }, data: { ownerEmail: 'tom@partner.example' } });
    expect(await saveMirror(store, [{ ...accepted, local }], epoch)).toEqual([]);
    expect(await owner()).toBe('tom@partner.example');
    await saveMirror(store, [{ ...accepted, raw: { more: true }, local }], epoch);
    expect(await owner()).toBe('tom@partner.example');
  });

  test('what only we know is kept also of a reading that comes after a newer one, and nothing else of it', async () => {
    const accepted = lead({ qualification: 'Open' });
    const { id } = accepted.deal;
    const newer = {
      ...{ deal: { ...accepted.deal, qualification: 'Research' }, raw: { newer: true } },
      modified: '2026-03-01T10:00:05.000001Z',
    };
    await saveMirror(store, [newer], epoch);
    const before = await store.prisma.deal.findUniqueOrThrow({ where: { id } });
    const older = { ...accepted, local: { ownerEmail: EMAIL, successor: 'O55' } };
    expect(await saveMirror(store, [older], epoch)).toEqual([id]);
    expect(await store.prisma.deal.findUniqueOrThrow({ where: { id } })).toEqual({
      ...before,
      ...{ version: 2, ownerEmail: EMAIL, successor: 'O55' },
    });
    expect(await saveMirror(store, [older], epoch)).toEqual([]);
  });

  test('of an opportunity the owner is AWS’s: an older reading changes nothing of it, a newer one takes it away', async () => {
    const owned = opportunity({ owner: { name: 'Ana', email: EMAIL } });
    const { id } = owned.deal;
    const owner = async () => (await store.prisma.deal.findUniqueOrThrow({ where: { id } })).ownerEmail;
    await saveMirror(store, [owned], epoch);
    const other = { owner: { name: 'Tom', email: 'tom@partner.example' } };
    expect(await saveMirror(store, [again(owned, other, '2026-02-01T00:00:00Z')], epoch)).toEqual([]);
    expect(await owner()).toBe(EMAIL);
    await saveMirror(store, [again(owned, other)], epoch);
    expect(await owner()).toBe('tom@partner.example');
  });

  test('what AWS no longer gives leaves the lists, and comes back when AWS gives it again', async () => {
    const [one, other] = [opportunity({}), referral('PENDING')];
    await saveMirror(store, [one, other], epoch);
    const listed = async () => [
      ...(await pipelineLines(store, ana, 100, 0)).lines.map(({ deal }) => deal.id),
      ...(await pendingLines(store, ana, 100)).lines.map(({ deal }) => deal.id),
    ];
    const both = [one.deal.id, other.deal.id];
    expect(await listed()).toEqual(expect.arrayContaining(both));
    await markGone(store, both, epoch, new Date());
    expect((await listed()).filter((id) => both.includes(id))).toEqual([]);
    await saveMirror(store, [one, other], epoch);
    expect(await listed()).toEqual(expect.arrayContaining(both));
  });

  test('what waits for a lock is due as soon as the record moves, and the agent hears of it', async () => {
    const record = opportunity({ reviewStatus: 'In review' });
    await saveMirror(store, [record], epoch);
    const id = await ask(record.deal.id, { waitsFor: 'locked' });
    expect((await take(store, epoch, [], 10)).map((job) => job.id)).not.toContain(id);
    const heard: string[] = [];
    const unlisten = await store.listen('change_wanted', (deal) => heard.push(deal));
    await saveMirror(store, [again(record, { reviewStatus: 'Approved' })], epoch);
    await until('the agent is woken', () => heard.includes(record.deal.id));
    await unlisten();
    expect((await take(store, epoch, [], 10)).map((job) => job.id)).toContain(id);
    await settled(id, { state: 'confirmed' });
  });

  test('one deal’s later Changes are neither taken nor due while an earlier one is open', async () => {
    const record = opportunity({});
    await saveMirror(store, [record], epoch);
    const [first, second] = [await ask(record.deal.id), await ask(record.deal.id)];
    const mine = async () => (await take(store, epoch, [], 100)).map((job) => job.id);
    expect(await mine()).toEqual([first]);
    expect(await nextDueMs(store, epoch, [first])).toBeUndefined();
    await settled(first, { state: 'confirmed' });
    expect(await mine()).toEqual([second]);
    await settled(second, { state: 'confirmed' });
  });

  test('an agent of before writes nothing: no mirror, no Change, no slot', async () => {
    const record = opportunity({ nextStep: 'Old' });
    await saveMirror(store, [record], epoch);
    const id = await ask(record.deal.id);
    const stale = epoch - 1n;
    expect(await take(store, stale, [], 10)).toEqual([]);
    expect(await saveMirror(store, [again(record, { nextStep: 'New' })], stale)).toEqual([]);
    await markGone(store, [record.deal.id], stale, new Date());
    expect(await markSent(store, stale, await holdOf(id))).toBe(false);
    await settle(store, stale, await holdOf(id), { state: 'refused', answer: 'No.' });
    expect(await noteAgent(store, stale, { calledAt: new Date() })).toBe(false);
    expect(await change(id)).toMatchObject({ state: 'requested' });
    expect((await load(store, record.deal.id))?.deal).toMatchObject({ nextStep: 'Old' });
    const row = await store.prisma.change.findUniqueOrThrow({ where: { id } });
    expect([row.sentAt, row.attempts]).toEqual([null, 0]);
    expect((await take(store, epoch, [], 10)).map((job) => job.id)).toEqual([id]);
    await settled(id, { state: 'confirmed' });
  });

  test('what was taken twice, or rewritten while in hand, is written down and sent by the last hold only', async () => {
    const record = opportunity({});
    await saveMirror(store, [record], epoch);
    const id = await ask(record.deal.id);
    const [before] = await take(store, epoch, [], 10);
    const [now] = await take(store, epoch, [], 10);
    if (!before || !now) throw new Error('Nobody has it in hand.');
    expect(await markSent(store, epoch, before)).toBe(false);
    await settle(store, epoch, before, { state: 'refused', answer: 'No.' });
    expect(await change(id)).toMatchObject({ state: 'sending' });
    const key = randomUUID();
    const act = { key, verb: 'waiting', personId: ana.id, source: {}, until: later(HOUR) };
    const wish = { kind: 'update' as const, base: {}, set: { nextStep: 'Write' } };
    expect(await amend(store, act, id, wish)).toBe(true);
    expect(await markSent(store, epoch, now)).toBe(false);
    const [last] = await take(store, epoch, [], 10);
    expect(last).toMatchObject({ id, wish, sent: false });
    expect(last && (await markSent(store, epoch, last))).toBe(true);
    await settled(id, { state: 'confirmed' });
  });

  test('a settled Change stays as it was settled', async () => {
    const record = opportunity({});
    await saveMirror(store, [record], epoch);
    const id = await ask(record.deal.id);
    await settled(id, {
      state: 'waiting',
      waitsFor: 'unavailable',
      answer: 'AWS does not answer.',
    });
    await settled(id, { state: 'confirmed', awsRequestId: 'r-1' });
    await settled(id, { state: 'refused', answer: 'No.' });
    const after = await change(id);
    expect(after).toMatchObject({ state: 'confirmed', awsRequestId: 'r-1' });
    expect(after?.answer).toBeUndefined();
  });
});
