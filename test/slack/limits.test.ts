import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { BLOCKS, ELEMENTS } from '../../src/slack/block-kit.ts';
import { limitErrors } from '../../src/slack/limits.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const section = (more: object = {}) => ({ type: 'section', text: plain('x'), ...more });
const button = (more: object = {}) => ({
  type: 'button',
  action_id: 'a',
  text: plain('Go'),
  value: 'v',
  ...more,
});
const image = (more: object = {}) => ({
  ...{ type: 'image', alt_text: 'x', slack_file: { id: 'F00000001' }, ...more },
});
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (value = 'v', text = 'x') => ({ text: plain(text), value });
const input = (element: object, more: object = {}) => ({
  type: 'input',
  label: plain('L'),
  element,
  ...more,
});
const field = { type: 'plain_text_input', action_id: 'answer' };
const modal = (more: object = {}) => ({ type: 'modal', title: plain('T'), blocks: [section()], ...more });
const many = (count: number, it: (index: number) => object) =>
  Array.from({ length: count }, (_, index) => it(index));

/** Kinds that came after the classic ones (Slack docs, Block Kit reference and changelog): older clients show nothing. */
const NEWER = [
  'table',
  'data_table',
  'data_visualization',
  'card',
  'carousel',
  'markdown',
  'video',
  'context_actions',
  'task_card',
  'plan',
];

