/** Somebody is no full member by now: what stands in private with them is taken away for sure, and where nothing does nothing is asked. */
import { afterEach, expect, test } from '@jest/globals';
import { note } from '../../src/views/view.ts';
import { eventually, memoryInbox, openScene, type Scene } from '../support/slack-door.ts';
import type { Json } from '../support/slack-screen.ts';
import { member } from '../support/slack-workspace.ts';

const open: Scene[] = [];
afterEach(async () => {
  for (const it of open.splice(0)) await it.close();
});

/** `linked`: the accounts that are somebody here. */
async function scene(linked: string[] = ['ANA']) {
  const inbox = memoryInbox();
  const clock = { at: Date.parse('2026-11-22T12:00:00Z') };
  const it = await openScene(() => note('Hello'), { inbox, now: () => new Date(clock.at) });
  open.push(it);
  const did: unknown[] = [];
  const asked: string[] = [];
  it.desk.knows = async ({ user }) => {
    asked.push(user);
    return linked.includes(user);
  };
  it.desk.left = async ({ platform, tenant, user }) => void did.push(`left ${platform} ${tenant} ${user}`);
  it.desk.joined = async (platform, at) => void did.push(`looked ${platform} ${Object.values(at).join(' ')}`);
  const profile = { email: 'ana@partner.example', real_name: 'Ana Silva' };
  const changed = (user: string, more: Json = {}, at?: number) =>
    it.event(
      { type: 'user_change', user: member(user, `${user}@partner.example`, { profile, ...more }) },
      at === undefined ? {} : { event_time: at / 1000 },
    );
  const readings = () => it.workspace.calls.filter(({ method }) => method === 'users.info').length;
  return { ...it, inbox, clock, did, asked, changed, readings };
}
const LEFT = ['left slack T1 ANA', 'looked slack T1'];

test.each([
  ['a guest', { is_restricted: true }, LEFT],
  ['a guest of one channel', { is_ultra_restricted: true }, LEFT],
  ['closed, and reads nowhere', { deleted: true }, LEFT.slice(0, 1)],
])('who is %s by the event loses it by its word, though Slack answers nothing', async (_, more, expected) => {
  const it = await scene();
  it.workspace.fail('users.info', { status: 503, times: 100 });
  expect((await it.changed('ANA', more)).status).toBe(200);
  await eventually('its end', () => it.inbox.handledKeys.length === 1);
  expect([it.did, it.readings()]).toEqual([expected, 0]);
  // Neither their name nor their address is written down for it.
  expect(JSON.stringify([...it.inbox.rows])).not.toMatch(/Silva|@|profile/);
});

test('what failed stays in the inbox, and is done from there', async () => {
  const it = await scene();
  const { left } = it.desk;
  it.desk.left = async () => {
    it.desk.left = left;
    throw new Error('The database is away.');
  };
  await it.changed('ANA', { is_restricted: true });
  await eventually('the failure', () => it.log.join().includes('an event was not answered'));
  expect([it.did, it.inbox.handledKeys]).toEqual([[], []]);
  for (const row of it.inbox.rows.values()) await it.door.replay(row);
  expect(it.did).toEqual(LEFT);
});

test('one that cannot be written down is not acknowledged: Slack sends it again', async () => {
  const it = await scene();
  const { receive } = it.inbox;
  it.inbox.receive = async () => {
    throw new Error('The database is away.');
  };
  expect((await it.changed('ANA', { deleted: true })).status).toBe(500);
  it.inbox.receive = receive;
  expect((await it.changed('ANA', { deleted: true })).status).toBe(200);
  await eventually('the word', () => it.did.length === 1);
});

test('whose membership the event does not tell is read anew where they are linked, again until Slack answers', async () => {
  const it = await scene();
  it.workspace.users.set('ANA', member('ANA', 'ana@partner.example', { team_id: 'T2' }));
  it.workspace.fail('users.info', { error: 'internal_error' });
  await it.changed('ANA', { team_id: 'T2' });
  await eventually('the failure', () => it.log.join().includes('internal_error'));
  expect([it.did, it.inbox.handledKeys]).toEqual([[], []]);
  for (const row of it.inbox.rows.values()) await it.door.replay(row);
  // They were in no channel of ours but shared ones.
  expect(it.did).toEqual(LEFT.slice(0, 1));
});

test('of a full member, and of whom nobody here is linked to, nothing is read and nothing written', async () => {
  const it = await scene();
  await it.changed('ANA');
  expect(it.asked).toEqual([]);
  await it.changed('EVE', { team_id: 'T2', is_stranger: true });
  await it.changed('EVE', { deleted: true });
  expect([it.asked, it.readings(), [...it.inbox.rows], it.did]).toEqual([['EVE', 'EVE'], 0, [], []]);
});

test('a guest’s next changes cost nothing for an hour, unless they are a member in between', async () => {
  const it = await scene();
  const guest = async () => (await it.changed('ANA', { is_restricted: true })).status;
  for (let again = 0; again < 3; again++) expect(await guest()).toBe(200);
  await eventually('the word', () => it.did.length === 2);
  expect([it.asked, it.inbox.rows.size, it.did]).toEqual([['ANA'], 1, LEFT]);
  await it.changed('ANA');
  await guest();
  await eventually('the next word', () => it.did.length === 4);
  it.clock.at += 61 * 60_000;
  await guest();
  await eventually('the last word', () => it.did.length === 6);
});

test('who is a member of a room and nobody here closes the rooms too; a guest of long standing none', async () => {
  const it = await scene([]);
  const before = it.clock.at - 60_000;
  await it.door.messenger.room?.({ tenant: 'T1', conversation: 'C1' });
  await it.changed('BEN', { is_restricted: true }, it.clock.at + 60_000);
  await eventually('the look', () => it.did.length === 2);
  expect(it.did).toEqual(['left slack T1 BEN', 'looked slack T1']);
  // GUS was one already when the people were listed.
  await it.changed('GUS', { is_restricted: true }, it.clock.at + 60_000);
  expect([it.did.length, it.inbox.rows.size]).toEqual([2, 1]);
  // They may have become one before they were listed, and after the rooms were drawn.
  await it.changed('GUS', { is_restricted: true }, before);
  await eventually('the look', () => it.did.length === 4);
});
