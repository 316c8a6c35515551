/** reject: with AWS's reasons, asked once, for good; at the console and in Slack, and what can come between. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DUPLICATE } from '../../src/pipeline/picklists.ts';
import type { Reply } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { flat, LEAD, TEAM } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { fieldsOf, screenOf } from '../support/slack-screen.ts';

const [PRIYA = '', TOM = ''] = TEAM.users;
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
  const typed = async (line: string, as = LEAD) => {
    const { text, code } = await house.script(`${line}\n`, as);
    return { said: flat(text), code };
  };
  const effects = async (id: string) =>
    (await house.effects(id)).map(({ kind, value }) => `${kind} ${value}`);
  const changes = (dealId: string) =>
    house.store.prisma.change.findMany({ where: { dealId }, orderBy: { seq: 'asc' } });

  test('a script says the reason and (yes); AWS reads it, and the deal is gone from what is pending', async () => {
    const id = await house.idOf('Tamarind Airways');
    const rejected = await typed(`reject ${id}: Unable to support (yes)`);
    expect([rejected.code, rejected.said]).toEqual([
      0,
      expect.stringContaining('Tamarind Airways: AWS confirmed'),
    ]);
    await house.quiet();
    expect(await effects(id)).toEqual(['reject Unable to support']);
    expect((await typed('list pending')).said).not.toContain('Tamarind Airways');
    expect((await typed(`show ${id}`)).said).toContain('AWS referral · rejected');
  });

  test('without (yes) nothing is sent: a script is told what is lost and how to say it', async () => {
    const id = await house.idOf('Evergrove Timber');
    const asked = await typed(`reject ${id}: Unable to support`);
    expect(asked.code).toBe(1);
    expect(asked.said).toContain('you lose access to it, and it cannot be taken back');
    expect(asked.said).toContain('(yes)');
    expect(await changes(id)).toEqual([]);
  });

  test('in Slack the button opens the form, which says what is lost; own words follow the reason', async () => {
    const id = await house.idOf('Cobalt Ridge Utilities');
    await house.say('MINA', `show ${id}`);
    await house.press('MINA', house.newest('MINA'), 'Reject…');
    const form = await house.form('MINA');
    expect(screenOf(form.content)).toContain('AWS takes it away: you lose access to it');
    expect(await changes(id)).toEqual([]);
    await house.submit(form, { reason: 'Unable to support', own: 'no team for Peru' });
    await house.quiet();
    expect(await effects(id)).toEqual(['reject Unable to support: no team for Peru']);
    await house.shows('MINA', 'AWS referral · rejected');
  });

  test('a lead is rejected in the same way', async () => {
    const id = await house.idOf('Skylark Drone Surveys');
    expect((await typed(`reject ${id}: outside our region (yes)`)).code).toBe(0);
    await house.quiet();
    expect(await effects(id)).toEqual(['reject outside our region']);
  });

  test('what AWS would not read is said beside its field, and both fields keep what was typed', async () => {
    const id = await house.idOf('@here Bakeries');
    for (const [own, wrong] of [
      ['x'.repeat(70), '9 too many'],
      ['no budget 😀', 'AWS takes no emoji'],
    ]) {
      const { reply, ok } = await house.act('reject', { id, reason: 'Unable to support', own, sure: 'yes' });
      expect([ok, reply.kind]).toEqual([false, 'form']);
      expect(reply).toMatchObject({
        errors: { own: expect.stringContaining(wrong ?? '') },
        fields: [{ value: 'Unable to support' }, { value: own }],
      });
    }
    await house.say('ANA', `reject ${id}`);
    const form = await house.form('ANA');
    await house.submit(form, { reason: 'Other', own: '🎈' });
    expect(form.errors).toEqual({ own: expect.stringContaining('AWS takes no emoji') });
    expect(await changes(id)).toEqual([]);
  });

  test('a possible duplicate is shown first and is the reason offered; only what the reader may see', async () => {
    const own = await house.store.prisma.deal.findFirstOrThrow({
      where: { kind: 'opportunity', origin: 'Partner Referral', status: 'Approved', stage: 'Qualified' },
    });
    const id = await house.practice.script.newReferral(own.id);
    await house.aws.sync();
    const { reply } = await house.act('reject', { id });
    expect(words(reply)).toContain('In your pipeline already, perhaps the same');
    expect(words(reply)).toContain(own.company);
    expect(reply).toMatchObject({ fields: [{ value: DUPLICATE }, {}] });
    const stranger = [PRIYA, TOM].find((email) => email !== own.ownerEmail) ?? '';
    await house.act('offer', { id, people: stranger });
    const hidden = (await house.act('reject', { id }, { as: stranger })).reply;
    expect(hidden.kind).toBe('form');
    expect(words(hidden)).not.toContain('perhaps the same');
    expect(hidden.kind === 'form' ? hidden.fields[0]?.value : 'no form').toBeUndefined();
    await house.say('ANA', `reject ${id}`);
    expect(fieldsOf((await house.form('ANA')).content.blocks)[0]?.value).toBe(DUPLICATE);
  });

  test('an ACE user whom it was not offered to gets the answer to an unknown deal; offered, they reject it', async () => {
    const id = await house.idOf('Fennel & Rye Delicatessen');
    const line = `reject ${id}: Next steps unclear (yes)`;
    expect((await typed(line, TOM)).said).toContain(
      `I know no deal “${id}”. Try “list” or “desk” to see what is yours.`,
    );
    expect(await changes(id)).toEqual([]);
    await house.act('offer', { id, people: 'Tom Keller' });
    expect((await typed(line, TOM)).code).toBe(0);
    await house.quiet();
    expect(await effects(id)).toEqual(['reject Next steps unclear']);
  });

  test('one accepts, one rejects, at once: one of them is done and the other is told who was faster', async () => {
    const id = await house.idOf('Nimbus 🌧️ Umbrella Company');
    const [accepted, rejected] = await Promise.all([
      house.act('accept', { id }, { as: TEAM.lead }),
      house.act('reject', { id, reason: 'Other', sure: 'yes' }, { as: TEAM.manager }),
    ]);
    expect([accepted.ok, rejected.ok].sort()).toEqual([false, true]);
    const [late, who] = accepted.ok ? [rejected, 'Ana Silva'] : [accepted, 'Mina Okafor'];
    expect(words(late.reply)).toMatch(new RegExp(`${who}.*Nothing more was sent`));
    await house.quiet();
    const kinds = (await house.effects(id)).map(({ kind }) => kind);
    expect(kinds).toEqual([accepted.ok ? 'accept' : 'reject']);
  });

  test('who comes later is told who rejected it and when, whatever they press on their old card', async () => {
    const id = await house.idOf('Tamarind Airways');
    for (const verb of ['accept', 'reject', 'offer'])
      expect(words((await house.act(verb, { id }, { as: TEAM.team })).reply)).toMatch(
        /Tamarind Airways: rejected by Ana Silva (just now|a minute ago|\d+ min ago)\. Nothing more was sent\./,
      );
    expect(await effects(id)).toEqual(['reject Unable to support']);
  });

  test('the same press five times is one rejection', async () => {
    const id = await house.idOf('Ashdown Vale Council');
    const press = () =>
      house.act('reject', { id, reason: 'Other', own: 'no', sure: 'yes' }, { key: 'a-rejection' });
    const answers = await Promise.all([press(), press(), press(), press(), press()]);
    await house.quiet();
    answers.push(await press());
    const all = await changes(id);
    expect(all).toMatchObject([{ kind: 'reject', state: 'confirmed' }]);
    for (const answer of answers) expect(answer.changeIds).toEqual([all[0]?.id]);
    expect(await effects(id)).toEqual(['reject no']);
  });

  test('an opportunity and a lead that is ours are not rejected', async () => {
    for (const company of ['Northgate Tram Works', 'Ferrous Park Foundry']) {
      const { said, code } = await typed(`reject ${company}: Other (yes)`);
      expect([code, said]).toEqual([1, expect.stringContaining('there is nothing left to accept or reject')]);
    }
  });
});
