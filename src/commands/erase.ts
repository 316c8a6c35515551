import { z } from 'zod';
import type { Colleague } from '../pipeline/person.ts';
import { forbidden, type Roster, whom } from '../pipeline/roster.ts';
import { loadMany } from '../store/deals.ts';
import { erasePerson, tracesOf } from '../store/erase.ts';
import { roster } from '../store/people.ts';
import { ownedBy } from '../store/roles.ts';
import { erasedNote, eraseForm, eraseWhom, type Owned } from '../views/erase.ts';
import { nobodyCalled, severalCalled } from '../views/people.ts';
import { nameOf } from '../views/terms.ts';
import { note, problem } from '../views/view.ts';
import { type Context, command, type Result } from './command.ts';

const SHOWN = 10;
const SUMMARY = 'Erase a colleague who left: names, e-mails, links, all that says who they were';

/** A colleague who left: their record becomes “Former colleague N”. The alliance lead's alone, and asked once. */
export const erase = command({
  verb: 'erase',
  about: 'organise',
  summary: SUMMARY,
  summaryFor: ({ role }) => (role === 'alliance lead' ? SUMMARY : undefined),
  usage: 'erase <person> [(yes)]',
  more: ['Add (yes) to do it at once: it cannot be taken back. Without it you see first what is removed.'],
  takesDeal: false,
  opensForm: ({ sure }) => sure !== 'yes',
  input: z.object({
    person: z.string().max(300, 'No name is that long here.').optional(),
    sure: z.literal('yes').optional(),
  }),
  async run({ person: who = '', sure }, context) {
    const { actor } = context;
    if (actor.role !== 'alliance lead') return no('Only the alliance lead erases a person. Ask them.');
    if (who.trim() === '') return { reply: eraseWhom() };
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const result = await decided(who, sure === 'yes', context);
      if (result) return result;
    }
    return no(OUTRUN);
  },
});

const TRIES = 5;

const no = (text: string): Result => ({ reply: problem(text), ok: false });

/** On the roster as it stands at this moment; undefined where somebody changed it before it was done. */
async function decided(who: string, sure: boolean, context: Context): Promise<Result | undefined> {
  const { store, actor } = context;
  const known = await roster(store);
  const found = whom(known, who, true);
  const [person] = found;
  if (!person) return { reply: eraseWhom(who, nobodyCalled(who)), ok: false };
  if (found.length > 1) return { reply: eraseWhom(who, severalCalled(who, found)), ok: false };
  if (person.id === actor.id)
    return no('Nobody erases themselves, and the alliance lead in office stays. Name another one first.');
  if (person.email.endsWith('@erased.invalid'))
    return { reply: note('They are erased already. Nothing was changed.') };
  const owned = await ownedDeals(person, context);
  if (!sure) return { reply: eraseForm(person, await tracesOf(store, person), owned) };
  const why = forbidden(actor, person, 'none');
  return why ? no(why) : carryOut(person, known, owned, context);
}

async function carryOut(
  person: Colleague,
  known: Roster,
  owned: Owned,
  { store, actor, key, source, until, now, writes }: Context,
): Promise<Result | undefined> {
  const patient = new Date(Math.max(until.getTime(), now.getTime() + ERASING_MS));
  writes();
  const act = { key, verb: 'erase', personId: actor.id, source, until: patient };
  const nth = await erasePerson(store, act, { person, known, now });
  return nth === undefined ? undefined : { reply: erasedNote(nth, owned) };
}

/** Many tables at once, which a door's own patience may be too short for; whoever asked hears of it late then. */
const ERASING_MS = 20_000;

const OUTRUN =
  'Somebody else is changing the roster at this very moment. They are not erased; look at “people”, and say it again.';

/** Open deals that name them, at AWS or (leads) here. The alliance lead may see each. */
async function ownedDeals(person: Colleague, { store }: Context): Promise<Owned> {
  const { ids, total } = await ownedBy(store, person, SHOWN);
  return { names: (await loadMany(store, ids)).map(({ deal }) => nameOf(deal)), total };
}
