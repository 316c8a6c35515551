/** The connector's calls that we use, as strict as Microsoft's reference. State in, answer out. */
import { isJson, type Json, list, parseErrors, parts, words } from './teams-screen.ts';

export interface Person {
  /** Teams' own id: `29:…`, of an app `28:…`. */
  id: string;
  /** The Entra object id; absent for apps. */
  user?: string;
  tenant: string;
  name: string;
  email?: string;
  role: 'user' | 'guest' | 'app';
}

export interface Place {
  /** Without `;messageid=`. */
  id: string;
  scope: 'personal' | 'groupChat' | 'channel';
  tenant: string;
  name?: string;
  /** Teams' ids. */
  members: string[];
  /** Uninstalled: false. */
  hasBot: boolean;
  /** That person has blocked the bot. */
  isBlocked?: boolean;
  team?: string;
  /** More of `channelData`, such as `{ channel: { membershipType: 'shared' } }`. */
  channelData?: Json;
}

export interface Message {
  id: string;
  /** Without `;messageid=`. */
  conversation: string;
  /** The root it stands under in a channel, or the message it answers in a chat. */
  thread?: string;
  text: string;
  summary: string;
  cards: Json[];
  /** How often it was updated. */
  updates: number;
  /** What an invoke's answer put in the card's place, for one person (Teams' id). */
  views: Map<string, Json>;
}

/** What the stand-in knows. */
export interface State {
  appId: string;
  people: Map<string, Person>;
  places: Map<string, Place>;
  /** What the bot posted. */
  messages: Message[];
  /** Messages that people wrote: their ids, with the place. */
  written: Set<string>;
  /** Every rule that something sent here broke. Tests want this empty. */
  refused: string[];
  next(): number;
}

export interface Answer {
  status: number;
  body: Json;
}

export interface Call {
  method: string;
  /** The path after `/v3/`, decoded. */
  path: string[];
  query: URLSearchParams;
  body: Json;
}

const refuse = (status: number, code: string): Answer => ({
  status,
  body: { error: { code, message: code } },
});

/** Of a call, as `fail` takes it. */
export type Operation = 'send' | 'update' | 'open' | 'member' | 'members' | 'other';

export function operationOf({ method, path }: Call): Operation {
  const [first, , what] = path;
  if (first !== 'conversations') return 'other';
  if (method === 'POST' && path.length === 1) return 'open';
  if (what === 'activities') return method === 'POST' ? 'send' : method === 'PUT' ? 'update' : 'other';
  if (what === 'members') return path.length > 3 ? 'member' : 'members';
  return what === 'pagedmembers' ? 'members' : 'other';
}

/** Carries out one call. */
export function callConnector(state: State, call: Call): Answer {
  const [, conversation = '', , id = ''] = call.path;
  const operation = operationOf(call);
  if (operation === 'open') return open(state, call.body);
  const [bare = '', root] = conversation.split(';messageid=');
  const place = state.places.get(bare);
  if (!place || (root !== undefined && !knows(state, bare, root))) return refuse(404, 'ConversationNotFound');
  if (place.isBlocked) return refuse(403, 'MessageWritesBlocked');
  if (!place.hasBot) return refuse(403, 'BotNotInConversationRoster');
  if (operation === 'send') return post(state, place, call.body, root ?? (id || undefined));
  if (operation === 'update') return update(state, place, id, call.body);
  if (operation === 'member') return member(state, place, id);
  return operation === 'members' ? members(state, place, call) : refuse(405, 'MethodNotAllowed');
}

const knows = (state: State, place: string, id: string): boolean =>
  state.written.has(`${place} ${id}`) ||
  state.messages.some((it) => it.conversation === place && it.id === id);

function open(state: State, body: Json): Answer {
  const [member] = list(body.members);
  const person = state.people.get(words(member?.id)) ?? byUser(state, words(member?.id));
  const channel = words(parts(parts(body.channelData).channel).id);
  if (channel) {
    const place = state.places.get(channel);
    if (!place?.hasBot) return refuse(403, 'BotNotInConversationRoster');
    const { status, body: said } = post(state, place, parts(body.activity), undefined);
    return status === 201
      ? { status, body: { id: `${channel};messageid=${said.id}`, activityId: said.id } }
      : { status, body: said };
  }
  const tenant = words(body.tenantId) || words(parts(parts(body.channelData).tenant).id);
  if (!person || person.role === 'app' || person.tenant !== tenant)
    return refuse(403, 'BotNotInConversationRoster');
  const place = state.places.get(personalWith(person));
  if (place && !place.hasBot) return refuse(403, 'BotNotInConversationRoster');
  if (!place) addPersonal(state, person);
  return { status: 201, body: { id: personalWith(person) } };
}

