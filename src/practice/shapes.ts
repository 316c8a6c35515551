/** What each operation accepts: the shapes of the service model (2026-10-01), members it does not know let through. */
import { z } from 'zod';
import { REVIEW_STATUSES, STAGES } from '../pipeline/deal.ts';
import * as picklists from './picklists.ts';

const object = z.looseObject;
const optional = <Shape extends z.ZodType>(shape: Shape) => shape.optional();
const oneOf = (values: readonly string[]) => optional(z.enum(values));
const someOf = (values: readonly string[]) => optional(z.array(z.enum(values)));

/** Lengths count code points, as the model's patterns do. */
const text = (min: number, max: number) =>
  optional(z.string().regex(new RegExp(`^[^]{${min},${max}}$`, 'u')));
const matching = (pattern: RegExp) => optional(z.string().regex(pattern));

const day = matching(/^[1-9][0-9]{3}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])$/);
const moment = z.string().refine((value) => !Number.isNaN(Date.parse(value)), { params: { format: true } });
const email = matching(
  /^(?=.{0,80}$)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
);
const phone = matching(/^\+[1-9]\d{1,14}$/);
const amount = /^((0|([1-9][0-9]{0,30}))(\.[0-9]{0,2})?)?$/;
const opportunityId = z.string().regex(/^O[0-9]{1,19}$/);
const invitationId = z.string().regex(/^(?=.{1,255}$)(arn:.*|engi-[0-9a-z]{13})$/);
const engagementId = z.string().regex(/^(arn:.*|eng-[0-9a-z]{14})$/);
const taskId = z.string().regex(/^(arn:.*|task-[0-9a-z]{13})$/);
const awsAccount = z.string().regex(/^([0-9]{12}|\w{1,12})$/);
const catalog = z.string().regex(/^[a-zA-Z]+$/);
const estimate =
  /^https:\/\/(calculator\.aws|pricing\.calculator\.aws\.eu)\/#\/estimate\?id=[a-f0-9]{32,64}$/;

const base = { Catalog: catalog };
const sort = (names: readonly string[]) =>
  optional(
    object({
      SortBy: z.enum(names),
      SortOrder: z.enum(['ASCENDING', 'DESCENDING']),
    }),
  );
const page = (max: number) => ({
  MaxResults: optional(z.int().min(1).max(max)),
  NextToken: optional(z.string().min(1).max(2048)),
});
const range = (name: string, moments: z.ZodType<string | undefined>) =>
  optional(object({ [`After${name}`]: moments, [`Before${name}`]: moments }));
const upTo = (max: number, member: z.ZodType<string>, min = 0) => optional(z.array(member).min(min).max(max));

export const listOpportunities = object({
  ...base,
  ...page(100),
  Sort: sort(['LastModifiedDate', 'Identifier', 'CustomerCompanyName', 'CreatedDate', 'TargetCloseDate']),
  LastModifiedDate: range('LastModifiedDate', optional(moment)),
  CreatedDate: range('CreatedDate', optional(moment)),
  TargetCloseDate: range('TargetCloseDate', day),
  Identifier: upTo(20, opportunityId),
  LifeCycleStage: upTo(10, z.enum(STAGES)),
  LifeCycleReviewStatus: upTo(10, z.enum(REVIEW_STATUSES)),
  CustomerCompanyName: upTo(10, z.string()),
});

export const getOpportunity = object({ ...base, Identifier: opportunityId });

export const getAwsOpportunitySummary = object({ ...base, RelatedOpportunityIdentifier: opportunityId });

export const assignOpportunity = object({
  ...base,
  Identifier: opportunityId,
  Assignee: object({
    Email: email.unwrap(),
    FirstName: text(0, 80).unwrap(),
    LastName: text(0, 80).unwrap(),
    BusinessTitle: text(0, 80).unwrap(),
    Phone: phone,
  }),
});

const address = object({
  City: text(0, 255),
  PostalCode: text(0, 20),
  StateOrRegion: optional(z.string()),
  CountryCode: oneOf(picklists.COUNTRIES),
  StreetAddress: text(0, 255),
});

