/** Private messages: each told once, at the first place where its reader is found. How each is drawn stands in tell-*.ts. */
import { needsProof } from '../pipeline/identity.ts';
import { type Notice, OPEN_KINDS } from '../pipeline/notice.ts';
import { fullName, type Person } from '../pipeline/person.ts';
import { can, owns } from '../pipeline/policy.ts';
import { mayManage } from '../pipeline/roster.ts';
import { requestById } from '../store/access.ts';
import { type Loaded, load } from '../store/deals.ts';
import { isStrict, linkById, linkOf, linksOf } from '../store/links.ts';
import { noticeById, type Told } from '../store/notices.ts';
import { personById } from '../store/people.ts';
import { hearingOf } from '../store/quiet.ts';
import type { OfList } from '../store/told-lists.ts';
import { accessAsked, accessRefused } from '../views/access.ts';
import { contactsNote } from '../views/deal.ts';
import { switchable } from '../views/news.ts';
import { handedOverNote, linkFrozenNote, offeredCard, quotaNote, receivedCard } from '../views/notice.ts';
import type { Reply } from '../views/view.ts';
import { cardAs, isOpenTo, keepCopy, once, type Postman } from './copies.ts';
import { GoneForGood, NotServed, type Ref } from './intent.ts';
import { isPutOff } from './put-off.ts';
import { drawGranted } from './tell-access.ts';
import { drawClock, drawClocks } from './tell-clock.ts';
import { drawCover } from './tell-cover.ts';
import { drawOffers } from './tell-hand-over.ts';
import { drawInVain, drawInvitation, noting } from './tell-invited.ts';
import { drawNews } from './tell-news.ts';
import { drawNudge, drawReminder } from './tell-reminder.ts';
import { keepTold } from './told-lists.ts';

export interface Drawn {
  reply: Reply;
  /** The deal whose card it is: kept true from then on. */
  of?: Loaded;
  /** The deals of a list: it is kept true as well. */
  list?: readonly OfList[];
  /** What only its owner reads, in a message of its own. */
  contacts?: Reply;
  /** Notes whether it arrived on this platform. */
  outcome?: (isReached: boolean) => Promise<void>;
}

/**
 * Once on each platform, under whichever of their addresses the reader is found there. What they may no longer know is
 * not told. What can wait is put off to their waking hours, once: `hasWaited` is that second time.
 * @throws what sending throws when it may pass: then it is tried again.
 */
export async function tellNotice(postman: Postman, id: string, hasWaited = false): Promise<void> {
  const { store, messenger } = postman;
  const told = await noticeById(store, id);
  const reader = told && (await personById(store, told.personId));
  if (told && !hasWaited && (await isPutOff(postman, told))) return;
  const drawn = told && reader && (await draw(postman, told, reader));
  if (!drawn) return;
  // Where they are told first; all who are not linked yet stand in one line.
  const [first] = (await accountsOf(postman, reader)).good;
  const say = (what: 'notice' | 'contacts', reply: Reply) =>
    once(postman, { line: first?.tenant ?? '', key: `${what}:${id}:${messenger.platform}` }, () =>
      noting(drawn, async () => {
        const ref = await tellSomewhere(postman, reader, reply, !OPEN_KINDS.includes(told.notice.kind));
        if (ref) await keep(what, reply, ref);
        return ref;
      }),
    );
  // Before it counts as said: else what a kill left unkept would never be drawn anew.
  const keep = async (what: 'notice' | 'contacts', reply: Reply, ref: Ref) => {
    const { of, list } = drawn;
    const shows = what === 'notice' ? 'card' : what;
    const here = { personId: reader.id, role: reader.role, timeZone: null };
    if (of) await keepCopy(postman, here, reply, { dealId: of.deal.id, version: of.version }, ref, shows);
    if (list && what === 'notice') await keepTold(postman, { id, reader, reply, deals: list }, ref);
  };
  await say('notice', drawn.reply);
  if (drawn.contacts) await say('contacts', drawn.contacts);
}

/** At the first place where it arrives. @throws where it arrives nowhere; undefined where there is no place. */
async function tellSomewhere(
  postman: Postman,
  reader: Person,
  reply: Reply,
  isPrivate: boolean,
): Promise<Ref | undefined> {
  let gone: unknown;
  let silent: unknown;
  for await (const to of places(postman, reader, isPrivate)) {
    try {
      return await postman.messenger.tell(to, reply);
    } catch (error) {
      if (error instanceof NotServed) silent = error;
      else if (error instanceof GoneForGood) gone = error;
      else throw error;
    }
  }
  if (silent ?? gone) throw silent ?? gone;
  return undefined;
}

