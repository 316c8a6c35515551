/** The measure: a Bolt app that verifies and acknowledges, and does nothing else. */
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { serve } from './server.js';

const receiver = new HTTPReceiver({
  signingSecret: process.env.SLACK_SIGNING_SECRET ?? '',
  endpoints: '/slack/events',
  logLevel: LogLevel.ERROR,
});
const app = new App({
  receiver,
  logLevel: LogLevel.ERROR,
  convoStore: false,
  authorize: async () => ({ botToken: 'xoxb-bare', botId: 'B1', botUserId: 'UBOT', teamId: 'T1' }),
});
app.command('/ace', ({ ack }) => ack());
app.action(/[\s\S]*/, ({ ack }) => ack());
const server = await app.start({ host: '127.0.0.1', port: 0 });
serve(server.address().port, async () => {
  server.closeAllConnections();
  await app.stop();
});
