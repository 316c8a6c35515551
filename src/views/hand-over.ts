/** A desk goes to a colleague: who, what goes and what does not, and what came of it. */
import { count, dayIn } from '../pipeline/calendar.ts';
import { type Change, isOpen } from '../pipeline/change.ts';
import type { Deal } from '../pipeline/deal.ts';
import { MOST_AT_ONCE, STAYING, type StayingState } from '../pipeline/hand-over.ts';
import type { Person } from '../pipeline/person.ts';
import { oneLine } from '../pipeline/text.ts';
import { outcome } from './change.ts';
import { type Line, pendingItem, type Reader } from './lines.ts';
import { offButtons, typedOff } from './news.ts';
import { personName, personOptions } from './people.ts';
import { companyOf, nameOf } from './terms.ts';
import { type Button, done, type Field, type Form, type List, type Note, note, problem } from './view.ts';

/** Whose desk; `mine`: the reader's own. */
export interface DeskName {
  from: Person;
  mine: boolean;
}

const deskOf = ({ from, mine }: DeskName): string => (mine ? 'your desk' : `${personName(from)}’s desk`);

/** To whom it goes. */
export const handOverWhom = (
  desk: DeskName,
  people: readonly Person[],
  { offers, error }: { offers: number; error?: string },
): Form => ({
  kind: 'form',
  verb: 'hand-over',
  title: 'Hand over a desk',
  submit: 'Go on',
  intro: [
    `All open deals of ${deskOf(desk)} go to one colleague. What goes, and what does not, is shown before anything happens.`,
  ],
  fields: [
    {
      ...{ id: 'person', kind: 'choice', label: 'To whom', source: 'colleagues' },
      options: personOptions(people),
    },
    ...(offers > 0 ? [offersField(desk, offers)] : []),
  ],
  input: { whose: desk.from.id },
  ...(error ? { errors: { person: error } } : {}),
});

/** Of one desk several offers at once: one message. `away`: to whom they are offered, whose desk the reader covers. */
export const offersList = (
  lines: readonly Line[],
  { by, away }: { by: string; away?: string },
  reader: Reader,
): List => ({
  kind: 'list',
  title: away
    ? `${oneLine(by)} offers ${oneLine(away)}, whose desk you cover, ${count(lines.length, 'deal')}`
    : `${oneLine(by)} offers you ${count(lines.length, 'deal')}`,
  sections: [
    {
      title: 'Accept or reject them',
      items: lines.slice(0, SHOWN).map((line) => pendingItem(line, reader)),
      total: lines.length,
      ...(lines.length > SHOWN
        ? { more: { verb: 'list', label: 'All pending', input: { view: 'pending' } } }
        : {}),
    },
  ],
  empty: 'Nothing waits any more.',
  footer: typedOff(['offered']),
  buttons: offButtons(['offered']),
});

const offersField = ({ mine }: DeskName, offers: number, value?: string): Field => ({
  id: 'offers',
  kind: 'choice',
  label: 'Pending offers',
  hint: `${count(offers, 'pending referral')} ${offers === 1 ? 'is' : 'are'} offered to ${mine ? 'you' : 'them'}.`,
  optional: true,
  options: [{ value: 'yes', label: 'They go too' }],
  ...(value ? { value } : {}),
});

/** What is shown before anything happens. `rest`: what would go as well, another time. */
export interface Preflight {
  to: Person;
  moving: readonly { deal: Deal }[];
  staying: readonly { deal: Deal; why: string }[];
  rest: number;
  /** What AWS takes today is less than what would go. */
  isShort: boolean;
  offers: number;
  /** Which deals are shown. */
  shown: string;
  offersToo?: string;
}

const SHOWN = 10;

/** Asks once. */
export function handOverForm(desk: DeskName, it: Preflight): Form {
  const { to, moving, staying, rest, isShort, offers, shown, offersToo } = it;
  return {
    kind: 'form',
    verb: 'hand-over',
    title: 'Hand over a desk',
    submit: `Hand over ${count(moving.length, 'deal')}`,
    intro: [
      `${count(moving.length, 'deal')} of ${deskOf(desk)} ${moving.length === 1 ? 'goes' : 'go'} to ${personName(to)}:`,
      ...firstOf(moving, ({ deal }) => `· ${nameOf(deal)}`),
      ...(rest > 0 ? [restInWords(rest, isShort)] : []),
      ...stayingInWords(staying),
      'Leads change hands at once; of opportunities AWS is asked, one a second. AWS goes on calling whom it calls now.',
    ],
    fields: offers > 0 ? [offersField(desk, offers, offersToo)] : [],
    input: { whose: desk.from.id, person: to.id, shown, sure: 'yes' },
  };
}

const restInWords = (rest: number, isShort: boolean): string =>
  isShort
    ? `${count(rest, 'deal')} more would be over what may be asked of AWS in a day: say it again tomorrow for ${rest === 1 ? 'it' : 'them'}.`
    : `At most ${MOST_AT_ONCE} go at a time: say it again for the next ${rest}.`;

function firstOf<It>(all: readonly It[], toLine: (it: It) => string): string[] {
  const more = all.length - SHOWN;
  return [...all.slice(0, SHOWN).map(toLine), ...(more > 0 ? [`and ${more} more`] : [])];
}

