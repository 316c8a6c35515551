/** Who reads along in a channel or a group chat of Teams. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { GoneForGood, StillAsking } from '../../src/bot/intent.ts';
import { referencesOf } from '../../src/store/references.ts';
import type { Store } from '../../src/store/store.ts';
import { createAudience } from '../../src/teams/audience.ts';
import type { Member, Reference } from '../../src/teams/door.ts';
import { databases } from '../support/databases.ts';
import { promised } from '../support/slack-door.ts';
import { entraId, type Microsoft, TENANT } from '../support/teams-microsoft.ts';
import { openWayOut, type WayOut } from '../support/teams-way-out.ts';

const CHANNEL = '19:deals@thread.tacv2';
const GROUP = '19:few@thread.v2';

describe('who reads along', () => {
  let store: Store;
  let it: WayOut;
  let microsoft: Microsoft;
  beforeAll(async () => {
    store = await (databases[0]?.open() as Promise<Store>);
  });
  afterAll(() => store?.close());
  beforeEach(async () => {
    await store.prisma.reference.deleteMany();
    it = await openWayOut(store);
    microsoft = it.microsoft;
    microsoft.enroll('ANA', { email: 'Ana@Partner.example' });
    microsoft.enroll('BEN');
  });
  afterEach(() => it.close());
  const roomOf = (conversation: string) => it.messenger.room?.({ tenant: TENANT, conversation });
  const among = async (...members: string[]) => {
    microsoft.room(CHANNEL, { name: 'Deals', members });
    await it.heardOf(CHANNEL);
    return roomOf(CHANNEL);
  };

  test('a channel: its people by their Entra ids, with the addresses that the roster has', async () => {
    expect(await among('ANA', 'BEN')).toEqual({
      name: 'Deals',
      readers: [entraId('ANA'), entraId('BEN')],
      addresses: { [entraId('ANA')]: 'ana@partner.example' },
      isOpenToOthers: false,
      isUnclear: false,
    });
  });

  test('a group chat is a room as well; somebody’s own chat is none, and is not asked about', async () => {
    microsoft.room(GROUP, { members: ['ANA', 'BEN'] });
    await it.heardOf(GROUP);
    expect(await roomOf(GROUP)).toMatchObject({
      readers: [entraId('ANA'), entraId('BEN')],
      isUnclear: false,
    });
    await it.heardOf('ANA');
    const before = microsoft.calls.length;
    expect(await roomOf('a:ANA')).toBeUndefined();
    expect(microsoft.calls).toHaveLength(before);
  });

  test('other bots do not read along', async () => {
    microsoft.people.set('28:other', { id: '28:other', tenant: TENANT, name: 'Other bot', role: 'app' });
    microsoft.room(CHANNEL, { members: ['ANA'] }).members.push('28:other');
    await it.heardOf(CHANNEL);
    expect(await roomOf(CHANNEL)).toMatchObject({ readers: [entraId('ANA')], isOpenToOthers: false });
  });

  test.each([
    ['a guest', { role: 'guest' as const }],
    ['somebody of another tenant', { tenant: 'another' }],
  ])('%s among them makes it open to others', async (_, more) => {
    microsoft.enroll('GUS', { ...more, personal: false });
    expect(await among('ANA', 'GUS')).toMatchObject({ isOpenToOthers: true });
  });

  test('somebody who came in without an account makes it open to others', async () => {
    microsoft.people.set('8:visitor', { id: '8:visitor', tenant: TENANT, name: 'Visitor', role: 'user' });
    microsoft.room(CHANNEL, { members: ['ANA'] }).members.push('8:visitor');
    await it.heardOf(CHANNEL);
    expect(await roomOf(CHANNEL)).toMatchObject({ isOpenToOthers: true });
  });

  test('a channel that Teams calls shared is open to others, whoever is in it by now, and stays so', async () => {
    microsoft.room(CHANNEL, { members: ['ANA'] });
    await it.heardOf(CHANNEL, { isShared: true });
    expect(await roomOf(CHANNEL)).toMatchObject({ isOpenToOthers: true, isUnclear: false });
    await it.heardOf(CHANNEL);
    expect(await roomOf(CHANNEL)).toMatchObject({ isOpenToOthers: true });
  });

  test('more than a thousand are not counted: who reads there is unclear', async () => {
    const names = Array.from({ length: 1001 }, (_, nth) => `P${nth}`);
    for (const name of names) microsoft.enroll(name, { personal: false });
    expect(await among(...names.slice(0, 1000))).toMatchObject({ isUnclear: false });
    expect(await among(...names)).toMatchObject({ isUnclear: true, isOpenToOthers: false });
  });

  test('where we never were, and where we are no longer, nobody is asked twice', async () => {
    await expect(roomOf(CHANNEL)).rejects.toThrow(GoneForGood);
    await among('ANA');
    microsoft.room(CHANNEL, { hasBot: false });
    await expect(roomOf(CHANNEL)).rejects.toThrow(GoneForGood);
    const before = microsoft.calls.length;
    await expect(roomOf(CHANNEL)).rejects.toThrow(GoneForGood);
    expect(microsoft.calls).toHaveLength(before);
  });

  test('a roster that cannot be read may be read later: nothing is said of the room', async () => {
    await among('ANA');
    microsoft.fail('members', { status: 500, times: 9 });
    await expect(roomOf(CHANNEL)).rejects.not.toThrow(GoneForGood);
    microsoft.fail('members', { status: 200, times: 0 });
  });
});

describe('a roster that takes long', () => {
  const place: Reference = {
    ...{ serviceUrl: 'https://smba.example/', tenant: TENANT, conversation: CHANNEL, scope: 'channel' },
  };
  const member: Member = { id: '29:ANA', user: 'ana-id', tenant: TENANT, isGuest: false };
  let at: number;
  let came: string | undefined;
  const opened = () => {
    [at, came] = [0, undefined];
    const first = promised<{ members: Member[]; isWhole: boolean }>();
    const asked: number[] = [];
    const members = () => {
      asked.push(asked.length);
      return asked.length === 1 ? first.promise : Promise.resolve({ members: [], isWhole: true });
    };
    const audience = createAudience({
      connector: { members },
      patient: { members },
      references: { ofConversation: async () => ({ ...place, ...(came ? { membersAt: came } : {}) }) },
      profiles: { learning: () => () => undefined },
      now: () => new Date(at),
    });
    return { audience, first, asked };
  };

  test('whoever waits hears that it is being read; whoever asks next has it, and nothing is read twice', async () => {
    const { audience, first, asked } = opened();
    const soon = () => audience.roomOf(place, 'soon');
    await expect(Promise.all([soon(), soon()])).rejects.toThrow(StillAsking);
    first.give({ members: [member], isWhole: true });
    await first.promise;
    expect(await soon()).toMatchObject({ readers: ['ana-id'] });
    expect(asked).toHaveLength(1);
    // Two minutes later people may have come and gone.
    at = 2 * 60_000;
    expect(await soon()).toMatchObject({ readers: [], isUnclear: true });
  });

  test('once somebody came or went, what was read before answers nobody, nor does what is being read', async () => {
    const { audience, first, asked } = opened();
    const soon = () => audience.roomOf(place, 'soon');
    await expect(soon()).rejects.toThrow(StillAsking);
    const waiting = soon();
    await new Promise(setImmediate);
    came = 'now';
    first.give({ members: [member], isWhole: true });
    await expect(waiting).rejects.toThrow(StillAsking);
    expect(await soon()).toMatchObject({ readers: [] });
    expect(asked).toHaveLength(2);
  });

  test('nor does what came too late and was kept', async () => {
    const { audience, first, asked } = opened();
    const soon = () => audience.roomOf(place, 'soon');
    await expect(soon()).rejects.toThrow(StillAsking);
    first.give({ members: [member], isWhole: true });
    await first.promise;
    expect(await soon()).toMatchObject({ readers: ['ana-id'] });
    came = 'now';
    expect(await soon()).toMatchObject({ readers: [] });
    expect(asked).toHaveLength(2);
  });

  test('a drawing for which somebody came meanwhile asks again; while they keep coming it is tried later', async () => {
    const { audience, first, asked } = opened();
    const drawing = audience.roomOf(place);
    await new Promise(setImmediate);
    came = 'now';
    first.give({ members: [member], isWhole: true });
    expect(await drawing).toMatchObject({ readers: [] });
    expect(asked).toHaveLength(2);
    let moments = 0;
    const busy = createAudience({
      connector: { members: () => first.promise },
      patient: { members: () => first.promise },
      references: { ofConversation: async () => ({ ...place, membersAt: String(moments++) }) },
      profiles: { learning: () => () => undefined },
      now: () => new Date(at),
    });
    await expect(busy.roomOf(place)).rejects.toThrow(StillAsking);
    expect(moments).toBe(4);
  });

  test('what is drawn asks anew, and waits', async () => {
    const { audience, first, asked } = opened();
    await expect(audience.roomOf(place, 'soon')).rejects.toThrow(StillAsking);
    first.give({ members: [member], isWhole: true });
    expect(await audience.roomOf(place)).toMatchObject({ readers: [] });
    expect(asked).toHaveLength(2);
  });

  test('one of whom the roster does not say whose they are leaves the room unclear', async () => {
    const { audience, first } = opened();
    const { tenant: _, ...nobodys } = member;
    first.give({ members: [nobodys], isWhole: true });
    expect(await audience.roomOf(place)).toMatchObject({ isUnclear: true, isOpenToOthers: false });
  });
});

describe.each(databases)('two processes on $name', (database) => {
  const place: Reference = {
    ...{ serviceUrl: 'https://smba.example/', tenant: TENANT, conversation: CHANNEL, scope: 'channel' },
  };
  const of = (name: string): Member => ({ id: `29:${name}`, user: name, tenant: TENANT, isGuest: false });
  let store: Store;
  let members: Promise<{ members: Member[]; isWhole: boolean }>;
  const open = () => {
    const references = referencesOf(store);
    const connector = { members: () => members };
    const profiles = { learning: () => () => undefined };
    return {
      references,
      audience: createAudience({
        connector,
        patient: connector,
        references,
        profiles,
        now: () => new Date(0),
      }),
    };
  };
  beforeAll(async () => {
    store = await database.open();
  });
  afterAll(() => store?.close());

  test.each([
    ['to that channel', { tenant: TENANT, conversation: CHANNEL }, ['ANA', 'GUS']],
    ['somewhere in that tenant', { tenant: TENANT }, ['ANA', 'GUS']],
    ['to another channel', { tenant: TENANT, conversation: GROUP }, ['ANA']],
    ['somewhere else', { tenant: 'another' }, ['ANA']],
  ])('once one hears that somebody came %s, the other asks where it is needed', async (_, where, readers) => {
    const [one, other] = [open(), open()];
    await store.prisma.reference.deleteMany();
    for (const conversation of [CHANNEL, GROUP]) await one.references.keep({ ...place, conversation });
    const first = promised<Awaited<typeof members>>();
    members = first.promise;
    await expect(other.audience.roomOf(place, 'soon')).rejects.toThrow(StillAsking);
    first.give({ members: [of('ANA')], isWhole: true });
    await first.promise;
    members = Promise.resolve({ members: [of('ANA'), of('GUS')], isWhole: true });
    expect(await other.audience.roomOf(place, 'soon')).toMatchObject({ readers: ['ANA'] });
    await one.references.membersChanged(where);
    expect(await other.audience.roomOf(place, 'soon')).toMatchObject({ readers });
  });
});
