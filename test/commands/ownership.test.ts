/** An ACE user sees what they own and nothing else: in lists, numbers, names, histories, and in how a refusal reads. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { flat, LEAD, TEAM } from '../support/house.ts';
import { type Id, openSlackHouse, type SlackHouse } from '../support/slack-house.ts';

const [PRIYA = '', TOM = ''] = TEAM.users;
const NOWHERE = 'O7999999';

describe.each(databases)('on $name', (database) => {
  let house: SlackHouse;
  let companies: { own: string[]; others: string[] };
  beforeAll(async () => {
    house = await openSlackHouse(database);
    const rows = await house.store.prisma.deal.findMany({ select: { company: true, ownerEmail: true } });
    const of = (own: boolean) =>
      rows.filter((it) => (it.ownerEmail === PRIYA) === own).map((it) => it.company);
    companies = { own: of(true), others: of(false).filter((name) => !of(true).includes(name)) };
  });
  afterAll(() => house?.stop());
  const typed = async (lines: string, as = PRIYA) => flat((await house.script(`${lines}\n`, as)).text);

  test('desk, lists, history, waiting and help name own customers only, at the console and in Slack', async () => {
    await house.act(
      'next-step',
      { id: await house.idOf('Polestar Ferries'), text: 'Secret', queue: 'yes' },
      { as: TOM },
    );
    await house.script('accept Evergrove Timber\nnext-step Stonecrop Water Authority: Hidden\n', LEAD);
    const seen = [await typed('desk\nlist\nlist pending\nhistory\nwaiting\nhelp')];
    for (const words of ['', 'list', 'list pending', 'history', 'waiting', 'help'])
      seen.push(await house.say('PRIYA', words));
    const all = seen.join('\n');
    expect(companies.own.length).toBeGreaterThan(5);
    expect(companies.others.length).toBeGreaterThan(40);
    for (const name of ['Kestrel & Quay Freight', 'Glasswing Biotech']) expect(all).toContain(name);
    for (const name of companies.others) expect(all).not.toContain(name);
    expect(all).not.toMatch(/Secret|Hidden/);
  });

  test('counts do not betray others either', async () => {
    const own = companies.own.length;
    expect(await typed('list')).toContain(`Opportunities and leads (${own})`);
    expect(await house.say('PRIYA', 'list pending')).toContain(
      'Nothing is pending acceptance that you may see.',
    );
  });

  test('somebody else’s deal, a pending referral and an id that does not exist get the same answer, whatever is asked', async () => {
    const ids = [
      await house.idOf('Polestar Ferries'),
      await house.idOf('Tamarind Airways'),
      NOWHERE,
      'engi-0000000000000',
    ];
    const lines = (id: string) => [
      `show ${id}`,
      `accept ${id}`,
      `next-step ${id}: x`,
      `next-step ${id}`,
      `history ${id}`,
      `offer ${id} to Tom`,
      `accept ${id} for Tom`,
      `reject ${id}: Other (yes)`,
      `reject ${id}`,
      `transfer ${id} to Tom`,
      `transfer ${id} (contact yes)`,
      `change-stage ${id}: Qualified`,
      `repair ${id}`,
      `update-lead ${id}: Research`,
      `flag ${id}`,
      `unflag ${id}`,
      id,
    ];
    for (let at = 0; at < lines('').length; at++) {
      const answers = await Promise.all(
        ids.map(async (id) => (await typed(lines(id)[at] ?? '')).replaceAll(id, '<id>')),
      );
      expect(new Set(answers)).toEqual(
        new Set(['I know no deal “<id>”. Try “list” or “desk” to see what is yours.']),
      );
    }
    for (const id of ids)
      expect((await house.say('PRIYA', `show ${id}`)).replaceAll(id, '<id>')).toBe(
        '⚠️ I know no deal “<id>”. Try “list” or “desk” to see what is yours.',
      );
    const waiting = await Promise.all(ids.map((id) => typed(`waiting cancel ${id}`)));
    expect(new Set(waiting).size).toBe(1);
    expect(await house.effects(ids[0])).toEqual([]);
  });

  test('a pressed button with somebody else’s id is answered like one with an id that does not exist', async () => {
    const ids = [await house.idOf('Polestar Ferries'), await house.idOf('Tamarind Airways'), NOWHERE];
    const verbs = ['show', 'accept', 'next-step', 'history', 'offer', 'reject', 'transfer', 'change-stage'];
    for (const verb of [...verbs, 'repair', 'update-lead', 'flag', 'unflag']) {
      const answers = await Promise.all(
        ids.map(async (id) =>
          JSON.stringify(
            await house.act(verb, { id, text: 'x', reason: 'Other', sure: 'yes' }, { as: PRIYA }),
          ).replaceAll(id, '<id>'),
        ),
      );
      expect(new Set(answers).size).toBe(1);
    }
  });

  test('a customer’s name finds own deals only; a name of others reads like one nobody has', async () => {
    const unknown = (name: string) => `I know no deal “${name}”. Try “list” or “desk” to see what is yours.`;
    for (const name of ['Polestar Ferries', 'Polestar', 'Tamarind Airways', 'No Such Company'])
      for (const verb of ['show', 'accept']) expect(await typed(`${verb} ${name}`)).toBe(unknown(name));
    expect(await typed('show Glasswing')).toContain('Glasswing Biotech');
  });

  test.each<[Id, string]>([
    ['JONAS', 'alliance team'],
    ['MINA', 'ACE manager'],
  ])('%s, %s, sees all of it', async (id) => {
    expect(await house.say(id, 'show Polestar Ferries')).toContain('Tom Keller');
    expect(await house.say(id, 'list pending')).toContain('Tamarind Airways');
  });

  test('a Partner Solutions Finder lead is an unknown deal to everybody but the alliance lead, whatever they ask', async () => {
    const id = await house.practice.script.newPsfLead();
    await house.aws.sync();
    const { company } = await house.store.prisma.deal.findUniqueOrThrow({ where: { id } });
    expect(await typed(`show ${id}`, LEAD)).toContain(company);
    for (const as of [TEAM.team, TEAM.manager, PRIYA]) {
      for (const words of [`show ${id}`, `accept ${id}`, `offer ${id} to Tom`, `reject ${id}: Other (yes)`])
        expect(await typed(words, as)).toBe(
          `I know no deal “${id}”. Try “list” or “desk” to see what is yours.`,
        );
      expect(await typed('desk\nlist\nlist pending', as)).not.toContain(company);
    }
    for (const words of [`offer ${id} to Tom`, `accept ${id} for Jonas Berg`])
      expect(await typed(words, LEAD)).toContain('is for the alliance lead alone');
    expect(await house.effects(id)).toEqual([]);
  });

  test('who is not on the roster, or has no address, is told so and gets nothing', async () => {
    expect(await typed('desk', 'nobody@else.example')).toContain(
      'nobody@else.example has no access to ace-desk, so nothing was done. Your alliance lead can let you in.',
    );
    house.workspace.users.set('NEW', { id: 'NEW', team_id: 'T1', is_email_confirmed: true, profile: {} });
    const answered = await house.slash('NEW', 'accept Tamarind Airways');
    expect(JSON.stringify(answered.body)).toContain('I cannot see an e-mail address in your profile');
    expect(await house.effects(await house.idOf('Tamarind Airways'))).toEqual([]);
  });

  test('a deal that changed hands leaves the old owner’s numbers, names and posted copies', async () => {
    const id = await house.idOf('Glasswing Biotech');
    await house.tell('PRIYA', `show ${id}`);
    await house.shows('PRIYA', 'Glasswing Biotech');
    const copy = house.newest('PRIYA');
    const [, number = ''] = /(\d+)\. Glasswing Biotech/.exec(await typed('desk')) ?? [];
    const world = await house.practice.world();
    const team = JSON.stringify(world.opportunities[id]?.record.OpportunityTeam).replace(PRIYA, TOM);
    await house.practice.script.edit(id, 'OpportunityTeam', JSON.parse(team));
    await house.aws.sync();
    await house.quiet();
    expect(await typed(`show ${id}`)).toContain(`I know no deal “${id}”`);
    expect(await typed('show Glasswing Biotech')).toContain('I know no deal');
    expect(await typed(`show ${number}`)).toContain(
      `Number ${number} of your last list is no deal you can see any more.`,
    );
    expect(JSON.stringify(copy.blocks)).not.toContain('Glasswing');
    expect(JSON.stringify(copy.blocks)).toContain('no longer yours to see');
    expect(await typed(`show ${id}`, TOM)).toContain('Glasswing Biotech');
  });
});
