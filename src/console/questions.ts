/** A form as questions, one at a time; a confirmation as yes or no. */
import { clean, cut, length, oneLine } from '../pipeline/text.ts';
import type { Button, Confirm, Field, Form } from '../views/view.ts';
import { meant, meantByEach, misread } from './answers.ts';
import { fieldLines, formHead, type Look } from './render.ts';
import type { Screen } from './screen.ts';
import { wrap } from './width.ts';

/**
 * Asks every field, or only those that carry an error; the others keep their value. Enter keeps what is there.
 * @returns the answers by field id, the form's own input with them; the button whose words were typed instead; undefined
 * when the person leaves the form.
 */
export async function fillIn(
  form: Form,
  screen: Screen,
  look: Look,
): Promise<{ answers: Record<string, string> } | { button: Button } | undefined> {
  const answers: Record<string, string> = { ...form.input };
  const wrong = form.fields.filter(({ id }) => form.errors?.[id]);
  const asked = wrong.length > 0 ? wrong : form.fields;
  screen.print(['', ...formHead(form, look), ...strayErrors(form, look), ...leaving(form, look)].join('\n'));
  for (const field of form.fields) {
    const answer = asked.includes(field) ? await askField(field, form, screen, look) : field.value;
    if (answer === LEFT) return undefined;
    if (typeof answer === 'object') return { button: answer };
    if (answer !== undefined) answers[field.id] = answer;
  }
  if (form.fields.length === 0 && form.others) return askWay(form, answers, screen);
  return form.input.sure && !(await agreed(form, screen)) ? undefined : { answers };
}

/** What is typed in place of an answer: "stop here" for a button "Stop here". */
const wordsOf = ({ label }: Button): string =>
  oneLine(label)
    .replace(/[…. ]+$/, '')
    .toLowerCase();

const otherWay = ({ others = [] }: Form, typed: string): Button | undefined =>
  others.find(
    (it) =>
      wordsOf(it) ===
      oneLine(typed)
        .replace(/[….]+$/, '')
        .toLowerCase(),
  );

/** How a form is left, and what else its questions take. */
function leaving({ others = [], fields, submit }: Form, look: Look): string[] {
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
  screen: Screen,
): Promise<{ answers: Record<string, string> } | { button: Button } | undefined> {
  for (;;) {
    const typed = (await screen.ask(() => `${oneLine(form.submit)}: `))?.trim();
    if (typed === undefined || /^cancel$/i.test(typed)) return undefined;
    if (typed === '') return { answers };
    const button = otherWay(form, typed);
    if (button) return { button };
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

async function askField(
  field: Field,
  form: Form,
  screen: Screen,
  look: Look,
): Promise<string | undefined | Button | typeof LEFT> {
  screen.print(['', ...fieldLines(field, look, form.errors?.[field.id])].join('\n'));
  const label = cut(oneLine(field.label), 30);
  const prompt = (typed: string) =>
    field.kind === 'text' ? `${label} (${length(typed)}/${field.maxLength}): ` : `${label}: `;
  let again = '';
  for (;;) {
    const typed = await screen.ask(prompt, again);
    if (typed === undefined || /^\s*cancel\s*$/i.test(typed)) return LEFT;
    const button = otherWay(form, typed);
    if (button) return button;
    const checked = check(field, clean(typed).trim());
    if ('value' in checked) return checked.value;
    screen.print(wrap(checked.problem, look.width).join('\n'));
    again = checked.again ?? '';
  }
}

/** Only what needs no rule of the pipeline: something is there, it fits, it is one of the options, it is a day. */
function check(field: Field, typed: string): Checked {
  if (typed === '')
    return field.value || field.optional ? { value: field.value } : { problem: 'This one is needed.' };
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
    case 'date':
      return isDay(typed)
        ? { value: typed }
        : { problem: 'Write the day as year-month-day, such as 2026-01-31.' };
  }
}

/** Numbers or names, separated by commas. */
function checkMany({ options }: Extract<Field, { kind: 'choices' }>, typed: string): Checked {
  const each = meantByEach(options, typed);
  const wrong = each.find(({ found }) => found.length !== 1);
  if (!wrong)
    return { value: [...new Set(each.flatMap(({ found }) => found.map(({ value }) => value)))].join(',') };
  const unknown = wrong.found.length === 0 ? `I do not know “${oneLine(wrong.said)}”. ` : '';
  return { problem: `${unknown}${misread(options, wrong.said, wrong.found)}`, again: typed };
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** Errors that belong to no field still have to be read. */
const strayErrors = ({ fields, errors = {} }: Form, look: Look): string[] =>
  Object.entries(errors)
    .filter(([id]) => !fields.some((field) => field.id === id))
    .flatMap(([, message]) => wrap(clean(message), look.width));
