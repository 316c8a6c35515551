/** What an error of Partner Central means to us, to the person and to the operator. */

/**
 * throttled: too fast, or a quota is used up. unavailable: no usable answer (the call may have been carried out).
 * conflict: the record or the invitation moved meanwhile. locked: AWS takes no change of this opportunity now.
 * refused: AWS said no to what was asked. not-found, denied: gone, or not ours. bug: ours.
 */
export type Trouble =
  | 'throttled'
  | 'unavailable'
  | 'conflict'
  | 'locked'
  | 'refused'
  | 'not-found'
  | 'denied'
  | 'bug';

/** An asynchronous task that AWS ended as FAILED; carries AWS's ReasonCode. */
export class TaskFailed extends Error {
  override name = 'TaskFailed';
  constructor(readonly reasonCode: string | undefined) {
    super(`Task failed: ${word(reasonCode) ?? 'no reason given'}`);
  }
}

/** Names that AWS and its gateways use, beside the SDK's own. HTTP statuses do not tell: most refusals are a 400. */
const NAMES: Record<string, Trouble> = {
  ThrottlingException: 'throttled',
  ThrottledException: 'throttled',
  Throttling: 'throttled',
  TooManyRequestsException: 'throttled',
  RequestLimitExceeded: 'throttled',
  SlowDown: 'throttled',
  ServiceQuotaExceededException: 'throttled',
  InternalServerException: 'unavailable',
  InternalServerError: 'unavailable',
  InternalFailure: 'unavailable',
  ServiceUnavailable: 'unavailable',
  ServiceUnavailableException: 'unavailable',
  RequestTimeout: 'unavailable',
  TimeoutError: 'unavailable',
  AbortError: 'unavailable',
  ConflictException: 'conflict',
  ResourceNotFoundException: 'not-found',
  AccessDeniedException: 'denied',
  AccessDenied: 'denied',
  SerializationException: 'bug',
  UnknownOperationException: 'bug',
  Unknown: 'bug',
};

/** Our own sign-in to AWS fails: the operator mends it, and what people asked waits rather than being refused. */
const SIGN_IN =
  /^(CredentialsProviderError|TokenProviderError|ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken|RequestExpired|RequestTimeTooSkewed|OptInRequired)/;

const NETWORK =
  /^(ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EPROTO|ERR_(TLS|SSL)\w*|CERT_\w+|DEPTH_ZERO\w+|SELF_SIGNED\w+|UNABLE_TO\w+)$/;

const TASK_REASONS: readonly [RegExp, Trouble][] = [
  [/AccessDenied$/, 'denied'],
  [/Conflict$/, 'conflict'],
  [/^(RequestThrottled|ServiceQuotaExceeded)$/, 'throttled'],
  [/^InternalError$/, 'unavailable'],
];

/** "Not permitted in the current state" (service model, ValidationExceptionErrorCode). */
const STATE_CODES = ['ACTION_NOT_PERMITTED', 'INVALID_RESOURCE_STATE'];
/** Only an opportunity is unlocked again after AWS's review; an invitation that is over stays over. */
const LOCKABLE = [undefined, 'UpdateOpportunity', 'AssignOpportunity'];

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

