/** Who reads along in a channel or a group: what Slack says of it, right before something is shown there. */
import { webApi } from '@slack/bolt';
import { GoneForGood, type Room, StillAsking } from '../bot/intent.ts';
import type { Door } from './door.ts';

type Parts = Pick<Door, 'web' | 'patient' | 'workspace' | 'now'>;

/** A page of conversations.members and users.list; Slack recommends at most 200. */
const PAGE = 200;
/** Rooms with more are not counted: who reads there is unclear. */
const MOST_READERS = 1000;
/** Workspaces with more are not read whole: who of them is a guest is unclear. */
const MOST_PEOPLE = 5000;
const PEOPLE_MS = 15 * 60_000;
/** A person may be waiting: a listing that takes longer goes on, and whoever asks next has it. */
const PATIENCE_MS = 800;

/**
 * Undefined for a conversation of two and for what is none (a view). What Slack does not tell, for want of a scope too,
 * leaves the room unclear. Throws GoneForGood where we are not a member, StillAsking while a large workspace's people are
 * being read, and what Slack's API throws.
 * @param web how it is asked: quickly where a person waits.
 */
export async function roomOf(
  door: Parts,
  conversation: string,
  web: webApi.WebClient,
): Promise<Room | undefined> {
  if (!/^[CG][A-Z0-9]+$/.test(conversation)) return undefined;
  const { workspace } = door;
  const info = await told(() => web.conversations.info({ channel: conversation }));
  const { channel } = info ?? {};
  if (!channel) return UNKNOWN;
  if (channel.is_im) return undefined;
  if (channel.is_member === false) throw new GoneForGood('not_in_channel');
  const members = await told(() =>
    pages(MOST_READERS, async (cursor) => {
      const page = await web.conversations.members({ channel: conversation, limit: PAGE, ...cursor });
      return { items: page.members, next: page.response_metadata?.next_cursor };
    }),
  );
  const all = members?.items ?? [];
  const people = await told(() => soon(peopleAmong(door, all)));
  const ids = all.filter((id) => id !== workspace.bot && people?.of.get(id) !== 'nobody');
  const kinds = ids.map((id) => people?.of.get(id));
  const isShared = channel.is_ext_shared || channel.is_pending_ext_shared;
  return {
    ...(channel.name && !channel.is_mpim ? { name: `#${channel.name}` } : {}),
    readers: ids,
    addresses: Object.fromEntries(ids.flatMap((id) => addressIn(people, id))),
    isOpenToOthers:
      isShared === true ||
      (channel.is_shared === true && !channel.is_org_shared) ||
      kinds.includes('outsider') ||
      // A member who is not of the workspace, whoever they are.
      (people?.isWhole === true && kinds.includes(undefined)),
    isUnclear: !members?.isWhole || !people?.isWhole,
    ...(channel.is_private === false ? { isPublic: true } : {}),
  };
}

const UNKNOWN: Room = { readers: [], isOpenToOthers: false, isUnclear: true };

/** outsider: a guest, or from another workspace. nobody: an app, or a closed account. Else a member, with their address. */
type Kind = 'outsider' | 'nobody' | { email?: string };
interface People {
  of: ReadonlyMap<string, Kind>;
  isWhole: boolean;
}

function addressIn(people: People | undefined, id: string): [string, string][] {
  const kind = people?.of.get(id);
  return typeof kind === 'object' && kind.email ? [[id, kind.email]] : [];
}

interface Listing {
  at: number;
  people: Promise<People>;
  /** What it came to; absent while it is under way. */
  known?: People;
  /** Who has changed since it was begun: what it says of them is void. Asked once each, when somebody looks at them. */
  changed: Map<string, Promise<Kind> | undefined>;
}
const listed = new WeakMap<object, Listing>();
/** More than these are not asked one by one. */
const MOST_CHANGED = 20;

/**
 * A profile has changed: they may be a guest by now. Also of a listing that is under way. The others stay as they are: in a
 * large workspace somebody's status changes all the time.
 */
export function forgetPerson(door: object, user: string): void {
  listed.get(door)?.changed.set(user, undefined);
}

/**
 * Whether the people of the workspace, as they were listed here before `at` (epoch ms), name them as an outsider: what has
 * changed of them since then let nobody in. False where no list that old is known.
 */
