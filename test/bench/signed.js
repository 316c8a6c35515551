/** Slack's signed POST, over connections that stay open. */
import { createHmac } from 'node:crypto';

export const SECRET = 'a-signing-secret';

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
  if (statusCode !== 200 || /Not taken|went wrong/.test(said)) throw new Error(`${statusCode}: ${said.slice(0, 300)}`);
}
