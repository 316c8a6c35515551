/** A pipeline of random deals, each role's people around it, and a book of our own that says other things than the records. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import {
  type Deal,
  type Lead,
  type Opportunity,
  REVIEW_STATUSES,
  type Referral,
  STAGES,
} from '../../src/pipeline/deal.ts';
import type { Person } from '../../src/pipeline/person.ts';
import type { Entry } from '../../src/store/deals.ts';
import type { Store } from '../../src/store/store.ts';
import { lead, opportunity, person, referral } from '../pipeline/samples.ts';

export const NOW = new Date('2026-02-11T10:30:00Z');
const DAY = 86_400_000;
const SEED = 20261122;
export const MANY = 400;

export const PEOPLE: Person[] = [
  person('alliance lead', { email: 'lead@p.example', timeZone: 'UTC' }),
  person('alliance team', { email: 'team@p.example', timeZone: 'America/Los_Angeles' }),
  person('ACE manager', { email: 'manager@p.example', timeZone: 'Pacific/Auckland' }),
  person('ACE user', { email: 'one@p.example', timeZone: 'Asia/Kolkata' }),
  person('ACE user', { email: 'two@p.example', otherEmails: ['two.other@p.example', 'two@old.example'] }),
  person('none', { email: 'gone@p.example' }),
].map((it) => ({ ...it, id: randomUUID() }));

export const at = (days: number) => new Date(NOW.getTime() + days * DAY).toISOString();
/** Around the bounds of the views, to the hour. */
const moments = fc
  .oneof(
    fc.constantFrom(-7, -14, -15, -16),
    fc.double({ min: -60, max: 1, noNaN: true }),
    fc.double({ min: -42.6, max: -40.2, noNaN: true }),
  )
  .map((days) => at(Math.round(days * 24) / 24));
const days = fc.integer({ min: -40, max: 40 }).map((ahead) => at(ahead).slice(0, 10));
const addresses = fc.constantFrom(
  'lead@p.example',
  'One@p.example',
  'two@p.example',
  'two.other@p.example',
  'gone@p.example',
  'stranger@p.example',
);
const sources = fc.constantFrom(
  {},
  { source: 'Campaign', campaign: 'Data for grocers' },
  { source: 'Website' },
  { source: 'AWS Partner Solutions Finder' },
  { source: 'Event', campaign: 'PSF listing' },
  { source: 'Spring webinar' },
);
const invited = fc.record({
  status: fc.constantFrom('PENDING', 'PENDING', 'ACCEPTED', 'REJECTED', 'EXPIRED'),
  invitedAt: moments,
  expiresAt: fc.constantFrom(at(3), at(-1)),
  sender: fc.constantFrom(
    { account: 'aws', company: 'AWS' },
    { account: '123456789012', company: 'Northwind' },
  ),
});
const local = fc.record(
  { ownerEmail: addresses, successor: fc.constantFrom('O1', 'eng-x') },
  { requiredKeys: [] },
);

type Made = { deal: Deal; local: NonNullable<Entry['local']> };
const referrals: fc.Arbitrary<Made> = fc.record({
  deal: invited.map((it) => referral(it as Partial<Referral>)),
  local,
});
const offeredLeads: fc.Arbitrary<Made> = fc.record({
  deal: fc
    .tuple(invited, sources)
    .map(([invitation, source]) =>
      plainLead({ id: 'engi-', invitation: invitation as NonNullable<Lead['invitation']>, ...source }),
    ),
  local,
});
const acceptedLeads: fc.Arbitrary<Made> = fc.record({
  deal: fc
    .tuple(fc.constantFrom('', 'Open', 'Research', 'Qualified', 'Disqualified', 'Nurture'), sources, moments)
    .map(([qualification, source, createdAt]) =>
      plainLead({ id: 'eng-', createdAt, ...source, ...(qualification ? { qualification } : {}) }),
    ),
  local: local.map(({ ownerEmail }) => (ownerEmail ? { ownerEmail } : {})),
});
const opportunities: fc.Arbitrary<Made> = fc.record({
  deal: fc
    .record({
      stage: fc.constantFrom(...STAGES),
      reviewStatus: fc.constantFrom(...REVIEW_STATUSES, undefined),
      origin: fc.constantFrom('AWS Referral', 'Partner Referral'),
      owner: fc.option(
        addresses.map((email) => ({ name: 'Somebody', email })),
        { nil: undefined },
      ),
      closeDate: fc.option(days, { nil: undefined }),
      nextSteps: fc.array(
        moments.map((when) => ({ text: 'x', at: when })),
        { maxLength: 2 },
      ),
      createdAt: moments,
      aws: fc.constantFrom(
        { contacts: [] },
        { contacts: [] },
        { stage: 'Launched', contacts: [] },
        { stage: 'Qualified', contacts: [] },
      ),
    })
    .map(withoutUndefined)
    .map((more) => ({ ...bare(), ...more, id: 'O' }) as Opportunity),
  local: fc.constant({}),
});

