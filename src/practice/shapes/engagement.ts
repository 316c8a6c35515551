/** What operations on invitations and engagements accept. */
import { z } from 'zod';
import {
  awsAccount,
  base,
  engagementId,
  invitationId,
  matching,
  moment,
  object,
  optional,
  page,
  sort,
  text,
  upTo,
} from './parts.ts';

export const listInvitations = object({
  ...base,
  ...page(100),
  ParticipantType: z.enum(['SENDER', 'RECEIVER']),
  Sort: sort(['InvitationDate']),
  PayloadType: optional(z.array(z.enum(['OpportunityInvitation', 'LeadInvitation']))),
  Status: upTo(10, z.enum(['ACCEPTED', 'PENDING', 'REJECTED', 'EXPIRED']), 1),
  EngagementIdentifier: upTo(10, engagementId, 1),
  SenderAwsAccountId: upTo(10, awsAccount, 1),
});

export const oneInvitation = object({ ...base, Identifier: invitationId });

export const rejectInvitation = object({
  ...base,
  Identifier: invitationId,
  RejectionReason: matching(/^[\u0020-\u007E\u00A0-\uD7FF\uE000-\uFFFD]{1,80}$/u),
});

const contextTypes = upTo(5, z.enum(['CustomerProject', 'Lead', 'ProspectingResult']));

export const listEngagements = object({
  ...base,
  ...page(100),
  Sort: sort(['CreatedDate']),
  CreatedBy: upTo(10, awsAccount, 1),
  ExcludeCreatedBy: upTo(10, awsAccount, 1),
  ContextTypes: contextTypes,
  ExcludeContextTypes: contextTypes,
  EngagementIdentifier: upTo(10, engagementId, 1),
});

export const getEngagement = object({ ...base, Identifier: engagementId });

const leadCustomer = object({
  Industry: text(0, 255),
  CompanyName: text(1, 120).unwrap(),
  WebsiteUrl: text(0, 255),
  Address: optional(
    object({
      City: text(0, 255),
      PostalCode: text(0, 20),
      StateOrRegion: text(0, 255),
      CountryCode: text(0, 10),
    }),
  ),
  AwsMaturity: text(0, 255),
  MarketSegment: text(0, 255),
});

const interaction = object({
  SourceType: text(0, 255),
  SourceId: text(0, 255),
  SourceName: text(0, 255),
  Usecase: text(0, 255),
  InteractionDate: optional(moment),
  CustomerAction: text(0, 255),
  BusinessProblem: text(0, 2000),
  Contact: object({
    BusinessTitle: text(1, 255).unwrap(),
    Email: text(1, 255).unwrap(),
    FirstName: text(0, 80).unwrap(),
    LastName: text(0, 80).unwrap(),
    Phone: text(0, 255),
  }),
});

export const updateEngagementContext = object({
  ...base,
  EngagementIdentifier: engagementId,
  ContextIdentifier: text(1, 3).unwrap(),
  EngagementLastModifiedAt: moment,
  Type: z.enum(['CustomerProject', 'Lead', 'ProspectingResult']),
  Payload: object({
    Lead: optional(
      object({
        QualificationStatus: text(1, 255),
        Customer: leadCustomer,
        Interaction: optional(interaction),
      }),
    ),
  }),
});
