/** 3. From the click to the card that says AWS confirmed it: the whole house in practice mode, at a generous quota. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { pressBody } from '../support/slack-requests.ts';
import { screenOf } from '../support/slack-screen.ts';
import { createWorkspace } from '../support/slack-workspace.ts';
import { open, TEAM } from './databases.js';
import { median, percentile } from './measure.js';
import { startServer } from './server.js';
import { environment, knownTo, post, userOf } from './signed.js';

const CLICKS = 50;
const WARM_UP = 25;

/** @param {import('./databases.js').Databases} databases */
export async function measureClick(databases) {
  return [
    { database: 'PostgreSQL', ...(await measure(await databases.postgres())) },
    { database: 'PGlite', ...(await measure(await databases.pglite())) },
  ];
}

async function measure(place) {
  const workspace = knownTo(await createWorkspace(), TEAM);
  const cards = (await openOpportunities(place)).map((id, nth) => {
    const user = userOf(nth % TEAM.length);
    return { id, user, message: workspace.post({ channel: `D${user}`, text: 'a card', blocks: [] }) };
  });
  const ours = await startServer(
    fileURLToPath(import.meta.resolve('./ace-server.js')),
    environment(place, workspace),
  );
  const pool = new Pool(`http://127.0.0.1:${ours.port}`);
  const clicks = [];
  let cpu = 0;
  try {
    for (let nth = 0; nth < WARM_UP + CLICKS; nth++) {
      if (nth === WARM_UP) cpu = await ours.cpu();
      clicks.push(await click(pool, workspace, cards[nth % cards.length], nth));
    }
    cpu = ((await ours.cpu()) - cpu) / CLICKS;
  } finally {
    await pool.close();
    await ours.stop();
    await workspace.close();
  }
  const found = await stages(place, clicks.slice(WARM_UP));
  return { ...summary(found), cpu };
}

/** Of the practice pipeline: those that take a next step now. */
async function openOpportunities(place) {
  const store = await open(place);
  const rows = await store.prisma.$queryRaw`
    SELECT id FROM deal WHERE kind = 'opportunity' AND status = 'Approved' AND close_date > now() + interval '2 days'
      AND stage NOT IN ('Launched', 'Closed Lost') ORDER BY id`;
  await store.close();
  return rows.map(({ id }) => id);
}

/** A button that carries the whole act, pressed on a card; then the card is watched. */
async function click(pool, workspace, { id, user, message }, nth) {
  const text = `Demo number ${nth} with the CFO`;
  const value = JSON.stringify({ v: 'next-step', i: { id, text }, k: `click${nth}.0`, o: 'card' });
  const button = { type: 'button', label: 'This one', actionId: 'next-step#1', value };
  const body = pressBody({ port: 0, signingSecret: '', workspace }, user, message, button);
  const start = epochMs();
  await post(pool, body);
  const acknowledged = epochMs();
  while (!isConfirmed(screenOf(message), text)) {
    if (epochMs() > start + 10_000) throw new Error(`The card never said it: ${screenOf(message)}`);
    await sleep(1);
  }
  return { nth, start, acknowledged, drawn: epochMs() };
}

const isConfirmed = (screen, text) => screen.includes(text) && /confirmed/i.test(screen);
const epochMs = () => performance.timeOrigin + performance.now();

/** What the database wrote down of each click, and what it took from one station to the next. */
async function stages(place, clicks) {
  const store = await open(place);
  const rows = await store.prisma.$queryRaw`
    SELECT c.act_key AS key, (extract(epoch FROM c.requested_at) * 1000)::float8 AS requested,
      (extract(epoch FROM min(t.at) FILTER (WHERE t.state = 'sending')) * 1000)::float8 AS taken,
      (extract(epoch FROM c.sent_at) * 1000)::float8 AS sent, (extract(epoch FROM c.settled_at) * 1000)::float8 AS settled
    FROM change c JOIN transition t ON t.change_id = c.id WHERE c.state = 'confirmed' GROUP BY c.id`;
  await store.close();
  const byKey = new Map(rows.map((row) => [row.key.match(/click(\d+)\.0$/)?.[1], row]));
  return clicks.map(({ nth, start, acknowledged, drawn }) => {
    const row = byKey.get(String(nth));
    if (!row) throw new Error(`Click ${nth} has no confirmed Change.`);
    return {
      'to the acknowledgement': acknowledged - start,
      'to the commit': row.requested - start,
      'agent woken': row.taken - row.requested,
      'read before the write': row.sent - row.taken,
      'AWS’s write, read-back, settling': row.settled - row.sent,
      'card redrawn': drawn - row.settled,
      whole: drawn - start,
    };
  });
}

function summary(found) {
  const of = (name) => found.map((it) => it[name]);
  const names = Object.keys(found[0]).filter((name) => name !== 'whole');
  return {
    p50: median(of('whole')),
    p95: percentile(of('whole'), 0.95),
    stages: Object.fromEntries(names.map((name) => [name, median(of(name))])),
  };
}
