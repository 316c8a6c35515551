import { z } from 'zod';
import { dayIn } from '../pipeline/calendar.ts';
import { isOpen } from '../pipeline/change.ts';
import { readCorrections } from '../pipeline/corrections.ts';
import type { Deal, Opportunity } from '../pipeline/deal.ts';
import { EDITABLE, type EditableId, editableNow, standing } from '../pipeline/fields.ts';
import { can } from '../pipeline/policy.ts';
import { type Corrections, correct, submission } from '../pipeline/repair.ts';
import { oneLine } from '../pipeline/text.ts';
import type { Loaded } from '../store/deals.ts';
import { nothingChanged, repairForm } from '../views/repair.ts';
import { quoted } from '../views/terms.ts';
import { problem } from '../views/view.ts';
import { ago } from '../views/words.ts';
import { type Context, command, DealId } from './command.ts';
import { actOn, type Decision } from './deal.ts';

const said = z.string().max(4000).optional();
/** What AWS may ask to be corrected, by field. */
const Fields = {
  ...{ website: said, businessProblem: said, closeDate: said, partnerId: said },
  ...{ spendAmount: said, spendCurrency: said, estimationUrl: said },
  ...{ country: said, state: said, postalCode: said, city: said, street: said },
} satisfies Partial<Record<EditableId, typeof said>>;

const IDS = Object.keys(Fields) as (keyof typeof Fields)[];
const FIELD_NAMES = IDS.map((field) => EDITABLE[field].label.toLowerCase());

const Input = z.object({
  id: DealId,
  ...Fields,
  /** As typed: "website https://acme.com; close date 2026-12-31", or "submit". */
  changes: said,
  /** What AWS has is right: it is submitted again as it stands. */
  do: z.literal('submit').optional(),
  /** The form asked for every field: one that comes back blank was emptied. */
  shown: z.literal('yes').optional(),
});
type Input = z.infer<typeof Input>;

/** Answers what AWS asked to be corrected (sales guide, AWS opportunity review process). */
export const repair = command({
  verb: 'repair',
  about: 'act',
  opensForm: (input) => input.changes === undefined && input.do === undefined,
  summary: 'Correct what AWS asked for, or submit it again',
  usage: 'repair <deal> [: <changes>]',
  more: [
    `Fields: ${FIELD_NAMES.join(', ')}. Each begins with its name; a semicolon stands between two.`,
    '“submit” in the place of the changes submits it again as it stands.',
    'Such as: repair 3: website https://acme.com; close date 2026-12-31',
  ],
  takesDeal: true,
  input: Input,
  run: (input, context) => actOn('repair', input.id, context, (found) => decide(found, input, context)),
});

function decide(found: Loaded, input: Input, context: Context): Decision {
  const { deal } = found;
  const submits =
    input.do === 'submit' || /^submit(?: it)?(?: again)?[.!]?$/i.test(input.changes?.trim() ?? '');
  const verdict = can(context.actor, submits ? 'submit' : 'repair', deal, context.now);
  if (deal.kind !== 'opportunity' || !verdict.yes) return refuse(deal, verdict.yes ? '' : verdict.why);
  return submits ? submit(deal, found, context) : ask(deal, input, context);
}

const refuse = ({ company }: Deal, why: string): Decision => ({
  result: { reply: problem(`${company}: ${why}`), ok: false },
});

/** The form while nothing was said, or something is wrong, values kept; else one wish with all that differs. */
function ask(deal: Opportunity, input: Input, { actor, now }: Context): Decision {
  const today = dayIn(now, actor.timeZone);
  const typed = input.changes ? readCorrections(input.changes) : { values: answersOf(input) };
  if ('problem' in typed) return refuse(deal, typed.problem);
  const { values } = typed;
  const form = (errors: Corrections): Decision => ({
    result: {
      reply: repairForm(deal, { today, values, errors }),
      ...(Object.keys(errors).length > 0 ? { ok: false } : {}),
    },
  });
  if (Object.keys(values).length === 0 && !input.shown) return form({});
  const corrected = correct(deal, values, today);
  const errors = {
    ...('errors' in corrected ? corrected.errors : {}),
    ...(input.shown ? emptied(deal, values) : {}),
  };
  if (Object.keys(errors).length > 0) return form(errors);
  if ('wish' in corrected) return { wanted: [{ wish: corrected.wish }] };
  return { result: { reply: nothingChanged(deal), ok: false } };
}

const answersOf = (input: Input): Corrections =>
  Object.fromEntries(
    IDS.flatMap((field) => {
      const answer = input[field];
      return answer?.trim() ? [[field, answer]] : [];
    }),
  );

/** AWS wants most of it, and a blank answer is no new value: it is asked back instead of being passed over. */
function emptied(deal: Opportunity, values: Corrections): Corrections {
  const blank = editableNow(deal).filter(
    (field) => field !== 'closeDate' && !values[field] && standing(deal, field)?.trim(),
  );
  return Object.fromEntries(
    blank.map((field) => [
      field,
      `“${EDITABLE[field].label}” cannot be emptied from here, only changed. It is still ${quoted(standing(deal, field) ?? '', 80)}.`,
    ]),
  );
}

/** Policy has asked AWS's status; what is under way already is not asked twice. */
function submit(deal: Opportunity, { changes }: Loaded, { actor, now }: Context): Decision {
  const before = changes.find(({ wish, state }) => wish.kind === 'submit' && isOpen(state));
  if (!before) return { wanted: [{ wish: submission(deal) }] };
  const who = before.person.id === actor.id ? 'You' : oneLine(before.person.name);
  return refuse(
    deal,
    `${who} submitted it ${ago(before.requestedAt, now)}; it is on its way. Nothing more was sent.`,
  );
}
