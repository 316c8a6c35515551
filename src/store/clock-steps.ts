/** A tick's steps, written down with all that they bring about, in one statement: several processes may do the same. */
import type { Call } from '../pipeline/escalation.ts';
import { AGED } from './aged.ts';
import { Prisma } from './generated/client.ts';
import type { RoomKey } from './rooms.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

export interface ClockStep {
  dealId: string;
  /** Of a clock that runs: when it was due. Absent: it starts with this. */
  was?: Date;
  startedAt: Date;
  routeId?: string;
  rung: number;
  nextAt?: Date;
  /** From now on it is offered to them; `byCover`: only as long as they cover the desk that it came to. */
  offers: { personId: string; byId: string; byCover?: boolean }[];
  calls: Call[];
  /** Its card is to stand there, by that person's word. */
  room?: RoomKey & { byId: string };
}

/** More messages than this at once for one person become one, with a list. */
export const MANY = 5;

/**
 * Of each deal only what nobody else has done meanwhile (its clock stands where it was read): offers, who is told, the card
 * that is wanted in a room; copies are drawn anew, with the time that is left. Nobody is told twice of a deal.
 */
export async function writeSteps(store: Store, steps: readonly ClockStep[], now: Date): Promise<void> {
  const at = Prisma.sql`${now}::timestamptz`;
  await rowsOf(
    store,
    Prisma.sql`
    WITH step AS (
      SELECT * FROM ${rowsIn(clockRows(steps))} AS s("dealId" text, was timestamptz, "startedAt" timestamptz,
        "routeId" uuid, rung int, "nextAt" timestamptz)
    ), wish AS (
      SELECT * FROM ${rowsIn(flat(steps, ({ offers }) => offers))}
        AS w("dealId" text, "personId" uuid, "byId" uuid, "byCover" boolean)
    ), call AS (
      SELECT * FROM ${rowsIn(callRows(steps))}
        AS c("dealId" text, nth int, "personId" uuid, rung text, away uuid, body jsonb)
    ), place AS (
      SELECT * FROM ${rowsIn(flat(steps, ({ room }) => (room ? [room] : [])))}
        AS p("dealId" text, platform text, tenant text, room text, "byId" uuid)
    ), started AS (
      INSERT INTO clock (deal_id, started_at, route_id, rung, next_at)
      SELECT "dealId", "startedAt", "routeId", rung, "nextAt" FROM step WHERE was IS NULL ORDER BY "dealId"
      ON CONFLICT (deal_id) DO NOTHING RETURNING deal_id
    ), moved AS (
      UPDATE clock c SET rung = s.rung, next_at = s."nextAt" FROM step s
      WHERE c.deal_id = s."dealId" AND c.next_at = s.was AND c.outcome IS NULL RETURNING c.deal_id
    ), mine AS (
      SELECT deal_id FROM started UNION ALL SELECT deal_id FROM moved
    ), ticked AS (
      UPDATE agent SET clocked_at = ${at} WHERE id = 1 AND clocked_at IS NULL RETURNING 1
    ), ${effects(at)}
    SELECT (SELECT count(*) FROM ticked) + (SELECT count(*) FROM offered) + (SELECT count(*) FROM said)
      + (SELECT count(*) FROM listed) + (SELECT count(*) FROM sent) + (SELECT count(*) FROM redrawn) AS n`,
  );
}

const effects = (at: Prisma.Sql): Prisma.Sql => Prisma.sql`offered AS (
      INSERT INTO offer (deal_id, person_id, by_id, at, by_cover)
      SELECT w."dealId", w."personId", w."byId", ${at}, coalesce(w."byCover", false) FROM wish w
      JOIN mine m ON m.deal_id = w."dealId" JOIN person p ON p.id = w."personId" AND p.role <> 'none'
      ON CONFLICT DO NOTHING RETURNING 1
    ), told AS (
      INSERT INTO rung (deal_id, person_id, name, at, away) SELECT c."dealId", c."personId", c.rung, ${at}, c.away
      FROM call c JOIN mine m ON m.deal_id = c."dealId" ON CONFLICT DO NOTHING RETURNING deal_id, person_id
    ), reader AS (
      SELECT c."personId" AS id, jsonb_agg(c."dealId" ORDER BY c.nth) AS deals, bool_and(c.rung = 'offered') AS new
      FROM told t JOIN call c ON c."dealId" = t.deal_id AND c."personId" = t.person_id GROUP BY 1
    ), said AS (
      SELECT tell(c."personId", 'clock', c.body, c."dealId") FROM told t
      JOIN call c ON c."dealId" = t.deal_id AND c."personId" = t.person_id
      JOIN reader r ON r.id = t.person_id WHERE jsonb_array_length(r.deals) <= ${MANY}
    ), listed AS (
      SELECT tell(r.id, 'clock-many', jsonb_build_object('deals', r.deals, 'new', r.new)) FROM reader r
      WHERE jsonb_array_length(r.deals) > ${MANY}
    ), wanted AS (
      INSERT INTO posting (id, deal_id, person_id, platform, tenant, room, user_id, state, ref, version, shown)
      SELECT gen_random_uuid(), p."dealId", p."byId", p.platform, p.tenant, p.room, coalesce((SELECT l.user_id FROM link l
        WHERE l.person_id = p."byId" AND l.platform = p.platform AND l.tenant = p.tenant AND l.state = 'live' LIMIT 1), ''),
        'wanted', '{}'::jsonb, 0, ''
      FROM place p JOIN mine m ON m.deal_id = p."dealId" JOIN pgboss.queue q ON q.name = 'deliver-' || p.platform
      ON CONFLICT DO NOTHING RETURNING deal_id, platform
    ), sent AS (
      SELECT deliver_at(deal_id, platform, now()) FROM wanted
    ), aged AS (
      UPDATE posting SET ${AGED} WHERE deal_id IN (SELECT deal_id FROM told) AND room IS NULL
        AND ended_at IS NULL RETURNING deal_id
    ), redrawn AS (
      SELECT deliver(deal_id) FROM (SELECT DISTINCT deal_id FROM aged) a
    )`;

const rowsIn = (rows: readonly object[]): Prisma.Sql =>
  Prisma.sql`jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)`;

const clockRows = (steps: readonly ClockStep[]): object[] =>
  steps.map(({ dealId, was, startedAt, routeId, rung, nextAt }) => ({
    dealId,
    was,
    startedAt,
    routeId,
    rung,
    nextAt,
  }));

const flat = (steps: readonly ClockStep[], of: (step: ClockStep) => object[]): object[] =>
  steps.flatMap((step) => of(step).map((row) => ({ dealId: step.dealId, ...row })));

/** What a notice keeps: ids alone; names and words are drawn when it is told. `nth`: what is lost first comes first. */
const callRows = (steps: readonly ClockStep[]): object[] =>
  steps.flatMap(({ dealId, calls }, nth) =>
    calls.map(({ personId, rung, of, away }) => ({
      ...{ dealId, nth, personId, rung, away },
      body: { rung, of, away },
    })),
  );
