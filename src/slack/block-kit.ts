/** Slack's limits as data (docs.slack.dev, Block Kit reference). */

/** What Slack takes at most; where only excerpts say so, the stricter figure. */
export const MAX = {
  messageBlocks: 50,
  viewBlocks: 100,
  /** Over all blocks of one message: msg_blocks_too_long (bolt-js#2509). */
  messageText: 13_200,
  viewBytes: 250_000,
  /** chat.update takes no more; chat.postMessage would. */
  text: 4000,
  header: 150,
  section: 3000,
  button: 75,
  buttonValue: 2000,
  optionValue: 75,
  overflowOptions: 5,
  options: 100,
  actions: 25,
  modalTitle: 24,
  metadata: 3000,
  /** Of a message, as JSON; Slack names no figure (metadata_too_large), ours are ids only. */
  messageMetadata: 3000,
  inputLength: 3000,
} as const;

export type Range = readonly [path: string, most: number, least?: number];

/** Lengths of texts, by the type of what holds them. */
export const TEXTS: Record<string, readonly Range[]> = {
  header: [['text.text', MAX.header, 1]],
  section: [['text.text', MAX.section, 1]],
  field: [['text', 2000, 1]],
  input: [
    ['label.text', 2000, 1],
    ['hint.text', 2000, 1],
  ],
  button: [
    ['text.text', MAX.button, 1],
    ['value', MAX.buttonValue, 1],
    ['url', 3000, 1],
    ['accessibility_label', MAX.button, 1],
  ],
  option: [
    ['text.text', 75, 1],
    ['value', MAX.optionValue, 1],
    ['description.text', 75, 1],
  ],
  option_group: [['label.text', 75, 1]],
  confirm: [
    ['title.text', 100, 1],
    ['text.text', 300, 1],
    ['confirm.text', 30, 1],
    ['deny.text', 30, 1],
  ],
  plain_text: [['text', 3000, 1]],
  mrkdwn: [['text', 3000, 1]],
  text: [['text', 3000, 1]],
  image: [
    ['alt_text', 2000, 1],
    ['title.text', 2000, 1],
  ],
  static_select: [['placeholder.text', 150, 1]],
  multi_static_select: [['placeholder.text', 150, 1]],
  external_select: [['placeholder.text', 150, 1]],
  multi_external_select: [['placeholder.text', 150, 1]],
  plain_text_input: [
    ['placeholder.text', 150, 1],
    ['initial_value', MAX.inputLength],
  ],
  datepicker: [['placeholder.text', 150, 1]],
  modal: [
    ['title.text', MAX.modalTitle, 1],
    ['submit.text', MAX.modalTitle, 1],
    ['close.text', MAX.modalTitle, 1],
    ['private_metadata', MAX.metadata],
    ['callback_id', 255, 1],
    ['external_id', 255, 1],
  ],
  home: [
    ['private_metadata', MAX.metadata],
    ['callback_id', 255, 1],
    ['external_id', 255, 1],
  ],
};

/** How many children, by the type of their parent. */
export const COUNTS: Record<string, readonly Range[]> = {
  section: [['fields', 10, 1]],
  context: [['elements', 10, 1]],
  actions: [['elements', MAX.actions, 1]],
  rich_text: [['elements', 100, 1]],
  static_select: [
    ['options', MAX.options, 1],
    ['option_groups', 100, 1],
  ],
  multi_static_select: [
    ['options', MAX.options, 1],
    ['option_groups', 100, 1],
    ['initial_options', MAX.options, 1],
  ],
  multi_external_select: [['initial_options', MAX.options, 1]],
  option_group: [['options', MAX.options, 1]],
  overflow: [['options', MAX.overflowOptions, 1]],
};

/** Parts of Block Kit that carry no type of their own (or another one), by the key they stand under. */
export const PARTS: Record<string, string> = {
  options: 'option',
  option_groups: 'option_group',
  confirm: 'confirm',
  fields: 'field',
  initial_option: 'option',
  initial_options: 'option',
};

/**
 * The kinds of block we send: the classic ones, which every Slack client shows. A newer kind (table, card, chart, …) is not
 * one of them: it needs a capability flag and a way back to these before it may be added here.
 */
export const BLOCKS = ['header', 'section', 'context', 'actions', 'divider', 'image', 'input', 'rich_text'];

/** What may stand in them, by the block and the key it stands under. */
export const ELEMENTS: Record<string, Record<string, readonly string[]>> = {
  section: { accessory: ['button', 'overflow'] },
  context: { elements: ['plain_text', 'mrkdwn'] },
  actions: { elements: ['button', 'overflow'] },
  input: {
    element: [
      'plain_text_input',
      'static_select',
      'multi_static_select',
      'external_select',
      'multi_external_select',
      'datepicker',
    ],
  },
  rich_text: { elements: ['rich_text_section'] },
  rich_text_section: { elements: ['text'] },
};
