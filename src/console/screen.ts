/** A terminal with one line at its bottom that is being typed; everything else is printed above it. */
import * as readline from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { cut, oneLine } from '../pipeline/text.ts';

export interface Screen {
  /** Prints above what is being typed, which stays as it is. */
  print(text: string): void;
  /** The next typed line; undefined once the input has ended. */
  line(prompt: string): Promise<string | undefined>;
  /**
   * The answer to a question; undefined when the person leaves it (Ctrl-C, Escape) or the input ends. `prompt` is
   * drawn anew with every key, so that it can count. `typed` is there already, to be edited. What was typed before the
   * question was shown answers nothing and is dropped.
   */
  ask(prompt: (typed: string) => string, typed?: string): Promise<string | undefined>;
  /**
   * Waits for `work` with a status in place of the prompt. Undefined when the person does not want to wait (an empty
   * line, Ctrl-C) or the input ends; the work goes on. Lines typed ahead stay for later.
   */
  wait<T>(work: Promise<T>): Promise<{ came: T } | undefined>;
  /** Shown while waiting; without effect at any other time. */
  status(text: string): void;
  close(): void;
}

type Mode = 'line' | 'ask' | 'wait' | 'busy';

/** @param signal ends it from outside, as if the input had ended. */
export function createScreen(input: Readable, output: Writable, signal: AbortSignal): Screen {
  const typedAhead: string[] = [];
  let mode: Mode = 'busy';
  let ended = false;
  let take: ((line: string | undefined) => void) | undefined;
  let leaveWait: (() => void) | undefined;
  let counting: ((typed: string) => string) | undefined;

  const terminal = readline.createInterface({ input, output, terminal: true, signal, prompt: '' });

  function hand(line: string | undefined): void {
    const taker = take;
    take = counting = undefined;
    mode = 'busy';
    terminal.setPrompt('');
    taker?.(line);
  }

  function show(prompt: string): void {
    if (ended || terminal.getPrompt() === prompt) return;
    terminal.setPrompt(prompt);
    terminal.prompt(true);
  }

  function forget(): void {
    terminal.write(null, { ctrl: true, name: 'e' });
    terminal.write(null, { ctrl: true, name: 'u' });
  }

  function dropTypedAhead(): void {
    const lines = [...typedAhead.splice(0), terminal.line].map(oneLine).filter(Boolean);
    if (ended) return;
    forget();
    if (lines.length > 0) print(`(typed before this question, not taken: ${cut(lines.join(' / '), 60)})`);
  }

  function print(text: string): void {
    if (ended) {
      output.write(`${text}\n`);
      return;
    }
    // readline goes up as many rows as its line had before it draws it again: it gets them back below the text.
    const { rows } = terminal.getCursorPos();
    readline.moveCursor(output, 0, -rows);
    readline.cursorTo(output, 0);
    readline.clearScreenDown(output);
    output.write(`${text}\n${'\n'.repeat(rows)}`);
    terminal.prompt(true);
  }

  terminal.on('line', (line) => {
    if (mode === 'wait' && line.trim() === '') return leaveWait?.();
    if (take) return hand(line);
    typedAhead.push(line);
  });
  terminal.on('history', (lines) => {
    // What was answered in a form is no command to be called back.
    if (mode === 'ask') lines.shift();
  });
  terminal.on('SIGINT', () => {
    const isEmpty = terminal.line === '';
    forget();
    if (mode === 'ask') hand(undefined);
    else if (mode === 'wait') leaveWait?.();
    else if (mode === 'line' && isEmpty) terminal.close();
  });
  terminal.on('close', () => {
    ended = true;
    // Ctrl-D leaves the cursor behind the prompt.
    if (mode !== 'busy') output.write('\n');
    hand(undefined);
    leaveWait?.();
  });
  const onKey = (_: string | undefined, key: { name?: string } | undefined) => {
    if (mode === 'ask' && key?.name === 'escape') {
      forget();
      return hand(undefined);
    }
    if (counting) show(counting(terminal.line));
  };
  input.on('keypress', onKey);

  function next(as: Mode, prompt: string): Promise<string | undefined> {
    const ahead = typedAhead.shift();
    if (ahead !== undefined || ended) return Promise.resolve(ahead);
    return new Promise((resolve) => {
      take = resolve;
      mode = as;
      show(prompt);
    });
  }

  return {
    print,
    line: (prompt) => next('line', prompt),
    ask(prompt, typed = '') {
      dropTypedAhead();
      const answer = next('ask', prompt(typed));
      if (mode === 'ask') {
        counting = prompt;
        if (typed) terminal.write(typed);
        show(prompt(terminal.line));
      }
      return answer;
    },
    async wait(work) {
      mode = 'wait';
      const left = new Promise<undefined>((resolve) => {
        leaveWait = () => resolve(undefined);
        if (ended) resolve(undefined);
      });
      try {
        return await Promise.race([work.then((came) => ({ came })), left]);
      } finally {
        leaveWait = undefined;
        mode = 'busy';
        terminal.setPrompt('');
      }
    },
    status(text) {
      if (mode === 'wait') show(`${text} `);
    },
    close() {
      input.off('keypress', onKey);
      terminal.close();
    },
  };
}
