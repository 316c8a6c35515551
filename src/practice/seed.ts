/** A believable pipeline to practise with: some eighty records, their dates relative to the day it is made. */
import { LEADS, type LeadLine, MORE_LEADS } from './data/leads.ts';
import { MORE_OPPORTUNITIES, OPPORTUNITIES, type OpportunityLine } from './data/opportunities.ts';
import { MORE_REFERRALS, REFERRALS, type ReferralLine } from './data/referrals.ts';
import { SOLUTIONS } from './data/solutions.ts';
import { lead } from './deals/lead.ts';
import { opportunity } from './deals/opportunity.ts';
import { referral } from './deals/referral.ts';
import { daysAway, OUR_ACCOUNT, type Topic } from './records.ts';
import type { TeamMember } from './team.ts';
import {
  type InvitationRow,
  idOf,
  type World,
  withEngagement,
  withInvitation,
  withOpportunity,
} from './world.ts';

export interface Ground {
  now: Date;
  catalog: string;
  /** The alliance lead first. */
  team: readonly TeamMember[];
}

/** Opportunity ids begin after it; invitations and engagements are numbered on. */
const FIRST = 7_000_000;

export function seed(ground: Ground): World {
  const start: World = {
    catalog: ground.catalog,
    leadEmail: leadOf(ground).email,
    serial: FIRST,
    opportunities: {},
    invitations: {},
    engagements: {},
    tasks: [],
    weather: {},
    calls: {},
    applied: [],
  };
  const steps: ((world: World) => World)[] = [
    ...OPPORTUNITIES.map(theirs(ground)),
    ...REFERRALS.map(offered(ground)),
    ...submitted().map(offered(ground, 'SENDER')),
    ...LEADS.map(interested(ground)),
    ...MORE_OPPORTUNITIES.map(theirs(ground)),
    ...MORE_REFERRALS.map(offered(ground)),
    ...MORE_LEADS.map(interested(ground)),
  ];
  return steps.reduce((world, step) => step(world), withSolutions(start, ground.now));
}

/** The world with the partner's solutions, where it has none: one of before they were practised. */
export const withSolutions = (world: World, now: Date): World =>
  world.solutions
    ? world
    : {
        ...world,
        solutions: SOLUTIONS.map(({ id, name, status, category, createdAgo }) => ({
          ...{ Catalog: world.catalog, Id: id, Name: name, Status: status, Category: category },
          CreatedDate: daysAway(now, -createdAgo).toISOString(),
        })),
      };

const theirs = (ground: Ground) => (line: OpportunityLine) => (world: World) => {
  const topic = nextTopic(world, line, ground.now);
  return withOpportunity(numbered(world, topic), `O${topic.number}`, opportunity(topic, line, ground.team));
};

const offered =
  (ground: Ground, participant: InvitationRow['participant'] = 'RECEIVER') =>
  (line: ReferralLine) =>
  (world: World) => {
    const topic = nextTopic(world, line, ground.now);
    return invited(world, topic, { ...referral(topic, line, leadOf(ground)), participant });
  };

const interested = (ground: Ground) => (line: LeadLine) => (world: World) => {
  const topic = nextTopic(world, { ...line, spend: '' }, ground.now);
  const { invitation, engagement } = lead(topic, line);
  const next = invited(world, topic, invitation);
  return engagement ? withEngagement(next, idOf('eng-', topic.number), engagement) : next;
};

function leadOf({ team: [first] }: Ground): TeamMember {
  if (!first) throw new Error('A practice team has at least its alliance lead.');
  return first;
}

/** Each submission of ours causes an invitation to AWS: it is in the list of what we sent, not of what we received. */
const submitted = (): ReferralLine[] =>
  OPPORTUNITIES.filter(({ review }) => review === 'Submitted')
    .slice(0, 2)
    .map(({ company, theme, industry, country, spend, closesIn }) => ({
      ...{ company, theme, industry, country, spend, wantedIn: closesIn, invitedHoursAgo: 30 },
      ...{ expiresInHours: 330, state: 'PENDING', sender: OUR_ACCOUNT, message: 'Please join us.' },
    }));

type Customer = Pick<Topic, 'company' | 'theme' | 'industry' | 'country' | 'spend'>;

/** The topic of the next record; its number is the world's next serial. */
export const nextTopic = (
  world: World,
  { company, theme, industry, country, spend }: Customer,
  now: Date,
): Topic => ({
  ...{ company, theme, industry, country, spend, now },
  catalog: world.catalog,
  number: world.serial + 1,
});

/** The world with this invitation in it, and its number used up. */
export const invited = (world: World, topic: Topic, row: InvitationRow): World =>
  withInvitation(numbered(world, topic), idOf('engi-', topic.number), row);

const numbered = (world: World, { number }: Topic): World => ({ ...world, serial: number });
