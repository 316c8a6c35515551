/** What tests of the acceptance clock stand on: a small company, deals that arrive, and who was told what, when. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { tickClocks } from '../../src/bot/clocks.ts';
import type { Deal, Lead, Referral } from '../../src/pipeline/deal.ts';
import type { Role } from '../../src/pipeline/person.ts';
import { tendCovers } from '../../src/store/cover-tend.ts';
import { saveMirror } from '../../src/store/deals.ts';
import type { Store } from '../../src/store/store.ts';
import { offeredLead, referral } from '../pipeline/samples.ts';
import type { databases } from '../support/databases.ts';

// Monday.
export const MONDAY = '2026-12-07T10:00:00Z';
export const NEXT_MONDAY = '2026-12-14T10:00:00Z';
const HOUR = 3_600_000;

/** Opened for the tests of one `describe`; empty before each of them, but for five people of whom Bea is Tom's backup. */
export function clockTable(database: (typeof databases)[number]) {
  let store: Store;
  const ids = new Map<string, string>();
  const names = new Map<string, string>();

  beforeAll(async () => {
    store = await database.open();
    await store.prisma.terms.create({ data: { acceptedOn: new Date('2026-01-01') } });
  });
  afterAll(() => store?.close());

  beforeEach(async () => {
    for (const table of [
      'notice',
      'rung',
      'clock',
      'offer',
      'reminder',
      'cover',
      'route',
      'posting',
      'change',
      'quiet',
      'link',
    ])
      await store.prisma.$executeRawUnsafe(`DELETE FROM "${table}"`);
    await store.prisma.deal.deleteMany();
    await store.prisma.person.deleteMany();
    ids.clear();
    // The clocks have ticked before: what comes now arrives.
    await store.prisma.agent.update({
      where: { id: 1 },
      data: { catalog: 'practice', syncedAt: new Date(0), clockedAt: new Date(0) },
    });
    await hire('boss', 'ACE manager');
    await hire('bea', 'ACE user');
    await hire('tom', 'ACE user', { backup: idOf('bea'), reportsTo: idOf('boss') });
    await hire('lead', 'alliance lead');
    await hire('team', 'alliance team');
  });

  const idOf = (name: string): string => ids.get(name) ?? '';
  async function hire(name: string, role: Role, more: object = {}) {
    const { id } = await store.prisma.person.create({
      data: { email: `${name}@partner.example`, firstName: name, lastName: 'X', role, ...more },
    });
    ids.set(name, id);
    names.set(id, name);
  }
  const change = (name: string, data: object) =>
    store.prisma.person.update({ where: { id: idOf(name) }, data });

  const deal = (more: Partial<Referral> = {}): Referral =>
    referral({
      id: `engi-${randomUUID().replaceAll('-', '').slice(0, 13)}`,
      invitedAt: MONDAY,
      expiresAt: '2026-12-21T10:00:00Z',
      ...more,
    });
  const lead = (more: Partial<Lead> = {}): Lead => {
    const { invitedAt, expiresAt, status, sender } = deal();
    return offeredLead({ id: deal().id, invitation: { invitedAt, expiresAt, status, sender }, ...more });
  };
  async function arrives<D extends Deal>(it: D): Promise<D> {
    await saveMirror(store, [{ deal: it, raw: {} }], 0n);
    return it;
  }
  const becomes = async (it: Referral, status: Referral['status']) => {
    await saveMirror(
      store,
      [{ deal: { ...it, status }, raw: { status }, modified: '2026-12-08T00:00:00Z' }],
      0n,
    );
  };
  const offers = (it: Deal, name: string, by = 'lead') =>
    store.prisma.offer.create({ data: { dealId: it.id, personId: idOf(name), byId: idOf(by) } });
  const route = (more: object) =>
    store.prisma.route.create({
      data: { name: 'Ours', position: 1, fits: {}, offerTo: [idOf('tom')], byId: idOf('team'), ...more },
    });

  /** As the job of that name. */
  async function tick(at: string | Date) {
    await tendCovers(store, new Date(at));
    await tickClocks(store, new Date(at));
  }
  /** What the clock has written down to be told, and forgets it: "tom: offered". */
  async function told(): Promise<string[]> {
    const rows = await store.prisma.notice.findMany({ where: { kind: { startsWith: 'clock' } } });
    await store.prisma.notice.deleteMany();
    const said = rows.map(({ personId, kind, body }) => {
      const what = JSON.parse(JSON.stringify(body)) as { rung?: string; deals?: string[] };
      return `${names.get(personId)}: ${kind === 'clock' ? what.rung : `${kind} ${what.deals?.length}`}`;
    });
    return said.sort();
  }
  /** Ticks whenever a clock is due, and twice a day besides; what was said when. */
  async function play(from: string, until: string): Promise<string[]> {
    const said: string[] = [];
    for (let at = Date.parse(from); at <= Date.parse(until); at = await soonest(at)) {
      await tick(new Date(at));
      for (const line of await told()) said.push(`${new Date(at).toISOString().slice(0, 16)} ${line}`);
    }
    return said;
  }
  async function soonest(after: number): Promise<number> {
    const { _min } = await store.prisma.clock.aggregate({
      where: { nextAt: { gt: new Date(after) } },
      _min: { nextAt: true },
    });
    return Math.min(_min.nextAt?.getTime() ?? Number.POSITIVE_INFINITY, after + 12 * HOUR);
  }
  const clock = (it: Deal) => store.prisma.clock.findUniqueOrThrow({ where: { dealId: it.id } });
  const covers = (coverId: string, personId: string, until: string) => {
    const days = { from: new Date('2026-12-01'), until: new Date(until) };
    const who = { coverId: idOf(coverId), personId: idOf(personId), byId: idOf('lead') };
    return store.prisma.cover.create({ data: { ...who, ...days } });
  };
  /** A door knows them from now on. */
  const meets = (name: string) => {
    const link = { platform: 'slack', tenant: 'T1', state: 'live', way: 'code', provenAt: new Date() };
    return store.prisma.link.create({ data: { ...link, userId: name, personId: idOf(name) } });
  };
  /** Who may accept it by an offer. */
  async function offered(it: Deal): Promise<string[]> {
    const rows = await store.prisma.offer.findMany({ where: { dealId: it.id } });
    return rows.map(({ personId }) => names.get(personId) ?? '').sort();
  }

  return {
    /** Once it is open. */
    get store() {
      return store;
    },
    nameOf: (id: string) => names.get(id),
    ...{
      idOf,
      hire,
      change,
      deal,
      lead,
      arrives,
      becomes,
      offers,
      route,
      tick,
      told,
      play,
      clock,
      covers,
      meets,
      offered,
    },
  };
}
