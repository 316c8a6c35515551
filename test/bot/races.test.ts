/** What a slower hand wrote never stands over what came after it: redraws, roles lost, rooms closed, homes that fail. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deliver } from '../../src/bot/deliver.ts';
import type { Messenger, Ref, Room } from '../../src/bot/intent.ts';
import { enact } from '../../src/store/changes.ts';
import { openHome } from '../../src/store/homes.ts';
import { findPerson } from '../../src/store/people.ts';
import { keepPosting } from '../../src/store/postings.ts';
import { age, lookAnew, opening } from '../../src/store/rooms.ts';
import type { Reply } from '../../src/views/view.ts';
import { databases, silentLog } from '../support/databases.ts';
import { LEAD, openTestHouse, TEAM, type TestHouse } from '../support/house.ts';

const ROOM: Room = { name: '#deals', readers: ['U1'], isOpenToOthers: false, isUnclear: false };

function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

/** Writes on the one screen; a slow one only once its gate is open. */
function hand(screen: Reply[], slow?: Promise<void>) {
  const begun = gate();
  const draw = async (reply: Reply) => {
    begun.open();
    await slow;
    screen.push(reply);
  };
  const messenger: Messenger = {
    platform: 'teams',
    find: async () => undefined,
    room: async () => ROOM,
    tell: async () => ({ ts: 'private' }),
    async post(_, reply, key) {
      await draw(reply);
      return { ts: key };
    },
    async redraw(ref, reply) {
      await draw(reply);
      return ref;
    },
    reply: async (ref) => ref,
  };
  return { messenger, begun: begun.passed };
}

