/** 2. A next step committed in our one statement, against the same by hand: a transaction of plain `pg` statements. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { request } from '../../dist/store/changes.js';
import { load as loadDeal } from '../../dist/store/deals.js';
import { open, TEAM } from './databases.js';
import { interleaved, load, median } from './measure.js';
import { fillMirror, opportunityId } from './mirror.js';

/** Each contestant has its own, so that nobody waits for a row of another. */
const DEALS = 400;
const ROUNDS = 4;
const COMMITS = 120;
const CONCURRENCY = 10;
const SOURCE = { platform: 'slack', tenant: 'T1', user: 'ANA', conversation: 'C1' };
const WISH = { kind: 'update', base: {}, set: { nextStep: 'Demo with the CFO on Friday' } };

/** @param {import('./databases.js').Databases} databases */
export async function measureNextStep(databases) {
  const place = await databases.postgres();
  const store = await open(place);
  const pool = new pg.Pool({ connectionString: place.databaseUrl, max: CONCURRENCY });
  const embedded = await open(await databases.pglite());
  try {
    await fillMirror(store, { opportunities: 4 * DEALS, referrals: 1 });
    await fillMirror(embedded, { opportunities: DEALS, referrals: 1 });
    const team = await idsOfTeam(store);
    const embeddedTeam = await idsOfTeam(embedded);
    const rates = await ratesOf({
      'the statement': statement(store, team, known(0)),
      'by hand': byHand(pool, team, known(1)),
      'load, then the statement': statement(store, team, loaded(store, 2)),
      'select, then by hand': byHand(pool, team, selected(pool, 3)),
      'PGlite: load, then the statement': statement(embedded, embeddedTeam, loaded(embedded, 0)),
    });
    await allWritten(pool);
    return rates;
  } finally {
    await pool.end();
    await store.close();
    await embedded.close();
  }
}

/** They ask by turns: each stays within the hour's quota. */
async function idsOfTeam({ prisma }) {
  const people = await prisma.person.findMany({ where: { email: { in: TEAM } }, select: { id: true } });
  return people.map(({ id }) => id);
}

/** The first round warms up. */
async function ratesOf(contestants) {
  const runs = Object.entries(contestants).map(([what, work]) => [what, () => commitsPerSecond(work)]);
  const rounds = await interleaved(1 + ROUNDS, Object.fromEntries(runs));
  return Object.entries(rounds).map(([what, [, ...rates]]) => ({ what, perSecond: median(rates) }));
}

async function commitsPerSecond(work) {
  const start = performance.now();
  await load(COMMITS, CONCURRENCY, work);
  return COMMITS / ((performance.now() - start) / 1000);
}

/** Contestant number `nth`'s deals by turns. */
function idsOf(nth) {
  let turn = 0;
  return () => opportunityId(nth * DEALS + (turn++ % DEALS) + 1);
}

/** The versions are known beforehand: only the writing is measured. */
function known(nth) {
  const nextId = idsOf(nth);
  const versions = new Map();
  return async () => {
    const id = nextId();
    const version = versions.get(id) ?? 1;
    versions.set(id, version + 1);
    return { id, version };
  };
}

/** The one query of a command. */
function loaded(store, nth) {
  const nextId = idsOf(nth);
  return async () => {
    const { deal, version } = await loadDeal(store, nextId());
    return { id: deal.id, version };
  };
}

/** The same rows by hand. */
function selected(pool, nth) {
  const nextId = idsOf(nth);
  return async () => {
    const id = nextId();
    const { rows } = await pool.query('SELECT id, version, detail, modified FROM deal WHERE id = $1', [id]);
    await pool.query(
      `SELECT c.*, p.first_name, p.last_name FROM change c JOIN person p ON p.id = c.person_id
       WHERE c.deal_id = $1 ORDER BY c.seq DESC LIMIT 20`,
      [id],
    );
    return { id, version: rows[0].version };
  };
}

function statement(store, team, found) {
  let turn = 0;
  return async () => {
    const personId = team[turn++ % team.length];
    const deal = await found();
    const act = { key: randomUUID(), verb: 'next-step', personId, source: SOURCE, until: soon() };
    const { outcome } = await request(store, act, deal, [{ wish: WISH }]);
    if (outcome !== 'taken') throw new Error(`The statement was ${outcome}.`);
  };
}

function byHand(pool, team, found) {
  let turn = 0;
  return async () => {
    const personId = team[turn++ % team.length];
    const deal = await found();
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await writeByHand(client, personId, deal);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  };
}

/** The same guard, the same rows, the same wake-up; six statements between BEGIN and COMMIT. */
async function writeByHand(client, personId, { id, version }) {
  const key = randomUUID();
  const bumped = await client.query('UPDATE deal SET version = version + 1 WHERE id = $1 AND version = $2', [
    id,
    version,
  ]);
  if (bumped.rowCount !== 1) throw new Error('Stale.');
  const { rows: used } = await client.query(
    `SELECT count(*) FILTER (WHERE requested_at > now() - interval '1 hour')::int AS hour, count(*)::int AS day,
       (SELECT coalesce(sum(writes), 0)::int FROM quota_hour WHERE hour > now() - interval '25 hours')
         + (SELECT count(*)::int FROM change WHERE state IN ('requested', 'sending', 'waiting') AND sent_at IS NULL) AS account
     FROM change WHERE person_id = $1 AND requested_at > now() - interval '1 day' AND kind NOT IN ('offer', 'own')`,
    [personId],
  );
  if (used[0].hour >= 60 || used[0].day >= 500 || used[0].account >= 8000) throw new Error('Over quota.');
  await client.query(
    `INSERT INTO act (key, person_id, verb, deal_id, valid_until) VALUES ($1, $2, 'next-step', $3, $4) ON CONFLICT DO NOTHING`,
    [key, personId, id, soon()],
  );
  const { rows } = await client.query(
    `INSERT INTO change (id, deal_id, person_id, act_key, verb, kind, wish, state, source, client_token)
     VALUES (gen_random_uuid(), $1, $2, $3, 'next-step', 'update', $4, 'requested', $5, gen_random_uuid()::text) RETURNING id`,
    [id, personId, key, JSON.stringify(WISH), JSON.stringify(SOURCE)],
  );
  await client.query("INSERT INTO transition (change_id, state) VALUES ($1, 'requested')", [rows[0].id]);
  await client.query(
    `SELECT pg_notify('change_wanted', $1),
       (SELECT count(*) FROM (SELECT enqueue('deliver-slack', jsonb_build_object('deal', deal_id)) FROM posting
         WHERE deal_id = $1 AND ended_at IS NULL LIMIT 1) j)`,
    [id],
  );
}

const soon = () => new Date(Date.now() + 10_000);

/** Both ways left the same behind: an act, a Change and a transition for each commit. */
async function allWritten(pool) {
  const { rows } = await pool.query(
    `SELECT (SELECT count(*) FROM act)::int AS acts, (SELECT count(*) FROM transition)::int AS transitions,
       (SELECT count(*) FROM change WHERE state = 'requested')::int AS changes`,
  );
  const expected = 4 * (1 + ROUNDS) * COMMITS;
  if (Object.values(rows[0]).some((count) => count !== expected))
    throw new Error(`Expected ${expected} of each: ${JSON.stringify(rows[0])}`);
}
