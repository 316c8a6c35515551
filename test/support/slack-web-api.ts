/** The Web API methods we use and the response_urls, as strict as Slack's reference. State in, answer out. */
import { limitErrors } from '../../src/slack/limits.ts';
import { isJson, type Json } from './slack-screen.ts';

export interface Message {
  channel: string;
  ts: string;
  text: string;
  blocks: Json[];
  /** Only this person sees it. */
  onlyFor?: string;
  thread?: string;
}

export interface View {
  id: string;
  user: string;
  content: Json;
  isOpen: boolean;
  /** Shown beside the fields, by block_id. */
  errors: Record<string, string>;
}

interface ResponseUrl {
  user: string;
  channel: string;
  replaces?: Message;
  uses: number;
  until: number;
}

/** What the stand-in knows. */
export interface State {
  team: string;
  bot: string;
  users: Map<string, Json>;
  messages: Message[];
  views: View[];
  triggers: Map<string, { user: string; until: number; used: boolean }>;
  urls: Map<string, ResponseUrl>;
  /** Every limit something broke. */
  refused: string[];
  now(): number;
  /** A number never given before. */
  next(): number;
}

export type Answer = Json & { ok: boolean };

/** Carries out one call of the Web API. */
export const callMethod = (state: State, method: string, body: Json): Answer =>
  METHODS[method]?.(state, body) ?? refuse('unknown_method');

/** Adds a message as Slack would. */
export function addMessage(state: State, message: Omit<Message, 'ts'>): Message {
  const ts = `${Math.floor(state.now() / 1000)}.${String(state.next()).padStart(6, '0')}`;
  const posted = { ...message, ts };
  state.messages.push(posted);
  return posted;
}

/** One use of a response_url: replaces the message it belongs to, or adds one that only that person sees. */
export function useUrl(state: State, path: string, body: Json): { status: number; said: string } {
  const url = state.urls.get(path);
  if (!url || url.until < state.now()) return { status: 404, said: '{"ok":false,"error":"expired_url"}' };
  if (url.uses >= 5) return { status: 404, said: '{"ok":false,"error":"used_url"}' };
  url.uses += 1;
  const said = { text: text(body.text), blocks: blocksOf(body.blocks) };
  if (check(state, said, 'invalid_blocks')) return { status: 400, said: 'invalid_blocks' };
  if (body.replace_original && url.replaces) Object.assign(url.replaces, said);
  else addMessage(state, { channel: url.channel, onlyFor: url.user, ...said });
  return { status: 200, said: 'ok' };
}

const refuse = (error: string): Answer => ({ ok: false, error });
const text = (it: unknown): string => (typeof it === 'string' ? it : '');
const json = (it: unknown): Json => JSON.parse(text(it) || '{}');
const blocksOf = (it: unknown): Json[] => (Array.isArray(it) ? it : []);

/** Undefined when within the limits; else Slack's refusal. */
function check(state: State, payload: Json, error: string): Answer | undefined {
  const errors = limitErrors(payload);
  state.refused.push(...errors);
  return errors.length > 0 ? refuse(error) : undefined;
}

function postMessage(state: State, body: Json): Answer {
  const said = { text: text(body.text), blocks: blocksOf(JSON.parse(text(body.blocks) || '[]')) };
  const bad = check(state, said, 'invalid_blocks');
  if (bad) return bad;
  const posted = addMessage(state, {
    channel: text(body.channel),
    ...said,
    ...(body.thread_ts ? { thread: text(body.thread_ts) } : {}),
    ...(body.user ? { onlyFor: text(body.user) } : {}),
  });
  return { ok: true, channel: posted.channel, ts: posted.ts, message_ts: posted.ts };
}

function updateMessage(state: State, body: Json): Answer {
  const said = { text: text(body.text), blocks: blocksOf(JSON.parse(text(body.blocks) || '[]')) };
  const message = state.messages.find(
    (it) => it.channel === body.channel && it.ts === body.ts && it.onlyFor === undefined,
  );
  if (!message) return refuse('message_not_found');
  const bad = check(state, said, 'invalid_blocks');
  if (bad) return bad;
  Object.assign(message, said);
  return { ok: true, channel: message.channel, ts: message.ts };
}

function openView(state: State, body: Json): Answer {
  const trigger = state.triggers.get(text(body.trigger_id));
  if (!trigger || trigger.until < state.now()) return refuse('expired_trigger_id');
  if (trigger.used) return refuse('exchanged_trigger_id');
  trigger.used = true;
  const content = json(body.view);
  const bad = check(state, { view: content }, 'invalid_arguments');
  if (bad) return bad;
  const view: View = { id: `V${state.next()}`, user: trigger.user, content, isOpen: true, errors: {} };
  state.views.push(view);
  return { ok: true, view: { id: view.id } };
}

function updateView(state: State, body: Json): Answer {
  const view = state.views.find((it) => it.id === body.view_id && it.isOpen);
  if (!view) return refuse('not_found');
  const content = json(body.view);
  const bad = check(state, { view: content }, 'invalid_arguments');
  if (bad) return bad;
  Object.assign(view, { content, errors: {} });
  return { ok: true, view: { id: view.id } };
}

const METHODS: Record<string, (state: State, body: Json) => Answer> = {
  'auth.test': ({ team, bot }) => ({ ok: true, team_id: team, user_id: bot, bot_id: 'B1', user: 'ace-desk' }),
  'users.info': (state, { user }) => {
    const found = state.users.get(text(user));
    return found ? { ok: true, user: found } : refuse('user_not_found');
  },
  'users.lookupByEmail': (state, { email }) => {
    const found = [...state.users.values()].find(({ profile }) => isJson(profile) && profile.email === email);
    return found ? { ok: true, user: found } : refuse('users_not_found');
  },
  'conversations.open': (state, { users }) =>
    state.users.has(text(users))
      ? { ok: true, channel: { id: `D${text(users)}` } }
      : refuse('user_not_found'),
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postMessage,
  'chat.update': updateMessage,
  'views.open': openView,
  'views.update': updateView,
};
