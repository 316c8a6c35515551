/** The move of the verb `repair`: one update of what AWS asked to be corrected, checked beforehand as AWS does it. */
import type { Values, Wish } from './change.ts';
import { countryOf, usStateOf } from './countries.ts';
import type { Day, Opportunity } from './deal.ts';
import { type CatalogueEntry, EDITABLE, type EditableId, editableNow, standing } from './fields.ts';
import { closeDateError, type Update, updateOf } from './opportunity.ts';
import { SPEND_CURRENCIES } from './picklists.ts';
import { clean, length, oneLine } from './text.ts';

export type Corrections = Partial<Record<EditableId, string>>;

/** An update of only what differs; `same` when nothing does; or what is wrong, by field. */
export type Corrected = { wish: Update } | { same: true } | { errors: Corrections };

/**
 * @param asked new values by field, as people write them; what is absent or blank stays as it is.
 * @param today the person's local day: the close date is a local due date.
 */
export function correct(opportunity: Opportunity, asked: Corrections, today: Day): Corrected {
  const fields = editableNow(opportunity);
  const wanted: Values = Object.fromEntries(
    fields.flatMap((field) => {
      const value = written(field, asked[field] ?? '');
      return value === '' || isSame(field, value, written(field, standing(opportunity, field) ?? ''))
        ? []
        : [[field, value]];
    }),
  );
  const errors = errorsOf(opportunity, wanted, fields, today);
  const changesNothing = Object.keys(wanted).length === 0;
  // What is missing beside it is said once something is corrected: before, there is nothing to send.
  if (changesNothing && !errors.closeDate) return { same: true };
  if (Object.keys(errors).length > 0) return { errors };
  return { wish: updateOf(opportunity, wanted) };
}

/**
 * What AWS wants there anyway (ACE data model, Required): of a national security opportunity the customer's fields may stay
 * empty, and elsewhere the state may, but for the United States.
 */
export function isRequired(field: EditableId, opportunity: Pick<Opportunity, 'nationalSecurity'>): boolean {
  if (field === 'website' || field === 'country') return !opportunity.nationalSecurity;
  return ['businessProblem', 'spendAmount', 'spendCurrency', 'closeDate'].includes(field);
}

/** How it is submitted again: as it was; of national security always with full visibility (ACE data model). */
export const submission = ({
  involvement = 'Co-Sell',
  visibility = 'Full',
  nationalSecurity,
}: Pick<Opportunity, 'involvement' | 'visibility' | 'nationalSecurity'>): Extract<
  Wish,
  { kind: 'submit' }
> => ({
  kind: 'submit',
  involvement,
  visibility: nationalSecurity ? 'Full' : visibility,
});

/** As it is sent: cleaned, one line but for the business problem, picklist words as AWS spells them. */
function written(field: EditableId, said: string): string {
  const text = field === 'businessProblem' ? clean(said).trim() : oneLine(said);
  if (field === 'country') return countryOf(text) ?? text;
  if (field === 'spendCurrency') return text.toUpperCase();
  return field === 'state' ? (usStateOf(text) ?? text) : text;
}

/** "900.5" and "900.50" are the same amount. */
const isSame = (field: EditableId, one: string, other: string): boolean =>
  one === other || (field === 'spendAmount' && withoutZeros(one) === withoutZeros(other));

const withoutZeros = (amount: string): string =>
  AMOUNT.test(amount) && amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount;

function errorsOf(
  opportunity: Opportunity,
  wanted: Values,
  fields: readonly EditableId[],
  today: Day,
): Corrections {
  const after = (field: EditableId) => wanted[field] ?? standing(opportunity, field) ?? '';
  const wrong = fields.map((field): [EditableId, string | undefined] => {
    const value = wanted[field];
    if (field === 'closeDate') return [field, closeDateError(value, opportunity, today) ?? missing(field)];
    return [field, value === undefined ? missing(field) : (tooLong(field, value) ?? RULES[field]?.(value))];
  });
  function missing(field: EditableId): string | undefined {
    if (after(field) !== '') return undefined;
    if (field === 'state' && after('country') === 'US' && !opportunity.nationalSecurity) return A_STATE;
    return isRequired(field, opportunity)
      ? `“${EDITABLE[field].label}” is empty, and AWS wants it.`
      : undefined;
  }
  const stateOfUs = wanted.state !== undefined && after('country') === 'US' && !usStateOf(wanted.state);
  return Object.fromEntries([
    ...wrong.filter(([, words]) => words),
    ...(stateOfUs ? [['state', A_STATE] as const] : []),
  ]);
}

const A_STATE = 'AWS wants the state for the United States, by its English name, such as California.';

function tooLong(field: EditableId, value: string): string | undefined {
  const { label, limit = Number.POSITIVE_INFINITY }: CatalogueEntry = EDITABLE[field];
  const over = length(value) - limit;
  return over > 0
    ? `“${label}” has ${over} too many: AWS takes ${limit} characters. Please shorten it.`
    : undefined;
}

// Partner Central model, Amount; at least one cent (ACE data model).
const AMOUNT = /^(?:0|[1-9]\d{0,30})(?:\.\d{1,2})?$/;
// Partner Central model, EstimationUrl.
const ESTIMATE =
  /^https:\/\/(?:calculator\.aws|pricing\.calculator\.aws\.eu)\/#\/estimate\?id=[a-f0-9]{32,64}$/;
// ACE data model, WebsiteUrl, in a form that takes no longer on hostile input.
const WEBSITE = /^(?:https?:\/\/)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:[/?:][(-|]*)?$/i;
// Sales guide, Bulk import: "No social media pages are allowed."
const SOCIAL =
  /^(?:https?:\/\/)?(?:[a-z-]+\.)*(?:facebook|linkedin|instagram|twitter|x|youtube|tiktok)\.com(?:[/?:]|$)/i;

const RULES: Partial<Record<EditableId, (value: string) => string | undefined>> = {
  website: (value) => {
    if (length(value) < 4 || !WEBSITE.test(value))
      return 'Write a web address as AWS takes it, such as https://www.acme.com.';
    return SOCIAL.test(value)
      ? 'AWS takes no social media page as a website. Write the customer’s own.'
      : undefined;
  },
  country: (value) =>
    countryOf(value)
      ? undefined
      : 'AWS knows no such country. Write its English name or its code, such as DE.',
  businessProblem: (value) =>
    length(value) < 20 ? 'AWS wants at least 20 characters: what hurts the customer, and where.' : undefined,
  spendAmount: (value) =>
    AMOUNT.test(value) && Number(value) > 0
      ? undefined
      : 'Write an amount above 0 in digits, with a dot and at most 2 decimals, such as 12500.50.',
  spendCurrency: (value) =>
    SPEND_CURRENCIES.some((currency) => currency === value)
      ? undefined
      : `AWS takes ${SPEND_CURRENCIES.join(' or ')} here.`,
  estimationUrl: (value) =>
    ESTIMATE.test(value)
      ? undefined
      : 'Write the link that the AWS Pricing Calculator shares: https://calculator.aws/#/estimate?id=…',
};
