/** What is asked about a cover: who and which days, and whether somebody is to take another's place. */
import { plainDay } from '../pipeline/calendar.ts';
import { type Cover, daysWithout, MOST_COVER_DAYS } from '../pipeline/cover.ts';
import type { Day } from '../pipeline/deal.ts';
import type { Person } from '../pipeline/person.ts';
import { daysInWords, endButton, whenInWords } from './cover.ts';
import { personOptions } from './people.ts';
import type { Button, Field, Form } from './view.ts';

export interface CoverAnswers {
  person?: string;
  fromDate: Day;
  untilDate?: Day;
}

/** A cover as it stands, in words for the reader. */
export interface Standing extends Pick<Cover, 'from' | 'until'> {
  id: string;
  words: string;
}

/** One that they may end or refuse. */
export interface Duty {
  words: string;
  button: Button;
}

/** As many as a form takes. */
const MOST_OTHERS = 3;

export interface CoverAsking {
  /** Absent: the reader's own. */
  whose?: string;
  stands?: Standing;
  /** Whose desks the reader covers, and a way out of each. */
  duties?: readonly Duty[];
  errors?: Record<string, string>;
}

/** Who covers, and which days; what stands already is said, and can be ended. */
export function coverForm(
  away: Pick<Person, 'id'>,
  people: readonly Person[],
  answers: CoverAnswers,
  { whose, stands, duties = [], errors = {} }: CoverAsking,
): Form {
  const others = [
    ...(stands ? [endButton({ id: stands.id, personId: away.id })] : []),
    ...duties.map(({ button }) => button),
  ].slice(0, MOST_OTHERS);
  const date = (id: 'fromDate' | 'untilDate', label: string, hint: string): Field => ({
    ...{ id, kind: 'date', label, hint },
    ...(answers[id] ? { value: answers[id] } : {}),
  });
  return {
    kind: 'form',
    verb: 'cover',
    title: 'Cover a desk',
    submit: 'Save',
    intro: [
      ...(whose ? [`The desk of ${whose}.`] : []),
      stands?.words ?? `Nobody covers ${whose ? 'it' : 'your desk'}.`,
      ...duties.map(({ words }) => words),
      `${whose ? 'Their' : 'Your'} offers and acceptance clock go to the cover, and the digest where the colleague has one. They see what their own role lets them see.`,
    ],
    fields: [
      {
        ...{ id: 'person', kind: 'choice', label: 'Who covers', source: 'colleagues' },
        options: personOptions(people),
        ...(answers.person ? { value: answers.person } : {}),
      },
      date('fromDate', 'First day', whose ? 'By their clock.' : 'By your clock.'),
      date('untilDate', 'Last day', `${MOST_COVER_DAYS} days at most.`),
    ],
    input: { whose: away.id },
    ...(others.length > 0 ? { others } : {}),
    ...(Object.keys(errors).length > 0 ? { errors } : {}),
  };
}

/** Somebody else covers that desk already: asks once; the yes is to taking the place of that cover. */
export const insteadForm = (cover: Cover, name: string, stands: Standing, today: Day): Form => ({
  kind: 'form',
  verb: 'cover',
  title: 'Another cover?',
  submit: 'Put them there',
  intro: [
    stands.words,
    `A desk has one cover: ${name} would take their place, ${spanInWords(cover, today)}.`,
    ...bareInWords(daysWithout(stands, cover, today), today),
  ],
  fields: [],
  input: {
    ...{ whose: cover.personId, person: cover.coverId, fromDate: cover.from, untilDate: cover.until },
    ...{ cover: stands.id, sure: 'yes' },
  },
});

/** The days that the old cover had and the new one has not. */
const bareInWords = (bare: readonly Pick<Cover, 'from' | 'until'>[], today: Day): string[] =>
  bare.length > 0
    ? [`Nobody would cover it ${bare.map((days) => spanInWords(days, today)).join(' or ')}.`]
    : [];

/** "today", "on Fri 5 Dec", "from today until Fri 5 Dec". */
function spanInWords(days: Pick<Cover, 'from' | 'until'>, today: Day): string {
  if (days.from !== days.until) return daysInWords(days, today);
  return days.from <= today ? 'today' : `on ${plainDay(days.from, today)}`;
}

/** "cover Tom until Friday": by whom, or whose desk. */
export function eitherInWords(name: string, days: Pick<Cover, 'from' | 'until'>, today: Day): string {
  const when = whenInWords(days, today);
  return `This may mean two things. If ${name} covers your desk, save it, or say “cover ${when}: ${name}”. If it is ${name}’s desk, say “cover ${name}’s desk ${when}: <who covers it>”.`;
}
