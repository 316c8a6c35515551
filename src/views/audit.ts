/** What a walk through the whole record found. */
import { plainMoment } from '../pipeline/calendar.ts';
import type { ChangeState } from '../pipeline/change.ts';
import type { Moment } from '../pipeline/deal.ts';
import { oneLine } from '../pipeline/text.ts';
import type { Reader } from './history.ts';
import { done, type Note, problem } from './view.ts';

/** What is wrong with a step of a Change, or with a Change whose steps all hold. */
export interface Break {
  what: 'answer' | 'link' | 'wish' | 'asker' | 'state' | 'no-steps';
  changeId: string;
  dealId: string;
  kind: string;
  /** Which step of the Change, counted from 1; absent where it has none. */
  step?: number;
  /** When that step says it was; of a Change without steps, when it was asked. */
  at: Moment;
  /** state: what the Change says, and what its last step says. */
  says?: { change: ChangeState; step: ChangeState };
}

export interface Audit {
  changes: number;
  steps: number;
  /** The first, in the order of asking; none when all hold. */
  breaks: Break[];
}

/** That all holds, or the first break: which Change, which step, when, what is wrong. */
export function auditNote({ changes, steps, breaks }: Audit, { actor, now }: Reader): Note {
  const [first] = breaks;
  if (!first)
    return done(
      `The record is whole: ${many(steps, 'step')} of ${many(changes, 'Change')}, each with the hash of the one before it.`,
    );
  const { changeId, dealId, kind, step } = first;
  const at = plainMoment(first.at, now, actor.timeZone);
  return problem('The record is not whole.', [
    `First break: Change ${changeId} (${kind}, deal ${oneLine(dealId)})${step ? `, step ${step}` : ''}, ${at}.`,
    WRONG[first.what](first),
    'Somebody changed it behind ace-desk, in the database itself. Keep a copy of it before anything else is done.',
  ]);
}

const WRONG: Record<Break['what'], (it: Break) => string> = {
  answer: () => 'Its answer is not the one that was written down.',
  link: ({ step }) =>
    step === 1
      ? 'Its hash does not fit: the step was altered, or the steps before it are missing.'
      : 'Its hash does not fit: this step was altered, or the one before it is missing or was.',
  wish: () => 'What was asked is not what was written down.',
  asker: () => 'Who asked is not who was written down.',
  state: ({ says }) =>
    `The Change says ${says?.change}, its last step says ${says?.step}: a later step is missing, or its state was altered.`,
  'no-steps': () => 'All its steps are missing.',
};

const many = (count: number, noun: string): string =>
  `${new Intl.NumberFormat('en-US').format(count)} ${noun}${count === 1 ? '' : 's'}`;
