/**
 * What we show, without a platform. Every text here is plain text: a renderer cleans and escapes it for its own
 * platform, so nothing a customer or a person wrote ever becomes markup.
 */
import type { Verb } from '../pipeline/verbs.ts';

/** A short labelled value. At most six on a card. */
export interface Fact {
  label: string;
  value: string;
}

/** Asks once before an act that cannot be taken back. */
export interface Confirm {
  title: string;
  text: string;
  yes: string;
  no: string;
}

/**
 * A button is an Intent waiting to be pressed. `input` is a hint (ids and the version seen): the command reloads and
 * checks again. `opens: 'form'` tells the door beforehand that the answer will be a form (Slack opens a loading view
 * before its trigger dies, Teams needs `task/fetch` in the card).
 */
export interface Button {
  verb: Verb;
  label: string;
  input: Record<string, string>;
  style?: 'primary' | 'danger';
  confirm?: Confirm;
  opens?: 'form';
  /** Only where one person alone sees it amid others, who could be shown more: in a channel. Doors leave it out elsewhere. */
  where?: 'room';
}

/** Leads to an address, and asks nothing of the house. `url`: https, or mailto for somebody to write to. */
export interface Link {
  label: string;
  url: string;
}

/** How far a deal's last wish has come; doors may show it as an icon, the words are in `text` already. */
export type Progress = 'idle' | 'working' | 'done' | 'problem';

/** One deal. `copyOf` lets `bot/deliver` keep every posted copy true. */
export interface Card {
  kind: 'card';
  title: string;
  /** One line under the title, such as "AWS referral · pending acceptance". */
  subtitle?: string;
  facts: Fact[];
  /** A longer text: business problem, AWS's remark. */
  body?: string;
  /** What is happening to it now, such as "Accepting… (Ana Silva)". */
  status?: string;
  progress: Progress;
  /** At most three, then the overflow. */
  buttons: Button[];
  more?: Button[];
  /** The deal this is a copy of, and the version it shows. */
  copyOf?: { id: string; version: number };
}

/** One line of a list: what is lost first comes first; one button. */
export interface Item {
  /** The deal, so that "2" can be said for it; absent on a line about something else. */
  id?: string;
  title: string;
  detail: string;
  button?: Button;
  /** Somebody has seen to it since it was first shown: it stays, ticked off, and `detail` says who and how. */
  done?: true;
}

/** Bars with their numbers, small enough for a phone. Whatever it shows stands in `alt` in words as well. */
export interface Picture {
  title: string;
  /** `value`: how long the bar is, not negative; `label` and `note` stand beside it. */
  bars: { label: string; value: number; note: string }[];
  alt: string;
}

export interface Section {
  title: string;
  items: Item[];
  /** How many there are in all; `capped` when counting stopped there ("100+"). */
  total: number;
  /** How many of these are still to be seen to: said beside the heading in place of all. */
  open?: number;
  capped?: boolean;
  more?: Button;
}

/** Lines of deals under headings. Doors number the items 1…n across sections, in order. */
export interface List {
  kind: 'list';
  title: string;
  /** Said first: why it came. */
  intro?: string;
  sections: Section[];
  /** Said when there is nothing to show. */
  empty: string;
  footer?: string;
  buttons?: Button[];
  /** Shown below the sections: the work comes first. */
  picture?: Picture;
  /** It stays where it stands: whatever its buttons bring stands below it, and never takes its place. */
  lasting?: true;
}

export type Field =
  | {
      id: string;
      kind: 'text';
      label: string;
      hint?: string;
      optional?: boolean;
      maxLength: number;
      multiline?: boolean;
      value?: string;
    }
  | {
      id: string;
      kind: 'choice';
      label: string;
      hint?: string;
      optional?: boolean;
      options: Option[];
      source?: Source;
      value?: string;
    }
  | {
      id: string;
      /** Any number of the options. Answer and `value`: the chosen values joined by commas; no value holds one. */
      kind: 'choices';
      label: string;
      hint?: string;
      optional?: boolean;
      options: Option[];
      source?: Source;
      value?: string;
    }
  | {
      id: string;
      kind: 'date';
      label: string;
      hint?: string;
      optional?: boolean;
      value?: string;
    };

export interface Option {
  value: string;
  label: string;
}

/**
 * Where a choice that may be long gets its options while somebody types: a door that can ask then (`Desk.options`) offers
 * what fits; any other shows `options`. people: who may become the owner of the form's deal. offerable: whom it may be
 * offered to. solutions: the partner's active ones. deals: those the person may see.
 * colleagues: everybody who is let in, but the person. invitable: of these whoever may be invited now.
 */
export const SOURCES = ['people', 'offerable', 'solutions', 'deals', 'colleagues', 'invitable'] as const;
export type Source = (typeof SOURCES)[number];

/**
 * A question. Submitting it is the same verb with `input` plus the answers by field id. `errors` stand beside their
 * field; what was typed comes back in `value`.
 */
export interface Form {
  kind: 'form';
  verb: Verb;
  title: string;
  submit: string;
  intro?: string[];
  fields: Field[];
  input: Record<string, string>;
  /** Other ways on than sending it, at most three: what was typed is not sent with them. */
  others?: Button[];
  errors?: Record<string, string>;
  /** How a line says it all at once, where there is nobody to ask (`Command.usage`); the desk adds it. */
  usage?: string;
}

/** A sentence to one person. `problem` = it did not work and here is what to do. */
export interface Note {
  kind: 'note';
  tone: 'info' | 'done' | 'problem';
  text: string;
  lines?: string[];
  buttons?: Button[];
  links?: Link[];
  /** It stands for itself: it never takes the place of the note whose button asked for it. */
  apart?: true;
}

export type Reply = Card | Form | List | Note;

export const note = (text: string, lines?: string[]): Note => ({
  kind: 'note',
  tone: 'info',
  text,
  ...(lines ? { lines } : {}),
});
export const done = (text: string, lines?: string[]): Note => ({ ...note(text, lines), tone: 'done' });
export const problem = (text: string, lines?: string[]): Note => ({ ...note(text, lines), tone: 'problem' });
