/** Whoever is not let in: what they learn, how they ask, and how they come back to where they were. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createDesk } from '../../src/bot/dispatch.ts';
import type { Desk } from '../../src/bot/intent.ts';
import { createSettling } from '../../src/bot/settling.ts';
import * as vocabulary from '../../src/commands/index.ts';
import { decideRequest } from '../../src/commands/roster.ts';
import { practiceTeam } from '../../src/practice/team.ts';
import { refuseAccess } from '../../src/store/access.ts';
import { enrol, findPerson } from '../../src/store/people.ts';
import { startQueue } from '../../src/store/queue.ts';
import type { Store } from '../../src/store/store.ts';
import { databases, silentLog } from '../support/databases.ts';
import { LEAD, senderOf, TEAM, until } from '../support/house.ts';
import { IDS, type Id, openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { buttonsOf, screenOf } from '../support/slack-screen.ts';
import { type Message, member } from '../support/slack-workspace.ts';

const labels = (message: Message): string[] => buttonsOf(message.blocks).map(({ label }) => label);

describe.each(databases)('strangers, on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
    // Members of the workspace whom the roster does not know.
    const profile = { email: IDS.LUCIA, real_name: 'Lucía Maria \u202eFerro' };
    house.workspace.users.set('LUCIA', member('LUCIA', IDS.LUCIA, { profile }));
    await house.store.prisma.person.deleteMany({ where: { email: { in: [IDS.LUCIA, IDS.TOM] } } });
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  const requests = () => house.store.prisma.accessRequest.findMany({ orderBy: { at: 'asc' } });
  const dealOf = (ownerEmail: string) =>
    house.store.prisma.deal.findFirstOrThrow({
      where: { ownerEmail, kind: 'opportunity', goneAt: null },
      orderBy: { id: 'desc' },
    });
  /** The message that asks the alliance lead about this person. */
  const askedOf = (name: string) => {
    const found = house.messages('ANA').findLast((it) => screenOf(it).includes(`${name} (`));
    if (!found) throw new Error(`Ana was not asked about ${name}.`);
    return found;
  };
  const toldThat = (user: Id, words: string) =>
    until(`“${words}” told to ${user}`, () =>
      house.messages(user).some((it) => screenOf(it).includes(words)),
    );

  test('whatever they type or press, they learn who they are to us and nothing else', async () => {
    const { id, company } = await dealOf(IDS.LUCIA);
    for (const line of [
      '',
      'desk',
      `show ${id}`,
      `accept ${company}`,
      'people',
      'help',
      'gibberish',
      'list pending',
    ]) {
      const screen = await house.say('LUCIA', line);
      expect(screen).toContain('lucia.ferro@partner.example has no access to ace-desk, so nothing was done.');
      for (const secret of [company, 'Ana', 'Jonas', 'unknown', 'I know no deal'])
        expect(screen).not.toContain(secret);
      expect(labels(house.newest('LUCIA'))).toEqual(['Ask for access']);
    }
    expect(await house.store.prisma.person.count({ where: { email: IDS.LUCIA } })).toBe(0);
    expect(await requests()).toEqual([]);
  });

  test('one click asks the alliance lead alone; again is told when it was; the grant brings them back to where they were', async () => {
    const { id, company } = await dealOf(IDS.LUCIA);
    await house.say('LUCIA', `show ${company}`);
    const note = house.newest('LUCIA');
    await Promise.all([
      house.press('LUCIA', note, 'Ask for access'),
      house.press('LUCIA', note, 'Ask for access'),
    ]);
    await toldThat('LUCIA', 'Asked. The alliance lead decides');
    await toldThat('ANA', 'Lucía Maria Ferro (lucia.ferro@partner.example) asks to use ace-desk.');
    await house.quiet();
    expect(await requests()).toHaveLength(1);
    for (const other of ['JONAS', 'MINA', 'PRIYA'] as const) expect(house.messages(other)).toEqual([]);
    expect(await house.say('LUCIA', 'desk')).toContain('You asked just now; the alliance lead has it');
    const asking = askedOf('Lucía Maria Ferro');
    expect(labels(asking)).toEqual(['Grant as ACE user', 'Grant as ACE manager', 'Refuse']);
    await house.press('ANA', asking, 'Grant as ACE user');
    await until('the receipt in its place', () =>
      screenOf(asking).includes(
        'Lucía Maria Ferro (lucia.ferro@partner.example) is an ACE user on ace-desk now.',
      ),
    );
    await toldThat('LUCIA', 'Ana Silva gave you access to ace-desk: ACE user.');
    const welcome = house.newest('LUCIA');
    expect(labels(welcome)).toEqual(['Go on', 'My desk']);
    await house.press('LUCIA', welcome, 'Go on');
    await until('the deal they wanted', () =>
      house.messages('LUCIA').some((it) => screenOf(it).includes(id)),
    );
    expect(await house.say('LUCIA', `show ${id}`)).toContain(company);
    const [request] = await requests();
    expect(request).toMatchObject({ granted: true });
    const late = await house.act('people', { request: request?.id ?? '', do: 'manager' });
    expect(late.reply).toMatchObject({
      text: 'Lucía Maria Ferro: let in by Ana Silva just now already. Nothing was changed.',
    });
    expect(await house.say('LUCIA', 'ask-access')).toContain('You are in already');
  });

  test('who is refused is told, may not press on, and the others’ buttons are for nobody else', async () => {
    const { id } = await dealOf(IDS.TOM);
    const turned = await house.act('next-step', { id, text: 'x' }, { as: IDS.TOM });
    if (turned.reply.kind !== 'note') throw new Error('A note turns them away.');
    const [ask] = turned.reply.buttons ?? [];
    expect(JSON.parse(ask?.input.wanted ?? '{}')).toEqual({ verb: 'next-step', input: { id, text: 'x' } });
    await house.act('ask-access', ask?.input ?? {}, { as: IDS.TOM });
    await toldThat('ANA', 'Tom Keller (tom.keller@partner.example) asks to use ace-desk.');
    const request = (await requests()).at(-1);
    for (const as of [IDS.TOM, TEAM.manager, IDS.PRIYA])
      expect((await house.act('people', { request: request?.id ?? '', do: 'user' }, { as })).ok).toBe(false);
    await house.press('ANA', askedOf('Tom Keller'), 'Refuse');
    await toldThat('TOM', 'Ana Silva has not given you access to ace-desk.');
    expect((await requests()).at(-1)).toMatchObject({ granted: false });
    const again = await house.act('ask-access', {}, { as: IDS.TOM });
    expect(again.reply).toMatchObject({ text: expect.stringContaining('refused it just now') });
    expect(await requests()).toHaveLength(2);
  });

  test('refused a day ago, they may ask again; what they wanted is not kept where it is too long or no want at all', async () => {
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    await house.store.prisma.accessRequest.updateMany({
      where: { granted: false },
      data: { at: yesterday, decidedAt: yesterday },
    });
    const turned = await house.act('show', { id: 'O1', text: 'x'.repeat(1600) }, { as: IDS.TOM });
    expect(turned.reply).toMatchObject({ buttons: [{ verb: 'ask-access', input: {} }] });
    for (const wanted of ['{"verb":"ACCEPT ALL","input":{}}', 'no json', '{"text":5}'])
      expect((await house.act('ask-access', { wanted }, { as: IDS.TOM })).ok).toBe(true);
    const last = (await requests()).at(-1);
    expect(last).toMatchObject({ wanted: null, decidedAt: null });
    expect(await requests()).toHaveLength(3);
  });

  test('what no database takes, in a name or in what was wanted, is left out and not in the way', async () => {
    const wanted = JSON.stringify({ verb: 'find', input: { text: 'A\u0000B\ud800C' } });
    const from = {
      ...senderOf('nul@else.example'),
      firstName: '\u0000',
      lastName: 'Null\u0000',
      timeZone: 'UTC',
    };
    const answer = await house.desk.handle({ verb: 'ask-access', input: { wanted }, from, key: 'a NUL' });
    expect(answer.ok).toBe(true);
    expect((await requests()).at(-1)?.wanted).toEqual({ verb: 'find', input: { text: 'ABC' } });
    const odd = JSON.stringify({ verb: 'find', input: { 'te\u0000xt': 'A' } });
    const other = { ...senderOf('nul2@else.example'), firstName: '\u0000', lastName: '\u0000' };
    await house.desk.handle({ verb: 'ask-access', input: { wanted: odd }, from: other, key: 'a NUL, again' });
    expect((await requests()).at(-1)).toMatchObject({ wanted: null });
    expect(
      await house.store.prisma.person.findMany({
        where: { email: { startsWith: 'nul' } },
        orderBy: { firstName: 'asc' },
      }),
    ).toMatchObject([
      { firstName: '', lastName: 'Null' },
      { firstName: 'Nul2', lastName: '' },
    ]);
  });

  test('a refusal that comes a moment after a grant says who decided, and tells the newcomer nothing', async () => {
    const as = 'between@else.example';
    await house.act('ask-access', {}, { as });
    const request = (await requests()).at(-1);
    const lead = await findPerson(house.store, LEAD);
    if (!request || !lead) throw new Error('They asked.');
    const act = { verb: 'people', personId: lead.id, source: {}, until: new Date(Date.now() + 10_000) };
    const refusing = (key: string) => refuseAccess(house.store, { ...act, key }, request, 'Ana Silva');
    await house.act('people', { what: `grant ${as}: ACE user` });
    expect(await refusing('too late')).toBe(false);
    expect(
      await house.store.prisma.notice.count({
        where: { personId: request.personId, kind: 'access-refused' },
      }),
    ).toBe(0);
    await house.store.prisma.accessRequest.update({
      where: { id: request.id },
      data: { decidedAt: null, granted: null },
    });
    const late = await decideRequest(
      { do: 'refuse', request: request.id, page: 1 },
      {
        ...act,
        key: 'in between',
        store: grantedMeanwhile(request.id, lead.id),
        actor: lead,
        now: new Date(),
        writes() {},
        settings: {},
        commands: [],
        source: HERE,
      },
    );
    expect(late.reply).toMatchObject({
      text: expect.stringMatching(/^Between: let in by Ana Silva .* already\. Nothing was changed\.$/),
    });
    await house.store.prisma.accessRequest.update({
      where: { id: request.id },
      data: { decidedAt: null, granted: null },
    });
    expect([await refusing('in time'), await refusing('in time')]).toEqual([true, true]);
  });

  const HERE = { platform: 'test', tenant: 't', user: 'u', conversation: 'c' };
  /** The same store, in which the request is granted right before a refusal is written. */
  function grantedMeanwhile(id: string, decidedBy: string): Store {
    const before = async (text: string) => {
      if (text.includes('granted = false'))
        await house.store.prisma.accessRequest.update({
          where: { id },
          data: { decidedAt: new Date(), decidedBy, granted: true },
        });
    };
    const { backing } = house.store;
    const query = async (text: string, values?: unknown[]) => {
      await before(text);
      return backing.kind === 'pglite' ? backing.db.query(text, values) : backing.pool.query(text, values);
    };
    const slow = { query } as never;
    return {
      ...house.store,
      backing: backing.kind === 'pglite' ? { ...backing, db: slow } : { ...backing, pool: slow },
    };
  }

  test('what is to be sure of is asked again after the grant', async () => {
    const { id } = await dealOf(IDS.TOM);
    await house.store.prisma.accessRequest.deleteMany({ where: { decidedAt: null } });
    const wanted = JSON.stringify({ verb: 'reject', input: { id, reason: 'Other', sure: 'yes' } });
    await house.act('ask-access', { wanted }, { as: IDS.TOM });
    expect((await requests()).at(-1)?.wanted).toEqual({ verb: 'reject', input: { id, reason: 'Other' } });
  });

  test('nobody who wins a race asks twice', async () => {
    await house.store.prisma.accessRequest.deleteMany({ where: { decidedAt: null } });
    const before = (await requests()).length;
    await Promise.all([1, 2, 3, 4].map(() => house.act('ask-access', {}, { as: 'racer@else.example' })));
    expect(await requests()).toHaveLength(before + 1);
    expect(await house.store.prisma.person.count({ where: { email: 'racer@else.example' } })).toBe(1);
  });

  test('without an address there is nobody to ask for', async () => {
    const { email: _, ...from } = senderOf(LEAD);
    const answer = await house.desk.handle({ verb: 'ask-access', input: {}, from, key: 'no address' });
    expect(answer.reply).toMatchObject({
      text: expect.stringContaining('I cannot see an e-mail address in your profile'),
    });
  });
});

