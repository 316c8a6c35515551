/** One call over the real SDK, with the JSON kept as it travels, paced and limited in time. */
import type {
  $Command,
  PartnerCentralSellingClient,
  ServiceInputTypes,
  ServiceOutputTypes,
} from '@aws-sdk/client-partnercentral-selling';
import type { Log } from '../log.ts';
import { classify, isQuota, noteOperation, operatorView } from './errors.ts';
import type { Lane, Pace, Priority } from './pace.ts';
import { parseRaw } from './raw.ts';

export type Command<Input extends ServiceInputTypes, Output extends ServiceOutputTypes> = $Command<
  Input,
  Output,
  PartnerCentralSellingClient['config'],
  ServiceInputTypes,
  ServiceOutputTypes
>;

export interface CallOptions {
  /** Replaces the body the SDK would write, before it is signed: unknown members and exact numbers survive. */
  rawBody?: string;
  /** A person waits (default), or synchronisation does. */
  priority?: Priority;
}

export interface RawAnswer {
  /** AWS's body, character by character. */
  text: string;
  /** The same parsed by lossless-json: numbers keep their digits. */
  json: unknown;
  requestId?: string;
}

export interface WireOptions {
  client: PartnerCentralSellingClient;
  pace: Pace;
  /** From the moment the slot is ours to the last byte of the answer. */
  timeoutMs: number;
  log: Log;
}

/** Partner Central quotas, by group: what reads is named so; everything else counts as a write, the stricter one. */
const laneOf = (operation: string): Lane => (/^(Get|List)/.test(operation) ? 'read' : 'write');

const MOST_PAUSE_MS = 60_000;

/** The way every call takes. Rejects with the SDK's own error, which `errors.ts` reads, or with the pace's. */
export function createWire({ client, pace, timeoutMs, log }: WireOptions) {
  const throttles: Record<Lane, number> = { read: 0, write: 0 };

  /** After each "too fast" in a row the lane rests twice as long; other tools of the partner share the quota. */
  function rest(lane: Lane, error?: unknown): void {
    // A used-up quota belongs to one operation and does not hold back the others.
    const tooFast = error !== undefined && classify(error) === 'throttled' && !isQuota(error);
    throttles[lane] = tooFast ? throttles[lane] + 1 : 0;
    if (tooFast) pace.backOff(lane, Math.min(1000 * 2 ** (throttles[lane] - 1), MOST_PAUSE_MS));
  }

  return async function call<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    command: Command<Input, Output>,
    { rawBody, priority = 'interactive' }: CallOptions = {},
  ): Promise<RawAnswer> {
    const operation = command.constructor.name.replace(/Command$/, '');
    const lane = laneOf(operation);
    const limit = new AbortController();
    const got = { text: '' };
    const { middlewareStack: stack } = command;
    if (rawBody !== undefined) stack.add(replaceBody(rawBody), STEPS.body);
    stack.addRelativeTo(
      waitForSlot(() => pace.take(lane, priority)),
      STEPS.slot,
    );
    stack.addRelativeTo(keepText(got, limit, timeoutMs, client.config.streamCollector), STEPS.text);
    try {
      const { $metadata } = await client.send(command, { abortSignal: limit.signal });
      const { requestId } = $metadata;
      const json = parsed(got.text, $metadata);
      log.debug({ operation, requestId }, 'AWS answered');
      rest(lane);
      return { text: got.text, json, ...(requestId ? { requestId } : {}) };
    } catch (error) {
      // Nothing is rescued: the operation is noted beside the error, and the lane rests if AWS asked for it.
      noteOperation(error, operation);
      rest(lane, error);
      log.debug(operatorView(error), 'AWS did not do it');
      throw error;
    }
  };
}

/** The body must be in place before its length is counted; the slot must be ours before the date is signed. */
const STEPS = {
  body: { step: 'build', priority: 'high', name: 'aceDeskBody', override: true },
  slot: { relation: 'before', toMiddleware: 'httpSigningMiddleware', name: 'aceDeskSlot', override: true },
  text: { relation: 'after', toMiddleware: 'deserializerMiddleware', name: 'aceDeskText', override: true },
} as const;

interface Args {
  request?: unknown;
}
type Next<A extends Args, R> = (args: A) => Promise<R>;

const replaceBody =
  (body: string) =>
  <A extends Args, R>(next: Next<A, R>): Next<A, R> =>
  (args) => {
    if (isHttp(args.request)) args.request.body = body;
    return next(args);
  };

const waitForSlot =
  (take: () => Promise<void>) =>
  <A extends Args, R>(next: Next<A, R>): Next<A, R> =>
  async (args) => {
    await take();
    return next(args);
  };

type Collect = PartnerCentralSellingClient['config']['streamCollector'];

/**
 * Keeps the text of the answer. Errors go on to the SDK as they came. Of what succeeded the SDK gets an empty document:
 * its typed output is not used, and a time stamp it cannot read must not make a failure of a success.
 */
const keepText =
  (got: { text: string }, limit: AbortController, timeoutMs: number, collect: Collect) =>
  <A extends Args, R extends { response: unknown }>(next: Next<A, R>): Next<A, R> =>
  async (args) => {
    const read = async () => {
      const result = await next(args);
      const { response } = result;
      if (!isHttp(response)) return result;
      const bytes = response.body instanceof Uint8Array ? response.body : await collect(response.body);
      got.text = Buffer.from(bytes).toString('utf8');
      response.body = Number(response.statusCode) < 300 ? new TextEncoder().encode('{}') : bytes;
      return result;
    };
    return within(timeoutMs, read(), limit);
  };

/** Gives up after `ms`, whether or not the handler heeds the abort. The SDK makes an AbortError of it. */
async function within<T>(ms: number, work: Promise<T>, limit: AbortController): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      limit.abort();
      reject(limit.signal.reason);
    }, ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** An answer cut short or garbled: what was asked may have been done. The parser's own message would quote it. */
function parsed(text: string, $metadata: object): unknown {
  try {
    return parseRaw(text);
  } catch {
    throw Object.assign(new Error('The answer is no JSON'), { name: 'SyntaxError', $metadata });
  }
}

interface Http {
  body: unknown;
  statusCode?: unknown;
}

/** The SDK's own request and response, whatever class a handler made them of. */
const isHttp = (value: unknown): value is Http =>
  typeof value === 'object' && value !== null && 'body' in value;
