/** Replies as modal views, and what a view remembers until it is submitted. */
import type { types } from '@slack/bolt';
import { z } from 'zod';
import { unsaid } from '../bot/unsaid.ts';
import { clean } from '../pipeline/text.ts';
import { VERB_SHAPE } from '../pipeline/verbs.ts';
import { type Field, type Form, type Option, type Reply, SOURCES } from '../views/view.ts';
import { MAX } from './block-kit.ts';
import { actions, type Block, context, keysOf, MAX_SECTION, plain, section } from './blocks.ts';
import { fromJson } from './button.ts';
import { toBlocks } from './render.ts';
import { line, prose, shorten } from './text.ts';

/** Where the form was asked for: its answer goes back there. */
const originSchema = z.object({
  /** response_url, and until when it lives (epoch ms). */
  url: z.string(),
  until: z.number(),
  /** Whether the answer takes the place of the message (it had the button) or stands below it (it was typed). */
  inPlace: z.boolean(),
  /** The message itself, where Slack keeps it (ephemeral ones have no address). */
  ts: z.string().optional(),
});
export type Origin = z.infer<typeof originSchema>;

/**
 * c conversation, o origin; of the form: v verb, i input, m longest answers (code points, by field), s where the options of
 * a field come from while somebody types, k its own key.
 */
const memorySchema = z.object({
  c: z.string(),
  o: originSchema.optional(),
  v: z.string().max(40).regex(VERB_SHAPE).optional(),
  i: z.record(z.string(), z.string()).optional(),
  m: z.record(z.string(), z.number()).optional(),
  s: z.record(z.string(), z.enum(SOURCES)).optional(),
  k: z.string().max(40).optional(),
});
export type Memory = z.infer<typeof memorySchema>;

/** Undefined when it is not ours. */
export const fromMetadata = (text: string | undefined): Memory | undefined =>
  memorySchema.safeParse(fromJson(text)).data;

/**
 * A form asks; anything else is shown with a button to close it. `key`: random for each drawing. `texts`: what was written in
 * the form whose place it takes, and was not taken.
 */
export function toModal(
  reply: Reply,
  key: string,
  memory: Pick<Memory, 'c' | 'o'>,
  texts: readonly string[] = [],
): types.ModalView {
  const kept = unsaid(reply, texts).flatMap(written);
  if (reply.kind === 'form') return formView(reply, key, memory, kept);
  return {
    type: 'modal',
    callback_id: 'reply',
    title: plain('ace-desk'),
    close: plain('Close'),
    private_metadata: toMetadata(memory),
    blocks: [...toBlocks(reply, keysOf(key), MAX.viewBlocks - kept.length), ...kept],
  };
}

/** Whole, so that it can be copied: a section takes 2900 UTF-16 units, a character has at most two. */
const written = (text: string): Block[] =>
  (text.match(/.{1,1400}/gsu) ?? []).map((part, at) => section(at === 0 ? `You wrote:\n${part}` : part));

/** A view keeps its id when another form takes its place: the key tells their acts apart. */
const formView = (
  form: Form,
  key: string,
  memory: Pick<Memory, 'c' | 'o'>,
  kept: readonly Block[],
): types.ModalView => ({
  type: 'modal',
  callback_id: 'form',
  title: plain(line(form.title, MAX.modalTitle)),
  submit: plain(line(form.submit, MAX.modalTitle)),
  close: plain('Cancel'),
  private_metadata: toMetadata({
    ...memory,
    ...{ v: form.verb, i: form.input, m: longest(form), ...sourcesOf(form), k: key },
  }),
  blocks: [
    ...introBlocks(form.intro ?? []),
    ...unplacedErrors(form).map((it) => section(`⚠️ ${it}`)),
    ...kept,
    ...form.fields.flatMap((field) => fieldBlocks(field, form.errors?.[field.id])),
    ...actions((form.others ?? []).slice(0, MOST_OTHERS), [], keysOf(key), 'form', { about: form.title }),
  ],
});

/** The way back is given up before the form is: without it the answer is shown in the view itself. */
function toMetadata(memory: Memory): string {
  const whole = JSON.stringify(memory);
  const { o: _, ...rest } = memory;
  return whole.length <= MAX.metadata ? whole : JSON.stringify(rest);
}

const longest = (form: Form): Record<string, number> =>
  Object.fromEntries(form.fields.flatMap((it) => (it.kind === 'text' ? [[it.id, it.maxLength]] : [])));

/** Of the fields that ask us while somebody types. */
function sourcesOf({ fields }: Form): Pick<Memory, 's'> {
  const sources = fields.flatMap((it) => (isLong(it) && it.source ? [[it.id, it.source]] : []));
  return sources.length > 0 ? { s: Object.fromEntries(sources) } : {};
}

