/** Where a posted reply stands in Teams, as the messenger reads it again later: plain JSON, kept by the house. */
import { z } from 'zod';
import type { Ref } from '../bot/intent.ts';

/**
 * `conversation` without `;messageid=…`. `thread`: the message at the head of the thread it hangs in. `post`: several read
 * it; the key of its post, which its buttons carry. Under which address it is served is not in it: that changes.
 */
const refSchema = z.object({
  kind: z.literal('message'),
  tenant: z.string().min(1),
  conversation: z.string().min(1),
  id: z.string().min(1),
  thread: z.string().optional(),
  post: z.string().optional(),
});
export type Place = z.infer<typeof refSchema>;

/** Throws what zod throws for what no messenger of ours wrote. */
export const fromRef = (ref: Ref): Place => refSchema.parse(ref);

export const messageRef = (
  { tenant, conversation }: { tenant: string; conversation: string },
  id: string,
  more: { thread?: string; post?: string } = {},
): Place => ({ kind: 'message', tenant, conversation: whole(conversation), id, ...more });

/** How copies are known that stand at the head of a thread, or hang in it. */
export const placesUnder = (tenant: string, conversation: string, thread: string): Ref[] => [
  { ...messageRef({ tenant, conversation }, thread) },
  { kind: 'message', tenant, conversation: whole(conversation), thread },
];

/** The conversation itself, of which `;messageid=…` names one thread. */
export const whole = (conversation: string): string => conversation.replace(/;messageid=.*$/s, '');

/** The message at the head of the thread that a conversation's id names. */
export const threadOf = (conversation: string): string | undefined =>
  /;messageid=([^;]+)/.exec(conversation)?.[1];

/** As the connector takes it: what is sent there hangs under that message of a channel. */
export const inThread = (conversation: string, thread: string): string =>
  `${whole(conversation)};messageid=${thread}`;
