/** The message extension: deals found and put into a conversation, links that were pasted, an action on a message. */
import { inTime } from '../bot/in-time.ts';
import { cut } from '../pipeline/text.ts';
import type { Card, Item } from '../views/view.ts';
import type { Common, Of } from './activity.ts';
import { ask, identify, keyOf, type Response } from './answer.ts';
import type { Attachment } from './card.ts';
import { openOn } from './dialog.ts';
import type { Door } from './door.ts';
import { placesUnder } from './ref.ts';
import { OLD_ACTION, SEARCH_LATE, TRY_HERE, TRY_TYPED, WHAT_TO_FIND } from './strings.ts';
import { line } from './text.ts';
import { attached, found, foundNothing, saidInstead } from './wire.ts';

/** Numbers in it are nobody's to type: it has a conversation of its own. */
const CONVERSATION = 'search';

/** Finds as the person; what they put into the conversation shows what everybody there may see. */
export async function onSearch(door: Door, on: Of<'search'>, arrived: Date): Promise<Response> {
  if (on.command !== 'searchDeals') return foundNothing(OLD_ACTION);
  if (on.query.trim() === '') return foundNothing(WHAT_TO_FIND);
  return (await inTime(door, arrived, search(door, on))) ?? foundNothing(SEARCH_LATE);
}

async function search(door: Door, on: Of<'search'>): Promise<Response> {
  const asking = ask(
    door,
    on,
    (from) =>
      door.desk.handle({
        ...{ verb: 'find', input: { words: on.query.slice(0, MOST_WORDS) }, from },
        key: keyOf(on.at.tenant, from.user, 'find', on.id),
      }),
    CONVERSATION,
  );
  const [{ answer, from }, isOpen] = await Promise.all([asking, isOpenPlace(door, on)]);
  const { reply } = answer;
  if (reply.kind !== 'list')
    return foundNothing(reply.kind === 'note' ? reply.text.replace(TRY_TYPED, TRY_HERE) : WHAT_TO_FIND);
  const items = reply.sections.flatMap((it) => it.items);
  const ids = items.flatMap(({ id }) => id ?? []);
  const cards = await glimpses(door, { ids, isOpen, ...(from ? { from } : {}) });
  return found(
    items.flatMap((item) => {
      const card = cards.get(item.id ?? '');
      return card ? [toAttachment(door, card, item)] : [];
    }),
  );
}

/** UTF-16 units; `find` takes fewer, and says so. */
const MOST_WORDS = 1000;

const glimpses = async (door: Door, linked: Parameters<Door['desk']['glimpses']>[0]) => {
  try {
    return await door.desk.glimpses(linked);
  } catch (err) {
    // The database does not answer: there is nothing to choose from.
    door.log.warn({ err }, 'teams: no cards for what was found');
    return new Map<string, Card>();
  }
};

/** Links end like that (src/links.ts); Teams asks only about hosts that the manifest names. */
const DEAL_LINK = /^https?:\/\/[^/?#]+\/o\/([A-Za-z0-9-]{1,40})\/?(?:[?#].*)?$/;

/** A link to a deal: the poster must be allowed to see it, and everybody who reads there. Else it is its id, as for any other. */
export async function onLink(door: Door, on: Of<'link'>, arrived: Date): Promise<Response> {
  const id = DEAL_LINK.exec(on.url)?.[1];
  return (id && (await inTime(door, arrived, linked(door, on, id)))) || found([]);
}

async function linked(door: Door, on: Of<'link'>, id: string): Promise<Response> {
  const [from, isOpen] = await Promise.all([identify(door, on, CONVERSATION), isOpenPlace(door, on)]);
  const cards = await glimpses(door, {
    ids: [id],
    ...(typeof from === 'string' ? { isOpen: false } : { isOpen, from }),
  });
  const card = cards.get(id);
  return found(card ? [toAttachment(door, card)] : []);
}

/** "Add as next step": the message's words, for the person to look at first; the deal where it is that thread's. */
export async function onMessage(door: Door, on: Of<'message'>, arrived: Date): Promise<Response> {
  if (on.command !== 'addNextStep') return saidInstead(OLD_ACTION);
  const { tenant, conversation } = on.at;
  const under = on.thread ? { under: placesUnder(tenant, conversation, on.thread) } : {};
  // The form cuts it to what AWS takes, and says so.
  const input = { deal: '', text: cut(on.text, MOST_TEXT) };
  return openOn(door, on, { verb: 'next-step', input, ...under }, arrived);
}

const MOST_TEXT = 2000;

/** Everybody there is of the house, as far as Teams says; where it says nothing, nobody knows who reads along. */
async function isOpenPlace(door: Door, { at: { tenant, conversation } }: Common): Promise<boolean> {
  try {
    const room = await door.messenger.room?.({ tenant, conversation }, 'soon');
    return room !== undefined && !room.isOpenToOthers && !room.isUnclear;
  } catch (err) {
    // Not a member, or no answer: closed.
    door.log.info({ err }, 'teams: a room was not looked up');
    return false;
  }
}

/**
 * Without the stage: what is put there is no message of ours that could be kept true, and Teams keeps a link's card for half
 * an hour. `item`: what whoever searches reads of it, which may be more than what is put there.
 */
function toAttachment(door: Door, { subtitle: _, ...card }: Card, item?: Item): Attachment {
  const title = plain(item?.title ?? card.title, 150);
  const content = { title, text: item?.detail ? plain(item.detail, 250) : '' };
  return {
    ...attached(door.draw.card(card, { in: 'room', post: '' })),
    preview: { contentType: 'application/vnd.microsoft.card.thumbnail', content },
  };
}

/** A preview's text may be read as HTML. */
const plain = (text: string, max: number): string =>
  line(text, max).replaceAll('<', '‹').replaceAll('>', '›');
