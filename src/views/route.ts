/** Routing rules: the list in their order, the form, and what was done about one. */

import { countryName } from '../pipeline/countries.ts';
import type { Person } from '../pipeline/person.ts';
import { COUNTRIES, INDUSTRIES } from '../pipeline/picklists.ts';
import { type Fits, MAX_ROUTE_NAME, type Route, takesAllBefore } from '../pipeline/routing.ts';
import { oneLine } from '../pipeline/text.ts';
import { platformName } from './link.ts';
import { namesInWords, personName, personOptions } from './people.ts';
import { quoted } from './terms.ts';
import type { Button, Field, Form, Item, List } from './view.ts';

/** As the store knows it: `by` its author, `rests` while they may not route any more. */
type Known = Route & { by: string; rests: boolean };

export function routesList(routes: readonly Known[], people: readonly Person[]): List {
  return {
    kind: 'list',
    title: 'Where new referrals and leads go',
    sections:
      routes.length > 0
        ? [
            {
              title: 'The first rule that fits counts',
              items: routes.map((it) => itemOf(it, routes, people)),
              total: routes.length,
            },
          ]
        : [],
    empty: 'There are no rules: what arrives comes to the alliance lead and the alliance team.',
    footer: `${PSF} “route remove <name>” ends a rule, “route up <name>” tries it earlier.`,
    buttons: [{ verb: 'route', label: 'Add a rule…', input: { do: 'add' }, opens: 'form' }],
  };
}

const PSF = 'Leads from AWS’s Partner Solutions Finder stay with the alliance lead.';

/** Said beside a rule that nothing is left for. */
export const beforeInWords = (before: Pick<Route, 'name'>, { name }: Pick<Route, 'name'>): string =>
  `${quoted(before.name, 60)} stands before it and takes all: “route up ${oneLine(name)}” tries it earlier`;

export const earlierButton = (route: string): Button => ({
  verb: 'route',
  label: 'Try it earlier',
  input: { do: 'up', route },
});

function itemOf(route: Known, routes: readonly Known[], people: readonly Person[]): Item {
  const before = takesAllBefore(routes, route);
  const rests = route.rests
    ? [`rests: ${oneLine(route.by) || 'its author'} may not offer any more; save it to take it over`]
    : [];
  const detail = [
    ...(before ? [beforeInWords(before, route)] : []),
    fitsInWords(route.fits),
    `→ ${goesTo(route, people)}`,
    `by ${oneLine(route.by) || 'a former colleague'}`,
  ];
  return {
    title: oneLine(route.name),
    detail: [...rests, ...detail].join(' · '),
    button: { verb: 'route', label: 'Edit…', input: { do: 'edit', route: route.id }, opens: 'form' },
  };
}

/** "Germany or Austria · from 10,000 USD / month"; "everything". */
export function fitsInWords({ countries, industries, solutions, campaign, atLeast }: Fits): string {
  const said = [
    countries?.map(countryName).join(' or '),
    industries?.join(' or '),
    solutions && `about ${solutions.map((it) => quoted(it, 80)).join(' or ')}`,
    campaign && `campaign ${quoted(campaign, 80)}`,
    atLeast && `from ${atLeast.currency} ${atLeast.amount.toLocaleString('en-US')} / month`,
  ].filter(Boolean);
  return said.length > 0 ? said.join(' · ') : 'everything';
}

/** "offered to Tom Keller and Priya Raman, posted in a channel of Slack". Whoever is not let in any more is left out. */
export function goesTo(
  { offerTo, room }: Pick<Route, 'offerTo' | 'room'>,
  people: readonly Person[],
): string {
  const names = people.filter(({ id }) => offerTo.includes(id)).map(personName);
  const said = [
    names.length > 0 ? `offered to ${namesInWords(names)}` : '',
    room ? `posted in a channel of ${platformName(room.platform)}` : '',
  ].filter(Boolean);
  return said.join(', ') || 'nobody there any more: to the alliance lead and team';
}

/** What a form shows and sends back, all text. `place`: nowhere, here, or kept as it is. */
export interface RouteAnswers {
  name?: string | undefined;
  countries?: string | undefined;
  industries?: string | undefined;
  solutions?: string | undefined;
  campaign?: string | undefined;
  atLeast?: string | undefined;
  /** Ids, joined by commas. */
  people?: string | undefined;
  place?: string | undefined;
}

export function answersOfRoute({ name, fits, offerTo, room }: Route): RouteAnswers {
  const { countries, industries, solutions, campaign, atLeast } = fits;
  return {
    name,
    countries: countries?.join(', '),
    industries: industries?.join(','),
    solutions: solutions?.join(', '),
    campaign,
    atLeast: atLeast && `${atLeast.amount} ${atLeast.currency}`,
    people: offerTo.join(','),
    place: room ? 'kept' : 'nowhere',
  };
}