/** What the sample holds that a random one may lack. */
function bare(): Partial<Opportunity> {
  const { reviewStatus: _, owner: __, closeDate: ___, ...rest } = opportunity();
  return rest;
}

function plainLead(more: Partial<Lead>): Lead {
  const { qualification: _, campaign: __, ...rest } = lead();
  return { ...rest, ...more };
}

export function withoutUndefined(it: object): object {
  return Object.fromEntries(Object.entries(it).filter(([, value]) => value !== undefined));
}

const made = fc.sample(fc.oneof(referrals, offeredLeads, acceptedLeads, opportunities), {
  numRuns: MANY,
  seed: SEED,
});
export const entries: Entry[] = made.map(({ deal, local: own }, nth) => ({
  deal: { ...deal, id: `${deal.kind === 'referral' ? 'engi-' : deal.id}${1000 + nth}` },
  raw: {},
  local: own,
}));
/** As many coins as deals, each time others. */
const coins = (seed: number, share: number): boolean[] =>
  fc
    .sample(fc.integer({ min: 0, max: 99 }), { numRuns: MANY, seed: SEED + seed })
    .map((coin) => coin < share * 100);

/** What our own book holds: random, so that the columns and the records say different things. */
export async function scatter(store: Store): Promise<void> {
  const { prisma } = store;
  const ids = entries.map(({ deal }) => deal.id);
  const [lead, , manager, one, two] = PEOPLE;
  const where = (nth: number, share: number) => ids.filter((_, at) => coins(nth, share)[at]);
  const offered = [one, two].flatMap((who, nth) =>
    where(nth, 0.3).map((dealId) => ({ dealId, personId: who?.id ?? '', byId: lead?.id ?? '' })),
  );
  await prisma.offer.createMany({ data: offered });
  const flags = [lead, manager, one].flatMap((who, nth) =>
    where(10 + nth, 0.2).map((dealId) => ({ dealId, personId: who?.id ?? '' })),
  );
  await prisma.flag.createMany({ data: flags });
  await prisma.deal.updateMany({ where: { id: { in: where(20, 0.1) } }, data: { goneAt: NOW } });
  await prisma.deal.updateMany({
    where: { id: { in: where(21, 0.2) } },
    data: { submittedBy: 'one@p.example' },
  });
  await prisma.deal.updateMany({
    where: { id: { in: where(22, 0.2) } },
    data: { submittedBy: 'two@old.example' },
  });
  const when = (nth: number) => fc.sample(moments, { numRuns: MANY, seed: SEED + nth });
  const [since, submitted, touched] = [when(30), when(31), when(32)];
  const book = ids.map((id, at) => ({
    id,
    since: since[at],
    submitted: at % 3 === 0 ? submitted[at] : null,
    touched: at % 4 === 0 ? touched[at] : null,
  }));
  await prisma.$executeRaw`
    UPDATE deal SET status_since = b.since, submitted_at = b.submitted, partner_updated_at = CASE WHEN kind <> 'referral'
      THEN greatest(partner_updated_at, b.touched) END
    FROM jsonb_to_recordset(${JSON.stringify(book)}::text::jsonb) AS b(id text, since timestamptz, submitted timestamptz,
      touched timestamptz) WHERE deal.id = b.id`;
  const change = {
    personId: lead?.id ?? '',
    verb: 'next-step',
    kind: 'update',
    wish: { kind: 'update', base: {}, set: {} },
    state: 'waiting',
    source: {},
  };
  const data = where(40, 0.1).map((dealId) => ({ ...change, dealId, actKey: dealId }));
  await prisma.change.createMany({ data });
}
