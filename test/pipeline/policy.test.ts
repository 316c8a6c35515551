import { describe, expect, test } from '@jest/globals';
import type { Deal, Opportunity } from '../../src/pipeline/deal.ts';
import { type Person, ROLES } from '../../src/pipeline/person.ts';
import { can, type Verdict } from '../../src/pipeline/policy.ts';
import { lead, NOW, offeredLead, opportunity, person, referral } from './samples.ts';

const why = (verdict: Verdict) => (verdict.yes ? 'yes' : verdict.why);
const stranger = (role: Person['role']) => person(role, { id: 'p-bob', email: 'bob@partner.example' });

describe('who sees what', () => {
  const deals: [string, Deal, boolean, boolean][] = [
    ['a pending referral', referral(), false, false],
    ['an accepted referral', referral({ status: 'ACCEPTED' }), false, false],
    ['an offered lead', offeredLead({ owner: { name: 'Ana', email: 'ana@partner.example' } }), false, false],
    [
      'an accepted lead of Ana’s',
      lead({ owner: { name: 'Ana', email: 'Ana@Partner.example' } }),
      true,
      false,
    ],
    ['a lead without an owner', lead(), false, false],
    ['an opportunity of Ana’s', opportunity(), true, false],
    ['an opportunity without an owner', opportunity({ owner: { name: 'nobody' } }), false, false],
    [
      'an opportunity whose owner’s e-mail is empty',
      opportunity({ owner: { name: '', email: '' } }),
      false,
      false,
    ],
  ];
  const cases = deals.flatMap(([what, deal, ana, bob]) =>
    ROLES.map((role) => [role, what, deal, role !== 'ACE user' || ana, role !== 'ACE user' || bob] as const),
  );
  test.each(cases)('%s and %s', (role, _, deal, ana, bob) => {
    expect(can(person(role), 'see', deal, NOW).yes).toBe(ana);
    expect(can(stranger(role), 'see', deal, NOW).yes).toBe(bob);
  });

  test.each(['see', 'accept', 'next-step'] as const)(
    'who may not see a deal learns nothing by %s',
    (action) => {
      const verdict = can(stranger('ACE user'), action, opportunity({ reviewStatus: 'In review' }), NOW);
      expect(verdict).toEqual({
        yes: false,
        hide: true,
        why: expect.stringContaining('I know no deal “O1234567”'),
      });
    },
  );

  test('an empty e-mail owns nothing', () => {
    const nobody = person('ACE user', { email: '' });
    expect(can(nobody, 'see', opportunity({ owner: { name: 'x', email: '' } }), NOW).yes).toBe(false);
  });
});

describe('accept', () => {
  test.each(ROLES.filter((role) => role !== 'ACE user'))(
    'a pending referral or lead may be accepted by %s',
    (role) => {
      expect(can(person(role), 'accept', referral(), NOW)).toEqual({ yes: true });
      expect(can(person(role), 'accept', offeredLead(), NOW)).toEqual({ yes: true });
    },
  );

  test('AWS’s 5 business days over is no refusal while the invitation lives', () => {
    expect(can(person(), 'accept', referral(), new Date('2025-12-04T08:59:59Z')).yes).toBe(true);
  });

  const partner = { account: '123456789012', company: 'Northwind' };
  test.each<[string, Deal, RegExp]>([
    ['accepted', referral({ status: 'ACCEPTED' }), /accepted already/],
    ['accepted, and it became something', referral({ status: 'ACCEPTED', successor: 'O9' }), /goes on as O9/],
    ['rejected', referral({ status: 'REJECTED' }), /rejected.*Ask|rejected.*ask Rita Rep/],
    ['expired', referral({ status: 'EXPIRED' }), /lost.*Ask Rita Rep/],
    ['expired, a partner’s', referral({ status: 'EXPIRED', sender: partner }), /Ask Northwind/],
    [
      'expired, nobody named',
      referral({ status: 'EXPIRED', awsContacts: [] }),
      /partner development manager/,
    ],
    ['an accepted lead', lead(), /yours already/],
    ['an opportunity', opportunity(), /opportunity already/],
  ])('%s: refused with why and what to do', (_, deal, words) => {
    expect(why(can(person(), 'accept', deal, NOW))).toMatch(words);
  });

  test('past its expiry it is refused with the moment in the person’s zone, and not called lost before AWS says so', () => {
    const words = why(can(person(), 'accept', referral(), new Date('2025-12-04T09:00:00Z')));
    expect(words).toBe('The invitation ran out (10:00). Ask Rita Rep to send it again.');
    expect(words).not.toContain('lost');
  });
});

describe('next step', () => {
  const cases: [string, Partial<Opportunity>, 'yes' | 'locked' | RegExp][] = [
    ['a draft', { reviewStatus: 'Pending Submission' }, 'yes'],
    ['submitted', { reviewStatus: 'Submitted' }, 'locked'],
    ['in review', { reviewStatus: 'In review' }, 'locked'],
    ['action required', { reviewStatus: 'Action Required' }, /AWS wants its remark answered first.*“repair”/],
    ['rejected', { reviewStatus: 'Rejected' }, /rejected/],
    ['launched', { stage: 'Launched' }, /launched/],
    ['closed lost', { stage: 'Closed Lost' }, /closed lost/],
    ['committed', { stage: 'Committed' }, 'yes'],
    ['in review, launched already', { reviewStatus: 'In review', stage: 'Launched' }, 'locked'],
  ];
  test.each(cases)('%s', (_, more, expected) => {
    const verdict = can(person(), 'next-step', opportunity(more), NOW);
    if (expected === 'yes') expect(verdict).toEqual({ yes: true });
    else if (expected === 'locked') expect(verdict).toMatchObject({ yes: false, locked: true });
    else expect([why(verdict), 'locked' in verdict]).toEqual([expect.stringMatching(expected), false]);
  });

  test('an accepted AWS referral without a review status counts as approved; a partner’s without one as a draft', () => {
    const { reviewStatus: _, ...without } = opportunity();
    expect(can(person(), 'next-step', { ...without, origin: 'AWS Referral' }, NOW).yes).toBe(true);
    expect(
      can(person(), 'next-step', { ...without, origin: 'AWS Referral', stage: 'Launched' }, NOW).yes,
    ).toBe(false);
    expect(can(person(), 'next-step', without, NOW).yes).toBe(true);
  });

  test('its owner may, an ACE user too', () => {
    expect(can(person('ACE user'), 'next-step', opportunity(), NOW).yes).toBe(true);
  });

  test.each<[string, Deal, RegExp]>([
    ['a pending referral', referral(), /Accept the referral first/],
    ['an accepted referral', referral({ status: 'ACCEPTED', successor: 'O9' }), /goes on as O9/],
    ['a lead', lead(), /when it is converted/],
  ])('%s takes none and says where it belongs', (_, deal, words) => {
    expect(why(can(person(), 'next-step', deal, NOW))).toMatch(words);
  });
});
