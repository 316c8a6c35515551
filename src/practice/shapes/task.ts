/** What operations on tasks accept. */
import { z } from 'zod';
import {
  base,
  engagementId,
  invitationId,
  object,
  opportunityId,
  optional,
  page,
  sort,
  taskId,
  upTo,
} from './parts.ts';

/** Letters, digits, spaces and a few signs (service model, TagKey and TagValue). */
const tagText = (min: number, max: number) =>
  z.string().regex(new RegExp(`^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{${min},${max}}$`, 'u'));
const tags = optional(
  z
    .array(object({ Key: tagText(1, 128), Value: tagText(0, 256) }))
    .min(1)
    .max(200),
);
const clientToken = z.string().regex(/^.{1,255}$/u);

export const startAccept = object({
  ...base,
  Identifier: invitationId,
  ClientToken: clientToken,
  Tags: tags,
});

const taskList = {
  ...base,
  ...page(1000),
  Sort: sort(['StartTime']),
  TaskStatus: upTo(3, z.enum(['IN_PROGRESS', 'COMPLETE', 'FAILED']), 1),
  OpportunityIdentifier: upTo(10, opportunityId, 1),
  TaskIdentifier: upTo(10, taskId, 1),
};

export const listAcceptTasks = object({
  ...taskList,
  EngagementInvitationIdentifier: upTo(10, invitationId, 1),
});

export const startSubmit = object({
  ...base,
  Identifier: opportunityId,
  ClientToken: clientToken,
  AwsSubmission: object({
    InvolvementType: z.enum(['For Visibility Only', 'Co-Sell']),
    Visibility: optional(z.enum(['Full', 'Limited'])),
  }),
  Tags: tags,
});

export const listSubmitTasks = object({ ...taskList, EngagementIdentifier: upTo(10, engagementId, 1) });
