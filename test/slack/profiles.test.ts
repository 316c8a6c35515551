/** Who a Slack user is, and how soon a change of it counts. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { webApi } from '@slack/bolt';
import { createProfiles, type Profiles } from '../../src/slack/profiles.ts';
import { onUserChange } from '../../src/slack/user-change.ts';
import { note } from '../../src/views/view.ts';
import { silentLog } from '../support/databases.ts';
import { promised, scriptedDesk } from '../support/slack-door.ts';
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
    const { team, bot } = workspace;
    const web = client();
    at = 0;
    refused = [];
    profiles = createProfiles(
      { web, patient: web },
      { team, bot },
      () => new Date(at),
      (user, why) => void refused.push(`${user}: ${why}`),
    );
    workspace.users.set('ANA', member('ANA', ANA));
    workspace.calls.length = 0;
  });
  const asked = () => workspace.calls.filter(({ method }) => method === 'users.info').length;
  const client = () => {
    const { token, apiUrl: slackApiUrl } = workspace;
    return new webApi.WebClient(token, { slackApiUrl, retryConfig: { retries: 0 } });
  };
  const changed = (user: unknown, type = 'user_change') => {
    const desk = scriptedDesk(() => note(''));
    const envelope = { type: 'event_callback', event_id: 'Ev1', team_id: workspace.team };
    const door = { profiles, workspace, desk, log: silentLog, now: () => new Date(at) };
    return onUserChange(door, { ...envelope, event: { type, user } });
  };
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
    expect(await changed({ id: 'ANA', profile: { email: 'of-the-event@else.example' } })).toBe(undefined);
    expect(await emailOf()).toBe(is);
    expect(asked()).toBe(2);
  });

  test('an answer that was under way when it changed is kept by nobody, however late it comes', async () => {
    type Info = { user: ReturnType<typeof member> };
    const answers = [promised<Info>(), promised<Info>()];
    let asked = 0;
    const web = { users: { info: () => answers[asked++]?.promise } } as unknown as webApi.WebClient;
    const scripted = createProfiles(
      { web, patient: web },
      { team: workspace.team, bot: workspace.bot },
      () => new Date(0),
    );
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
      expect(await changed(user)).toBe(undefined);
    await changed({ id: 'ANA' }, 'team_join');
    await changed(member('BEN', 'ben@partner.example'));
    await emailOf();
    expect([asked(), refused]).toEqual([1, []]);
  });

  test('one that says: no full member here, is told on, with why', async () => {
    workspace.users.set('ANA', member('ANA', ANA, { deleted: true }));
    await emailOf();
    workspace.users.set('ANA', member('ANA', ANA, { team_id: 'T2' }));
    profiles.forget('ANA');
    await emailOf();
    expect(refused).toEqual(['ANA: not a member', 'ANA: other workspace']);
  });

  test('who waits does not wait for a reading that nobody waits for', async () => {
    const [web, patient] = [client(), client()];
    const never = new Promise<never>(() => undefined);
    patient.users.info = () => never;
    const two = createProfiles(
      { web, patient },
      { team: workspace.team, bot: workspace.bot },
      () => new Date(0),
    );
    void two.find('ANA', 'patiently');
    expect(await two.find('ANA')).toMatchObject({ email: ANA });
  });
});
