/** Mornings of a store: people with a deal each, a chat that writes down what it is given, and the jobs between. */
import { randomUUID } from 'node:crypto';
import { deliverDigests } from '../../src/bot/digests.ts';
import type { Messenger, Room } from '../../src/bot/intent.ts';
import type { Day, Opportunity } from '../../src/pipeline/deal.ts';
import type { Role } from '../../src/pipeline/person.ts';
import { saveMirror } from '../../src/store/deals.ts';
import { Prisma } from '../../src/store/generated/client.ts';
import { takeAgentLease } from '../../src/store/lease.ts';
import { rowsOf } from '../../src/store/sql.ts';
import type { Reply } from '../../src/views/view.ts';
import { again, opportunity } from '../store/entries.ts';
import { silentLog, type TestDatabase } from '../support/databases.ts';

export const TENANT = 'T1';

export interface Told {
  to: string;
  text: string;
}

/** A chat; `failing` may throw before or (`after`) after something was posted. */
export function chat(failing: { before?: (to: string) => unknown; after?: (to: string) => unknown } = {}) {
  const told: Told[] = [];
  const redrawn: Told[] = [];
  const rooms = new Map<string, Room>();
  const put = async (to: string, reply: Reply) => {
    await failing.before?.(to);
    told.push({ to, text: JSON.stringify(reply) });
    await failing.after?.(to);
    return { at: to, nth: told.length };
  };
  const messenger: Messenger = {
    platform: 'slack',
    tell: ({ user }, reply) => put(user, reply),
    post: ({ conversation }, reply) => put(conversation, reply),
    room: async ({ conversation }) => rooms.get(conversation),
    redraw: async (ref, reply) => {
      await failing.before?.(String(ref.at));
      redrawn.push({ to: String(ref.at), text: JSON.stringify(reply) });
      return ref;
    },
    find: async () => undefined,
  };
  return { told, redrawn, rooms, messenger };
}
export type Chat = ReturnType<typeof chat>;

export interface Someone {
  name?: string;
  role?: Role;
  timeZone?: string;
  /** In chat; absent: never there. */
  user?: string;
  /** Of the one deal they own; absent: none. */
  closeDate?: Day;
}

export async function openMornings(database: Pick<TestDatabase, 'open'>) {
  const store = await database.open();
  const lease = await takeAgentLease(store, { onLost: () => {} });
  if (!lease) throw new Error('Nobody else has the lease.');
  await store.prisma.terms.create({ data: { acceptedOn: new Date('2026-01-01') } });
  const written = new Map<string, { deal: Opportunity }>();
  return {
    store,
    /** Everybody at once. Answers their ids, and those of their deals. */
    async people(all: readonly Someone[], since = '2026-01-01T00:00:00Z') {
      const people = all.map(({ name = 'Ana', role = 'ACE user', timeZone = 'UTC', user }) => ({
        ...{ id: randomUUID(), role, timeZone, user, firstName: name, lastName: 'Silva' },
        email: `${randomUUID()}@partner.example`,
      }));
      await store.prisma.person.createMany({ data: people.map(({ user: _, ...person }) => person) });
      const links = people.flatMap(({ id, user }) =>
        user
          ? [
              {
                ...{ personId: id, userId: user, platform: 'slack', tenant: TENANT, state: 'live' },
                way: 'code',
                provenAt: new Date(since),
                since: new Date(since),
              },
            ]
          : [],
      );
      await store.prisma.link.createMany({ data: links });
      const entries = people.flatMap(({ email }, nth) => {
        const { closeDate } = all[nth] ?? {};
        return closeDate
          ? [opportunity({ closeDate, company: `Company ${nth}`, owner: { email, name: 'Ana' } })]
          : [];
      });
      for (const entry of entries) written.set(entry.deal.id, entry);
      if (entries.length > 0) await saveMirror(store, entries, lease.epoch);
      return people.map(({ id, email }) => ({
        id,
        email,
        dealId: entries.find(({ deal }) => deal.owner?.email === email)?.deal.id ?? '',
      }));
    },
    /** The deal changed at AWS. */
    async changes(dealId: string, more: Partial<Opportunity>) {
      const before = written.get(dealId);
      if (!before) throw new Error(`There is no ${dealId}.`);
      const entry = again(before, more, new Date(Date.now() + written.size).toISOString());
      await saveMirror(store, [entry], lease.epoch);
    },
    /** The digests that jobs ask for; these are gone then. */
    async jobs(): Promise<string[]> {
      const rows = await rowsOf<{ digest: string }>(
        store,
        Prisma.sql`DELETE FROM pgboss.job WHERE name LIKE 'deliver-%' AND data->>'digest' IS NOT NULL
          RETURNING data->>'digest' AS digest`,
      );
      return rows.map(({ digest }) => digest);
    },
    deliver: ({ messenger }: Pick<Chat, 'messenger'>, ids: readonly string[], now: Date) =>
      deliverDigests({ store, messenger, commands: [], log: silentLog, now: () => now }, ids),
    /** So much time goes by for the platform's rates. */
    async wait(seconds: number) {
      await store.prisma.$executeRaw`
        UPDATE digest SET drawn_at = drawn_at - make_interval(secs => ${seconds}), look_at = look_at - make_interval(secs => ${seconds})`;
    },
    /** A channel's digest, every day at nine; set up by that person. */
    room: (personId: string, room: string) =>
      store.prisma.subscription.create({
        data: {
          ...{ personId, room, platform: 'slack', tenant: TENANT, timeZone: 'UTC' },
          ...{
            days: [1, 2, 3, 4, 5, 6, 7],
            nextAt: new Date('2026-11-16T09:00:00Z'),
            plannedFor: 'UTC|1,2,3,4,5,6,7|9|',
          },
        },
      }),
    digests: () => store.prisma.digest.findMany({ orderBy: [{ day: 'asc' }, { dueAt: 'asc' }] }),
    async clear() {
      written.clear();
      const { prisma } = store;
      await prisma.subscription.deleteMany();
      await prisma.cover.deleteMany();
      await prisma.deal.deleteMany();
      await prisma.told.deleteMany();
      await prisma.person.deleteMany();
      await store.prisma.$executeRaw`DELETE FROM pgboss.job`;
    },
    async close() {
      await lease.release();
      await store.close();
    },
  };
}
export type Mornings = Awaited<ReturnType<typeof openMornings>>;
