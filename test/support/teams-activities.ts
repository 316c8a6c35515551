/**
 * Activities as Teams sends them, and `post`, which signs them with the stand-in's key and posts them to a running door.
 *
 * `const target = { url: 'http://127.0.0.1:<port>', microsoft }`, then `post(target, said(target, 'ANA', 'list pending'))`.
 * A person is named as they were enrolled; `At` says where: nothing is their personal chat, `{ room, thread? }` a channel's
 * thread (without one: a new one) or a group chat. Builders write down the ids of what people write, so that it can be
 * replied to. To forge: `post(target, it, { claims: { aud: 'another' } })`, `{ token: null }`, `{ key: createKey('foreign') }`.
 */
import { type Person, type Place, personalWith } from './teams-connector.ts';
import { claimsFor, type Key, token } from './teams-keys.ts';
import type { Microsoft } from './teams-microsoft.ts';
import type { Json } from './teams-screen.ts';

export interface Target {
  /** Where the door listens, without a path. */
  url: string;
  microsoft: Microsoft;
}

export interface At {
  room?: string;
  /** The id of the message at the head of a channel's thread. */
  thread?: string;
}

/** What a test does to the token: other claims or header, another key, or none at all. */
export interface Forged {
  claims?: Json;
  header?: Json;
  key?: Key;
  /** As it is; null for no header. */
  token?: string | null;
  /** Instead of the activity as JSON. */
  raw?: string;
  contentType?: string;
  headers?: Record<string, string>;
}

export interface Answered {
  status: number;
  /** JSON, or the text as it came. */
  body: unknown;
}

/** `Authorization` of the channel for that activity. */
export function signed({ microsoft }: Target, activity: Json, forged: Forged = {}): string {
  const claims = { ...claimsFor(activity.serviceUrl, microsoft.appId, Date.now()), ...forged.claims };
  return `Bearer ${token(forged.key ?? microsoft.key, claims, forged.header)}`;
}

/** One POST to /api/messages. */
export async function post(target: Target, activity: Json, forged: Forged = {}): Promise<Answered> {
  const authorization = forged.token === undefined ? signed(target, activity, forged) : forged.token;
  const response = await fetch(`${target.url}/api/messages`, {
    method: 'POST',
    headers: {
      'content-type': forged.contentType ?? 'application/json; charset=utf-8',
      ...(authorization === null ? {} : { authorization }),
      ...forged.headers,
    },
    body: forged.raw ?? JSON.stringify(activity),
  });
  const said = await response.text();
  const isJsonBody = response.headers.get('content-type')?.includes('json') === true && said !== '';
  return { status: response.status, body: isJsonBody ? JSON.parse(said) : said };
}

const TIME_ZONE = 'Europe/Berlin';

/** What all activities of somebody have. `now` is when Teams says it was written. */
export function activity({ microsoft }: Target, from: string, type: string, at: At = {}): Json {
  const person = personOf(microsoft, from);
  const id = String(1_800_000_000_000 + microsoft.next());
  const place = placeOf(microsoft, person, at);
  const isChannel = place.scope === 'channel';
  const root = isChannel ? `;messageid=${at.thread ?? id}` : '';
  const now = new Date().toISOString();
  const team = place.team ? { team: { id: place.team }, teamsTeamId: place.team } : {};
  const channel = isChannel ? { channel: { id: place.id }, teamsChannelId: place.id, ...team } : {};
  return {
    ...{ type, id, timestamp: now, localTimestamp: now, localTimezone: TIME_ZONE, locale: 'en-US' },
    ...{ channelId: 'msteams', serviceUrl: microsoft.serviceUrl },
    from: { id: person.id, name: person.name, aadObjectId: person.user },
    recipient: { id: `28:${microsoft.appId}`, name: BOT },
    conversation: {
      ...{ id: `${place.id}${root}`, conversationType: place.scope, tenantId: person.tenant },
      ...(place.scope === 'personal' ? {} : { isGroup: true }),
      ...(place.name ? { name: place.name } : {}),
    },
    channelData: { tenant: { id: place.tenant }, ...channel, ...place.channelData },
    entities: [{ type: 'clientInfo', locale: 'en-US', platform: 'Web', timezone: TIME_ZONE }],
  };
}

const BOT = 'ace-desk';

function personOf({ people }: Microsoft, name: string): Person {
  const person = people.get(`29:${name}`);
  if (!person) throw new Error(`Nobody called ${name} was enrolled.`);
  return person;
}

function placeOf({ places }: Microsoft, person: Person, { room }: At): Place {
  const known = places.get(room ?? personalWith(person));
  if (!known && room) throw new Error(`There is no room ${room}.`);
  const personal = { id: personalWith(person), scope: 'personal' as const, tenant: person.tenant };
  return known ?? { ...personal, members: [person.id], hasBot: false };
}

