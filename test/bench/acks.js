/** 1. A signed request acknowledged with its work committed, against a bare Bolt app that only acknowledges. */
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { Pool } from 'undici';
import { pressBody, slashBody } from '../support/slack-requests.ts';
import { createWorkspace } from '../support/slack-workspace.ts';
import { open, query, TEAM } from './databases.js';
import { interleaved, load, median, percentile } from './measure.js';
import { fillMirror, referralId } from './mirror.js';
import { startServer } from './server.js';
import { environment, knownTo, post, userOf } from './signed.js';

const SIZE = { opportunities: 1000, referrals: 2000 };
const ROUNDS = 3;
/** Requests of one round, by concurrency. */
const COUNTS = { 1: 50, 10: 150, 50: 200 };
const WARM_UP = 120;

/** @param {import('./databases.js').Databases} databases */
export async function measureAcks(databases) {
  const place = await databases.postgres();
  const approved = await prepare(place);
  const lease = await holdLease(place.databaseUrl);
  const workspace = knownTo(await createWorkspace(), TEAM);
  const env = environment(place, workspace);
  const bare = await startServer(fileURLToPath(import.meta.resolve('./bare-bolt.js')), env);
  const ours = await startServer(fileURLToPath(import.meta.resolve('./ace-server.js')), env);
  const rows = [];
  try {
    const [asked, acked] = [0, 1].map(() => requests(workspace, approved));
    for (const what of Object.keys(asked))
      rows.push(...(await compare(what, { ours: asked[what], bare: acked[what] }, { bare, ours })));
    await allTaken(place.databaseUrl);
  } finally {
    await Promise.all([bare.stop(), ours.stop()]);
    await workspace.close();
    await lease.end();
  }
  return rows;
}

/** @returns {Promise<string[]>} ids that take a next step */
async function prepare(place) {
  const store = await open(place);
  await fillMirror(store, SIZE);
  await store.close();
  const rows = await query(
    place.databaseUrl,
    `SELECT id FROM deal WHERE kind = 'opportunity' AND status = 'Approved' AND close_date > now() + interval '2 days'
       AND stage NOT IN ('Launched', 'Closed Lost')`,
  );
  return rows.map(({ id }) => id);
}

/** As a second replica that is the agent would: what is measured is the door, not the talk with AWS behind it. */
export async function holdLease(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query('SELECT pg_try_advisory_lock(4702310002) AS mine');
  if (!rows[0].mine) throw new Error('Somebody else is the agent.');
  return client;
}

/** What is asked: each call gives the next request's body, as Slack builds it. */
function requests(workspace, approved) {
  const target = { port: 0, signingSecret: '', workspace };
  let [count, pressed, turn] = [0, 0, 0];
  const nextUser = () => userOf(turn++ % TEAM.length);
  const slash = (text) => slashBody(target, nextUser(), text, 'C1');
  return {
    '/ace (desk)': () => slash(''),
    '/ace next-step': () => {
      const id = approved[++count % approved.length];
      return slash(`next-step ${id}: Demo number ${count} with the CFO`);
    },
    'press Accept': () => {
      const id = referralId(++pressed);
      const value = JSON.stringify({
        v: 'accept',
        i: { id, version: '1' },
        k: `bench${pressed}.0`,
        o: 'card',
      });
      const user = nextUser();
      const message = { channel: 'C1', ts: `1.${pressed}`, text: '', blocks: [], onlyFor: user };
      return pressBody(target, user, message, {
        type: 'button',
        label: 'Accept',
        actionId: 'accept#1',
        value,
      });
    },
  };
}

async function compare(what, asked, servers) {
  const pools = Object.fromEntries(
    Object.entries(servers).map(([name, { port }]) => [name, new Pool(`http://127.0.0.1:${port}`)]),
  );
  const rows = [];
  for (const [name, pool] of Object.entries(pools)) await load(WARM_UP, 10, () => post(pool, asked[name]()));
  for (const [text, count] of Object.entries(COUNTS)) {
    const concurrency = Number(text);
    const rounds = await interleaved(
      ROUNDS,
      Object.fromEntries(
        Object.entries(pools).map(([name, pool]) => [
          name,
          () => round(servers[name], count, concurrency, () => post(pool, asked[name]())),
        ]),
      ),
    );
    rows.push({ what, concurrency, ours: summary(rounds.ours), bare: summary(rounds.bare) });
  }
  for (const pool of Object.values(pools)) await pool.close();
  return rows;
}

/** What follows the acknowledgement (the card in place, the copy remembered) counts as well. */
export async function round(server, count, concurrency, work) {
  const before = await server.cpu();
  const times = await load(count, concurrency, work);
  await new Promise((resolve) => setTimeout(resolve, 150));
  return {
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    cpu: ((await server.cpu()) - before) / count,
  };
}

export const summary = (rounds) => ({
  p50: median(rounds.map((it) => it.p50)),
  p99: median(rounds.map((it) => it.p99)),
  cpu: median(rounds.map((it) => it.cpu)),
});

/** Every one of them is a Change in the database: nothing was acknowledged that was not written down. */
async function allTaken(url) {
  const total = (COUNTS[1] + COUNTS[10] + COUNTS[50]) * ROUNDS + WARM_UP;
  const rows = await query(
    url,
    `SELECT verb, count(*)::int AS acts FROM act WHERE key LIKE 'slack:%' GROUP BY verb ORDER BY verb`,
  );
  const found = JSON.stringify(rows);
  if (rows.length !== 2 || rows.some(({ acts }) => acts !== total))
    throw new Error(`Expected ${total} acts each: ${found}`);
}
