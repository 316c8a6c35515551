/** Slack's signed POST, over connections that stay open, and what a server needs to take it. */
import { createHmac } from 'node:crypto';
import { member } from '../support/slack-workspace.ts';

const SECRET = 'a-signing-secret';

/** For a process of ace-desk, or of bare Bolt. */
export const environment = (place, workspace) => ({
  SLACK_SIGNING_SECRET: SECRET,
  SLACK_BOT_TOKEN: workspace.token,
  SLACK_API_URL: workspace.apiUrl,
  DATABASE_URL: place.databaseUrl ?? '',
  DATA_DIR: place.dataDir,
  HOST: '127.0.0.1',
  PORT: '0',
  LOG_LEVEL: 'warn',
});

/** The Slack user who is number `nth` of these people. */
export const userOf = (nth) => `ANA${nth}`;

/** The workspace, with these people in it. @param {readonly string[]} emails */
export function knownTo(workspace, emails) {
  for (const [nth, email] of emails.entries()) workspace.users.set(userOf(nth), member(userOf(nth), email));
  return workspace;
}

/** Throws when the door did not take it. @param {import('undici').Dispatcher} pool @param {string} body */
export async function post(pool, body) {
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', SECRET).update(`v0:${timestamp}:${body}`).digest('hex');
  const { statusCode, body: answer } = await pool.request({
    path: '/slack/events',
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(timestamp),
      'x-slack-signature': `v0=${signature}`,
    },
    body,
  });
  const said = await answer.text();
  if (statusCode !== 200 || /Not taken|went wrong/.test(said))
    throw new Error(`${statusCode}: ${said.slice(0, 300)}`);
}
