/** Finding forgives what people type, and shows nobody more than they may see: not in results, not in mended slips. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Deal, Opportunity, Referral } from '../../src/pipeline/deal.ts';
import type { Person, Role } from '../../src/pipeline/person.ts';
import { loadMany } from '../../src/store/deals.ts';
import { duplicatesOf, find } from '../../src/store/find.ts';
import { findPerson } from '../../src/store/people.ts';
import type { Store } from '../../src/store/store.ts';
import { databases } from '../support/databases.ts';

const PRIYA = 'priya@partner.example';

describe.each(databases)('finding, on $name', ({ open }) => {
  let store: Store;
  let lead: Person;
  let team: Person;
  let priya: Person;
  beforeAll(async () => {
    store = await open();
    lead = await person('lead@partner.example', 'alliance lead');
    team = await person('team@partner.example', 'alliance team');
    priya = await person(PRIYA, 'ACE user');
    await keep([
      ['O1', 'Tamarind Airways', 'One data lake'],
      ['O2', 'Müller & Söhne GmbH', 'SAP without hardware', { owner: PRIYA }],
      ['O3', 'O\'Malley, "Finch" & Sons', 'Contact centre in the cloud'],
      ['O4', 'Brightside 🚀 Robotics', 'Audit-ready', { owner: PRIYA }],
      ['O5', 'Кедр Логистика', 'Data lake for the north'],
      ['O6', 'Data Harbour', 'Backups'],
      ['O7', 'Harbour Data Works', 'Backups', { stage: 'Closed Lost' }],
      ['O8', '🙂🙂', 'A name without letters'],
      ['O9', 'Lucía Peñas', 'Forecasts'],
      ['O10', 'Łódź Østfold Straße', 'Trams'],
      ['O11', '東京電力株式会社', 'Grid'],
      ['O12', "100%_sure' \\ Ltd", 'Odd signs'],
      ['O13', 'Quixote Mills', 'Windmills'],
      ['O14', 'Quixote Mills', 'More windmills'],
    ]);
  });
  afterAll(() => store.close());

  const person = async (email: string, role: Role): Promise<Person> => {
    await store.prisma.person.create({ data: { email, firstName: 'A', lastName: 'B', role } });
    return (await findPerson(store, email)) as Person;
  };
  type Line = [string, string, string, (Partial<Omit<Opportunity, 'owner'>> & { owner?: string })?];
  const keep = async (lines: Line[]) => {
    for (const [id, company, title, more = {}] of lines) {
      const detail = { ...opportunity(id, company, title), ...more, owner: { name: '', email: more.owner } };
      await store.prisma.deal.create({
        data: {
          ...{ id, company, title, kind: 'opportunity', status: 'Approved', origin: 'Partner Referral' },
          ...{
            stage: detail.stage,
            ownerEmail: more.owner ?? null,
            detail: JSON.parse(JSON.stringify(detail)),
            raw: {},
          },
        },
      });
    }
  };
  const idsOf = async (phrase: string, who = lead, limit = 10) =>
    (await find(store, who, phrase, limit)).deals.map(({ deal }) => deal.id);

  test.each([
    ['O1', ['O1']],
    ['o1', ['O1']],
    ['tamarind airways', ['O1']],
    ['TAMARIND', ['O1']],
    ['tam', ['O1']],
    ['ta', ['O1']],
    ['airways tamarind', ['O1']],
    ['airw tama', ['O1']],
    ['lake tamarind', ['O1']],
    ['Tamarind Airways Ltd.', ['O1']],
    ['“Tamarind-Airways”!?', ['O1']],
    ['muller sohne', ['O2']],
    ['Müller und', []],
    ['MÜLLER AND SÖHNE', ['O2']],
    ['Mu\u0308ller', ['O2']],
    ['Müller Söhne G.m.b.H.', ['O2']],
    ['omalley finch', ['O3']],
    ['O’Malley', ['O3']],
    ['brightside robotics 🚀', ['O4']],
    ['КЕДР', ['O5']],
    ['lucia penas', ['O9']],
    ['lodz ostfold strasse', ['O10']],
    ['東京', ['O11']],
    ['🙂🙂', ['O8']],
    ['🙂', []],
    ['100% sure', ['O12']],
    ['%', []],
    ["' | ! :* \\", []],
    ['nothing like that', []],
    ['', []],
  ])('%j finds %j', async (phrase, ids) => {
    expect(await idsOf(phrase)).toEqual(ids);
  });

  test('best first: the name, its beginning, a word of it, then the title; what is over last of its kind', async () => {
    await keep([
      ['O20', 'Data', 'A short name'],
      ['O21', 'Big Data Farm', 'Barns'],
    ]);
    expect(await idsOf('data')).toEqual(['O20', 'O6', 'O21', 'O7', 'O5', 'O1']);
    await store.prisma.deal.deleteMany({ where: { id: { in: ['O20', 'O21'] } } });
  });

  test.each([
    ['tamrind', ['O1'], [{ typed: 'tamrind', meant: ['tamarind'] }]],
    ['tamarindd', ['O1'], [{ typed: 'tamarindd', meant: ['tamarind'] }]],
    ['tamarimd', ['O1'], [{ typed: 'tamarimd', meant: ['tamarind'] }]],
    ['tamraind', ['O1'], [{ typed: 'tamraind', meant: ['tamarind'] }]],
    ['amarind', ['O1'], [{ typed: 'amarind', meant: ['tamarind'] }]],
    [
      'tamrind airwys',
      ['O1'],
      [
        { typed: 'tamrind', meant: ['tamarind'] },
        { typed: 'airwys', meant: ['airways'] },
      ],
    ],
    ['tamrind airw', ['O1'], [{ typed: 'tamrind', meant: ['tamarind'] }]],
    ['mueller', ['O2'], [{ typed: 'mueller', meant: ['muller'] }]],
    ['Кедо', ['O5'], [{ typed: 'кедо', meant: ['кедр'] }]],
    ['tmrnd', [], []],
    ['tamrind harbour', [], []],
    ['datq lake', ['O5', 'O1'], [{ typed: 'datq', meant: ['data'] }]],
  ])('a slip is mended: %j finds %j', async (phrase, ids, slips) => {
    const found = await find(store, lead, phrase, 10);
    expect([found.deals.map(({ deal }) => deal.id), found.slips]).toEqual([ids, slips]);
  });

  test('nothing is mended where something fits as it was typed', async () => {
    await keep([['O30', 'Tamarin Zoo', 'Monkeys']]);
    expect(await find(store, lead, 'tamarin zoo', 10)).toMatchObject({ slips: [] });
    expect(await idsOf('tamarin')).toEqual(['O30', 'O1']);
    await store.prisma.deal.delete({ where: { id: 'O30' } });
  });

  test('exact is by letter, case apart: accents and signs make a name that is only near', async () => {
    const exact = async (phrase: string) => (await find(store, lead, phrase, 10)).exact;
    expect(await exact('TAMARIND AIRWAYS')).toBe(1);
    expect(await exact('O1')).toBe(1);
    expect(await exact('quixote mills')).toBe(2);
    expect(await exact('🙂🙂')).toBe(1);
    for (const near of ['Tamarind', 'tamarind-airways', 'lucia penas', 'tamrind airways'])
      expect(await exact(near)).toBe(0);
  });

  test('more than asked for is said, never counted out', async () => {
    expect(await find(store, lead, 'quixote', 1)).toMatchObject({
      deals: [{ deal: { company: 'Quixote Mills' } }],
      more: true,
    });
    expect(await find(store, lead, 'quixote', 2)).toMatchObject({ more: false });
  });

  test('an ACE user finds what is theirs, and nothing of others leads to a mended word', async () => {
    expect(await idsOf('robotics', priya)).toEqual(['O4']);
    expect(await idsOf('robotcs', priya)).toEqual(['O4']);
    for (const hidden of ['O1', 'tamarind', 'tam', 'Tamarind Airways', 'data'])
      expect(await find(store, priya, hidden, 10)).toEqual({ deals: [], exact: 0, more: false, slips: [] });
    expect(await find(store, priya, 'tamrind', 10)).toEqual(await find(store, priya, 'xxxxxxx', 10));
    const stranger: Person = { ...priya, role: 'none' };
    expect(await find(store, stranger, 'robotics', 10)).toEqual(await find(store, stranger, 'xxxxxxx', 10));
  });

  test('a Partner Solutions Finder lead is found by the alliance lead alone, right or with a slip', async () => {
    await store.prisma.deal.create({
      data: {
        id: 'eng-00000000000001',
        kind: 'lead',
        company: 'Zephyrine Mills',
        title: 'From the finder',
        status: 'Open',
        psf: true,
        detail: {
          kind: 'lead',
          id: 'eng-00000000000001',
          company: 'Zephyrine Mills',
          title: '',
          source: 'AWS Partner Solutions Finder',
          contacts: [],
        },
        raw: {},
      },
    });
    for (const phrase of ['zephyrine', 'zephrine', 'eng-00000000000001', 'finder']) {
      expect(await idsOf(phrase)).toEqual(['eng-00000000000001']);
      expect(await find(store, team, phrase, 10)).toEqual({ deals: [], exact: 0, more: false, slips: [] });
    }
  });

  test('what is gone is not found, and a name that AWS changed is found by the new one only', async () => {
    await keep([['O40', 'Oldname Orchards', 'Apples']]);
    expect(await idsOf('oldname')).toEqual(['O40']);
    await store.prisma.deal.update({ where: { id: 'O40' }, data: { company: 'Newbrand Orchards' } });
    expect(await idsOf('oldname')).toEqual([]);
    expect(await idsOf('newbrnd')).toEqual(['O40']);
    await store.prisma.deal.update({ where: { id: 'O40' }, data: { goneAt: new Date() } });
    for (const phrase of ['O40', 'newbrand']) expect(await idsOf(phrase)).toEqual([]);
  });

  test('an accepted referral is found as its opportunity; by its own id as itself', async () => {
    await keep([['O50', 'Cobaltine Foods', 'Kitchens']]);
    const id = 'engi-0000000000050';
    await store.prisma.deal.create({
      data: {
        id,
        kind: 'referral',
        company: 'Cobaltine Foods',
        title: 'Kitchens',
        status: 'ACCEPTED',
        successor: 'O50',
        detail: JSON.parse(JSON.stringify(referral(id, 'Cobaltine Foods'))),
        raw: {},
      },
    });
    expect(await idsOf('cobaltine')).toEqual(['O50']);
    expect(await idsOf(id.toUpperCase())).toEqual([id]);
  });

  test('hostile texts are found as text and break nothing', async () => {
    const company = '\ufdfa'.repeat(120);
    await keep([['O60', company, 'x'.repeat(255)]]);
    expect(await idsOf(company)).toEqual(['O60']);
    for (const phrase of [
      'a'.repeat(200),
      "a'b\\c ".repeat(33),
      'ﷺ'.repeat(200),
      '&|!()<->:*',
      ' \u0000'.replace('\u0000', ''),
      'ab '.repeat(66),
    ])
      expect(await idsOf(phrase)).toEqual(expect.any(Array));
  });

  describe('possible duplicates', () => {
    const ids = async (of: Deal, who = lead, limit = 5) =>
      (await duplicatesOf(store, who, of, limit)).map(({ deal }) => deal.id);
    beforeAll(async () => {
      await keep([
        ['O70', 'Marlow Street Pharmacies Ltd', 'Calls', { owner: PRIYA }],
        ['O71', 'Another Name', 'Calls'],
        ['O72', 'MARLOW STREET PHARMACIES', 'Lost', { stage: 'Closed Lost' }],
        ['O73', 'Marlow Street Pharmacies', 'Gone'],
        ['O74', 'Marlow Street Pharmacies', 'Theirs'],
        ['O75', 'Marlow Street Pharmacies', 'Rejected'],
        ['O76', 'Mailbox Makers', 'Mail'],
        ['O77', 'Marlow Street Pharmacies', 'Draft'],
      ]);
      const set = (id: string, data: object) => store.prisma.deal.update({ where: { id }, data });
      await set('O71', { domain: 'marlow.example' });
      await set('O73', { goneAt: new Date() });
      await set('O74', { origin: 'AWS Referral' });
      await set('O75', { status: 'Rejected' });
      await set('O76', { domain: 'gmail.com' });
      await set('O77', { status: 'Pending Submission' });
    });
    const offered = (more: Partial<Referral>) => ({
      ...referral('engi-0000000000070', 'Marlow Street Pharmacies'),
      ...more,
    });

    test('same name whatever its legal form, or same host: ours, still alive, both first', async () => {
      expect((await ids(offered({ website: 'https://www.Marlow.example/shops' }))).sort()).toEqual([
        'O70',
        'O71',
      ]);
      expect(await ids(offered({ company: 'Someone Else', website: 'marlow.example' }))).toEqual(['O71']);
      expect(await ids(offered({ company: 'marlow street pharmacies GmbH & Co. KG' }))).toEqual(['O70']);
      await store.prisma.deal.update({ where: { id: 'O70' }, data: { domain: 'marlow.example' } });
      expect(await ids(offered({ website: 'marlow.example' }))).toEqual(['O70', 'O71']);
      expect(await ids(offered({ website: 'marlow.example' }), lead, 1)).toEqual(['O70']);
    });

    test('mailboxes and social pages make no two customers one, and no name is no name', async () => {
      expect(await ids(offered({ company: 'Nobody', website: 'https://gmail.com' }))).toEqual([]);
      expect(await ids(offered({ company: 'Nobody', website: 'https://de.linkedin.com/company/x' }))).toEqual(
        [],
      );
      expect(await ids(offered({ company: '🙂' }))).toEqual([]);
    });

    test('only what the reader may see', async () => {
      expect(await ids(offered({ website: 'marlow.example' }), priya)).toEqual(['O70']);
      expect(await ids(offered({ website: 'marlow.example' }), { ...priya, role: 'none' })).toEqual([]);
    });

    test('never the deal itself', async () => {
      const [own] = await loadMany(store, ['O70']);
      expect(own && (await ids(own.deal))).toEqual([]);
    });
  });
});

const opportunity = (id: string, company: string, title: string): Opportunity => ({
  ...{ kind: 'opportunity', id, company, title, stage: 'Qualified', reviewStatus: 'Approved' },
  ...{ origin: 'Partner Referral', nextSteps: [], nationalSecurity: false, solutions: [], contacts: [] },
  createdAt: '2026-01-01T00:00:00.000Z',
});

const referral = (id: string, company: string): Referral => ({
  ...{
    kind: 'referral',
    id,
    company,
    title: 'Calls',
    status: 'PENDING',
    awsContacts: [],
    responsibilities: [],
  },
  invitedAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2099-01-01T00:00:00.000Z',
  sender: { account: 'aws', company: 'AWS' },
});
