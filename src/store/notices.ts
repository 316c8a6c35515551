/** Private messages, written down in the very statement that gives reason for them; `bot/tell` draws them. */
import type { Named } from '../pipeline/change.ts';
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

/** A deal goes to another owner, by whose hand. `was`: who owned it before, as far as known. */
export interface Handover {
  by: Person;
  to: Named;
  was?: { email: string; name: string };
}

/**
 * Part of an act that makes somebody the owner at once (a lead): the new owner and the one before are told, never the one
 * who did it. Where AWS has to confirm it first, `settle` tells them.
 */
export function tellingTransfer({ by, to, was }: Handover, dealId: string): Also {
  const wish = JSON.stringify({ kind: 'own', to, ...(was ? { was } : {}) });
  return tellingOwners(Prisma.sql`
    SELECT ${by.id}::uuid AS person_id, ${dealId}::text AS deal_id, ${wish}::text::jsonb AS wish FROM acted`);
}

/**
 * For each row (person_id: who asked; deal_id; wish: own, assign of an owner, or accept for somebody) tells who gains the
 * deal and who loses it, but not who asked. Addresses that are nobody's here are passed over.
 */
export const tellingOwners = (changes: Prisma.Sql): Prisma.Sql => Prisma.sql`
  SELECT tell(p.id, n.kind, jsonb_strip_nulls(n.body), coalesce((SELECT successor FROM deal WHERE id = c.deal_id), c.deal_id))
  FROM (${changes}) c JOIN person asker ON asker.id = c.person_id,
  LATERAL (SELECT coalesce(c.wish->'to', c.wish->'for') AS to, c.wish->'was' AS was,
    trim(asker.first_name || ' ' || asker.last_name) AS by) w,
  LATERAL (VALUES
    ('received', w.to->>'email', NULL, jsonb_build_object('by', w.by, 'from', w.was->>'name')),
    ('handed-over', w.was->>'email', w.to->>'email',
      jsonb_build_object('by', w.by, 'to', trim((w.to->>'firstName') || ' ' || (w.to->>'lastName'))))
  ) AS n(kind, email, instead, body)
  JOIN person p ON p.email = lower(n.email) OR p.other_emails @> ARRAY[lower(n.email)]
  WHERE p.id <> c.person_id AND p.role <> 'none'
    AND coalesce(NOT lower(n.instead) = ANY(p.email || p.other_emails), true)`;

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
