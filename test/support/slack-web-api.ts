/** The Web API methods we use and the response_urls, as strict as Slack's reference. State in, answer out. */
import { limitErrors } from '../../src/slack/limits.ts';
import { isJson, type Json, partsOf } from './slack-screen.ts';

export interface Message {
  channel: string;
  ts: string;
  text: string;
  blocks: Json[];
  /** Only this person sees it. */
  onlyFor?: string;
  thread?: string;
  /** As it was posted: ids only. */
  metadata?: Json;
}

/** A channel or a group. One that is not listed here has every full member of the workspace in it. */
export interface Channel {
  /** Beside what every channel has: is_ext_shared, is_mpim, is_member: false, … */
  info?: Json;
  members?: string[];
}

/** What a person's Home tab shows. */
export interface HomeTab {
  content: Json;
  hash: string;
}

/** What was uploaded, or is to be: it may be shown once it is complete. */
export interface SharedFile {
  name: string;
  length: number;
  bytes?: Buffer;
  isComplete: boolean;
}

/** Blocks under links: by address. `of` names the message: its ts, or the id of a draft. */
export interface Unfurled {
  channel?: string;
  of: string;
  unfurls: Json;
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
  channels: Map<string, Channel>;
  views: View[];
  /** By user. */
  homes: Map<string, HomeTab>;
  unfurled: Unfurled[];
  /** By id. */
  files: Map<string, SharedFile>;
  /** Where uploads go: the stand-in itself. */
  origin: string;
  scopes: string[];
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

/** Bytes for a file that was asked for: all of it, once. */
export function takeUpload(state: State, id: string, bytes: Buffer): number {
  const file = state.files.get(id);
  if (!file) return 404;
  const isPng = bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'));
  if (file.bytes || bytes.length !== file.length || !isPng) return 400;
  file.bytes = bytes;
  return 200;
}

const mayWrite = ({ scopes }: State): boolean => scopes.length === 0 || scopes.includes('files:write');

function uploadUrl(state: State, { filename, length }: Json): Answer {
  if (!mayWrite(state)) return refuse('missing_scope');
  if (!text(filename) || !(Number(length) > 0)) return refuse('invalid_arguments');
  const id = `F${String(state.next()).padStart(8, '0')}`;
  state.files.set(id, { name: text(filename), length: Number(length), isComplete: false });
  return { ok: true, upload_url: `${state.origin}/upload/${id}`, file_id: id };
}

function completeUpload(state: State, { files }: Json): Answer {
  if (!mayWrite(state)) return refuse('missing_scope');
  const ids = blocksOf(JSON.parse(text(files) || '[]')).map(({ id }) => text(id));
  const found = ids.flatMap((id) => state.files.get(id) ?? []);
  if (ids.length === 0 || found.length < ids.length) return refuse('file_not_found');
  if (found.some(({ bytes }) => !bytes)) return refuse('invalid_arguments');
  for (const file of found) file.isComplete = true;
  return { ok: true, files: ids.map((id) => ({ id })) };
}

function deleteFile(state: State, { file }: Json): Answer {
  if (!mayWrite(state)) return refuse('missing_scope');
  return state.files.delete(text(file)) ? { ok: true } : refuse('file_not_found');
}

/** Blocks with a file that is not there are refused as Slack does. */
function checkShown(state: State, said: { text: string; blocks: Json[] }): Answer | undefined {
  const files = partsOf(said.blocks).flatMap(({ slack_file }) => (isJson(slack_file) ? [slack_file.id] : []));
  if (files.some((id) => !state.files.get(text(id))?.isComplete)) return refuse('invalid_blocks');
  return check(state, said, 'invalid_blocks');
}

function postMessage(state: State, body: Json): Answer {
  if (state.channels.get(text(body.channel))?.info?.is_member === false) return refuse('not_in_channel');
  const said = { text: text(body.text), blocks: blocksOf(JSON.parse(text(body.blocks) || '[]')) };
  const bad = checkShown(state, said);
  if (bad) return bad;
  const posted = addMessage(state, {
    channel: text(body.channel),
    ...said,
    ...(body.thread_ts ? { thread: text(body.thread_ts) } : {}),
    ...(body.user ? { onlyFor: text(body.user) } : {}),
    ...(body.metadata ? { metadata: json(body.metadata) } : {}),
  });
  return { ok: true, channel: posted.channel, ts: posted.ts, message_ts: posted.ts };
}

function updateMessage(state: State, body: Json): Answer {
  const said = { text: text(body.text), blocks: blocksOf(JSON.parse(text(body.blocks) || '[]')) };
  const message = state.messages.find(
    (it) => it.channel === body.channel && it.ts === body.ts && it.onlyFor === undefined,
  );
  if (!message) return refuse('message_not_found');
  const bad = checkShown(state, said);
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

/** A page of at most 200, from the cursor on; it ends with an empty cursor. */
function page<Item>(
  all: readonly Item[],
  { cursor, limit }: Json,
): { items: Item[]; response_metadata: Json } {
  const from = Number(text(cursor) || 0);
  const to = from + Math.min(Number(limit ?? 200), 200);
  return {
    items: all.slice(from, to),
    response_metadata: { next_cursor: to < all.length ? String(to) : '' },
  };
}

function conversationInfo({ channels }: State, { channel }: Json): Answer {
  const id = text(channel);
  if (!/^[CGD]/.test(id)) return refuse('channel_not_found');
  return { ok: true, channel: { id, name: `room-${id.toLowerCase()}`, ...channels.get(id)?.info } };
}

function conversationMembers(state: State, body: Json): Answer {
  const full = [...state.users.values()].filter(
    (it) => !it.deleted && !it.is_restricted && !it.is_ultra_restricted && it.team_id === state.team,
  );
  const members = state.channels.get(text(body.channel))?.members ?? full.map(({ id }) => String(id));
  const { items, ...rest } = page([...members, state.bot], body);
  return { ok: true, members: items, ...rest };
}

function listUsers(state: State, body: Json): Answer {
  const ourselves = { id: state.bot, team_id: state.team, is_bot: true };
  const { items, ...rest } = page([...state.users.values(), ourselves], body);
  return { ok: true, members: items, ...rest };
}

/** The Home tab of one person; with a hash only where that drawing still stands there. */
function publishView(state: State, { user_id: id, view, hash }: Json): Answer {
  const user = text(id);
  if (!state.users.has(user)) return refuse('user_not_found');
  const content = json(view);
  if (content.type !== 'home') return refuse('invalid_arguments');
  const bad = check(state, { view: content }, 'invalid_arguments');
  if (bad) return bad;
  if (hash !== undefined && state.homes.get(user)?.hash !== hash) return refuse('hash_conflict');
  const drawn = { content, hash: `hash.${state.next()}` };
  state.homes.set(user, drawn);
  return { ok: true, view: { id: `VH${user}`, type: 'home', hash: drawn.hash } };
}

/** By the id of what is written (composer) or posted, or by channel and message. */
function unfurl(state: State, body: Json): Answer {
  const unfurls = json(body.unfurls);
  const of = text(body.unfurl_id) || text(body.ts);
  if (of === '' || (body.unfurl_id ? !text(body.source) : !text(body.channel)))
    return refuse('cannot_unfurl_message');
  const bad = check(state, { unfurls }, 'invalid_unfurls_format');
  if (bad) return bad;
  state.unfurled.push({ of, unfurls, ...(body.channel ? { channel: text(body.channel) } : {}) });
  return { ok: true };
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
  'conversations.info': conversationInfo,
  'conversations.members': conversationMembers,
  'users.list': listUsers,
  'chat.postMessage': postMessage,
  'chat.getPermalink': (state, { channel, message_ts: ts }) =>
    state.messages.some((it) => it.channel === channel && it.ts === ts)
      ? { ok: true, permalink: `https://partner.slack.com/archives/${channel}/p${text(ts).replace('.', '')}` }
      : refuse('message_not_found'),
  'chat.postEphemeral': postMessage,
  'chat.update': updateMessage,
  'files.getUploadURLExternal': uploadUrl,
  'files.completeUploadExternal': completeUpload,
  'files.delete': deleteFile,
  'chat.unfurl': unfurl,
  'views.open': openView,
  'views.update': updateView,
  'views.publish': publishView,
};
