/** The update sprint: one deal at a time, as short as it goes, and nothing that only looks like an update. */
import { count, dayIn, plainDay } from '../pipeline/calendar.ts';
import type { Change } from '../pipeline/change.ts';
import type { Deal, Opportunity } from '../pipeline/deal.ts';
import { reviewState } from '../pipeline/fields.ts';
import { isPastClose, lastNextSteps } from '../pipeline/opportunity.ts';
import type { Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { markOf, minutesFor, type Sprint, stepFieldsOf, toInput } from '../pipeline/sprint.ts';
import { oneLine } from '../pipeline/text.ts';
import { closeDateField, nextStepForm } from './form.ts';
import { companyOf, longText, nameOf, quoted, stateInWords } from './terms.ts';
import { type Button, done, type Field, type Form, type Note, note } from './view.ts';

export const START: Button = {
  verb: 'sprint',
  label: 'Start the sprint',
  input: { do: 'start' },
  opens: 'form',
  style: 'primary',
};

/** "6 deals need a word, about 2 minutes". `deals`: of them in one go. `putOff`: of the others those that they look at again later. */
export function sprintOverview(deals: number, total: number, putOff = 0): Note {
  const later =
    putOff > 0 ? [`${putOff} put off: “my reminders” lists ${putOff === 1 ? 'it' : 'them'}.`] : [];
  if (total === 0) return note('None of your deals needs a word right now.', later);
  const need = `${count(total, 'deal')} ${total === 1 ? 'needs' : 'need'} a word`;
  const some = total > deals ? ['The longest silent come first; the others in the next sprint.'] : [];
  const first = total > deals ? `, ${deals} of them at a time` : '';
  const lines = ['One after the other: what happens next, who does it, by when.', ...some, ...later];
  return { ...note(`${need}${first}, about ${count(minutesFor(deals), 'minute')}`, lines), buttons: [START] };
}

/** One deal of the sprint, as its reader sees it. */
export interface Asking {
  state: Sprint;
  /** What was done just now. */
  words: string[];
  actor: Person;
  now: Date;
  /** Who asked for a word on it. */
  asker?: string;
  text?: string;
  closeDate?: string;
  errors?: Record<string, string>;
}

interface Shown {
  deal: Deal;
  changes: readonly Change[];
}

/** "1 of 6: Acme". What takes no next step now leads to what it takes. */
export function sprintForm(shown: Shown, asking: Asking): Form {
  const { deal } = shown;
  const { state, words, actor, now, asker } = asking;
  const verdict = can(actor, 'next-step', deal, now);
  const takesStep = deal.kind === 'opportunity' && (verdict.yes || verdict.locked === true);
  const at = Math.max(1, state.total - state.rest.length + 1);
  return {
    kind: 'form',
    verb: 'sprint',
    title: `${at} of ${Math.max(at, state.total)}: ${companyOf(deal)}`,
    intro: [
      ...words,
      nameOf(deal),
      ...(asker ? [`${oneLine(asker)} asks for a word on it.`] : []),
      ...known(deal, asking),
    ],
    ...(takesStep ? stepPart(shown, deal, asking) : otherPart(deal, asking)),
  };
}

type Part = Pick<Form, 'submit' | 'fields' | 'input' | 'others' | 'errors'>;

function stepPart({ changes }: Shown, deal: Opportunity, asking: Asking): Part {
  const { state, text, closeDate, errors = {}, actor, now } = asking;
  const ids = stepFieldsOf(state);
  const today = dayIn(now, actor.timeZone);
  const draft = { today, ...(closeDate ? { closeDate } : {}), errors };
  const [step] = nextStepForm(deal, { today, ...(text === undefined ? {} : { text }) }).fields;
  const date: Field = {
    ...closeDateField(deal, draft),
    ...(isPastClose(deal, today) ? {} : { optional: true }),
  };
  const named = Object.entries(errors).map(([id, error]) => [
    id in ids ? ids[id as keyof typeof ids] : id,
    error,
  ]);
  return {
    submit: 'Save & next',
    fields: [...(step ? [{ ...step, id: ids.text }] : []), { ...date, id: ids.closeDate }],
    input: { ...toInput(state), do: 'next-step', id: deal.id, mark: markOf(deal, changes) },
    others: [...notMine(deal, asking), onWay('Skip until…', deal, state, 'remind'), stop(state)],
    ...(named.length > 0 ? { errors: Object.fromEntries(named) } : {}),
  };
}

/** Nothing is sent by going on. */
function otherPart(deal: Deal, asking: Asking): Part {
  const { state } = asking;
  const isLead = deal.kind === 'lead';
  const isAsked = deal.kind === 'opportunity' && reviewState(deal) === 'Action Required';
  return {
    submit: 'Next deal',
    fields: [],
    input: { ...toInput(state), do: 'pass', id: deal.id },
    others: [
      ...(isLead ? [onWay('Update…', deal, state, 'update-lead')] : []),
      ...(isAsked ? [onWay('Repair…', deal, state, 'repair')] : []),
      ...notMine(deal, asking),
      stop(state),
    ],
  };
}

const onWay = (label: string, { id }: Deal, state: Sprint, verb: string): Button => ({
  ...{ verb: 'sprint', label, opens: 'form' },
  input: { ...toInput(state), do: verb, id },
});

const notMine = (deal: Deal, { state, actor, now }: Asking): Button[] =>
  can(actor, 'transfer', deal, now).yes ? [onWay('Not mine…', deal, state, 'transfer')] : [];

const stop = (state: Sprint): Button => ({
  ...{ verb: 'sprint', label: 'Stop here', input: { ...toInput(state), do: 'stop' } },
});

const MAX_REMARK = 600;

/** The last step and when, and AWS's remark where it waits for an answer. */
function known(deal: Deal, { now, actor }: Asking): string[] {
  if (deal.kind !== 'opportunity')
    return [stateInWords(deal), 'A lead has no next step: its status says how far it is.'];
  const today = dayIn(now, actor.timeZone);
  const [last] = lastNextSteps(deal, 1);
  const step = last
    ? `Last step, ${plainDay(dayIn(new Date(last.at), actor.timeZone), today)}: ${quoted(last.text)}`
    : undefined;
  const stands = deal.nextStep ? `The next step now: ${quoted(deal.nextStep)}` : 'There is no next step yet.';
  const isAsked = reviewState(deal) === 'Action Required';
  const remark = isAsked
    ? [longText(`AWS’s remark: ${deal.reviewComments ?? 'none'}`, MAX_REMARK), REPAIR]
    : [];
  return [step ?? stands, ...remark];
}

const REPAIR = 'AWS wants its remark answered first: “Repair…” does that.';

/** The same deal again, where somebody wrote since it was shown: what was typed stays, and can be sent all the same. */
export function meanwhileForm(
  shown: Shown,
  { mark, ...asking }: Asking & { mark?: string },
): Form | undefined {
  if (mark === undefined || mark === markOf(shown.deal, shown.changes)) return undefined;
  const said = `${wordBy(shown, asking.actor, 'somebody')} “Save & next” sends yours all the same.`;
  return sprintForm(shown, { ...asking, errors: { mark: said } });
}

/** Why it needs no word any more. */
export function wordBy({ deal, changes }: Shown, actor: Pick<Person, 'id'>, nobody = ''): string {
  const [last] = changes.filter(({ wish }) => wish.kind === 'update' || wish.kind === 'update-lead');
  const who = last
    ? last.person.id === actor.id
      ? 'you'
      : oneLine(last.person.name) || 'a colleague'
    : nobody;
  return who
    ? `${companyOf(deal)}: meanwhile ${who} wrote a word.`
    : `${companyOf(deal)}: needs no word from you any more.`;
}

/** The form of another verb on the way: what comes of it leads on. */
export function inSprint(form: Form, state: Record<string, string>): Form {
  const back: Button = { verb: 'sprint', label: 'Back', input: { ...state, do: 'show' }, opens: 'form' };
  return { ...form, verb: 'sprint', input: { ...form.input, ...state, do: form.verb }, others: [back] };
}

/** "5 written, 1 skipped", and what has not reached AWS yet. */
export function sprintEnd(state: Sprint, words: string[], open: readonly string[]): Note {
  const { rest, written, skipped, given } = state;
  const parts: [number, string][] = [
    [written.length, 'written'],
    [skipped, 'skipped'],
    [given, 'given away'],
  ];
  const said = parts.filter(([many], nth) => many > 0 || nth === 0).map(([many, what]) => `${many} ${what}`);
  const way =
    open.length > 0
      ? [
          `Still on its way to AWS: ${open.map((it) => companyOf({ company: it })).join(', ')}. “waiting” shows it.`,
        ]
      : [];
  const left =
    rest.length > 0
      ? [
          `${count(rest.length, 'deal')} left as ${rest.length === 1 ? 'it is' : 'they are'}: “sprint” goes on with them.`,
        ]
      : [];
  return { ...done(said.join(', '), [...words, ...way, ...left]), apart: true };
}
