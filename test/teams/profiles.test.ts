/** Who somebody in Teams is, and how soon a change of it counts. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { GoneForGood } from '../../src/bot/intent.ts';
import type { Store } from '../../src/store/store.ts';
import { createProfiles } from '../../src/teams/profiles.ts';
import { databases } from '../support/databases.ts';
import { until } from '../support/house.ts';
import { entraId, TENANT } from '../support/teams-microsoft.ts';
import { openWayOut, type WayOut } from '../support/teams-way-out.ts';

const MINUTE = 60_000;
const CHANNEL = '19:deals@thread.tacv2';
const ANA = 'ana@partner.example';

describe('profiles', () => {
  let store: Store;
  let it: WayOut;
  let at: number;
  beforeAll(async () => {
    store = await (databases[0]?.open() as Promise<Store>);
  });
  afterAll(() => store?.close());
  beforeEach(async () => {
    await store.prisma.reference.deleteMany();
    at = 0;
    it = await openWayOut(store, () => new Date(at));
    it.microsoft.enroll('ANA', { email: 'Ana@Partner.example', name: 'Ana Silva' });
  });
  afterEach(() => it.close());
  const asked = () => it.calls('member');
  const find = (name = 'ANA') => it.profiles.find(TENANT, entraId(name));
  const emailOf = async () => {
    const found = await find();
    return found.member ? found.email : found.refused;
  };

  test('somebody is read from the roster of their own chat: address in lower case, and names', async () => {
    await it.heardOf('ANA');
    expect(await find()).toEqual({ member: true, email: ANA, firstName: 'Ana', lastName: 'Silva' });
    expect(it.microsoft.calls.at(-1)?.path).toContain('a%3AANA');
  });

  test('one is asked for once in ten minutes, renewed while it is used, and never believed after a quarter of an hour', async () => {
    await it.heardOf('ANA');
    expect([await emailOf(), await emailOf()]).toEqual([ANA, ANA]);
    expect(asked()).toBe(1);
    it.microsoft.enroll('ANA', { email: 'new@partner.example' });
    at += 11 * MINUTE;
    expect(await emailOf()).toBe(ANA);
    await until('the renewal', async () => (await emailOf()) === 'new@partner.example');
    expect(asked()).toBe(2);
    it.microsoft.enroll('ANA', { email: 'newer@partner.example' });
    at += 16 * MINUTE;
    expect(await emailOf()).toBe('newer@partner.example');
    at += 16 * MINUTE;
    it.microsoft.fail('member', { status: 500, times: 9 });
    await expect(emailOf()).rejects.toThrow();
  });

  test.each([
    ['a guest', { role: 'guest' as const }, 'guest'],
    ['somebody of another tenant', { tenant: 'another' }, 'other tenant'],
    ['one whom the roster gives no Entra id', { user: undefined }, 'nobody'],
  ])(
    '%s is refused, which counts for a minute, and whoever keeps copies hears of it',
    async (_, more, refused) => {
      await it.heardOf('ANA');
      const { user } = it.microsoft.enroll('ANA');
      it.microsoft.people.set('29:ANA', {
        id: '29:ANA',
        user,
        tenant: TENANT,
        name: 'Ana',
        role: 'user',
        ...more,
      } as never);
      expect(await find()).toEqual({ member: false, refused });
      expect(it.refused).toEqual([`${TENANT} ${entraId('ANA')}`]);
      it.microsoft.enroll('ANA', { email: ANA });
      expect((await find()).member).toBe(false);
      at += 2 * MINUTE;
      expect(await emailOf()).toBe(ANA);
    },
  );

  test('what Teams says has changed counts at once', async () => {
    await it.heardOf('ANA');
    await find();
    it.microsoft.enroll('ANA', { role: 'guest' });
    expect((await find()).member).toBe(true);
    it.profiles.forget(TENANT, entraId('ANA'));
    expect((await find()).member).toBe(false);
  });

  test('a member who is read as a guest is told of once, by whatever reading, until they are a member again', async () => {
    const who = `${TENANT} ${entraId('ANA')}`;
    const learn = (isGuest: boolean) =>
      it.profiles.learning()({ tenant: TENANT }, [
        { id: '29:ANA', user: entraId('ANA'), tenant: TENANT, isGuest },
      ]);
    await it.heardOf('ANA');
    await find();
    it.microsoft.enroll('ANA', { role: 'guest' });
    for (let time = 0; time < 2; time++) {
      it.profiles.forget(TENANT, entraId('ANA'));
      await find();
    }
    expect(it.guests).toEqual([`${who} true`]);
    learn(true);
    expect(it.guests).toHaveLength(1);
    learn(false);
    learn(true);
    expect(it.guests).toEqual([`${who} true`, `${who} true`]);
    // Of whom nothing is known here nobody can say it.
    it.microsoft.enroll('GUS', { role: 'guest' });
    await it.heardOf('GUS');
    await find('GUS');
    expect(it.guests.at(-1)).toBe(`${TENANT} ${entraId('GUS')} false`);
  });

  test('in a roster whoever was a member a moment ago is told of, not everybody who always was a guest', async () => {
    it.microsoft.enroll('GUS', { role: 'guest' });
    it.microsoft.room(CHANNEL, { members: ['ANA', 'GUS'] });
    await it.heardOf(CHANNEL);
    const read = () => it.messenger.room?.({ tenant: TENANT, conversation: CHANNEL });
    await read();
    it.microsoft.enroll('ANA', { role: 'guest' });
    await read();
    await read();
    expect(it.guests).toEqual([`${TENANT} ${entraId('ANA')} true`]);
  });

  test('what came of it is tried again with the next reading where it failed', async () => {
    let times = 0;
    const profiles = createProfiles({
      ...{ connector: it.connector, references: it.references, tenants: new Set([TENANT]) },
      now: () => new Date(at),
      async onGuest() {
        times++;
        if (times === 1) throw new Error('The database does not answer.');
      },
    });
    it.microsoft.enroll('ANA', { role: 'guest' });
    await it.heardOf('ANA');
    for (let time = 0; time < 3; time++) {
      await profiles.find(TENANT, entraId('ANA'));
      profiles.forget(TENANT, entraId('ANA'));
    }
    expect(times).toBe(2);
  });

  test('who has no chat with us is looked for where they spoke', async () => {
    it.microsoft.enroll('BEN', { email: 'ben@partner.example', personal: false });
    it.microsoft.room(CHANNEL, { members: ['BEN'] });
    const spoke = await it.heardOf(CHANNEL);
    const find = (name: string) => it.profiles.find(TENANT, entraId(name), spoke);
    expect(await find('BEN')).toMatchObject({ member: true, email: 'ben@partner.example' });
    expect(it.calls('open')).toBe(0);
    expect(await find('ANA')).toEqual({ member: false, refused: 'nobody' });
  });

  test('where a card of ours stands among people and we are not, their own chat says who they are', async () => {
    const chat = '19:inserted@thread.v2';
    it.microsoft.room(chat, { members: ['ANA'], hasBot: false });
    await it.heardOf('ANA', { conversation: 'a:OTHER', user: 'other' });
    const { serviceUrl } = it.microsoft;
    const spoke = { serviceUrl, tenant: TENANT, conversation: chat };
    const find = () => it.profiles.find(TENANT, entraId('ANA'), spoke);
    expect(await find()).toMatchObject({ member: true, email: ANA });
    await it.references.end({ tenant: TENANT, conversation: 'a:ANA' });
    it.profiles.forget(TENANT, entraId('ANA'));
    await expect(find()).rejects.toThrow(GoneForGood);
  });

  test('a roster that was read for a card names its people; whoever changed meanwhile is asked about', async () => {
    it.microsoft.room(CHANNEL, { members: ['ANA'] });
    await it.heardOf(CHANNEL);
    const known = () => it.profiles.known(TENANT, entraId('ANA'));
    expect(known()).toBeUndefined();
    await it.messenger.room?.({ tenant: TENANT, conversation: CHANNEL });
    expect(known()).toEqual({ member: true, email: ANA, firstName: 'Ana', lastName: 'Silva' });
    await find();
    expect(asked()).toBe(0);
    at += 16 * MINUTE;
    expect(known()).toBeUndefined();
    const learn = it.profiles.learning();
    it.profiles.forget(TENANT, entraId('ANA'));
    const member = { id: '29:ANA', user: entraId('ANA'), tenant: TENANT, isGuest: false };
    learn({ tenant: TENANT }, [member]);
    expect(known()).toBeUndefined();
    it.profiles.learning()({ tenant: TENANT }, [{ ...member, isGuest: true }]);
    expect(known()).toBeUndefined();
  });

  test('without either a chat is opened; where they have removed us nothing is asked', async () => {
    await it.heardOf('ANA');
    it.microsoft.enroll('BEN', { email: 'ben@partner.example' });
    expect(await find('BEN')).toMatchObject({ member: true });
    expect(it.calls('open')).toBe(1);
    await it.references.end({ tenant: TENANT, conversation: 'a:BEN' });
    it.profiles.forget(TENANT, entraId('BEN'));
    const before = it.microsoft.calls.length;
    await expect(find('BEN')).rejects.toThrow(GoneForGood);
    expect(it.microsoft.calls).toHaveLength(before);
  });

  test('of a tenant that is not served nobody is asked about', async () => {
    const elsewhere = await it.heardOf('ANA', { tenant: 'elsewhere' });
    expect(await it.profiles.find('elsewhere', entraId('ANA'), elsewhere)).toEqual({
      member: false,
      refused: 'other tenant',
    });
    expect(it.microsoft.calls).toEqual([]);
  });
});
