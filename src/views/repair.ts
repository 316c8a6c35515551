/** The questions about what AWS asked to be corrected, and about submitting it again. */
import { countryName } from '../pipeline/countries.ts';
import type { Day, Opportunity } from '../pipeline/deal.ts';
import { type CatalogueEntry, EDITABLE, type EditableId, editableNow, standing } from '../pipeline/fields.ts';
import { COUNTRIES, SPEND_CURRENCIES } from '../pipeline/picklists.ts';
import { type Corrections, isRequired } from '../pipeline/repair.ts';
import { closeDateField } from './form.ts';
import { longText, nameOf } from './terms.ts';
import { type Button, type Field, type Form, type Note, type Option, problem } from './view.ts';

/** What was typed so far and what is wrong with it. */
export interface RepairDraft {
  /** The person's local day. */
  today: Day;
  values: Corrections;
  errors: Corrections;
}

/** AWS's remark, then every field that is unlocked, as it stands or as it was typed. `shown`: it was asked by this form. */
export function repairForm(opportunity: Opportunity, draft: RepairDraft): Form {
  const { errors } = draft;
  return {
    kind: 'form',
    verb: 'repair',
    title: 'Repair',
    submit: 'Send to AWS',
    intro: [nameOf(opportunity), remark(opportunity), 'What you change goes out as one update.'],
    fields: editableNow(opportunity)
      .toSorted((one, other) => ORDER.indexOf(one) - ORDER.indexOf(other))
      .map((field) => fieldOf(field, opportunity, draft)),
    input: { id: opportunity.id, shown: 'yes' },
    ...(Object.keys(errors).length > 0 ? { errors: { ...errors } } : {}),
  };
}

/** There is nothing to send; what AWS asked for may be right already, then it is submitted as it stands. */
export const nothingChanged = (opportunity: Opportunity): Note => ({
  ...problem(`${nameOf(opportunity)}: that is what AWS has already, so nothing was sent.`, [
    remark(opportunity),
    'If it is right as it stands, submit it again.',
  ]),
  buttons: [submitButton(opportunity)],
});

/** Hands it to AWS for review once more; AWS then takes no changes until it is done. */
export const submitButton = ({ id }: Pick<Opportunity, 'id'>): Button => ({
  verb: 'repair',
  label: 'Submit to AWS',
  input: { id, do: 'submit' },
  confirm: {
    title: 'Submit to AWS?',
    text: 'AWS reviews it again and takes no changes until it is done.',
    yes: 'Submit',
    no: 'Not yet',
  },
});

const remark = ({ reviewComments }: Opportunity): string =>
  reviewComments
    ? `AWS’s remark: ${longText(reviewComments, 1000)}`
    : 'AWS asks for a correction and left no remark.';

/** What AWS asks about most comes first; an address stays together. */
const ORDER: readonly EditableId[] = [
  'website',
  'businessProblem',
  'closeDate',
  'spendAmount',
  'spendCurrency',
  'estimationUrl',
  'country',
  'state',
  'postalCode',
  'city',
  'street',
  'partnerId',
];

function fieldOf(field: EditableId, opportunity: Opportunity, draft: RepairDraft): Field {
  const { today, values, errors } = draft;
  const value = values[field] ?? standing(opportunity, field);
  const { label, limit = 40 }: CatalogueEntry = EDITABLE[field];
  const hint = HINTS[field];
  const common = {
    id: field,
    label,
    ...(hint ? { hint } : {}),
    ...(isRequired(field, opportunity) ? {} : { optional: true }),
    ...(value ? { value } : {}),
  };
  if (field === 'closeDate') return closeDate(opportunity, today, values.closeDate, errors.closeDate);
  if (field === 'country') return { ...common, kind: 'choice', options: COUNTRY_OPTIONS };
  if (field === 'spendCurrency') return { ...common, kind: 'choice', options: CURRENCY_OPTIONS };
  return {
    ...common,
    kind: 'text',
    maxLength: limit,
    ...(field === 'businessProblem' ? { multiline: true } : {}),
  };
}

/** The stored one where it may stay; where it is past, it is asked anew. */
function closeDate(
  opportunity: Opportunity,
  today: Day,
  typed: string | undefined,
  error: string | undefined,
): Field {
  const { closeDate: was } = opportunity;
  const kept = typed ?? (was !== undefined && was >= today ? was : undefined);
  return {
    ...closeDateField(opportunity, {
      today,
      ...(kept === undefined ? {} : { closeDate: kept }),
      ...(error === undefined ? {} : { errors: { closeDate: error } }),
    }),
    label: EDITABLE.closeDate.label,
  };
}

const HINTS: Partial<Record<EditableId, string>> = {
  website: 'The customer’s own, such as https://www.acme.com; no social media page.',
  businessProblem: 'At least 20 characters: what hurts the customer, and where.',
  spendAmount: 'A month, in digits with a dot: 12500.50',
  estimationUrl: 'The link that the AWS Pricing Calculator shares.',
  state: 'Needed for the United States, by its English name.',
  postalCode: 'Where the country has one.',
};

const COUNTRY_OPTIONS: Option[] = COUNTRIES.map((code) => ({ value: code, label: countryName(code) })).sort(
  (one, other) => one.label.localeCompare(other.label, 'en'),
);
const CURRENCY_OPTIONS: Option[] = SPEND_CURRENCIES.map((code) => ({ value: code, label: code }));
