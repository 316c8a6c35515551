/** The buttons of a deal: what its reader may do now, and nothing that does not apply. */
import { describe, expect, test } from '@jest/globals';
import type { Wish } from '../../src/pipeline/change.ts';
import type { Deal } from '../../src/pipeline/deal.ts';
import type { Role } from '../../src/pipeline/person.ts';
import { can } from '../../src/pipeline/policy.ts';
import { actionsOf, stillCalled } from '../../src/views/actions.ts';
import { type About, dealCard } from '../../src/views/deal.ts';
import { lead, offeredLead, opportunity, person, referral } from '../pipeline/samples.ts';
import { about, change, OWNER } from './samples.ts';

const ACCEPT: Wish = { kind: 'accept' };
const REJECT: Wish = { kind: 'reject', reason: 'Unable to support' };
const CORRECTION: Wish = { kind: 'update', base: {}, set: { website: 'https://acme.example' } };
const SUBMIT: Wish = { kind: 'submit', involvement: 'Co-Sell', visibility: 'Full' };
const CONTACT: Wish = {
  kind: 'assign',
  to: { email: 'ana@partner.example', firstName: 'Ana', lastName: 'Silva' },
  as: 'sales contact',
};
const BEN = { email: 'ben@partner.example', name: 'Ben Bell' };

const front = (deal: Deal, more: Partial<About> = {}) =>
  actionsOf(deal, about(more)).buttons.map(({ label }) => label);
const folded = (deal: Deal, more: Partial<About> = {}) =>
  actionsOf(deal, about(more)).more.map(({ label }) => label);
const as = (role: Role) => ({ actor: person(role) });

describe('what is pending', () => {
  test.each(['alliance lead', 'alliance team', 'ACE manager'] as const)(
    '%s accepts, offers, rejects, and accepts for others',
    (role) => {
      expect(front(referral(), as(role))).toEqual(['Accept', 'Offer…', 'Reject…']);
      expect(folded(offeredLead(), as(role))).toContain('Accept for…');
    },
  );

  test('an ACE user whom it was offered to accepts or rejects; offering is not theirs', () => {
    const offered = referral({ offeredTo: ['p-ana'] });
    expect(front(offered, as('ACE user'))).toEqual(['Accept', 'Reject…']);
    expect(folded(offered, as('ACE user'))).toEqual(['Flag', 'Remind me…', 'Post here…', 'History']);
  });

  test('a Partner Solutions Finder lead is offered to nobody', () => {
    const psf = offeredLead({ source: 'AWS Partner Solutions Finder' });
    expect(front(psf)).toEqual(['Accept', 'Reject…']);
    expect(folded(psf)).not.toContain('Accept for…');
  });

  test.each([ACCEPT, REJECT])(
    'while an answer is with AWS, and once it is confirmed, nobody answers: %j',
    (wish) => {
      for (const state of ['requested', 'sending', 'waiting', 'confirmed'] as const) {
        const changes = [change(state, wish, { person: { id: 'p-ben', name: 'Ben Bell' } })];
        expect(front(referral(), { changes })).toEqual([]);
        expect(folded(referral(), { changes })).toEqual(['Flag', 'Remind me…', 'Post here…', 'History']);
      }
    },
  );

  test.each([ACCEPT, REJECT])('refused, it is answered anew: %j', (wish) => {
    expect(front(referral(), { changes: [change('refused', wish)] })).toContain('Accept');
  });

  test('an offer is no answer: it stays open', () => {
    const changes = [change('confirmed', { kind: 'offer', to: [{ id: 'p-ben', name: 'Ben Bell' }] })];
    expect(front(referral(), { changes })).toEqual(['Accept', 'Offer…', 'Reject…']);
  });

  test.each(['ACCEPTED', 'REJECTED', 'EXPIRED'] as const)(
    '%s, there is its history and nothing to flag',
    (status) => {
      expect([front(referral({ status })), folded(referral({ status }))]).toEqual([[], ['History']]);
    },
  );
});

