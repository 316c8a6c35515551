/** Deals and people that tests change as they need. */
import type { Lead, Opportunity, Referral } from '../../src/pipeline/deal.ts';
import type { Person } from '../../src/pipeline/person.ts';

/** Fri 21 Nov 2025, 12:00 UTC. */
export const NOW = new Date('2025-11-21T12:00:00Z');

export const person = (role: Person['role'] = 'alliance lead', more: Partial<Person> = {}): Person => ({
  id: 'p-ana',
  email: 'ana@partner.example',
  otherEmails: [],
  firstName: 'Ana',
  lastName: 'Silva',
  role,
  timeZone: 'Europe/Berlin',
  ...more,
});

/** Invited on Wed 19 Nov 2025, 09:00 UTC: AWS asks by Wed 26 Nov 09:00, it expires on Thu 4 Dec 09:00. */
export const referral = (more: Partial<Referral> = {}): Referral => ({
  kind: 'referral',
  id: 'engi-abc1234567890',
  company: 'Acme GmbH',
  title: 'Data lake on AWS',
  industry: 'Life Sciences',
  country: 'DE',
  spend: { amount: '12500.00', currency: 'USD' },
  businessProblem: 'Reports take three days.',
  status: 'PENDING',
  invitedAt: '2025-11-19T09:00:00Z',
  expiresAt: '2025-12-04T09:00:00Z',
  sender: { account: 'aws', company: 'AWS' },
  targetDate: '2026-03-31',
  awsContacts: [{ name: 'Rita Rep', email: 'rita@amazon.example', title: 'AWSSalesRep' }],
  responsibilities: [],
  ...more,
});

export const lead = (more: Partial<Lead> = {}): Lead => ({
  kind: 'lead',
  id: 'eng-abc12345678901',
  company: 'Beta Ltd',
  title: 'Database',
  country: 'GB',
  qualification: 'Research',
  useCase: 'Database',
  campaign: 'Spring webinar',
  contactTitle: 'CTO',
  contacts: [{ name: 'Carl Customer', email: 'carl@beta.example', phone: '+441234567' }],
  ...more,
});

export const offeredLead = (more: Partial<Lead> = {}): Lead => {
  const { status, invitedAt, expiresAt, sender } = referral();
  return lead({
    id: 'engi-lead123456789',
    contacts: [],
    invitation: { status, invitedAt, expiresAt, sender },
    ...more,
  });
};

/** Approved, open, closing Fri 16 Jan 2026, owned by Ana, last next step Wed 12 Nov. */
export const opportunity = (more: Partial<Opportunity> = {}): Opportunity => ({
  kind: 'opportunity',
  id: 'O1234567',
  company: 'Gamma SA',
  title: 'SAP to AWS',
  stage: 'Qualified',
  reviewStatus: 'Approved',
  origin: 'Partner Referral',
  owner: { name: 'Ana Silva', email: 'ana@partner.example' },
  closeDate: '2026-01-16',
  spend: { amount: '900.5', currency: 'EUR' },
  nextStep: 'Call the CTO',
  nextSteps: [
    { text: 'Call the CTO', at: '2025-11-12T08:00:00Z' },
    { text: 'First meeting', at: '2025-11-01T08:00:00Z' },
  ],
  nationalSecurity: false,
  solutions: ['S-1234567'],
  contacts: [{ name: 'Dora Customer', email: 'dora@gamma.example', phone: '+331234567', title: 'CFO' }],
  aws: { contacts: [{ name: 'Rita Rep', email: 'rita@amazon.example', title: 'AWSSalesRep' }] },
  createdAt: '2025-10-01T08:00:00Z',
  ...more,
});
