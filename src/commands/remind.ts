import { z } from 'zod';
import { isDay, momentAt } from '../pipeline/calendar.ts';
import type { Moment } from '../pipeline/deal.ts';
import { isPending } from '../pipeline/referral.ts';
import { MORNING, reminderError } from '../pipeline/reminder.ts';
import { enact } from '../store/changes.ts';
import type { Loaded } from '../store/deals.ts';
import { remindedLines } from '../store/reminded.ts';
import { forgetting, reminding } from '../store/reminders.ts';
import { remindersList, remindForm, unknownMoment } from '../views/remind.ts';
import { problem } from '../views/view.ts';
import { type Context, command, DealId, type Result } from './command.ts';
import { cardOf, visible } from './deal.ts';

const Input = z
  .object({
    /** Absent with `do` alone. */
    id: DealId.optional(),
    /** All that they put off. */
    do: z.literal('list').optional(),
    /** A moment (ISO), a day, or "never". */
    when: z.string().max(200).optional(),
    /** From the form's calendar. */
    day: z.string().max(200).optional(),
    /** The form asked: without an answer something is missing. */
    shown: z.literal('yes').optional(),
  })
  .refine(({ id, do: what }) => id !== undefined || what !== undefined, 'Which deal?');
type Input = z.infer<typeof Input>;

export const remind = command({
  verb: 'remind',
  about: 'organise',
  opensForm: ({ do: what, when, day, shown }) => [what, when, day, shown].every((it) => it === undefined),
  summary: 'Be reminded of a deal; until then it is out of your digest, its clock and your sprint',
  usage: 'remind <deal>: <when>',
  more: [
    '<when>: Thursday, tomorrow 14:00, in two hours, 2026-12-01; a day means 09:00 of it. “never” takes it away.',
    'Never past the deadline of what is pending, and at most 60 days ahead. Colleagues see it on the deal’s card.',
    'What happens to it is told all the same; whoever asks you for a word on what you put off reaches you, and it is back in your sprint.',
    'Also “remind me of Acme on Thursday”, “snooze Acme until Monday”, “unsnooze Acme”. “my reminders” lists them.',
    'Such as: remind 3: Thursday 14:00',
  ],
  takesDeal: true,
  input: Input,
  async run(input, context) {
    if (input.id === undefined) return list(context);
    const found = await visible(input.id, context);
    const { deal } = found;
    if (deal.id.startsWith('engi-') && !isPending(deal))
      return {
        reply: problem(`${deal.company}: it is not pending any more; there is nothing to be reminded of.`),
        ok: false,
      };
    if (!input.when?.trim() && !input.day?.trim())
      return input.shown
        ? { reply: formOf(found, context, { errors: { when: NOTHING_SAID, day: NOTHING_SAID } }), ok: false }
        : { reply: formOf(found, context) };
    return decide(found, input, context);
  },
});

const NOTHING_SAID = 'Choose a time or a day.';

const MOST = 50;

async function list({ store, actor, now }: Context): Promise<Result> {
  return { reply: remindersList(await remindedLines(store, actor, now, MOST), { actor, now }) };
}

async function decide(found: Loaded, input: Input, context: Context): Promise<Result> {
  const { actor, now } = context;
  if (input.when === 'never') return write(found, undefined, context);
  const at = momentOf(input, actor.timeZone);
  const error = at
    ? reminderError(at, found.deal, now, actor.timeZone)
    : unknownMoment(input.when ?? input.day ?? '');
  if (at && !error) return write(found, at, context);
  const field = input.day ? 'day' : 'when';
  return { reply: formOf(found, context, { day: input.day, errors: { [field]: error ?? '' } }), ok: false };
}

/** A day that was chosen counts, also beside a moment. */
function momentOf({ when = '', day }: Input, timeZone: string): Moment | undefined {
  const said = (day ?? when).trim();
  if (isDay(said)) return momentAt(said, MORNING, timeZone);
  const isMoment = !day && /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(said) && !Number.isNaN(Date.parse(said));
  return isMoment ? new Date(said).toISOString() : undefined;
}

async function write(found: Loaded, at: Moment | undefined, context: Context): Promise<Result> {
  const { store, actor, key, source, until, now } = context;
  const setting = { personId: actor.id, dealId: found.deal.id, now };
  context.writes();
  await enact(
    store,
    { key, verb: 'remind', personId: actor.id, source, until, dealId: found.deal.id },
    at ? reminding(setting, new Date(at)) : forgetting(setting),
  );
  const card = cardOf(await visible(found.deal.id, context), context);
  return { reply: at ? card : { ...card, status: ['No reminder', card.status].filter(Boolean).join(' · ') } };
}

function formOf(
  { deal, reminders }: Loaded,
  { actor, now }: Context,
  more: { day?: string | undefined; errors?: Record<string, string> } = {},
) {
  const { day, errors } = more;
  const set = reminders.find(({ personId }) => personId === actor.id)?.at;
  return remindForm(deal, {
    ...{ now, timeZone: actor.timeZone },
    ...(set ? { set } : {}),
    ...(day && isDay(day) ? { day } : {}),
    ...(errors ? { errors } : {}),
  });
}