describe('an opportunity', () => {
  test('of somebody else gives an ACE user who submitted it no transfer', () => {
    const deal = opportunity({ owner: BEN, submittedBy: 'ana@partner.example' });
    expect(folded(deal, as('ACE user'))).not.toContain('Transfer…');
    expect(folded(opportunity(), as('ACE user'))).toContain('Transfer…');
  });

  test('in review takes a next step or another stage, to be queued, and goes to nobody else', () => {
    const deal = opportunity({ reviewStatus: 'In review' });
    expect([front(deal), folded(deal)]).toEqual([
      ['Next step…', 'Change stage…'],
      ['Flag', 'Remind me…', 'Post here…', 'History'],
    ]);
  });

  const asked = opportunity({ reviewStatus: 'Action Required' });
  const repair = (state: 'requested' | 'confirmed' | 'refused') =>
    change(state, CORRECTION, { verb: 'repair' });
  test.each<[string, About['changes'], boolean]>([
    ['nothing was corrected', [], false],
    ['the correction is on its way', [repair('requested')], false],
    ['AWS refused the correction', [repair('refused')], false],
    ['AWS has the correction and still asks', [repair('confirmed')], true],
    ['the submission is on its way', [change('sending', SUBMIT), repair('confirmed')], false],
    ['AWS refused the submission', [change('refused', SUBMIT), repair('confirmed')], true],
    ['AWS took the submission and asks anew', [change('confirmed', SUBMIT), repair('confirmed')], false],
    ['a next step was confirmed before', [change('confirmed')], false],
  ])('is submitted again only when AWS still asks: %s', (_, changes, offered) => {
    expect(front(asked, { changes }).includes('Submit to AWS')).toBe(offered);
  });

  test('submitting asks once and names the verb that does it', () => {
    const [, submit] = actionsOf(asked, about({ changes: [repair('confirmed')] })).buttons;
    expect(submit).toMatchObject({ verb: 'repair', input: { id: asked.id, do: 'submit' } });
    expect(submit?.confirm?.yes).toBe('Submit it');
  });
});

describe('a flag', () => {
  test('is the reader’s own: somebody else’s is not shown', () => {
    expect(folded(opportunity(), { flaggedBy: ['p-ben'] })).toContain('Flag');
    const mine = actionsOf(opportunity(), about({ flaggedBy: ['p-ben', 'p-ana'] })).more;
    expect(mine.map(({ verb }) => verb)).toContain('unflag');
    expect(mine.map(({ verb }) => verb)).not.toContain('flag');
  });

  test('can be taken off what is over', () => {
    expect(folded(referral({ status: 'EXPIRED' }), { flaggedBy: ['p-ana'] })).toEqual(['Unflag', 'History']);
  });
});

describe('whom AWS calls', () => {
  const deal = opportunity({ salesContact: BEN });
  const changes = [change('confirmed', OWNER)];

  test('after a change of owner the card says that AWS still calls somebody else, and offers to mend it', () => {
    const card = dealCard(deal, about({ changes }));
    expect(card.status).toMatch(/ · AWS still calls Ben Bell$/);
    expect(card.buttons.at(-1)).toEqual({
      verb: 'transfer',
      label: 'Make Ana Silva the AWS sales contact',
      input: { id: 'O1234567', contact: 'yes' },
    });
  });

  test.each<[string, Deal, About['changes']]>([
    ['nobody changed the owner', deal, []],
    [
      'it is the owner',
      opportunity({ salesContact: { name: 'Ana', email: 'ANA@partner.example' } }),
      changes,
    ],
    ['AWS knows none', opportunity(), changes],
    ['another change of owner is with AWS', deal, [change('sending', CONTACT), ...changes]],
    [
      'the change of owner was another one',
      opportunity({ salesContact: BEN, owner: { name: 'Cy', email: 'cy@x.example' } }),
      changes,
    ],
    ['that was weeks ago', deal, [change('confirmed', OWNER, { settledAt: '2025-11-01T12:00:00Z' })]],
    ['it was refused', deal, [change('refused', OWNER)]],
    ['it is a lead', lead({ owner: { name: 'Ana Silva', email: 'ana@partner.example' } }), changes],
  ])('nothing is said where %s', (_, it, those) => {
    expect(stillCalled(it, about({ changes: those }))).toBeUndefined();
  });

  test('who may not transfer it reads it and has no button', () => {
    const readers = { ...as('ACE user'), changes };
    const theirs = opportunity({ salesContact: BEN, submittedBy: 'p@partner.example' });
    const reader = { ...readers, actor: person('ACE user', { id: 'p', email: 'p@partner.example' }) };
    expect(front(theirs, reader)).toEqual(['Next step…', 'Change stage…']);
    expect(stillCalled(theirs, about(reader))).toEqual(BEN);
  });
});

test('no deal has more than three buttons in front, two primary ones, or the same one twice', () => {
  const deals = [
    referral({ offeredTo: ['p-ana'] }),
    offeredLead(),
    lead(),
    opportunity({ salesContact: BEN }),
  ];
  for (const deal of deals)
    for (const role of ['alliance lead', 'alliance team', 'ACE manager', 'ACE user'] as const)
      for (const changes of [[], [change('confirmed', OWNER)]]) {
        const reader = about({ ...as(role), changes });
        if (!can(reader.actor, 'see', deal, reader.now).yes) continue;
        const { buttons, more } = actionsOf(deal, reader);
        expect(buttons.length).toBeLessThanOrEqual(3);
        const all = [...buttons, ...more];
        expect(new Set(all.map(({ label }) => label)).size).toBe(all.length);
        expect(all.filter(({ style }) => style === 'primary').length).toBeLessThanOrEqual(1);
      }
});
