/** Private messages: drawn when they are told, for who may know it then, once, wherever the reader is found. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { deliver } from '../../src/bot/deliver.ts';
import { GoneForGood, MaybePosted, type Messenger, NotServed } from '../../src/bot/intent.ts';
import * as vocabulary from '../../src/commands/index.ts';
import type { Notice } from '../../src/pipeline/notice.ts';
import type { Person } from '../../src/pipeline/person.ts';
import { findPerson } from '../../src/store/people.ts';
import { postingsOf } from '../../src/store/postings.ts';
import type { Card, List, Note, Reply } from '../../src/views/view.ts';
import { databases, silentLog } from '../support/databases.ts';
import { LEAD, openTestHouse, TEAM, type TestHouse, wakeAll } from '../support/house.ts';

const [PRIYA = '', TOM = ''] = TEAM.users;

describe.each(databases)('private messages, on $name', (database) => {
  let house: TestHouse;
  let told: { to: string; reply: Reply }[];
  beforeAll(async () => {
    house = await openTestHouse(database);
    await wakeAll(house);
  });
  afterAll(() => house?.stop());
  beforeEach(() => {
    told = [];
  });

  const now = () => new Date();
  /** Teams has no door here: what is for it is told only when the test does it. */
  const messengerWith = (more: Partial<Messenger> = {}): Messenger => ({
    platform: 'teams',
    tell: async ({ user }, reply) => {
      told.push({ to: user, reply });
      return { ts: `${told.length}` };
    },
    redraw: async (ref, reply) => {
      told.push({ to: 'redrawn', reply });
      return ref;
    },
    find: async (email) => ({ tenant: 'T', user: email }),
    ...more,
  });
  const postman = (messenger = messengerWith()) => ({
    ...{ store: house.store, commands: Object.values(vocabulary), log: silentLog, messenger, now },
  });
  const person = async (email: string): Promise<Person> => {
    const found = await findPerson(house.store, email);
    if (!found) throw new Error(`${email} is on the roster.`);
    return found;
  };
  /** Writes it down; answers its id. */
  async function note(email: string, { kind, ...body }: Notice, dealId?: string): Promise<string> {
    const { id } = await person(email);
    const [row] = await house.store.prisma.$queryRaw<{ id: string }[]>`
      SELECT tell(${id}::uuid, ${kind}, ${JSON.stringify(body)}::text::jsonb, ${dealId ?? null}) AS id`;
    return row?.id ?? '';
  }
  const telling = async (email: string, it: Notice, dealId?: string, messenger = messengerWith()) => {
    const notice = await note(email, it, dealId);
    await deliver(postman(messenger), [{ notice }]);
    return notice;
  };
  const offerTo = async (dealId: string, email: string) => {
    const personId = (await person(email)).id;
    await house.store.prisma.offer.create({ data: { dealId, personId, byId: (await person(LEAD)).id } });
  };
  const only = (): Reply => {
    expect(told).toHaveLength(1);
    return told[0]?.reply ?? { kind: 'note', tone: 'info', text: '' };
  };
  const ownedBy = (ownerEmail: string) =>
    house.store.prisma.deal.findFirstOrThrow({
      where: { ownerEmail, kind: 'opportunity', goneAt: null, status: 'Approved' },
    });
  const offered: Notice = { kind: 'offered', by: 'Ana Silva' };

  test('an offer is the deal’s card with who offers it; the copy is kept true from then on', async () => {
    const id = await house.idOf('Cobalt Ridge Utilities');
    await offerTo(id, PRIYA);
    await telling(PRIYA, offered, id);
    const card = only() as Card;
    expect(card.kind).toBe('card');
    expect(card.title).toContain('Cobalt Ridge Utilities');
    expect(card.subtitle).toContain('Ana Silva offers it to you');
    expect(card.buttons.map(({ verb }) => verb)).toContain('accept');
    expect(await postingsOf(house.store, id, 'teams')).toMatchObject([
      { personId: (await person(PRIYA)).id },
    ]);
    await house.store.prisma.offer.deleteMany({ where: { dealId: id } });
    await house.store.prisma.deal.update({ where: { id }, data: { version: { increment: 1 } } });
    await deliver(postman(), [{ deal: id }]);
    expect(told.at(-1)).toMatchObject({
      to: 'redrawn',
      reply: { text: 'This deal is no longer yours to see.' },
    });
  });

  test('where the answer to it was lost it is said again: better twice than never, but not for ever', async () => {
    let isLost = true;
    const messenger = messengerWith({
      tell: async ({ user }, reply) => {
        told.push({ to: user, reply });
        if (isLost) throw new MaybePosted('the answer was lost');
        return {};
      },
    });
    const telling = (notice: string) => deliver(postman(messenger), [{ notice }]);
    const twice = await note(LEAD, { kind: 'quota', writes: 90_000 });
    await expect(telling(twice)).rejects.toThrow(MaybePosted);
    isLost = false;
    await telling(twice);
    await telling(twice);
    expect(told).toHaveLength(2);

    isLost = true;
    const never = await note(LEAD, { kind: 'quota', writes: 90_000 });
    for (let i = 0; i < 6; i++) await telling(never).catch(() => undefined);
    expect(told).toHaveLength(5);
  });

  test('an offer that was withdrawn, taken or lost meanwhile is not told', async () => {
    const id = await house.idOf('Polestar Ferries');
    await telling(PRIYA, offered, id);
    await offerTo(id, TOM);
    await house.store.prisma.deal.update({ where: { id }, data: { goneAt: now() } });
    await telling(TOM, offered, id);
    await telling(TOM, offered, 'engi-nosuchinvite1');
    await telling(TOM, offered);
    expect(told).toEqual([]);
    await house.store.prisma.deal.update({ where: { id }, data: { goneAt: null } });
  });

  test('to whoever may see everything it is told as well, but of a finder lead to the alliance lead alone', async () => {
    const { id } = await house.store.prisma.deal.findFirstOrThrow({
      where: { kind: 'lead', status: 'PENDING', expiresAt: { gt: now() } },
    });
    await telling(TEAM.manager, offered, id);
    expect(only().kind).toBe('card');
    await house.store.prisma.$executeRaw`
      UPDATE deal SET psf = true, detail = detail || '{"source": "AWS Partner Solutions Finder"}' WHERE id = ${id}`;
    await offerTo(id, PRIYA);
    for (const email of [TEAM.manager, TEAM.team, PRIYA]) await telling(email, offered, id);
    expect(told).toHaveLength(1);
    await telling(LEAD, offered, id);
    expect(told.map(({ to }) => to)).toEqual([TEAM.manager, LEAD]);
  });

  test('the new owner gets the card, and the contacts in a message of its own; who does not own it gets neither', async () => {
    const { id, company } = await ownedBy(PRIYA);
    await telling(PRIYA, { kind: 'received', by: 'Ana Silva', from: 'Tom Keller' }, id);
    expect(told.map(({ reply }) => reply.kind)).toEqual(['card', 'note']);
    expect(told.map(({ reply }) => reply)).toMatchObject([
      { subtitle: expect.stringContaining('Yours now, from Tom Keller, by Ana Silva') },
      { text: expect.stringContaining(`Contacts for ${company}`) },
    ]);
    told = [];
    await telling(TOM, { kind: 'received', by: 'Ana Silva' }, id);
    expect(told).toEqual([]);
    await telling(TEAM.manager, { kind: 'received', by: 'Ana Silva' }, id);
    expect(told.map(({ reply }) => reply.kind)).toEqual(['card']);
  });

  test('whoever owned it before hears where it went, not more; got back meanwhile, nothing', async () => {
    const { id, company } = await ownedBy(PRIYA);
    const gone: Notice = { kind: 'handed-over', by: 'Ana Silva', to: 'Priya Raman' };
    await telling(TOM, gone, id);
    const { text, lines, buttons } = only() as Note;
    expect(text).toContain(`Ana Silva gave ${company}`);
    expect(text).toContain('to Priya Raman. Until now it was yours.');
    expect([lines, buttons]).toEqual([undefined, undefined]);
    await telling(PRIYA, gone, id);
    expect(told).toHaveLength(1);
  });

  test('a request that is decided is not shown any more, nor to whom it is not to decide', async () => {
    const { id: personId } = await person(TOM);
    const { id } = await house.store.prisma.accessRequest.create({ data: { personId, source: {} } });
    const asked: Notice = {
      kind: 'access-asked',
      request: id,
      name: 'Nia \u202eNew',
      email: 'nia@else.example',
    };
    await telling(PRIYA, asked);
    await telling(TEAM.manager, asked);
    expect(told).toEqual([]);
    await telling(LEAD, asked);
    const { text, buttons } = only() as Note;
    expect(text).toBe('Nia New (nia@else.example) asks to use ace-desk.');
    expect(buttons?.map(({ input }) => input.do)).toEqual(['user', 'manager', 'refuse']);
    await house.store.prisma.accessRequest.update({
      where: { id },
      data: { decidedAt: now(), granted: false },
    });
    await telling(LEAD, asked);
    expect(told).toHaveLength(1);
  });

  test.each([
    ['a verb of ours', { verb: 'next-step', input: { id: 'O1' } }, { verb: 'next-step', opens: 'form' }],
    ['a line that means one deal', { text: 'show Northgate Tram Works' }, { verb: 'show' }],
    ['a line about no deal', { text: 'list pending' }, { verb: 'list', input: { view: 'pending' } }],
    ['a line that could mean nothing', { text: 'show Nosuch Company' }, undefined],
    ['a number in a list they never had', { text: 'accept 2' }, undefined],
    ['what is not understood', { text: 'gibberish' }, undefined],
    ['a verb that is none', { verb: 'steal', input: {} }, undefined],
    ['an input that does not fit', { verb: 'show', input: { id: '<script>' } }, undefined],
  ])('whoever was let in goes on with what they wanted: %s', async (_, wanted, button) => {
    const { id } = await person(LEAD);
    await house.store.prisma.person.update({ where: { id }, data: {} });
    await telling(LEAD, { kind: 'access-granted', by: 'Ana Silva', role: 'ACE user', wanted });
    const labels = (only() as Note).buttons ?? [];
    expect(labels.map(({ label }) => label)).toEqual(button ? ['Go on', 'My desk'] : ['My desk']);
    if (button) expect(labels[0]).toMatchObject(button);
  });

  test('a grant that was taken back, a refusal that was followed by a grant, and figures for others are not told', async () => {
    await telling(PRIYA, { kind: 'access-refused', by: 'Ana Silva' });
    await telling(TEAM.team, { kind: 'quota', writes: 8000 });
    await house.store.prisma.person.update({ where: { email: TOM }, data: { role: 'none' } });
    await telling(TOM, { kind: 'access-granted', by: 'Ana Silva', role: 'ACE user' });
    expect(told).toEqual([]);
    await telling(TOM, { kind: 'access-refused', by: 'Ana Silva' });
    await telling(LEAD, { kind: 'quota', writes: 8000 });
    expect(told.map(({ to }) => to)).toEqual([TOM, LEAD]);
    await house.store.prisma.person.update({ where: { email: TOM }, data: { role: 'ACE user' } });
  });

  test('it is told once on a platform, however often its job runs; after a failure it is tried again', async () => {
    let failures = 1;
    const shaky = messengerWith({
      tell: async ({ user }, reply) => {
        if (failures-- > 0) throw new Error('not now');
        told.push({ to: user, reply });
        return {};
      },
    });
    const notice = await note(LEAD, { kind: 'quota', writes: 8000 });
    await expect(deliver(postman(shaky), [{ notice }])).rejects.toThrow('not now');
    await deliver(postman(shaky), [{ notice }, { notice }]);
    await deliver(postman(shaky), [{ notice }]);
    expect(told).toHaveLength(1);
    await deliver(postman(messengerWith({ platform: 'slack' })), [{ notice }]);
    expect(told).toHaveLength(2);
  });

  test('whoever is gone for good, or not there at all, holds up nobody', async () => {
    const gone = messengerWith({
      tell: async () => {
        throw new GoneForGood('deactivated');
      },
    });
    await telling(LEAD, { kind: 'quota', writes: 1 }, undefined, gone);
    const nowhere = messengerWith({ find: async () => undefined });
    await telling(LEAD, { kind: 'quota', writes: 2 }, undefined, nowhere);
    await deliver(postman(), [{ notice: randomUUID() }]);
    expect(told).toEqual([]);
  });

  test('a workspace that does not serve us just now keeps nobody from being told in their other one', async () => {
    const { id: personId } = await house.store.prisma.person.findUniqueOrThrow({ where: { email: LEAD } });
    const of = { platform: 'teams', personId, state: 'live', way: 'practice' };
    for (const tenant of ['T1', 'T2'])
      await house.store.prisma.link.create({ data: { ...of, tenant, userId: `lead of ${tenant}` } });
    const { tell } = messengerWith();
    const half = messengerWith({
      tell: (to, reply) => {
        if (to.tenant === 'T1') throw new NotServed('the token');
        return tell(to, reply);
      },
    });
    await telling(LEAD, { kind: 'quota', writes: 11 }, undefined, half);
    expect(told.map(({ to }) => to)).toEqual(['lead of T2']);
    told.splice(0);
    const notice = await note(LEAD, { kind: 'quota', writes: 12 });
    const none = messengerWith({
      tell: () => {
        throw new NotServed('the token');
      },
    });
    await expect(deliver(postman(none), [{ notice }])).rejects.toThrow(NotServed);
    await house.store.prisma.link.deleteMany({ where: { personId } });
  });

  test('they are found under whichever of their addresses is known there', async () => {
    const email = 'priya@home.example';
    await house.store.prisma.person.update({ where: { email: PRIYA }, data: { otherEmails: [email] } });
    const find: Messenger['find'] = async (asked) =>
      asked === email ? { tenant: 'T', user: 'U-HOME' } : undefined;
    const { id } = await ownedBy(PRIYA);
    await telling(PRIYA, { kind: 'received', by: 'Ana Silva' }, id, messengerWith({ find }));
    expect(told.map(({ to }) => to)).toEqual(['U-HOME', 'U-HOME']);
  });

  describe('what can wait', () => {
    // A Saturday; so far ahead that nothing of it is due while this runs.
    const SATURDAY = new Date('2090-01-07T12:00:00Z');
    const MONDAY = new Date('2090-01-09T08:00:00Z');
    const off = { from: 19, until: 8 };
    beforeAll(async () => {
      const week = { workingDays: [1, 2, 3, 4, 5], timeZone: 'UTC' };
      const { id: personId } = await house.store.prisma.person.update({ where: { email: TOM }, data: week });
      await house.store.prisma.quiet.update({ where: { personId }, data: off });
    });
    afterAll(() => wakeAll(house));
    const waiting = (notice: string) => house.store.prisma.$queryRaw<
      { data: object; start: Date; keep: Date }[]
    >`SELECT data, start_after AS start, keep_until AS keep FROM pgboss.job
      WHERE name = 'deliver-teams' AND data->>'notice' = ${notice} AND state = 'created'`;
    const nudge = async () => {
      const { id: byId } = await person(LEAD);
      return note(TOM, { kind: 'nudged', byId, deals: [(await ownedBy(TOM)).id] });
    };
    const at = (now: Date, messenger = messengerWith()) => ({ ...postman(messenger), now: () => now });

    test('is put off to the reader’s next waking, by one job that outlasts the weekend, and told then', async () => {
      const notice = await nudge();
      await deliver(at(SATURDAY), [{ notice }]);
      await deliver(at(SATURDAY), [{ notice }]);
      expect(told).toEqual([]);
      const [job, ...others] = await waiting(notice);
      expect([job?.data, job?.start, others]).toEqual([{ notice, waited: true }, MONDAY, []]);
      expect(job?.keep.getTime()).toBeGreaterThan(MONDAY.getTime());
      await deliver(at(MONDAY), [{ notice, waited: true }]);
      await deliver(at(MONDAY), [{ notice }]);
      expect(told.map(({ to }) => to)).toEqual([TOM]);
    });

    test('is told when it has waited, whatever their hours are by then; by day it is told at once', async () => {
      await deliver(at(SATURDAY), [{ notice: await nudge(), waited: true }]);
      await deliver(at(MONDAY), [{ notice: await nudge() }]);
      expect(told.map(({ to }) => to)).toEqual([TOM, TOM]);
    });

    test('waits for nobody who sits at the console; and an offer, which may be lost, does not wait', async () => {
      const seen = await nudge();
      await deliver(at(SATURDAY, messengerWith({ platform: 'console' })), [{ notice: seen }]);
      // The house has a console of its own, which may have been faster.
      expect(await house.store.prisma.told.count({ where: { key: `notice:${seen}:console` } })).toBe(1);
      told = [];
      const id = await house.idOf('Cobalt Ridge Utilities');
      await offerTo(id, TOM);
      await house.store.prisma.deal.update({
        where: { id },
        data: { detail: { ...(await detailOf(id)), expiresAt: '2090-02-01T00:00:00Z' } },
      });
      await deliver(at(SATURDAY), [{ notice: await note(TOM, offered, id) }]);
      expect(told.map(({ reply }) => reply.kind)).toEqual(['card']);
    });
    const detailOf = async (id: string) =>
      (await house.store.prisma.deal.findUniqueOrThrow({ where: { id } })).detail as object;
  });

  describe('can be switched off from itself', () => {
    const hears = async (email: string, ...kinds: string[]) => {
      const { id: personId } = await person(email);
      await house.store.prisma.quiet.update({ where: { personId }, data: { off: kinds } });
    };
    const more = ({ more = [] }: Card) => more.map(({ label, input }) => [label, input]);
    const never = (off: string) => ['Not these again', { off }];

    test('an offer by hand', async () => {
      const id = await house.idOf('Evergrove Timber');
      await offerTo(id, PRIYA);
      await telling(PRIYA, offered, id);
      const card = only() as Card;
      expect(more(card)).toContainEqual(never('offered'));
      expect(card.body).toContain('“notify without offered” ends such messages.');
      await hears(PRIYA, 'offered');
      await telling(PRIYA, offered, id);
      expect(told).toHaveLength(1);
      await hears(PRIYA);
    });

    test('an arrival, with a rule for the next ones for those who may write rules', async () => {
      const id = await house.idOf('Pinecrest Outfitters');
      for (const email of [LEAD, TEAM.team, TEAM.manager])
        await telling(email, { kind: 'clock', rung: 'offered' }, id);
      const cards = told.map(({ reply }) => reply as Card);
      for (const card of cards) expect(more(card)).toContainEqual(never('new-referral'));
      const buttons = cards.map((card) => [...card.buttons, ...(card.more ?? [])]);
      expect(buttons.map((all) => all.find(({ verb }) => verb === 'route'))).toEqual([
        { verb: 'route', label: 'Route such…', input: { do: 'add' }, opens: 'form' },
        { verb: 'route', label: 'Route such…', input: { do: 'add' }, opens: 'form' },
        undefined,
      ]);
      told = [];
      await hears(LEAD, 'new-referral');
      await telling(LEAD, { kind: 'clock', rung: 'alliance lead' }, id);
      expect((only() as Card).subtitle).toContain(
        'nobody has answered yet; you hear of no arrivals, but this one is going to be lost',
      );
      expect(more(only() as Card)).not.toContainEqual(never('new-referral'));
      await hears(LEAD);
    });

    test('of several those whose answer is on its way are not called waiting', async () => {
      const deals = await Promise.all(['Pinecrest Outfitters', 'Evergrove Timber'].map(house.idOf));
      const [id = ''] = deals;
      const asked = await house.store.prisma.change.create({
        data: {
          ...{ dealId: id, personId: (await person(LEAD)).id, actKey: randomUUID(), state: 'requested' },
          ...{ verb: 'accept', kind: 'accept', wish: { kind: 'accept' }, source: { platform: 'console' } },
          dueAt: new Date(Date.now() + 3_600_000),
        },
      });
      try {
        await telling(LEAD, { kind: 'clock-many', deals });
        expect((only() as List).sections.flatMap(({ items }) => items.map((it) => it.id))).toEqual([
          deals[1],
        ]);
      } finally {
        await house.store.prisma.change.delete({ where: { id: asked.id } });
      }
    });

    test('several arrivals at once; a list that has other things in it cannot', async () => {
      const deals = await Promise.all(['Pinecrest Outfitters', 'Evergrove Timber'].map(house.idOf));
      await telling(LEAD, { kind: 'clock-many', deals, new: true });
      await telling(LEAD, { kind: 'clock-many', deals });
      const labels = told.map(({ reply }) => (reply as List).buttons?.map(({ label }) => label));
      expect(labels).toEqual([['Route such…', 'Not these again'], undefined]);
    });
  });
});
