/** What operations on opportunities accept; members the model does not know are let through. */
import { z } from 'zod';
import { REVIEW_STATUSES, STAGES } from '../../pipeline/deal.ts';
import { CLOSED_LOST_REASONS, COUNTRIES, INDUSTRIES } from '../../pipeline/picklists.ts';
import * as picklists from '../picklists.ts';
import {
  amount,
  awsAccount,
  base,
  day,
  email,
  estimate,
  matching,
  moment,
  object,
  oneOf,
  opportunityId,
  optional,
  page,
  phone,
  range,
  someOf,
  sort,
  text,
  upTo,
} from './parts.ts';

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
  CountryCode: oneOf(COUNTRIES),
  StreetAddress: text(0, 255),
});

const account = object({
  CompanyName: text(0, 120).unwrap(),
  Industry: oneOf(INDUSTRIES),
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
  ClosedLostReason: oneOf(CLOSED_LOST_REASONS),
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
