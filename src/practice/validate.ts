/** Checks a request against its shape and words what is wrong as the service does. */
import type { z } from 'zod';
import { type Doc, type Json, mapTexts } from './json.ts';
import { type ErrorCode, type FieldError, malformed } from './wire.ts';

/** The request as its shape types it. Throws a ValidationException with one line for each fault. */
export function validate<Input>(shape: z.ZodType<Input>, body: Doc): Input {
  const unreadable = findUnreadable(body);
  if (unreadable) throw malformed([unreadable]);
  const result = shape.safeParse(body);
  if (!result.success) throw malformed(result.error.issues.map((issue) => toFieldError(issue, body)));
  return result.data;
}

type Issue = z.core.$ZodIssue;

function toFieldError(issue: Issue, body: Doc): FieldError {
  const FieldName = issue.path.map((step) => lowerFirst(String(step))).join('.');
  const Code = codeOf(issue, body);
  return { FieldName, Code, Message: `'${FieldName}' failed to satisfy constraint: ${RULES[Code]}` };
}

/** AWS names fields as `project.title` (ACE data model, error messages). */
const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

function codeOf(issue: Issue, body: Doc): ErrorCode {
  if (valueAt(body, issue.path) === undefined) return 'REQUIRED_FIELD_MISSING';
  switch (issue.code) {
    case 'invalid_value':
      return 'INVALID_ENUM_VALUE';
    case 'invalid_format':
    case 'custom':
      return 'INVALID_STRING_FORMAT';
    case 'too_big':
      return issue.origin === 'array' ? 'TOO_MANY_VALUES' : 'VALUE_OUT_OF_RANGE';
    case 'too_small':
      return issue.origin === 'array' ? 'NOT_ENOUGH_VALUES' : 'VALUE_OUT_OF_RANGE';
    default:
      return 'INVALID_VALUE';
  }
}

const RULES: Record<ErrorCode, string> = {
  REQUIRED_FIELD_MISSING: 'Member must not be null.',
  INVALID_ENUM_VALUE: 'Member must satisfy enum value set.',
  INVALID_STRING_FORMAT: 'Member must satisfy its pattern and length.',
  INVALID_VALUE: 'Member has the wrong type.',
  TOO_MANY_VALUES: 'Member has too many values.',
  NOT_ENOUGH_VALUES: 'Member has too few values.',
  VALUE_OUT_OF_RANGE: 'Member is out of range.',
  INVALID_RESOURCE_STATE: 'The resource is in another state.',
  DUPLICATE_KEY_VALUE: 'Member must be unique.',
  ACTION_NOT_PERMITTED: 'The action is not permitted.',
};

function valueAt(body: Doc, path: readonly PropertyKey[]): unknown {
  let value: unknown = body;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

/** NUL and half a surrogate pair are no text to a database; a real service would not take them either. */
const UNREADABLE = /\0|[\uD800-\uDFFF]/u;

function findUnreadable(body: Json): FieldError | undefined {
  let found = false;
  mapTexts(body, (text) => {
    found ||= UNREADABLE.test(text);
    return text;
  });
  const Message = 'A text of the request holds characters that are not text.';
  return found ? { FieldName: 'request', Code: 'INVALID_STRING_FORMAT', Message } : undefined;
}
