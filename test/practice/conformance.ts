/** Reads a body against the service model of Partner Central, when that file is at hand. */
import { existsSync, readFileSync } from 'node:fs';

interface Shape {
  type: string;
  required?: string[];
  members?: Record<string, { shape: string }>;
  member?: { shape: string };
  key?: { shape: string };
  value?: { shape: string };
  /** Exactly one of its members is set. */
  union?: boolean;
  enum?: string[];
  pattern?: string;
  min?: number;
  max?: number;
}

interface Model {
  operations: Record<string, { input?: { shape: string }; output?: { shape: string } }>;
  shapes: Record<string, Shape>;
}

const PATH =
  process.env.PARTNER_CENTRAL_MODEL ??
  new URL('../../../shared/reference/partner-central-model.json', import.meta.url).pathname;

export const model: Model | undefined = existsSync(PATH) ? JSON.parse(readFileSync(PATH, 'utf8')) : undefined;

/** Members the practice sends on purpose although no model knows them. */
const FUTURE = ['FutureThing', 'AwsFutureField'];

/** What is wrong with the answer of an operation; empty without a model. */
export function faultsOf(operation: string, body: unknown): string[] {
  const output = model?.operations[operation]?.output?.shape;
  if (!model) return [];
  if (!output) return JSON.stringify(body) === '{}' ? [] : [`${operation}: a body where none belongs`];
  return check(model, output, body, operation);
}

/** What is wrong with a request for an operation, nulls counted as absent; empty without a model. */
export function faultsOfRequest(operation: string, body: unknown): string[] {
  if (!model) return [];
  const input = model.operations[operation]?.input?.shape;
  return input ? check(model, input, body, operation) : [`${operation}: no such operation`];
}

export function faultsOfError(type: string, body: unknown): string[] {
  if (!model) return [];
  return model.shapes[type] ? check(model, type, body, type, ['__type']) : [];
}

function check(known: Model, name: string, value: unknown, path: string, extra: string[] = []): string[] {
  const shape = known.shapes[name];
  if (!shape) return [`${path}: no shape ${name}`];
  switch (shape.type) {
    case 'structure':
      return checkStructure(known, shape, value, path, extra);
    case 'list':
      return Array.isArray(value)
        ? [
            ...bounds(shape, value.length, path),
            ...value.flatMap((one, at) => check(known, shape.member?.shape ?? '', one, `${path}[${at}]`)),
          ]
        : [`${path}: no list`];
    case 'string':
      return checkText(shape, value, path);
    case 'map':
      return checkMap(known, shape, value, path);
    case 'timestamp':
      return isMoment(value) ? [] : [`${path}: no time`];
    case 'integer':
      return Number.isInteger(value) ? bounds(shape, Number(value), path) : [`${path}: no integer`];
    default:
      return [`${path}: no rule for ${shape.type}`];
  }
}

/** As the SDK sends and reads it (timestampFormat iso8601). */
const isMoment = (value: unknown): boolean =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
  !Number.isNaN(Date.parse(value));

function checkMap(known: Model, shape: Shape, value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: no map`];
  return Object.entries(value).flatMap(([key, one]) => [
    ...check(known, shape.key?.shape ?? '', key, `${path} key ${key}`),
    ...check(known, shape.value?.shape ?? '', one, `${path}.${key}`),
  ]);
}

function checkStructure(known: Model, shape: Shape, value: unknown, path: string, extra: string[]): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: no structure`];
  const set = Object.entries(value).filter(([, one]) => one !== null && one !== undefined);
  const missing = (shape.required ?? []).filter((member) => !set.some(([name]) => name === member));
  const inner = set.flatMap(([member, one]) => {
    const target = shape.members?.[member];
    if (target) return check(known, target.shape, one, `${path}.${member}`);
    return [...FUTURE, ...extra].includes(member) ? [] : [`${path}.${member}: not in the model`];
  });
  const choice = shape.union && set.length !== 1 ? [`${path}: ${set.length} members instead of one`] : [];
  return [...missing.map((member) => `${path}.${member}: missing`), ...choice, ...inner];
}

function checkText(shape: Shape, value: unknown, path: string): string[] {
  if (typeof value !== 'string') return [`${path}: no text`];
  if (shape.enum && !shape.enum.includes(value)) return [`${path}: ${value} is not in the enum`];
  const source = shape.pattern?.replace('(?s)', '');
  const flags = shape.pattern?.includes('(?s)') ? 'su' : 'u';
  if (source && !new RegExp(`^(?:${source})$`, flags).test(value))
    return [`${path}: ${value} breaks ${source}`];
  return bounds(shape, [...value].length, path);
}

const bounds = ({ min = 0, max = Number.POSITIVE_INFINITY }: Shape, size: number, path: string): string[] =>
  size < min || size > max ? [`${path}: ${size} is not within ${min} and ${max}`] : [];
