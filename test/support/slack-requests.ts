/**
 * Slack's side of the conversation: signed requests to a running door, as Slack builds them, and what Slack does with
 * the answer (shows the acknowledgement of a command, moves the view on after a submit).
 */
import { createHmac } from 'node:crypto';
import { limitErrors } from '../../src/slack/limits.ts';
import { buttonsOf, fieldsOf, isJson, type Json, type ShownButton } from './slack-screen.ts';
import type { Message, View, Workspace } from './slack-workspace.ts';

export interface Answered {
  status: number;
  /** JSON, or the text as it came. */
  body: unknown;
  headers: Headers;
}

export interface RawRequest {
  body: string;
  contentType?: string;
  /** Epoch seconds; default now. */
  timestamp?: number;
  /** Default the right one; null for none. */
  signature?: string | null;
  headers?: Record<string, string>;
}

export interface Target {
  port: number;
  signingSecret: string;
  workspace: Workspace;
  /** Another way in than a POST: Socket Mode. */
  carry?(request: RawRequest): Promise<Answered>;
}

/** HMAC v0 over timestamp and raw body (docs.slack.dev, Verifying requests). */
const sign = (secret: string, timestamp: number, body: string): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;

const FORM = 'application/x-www-form-urlencoded';

/** One POST to /slack/events, or however the target takes it. */
export async function send(
  target: Pick<Target, 'port' | 'signingSecret' | 'carry'>,
  request: RawRequest,
): Promise<Answered> {
  if (target.carry) return target.carry(request);
  const timestamp = request.timestamp ?? Math.floor(Date.now() / 1000);
  const signature =
    request.signature === undefined ? sign(target.signingSecret, timestamp, request.body) : request.signature;
  const response = await fetch(`http://127.0.0.1:${target.port}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': request.contentType ?? FORM,
      'x-slack-request-timestamp': String(timestamp),
      ...(signature === null ? {} : { 'x-slack-signature': signature }),
      ...request.headers,
    },
    body: request.body,
  });
  const said = await response.text();
  const isJsonBody = response.headers.get('content-type')?.includes('json');
  return { status: response.status, body: isJsonBody ? JSON.parse(said) : said, headers: response.headers };
}

/** What a test overrides of a payload: another team, a repeated trigger, … */
export type More = Json;

export const slashBody = (
  { workspace }: Target,
  user: string,
  text: string,
  channel: string,
  more: More = {},
): string =>
  new URLSearchParams({
    command: '/ace',
    text,
    user_id: user,
    team_id: workspace.team,
    team_domain: 'partner',
    channel_id: channel,
    api_app_id: 'A1',
    trigger_id: workspace.trigger(user),
    response_url: workspace.responseUrl(user, channel),
    ...Object.fromEntries(Object.entries(more).map(([key, value]) => [key, String(value)])),
  }).toString();

const payload = (it: Json): string => new URLSearchParams({ payload: JSON.stringify(it) }).toString();

const common = ({ workspace }: Target, user: string): Json => ({
  api_app_id: 'A1',
  token: 'legacy',
  team: { id: workspace.team, domain: 'partner' },
  user: { id: user, username: user.toLowerCase(), name: user.toLowerCase(), team_id: workspace.team },
  trigger_id: workspace.trigger(user),
});

const actionOf = (button: ShownButton): Json => ({
  type: button.type,
  action_id: button.actionId,
  block_id: 'b',
  action_ts: '1.1',
  ...(button.type === 'button' ? { value: button.value } : { selected_option: { value: button.value } }),
});

/** A press in a message or in a view. */
export function pressBody(
  target: Target,
  user: string,
  on: Message | View,
  button: ShownButton,
  more: More = {},
): string {
  const where =
    'ts' in on
      ? {
          container: {
            type: 'message',
            message_ts: on.ts,
            channel_id: on.channel,
            is_ephemeral: on.onlyFor !== undefined,
          },
          channel: { id: on.channel, name: 'somewhere' },
          response_url: target.workspace.responseUrl(user, on.channel, on),
        }
      : { container: { type: 'view', view_id: on.id }, view: { id: on.id, ...on.content } };
  return payload({
    type: 'block_actions',
    ...common(target, user),
    ...where,
    actions: [actionOf(button)],
    ...more,
  });
}

/** Answers by field id; a field not named keeps what stands in it. */
export function submitBody(
  target: Target,
  view: View,
  answers: Record<string, string>,
  more: More = {},
): string {
  const values = fieldsOf(view.content.blocks).map(({ id, type, value }) => {
    const said = answers[id] ?? value;
    const answer =
      type === 'plain_text_input'
        ? { type, value: said || null }
        : type === 'datepicker'
          ? { type, selected_date: said || null }
          : type.startsWith('multi_')
            ? { type, selected_options: said ? said.split(',').map(optionOf) : [] }
            : { type, selected_option: said ? optionOf(said) : null };
    return [id, { answer }];
  });
  const state = { values: Object.fromEntries(values) };
  return payload({
    type: 'view_submission',
    ...common(target, view.user),
    view: { id: view.id, ...view.content, state },
    ...more,
  });
}

/** What Slack asks while somebody types into a select of that view. */
export const suggestBody = (
  target: Target,
  view: View,
  field: string,
  typed: string,
  more: More = {},
): string =>
  payload({
    type: 'block_suggestion',
    ...common(target, view.user),
    action_id: 'answer',
    block_id: field,
    value: typed,
    container: { type: 'view', view_id: view.id },
    view: { id: view.id, ...view.content },
    ...more,
  });

/** A shortcut: of that message, or of none. */
export const shortcutBody = (
  target: Target,
  user: string,
  callback: string,
  on?: Pick<Message, 'channel' | 'ts' | 'text' | 'thread'>,
  more: More = {},
): string =>
  payload({
    ...common(target, user),
    callback_id: callback,
    action_ts: '1.1',
    ...(on
      ? {
          type: 'message_action',
          message_ts: on.ts,
          channel: { id: on.channel, name: 'somewhere' },
          response_url: target.workspace.responseUrl(user, on.channel),
          message: {
            ...{ type: 'message', user, ts: on.ts, text: on.text },
            ...(on.thread ? { thread_ts: on.thread } : {}),
          },
        }
      : { type: 'shortcut' }),
    ...more,
  });

const optionOf = (value: string) => ({ value, text: { type: 'plain_text', text: value } });

export const eventBody = ({ workspace }: Target, event: Json, eventId: string, more: More = {}): string =>
  JSON.stringify({
    type: 'event_callback',
    team_id: workspace.team,
    api_app_id: 'A1',
    event_id: eventId,
    event_time: 1_700_000_000,
    authorizations: [{ enterprise_id: null, team_id: workspace.team, user_id: workspace.bot, is_bot: true }],
    event: { ts: '1700000000.000100', event_ts: '1700000000.000100', team: workspace.team, ...event },
    ...more,
  });

export interface Conversation {
  /** Types `/ace <text>`; the answer appears in `workspace.messages`. */
  slash(user: string, text: string, channel?: string): Promise<Answered>;
  /** Presses the button with that label. */
  press(user: string, on: Message | View, label: string): Promise<Answered>;
  submit(view: View, answers: Record<string, string>): Promise<Answered>;
  /** Types into a select that asks; answers what opens below it. */
  suggest(view: View, field: string, typed: string, more?: More): Promise<{ value: string; label: string }[]>;
  /** Words in the private conversation with the app. */
  tell(user: string, text: string, eventId?: string): Promise<Answered>;
  mention(user: string, channel: string, text: string, eventId?: string): Promise<Answered>;
  /** Any event. */
  event(event: Json, more?: More): Promise<Answered>;
  /** Opens the app's Home tab. */
  openHome(user: string, more?: Json): Promise<Answered>;
  /** Presses a button on their Home tab. */
  pressAtHome(user: string, label: string): Promise<Answered>;
  shortcut(user: string, callback: string, on?: Parameters<typeof shortcutBody>[3]): Promise<Answered>;
}

/** People of one workspace at a running door. */
export function converse(target: Target): Conversation {
  const { workspace } = target;
  let count = 0;
  const event = (it: Json, eventId = `Ev${++count}`) =>
    send(target, { body: eventBody(target, it, eventId), contentType: 'application/json' });
  return {
    async slash(user, text, channel = 'C1') {
      const answered = await send(target, { body: slashBody(target, user, text, channel) });
      if (isJson(answered.body)) show(workspace, user, channel, answered.body);
      return answered;
    },
    async press(user, on, label) {
      const blocks = 'ts' in on ? on.blocks : on.content.blocks;
      const button = buttonsOf(blocks).find((it) => it.label === label);
      if (!button) throw new Error(`No button “${label}” among: ${buttonsOf(blocks).map((it) => it.label)}`);
      return send(target, { body: pressBody(target, user, on, button) });
    },
    async submit(view, answers) {
      const answered = await send(target, { body: submitBody(target, view, answers) });
      moveOn(view, answered.body);
      return answered;
    },
    suggest: async (view, field, typed, more) =>
      suggested(await send(target, { body: suggestBody(target, view, field, typed, more) })),
    tell: (user, text, eventId) =>
      event({ type: 'message', channel_type: 'im', channel: `D${user}`, user, text }, eventId),
    mention: (user, channel, text, eventId) =>
      event({ type: 'app_mention', channel, user, text: `<@${workspace.bot}> ${text}` }, eventId),
    event: (it, more) =>
      send(target, {
        body: eventBody(target, it, `Ev${++count}`, more),
        contentType: 'application/json',
      }),
    openHome: (user, more) =>
      event({ type: 'app_home_opened', user, channel: `D${user}`, tab: 'home', ...more }),
    async pressAtHome(user, label) {
      const content = workspace.homes.get(user)?.content ?? {};
      const buttons = buttonsOf(content.blocks);
      const button = buttons.find((it) => it.label === label);
      if (!button) throw new Error(`No button “${label}” among: ${buttons.map((it) => it.label)}`);
      const home = { id: `VH${user}`, user, content, isOpen: true, errors: {} };
      return send(target, { body: pressBody(target, user, home, button) });
    },
    shortcut: (user, callback, on) => send(target, { body: shortcutBody(target, user, callback, on) }),
  };
}

/** Slack takes nothing but a list of options, within their limits. */
function suggested({ status, body }: Answered): { value: string; label: string }[] {
  const options = isJson(body) && Array.isArray(body.options) ? body.options : undefined;
  const errors = limitErrors({ options });
  if (status !== 200 || !options || errors.length > 0)
    throw new Error(`Slack would refuse these options (${status}): ${errors.join('; ')}`);
  return options.map((it) => ({ value: it.value, label: it.text.text }));
}

/** Slack shows the acknowledgement of a command, to that person only unless it says in_channel. */
function show(workspace: Workspace, user: string, channel: string, body: Json): void {
  const errors = limitErrors({ text: body.text, blocks: body.blocks ?? [] });
  if (errors.length > 0)
    throw new Error(`Slack would refuse the answer to the command: ${errors.join('; ')}`);
  const blocks = Array.isArray(body.blocks) ? body.blocks : [];
  const onlyFor = body.response_type === 'in_channel' ? {} : { onlyFor: user };
  workspace.post({ channel, text: String(body.text), blocks, ...onlyFor });
}

/** What a view does after its submit was acknowledged: an empty answer closes it. */
export function moveOn(view: View, body: unknown): void {
  const answer = isJson(body) ? body : {};
  if (answer.response_action === 'errors') {
    const fields = fieldsOf(view.content.blocks).map((it) => it.id);
    view.errors = answer.errors as Record<string, string>;
    const unknown = Object.keys(view.errors).filter((id) => !fields.includes(id));
    if (unknown.length > 0) throw new Error(`Slack knows no field ${unknown}`);
    return;
  }
  view.errors = {};
  if (answer.response_action === 'update' && isJson(answer.view)) {
    const errors = limitErrors({ view: answer.view });
    if (errors.length > 0) throw new Error(`Slack would refuse the view: ${errors.join('; ')}`);
    view.content = answer.view;
  } else view.isOpen = false;
}
