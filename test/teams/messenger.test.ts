/** What goes out to Teams: to one person, into rooms, and into what stands there already. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { GoneForGood, MaybePosted } from '../../src/bot/intent.ts';
import type { Store } from '../../src/store/store.ts';
import { ConnectorFault } from '../../src/teams/faults.ts';
import { placesUnder } from '../../src/teams/ref.ts';
import { note } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { card } from '../support/slack-door.ts';
import { entraId, TENANT } from '../support/teams-microsoft.ts';
import { openWayOut, type WayOut } from '../support/teams-way-out.ts';

const CHANNEL = '19:deals@thread.tacv2';
const GROUP = '19:few@thread.v2';
const ana = { tenant: TENANT, user: entraId('ANA') };
const working = card({ progress: 'working', status: 'Accepting…' });
const accepted = card({ progress: 'done', status: 'Accepted (Ana Silva)' });

let store: Store;
let it: WayOut;
beforeAll(async () => {
  store = await (databases[0]?.open() as Promise<Store>);
});
afterAll(() => store?.close());
beforeEach(async () => {
  await store.prisma.reference.deleteMany();
  it = await openWayOut(store);
  it.microsoft.enroll('ANA', { email: 'ana@partner.example' });
  it.microsoft.enroll('BEN', { email: 'ben@partner.example' });
});
afterEach(async () => {
  expect(it.microsoft.refused).toEqual([]);
  await it.close();
});
const channel = async () => {
  it.microsoft.room(CHANNEL, { name: 'Deals', members: ['ANA', 'BEN'] });
  await it.heardOf(CHANNEL);
  return { tenant: TENANT, conversation: CHANNEL };
};
const group = async () => {
  it.microsoft.room(GROUP, { members: ['ANA', 'BEN'] });
  await it.heardOf(GROUP);
  return { tenant: TENANT, conversation: GROUP };
};
const posted = async (at: { tenant: string; conversation: string }, reply = accepted) => {
  await it.messenger.room?.(at);
  const ref = await it.messenger.post?.(at, reply, 'post-1');
  if (!ref) throw new Error('Nothing was posted.');
  return ref;
};
const gone = (work: Promise<unknown> | undefined) => expect(work).rejects.toThrow(GoneForGood);

describe('to one person', () => {
  test('says it in their own chat, and redraws that message as often as needed', async () => {
    await it.heardOf('ANA');
    const ref = await it.messenger.tell(ana, working);
    expect(ref).toMatchObject({ kind: 'message', tenant: TENANT, conversation: 'a:ANA' });
    for (let time = 0; time < 3; time++) expect(await it.messenger.redraw(ref, accepted)).toEqual(ref);
    expect(it.microsoft.seenIn('ANA')).toEqual([expect.stringContaining('Accepted (Ana Silva)')]);
    expect(it.microsoft.messages[0]).toMatchObject({ updates: 3, summary: expect.stringContaining('Acme') });
    expect(it.calls('open')).toBe(0);
  });

  test('who has no chat with us yet gets one opened, once', async () => {
    await it.heardOf('BEN');
    await it.messenger.tell(ana, working);
    await it.messenger.tell(ana, accepted);
    expect(it.microsoft.seenIn('ANA')).toHaveLength(2);
    expect(it.calls('open')).toBe(1);
  });

  test('of a tenant from which nothing was ever heard nobody is told anything, nor of one that is not served', async () => {
    await gone(it.messenger.tell(ana, working));
    await it.heardOf('ANA', { tenant: 'elsewhere' });
    await gone(it.messenger.tell({ ...ana, tenant: 'elsewhere' }, working));
    expect(it.microsoft.calls).toEqual([]);
  });

  test.each([
    ['removed us', { hasBot: false }],
    ['blocked us', { isBlocked: true }],
  ])('whoever %s is told nothing, and is not tried again until they are back', async (_, how) => {
    await it.heardOf('ANA');
    await it.profiles.find(ana.tenant, ana.user);
    Object.assign(it.microsoft.places.get('a:ANA') ?? {}, how);
    await gone(it.messenger.tell(ana, working));
    const before = it.microsoft.calls.length;
    await gone(it.messenger.tell(ana, working));
    expect(it.microsoft.calls).toHaveLength(before);
    Object.assign(it.microsoft.places.get('a:ANA') ?? {}, { hasBot: true, isBlocked: false });
    await it.heardOf('ANA');
    await it.messenger.tell(ana, accepted);
    expect(it.microsoft.seenIn('ANA')).toHaveLength(1);
  });

  test.each([
    ['a guest', { role: 'guest' as const }],
    ['somebody of another tenant', { tenant: 'another' }],
  ])('%s is told nothing, and stays where they are', async (_, more) => {
    it.microsoft.enroll('GUS', more);
    await it.heardOf('GUS');
    await gone(it.messenger.tell({ tenant: TENANT, user: entraId('GUS') }, working));
    expect(it.calls('send')).toBe(0);
    expect(await it.references.ofUser(TENANT, entraId('GUS'))).toBeDefined();
  });

  test('an answer that was lost is not followed by a second message', async () => {
    await it.heardOf('ANA');
    it.microsoft.fail('send', { lost: true });
    await expect(it.messenger.tell(ana, working)).rejects.toThrow(MaybePosted);
    expect(it.microsoft.seenIn('ANA')).toHaveLength(1);
  });

  test('a message that somebody deleted is gone; the chat is not', async () => {
    await it.heardOf('ANA');
    const ref = await it.messenger.tell(ana, working);
    it.microsoft.messages.length = 0;
    await gone(it.messenger.redraw(ref, accepted));
    await it.messenger.tell(ana, accepted);
    expect(it.microsoft.seenIn('ANA')).toHaveLength(1);
  });

  test('what may pass is not taken for good', async () => {
    await it.heardOf('ANA');
    const ref = await it.messenger.tell(ana, working);
    it.microsoft.fail('update', { status: 500, times: 9 });
    const attempt = it.messenger.redraw(ref, accepted);
    await expect(attempt).rejects.toThrow();
    await expect(attempt).rejects.not.toThrow(GoneForGood);
  });

  test('the address of the conversation that was heard of last is used', async () => {
    await it.heardOf('ANA', { serviceUrl: 'http://127.0.0.1:1/' });
    await it.heardOf('ANA');
    await it.messenger.tell(ana, accepted);
    expect(it.microsoft.seenIn('ANA')).toHaveLength(1);
  });
});

describe('into a room', () => {
  test('a channel gets a post of its own, whose card says for whom Teams may ask for more', async () => {
    const ref = await posted(await channel());
    expect(ref).toMatchObject({ conversation: CHANNEL, post: 'post-1' });
    const [message] = it.microsoft.messages;
    expect(message?.thread).toBeUndefined();
    expect(message?.cards[0]).toMatchObject({ refresh: { userIds: ['29:ANA', '29:BEN'] } });
    expect(await it.messenger.redraw(ref, working)).toEqual(ref);
    expect(it.microsoft.messages[0]?.cards[0]).toMatchObject({ refresh: { userIds: ['29:ANA', '29:BEN'] } });
  });

  test('only sixty are named, and neither guests nor other bots', async () => {
    const names = Array.from({ length: 70 }, (_, nth) => `P${nth}`);
    for (const name of names) it.microsoft.enroll(name, { personal: false });
    it.microsoft.enroll('GUS', { role: 'guest', personal: false });
    it.microsoft.room(GROUP, { members: ['GUS', ...names] });
    await it.heardOf(GROUP);
    await posted({ tenant: TENANT, conversation: GROUP });
    const named = it.microsoft.messages[0]?.cards[0]?.refresh as { userIds: string[] };
    expect(named.userIds).toEqual(names.slice(0, 60).map((name) => `29:${name}`));
  });

  test('a line under a card hangs in its thread, and by that thread both are known', async () => {
    const at = await channel();
    const ref = await posted(at);
    const line = await it.messenger.reply?.(ref, note('AWS confirmed the next step.'));
    const [first, second] = it.microsoft.messages;
    expect(second?.thread).toBe(first?.id);
    const [head, under] = placesUnder(TENANT, `${CHANNEL};messageid=${first?.id}`, String(first?.id));
    expect(ref).toMatchObject(head ?? {});
    expect(line).toMatchObject(under ?? {});
  });

  test('in a group chat, which has no threads, the line names the card it belongs to', async () => {
    const ref = await posted(await group());
    await it.messenger.reply?.(ref, note('AWS confirmed the next step.'));
    const [first, second] = it.microsoft.messages;
    expect([second?.conversation, second?.thread]).toEqual([GROUP, first?.id]);
  });

  test('a post whose answer was lost is not sent again', async () => {
    const at = await channel();
    it.microsoft.fail('send', { lost: true });
    await expect(posted(at)).rejects.toThrow(MaybePosted);
    it.microsoft.fail('send', { hang: true });
    await expect(posted(at)).rejects.toThrow(MaybePosted);
    expect(it.microsoft.seenIn(CHANNEL)).toHaveLength(1);
    expect(it.calls('send')).toBe(2);
  });

  test('where we were removed nothing is posted, drawn or asked any more', async () => {
    const at = await channel();
    const ref = await posted(at);
    it.microsoft.room(CHANNEL, { hasBot: false });
    await gone(it.messenger.redraw(ref, working));
    const before = it.microsoft.calls.length;
    await gone(it.messenger.redraw(ref, working));
    await gone(it.messenger.post?.(at, working, 'post-2'));
    await gone(it.messenger.room?.(at));
    expect(it.microsoft.calls).toHaveLength(before);
  });

  test('a link leads to a card in a channel, and to one in a group chat; not into anybody’s own chat', async () => {
    const ref = await posted(await channel());
    const [{ id } = { id: '' }] = it.microsoft.messages;
    expect(await it.messenger.link?.(ref)).toBe(
      `https://teams.microsoft.com/l/message/19%3Adeals%40thread.tacv2/${id}?tenantId=${TENANT}`,
    );
    const inGroup = await it.messenger.link?.(await posted(await group()));
    expect(new URL(inGroup ?? '').searchParams.get('context')).toBe('{"contextType":"chat"}');
    await it.heardOf('ANA');
    expect(await it.messenger.link?.(await it.messenger.tell(ana, working))).toBeUndefined();
  });
});

describe('who has an address', () => {
  const asked = async (name: string, email: string) => {
    const person = await store.prisma.person.create({
      data: { email, firstName: '', lastName: '', role: 'none' },
    });
    const source = { platform: 'teams', tenant: TENANT, user: entraId(name) };
    await store.prisma.accessRequest.create({ data: { personId: person.id, source } });
  };
  afterEach(async () => {
    await store.prisma.accessRequest.deleteMany();
    await store.prisma.person.deleteMany();
  });

  test('is found where they have the app, or asked for access, as long as the roster has it for them', async () => {
    await it.heardOf('ANA');
    expect(await it.messenger.find('nobody@partner.example')).toBeUndefined();
    expect(await it.messenger.find('ana@partner.example')).toEqual(ana);
    await asked('ANA', 'ana@partner.example');
    expect(await it.messenger.find('ana@partner.example')).toEqual(ana);
    it.profiles.forget(TENANT, entraId('ANA'));
    it.microsoft.enroll('ANA', { email: 'other@partner.example' });
    expect(await it.messenger.find('ana@partner.example')).toBeUndefined();
  });

  test('one account that Teams cannot read hides nobody else; where it may be theirs, that is tried again', async () => {
    await it.heardOf('ANA');
    await it.heardOf('BEN');
    await it.profiles.find(ana.tenant, ana.user);
    it.profiles.forget(TENANT, entraId('BEN'));
    it.microsoft.fail('member', { status: 500, times: 9 });
    expect(await it.messenger.find('ana@partner.example')).toEqual(ana);
    await expect(it.messenger.find('nobody@partner.example')).rejects.toThrow(ConnectorFault);
  });

  test('nobody is found who has removed us, or is a guest by now', async () => {
    await it.heardOf('BEN');
    await it.heardOf('ANA');
    await asked('ANA', 'ana@partner.example');
    it.profiles.forget(TENANT, entraId('ANA'));
    Object.assign(it.microsoft.places.get('a:ANA') ?? {}, { hasBot: false });
    expect(await it.messenger.find('ana@partner.example')).toBeUndefined();
    await asked('BEN', 'ben@partner.example');
    it.microsoft.enroll('BEN', { email: 'ben@partner.example', role: 'guest' });
    it.profiles.forget(TENANT, entraId('BEN'));
    expect(await it.messenger.find('ben@partner.example')).toBeUndefined();
  });
});
