/** “digest”: what would come by the clock, asked for now, in every door. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { flat, LEAD, TEAM } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { screenOf } from '../support/slack-screen.ts';
import { countStatements } from '../support/statements.ts';

const [PRIYA = '', TOM = ''] = TEAM.users;

describe.each(databases)('on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  const typed = async (lines: string, as = LEAD) => flat((await house.script(`${lines}\n`, as)).text);
  const idOfPerson = async (email: string) =>
    (await house.store.prisma.person.findFirstOrThrow({ where: { email } })).id;

  test('a seller’s: what is theirs, in the order in which it is lost, and how it is set', async () => {
    const text = await typed('digest', PRIYA);
    expect(text).toMatch(/Your digest, \w+ \d+ \w+/);
    // Nothing comes by itself before their first use of chat.
    expect(text).not.toContain('It comes');
    const own = await house.store.prisma.deal.findMany({ where: { ownerEmail: PRIYA } });
    expect(own.some(({ company }) => text.includes(company))).toBe(true);
    const strangers = await house.store.prisma.deal.findMany({
      where: { ownerEmail: { not: PRIYA }, submittedBy: null, status: { not: 'PENDING' } },
    });
    const names = new Set(own.map(({ company }) => company));
    for (const { company } of strangers.filter((it) => !names.has(it.company)))
      expect(text.includes(company)).toBe(false);
  });

  test('the alliance lead’s holds what waits and was offered to nobody, which clock it is, and what AWS asks no other', async () => {
    const text = await typed('digest');
    expect(text).toContain('Pending acceptance: accept in time');
    expect(text).toMatch(/business days left of AWS’s 5 business days|AWS’s 5 business days are over/);
    const offered = await typed('digest', TEAM.manager);
    expect(offered).not.toContain('Pending acceptance');
  });

  test('in Slack the same, with its buttons', async () => {
    await house.say('ANA', 'digest');
    const screen = screenOf(house.newest('ANA'));
    expect(screen).toContain('Your digest');
    for (const label of ['Accept', 'Schedule…', 'Turn it off', 'Leave out…', 'Pause…'])
      expect(screen).toContain(label);
  });

  test('whoever others report to reads what needs a word, by owner, and can ask them all at once', async () => {
    const manager = await idOfPerson(TEAM.manager);
    await house.store.prisma.person.update({
      where: { id: await idOfPerson(PRIYA) },
      data: { reportsTo: manager },
    });
    const text = await typed('digest', TEAM.manager);
    expect(text).toMatch(/Priya Raman: what needs a word \(/);
    const { reply } = await house.act('digest', {}, { as: TEAM.manager });
    expect(reply.kind === 'list' && reply.buttons?.[0]).toMatchObject({
      verb: 'nudge',
      label: 'Nudge owners (1)',
    });
    // A line is addressed by its number, as in any list.
    expect(await typed('digest\nshow 1', TEAM.manager)).toContain('Priya Raman');
  });

  test('all that one of them has to write a word on, by section, each once; the law of the reader decides', async () => {
    const { store } = house;
    const priya = await idOfPerson(PRIYA);
    const own = await house.act('digest', {}, { as: TEAM.manager });
    const part =
      own.reply.kind === 'list' && own.reply.sections.find(({ title }) => title.startsWith('Priya Raman'));
    const { reply } = await house.act('digest', { of: priya }, { as: TEAM.manager });
    if (reply.kind !== 'list' || !part) throw new Error('There is no list.');
    expect(reply.title).toBe('Priya Raman: what needs a word');
    const shown = reply.sections.flatMap(({ items }) => items.map(({ id }) => id));
    expect(new Set(shown).size).toBe(shown.length);
    expect(reply.sections.reduce((sum, { total }) => sum + total, 0)).toBe(part.total);
    for (const { id } of part.items) expect(shown).toContain(id);
    expect(reply.buttons?.[0]).toMatchObject({ verb: 'nudge', label: 'Nudge owners (1)' });
    // Put off: out of the digest, so it is none of those that it counts.
    const [first = ''] = shown;
    const manager = await idOfPerson(TEAM.manager);
    const later = { at: new Date(Date.now() + 86_400_000), setAt: new Date() };
    await store.prisma.reminder.create({ data: { personId: manager, dealId: first ?? '', ...later } });
    expect(
      JSON.stringify((await house.act('digest', { of: priya }, { as: TEAM.manager })).reply),
    ).not.toContain(`"${first}"`);
    await store.prisma.reminder.deleteMany();
    // An ACE user to whom she reports sees only what they may see anyway.
    await store.prisma.person.update({ where: { id: priya }, data: { reportsTo: await idOfPerson(TOM) } });
    const { reply: little } = await house.act('digest', { of: priya }, { as: TOM });
    const tom = await store.prisma.deal.findMany({
      where: { OR: [{ ownerEmail: TOM }, { submittedBy: TOM }] },
    });
    for (const { id } of little.kind === 'list' ? little.sections.flatMap(({ items }) => items) : [])
      expect(tom.map((deal) => deal.id)).toContain(id);
    expect(little.kind).toBe('list');
    await store.prisma.person.update({ where: { id: priya }, data: { reportsTo: manager } });
  });

  test('of more than fits of one section the rest is a press away, a page at a time, none twice', async () => {
    const { store } = house;
    const priya = await idOfPerson(PRIYA);
    const of = async (input: Record<string, string>) => {
      const { reply } = await house.act('digest', { of: priya, ...input }, { as: TEAM.manager });
      if (reply.kind !== 'list') throw new Error('There is no list.');
      return reply;
    };
    const part = (await of({})).sections.find(({ title }) => /^(?:No update|Past close|Closing)/.test(title));
    const id = part?.items[0]?.id ?? '';
    await store.prisma.$executeRaw`
      INSERT INTO deal SELECT copy.* FROM (SELECT d AS row, d.id || g::text AS id FROM deal d, generate_series(1, 25) g
        WHERE d.id = ${id}) n, LATERAL jsonb_populate_record(n.row, jsonb_build_object('id', n.id,
        'detail', (n.row).detail || jsonb_build_object('id', n.id))) AS copy`;
    try {
      const grown = (await of({})).sections.find(({ title }) => title === part?.title);
      const total = (part?.total ?? 0) + 25;
      expect([grown?.items.length, grown?.total, grown?.more?.label]).toEqual([10, total, 'More of these']);
      const seen: (string | undefined)[] = [];
      for (let next = grown?.more; next; ) {
        const { section, page } = next.input;
        const list = await of({ ...(section ? { section } : {}), ...(page ? { page } : {}) });
        expect(list.sections.map(({ title, total: all }) => [title, all])).toEqual([[part?.title, total]]);
        seen.push(...list.sections.flatMap(({ items }) => items.map((it) => it.id)));
        expect(list.buttons?.[0]?.label).toBe('Nudge owners (1)');
        next = list.buttons?.find(({ label }) => label === 'Next page');
      }
      expect([seen.length, new Set(seen).size]).toEqual([total, total]);
      expect((await of({ section: grown?.more?.input.section ?? '', page: '99' })).empty).toBe(
        'There are no more.',
      );
    } finally {
      const ids = Array.from({ length: 25 }, (_, nth) => `${id}${nth + 1}`);
      await store.prisma.deal.deleteMany({ where: { id: { in: ids } } });
    }
  });

  test('of whoever does not report to the reader, and of nobody at all, the same answer', async () => {
    for (const id of [await idOfPerson(TOM), randomUUID()]) {
      const { reply, ok } = await house.act('digest', { of: id }, { as: TEAM.manager });
      expect([reply.kind === 'note' && reply.text, ok]).toEqual([
        'They do not report to you any more.',
        false,
      ]);
    }
  });

  test('of nothing: a kind word, and when the next one comes', async () => {
    const id = await idOfPerson(TOM);
    await house.store.prisma.deal.updateMany({ where: { ownerEmail: TOM }, data: { goneAt: new Date() } });
    await house.store.prisma.deal.updateMany({ where: { submittedBy: TOM }, data: { goneAt: new Date() } });
    await house.store.prisma.offer.deleteMany({ where: { personId: id } });
    expect(await typed('digest', TOM)).toContain(
      'Nothing stands in your digest right now; “desk” shows all.',
    );
    await house.store.prisma.subscription.create({
      data: { personId: id, nextAt: new Date('2030-01-07T08:00:00Z'), off: ['stale'] },
    });
    const zoned = (timeZone: string) =>
      house.store.prisma.person.update({ where: { id }, data: { timeZone } });
    await zoned('Europe/Berlin');
    // By the clock of the record, as it comes; where the machine is does not matter, and moves nothing.
    expect(await typed('digest', TOM)).toMatch(
      /Your next digest comes Mon 7 Jan 2030 09:00(?: \(Europe\/Berlin\))?, if there is something in it/,
    );
    expect(await typed('digest', TOM)).toContain('Left out: No update for over 14 days.');
    expect((await house.store.prisma.person.findUniqueOrThrow({ where: { id } })).timeZone).toBe(
      'Europe/Berlin',
    );
  });

  test('costs a constant few statements', async () => {
    const counter = countStatements(house.store);
    const cost = await counter.during(() => house.act('digest', {}, { as: TEAM.manager }));
    counter.stop();
    expect(cost).toBeLessThanOrEqual(10);
  });
});
