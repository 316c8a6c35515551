/**
 * A checker for whatever we send. Slack refuses a whole message for one character too many, and nothing offline tells
 * us (no emulator validates blocks), so every payload passes here first.
 */
import { BLOCKS, COUNTS, ELEMENTS, MAX, PARTS, TEXTS } from './block-kit.ts';

/**
 * What is about to be sent, one of these: a message (`text`, `blocks`, perhaps `metadata`), a `view` (a modal or a home),
 * `unfurls` (chat.unfurl: address → its blocks), the `options` that answer a select.
 */
export interface Payload {
  text?: unknown;
  blocks?: unknown;
  metadata?: unknown;
  view?: unknown;
  unfurls?: unknown;
  options?: unknown;
}

/**
 * Names every limit a payload breaks, as "path: what is wrong"; empty when Slack will take it. Never contains content.
 * Lengths are UTF-16 units, the strictest of the ways Slack is said to count (Slack docs, Block Kit reference).
 */
export function limitErrors(payload: Payload): string[] {
  return [...new Set(errorsOf(payload))];
}

function errorsOf(payload: Payload): string[] {
  if (payload.view !== undefined) return viewErrors(payload.view);
  if (payload.unfurls !== undefined) return unfurlErrors(payload.unfurls);
  if (payload.options !== undefined) return optionErrors(payload.options);
  return messageErrors(payload);
}

type Json = Record<string, unknown>;
interface Found {
  type: string;
  it: Json;
  path: string;
}

const isJson = (it: unknown): it is Json => typeof it === 'object' && it !== null && !Array.isArray(it);
const at = (it: Json, path: string): unknown =>
  path.split('.').reduce<unknown>((part, key) => (isJson(part) ? part[key] : undefined), it);

/** Every typed part of a payload, with where it stands. A confirm dialog's own `confirm` button is a plain text. */
function visit(it: unknown, path: string, found: Found[] = [], key = ''): Found[] {
  if (Array.isArray(it))
    for (const [index, child] of it.entries()) visit(child, `${path}/${index}`, found, key);
  else if (isJson(it)) {
    const part = it.type === 'plain_text' && key === 'confirm' ? undefined : PARTS[key];
    found.push({ type: part ?? (typeof it.type === 'string' ? it.type : ''), it, path });
    for (const [name, child] of Object.entries(it)) visit(child, `${path}/${name}`, found, name);
  }
  return found;
}

function messageErrors({ text, blocks = [], metadata }: Payload): string[] {
  return [...textErrors(text), ...shownErrors(blocks, '/blocks'), ...metadataErrors(metadata)];
}

/** Blocks in a conversation: of a message, or under a link. */
function shownErrors(blocks: unknown, path: string): string[] {
  const parts = visit(blocks, path);
  const letters = parts.reduce((sum, { it }) => sum + (typeof it.text === 'string' ? it.text.length : 0), 0);
  return [
    ...blockErrors(blocks, MAX.messageBlocks, path),
    ...parts.flatMap(partErrors),
    ...parts.filter((part) => part.type === 'input').map((part) => `${part.path}: input outside a view`),
    ...(letters > MAX.messageText ? [`${path}: too much text in all`] : []),
  ];
}

/** `{event_type, event_payload}`; everybody in the workspace and every app there may read it (Slack docs, Message metadata). */
function metadataErrors(metadata: unknown): string[] {
  if (metadata === undefined) return [];
  if (!isJson(metadata) || !isJson(metadata.event_payload)) return ['/metadata/event_payload: missing'];
  const isNamed = typeof metadata.event_type === 'string' && /^\w{1,255}$/.test(metadata.event_type);
  const isLarge = Buffer.byteLength(JSON.stringify(metadata)) > MAX.messageMetadata;
  return [
    ...(isNamed ? [] : ['/metadata/event_type: not letters, digits and _']),
    ...(isLarge ? ['/metadata: too large'] : []),
  ];
}

/** Paths say the how-manieth link, not which. */
function unfurlErrors(unfurls: unknown): string[] {
  if (!isJson(unfurls)) return ['/unfurls: not an object'];
  return Object.values(unfurls).flatMap((it, index) =>
    isJson(it) ? shownErrors(it.blocks, `/unfurls/${index}/blocks`) : [`/unfurls/${index}: not an object`],
  );
}

/** The answer to a block_suggestion. */
function optionErrors(options: unknown): string[] {
  if (!Array.isArray(options)) return ['/options: not a list'];
  const isOption = (it: unknown) => isJson(it) && typeof it.value === 'string' && isJson(it.text);
  return [
    ...(options.length > MAX.options ? [`/options: not 0 to ${MAX.options}`] : []),
    ...options.flatMap((it, index) => (isOption(it) ? [] : [`/options/${index}: not an option`])),
    ...visit({ options }, '').flatMap(partErrors),
  ];
}

function viewErrors(view: unknown): string[] {
  if (!isJson(view) || (view.type !== 'modal' && view.type !== 'home'))
    return ['/view: neither a modal nor a home'];
  return [
    ...(view.type === 'modal' ? modalErrors(view) : []),
    ...(Buffer.byteLength(JSON.stringify(view)) > MAX.viewBytes ? ['/view: too large'] : []),
    ...blockErrors(view.blocks, MAX.viewBlocks, '/view/blocks'),
    ...visit(view, '/view').flatMap(partErrors),
  ];
}

function modalErrors(view: Json): string[] {
  const hasInputs = visit(view.blocks, '').some((part) => part.type === 'input');
  return [
    ...(isJson(view.title) ? [] : ['/view/title: missing']),
    ...(hasInputs && view.submit === undefined ? ['/view/submit: missing though there are inputs'] : []),
  ];
}

