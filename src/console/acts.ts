/** What is typed or pressed, as acts of the person who sits here. */
import { randomUUID } from 'node:crypto';
import type { Answer, Desk, Intent, Sender } from '../bot/intent.ts';

export interface Acts {
  say(text: string): Promise<Answer>;
  handle(verb: Intent['verb'], input: Record<string, string>): Promise<Answer>;
  /** A line "practice …" plays AWS's side; undefined for every other line, and outside practice mode. */
  practise(line: string): Promise<{ text: string; ok: boolean } | undefined>;
}

/** Each line and each press is an act of its own: saying the same twice is meant twice. */
export function createActs(desk: Desk, sender: Sender, practice?: (words: string) => Promise<string>): Acts {
  const key = () => `console:${sender.operator}:${randomUUID()}`;
  return {
    say: (text) => desk.say({ text, from: sender, key: key() }),
    handle: (verb, input) => desk.handle({ verb, input, from: sender, key: key() }),
    async practise(line) {
      const words = /^practice(?:\s+([\s\S]*))?$/i.exec(line);
      if (!practice || !words) return undefined;
      try {
        return { text: await practice(words[1]?.trim() ?? ''), ok: true };
      } catch (error) {
        // Rescues a word that practice mode does not know: its message is for the person. A bug goes on its way.
        if (error instanceof Error && error.name === 'UserError') return { text: error.message, ok: false };
        throw error;
      }
    },
  };
}
