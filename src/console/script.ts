/** Standard input that is no terminal: a line at a time, plain text out, each line waits until AWS has answered. */
import * as readline from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Answer, Desk } from '../bot/intent.ts';
import { clean, cut, oneLine } from '../pipeline/text.ts';
import type { Form } from '../views/view.ts';
import type { Acts } from './acts.ts';
import { type Look, progressLine, toText } from './render.ts';
import { wrap } from './width.ts';

export interface Script {
  desk: Desk;
  acts: Acts;
  input: Readable;
  output: Writable;
  /** Progress goes here, so that the output holds answers only. */
  errorOutput: Writable;
  look: () => Look;
  /** How long a line waits for its Changes to settle. */
  waitMs: number;
  /** Ends it after the line that is under way. */
  signal: AbortSignal;
}

/**
 * Empty lines and lines that begin with # are skipped; "quit" ends. Numbers press nothing here: "accept 2" acts.
 * @returns 0, or 1 when a line failed or had not settled in time; the lines after it run all the same.
 */
export async function runScript(script: Script): Promise<number> {
  const { input, output, signal } = script;
  const lines = readline.createInterface({
    input,
    terminal: false,
    signal,
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let readerGone = false;
  // Rescues `… | head`: nobody reads the answers any more, so nothing more is asked.
  output.on('error', () => {
    readerGone = true;
    lines.close();
  });
  let failed = false;
  for await (const line of lines) {
    const typed = line.trim();
    if (readerGone || signal.aborted || /^(?:quit|exit)$/i.test(typed)) break;
    if (typed !== '' && !typed.startsWith('#')) failed = !(await runLine(script, typed)) || failed;
  }
  lines.close();
  return failed ? 1 : 0;
}

async function runLine(script: Script, typed: string): Promise<boolean> {
  const { acts, output, look } = script;
  const print = (text: string) => output.write(`${text}\n\n`);
  const played = await acts.practise(typed);
  if (played) {
    print(wrap(clean(played.text), look().width).join('\n'));
    return played.ok;
  }
  const answer = await acts.say(typed);
  const { reply } = answer;
  if (reply.kind === 'form') {
    print(
      howToSay(reply)
        .flatMap((text) => wrap(clean(text), look().width))
        .join('\n'),
    );
    return false;
  }
  const settled = answer.changeIds.length > 0 && !answer.queued ? await waitFor(script, answer) : answer;
  print(toText((settled ?? answer).reply, look()));
  if (!settled) print(stillWorking(typed, script));
  return settled?.ok ?? false;
}

function waitFor({ desk, waitMs, errorOutput }: Script, answer: Answer): Promise<Answer | undefined> {
  let shown = '';
  return desk.settled(answer, waitMs, (reply) => {
    const line = progressLine(reply);
    if (line !== shown) errorOutput.write(`${line}\n`);
    shown = line;
  });
}

/** A script cannot be asked back: it is told what was wrong, or what is missing, and how a line says it. */
function howToSay({ verb, input, intro, fields, errors = {}, usage }: Form): string[] {
  const wrong = Object.values(errors);
  const needed = fields.filter(({ optional }) => !optional);
  const open = needed.filter(({ value }) => !value);
  if (wrong.length > 0 && open.length === 0) return wrong;
  if (input.sure && open.length === 0) return [...(intro ?? []), SURE];
  const asked = [open, needed, fields].find((some) => some.length > 0) ?? [];
  const labels = ALL.format(asked.map(({ label }) => `“${oneLine(label)}”`));
  const what = `${labels} ${asked.length === 1 ? 'is' : 'are'} ${open.length > 0 ? 'missing' : 'asked'}`;
  const line = usage?.replace('<deal>', oneLine(input.id ?? '<deal>'));
  return [
    ...(wrong.length > 0 ? [] : (intro ?? [])),
    ...(wrong.length > 0 ? wrong : [`Not done: ${what}, and a script has nobody to ask.`]),
    `${line ? `Say it in one line: “${line}”. ` : ''}“help ${verb}” shows how.`,
  ];
}

const ALL = new Intl.ListFormat('en');

const SURE = 'Not done yet. Say the same line with “(yes)” at its end, and it is.';

function stillWorking(typed: string, { waitMs, look }: Script): string {
  const said = cut(oneLine(typed), 60);
  const text = `AWS is still working on “${said}” after ${Math.round(waitMs / 1000)} s. It goes on by itself; “waiting” and “history” show it.`;
  return wrap(text, look().width).join('\n');
}
