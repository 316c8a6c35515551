/** Data at rest: once access to a record has ended, its customer's people are taken out of all that is kept of it. */
import { withoutContacts } from '../pipeline/contacts.ts';
import { forgetErased } from './forget.ts';
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/**
 * When access to a record `d` has ended, and why that counts. Launched, closed lost and disqualified are not here: the
 * partner keeps those records, and goes on working with the customer.
 */
export const ENDINGS: readonly { why: string; of: Prisma.Sql }[] = [
  { why: 'AWS no longer gives it to us', of: Prisma.sql`d.gone_at IS NOT NULL` },
  {
    why: 'we rejected the invitation: the partner loses access with it (sales guide, Rejecting opportunities)',
    of: Prisma.sql`d.invited_at IS NOT NULL AND d.status = 'REJECTED'`,
  },
  {
    why: 'the invitation ran out before it was accepted, as AWS says: AWS takes it away',
    of: Prisma.sql`d.invited_at IS NOT NULL AND d.status = 'EXPIRED'`,
  },
  {
    why: 'AWS rejected it in its review: the record is closed, nothing is done with the customer through it any more',
    of: Prisma.sql`d.kind = 'opportunity' AND d.status = 'Rejected'`,
  },
  {
    why: 'what the accepted invitation became has ended so itself',
    of: Prisma.sql`d.invited_at IS NOT NULL AND d.status = 'ACCEPTED' AND EXISTS (SELECT FROM deal s
      WHERE s.id = d.successor AND (s.gone_at IS NOT NULL OR s.kind = 'opportunity' AND s.status = 'Rejected'))`,
  },
];

const ENDED = Prisma.sql`d.purged_at IS NULL
  AND (d.gone_at IS NOT NULL OR d.status IN ('REJECTED', 'EXPIRED', 'ACCEPTED', 'Rejected'))
  AND (${Prisma.join(
    ENDINGS.map(({ of }) => Prisma.sql`(${of})`),
    ' OR ',
  )})`;

/** So many records a statement: none takes long, and people's own come in between. */
const PORTION = 25;
const EVENTS = 500;
const HOUR_MS = 3_600_000;

/**
 * By the hour, so that it is done well within a day: purges the records whose access has ended, what was received more
 * than an hour ago (the keys stay), and what is left of colleagues who were erased. A record with an open Change waits
 * until that is settled. Any number of processes may do it at once.
 * @returns how many records were purged.
 */
export async function purge(store: Store, now: Date): Promise<number> {
  await purgeEvents(store, new Date(now.getTime() - HOUR_MS));
  await forgetErased(store);
  let count = 0;
  for (let after: string | undefined = ''; after !== undefined; ) {
    const ended = await endedAfter(store, after);
    count += await purgeRecords(store, ended, now);
    after = ended.length < PORTION ? undefined : ended.at(-1)?.id;
  }
  return count;
}

/** What was received is answered, or nobody means it any more, within a quarter of an hour (`unanswered`). */
async function purgeEvents(store: Store, before: Date): Promise<void> {
  const portion = Prisma.sql`
    UPDATE inbox SET body = '{}', speaker = NULL, words = NULL WHERE key IN (
      SELECT key FROM inbox WHERE at < ${before}::timestamptz AND body <> '{}' ORDER BY at LIMIT ${EVENTS} FOR UPDATE SKIP LOCKED)
    RETURNING key`;
  while ((await rowsOf(store, portion)).length === EVENTS);
}

interface Step {
  id: string;
  answer: string;
}
interface Asked {
  id: string;
  kind: string;
  wish: object;
  answer: string | null;
  found: object | null;
  steps: Step[];
}
interface Ended {
  id: string;
  version: number;
  detail: object;
  raw: object;
  changes: Asked[];
}

/** Their Changes too, also those of the invitation a record came from. */
const endedAfter = (store: Store, after: string): Promise<Ended[]> =>
  rowsOf<Ended>(
    store,
    Prisma.sql`
    SELECT d.id, d.version, d.detail, d.raw, (
      SELECT coalesce(json_agg(json_build_object('id', c.id, 'kind', c.kind, 'wish', c.wish, 'answer', c.answer,
        'found', c.found, 'steps', (SELECT coalesce(json_agg(json_build_object('id', t.id::text, 'answer', t.answer)), '[]')
          FROM transition t WHERE t.change_id = c.id AND t.answer IS NOT NULL))), '[]')
      FROM change c WHERE c.deal_id = ANY(ARRAY(SELECT d.id UNION SELECT i.id FROM deal i WHERE i.successor = d.id))) AS changes
    FROM deal d WHERE d.id > ${after} AND ${ENDED} AND NOT EXISTS (SELECT FROM change o
      WHERE o.deal_id = d.id AND o.state IN ('requested', 'sending', 'waiting'))
    ORDER BY d.id LIMIT ${PORTION}`,
  );