export function wasOutsider(door: object, user: string, at: number): boolean {
  const listing = listed.get(door);
  return listing !== undefined && listing.at < at && listing.known?.of.get(user) === 'outsider';
}

/** Waits for the list of the workspace's people where it is being read: for what no person waits for. */
export async function listedPeople(door: Parts): Promise<void> {
  // What Slack does not tell is said where it is looked at.
  await listingOf(door).people.catch(() => undefined);
}

/** The listed people; of those named here, whoever has changed since is asked about anew. */
async function peopleAmong(door: Parts, ids: readonly string[]): Promise<People> {
  const listing = listingOf(door);
  const { of, isWhole } = await listing.people;
  const changed = ids.filter((id) => listing.changed.has(id));
  if (changed.filter((id) => !listing.changed.get(id)).length > MOST_CHANGED) {
    listed.delete(door);
    return peopleAmong(door, ids);
  }
  const anew = await Promise.all(changed.map(async (id) => [id, await kindNow(door, listing, id)] as const));
  return { of: new Map([...of, ...anew]), isWhole };
}

function kindNow({ web, workspace }: Parts, { changed }: Listing, id: string): Promise<Kind> {
  const asked =
    changed.get(id) ??
    web.users.info({ user: id }).then(({ user }): Kind => (user ? kindOf(user, workspace.team) : 'outsider'));
  changed.set(id, asked);
  asked.catch(() => changed.get(id) === asked && changed.set(id, undefined));
  return asked;
}

/** The people of a workspace, read once in a quarter of an hour, however many ask. */
function listingOf(door: Parts): Listing {
  const kept = listed.get(door);
  const at = door.now().getTime();
  if (kept && at - kept.at < PEOPLE_MS) return kept;
  const listing: Listing = { at, people: listPeople(door), changed: new Map() };
  listed.set(door, listing);
  listing.people.then(
    (people) => {
      listing.known = people;
    },
    // A listing that failed is none: the next one asks again.
    () => listed.get(door) === listing && listed.delete(door),
  );
  return listing;
}

async function soon<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StillAsking('the people are being read')), PATIENCE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** As fast as Slack allows; once it asks to go slower, at its pace. */
async function listPeople({ web, patient, workspace }: Parts): Promise<People> {
  const { items, isWhole } = await pages(MOST_PEOPLE, async (cursor) => {
    const asked = { limit: PAGE, team_id: workspace.team, ...cursor };
    const page = await web.users.list(asked).catch((error: unknown) => {
      if (error instanceof webApi.WebAPIRateLimitedError) return patient.users.list(asked);
      throw error;
    });
    return { items: page.members, next: page.response_metadata?.next_cursor };
  });
  return { of: new Map(items.map((user) => [user.id ?? '', kindOf(user, workspace.team)])), isWhole };
}

type User = NonNullable<webApi.UsersListResponse['members']>[number];

function kindOf(user: User & { is_stranger?: boolean }, team: string): Kind {
  if (user.deleted || user.is_bot || user.is_workflow_bot || user.id === 'USLACKBOT') return 'nobody';
  const teams = [user.team_id, ...(user.enterprise_user?.teams ?? [])];
  if (user.is_restricted || user.is_ultra_restricted || user.is_stranger || !teams.includes(team))
    return 'outsider';
  const email = user.is_email_confirmed === true ? user.profile?.email?.trim().toLowerCase() : undefined;
  return email ? { email } : {};
}

/** All pages, until there are `most` items: then it is not whole. */
async function pages<Item>(
  most: number,
  ask: (cursor: { cursor?: string }) => Promise<{ items?: Item[] | undefined; next?: string | undefined }>,
): Promise<{ items: Item[]; isWhole: boolean }> {
  const items: Item[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await ask(cursor ? { cursor } : {});
    items.push(...(page.items ?? []));
    cursor = page.next;
    if (!cursor) return { items, isWhole: items.length <= most };
    if (items.length >= most) return { items, isWhole: false };
  }
}

/** Undefined where Slack does not tell us; that is an answer. */
async function told<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof webApi.WebAPIPlatformError && UNTOLD.includes(error.data.error)) return undefined;
    throw error;
  }
}

const UNTOLD = [
  'fetch_members_failed',
  'limit_required',
  'method_not_supported_for_channel_type',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
];
