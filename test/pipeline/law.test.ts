/**
 * The law as a table: role × verb × ownership × origin × state × Partner Solutions Finder × national security. Every
 * combination is asked; the table says what the sales guide and the API say, not how policy.ts comes to it.
 */
import { describe, expect, test } from '@jest/globals';
import type { Deal, Lead, Opportunity, Referral } from '../../src/pipeline/deal.ts';
import { unknownDeal } from '../../src/pipeline/errors.ts';
import { type Person, ROLES } from '../../src/pipeline/person.ts';
import { ACTIONS, type Action, can, ineligible, type Verdict } from '../../src/pipeline/policy.ts';
import { lead, NOW, offeredLead, opportunity, person, referral } from './samples.ts';

/** Y: may. –: may not, and is told why. L: AWS has it locked, the wish can be queued. */
type Answer = 'Y' | '–' | 'L';

/** For whoever sees everything. Read it as: see, accept (for), offer, reject | next step, stage | repair, submit | lead | transfer | flag. */
const COLUMNS = [
  'see',
  'accept',
  'accept-for',
  'offer',
  'reject',
  'next-step',
  'change-stage',
  'repair',
  'submit',
  'update-lead',
  'transfer',
  'flag',
] as const satisfies readonly Action[];

const INVITED: Partial<Referral> = { status: 'PENDING' };
const over = { expiresAt: '2025-11-21T11:59:59Z' };
const invitation = (more: Partial<Referral> = {}): NonNullable<Lead['invitation']> => {
  const { status, invitedAt, expiresAt, sender } = referral(more);
  return { status, invitedAt, expiresAt, sender };
};
const ours = (more: Partial<Opportunity>) => opportunity({ origin: 'Partner Referral', ...more });
const awss = (more: Partial<Opportunity>) => opportunity({ origin: 'AWS Referral', ...more });
const northwind = { account: '123456789012', company: 'Northwind' };

const LAW: [what: string, deal: Deal, answers: string][] = [
  //                                                                          see a f o r   n s   r s  u  t  f
  ['a pending AWS referral', referral(INVITED), /*                           */ 'Y YYYY –– –– – – Y'],
  ['a pending referral of another partner', referral({ sender: northwind }), 'Y YYYY –– –– – – Y'],
  ['a referral whose time ran out', referral(over), /*                       */ 'Y –––– –– –– – – Y'],
  ['an accepted referral', referral({ status: 'ACCEPTED', successor: 'O9' }), 'Y –––– –– –– – – Y'],
  ['a rejected referral', referral({ status: 'REJECTED' }), /*               */ 'Y –––– –– –– – – Y'],
  ['a lost referral', referral({ status: 'EXPIRED' }), /*                    */ 'Y –––– –– –– – – Y'],
  ['a pending lead', offeredLead(), /*                                       */ 'Y YYYY –– –– – – Y'],
  ['a lead whose time ran out', offeredLead({ invitation: invitation(over) }), 'Y –––– –– –– – – Y'],
  ['a rejected lead', offeredLead({ invitation: invitation({ status: 'REJECTED' }) }), 'Y –––– –– –– – – Y'],
  [
    'the invitation of an accepted lead',
    offeredLead({ invitation: invitation({ status: 'ACCEPTED' }) }),
    'Y –––– –– –– – – Y',
  ],
  ['an accepted lead', lead(), /*                                            */ 'Y –––– –– –– Y Y Y'],
  ['a disqualified lead', lead({ qualification: 'Disqualified' }), /*        */ 'Y –––– –– –– Y Y Y'],
  ['a draft of ours', ours({ reviewStatus: 'Pending Submission' }), /*       */ 'Y –––– YY –– – Y Y'],
  ['ours, submitted', ours({ reviewStatus: 'Submitted' }), /*                */ 'Y –––– LL –– – – Y'],
  ['ours, in review', ours({ reviewStatus: 'In review' }), /*                */ 'Y –––– LL –– – – Y'],
  ['ours, action required', ours({ reviewStatus: 'Action Required' }), /*    */ 'Y –––– –– YY – Y Y'],
  ['ours, rejected', ours({ reviewStatus: 'Rejected' }), /*                  */ 'Y –––– –– –– – – Y'],
  ['ours, approved', ours({ reviewStatus: 'Approved' }), /*                  */ 'Y –––– YY –– – Y Y'],
  ['ours, committed', ours({ stage: 'Committed' }), /*                       */ 'Y –––– YY –– – Y Y'],
  ['ours, launched', ours({ stage: 'Launched' }), /*                         */ 'Y –––– –– –– – – Y'],
  ['ours, closed lost', ours({ stage: 'Closed Lost' }), /*                   */ 'Y –––– –– –– – – Y'],
  ['AWS’s, approved', awss({ reviewStatus: 'Approved' }), /*                 */ 'Y –––– YY –– – Y Y'],
  ['AWS’s, submitted', awss({ reviewStatus: 'Submitted' }), /*               */ 'Y –––– LL –– – – Y'],
  ['AWS’s, action required', awss({ reviewStatus: 'Action Required' }), /*   */ 'Y –––– –– YY – – Y'],
  ['AWS’s, launched', awss({ stage: 'Launched' }), /*                        */ 'Y –––– –– –– – – Y'],
  ['AWS’s, closed lost', awss({ stage: 'Closed Lost' }), /*                  */ 'Y –––– –– –– – – Y'],
];

