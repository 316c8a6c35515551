/** The operations of Partner Central that ace-desk asks, in AWS's own terms. */
import {
  AcceptEngagementInvitationCommand,
  AssignOpportunityCommand,
  AssociateOpportunityCommand,
  type EngagementInvitationPayloadType,
  GetAwsOpportunitySummaryCommand,
  GetEngagementCommand,
  GetEngagementInvitationCommand,
  GetOpportunityCommand,
  ListEngagementByAcceptingInvitationTasksCommand,
  ListEngagementFromOpportunityTasksCommand,
  ListEngagementInvitationsCommand,
  ListEngagementsCommand,
  ListOpportunitiesCommand,
  ListSolutionsCommand,
  RejectEngagementInvitationCommand,
  type RelatedEntityType,
  type SolutionStatus,
  StartEngagementByAcceptingInvitationTaskCommand,
  StartEngagementFromOpportunityTaskCommand,
  UpdateEngagementContextCommand,
  UpdateOpportunityCommand,
} from '@aws-sdk/client-partnercentral-selling';
import type { Named, Wish } from '../pipeline/change.ts';
import type { InvitationStatus } from '../pipeline/deal.ts';
import { pages } from './pages.ts';
import type { createWire } from './wire.ts';

/** The largest page of every list (service model). */
const MaxResults = 100;

/** What ace-desk asks of AWS. Everything answers AWS's record raw and rejects with the SDK's error. */
export type Operations = ReturnType<typeof operations>;

type Call = ReturnType<typeof createWire>;

/** `call` sends one command object once. */
export const operations = (catalog: string, call: Call) => ({
  /** For operations not named below; each command object is sent once. */
  call,
  ...opportunities(catalog, call),
  ...solutions(catalog, call),
  ...submissions(catalog, call),
  ...invitations(catalog, call),
  ...engagements(catalog, call),
});

const opportunities = (Catalog: string, call: Call) => ({
  /**
   * Pages of OpportunitySummaries, oldest change first, so that a reading that stops half-way can go on. `after`: AWS's
   * own time stamp as text; records of that very moment are included (milliseconds: a finer one only widens it).
   */
  listOpportunities: (after?: string) =>
    pages('OpportunitySummaries', (NextToken) =>
      call(
        new ListOpportunitiesCommand({
          Catalog,
          MaxResults,
          NextToken,
          Sort: { SortBy: 'LastModifiedDate', SortOrder: 'ASCENDING' },
          ...(after ? { LastModifiedDate: { AfterLastModifiedDate: new Date(after) } } : {}),
        }),
      ),
    ),
  getOpportunity: (Identifier: string) => call(new GetOpportunityCommand({ Catalog, Identifier })),
  /** AWS's side of an opportunity: its stage, people, next step, and the origin. */
  getAwsOpportunitySummary: (RelatedOpportunityIdentifier: string) =>
    call(new GetAwsOpportunitySummaryCommand({ Catalog, RelatedOpportunityIdentifier })),
  /** Replaces the record by a body from `raw.updateBody`. */
  updateOpportunity: (rawBody: string) =>
    // What stands here is overwritten by rawBody; the type asks for it.
    call(new UpdateOpportunityCommand({ Catalog, Identifier: '', LastModifiedDate: new Date(0) }), {
      rawBody,
    }),
  /** Puts a person into that place of the team. AWS takes e-mails in lower case, of active Partner Central users. */
  assignOpportunity: (
    Identifier: string,
    { email, firstName, lastName }: Named,
    BusinessTitle: TeamTitle = 'OpportunityOwner',
  ) => {
    const person = { Email: email.toLowerCase(), FirstName: firstName, LastName: lastName };
    return call(
      new AssignOpportunityCommand({ Catalog, Identifier, Assignee: { ...person, BusinessTitle } }),
    );
  },
});

/** ACE data model, OpportunityTeam.BusinessTitle: the owner, and the AWS Partner sales contact. */
type TeamTitle = 'OpportunityOwner' | 'PartnerAccountManager';

