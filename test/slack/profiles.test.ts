/** Who a Slack user is, and how soon a change of it counts. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { webApi } from '@slack/bolt';
import { createProfiles, type Profiles } from '../../src/slack/profiles.ts';
import { onUserChange } from '../../src/slack/user-change.ts';
import { silentLog } from '../support/databases.ts';
import { until } from '../support/house.ts';
import { promised } from '../support/slack-door.ts';
import { createWorkspace, member, type Workspace } from '../support/slack-workspace.ts';

const MINUTE = 60_000;
const ANA = 'ana@partner.example';

describe('profiles', () => {
  let workspace: Workspace;
  let profiles: Profiles;
  let at: number;
  let refused: string[];
  beforeAll(async () => {
    workspace = await createWorkspace();
  });
  afterAll(() => workspace?.close());
  beforeEach(() => {
    const { token, team, bot, apiUrl } = workspace;
    const web = new webApi.WebClient(token, { slackApiUrl: apiUrl, retryConfig: { retries: 0 } });
    at = 0;
    refused = [];
    profiles = createProfiles(
      web,
      { team, bot },
      () => new Date(at),
      (user) => void refused.push(user),
    );
    workspace.users.set('ANA', member('ANA', ANA));
    workspace.calls.length = 0;
  });
  const asked = () => workspace.calls.filter(({ method }) => method === 'users.info').length;
  const door = () => ({ profiles, workspace, log: silentLog });
  const changed = (user: unknown) => onUserChange(door(), { type: 'user_change', user });
  const emailOf = async () => {
    const found = await profiles.find('ANA');
    return found.member ? found.email : found.refused;
  };

  test('one is asked for once in ten minutes, renewed while it is used, and never believed after a quarter of an hour', async () => {
    expect([await emailOf(), await emailOf()]).toEqual([ANA, ANA]);
    expect(asked()).toBe(1);
    workspace.users.set('ANA', member('ANA', 'new@partner.example'));
    at += 11 * MINUTE;
    expect(await emailOf()).toBe(ANA);
    while ((await emailOf()) === ANA) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(asked()).toBe(2);
    at += 16 * MINUTE;
    workspace.users.set('ANA', member('ANA', 'newer@partner.example'));
    expect(await emailOf()).toBe('newer@partner.example');
  });

  test('one that cannot be read again after a quarter of an hour is nobody’s', async () => {
    await emailOf();
    at += 16 * MINUTE;
    workspace.fail('users.info', { error: 'internal_error' });
    await expect(emailOf()).rejects.toThrow('internal_error');
  });

  test.each([
    ['a closed account', { deleted: true }, 'not a member'],
    ['a guest', { is_restricted: true }, 'not a member'],
    ['a guest of one channel', { is_ultra_restricted: true }, 'not a member'],
    ['an app', { is_bot: true }, 'not a member'],
    ['somebody of another workspace', { team_id: 'T2' }, 'other workspace'],
    ['a stranger of a shared channel', { is_stranger: true }, 'other workspace'],
    ['an address nobody confirmed', { is_email_confirmed: false }, undefined],
    [
      'an address of which Slack does not say that it is confirmed',
      { is_email_confirmed: undefined },
      undefined,
    ],
    ['another address', { profile: { email: 'New@Partner.example' } }, 'new@partner.example'],
  ])('%s counts at once when Slack says that it changed', async (_, more, is) => {
    expect(await emailOf()).toBe(ANA);
    workspace.users.set('ANA', member('ANA', ANA, { ...more }));
    expect(await emailOf()).toBe(ANA);
    expect(changed({ id: 'ANA', profile: { email: 'of-the-event@else.example' } })).toBe(true);
    expect(await emailOf()).toBe(is);
    expect(asked()).toBe(2);
  });

  test('an answer that was under way when it changed is kept by nobody, however late it comes', async () => {
    type Info = { user: ReturnType<typeof member> };
    const answers = [promised<Info>(), promised<Info>()];
    let asked = 0;
    const web = { users: { info: () => answers[asked++]?.promise } } as unknown as webApi.WebClient;
    const scripted = createProfiles(web, { team: workspace.team, bot: workspace.bot }, () => new Date(0));
    const before = scripted.find('ANA');
    scripted.forget('ANA');
    const after = scripted.find('ANA');
    answers[1]?.give({ user: member('ANA', ANA, { deleted: true }) });
    expect(await after).toMatchObject({ refused: 'not a member' });
    answers[0]?.give({ user: member('ANA', ANA) });
    expect(await before).toMatchObject({ email: ANA });
    expect(await scripted.find('ANA')).toMatchObject({ refused: 'not a member' });
    expect(asked).toBe(2);
  });

  test('others are still known, and what is no such event changes nothing', async () => {
    await emailOf();
    for (const user of [undefined, null, 'ANA', {}, { id: '' }, { id: 7 }, { id: 'x'.repeat(10_000) }])
      expect(changed(user)).toBe(false);
    expect(onUserChange(door(), { type: 'team_join', user: { id: 'ANA' } })).toBe(false);
    expect(onUserChange(door(), undefined)).toBe(false);
    expect(changed(member('BEN', 'ben@partner.example'))).toBe(true);
    await emailOf();
    expect([asked(), refused]).toEqual([1, []]);
  });

  test.each([
    ['a guest', { is_restricted: true }],
    ['a guest of one channel', { is_ultra_restricted: true }],
    ['a closed account', { deleted: true }],
    ['somebody of another workspace', { team_id: 'T2' }],
  ])('%s is read anew at once, and told on as such only when Slack’s record says so too', async (_, more) => {
    await emailOf();
    const event = member('ANA', ANA, more);
    changed(event);
    await profiles.find('ANA');
    expect([asked(), refused]).toEqual([2, []]);
    workspace.users.set('ANA', event);
    changed(event);
    await until('the word', () => refused.length > 0);
    expect([asked(), refused]).toEqual([3, ['ANA']]);
  });
});
