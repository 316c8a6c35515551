/** What the practised service can do: the list is the whole of it. */
import { acceptInvitation, listAcceptTasks, startAccept } from './accept.ts';
import { getEngagement, listEngagements } from './engagements.ts';
import { getInvitation, listInvitations, rejectInvitation } from './invitations.ts';
import { updateEngagementContext } from './lead-context.ts';
import type { Operation } from './operation.ts';
import { getAwsOpportunitySummary, getOpportunity, listOpportunities } from './opportunities.ts';
import { associateOpportunity, disassociateOpportunity } from './relations.ts';
import { listSolutions } from './solutions.ts';
import { listSubmitTasks, startSubmit } from './submit.ts';
import { assignOpportunity, updateOpportunity } from './update.ts';

export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ['ListOpportunities', listOpportunities],
  ['GetOpportunity', getOpportunity],
  ['GetAwsOpportunitySummary', getAwsOpportunitySummary],
  ['UpdateOpportunity', updateOpportunity],
  ['AssignOpportunity', assignOpportunity],
  ['ListEngagementInvitations', listInvitations],
  ['GetEngagementInvitation', getInvitation],
  ['StartEngagementByAcceptingInvitationTask', startAccept],
  ['ListEngagementByAcceptingInvitationTasks', listAcceptTasks],
  ['AcceptEngagementInvitation', acceptInvitation],
  ['RejectEngagementInvitation', rejectInvitation],
  ['ListEngagements', listEngagements],
  ['GetEngagement', getEngagement],
  ['UpdateEngagementContext', updateEngagementContext],
  ['ListSolutions', listSolutions],
  ['AssociateOpportunity', associateOpportunity],
  ['DisassociateOpportunity', disassociateOpportunity],
  ['StartEngagementFromOpportunityTask', startSubmit],
  ['ListEngagementFromOpportunityTasks', listSubmitTasks],
]);
