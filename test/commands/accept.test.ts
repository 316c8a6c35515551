/** accept: a referral and a lead, at the console and in Slack, and what can come between. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Reply } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { flat, TEAM, until } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { buttonsOf, partsOf, screenOf } from '../support/slack-screen.ts';

const words = (reply: Reply): string => JSON.stringify(reply);

describe.each(databases)('on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  const kinds = async (id: string) => (await house.effects(id)).map(({ kind }) => kind);
  const changes = (dealId: string) => house.store.prisma.change.findMany({ where: { dealId } });

  test('a referral accepted at the console by its number becomes an opportunity whose owner is the accepter; both halves are reported, the contacts come to them', async () => {
    const id = await house.idOf('Tamarind Airways');
    const { text, code } = await house.script('list pending\naccept 3\n', TEAM.manager);
    expect(code).toBe(0);
    const said = flat(text);
    expect(said).toContain('Tamarind Airways: AWS confirmed the acceptance');
    expect(said).toContain('Tamarind Airways: AWS confirmed the change of owner to Mina Okafor');
    await house.quiet();
    const [accepted] = await house.effects(id);
    expect(accepted?.kind).toBe('accept');
    const opportunity = String(accepted?.value);
    expect(await house.effects(opportunity)).toMatchObject([{ kind: 'assign', value: TEAM.manager }]);
    const shown = flat((await house.script(`show ${id}\n`)).text);
    expect(shown).toContain('Owner Mina Okafor');
    expect(shown).toContain('approved');
  });

  test('pressed in a Slack list, the list stays, the card comes below, and its last word follows', async () => {
    await house.say('JONAS', 'list pending');
    const list = house.newest('JONAS');
    const listed = screenOf(list);
    const company = 'Nimbus 🌧️ Umbrella Company';
    const id = await house.idOf(company);
    const button = buttonsOf(list.blocks).findIndex((it) => it.value.includes(id));
    const only = { ...list, blocks: list.blocks.filter((it) => JSON.stringify(it).includes(id)) };
    expect(button).toBeGreaterThan(-1);
    await house.press('JONAS', only, 'Accept');
    await house.shows('JONAS', `Contacts for ${company}`);
    await house.quiet();
    expect(screenOf(list)).toBe(listed);
    expect(house.workspace.seenBy('JONAS', 'C1').at(-1)).toContain('AWS confirmed your acceptance');
    expect(await kinds(id)).toEqual(['accept']);
  });

  test.each([
    ['console', 'Skylark Drone Surveys'],
    ['Slack', 'Fennel & Rye Delicatessen'],
  ])('a lead accepted at the %s is one effect, and nobody is assigned', async (door, company) => {
    const id = await house.idOf(company);
    if (door === 'Slack')
      expect(await house.say('ANA', `accept ${company}`)).toContain('Accepting… (Ana Silva)');
    else expect((await house.script(`accept ${company}\n`)).text).toContain('AWS confirmed the acceptance');
    await house.quiet();
    expect(await kinds(id)).toEqual(['accept-lead']);
    expect(await changes(id)).toMatchObject([{ kind: 'accept', state: 'confirmed' }]);
    const shown = flat((await house.script(`show ${id}\n`)).text);
    expect(shown).toContain('Owner Ana Silva');
  });

  test('who comes later is told who accepted it and when, in both doors, and nothing more is sent', async () => {
    const id = await house.idOf('Evergrove Timber');
    await house.script(`accept ${id}\n`, TEAM.team);
    await house.quiet();
    const before = (await changes(id)).length;
    const late = await house.script(`accept ${id}\n`);
    expect([late.code, flat(late.text)]).toEqual([
      1,
      'Evergrove Timber: accepted by Jonas Berg just now. Nothing more was sent.',
    ]);
    expect(await house.say('MINA', `accept ${id}`)).toContain('accepted by Jonas Berg just now');
    expect(await house.say('JONAS', `accept ${id}`)).toContain('accepted by you just now');
    expect(await changes(id)).toHaveLength(before);
    expect(await kinds(id)).toEqual(['accept']);
  });

  test('two people at once: one Change, one effect, the other is told who', async () => {
    const id = await house.idOf('Cobalt Ridge Utilities');
    const answers = await Promise.all(
      [TEAM.lead, TEAM.team, TEAM.manager].map((as) => house.act('accept', { id }, { as })),
    );
    const [winner, ...more] = answers.filter(({ ok }) => ok);
    expect(more).toEqual([]);
    expect(winner?.changeIds).toHaveLength(2);
    const name = ['Ana Silva', 'Jonas Berg', 'Mina Okafor'][answers.findIndex(({ ok }) => ok)];
    for (const { reply } of answers.filter(({ ok }) => !ok))
      expect(words(reply)).toMatch(new RegExp(`Cobalt Ridge Utilities: .*${name}.*Nothing more was sent`));
    await house.quiet();
    expect(await kinds(id)).toEqual(['accept']);
    expect(await changes(id)).toHaveLength(2);
  });

  test('the same act five times at once is one act, and each is answered with its Changes', async () => {
    const id = await house.idOf('@here Bakeries');
    const again = () => house.act('accept', { id }, { key: 'a-double-click' });
    const answers = await Promise.all([again(), again(), again(), again(), again()]);
    const later = await again();
    await house.quiet();
    const latest = await again();
    const ids = (await changes(id)).map((change) => change.id).sort();
    expect(ids).toHaveLength(2);
    for (const answer of [...answers, later, latest]) {
      expect(answer.reply.kind).toBe('card');
      expect([...answer.changeIds].sort()).toEqual(ids);
    }
    expect(await kinds(id)).toEqual(['accept']);
  });

  test('what AWS cannot accept is refused with AWS’s reason, its second half is taken back, and it can be tried again', async () => {
    const id = await house.idOf('Ashdown Vale Council');
    await house.practice.script.failNextAccept('OpportunityValidationFailed');
    const first = await house.script(`accept ${id}\n`);
    expect([first.code, flat(first.text)]).toEqual([
      1,
      expect.stringContaining('AWS refused the acceptance: '),
    ]);
    expect((await changes(id)).map(({ kind, state }) => `${kind} ${state}`).sort()).toEqual([
      'accept refused',
      'assign cancelled',
    ]);
    expect(await kinds(id)).toEqual([]);
    const again = await house.script(`accept ${id}\n`);
    expect(again.code).toBe(0);
    expect(await kinds(id)).toEqual(['accept']);
  });

  test('after a minute AWS is said to be still working, and whoever asked hears of the end in private', async () => {
    const id = await house.practice.script.newReferral();
    await house.aws.sync();
    await house.practice.script.slow(3);
    expect(await house.say('ANA', `accept ${id}`)).toContain('Accepting… (Ana Silva)');
    await until('AWS’s task', async () => {
      return (await house.practice.world()).tasks.some(({ invitationId }) => invitationId === id);
    });
    await house.practice.script.slow(undefined);
    await house.store.prisma.$executeRaw`
      UPDATE change SET requested_at = now() - interval '61 seconds' WHERE deal_id = ${id} AND kind = 'accept'`;
    expect(await house.say('MINA', `show ${id}`)).toContain(
      'AWS is still working on the acceptance; nothing to do, I’ll tell you (Ana Silva)',
    );
    await until('the last word in private', () =>
      house.workspace.seenBy('ANA', 'DANA').some((it) => it.includes('AWS confirmed your acceptance')),
    );
    await house.quiet();
    expect(await kinds(id)).toEqual(['accept']);
  });

  describe('for a colleague', () => {
    const [PRIYA = '', TOM = ''] = TEAM.users;
    const idOfPerson = async (email: string) =>
      (await house.store.prisma.person.findUniqueOrThrow({ where: { email } })).id;
    const newReferral = async () => {
      const id = await house.practice.script.newReferral();
      await house.aws.sync();
      return id;
    };
    const ownerOf = async (id: string) => (await house.effects(id)).map(({ kind, value }) => [kind, value]);

    test('in Slack the button asks for whom; they become the owner, and see it', async () => {
      const id = await newReferral();
      await house.say('JONAS', `show ${id}`);
      await house.press('JONAS', house.newest('JONAS'), 'Accept for…');
      const form = await house.form('JONAS');
      const options = JSON.stringify(partsOf(form.content.blocks).flatMap(({ options: all }) => all ?? []));
      expect(options).toContain('Priya Raman, ACE user');
      expect(await changes(id)).toEqual([]);
      await house.submit(form, { person: await idOfPerson(PRIYA) });
      await house.quiet();
      const [[kind, opportunity] = []] = await ownerOf(id);
      expect(kind).toBe('accept');
      expect(await ownerOf(String(opportunity))).toEqual([['assign', PRIYA]]);
      expect(flat((await house.script(`show ${opportunity}\n`, PRIYA)).text)).toContain('Owner Priya Raman');
    });

    test('typed, by name; of a lead they become the owner here', async () => {
      const id = await house.practice.script.newLead();
      await house.aws.sync();
      const { code } = await house.script(`accept ${id} for Tom Keller\n`);
      expect(code).toBe(0);
      await house.quiet();
      const [change] = await changes(id);
      expect(change).toMatchObject({ kind: 'accept', state: 'confirmed', wish: { for: { email: TOM } } });
      const { successor } = await house.store.prisma.deal.findUniqueOrThrow({ where: { id } });
      expect(flat((await house.script(`show ${successor}\n`, TOM)).text)).toContain('Owner Tom Keller');
    });

    test('a name nobody has brings the form back with what is wrong; nothing is sent', async () => {
      const id = await newReferral();
      const { reply, ok } = await house.act('accept', { id, person: 'Nobody Such' });
      expect(ok).toBe(false);
      expect(reply).toMatchObject({
        kind: 'form',
        errors: { person: expect.stringContaining('I know nobody called “Nobody Such” here') },
      });
      expect(await changes(id)).toEqual([]);
    });

    test('an ACE user accepts for themselves alone', async () => {
      const id = await newReferral();
      await house.act('offer', { id, people: PRIYA });
      const forTom = await house.act('accept', { id, person: 'Tom Keller' }, { as: PRIYA });
      expect(words(forTom.reply)).toContain('can accept it for somebody else. Ask one of them.');
      expect(await kinds(id)).toEqual([]);
      expect((await house.act('accept', { id, person: 'me' }, { as: PRIYA })).ok).toBe(true);
      await house.quiet();
      const [[, opportunity] = []] = await ownerOf(id);
      expect(await ownerOf(String(opportunity))).toEqual([['assign', PRIYA]]);
    });
  });

  test('an opportunity, and a lead that is ours already, cannot be accepted; the answer names the customer', async () => {
    const both = await house.script('accept Northgate Tram Works\naccept Ferrous Park Foundry\n');
    expect(both.code).toBe(1);
    expect(flat(both.text)).toBe(
      'Northgate Tram Works: This is an opportunity already: there is nothing left to accept or reject. Ferrous Park Foundry: This lead is yours already: there is nothing left to accept or reject.',
    );
  });
});