const stayingInWords = (staying: readonly { deal: Deal; why: string }[]): string[] =>
  staying.length === 0
    ? []
    : [
        `${count(staying.length, 'deal')} ${staying.length === 1 ? 'stays' : 'stay'}:`,
        ...firstOf(staying, ({ deal, why }) => `· ${nameOf(deal)}: ${why}`),
      ];

/** "4 deals stay with Tom Keller: 3 in review at AWS, 1 rejected by AWS." No customer is named. */
export function staysInShort(
  { from, mine }: DeskName,
  staying: readonly { state: StayingState }[],
): string[] {
  if (staying.length === 0) return [];
  const many = (state: StayingState) => staying.filter((it) => it.state === state).length;
  const counted = STAYING.flatMap((state) => (many(state) > 0 ? [`${many(state)} ${state}`] : []));
  const whom = mine ? 'you' : personName(from);
  const words = `${count(staying.length, 'deal')} ${staying.length === 1 ? 'stays' : 'stay'} with ${whom}: ${counted.join(', ')}.`;
  const reviewed = many('in review at AWS');
  if (reviewed === 0) return [words];
  return [`${words} Say it again when AWS has reviewed ${reviewed === 1 ? 'it' : 'them'}.`];
}

/** There is nothing to hand over. */
export const nothingToHand = (desk: DeskName, { to, staying }: Pick<Preflight, 'to' | 'staying'>): Note =>
  problem(`Nothing of ${deskOf(desk)} can go to ${personName(to)} now; nothing was changed.`, [
    ...stayingInWords(staying),
  ]);

/** The day is used up: it may be said again tomorrow. */
export const dayUsedUp = (many: number): Note =>
  problem(
    `What may be asked of AWS in a day is used up, so none of these ${count(many, 'deal')} was handed over. Say it again in some hours; nothing was changed.`,
  );

export interface Handed {
  to: Person;
  /** Leads, which are theirs by now. */
  atOnce: number;
  /** Of these AWS is asked. */
  asked: number;
  /** Was shown, and is not as it was by now. */
  leftOut: number;
  rest: number;
  isShort: boolean;
  offers: number;
  /** What stays, in words, where nobody was shown it. */
  stays: readonly string[];
}

/** What was done, and what goes on. */
export function handedNote(desk: DeskName, handed: Handed): Note {
  const { to, atOnce, asked, leftOut, rest, isShort, offers, stays } = handed;
  const name = personName(to);
  const again: Button = {
    verb: 'hand-over',
    label: 'Hand over the next…',
    input: { whose: desk.from.id, person: to.id },
    opens: 'form',
  };
  const lines = [
    ...(atOnce > 0 ? [`${count(atOnce, 'lead')} ${atOnce === 1 ? 'is' : 'are'} theirs now.`] : []),
    ...(asked > 0
      ? [
          `AWS is asked for ${count(asked, 'opportunity').replace('opportunitys', 'opportunities')}, one a second; “waiting” shows what is left.`,
        ]
      : []),
    ...(offers > 0 ? [`${count(offers, 'pending offer')} went too.`] : []),
    ...(leftOut > 0
      ? [
          `${count(leftOut, 'deal')} that you were shown changed meanwhile and ${leftOut === 1 ? 'was' : 'were'} left out.`,
        ]
      : []),
    ...(rest > 0 ? [restInWords(rest, isShort)] : []),
    ...stays,
  ];
  const words = `${count(atOnce + asked, 'deal')} of ${deskOf(desk)} ${atOnce + asked === 1 ? 'goes' : 'go'} to ${name}.`;
  return {
    ...(asked > 0 ? note(words, lines) : done(words, lines)),
    ...(rest > 0 && !isShort ? { buttons: [again] } : {}),
  };
}

/**
 * "14 of 37 confirmed by AWS"; undefined where these are no handing over of a desk. What failed is named where its customer
 * was read along, the rest counted.
 */
export function handOverReceipt(changes: readonly Change[], now: Date): Note | undefined {
  if (changes.length === 0 || changes.some(({ verb }) => verb !== 'hand-over')) return undefined;
  const asked = changes.filter(({ wish }) => wish.kind === 'assign');
  const confirmed = asked.filter(({ state }) => state === 'confirmed').length;
  const failed = asked.filter(({ state }) => !isOpen(state) && state !== 'confirmed');
  const today = dayIn(now, 'UTC');
  const named = failed.filter(({ company }) => company !== undefined);
  const leads = changes.filter(({ wish }) => wish.kind === 'own').length;
  const lines = [
    ...(leads > 0 ? [`${count(leads, 'lead')} changed hands at once.`] : []),
    ...(failed.length > 0 ? [`${failed.length} ${failed.length === 1 ? 'is' : 'are'} not handed over:`] : []),
    ...firstOf(
      named,
      (change) => `· ${companyOf({ company: change.company ?? '' })}: ${outcome(change, today)}`,
    ),
    ...(failed.length > named.length
      ? [`${count(failed.length - named.length, 'deal')} of these you may not see now.`]
      : []),
  ];
  const words = `Handing over: ${confirmed} of ${asked.length} confirmed by AWS`;
  if (asked.some(({ state }) => isOpen(state))) return note(`${words}; the rest is on its way.`, lines);
  return failed.length > 0 ? problem(`${words}.`, lines) : done(`${words}.`, lines);
}
