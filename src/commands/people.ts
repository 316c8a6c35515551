import { z } from 'zod';
import { dayIn, isDay } from '../pipeline/calendar.ts';
import { seesEverything } from '../pipeline/person.ts';
import { mayEdit, mayManage, NOT_YOURS, ROSTER_FIELDS, whom } from '../pipeline/roster.ts';
import { COLUMNS, CSV_EXAMPLE, MAX_CSV } from '../pipeline/roster-csv.ts';
import { errandOf } from '../pipeline/roster-line.ts';
import { cut, length } from '../pipeline/text.ts';
import { roster } from '../store/people.ts';
import { roleSteps } from '../store/roles.ts';
import { confirmTerms, terms } from '../store/terms.ts';
import { nobodyCalled } from '../views/people.ts';
import { personNote, rosterList, termsNote, whichPerson } from '../views/roster.ts';
import { answersOf, importForm, personForm, termsForm } from '../views/roster-forms.ts';
import { problem } from '../views/view.ts';
import { type Context, command, type Result } from './command.ts';
import { decideRequest, grant, revoke, save } from './roster.ts';
import { importCsv } from './roster-import.ts';

const SUMMARY =
  'Who uses ace-desk: <name>; grant <e-mail>: <role>; revoke <name>; edit <name>; add; import; terms <day>';
const PAGE = 20;
const STEPS = 3;
/** More than any verb, name and e-mail together. */
const MAX_NAMED = 300;

const Field = z.string().max(1000, 'That is longer than any field here.').optional();
const Input = z.object({
  /** All that was typed after “people”. */
  what: z
    .string()
    .max(4 * MAX_CSV)
    .optional(),
  do: z
    .enum(['add', 'edit', 'save', 'grant', 'revoke', 'import', 'terms', 'user', 'manager', 'refuse'])
    .optional(),
  person: z.uuid('That is nobody’s id.').optional(),
  who: Field,
  /** The role a form was opened on: what was revoked meanwhile is not granted again by saving it. */
  was: Field,
  /** A newcomer's, for user, manager and refuse. */
  request: z.uuid('That is no request’s id.').optional(),
  ...(Object.fromEntries(ROSTER_FIELDS.map((field) => [field, Field])) as Record<
    (typeof ROSTER_FIELDS)[number],
    typeof Field
  >),
  csv: z
    .string()
    .max(4 * MAX_CSV)
    .optional(),
  acceptedOn: z.string().max(40).optional(),
  page: z.coerce
    .number('Pages count from 1.')
    .int('Pages count from 1.')
    .min(1, 'Pages count from 1.')
    .max(1000)
    .default(1),
  sure: z.literal('yes').optional(),
});
export type PeopleInput = z.infer<typeof Input>;

/** Who uses ace-desk, and as what (sales guide, Permissions). */
export const people = command({
  verb: 'people',
  about: 'organise',
  summary: SUMMARY,
  summaryFor: (actor) => (mayManage(actor) ? SUMMARY : 'Who uses ace-desk; with a name, who that is'),
  usage: 'people [<what>]',
  more: [
    'people Priya: who they are here. people 2: the second page.',
    'people grant priya@company.example Priya Raman: ACE user. The roles are ACE user, ACE manager and alliance team; whoever is known is named by name or e-mail alone.',
    'people revoke Tom (yes). people edit Tom: asks for each field. people add: asks for a new person.',
    `people import <CSV>: the first line names the columns, ${COLUMNS.join(', ')}; in one line “|” stands for a line end. Such as: people import ${CSV_EXAMPLE}`,
    'From a file: “paste -sd "|" people.csv” in a shell makes one line of it, to stand behind “people import”.',
    'people terms 2024-03-01: when the alliance lead accepted the ACE terms.',
  ],
  takesDeal: false,
  opensForm: ({ do: act }) => ['add', 'edit', 'import', 'revoke', 'terms'].includes(act ?? ''),
  input: Input,
  run(given, context) {
    // Reading takes time that grows with the text: nobody makes it long.
    const what =
      given.what !== undefined && !mayManage(context.actor) ? cut(given.what, MAX_NAMED) : given.what;
    if (what !== undefined && length(what) > MAX_CSV + MAX_NAMED) return Promise.resolve(TOO_LONG);
    const { page, ...errand } = what === undefined ? {} : errandOf(what);
    const input = { ...given, ...errand, ...(page ? { page: Number(page) } : {}) };
    if (!input.do) return show(input, context);
    if (!mayManage(context.actor)) return Promise.resolve({ reply: problem(NOT_YOURS), ok: false });
    return ERRANDS[input.do](input, context);
  },
});

