/** A lead: an invitation, and the engagement it is once accepted. */
import type { LeadLine } from '../data/leads.ts';
import type { Doc } from '../json.ts';
import {
  account,
  customerContacts,
  daysAway,
  engagement,
  headed,
  invitation,
  type Topic,
  themeOf,
  website,
} from '../records.ts';
import type { InvitationRow } from '../world.ts';

/** Pending with what the invitation may say, or accepted with everything. */
export function lead(topic: Topic, line: LeadLine): { invitation: InvitationRow; engagement?: Doc } {
  const invitedAt = daysAway(topic.now, -line.invitedHoursAgo / 24);
  const isPending = line.status === 'PENDING';
  const Usecase = themeOf(topic.theme).useCase;
  const source = {
    SourceType: line.source,
    SourceId: `campaign-${topic.number}`,
    SourceName: line.campaign,
    Usecase,
  };
  const WebsiteUrl = website(topic.company, topic.number);
  const segment = { AwsMaturity: line.maturity, MarketSegment: line.segment };
  const Customer = { Industry: topic.industry, CompanyName: topic.company, WebsiteUrl, ...segment };
  const record = invitation(headed(topic), {
    payloadType: 'LeadInvitation',
    payload: {
      Customer: { ...Customer, CountryCode: topic.country },
      Interaction: { ...source, ContactBusinessTitle: line.contactTitle },
    },
    invitedAt,
    expiresAt: daysAway(invitedAt, 15),
    status: isPending ? 'PENDING' : 'ACCEPTED',
    sender: 'aws',
    message: `${line.campaign}: they asked to be called.`,
  });
  const context = leadContext(topic, { ...line, status: isPending ? 'Unqualified' : line.status }, Customer, {
    ...source,
    InteractionDate: invitedAt.toISOString(),
  });
  const whole = engagement(headed(topic), {
    description: themeOf(topic.theme).title,
    createdAt: invitedAt,
    by: 'aws',
    type: 'Lead',
    payload: context,
  });
  const row: InvitationRow = { record, participant: 'RECEIVER' };
  return isPending
    ? { invitation: { ...row, yields: { engagement: whole } } }
    : { invitation: row, engagement: whole };
}

function leadContext(topic: Topic, line: LeadLine, Customer: Doc, interaction: Doc): Doc {
  const [contact = {}] = customerContacts(topic);
  return {
    QualificationStatus: line.status,
    Customer: { ...Customer, Address: account(topic).Address ?? {} },
    Interactions: [
      {
        ...interaction,
        CustomerAction: 'Filled in the form',
        BusinessProblem: themeOf(topic.theme).problem,
        Contact: { ...contact, BusinessTitle: line.contactTitle },
      },
    ],
    Insights: { LeadReadinessScore: topic.number % 2 === 0 ? 'High' : 'Medium' },
  };
}
