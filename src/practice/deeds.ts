/** What AWS's side does to the world: each deed a function, called by the script. */
import { NEWCOMERS } from './data/referrals.ts';
import { lead } from './deals/lead.ts';
import { referral } from './deals/referral.ts';
import { type Doc, isDoc, listAt, put, textAt, without } from './json.ts';
import { awsContacts } from './records.ts';
import { invited, nextTopic } from './seed.ts';
import type { TeamMember } from './team.ts';
import { written } from './update.ts';
import {
  find,
  idOf,
  microseconds,
  microsecondsAfter,
  type World,
  withEngagement,
  withInvitation,
  withOpportunity,
} from './world.ts';

/** AWS has no such record: the script was given a wrong id. */
export class NoSuchRecord extends Error {}

export type Verdict = 'approve' | 'reject' | { remark: string };

/** The record rewritten by somebody outside the request; its time stamp moves on. */
export function rewritten(world: World, id: string, now: Date, step: (record: Doc) => Doc): World {
  const row = find(world.opportunities, id);
  if (!row) throw new NoSuchRecord(id);
  return withOpportunity(world, id, { ...row, record: written(row.record, step(row.record), now) });
}

/** AWS's verdict; it also answers the invitation that our submission had sent, and an approval brings AWS's people. */
export function reviewed(world: World, id: string, verdict: Verdict, now: Date): World {
  const judgement = rewritten(world, id, now, (record) => judged(record, verdict));
  const next = verdict === 'approve' ? withAwsPeople(judgement, id) : judgement;
  const sent = world.tasks.find(
    (task) => task.kind === 'submit' && task.opportunityId === id && isPending(world, task.invitationId),
  );
  const row = sent?.invitationId ? find(world.invitations, sent.invitationId) : undefined;
  if (!row || !sent?.invitationId || typeof verdict === 'object') return next;
  const Status = verdict === 'approve' ? 'ACCEPTED' : 'REJECTED';
  return withInvitation(next, sent.invitationId, { ...row, record: { ...row.record, Status } });
}

function withAwsPeople(world: World, id: string): World {
  const row = find(world.opportunities, id);
  if (!row || row.aws.OpportunityTeam) return world;
  const OpportunityTeam = awsContacts(Number(id.slice(1)) % 1000);
  return withOpportunity(world, id, { ...row, aws: { ...row.aws, OpportunityTeam } });
}

const isPending = (world: World, id = ''): boolean =>
  find(world.invitations, id)?.record.Status === 'PENDING';

function judged(record: Doc, verdict: Verdict): Doc {
  const lifeCycle = isDoc(record.LifeCycle)
    ? without(record.LifeCycle, ['ReviewComments', 'ReviewStatusReason'])
    : {};
  if (verdict === 'approve') return { ...record, LifeCycle: { ...lifeCycle, ReviewStatus: 'Approved' } };
  if (verdict === 'reject') return { ...record, LifeCycle: { ...lifeCycle, ReviewStatus: 'Rejected' } };
  const remark = { ReviewComments: verdict.remark, ReviewStatusReason: 'Other' };
  return { ...record, LifeCycle: { ...lifeCycle, ...remark, ReviewStatus: 'Action Required' } };
}

export function expired(world: World, id: string, now: Date): World {
  const row = find(world.invitations, id);
  if (!row) throw new NoSuchRecord(id);
  const ExpirationDate = microseconds(now, 0, '+00:00');
  return withInvitation(world, id, { ...row, record: { ...row.record, ExpirationDate } });
}

/** AWS's own stage leaves the partner's record, and its time stamp, as they are (GUESS: no source says). */
export function withAwsStage(world: World, id: string, stage: string): World {
  const row = find(world.opportunities, id);
  if (!row) throw new NoSuchRecord(id);
  return withOpportunity(world, id, { ...row, aws: put(row.aws, 'LifeCycle.Stage', stage) });
}

/** One more of AWS's people on it; the partner's record and its time stamp stay as they are, as with AWS's stage. */
export function withAwsSeller(world: World, id: string, name: string): World {
  const row = find(world.opportunities, id);
  if (!row) throw new NoSuchRecord(id);
  const [FirstName = '', ...rest] = name.trim().split(/\s+/);
  const Email = `${[FirstName, ...rest].join('.').toLowerCase()}@aws.example`;
  const seller = { FirstName, LastName: rest.join(' '), BusinessTitle: 'AWSSalesRep', Email };
  const OpportunityTeam = [...listAt(row.aws, 'OpportunityTeam'), seller];
  return withOpportunity(world, id, { ...row, aws: { ...row.aws, OpportunityTeam } });
}

