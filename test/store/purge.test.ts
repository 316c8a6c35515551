/** Data at rest: once access to a record has ended nothing here names its customer's people, and the audit stays whole. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Contact } from '../../src/pipeline/deal.ts';
import { jobs } from '../../src/schedule/jobs.ts';
import { verifyChain } from '../../src/store/audit.ts';
import { type Act, request } from '../../src/store/changes.ts';
import { type Entry, load, saveMirror } from '../../src/store/deals.ts';
import { Prisma } from '../../src/store/generated/client.ts';
import { receive } from '../../src/store/postings.ts';
import { ENDINGS, purge } from '../../src/store/purge.ts';
import { markGone } from '../../src/store/reading.ts';
import { rowsOf } from '../../src/store/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { databases } from '../support/databases.ts';
import { lead, opportunity, referral } from './entries.ts';

const JANE: Contact = {
  name: 'Jana Plantová-Smith',
  email: 'jana.plant@customer.example',
  phone: '+44 20 7946 0018',
  title: 'Chief Planting Officer',
};
/** What must not be found anywhere, in any spelling of it. */
const PLANTED = ['jana', 'plantov', 'jana.plant@', '7946 0018', '79460018', 'planting'];
const RAW = {
  FirstName: 'Jana',
  LastName: 'Plantová-Smith',
  Email: JANE.email,
  Phone: '+442079460018',
  BusinessTitle: JANE.title,
};
const OURS = {
  FirstName: 'Ana',
  LastName: 'Silva',
  Email: 'ana@partner.example',
  BusinessTitle: 'OpportunityOwner',
};

test('it is done every hour', async () => {
  const nothing = async () => {};
  const ran: Date[] = [];
  const others = { digests: nothing, clocks: nothing, news: nothing, reminders: nothing };
  const tasks = {
    sync: nothing,
    refresh: nothing,
    replay: nothing,
    sweep: nothing,
    doors: nothing,
    ...others,
  };
  const job = jobs({ ...tasks, purge: async (now) => void ran.push(now) }, false).find(
    ({ name }) => name === 'purge',
  );
  expect(job?.cron).toMatch(/^\d+ \* \* \* \*$/);
  await job?.run(new Date(0));
  expect(ran).toEqual([new Date(0)]);
});

