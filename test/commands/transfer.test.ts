/** transfer: a deal to a colleague, by the guide's rules; whom AWS calls; who is told. At the console and in Slack. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Reply } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { flat, LEAD, TEAM } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { partsOf, screenOf } from '../support/slack-screen.ts';

const [PRIYA = '', TOM = '', LUCIA = ''] = TEAM.users;
const words = (reply: Reply): string => JSON.stringify(reply);

describe.each(databases)('on $name', (database) => {
  let house: SlackHouse;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    house = await openSlackHouse(database);
    for (const { id, email } of await house.store.prisma.person.findMany()) ids[email] = id;
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  const typed = async (line: string, as = LEAD) => {
    const { text, code } = await house.script(`${line}\n`, as);
    return { said: flat(text), code };
  };
  const unknown = (id: string) => `I know no deal “${id}”. Try “list” or “desk” to see what is yours.`;
  const told = async (dealId: string) => {
    const kinds = ['received', 'handed-over'];
    const rows = await house.store.prisma.news.findMany({ where: { dealId, kind: { in: kinds } } });
    return rows
      .map(({ kind, personId }) => `${kind} ${Object.keys(ids).find((it) => ids[it] === personId)}`)
      .sort();
  };
  /** An approved, open opportunity whose owner fits and which no test has taken. */
  const taken = new Set<string>();
  const opportunity = async (fits: (owner: string) => boolean) => {
    const rows = await house.store.prisma.deal.findMany({
      where: { kind: 'opportunity', status: 'Approved', stage: { notIn: ['Launched', 'Closed Lost'] } },
      orderBy: { id: 'asc' },
    });
    const row = rows.find(({ id, ownerEmail }) => ownerEmail && fits(ownerEmail) && !taken.has(id));
    if (!row) throw new Error('The seed has no more open opportunities that fit.');
    taken.add(row.id);
    return row;
  };
  const opportunityOf = (owner: string) => opportunity((it) => it === owner);
  const opportunityOfOthersThan = (...owners: string[]) => opportunity((it) => !owners.includes(it));
  const assigned = async (id: string) =>
    (await house.effects(id)).filter(({ kind }) => kind === 'assign').map(({ value }) => value);

  test('an ACE user gives away what they own: AWS confirms, they no longer see it, and are answered all the same', async () => {
    const { id, company } = await opportunityOf(PRIYA);
    const given = await typed(`transfer ${id} to Tom Keller`, PRIYA);
    expect([given.code, given.said]).toEqual([0, expect.stringContaining('Tom Keller')]);
    expect(given.said).toContain(`${company}: AWS confirmed`);
    await house.quiet();
    expect(await assigned(id)).toEqual([TOM]);
    expect((await typed(`show ${id}`, PRIYA)).said).toContain(unknown(id));
    expect((await typed(`show ${id}`, TOM)).said).toContain('Owner Tom Keller');
    expect(await told(id)).toEqual([`received ${TOM}`]);
  });

  test('in Slack the form offers everybody but the present owner, and says who that is', async () => {
    const { id } = await opportunityOf(TOM);
    await house.say('MINA', `show ${id}`);
    await house.press('MINA', house.newest('MINA'), 'Transfer…');
    const form = await house.form('MINA');
    expect(screenOf(form.content)).toContain('Owner now: Tom Keller.');
    const options = JSON.stringify(partsOf(form.content.blocks).flatMap(({ options: all }) => all ?? []));
    for (const name of ['Ana Silva, alliance lead', 'Jonas Berg, alliance team', 'Priya Raman, ACE user'])
      expect(options).toContain(name);
    expect(options).not.toContain('Tom Keller');
    await house.submit(form, { person: ids[LUCIA] ?? '' });
    await house.quiet();
    expect(await assigned(id)).toEqual([LUCIA]);
    expect(await told(id)).toEqual([`handed-over ${TOM}`, `received ${LUCIA}`].sort());
  });

  test('who gives a deal away, and no longer sees it then, makes the new owner the one AWS calls in the same form', async () => {
    const { id } = await opportunityOf(TOM);
    await house.say('TOM', `transfer ${id}`);
    await house.submit(await house.form('TOM'), { person: ids[PRIYA] ?? '', contact: 'yes' });
    await house.quiet();
    expect(await assigned(id)).toEqual([PRIYA, `PartnerAccountManager: ${PRIYA}`]);
    expect(await house.say('TOM', `show ${id}`)).toContain(`I know no deal “${id}”`);
  });

  test('AWS goes on calling the sales contact of before: the card says so, and one press makes it the new owner', async () => {
    const { id } = await opportunityOfOthersThan(PRIYA);
    const world = await house.practice.world();
    const team = (world.opportunities[id]?.record.OpportunityTeam ?? []) as object[];
    const contact = {
      BusinessTitle: 'PartnerAccountManager',
      FirstName: 'Ben',
      LastName: 'Bell',
      Email: 'ben.bell@partner.example',
    };
    const others = team.filter((one) => !JSON.stringify(one).includes('PartnerAccountManager'));
    await house.practice.script.edit(id, 'OpportunityTeam', JSON.parse(JSON.stringify([...others, contact])));
    await house.aws.sync();
    await typed(`transfer ${id} to Priya`);
    await house.quiet();
    const shown = await house.say('ANA', `show ${id}`);
    expect(shown).toContain('AWS still calls Ben Bell');
    await house.press('ANA', house.newest('ANA'), 'Make Priya Raman the AWS sales contact');
    await house.quiet();
    expect(await assigned(id)).toHaveLength(2);
    const after = (await house.practice.world()).opportunities[id]?.record.OpportunityTeam as object[];
    expect(JSON.stringify(after)).not.toContain('ben.bell');
    expect(JSON.stringify(after.filter((one) => JSON.stringify(one).includes('AccountManager')))).toContain(
      PRIYA,
    );
    expect(await house.say('ANA', `show ${id}`)).not.toContain('still calls');
    expect((await typed(`transfer ${id} (contact yes)`)).said).toContain(
      'Priya Raman is the AWS sales contact already',
    );
  });

  test('both in one line: the owner first, then the one whom AWS calls', async () => {
    const { id } = await opportunityOfOthersThan(LUCIA);
    expect((await typed(`transfer ${id} to Lucía (contact yes)`)).code).toBe(0);
    await house.quiet();
    const changes = await house.store.prisma.change.findMany({
      where: { dealId: id },
      orderBy: { seq: 'asc' },
    });
    expect(changes).toMatchObject([
      { kind: 'assign', state: 'confirmed' },
      { kind: 'assign', state: 'confirmed', wish: { as: 'sales contact' } },
    ]);
    const record = (await house.practice.world()).opportunities[id]?.record.OpportunityTeam as object[];
    expect(record.filter((one) => JSON.stringify(one).includes(LUCIA))).toHaveLength(2);
  });

  test('a lead changes hands here and now; AWS hears nothing; the new owner and the one before are told', async () => {
    const id = await house.idOf('Ferrous Park Foundry');
    const before = (await house.effects(id)).length;
    expect((await typed(`show ${id}`, PRIYA)).said).toContain(unknown(id));
    const first = await typed(`transfer ${id} to Priya`);
    expect([first.code, first.said]).toEqual([0, expect.stringContaining('→ Priya Raman.')]);
    expect((await typed(`show ${id}`, PRIYA)).said).toContain('Owner Priya Raman');
    const second = await typed(`transfer ${id} to Tom`, TEAM.manager);
    expect(second.said).toContain('Priya Raman → Tom Keller.');
    expect((await typed(`show ${id}`, PRIYA)).said).toContain(unknown(id));
    expect(await told(id)).toEqual(
      expect.arrayContaining([`handed-over ${PRIYA}`, `received ${PRIYA}`, `received ${TOM}`]),
    );
    await house.aws.sync();
    expect((await typed(`show ${id}`, TOM)).said).toContain('Owner Tom Keller');
    expect((await house.effects(id)).length).toBe(before);
  });

  test('an ACE user who gives a lead away sees it no more and still gets a receipt, also when they press twice', async () => {
    const id = await house.idOf('Ferrous Park Foundry');
    const give = () => house.act('transfer', { id, person: ids[LUCIA] ?? '' }, { as: TOM, key: 'a-gift' });
    const first = await give();
    expect([first.ok, first.reply.kind]).toEqual([true, 'note']);
    expect(words(first.reply)).toContain('Tom Keller → Lucía Ferro');
    const again = await give();
    expect([again.ok, again.reply.kind]).toEqual([true, 'note']);
    expect(words(again.reply)).not.toContain('I know no deal');
    expect((await typed(`show ${id}`, TOM)).said).toContain(unknown(id));
    expect(await house.store.prisma.change.count({ where: { dealId: id, actKey: 'a-gift' } })).toBe(1);
    expect((await told(id)).filter((it) => it === `handed-over ${TOM}`)).toEqual([]);
  });

  test('two people at once, from the same form: one change of owner, the other is told who was faster', async () => {
    const { id, ownerEmail: was } = await opportunityOfOthersThan(PRIYA, TOM);
    const both = await Promise.all([
      house.act('transfer', { id, was, person: 'Priya' }, { as: TEAM.lead }),
      house.act('transfer', { id, was, person: 'Tom' }, { as: TEAM.manager }),
    ]);
    await house.quiet();
    const first = both.findIndex(({ ok }) => ok);
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(words(both[1 - first]?.reply ?? both[0].reply)).toMatch(
      /(Ana Silva|Mina Okafor) asked AWS to make (Priya Raman|Tom Keller) the owner|meanwhile the owner is/,
    );
    expect(await assigned(id)).toEqual([first === 0 ? PRIYA : TOM]);
  });

  test('a form filled in while it went to somebody else sends nothing, says who has it, and can be opened anew', async () => {
    const { id } = await opportunityOfOthersThan(PRIYA, TOM);
    await house.say('ANA', `transfer ${id}`);
    const form = await house.form('ANA');
    await typed(`transfer ${id} to Tom`, TEAM.manager);
    await house.submit(form, { person: ids[PRIYA] ?? '' });
    expect(screenOf(form.content)).toContain('meanwhile the owner is Tom Keller. Nothing was sent.');
    await house.quiet();
    expect(await assigned(id)).toEqual([TOM]);
    await house.press('ANA', form, 'Transfer…');
    await house.submit(await house.form('ANA'), { person: ids[PRIYA] ?? '' });
    await house.quiet();
    expect(await assigned(id)).toEqual([TOM, PRIYA]);
  });

  test('whom it names must be one person who does not own it; the form comes back with what is wrong', async () => {
    const { id } = await opportunityOf(TOM);
    const wrong = await house.act('transfer', { id, person: 'Nobody Such' });
    expect(wrong.reply).toMatchObject({
      kind: 'form',
      errors: { person: expect.stringContaining('Nobody Such') },
    });
    expect((await typed(`transfer ${id} to Nobody Such`)).said).toContain(
      'I know nobody called “Nobody Such” here',
    );
    const owner = await typed(`transfer ${id} to Tom`);
    expect([owner.code, owner.said]).toEqual([1, expect.stringContaining('Tom Keller owns it already.')]);
    expect(await assigned(id)).toEqual([]);
  });

  test('an ACE user takes nothing from others, and what they may not see is unknown', async () => {
    const { id } = await opportunityOfOthersThan(PRIYA);
    expect((await typed(`transfer ${id} to me`, PRIYA)).said).toContain(unknown(id));
    await house.store.prisma.deal.update({ where: { id }, data: { submittedBy: PRIYA } });
    expect((await typed(`transfer ${id} to me`, PRIYA)).said).toContain(
      'You can give away only what you own',
    );
    expect(await assigned(id)).toEqual([]);
  });

  test.each([
    ['Submitted', 'AWS is reviewing it: Partner Central transfers it once that is done.'],
    ['In review', 'AWS is reviewing it: Partner Central transfers it once that is done.'],
    ['Rejected', 'AWS rejected it: Partner Central does not transfer it any more.'],
  ])('%s, it stays where it is', async (status, why) => {
    const { id } = await house.store.prisma.deal.findFirstOrThrow({ where: { kind: 'opportunity', status } });
    const { said, code } = await typed(`transfer ${id} to Lucía`);
    expect([code, said]).toEqual([1, expect.stringContaining(why)]);
    expect(await assigned(id)).toEqual([]);
  });

  test('what is pending is offered or accepted for somebody, not transferred', async () => {
    const { said } = await typed('transfer Evergrove Timber to Priya');
    expect(said).toContain('It is nobody’s yet. While it is pending, “offer” gives it to colleagues');
  });
});