describe.each(databases)('on $name', (database) => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await openTestHouse(database);
  });
  afterAll(() => house?.stop());

  const postman = (messenger: Messenger) => ({
    ...{ store: house.store, commands: [], messenger, log: silentLog },
    now: () => new Date(),
  });
  const personId = async (email: string): Promise<string> => (await findPerson(house.store, email))?.id ?? '';
  let count = 0;
  async function copyOf(dealId: string, more: object = {}, email = LEAD): Promise<string> {
    const at = { platform: 'teams', ref: { ts: `${++count}` }, version: 0, shown: '' };
    const data = { ...at, dealId, personId: await personId(email), ...more };
    return (await house.store.prisma.posting.create({ data })).id;
  }
  const inRoom = () => ({ state: 'posted', tenant: 'T', room: `R${count}`, userId: 'U' });
  const past = (id: string) =>
    house.store.prisma
      .$executeRaw`UPDATE posting SET redrawn_at = now() - interval '40 seconds' WHERE id = ${id}::uuid`;
  const moveTo = (stage: string, dealId: string) => house.store.prisma.$executeRaw`
    UPDATE deal SET version = version + 1, detail = jsonb_set(detail, '{stage}', to_jsonb(${stage}::text)) WHERE id = ${dealId}`;
  const last = (screen: Reply[]): string => JSON.stringify(screen.at(-1));

  test('an older drawing that covered a newer one is drawn over', async () => {
    const dealId = await house.idOf('Saffron Road Foods');
    const id = await copyOf(dealId, inRoom());
    const [screen, held]: [Reply[], ReturnType<typeof gate>] = [[], gate()];
    const [slow, fast] = [hand(screen, held.passed), hand(screen)];
    await moveTo('Qualified', dealId);
    const drawing = deliver(postman(slow.messenger), [{ deal: dealId }]);
    await slow.begun;
    await moveTo('Committed', dealId);
    await past(id);
    await deliver(postman(fast.messenger), [{ deal: dealId }]);
    held.open();
    await drawing;
    await past(id);
    await deliver(postman(fast.messenger), [{ deal: dealId }]);
    expect(last(screen)).toContain('Committed');
  });

  test('a role that is lost while a copy is being drawn empties it', async () => {
    const ownerEmail = TEAM.users[0] ?? '';
    const { id: dealId } = await house.store.prisma.deal.findFirstOrThrow({
      where: { ownerEmail, kind: 'opportunity', goneAt: null },
    });
    await copyOf(dealId, {}, ownerEmail);
    await moveTo('Qualified', dealId);
    const [screen, held]: [Reply[], ReturnType<typeof gate>] = [[], gate()];
    const [slow, fast] = [hand(screen, held.passed), hand(screen)];
    const drawing = deliver(postman(slow.messenger), [{ deal: dealId }]);
    await slow.begun;
    await house.act('people', { do: 'revoke', person: await personId(ownerEmail), sure: 'yes' });
    held.open();
    await drawing;
    await deliver(postman(fast.messenger), [{ deal: dealId }]);
    expect(last(screen)).toContain('no longer yours');
  });

  test('a slower drawing of what somebody may see no longer does not stay over the faster one that says so', async () => {
    const ownerEmail = TEAM.users[1] ?? '';
    const { id: dealId } = await house.store.prisma.deal.findFirstOrThrow({
      where: { ownerEmail, kind: 'opportunity', goneAt: null },
    });
    await copyOf(dealId, {}, ownerEmail);
    await moveTo('Qualified', dealId);
    const [screen, held]: [Reply[], ReturnType<typeof gate>] = [[], gate()];
    const [slow, fast] = [hand(screen, held.passed), hand(screen)];
    const drawing = deliver(postman(slow.messenger), [{ deal: dealId }]);
    await slow.begun;
    await house.act('people', { do: 'revoke', person: await personId(ownerEmail), sure: 'yes' });
    await deliver(postman(fast.messenger), [{ deal: dealId }]);
    held.open();
    await drawing;
    expect(last(screen)).not.toContain('no longer yours');
    await deliver(postman(fast.messenger), [{ deal: dealId }]);
    expect(last(screen)).toContain('no longer yours');
  });

  test('a slower drawing of an older copy does not stay over the faster one that drew its last', async () => {
    const dealId = await house.idOf('Palisade Mutual Bank');
    const id = await copyOf(dealId, { at: new Date(Date.now() - 60_000), version: -1 });
    const [screen, held]: [Reply[], ReturnType<typeof gate>] = [[], gate()];
    const [slow, fast] = [hand(screen, held.passed), hand(screen)];
    const drawing = deliver(postman(slow.messenger), [{ deal: dealId }]);
    await slow.begun;
    const { version } = await house.store.prisma.deal.findUniqueOrThrow({ where: { id: dealId } });
    for (let newer = 0; newer < 5; newer++) await copyOf(dealId, { version });
    await house.store.prisma.posting.update({ where: { id }, data: { version: -2 } });
    await deliver(postman(fast.messenger), [{ deal: dealId }]);
    expect(last(screen)).toContain('newer copies');
    held.open();
    await drawing;
    expect(last(screen)).not.toContain('newer copies');
    await deliver(postman(fast.messenger), [{ deal: dealId }]);
    expect(last(screen)).toContain('newer copies');
    const row = await house.store.prisma.posting.findUniqueOrThrow({ where: { id } });
    expect(row.endedAt).not.toBeNull();
  });

  test.each([
    ['its message shows another deal by now', { ref: { ts: 'same' } }],
    ['a newer card stands in its room', { tenant: 'T', room: 'RX', userId: 'U' }],
  ])('one that had drawn its last stays over where %s', async (_, place) => {
    const dealId = await house.idOf('Palisade Mutual Bank');
    const id = await copyOf(dealId, { ref: { ts: 'was' }, ...place, endedAt: new Date() });
    await copyOf(dealId, { ref: { ts: 'is' }, ...place });
    const [posting] = await house.store.prisma.posting.findMany({ where: { id } });
    if (!posting) throw new Error('It is there.');
    const { ref, ...read } = posting;
    await age(house.store, { ...read, ref: ref as Ref, shows: 'card' });
    expect((await house.store.prisma.posting.findUniqueOrThrow({ where: { id } })).endedAt).not.toBeNull();
    await house.store.prisma.posting.updateMany({ data: { endedAt: new Date() } });
    await age(house.store, { ...read, ref: ref as Ref, shows: 'card' });
    expect((await house.store.prisma.posting.findUniqueOrThrow({ where: { id } })).endedAt).toBeNull();
  });

  test('who loses their role between the drawing of a card and its being written down keeps no card', async () => {
    const email = TEAM.users[2] ?? '';
    const { id: dealId, version } = await house.store.prisma.deal.findFirstOrThrow({
      where: { ownerEmail: email, kind: 'opportunity', goneAt: null },
    });
    const reader = { personId: await personId(email), timeZone: null };
    const kept = { dealId, version, platform: 'teams', ref: { ts: 'late' }, shown: 'a card' };
    await house.act('people', { do: 'revoke', person: reader.personId, sure: 'yes' });
    await keepPosting(house.store, { ...reader, ...kept, role: 'ACE user' });
    const screen: Reply[] = [];
    await deliver(postman(hand(screen).messenger), [{ deal: dealId }]);
    expect(last(screen)).toContain('no longer yours');
  });

  test('a room that is closed while a card is on its way to it shows what a closed room may', async () => {
    const dealId = await house.idOf('Northgate Tram Works');
    const at = { platform: 'teams', tenant: 'T', room: `R${count}` };
    const id = await copyOf(dealId, { ...inRoom(), state: 'wanted', ref: {} });
    const lead = await personId(LEAD);
    await house.store.prisma.room.create({
      data: { platform: 'teams', tenant: 'T', conversation: at.room, openedBy: lead },
    });
    const [screen, held]: [Reply[], ReturnType<typeof gate>] = [[], gate()];
    const [slow, fast] = [hand(screen, held.passed), hand(screen)];
    const sending = deliver(postman(slow.messenger), [{ deal: dealId }]);
    await slow.begun;
    const until = new Date(Date.now() + 10_000);
    await enact(
      house.store,
      { key: 'close', verb: 'post', personId: lead, source: {}, until },
      opening(at, undefined),
    );
    held.open();
    await sending;
    expect(last(screen)).toContain('Revenue');
    await past(id);
    await deliver(postman(fast.messenger), [{ deal: dealId }]);
    expect(last(screen)).not.toContain('Revenue');
  });

  test('a guest who joins while a card is on its way to the room closes it', async () => {
    const dealId = await house.idOf('Northgate Tram Works');
    const at = { platform: 'teams', tenant: 'T', room: `R${count}` };
    const id = await copyOf(dealId, { ...inRoom(), state: 'wanted', ref: {} });
    const [screen, held]: [Reply[], ReturnType<typeof gate>] = [[], gate()];
    const [slow, fast] = [hand(screen, held.passed), hand(screen)];
    const sending = deliver(postman(slow.messenger), [{ deal: dealId }]);
    await slow.begun;
    await lookAnew(house.store, at);
    held.open();
    await sending;
    expect(last(screen)).toContain('Northgate Tram Works');
    await past(id);
    const room = async () => ({ ...ROOM, isOpenToOthers: true });
    await deliver(postman({ ...fast.messenger, room }), [{ deal: dealId }]);
    expect(last(screen)).not.toContain('Northgate Tram Works');
  });

  test('copies that are written down while their reader’s role changes never lock each other out', async () => {
    const email = TEAM.team;
    const person = await personId(email);
    const { id: dealId, version } = await house.store.prisma.deal.findFirstOrThrow({
      where: { kind: 'opportunity', goneAt: null },
    });
    const reader = { personId: person, timeZone: null, role: 'alliance team' as const };
    const keep = (nth: number) =>
      keepPosting(house.store, {
        ...{ ...reader, dealId, version, platform: 'teams', ref: { ts: `lock ${nth}` }, shown: 'a card' },
      });
    for (let round = 0; round < 12; round++) {
      const what = round % 2 === 0 ? { do: 'revoke', person } : { what: `grant ${email}: team` };
      await Promise.all([
        ...Array.from({ length: 6 }, (_, nth) => keep(round * 6 + nth)),
        house.act('people', { ...what, sure: 'yes' }),
      ]);
    }
    expect((await findPerson(house.store, email))?.role).toBe('alliance team');
  });

  test('a home that cannot be drawn is left to its job’s own retries', async () => {
    await openHome(house.store, { platform: 'teams', tenant: 'T', user: 'U9' });
    const home = await house.store.prisma.home.findFirstOrThrow({ where: { user: 'U9' } });
    const refused = async () => {
      throw new Error('not_enabled');
    };
    const messenger: Messenger = { ...hand([]).messenger, redrawHome: refused };
    for (let time = 0; time < 4; time++)
      await expect(deliver(postman(messenger), [{ home: home.id }])).rejects.toThrow('not_enabled');
    const [row] = await house.store.prisma.$queryRaw<{ jobs: number }[]>`
      SELECT count(*)::int AS jobs FROM pgboss.job WHERE data->>'home' = ${home.id}`;
    expect(row?.jobs).toBe(0);
  });
});
