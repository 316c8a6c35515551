/** What is said to us in a channel or in private, read once. Pure. */
import { z } from 'zod';
import type { Workspace } from './door.ts';
import { typed } from './text.ts';
import { isOf, keyOf, type Who } from './who.ts';

export interface Heard {
  who: Who;
  text: string;
  key: string;
  channel: string;
  /** The thread it was said in. */
  thread?: string;
  /** Said in a channel, where others read along. */
  isMention: boolean;
  /** Of the message: an answer in a thread hangs there. */
  ts: string;
}

/** An event that is written down before Slack is told that it arrived: answered again where a failure or a crash came between. */
export interface Kept {
  key: string;
  /** As much of it as `replay` needs. */
  body: unknown;
  answer(): Promise<void>;
}

/** A mention, or words in the direct messages with us; undefined for all else: apps, edits, deletions, our own words. */
export function fromEvent(body: unknown, workspace: Workspace): Heard | undefined {
  const { data } = eventSchema.safeParse(body);
  if (!data || !isForUs(data, workspace)) return undefined;
  const { event } = data;
  const isMention = event.type === 'app_mention';
  // Answered where it was said, so it has to be between us two.
  if (!isMention && !(event.channel_type === 'im' && event.channel.startsWith('D'))) return undefined;
  if (event.bot_id !== undefined || event.subtype !== undefined || event.user === workspace.bot)
    return undefined;
  const actor = event.user_team ?? event.source_team ?? event.team;
  return {
    who: {
      user: event.user,
      conversation: event.channel,
      ofWorkspace: isOf(workspace, { team: workspace.team, actor, enterprise: data.enterprise_id }),
    },
    text: typed(event.text, workspace.bot),
    key: keyOf(workspace, data.event_id),
    channel: event.channel,
    ...(event.thread_ts ? { thread: event.thread_ts } : {}),
    isMention,
    ts: event.ts,
  };
}

/** An event that was delivered for this workspace and looks like that; undefined for all else. */
export function eventOf<Event>(
  body: unknown,
  workspace: Workspace,
  schema: z.ZodType<Event>,
): Event | undefined {
  const { data } = envelope.safeParse(body);
  return data && isForUs(data, workspace) ? schema.safeParse(data.event).data : undefined;
}

/** Delivered for another installation: we have no business there. */
const isForUs = (
  { authorizations, team_id: team }: z.infer<typeof envelope>,
  workspace: Workspace,
): boolean => (authorizations?.[0]?.team_id ?? team) === workspace.team;

const text = z.string();
const envelope = z.object({
  type: z.literal('event_callback'),
  event_id: text.min(1),
  team_id: text,
  enterprise_id: text.nullish(),
  authorizations: z.array(z.object({ team_id: text.nullish() })).optional(),
  event: z.unknown(),
});
const eventSchema = envelope.extend({
  event: z.object({
    type: z.enum(['app_mention', 'message']),
    user: text,
    text,
    channel: text,
    ts: text,
    channel_type: text.optional(),
    subtype: text.optional(),
    bot_id: text.optional(),
    thread_ts: text.optional(),
    team: text.optional(),
    user_team: text.optional(),
    source_team: text.optional(),
  }),
});
