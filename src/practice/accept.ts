/** Accepting: the asynchronous task for opportunity referrals, the plain call for leads. */

import { assertPending, invitationOf } from './invitations.ts';
import { canonical, type Doc, textAt } from './json.ts';
import { operation, type Turn } from './operation.ts';
import { paginate } from './page.ts';
import * as shapes from './shapes.ts';
import { Refusal } from './wire.ts';
import {
  type AcceptTask,
  arnOf,
  breaks,
  idIn,
  idOf,
  microseconds,
  stamp,
  type World,
  withEffect,
  withEngagement,
  withInvitation,
  withOpportunity,
  withTask,
} from './world.ts';

/** Without a word from the script, a task is done after this much time or so many polls, whichever comes first. */
const TASK_MS = 300;
const TASK_POLLS = 2;

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

/** The world with every task finished whose time has come. The same object when there is none. */
export const settled = (world: World, now: Date): World =>
  world.tasks
    .filter(({ status, dueAt }) => status === 'IN_PROGRESS' && Date.parse(dueAt) <= now.getTime())
    .reduce((moved, task) => finished(moved, task, now), world);

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

function started({ world, now }: Turn, request: Pick<AcceptTask, 'invitationId' | 'token' | 'request'>) {
  const { taskSeconds, failNextAccept, ...weather } = world.weather;
  const serial = world.serial + 1;
  const task: AcceptTask = {
    ...request,
    id: idOf('task-', serial),
    startedAt: now.toISOString(),
    dueAt: new Date(now.getTime() + (taskSeconds === undefined ? TASK_MS : taskSeconds * 1000)).toISOString(),
    status: 'IN_PROGRESS',
    ...(taskSeconds === undefined ? { pollsLeft: TASK_POLLS } : {}),
    ...(failNextAccept === undefined ? {} : { reason: failNextAccept }),
  };
  const next = { ...weather, ...(taskSeconds === undefined ? {} : { taskSeconds }) };
  return { world: withTask({ ...world, serial, weather: next }, task), task };
}

function polled(world: World, tasks: AcceptTask[], now: Date): World {
  const waiting = tasks.filter(
    ({ status, pollsLeft }) => status === 'IN_PROGRESS' && pollsLeft !== undefined,
  );
  return waiting.reduce((moved, task) => {
    const pollsLeft = (task.pollsLeft ?? 1) - 1;
    return pollsLeft > 0 ? withTask(moved, { ...task, pollsLeft }) : finished(moved, task, now);
  }, world);
}

/** The referral becomes an opportunity of ours, with all that was hidden before; or the task fails and nothing moves. */
function finished(world: World, task: AcceptTask, now: Date): World {
  const yields = world.invitations[task.invitationId]?.yields;
  const { pollsLeft: _, ...ended } = task;
  if (task.reason !== undefined || !yields?.opportunity) {
    return withTask(world, { ...ended, status: 'FAILED', reason: task.reason ?? 'InternalError' });
  }
  const serial = world.serial + 1;
  const id = `O${serial}`;
  const at = stamp(now);
  const arn = arnOf(world.catalog, 'opportunity', id);
  const { record, aws, ...rest } = yields.opportunity;
  const next = withOpportunity(joined({ ...world, serial }, task.invitationId, now), id, {
    ...rest,
    record: { ...record, Id: id, Arn: arn, CreatedDate: at, LastModifiedDate: at },
    aws: { ...aws, RelatedOpportunityId: id },
  });
  const done = withTask(next, { ...ended, status: 'COMPLETE', opportunityId: id });
  return withEffect(done, { at, kind: 'accept', id: task.invitationId, value: id });
}

/** Accepted, and a member of its engagement from now on. */
function joined(world: World, invitationId: string, now: Date): World {
  const row = world.invitations[invitationId];
  const engagement = row?.yields?.engagement;
  if (!row || !engagement) return world;
  const serial = world.serial + 1;
  const accepted = { record: { ...row.record, Status: 'ACCEPTED' }, participant: row.participant };
  return withEngagement(
    withInvitation({ ...world, serial }, invitationId, accepted),
    idIn(String(engagement.Id)),
    {
      ...engagement,
      ModifiedAt: microseconds(now, serial),
    },
  );
}

const taskOf = (world: World, id: string): AcceptTask | undefined =>
  world.tasks.find((task) => task.id === id);

const among = (value: string | undefined, values: readonly string[] | undefined): boolean =>
  values === undefined || values.includes(value ?? '');

function toAnswer(task: AcceptTask, catalog: string): Doc {
  const failed = task.status === 'FAILED';
  return {
    TaskId: task.id,
    TaskArn: arnOf(catalog, 'task', task.id),
    StartTime: task.startedAt,
    TaskStatus: task.status,
    EngagementInvitationId: task.invitationId,
    ...(task.opportunityId ? { OpportunityId: task.opportunityId } : {}),
    ...(failed
      ? { ReasonCode: task.reason ?? 'InternalError', Message: 'The task could not be completed.' }
      : {}),
  };
}
