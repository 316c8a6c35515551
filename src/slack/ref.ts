/** Where a posted reply stands, as the messenger reads it again later: plain JSON, kept by the house. */
import { z } from 'zod';
import type { Ref } from '../bot/intent.ts';
import type { Progress, Reply } from '../views/view.ts';
import type { Origin } from './modal.ts';
import { RESPONSE_USES } from './respond.ts';

// Copies of an earlier version do not say it: they stand in the only one there was.
const team = z.string().default('');
const common = { team, user: z.string(), shown: z.enum(['idle', 'working', 'done', 'problem']) };

/**
 * message: posted by us, redrawn as often as we like. response: private to one person, redrawn through its
 * response_url (`left` times, until the epoch ms `until`). view: an open modal. `post`: several read it; the key of its
 * post, which its buttons carry. `thread`: it hangs under another message. `picture`: the
 * file it shows, or is to show, and the hash of what is drawn there. unfurl: under the link `url` in somebody's message.
 * `shown` is what the person sees now: only "working" leaves them waiting for more. `team`: the workspace it stands in.
 */
const refSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('message'),
    team,
    channel: z.string(),
    ts: z.string(),
    post: z.string().optional(),
    thread: z.string().optional(),
    picture: z.object({ file: z.string(), of: z.string() }).optional(),
  }),
  z.object({
    kind: z.literal('response'),
    url: z.string(),
    until: z.number(),
    left: z.number(),
    inPlace: z.boolean(),
    /** It stands in a channel. */
    where: z.literal('room').optional(),
    ...common,
  }),
  z.object({ kind: z.literal('view'), id: z.string(), ...common }),
  z.object({ kind: z.literal('unfurl'), team, channel: z.string(), ts: z.string(), url: z.string() }),
]);
export type Place = z.infer<typeof refSchema>;
export type MessagePlace = Extract<Place, { kind: 'message' }>;
export type ResponsePlace = Extract<Place, { kind: 'response' }>;
export type UnfurlPlace = Extract<Place, { kind: 'unfurl' }>;

/** Throws what zod throws for what no messenger of ours wrote. */
export const fromRef = (ref: Ref): Place => refSchema.parse(ref);

export const messageRef = (team: string, channel: string, ts: string): MessagePlace => ({
  kind: 'message',
  team,
  channel,
  ts,
});

/** How copies are known that stand at the head of a thread, or hang in it. */
export const placesUnder = (team: string, channel: string, thread: string): Ref[] => [
  { ...messageRef(team, channel, thread) },
  { kind: 'message', team, channel, thread },
];

/** Who reads it, in which workspace. */
interface Reader {
  team: string;
  user: string;
}

/** Conversations of several people; those of two begin with D, and a view is none. */
export const whereOf = (conversation: string): 'room' | undefined =>
  /^[CG][A-Z0-9]+$/.test(conversation) ? 'room' : undefined;

/** `used`: how many of the URL's five uses are gone. */
export const responseRef = (
  { team, user, conversation }: Reader & { conversation: string },
  origin: Origin,
  reply: Reply,
  used: number,
): ResponsePlace => ({
  kind: 'response',
  team,
  url: origin.url,
  until: origin.until,
  left: RESPONSE_USES - used,
  inPlace: origin.inPlace,
  ...(whereOf(conversation) ? { where: 'room' } : {}),
  user,
  shown: progressOf(reply),
});

export const viewRef = ({ team, user }: Reader, id: string, reply: Reply): Place => ({
  kind: 'view',
  team,
  id,
  user,
  shown: progressOf(reply),
});

export function progressOf(reply: Reply): Progress {
  if (reply.kind === 'card') return reply.progress;
  return reply.kind === 'note' && reply.tone !== 'info' ? reply.tone : 'idle';
}

/** The last word on what somebody waits for; a card that became a note says that it is their copy no more. */
export const isSettled = (reply: Reply): boolean =>
  reply.kind === 'note' || ['done', 'problem'].includes(progressOf(reply));
