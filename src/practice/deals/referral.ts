/** An invitation with an opportunity in it, and what it yields. */
import type { ReferralLine } from '../data/referrals.ts';
import {
  awsContacts,
  dayAway,
  daysAway,
  engagement,
  headed,
  invitation,
  spending,
  type Topic,
  themeOf,
  website,
} from '../records.ts';
import type { TeamMember } from '../team.ts';
import type { InvitationRow } from '../world.ts';
import { referred } from './opportunity.ts';

/** Contacts, address and next steps are hidden until it is accepted. */
export function referral(topic: Topic, line: ReferralLine, lead: TeamMember): InvitationRow {
  const { now, number } = topic;
  const theme = themeOf(topic.theme);
  const invitedAt = daysAway(now, -line.invitedHoursAgo / 24);
  const Customer = {
    Industry: topic.industry,
    CompanyName: topic.company,
    WebsiteUrl: website(topic.company, number),
    CountryCode: topic.country,
  };
  const TargetCompletionDate = dayAway(now, line.wantedIn);
  const Project = { Title: theme.title, BusinessProblem: theme.problem, TargetCompletionDate };
  const record = invitation(headed(topic), {
    payloadType: 'OpportunityInvitation',
    payload: {
      Customer,
      Project: { ...Project, ExpectedCustomerSpend: spending(topic) },
      ReceiverResponsibilities: number % 2 === 0 ? ['Co-Sell Facilitator'] : ['Services Partner', 'Reseller'],
      SenderContacts: awsContacts(number),
    },
    invitedAt,
    expiresAt: daysAway(now, line.expiresInHours / 24),
    status: line.state,
    sender: line.sender,
    message: line.message,
  });
  if (line.state !== 'PENDING') return { record, participant: 'RECEIVER' };
  const context = { type: 'CustomerProject', payload: { Customer, Project } } as const;
  const made = { description: theme.title, createdAt: invitedAt, by: 'aws', ...context };
  const opportunity = referred(topic, lead, TargetCompletionDate);
  const yields = { opportunity, engagement: engagement(headed(topic), made) };
  return { record, participant: 'RECEIVER', yields };
}
