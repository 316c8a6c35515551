/** 7. Composing a thousand people's digests over a large pipeline: time against one statement by hand, statements, memory. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import pg from 'pg';
import { digestsFor } from '../../dist/store/digest-lines.js';
import { marksOf } from '../../dist/store/digest-marks.js';
import { digestReaders } from '../../dist/store/digest-readers.js';
import { digestList } from '../../dist/views/digest.js';
import { open } from './databases.js';
import { counted } from './desk.js';
import { median, timed } from './measure.js';
import { fillMirror } from './mirror.js';

const PEOPLE = 1000;
const ROUNDS = 5;
/** As src/house.ts has it. */
const DIGESTS_AT_ONCE = 250;

/** @param {import('./databases.js').Databases} databases */
export async function measureDigests(databases) {
  const rows = [];
  for (const size of [10_000, 100_000]) rows.push(await measure(await databases.postgres(), size));
  return rows;
}

async function measure(place, size) {
  const store = await open(place);
  // Without the time limit that our own statements have.
  const client = new pg.Client({ connectionString: store.backing.url });
  await client.connect();
  try {
    await fillMirror(store, {
      opportunities: size,
      referrals: Math.round(size / 50),
      leads: Math.round(size / 10),
      owners: PEOPLE + 1,
    });
    await client.query(REGISTERED);
    await spread(store);
    const people = await store.prisma.person.findMany({
      where: { email: { startsWith: 'sales' } },
      select: { id: true },
    });
    const ids = people.map(({ id }) => id);
    const now = new Date();
    const run = () => compose(store, ids, now);
    const byHand = () => client.query(BY_HAND, [now.toISOString().slice(0, 10), now]);
    const lines = await run();
    const handed = (await byHand()).rowCount;
    if (lines < PEOPLE || handed < PEOPLE)
      throw new Error('Hardly anything was composed: nothing was measured.');
    const statements = await counted(store, run);
    const times = { ours: [], hand: [] };
    for (let round = 0; round < ROUNDS; round++) {
      times.hand.push(await timed(byHand));
      times.ours.push(await timed(run));
    }
    const heldMiB = await held(store, ids, now);
    return {
      size,
      people: PEOPLE,
      lines,
      handed,
      statements,
      ours: median(times.ours),
      hand: median(times.hand),
      heldMiB,
      rssMiB: process.memoryUsage().rss / 2 ** 20,
    };
  } finally {
    await client.end();
    await store.close();
  }
}

/**
 * What composing holds at most, in MiB: looked at with each batch in hand, once all that nobody holds is collected. What the
 * process takes besides is the collector's to choose, and another each time.
 */
async function held(store, ids, now) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const live = () => {
    collect();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  const before = live();
  let most = 0;
  await compose(store, ids, now, () => {
    most = Math.max(most, live() - before);
  });
  return most;
}

/**
 * As the clock does it: a batch at a time, drawn and let go. @param atBatch called while one is in hand.
 * @returns how many lines were shown
 */
async function compose(store, ids, now, atBatch = () => {}) {
  let lines = 0;
  for (let from = 0; from < ids.length; from += DIGESTS_AT_ONCE) {
    const readers = await digestReaders(store, ids.slice(from, from + DIGESTS_AT_ONCE), now);
    await marksOf(store, readers, now);
    const found = await digestsFor(store, readers, now);
    const lists = readers.map(({ person }) => digestList(found.get(person.id), { actor: person, now }));
    for (const list of lists) for (const { items } of list?.sections ?? []) lines += items.length;
    atBatch();
    // In hand until here.
    if (lists.length !== readers.length || found.size > readers.length) throw new Error('Somebody was lost.');
  }
  return lines;
}

/** Who registered an opportunity owns it still. */
const REGISTERED = `UPDATE deal SET submitted_by = owner_email WHERE kind = 'opportunity' AND origin = 'Partner Referral'`;

/** The pipeline belongs to a thousand ACE users; ten report to each of a hundred, who see everything. */
async function spread({ prisma }) {
  await prisma.$executeRawUnsafe(`
    INSERT INTO person (id, email, first_name, last_name, role, time_zone)
    SELECT gen_random_uuid(), 'sales' || g || '@partner.example', 'Sam', 'No ' || g,
      CASE WHEN g % 10 = 0 THEN 'ACE manager' ELSE 'ACE user' END, 'UTC' FROM generate_series(1, ${PEOPLE}) g`);
  await prisma.$executeRawUnsafe(`
    UPDATE person p SET reports_to = m.id FROM person m WHERE p.email LIKE 'sales%' AND m.email =
      'sales' || (substring(p.email FROM '[0-9]+')::int / 10 * 10) || '@partner.example' AND m.id <> p.id`);
  await prisma.$executeRawUnsafe(`
    INSERT INTO offer (deal_id, person_id, by_id)
    SELECT d.id, p.id, p.id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM deal WHERE status = 'PENDING') d
    JOIN person p ON p.email = 'sales' || (d.n % ${PEOPLE} + 1) || '@partner.example'`);
  await prisma.$executeRawUnsafe(
    `INSERT INTO terms (accepted_on) SELECT '2024-01-01' WHERE NOT EXISTS (SELECT FROM terms)`,
  );
  for (const table of ['deal', 'person', 'offer', 'change'])
    await prisma.$executeRawUnsafe(`ANALYZE ${table}`);
}

