/** Should reading an activity ever throw, Teams is not made to send it again and again. */
import { expect, jest, test } from '@jest/globals';
import { createLog } from '../../src/log.ts';
import { serve } from '../../src/web.ts';
import { scriptedDesk } from '../support/slack-door.ts';

const activity = await import('../../src/teams/activity.ts');
jest.unstable_mockModule('../../src/teams/activity.ts', () => ({
  ...activity,
  readActivity: () => {
    throw new RangeError('a secret of Octan Corp');
  },
}));
const { createTeams } = await import('../../src/teams/app.ts');

test('what cannot be read is taken, and nothing of it comes into the log', async () => {
  const logged: string[] = [];
  const nothing = async () => undefined;
  const door = createTeams({
    desk: scriptedDesk(() => {
      throw new Error('Nobody asked for anything.');
    }),
    references: {
      ...{ keep: nothing, refresh: nothing, ofUser: nothing, ofConversation: nothing, serviceUrl: nothing },
      ...{ hasLeft: async () => false, behind: async () => [], end: nothing, ofTeam: async () => [] },
      ...{ revive: async () => [], membersChanged: nothing },
    },
    inbox: { receive: async () => 'new' },
    log: createLog('debug', { write: (line: string) => void logged.push(line) }),
    now: () => new Date(),
    development: true,
  });
  const failures: unknown[] = [];
  const onError = (error: unknown) => void failures.push(error);
  const web = await serve({ host: '127.0.0.1', port: 0, routes: [door.route], onError });
  const answered = await fetch(`http://127.0.0.1:${web.port}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"type":"message"}',
  });
  expect(answered.status).toBe(200);
  await web.stop();
  await door.stop();
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('RangeError');
  expect(logged[0]).not.toMatch(/Octan/);
  expect(failures).toEqual([]);
});
