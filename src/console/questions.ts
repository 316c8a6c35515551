/** A form as questions, one at a time; a confirmation as yes or no. */
import { clean, cut, length, oneLine } from '../pipeline/text.ts';
import type { Confirm, Field, Form } from '../views/view.ts';
import { meant, meantByEach, misread } from './answers.ts';
import { DAYS, fieldLines, formHead, type Look, shownValue } from './render.ts';
import type { Screen } from './screen.ts';
import { meaningOf, type Way, waysIn, whichOf, wordsOf } from './ways.ts';
import { wrap } from './width.ts';

/** Where the questions are asked. */
export interface Asked {
  screen: Screen;
  look: Look;
  /** The day that words name, by the clock of whoever sits here. */
  dayCalled: (words: string) => string | undefined;
}

/**
 * Asks every field, or only those that carry an error; the others keep their value. Enter keeps what is there.
 * @returns the answers by field id, the form's own input with them; the button whose words were typed instead; undefined
 * when the person leaves the form.
 */
export async function fillIn(
  form: Form,
  asked: Asked,
): Promise<{ answers: Record<string, string> } | Way | undefined> {
  const { screen, look } = asked;
  const answers: Record<string, string> = { ...form.input };
  const wrong = form.fields.filter(({ id }) => form.errors?.[id]);
  const open = wrong.length > 0 ? wrong : form.fields;
  screen.print(['', ...formHead(form, look), ...strayErrors(form, look), ...leaving(form, look)].join('\n'));
  // What comes back with an error was typed the time before.
  let isTyped = wrong.length > 0 && form.fields.some(({ value }) => value);
  for (const field of form.fields) {
    const answer = open.includes(field) ? await askAndKeep(field, form, asked, isTyped) : field.value;
    if (answer === LEFT) return undefined;
    if (typeof answer === 'object') return answer;
    if (answer !== undefined) answers[field.id] = answer;
    isTyped ||= answer !== field.value;
  }
  if (form.fields.length === 0 && form.others) return askWay(form, answers, asked);
  return form.input.sure && !(await agreed(form, screen)) ? undefined : { answers };
}

/** The form with what was said already in the first field that takes it, beside free text. */
export function withAnswer(form: Form, said: string, { dayCalled }: Pick<Asked, 'dayCalled'>): Form {
  const taken = (field: Field): string | undefined => {
    if (said === '' || field.kind === 'text') return undefined;
    const checked = check(field, said, dayCalled);
    return 'value' in checked ? checked.value : undefined;
  };
  const taker = form.fields.find((field) => taken(field));
  const fields = form.fields.map((it) => (it === taker ? { ...it, value: taken(it) ?? '' } : it));
  return taker ? { ...form, fields } : form;
}

/** How a form is left, and what else its questions take. Where nothing but yes or no is asked, that question says it. */
function leaving({ others = [], fields, submit }: Form, look: Look): string[] {
  if (fields.length === 0 && others.length === 0) return [];
  const enter = fields.length > 0 ? 'Enter keeps what is there' : `Enter: ${oneLine(submit)}`;
  const ways = others.map((it) => `“${wordsOf(it)}”`).join(', ');
  return [`(${enter}; “cancel” leaves)`, ...(ways ? [`(Instead of an answer: ${ways})`] : [])].flatMap((it) =>
    wrap(it, look.width),
  );
}

/** A form that asks nothing waits all the same: there are other ways on than sending it. */
async function askWay(
  form: Form,
  answers: Record<string, string>,
  { screen, look }: Asked,
): Promise<{ answers: Record<string, string> } | Way | undefined> {
  for (;;) {
    const typed = (await screen.ask(() => `${oneLine(form.submit)}: `))?.trim();
    if (typed === undefined || /^cancel$/i.test(typed)) return undefined;
    if (typed === '') return { answers };
    const begun = waysIn(form, typed);
    if (!begun || !(begun.isWhole || begun.ways[0].rest === '')) continue;
    const way = await whichOf(begun.ways, false, { screen, look });
    if (way === 'left') return undefined;
    if (typeof way === 'object') return way;
  }
}

/** What cannot be taken back is asked once more, as a form elsewhere is by its button. */
async function agreed({ submit }: Form, screen: Screen): Promise<boolean> {
  const answer = (await screen.ask(() => `[y] ${oneLine(submit)}  [n] Leave it: `)) ?? '';
  return isYes(answer, submit);
}

const isYes = (answer: string, yes: string): boolean =>
  ['y', 'yes', oneLine(yes).toLowerCase()].includes(answer.trim().toLowerCase());

/** "y", "yes" or the yes-button's own words; anything else means no. */
export async function confirmed(confirm: Confirm, screen: Screen, look: Look): Promise<boolean> {
  const text = wrap(clean(confirm.text), look.width);
  screen.print(['', oneLine(confirm.title), ...text].join('\n'));
  const yes = oneLine(confirm.yes);
  const answer = (await screen.ask(() => `[y] ${yes}  [n] ${oneLine(confirm.no)}: `)) ?? '';
  return isYes(answer, yes);
}