const ERRANDS: Record<
  NonNullable<PeopleInput['do']>,
  (input: PeopleInput, context: Context) => Promise<Result>
> = {
  add: async (input, { actor }) => ({
    reply: personForm(actor, { ...(input.email ? { email: input.email } : {}) }),
  }),
  edit,
  save,
  grant,
  revoke,
  import: async (input, context) => {
    if (input.csv === undefined) return { reply: importForm() };
    return length(input.csv) > MAX_CSV ? TOO_LONG : importCsv(input.csv, context);
  },
  terms: acceptTerms,
  user: decideRequest,
  manager: decideRequest,
  refuse: decideRequest,
};

const TOO_LONG: Result = {
  reply: problem(`A list has at most ${MAX_CSV} characters here. Import it in parts; nothing was imported.`),
  ok: false,
};

async function show({ person, who, page }: PeopleInput, { store, actor, now }: Context): Promise<Result> {
  const known = await roster(store);
  const inside = known.people.filter(({ role }) => role !== 'none');
  const said = person ?? who;
  if (said === undefined) return { reply: rosterList(inside, actor, { page, pageSize: PAGE }) };
  const found = whom(known, said, mayManage(actor));
  const [one] = found;
  if (!one) return { reply: problem(nobodyCalled(said)), ok: false };
  if (found.length > 1) return { reply: whichPerson(said, found, actor) };
  const steps = seesEverything(actor) ? await roleSteps(store, one.id, STEPS) : [];
  return { reply: personNote(one, { actor, people: known.people, steps, now }) };
}

async function edit({ person, who = '' }: PeopleInput, { store, actor }: Context): Promise<Result> {
  const known = await roster(store);
  const found = whom(known, person ?? who, true);
  const [one] = found;
  if (!one) return { reply: problem(nobodyCalled(person ?? who)), ok: false };
  if (found.length > 1) return { reply: whichPerson(who, found, actor) };
  if (!mayEdit(actor, one))
    return { reply: problem('Only the alliance lead changes this record. Ask them.'), ok: false };
  return { reply: personForm(actor, answersOf(one, known.people), { person: one }) };
}

/** Sales guide, ACE terms and conditions: the alliance lead accepts them in Partner Central, and says here when. */
async function acceptTerms({ acceptedOn }: PeopleInput, context: Context): Promise<Result> {
  const { store, actor, now, key, source, until } = context;
  if (actor.role !== 'alliance lead')
    return {
      reply: problem('Only the alliance lead confirms the ACE terms and conditions. Ask them.'),
      ok: false,
    };
  if (acceptedOn === undefined) return { reply: termsForm((await terms(store))?.acceptedOn) };
  const today = dayIn(now, actor.timeZone);
  const wrong = wrongDay(acceptedOn.trim(), today);
  if (wrong)
    return { reply: termsForm(isDay(acceptedOn.trim()) ? acceptedOn.trim() : undefined, wrong), ok: false };
  context.writes();
  await confirmTerms(store, { key, verb: 'people', personId: actor.id, source, until }, acceptedOn.trim());
  return { reply: termsNote(acceptedOn.trim(), today) };
}

function wrongDay(day: string, today: string): string | undefined {
  if (!isDay(day)) return 'Give the day as year-month-day, such as 2024-03-01.';
  if (day > today) return 'That day is still to come.';
  return day < '2000' ? 'AWS had no partner program then. Look at the year.' : undefined;
}
