/** What Slack would show of a payload, as HTML: the kinds of block we send, and no others. */
import { isJson, type Json } from '../support/slack-screen.ts';
import { STYLE } from './style.ts';

/** One thing on a screen. */
export interface Shot {
  as: 'home' | 'modal' | 'message' | 'unfurl';
  shown: Json;
  /** Who said a message; absent: ace-desk. */
  by?: string;
  private?: boolean;
  thread?: boolean;
  /** Only what is seen of it without scrolling. */
  folded?: boolean;
  /** Of pictures on it: PNG in base64, by the id of the file. */
  files?: Record<string, string>;
  /** Of a form, by block_id: what stands beside its fields, and what was typed into them. */
  errors?: Record<string, string>;
  typed?: Record<string, string>;
}

/** A page; `where`: desk or phone. */
export const toHtml = (shots: readonly Shot[], where: string): string =>
  `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><body class="${where}">${shots
    .map((shot) => `<div class="${classOf(shot)}">${FRAMES[shot.as](shot)}</div>`)
    .join('')}`;

const classOf = (shot: Shot): string =>
  [shot.as, shot.private && 'private', shot.thread && 'thread', shot.folded && 'folded']
    .filter(Boolean)
    .join(' ');

const FRAMES: Record<Shot['as'], (shot: Shot) => string> = {
  home: ({ shown }) => blocks(shown.blocks),
  unfurl: ({ shown }) => blocks(shown.blocks),
  message: ({ shown, by = 'ace-desk', ...it }) =>
    `${it.private ? '<small>👁 Only visible to you</small>' : ''}<div class="who"><i>${by.slice(0, 1)}</i><b>${by}</b></div>${
      list(shown.blocks).length > 0 ? blocks(shown.blocks, it) : `<div>${mrkdwn(String(shown.text))}</div>`
    }`,
  modal: ({ shown, ...known }) =>
    `<div class="top">${text(shown.title)}<span>✕</span></div>${blocks(shown.blocks, known)}<div class="end">${[
      ['', shown.close],
      ['primary', shown.submit],
    ]
      .map(([style, it]) => (it ? `<span class="button ${style}">${text(it)}</span>` : ''))
      .join('')}</div>`,
};

function blocks(
  it: unknown,
  { errors = {}, typed = {}, files = {} }: Pick<Shot, 'errors' | 'typed' | 'files'> = {},
): string {
  const drawn = list(it).map((block) => {
    const id = String(block.block_id);
    const said = typed[id] === undefined ? {} : { initial_value: typed[id] };
    const element = isJson(block.element) ? { element: { ...block.element, ...said } } : {};
    return draw(BLOCKS, { ...block, ...element, error: errors[id], png: files[fileOf(block)] });
  });
  return drawn.join('');
}

const fileOf = ({ slack_file }: Json): string => (isJson(slack_file) ? String(slack_file.id) : '');

type Kinds = Record<string, (it: Json) => string>;

/** @throws for a kind that nobody taught us to draw. */
function draw(kinds: Kinds, it: unknown): string {
  const how = isJson(it) && kinds[String(it.type)];
  if (!how) throw new Error(`No way to draw ${JSON.stringify(it)}`);
  return how(it);
}

const each = (it: unknown, one: (part: Json) => string): string => list(it).map(one).join('');
const element = (it: unknown): string => (it === undefined ? '' : draw(ELEMENTS, it));

const BLOCKS: Kinds = {
  header: (it) => `<h3>${text(it.text)}</h3>`,
  divider: () => '<hr>',
  image: (it) => `<div>${text(it.title)}</div><img alt="" src="data:image/png;base64,${it.png}">`,
  context: (it) => `<div class="context">${each(it.elements, text)}</div>`,
  actions: (it) => `<div class="actions">${each(it.elements, element)}</div>`,
  rich_text: (it) => each(it.elements, (line) => `<div>${each(line.elements, span)}</div>`),
  section: (it) =>
    `<div class="section"><div>${text(it.text)}<div class="fields">${each(it.fields, (field) => `<div>${text(field)}</div>`)}</div></div>${element(it.accessory)}</div>`,
  input: (it) =>
    `<div class="input ${it.error ? 'wrong' : ''}"><b>${text(it.label)}</b>${it.optional ? ' <small>(optional)</small>' : ''}${element(it.element)}<em>${escaped(it.error)}</em><small>${text(it.hint)}</small></div>`,
};

const box = (shown: string, sign = '', kind = ''): string =>
  `<div class="box ${kind}"><span>${shown}</span><u>${sign}</u></div>`;

function select(it: Json): string {
  const count = list(it.option_groups).reduce((sum, { options }) => sum + list(options).length, 0);
  const chosen = [it.initial_option, ...list(it.initial_options)].filter(isJson);
  const shown = each(chosen, (option) => `<mark>${text(option.text)}</mark> `);
  const sign = String(it.type).includes('external') ? '⌕' : `▾ ${count || list(it.options).length}`;
  return box(shown || `<u>${text(it.placeholder) || 'Choose an option'}</u>`, sign);
}

const ELEMENTS: Kinds = {
  button: (it) => `<span class="button ${it.style ?? ''}">${text(it.text)}</span>`,
  // Folded in Slack; its lines are looked at too.
  overflow: (it) =>
    `<span class="button">⋯</span><small>${list(it.options)
      .map((option) => text(option.text))
      .join(' · ')}</small>`,
  plain_text_input: (it) => box(escaped(it.initial_value), '', it.multiline ? 'many' : ''),
  datepicker: (it) => box(escaped(it.initial_value ?? it.initial_date ?? 'Select a date'), '▾'),
  static_select: select,
  multi_static_select: select,
  external_select: select,
  multi_external_select: select,
};

const span = (it: Json): string => {
  const words = it.type === 'link' ? `<a>${escaped(it.text ?? it.url)}</a>` : escaped(it.text);
  return isJson(it.style) && it.style.bold ? `<b>${words}</b>` : words;
};

/** A text object: as it stands, or as markup. */
const text = (it: unknown): string =>
  isJson(it) ? (it.type === 'mrkdwn' ? mrkdwn(String(it.text)) : escaped(it.text)) : '';

/** Comes escaped; links, mentions, bold and names of emoji are read. */
const mrkdwn = (words: string): string =>
  words
    .replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_, to: string, label?: string) => `<a>${label ?? to}</a>`)
    .replace(/(^|\s)\*([^*\n]+)\*(?!\w)/g, '$1<b>$2</b>')
    .replace(/(^|\s):([a-z0-9_+-]{2,}):/g, '$1<mark>$2</mark>')
    .replaceAll('\n', '<br>');

const escaped = (it: unknown): string =>
  String(it ?? '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('\n', '<br>');

const list = (it: unknown): Json[] => (Array.isArray(it) ? it.filter(isJson) : []);
