/** The third door: a chat in the terminal, or a script on standard input. No account, no token. */
import type { Readable, Writable } from 'node:stream';
import { type Desk, GoneForGood, type Messenger, type Sender } from '../bot/intent.ts';
import { clean } from '../pipeline/text.ts';
import type { Reply } from '../views/view.ts';
import { createActs } from './acts.ts';
import { type Look, toText } from './render.ts';
import { createScreen } from './screen.ts';
import { runScript } from './script.ts';
import { sit } from './sitting.ts';

export interface ConsoleOptions {
  desk: Desk;
  input: Readable;
  output: Writable;
  errorOutput: Writable;
  /** Whether somebody sits there: prompt, questions, colours. Otherwise a line at a time (see `runScript`). */
  isTerminal: boolean;
  /** The e-mail of the person who acts. */
  as: string;
  /** The operating-system user, for the audit. */
  operator: string;
  /** How long a line waits for its Changes to settle, in ms. */
  waitMs: number;
  /** Practice mode: plays AWS's side. A `UserError` it throws is shown. */
  practice?: (words: string) => Promise<string>;
  now: () => Date;
  /** The day that words name and nothing else, in that zone; undefined: they name none. */
  dayCalled: (words: string, now: Date, timeZone: string) => string | undefined;
  /** Columns; default the terminal's, else 80. */
  width?: number;
}

export interface Console {
  /** Until the person leaves or the input ends; the exit code, once all output is written. */
  run(): Promise<number>;
  /** Ends `run` from outside, as if the input had ended. */
  close(): void;
  /** Prints to whoever sits here. */
  messenger: Messenger;
}

/** One session of one person; colours only where the terminal has them and NO_COLOR is not set. */
export function createConsole(options: ConsoleOptions): Console {
  const { desk, input, output, isTerminal, waitMs } = options;
  const sender = senderOf(options);
  const acts = createActs(desk, sender, options.practice);
  const look = (): Look => ({
    width: widthOf(options),
    colour: isTerminal && hasColours(output),
    numbered: isTerminal,
  });
  let print: ((text: string) => void) | undefined;
  const ending = new AbortController();
  const { signal } = ending;

  function tell(reply: Reply): void {
    const at = isTerminal ? `\n— ${clock(options.now())} —\n` : '';
    print?.(`${at}${toText(reply, { ...look(), numbered: false })}\n`);
  }

  async function sitHere(): Promise<number> {
    const screen = createScreen(input, output, signal);
    print = screen.print;
    const from = { greeting: greetingOf(options), dayCalled: calendarOf(options, sender) };
    await sit({ desk, screen, acts, look, waitMs, tell, ...from });
    screen.close();
    return 0;
  }

  function runHere(): Promise<number> {
    print = (text) => output.write(`${text}\n`);
    return runScript({ desk, acts, input, output, errorOutput: options.errorOutput, look, waitMs, signal });
  }

  return {
    async run() {
      const code = await (isTerminal ? sitHere() : runHere());
      print = undefined;
      await flushed(output);
      return code;
    },
    close: () => ending.abort(),
    messenger: messengerOf(sender, () => print !== undefined, tell),
  };
}

/** What is for somebody else is never printed here. What was printed stays as it is: whoever waits is told once, by their own wait. */
function messengerOf(sender: Sender, isOpen: () => boolean, print: (reply: Reply) => void): Messenger {
  return {
    platform: 'console',
    async tell(to, reply) {
      if (to.user !== sender.user) throw new GoneForGood('Somebody else sits at this console.');
      if (!isOpen()) throw new Error('Nobody sits at this console.');
      print(reply);
      return {};
    },
    async redraw() {
      throw new GoneForGood('What a console printed is never redrawn.');
    },
    find: async (email) =>
      email === sender.email ? { tenant: sender.tenant, user: sender.user } : undefined,
  };
}

function senderOf({ as, operator, isTerminal }: ConsoleOptions): Sender {
  const email = as.toLowerCase();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return {
    platform: 'console',
    tenant: 'local',
    user: email,
    email,
    conversation: 'console',
    operator,
    timeZone,
    ...(isTerminal ? {} : { unattended: true as const }),
  };
}

const calendarOf =
  ({ now, dayCalled }: ConsoleOptions, { timeZone = 'UTC' }: Sender) =>
  (words: string) =>
    dayCalled(words, now(), timeZone);

function greetingOf({ as, operator, practice }: ConsoleOptions): string {
  return [
    `ace-desk. You act as ${clean(as)} (recorded: ${clean(operator)} at the console).`,
    ...(practice ? [PRACTISING] : []),
    'Type “desk” to begin, “help” for what you can say, a number for what stands beside it, “quit” to leave.',
  ].join('\n');
}

const PRACTISING =
  'Practice mode: Partner Central is played by this program; nothing reaches AWS. Lines “practice …” play AWS’s side.';

/** Wider lines are hard to read, narrower ones cannot be helped. */
function widthOf({ width, output, isTerminal }: ConsoleOptions): number {
  const columns =
    isTerminal && 'columns' in output && typeof output.columns === 'number' ? output.columns : 80;
  return width ?? Math.min(100, Math.max(20, columns));
}

/** Node's own answer counts NO_COLOR, FORCE_COLOR and TERM. */
const hasColours = (output: Writable): boolean =>
  'hasColors' in output && typeof output.hasColors === 'function' && output.hasColors() === true;

const clock = (now: Date): string =>
  `${String(now.getHours()).padStart(2, '0')}:${String(now.getMinutes()).padStart(2, '0')}`;

const flushed = (output: Writable): Promise<void> =>
  new Promise((resolve) =>
    output.destroyed || output.writableEnded ? resolve() : output.write('', () => resolve()),
  );
