/** offer: an ACE user sees a pending referral or lead only once it was offered to them, in both doors. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { flat, LEAD, TEAM, until } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { buttonsOf, fieldsOf, partsOf, screenOf } from '../support/slack-screen.ts';

const [PRIYA = '', TOM = '', LUCIA = ''] = TEAM.users;

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
  // Nobody was told anything within the last minutes, which would make the next offer news.
  beforeEach(() => house.store.prisma.quiet.updateMany({ data: { newsToldAt: null } }));
  const typed = async (line: string, as = LEAD) => {
    const { text, code } = await house.script(`${line}\n`, as);
    return { said: flat(text), code };
  };
  const offeredTo = async (dealId: string) => {
    const rows = await house.store.prisma.offer.findMany({ where: { dealId } });
    return rows.map(({ personId }) => Object.keys(ids).find((email) => ids[email] === personId)).sort();
  };
  const told = (dealId: string, email: string) =>
    house.store.prisma.notice.count({ where: { dealId, kind: 'offered', personId: ids[email] ?? '' } });
  const unknown = (id: string) => `I know no deal “${id}”. Try “list” or “desk” to see what is yours.`;

  test('offered at the console, it is seen by them and by no other ACE user; AWS hears nothing of it, they are told', async () => {
    const id = await house.idOf('Tamarind Airways');
    expect((await typed(`show ${id}`, PRIYA)).said).toContain(unknown(id));
    const offered = await typed(`offer ${id} to Priya Raman`);
    expect([offered.code, offered.said]).toEqual([0, expect.stringContaining('Offered to Priya Raman.')]);
    expect((await typed(`show ${id}`, PRIYA)).said).toContain('Tamarind Airways');
    expect((await typed('list pending', PRIYA)).said).toContain('Tamarind Airways');
    expect((await typed(`show ${id}`, TOM)).said).toContain(unknown(id));
    expect((await typed('list pending', TOM)).said).not.toContain('Tamarind Airways');
    expect(await house.effects(id)).toEqual([]);
    const changes = await house.store.prisma.change.findMany({ where: { dealId: id } });
    expect(changes).toMatchObject([{ kind: 'offer', state: 'confirmed', verb: 'offer' }]);
    expect([await told(id, PRIYA), await told(id, TOM), await told(id, LEAD)]).toEqual([1, 0, 0]);
  });

  test('a typed line adds, several at once too; saying it again changes nothing and tells nobody twice', async () => {
    const id = await house.idOf('Cobalt Ridge Utilities');
    await typed(`offer ${id} to Priya`);
    expect((await typed(`offer ${id} to ${TOM}, Lucía Ferro and Priya`)).said).toContain(
      'Offered to Priya Raman, Tom Keller and Lucía Ferro.',
    );
    expect(await offeredTo(id)).toEqual([LUCIA, PRIYA, TOM].sort());
    const again = await typed(`offer ${id} to Tom Keller`);
    expect([again.code, again.said]).toEqual([
      0,
      expect.stringMatching(/is offered to .* already\. Nothing was changed\.$/),
    ]);
    expect([await told(id, PRIYA), await told(id, TOM), await told(id, LUCIA)]).toEqual([1, 1, 1]);
  });

  test('in Slack the form shows ACE users alone, who has it chosen; leaving one out withdraws it and redraws their copy', async () => {
    const id = await house.idOf('Evergrove Timber');
    await typed(`offer ${id} to Priya`);
    await house.tell('PRIYA', `show ${id}`);
    const copies = () => house.messages('PRIYA').filter((it) => screenOf(it).includes('Evergrove Timber'));
    await until('both copies', () => copies().length === 2);
    const [copy, other] = copies();
    if (!copy || !other) throw new Error('There are two: she was told, and she asked.');
    expect(buttonsOf(copy.blocks).map(({ label }) => label)).toEqual(
      expect.arrayContaining(['Accept', 'Reject…']),
    );
    await house.say('JONAS', `show ${id}`);
    await house.press('JONAS', house.newest('JONAS'), 'Offer…');
    const form = await house.form('JONAS');
    expect(fieldsOf(form.content.blocks)).toMatchObject([{ id: 'people', value: ids[PRIYA] }]);
    const options = partsOf(form.content.blocks).flatMap(({ options }) => options ?? []);
    expect(JSON.stringify(options)).toMatch(
      /Lucía Ferro, ACE user.*Priya Raman, ACE user.*Tom Keller, ACE user/,
    );
    expect(JSON.stringify(options)).not.toMatch(/Ana|Jonas|Mina/);
    await house.submit(form, { people: ids[TOM] ?? '' });
    await house.shows('JONAS', 'Offered to Tom Keller; no longer offered to Priya Raman.');
    await house.quiet();
    expect(await offeredTo(id)).toEqual([TOM]);
    for (const one of [copy, other]) {
      await until('the redraw', () => screenOf(one).includes('no longer yours to see'));
      expect(screenOf(one)).not.toContain('Evergrove');
    }
    expect(await house.say('PRIYA', `accept ${id}`)).toContain(unknown(id));
    expect(await house.effects(id)).toEqual([]);
  });

  test('a form that was open meanwhile overwrites nobody’s offer', async () => {
    const id = await house.idOf('Fennel & Rye Delicatessen');
    await house.say('MINA', `offer ${id}`);
    const form = await house.form('MINA');
    await typed(`offer ${id} to Priya`);
    await house.submit(form, { people: ids[TOM] ?? '' });
    await house.quiet();
    expect(await offeredTo(id)).toEqual([PRIYA, TOM].sort());
  });

  test('“nobody” withdraws it from all', async () => {
    const id = await house.idOf('Skylark Drone Surveys');
    await typed(`offer ${id} to Priya and Tom`);
    expect((await typed(`offer ${id} to nobody`)).said).toMatch(/No longer offered to .* and /);
    expect(await offeredTo(id)).toEqual([]);
    expect((await typed(`show ${id}`, PRIYA)).said).toContain(unknown(id));
  });

  test('two people at once: both offers stand', async () => {
    const id = await house.idOf('@here Bakeries');
    const both = await Promise.all([
      house.act('offer', { id, people: 'Priya' }, { as: TEAM.lead }),
      house.act('offer', { id, people: 'Tom' }, { as: TEAM.manager }),
    ]);
    expect(both.map(({ ok }) => ok)).toEqual([true, true]);
    expect(await offeredTo(id)).toEqual([PRIYA, TOM].sort());
  });

  test('the same press five times is one offer and one message', async () => {
    const id = await house.idOf('Ashdown Vale Council');
    const press = () => house.act('offer', { id, people: ids[LUCIA] ?? '' }, { key: 'an-offer' });
    const answers = await Promise.all([press(), press(), press(), press(), press()]);
    expect(answers.map(({ reply }) => reply.kind)).toEqual(answers.map(() => 'card'));
    await press();
    expect(await house.store.prisma.change.count({ where: { dealId: id } })).toBe(1);
    expect(await told(id, LUCIA)).toBe(1);
  });

  test('whom it names must be one ACE user each: what is wrong is said beside the field, the rest is kept', async () => {
    const id = await house.idOf('Nimbus 🌧️ Umbrella Company');
    for (const [people, wrong] of [
      ['Nobody Such', 'I know nobody called “Nobody Such” here'],
      ['Mina', 'Mina Okafor is ACE manager and sees it anyway'],
      ['Ana Silva', 'Ana Silva is alliance lead and sees it anyway'],
    ]) {
      const { reply, ok } = await house.act('offer', { id, people: `Priya, ${people}` });
      expect([ok, reply.kind]).toEqual([false, 'form']);
      expect(reply).toMatchObject({
        errors: { people: expect.stringContaining(wrong ?? '') },
        fields: [{ value: ids[PRIYA] }],
      });
      expect((await typed(`offer ${id} to ${people}`)).said).toContain(wrong);
    }
    await house.store.prisma.person.create({
      data: { email: 'tom.b@partner.example', firstName: 'Tom', lastName: 'Baker', role: 'ACE user' },
    });
    expect((await typed(`offer ${id} to Tom`)).said).toMatch(
      /“Tom” could be .*tom\.keller@partner\.example.*Give the full name or the e-mail/,
    );
    await house.store.prisma.person.delete({ where: { email: 'tom.b@partner.example' } });
    expect(await offeredTo(id)).toEqual([]);
  });

  test('an ACE user offers nothing: what is not theirs is unknown, what was offered to them is refused in words', async () => {
    const id = await house.idOf('Tamarind Airways');
    expect((await typed(`offer ${id} to Tom`, TOM)).said).toContain(unknown(id));
    expect((await typed(`offer ${id} to Tom`, PRIYA)).said).toContain(
      'Tamarind Airways: Only the alliance lead, the alliance team and ACE managers can offer it. Ask one of them.',
    );
    expect(await offeredTo(id)).toEqual([PRIYA]);
  });

  test('accepted by whom it was offered to, they own it; later offers and the others are told who and when', async () => {
    const id = await house.idOf('Cobalt Ridge Utilities');
    const accepted = await typed(`accept ${id}`, PRIYA);
    expect(accepted.code).toBe(0);
    await house.quiet();
    const [done] = await house.effects(id);
    const opportunity = String(done?.value);
    expect(await house.effects(opportunity)).toMatchObject([{ kind: 'assign', value: PRIYA }]);
    expect((await typed(`show ${opportunity}`, PRIYA)).said).toContain('Owner Priya Raman');
    expect((await typed(`show ${opportunity}`, TOM)).said).toContain(unknown(opportunity));
    expect((await typed(`offer ${id} to Lucía`)).said).toContain('accepted by Priya Raman just now');
    expect((await typed(`offer ${opportunity} to Lucía`)).said).toContain('This is an opportunity already');
    expect((await typed(`accept ${id}`, TOM)).said).toMatch(
      /accepted by Priya Raman just now|I know no deal/,
    );
    expect((await typed('list pending', TOM)).said).not.toContain('Cobalt Ridge');
  });

  test('what has run out, or is nobody’s to offer, is refused in words', async () => {
    const id = await house.practice.script.newReferral();
    await house.aws.sync();
    await house.practice.script.expire(id);
    await house.aws.sync();
    await until('AWS’s word', async () => (await typed(`show ${id}`)).said.includes('lost'));
    const late = await typed(`offer ${id} to Priya`);
    expect([late.code, late.said]).toEqual([1, expect.stringContaining('it expired before it was accepted')]);
    expect(await offeredTo(id)).toEqual([]);
  });
});
