/** What Teams' connector answers when it does not do what was asked, and what of that is for good. */
import { z } from 'zod';
import { GoneForGood } from '../bot/intent.ts';

/** Status and code, never content: an error of the client would carry the whole request with it. */
export interface Fault {
  /** Absent where no answer came. */
  status?: number;
  /** Teams' own word (`ConversationNotFound`), or the network's (`ECONNREFUSED`). */
  code?: string;
  /** Of `NoToken`: Microsoft's own word, such as `invalid_client`. */
  reason?: string;
  /** As long as Teams asks us to wait. */
  retryAfterMs?: number;
  /** It is sure that the request did not arrive. */
  isUnsent?: boolean;
}

/** What may pass, or a fault of ours; what is for good is `GoneForGood`. */
export class ConnectorFault extends Error {
  override name = 'ConnectorFault';
  readonly status: number | undefined;
  readonly code: string | undefined;
  constructor(readonly fault: Fault) {
    super(`Teams' connector: ${[fault.status, fault.code].filter(Boolean).join(' ') || 'no answer'}`);
    this.status = fault.status;
    this.code = fault.code;
  }
}

/** The message is larger than Teams takes (about 100 KB): the same again would be refused again. */
export class TooLarge extends ConnectorFault {
  override name = 'TooLarge';
}

/** The conversation itself is over for us, not only one message in it. */
export class ConversationGone extends GoneForGood {
  override name = 'ConversationGone';
}

/** Of a message or a person in a conversation that goes on. */
const ONLY_THAT = ['ActivityNotFoundInConversation', 'MessageNotFound', 'MemberNotFoundInConversation'];
/** A 403 that speaks of our settings or of the way there, not of the conversation. */
const OURS = ['InvalidBotApiHost', 'Unauthorized', 'InvalidAuthenticationToken'];
/** A 400 that is about where, not what. */
const BAD_PLACE = [
  'BadConversationId',
  'ConversationNotFound',
  'BotNotInConversationRoster',
  'InvalidConversation',
];

/**
 * The error to throw for a fault. A 403 or 404 without one of Teams' words is a gateway's, and may pass
 * (learn.microsoft.com, "Status codes from bot conversational APIs").
 */
export function errorOf(fault: Fault): Error {
  const { status, code } = fault;
  if (status === 413) return new TooLarge(fault);
  if (status === 410) return new ConversationGone(code ?? '410');
  if (code && ONLY_THAT.includes(code)) return new GoneForGood(code);
  const isGone =
    code !== undefined &&
    ((status === 403 && !OURS.includes(code)) ||
      status === 404 ||
      (status === 400 && BAD_PLACE.includes(code)));
  return isGone ? new ConversationGone(code) : new ConnectorFault(fault);
}

/** Never reached Teams: nobody answered the door. */
const UNSENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Reads what botbuilder's client throws. */
export function faultOf(error: unknown, now: Date): Fault {
  if (error instanceof ConnectorFault) return error.fault;
  const { statusCode: status, code, response } = thrown.safeParse(error).data ?? {};
  const { code: said, message = '' } = response?.parsedBody?.error ?? {};
  // Of a place that is none Teams says only in words what is wrong.
  const isBadPlace = said === 'BadSyntax' && /conversation id/i.test(message);
  const word = isBadPlace ? 'BadConversationId' : (said ?? (status === undefined ? code : undefined));
  const retryAfterMs = waitOf(header(response?.headers, 'retry-after'), now);
  return {
    ...(status === undefined ? {} : { status }),
    // It is written to logs: a word, nothing longer.
    ...(word && /^[\w.-]{1,60}$/.test(word) ? { code: word } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(status === undefined && code && UNSENT.includes(code) ? { isUnsent: true } : {}),
  };
}

const thrown = z.object({
  statusCode: z.number().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
  response: z
    .object({
      headers: z.unknown(),
      parsedBody: z
        .object({ error: z.object({ code: z.string(), message: z.string().optional() }).optional() })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});

function header(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null || !('get' in headers)) return undefined;
  const { get } = headers;
  const value: unknown = typeof get === 'function' ? get.call(headers, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function waitOf(text: string | undefined, now: Date): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const ms = /^\s*\d+\s*$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
