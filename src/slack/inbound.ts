/** Slack's payloads, read once: who acts, where, and what is asked. Pure. */
import type { BlockAction, SlashCommand, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { length } from '../pipeline/text.ts';
import type { Verb } from '../pipeline/verbs.ts';
import { fromValue, type Press } from './button.ts';
import type { Workspace } from './door.ts';
import { fromMetadata, type Memory, type Origin } from './modal.ts';
import { RESPONSE_MS } from './respond.ts';
import { typed } from './text.ts';
import { isOf, keyOf, type Who } from './who.ts';

export interface Slash {
  who: Who;
  words: string;
  key: string;
  trigger: string;
  origin: Origin;
}

/** Arrived at `now`. */
export function fromSlash(body: SlashCommand, workspace: Workspace, now: Date): Slash {
  const claims = { team: body.team_id, enterprise: body.enterprise_id };
  return {
    who: {
      user: body.user_id,
      conversation: body.channel_id,
      ofWorkspace: isOf(workspace, claims),
    },
    words: typed(body.text ?? ''),
    key: keyOf(workspace, body.user_id, body.trigger_id),
    trigger: body.trigger_id,
    origin: { url: body.response_url, until: now.getTime() + RESPONSE_MS, inPlace: false },
  };
}

export interface Pressed {
  who: Who;
  /** Absent when the button's value is not ours to read. */
  press?: Press & { key: string };
  trigger: string;
  /** In a message: the way back to it. */
  origin?: Origin;
  /** In a modal: the view, and where that one came from. */
  view?: { id: string; memory: Pick<Memory, 'c' | 'o'> };
  /** In the person's home, or under a link that somebody posted: nothing takes its place. */
  stays?: 'home' | 'unfurl';
}

/** Arrived at `now`. A button or an overflow menu, in a message or in a view. */
export function fromPress(body: BlockAction, workspace: Workspace, now: Date): Pressed {
  const action = body.actions[0];
  const value =
    action?.type === 'button'
      ? action.value
      : action?.type === 'overflow'
        ? action.selected_option.value
        : undefined;
  const press = fromValue(value);
  const memory = fromMetadata(body.view?.private_metadata);
  const conversation = body.channel?.id ?? memory?.c ?? 'view';
  const stays = placeOf(body);
  return {
    who: whoOf(body, conversation, workspace),
    ...(press ? { press: { ...press, key: keyOf(workspace, body.user.id, press.v, press.k) } } : {}),
    trigger: body.trigger_id,
    ...(body.response_url ? { origin: originOf(body, body.response_url, press, now) } : {}),
    ...(body.view && stays !== 'home'
      ? { view: { id: body.view.id, memory: { ...memory, c: conversation } } }
      : {}),
    ...(stays ? { stays } : {}),
  };
}

/** Under a link stands no message of ours: what is pressed there comes with `app_unfurl`. */
function placeOf({ view, container }: BlockAction): Pressed['stays'] {
  if (view?.type === 'home') return 'home';
  return container?.type === 'message_attachment' ? 'unfurl' : undefined;
}

function originOf(body: BlockAction, url: string, press: Press | undefined, now: Date): Origin {
  const { message_ts: ts, is_ephemeral: isEphemeral } = body.container;
  return {
    url,
    until: now.getTime() + RESPONSE_MS,
    inPlace: press?.o !== 'list' && press?.o !== 'lasting' && placeOf(body) === undefined,
    ...(typeof ts === 'string' && !isEphemeral && placeOf(body) === undefined ? { ts } : {}),
  };
}

/** What a form of ours remembered. */
interface FormMemory extends Pick<Memory, 'c' | 'o'> {
  v: Verb;
  i: Record<string, string>;
}

export interface Submission {
  who: Who;
  viewId: string;
  key: string;
  /** Absent when the view is not one of our forms. */
  form?: FormMemory;
  answers: Record<string, string>;
  /** What can be told without asking the house: beside which field, what is wrong. */
  errors: Record<string, string>;
  fields: string[];
  /** What was written, not chosen: it is given back whatever happens. */
  texts: string[];
}

export function fromSubmit(body: ViewSubmitAction, workspace: Workspace): Submission {
  const memory = fromMetadata(body.view.private_metadata);
  const { v, i } = memory ?? {};
  const answers = Object.fromEntries(
    Object.entries(body.view.state.values).flatMap(([id, { answer }]) => {
      const chosen = answer?.selected_options?.map((it) => it.value).join(',');
      const said = answer?.value ?? answer?.selected_option?.value ?? answer?.selected_date ?? chosen;
      return said ? [[id, said]] : [];
    }),
  );
  const inputs = inputsOf(body.view);
  return {
    who: whoOf(body, memory?.c ?? 'view', workspace),
    viewId: body.view.id,
    key: keyOf(workspace, body.user.id, body.view.id, ...(memory?.k ? [memory.k] : [])),
    ...(memory && v && i ? { form: { ...memory, v, i } } : {}),
    answers,
    errors: Object.fromEntries(
      inputs.flatMap((it) => errorsOf(it, answers[it.block_id], memory?.m?.[it.block_id])),
    ),
    fields: inputs.map((it) => it.block_id),
    texts: Object.values(body.view.state.values).flatMap(({ answer }) =>
      answer?.type === 'plain_text_input' && answer.value?.trim() ? [answer.value] : [],
    ),
  };
}

const inputSchema = z.object({
  type: z.literal('input'),
  block_id: z.string(),
  optional: z.boolean().optional(),
});

const inputsOf = ({ blocks }: ViewSubmitAction['view']) =>
  blocks.flatMap((it) => inputSchema.safeParse(it).data ?? []);

/** The ids of the fields on that screen, from above. */
export const fieldsIn = (view: ViewSubmitAction['view']): string[] => inputsOf(view).map((it) => it.block_id);

/** Required, and length in code points as AWS counts. */
function errorsOf(
  input: z.infer<typeof inputSchema>,
  answer = '',
  most = Number.POSITIVE_INFINITY,
): [string, string][] {
  if (answer.trim() === '') return input.optional ? [] : [[input.block_id, 'Please fill this in.']];
  const count = length(answer);
  return count > most ? [[input.block_id, `This has ${count} characters; at most ${most} are taken.`]] : [];
}

function whoOf(body: BlockAction | ViewSubmitAction, conversation: string, workspace: Workspace): Who {
  const enterprise = body.enterprise?.id ?? body.team?.enterprise_id;
  return {
    user: body.user.id,
    conversation,
    ofWorkspace: isOf(workspace, { team: body.team?.id, actor: body.user.team_id, enterprise }),
  };
}
