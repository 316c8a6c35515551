/**
 * What the Teams app on somebody's screen does: sends what they do, and shows what comes back (a card in the place of the
 * pressed one for them alone, a toast, a dialog). Works against a door in this process and against the process as it runs.
 */
import {
  type Answered,
  type At,
  dialogSubmitted,
  executed,
  fetched,
  type On,
  post,
  said,
  submitted,
  type Target,
} from './teams-activities.ts';
import { personalWith } from './teams-connector.ts';
import type { Message } from './teams-microsoft.ts';
import {
  buttonsOf,
  fieldsOf,
  isCalled,
  type Json,
  labelOf,
  parseErrors,
  parts,
  screenOf,
  words,
} from './teams-screen.ts';

export interface Dialog {
  user: string;
  title: string;
  card: Json;
  isOpen: boolean;
  /** Where it was opened. */
  at: At;
}

export interface Client {
  dialogs: Dialog[];
  toasts: { user: string; text: string }[];
  /** Sends words; the answer may still be on its way. */
  tell(user: string, text: string, at?: At): Promise<Answered>;
  /** Presses that button on a card as it looks to them, with `values` typed into its fields (ids without `f_`). */
  press(
    user: string,
    on: Message,
    label: string | RegExp,
    values?: Record<string, string>,
  ): Promise<Answered>;
  /** Fills the open dialog in and presses there; without a label its first button. */
  submit(user: string, values: Record<string, string>, label?: string | RegExp): Promise<Answered>;
  /** Closes whatever dialog they have open. */
  dismiss(user: string): void;
  /** The dialog that person has open. */
  dialog(user: string): Dialog | undefined;
  /** As Teams does when a card with `refresh` comes into view of one of its people; undefined for all others. */
  view(user: string, message: Message): Promise<Answered | undefined>;
  /** The card as it looks to them. */
  cardOf(user: string, message: Message): Json;
  /** Their personal chat, oldest first. */
  messages(user: string): Message[];
  newest(user: string): Message;
  /** All they see privately, as text: the chat, dialogs (open or not), toasts. */
  screens(user: string): Screens;
}

/** What somebody sees, by where it stands: a message that is drawn anew stays in its place. */
export type Screens = ReadonlyMap<string, string>;

/** Teams gives up on an invoke after so long. */
const INVOKE_MS = 5000;

