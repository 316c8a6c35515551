/** What people asked for, in plain words. */
import { plainDay } from '../pipeline/calendar.ts';
import { type Change, isLocal, type Named, type Wish } from '../pipeline/change.ts';
import type { Day } from '../pipeline/deal.ts';
import { type CatalogueEntry, EDITABLE, type EditableId } from '../pipeline/fields.ts';
import { fullName } from '../pipeline/person.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import { quoted } from './terms.ts';

type Update = Extract<Wish, { kind: 'update' }>;
type LeadUpdate = Extract<Wish, { kind: 'update-lead' }>;

/** "acceptance", "stage and next step", "change of owner to Ana Silva": fits after "your" and "the". */
export function wishInWords(wish: Wish): string {
  switch (wish.kind) {
    case 'accept':
      return wish.for ? `acceptance for ${nameOfPerson(wish.for)}` : 'acceptance';
    case 'reject':
      return 'rejection';
    case 'assign':
      return `change of ${wish.as ? 'AWS Partner sales contact' : 'owner'} to ${nameOfPerson(wish.to)}`;
    case 'own':
      return `change of owner to ${nameOfPerson(wish.to)}`;
    case 'associate':
      return `solution ${quoted(wish.solution.name, 80)}`;
    case 'update':
      return someOf(fieldsOf(wish).map(labelOf)) || 'update';
    case 'submit':
      return 'submission';
    case 'update-lead':
      return someOf(leadParts(wish).map(([label]) => label)) || 'update';
    case 'offer':
      if (wish.purged) return 'offer';
      return wish.to.length === 0 ? 'withdrawal of the offer' : `offer to ${namesOf(wish)}`;
  }
}

/** What exactly was asked, old → new: "next step “demo” (was “call”), close date Fri 14 Nov → Fri 28 Nov". */
export function wishInFull(wish: Wish, today: Day): string {
  if (wish.purged) return `${wishInWords(wish)} (no longer kept word for word)`;
  switch (wish.kind) {
    case 'reject':
      return `rejection, reason ${quoted(wish.reason)}`;
    case 'assign':
    case 'own': {
      const was = wish.was && (oneLine(wish.was.name) || oneLine(wish.was.email));
      return was ? `${wishInWords(wish)} (was ${was})` : wishInWords(wish);
    }
    case 'update':
      return fieldsOf(wish)
        .map((field) => moveInWords(field, wish.base[field], wish.set[field] ?? '', today))
        .join(', ');
    case 'submit':
      return wish.involvement === 'Co-Sell'
        ? `submission to AWS (co-sell, ${wish.visibility.toLowerCase()} visibility)`
        : 'submission to AWS (for visibility only)';
    case 'update-lead':
      return leadParts(wish)
        .map(([label, value]) => `${label} ${value}`)
        .join(', ');
    default:
      return wishInWords(wish);
  }
}

/** The texts of a wish that somebody wrote, so that none is lost with it. */
export function textsOf(wish: Wish): string[] {
  if (wish.kind === 'update')
    return [wish.set.nextStep, wish.set.businessProblem].filter((text) => text !== undefined);
  return wish.kind === 'update-lead' && wish.interaction ? [wish.interaction.customerAction] : [];
}

/** What the desk itself settled: "Ana Silva offered it to Priya Raman". `who`: "you" for the reader. */
export function deedInWords({ wish }: Change, who: string): string {
  if (wish.kind === 'offer' && wish.purged) return `${who} offered it, or withdrew an offer`;
  if (wish.kind === 'offer')
    return wish.to.length === 0 ? `${who} withdrew the offer` : `${who} offered it to ${namesOf(wish)}`;
  if (!isLocal(wish) || wish.kind !== 'own') return `${who} asked for ${wishInWords(wish)}`;
  const was = wish.was && (oneLine(wish.was.name) || oneLine(wish.was.email));
  return `${who} made ${nameOfPerson(wish.to)} the owner${was ? ` (was ${was})` : ''}`;
}

/** A value of the catalogue as it is shown: days in words, texts in quotes, of an account ID the end alone. */
export function valueInWords(field: EditableId, value: string, today: Day, max = 255): string {
  const { kind }: CatalogueEntry = EDITABLE[field];
  if (field === 'awsAccountId') return `ending in ${oneLine(value).slice(-4)}`;
  if (kind === 'day') return plainDay(value, today);
  if (kind === 'money') return amountInWords(value);
  return kind === 'choice' ? cut(oneLine(value), 80) : quoted(value, max);
}

/** "Next step" → "next step"; what begins with an abbreviation stays. */
export const labelOf = (field: EditableId): string => {
  if (field === 'partnerId') return 'own id';
  const { label } = EDITABLE[field];
  return /^[A-Z][a-z]/.test(label) ? label[0]?.toLowerCase() + label.slice(1) : label;
};

/** What is to be set, the stage first. */
export const fieldsOf = ({ set }: Update): EditableId[] => ORDER.filter((field) => set[field] !== undefined);

const ORDER = (Object.keys(EDITABLE) as EditableId[]).sort(
  (a, b) => Number(b === 'stage') - Number(a === 'stage'),
);

export const nameOfPerson = (person: Named): string => oneLine(fullName(person)) || oneLine(person.email);

const MOST_NAMES = 5;

function namesOf({ to }: Extract<Wish, { kind: 'offer' }>): string {
  const names = to.slice(0, MOST_NAMES).map(({ name }) => cut(oneLine(name), 80));
  const more = to.length - names.length;
  return joined(more > 0 ? [...names, `${more} more`] : names);
}

/** Of many fields the first two. */
const someOf = (parts: string[]): string =>
  joined(parts.length > 3 ? [...parts.slice(0, 2), `${parts.length - 2} more fields`] : parts);

const joined = (parts: string[]): string =>
  parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

function leadParts({ base, set, interaction }: LeadUpdate): [label: string, value: string][] {
  const from = base.status ? `${oneLine(base.status)} → ` : '';
  return [
    ...(set.status ? [['lead status', `${from}${set.status}`] as [string, string]] : []),
    ...(interaction
      ? [['note on what happened', quoted(interaction.customerAction)] as [string, string]]
      : []),
  ];
}

/** A text with what stood there behind it, anything else as old → new. */
function moveInWords(field: EditableId, was: string | undefined, value: string, today: Day): string {
  const isText = EDITABLE[field].kind === 'text' && field !== 'awsAccountId';
  const now = valueInWords(field, value, today);
  const before = was === undefined || was === '' ? undefined : valueInWords(field, was, today, 80);
  if (isText) return `${labelOf(field)} ${now}${before ? ` (was ${before})` : ''}`;
  return `${labelOf(field)} ${before ? `${before} → ` : ''}${now}`;
}

const AMOUNT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

const amountInWords = (amount: string): string =>
  /^\d{1,15}(\.\d{1,2})?$/.test(amount) ? AMOUNT.format(Number(amount)) : cut(oneLine(amount), 30);