/** Words; in a room they begin with a mention of the bot. */
export function said(target: Target, from: string, text: string, at: At = {}): Json {
  const it = activity(target, from, 'message', at);
  const place = placeOf(target.microsoft, personOf(target.microsoft, from), at);
  target.microsoft.written.add(`${place.id} ${it.id}`);
  const replied = at.thread ? { replyToId: at.thread } : {};
  if (!at.room) return { ...it, ...replied, text, textFormat: 'plain' };
  const mention = {
    type: 'mention',
    mentioned: { id: `28:${target.microsoft.appId}`, name: BOT },
    text: `<at>${BOT}</at>`,
  };
  const entities = [...(it.entities as Json[]), mention];
  return { ...it, ...replied, text: `<at>${BOT}</at>&nbsp;${text}\n`, textFormat: 'plain', entities };
}

const invoke = (target: Target, from: string, name: string, value: Json, at: At, more: Json = {}): Json => ({
  ...activity(target, from, 'invoke', at),
  ...{ name, value },
  ...more,
});

/** Under a card: which one, and its thread where it stands in a channel. */
export interface On extends At {
  message: string;
}

/** Action.Execute. `data`: the button's, with the inputs beside it. `trigger`: 'automatic' for a refresh. */
export const executed = (
  target: Target,
  from: string,
  { verb, data }: { verb: unknown; data: Json },
  on: On,
  trigger: 'manual' | 'automatic' = 'manual',
): Json =>
  invoke(
    target,
    from,
    'adaptiveCard/action',
    { action: { type: 'Action.Execute', verb, data }, trigger },
    on,
    { replyToId: on.message },
  );

/** Action.Submit, where Execute is not known: a message without words. */
export const submitted = (target: Target, from: string, value: Json, on: On): Json => ({
  ...activity(target, from, 'message', on),
  ...{ value, replyToId: on.message },
});

/** A button that opens a dialog. */
export const fetched = (target: Target, from: string, data: Json, on: On): Json =>
  invoke(target, from, 'task/fetch', { data, context: { theme: 'default' } }, on, { replyToId: on.message });

/** A button in a dialog. */
export const dialogSubmitted = (target: Target, from: string, data: Json, on: At = {}): Json =>
  invoke(target, from, 'task/submit', { data, context: { theme: 'default' } }, on);

/** Somebody types into a long choice. `data`: what the card says goes with it. */
export const typed = (target: Target, from: string, dataset: string, queryText: string, data: Json = {}) =>
  invoke(
    target,
    from,
    'application/search',
    { queryText, queryOptions: { skip: 0, top: 15 }, dataset, data },
    {},
  );

/** The message extension's search; without words as it opens. */
export const searched = (target: Target, from: string, text: string, at: At = {}): Json =>
  invoke(
    target,
    from,
    'composeExtension/query',
    {
      commandId: 'searchDeals',
      parameters: [text ? { name: 'words', value: text } : { name: 'initialRun', value: 'true' }],
      queryOptions: { skip: 0, count: 25 },
    },
    at,
  );

/** A link of ours in what somebody writes. */
export const linked = (target: Target, from: string, url: string, at: At = {}): Json =>
  invoke(target, from, 'composeExtension/queryLink', { url }, at);

/** “Add as next step” on somebody's message. */
export const messageAction = (target: Target, from: string, html: string, on: On): Json =>
  invoke(
    target,
    from,
    'composeExtension/fetchTask',
    {
      ...{ commandId: 'addNextStep', commandContext: 'message' },
      messagePayload: { id: on.message, body: { contentType: 'html', content: html } },
    },
    on,
  );

/** The form that came of it, submitted. */
export const messageActionSubmitted = (target: Target, from: string, data: Json, on: On): Json =>
  invoke(
    target,
    from,
    'composeExtension/submitAction',
    { commandId: 'addNextStep', commandContext: 'message', data },
    on,
  );

/** The app was added to or removed from that place. */
export const installed = (target: Target, from: string, action: 'add' | 'remove', at: At = {}): Json => ({
  ...activity(target, from, 'installationUpdate', at),
  action,
});

/** Who came or left; `names` as enrolled, or 'the bot'. */
export const membersChanged = (
  target: Target,
  from: string,
  what: 'membersAdded' | 'membersRemoved',
  names: string[],
  at: At = {},
): Json => ({
  ...activity(target, from, 'conversationUpdate', at),
  [what]: names.map((name) =>
    name === 'the bot'
      ? { id: `28:${target.microsoft.appId}` }
      : { id: `29:${name}`, aadObjectId: personOf(target.microsoft, name).user },
  ),
});
