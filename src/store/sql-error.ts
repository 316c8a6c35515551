/** What a database refused, by its SQLSTATE. Messages and details of such errors hold values: they are never logged. */
import { DriverAdapterError } from '@prisma/driver-adapter-utils';

/** Ours: an act that would have been committed after its `valid_until`. */
export const TOO_LATE = 'AD001';
export const UNIQUE_VIOLATION = '23505';
export const DEADLOCK = '40P01';
export const NOT_NULL_VIOLATION = '23502';

/** The SQLSTATE of a failed statement, whoever reports it (Prisma's raw queries, pg, PGlite); undefined for others. */
export function sqlState(error: unknown): string | undefined {
  if (!isObject(error)) return undefined;
  const { code, meta, cause } = error;
  // Prisma's own codes look like P2010 and hide the database's one below.
  const inner = isObject(meta) ? (sqlState(meta.driverAdapterError) ?? asState(meta.code)) : undefined;
  const original = isObject(cause) ? (asState(cause.originalCode) ?? asState(cause.code)) : undefined;
  return inner ?? original ?? asState(code);
}

const asState = (code: unknown): string | undefined =>
  typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^P2\d{3}$/.test(code) ? code : undefined;

/** An error of the driver in the shape Prisma's engines understand; anything else as it is. */
export function toAdapterError(error: unknown): unknown {
  if (!isObject(error) || typeof error.message !== 'string') return error;
  const code = asState(error.code);
  if (!code) return error;
  return new DriverAdapterError({
    kind: 'postgres',
    code,
    severity: textOf(error.severity) ?? 'ERROR',
    message: error.message,
    detail: textOf(error.detail),
    column: textOf(error.column),
    hint: textOf(error.hint),
    originalCode: code,
    originalMessage: error.message,
  });
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
