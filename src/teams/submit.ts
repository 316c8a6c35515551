/** A form that was sent, from a dialog or from a card in the chat: an error stands beside its field with all that was typed. */
import { commitUntil, inTime } from '../bot/in-time.ts';
import { unsaid } from '../bot/unsaid.ts';
import type { Form, Note, Reply } from '../views/view.ts';
import type { Common } from './activity.ts';
import { type Asked, answered, ask, drawn, keyOf, refuse } from './answer.ts';
import type { Carried } from './button.ts';
import type { AdaptiveCard } from './card.ts';
import type { CardPlace, Door } from './door.ts';
import { errorsIn, formOf, type Over, refilled } from './forms.ts';
import { bytesOf, MAX } from './limits.ts';
import { TOO_LATE, YOU_WROTE } from './strings.ts';
import { editable } from './text.ts';

export type Sent = Extract<Carried, { kind: 'submit' }>;

export interface Settled {
  asked: Asked;
  /** What was written and stands nowhere in the answer. */
  texts: string[];
  over?: Over;
  /** It stays the same act. */
  key?: string;
  /** It was not taken in time; what comes of it all the same. */
  late?: Promise<Asked>;
}

/** @param arrived undefined: nobody waits for the answer to this request. */
export async function settle(door: Door, on: Common, sent: Sent, arrived?: Date): Promise<Settled> {
  const { submit, answers } = sent;
  const { form, over } = formOf(door, on.teamsId, submit) ?? {};
  const about = over ? { over } : {};
  const errors = errorsIn(submit, answers);
  const again = (kept: Form, wrong: Record<string, string>): Settled => ({
    // Whoever was told that nobody can tell sends the same act once more.
    ...{ asked: answered(refilled(kept, answers, wrong)), texts: [], key: submit.k, ...about },
  });
  if (form && Object.keys(errors).length > 0) return again(form, errors);
  const asking = ask(door, on, (from) =>
    door.desk.handle(
      {
        ...{ verb: submit.v, input: { ...submit.i, ...answers }, from },
        key: keyOf(on.at.tenant, from.user, submit.k),
      },
      arrived && commitUntil(door, arrived),
    ),
  );
  const asked = arrived ? await inTime(door, arrived, asking) : await asking;
  const texts = Object.keys(submit.m).flatMap((id) => (answers[id]?.trim() ? [answers[id]] : []));
  if (!asked)
    return form
      ? { ...again(form, { '': TOO_LATE }), late: asking }
      : { asked: refuse(TOO_LATE), texts, ...about, late: asking };
  const { reply, ok } = asked.answer;
  if (form && isPlainProblem(reply)) return again(form, { '': reply.text });
  return { asked, texts: ok && reply.kind !== 'form' ? [] : unsaid(reply, texts), ...about };
}

/** A refusal with nothing to press: it stands in the form, so that what was typed can be sent again. */
const isPlainProblem = (reply: Reply): reply is Note =>
  reply.kind === 'note' &&
  reply.tone === 'problem' &&
  !reply.lines?.length &&
  !reply.links?.length &&
  !reply.buttons?.length;

/**
 * The card of what came of it, with what was written and is not said in it: whole, so that it can be copied. Of more than a
 * card holds each has the same share.
 */
export function settledCard(door: Door, on: Common, it: Settled, place: CardPlace): AdaptiveCard {
  const card = drawn(door, on, it.asked.answer.reply, place, it.over, it.key);
  const share = bytesOf(it.texts) <= KEPT_BYTES ? MAX.inputLength : KEPT_BYTES / (4 * it.texts.length);
  const most = Math.min(MAX.inputLength, Math.floor(share));
  const kept = it.texts.map((text) => ({
    type: 'RichTextBlock',
    inlines: [
      { type: 'TextRun', text: `${YOU_WROTE} `, weight: 'Bolder' },
      { type: 'TextRun', text: editable(text, most) },
    ],
  }));
  return { ...card, body: [...card.body, ...kept] };
}

const KEPT_BYTES = 16_000;

/** An answer that came after "not taken" and only repeats it: it would disturb who is typing. */
export const isNews = ({ answer: { reply } }: Asked): boolean =>
  reply.kind !== 'form' && !(reply.kind === 'note' && reply.tone === 'problem');
