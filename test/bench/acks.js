/** 1. A signed request acknowledged with its work committed, against a bare Bolt app that only acknowledges. */
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { Pool } from 'undici';
import { sign, slashBody, pressBody } from '../support/slack-requests.ts';
import { buttonsOf } from '../support/slack-screen.ts';
import { createWorkspace, member } from '../support/slack-workspace.ts';
import { LEAD, open, query } from './databases.js';
import { interleaved, load, median, percentile } from './measure.js';
import { fillMirror, opportunityId, referralId } from './mirror.js';
import { startServer } from './server.js';

const SECRET = 'a-signing-secret';
const SIZE = { opportunities: 1000, referrals: 6000 };
const ROUNDS = 3;
/** Requests of one round, by concurrency. */
const COUNTS = { 1: 100, 10: 300, 50: 500 };

export async function measureAcks(databases) {
  const place = await databases.postgres();
  const approved = await prepare(place);
  const lease = await holdLease(place.databaseUrl);
  const workspace = await createWorkspace();
  workspace.users.set('ANA', member('ANA', LEAD));
  const env = {
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_BOT_TOKEN: workspace.token,
    SLACK_API_URL: workspace.apiUrl,
    DATABASE_URL: place.databaseUrl,
    DATA_DIR: place.dataDir,
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'warn',
  };
  const bare = await startServer(fileURLToPath(import.meta.resolve('./bare-bolt.js')), env);
  const ours = await startServer(fileURLToPath(import.meta.resolve('./ace-server.js')), env);
  const rows = [];
  try {
    const bodies = await requests({ port: ours.port, signingSecret: SECRET, workspace }, approved);
    for (const [what, body] of Object.entries(bodies))
      for (const [concurrency, count] of Object.entries(COUNTS))
        rows.push(await compare({ what, body, concurrency: Number(concurrency), count }, { bare, ours }));
  } finally {
    await Promise.all([bare.stop(), ours.stop()]);
    await workspace.close();
    await lease.end();
  }
  return rows;
}
