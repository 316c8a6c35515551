/** A pressed button in the chat with us; and what one person may see of a card that several read. */
import { commitUntil, inTime } from '../bot/in-time.ts';
import type { Reply } from '../views/view.ts';
import type { Common, Of } from './activity.ts';
import {
  type Asked,
  ask,
  drawn,
  followed,
  identify,
  keyOf,
  post,
  postLater,
  type Response,
  refuse,
  report,
} from './answer.ts';
import { fromData, LOOKS, type Place, type Press } from './button.ts';
import type { AdaptiveCard } from './card.ts';
import type { Door } from './door.ts';
import { lookAgain } from './look.ts';
import { reaches, unlessLost } from './lost.ts';
import { messageRef, placesUnder } from './ref.ts';
import { confirmCard, toSummary } from './render.ts';
import { ANSWERED_BELOW, LOOK_LATE, OLD_BUTTON, TOO_LATE } from './strings.ts';
import { isNews, type Sent, type Settled, settle, settledCard } from './submit.ts';
import { line } from './text.ts';
import { attached, inItsPlace, nothingOfTheirOwn, toast } from './wire.ts';

/** Action.Execute. What is pressed in a room leads to a dialog (dialog.ts): there only Teams itself asks, for a viewer's card. */
export async function onPress(door: Door, on: Of<'press'>, arrived: Date): Promise<Response> {
  const carried = fromData(on.data);
  const press = carried?.kind === 'press' ? carried.press : undefined;
  // Teams asks by itself, or whoever looks does ("Refresh").
  if (press && isOwnView(on, press)) return ownView(door, on, press, arrived);
  if (on.isRefresh) return nothingOfTheirOwn();
  if (on.at.scope !== 'personal') return toast(OLD_BUTTON);
  if (carried?.kind === 'submit') return answerSubmit(door, on, carried, arrived);
  if (!press) return toast(OLD_BUTTON);
  const asking = askPress(door, on, press, arrived);
  const asked = await inTime(door, arrived, asking);
  if (asked) return show(door, on, asked, press.o);
  const late = LOOKS.includes(press.v) ? LOOK_LATE : TOO_LATE;
  return { ...toast(late), after: async () => showLate(door, on, await asking, press.o) };
}

/** The same from clients that know no Action.Execute: a message, which the inbox holds. Throws what the connector throws. */
export async function onSent(door: Door, on: Of<'sent'>): Promise<void> {
  const carried = fromData(on.data);
  if (carried?.kind === 'close') return;
  if (carried?.kind === 'submit') {
    const settled = await settle(door, on, carried);
    return showBelow(door, on, settled.asked, 'form', settledMessage(door, on, settled));
  }
  if (carried?.press.c && on.at.scope === 'personal') return askFirst(door, on, carried.press);
  const isOurs = carried && !carried.press.c;
  const asked = isOurs ? await askPress(door, on, carried.press) : refuse(OLD_BUTTON);
  return showBelow(door, on, asked, carried?.press.o ?? 'note');
}

/** The question before an act, asked of whom we serve where no dialog can ask it: its yes comes back from that message. */
async function askFirst(door: Door, on: Common, press: Press): Promise<void> {
  const question = confirmCard({ ...press, o: 'note' });
  if (!question) return;
  const from = await identify(door, on);
  if (typeof from === 'string') return showBelow(door, on, refuse(from), 'note');
  const summary = line(press.c?.t ?? '', 100) || 'ace-desk';
  const message = { type: 'message' as const, summary, attachments: [attached(question)] };
  await reaches(door, on.at, () => door.connector.send(on.at, message));
}

/** @param arrived undefined: nobody waits for the answer to this request. */
export const askPress = (
  door: Door,
  on: Common,
  { v: verb, i: input, k, r: post }: Press,
  arrived?: Date,
  looks?: true,
): Promise<Asked> =>
  ask(door, on, (from) =>
    door.desk.handle(
      {
        ...{ verb, input, from, key: keyOf(on.at.tenant, from.user, verb, k) },
        ...(looks ? { looks } : {}),
        ...(post && on.card ? { pressed: pressedAt(on, post, on.card) } : {}),
        ...(on.isElsewhere && on.thread
          ? { under: placesUnder(on.at.tenant, on.at.conversation, on.thread) }
          : {}),
      },
      arrived && commitUntil(door, arrived),
    ),
  );

/** Which post that was, and where it stands: Teams says so, and signed it. */
function pressedAt({ at: { tenant, conversation } }: Common, post: string, card: string) {
  const at = { tenant, conversation };
  return { post, at, ref: messageRef(at, card, { post }) };
}

