/** The life of an accept task: started, polled, and one day complete or failed. */
import type { Doc } from './json.ts';
import type { Turn } from './operation.ts';
import {
  type AcceptTask,
  arnOf,
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

/** The world with every task finished whose time has come. The same object when there is none. */
export const settled = (world: World, now: Date): World =>
  world.tasks
    .filter(({ status, dueAt }) => status === 'IN_PROGRESS' && Date.parse(dueAt) <= now.getTime())
    .reduce((moved, task) => finished(moved, task, now), world);

/** A new task, timed and doomed as the script wishes. */
export function started(
  { world, now }: Turn,
  request: Pick<AcceptTask, 'invitationId' | 'token' | 'request'>,
) {
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

/** One poll of each of these tasks that still runs. */
export function polled(world: World, tasks: AcceptTask[], now: Date): World {
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
export function joined(world: World, invitationId: string, now: Date): World {
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

export const taskOf = (world: World, id: string): AcceptTask | undefined =>
  world.tasks.find((task) => task.id === id);

/** As both operations on tasks answer it. */
export function toAnswer(task: AcceptTask, catalog: string): Doc {
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
