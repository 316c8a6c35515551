/** Private messages, written down in the very statement that gives reason for them; `bot/tell` draws them. */
import type { Notice } from '../pipeline/notice.ts';
import type { Person } from '../pipeline/person.ts';
import type { Also } from './changes.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** Part of an act (`request`, `enact`): that person is told, on every platform that has a door of ours. */
export function telling(personId: string, { kind, ...body }: Notice, dealId?: string): Also {
  return Prisma.sql`SELECT tell(${personId}::uuid, ${kind}, ${JSON.stringify(body)}::text::jsonb, ${dealId ?? null}) FROM acted`;
}

/** Who did it, to which deal. */
export interface Handover {
  by: Person;
  dealId: string;
}

/**
 * Part of an act (`request`) that makes somebody the owner at once (a lead; its wish is `own`): the new owner and the one
 * before get news of it, never the one who did it. Where AWS has to confirm it first, `settle` sees to that.
 */
export const tellingTransfer = ({ by, dealId }: Handover): Also =>
  tellingOwners(Prisma.sql`
    SELECT id, ${by.id}::uuid AS person_id, ${dealId}::text AS deal_id, wish FROM changed WHERE wish->>'kind' = 'own'`);

/**
 * For each row (id of the Change; person_id: who asked; deal_id; wish: own, assign of an owner, or accept for somebody)
 * writes down news for who gains the deal and who loses it, but not for who asked. Addresses that are nobody's here are
 * passed over.
 */
export const tellingOwners = (changes: Prisma.Sql): Prisma.Sql => Prisma.sql`
  INSERT INTO news (id, person_id, deal_id, kind, by_id, body)
  SELECT gen_random_uuid(), p.id, coalesce((SELECT successor FROM deal WHERE id = c.deal_id), c.deal_id), n.kind, c.person_id,
    jsonb_build_object('change', c.id)
  FROM (${changes}) c,
  LATERAL (SELECT coalesce(c.wish->'to', c.wish->'for')->>'email' AS to, c.wish->'was'->>'email' AS was) w,
  LATERAL (VALUES ('received', w.to, NULL), ('handed-over', w.was, w.to)) AS n(kind, email, instead)
  JOIN person p ON p.email = lower(n.email) OR p.other_emails @> ARRAY[lower(n.email)]
  WHERE p.id <> c.person_id AND p.role <> 'none'
    AND coalesce(NOT lower(n.instead) = ANY(p.email || p.other_emails), true)
  RETURNING 1`;

/** One that was written down. */
export interface Told {
  id: string;
  personId: string;
  dealId?: string;
  notice: Notice;
}

/** Undefined when it was swept away. */
export async function noticeById(store: Store, id: string): Promise<Told | undefined> {
  const [row] = await rowsOf<{ person_id: string; deal_id: string | null; kind: string; body: object }>(
    store,
    Prisma.sql`SELECT person_id, deal_id, kind, body FROM notice WHERE id = ${id}::uuid`,
  );
  if (!row) return undefined;
  const notice = { kind: row.kind, ...row.body } as Notice;
  return { id, personId: row.person_id, notice, ...(row.deal_id ? { dealId: row.deal_id } : {}) };
}

/** A door of ours is open on that platform: notices go there, also those of other processes. */
export async function keepDoor(store: Store, platform: string): Promise<void> {
  await store.prisma.door.upsert({
    where: { platform },
    create: { platform },
    update: { seenAt: new Date() },
  });
}
