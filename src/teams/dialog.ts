/** Dialogs: forms, questions before an act, and whatever is pressed where several read. Only whoever opened one sees it. */
import { randomUUID } from 'node:crypto';
import { commitUntil, inTime } from '../bot/in-time.ts';
import type { Answer, Intent } from '../bot/intent.ts';
import { cut } from '../pipeline/text.ts';
import type { Common, Of } from './activity.ts';
import {
  type Asked,
  answered,
  ask,
  drawn,
  identify,
  keyOf,
  postLater,
  type Response,
  refuse,
} from './answer.ts';
import { fromData, type Press } from './button.ts';
import type { Door } from './door.ts';
import { keepOver, type Over, overOf } from './forms.ts';
import { askPress, replace } from './press.ts';
import { confirmCard } from './render.ts';
import { OLD_BUTTON, TAKEN_PRIVATELY, TOO_LATE } from './strings.ts';
import { isNews, type Sent, settle, settledCard } from './submit.ts';
import { closed, page, titleOf } from './wire.ts';

/** A button opens a dialog: its question, its form, or what came of it. */
export async function onFetch(door: Door, on: Of<'fetch'>, arrived: Date): Promise<Response> {
  const carried = fromData(on.data);
  if (carried?.kind !== 'press') return shown(door, on, refuse(OLD_BUTTON));
  const { press } = carried;
  const { conversation, scope } = on.at;
  const stood = scope === 'personal' ? press.o : 'room';
  const about = { arrived, ...(on.card ? { over: { conversation, card: on.card, stood } } : {}) };
  return press.c ? questioned(door, on, press, about) : pressed(door, on, press, about);
}

/** A button in a dialog: a form is sent, a question is asked or answered, a line chosen. */
export async function onSubmit(door: Door, on: Of<'submit'>, arrived: Date): Promise<Response> {
  const carried = fromData(on.data);
  if (!carried) return shown(door, on, refuse(OLD_BUTTON));
  if (carried.kind === 'close') return closed();
  if (carried.kind === 'submit') return sent(door, on, carried, arrived);
  const { press } = carried;
  const over = overOf(door, on.teamsId, press.k);
  const about = { arrived, ...(over ? { over } : {}) };
  return press.c ? questioned(door, on, press, about) : pressed(door, on, press, about);
}

/** Opens a dialog on what a verb of the house answers. */
export async function openOn(
  door: Door,
  on: Common,
  wish: Pick<Intent, 'verb' | 'input' | 'under'>,
  arrived: Date,
): Promise<Response> {
  const press: Press = {
    v: wish.verb,
    i: carriable(wish.input),
    k: on.id.slice(-MOST_KEY) || '-',
    o: 'note',
  };
  const asking = ask(door, on, (from) =>
    door.desk.handle(
      { ...wish, from, key: keyOf(on.at.tenant, from.user, press.v, press.k) },
      commitUntil(door, arrived),
    ),
  );
  return settled(door, on, asking, press, { arrived });
}

/** What a button takes (button.ts). */
const MOST_KEY = 40;
/** Forms take less. */
const MOST_TEXT = 900;

const carriable = (input: Intent['input']): Press['i'] =>
  Object.fromEntries(
    Object.entries(input).flatMap(([id, it]) => (typeof it === 'string' ? [[id, cut(it, MOST_TEXT)]] : [])),
  );

interface Circumstances {
  arrived: Date;
  over?: Over;
}

/** Asks before the act. Where it was asked is remembered of nobody whom we do not serve. */
async function questioned(door: Door, on: Common, press: Press, about: Circumstances): Promise<Response> {
  const question = confirmCard(press);
  if (!question) return shown(door, on, refuse(OLD_BUTTON));
  const from = await inTime(door, about.arrived, identify(door, on));
  if (typeof from === 'string') return shown(door, on, refuse(from));
  if (from && about.over) keepOver(door, on.teamsId, press.k, about.over);
  return page('ace-desk', question);
}

const pressed = (door: Door, on: Common, press: Press, about: Circumstances): Promise<Response> =>
  settled(door, on, askPress(door, on, press, about.arrived), press, about);