const solutions = (Catalog: string, call: Call) => ({
  /** Pages of the partner's own solutions (SolutionSummaries), in any or in that state. */
  listSolutions: (status?: SolutionStatus) =>
    pages('SolutionSummaries', (NextToken) =>
      call(
        new ListSolutionsCommand({
          Catalog,
          MaxResults,
          NextToken,
          Sort: { SortBy: 'Identifier', SortOrder: 'ASCENDING' },
          ...(status ? { Status: [status] } : {}),
        }),
      ),
    ),
  /** Puts one of them on an opportunity; the free text "other solution" is emptied by it (ACE data model). */
  associateOpportunity: (
    OpportunityIdentifier: string,
    RelatedEntityType: RelatedEntityType,
    RelatedEntityIdentifier: string,
  ) =>
    call(
      new AssociateOpportunityCommand({
        Catalog,
        OpportunityIdentifier,
        RelatedEntityType,
        RelatedEntityIdentifier,
      }),
    ),
});

type Submission = Extract<Wish, { kind: 'submit' }>;

const submissions = (Catalog: string, call: Call) => ({
  /** Submits an opportunity; AWS works on it for a while. The same token again answers the same task. */
  startSubmit: (
    ClientToken: string,
    Identifier: string,
    InvolvementType: Submission['involvement'],
    Visibility: Submission['visibility'],
  ) =>
    call(
      new StartEngagementFromOpportunityTaskCommand({
        Catalog,
        ClientToken,
        Identifier,
        AwsSubmission: { InvolvementType, Visibility },
      }),
    ),
  /** How far that has come: TaskSummaries, newest first, those of earlier submissions among them. */
  listSubmitTasks: (opportunityId: string) =>
    call(
      new ListEngagementFromOpportunityTasksCommand({
        Catalog,
        OpportunityIdentifier: [opportunityId],
        Sort: { SortBy: 'StartTime', SortOrder: 'DESCENDING' },
      }),
    ),
});

const invitations = (Catalog: string, call: Call) => ({
  /** Pages of invitations that we received, newest first. */
  listInvitations: (Status?: InvitationStatus[], PayloadType?: EngagementInvitationPayloadType[]) =>
    pages('EngagementInvitationSummaries', (NextToken) =>
      call(
        new ListEngagementInvitationsCommand({
          Catalog,
          MaxResults,
          NextToken,
          ParticipantType: 'RECEIVER',
          Sort: { SortBy: 'InvitationDate', SortOrder: 'DESCENDING' },
          Status,
          PayloadType,
        }),
      ),
    ),
  getInvitation: (Identifier: string) => call(new GetEngagementInvitationCommand({ Catalog, Identifier })),
  /** Accepts an opportunity; AWS works on it for a while. The same token again answers the same task. */
  startAccept: (ClientToken: string, Identifier: string) =>
    call(new StartEngagementByAcceptingInvitationTaskCommand({ Catalog, ClientToken, Identifier })),
  /** How far that has come: TaskSummaries, newest first. A read, where asking again by `startAccept` is a write. */
  listAcceptTasks: (invitationId: string) =>
    call(
      new ListEngagementByAcceptingInvitationTasksCommand({
        Catalog,
        EngagementInvitationIdentifier: [invitationId],
        Sort: { SortBy: 'StartTime', SortOrder: 'DESCENDING' },
      }),
    ),
  /** Accepts a lead, at once. */
  acceptInvitation: (Identifier: string) =>
    call(new AcceptEngagementInvitationCommand({ Catalog, Identifier })),
  /** Declines either kind. `RejectionReason`: 1 to 80 characters. */
  rejectInvitation: (Identifier: string, RejectionReason: string) =>
    call(new RejectEngagementInvitationCommand({ Catalog, Identifier, RejectionReason })),
});

const engagements = (Catalog: string, call: Call) => ({
  /** Pages of engagements with a lead in them: ids and titles only. */
  listEngagements: () =>
    pages('EngagementSummaryList', (NextToken) =>
      call(
        new ListEngagementsCommand({
          Catalog,
          MaxResults,
          NextToken,
          ContextTypes: ['Lead'],
          Sort: { SortBy: 'CreatedDate', SortOrder: 'DESCENDING' },
        }),
      ),
    ),
  getEngagement: (Identifier: string) => call(new GetEngagementCommand({ Catalog, Identifier })),
  /** Changes a lead by a body from `lead.ts`: its lock has microseconds, which the SDK would cut. */
  updateEngagementContext: (rawBody: string) =>
    // What stands here is overwritten by rawBody; the type asks for it.
    call(
      new UpdateEngagementContextCommand({
        Catalog,
        EngagementIdentifier: '',
        ContextIdentifier: '',
        EngagementLastModifiedAt: new Date(0),
        Type: 'Lead',
        Payload: { Lead: { Customer: { CompanyName: '' } } },
      }),
      { rawBody },
    ),
});
