/** Several doors behind one server: what the one has under way is not cut off when the other stops. */
import { expect, test } from '@jest/globals';
import type { Config } from '../src/config.ts';
import { openDoors } from '../src/doors.ts';
import { databases } from './support/databases.ts';
import { LEAD, openTestHouse, until } from './support/house.ts';
import { practiceWorkspace, SIGNING_SECRET } from './support/slack-house.ts';
import { executed, post } from './support/teams-activities.ts';
import { createMicrosoft } from './support/teams-microsoft.ts';

test('a press in Teams that is under way when both doors stop is still answered', async () => {
  // Any will do, and this one is there much sooner when nothing has been prepared yet.
  const database = databases.find(({ name }) => name === 'PostgreSQL');
  if (!database) throw new Error('There is no database to try it on.');
  const [house, workspace, microsoft] = [
    await openTestHouse(database),
    await practiceWorkspace(),
    await createMicrosoft(),
  ];
  microsoft.enroll('ANA', { email: LEAD });
  const config: Config = {
    ...{
      host: '127.0.0.1',
      port: 0,
      dataDir: '',
      logLevel: 'silent',
      console: false,
      clock: false,
      development: true,
    },
    slack: { signingSecret: SIGNING_SECRET, botToken: workspace.token, apiUrl: workspace.apiUrl },
    teams: { anonymous: true },
    partnerCentral: { catalog: 'practice' },
    allianceLeadEmail: LEAD,
  };
  const doors = await openDoors(config, house, house.log);
  expect(doors.names).toHaveLength(2);
  const target = { url: `http://127.0.0.1:${doors.port}`, microsoft };
  microsoft.fail('member', { hang: true });
  const data = { ace: { v: 'desk', i: {}, k: 'k1', o: 'note' } };
  const pressed = post(target, executed(target, 'ANA', { verb: 'ace', data }, { message: '1' }), {
    token: null,
  });
  await until('the press is being looked at', () =>
    microsoft.calls.some(({ operation }) => operation === 'member'),
  );
  const stopped = doors.stop();
  expect(await pressed).toMatchObject({ status: 200 });
  microsoft.hangUp();
  await stopped;
  await expect(fetch(`${target.url}/healthz`)).rejects.toThrow();
  workspace.hangUp();
  await workspace.close();
  await microsoft.close();
  await house.stop();
});
