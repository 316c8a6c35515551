/** Who a private message reaches in Slack: a full member of this workspace whose confirmed address it is. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { webApi } from '@slack/bolt';
import type { Door } from '../../src/slack/door.ts';
import { createDraw } from '../../src/slack/draw.ts';
import { createMessenger } from '../../src/slack/messenger.ts';
import { createRespond } from '../../src/slack/respond.ts';
import { silentLog } from '../support/databases.ts';
import { createWorkspace, member, type Workspace } from '../support/slack-workspace.ts';

const EMAIL = 'nia@partner.example';

describe('finding somebody by their address', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await createWorkspace();
  });
  afterAll(() => workspace?.close());

  const find = (email: string) => {
    const { token, team, bot, apiUrl } = workspace;
    const web = new webApi.WebClient(token, { slackApiUrl: apiUrl, retryConfig: { retries: 0 } });
    const draw = createDraw(true, silentLog);
    const respond = createRespond(apiUrl);
    const door = {
      patient: web,
      workspace: { team, bot },
      respond,
      draw,
      now: () => new Date(),
    } as unknown as Door;
    return createMessenger({ of: async () => door, all: async () => [door], gone: async () => {} }).find(
      email,
    );
  };
  const foundAs = (more: object) => {
    workspace.users.set('UNIA', member('UNIA', EMAIL, { ...more }));
    return find(EMAIL);
  };

  test('a member is found, with their workspace', async () => {
    expect(await foundAs({})).toEqual({ tenant: 'T1', user: 'UNIA' });
    expect(await foundAs({ profile: { email: 'Nia@Partner.example' } })).toBeUndefined();
    expect(await find('nobody@partner.example')).toBeUndefined();
  });

  test.each([
    ['a closed account', { deleted: true }],
    ['an app', { is_bot: true }],
    ['a guest', { is_restricted: true }],
    ['a guest of one channel', { is_ultra_restricted: true }],
    ['somebody of another workspace', { team_id: 'T2' }],
    ['a stranger of a shared channel', { is_stranger: true }],
    ['an address nobody confirmed', { is_email_confirmed: false }],
  ])('%s is not', async (_, more) => {
    expect(await foundAs(more)).toBeUndefined();
  });

  test('a failure that may pass is one: the job is tried again', async () => {
    workspace.fail('users.lookupByEmail', { error: 'internal_error' });
    await expect(find(EMAIL)).rejects.toThrow('internal_error');
  });
});
