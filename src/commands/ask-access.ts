import { z } from 'zod';
import type { Wanted } from '../pipeline/notice.ts';
import { fullName } from '../pipeline/person.ts';
import { nameFrom } from '../pipeline/roster-line.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import { askAccess, lastRequest, noteNewcomer, WantedShape } from '../store/access.ts';
import { askedBefore, askedNote, refusedBefore } from '../views/access.ts';
import { note } from '../views/view.ts';
import { type Context, command, type Result } from './command.ts';

const DAY_MS = 86_400_000;

/** A newcomer asks to be let in; the alliance lead decides. Whoever is in already has nothing to ask. */
export const askForAccess = command({
  verb: 'ask-access',
  about: 'organise',
  summary: 'Ask the alliance lead to let you in',
  // Help is for those who are in.
  summaryFor: () => undefined,
  usage: 'ask-access',
  takesDeal: false,
  forStrangers: true,
  input: z.object({
    /** What they wanted when they were turned away, as JSON; what does not read is left out. */
    wanted: z.string().max(2000).optional(),
  }),
  run: ({ wanted }, context) =>
    context.actor.role === 'none'
      ? ask(toWanted(wanted), context)
      : Promise.resolve({
          reply: note(`You are in already: ${fullName(context.actor)}, ${context.actor.role}.`),
        }),
});

async function ask(wanted: Wanted | undefined, context: Context): Promise<Result> {
  const { store, actor, key, source, until, now } = context;
  const before = actor.id ? await lastRequest(store, actor.id) : undefined;
  if (before && !before.decided) return { reply: askedBefore(before.at, now) };
  const refused = before?.decided && !before.decided.granted ? before.decided.at : undefined;
  if (refused && now.getTime() - refused.getTime() < DAY_MS)
    return { reply: refusedBefore(refused, now), ok: false };
  context.writes();
  const { email } = actor;
  const timeZone = cut(oneLine(actor.timeZone), 80);
  const names = oneLine(fullName(actor)) === '' ? nameFrom(email) : actor;
  const [firstName, lastName] = [cut(oneLine(names.firstName), 80), cut(oneLine(names.lastName), 80)];
  const personId = actor.id || (await noteNewcomer(store, { email, firstName, lastName, timeZone }));
  const act = { key, verb: 'ask-access', personId, source, until };
  await askAccess(store, act, { name: fullName({ firstName, lastName }), email, wanted });
  return { reply: askedNote() };
}

/** Anybody may have written it; what asks to be sure is asked again. */
function toWanted(text: string | undefined): Wanted | undefined {
  if (text === undefined) return undefined;
  try {
    const wanted = WantedShape.safeParse(JSON.parse(text)).data;
    if (!wanted || 'text' in wanted) return wanted;
    const { sure: _, ...input } = wanted.input;
    return { verb: wanted.verb, input };
  } catch {
    // No JSON: then nothing is known of it.
    return undefined;
  }
}