const unplacedErrors = (form: Form): string[] =>
  Object.entries(form.errors ?? {})
    .filter(([id]) => form.fields.every((field) => field.id !== id))
    .map(([, error]) => error);

/** The first line stands alone, the others together, none of them cut off: what one section cannot take, the next does. */
function introBlocks([first, ...others]: readonly string[]): Block[] {
  const texts: string[] = [];
  for (const other of others.map((it) => prose(it, MAX_SECTION))) {
    const last = texts.at(-1);
    if (last === undefined || last.length + 1 + other.length > MAX_SECTION) texts.push(other);
    else texts[texts.length - 1] = `${last}\n${other}`;
  }
  return (first === undefined ? [] : [first, ...texts]).slice(0, MOST_SECTIONS).map(section);
}

const MOST_SECTIONS = 20;
const MOST_OTHERS = 3;

/** The same block_id and action_id keep what was typed when the view is updated. */
const fieldBlocks = (field: Field, error?: string): Block[] => [
  {
    type: 'input',
    block_id: field.id,
    label: plain(line(labelOf(field), 2000)),
    ...(field.hint ? { hint: plain(prose(field.hint, 2000)) } : {}),
    optional: field.optional ?? false,
    element: elementOf(field),
  },
  ...(error ? [context(`⚠️ ${error}`)] : []),
];

// Slack shows no counter beside a text input; of a line nobody comes near the limit.
const labelOf = (field: Field): string =>
  field.kind === 'text' && field.multiline
    ? `${field.label} (up to ${field.maxLength} characters)`
    : field.label;

type Element =
  | types.PlainTextInput
  | types.StaticSelect
  | types.MultiStaticSelect
  | types.ExternalSelect
  | types.MultiExternalSelect
  | types.Datepicker;

function elementOf(field: Field): Element {
  switch (field.kind) {
    case 'text': {
      // Slack may count an emoji twice; the exact length is checked on submit, in code points.
      const most = Math.min(field.maxLength * 2, MAX.inputLength);
      return {
        type: 'plain_text_input',
        action_id: 'answer',
        max_length: most,
        multiline: field.multiline ?? false,
        ...(field.value ? { initial_value: shorten(clean(field.value), most) } : {}),
      };
    }
    case 'choice':
      return choice(field);
    case 'choices':
      return choices(field);
    case 'date':
      return {
        type: 'datepicker',
        action_id: 'answer',
        ...(/^\d{4}-\d\d-\d\d$/.test(field.value ?? '') ? { initial_date: field.value } : {}),
      };
    default:
      return unknownKind(field);
  }
}

type Asks<Kind> = Extract<Field, { kind: Kind }>;
type Options = Pick<types.StaticSelect, 'options' | 'option_groups'>;

/** More options than a select takes, and a source to ask: Slack asks us (options.ts) from the first moment on. */
const isLong = (field: Field): field is Asks<'choice' | 'choices'> =>
  (field.kind === 'choice' || field.kind === 'choices') &&
  field.source !== undefined &&
  field.options.length > MAX.options;

const asking = { action_id: 'answer', min_query_length: 0, placeholder: plain('Type a part of the name') };

function choice(field: Asks<'choice'>): types.StaticSelect | types.ExternalSelect {
  const chosen = field.options.find((it) => it.value === field.value);
  const first = chosen ? { initial_option: toChoice(chosen) } : {};
  if (isLong(field)) return { type: 'external_select', ...asking, ...first };
  return { type: 'static_select', action_id: 'answer', ...grouped(field), ...first };
}

function choices(field: Asks<'choices'>): types.MultiStaticSelect | types.MultiExternalSelect {
  const values = (field.value ?? '').split(',');
  const chosen = field.options.filter((it) => values.includes(it.value)).map(toChoice);
  const first = chosen.length > 0 ? { initial_options: chosen } : {};
  if (isLong(field)) return { type: 'multi_external_select', ...asking, ...first };
  return { type: 'multi_static_select', action_id: 'answer', ...grouped(field), ...first };
}

/** A line of a select; what Slack cannot show whole ends with …. */
export const toChoice = ({ label, value }: Option): types.PlainTextOption => ({
  text: plain(line(label, 75)),
  value,
});

/** A select takes 100 options; more stand in groups, named by the numbers they hold. */
function grouped(field: Asks<'choice' | 'choices'>): Options {
  const options = field.options.map(toChoice);
  if (options.length <= MAX.options) return { options };
  const starts = Array.from({ length: Math.ceil(options.length / MAX.options) }, (_, at) => at * MAX.options);
  return {
    option_groups: starts.map((start) => ({
      label: plain(`${start + 1}–${Math.min(start + MAX.options, options.length)}`),
      options: options.slice(start, start + MAX.options),
    })),
  };
}

const unknownKind = (field: never): never => {
  throw new Error(`No way to ask ${JSON.stringify(Object.keys(field))}`);
};
