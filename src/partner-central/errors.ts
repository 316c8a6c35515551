/** What an error of Partner Central means to us and to the operator; `explain.ts` says it to the person. */

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
export const SIGN_IN =
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

/** The operation an error came from, noted by the wire: the SDK's errors do not say. */
const operations = new WeakMap<object, string>();
export const noteOperation = (error: unknown, operation: string): void => {
  if (typeof error === 'object' && error !== null) operations.set(error, operation);
};

export const operationOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error ? operations.get(error) : undefined;

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
      operation: operationOf(error),
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
  return (
    found.length > 0 &&
    LOCKABLE.includes(operationOf(error)) &&
    found.every(({ code }) => STATE_CODES.includes(code ?? ''))
  );
}

/** What a ValidationException names, line by line. */
export const violations = (error: unknown): { field: string | undefined; code: string | undefined }[] => {
  const list = member(error, 'ErrorList');
  return (Array.isArray(list) ? list : []).map((one: unknown) => ({
    field: word(member(one, 'FieldName')),
    code: word(member(one, 'Code')),
  }));
};

export function facts(error: unknown) {
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
export const word = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[\w.$:#[\]/-]{1,120}$/.test(value) ? value : undefined;