const LEFT = Symbol('left');
type Checked = { value: string | undefined } | { problem: string; again?: string };

type Said = string | undefined | Way | typeof LEFT;

/** Before a button drops what was typed in this form, that is asked about; no asks the same question again. */
async function askAndKeep(field: Field, form: Form, asked: Asked, isTyped: boolean): Promise<Said> {
  const { screen, look } = asked;
  for (;;) {
    const said = await askField(field, form, asked);
    if (typeof said !== 'object' || !isTyped) return said;
    const label = oneLine(said.button.label);
    screen.print(wrap(`What you typed is not sent with “${label}”.`, look.width).join('\n'));
    if (isYes((await screen.ask(() => `[y] ${label}  [n] Go on here: `)) ?? '', label)) return said;
  }
}

async function askField(field: Field, form: Form, { screen, look, dayCalled }: Asked): Promise<Said> {
  screen.print(['', ...fieldLines(field, look, form.errors?.[field.id])].join('\n'));
  const label = cut(oneLine(field.label), 30);
  const prompt = (typed: string) =>
    field.kind === 'text' ? `${label} (${length(typed)}/${field.maxLength}): ` : `${label}: `;
  let again = '';
  for (;;) {
    const typed = await screen.ask(prompt, again);
    if (typed === undefined || /^\s*cancel\s*$/i.test(typed)) return LEFT;
    const said = clean(typed).trim();
    const checked = check(field, said, dayCalled);
    const begun = isNone(field, typed) ? undefined : waysIn(form, typed);
    const isDay = begun !== undefined && dayCalled(begun.ways[0].rest) !== undefined;
    const fits = 'value' in checked;
    const meaning = begun ? await meaningOf(begun, field, { fits, isDay, screen, look }) : 'answer';
    if (meaning === 'left') return LEFT;
    if (typeof meaning === 'object') return meaning;
    if (meaning === 'answer') {
      const told = 'problem' in checked ? checked.problem : inFull(field, said, checked.value);
      if (told) screen.print(wrap(told, look.width).join('\n'));
      if ('value' in checked) return checked.value;
    }
    again = 'problem' in checked ? (checked.again ?? '') : typed;
  }
}

/** Only what needs no rule of the pipeline: something is there, it fits, it is one of the options, it is a day. */
function check(field: Field, typed: string, dayCalled: Asked['dayCalled']): Checked {
  if (typed === '')
    return field.value || field.optional ? { value: field.value } : { problem: 'This one is needed.' };
  if (isNone(field, typed)) return { value: field.kind === 'choices' ? '' : undefined };
  switch (field.kind) {
    case 'text': {
      const over = length(typed) - field.maxLength;
      if (over <= 0) return { value: typed };
      return { problem: `${over} more than the ${field.maxLength} that fit. Shorten it:`, again: typed };
    }
    case 'choice': {
      const [option, ...others] = meant(field.options, typed);
      return option && others.length === 0
        ? { value: option.value }
        : { problem: misread(field.options, typed, option ? [option, ...others] : []) };
    }
    case 'choices':
      return checkMany(field, typed);
    case 'date': {
      const value = dayCalled(typed);
      return value ? { value } : { problem: `That is no day I know. Say it like this: ${DAYS}.` };
    }
  }
}

/** Where an answer may stay empty, what leaves it so, also where something stood there; unless an option is called that. */
const isNone = (field: Field, typed: string): boolean =>
  field.optional === true &&
  /^\s*(?:none|skip|[-–—])[\s.!]*$/i.test(typed) &&
  !('options' in field && meant(field.options, typed).length > 0);

/** Numbers or names, separated by commas. */
function checkMany({ options }: Extract<Field, { kind: 'choices' }>, typed: string): Checked {
  const each = meantByEach(options, typed);
  const wrong = each.find(({ found }) => found.length !== 1);
  if (!wrong)
    return { value: [...new Set(each.flatMap(({ found }) => found.map(({ value }) => value)))].join(',') };
  const unknown = wrong.found.length === 0 ? `I do not know “${oneLine(wrong.said)}”. ` : '';
  return { problem: `${unknown}${misread(options, wrong.said, wrong.found)}`, again: typed };
}

/** What words were taken for; nothing where they say all of it, or are numbers. */
function inFull(field: Field, said: string, value?: string): string {
  if (field.kind === 'text' || !value || /^[\d\s,-]*$/.test(said)) return '';
  const shown = field.kind === 'date' ? FULL.format(Date.parse(value)) : shownValue({ ...field, value });
  return oneLine(shown).toLowerCase() === said.toLowerCase() ? '' : `That is ${oneLine(shown)}.`;
}

const FULL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' });

/** Errors that belong to no field still have to be read. */
const strayErrors = ({ fields, errors = {} }: Form, look: Look): string[] =>
  Object.entries(errors)
    .filter(([id]) => !fields.some((field) => field.id === id))
    .flatMap(([, message]) => wrap(clean(message), look.width));
