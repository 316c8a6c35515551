/** A desk goes to a colleague: who, what goes and what does not, and what came of it. */
import { count, dayIn } from '../pipeline/calendar.ts';
import { type Change, isOpen } from '../pipeline/change.ts';
import type { Deal } from '../pipeline/deal.ts';
import { MOST_AT_ONCE, STAYING, type StayingState } from '../pipeline/hand-over.ts';
import type { Person } from '../pipeline/person.ts';
import { outcome } from './change.ts';
import { personName, personOptions } from './people.ts';
import { companyOf, nameOf } from './terms.ts';
import { type Button, done, type Field, type Form, type Note, note, problem } from './view.ts';

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
  /** They were shown so many deals, and nothing of what they were shown can go any more. */
  lost?: number;
}

const SHOWN = 10;

/** Asks once. Where no deal can go, the offers go alone. */
export function handOverForm(desk: DeskName, it: Preflight): Form {
  const { to, moving, staying, rest, isShort, offers, shown, offersToo, lost } = it;
  const areOffers = moving.length === 0;
  const what = areOffers ? count(offers, 'pending offer') : count(moving.length, 'deal');
  const go = (areOffers ? offers : moving.length) === 1 ? 'goes' : 'go';
  return {
    kind: 'form',
    verb: 'hand-over',
    title: 'Hand over a desk',
    submit: `Hand over ${what}`,
    intro: [
      ...(lost === undefined ? [] : [lostInWords(lost)]),
      `${what} of ${deskOf(desk)} ${go} to ${personName(to)}${areOffers ? '.' : ':'}`,
      ...firstOf(moving, ({ deal }) => `· ${nameOf(deal)}`),
      ...(rest > 0 ? [restInWords(rest, isShort)] : []),
      ...stayingInWords(staying),
      ...(areOffers ? [] : [HOW]),
    ],
    fields: offers > 0 && !areOffers ? [offersField(desk, offers, offersToo)] : [],
    input: {
      whose: desk.from.id,
      person: to.id,
      shown,
      sure: 'yes',
      ...(areOffers ? { offers: 'yes' } : {}),
    },
  };
}

const HOW =
  'Leads change hands at once; of opportunities AWS is asked, one a second. AWS goes on calling whom it calls now.';

const lostInWords = (lost: number): string =>
  lost === 0
    ? 'The offers that you were shown are not pending any more. This is what is left.'
    : `None of the ${count(lost, 'deal')} that you were shown can go any more: they changed meanwhile. This is what is left.`;

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

/** There is nothing to hand over, or nothing but offers, which nobody has asked for. */
export const nothingToHand = (
  desk: DeskName,
  { to, staying, offers }: Pick<Preflight, 'to' | 'staying' | 'offers'>,
): Note =>
  problem(
    `${offers > 0 ? 'No deal' : 'Nothing'} of ${deskOf(desk)} can go to ${personName(to)} now; nothing was changed.`,
    [
      ...stayingInWords(staying),
      ...(offers > 0 ? [`${count(offers, 'pending offer')} can: say it with “(offers)”.`] : []),
    ],
  );

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
    ...(offers > 0 && atOnce + asked > 0 ? [`${count(offers, 'pending offer')} went too.`] : []),
    ...(leftOut > 0
      ? [
          `${count(leftOut, 'deal')} that you were shown changed meanwhile and ${leftOut === 1 ? 'was' : 'were'} left out.`,
        ]
      : []),
    ...(rest > 0 ? [restInWords(rest, isShort)] : []),
    ...stays,
  ];
  const deals = atOnce + asked;
  const words =
    deals === 0
      ? `${count(offers, 'pending offer')} of ${deskOf(desk)} went to ${name}.`
      : `${count(deals, 'deal')} of ${deskOf(desk)} ${deals === 1 ? 'goes' : 'go'} to ${name}.`;
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
  if (asked.length === 0) return handedAtOnce(leads, changes.length - leads);
  const words = `Handing over: ${confirmed} of ${asked.length} confirmed by AWS`;
  if (asked.some(({ state }) => isOpen(state))) return note(`${words}; the rest is on its way.`, lines);
  return failed.length > 0 ? problem(`${words}.`, lines) : done(`${words}.`, lines);
}

/** Of these AWS is not asked. */
function handedAtOnce(leads: number, offers: number): Note {
  if (leads === 0)
    return done(`${count(offers, 'pending offer')} ${offers === 1 ? 'was' : 'were'} handed over.`);
  const went = offers > 0 ? [`${count(offers, 'pending offer')} went too.`] : [];
  return done(`${count(leads, 'lead')} changed hands at once.`, went);
}