describe.each(databases)('the purge, on $name', ({ open }) => {
  let store: Store;
  let personId: string;
  beforeAll(async () => {
    store = await open();
    const data = { email: 'ana@partner.example', firstName: 'Ana', lastName: 'Silva', role: 'alliance lead' };
    personId = (await store.prisma.person.create({ data })).id;
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await store.prisma.deal.deleteMany();
  });

  const act = (): Act => ({
    key: randomUUID(),
    verb: 'next-step',
    personId,
    source: { platform: 'slack' },
    until: new Date(Date.now() + 60_000),
  });
  const inAnHour = () => new Date(Date.now() + 3_700_000);

  /** Every text of every table that holds one of these, by table and column. */
  const traces = async (words = PLANTED): Promise<string[]> => {
    const columns = await rowsOf<{ t: string; c: string }>(
      store,
      Prisma.sql`SELECT n.nspname || '.' || quote_ident(r.relname) AS t, quote_ident(a.attname) AS c
        FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid JOIN pg_namespace n ON n.oid = r.relnamespace
        WHERE r.relkind IN ('r', 'p') AND n.nspname IN ('public', 'pgboss') AND a.attnum > 0 AND NOT a.attisdropped
          AND a.atttypid::regtype::text IN ('text', 'json', 'jsonb', 'text[]', 'character varying', 'tsvector')`,
    );
    const found: string[] = [];
    for (const { t, c } of columns) {
      const [row] = await rowsOf<{ n: number }>(
        store,
        Prisma.sql`SELECT count(*)::int AS n FROM ${Prisma.raw(t)} WHERE ${Prisma.raw(c)}::text ILIKE ANY(${words.map((it) => `%${it}%`)})`,
      );
      if (row?.n) found.push(`${t}.${c}`);
    }
    return found.sort();
  };

  /** An opportunity whose every part names her. */
  const planted = () => {
    const entry = opportunity({
      contacts: [JANE],
      nextStep: 'Call Jana on +44 (20) 7946-0018',
      nextSteps: [
        { text: 'Mail jana.plant@customer.example, ask Plantová-Smith', at: '2026-02-01T00:00:00.000Z' },
      ],
      businessProblem: 'Jana Plantová-Smith wants to move.',
      owner: { name: 'Ana Silva', email: 'ana@partner.example' },
      aws: {
        nextStep: 'We met JANA PLANTOVÁ-SMITH',
        contacts: [{ name: 'Paul Amazon', email: 'paul@amazon.example' }],
      },
    });
    const customer = { Contacts: [RAW], Account: { CompanyName: 'Acme' } };
    const raw = {
      GetOpportunity: {
        Customer: customer,
        LifeCycle: { NextSteps: 'Call Jana on +44 (20) 7946-0018' },
        OpportunityTeam: [OURS],
        NewOfAws: [{ Said: 'ask for Jana please' }],
      },
      GetAwsOpportunitySummary: { Customer: { Contacts: [RAW] }, OpportunityTeam: [{ FirstName: 'Paul' }] },
    };
    return { ...entry, raw };
  };

  /** What was asked of it: a next step that names her, AWS's answer, what stood there instead. */
  const ask = async (id: string) => {
    const version = (await load(store, id))?.version ?? 0;
    const wish = { kind: 'update' as const, base: {}, set: { nextStep: 'Lunch with Jana on Friday' } };
    const taken = await request(store, act(), { id, version }, [{ wish }]);
    const changeId = ('changeIds' in taken && taken.changeIds[0]) || '';
    const answer = 'Somebody else wrote “Jana left the company”.';
    await store.prisma.change.update({
      where: { id: changeId },
      data: {
        state: 'conflict',
        settledAt: new Date(),
        answer,
        found: { nextStep: 'Jana left the company' },
      },
    });
    await store.prisma.transition.create({ data: { changeId, state: 'conflict', answer } });
    return changeId;
  };

  const endIt = async (entry: Entry) => {
    await saveMirror(store, [entry], 0n);
    await ask(entry.deal.id);
    await markGone(store, [entry.deal.id], 0n, new Date());
  };

  test('before access ends she stands where she should; after it nothing in any table names her, and the audit is whole', async () => {
    const entry = planted();
    await saveMirror(store, [entry], 0n);
    const changeId = await ask(entry.deal.id);
    await receive(store, 'slack', randomUUID(), { text: 'next step for Acme: lunch with Jana on Friday' });
    const wanted = { text: 'next step for Acme: lunch with Jana on Friday' };
    await store.prisma.accessRequest.create({ data: { personId, wanted, source: {} } });
    const body = { by: 'Ana Silva', role: 'ACE user', wanted };
    await store.prisma.notice.create({ data: { personId, kind: 'access-granted', body } });
    await purge(store, new Date());
    expect(await traces()).toEqual([
      ...[
        'public.access_request.wanted',
        'public.change.answer',
        'public.change.found',
        'public.change.wish',
      ],
      ...[
        'public.deal.detail',
        'public.deal.raw',
        'public.inbox.body',
        'public.notice.body',
        'public.transition.answer',
      ],
    ]);
    await markGone(store, [entry.deal.id], 0n, new Date());
    expect(await purge(store, inAnHour())).toBe(1);
    expect(await traces()).toEqual([]);
    expect(await verifyChain(store)).toMatchObject({ breaks: [] });
    const { wish } = await store.prisma.change.findUniqueOrThrow({ where: { id: changeId } });
    expect(wish).toEqual({ kind: 'update', base: {}, set: {}, purged: true });
    const digests = await store.prisma.transition.findMany({ where: { changeId }, orderBy: { id: 'asc' } });
    expect(digests.map((it) => [it.answer, it.wishDigest !== null || it.answerDigest !== null])).toEqual([
      [null, true],
      [null, true],
    ]);
  });

  test('AWS’s people and our own stay, and so does what names nobody', async () => {
    const entry = planted();
    await endIt(entry);
    await purge(store, new Date());
    const row = await store.prisma.deal.findUniqueOrThrow({ where: { id: entry.deal.id } });
    expect(row.detail).toMatchObject({
      company: 'Acme',
      contacts: [],
      nextStep: 'Call … on …',
      owner: { name: 'Ana Silva' },
      aws: { nextStep: 'We met …', contacts: [{ name: 'Paul Amazon' }] },
    });
    expect(row.raw).toMatchObject({
      GetOpportunity: {
        Customer: { Contacts: [], Account: { CompanyName: 'Acme' } },
        OpportunityTeam: [OURS],
      },
      GetAwsOpportunitySummary: { Customer: { Contacts: [] }, OpportunityTeam: [{ FirstName: 'Paul' }] },
    });
  });

  test('news of AWS’s sellers, which holds digests of who was there before, goes with it; other news stays', async () => {
    const [entry, other] = [planted(), planted()];
    await saveMirror(store, [other], 0n);
    await store.prisma.news.createMany({
      data: [entry, other].flatMap(({ deal: { id: dealId } }) => [
        { personId, dealId, kind: 'aws-seller', body: { before: ['0a1b'] } },
        { personId, dealId, kind: 'approved', body: {} },
      ]),
    });
    await endIt(entry);
    await purge(store, inAnHour());
    const left = async (dealId: string) =>
      (await store.prisma.news.findMany({ where: { dealId, kind: { in: ['aws-seller', 'approved'] } } }))
        .map(({ kind }) => kind)
        .sort();
    expect(await left(entry.deal.id)).toEqual(['approved']);
    expect(await left(other.deal.id)).toEqual(['approved', 'aws-seller']);
    await store.prisma.news.deleteMany();
  });

  test('a wish that was purged is no break, and any other wish in its place is', async () => {
    const entry = planted();
    await endIt(entry);
    await purge(store, new Date());
    const where = { dealId: entry.deal.id };
    for (const wish of [
      { kind: 'update', base: {}, set: { stage: 'Closed Lost' }, purged: true },
      { kind: 'reject', reason: '', purged: true },
      {},
    ]) {
      await store.prisma.change.updateMany({ where, data: { wish } });
      expect((await verifyChain(store)).breaks).toMatchObject([{ what: 'wish', dealId: entry.deal.id }]);
    }
    await store.prisma.change.updateMany({
      where,
      data: { wish: { kind: 'update', base: {}, set: {}, purged: true } },
    });
    expect((await verifyChain(store)).breaks).toEqual([]);
  });

  test('an answer can be purged and not rewritten, and nothing else of a step can be', async () => {
    const entry = planted();
    await endIt(entry);
    const set = (what: string) =>
      store.prisma.$executeRawUnsafe(`UPDATE transition SET ${what} WHERE answer IS NOT NULL`);
    for (const what of [
      "answer = 'Never mind.'",
      "answer = NULL, state = 'refused'",
      'answer_digest = NULL',
      'at = now()',
    ])
      await expect(set(what)).rejects.toThrow('append-only');
    await expect(store.prisma.transition.deleteMany()).rejects.toThrow('append-only');
    expect(await set('answer = NULL')).toBeGreaterThan(0);
    await purge(store, inAnHour());
    expect((await verifyChain(store)).breaks).toEqual([]);
  });

  /** How access to a record ends; each makes one, ends it, and says which row to look at. */
  const ended: Record<string, () => Promise<string>> = {
    'AWS no longer gives it': async () => {
      const entry = planted();
      await endIt(entry);
      return entry.deal.id;
    },
    'we rejected the invitation': () => invited('REJECTED'),
    'the invitation expired': () => invited('EXPIRED'),
    'AWS rejected it in its review': async () => {
      const entry = planted();
      await saveMirror(store, [{ ...entry, deal: { ...entry.deal, reviewStatus: 'Rejected' } }], 0n);
      return entry.deal.id;
    },
    'what the invitation became is gone': async () => {
      const entry = planted();
      const id = await invited('ACCEPTED', entry.deal.id);
      await saveMirror(store, [entry], 0n);
      await markGone(store, [entry.deal.id], 0n, new Date());
      return id;
    },
  };
  async function invited(status: 'REJECTED' | 'EXPIRED' | 'ACCEPTED', successor?: string): Promise<string> {
    const id = `engi-${randomUUID().slice(0, 8)}`;
    const { deal: it } = referral(status, id);
    const { kind: _, awsContacts: __, responsibilities: ___, ...invitation } = it;
    const raw = {
      GetEngagementInvitation: {
        Payload: { LeadInvitation: { Interaction: { ContactBusinessTitle: JANE.title } } },
      },
    };
    const deal = lead(
      {
        contacts: [JANE],
        contactTitle: 'Chief Planting Officer',
        invitation: { ...invitation, ...(successor ? { successor } : {}) },
      },
      id,
    );
    await saveMirror(store, [{ ...deal, raw }], 0n);
    return id;
  }

  test.each(Object.keys(ended))('it is purged when %s', async (how) => {
    const id = (await ended[how]?.()) ?? '';
    expect(await traces(['planting'])).not.toEqual([]);
    await purge(store, inAnHour());
    expect(await traces()).toEqual([]);
    expect((await load(store, id))?.deal.company).toBe('Acme');
  });

  test('every ending of the list is played here', () => {
    expect(Object.keys(ended)).toHaveLength(ENDINGS.length);
  });

  test.each(['Launched', 'Closed Lost'] as const)(
    'what is %s stays the partner’s, with its contacts',
    async (stage) => {
      const entry = planted();
      await saveMirror(store, [{ ...entry, deal: { ...entry.deal, stage } }], 0n);
      await saveMirror(store, [lead({ contacts: [JANE], qualification: 'Disqualified' })], 0n);
      expect(await purge(store, new Date())).toBe(0);
      expect(JSON.stringify((await load(store, entry.deal.id))?.deal)).toContain(JANE.email);
    },
  );

  test('a record that AWS gives again is filled by the next reading, and purged again when it ends again', async () => {
    const entry = planted();
    await endIt(entry);
    await purge(store, new Date());
    await saveMirror(store, [entry], 0n);
    expect((await load(store, entry.deal.id))?.deal).toMatchObject({ contacts: [JANE] });
    expect(await purge(store, inAnHour())).toBe(0);
    await markGone(store, [entry.deal.id], 0n, new Date());
    expect(await purge(store, inAnHour())).toBe(1);
    expect(await traces()).toEqual([]);
  });

  test('what is still on its way to AWS is waited for, word for word', async () => {
    const entry = planted();
    await saveMirror(store, [entry], 0n);
    const changeId = await ask(entry.deal.id);
    await store.prisma.change.update({
      where: { id: changeId },
      data: { state: 'waiting', settledAt: null },
    });
    await markGone(store, [entry.deal.id], 0n, new Date());
    expect(await purge(store, new Date())).toBe(0);
    await store.prisma.change.update({
      where: { id: changeId },
      data: { state: 'conflict', settledAt: new Date() },
    });
    expect(await purge(store, inAnHour())).toBe(1);
    expect(await traces()).toEqual([]);
  });

  test('many are purged in portions, each once, by three at once', async () => {
    const entries = Array.from({ length: 60 }, planted);
    await saveMirror(store, entries, 0n);
    await markGone(
      store,
      entries.map(({ deal }) => deal.id),
      0n,
      new Date(),
    );
    const counts = await Promise.all([1, 2, 3].map(() => purge(store, inAnHour())));
    expect(counts.reduce((sum, it) => sum + it, 0)).toBe(60);
    expect(await traces()).toEqual([]);
    expect(await purge(store, inAnHour())).toBe(0);
  });

  test('an event that nobody has handled yet keeps its words for the hour; its key is known for ever after', async () => {
    const key = randomUUID();
    await receive(store, 'slack', key, { text: 'hello' });
    await purge(store, new Date());
    expect((await store.prisma.inbox.findUniqueOrThrow({ where: { key } })).body).toEqual({ text: 'hello' });
    await purge(store, inAnHour());
    expect((await store.prisma.inbox.findUniqueOrThrow({ where: { key } })).body).toEqual({});
    expect(await receive(store, 'slack', key, { text: 'hello' })).toBe('known');
  });
});
