/** Reading the pipeline: what one record has wrong is its own affair, and what AWS lists late is read all the same. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createPartnerCentral } from '../../src/partner-central/client.ts';
import { createPace } from '../../src/partner-central/pace.ts';
import { createSync, type Sync } from '../../src/partner-central/sync.ts';
import { createPractice, type Practice } from '../../src/practice/create.ts';
import { Refusal, toErrorResponse, type WireRequest } from '../../src/practice/wire.ts';
import { takeAgentLease } from '../../src/store/lease.ts';
import type { Store } from '../../src/store/store.ts';
import { memoryState } from '../practice/support.ts';
import { databases, silentLog } from '../support/databases.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-23T10:00:00Z');

/** What is tested is the reading; both databases keep it alike (sync.test.ts). */
describe.each(databases.filter(({ name }) => name === 'PGlite'))('reading, on $name', ({ open }) => {
  let store: Store;
  let practice: Practice;
  let sync: Sync;
  let ids: string[];
  let clock = START;
  /** What AWS answers, by the record's id, whenever exactly that record is asked for. */
  const refusals = new Map<string, Refusal>();

  beforeAll(async () => {
    store = await open();
    const now = () => new Date(clock);
    practice = createPractice({ state: memoryState(), now });
    const lease = await takeAgentLease(store, { onLost: () => {} });
    if (!lease) throw new Error('Nobody else has it.');
    const handle = async (request: WireRequest) => {
      const isGet = request.headers['x-amz-target']?.includes('.Get');
      const text =
        request.body instanceof Uint8Array ? new TextDecoder().decode(request.body) : String(request.body);
      const refusal = isGet && [...refusals].find(([id]) => text.includes(`"${id}"`))?.[1];
      return refusal ? { response: toErrorResponse(refusal) } : practice.handler.handle(request);
    };
    const aws = createPartnerCentral({
      ...{ catalog: 'Sandbox', region: 'us-east-1', log: silentLog },
      credentials: { accessKeyId: 'PRACTICE', secretAccessKey: 'practice' },
      requestHandler: { ...practice.handler, handle },
      pace: createPace({
        now,
        sleep: async (ms) => {
          clock += ms;
        },
        ...{ readsPerSecond: Number.POSITIVE_INFINITY, writesPerSecond: Number.POSITIVE_INFINITY },
      }),
    });
    sync = createSync({ store, aws, epoch: lease.epoch, log: silentLog, now });
    await sync.run();
    const rows = await store.prisma.deal.findMany({ where: { kind: 'opportunity' }, orderBy: { id: 'asc' } });
    ids = rows.map(({ id }) => id);
  });
  afterAll(() => store?.close());
  beforeEach(() => {
    refusals.clear();
    clock += 3 * MINUTE;
  });

  const row = (id: string) => store.prisma.deal.findUniqueOrThrow({ where: { id } });
  const title = async (id: string) => (await row(id)).title;
  const retitle = (id: string, text: string) => practice.script.edit(id, 'Project.Title', text);
  const nth = (at: number) => ids[at] ?? '';

  test.each(['ValidationException', 'AccessDeniedException'] as const)(
    'a listed record that answers %s is left as it was and holds up no other; it is read once AWS gives it again',
    async (name) => {
      const [bad, good] = [nth(0), nth(1)];
      const before = await title(bad);
      await retitle(bad, `${name}, bad`);
      await retitle(good, `${name}, good`);
      refusals.set(bad, new Refusal(name, 'No.'));
      await sync.run();
      expect(await title(good)).toBe(`${name}, good`);
      expect(await row(bad)).toMatchObject({ title: before, goneAt: null });
      refusals.clear();
      await sync.run();
      expect(await title(bad)).toBe(`${name}, bad`);
    },
  );

  test('a pending invitation that AWS lists and denies stays; one it no longer lists and denies is gone', async () => {
    const [listed, missing] = [await practice.script.newReferral(), await practice.script.newReferral()];
    await sync.run();
    for (const id of [listed, missing]) refusals.set(id, new Refusal('AccessDeniedException', 'No.'));
    await practice.script.expire(missing);
    clock += MINUTE;
    await sync.run();
    expect(await row(listed)).toMatchObject({ status: 'PENDING', goneAt: null });
    expect((await row(missing)).goneAt).not.toBeNull();
  });

  test('a missing invitation that is only unreadable is not called gone', async () => {
    const id = await practice.script.newReferral();
    await sync.run();
    refusals.set(id, new Refusal('ValidationException', 'No.'));
    await practice.script.expire(id);
    clock += MINUTE;
    await sync.run();
    expect((await row(id)).goneAt).toBeNull();
  });

  test('a record that AWS lists late, with a stamp up to an hour older than one already seen, is read', async () => {
    const [first, late] = [nth(2), nth(3)];
    clock += 120 * MINUTE;
    await retitle(first, 'Seen first');
    await sync.run();
    expect(await title(first)).toBe('Seen first');
    clock -= 50 * MINUTE;
    await retitle(late, 'Listed late');
    clock += 50 * MINUTE;
    await sync.run();
    expect(await title(late)).toBe('Listed late');
  });

  test('AWS asking to go slower ends the reading, and nothing is called gone for it', async () => {
    const [one, two] = [nth(4), nth(5)];
    const before = await title(one);
    await retitle(one, 'Throttled');
    await retitle(two, 'Throttled too');
    refusals.set(one, new Refusal('ThrottlingException', 'Slower.'));
    await sync.run();
    expect(await row(one)).toMatchObject({ title: before, goneAt: null });
    refusals.clear();
    await sync.run();
    expect([await title(one), await title(two)]).toEqual(['Throttled', 'Throttled too']);
  });
});