export const personalWith = ({ id }: Person): string => `a:${id.slice(3)}`;

export function addPersonal(state: State, person: Person): Place {
  const id = personalWith(person);
  const place: Place = { id, scope: 'personal', tenant: person.tenant, members: [person.id], hasBot: true };
  state.places.set(id, place);
  return place;
}

const byUser = ({ people }: State, user: string): Person | undefined =>
  [...people.values()].find((it) => it.user !== undefined && it.user === user);

/** What a message shows, or why it may not go out. */
function contentOf(state: State, activity: Json): Pick<Message, 'text' | 'summary' | 'cards'> | Answer {
  if (Buffer.byteLength(JSON.stringify(activity)) > 100_000) return refuse(413, 'MessageSizeTooBig');
  const cards = list(activity.attachments).map(({ content }) => parts(content));
  const wrong = cards.flatMap(parseErrors);
  if (activity.type !== 'message') wrong.push(`an activity of the type ${String(activity.type)}`);
  if (cards.length === 0 && !words(activity.text)) wrong.push('an empty message');
  state.refused.push(...wrong);
  if (wrong.length > 0) return refuse(400, 'BadSyntax');
  return { text: words(activity.text), summary: words(activity.summary), cards };
}

function post(state: State, place: Place, activity: Json, under: string | undefined): Answer {
  if (activity.type === 'typing') return { status: 201, body: { id: `t${state.next()}` } };
  const thread = under ?? (words(activity.replyToId) || undefined);
  if (thread && !knows(state, place.id, thread)) return refuse(404, 'ActivityNotFoundInConversation');
  const content = contentOf(state, activity);
  if ('status' in content) return content;
  const id = String(1_700_000_000_000 + state.next());
  const message = { id, conversation: place.id, ...content, updates: 0, views: new Map() };
  state.messages.push({ ...message, ...(thread ? { thread } : {}) });
  return { status: 201, body: { id } };
}

function update(state: State, place: Place, id: string, activity: Json): Answer {
  const message = state.messages.find((it) => it.conversation === place.id && it.id === id);
  if (!message) return refuse(404, 'ActivityNotFoundInConversation');
  const content = contentOf(state, activity);
  if ('status' in content) return content;
  Object.assign(message, content, { updates: message.updates + 1 });
  message.views.clear();
  return { status: 200, body: { id } };
}

/** As the roster has them: the shape of TeamsChannelAccount. */
export function accountOf({ id, user, tenant, name, email, role }: Person): Json {
  const [givenName = name, surname = ''] = name.split(' ');
  return {
    ...{ id, name, givenName, surname, tenantId: tenant, userRole: role === 'guest' ? 'guest' : 'user' },
    ...(user ? { aadObjectId: user, objectId: user } : {}),
    ...(email ? { email, userPrincipalName: email } : {}),
  };
}

function member(state: State, place: Place, id: string): Answer {
  const person = state.people.get(id) ?? byUser(state, id);
  return person && place.members.includes(person.id)
    ? { status: 200, body: accountOf(person) }
    : refuse(404, 'MemberNotFoundInConversation');
}

/** A page of at most 500 (50 at least, as Teams has it); the last one names no other. */
function members(state: State, place: Place, { path, query }: Call): Answer {
  const known = place.members.flatMap((id) => state.people.get(id) ?? []).map(accountOf);
  if (path[2] === 'members') return { status: 200, body: { all: known } };
  const size = Math.min(Math.max(Number(query.get('pageSize') ?? 200), 50), 500);
  const from = Number(query.get('continuationToken') ?? 0);
  const rest = from + size < known.length ? { continuationToken: String(from + size) } : {};
  return { status: 200, body: { members: known.slice(from, from + size), ...rest } };
}

/** The JSON that goes over the wire: a plain list of members is no object. */
export const wireOf = ({ body }: Answer): unknown =>
  isJson(body) && Array.isArray(body.all) ? body.all : body;