/** Somebody qualifies the lead by another tool; its time stamp moves on. */
export function requalified(world: World, id: string, status: string, now: Date): World {
  const engagement = find(world.engagements, id);
  const contexts = engagement ? listAt(engagement, 'Contexts') : [];
  const context = contexts.find((one) => isDoc(one) && one.Type === 'Lead');
  if (!engagement || !isDoc(context)) throw new NoSuchRecord(id);
  const serial = world.serial + 1;
  const changed = put(context, 'Payload.Lead.QualificationStatus', status);
  return withEngagement({ ...world, serial }, id, {
    ...engagement,
    Contexts: contexts.map((one) => (one === context ? changed : one)),
    ModifiedAt: microsecondsAfter(textAt(engagement, 'ModifiedAt') ?? '', now, serial),
  });
}

/** A solution changes on AWS's web pages: it is withdrawn, or published again. */
export function withSolutionStatus(world: World, id: string, status: string): World {
  const solutions = world.solutions ?? [];
  if (!solutions.some(({ Id }) => Id === id)) throw new NoSuchRecord(id);
  return { ...world, solutions: solutions.map((one) => (one.Id === id ? { ...one, Status: status } : one)) };
}

type Customer = { company: string; theme: string; industry: string; country: string };

/** Invited now, wanted in two months, to be answered within 15 days (developer guide, invitations). */
export function newReferral(
  world: World,
  now: Date,
  team: readonly TeamMember[],
  customer: Customer = newcomer(world),
): { world: World; answer: string } {
  const [owner] = team;
  if (!owner) throw new Error('A practice team has at least its alliance lead.');
  const about = { ...customer, spend: '7500.00 USD' };
  const topic = nextTopic(world, about, now);
  const line = {
    ...{ ...about, wantedIn: 60, invitedHoursAgo: 0, expiresInHours: 15 * 24 },
    ...{ state: 'PENDING', sender: 'aws', message: 'New today: the customer waits for your call.' },
  };
  return { world: invited(world, topic, referral(topic, line, owner)), answer: idOf('engi-', topic.number) };
}

/** A referral of a customer we have already: the same company and website as that opportunity. */
export function duplicateReferral(
  world: World,
  now: Date,
  team: readonly TeamMember[],
  id: string,
): { world: World; answer: string } {
  const record = find(world.opportunities, id)?.record;
  if (!record) throw new NoSuchRecord(id);
  const account = (path: string) => textAt(record, `Customer.Account.${path}`) ?? '';
  const customer = {
    ...{ company: account('CompanyName'), theme: 'migration', industry: account('Industry') },
    country: account('Address.CountryCode'),
  };
  const made = newReferral(world, now, team, customer);
  const row = find(made.world.invitations, made.answer);
  const WebsiteUrl = account('WebsiteUrl');
  if (!row || WebsiteUrl === '') return made;
  const path = 'Payload.OpportunityInvitation.Customer.WebsiteUrl';
  const same = { ...row, record: put(row.record, path, WebsiteUrl) };
  return { ...made, world: withInvitation(made.world, made.answer, same) };
}

/** `source`: where the lead came from; AWS gives it as free text. */
export function newLead(world: World, now: Date, source = 'Campaign'): { world: World; answer: string } {
  const customer = newcomer(world);
  const topic = nextTopic(world, { ...customer, spend: '' }, now);
  const line = {
    ...{ ...customer, segment: 'Medium', maturity: 'Evaluating', source, campaign: 'Practice week' },
    ...{ contactTitle: 'Head of IT', invitedHoursAgo: 0, status: 'PENDING' },
  };
  return { world: invited(world, topic, lead(topic, line).invitation), answer: idOf('engi-', topic.number) };
}

/** The newcomers come by turns, and then come again. */
function newcomer({ serial }: World): Customer {
  const [company = '', theme = '', industry = '', country = ''] = NEWCOMERS[serial % NEWCOMERS.length] ?? [];
  return { company, theme, industry, country };
}
