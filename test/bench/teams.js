/** 6. A button pressed in Teams, answered with its work committed, against a bare botbuilder bot that only answers. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { executed, signed } from '../support/teams-activities.ts';
import { certificateIn } from '../support/teams-certificate.ts';
import { redirected, teamsEnv } from '../support/teams-env.ts';
import { createMicrosoft } from '../support/teams-microsoft.ts';
import { holdLease, round, summary } from './acks.js';
import { open, query, TEAM } from './databases.js';
import { interleaved, load } from './measure.js';
import { fillMirror, referralId } from './mirror.js';
import { startServer } from './server.js';
import { environment, userOf } from './signed.js';

const SIZE = { opportunities: 1000, referrals: 1000 };
const ROUNDS = 3;
/** Requests of one round, by concurrency. */
const COUNTS = { 1: 50, 10: 150 };
const WARM_UP = 120;

/** @param {import('./databases.js').Databases} databases */
export async function measureTeams(databases) {
  const place = await databases.postgres();
  const store = await open(place);
  await fillMirror(store, SIZE);
  await store.close();
  const lease = await holdLease(place.databaseUrl);
  const { file, ...certificate } = await certificateIn(await mkdtemp(path.join(tmpdir(), 'ace-bench-')));
  const microsoft = await createMicrosoft({ certificate, publicUrl: 'https://smba.trafficmanager.net' });
  for (const [nth, email] of TEAM.entries()) microsoft.enroll(userOf(nth), { email });
  const {
    SLACK_SIGNING_SECRET: _,
    SLACK_BOT_TOKEN: __,
    SLACK_API_URL: ___,
    ...rest
  } = environment(place, microsoft);
  const env = { ...rest, ...teamsEnv(microsoft), ...redirected(microsoft, file) };
  const bare = await startServer(here('./teams-bare.js'), env);
  const ours = await startServer(here('./ace-server.js'), env);
  try {
    const rows = [];
    const [asked, answered] = [requests(microsoft), requests(microsoft)];
    for (const what of Object.keys(asked))
      rows.push(...(await compare(what, { ours: asked[what], bare: answered[what] }, { bare, ours })));
    await allTaken(place.databaseUrl);
    return rows;
  } finally {
    await Promise.all([bare.stop(), ours.stop()]);
    await microsoft.close();
    await lease.end();
    await rm(path.dirname(file), { recursive: true, force: true });
  }
}

const here = (file) => fileURLToPath(import.meta.resolve(file));

/** What is pressed: each call gives the next activity, as Teams builds it. */
function requests(microsoft) {
  const target = { url: '', microsoft };
  let [looked, pressed, turn] = [0, 0, 0];
  const press = (verb, id, nth) => {
    const data = { ace: { v: verb, i: { id, version: '1' }, k: `bench${nth}.0`, o: 'card' } };
    const user = userOf(turn++ % TEAM.length);
    return { target, activity: executed(target, user, { verb: 'ace', data }, { message: String(nth) }) };
  };
  return {
    'press Show': () => press('show', referralId((++looked % SIZE.referrals) + 1), `s${looked}`),
    'press Accept': () => press('accept', referralId(++pressed), `a${pressed}`),
  };
}

async function compare(what, asked, servers) {
  const pools = Object.fromEntries(
    Object.entries(servers).map(([name, { port }]) => [name, new Pool(`http://127.0.0.1:${port}`)]),
  );
  const works = Object.fromEntries(
    Object.entries(pools).map(([name, pool]) => [name, () => send(pool, asked[name]())]),
  );
  for (const work of Object.values(works)) await load(WARM_UP, 10, work);
  const rows = [];
  for (const [text, count] of Object.entries(COUNTS)) {
    const concurrency = Number(text);
    const contestants = Object.entries(works).map(([name, work]) => [
      name,
      () => round(servers[name], count, concurrency, work),
    ]);
    const rounds = await interleaved(ROUNDS, Object.fromEntries(contestants));
    rows.push({ what, concurrency, ours: summary(rounds.ours), bare: summary(rounds.bare) });
  }
  for (const pool of Object.values(pools)) await pool.close();
  return rows;
}

/** Teams uses one token for many activities; so its signing is not measured. */
let authorization;

/** Throws when the door did not take it. */
async function send(pool, { activity, target }) {
  authorization ??= signed(target, activity);
  const { statusCode, body } = await pool.request({
    path: '/api/messages',
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', authorization },
    body: JSON.stringify(activity),
  });
  const said = await body.text();
  if (statusCode !== 200 || /Not taken|went wrong|did not tell me/.test(said))
    throw new Error(`${statusCode}: ${said.slice(0, 300)}`);
}

/** Every one of them is a Change in the database: nothing was answered that was not written down. */
async function allTaken(url) {
  const total = (COUNTS[1] + COUNTS[10]) * ROUNDS + WARM_UP;
  const rows = await query(
    url,
    `SELECT verb, count(*)::int AS acts FROM act WHERE key LIKE 'teams:%' GROUP BY verb`,
  );
  const accepts = rows.find(({ verb }) => verb === 'accept')?.acts;
  if (accepts !== total) throw new Error(`Expected ${total} acceptances: ${JSON.stringify(rows)}`);
}
