/** What “people” writes: decided on the roster as it was read, written in one statement, decided anew when outrun. */
import { randomUUID } from 'node:crypto';
import { UserError } from '../pipeline/errors.ts';
import type { Notice } from '../pipeline/notice.ts';
import { type Colleague, fullName } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { forbidden, NOT_YOURS, ROSTER_FIELDS, type Roster, roleNamed, whom } from '../pipeline/roster.ts';
import { type Answers, type Errors, enter, type Row } from '../pipeline/roster-entry.ts';
import { newcomerIn } from '../pipeline/roster-line.ts';
import { lastRequest, refuseAccess, requestById } from '../store/access.ts';
import { loadMany } from '../store/deals.ts';
import { roster } from '../store/people.ts';
import { enrolAll, ownedBy, unsentOf } from '../store/roles.ts';
import { decidedBefore, refusedNote } from '../views/access.ts';
import { nobodyCalled, severalCalled } from '../views/people.ts';
import {
  grantedNote,
  hasNone,
  isAlready,
  noSuchRole,
  ROLES_THERE_ARE,
  revokedList,
  roleMoved,
  savedNote,
} from '../views/roster.ts';
import { personForm, revokeForm } from '../views/roster-forms.ts';
import { nameOf } from '../views/terms.ts';
import { note, problem } from '../views/view.ts';
import type { Context, Result } from './command.ts';
import type { PeopleInput } from './people.ts';

/** An answer at once, or records to write and what to say then. */
type Decision =
  | { result: Result }
  | {
      people: Colleague[];
      answers?: string | undefined;
      tells?: { personId: string; notice: Notice }[];
      said: () => Result | Promise<Result>;
    };

const TRIES = 5;

/**
 * Decided on the roster as it stands, and anew where somebody was faster.
 * @throws UserError where others are, time and again; then nothing was written.
 */
export async function write(
  context: Context,
  decide: (known: Roster) => Decision | Promise<Decision>,
): Promise<Result> {
  const { store, actor, key, source, until, now } = context;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const known = await roster(store);
    const decision = await decide(known);
    if ('result' in decision) return decision.result;
    const { people, answers, tells = [], said } = decision;
    const roleBefore = new Map(known.people.map(({ id, role }) => [id, role]));
    const moved = people
      .filter(({ id, role }) => (roleBefore.get(id) ?? 'none') !== role)
      .map(({ id }) => id);
    context.writes();
    const act = { key, verb: 'people', personId: actor.id, source, until };
    const outcome = await enrolAll(store, act, { known, people, moved, answers, tells, now });
    if (outcome !== 'outrun') return said();
  }
  throw new UserError(
    'Somebody else is changing the roster at this very moment. Nothing was changed; try again.',
  );
}

const no = (text: string): Decision => ({ result: { reply: problem(text), ok: false } });

/** A form comes back: what is not in it was left empty. The role is asked only of those who may change it. */
export function save(input: PeopleInput, context: Context): Promise<Result> {
  const { actor } = context;
  const answers: Answers = Object.fromEntries(
    ROSTER_FIELDS.flatMap((field) =>
      field === 'role' && input.role === undefined ? [] : [[field, input[field] ?? '']],
    ),
  );
  return write(context, (known) => {
    const before = known.people.find(({ id }) => id === input.person);
    if (input.person && !before) return no('That person is on record no more. “people” lists who is.');
    if (before && input.was && input.was !== before.role) return no(roleMoved(before));
    const row: Row = { answers, ...(before ? { of: before.id } : { isNew: true }) };
    const entered = enter(known, actor, [row], randomUUID);
    if ('errors' in entered)
      return {
        result: {
          reply: personForm(actor, answers, { person: before, errors: entered.errors.get(row) ?? {} }),
          ok: false,
        },
      };
    const [person] = entered.people;
    if (!person) return { result: { reply: note('Nothing is different, so nothing was saved.') } };
    const old = before ?? known.people.find(({ id }) => id === person.id);
    return {
      people: [person],
      said: () => ({ reply: savedNote(person, !old || old.role === 'none', old?.role !== person.role) }),
    };
  });
}