async function settled(
  door: Door,
  on: Common,
  asking: Promise<Asked>,
  press: Press,
  { arrived, over }: Circumstances,
): Promise<Response> {
  const asked = await inTime(door, arrived, asking);
  if (!asked) return { ...tryAgain(door, on, press), after: () => afterAll(door, on, asking, press, over) };
  const response = ending(door, on, asked, over) ?? shown(door, on, asked, over);
  return { ...response, after: () => follow(door, on, asked, press.v, over) };
}

async function sent(door: Door, on: Common, it: Sent, arrived: Date): Promise<Response> {
  const outcome = await settle(door, on, it, arrived);
  const { asked, over, late, texts } = outcome;
  const press = { v: it.submit.v };
  const after = () => (late ? afterAll(door, on, late, press, over) : follow(door, on, asked, press.v, over));
  const end = texts.length === 0 ? ending(door, on, asked, over) : undefined;
  if (end) return { ...end, after };
  const card = settledCard(door, on, outcome, { in: 'dialog' });
  return { ...page(titleOf(asked.answer.reply), card), after };
}

const shown = (door: Door, on: Common, { answer: { reply } }: Asked, over?: Over): Response =>
  page(titleOf(reply), drawn(door, on, reply, { in: 'dialog' }, over));

const AGAIN = { t: 'That took too long', x: TOO_LATE, y: 'Try again', n: 'Close' };

/** It was not taken: pressed once more it is the same act. */
function tryAgain(door: Door, on: Common, press: Press): Response {
  const card = confirmCard({ ...press, c: AGAIN });
  return card ? page('ace-desk', card) : shown(door, on, refuse(TOO_LATE));
}

/** AWS still works on it. */
const goesOn = ({ changeIds, reply }: Answer): boolean => changeIds.length > 0 && reply.kind === 'card';

/** What AWS still works on would stand still in a dialog: it closes over the card that goes on, or says where that is. */
function ending(door: Door, on: Common, asked: Asked, over?: Over): Response | undefined {
  if (!goesOn(asked.answer)) return undefined;
  return below(on, over)?.stood === 'card' ? closed() : shown(door, on, answered(TAKEN_PRIVATELY));
}

/** What it was opened from, where that is a message to this person alone. */
const below = ({ at }: Common, over?: Over): Over | undefined =>
  at.scope === 'personal' && over?.conversation === at.conversation ? over : undefined;

/** How it goes on is seen in the chat with us: on the card it was opened from, or on a new one. */
async function follow(door: Door, on: Common, asked: Asked, verb: string, over?: Over): Promise<void> {
  const { reply, ok } = asked.answer;
  const own = below(on, over);
  if (own?.stood === 'list' && verb === 'waiting' && ok && reply.kind !== 'form')
    await redrawWaiting(door, { ...on, card: own.card });
  if (!goesOn(asked.answer)) return;
  if (own?.stood !== 'card') return postLater(door, on, asked);
  const there = { ...on, card: own.card };
  return replace(door, there, asked, drawn(door, there, reply, { in: 'message' }));
}

/** What was decided about waits no more: its line goes. */
async function redrawWaiting(door: Door, there: Common): Promise<void> {
  const press: Press = { v: 'waiting', i: {}, k: randomUUID(), o: 'list' };
  const asked = await askPress(door, there, press);
  const { reply } = asked.answer;
  if (reply.kind === 'list') await replace(door, there, asked, drawn(door, there, reply, { in: 'message' }));
}

/** It came after "not taken". */
async function afterAll(
  door: Door,
  on: Common,
  asking: Promise<Asked>,
  { v, k }: Pick<Press, 'v'> & Partial<Press>,
  over?: Over,
): Promise<void> {
  const asked = await asking;
  // Pressed once more it comes from the dialog, which knows no message.
  if (asked.from && over && k) keepOver(door, on.teamsId, k, over);
  await follow(door, on, asked, v, over);
  if (!goesOn(asked.answer) && isNews(asked)) await postLater(door, on, asked);
}