const account = object({
  CompanyName: text(0, 120).unwrap(),
  Industry: oneOf(picklists.INDUSTRIES),
  OtherIndustry: text(0, 255),
  WebsiteUrl: text(4, 255),
  AwsAccountId: optional(awsAccount),
  Duns: matching(/^[0-9]{9}$/),
  Address: optional(address),
});

const contact = object({
  Email: email,
  FirstName: text(0, 80),
  LastName: text(0, 80),
  BusinessTitle: text(0, 80),
  Phone: phone,
});

const spend = object({
  Amount: matching(amount),
  CurrencyCode: z.enum(picklists.CURRENCIES),
  Frequency: z.enum(['Monthly']),
  TargetCompany: text(1, 80).unwrap(),
  EstimationUrl: matching(estimate),
});

const project = object({
  Title: text(0, 255),
  CustomerBusinessProblem: text(20, 2000),
  CustomerUseCase: oneOf(picklists.USE_CASES),
  DeliveryModels: someOf(picklists.DELIVERY_MODELS),
  SalesActivities: someOf(picklists.SALES_ACTIVITIES),
  ExpectedCustomerSpend: optional(z.array(spend).max(10)),
  ExpectedContractDuration: optional(object({ Term: z.enum(['Months']), Value: z.string() })),
  ApnPrograms: optional(z.array(z.string())),
  RelatedOpportunityIdentifier: optional(opportunityId),
  CompetitorName: oneOf(picklists.COMPETITORS),
  OtherCompetitorNames: text(0, 255),
  OtherSolutionDescription: text(0, 255),
  AdditionalComments: text(1, 255),
  AwsPartition: oneOf(['aws-eusc']),
});

const lifeCycle = object({
  Stage: optional(z.enum(STAGES)),
  ClosedLostReason: oneOf(picklists.CLOSED_LOST_REASONS),
  NextSteps: text(0, 255),
  TargetCloseDate: day,
  ReviewStatus: optional(z.enum(REVIEW_STATUSES)),
  ReviewComments: optional(z.string()),
  ReviewStatusReason: optional(z.string()),
  NextStepsHistory: optional(z.array(object({ Value: z.string(), Time: moment })).max(50)),
});

export const updateOpportunity = object({
  ...base,
  Identifier: opportunityId,
  LastModifiedDate: moment,
  PrimaryNeedsFromAws: someOf(picklists.PRIMARY_NEEDS),
  NationalSecurity: oneOf(['Yes', 'No']),
  PartnerOpportunityIdentifier: text(0, 64),
  OpportunityType: oneOf(picklists.OPPORTUNITY_TYPES),
  Customer: optional(object({ Account: optional(account), Contacts: optional(z.array(contact)) })),
  Project: optional(project),
  LifeCycle: optional(lifeCycle),
  Marketing: optional(
    object({
      Source: oneOf(['Marketing Activity', 'None']),
      AwsFundingUsed: oneOf(['Yes', 'No']),
      CampaignName: optional(z.string()),
      Channels: someOf(picklists.CHANNELS),
      UseCases: someOf(picklists.MARKETING_USE_CASES),
    }),
  ),
  SoftwareRevenue: optional(
    object({
      DeliveryModel: oneOf(picklists.REVENUE_MODELS),
      EffectiveDate: day,
      ExpirationDate: day,
      Value: optional(
        object({
          Amount: z.string().regex(/^(0|([1-9][0-9]{0,30}))(\.[0-9]{0,2})?$/),
          CurrencyCode: z.enum(picklists.CURRENCIES),
        }),
      ),
    }),
  ),
});

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

const tag = object({ Key: text(1, 128).unwrap(), Value: text(0, 256).unwrap() });

export const startAccept = object({
  ...base,
  Identifier: invitationId,
  ClientToken: z.string().regex(/^.{1,255}$/u),
  Tags: optional(z.array(tag).min(1).max(200)),
});

export const listAcceptTasks = object({
  ...base,
  ...page(1000),
  Sort: sort(['StartTime']),
  TaskStatus: upTo(3, z.enum(['IN_PROGRESS', 'COMPLETE', 'FAILED']), 1),
  OpportunityIdentifier: upTo(10, opportunityId, 1),
  EngagementInvitationIdentifier: upTo(10, invitationId, 1),
  TaskIdentifier: upTo(10, taskId, 1),
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
