/** What is only read: desk, list, list pending, show, help; at the console and in Slack. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as vocabulary from '../../src/commands/index.ts';
import { SECTION_IDS, SECTIONS } from '../../src/pipeline/attention.ts';
import { databases } from '../support/databases.ts';
import { flat, TEAM } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { buttonsOf, screenOf } from '../support/slack-screen.ts';

/** The numbered lines of a list: "2. Acme". */
const lines = (text: string): string[] =>
  [...text.matchAll(/^ *(\d+)\. (.+?) – /gm)].map(([, number, company]) => `${number}. ${company}`);

const names = (text: string): string[] => lines(text).map((line) => line.replace(/^\d+\. /, ''));

/** The headings of a list's sections, counts apart. */
const headings = (text: string): string[] =>
  [...text.matchAll(/^(.+: .+) \(\d+.*\)$/gm)].map(([, heading = '']) => heading.split(':')[0] ?? '');

describe.each(databases)('on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  const pendingByDue = async () => {
    const orderBy = [{ dueAt: 'asc' as const }, { id: 'asc' as const }];
    const rows = await house.store.prisma.deal.findMany({
      where: { status: 'PENDING', goneAt: null },
      orderBy,
    });
    return rows.map(({ company }) => company);
  };
  const typed = async (line: string) => (await house.script(`${line}\n`)).text;

  test('the desk shows what is lost first at the top, the same lines under the same numbers in both doors', async () => {
    const [console, slack] = [await typed('desk'), await house.say('ANA', '')];
    const titles = SECTION_IDS.map((id) => SECTIONS[id].title);
    expect(headings(console)).toEqual(titles.filter((title) => headings(console).includes(title)));
    for (const id of [
      'pending',
      'action-required',
      'closing',
      'past-close',
      'stale',
      'in-review',
      'rejected',
    ] as const)
      expect(headings(console)).toContain(SECTIONS[id].title);
    expect(headings(slack)).toEqual(headings(console));
    expect(names(console).slice(0, 5)).toEqual((await pendingByDue()).slice(0, 5));
    expect(lines(slack)).toEqual(lines(console));
    expect(flat(console)).toContain('AWS’s 5 business days are over; expires in 5 days');
    expect(flat(console)).toContain('AWS: “Postal code and city do not match.” · Lucía Ferro');
  });

  test('the desk has a line for what waits for AWS, and it leaves when it is taken back', async () => {
    const id = await house.idOf('Sandpiper Hotels');
    await house.act('next-step', { id, text: 'Price list sent', queue: 'yes' });
    expect(headings(await typed('desk'))).toContain('Waiting for AWS');
    expect(await house.say('ANA', 'desk')).toContain('Sandpiper Hotels');
    await house.act('waiting', { id, do: 'cancel' });
    expect(headings(await typed('desk'))).not.toContain('Waiting for AWS');
  });

  test('list pending sorts by the earlier of the two clocks; another partner’s invitation has no deadline of AWS’s', async () => {
    const [console, slack] = [await typed('list pending'), await house.say('ANA', 'what’s pending?')];
    expect(lines(console)).toHaveLength((await pendingByDue()).length);
    expect(lines(slack)).toEqual(lines(console));
    expect(flat(console)).toMatch(/Pinecrest Outfitters .* 13 days left · .*Invitation from Beacon Point/);
    expect(console).not.toContain('Greywater Canals');
    expect(names(console)).toEqual(await pendingByDue());
  });

  test('what the desk has no room for under “Action required” is a press or a word away, in the same order', async () => {
    const rows = await house.store.prisma.deal.findMany({
      where: { kind: 'opportunity', status: 'Action Required', goneAt: null },
      orderBy: [{ closeDate: 'asc' }, { id: 'asc' }],
    });
    const all = rows.map(({ company }) => company);
    const console = await typed('list action required');
    expect(names(console)).toEqual(all);
    expect(flat(console)).toContain(`AWS asked for a change and waits for it (${all.length})`);
    const desk = await house.say('ANA', 'desk');
    const onDesk = names(desk).filter((name) => all.includes(name));
    expect(onDesk).toEqual(all.slice(0, onDesk.length));
    expect(onDesk.length).toBeLessThan(all.length);
    expect(desk).toContain(`and ${all.length - onDesk.length} more`);
    await house.press('ANA', house.newest('ANA'), 'All action required');
    expect(lines(screenOf(await house.shows('ANA', /^Action required$/m)))).toEqual(lines(console));
    for (const said of ['list action-required', 'list sent back', 'action required?', 'list repair'])
      expect(names(await typed(said))).toEqual(all);
    expect(flat(await typed('list action required page 2'))).toContain('There are no more.');
    const repaired = await house.script(`list action required\nshow ${all.length}\n`);
    expect(flat(repaired.text)).toContain(`${flat(all.at(-1) ?? '')} – `);
  });

  test('an ACE user’s “Action required” holds their own alone', async () => {
    const where = { kind: 'opportunity' as const, status: 'Action Required', goneAt: null };
    const rows = await house.store.prisma.deal.findMany({
      where,
      orderBy: [{ closeDate: 'asc' }, { id: 'asc' }],
    });
    const shown: string[] = [];
    for (const email of TEAM.users) {
      const own = rows.filter(({ ownerEmail, submittedBy }) => [ownerEmail, submittedBy].includes(email));
      const { text } = await house.script('list action required\n', email);
      expect(names(text)).toEqual(own.map(({ company }) => company));
      shown.push(...names(text));
    }
    expect(shown.length).toBeGreaterThan(0);
    expect(new Set(shown).size).toBeLessThan(rows.length);
  });

  test('list begins with the open deal that closes first; closed deals come last', async () => {
    const rows = await house.store.prisma.deal.findMany({
      where: { kind: { in: ['opportunity', 'lead'] }, invitedAt: null, goneAt: null },
      orderBy: [{ closeDate: { sort: 'asc', nulls: 'last' } }, { id: 'asc' }],
    });
    const isClosed = ({ stage }: (typeof rows)[number]) => stage === 'Launched' || stage === 'Closed Lost';
    const wanted = [...rows.filter((it) => !isClosed(it)), ...rows.filter(isClosed)];
    expect(rows.filter(isClosed).length).toBeGreaterThan(2);
    const last = Math.ceil(wanted.length / 20);
    const pages = Array.from({ length: last }, (_, page) => `list ${page + 1}\n`).join('');
    const { text } = await house.script(pages);
    expect(names(text)).toEqual(wanted.map(({ company }) => company));
  });

  test('list goes page by page: in Slack a button turns the page where it stands', async () => {
    const first = await house.say('ANA', 'list');
    expect(lines(first)).toHaveLength(20);
    const where = { kind: { in: ['opportunity' as const, 'lead' as const] }, invitedAt: null, goneAt: null };
    const many = await house.store.prisma.deal.count({ where });
    expect(first).toContain(`Opportunities and leads (${many})`);
    expect(first).toContain(`and ${many - 20} more`);
    const message = house.newest('ANA');
    await house.press('ANA', message, 'Next page');
    await house.shows('ANA', 'Pipeline, page 2');
    expect(house.newest('ANA')).toBe(message);
    await house.press('ANA', message, 'Next page');
    await house.shows('ANA', 'Pipeline, page 3');
    expect(buttonsOf(message.blocks).map((it) => it.label)).toContain('Previous page');
    expect(buttonsOf(message.blocks).map((it) => it.label)).not.toContain('Next page');
    expect(lines(await typed('list'))).toEqual(lines(first));
  });

  test('show finds a deal by its number, its id, its name in any case, and the beginning of its name', async () => {
    const id = await house.idOf('Northgate Tram Works');
    const { text } = await house.script(
      `show ${id.toLowerCase()}\nshow northgate TRAM works\nshow Northgate\nshow ${id}\n`,
    );
    const cards = text.split('\n\n').filter((part) => part.startsWith('Northgate Tram Works – '));
    expect(cards).toHaveLength(4);
    expect(new Set(cards).size).toBe(1);
    const listed = await house.script('list pending\nshow 3\n');
    expect(listed.text).toContain(
      '\nTamarind Airways – One data lake: sales, stock & service\nAWS referral · pending',
    );
    const shown = await house.say('ANA', 'show Northgate');
    expect(shown).toContain('Prospect');
    expect(shown).toContain('Priya Raman');
    await house.say('ANA', 'list pending');
    expect(await house.say('ANA', '3')).toContain('Tamarind Airways – One data lake');
  });

  test('a card shows no contact, e-mail or phone number of the customer’s people', async () => {
    const contacts = await house.store.prisma.$queryRaw<{ email: string; phone: string | null }[]>`
      SELECT c->>'email' AS email, c->>'phone' AS phone FROM deal, jsonb_array_elements(detail->'contacts') c`;
    expect(contacts.length).toBeGreaterThan(30);
    const { text } = await house.script('list\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n');
    await house.say('ANA', 'list');
    for (let number = 1; number <= 12; number++) await house.say('ANA', `show ${number}`);
    const seen = text + JSON.stringify(house.messages('ANA'));
    expect(seen).toContain('Windrush Agritech');
    for (const { email, phone } of contacts) {
      expect(seen).not.toContain(email);
      if (phone) expect(seen).not.toContain(phone);
    }
  });

  test('what AWS has let expire leaves the lists, and only then it is called lost', async () => {
    const id = await house.practice.script.newReferral();
    await house.aws.sync();
    const company = (await house.store.prisma.deal.findUniqueOrThrow({ where: { id } })).company;
    expect(await typed('list pending')).toContain(company);
    await house.practice.script.expire(id);
    const before = await house.script(`accept ${id}\n`);
    expect([before.code, flat(before.text)]).toEqual([
      1,
      expect.stringContaining('AWS says it has expired: it is lost.'),
    ]);
    await house.aws.sync();
    expect(await typed('list pending')).not.toContain(company);
    expect(flat(await typed(`accept ${id}`))).toContain('It is lost: it expired before it was accepted.');
    expect(await house.effects(id)).toEqual([]);
  });

  test('help names every verb that is theirs to use, explains one, and says which words there are not', async () => {
    const [console, slack] = [await typed('help'), await house.say('MINA', 'help')];
    for (const { verb } of Object.values(vocabulary)) {
      // Who is in has nothing to ask for, and a manager erases nobody.
      const [lead, manager] = [
        verb !== 'ask-access',
        !['ask-access', 'erase', 'invite', 'route'].includes(verb),
      ];
      expect([verb, new RegExp(`^  · ${verb}\\b`, 'm').test(console)]).toEqual([verb, lead]);
      expect([verb, new RegExp(`^· ${verb}\\b`, 'm').test(slack)]).toEqual([verb, manager]);
    }
    expect(slack).toContain('You are Mina Okafor, ACE manager (mina.okafor@partner.example).');
    expect(await typed('help next step')).toContain('next-step <deal>: <text>');
    const unknown = await house.script('help dance\n');
    expect([unknown.code, unknown.text.trim()]).toEqual([
      1,
      'There is no “dance” here. “help” lists what there is.',
    ]);
    expect(screenOf(house.newest('MINA'))).not.toContain('dance');
  });
});
