/** The life of a task: started, asked after, and one day complete or failed. */
import { accepted } from './joining.ts';
import type { Doc } from './json.ts';
import { canonical } from './json.ts';
import type { Outcome, Turn } from './operation.ts';
import { type Paged, paginate } from './page.ts';
import { submitted } from './submission.ts';
import { Refusal } from './wire.ts';
import { arnOf, idIn, idOf, type Task, type TaskLife, type World, withTask } from './world.ts';

/** Without a word from the script, a task is done after this much time or so many polls, whichever comes first. */
const TASK_MS = 300;
const TASK_POLLS = 2;

type Kind = 'accept' | 'submit';
const kindOf = (task: Task): Kind => task.kind ?? 'accept';

/** The world with every task finished whose time has come. The same object when there is none. */
export const settled = (world: World, now: Date): World =>
  world.tasks
    .filter(({ status, dueAt }) => status === 'IN_PROGRESS' && Date.parse(dueAt) <= now.getTime())
    .reduce((moved, task) => finished(moved, task, now), world);

/** What a new task begins with, timed and doomed as the script wishes; the doom is used up. */
export function begun(turn: Turn, kind: Kind, token: string): { world: World; life: TaskLife } {
  const { world, now, body } = turn;
  const { taskSeconds } = world.weather;
  const doom = kind === 'accept' ? 'failNextAccept' : 'failNextSubmit';
  const { [doom]: reason, ...weather } = world.weather;
  const serial = world.serial + 1;
  const life: TaskLife = {
    id: idOf('task-', serial),
    token,
    request: canonical(body),
    startedAt: now.toISOString(),
    dueAt: new Date(now.getTime() + (taskSeconds === undefined ? TASK_MS : taskSeconds * 1000)).toISOString(),
    status: 'IN_PROGRESS',
    ...(taskSeconds === undefined ? { pollsLeft: TASK_POLLS } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
  return { world: { ...world, serial, weather }, life };
}

/**
 * The task this token has started before, as it stands by now ("call again to check the status"). Throws a
 * ConflictException when the request is another one.
 */
export function replayed(turn: Turn, kind: Kind, token: string): Outcome | undefined {
  const known = turn.world.tasks.find((task) => kindOf(task) === kind && task.token === token);
  if (!known) return undefined;
  if (known.request !== canonical(turn.body)) {
    throw new Refusal('ConflictException', 'Conflicting client token submitted for a new request body.');
  }
  const world = polled(turn.world, [known], turn.now);
  return { world, answer: toAnswer(taskOf(world, known.id) ?? known, world.catalog) };
}

interface TaskFilters extends Paged {
  TaskIdentifier?: string[] | undefined;
  TaskStatus?: string[] | undefined;
  OpportunityIdentifier?: string[] | undefined;
  EngagementIdentifier?: string[] | undefined;
  EngagementInvitationIdentifier?: string[] | undefined;
}

/** Each call is a poll of what it lists: it moves the tasks along. Newest first without a wish. */
export function listed({ world, now, body }: Turn, kind: Kind, input: TaskFilters): Outcome {
  const asked = world.tasks.filter(
    (task) =>
      kindOf(task) === kind &&
      among(task.id, input.TaskIdentifier?.map(idIn)) &&
      among(task.invitationId, input.EngagementInvitationIdentifier?.map(idIn)),
  );
  const moved = polled(world, asked, now);
  const rows = asked.map((task) => taskOf(moved, task.id) ?? task).filter((task) => fits(task, input));
  const { rows: shown, ...token } = paginate(rows, input, body, {
    key: ({ startedAt }) => startedAt,
    id: ({ id }) => id,
    descending: true,
  });
  const TaskSummaries = shown.map((task) => toAnswer(task, world.catalog));
  return { world: moved, answer: { TaskSummaries, ...token } };
}

const fits = (task: Task, filters: TaskFilters): boolean =>
  among(task.status, filters.TaskStatus) &&
  among(task.opportunityId, filters.OpportunityIdentifier) &&
  among(task.kind === 'submit' ? task.engagementId : undefined, filters.EngagementIdentifier?.map(idIn));

const among = (value: string | undefined, values: readonly string[] | undefined): boolean =>
  values === undefined || values.includes(value ?? '');

/** One poll of each of these tasks that still runs. */
function polled(world: World, tasks: Task[], now: Date): World {
  const waiting = tasks.filter(
    ({ status, pollsLeft }) => status === 'IN_PROGRESS' && pollsLeft !== undefined,
  );
  return waiting.reduce((moved, task) => {
    const pollsLeft = (task.pollsLeft ?? 1) - 1;
    return pollsLeft > 0 ? withTask(moved, { ...task, pollsLeft }) : finished(moved, task, now);
  }, world);
}

/** Done, or failed with nothing moved. */
function finished(world: World, task: Task, now: Date): World {
  const { pollsLeft: _, ...ended } = task;
  if (ended.reason !== undefined) return withTask(world, { ...ended, status: 'FAILED' });
  return ended.kind === 'submit' ? submitted(world, ended, now) : accepted(world, ended, now);
}

const taskOf = (world: World, id: string): Task | undefined => world.tasks.find((task) => task.id === id);

/** As the operations on tasks answer it. */
export function toAnswer(task: Task, catalog: string): Doc {
  const { invitationId, opportunityId } = task;
  const engagementId = task.kind === 'submit' ? task.engagementId : undefined;
  const ReasonCode = task.reason ?? 'InternalError';
  const Message = task.message ?? 'The task could not be completed.';
  return {
    TaskId: task.id,
    TaskArn: arnOf(catalog, 'task', task.id),
    StartTime: task.startedAt,
    TaskStatus: task.status,
    ...(invitationId ? { EngagementInvitationId: invitationId } : {}),
    ...(opportunityId ? { OpportunityId: opportunityId } : {}),
    ...(engagementId ? { EngagementId: engagementId } : {}),
    ...(task.status === 'FAILED' ? { ReasonCode, Message } : {}),
  };
}
