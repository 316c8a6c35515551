/** What happened to deals, drawn for its reader as things stand when it is told. */
import { createHash } from 'node:crypto';
import type { Contact, Deal } from '../pipeline/deal.ts';
import { byDeal, condensed, type NewsEvent } from '../pipeline/news.ts';
import type { Person } from '../pipeline/person.ts';
import { can, owns } from '../pipeline/policy.ts';
import { successorOf } from '../pipeline/referral.ts';
import { changesById } from '../store/changes.ts';
import { type Loaded, load, loadMany } from '../store/deals.ts';
import { newsByIds } from '../store/news.ts';
import type { Store } from '../store/store.ts';
import { contactsNote } from '../views/deal.ts';
import type { Reader } from '../views/lines.ts';
import { type DealNews, goneNote, type Happened, newsCard, newsList } from '../views/news.ts';
import { cardAs } from './copies.ts';
import type { Drawer } from './tell.ts';
import type { Listed, Redrawer } from './told-lists.ts';

/** One deal is its card, kept true from then on; several are a list. What the reader may no longer know is left out. */
export const drawNews: Drawer<'news'> = async ({ store, now }, { notice }, reader) => {
  const to = { actor: reader, now: now() };
  const events = await newsByIds(store, reader.id, notice.ids);
  const news = await toldOf(store, events, to.actor, to.now);
  const [only] = news;
  if (!only) return undefined;
  if (news.length > 1) return listed(news, notice.more, to);
  if (only.isHidden) return { reply: goneNote(only, to) };
  const found = await load(store, only.deal.id);
  if (!found) return undefined;
  const isNew = only.happened.some(({ event }) => event.kind === 'received') && owns(reader, found.deal);
  return {
    reply: newsCard(cardAs(reader, found, to.now), only, to),
    of: found,
    ...(isNew ? { contacts: contactsNote(found.deal) } : {}),
  };
};

/** The list as it stands: of what its reader knows by now, and as it is now. */
export const newsAsItIs: Redrawer<'news'> = async ({ store, now }, { notice }, reader) => {
  const to = { actor: reader, now: now() };
  const news = await toldOf(store, await newsByIds(store, reader.id, notice.ids), reader, to.now);
  return news.length === 0 ? undefined : listed(news, notice.more, to);
};

const listed = (news: readonly DealNews[], more: number, to: Reader): Listed => ({
  reply: newsList(news, more, to),
  list: news.map(({ deal, version }) => ({ id: deal.id, version })),
});

/** By deal, what is left to say. A constant number of queries. */
async function toldOf(
  store: Store,
  events: readonly NewsEvent[],
  reader: Person,
  now: Date,
): Promise<DealNews[]> {
  const deals = await dealsOf(store, events, reader, now);
  const changeIds = [...new Set(events.flatMap(({ changeId }) => changeId ?? []))];
  const changes = new Map((await changesById(store, changeIds)).map((change) => [change.id, change]));
  const known = events.filter(({ dealId }) => deals.has(dealId));
  const grouped = byDeal(known, ({ dealId }) => deals.get(dealId)?.deal.id ?? dealId);
  return [...grouped.values()].flatMap((all) => {
    const found = deals.get(all[0]?.dealId ?? '');
    if (!found) return [];
    const { deal, version } = found;
    const mayKnow = can(reader, 'see', deal, now).yes;
    const happened = condensed(all.filter((event) => isTrue(event, deal, reader, { mayKnow, now }))).flatMap(
      (event) => {
        const change = event.changeId === undefined ? undefined : changes.get(event.changeId);
        return shown({ event, ...(change ? { change } : {}) }, deal);
      },
    );
    if (happened.length === 0) return [];
    return [{ deal, version, happened, ...(mayKnow ? {} : { isHidden: true as const }) }];
  });
}

/** Who lost a deal with giving it away hears of that alone; whoever has it again hears nothing of it. An offer stands, or not. */
function isTrue(
  { kind }: NewsEvent,
  deal: Deal,
  reader: Person,
  { mayKnow, now }: { mayKnow: boolean; now: Date },
): boolean {
  if (kind === 'handed-over') return !owns(reader, deal);
  return mayKnow && (kind !== 'offered' || can(reader, 'accept', deal, now).yes);
}

/** Of AWS's people those who are on it now and were not before; nothing where they are gone again. */
function shown(it: Happened, deal: Deal): Happened[] {
  if (it.event.kind !== 'aws-seller') return [it];
  const here = deal.kind === 'opportunity' ? (deal.aws?.contacts ?? []) : [];
  const added = here.filter((contact) => !it.event.before?.includes(digestOf(contact)));
  return added.length === 0 ? [] : [{ ...it, added }];
}

/** As the trigger `aws_news` has it. */
const digestOf = ({ email, name }: Contact): string =>
  createHash('sha256')
    .update(email?.toLowerCase() ?? name)
    .digest('hex');

/** By the id that an event names: the deal, or what it became where the reader may see that. */
async function dealsOf(
  store: Store,
  events: readonly NewsEvent[],
  reader: Person,
  now: Date,
): Promise<Map<string, Loaded>> {
  const first = await loadMany(store, [...new Set(events.map(({ dealId }) => dealId))]);
  const next = await loadMany(store, [...new Set(first.flatMap(({ deal }) => successorOf(deal) ?? []))]);
  const successors = new Map(next.map((found) => [found.deal.id, found]));
  return new Map(
    first.flatMap((found): [string, Loaded][] => {
      const after = successors.get(successorOf(found.deal) ?? '');
      const seen = after && !after.isGone && can(reader, 'see', after.deal, now).yes ? after : found;
      return seen.isGone ? [] : [[found.deal.id, seen]];
    }),
  );
}
