/** What somebody types into a long select: Slack asks for the options that fit, and gives up after 3 s. */
import type { types } from '@slack/bolt';
import { z } from 'zod';
import { inTime } from '../bot/in-time.ts';
import type { Asking } from '../bot/intent.ts';
import { identify } from './answer.ts';
import { MAX } from './block-kit.ts';
import type { Door, Workspace } from './door.ts';
import { limitErrors } from './limits.ts';
import { failure } from './log.ts';
import { fromMetadata, toChoice } from './modal.ts';
import { isOf, type Who } from './who.ts';

type Ack = (answer: { options: types.PlainTextOption[] }) => Promise<void>;

/**
 * Answers one request for options, at most 100. Whatever fails, is late or is not allowed is an empty list: Slack then says
 * that nothing was found, and what was chosen and typed so far stays.
 */
export async function onOptions(door: Door, body: unknown, ack: Ack): Promise<void> {
  const found = await inTime(door, door.now(), suggested(door, body));
  await ack({ options: found ?? [] });
}

async function suggested(door: Door, body: unknown): Promise<types.PlainTextOption[]> {
  try {
    const wanted = fromSuggestion(body, door.workspace);
    const from = wanted && (await identify(door, wanted.who));
    if (!wanted || typeof from !== 'object') return [];
    const { source, query, input } = wanted;
    const options = (await door.desk.options({ source, query, input, from })).map(toChoice);
    // One that Slack does not take would cost all the others.
    return options.filter((it) => limitErrors({ options: [it] }).length === 0).slice(0, MAX.options);
  } catch (error) {
    door.log.warn({ failure: failure(error) }, 'slack: no options');
    return [];
  }
}

/** Who asks for what, as the form remembers it; undefined where it is no form of ours, or no such field of it. */
function fromSuggestion(
  body: unknown,
  workspace: Workspace,
): (Omit<Asking, 'from'> & { who: Who }) | undefined {
  const { data } = suggestion.safeParse(body);
  const memory = fromMetadata(data?.view.private_metadata);
  if (!data || !memory?.i || !memory.s || !Object.hasOwn(memory.s, data.block_id)) return undefined;
  const { user, team, enterprise, block_id: field, value: query } = data;
  const source = memory.s[field];
  const claims = { team: team?.id, actor: user.team_id, enterprise: enterprise?.id ?? team?.enterprise_id };
  const who = { user: user.id, conversation: memory.c, ofWorkspace: isOf(workspace, claims) };
  return source && { who, source, query, input: memory.i };
}

const suggestion = z.object({
  type: z.literal('block_suggestion'),
  block_id: z.string(),
  value: z.string(),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string(), enterprise_id: z.string().nullish() }).nullish(),
  enterprise: z.object({ id: z.string() }).nullish(),
  view: z.object({ private_metadata: z.string() }),
});