describe.each(databases)('before the terms are confirmed, on $name', (database) => {
  let store: Store;
  let desk: Desk;
  let stop: () => Promise<void>;
  const now = () => new Date('2026-03-05T12:00:00Z');
  beforeAll(async () => {
    store = await database.open();
    const queue = await startQueue(store, silentLog);
    const settling = await createSettling(store);
    await enrol(store, practiceTeam(LEAD));
    await store.prisma.agent.update({ where: { id: 1 }, data: { syncedAt: now() } });
    desk = createDesk({
      store,
      commands: Object.values(vocabulary),
      settling,
      settings: {},
      log: silentLog,
      now,
    });
    stop = async () => {
      await settling.stop();
      await queue.stop();
      await store.close();
    };
  });
  afterAll(() => stop?.());
  let count = 0;
  const say = async (text: string, as = LEAD) =>
    (await desk.say({ text, from: senderOf(as), key: `${++count}` }, new Date(Date.now() + 10_000))).reply;

  test('nobody but the alliance lead gets in, and each is told why and what to do', async () => {
    for (const as of [TEAM.team, TEAM.manager, ...TEAM.users])
      for (const line of ['desk', 'people', 'show O1', 'help'])
        expect(await say(line, as)).toMatchObject({
          tone: 'problem',
          text: expect.stringContaining('ACE terms and conditions'),
        });
  });

  test('the alliance lead is kept from nothing, and reminded with a button', async () => {
    const reply = await say('desk');
    expect(reply).toMatchObject({ kind: 'list', footer: expect.stringContaining('Nobody else gets in') });
    expect(reply.kind === 'list' && reply.buttons?.at(-1)).toMatchObject({
      verb: 'people',
      input: { do: 'terms' },
      opens: 'form',
    });
    expect(await say('people terms')).toMatchObject({ kind: 'form', title: 'ACE terms' });
  });

  test.each([
    ['2026-03-06', 'That day is still to come.'],
    ['yesterday', 'Give the day as year-month-day'],
    ['2024-02-30', 'Give the day as year-month-day'],
    ['1024-03-01', 'Look at the year.'],
  ])('%s is no day on which they were accepted', async (day, error) => {
    expect(await say(`people terms ${day}`)).toMatchObject({
      kind: 'form',
      errors: { acceptedOn: expect.stringContaining(error) },
    });
    expect(await store.prisma.terms.count()).toBe(0);
  });

  test('the team cannot confirm them; once the alliance lead has, everybody is in and nothing reminds any more', async () => {
    await say('people terms 2024-03-01', TEAM.team);
    expect(await store.prisma.terms.count()).toBe(0);
    expect(await say('people terms 2024-03-01')).toMatchObject({
      tone: 'done',
      text: expect.stringContaining('accepted on Fri 1 Mar 2024'),
    });
    expect(await store.prisma.terms.findMany()).toMatchObject([
      { acceptedOn: new Date('2024-03-01T00:00:00Z') },
    ]);
    expect(await say('desk', TEAM.team)).toMatchObject({ kind: 'list' });
    expect(JSON.stringify(await say('desk'))).not.toContain('Nobody else gets in');
    await say('people terms 2024-03-02');
    expect(await store.prisma.terms.findMany()).toMatchObject([
      { acceptedOn: new Date('2024-03-02T00:00:00Z') },
    ]);
  });
});
