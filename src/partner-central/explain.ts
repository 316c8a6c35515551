/** What an error of Partner Central means to the person, in our words; nothing of the record's content. */
import { FIELDS } from '../pipeline/fields.ts';
import {
  classify,
  facts,
  operationOf,
  SIGN_IN,
  TaskFailed,
  type Trouble,
  violations,
  word,
} from './errors.ts';

/** A kind sentence for the person, from AWS's field names and codes; nothing of the record's content. */
export function explain(error: unknown): string {
  const trouble = classify(error);
  if (trouble === 'unavailable' && SIGN_IN.test(facts(error).name)) return SIGN_IN_SENTENCE;
  if (trouble !== 'refused') return SENTENCES[trouble];
  const operation = operationOf(error) ?? '';
  const said = violations(error)
    .slice(0, 5)
    .map(
      ({ field, code }) =>
        PHRASES[`${operation} ${lastName(field).toLowerCase()}`] ??
        `${label(field)} ${own(CODES, code) ?? 'was not accepted'}`,
    );
  if (said.length > 0)
    return `AWS did not take this: ${[...new Set(said)].join('; ')}. Correct it and try again.`;
  const reason = error instanceof TaskFailed ? reasonInWords(error.reasonCode) : '';
  return `AWS did not take this${reason || ' and named no reason'}. Look at it in Partner Central.`;
}

/** With AWS's own term behind it, to name when asking AWS Support. */
function reasonInWords(code: string | undefined): string {
  const term = words(word(code)).toLowerCase();
  const meaning = own(REASONS, code);
  return `${meaning ? `: ${meaning}` : ''}${term ? ` (${term})` : ''}`;
}

const CODES: Record<string, string> = {
  REQUIRED_FIELD_MISSING: 'is missing',
  INVALID_ENUM_VALUE: 'is not one of the values AWS knows',
  INVALID_STRING_FORMAT: 'is not in the form AWS expects',
  INVALID_VALUE: 'is not a value AWS accepts',
  TOO_MANY_VALUES: 'has too many entries',
  NOT_ENOUGH_VALUES: 'has too few entries',
  ACTION_NOT_PERMITTED: 'may not be changed now',
  DUPLICATE_KEY_VALUE: 'is already in use elsewhere',
  INVALID_RESOURCE_STATE: 'may not be changed now',
  VALUE_OUT_OF_RANGE: 'is out of range',
};

/** Our own words for AWS's members, by their last name; the catalogue's where it has them. */
const LABELS: Record<string, string> = {
  ...Object.fromEntries(
    Object.values(FIELDS)
      .filter(({ kind, awsPath: [first] }) => kind !== 'person' && first !== 'aws')
      .map(({ label, awsPath }) => [awsPath.at(-1)?.toLowerCase(), label]),
  ),
  expectedcustomerspend: FIELDS.spendAmount.label,
  othersolutiondescription: FIELDS.solutions.label,
  relatedentityidentifier: FIELDS.solutions.label,
  email: 'E-mail address',
  rejectionreason: 'Reason',
  qualificationstatus: 'Lead status',
  customeraction: 'What happened',
  interaction: 'What happened',
  interactions: 'What happened',
};

/** Whole sentences where the code alone would not tell what to do, by operation and member. */
const PHRASES: Record<string, string> = {
  'AssignOpportunity email':
    'Partner Central has no active user with this e-mail address; your alliance lead can add one there',
  'AssociateOpportunity relatedentityidentifier':
    'AWS does not take this solution; it may no longer be active, so choose another',
  'UpdateEngagementContext interactions': 'the lead has as many notes of what happened as AWS keeps',
  'UpdateEngagementContext interaction': 'the lead takes no further note of what happened',
};

/** What AWS's reasons of a task that failed mean to a person (service model, ReasonCode). */
const REASONS: Record<string, string> = {
  OpportunityValidationFailed: 'something it needs is missing or not right',
  OpportunitySubmissionFailed: 'the submission did not go through',
  InvitationValidationFailed: 'the invitation is not in order any more',
  EngagementValidationFailed: 'AWS could not set up its side',
  ResourceSnapshotValidationFailed: 'AWS could not set up its side',
  ResourceSnapshotJobValidationFailed: 'AWS could not set up its side',
  ContextNotFound: 'AWS does not find the lead in it',
  CustomerProjectContextNotPermitted: 'the lead has become a project already',
  DisqualifiedLeadNotPermitted: 'the lead is disqualified',
};

const SENTENCES: Record<Exclude<Trouble, 'refused'>, string> = {
  throttled: 'AWS asks for patience: too much at once. Nothing to do, it goes through a little later.',
  unavailable: 'AWS did not answer. Nothing to do, I keep trying.',
  conflict: 'This changed in Partner Central at the same moment. Look at it again before you repeat it.',
  locked: 'AWS takes no changes of this opportunity at the moment. It may be under review.',
  'not-found': 'AWS no longer has this, or no longer shows it to us.',
  denied: 'AWS does not allow us this. Your alliance lead can look into the permissions.',
  bug: 'Something went wrong on our side. Nothing was changed in Partner Central as far as we know.',
};
const SIGN_IN_SENTENCE = 'We cannot sign in to AWS at the moment. Whoever runs ace-desk needs to look at it.';

const lastName = (field: string | undefined): string =>
  field
    ?.split(/[^A-Za-z]+/)
    .filter(Boolean)
    .at(-1) ?? '';

const label = (field: string | undefined): string => {
  const last = lastName(field);
  return own(LABELS, last.toLowerCase()) ?? (words(last) || 'One value');
};

/** Never an inherited member: the key is AWS's word. */
const own = (words: Record<string, string>, key = ''): string | undefined =>
  Object.hasOwn(words, key) ? words[key] : undefined;

/** "targetCloseDate" → "Target close date". */
const words = (camel = ''): string => {
  const spaced = camel.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};