export interface Routing {
  /** Of a rule that is there: its id, where it stands, and whether it is posted somewhere. */
  route?: { id: string; nth: number; isPosted: boolean } | undefined;
  /** ACE users: whom it may be offered to. */
  people: readonly Person[];
  /** The channel where this is said. */
  here?: { conversation: string; name?: string | undefined } | undefined;
  errors?: Record<string, string>;
}

/** A rule without a condition is asked about once; what was said goes along with the yes. */
export function takesAllForm(
  {
    name = '',
    people: offered = '',
    place = 'nowhere',
    route,
  }: RouteAnswers & { route?: string | undefined },
  room: Route['room'],
  people: readonly Person[],
): Form {
  const isHere = room !== undefined && place !== 'kept';
  const goal = goesTo({ offerTo: offered.split(','), ...(room ? { room } : {}) }, people);
  return {
    kind: 'form',
    verb: 'route',
    title: 'Every referral and lead?',
    submit: 'Save it',
    intro: [
      `${quoted(name, 60)} has no condition: it takes every referral and lead that no rule before it takes → ${goal}.`,
      'Nothing is saved yet. “route add” alone asks for countries, industries and more.',
    ],
    fields: [],
    input: {
      ...{ do: 'save', name, people: offered, place, sure: 'yes' },
      ...(isHere ? { place: 'here', room: room.room } : {}),
      ...(route ? { route } : {}),
    },
  };
}

export function routeForm(answers: RouteAnswers, { route, people, here, errors }: Routing): Form {
  return {
    kind: 'form',
    verb: 'route',
    title: route ? 'Edit a rule' : 'Add a rule',
    submit: 'Save',
    intro: ['All that is given must fit; what is left empty does not matter.', PSF],
    fields: [...fitsFields(answers), ...goalFields(answers, { route, people, here })],
    input: {
      do: 'save',
      ...(route ? { route: route.id } : {}),
      ...(here ? { room: here.conversation } : {}),
    },
    ...(route ? { others: othersOf(route) } : {}),
    ...(errors && Object.keys(errors).length > 0 ? { errors } : {}),
  };
}

type Text = Extract<Field, { kind: 'text' }>;

function fitsFields(answers: RouteAnswers): Field[] {
  const text = (id: keyof RouteAnswers, label: string, hint: string, more: Partial<Text> = {}): Field => ({
    ...{ id, kind: 'text', label, hint, maxLength: 300, optional: true },
    ...more,
    ...(answers[id] ? { value: answers[id] } : {}),
  });
  return [
    text('name', 'Name', 'Such as Nordics.', { optional: false, maxLength: MAX_ROUTE_NAME }),
    text('countries', 'Countries', `Such as ${COUNTRIES[0]}, Sweden; separated by commas.`),
    {
      ...{ id: 'industries', kind: 'choices', label: 'Industries', optional: true },
      options: INDUSTRIES.map((it) => ({ value: it, label: it })),
      ...(answers.industries ? { value: answers.industries } : {}),
    },
    text(
      'solutions',
      'Solutions',
      'Words in use case, title or business problem, such as data lake; separated by commas.',
    ),
    text('campaign', 'Campaign', 'Of leads: words in the campaign or its source.', { maxLength: 80 }),
    text('atLeast', 'Value a month from', 'Such as 10000 USD; other currencies are not compared.', {
      maxLength: 30,
    }),
  ];
}

function goalFields(answers: RouteAnswers, { route, people, here }: Omit<Routing, 'errors'>): Field[] {
  const where = [
    { value: 'nowhere', label: 'Nowhere' },
    ...(route?.isPosted ? [{ value: 'kept', label: 'Where it is posted now' }] : []),
    ...(here ? [{ value: 'here', label: `Here${here.name ? `, in ${oneLine(here.name)}` : ''}` }] : []),
  ];
  return [
    {
      ...{ id: 'people', kind: 'choices', label: 'Offer it to', optional: true, source: 'offerable' },
      hint: 'ACE users; everybody else sees it anyway.',
      options: personOptions(people),
      ...(answers.people ? { value: answers.people } : {}),
    },
    {
      ...{ id: 'place', kind: 'choice', label: 'Post its card', options: where },
      hint:
        here || route?.isPosted
          ? 'All who read along there see company and status.'
          : 'Say “route” in a channel to post there.',
      value: where.some(({ value }) => value === answers.place) ? (answers.place ?? 'nowhere') : 'nowhere',
    },
  ];
}

const othersOf = ({ id, nth }: { id: string; nth: number }): Button[] => [
  ...(nth > 0 ? [earlierButton(id)] : []),
  {
    ...{ verb: 'route', label: 'Remove', style: 'danger', input: { do: 'remove', route: id } },
    confirm: {
      title: 'Remove this rule?',
      text: 'What it has sent somewhere stays there; nothing more goes by it.',
      yes: 'Remove it',
      no: 'Keep it',
    },
  },
];
