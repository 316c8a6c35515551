/** A colleague who left: nothing here says who they were, and the record of what was asked stays whole. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addDays, dayIn } from '../../src/pipeline/calendar.ts';
import { verifyChain } from '../../src/store/audit.ts';
import { tendCovers } from '../../src/store/cover-tend.ts';
import { Prisma } from '../../src/store/generated/client.ts';
import { keepPosting } from '../../src/store/postings.ts';
import { purge } from '../../src/store/purge.ts';
import { rowsOf } from '../../src/store/sql.ts';
import type { Form } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { flat, LEAD, openTestHouse, TEAM, type TestHouse, until } from '../support/house.ts';

const TOM = TEAM.users[1] ?? '';

const WORDS = ['tom.keller', 'tom keller', 'tom_keller', 'keller'];

/** The key of an act holds the account it came from. */
const PRESSED = 'slack:T1:U_TOM_KELLER:trigger.13';

/** Where erasing him writes to, once he is everywhere. */
const WRITTEN = ['link', 'flag', 'notice', 'change', 'deal', 'posting', 'offer', 'role_change'];

describe.each(databases)('erase, on $name', (database) => {
  let house: TestHouse;
  beforeEach(async () => {
    house = await openTestHouse(database);
  });
  afterEach(() => house.stop());

  const tom = async () => house.store.prisma.person.findUniqueOrThrow({ where: { email: TOM } });
  /** An approved, open opportunity of somebody else's at the start. */
  const open = () =>
    house.store.prisma.deal.findFirstOrThrow({
      where: {
        ...{ kind: 'opportunity', status: 'Approved', stage: 'Qualified', closeDate: { gt: new Date() } },
        company: { not: { contains: '&' } },
      },
      orderBy: { id: 'asc' },
    });
  const erase = (input: Record<string, unknown>, more: { as?: string; key?: string } = {}) =>
    house.act('erase', input, more);

  /** Tables and columns, ours and the queue's, in which one of these words stands; AWS's own side is not ours to erase. */
  async function traces(words: string[]): Promise<string[]> {
    const columns = await rowsOf<{ t: string; c: string }>(
      house.store,
      Prisma.sql`SELECT n.nspname || '.' || quote_ident(r.relname) AS t, quote_ident(a.attname) AS c
        FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid JOIN pg_namespace n ON n.oid = r.relnamespace
        WHERE r.relkind IN ('r', 'p') AND n.nspname IN ('public', 'pgboss') AND a.attnum > 0 AND NOT a.attisdropped
          AND a.atttypid::regtype::text IN ('text', 'json', 'jsonb', 'text[]', 'character varying')`,
    );
    const found: string[] = [];
    for (const { t, c } of columns.filter(({ t }) => t !== 'public.practice')) {
      const [row] = await rowsOf<{ n: number }>(
        house.store,
        Prisma.sql`SELECT count(*)::int AS n FROM ${Prisma.raw(t)} WHERE ${Prisma.raw(c)}::text ILIKE ANY(${words.map((it) => `%${it}%`)})`,
      );
      if (row?.n) found.push(`${t.replace('public.', '')}.${c}`);
    }
    return found.sort();
  }

  /** So many hours later, purged. */
  async function later(hours: number): Promise<void> {
    const { prisma } = house.store;
    await prisma.$executeRaw`UPDATE person SET erased_at = erased_at - make_interval(hours => ${hours}::int)`;
    await prisma.$executeRaw`UPDATE change SET settled_at = settled_at - make_interval(hours => ${hours}::int)`;
    await prisma.$executeRaw`UPDATE act SET at = at - make_interval(hours => ${hours}::int)`;
    await purge(house.store, new Date(Date.now() + hours * 3_600_000));
  }

  /** Where he is found but in AWS's own records. */
  const left = async () =>
    (await traces(WORDS)).filter((it) => !['deal.detail', 'deal.owner_email', 'deal.raw'].includes(it));

  /** He is everywhere: links, flags, lists, copies, notices, requests, Changes of his own and of others about him. */
  async function everywhere(): Promise<string> {
    const { id } = await tom();
    const { prisma } = house.store;
    const deal = (await open()).id;
    await house.act('flag', { id: deal }, { as: LEAD });
    await prisma.flag.create({ data: { personId: id, dealId: deal } });
    await house.act('list', {}, { as: TOM });
    const ref = { kind: 'message', channel: 'D_TOM_KELLER', ts: '1' };
    await keepPosting(house.store, {
      dealId: deal,
      personId: id,
      platform: 'console',
      ref,
      version: 1,
      shown: '',
      timeZone: null,
    });
    const link = {
      platform: 'slack',
      tenant: 'T1',
      userId: 'U_TOM_KELLER',
      personId: id,
      state: 'live',
      way: 'practice',
      address: TOM,
    };
    await prisma.link.create({ data: link });
    await prisma.home.create({
      data: { platform: 'console', tenant: 'T1', user: 'U_TOM_KELLER', personId: id },
    });
    await prisma.person.update({
      where: { email: TEAM.users[0] ?? '' },
      data: { reportsTo: id, backup: id },
    });
    const offered = await house.idOf('Pinecrest Outfitters');
    await house.act('offer', { id: offered, people: id }, { as: TEAM.manager });
    await house.act('transfer', { id: deal, person: id }, { as: LEAD });
    await house.quiet();
    await house.act('next-step', { id: deal, text: 'Demo next week' }, { as: TOM, key: PRESSED });
    await house.quiet();
    await inTheClock(id, deal);
    return id;
  }

  /** His digest stands in chat; he has switches, news, a reminder, a nudge, covers and places in routing rules. */
  async function inTheClock(id: string, dealId: string): Promise<void> {
    const { prisma } = house.store;
    const now = new Date();
    const lead = await prisma.person.findUniqueOrThrow({ where: { email: LEAD } });
    const subscription = await prisma.subscription.create({ data: { personId: id, nextAt: now } });
    await prisma.digest.create({
      data: {
        ...{ subscriptionId: subscription.id, day: now, dueAt: now, sentAt: now, state: 'sent', shown: '' },
        ...{
          platform: 'console',
          tenant: 'local',
          recipient: 'U_TOM_KELLER',
          ref: { channel: 'D_TOM_KELLER' },
        },
        lines: { create: { nth: 1, section: 'stale', dealId, underId: id } },
      },
    });
    await prisma.quiet.upsert({ where: { personId: id }, create: { personId: id }, update: {} });
    await prisma.news.create({ data: { personId: id, dealId, kind: 'approved', body: {} } });
    await prisma.reminder.create({ data: { personId: id, dealId, at: later30(now), setAt: now } });
    await prisma.nudge.create({ data: { dealId, ownerId: id, byId: lead.id, at: now } });
    await prisma.cover.createMany({
      data: [
        { personId: id, coverId: lead.id, from: now, until: now, byId: id },
        { personId: lead.id, coverId: id, from: now, until: now, byId: lead.id },
      ],
    });
    const offered = {
      personId: lead.id,
      kind: 'offered',
      body: { by: 'Mina Okafor', away: 'Tom Keller' },
      dealId,
    };
    await prisma.notice.create({ data: offered });
    const rule = { fits: {}, byId: id, position: 1 };
    await prisma.route.createMany({
      data: [
        { ...rule, name: 'with others', offerTo: [id, lead.id] },
        { ...rule, name: 'alone', offerTo: [id] },
        { ...rule, name: 'a channel', offerTo: [id], platform: 'slack', tenant: 'T1', room: 'C1' },
      ],
    });
  }
  const later30 = (now: Date) => new Date(now.getTime() + 30 * 60_000);

  test('of the clock nothing of theirs goes on: rules lose them, and one that is left with nobody and no channel ends', async () => {
    const id = await everywhere();
    const { prisma } = house.store;
    const deal = await open();
    // No door of his is open here: it stands as it is.
    await prisma.digest.updateMany({ data: { platform: 'slack', tenant: 'T1' } });
    const { version } = await prisma.deal.findUniqueOrThrow({ where: { id: deal.id } });
    const intro = flat(((await erase({ person: TOM })).reply as Form).intro?.join(' ') ?? '');
    for (const what of ['1 reminder', '2 covers, by them or of their desk', '3 routing rules'])
      expect(intro).toContain(what);
    await erase({ person: id, sure: 'yes' });
    // Colleagues read on the card that he looks at it again.
    expect((await prisma.deal.findUniqueOrThrow({ where: { id: deal.id } })).version).toBeGreaterThan(
      version,
    );
    expect(await prisma.subscription.findMany({ where: { personId: id } })).toMatchObject([
      { offAt: expect.any(Date) },
    ]);
    for (const left of [prisma.quiet, prisma.news, prisma.reminder])
      expect(await (left as typeof prisma.quiet).count({ where: { personId: id } })).toBe(0);
    expect([await prisma.nudge.count(), await prisma.cover.count()]).toEqual([0, 0]);
    const rules = await prisma.route.findMany({ orderBy: { name: 'asc' } });
    expect(
      rules.map(({ name, offerTo, endedAt, byId }) => [name, offerTo.length, endedAt !== null, byId === id]),
    ).toEqual([
      ['a channel', 0, false, true],
      ['alone', 0, true, true],
      ['with others', 1, false, true],
    ]);
    // What stands in chat is kept until it is drawn anew, at most a day.
    await later(2);
    expect(await prisma.digest.count()).toBe(1);
    await prisma.digest.updateMany({ data: { drawnAt: new Date(Date.now() + 60_000) } });
    await later(1);
    expect([
      await prisma.digest.count(),
      await prisma.digestLine.count(),
      await prisma.subscription.count(),
    ]).toEqual([0, 0, 0]);
  });

  test.each(['erased', 'revoked'])(
    'what came to a colleague only because they cover him goes when he is %s, what they have otherwise stays',
    async (how) => {
      const { prisma } = house.store;
      const [priya = '', , lucia = ''] = TEAM.users;
      const deals = [await house.idOf('Pinecrest Outfitters'), await house.practice.script.newReferral()];
      await house.aws.sync();
      const [only = '', both = ''] = deals;
      const untilDate = addDays(dayIn(new Date(), 'UTC'), 5);
      for (const as of [TOM, lucia]) {
        const cover = await house.act('cover', { untilDate, person: 'Priya Raman', sure: 'yes' }, { as });
        expect(cover.reply).toMatchObject({
          kind: 'note',
          text: expect.stringContaining('Priya Raman covers'),
        });
      }
      for (const id of deals) await house.act('offer', { id, people: TOM }, { as: LEAD });
      await house.act('offer', { id: both, people: lucia }, { as: LEAD });
      const { id: personId } = await prisma.person.findUniqueOrThrow({ where: { email: priya } });
      const theirs = async () => {
        const rows = await prisma.offer.findMany({ where: { personId } });
        return rows.map(({ dealId, byCover }) => [dealId, byCover]).sort();
      };
      expect(await theirs()).toEqual(deals.map((id) => [id, true]).sort());
      const { version } = await prisma.deal.findUniqueOrThrow({ where: { id: only } });
      if (how === 'erased') await erase({ person: TOM, sure: 'yes' });
      else await house.act('people', { do: 'revoke', person: (await tom()).id, sure: 'yes' });
      await tendCovers(house.store, new Date());
      expect(await prisma.cover.count({ where: { endedAt: null } })).toBe(1);
      expect(await theirs()).toEqual([[both, true]]);
      expect((await house.act('show', { id: only }, { as: priya })).ok).toBe(false);
      const after = await prisma.deal.findUniqueOrThrow({ where: { id: only } });
      expect(after.version).toBeGreaterThan(version);
    },
  );

  test('what is removed and what stays is shown first, with the deals to hand over; nothing happens before “Erase”', async () => {
    const id = await everywhere();
    const { reply, ok } = await erase({ person: 'Tom Keller' });
    expect(ok).toBe(true);
    const form = reply as Form;
    const said = flat((form.intro ?? []).join(' '));
    // Who it is comes first, then each of their deals in a line of its own.
    expect(said).toMatch(/^Tom Keller \(.*Hand these over first/);
    expect(form.intro).toContainEqual(expect.stringMatching(RegExp(`^· ${(await open()).company}`)));
    for (const what of [
      'Tom Keller (tom.keller@partner.example)',
      '1 link to chat accounts',
      '1 flag',
      '1 copy of deals',
      'cannot be taken back',
      'stays there',
      'hashes',
    ])
      expect(said).toContain(what);
    expect(form.intro).toContain('· 1 flag');
    // Of what there is none, nothing is said.
    expect(said).not.toMatch(/\b0 /);
    expect(form).toMatchObject({ submit: 'Erase', input: { person: id, sure: 'yes' } });
    expect(await tom()).toMatchObject({ firstName: 'Tom', role: 'ACE user', erasedAt: null });
  });

  test('after it nothing in our tables names him but AWS’s own record, and the audit is whole', async () => {
    const id = await everywhere();
    await house.store.prisma
      .$executeRaw`UPDATE change SET found = '{"nextStep": "Ask Tom Keller"}' WHERE kind = 'assign'`;
    expect(await traces(WORDS)).toEqual(
      expect.arrayContaining([
        'act.key',
        'change.act_key',
        'change.found',
        'change.source',
        'change.wish',
        'home.user_id',
        'link.user_id',
        'digest.recipient',
        'digest.ref',
        'notice.body',
        'posting.ref',
      ]),
    );
    expect((await erase({ person: id, sure: 'yes' })).ok).toBe(true);
    const record = await house.store.prisma.person.findUniqueOrThrow({ where: { id } });
    expect(record).toMatchObject({
      ...{
        email: 'former-colleague-1@erased.invalid',
        firstName: 'Former',
        lastName: 'colleague 1',
        role: 'none',
      },
      ...{ otherEmails: [], timeZone: 'UTC', reportsTo: null, backup: null, country: null },
    });
    // A second press is the same act still.
    expect(await house.store.prisma.act.count({ where: { key: PRESSED } })).toBe(1);
    // What stands on his screen is drawn anew first.
    await house.quiet();
    await later(26);
    expect(await left()).toEqual([]);
    const { prisma } = house.store;
    const theirs = { where: { personId: id } };
    for (const table of [
      prisma.link,
      prisma.flag,
      prisma.listing,
      prisma.notice,
      prisma.accessRequest,
      prisma.offer,
      prisma.home,
    ])
      expect(await (table as typeof prisma.flag).count(theirs)).toBe(0);
    expect(await prisma.posting.count({ where: { personId: id, endedAt: null } })).toBe(0);
    expect((await prisma.change.findMany(theirs)).map(({ source }) => source)).toEqual([
      { platform: 'console' },
    ]);
    expect(await prisma.roleChange.findMany({ ...theirs, orderBy: { id: 'desc' }, take: 1 })).toMatchObject([
      { role: 'none' },
    ]);
    expect(await verifyChain(house.store)).toMatchObject({ breaks: [] });
    const { text } = await house.script(
      `history ${(await open()).id}\nhistory\npeople\nhistory --verify\n`,
      LEAD,
    );
    expect(flat(text)).toMatch(/Former colleague 1 asked for next step/);
    expect(flat(text)).toMatch(/change of owner to a former colleague/);
    expect(flat(text)).toMatch(/The record is whole/);
    expect(text).not.toMatch(/Keller/);
  });

  test('at once where it is said with (yes), once however often; the next one gets the next number', async () => {
    const key = randomUUID();
    const { id } = await tom();
    const [one, other] = [
      await erase({ person: id, sure: 'yes' }, { key }),
      await erase({ person: id, sure: 'yes' }, { key }),
    ];
    expect(one.reply).toMatchObject({
      kind: 'note',
      tone: 'done',
      text: expect.stringContaining('Former colleague 1'),
    });
    expect(other.reply).toMatchObject({ kind: 'note', text: expect.stringContaining('erased already') });
    const { text, code } = await house.script('erase Lucía Ferro (yes)\n', LEAD);
    expect([flat(text), code]).toEqual([expect.stringContaining('Former colleague 2'), 0]);
  });

  /** Every row of ours, of tables that erasing writes to. */
  async function everyRow(): Promise<string> {
    const all: string[] = [];
    for (const table of [
      ...WRITTEN,
      'person',
      'home',
      'listing',
      'link_code',
      'access_request',
      'told',
      'act',
    ]) {
      const rows = await rowsOf<{ row: string }>(
        house.store,
        Prisma.sql`SELECT to_jsonb(t)::text AS row FROM ${Prisma.raw(table)} t ORDER BY 1`,
      );
      all.push(...rows.map(({ row }) => `${table} ${row}`));
    }
    return all.join('\n');
  }

  /** From now on writing to this table fails with that SQLSTATE. */
  async function failAt(table: string, state: string): Promise<() => Promise<unknown>> {
    const run = (statement: string) => house.store.prisma.$executeRawUnsafe(statement);
    await run(`CREATE OR REPLACE FUNCTION hold_up() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${state}'; END $$`);
    await run(`CREATE TRIGGER hold_up BEFORE INSERT OR UPDATE OR DELETE ON ${table}
      FOR EACH ROW EXECUTE FUNCTION hold_up()`);
    return () => run(`DROP TRIGGER hold_up ON ${table}`);
  }

  test('has time of its own, whatever the door’s; where that is over too, nothing was erased, and it is said so', async () => {
    const id = await everywhere();
    const before = await everyRow();
    const mend = await failAt('link', 'AD001');
    const { reply, ok } = await erase({ person: id, sure: 'yes' });
    expect([ok, reply]).toEqual([
      false,
      expect.objectContaining({
        tone: 'problem',
        text: expect.stringMatching(/^Not taken, nothing changed/),
      }),
    ]);
    expect(await everyRow()).toBe(before);
    await mend();
    const [key, until] = [randomUUID(), new Date(Date.now() + 5_000)];
    expect((await house.act('erase', { person: id, sure: 'yes' }, { key, until })).ok).toBe(true);
    const { validUntil } = await house.store.prisma.act.findUniqueOrThrow({ where: { key } });
    expect(validUntil.getTime() - until.getTime()).toBeGreaterThan(10_000);
  });

  test('wherever the database fails on the way, all of it is undone, the person keeps their access, and nothing is said of AWS', async () => {
    const id = await everywhere();
    const key = randomUUID();
    // No door of his is open here: this copy stays.
    const copy = { dealId: (await open()).id, personId: id, platform: 'slack', ref: { ts: '2' } };
    await keepPosting(house.store, { ...copy, version: 10_000, shown: '', timeZone: null });
    for (const table of WRITTEN) {
      const before = await everyRow();
      const mend = await failAt(table, 'P0001');
      const { reply, ok } = await erase({ person: id, sure: 'yes' }, { key });
      await mend();
      expect([table, ok, reply]).toEqual([
        table,
        false,
        expect.objectContaining({ tone: 'problem', text: expect.stringContaining('nothing was changed') }),
      ]);
      expect(JSON.stringify(reply)).not.toContain('AWS');
      expect([table, (await everyRow()) === before]).toEqual([table, true]);
    }
    expect(await tom()).toMatchObject({ role: 'ACE user', firstName: 'Tom' });
    expect((await erase({ person: id, sure: 'yes' }, { key })).ok).toBe(true);
    expect((await verifyChain(house.store)).breaks).toEqual([]);
  });

  test('where only showing it fails, it is said that it was done, and not that it is on its way to AWS', async () => {
    const { id } = await tom();
    const { backing } = house.store;
    const target: { query: unknown } = backing.kind === 'pglite' ? backing.db : backing.pool;
    const query = target.query;
    if (typeof query !== 'function') throw new Error('It asks.');
    let failed = 0;
    target.query = function (this: unknown, ...args: unknown[]) {
      if (String(args[0]).includes('AS nth FROM person WHERE id =') && ++failed === 1)
        return Promise.reject(new Error('The line broke.'));
      return Reflect.apply(query, this, args);
    };
    const { reply } = await erase({ person: id, sure: 'yes' });
    target.query = query;
    expect([failed, reply]).toEqual([
      1,
      expect.objectContaining({ kind: 'note', tone: 'info', text: expect.stringMatching(/^It was done/) }),
    ]);
    expect(JSON.stringify(reply)).not.toContain('AWS');
    expect(await house.store.prisma.person.findUniqueOrThrow({ where: { id } })).toMatchObject({
      role: 'none',
    });
  });

  test('two at once, and one whose role is changed at that moment: everybody is erased once, with a number of their own', async () => {
    const [priya, , lucia] = await Promise.all(
      TEAM.users.map((email) => house.store.prisma.person.findUniqueOrThrow({ where: { email } })),
    );
    const ids = [priya?.id, (await tom()).id, lucia?.id];
    const [granted, ...erased] = await Promise.all([
      house.act('people', { do: 'grant', who: TOM, role: 'ACE manager' }),
      ...ids.map((person) => erase({ person, sure: 'yes' })),
    ]);
    expect(erased.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(granted?.reply.kind).toBe('note');
    const left = await house.store.prisma.person.findMany({ where: { erasedAt: { not: null } } });
    expect(left.map(({ role, lastName }) => [role, lastName]).sort()).toEqual(
      [1, 2, 3].map((nth) => ['none', `colleague ${nth}`]),
    );
    const steps = await house.store.prisma.roleChange.findMany({ where: { role: 'none' } });
    expect(steps.map(({ personId }) => personId).sort()).toEqual(ids.sort());
  });

  test('the deals still to be handed over stand one in a line, after what stays at AWS', async () => {
    await everywhere();
    const { reply } = await erase({ person: TOM, sure: 'yes' });
    const lines = reply.kind === 'note' ? (reply.lines ?? []) : [];
    expect(lines.slice(0, 2)).toEqual([
      expect.stringContaining('What was written to AWS stays there'),
      expect.stringContaining('Still to be handed over'),
    ]);
    const { company } = await open();
    expect(lines.slice(2).filter((it) => it.startsWith(company ?? ''))).toHaveLength(1);
  });

  test('whoever is erased is nobody here afterwards, also under their old e-mail', async () => {
    await erase({ person: TOM, sure: 'yes' });
    const { text } = await house.script('desk\n', TOM);
    expect(flat(text)).toMatch(/has no access to ace-desk/);
    const { reply } = await erase({ person: TOM });
    expect(reply).toMatchObject({
      kind: 'form',
      errors: { person: expect.stringContaining('I know nobody') },
    });
  });

  test.each([
    ['an ACE manager', TEAM.manager, TOM, /Only the alliance lead erases/],
    ['the alliance team', TEAM.team, TOM, /Only the alliance lead erases/],
    ['the alliance lead, of themselves', LEAD, LEAD, /Nobody erases themselves/],
  ])('%s erases nobody', async (_, as, person, why) => {
    const { reply, ok } = await erase({ person, sure: 'yes' }, { as });
    expect([reply, ok]).toEqual([
      expect.objectContaining({ tone: 'problem', text: expect.stringMatching(why) }),
      false,
    ]);
    expect(await house.store.prisma.person.count({ where: { erasedAt: { not: null } } })).toBe(0);
  });

  test('what they asked and AWS has not seen is taken back with it', async () => {
    const deal = (await open()).id;
    await house.act('transfer', { id: deal, person: (await tom()).id }, { as: LEAD });
    await house.quiet();
    await house.practice.script.down('unreachable');
    const { changeIds } = await house.act('next-step', { id: deal, text: 'Demo' }, { as: TOM });
    const change = () => house.store.prisma.change.findUniqueOrThrow({ where: { id: changeIds[0] ?? '' } });
    await until('it waits', async () => (await change()).state === 'waiting');
    await erase({ person: TOM, sure: 'yes' });
    expect(await change()).toMatchObject({ state: 'cancelled', source: { platform: 'console' } });
    await house.practice.script.up();
    await house.quiet();
    expect((await verifyChain(house.store)).breaks).toEqual([]);
  });

  /** The Change that this act asks for while AWS is down. */
  async function askedInVain(deal: string, person: string): Promise<string> {
    await house.practice.script.down('unreachable');
    const [id = ''] = (await house.act('transfer', { id: deal, person }, { as: LEAD })).changeIds;
    await until('it waits', async () => (await changeOf(id)).state === 'waiting');
    return id;
  }
  const changeOf = (id: string) => house.store.prisma.change.findUniqueOrThrow({ where: { id } });
  const owners = async (id: string) => (await house.effects(id)).filter(({ kind }) => kind === 'assign');

  test('what would give them a deal, whoever asked, is taken back where AWS has not seen it, and says why', async () => {
    const deal = (await open()).id;
    const { id } = await tom();
    const before = (await owners(deal)).length;
    const asked = await askedInVain(deal, id);
    await erase({ person: id, sure: 'yes' });
    const why = expect.stringContaining('whoever it was for has no access');
    expect(await changeOf(asked)).toMatchObject({
      ...{ state: 'cancelled', answer: why, wish: { kind: 'assign', purged: true } },
      source: { user: LEAD },
    });
    const steps = await house.store.prisma.transition.findMany({
      where: { changeId: asked },
      orderBy: { id: 'desc' },
    });
    expect(steps[0]).toMatchObject({ state: 'cancelled', answer: why });
    await house.practice.script.up();
    await house.quiet();
    expect(await owners(deal)).toHaveLength(before);
    expect(await left()).toEqual([]);
    expect((await verifyChain(house.store)).breaks).toEqual([]);
  });

  test('what was with AWS at that moment goes on, and an hour after it is settled it names them no more', async () => {
    const deal = (await open()).id;
    const { id } = await tom();
    const asked = await askedInVain(deal, id);
    const { prisma } = house.store;
    await prisma.$executeRaw`UPDATE change SET sent_at = now() WHERE id = ${asked}::uuid`;
    await erase({ person: id, sure: 'yes' });
    expect(await changeOf(asked)).toMatchObject({ state: 'waiting', wish: { to: { email: TOM } } });
    await later(26);
    expect(await changeOf(asked)).toMatchObject({ wish: { to: { email: TOM } } });
    await house.practice.script.up();
    await house.quiet();
    expect(await changeOf(asked)).toMatchObject({ state: 'confirmed' });
    await prisma.$executeRaw`UPDATE change SET found = '{"nextStep": "Ask Tom Keller"}', answer = 'Tom Keller has it.'`;
    expect(await left()).toEqual(expect.arrayContaining(['change.answer', 'change.found', 'change.wish']));
    await later(2);
    expect(await left()).toEqual([]);
    expect(await changeOf(asked)).toMatchObject({ source: { user: LEAD }, found: null, answer: null });
    expect((await changeOf(asked)).source).not.toHaveProperty('forget');
    expect((await verifyChain(house.store)).breaks).toEqual([]);
  });

  test('what was with AWS and came to nothing there is not sent again for them', async () => {
    const deal = (await open()).id;
    const { id } = await tom();
    const before = (await owners(deal)).length;
    const asked = await askedInVain(deal, id);
    const { prisma } = house.store;
    await prisma.$executeRaw`UPDATE change SET sent_at = now() WHERE id = ${asked}::uuid`;
    await erase({ person: id, sure: 'yes' });
    await prisma.$executeRaw`UPDATE change SET sent_at = NULL WHERE id = ${asked}::uuid`;
    await purge(house.store, new Date());
    const answer = expect.stringContaining('whoever it was for has no access');
    expect(await changeOf(asked)).toMatchObject({ state: 'cancelled', answer });
    await house.practice.script.up();
    await house.quiet();
    expect(await owners(deal)).toHaveLength(before);
    await later(26);
    expect(await left()).toEqual([]);
    expect((await verifyChain(house.store)).breaks).toEqual([]);
  });

  test('a deal that goes from them to a colleague still goes there, and then nothing says from whom', async () => {
    const deal = (await open()).id;
    const { id } = await tom();
    await house.act('transfer', { id: deal, person: id }, { as: LEAD });
    await house.quiet();
    const priya = await house.store.prisma.person.findUniqueOrThrow({
      where: { email: TEAM.users[0] ?? '' },
    });
    const asked = await askedInVain(deal, priya.id);
    await erase({ person: id, sure: 'yes' });
    expect(await changeOf(asked)).toMatchObject({ state: 'waiting' });
    await house.practice.script.up();
    await house.quiet();
    expect(await changeOf(asked)).toMatchObject({ state: 'confirmed' });
    expect(await left()).toEqual(expect.arrayContaining(['change.wish']));
    await later(26);
    expect(await left()).toEqual([]);
    expect((await verifyChain(house.store)).breaks).toEqual([]);
  });

  test('where chat cannot be reached their copies and homes are kept for a day, to be drawn anew; who it was, not', async () => {
    const { id: personId } = await tom();
    const dealId = (await open()).id;
    const { prisma } = house.store;
    const copy = { dealId, personId, platform: 'slack', version: 3, shown: 'all of it' };
    const room = { tenant: 'T1', room: 'C1', userId: 'U_TOM_KELLER' };
    const card = await prisma.posting.create({ data: { ...copy, ref: { ts: '1' }, ...room } });
    const drawn = await prisma.posting.create({ data: { ...copy, ref: { ts: '2' } } });
    const home = { platform: 'slack', tenant: 'T1', user: 'U_TOM_KELLER', personId };
    await prisma.home.create({ data: home });
    const again = new Date(Date.now() + 60_000);
    await prisma.home.create({ data: { ...home, tenant: 'T2', drawnAt: again } });
    await erase({ person: personId, sure: 'yes' });
    expect(await prisma.posting.findMany({ where: { personId }, orderBy: { id: 'asc' } })).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: card.id, userId: '', ref: { ts: '1' }, version: -1, endedAt: null }),
        expect.objectContaining({ id: drawn.id, userId: null, ref: { ts: '2' }, version: -1, endedAt: null }),
      ]),
    );
    await prisma.posting.update({ where: { id: drawn.id }, data: { version: 4 } });
    const refs = async () =>
      (await prisma.posting.findMany({ where: { endedAt: null } })).map(({ ref }) => ref);
    await later(2);
    expect([await refs(), await prisma.home.count()]).toEqual([[{ ts: '1' }], 1]);
    await later(24);
    expect([await refs(), await prisma.home.count()]).toEqual([[], 0]);
    expect(await prisma.posting.count({ where: { ref: { not: {} } } })).toBe(0);
  });
});
