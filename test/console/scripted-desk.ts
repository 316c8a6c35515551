/** A desk that answers from a script and remembers what it was asked. */
import type { Answer, Desk, Intent, Utterance } from '../../src/bot/intent.ts';
import { type Card, note, type Reply } from '../../src/views/view.ts';

export interface ScriptedDesk extends Desk {
  said: Utterance[];
  handled: Intent[];
  postings: Record<string, unknown>[];
  /** Lets a Change settle, for waits under way and to come. */
  settle(changeId: string, reply: Reply, ok?: boolean): void;
  /** Tells how far a Change has come to whoever waits for it. */
  progress(changeId: string, reply: Reply): void;
}

export const plain = (reply: Reply, changeIds: string[] = [], ok = true): Answer => ({
  reply,
  changeIds,
  ok,
});

type Answers = Record<string, Answer | ((intent: Intent) => Answer)>;

/** Answers by the typed line, and by the verb of an intent. */
export function scriptedDesk(answers: Answers): ScriptedDesk {
  const outcomes = new Map<string, Answer>();
  const waits = new Set<{
    answer: Answer;
    resolve: (answer: Answer) => void;
    onProgress?: (reply: Reply) => void;
  }>();
  const find = (key: string, intent?: Intent): Answer => {
    const answer = answers[key];
    if (typeof answer === 'function' && intent) return answer(intent);
    return typeof answer === 'object' ? answer : plain(note(`no answer to ${key}`), [], false);
  };
  const desk: ScriptedDesk = {
    said: [],
    handled: [],
    postings: [],
    async say(utterance) {
      desk.said.push(utterance);
      return find(utterance.text);
    },
    async handle(intent) {
      desk.handled.push(intent);
      return find(intent.verb, intent);
    },
    options: async () => [],
    home: async () => false,
    joined: async () => undefined,
    glimpses: async () => new Map(),
    glimpsed: async () => async () => undefined,
    knows: async () => false,
    left: async () => undefined,
    unanswered: async () => undefined,
    async posted(_answer, _from, ref) {
      desk.postings.push(ref);
    },
    settled(answer, withinMs, onProgress) {
      const known = answer.changeIds.map((id) => outcomes.get(id)).find(Boolean);
      if (known) return Promise.resolve(known);
      return new Promise((resolve) => {
        const wait = { answer, resolve, ...(onProgress ? { onProgress } : {}) };
        waits.add(wait);
        setTimeout(() => waits.delete(wait) && resolve(undefined), withinMs).unref();
      });
    },
    settle(changeId, reply, ok = true) {
      outcomes.set(changeId, plain(reply, [changeId], ok));
      for (const wait of waits)
        if (wait.answer.changeIds.includes(changeId) && waits.delete(wait))
          wait.resolve(plain(reply, [changeId], ok));
    },
    progress(changeId, reply) {
      for (const wait of waits) if (wait.answer.changeIds.includes(changeId)) wait.onProgress?.(reply);
    },
  };
  return desk;
}

export const card = (title: string, more: Partial<Card> = {}): Card => ({
  kind: 'card',
  title,
  facts: [{ label: 'Deadline', value: '2 business days left' }],
  progress: 'idle',
  buttons: [],
  ...more,
});