/** What newcomers wanted when they were turned away; few, and any may name anybody. */
const wantedTexts = (store: Store): Promise<{ id: string; wanted: unknown }[]> =>
  rowsOf(
    store,
    Prisma.sql`
    SELECT id, wanted FROM access_request WHERE wanted IS NOT NULL
    UNION ALL SELECT id, body->'wanted' FROM notice WHERE body ? 'wanted'`,
  );

/** @returns how many were purged: not one that was written to meanwhile, the next run takes it. */
async function purgeRecords(store: Store, ended: readonly Ended[], now: Date): Promise<number> {
  if (ended.length === 0) return 0;
  const looked = ended.map((record) => ({ record, found: withoutContacts(record.detail, record.raw) }));
  const records = looked.map(({ record: { id, version, ...before }, found: { detail, raw } }) => ({
    ...{ id, version, detail, raw },
    differs: JSON.stringify([before.detail, before.raw]) !== JSON.stringify([detail, raw]),
  }));
  const changes = looked.flatMap(({ record, found }) =>
    record.changes.flatMap((asked) => namedIn(asked, found.mentions)),
  );
  const steps = looked.flatMap(({ record, found }) =>
    record.changes.flatMap((asked) => asked.steps.filter(({ answer }) => found.mentions(answer))),
  );
  const wanted = (await wantedTexts(store)).filter((it) =>
    looked.some(({ found }) => found.mentions(it.wanted)),
  );
  const rows = await rowsOf<{ id: string }>(store, purging({ records, changes, steps, wanted }, now));
  return rows.length;
}

interface Named {
  id: string;
  inWish: boolean;
  inAnswer: boolean;
  inFound: boolean;
}

const namedIn = ({ id, wish, answer, found }: Asked, mentions: (it: unknown) => boolean): Named[] => {
  const named = { id, inWish: mentions(wish), inAnswer: mentions(answer), inFound: mentions(found) };
  return named.inWish || named.inAnswer || named.inFound ? [named] : [];
};

interface Portion {
  records: object[];
  changes: readonly Named[];
  steps: readonly Step[];
  wanted: readonly { id: string }[];
}

/**
 * All of a portion in one statement; the copies of what reads otherwise now are redrawn. News of AWS's sellers holds digests
 * of who was on the record before: it goes as a whole.
 */
function purging({ records, changes, steps, wanted }: Portion, now: Date): Prisma.Sql {
  const wantedIds = wanted.map(({ id }) => id);
  return Prisma.sql`
    WITH purged AS (
      UPDATE deal d SET detail = x.detail, raw = x.raw, purged_at = ${now}::timestamptz,
        version = d.version + CASE WHEN x.differs THEN 1 ELSE 0 END
      FROM jsonb_to_recordset(${JSON.stringify(records)}::text::jsonb)
        AS x(id text, version int, detail jsonb, raw jsonb, differs boolean)
      WHERE d.id = x.id AND d.version = x.version AND d.purged_at IS NULL RETURNING d.id, x.differs
    ), asked AS (
      UPDATE change c SET wish = CASE WHEN x."inWish" THEN purged_wish(c.kind) ELSE c.wish END,
        answer = CASE WHEN x."inAnswer" THEN NULL ELSE c.answer END,
        found = CASE WHEN x."inFound" THEN NULL ELSE c.found END
      FROM jsonb_to_recordset(${JSON.stringify(changes)}::text::jsonb)
        AS x(id uuid, "inWish" boolean, "inAnswer" boolean, "inFound" boolean)
      WHERE c.id = x.id AND c.settled_at IS NOT NULL RETURNING 1
    ), answered AS (
      UPDATE transition SET answer = NULL WHERE id = ANY(${steps.map(({ id }) => id)}::int8[]) RETURNING 1
    ), requests AS (
      UPDATE access_request SET wanted = NULL WHERE id = ANY(${wantedIds}::uuid[]) RETURNING 1
    ), notices AS (
      UPDATE notice SET body = body - 'wanted' WHERE id = ANY(${wantedIds}::uuid[]) RETURNING 1
    ), sellers AS (
      DELETE FROM news USING purged WHERE news.deal_id = purged.id AND news.kind = 'aws-seller' RETURNING 1
    ), redrawn AS (
      SELECT deliver(id) FROM purged WHERE differs
    )
    SELECT id FROM purged WHERE (SELECT count(*) FROM asked) + (SELECT count(*) FROM answered) + (SELECT count(*) FROM requests)
      + (SELECT count(*) FROM notices) + (SELECT count(*) FROM sellers) + (SELECT count(*) FROM redrawn) >= 0`;
}