export function createClient(target: Target): Client {
  const { microsoft } = target;
  const [dialogs, toasts]: [Client['dialogs'], Client['toasts']] = [[], []];
  const broken = (text: string) => void microsoft.refused.push(text);
  const mri = (user: string) => `29:${user}`;
  const cardOf = (user: string, message: Message) =>
    message.views.get(mri(user)) ?? parts(message.cards.at(-1));
  const messages = (user: string) => {
    const person = microsoft.people.get(mri(user));
    return microsoft.messages.filter((it) => person && it.conversation === personalWith(person));
  };
  const dialog = (user: string) => dialogs.findLast((it) => it.user === user && it.isOpen);
  const where = (message: Message): On => ({
    message: message.id,
    ...(message.conversation.startsWith('a:') ? {} : { room: message.conversation }),
    thread: message.thread ?? message.id,
  });

  async function invoke(activity: Json): Promise<Answered> {
    const began = performance.now();
    const answered = await post(target, activity);
    if (performance.now() - began > INVOKE_MS) broken(`${activity.name} was answered too late`);
    return answered;
  }
  const isFine = (card: Json): boolean => {
    const wrong = parseErrors(card);
    if (Buffer.byteLength(JSON.stringify(card)) > 28_000) wrong.push('a card of more than 28 KB');
    wrong.map(broken);
    return wrong.length === 0;
  };

  /** What an Action.Execute is answered with. */
  function showExecuted(user: string, message: Message, { body }: Answered): void {
    const { type, value } = parts(body);
    if (type === 'application/vnd.microsoft.card.adaptive') {
      if (isFine(parts(value))) message.views.set(mri(user), parts(value));
    } else if (type === 'application/vnd.microsoft.activity.message')
      toasts.push({ user, text: words(value) });
    else if (type === 'application/vnd.microsoft.error')
      toasts.push({ user, text: words(parts(value).message) });
    else broken(`an action was answered with ${String(type)}`);
  }

  /** What task/fetch and task/submit are answered with: a dialog goes on, says something, or closes. */
  function showTask(user: string, at: At, answered: Answered, open?: Dialog): void {
    const task = parts(parts(answered.body).task);
    const value = parts(task.value);
    if (task.type === 'continue') {
      const shown = parts(parts(value.card).content);
      if (!isFine(shown)) return;
      if (buttonsOf(shown).some(({ type }) => type === 'Action.Execute'))
        broken('Action.Execute in a dialog');
      const next = { user, title: words(value.title), card: shown, isOpen: true, at };
      if (open) Object.assign(open, next);
      else dialogs.push(next);
      return;
    }
    if (task.type === 'message') toasts.push({ user, text: words(task.value) });
    else if (answered.body !== '' && Object.keys(parts(answered.body)).length > 0)
      broken(`a dialog was answered with ${JSON.stringify(answered.body).slice(0, 200)}`);
    if (open) open.isOpen = false;
  }

  async function press(user: string, on: Message, label: string | RegExp, values = {}): Promise<Answered> {
    const card = cardOf(user, on);
    const button = buttonNamed(card, label);
    const data = dataOf(card, button, values);
    const at = where(on);
    if (button.type === 'Action.Execute') {
      const answered = await invoke(executed(target, user, { verb: button.verb, data }, at));
      if (answered.status === 200) showExecuted(user, on, answered);
      return answered;
    }
    if (button.type !== 'Action.Submit') throw new Error(`${labelOf(button)} asks nothing of us.`);
    if (parts(parts(button.data).msteams).type !== 'task/fetch')
      return post(target, submitted(target, user, data, at));
    const answered = await invoke(fetched(target, user, data, at));
    if (answered.status === 200) showTask(user, at, answered);
    return answered;
  }

  return {
    ...{ dialogs, toasts, press, dialog, cardOf, messages },
    tell: (user, text, at) => post(target, said(target, user, text, at)),
    async submit(user, values, label = /./) {
      const open = dialog(user);
      if (!open) throw new Error(`${user} has no dialog open.`);
      const data = dataOf(open.card, buttonNamed(open.card, label), values);
      const answered = await invoke(dialogSubmitted(target, user, data, open.at));
      if (answered.status === 200) showTask(user, open.at, answered, open);
      return answered;
    },
    dismiss(user) {
      for (const it of dialogs) if (it.user === user) it.isOpen = false;
    },
    async view(user, message) {
      const { action, userIds } = parts(parts(message.cards.at(-1)).refresh);
      if (!Array.isArray(userIds) || !userIds.includes(mri(user))) return undefined;
      const { verb, data } = parts(action);
      const automatic = executed(target, user, { verb, data: parts(data) }, where(message), 'automatic');
      const answered = await invoke(automatic);
      if (answered.status === 200) showExecuted(user, message, answered);
      return answered;
    },
    newest(user) {
      const [newest] = messages(user).slice(-1);
      if (!newest) throw new Error(`Nothing stands in the chat with ${user}.`);
      return newest;
    },
    screens: (user) =>
      new Map([
        ...placed('message', messages(user), (it) => seen(it, cardOf(user, it))),
        ...placed(
          'dialog',
          dialogs.filter((it) => it.user === user),
          ({ title, card }) => `${title}\n${screenOf(card)}`,
        ),
        ...placed(
          'toast',
          toasts.filter((it) => it.user === user),
          ({ text }) => text,
        ),
      ]),
  };
}

const placed = <It>(what: string, its: readonly It[], read: (it: It) => string): [string, string][] =>
  its.map((it, nth) => [`${what} ${nth}`, read(it)]);

/** Those screens that were not there before, or looked different. */
export const fresh = (before: Screens, now: Screens): string[] =>
  [...now].flatMap(([place, screen]) => (before.get(place) === screen ? [] : [screen]));

/** A message as somebody reads it. */
export const seen = ({ text }: Message, card: Json): string =>
  [text, screenOf(card)].filter(Boolean).join('\n');

/** @throws with what there is, where no button has that label. */
export function buttonNamed(card: Json, label: string | RegExp): Json {
  const buttons = buttonsOf(card).filter(({ type }) => type !== 'Action.ToggleVisibility');
  const found = buttons.find((it) => isCalled(it, label));
  if (!found) throw new Error(`No button ${label} among ${buttons.map(labelOf).join(', ')}`);
  return found;
}

/** The button's data with what stands in the fields beside it, as Teams joins them. */
export function dataOf(card: Json, button: Json, values: Record<string, string>): Json {
  const typed: Json = {};
  for (const { id, value } of button.associatedInputs === 'none' ? [] : fieldsOf(card))
    typed[id] = values[id] ?? values[id.replace(/^f_/, '')] ?? value;
  const unknown = Object.keys(values).filter((it) => !(it in typed) && !(`f_${it}` in typed));
  if (unknown.length > 0) throw new Error(`There is no field ${unknown} on that card.`);
  return { ...typed, ...parts(button.data) };
}
