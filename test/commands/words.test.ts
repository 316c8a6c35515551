/** What is typed: understood, or not; names that fit several deals; and whose numbers count, for how long. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { flat, LEAD, TEAM } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { screenOf } from '../support/slack-screen.ts';

const NO_LIST = 'Numbers belong to your last list here, for 30 minutes. Type “desk” or “list” to get one.';

describe.each(databases)('on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  beforeEach(() => house.store.prisma.listing.deleteMany());
  const typed = async (lines: string, as?: string) => {
    const { text, code } = await house.script(`${lines}\n`, as);
    return { text: flat(text), code };
  };
  const acts = () => house.store.prisma.act.count();

  test('what is not understood does nothing; the nearest two are suggested; no misspelt verb ever writes', async () => {
    const before = await acts();
    await house.say('ANA', 'list pending');
    const wrong = [
      'acept 1',
      'acccept 1',
      'aceptt 1',
      'accept1',
      'next-stp 1: x',
      'nextt step 1: x',
      'acept Tamarind Airways',
    ];
    const more = [
      'please do not accept 1',
      'could you accept 1',
      'accept 1?',
      'wating cancel 1',
      'florb',
      '%',
      "'; --",
    ];
    for (const line of [...wrong, ...more]) {
      const { text, code } = await typed(`list pending\n${line}`);
      expect([line, code]).toEqual([line, 1]);
      expect(text).toMatch(/so nothing was done\.|I know no deal/);
      expect(await house.say('ANA', line)).toMatch(/so nothing was done\.|I know no deal/);
    }
    expect(await house.say('ANA', 'acept 1')).toContain('· accept 1');
    await house.quiet();
    expect(await acts()).toBe(before);
    expect(await house.effects()).toEqual([]);
  });

  test('a greeting, thanks and a thumb get a kind word and a way on, and do nothing', async () => {
    const before = await acts();
    for (const [line, answer] of [
      ['hi', /^Hello\. .*My desk/],
      ['thanks!', /^You are welcome\. .*My desk/],
      ['ok', /^All right\. That was no yes to anything, so nothing was done\. /],
      ['🙂', /^All right\. /],
    ] as const) {
      const said = flat(await house.say('ANA', line));
      expect(said).toMatch(answer);
      expect(said).not.toMatch(/⚠|did not understand/);
      expect((await typed(line)).code).toBe(0);
    }
    expect(await acts()).toBe(before);
  });

  test('what was meant can be pressed where it only looks and needs nothing more', async () => {
    const buttons = async (text: string) => {
      const { reply } = await house.desk.say({
        ...{ text, key: randomUUID() },
        from: { platform: 'console', tenant: 'local', user: 'ana', email: LEAD, conversation: 'console' },
      });
      return reply.kind === 'note' ? (reply.buttons ?? []) : [reply.kind];
    };
    expect(await buttons('lst pending')).toMatchObject([{ verb: 'list', input: { view: 'pending' } }]);
    expect(await buttons('deks')).toMatchObject([{ verb: 'desk', label: 'My desk' }]);
    expect(await buttons('florb')).toMatchObject([{ verb: 'desk' }, { verb: 'help' }]);
    for (const line of ['acept 1', 'acept', 'flga 1', 'shwo 1', 'ersae'])
      expect(await buttons(line)).toEqual([]);
  });

  test('what is too long is not read', async () => {
    const long = await typed(`show ${'x'.repeat(300)}`);
    expect([long.code, long.text]).toEqual([1, expect.stringContaining('at most 200 characters')]);
    const longer = await typed(`next-step 1: ${'x'.repeat(2100)}`);
    expect([longer.code, longer.text]).toEqual([1, expect.stringContaining('longer than 2000 characters')]);
  });

  test('a name that two deals carry is a choice in both doors; choosing acts on that one only', async () => {
    const [mine, other] = [
      await house.idOf('Juniper Lane Pharmacies'),
      await house.idOf('Palisade Mutual Bank'),
    ];
    await house.practice.script.edit(other, 'Customer.Account.CompanyName', 'Juniper Lane Pharmacies');
    await house.aws.sync();
    const asked = await typed('next-step Juniper Lane Pharmacies: Chosen well');
    expect(asked.code).toBe(1);
    expect(asked.text).toContain('Which “Juniper Lane Pharmacies” do you mean?');
    expect(asked.text).toContain(mine);
    expect(asked.text).toContain(other);
    await house.say('ANA', 'next-step juniper lane pharmacies: Chosen well');
    const message = house.newest('ANA');
    expect(await house.effects()).toEqual([]);
    const second = { ...message, blocks: message.blocks.filter((it) => JSON.stringify(it).includes(other)) };
    await house.press('ANA', second, 'This one');
    await house.shows('ANA', 'AWS confirmed your next step');
    expect(await house.effects()).toMatchObject([
      { id: other, value: { 'LifeCycle.NextSteps': 'Chosen well' } },
    ]);
  });

  test('the beginning of a name finds it for reading, and is a choice for writing', async () => {
    const before = await acts();
    expect((await typed('show Tamarind')).text).toContain('Tamarind Airways – One data lake');
    const asked = await typed('accept Tamarind');
    expect([asked.code, asked.text]).toEqual([
      1,
      expect.stringMatching(/^Nothing is called exactly “Tamarind”. Did you mean: .*1\. Tamarind Airways/),
    ]);
    expect(await acts()).toBe(before);
  });

  test('a number means a line of the last list for 30 minutes, and nothing after 31', async () => {
    await house.say('ANA', 'list pending');
    const age = (minutes: number) => house.store.prisma.$executeRaw`
      UPDATE listing SET at = now() - make_interval(mins => ${minutes}::int)`;
    await age(29);
    expect(await house.say('ANA', 'show 1')).toContain('pending acceptance');
    await age(31);
    expect(await house.say('ANA', 'show 1')).toContain(NO_LIST);
    const before = await acts();
    expect(await house.say('ANA', 'accept 1')).toContain(NO_LIST);
    expect(await acts()).toBe(before);
  });

  test('a number of a newer list replaces the older one; one too high is refused with how many there are', async () => {
    const { text, code } = await typed('list pending\nlist\nshow 1\nshow 21\nshow 0\nshow 999');
    expect(code).toBe(1);
    expect(text).toContain('Windrush Agritech – Machines that ask for service Partner referral');
    expect(text).toContain('Your last list here has no number 21 (it has 20).');
    expect(text).toContain('Your last list here has no number 0 (it has 20).');
    expect(text).toContain('Your last list here has no number 999 (it has 20).');
  });

  test('a number whose deal is gone from the mirror, and one whose deal is not theirs any more, have the same answer', async () => {
    const id = await house.idOf('Juniper Lane Pharmacies');
    const answers: string[] = [];
    for (const deal of ['O999', id]) {
      await typed('list');
      const person = await house.store.prisma.person.findFirstOrThrow({
        where: { email: TEAM.users[2] ?? '' },
      });
      const listing = { personId: person.id, conversation: 'console', dealIds: [deal] };
      await house.store.prisma.listing.deleteMany({ where: { personId: person.id } });
      await house.store.prisma.listing.create({ data: listing });
      answers.push((await typed('show 1', TEAM.users[2])).text);
    }
    expect(answers[0]).toBe(answers[1]);
    expect(answers[0]).toMatch(/^Number 1 of your last list is no deal you can see any more\./);
  });

  test('an id is an id in any case', async () => {
    for (const company of ['Evergrove Timber', 'Ferrous Park Foundry', 'Northgate Tram Works']) {
      const id = await house.idOf(company);
      for (const said of [id.toUpperCase(), id.toLowerCase()])
        expect((await typed(`show ${said}`)).text).toContain(company);
    }
  });

  test('what people call a state is answered with where it stands, as there is no view of it', async () => {
    const { text, code } = await typed('list overdue');
    expect([code, text]).toEqual([
      1,
      'There is no view called “overdue”. What is past its close date stands on your desk: say “desk”.',
    ]);
    expect((await typed('show action required')).text).toMatch(/^Action required/);
    expect((await typed('list closed lost')).text).toContain('each line says stage and status');
    expect((await typed('list qualified')).text).toContain('Did you mean “Leads: Qualified leads”?');
    expect((await typed('list approved')).text).toContain('“list validated open”');
    for (const [said, title] of [
      ['submitted', 'Opportunities in review'],
      ['pending submission', 'Draft opportunities'],
      ['validated open', 'Validated open opportunities'],
      ['partner referred', 'Partner referred opportunities'],
      ['AWS referred', 'AWS referred opportunities'],
    ])
      expect((await typed(`list ${said}`)).text).toContain(title);
    await house.say('ANA', 'list rejected opportunities');
    await house.press('ANA', house.newest('ANA'), 'Desk');
    await house.shows('ANA', 'Your desk');
  });

  test('help with a verb says all that a line of it takes', async () => {
    const says = async (verb: string) => (await typed(`help ${verb}`)).text;
    expect(await says('change-stage')).toMatch(
      /Stages: Prospect, .*Closed Lost\. .*Lost to Competitor - Google.*\(queue\)/,
    );
    expect(await says('reject')).toContain('Duplicate of partner referral');
    expect(await says('update-lead')).toContain('Statuses: Open, Research, Qualified, Disqualified.');
    expect(await says('repair')).toMatch(/Fields: website, .*Such as: repair 3: website https:/);
    expect(await says('people')).toMatch(
      /people grant .*people revoke .*people import .*e-mail.*people terms/i,
    );
    expect(await says('transfer')).toContain('transfer 3 to Priya (contact yes)');
    expect(await house.say('ANA', 'help change-stage')).toContain('Financial/Commercial');
  });

  test('a line that stops short is asked the rest, and never answered with a line that is none', async () => {
    const text = await house.say('ANA', `offer ${await house.idOf('Pinecrest Outfitters')} to`);
    expect(text).toContain('Offer it to');
    await typed('list pending');
    expect((await typed('list pending\noffer 1 to')).text).not.toContain('to to');
    expect((await typed('people grant Tom: boss')).text).toMatch(
      /roles are ACE user, ACE manager and alliance team/,
    );
  });

  test('a number whose deal cannot take the verb is refused, and the answer names the customer', async () => {
    const { text } = await typed('list\naccept 1\nlist 3\nnext-step 17: x');
    expect(text).toContain(
      'Windrush Agritech: This is an opportunity already: there is nothing left to accept or reject.',
    );
    expect(text).toContain('Ironbridge Couriers: It is launched: AWS takes no next step any more.');
    await house.say('ANA', 'list pending');
    expect(await house.say('ANA', 'next-step 2: x')).toMatch(/: A next step belongs to an opportunity\./);
  });

  test('numbers belong to one person in one conversation: nobody else’s list answers for mine', async () => {
    await house.slash('ANA', 'list pending', 'C1');
    await house.slash('ANA', 'show 1', 'C2');
    expect(screenOf(house.newest('ANA'))).toContain(NO_LIST);
    await house.slash('MINA', 'show 1', 'C1');
    expect(screenOf(house.newest('MINA'))).toContain(NO_LIST);
    expect((await typed('show 1')).text).toBe(NO_LIST);
    expect((await typed('show 1', TEAM.team)).text).toBe(NO_LIST);
    await house.slash('MINA', 'list', 'C1');
    await house.slash('ANA', 'show 1', 'C1');
    expect(screenOf(house.newest('ANA'))).toContain('pending acceptance');
  });
});
