/** A believable pipeline to practise with: some sixty records, their dates relative to the day it is made. */
import { LEADS } from './data/leads.ts';
import { OPPORTUNITIES } from './data/opportunities.ts';
import { REFERRALS, type ReferralLine } from './data/referrals.ts';
import { lead } from './deals/lead.ts';
import { opportunity } from './deals/opportunity.ts';
import { referral } from './deals/referral.ts';
import { OUR_ACCOUNT, type Topic } from './records.ts';

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
  const [first] = ground.team;
  if (!first) throw new Error('A practice team has at least its alliance lead.');
  const start: World = {
    catalog: ground.catalog,
    leadEmail: first.email,
    serial: FIRST,
    opportunities: {},
    invitations: {},
    engagements: {},
    tasks: [],
    weather: {},
    calls: {},
    applied: [],
  };
  const withPipeline = OPPORTUNITIES.reduce((world, line) => {
    const topic = nextTopic(world, line, ground.now);
    const row = opportunity(topic, line, ground.team[line.owner] ?? first);
    return withOpportunity(numbered(world, topic), `O${topic.number}`, row);
  }, start);
  const withReferrals = REFERRALS.reduce((world, line) => {
    const topic = nextTopic(world, line, ground.now);
    return invited(world, topic, referral(topic, line, first));
  }, withPipeline);
  const withSent = submitted().reduce((world, line) => {
    const topic = nextTopic(world, line, ground.now);
    return invited(world, topic, { ...referral(topic, line, first), participant: 'SENDER' });
  }, withReferrals);
  return LEADS.reduce((world, line) => {
    const topic = nextTopic(world, { ...line, spend: '' }, ground.now);
    const { invitation, engagement } = lead(topic, line);
    const next = invited(world, topic, invitation);
    return engagement ? withEngagement(next, idOf('eng-', topic.number), engagement) : next;
  }, withSent);
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
