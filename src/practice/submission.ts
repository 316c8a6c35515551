/** What a submission does: its rules, and the engagement with AWS that it opens. */

import { POSTAL_CODES } from './data/postal-codes.ts';
import { at, type Doc, docAt, isDoc, listAt, put, textAt, without } from './json.ts';
import { reviewOf } from './matrix.ts';
import { dayAway, daysAway, engagement, type Headed, invitation, OUR_ACCOUNT, titleOf } from './records.ts';
import { type Circumstances, is, isNatSec, lacks, RULES, type Rule, required } from './rules.ts';
import { written } from './update.ts';
import {
  find,
  idOf,
  type SubmitTask,
  type World,
  withEffect,
  withEngagement,
  withInvitation,
  withOpportunity,
  withTask,
} from './world.ts';

/** A draft, or what AWS asked to be corrected (ACE data model, ReviewStatus: valid transitions). */
export const isSubmittable = (record: Doc): boolean =>
  ['Pending Submission', 'Action Required'].includes(reviewOf(record));

const INVOLVEMENT = 'AwsSubmission.InvolvementType';

/** Required "on submission" by the ACE data model, beside what every record needs. */
const ON_SUBMISSION: Rule[] = [
  required('PrimaryNeedsFromAws', (record) => !is(record, INVOLVEMENT, 'For Visibility Only')),
  required('Project.SalesActivities'),
  required('Project.DeliveryModels'),
  required('Project.CustomerUseCase'),
  {
    field: 'RelatedEntityIdentifiers.Solutions',
    code: 'REQUIRED_FIELD_MISSING',
    message: 'Field RelatedEntityIdentifiers.Solutions is required for opportunity submission.',
    broken: (record) =>
      lacks(record, 'Project.OtherSolutionDescription') &&
      ['Solutions', 'AwsMarketplaceSolutions', 'AwsMarketplaceProducts'].every((name) =>
        lacks(record, `RelatedEntityIdentifiers.${name}`),
      ),
  },
  {
    field: 'Customer.Account.Address.PostalCode',
    code: 'INVALID_STRING_FORMAT',
    message: 'The postal code is invalid for the country.',
    broken: (record) => {
      const form = POSTAL_CODES[textAt(record, 'Customer.Account.Address.CountryCode') ?? ''];
      const code = textAt(record, 'Customer.Account.Address.PostalCode');
      return !isNatSec(record) && code !== undefined && form?.test(code) === false;
    },
  },
  {
    field: 'AwsSubmission.InvolvementType',
    code: 'INVALID_VALUE',
    message: 'Cannot submit with InvolvementType For Visibility Only when PrimaryNeedsFromAws Is Co-Sell.',
    broken: (record) =>
      is(record, INVOLVEMENT, 'For Visibility Only') && !lacks(record, 'PrimaryNeedsFromAws'),
  },
  {
    field: 'AwsSubmission.Visibility',
    code: 'INVALID_VALUE',
    message: "When National Security is 'Yes', Visibility MUST be Full.",
    broken: (record) => isNatSec(record) && is(record, 'AwsSubmission.Visibility', 'Limited'),
  },
];

/**
 * The opportunity goes to AWS with an engagement and an invitation of its own, and is locked from now on; or the task
 * fails with the rules it breaks and nothing moves. The rules are asked inside the task because it calls
 * SubmitOpportunity last (API reference, its sequence of calls).
 */
export function submitted(world: World, task: SubmitTask, now: Date): World {
  const row = find(world.opportunities, task.opportunityId);
  const fails = (reason: string, message: string) =>
    withTask(world, { ...task, status: 'FAILED', reason, message });
  if (!row) return fails('OpportunityAccessDenied', 'The opportunity was not found.');
  if (!isSubmittable(row.record)) {
    return fails('OpportunitySubmissionFailed', 'The opportunity is not in a state to be submitted.');
  }
  const broken = brokenRules(row.record, task, now, world.solutions ?? []);
  if (broken.length > 0) {
    return fails('OpportunityValidationFailed', broken.map(({ message }) => message).join(' '));
  }
  const record = written(row.record, put(row.record, 'LifeCycle.ReviewStatus', 'Submitted'), now);
  const aws = { ...row.aws, InvolvementType: task.involvement, Visibility: task.visibility };
  const next = withOpportunity(world, task.opportunityId, { ...row, record, aws });
  const id = task.opportunityId;
  const effect = { at: now.toISOString(), kind: 'submit', id, value: task.involvement } as const;
  return withEffect(engaged(next, record, task, now), effect);
}

/** The record is its own past: rules about a change of stage have nothing to say. */
function brokenRules(record: Doc, task: SubmitTask, now: Date, solutions: readonly Doc[]): Rule[] {
  const AwsSubmission = { InvolvementType: task.involvement, Visibility: task.visibility };
  const asked = { ...record, AwsSubmission };
  const around: Circumstances = { today: dayAway(now, 0), partnerPath: 'services', solutions };
  return [...RULES, ...ON_SUBMISSION].filter((rule) => rule.broken(asked, asked, around));
}

/** AWS is invited by us; its answer is the review's. */
function engaged(world: World, record: Doc, task: SubmitTask, now: Date): World {
  const number = world.serial + 1;
  const company = textAt(record, 'Customer.Account.CompanyName') ?? 'Undisclosed';
  const project = textAt(record, 'Project.Title') ?? '';
  const head: Headed = { catalog: world.catalog, number, title: titleOf(company, project) };
  const payload = payloadOf(record, company);
  const asked = invitation(head, {
    payload,
    payloadType: 'OpportunityInvitation',
    invitedAt: now,
    expiresAt: daysAway(now, 15),
    status: 'PENDING',
    sender: OUR_ACCOUNT,
    message: 'Please join us.',
  });
  const { Customer = {}, Project = {} } = payload;
  const made = engagement(head, {
    description: project,
    createdAt: now,
    by: OUR_ACCOUNT,
    type: 'CustomerProject',
    payload: { Customer, Project: isDoc(Project) ? without(Project, ['ExpectedCustomerSpend']) : {} },
  });
  const [engagementId, invitationId] = [idOf('eng-', number), idOf('engi-', number)];
  const next = withInvitation({ ...world, serial: number }, invitationId, {
    record: asked,
    participant: 'SENDER',
  });
  return withTask(withEngagement(next, engagementId, made), {
    ...task,
    status: 'COMPLETE',
    engagementId,
    invitationId,
  });
}

/** Where AWS redacts the customer (national security) the invitation still needs an address of the form. */
function payloadOf(record: Doc, CompanyName: string): Doc {
  const account = docAt(record, 'Customer.Account');
  return {
    Customer: {
      CompanyName,
      Industry: account.Industry ?? 'Other',
      CountryCode: at(account, 'Address.CountryCode') ?? 'US',
      WebsiteUrl: account.WebsiteUrl ?? 'https://redacted.example',
    },
    Project: {
      Title: at(record, 'Project.Title') ?? '',
      BusinessProblem: at(record, 'Project.CustomerBusinessProblem') ?? '',
      TargetCompletionDate: at(record, 'LifeCycle.TargetCloseDate') ?? '',
      ExpectedCustomerSpend: listAt(record, 'Project.ExpectedCustomerSpend'),
    },
    ReceiverResponsibilities: ['Co-Sell Facilitator'],
  };
}