/** The same leads from the partner's listing in AWS's Partner Solutions Finder: for the alliance lead alone, and to stay so. */
const PSF: [what: string, deal: Lead, answers: string][] = [
  [
    'a pending Partner Solutions Finder lead',
    offeredLead({ source: 'AWS Partner Solutions Finder' }),
    'Y Y––Y –– –– – – Y',
  ],
  [
    'an accepted Partner Solutions Finder lead',
    lead({ source: 'Partner Solution Finder' }),
    /*     */ 'Y –––– –– –– Y – Y',
  ],
];

const ANA = 'ana@partner.example';

/** How the actor, Ana, stands to the deal. */
const STANDINGS: Record<string, (deal: Deal) => Deal> = {
  stranger: (deal) => {
    if (deal.kind === 'referral') return deal;
    return { ...deal, owner: { name: 'Bob', email: 'bob@partner.example' } };
  },
  owner: (deal) =>
    deal.kind === 'referral' ? deal : { ...deal, owner: { name: 'Ana', email: 'Ana@Partner.example' } },
  'owner by another address': (deal) =>
    deal.kind === 'referral' ? deal : { ...deal, owner: { name: 'Ana', email: 'ana.silva@partner.example' } },
  submitter: (deal) => {
    const { owner: _, ...rest } = deal.kind === 'opportunity' ? deal : { ...deal, owner: undefined };
    return deal.kind === 'opportunity' ? ({ ...rest, submittedBy: ANA } as Opportunity) : deal;
  },
  offered: (deal) =>
    ({
      ...(deal.kind === 'referral' ? deal : { ...deal, owner: { name: 'Bob' } }),
      offeredTo: ['p-ana'],
    }) as Deal,
};

const isInvitation = (deal: Deal) => deal.id.startsWith('engi-');
const OWNED = ['owner', 'owner by another address'];

/** What an ACE user has to do with a deal (sales guide, Permissions; offers are ours). */
function aceUserSees(standing: string, deal: Deal): boolean {
  if (standing === 'offered') return isInvitation(deal);
  if (standing === 'submitter') return deal.kind === 'opportunity';
  return OWNED.includes(standing) && !isInvitation(deal);
}

const answersOf = (line: string) => line.replaceAll(' ', '').split('') as Answer[];

function expected(
  role: Person['role'],
  standing: string,
  deal: Deal,
  line: string,
  psf: boolean,
): Answer[] | 'unknown' {
  if (role === 'none') return 'unknown';
  if (psf && role !== 'alliance lead') return 'unknown';
  const answers = answersOf(line);
  if (role !== 'ACE user') return answers;
  if (!aceUserSees(standing, deal)) return 'unknown';
  return answers.map((answer, at) => {
    const action = COLUMNS[at];
    if (action === 'accept-for' || action === 'offer') return '–';
    return action === 'transfer' && !OWNED.includes(standing) ? '–' : answer;
  });
}

const told = (verdict: Verdict): Answer => (verdict.yes ? 'Y' : verdict.locked ? 'L' : '–');
const actor = (role: Person['role']) => person(role, { otherEmails: ['ana.silva@partner.example'] });

test('the table has every action', () => {
  expect([...COLUMNS].sort()).toEqual([...ACTIONS].sort());
  for (const [, , line] of [...LAW, ...PSF]) expect(answersOf(line)).toHaveLength(ACTIONS.length);
});

describe.each([...ROLES, 'none' as const])('%s', (role) => {
  const cases = [
    ...LAW.map((it) => [...it, false] as const),
    ...PSF.map((it) => [...it, true] as const),
  ].flatMap(([what, deal, line, psf]) =>
    Object.keys(STANDINGS).map((standing) => [standing, what, deal, line, psf] as const),
  );
  test.each(cases)('as %s of %s', (standing, _, given, line, psf) => {
    const deal = STANDINGS[standing]?.(given) ?? given;
    const due = expected(role, standing, deal, line, psf);
    for (const secret of deal.kind === 'opportunity' ? [false, true] : [false]) {
      const it = secret ? ({ ...deal, nationalSecurity: true } as Deal) : deal;
      const verdicts = COLUMNS.map((action) => can(actor(role), action, it, NOW));
      if (due === 'unknown')
        for (const verdict of verdicts)
          expect(verdict).toEqual({ yes: false, hide: true, why: unknownDeal(deal.id).message });
      else {
        expect(verdicts.map(told)).toEqual(due);
        for (const verdict of verdicts)
          if (!verdict.yes) {
            expect(verdict.hide).toBeUndefined();
            // Why, and what to do: never a bare no.
            expect(verdict.why.length).toBeGreaterThan(30);
          }
      }
    }
  });
});

describe('the new owner', () => {
  test.each(ROLES)('may be any %s but the one who owns it', (role) => {
    const bob = person(role, {
      id: 'p-bob',
      email: 'bob@partner.example',
      firstName: 'Bob',
      lastName: 'Ray',
    });
    expect(ineligible(bob, opportunity())).toBeUndefined();
    const his = opportunity({ owner: { name: 'Bob', email: 'BOB@partner.example' } });
    expect(ineligible(bob, his)).toBe('Bob Ray owns it already.');
  });

  test('is never somebody who is not let in', () => {
    const gone = person('none', { id: 'p-bob', email: 'bob@partner.example', firstName: '', lastName: '' });
    expect(ineligible(gone, opportunity())).toContain('bob@partner.example has no access to ace-desk');
  });
});
