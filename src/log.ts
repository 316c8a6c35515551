/**
 * pino, to standard error (standard output belongs to the console). Errors are written by a whitelist: messages of
 * database and HTTP errors carry queries, parameters and customer text.
 */
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

/** The only things of an error that may be written: what kind, where in our own code. */
export function plainError(error: unknown): object {
  if (!isError(error)) return { type: typeof error };
  const { code, $metadata: meta } = error as Error & { code?: unknown; $metadata?: AwsMetadata };
  return {
    type: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(meta?.requestId ? { requestId: meta.requestId } : {}),
    ...(meta?.httpStatusCode ? { status: meta.httpStatusCode } : {}),
    stack: frames(error),
    ...(error.cause ? { cause: plainError(error.cause) } : {}),
  };
}

interface AwsMetadata {
  requestId?: string;
  httpStatusCode?: number;
}

/** By its shape: an error of another realm (a worker, a test's sandbox) is one too. */
const isError = (it: unknown): it is Error =>
  typeof it === 'object' && it !== null && 'stack' in it && typeof it.stack === 'string';

/** The frames without the message, which may say anything. */
const frames = ({ stack = '', message }: Error): string[] =>
  stack
    .replace(message, '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim());

/** @param to a file (the folder is made), or for tests a stream; default standard error. */
export function createLog(level: string, to?: string | DestinationStream): Log {
  const stream = typeof to === 'object' ? to : pino.destination({ dest: to ?? 2, sync: true, mkdir: true });
  return pino(
    {
      level,
      base: null,
      serializers: { err: plainError, error: plainError },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    stream,
  );
}
