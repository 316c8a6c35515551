/** Accepting: the asynchronous task for opportunity referrals, the plain call for leads. */

import { assertPending, invitationOf } from './invitations.ts';
import { joined } from './joining.ts';
import { textAt } from './json.ts';
import { operation, type Turn } from './operation.ts';
import { oneInvitation } from './shapes/engagement.ts';
import * as shapes from './shapes/task.ts';
import { begun, listed, replayed, toAnswer } from './tasks.ts';
import { Refusal } from './wire.ts';
import { type AcceptTask, breaks, idIn, withEffect, withTask } from './world.ts';

/**
 * The same token with the same request answers the same task as it stands by now; with another request, or for an
 * invitation already accepted or being accepted: ConflictException.
 */
export const startAccept = operation('write', shapes.startAccept, (input, turn) => {
  const known = replayed(turn, 'accept', input.ClientToken);
  if (known) return known;
  const invitationId = idIn(input.Identifier);
  assertStartable(turn, invitationId);
  const { world, life } = begun(turn, 'accept', input.ClientToken);
  const task: AcceptTask = { ...life, invitationId };
  return { world: withTask(world, task), answer: toAnswer(task, world.catalog) };
});

export const listAcceptTasks = operation('read', shapes.listAcceptTasks, (input, turn) =>
  listed(turn, 'accept', input),
);

/** Leads only, and at once. A referral accepted so would become an engagement without an opportunity. */
export const acceptInvitation = operation('write', oneInvitation, (input, turn) => {
  const row = invitationOf(turn, input.Identifier);
  assertPending(row);
  if (textAt(row.record, 'PayloadType') !== 'LeadInvitation' || !row.yields) {
    throw breaks('identifier', 'INVALID_RESOURCE_STATE', 'The invitation is accepted by its task.');
  }
  const id = idIn(input.Identifier);
  const world = withEffect(joined(turn.world, id, turn.now), {
    at: turn.now.toISOString(),
    kind: 'accept-lead',
    id,
    value: textAt(row.record, 'EngagementId') ?? '',
  });
  return { world, answer: {} };
});

function assertStartable(turn: Turn, id: string): void {
  const row = invitationOf(turn, id);
  assertPending(row);
  if (turn.world.tasks.some((task) => task.invitationId === id && task.status === 'IN_PROGRESS')) {
    throw new Refusal('ConflictException', 'The engagement invitation is already being accepted.');
  }
  if (!row.yields?.opportunity) {
    throw breaks('identifier', 'INVALID_RESOURCE_STATE', 'The invitation carries no opportunity.');
  }
}
