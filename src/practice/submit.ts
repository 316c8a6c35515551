/** Submitting: the task that opens an engagement with AWS over an opportunity of ours. */
import { operation, type Turn } from './operation.ts';
import { rowOf } from './opportunities.ts';
import * as shapes from './shapes/task.ts';
import { isSubmittable } from './submission.ts';
import { begun, listed, replayed, toAnswer } from './tasks.ts';
import { Refusal } from './wire.ts';
import { breaks, type SubmitTask, withTask } from './world.ts';

/**
 * The same token with the same request answers the same task as it stands by now; with another request, or while the
 * opportunity is already being submitted: ConflictException. What is with AWS or decided cannot be submitted
 * (INVALID_RESOURCE_STATE; GUESS: no source says whether the call or its task refuses).
 */
export const startSubmit = operation('write', shapes.startSubmit, (input, turn) => {
  const known = replayed(turn, 'submit', input.ClientToken);
  if (known) return known;
  assertStartable(turn, input.Identifier);
  const { world, life } = begun(turn, 'submit', input.ClientToken);
  const task: SubmitTask = {
    ...life,
    kind: 'submit',
    opportunityId: input.Identifier,
    involvement: input.AwsSubmission.InvolvementType,
    visibility: input.AwsSubmission.Visibility ?? 'Full',
  };
  return { world: withTask(world, task), answer: toAnswer(task, world.catalog) };
});

export const listSubmitTasks = operation('read', shapes.listSubmitTasks, (input, turn) =>
  listed(turn, 'submit', input),
);

function assertStartable(turn: Turn, id: string): void {
  const { record } = rowOf(turn, id);
  const isRunning = turn.world.tasks.some(
    (task) => task.kind === 'submit' && task.opportunityId === id && task.status === 'IN_PROGRESS',
  );
  if (isRunning) throw new Refusal('ConflictException', 'The opportunity is already being submitted.');
  if (!isSubmittable(record)) {
    throw breaks(
      'identifier',
      'INVALID_RESOURCE_STATE',
      'The opportunity is not in a state to be submitted.',
    );
  }
}
