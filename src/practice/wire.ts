/** AWS JSON 1.0 as it goes over the wire: bodies, answers, refusals. */
import { randomUUID } from 'node:crypto';
import { LosslessNumber, parse, stringify } from 'lossless-json';
import { type Doc, isDoc, type Json } from './json.ts';

/** What the SDK hands to its request handler, as far as a service looks at it. */
export interface WireRequest {
  headers: Record<string, string>;
  body?: unknown;
}

export interface WireResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** One line of a ValidationException's ErrorList. */
export interface FieldError {
  FieldName: string;
  Code: ErrorCode;
  Message: string;
}

/** ValidationExceptionErrorCode of the service model. */
export type ErrorCode =
  | 'REQUIRED_FIELD_MISSING'
  | 'INVALID_ENUM_VALUE'
  | 'INVALID_STRING_FORMAT'
  | 'INVALID_VALUE'
  | 'NOT_ENOUGH_VALUES'
  | 'TOO_MANY_VALUES'
  | 'INVALID_RESOURCE_STATE'
  | 'DUPLICATE_KEY_VALUE'
  | 'VALUE_OUT_OF_RANGE'
  | 'ACTION_NOT_PERMITTED';

const STATUS = {
  ValidationException: 400,
  ThrottlingException: 429,
  AccessDeniedException: 403,
  ResourceNotFoundException: 404,
  ConflictException: 409,
  InternalServerException: 500,
  UnknownOperationException: 404,
  SerializationException: 400,
  MissingAuthenticationTokenException: 403,
  InvalidSignatureException: 403,
} as const;

type Reason = 'REQUEST_VALIDATION_FAILED' | 'BUSINESS_VALIDATION_FAILED';

/** The service's own no. Thrown by operations, answered as an error body; its text never holds customer data. */
export class Refusal extends Error {
  constructor(
    readonly type: keyof typeof STATUS,
    message: string,
    readonly reason?: Reason,
    readonly errors: FieldError[] = [],
  ) {
    super(message);
  }
}

/** The request itself is malformed: a missing member, a pattern, a length. */
export const malformed = (errors: FieldError[]): Refusal =>
  new Refusal('ValidationException', 'The request failed validation.', 'REQUEST_VALIDATION_FAILED', errors);

/** The request is well formed, but a rule of the business forbids it. */
export const forbidden = (errors: FieldError[]): Refusal =>
  new Refusal(
    'ValidationException',
    'The request failed business validation.',
    'BUSINESS_VALIDATION_FAILED',
    errors,
  );

export const notFound = (what: string): Refusal =>
  new Refusal('ResourceNotFoundException', `${what} was not found.`);

/** The request's body as plain JSON. A null member is an absent one (AWS JSON). Throws a Refusal. */
export function fromBody(body: unknown): Doc {
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body ?? '');
  let value: Json;
  try {
    value = plain(parse(text || '{}', null, exact));
  } catch {
    // Whatever the parser disliked, the service says only this.
    throw new Refusal('SerializationException', 'The request body is not valid JSON.');
  }
  if (!isDoc(value)) throw new Refusal('SerializationException', 'The request body is not an object.');
  return value;
}

export const toResponse = (answer: Doc): WireResponse => respond(200, answer);

/** An error answer, as the SDK reads it: `__type`, Message, Reason, ErrorList. */
export function toErrorResponse(refusal: Refusal): WireResponse {
  return respond(STATUS[refusal.type], {
    __type: `com.amazonaws.partnercentralselling#${refusal.type}`,
    Message: refusal.message,
    ...(refusal.reason ? { Reason: refusal.reason } : {}),
    ...(refusal.errors.length > 0 ? { ErrorList: refusal.errors.map((error) => ({ ...error })) } : {}),
  });
}

function respond(statusCode: number, answer: Doc): WireResponse {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID() };
  return { statusCode, headers, body: new TextEncoder().encode(toText(answer)) };
}

const isExact = (value: unknown): value is { $number: string } =>
  typeof value === 'object' && value !== null && '$number' in value && /^-?\d/.test(String(value.$number));

function toText(answer: Doc): string {
  const text = JSON.stringify(answer);
  if (!text.includes('"$number"')) return text;
  return (
    stringify(answer, (_, value) => (isExact(value) ? new LosslessNumber(value.$number) : value)) ?? text
  );
}

const exact = (text: string): unknown => (String(Number(text)) === text ? Number(text) : { $number: text });

function plain(value: unknown): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
    return Object.fromEntries(members.map(([name, inner]) => [name, plain(inner)]));
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return null;
}