function blockErrors(blocks: unknown, most: number, path: string): string[] {
  if (!Array.isArray(blocks)) return [`${path}: not a list`];
  const ids = blocks.flatMap((block) =>
    isJson(block) && block.block_id !== undefined ? [block.block_id] : [],
  );
  return [
    ...(blocks.length > most ? [`${path}: more than ${most} blocks`] : []),
    ...(new Set(ids).size < ids.length ? [`${path}: the same block_id twice`] : []),
    ...blocks.flatMap((block, index) =>
      isJson(block) && BLOCKS.includes(String(block.type)) ? [] : [`${path}/${index}: not a block we know`],
    ),
    ...blocks.flatMap((block, index) => actionErrors(block, `${path}/${index}`)),
    ...blocks.flatMap((block, index) => imageErrors(block, `${path}/${index}`)),
  ];
}

/** A picture is a file of the workspace, never fetched from an address; blind people are told what it shows. */
function imageErrors(block: unknown, path: string): string[] {
  if (!isJson(block) || block.type !== 'image') return [];
  const isFile = isJson(block.slack_file) && /^F[A-Z0-9]{8,}$/.test(String(block.slack_file.id));
  return [
    ...(isFile && block.image_url === undefined ? [] : [`${path}/slack_file: not a file`]),
    ...(typeof block.alt_text === 'string' ? [] : [`${path}/alt_text: missing`]),
  ];
}

/** Within one block: action_ids are unique, and at most one button is primary. */
function actionErrors(block: unknown, path: string): string[] {
  const parts = visit(block, path).map((found) => found.it);
  const ids = parts.flatMap((it) => (typeof it.action_id === 'string' ? [it.action_id] : []));
  return [
    ...(new Set(ids).size < ids.length ? [`${path}: the same action_id twice`] : []),
    ...(parts.filter((it) => it.style === 'primary').length > 1 ? [`${path}: two primary buttons`] : []),
  ];
}

function partErrors({ type, it, path }: Found): string[] {
  const wrong = (name: string, what: string) => `${path}/${name.replaceAll('.', '/')}: ${what}`;
  const ids = ['block_id', 'action_id'].filter(
    (name) => typeof it[name] === 'string' && it[name].length > 255,
  );
  return [
    ...(TEXTS[type] ?? []).flatMap(([name, most, least = 0]) => {
      const text = at(it, name);
      if (typeof text !== 'string') return [];
      if (text.length < least) return [wrong(name, 'empty')];
      return text.length > most ? [wrong(name, `longer than ${most}`)] : [];
    }),
    ...(COUNTS[type] ?? []).flatMap(([name, most, least = 0]) => {
      const list = at(it, name);
      if (!Array.isArray(list)) return [];
      return list.length > most || list.length < least ? [wrong(name, `not ${least} to ${most}`)] : [];
    }),
    ...ids.map((name) => wrong(name, 'longer than 255')),
    ...(type === 'mrkdwn' && isUnescaped(it.text) ? [wrong('text', 'unescaped & < >')] : []),
    ...(type === 'section' && !it.text && !it.fields ? [wrong('text', 'missing')] : []),
    ...Object.entries(ELEMENTS[type] ?? {}).flatMap(([name, kinds]) =>
      childrenOf(it[name]).some((child) => !kinds.includes(String(child.type)))
        ? [wrong(name, 'not an element we know')]
        : [],
    ),
    ...elementErrors(type, it, wrong),
  ];
}

const childrenOf = (it: unknown): Json[] => (Array.isArray(it) ? it : [it]).filter(isJson);

/** What a form's elements may start with. */
function elementErrors(type: string, it: Json, wrong: (name: string, what: string) => string): string[] {
  if (type === 'button' && it.style !== undefined && it.style !== 'primary' && it.style !== 'danger') {
    return [wrong('style', 'unknown')];
  }
  if (
    type === 'datepicker' &&
    it.initial_date !== undefined &&
    !/^\d{4}-\d\d-\d\d$/.test(String(it.initial_date))
  ) {
    return [wrong('initial_date', 'not YYYY-MM-DD')];
  }
  if (type === 'plain_text_input') {
    const most = Number(it.max_length ?? MAX.inputLength);
    if (!(most >= 1 && most <= MAX.inputLength)) return [wrong('max_length', `not 1 to ${MAX.inputLength}`)];
    if (String(it.initial_value ?? '').length > most)
      return [wrong('initial_value', 'longer than max_length')];
  }
  if (type === 'static_select' && it.initial_option !== undefined && !areOptions(it, [it.initial_option]))
    return [wrong('initial_option', 'not an option')];
  if (
    type === 'multi_static_select' &&
    Array.isArray(it.initial_options) &&
    !areOptions(it, it.initial_options)
  )
    return [wrong('initial_options', 'not options')];
  const least = it.min_query_length;
  if (
    type.endsWith('external_select') &&
    least !== undefined &&
    !(Number.isInteger(least) && Number(least) >= 0)
  )
    return [wrong('min_query_length', 'not a number from 0')];
  return [];
}

/** Slack compares them whole, text and value. */
function areOptions({ options, option_groups }: Json, chosen: unknown[]): boolean {
  const all = visit({ options, option_groups }, '')
    .filter(({ type }) => type === 'option')
    .map(({ it }) => JSON.stringify(it));
  return chosen.every((it) => all.includes(JSON.stringify(it)));
}

function textErrors(text: unknown): string[] {
  if (typeof text !== 'string' || text.trim() === '') return ['/text: missing'];
  return [
    ...(text.length > MAX.text ? [`/text: longer than ${MAX.text}`] : []),
    ...(isUnescaped(text) ? ['/text: unescaped & < >'] : []),
  ];
}

const isUnescaped = (text: unknown): boolean => /[<>]|&(?!(?:amp|lt|gt);)/.test(String(text));