/** "grant priya@x.example: ACE user": by e-mail or name; somebody new needs a name, which the form asks. */
export function grant({ who = '', role: said = '' }: PeopleInput, context: Context): Promise<Result> {
  return write(context, async (known) => {
    const newcomer = newcomerIn(who);
    const found = whom(known, newcomer?.email ?? who, true);
    const role = roleNamed(said);
    const [person] = found;
    if (said.trim() !== '' && !role) return no(noSuchRole(said));
    if (found.length > 1) return no(severalCalled(who, found));
    if (!person && !newcomer)
      return no(
        who ? nobodyCalled(who) : 'Whom? Say it like this: people grant priya@company.example: ACE user',
      );
    const answers = { ...newcomer, ...(role ? { role } : {}) };
    if (!person && (!newcomer?.lastName || !role))
      return { result: { reply: personForm(context.actor, answers) } };
    if (!role) return no(`As what? ${ROLES_THERE_ARE}`);
    if (!person) return letIn(known, { answers, isNew: true }, context);
    // Of a newcomer we know the name from chat at best.
    const { email: _, ...names } = person.role === 'none' && newcomer ? newcomer : { email: '' };
    return letIn(known, { answers: { ...names, role }, of: person.id }, context);
  });
}

/** `answers`: the request whose button was pressed. */
async function letIn(
  known: Roster,
  row: Row,
  { store, actor }: Context,
  answers?: string,
): Promise<Decision> {
  const entered = enter(known, actor, [row], randomUUID);
  if ('errors' in entered) return no(firstOf(entered.errors.get(row)));
  const [person] = entered.people;
  const same = known.people.find(({ id }) => id === row.of);
  if (!person || person.role === 'none') return same ? { result: { reply: isAlready(same) } } : no(NOT_YOURS);
  const asked = row.of ? await lastRequest(store, row.of) : undefined;
  const wanted = asked && !asked.decided ? asked.wanted : undefined;
  const notice: Notice = {
    kind: 'access-granted',
    by: fullName(actor),
    role: person.role,
    ...(wanted ? { wanted } : {}),
  };
  return {
    people: [person],
    answers,
    tells: [{ personId: person.id, notice }],
    said: () => ({ reply: grantedNote(person) }),
  };
}

const firstOf = (errors: Errors = {}): string => Object.values(errors)[0] ?? '';

/** The alliance lead, or the team, answers a newcomer. */
export function decideRequest(input: PeopleInput, context: Context): Promise<Result> {
  const { store, actor, key, source, until, now } = context;
  return write(context, async (known) => {
    const request = input.request ? await requestById(store, input.request) : undefined;
    const person = known.people.find(({ id }) => id === request?.personId);
    if (!request || !person) return no('I know no such request. “people” lists who is let in.');
    const name = fullName(person) || person.email;
    if (request.decided) return { result: { reply: decidedBefore(name, request.decided, now) } };
    if (input.do !== 'refuse') {
      const role = input.do === 'manager' ? 'ACE manager' : 'ACE user';
      return letIn(known, { of: person.id, answers: { role } }, context, request.id);
    }
    context.writes();
    const act = { key, verb: 'people', personId: actor.id, source, until };
    if (await refuseAccess(store, act, request, fullName(actor)))
      return { result: { reply: refusedNote(name) } };
    const { decided } = (await requestById(store, request.id)) ?? {};
    return decided
      ? { result: { reply: decidedBefore(name, decided, now) } }
      : no('I know no such request any more. “people” lists who is let in.');
  });
}

/** Asks once; says what they keep owning. */
export function revoke({ person, who = '', sure }: PeopleInput, context: Context): Promise<Result> {
  const { store, actor, key } = context;
  return write(context, async (known) => {
    const found = whom(known, person ?? who, true);
    const [one] = found;
    if (!one) return no(nobodyCalled(person ?? who));
    if (found.length > 1) return no(severalCalled(who, found));
    const why = forbidden(actor, one, 'none');
    if (why) return no(why);
    if (one.role === 'none') return { result: { reply: hasNone(one) } };
    if (!sure) {
      const [{ unsent }, owned] = await Promise.all([
        unsentOf(store, one.id, key),
        openDealsOf(one, context),
      ]);
      return { result: { reply: revokeForm(one, { unsent, owned: owned.length }) } };
    }
    return {
      people: [{ ...one, role: 'none' }],
      said: async () => {
        const [{ taken }, deals] = await Promise.all([
          unsentOf(store, one.id, key),
          openDealsOf(one, context),
        ]);
        return { reply: revokedList(one, { taken, deals: deals.slice(0, SHOWN), total: deals.length }) };
      },
    };
  });
}

const SHOWN = 10;
const COUNTED = 100;

/** Open deals they own, of those the actor may see. */
async function openDealsOf(owner: Colleague, { store, actor, now }: Context) {
  const { ids } = await ownedBy(store, owner, COUNTED);
  const found = (await loadMany(store, ids)).filter(({ deal }) => can(actor, 'see', deal, now).yes);
  return found.map(({ deal }) => ({
    id: deal.id,
    name: nameOf(deal),
    mayTransfer: can(actor, 'transfer', deal, now).yes,
  }));
}
