/** Values of an opportunity, as a wish has them: are they there already, and where in AWS's record do they go? */
import type { Values } from '../pipeline/change.ts';
import type { Opportunity } from '../pipeline/deal.ts';
import { EDITABLE, type EditableId, standing } from '../pipeline/fields.ts';
import { spendIndex } from './members.ts';
import { listAt, type Setting, sameText } from './raw.ts';

export const keysOf = (values: Values): EditableId[] => Object.keys(values) as EditableId[];

/** What of the wanted values does not stand at AWS yet. */
export const missing = (opportunity: Opportunity, wanted: Values): EditableId[] =>
  keysOf(wanted).filter((field) => !same(field, standing(opportunity, field), wanted[field]));

/** Amounts compare as numbers, the rest as AWS keeps texts. Nothing and an empty text are the same. */
export const same = (field: EditableId, one: string | undefined, other: string | undefined): boolean =>
  EDITABLE[field].kind === 'money' ? plainAmount(one) === plainAmount(other) : sameText(one, other);

/** "0900.50" → "900.5". As text: AWS takes 31 digits, more than a JavaScript number holds. */
function plainAmount(amount = ''): string {
  const [, whole = '', cents = ''] = /^0*(\d*)(?:\.(\d*?)0*)?$/.exec(amount.trim()) ?? [];
  if (whole === '' && cents === '') return /\d/.test(amount) ? '0' : amount.trim();
  return `${whole || '0'}${cents && `.${cents}`}`;
}

/** What stands at AWS now, of what was to be set. */
export const foundOf = (opportunity: Opportunity, set: Values): Values =>
  Object.fromEntries(
    keysOf(set).flatMap((field) => {
      const value = standing(opportunity, field);
      return value === undefined ? [] : [[field, value]];
    }),
  );

/** What UpdateOpportunity wants beside an amount (service model, ExpectedCustomerSpend; ACE data model). */
const NEW_SPEND = { CurrencyCode: 'USD', Frequency: 'Monthly', TargetCompany: 'AWS' };

/**
 * Where those fields are written in that record. Of the spend it is the entry for AWS, made where there is none. An empty
 * value is left out: AWS takes that for nothing, and many of its patterns refuse the empty text.
 */
export function settings(fresh: unknown, set: Values, fields: readonly EditableId[]): Setting[] {
  const entries = listAt(fresh, ['Project', 'ExpectedCustomerSpend']);
  const found = spendIndex(entries);
  const index = String(found >= 0 ? found : entries.length);
  const asked = fields.map((field): Setting => {
    const path = EDITABLE[field].awsPath.map((key) => (key === 'AWS' ? index : key));
    const value = set[field];
    return value ? { path, value } : { path };
  });
  const makesEntry = found < 0 && asked.some(({ path }) => path.includes('ExpectedCustomerSpend'));
  if (!makesEntry) return asked;
  const entry = Object.entries(NEW_SPEND).map(([member, value]): Setting => {
    return { path: ['Project', 'ExpectedCustomerSpend', index, member], value };
  });
  return [...entry, ...asked];
}