/** The accounts linked to them, then whoever has an address of theirs; never one that was turned away. */
async function* places(
  { store, messenger }: Postman,
  { id, email, otherEmails, role }: Person,
  isPrivate: boolean,
) {
  const { strict, all, good } = await accountsOf({ store, messenger }, { id, role });
  yield* good;
  const known = new Set(all.map(({ tenant, user }) => JSON.stringify([tenant, user])));
  // An address alone proves nobody: it is told of access, and nothing of deals.
  if (strict && isPrivate) return;
  for (const address of [email, ...otherEmails]) {
    const found = await messenger.find(address);
    if (!found || known.has(JSON.stringify([found.tenant, found.user]))) continue;
    if (!(await linkOf(store, { platform: messenger.platform, ...found })).link) yield found;
  }
}

/** Accounts of theirs on that platform; `good`: they act for them now. */
async function accountsOf(
  { store, messenger: { platform } }: Pick<Postman, 'store' | 'messenger'>,
  { id, role }: Pick<Person, 'id' | 'role'>,
) {
  const strict = await isStrict(store);
  const all = (await linksOf(store, id)).filter((it) => it.platform === platform);
  const good = all
    .filter(({ state, proven }) => state === 'live' && (proven || !strict || !needsProof({ role })))
    .map(({ tenant, user }) => ({ tenant, user }));
  return { strict, all, good };
}

/** Undefined: nothing is to be said (any more). */
export type Drawer<Kind extends Notice['kind']> = (
  postman: Postman,
  told: { id: string; dealId?: string; notice: Extract<Notice, { kind: Kind }> },
  reader: Person,
) => Promise<Drawn | undefined>;

/** How each kind is drawn for its reader, as things stand when it is told. */
const DRAWERS: { [Kind in Notice['kind']]: Drawer<Kind> } = {
  offered: drawDeal,
  'offered-many': drawOffers,
  received: drawDeal,
  'handed-over': drawDeal,
  news: drawNews,
  reminder: drawReminder,
  nudged: drawNudge,
  'access-asked': async ({ store }, { notice }, reader) => {
    const request = await requestById(store, notice.request);
    return request && !request.decided && mayManage(reader) ? { reply: accessAsked(notice) } : undefined;
  },
  'access-granted': drawGranted,
  'access-refused': async (_, { notice }, reader) =>
    reader.role === 'none' ? { reply: accessRefused(notice) } : undefined,
  invited: drawInvitation,
  'invited-in-vain': drawInVain,
  clock: drawClock,
  covering: drawCover,
  'clock-many': drawClocks,
  quota: async (_, { notice }, reader) =>
    reader.role === 'alliance lead' ? { reply: quotaNote(notice.writes) } : undefined,
  'link-frozen': async (postman, { notice }, reader) =>
    reader.role === 'alliance lead' ? drawQuestion(postman, notice.link) : undefined,
};

/** Of deals nothing to whoever is not let in, nor before the terms are confirmed. */
async function draw(postman: Postman, told: Told, reader: Person): Promise<Drawn | undefined> {
  const { kind } = told.notice;
  const isClosed = reader.role === 'none' || !(await isOpenTo(postman.store, reader));
  if (isClosed && !OPEN_KINDS.includes(kind)) return undefined;
  // Each drawer takes notices of its own kind, which the table says and the compiler cannot follow.
  return (DRAWERS[kind] as Drawer<Notice['kind']>)(postman, told, reader);
}

/** Nothing where it was decided meanwhile. */
async function drawQuestion({ store }: Postman, id: string): Promise<Drawn | undefined> {
  const link = await linkById(store, id);
  if (!link || link.state === 'live' || link.state === 'cut') return undefined;
  const { platform, state, person, address = '' } = link;
  const { email } = person;
  return { reply: linkFrozenNote({ link: id, name: fullName(person), email, platform, state, address }) };
}

type OfDeal = Extract<Notice, { kind: 'offered' | 'received' | 'handed-over' }>;

async function drawDeal(
  { store, now }: Postman,
  { dealId, notice }: { dealId?: string; notice: OfDeal },
  reader: Person,
): Promise<Drawn | undefined> {
  const first = dealId === undefined ? undefined : await load(store, dealId);
  const found = first?.successor ? await load(store, first.successor.id) : first;
  if (!found || found.isGone) return undefined;
  const { deal } = found;
  if (notice.kind === 'handed-over')
    // Who gives a deal away may lose sight of it with that; a finder lead was never theirs.
    return owns(reader, deal) ? undefined : { reply: handedOverNote(deal, notice.by, notice.to) };
  const may = notice.kind === 'offered' ? 'accept' : 'see';
  if (!can(reader, may, deal, now()).yes) return undefined;
  const card = cardAs(reader, found, now());
  if (notice.kind === 'offered') {
    if ((await hearingOf(store, reader.id)).off.includes('offered')) return undefined;
    return { reply: switchable(offeredCard(card, notice.by, notice.away), ['offered']), of: found };
  }
  return {
    reply: receivedCard(card, notice.by, notice.from),
    of: found,
    ...(owns(reader, deal) ? { contacts: contactsNote(deal) } : {}),
  };
}