describe('the limit checker', () => {
  test('passes a message and a form within every limit, up to the last character', () => {
    const blocks = [
      { type: 'header', text: plain('h'.repeat(150)) },
      section({ text: plain('s'.repeat(3000)), accessory: button({ value: 'v'.repeat(2000) }) }),
      { type: 'context', elements: many(10, () => plain('x')) },
      actions(...many(25, (index) => button({ action_id: `a${index}` }))),
      { type: 'divider' },
      image({ alt_text: 'x'.repeat(2000), title: plain('x'.repeat(2000)) }),
      ...many(44, () => section()),
    ];
    expect(limitErrors({ text: 't'.repeat(4000), blocks })).toEqual([]);
    const form = modal({
      title: plain('t'.repeat(24)),
      submit: plain('Save'),
      private_metadata: 'm'.repeat(3000),
      blocks: [
        input({ ...field, max_length: 255, initial_value: 'x'.repeat(255) }, { block_id: 'nextStep' }),
      ],
    });
    expect(limitErrors({ view: form })).toEqual([]);
  });

  const messages: [string, object[]][] = [
    ['more than 50 blocks', many(51, () => section())],
    ['an empty plain text', [section({ text: plain('') })]],
    ['a section over 3000', [section({ text: plain('x'.repeat(3001)) })]],
    ['a section without text', [{ type: 'section' }]],
    ['a header over 150', [{ type: 'header', text: plain('x'.repeat(151)) }]],
    ['eleven fields', [{ type: 'section', fields: many(11, () => plain('x')) }]],
    ['a field over 2000', [{ type: 'section', fields: [plain('x'.repeat(2001))] }]],
    ['eleven context elements', [{ type: 'context', elements: many(11, () => plain('x')) }]],
    ['26 actions', [actions(...many(26, (index) => button({ action_id: `a${index}` })))]],
    ['a button label over 75', [actions(button({ text: plain('x'.repeat(76)) }))]],
    ['a button value over 2000', [actions(button({ value: 'x'.repeat(2001) }))]],
    ['a button address over 3000', [actions(button({ url: 'x'.repeat(3001) }))]],
    ['an accessibility label over 75', [actions(button({ accessibility_label: 'x'.repeat(76) }))]],
    ['an unknown button style', [actions(button({ style: 'loud' }))]],
    [
      'two primary buttons',
      [actions(button({ style: 'primary' }), button({ action_id: 'b', style: 'primary' }))],
    ],
    ['the same action_id twice in a block', [actions(button(), button())]],
    ['an action_id over 255', [actions(button({ action_id: 'x'.repeat(256) }))]],
    ['the same block_id twice', [section({ block_id: 'b' }), section({ block_id: 'b' })]],
    ['a block_id over 255', [section({ block_id: 'x'.repeat(256) })]],
    [
      'six overflow options',
      [actions({ type: 'overflow', action_id: 'o', options: many(6, () => option()) })],
    ],
    [
      'an option value over 75',
      [actions({ type: 'overflow', action_id: 'o', options: [option('x'.repeat(76))] })],
    ],
    [
      'an option text over 75',
      [actions({ type: 'overflow', action_id: 'o', options: [option('v', 'x'.repeat(76))] })],
    ],
    ['a confirm title over 100', [actions(button({ confirm: { title: plain('x'.repeat(101)) } }))]],
    ['a confirm text over 300', [actions(button({ confirm: { text: plain('x'.repeat(301)) } }))]],
    ['a confirm button over 30', [actions(button({ confirm: { confirm: plain('x'.repeat(31)) } }))]],
    ['an unescaped & in mrkdwn', [section({ text: { type: 'mrkdwn', text: 'AT&T' } })]],
    ['an unescaped < in mrkdwn', [section({ text: { type: 'mrkdwn', text: '<!channel>' } })]],
    ['an input outside a view', [input(field)]],
    ['an image from an address', [image({ slack_file: undefined, image_url: 'https://a.example/x.png' })]],
    ['an image of no file', [image({ slack_file: { id: 'x' } })]],
    ['an image with an address beside its file', [image({ image_url: 'https://a.example/x.png' })]],
    ['an image without words', [image({ alt_text: undefined })]],
    ['words of an image over 2000', [image({ alt_text: 'x'.repeat(2001) })]],
    ['a block we do not know', [{ type: 'marquee' }]],
    ['an element we do not know', [actions({ type: 'rich_text_input', action_id: 'a' })]],
    [
      'an accessory we do not know',
      [section({ accessory: { type: 'image', image_url: 'x', alt_text: 'x' } })],
    ],
    ['more text than a message holds', many(5, () => section({ text: plain('x'.repeat(2700)) }))],
  ];
  test.each(messages)('finds %s in a message', (_, blocks) => {
    expect(limitErrors({ text: 't', blocks })).toHaveLength(1);
  });

  const views: [string, unknown][] = [
    ['neither a modal nor a home', { type: 'workflow_step', blocks: [] }],
    ['a title over 24', modal({ title: plain('x'.repeat(25)) })],
    ['no title', modal({ title: undefined })],
    ['a submit over 24', modal({ submit: plain('x'.repeat(25)) })],
    ['metadata over 3000', modal({ private_metadata: 'x'.repeat(3001) })],
    ['a callback_id over 255', modal({ callback_id: 'x'.repeat(256) })],
    ['101 blocks', modal({ blocks: many(101, () => section()) })],
    ['inputs without a submit', modal({ blocks: [input(field)] })],
    [
      'a label over 2000',
      modal({ submit: plain('S'), blocks: [input(field, { label: plain('x'.repeat(2001)) })] }),
    ],
    [
      'a hint over 2000',
      modal({ submit: plain('S'), blocks: [input(field, { hint: plain('x'.repeat(2001)) })] }),
    ],
    [
      'a max_length over 3000',
      modal({ submit: plain('S'), blocks: [input({ ...field, max_length: 3001 })] }),
    ],
    [
      'an initial value over max_length',
      modal({ submit: plain('S'), blocks: [input({ ...field, max_length: 2, initial_value: 'abc' })] }),
    ],
    [
      'a select of 101',
      modal({
        submit: plain('S'),
        blocks: [input({ type: 'static_select', options: many(101, () => option()) })],
      }),
    ],
    [
      'an initial option that is none',
      modal({
        submit: plain('S'),
        blocks: [input({ type: 'static_select', options: [option('a')], initial_option: option('b') })],
      }),
    ],
    [
      'chosen options of which one is none',
      modal({
        submit: plain('S'),
        blocks: [
          input({
            type: 'multi_static_select',
            options: [option('a')],
            initial_options: [option('a'), option('b')],
          }),
        ],
      }),
    ],
    [
      'a date that is none',
      modal({ submit: plain('S'), blocks: [input({ type: 'datepicker', initial_date: 'Friday' })] }),
    ],
  ];
  const external = (more: object) =>
    modal({
      submit: plain('S'),
      blocks: [input({ type: 'multi_external_select', action_id: 'a', ...more })],
    });
  views.push(
    ['a placeholder over 150', external({ placeholder: plain('x'.repeat(151)) })],
    ['101 chosen at first', external({ initial_options: many(101, (nth) => option(`v${nth}`)) })],
    ['no one chosen at first', external({ initial_options: [] })],
    ['a chosen text over 75', external({ initial_options: [option('v', 'x'.repeat(76))] })],
    ['less than nothing typed', external({ min_query_length: -1 })],
    ['an element an input does not take', modal({ submit: plain('S'), blocks: [input(button())] })],
    ['101 blocks in a home', { type: 'home', blocks: many(101, () => section()) }],
    ['a home’s metadata over 3000', { type: 'home', blocks: [], private_metadata: 'x'.repeat(3001) }],
    [
      'a home over 250 kB',
      { type: 'home', blocks: many(90, () => section({ text: plain('x'.repeat(2990)) })) },
    ],
  );
  test.each(views)('finds %s in a view', (_, view) => {
    expect(limitErrors({ view })).toHaveLength(1);
  });

  test('finds a view over 250 kB', () => {
    const view = modal({ blocks: many(90, () => section({ text: plain('x'.repeat(2990)) })) });
    expect(limitErrors({ view })).toEqual(['/view: too large']);
  });

  test('passes a home, a select that asks while somebody types, links, metadata and options within every limit', () => {
    const home = { type: 'home', blocks: many(100, () => section()), private_metadata: 'm'.repeat(3000) };
    expect(limitErrors({ view: home })).toEqual([]);
    const chosen = { initial_options: many(100, (nth) => option(`v${nth}`)), min_query_length: 0 };
    expect(limitErrors({ view: external({ ...chosen, placeholder: plain('x'.repeat(150)) }) })).toEqual([]);
    expect(limitErrors({ unfurls: { 'https://a.example/o/1': { blocks: [section()] } } })).toEqual([]);
    const metadata = { event_type: 'card_posted', event_payload: { key: 'k' } };
    expect(limitErrors({ text: 't', blocks: [], metadata })).toEqual([]);
    expect(limitErrors({ options: [] })).toEqual([]);
    expect(limitErrors({ options: many(100, (nth) => option(`v${nth}`, 'x'.repeat(75))) })).toEqual([]);
  });

  const others: [string, object][] = [
    ['a link with 51 blocks', { unfurls: { u: { blocks: many(51, () => section()) } } }],
    ['a link that asks', { unfurls: { u: { blocks: [input(field)] } } }],
    ['a link without blocks', { unfurls: { u: {} } }],
    ['links that are none', { unfurls: [] }],
    ['metadata without a payload', { text: 't', metadata: { event_type: 'x' } }],
    ['metadata without a readable name', { text: 't', metadata: { event_type: 'a b', event_payload: {} } }],
    [
      'metadata over 3000 bytes',
      { text: 't', metadata: { event_type: 'x', event_payload: { a: 'ä'.repeat(1500) } } },
    ],
    ['101 options', { options: many(101, (nth) => option(`v${nth}`)) }],
    ['an option value over 75 that answers', { options: [option('x'.repeat(76))] }],
    ['an empty option', { options: [option('v', '')] }],
    ['an option without a value', { options: [{ text: plain('x') }] }],
  ];
  test.each(others)('finds %s', (_, payload) => {
    expect(limitErrors(payload)).toHaveLength(1);
  });

  test('a path never names the link it is about', () => {
    const unfurls = { 'https://a.example/o/secret': { blocks: [section({ text: plain('') })] } };
    const errors = limitErrors({ unfurls });
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expect(error).toMatch(/^\/unfurls\/0\/blocks\/0\/text[/a-z]*: empty$/);
  });

  test.each([
    ['missing', undefined],
    ['empty', ' '],
    ['over 4000', 'x'.repeat(4001)],
    ['unescaped', 'a <!here>'],
  ])('wants a fallback text that is not %s', (_, text) => {
    expect(limitErrors({ text, blocks: [] })).toHaveLength(1);
  });

  test('never repeats what was said', () => {
    const blocks = [section({ text: { type: 'mrkdwn', text: `secret <${'s'.repeat(4000)}>` } })];
    expect(limitErrors({ text: 'secret <', blocks }).join()).not.toContain('secret');
  });
});