/** Where the field's own name would not do. */
const LABELS: Record<string, string> = {
  nextsteps: 'Next step',
  title: 'Project title',
  amount: 'Estimated AWS monthly recurring revenue',
  websiteurl: 'Customer website',
  companyname: 'Customer company name',
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

/** The operation an error came from, noted by the wire: the SDK's errors do not say. */
const operations = new WeakMap<object, string>();
export const noteOperation = (error: unknown, operation: string): void => {
  if (typeof error === 'object' && error !== null) operations.set(error, operation);
};

/** Sorts an error by its name, Reason and ErrorList codes, never by the HTTP status. */
export function classify(error: unknown): Trouble {
  if (error instanceof TaskFailed)
    return TASK_REASONS.find(([is]) => is.test(error.reasonCode ?? ''))?.[1] ?? 'refused';
  const { name, code, fault, answered } = facts(error);
  if (name === 'ValidationException') return isLocked(error) ? 'locked' : 'refused';
  if (SIGN_IN.test(name) || (code && NETWORK.test(code))) return 'unavailable';
  // A body that is no JSON: a proxy's page, or an answer cut short. What was asked may have been done.
  if (name === 'SyntaxError' && answered) return 'unavailable';
  if (fault === 'server' && NAMES[name] !== 'throttled') return 'unavailable';
  // An exception of AWS that is newer than this list is still a refusal, not our bug.
  return NAMES[name] ?? (fault === 'client' ? 'refused' : 'bug');
}

/** A kind sentence for the person, from AWS's field names and codes; nothing of the record's content. */
export function explain(error: unknown): string {
  const trouble = classify(error);
  if (trouble === 'unavailable' && SIGN_IN.test(facts(error).name)) return SIGN_IN_SENTENCE;
  if (trouble !== 'refused') return SENTENCES[trouble];
  const said = violations(error)
    .slice(0, 5)
    .map(({ field, code }) => `${label(field)} ${CODES[code ?? ''] ?? 'was not accepted'}`);
  if (said.length > 0)
    return `AWS did not take this: ${[...new Set(said)].join('; ')}. Correct it and try again.`;
  const reason = error instanceof TaskFailed ? words(error.reasonCode) : '';
  return `AWS did not take this${reason ? ` (${reason.toLowerCase()})` : ' and named no reason'}. Look at it in Partner Central.`;
}

/** AWS's id of the answer, to name when asking AWS Support. */
export const requestIdOf = (error: unknown): string | undefined => facts(error).requestId;

/** A throttle that lasts: a quota of engagements is used up, so wait minutes rather than seconds. */
export const isQuota = (error: unknown): boolean =>
  facts(error).name === 'ServiceQuotaExceededException' ||
  (error instanceof TaskFailed && error.reasonCode === 'ServiceQuotaExceeded');

/** What a log may hold of an error. No message: AWS's, the SDK's and the parser's may quote customer data. */
export function operatorView(error: unknown): Record<string, unknown> {
  const { name, code, requestId, status } = facts(error);
  const found = violations(error);
  return Object.fromEntries(
    Object.entries({
      trouble: classify(error),
      name,
      operation: typeof error === 'object' && error ? operations.get(error) : undefined,
      requestId,
      status,
      code,
      reason: error instanceof TaskFailed ? word(error.reasonCode) : word(member(error, 'Reason')),
      codes: found.length > 0 ? found.map((one) => one.code) : undefined,
      fields: found.length > 0 ? found.map((one) => one.field) : undefined,
    }).filter(([, value]) => value !== undefined),
  );
}

function isLocked(error: unknown): boolean {
  const found = violations(error);
  const operation = typeof error === 'object' && error ? operations.get(error) : undefined;
  return (
    found.length > 0 &&
    LOCKABLE.includes(operation) &&
    found.every(({ code }) => STATE_CODES.includes(code ?? ''))
  );
}

const violations = (error: unknown): { field: string | undefined; code: string | undefined }[] => {
  const list = member(error, 'ErrorList');
  return (Array.isArray(list) ? list : []).map((one: unknown) => ({
    field: word(member(one, 'FieldName')),
    code: word(member(one, 'Code')),
  }));
};

function facts(error: unknown) {
  const metadata = member(error, '$metadata');
  const status = member(metadata, 'httpStatusCode');
  return {
    name: word(member(error, 'name')) ?? 'Unnamed',
    code: word(member(error, 'code')),
    fault: member(error, '$fault'),
    answered: metadata !== undefined,
    requestId: word(member(metadata, 'requestId')),
    status: typeof status === 'number' ? status : undefined,
  };
}

const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

/** A name or code, never a sentence: anything else is not let through. */
const word = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[\w.$:#[\]/-]{1,120}$/.test(value) ? value : undefined;

const label = (field: string | undefined): string => {
  const last = field
    ?.split(/[^A-Za-z]+/)
    .filter(Boolean)
    .at(-1);
  return (last && LABELS[last.toLowerCase()]) ?? (words(last) || 'One value');
};

/** "targetCloseDate" → "Target close date". */
const words = (camel = ''): string => {
  const spaced = camel.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};
