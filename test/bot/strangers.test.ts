/** Who an account is: found by its e-mail once, known by its link from then on. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Sender } from '../../src/bot/intent.ts';
import { identify } from '../../src/bot/strangers.ts';
import { noteNewcomer } from '../../src/store/access.ts';
import { bind } from '../../src/store/agent.ts';
import { cut } from '../../src/store/links.ts';
import { enrol, findPerson } from '../../src/store/people.ts';
import type { Store } from '../../src/store/store.ts';
import { databases } from '../support/databases.ts';

const LEAD = 'lead@partner.example';
type Role = 'alliance lead' | 'alliance team' | 'ACE manager' | 'ACE user';

describe.each(databases)('who an account is, on $name', ({ open }) => {
  let store: Store;
  let practised: Store;
  beforeAll(async () => {
    store = await open();
    practised = await open();
    await bind(store, 'Sandbox');
    await bind(practised, 'practice');
    for (const it of [store, practised]) await enrol(it, [person(LEAD, 'alliance lead')]);
  });
  afterAll(async () => {
    await store?.close();
    await practised?.close();
  });

  let count = 0;
  const person = (email: string, role: Role) => ({
    ...{ email, role, otherEmails: [], firstName: 'Ana', lastName: 'Silva', timeZone: 'UTC' },
  });
  /** A new person of that role, with the ids of two accounts. */
  async function somebody(role: Role, where = store) {
    const nth = ++count;
    const email = `p${nth}@partner.example`;
    await enrol(where, [person(email, role)]);
    return { email, id: (await findPerson(where, email))?.id ?? '', user: `U${nth}`, other: `V${nth}` };
  }
  const from = (user: string, email: string | undefined, tenant = 'T1'): Sender => ({
    ...{ platform: 'slack', tenant, user, conversation: 'D1', ...(email ? { email } : {}) },
  });
  const who = async (user: string, email?: string, tenant?: string, where = store) => {
    const found = await identify(where, from(user, email, tenant));
    return found && [found.id, found.barred ?? 'in'];
  };
  const links = (personId: string, where = store) =>
    where.prisma.link.findMany({ where: { personId }, orderBy: { userId: 'asc' } });
  const toldOf = async (linkId: string) =>
    (await store.prisma.notice.findMany({ where: { kind: 'link-frozen' } })).filter(
      ({ body }) => JSON.stringify(body) === JSON.stringify({ link: linkId }),
    );

  test('the first match is kept: from then on the account is known without its e-mail, in one statement', async () => {
    const { email, id, user } = await somebody('ACE user');
    expect(await who(user, email.toUpperCase())).toEqual([id, 'in']);
    expect(await links(id)).toMatchObject([{ platform: 'slack', tenant: 'T1', userId: user, state: 'live' }]);
    const { backing } = store;
    const sent =
      backing.kind === 'pglite' ? jest.spyOn(backing.db, 'query') : jest.spyOn(backing.pool, 'query');
    expect(await who(user, email)).toEqual([id, 'in']);
    expect(sent).toHaveBeenCalledTimes(1);
    sent.mockRestore();
    expect(await who(user)).toEqual([id, 'in']);
  });

  test('who has no address and no link is nobody; the zone of the profile wins, and digests come by it', async () => {
    expect(await who('NOBODY')).toBeUndefined();
    const { email, user, id } = await somebody('ACE user');
    const kept = async () =>
      (await store.prisma.person.findUniqueOrThrow({ where: { id }, select: { timeZone: true } })).timeZone;
    const zoned = { ...from(user, email), timeZone: 'Asia/Tokyo' };
    expect(await identify(store, zoned)).toMatchObject({ timeZone: 'Asia/Tokyo' });
    expect(await identify(store, zoned)).toMatchObject({ timeZone: 'Asia/Tokyo' });
    expect(await kept()).toBe('Asia/Tokyo');
    const atConsole = { ...zoned, platform: 'console', timeZone: 'America/Lima' } as const;
    expect(await identify(store, atConsole)).toMatchObject({ timeZone: 'America/Lima' });
    expect(await kept()).toBe('Asia/Tokyo');
    await identify(store, { ...zoned, timeZone: 'Nowhere/At all' });
    await identify(store, from(user, email));
    expect(await kept()).toBe('Asia/Tokyo');
  });

  test('who is not on record, or not let in, holds no door; a person revoked keeps theirs and is let in nowhere', async () => {
    expect(await identify(store, from('NEW', 'new@else.example'))).toMatchObject({ id: '', role: 'none' });
    const asked = { email: 'asked@else.example', firstName: 'A', lastName: 'B', timeZone: 'UTC' };
    const id = await noteNewcomer(store, asked);
    expect(await identify(store, from('NEW', asked.email))).toMatchObject({ id, role: 'none' });
    expect(await links(id)).toEqual([]);
    const { email, user, id: revoked } = await somebody('ACE user');
    await who(user, email);
    await store.prisma.person.update({ where: { id: revoked }, data: { role: 'none' } });
    expect(await identify(store, from(user, email))).toMatchObject({ id: revoked, role: 'none' });
    expect(await links(revoked)).toMatchObject([{ state: 'live' }]);
  });

  test('once cut off, their e-mail finds nobody a second time', async () => {
    const { email, id, user, other } = await somebody('ACE user');
    expect(await who(user, email)).toEqual([id, 'in']);
    await who(user, 'moved@else.example'); // frozen
    const act = {
      key: `cut${id}`,
      verb: 'link',
      personId: id,
      source: from(user, email),
      until: new Date(Date.now() + 60_000),
    } as never;
    await cut(store, act, (await links(id))[0]?.id ?? '');
    const got = [await who(other, email), await who(`ELSE${user}`, email, 'T2')];
    expect(got).toEqual([
      [id, 'code'],
      [id, 'code'],
    ]);
  });

  test('other e-mails of a person are theirs', async () => {
    const { email, id, user } = await somebody('ACE user');
    await who(user, email);
    await store.prisma.person.update({ where: { id }, data: { otherEmails: ['second@home.example'] } });
    expect(await who(user, 'second@home.example')).toEqual([id, 'in']);
  });

  test.each([
    ['is nobody’s here', async () => 'nobody@else.example'],
    ['is somebody else’s', async () => (await somebody('ACE user')).email],
    ['is the alliance lead’s', async () => LEAD],
  ])(
    'an address that %s freezes the link, moves it nowhere, and the alliance lead is told once',
    async (_, given) => {
      const [{ email, id, user, other }, address] = [await somebody('ACE user'), await given()];
      await who(user, email);
      for (let nth = 0; nth < 3; nth++) expect(await who(user, address)).toEqual([id, 'frozen']);
      const [link] = await links(id);
      expect(link).toMatchObject({ state: 'frozen', address, userId: user });
      expect(await toldOf(link?.id ?? '')).toHaveLength(1);
      // Changed back it stays frozen for whoever else it may be by now, and nobody else comes in by the address it left.
      expect(await who(user)).toEqual([id, 'frozen']);
      expect(await who(other, email)).toEqual([id, 'second']);
      expect((await links(id)).map(({ state }) => state).sort()).toEqual(['frozen', 'second']);
    },
  );

  test('a second account with the address of somebody linked there is refused; the first stays, the lead is told once', async () => {
    const { email, id, user, other } = await somebody('ACE user');
    await who(user, email);
    for (let nth = 0; nth < 3; nth++) expect(await who(other, email)).toEqual([id, 'second']);
    const second = (await links(id)).find(({ userId }) => userId === other);
    expect(await toldOf(second?.id ?? '')).toHaveLength(1);
    expect(await who(user, email)).toEqual([id, 'in']);
    // With the address of another person it is still refused.
    expect(await who(other, LEAD)).toEqual([id, 'second']);
  });

  test.each(['alliance team', 'ACE manager'] as const)(
    'outside practice mode an e-mail alone opens no door to the %s, and holds none',
    async (role) => {
      const { email, id, user } = await somebody(role);
      expect(await who(user, email)).toEqual([id, 'code']);
      expect(await links(id)).toEqual([]);
    },
  );

  test('outside practice mode the alliance lead needs a code as well', async () => {
    expect((await who('BOSS', LEAD))?.[1]).toBe('code');
  });

  test('outside practice mode an e-mail opens one door: each further one, also of another platform, needs a code', async () => {
    const { email, id, user } = await somebody('ACE user');
    await who(user, email);
    expect(await who(user, email, 'T2')).toEqual([id, 'code']);
    const teams = await identify(store, { ...from(user, email), platform: 'teams' });
    expect([teams?.id, teams?.barred]).toEqual([id, 'code']);
    expect(await links(id)).toHaveLength(1);
  });

  test('a role raised later bars the account that an e-mail alone had linked', async () => {
    const { email, id, user } = await somebody('ACE user');
    expect(await who(user, email)).toEqual([id, 'in']);
    await store.prisma.person.update({ where: { id }, data: { role: 'ACE manager' } });
    expect(await who(user, email)).toEqual([id, 'code']);
    await store.prisma.link.updateMany({ where: { personId: id }, data: { provenAt: new Date() } });
    expect(await who(user, email)).toEqual([id, 'in']);
  });

  test('in practice mode every door is open to every role by e-mail alone, and a changed address freezes all the same', async () => {
    const lead = (await findPerson(practised, LEAD))?.id;
    for (const tenant of ['T1', 'T2'])
      expect(await who('ANA', LEAD, tenant, practised)).toEqual([lead, 'in']);
    expect(await who('ANA', 'x@else.example', 'T1', practised)).toEqual([lead, 'frozen']);
    expect(await who('ANA', LEAD, 'T1', practised)).toEqual([lead, 'frozen']);
    expect(await who('ANA', LEAD, 'T2', practised)).toEqual([lead, 'in']);
  });

  test('the console trusts the operating system’s user: no links, and what a link says elsewhere counts for nothing', async () => {
    const { email, id, user } = await somebody('ACE manager');
    const seat = { ...from(user, email), platform: 'console' as const };
    expect(await identify(store, seat)).toMatchObject({ id });
    expect((await identify(store, seat))?.barred).toBeUndefined();
    expect(await links(id)).toEqual([]);
  });

  test('however many ask at once: an account gets one link, a person one account there, an e-mail one door', async () => {
    const { email, id, user } = await somebody('ACE user');
    const same = await Promise.all(Array.from({ length: 8 }, () => who(user, email)));
    expect(new Set(same.map(String))).toEqual(new Set([`${id},in`]));
    expect(await links(id)).toHaveLength(1);

    const crowd = await somebody('ACE user');
    const users = Array.from({ length: 8 }, (_, nth) => `W${nth}`);
    const seen = await Promise.all(users.map((it) => who(it, crowd.email)));
    expect(seen.map((it) => it?.[1]).sort()).toEqual(['in', ...Array(7).fill('second')]);
    expect((await links(crowd.id)).filter(({ state }) => state === 'live')).toHaveLength(1);

    const far = await somebody('ACE user');
    const doors = await Promise.all(['T5', 'T6', 'T7', 'T8'].map((it) => who(far.user, far.email, it)));
    expect(doors.map((it) => it?.[1]).sort()).toEqual(['code', 'code', 'code', 'in']);
    expect(await links(far.id)).toHaveLength(1);
  });
});