/** Looking changes nothing, whatever the card says it asks. */
const isOwnView = ({ at }: Common, { v, o, r }: Press): boolean =>
  at.scope !== 'personal' && v === 'show' && o === 'room' && r !== undefined;

/**
 * Whoever may not see more keeps what all see. Nobody is looked up while Teams asks for all of them at once: whoever is not
 * known any more is found by the next look.
 */
async function ownView(door: Door, on: Of<'press'>, press: Press, arrived: Date): Promise<Response> {
  const asked = await inTime(door, arrived, askPress(door, on, press, arrived, true));
  if (!asked?.from && isUnknown(door, on))
    return { ...nothingOfTheirOwn(), after: () => lookAgain(door, on.at) };
  if (!asked?.from || asked.answer.reply.kind !== 'card') return nothingOfTheirOwn();
  const place = { in: 'room' as const, post: press.r ?? '', viewers: [on.teamsId] };
  return inItsPlace(drawn(door, on, asked.answer.reply, place));
}

const isUnknown = ({ profiles, tenants }: Door, { isRefresh, at: { tenant }, user }: Common): boolean =>
  isRefresh === true && user !== undefined && tenants.has(tenant) && !profiles.known(tenant, user);

async function answerSubmit(door: Door, on: Common, sent: Sent, arrived: Date): Promise<Response> {
  const settled = await settle(door, on, sent, arrived);
  const { late } = settled;
  const card = settledMessage(door, on, settled);
  if (!late) return show(door, on, settled.asked, 'form', card);
  const after = async () => {
    const asked = await late;
    if (isNews(asked)) await showLate(door, on, asked, 'form');
  };
  return { ...inItsPlace(card), after };
}

const settledMessage = (door: Door, on: Common, settled: Settled): AdaptiveCard =>
  settledCard(door, on, settled, { in: 'message' });

/** In the place of what was pressed: for the presser at once, then wherever it is looked at. Or below it. */
function show(door: Door, on: Common, asked: Asked, stood: Place, card?: AdaptiveCard): Response {
  if (!on.card || !takesPlace(stood, asked.answer.reply))
    return { ...toast(ANSWERED_BELOW), after: () => postLater(door, on, asked) };
  const fresh = card ?? drawn(door, on, asked.answer.reply, { in: 'message' });
  return { ...inItsPlace(fresh), after: () => replace(door, on, asked, fresh) };
}

const showLate = (door: Door, on: Common, asked: Asked, stood: Place): Promise<void> =>
  followed(door, asked, () => showBelow(door, on, asked, stood));

/** Where nothing but a message can follow. Throws what the connector throws. */
async function showBelow(
  door: Door,
  on: Common,
  asked: Asked,
  stood: Place,
  card?: AdaptiveCard,
): Promise<void> {
  if (on.at.scope !== 'personal') return postLater(door, on, asked);
  if (!on.card || !takesPlace(stood, asked.answer.reply))
    return void (await reaches(door, on.at, () => post(door, on, asked, on.at)));
  return replace(door, on, asked, card ?? drawn(door, on, asked.answer.reply, { in: 'message' }));
}

/** Drawn first, written down after: what changed in between is drawn once more by the house. */
export async function replace(door: Door, on: Common, asked: Asked, card: AdaptiveCard): Promise<void> {
  const { at, card: id } = on;
  if (!id) return;
  let isDrawn = false;
  await unlessLost(door, async () => {
    const summary = toSummary(asked.answer.reply);
    await door.connector.update(at, id, { type: 'message', summary, attachments: [attached(card)] });
    isDrawn = true;
  });
  await report(door, isDrawn ? asked : undrawn(asked), messageRef(at, id));
}

/** Something else stands there: older than any version and unlike any card, so that the house draws it soon. */
function undrawn({ answer, from }: Asked): Asked {
  const { reply } = answer;
  if (reply.kind !== 'card' || !reply.copyOf) return { answer };
  const other = { ...reply, title: '', copyOf: { ...reply.copyOf, version: -1 } };
  return { answer: { ...answer, reply: other }, ...(from ? { from } : {}) };
}

/** A card follows itself, a list its next page, an answer its form; a problem never covers what it is about. */
function takesPlace(stood: Place, reply: Reply): boolean {
  if (stood === 'form') return !(reply.kind === 'note' && reply.tone === 'problem');
  if (reply.kind === 'note') return stood === 'note' && reply.tone !== 'problem' && !reply.apart;
  if (reply.kind === 'card') return stood !== 'list' && stood !== 'room' && stood !== 'lasting';
  return stood === reply.kind;
}