describe('new kinds of block', () => {
  test('are none: every client shows what we send. Whoever adds one adds a capability flag and a way back first', () => {
    expect(BLOCKS).toEqual([
      'header',
      'section',
      'context',
      'actions',
      'divider',
      'image',
      'input',
      'rich_text',
    ]);
    const elements = new Set(Object.values(ELEMENTS).flatMap((it) => Object.values(it).flat()));
    for (const kind of NEWER) expect([...BLOCKS, ...elements]).not.toContain(kind);
  });

  test.each(NEWER)('%s is refused before it is sent', (type) => {
    expect(limitErrors({ text: 't', blocks: [{ type }] })).toEqual(['/blocks/0: not a block we know']);
    expect(limitErrors({ view: { type: 'home', blocks: [{ type }] } })).toEqual([
      '/view/blocks/0: not a block we know',
    ]);
    expect(limitErrors({ unfurls: { u: { blocks: [{ type }] } } })).toEqual([
      '/unfurls/0/blocks/0: not a block we know',
    ]);
  });

  test('every block drawn in src/slack is one of those we know', () => {
    const folder = path.join(import.meta.dirname, '../../src/slack');
    const sources = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'));
    const drawn = sources.flatMap((it) => [...it.matchAll(/\btype: '(\w+)'/g)].map(([, type]) => type));
    expect(drawn).toContain('rich_text');
    expect(drawn.filter((type) => NEWER.includes(type ?? ''))).toEqual([]);
  });
});
