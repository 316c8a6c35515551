/** Accepting: the asynchronous task for opportunity referrals, the plain call for leads. */

import { assertPending, invitationOf } from './invitations.ts';
import { canonical, textAt } from './json.ts';
import { operation, type Turn } from './operation.ts';
import { paginate } from './page.ts';
import * as shapes from './shapes.ts';
import { joined, polled, started, taskOf, toAnswer } from './tasks.ts';
import { Refusal } from './wire.ts';
import { breaks, idIn, withEffect } from './world.ts';

/**
 * The same token with the same request answers the same task as it stands by now ("call again to check the status");
 * with another request, or for an invitation already accepted or being accepted: ConflictException.
 */
export const startAccept = operation('write', shapes.startAccept, (input, turn) => {
  const request = canonical(turn.body);
  const known = turn.world.tasks.find(({ token }) => token === input.ClientToken);
  if (known) {
    if (known.request !== request) {
      throw new Refusal('ConflictException', 'Conflicting client token submitted for a new request body.');
    }
    const world = polled(turn.world, [known], turn.now);
    return { world, answer: toAnswer(taskOf(world, known.id) ?? known, world.catalog) };
  }
  const invitationId = idIn(input.Identifier);
  assertStartable(turn, invitationId);
  const { world, task } = started(turn, { invitationId, token: input.ClientToken, request });
  return { world, answer: toAnswer(task, world.catalog) };
});

/** Each call is a poll of what it lists: it moves the tasks along. */
export const listAcceptTasks = operation('read', shapes.listAcceptTasks, (input, { world, now, body }) => {
  const asked = world.tasks.filter(
    (task) =>
      among(task.id, input.TaskIdentifier?.map(idIn)) &&
      among(task.invitationId, input.EngagementInvitationIdentifier?.map(idIn)),
  );
  const moved = polled(world, asked, now);
  const rows = asked
    .map(({ id }) => taskOf(moved, id))
    .filter((task) => task !== undefined)
    .filter((task) => among(task.status, input.TaskStatus))
    .filter((task) => among(task.opportunityId, input.OpportunityIdentifier));
  const page = paginate(rows, input, body, {
    key: ({ startedAt }) => startedAt,
    id: ({ id }) => id,
    descending: true,
  });
  const { rows: shown, ...token } = page;
  const TaskSummaries = shown.map((task) => toAnswer(task, world.catalog));
  return { world: moved, answer: { TaskSummaries, ...token } };
});

/** Leads only, and at once. A referral accepted so would become an engagement without an opportunity. */
export const acceptInvitation = operation('write', shapes.oneInvitation, (input, turn) => {
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

const among = (value: string | undefined, values: readonly string[] | undefined): boolean =>
  values === undefined || values.includes(value ?? '');