/**
 * What somebody would write who knows this pipeline and its indexes: each person's own and their people's, in loss order, five
 * each; and the open pipeline by stage of whoever others report to. It leaves out what ours asks besides: what waits or is put
 * off, what moved or was lost, and the law of seeing.
 */
const BY_HAND = `
  WITH desk AS (
    SELECT id AS reader, id AS whose, email, false AS report FROM person WHERE email LIKE 'sales%'
    UNION ALL SELECT reports_to, id, email, true FROM person WHERE email LIKE 'sales%' AND reports_to IS NOT NULL
  ), mine AS (
    SELECT k.reader, k.whose, k.report, d.id, d.kind, d.status, d.stage, d.close_date, d.due_at, d.partner_updated_at, d.status_since
    FROM desk k JOIN deal d ON d.owner_email = k.email WHERE d.gone_at IS NULL AND d.invited_at IS NULL
      AND (d.stage IS NULL OR d.stage NOT IN ('Launched', 'Closed Lost') OR d.status <> 'Approved')
    UNION ALL
    SELECT k.reader, k.whose, k.report, d.id, d.kind, d.status, d.stage, d.close_date, d.due_at, d.partner_updated_at, d.status_since
    FROM desk k JOIN deal d ON d.submitted_by = k.email WHERE d.gone_at IS NULL AND d.invited_at IS NULL AND NOT k.report
      AND (d.stage IS NULL OR d.stage NOT IN ('Launched', 'Closed Lost') OR d.status <> 'Approved')
      AND d.owner_email IS DISTINCT FROM k.email
    UNION ALL
    SELECT k.reader, k.whose, k.report, d.id, d.kind, d.status, d.stage, d.close_date, d.due_at, d.partner_updated_at, d.status_since
    FROM desk k JOIN offer o ON o.person_id = k.whose JOIN deal d ON d.id = o.deal_id WHERE d.gone_at IS NULL AND d.status = 'PENDING'
  ), placed AS (
    SELECT reader, whose, report, id, CASE WHEN status = 'PENDING' THEN 0 WHEN status = 'Action Required' THEN 1
      WHEN status = 'Approved' AND stage = 'Committed' AND close_date <= $1::date + 14 THEN 2
      WHEN status = 'Approved' AND stage NOT IN ('Launched', 'Closed Lost') AND close_date BETWEEN $1::date AND $1::date + 7 THEN 3
      WHEN status = 'Approved' AND stage NOT IN ('Launched', 'Closed Lost') AND close_date < $1::date THEN 4
      WHEN status = 'Approved' AND stage NOT IN ('Launched', 'Closed Lost')
        AND partner_updated_at < $2::timestamptz - interval '14 days' THEN 5
      WHEN status IN ('Submitted', 'In review') AND status_since < $2::timestamptz - interval '14 days' THEN 6
      WHEN status = 'Rejected' AND status_since >= $2::timestamptz - interval '14 days' THEN 7 END AS sec,
      coalesce(due_at, close_date::timestamptz) AS at
    FROM mine
  ), ranked AS (
    SELECT reader, whose, id, sec, count(*) OVER part AS total, row_number() OVER (part ORDER BY sec, at, id) AS rank
    FROM placed WHERE sec IS NOT NULL AND (NOT report OR sec < 6)
    WINDOW part AS (PARTITION BY reader, whose, CASE WHEN report THEN -1 ELSE sec END)
  )
  SELECT r.*, d.detail, d.version FROM ranked r JOIN deal d ON d.id = r.id WHERE rank <= 5
  UNION ALL
  SELECT k.reader, NULL, d.stage, NULL, count(*), NULL, jsonb_build_object('currency', d.detail->'spend'->>'currency',
    'amount', sum((d.detail->'spend'->>'amount')::numeric)), NULL
  FROM desk k JOIN deal d ON d.owner_email = k.email
  WHERE k.reader IN (SELECT reports_to FROM person) AND d.kind = 'opportunity' AND d.gone_at IS NULL AND d.invited_at IS NULL
    AND d.stage NOT IN ('Launched', 'Closed Lost') AND d.status NOT IN ('Rejected', 'Pending Submission')
  GROUP BY k.reader, d.stage, d.detail->'spend'->>'currency'
  ORDER BY reader, whose, sec, rank`;
