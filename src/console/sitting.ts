/** A person at a terminal: they type or press a number, the desk answers, and late news arrive above the prompt. */
import type { Answer, Desk } from '../bot/intent.ts';
import { clean, cut } from '../pipeline/text.ts';
import type { Button, Reply } from '../views/view.ts';
import type { Acts } from './acts.ts';
import { choices } from './choices.ts';
import { confirmed, fillIn, withAnswer } from './questions.ts';
import { type Look, progressLine, toText } from './render.ts';
import type { Screen } from './screen.ts';
import type { Way } from './ways.ts';
import { wrap } from './width.ts';

export interface Sitting {
  desk: Desk;
  screen: Screen;
  acts: Acts;
  /** Asked anew for each reply: windows change their size. */
  look: () => Look;
  /** How long a Change is waited for at the prompt. */
  waitMs: number;
  greeting: string;
  /** The day that words name, by the clock of whoever sits here. */
  dayCalled: (words: string) => string | undefined;
  /** Prints late news. */
  tell: (reply: Reply) => void;
}

/** Until the person leaves. */
export async function sit(sitting: Sitting): Promise<void> {
  const { desk, acts, screen, look, waitMs, dayCalled } = sitting;
  const unsettled = new Set<Answer>();
  const late: Promise<void>[] = [];
  let pressable: Button[] = [];

  const say = (text: string) => screen.print(wrap(text, look().width).join('\n'));

  function show(reply: Reply): void {
    const buttons = choices(reply);
    if (buttons.length > 0) pressable = buttons;
    screen.print(`\n${toText(reply, look())}\n`);
  }

  async function turn(typed: string): Promise<void> {
    const played = await acts.practise(typed);
    if (played) return say(clean(played.text));
    const button = /^\d{1,3}$/.test(typed) ? pressable[Number(typed) - 1] : undefined;
    if (!button) return follow(await acts.say(typed));
    if (button.confirm && !(await confirmed(button.confirm, screen, look()))) return say('Left as it was.');
    return follow(await acts.handle(button.verb, button.input));
  }

  /** A question that is answered no leads back to where it was asked. */
  async function press({ button, rest }: Way, from: Answer): Promise<Answer> {
    const { verb, input, confirm } = button;
    if (confirm && !(await confirmed(confirm, screen, look()))) return from;
    const answer = await acts.handle(verb, input);
    const { reply } = answer;
    return reply.kind === 'form' ? { ...answer, reply: withAnswer(reply, rest, sitting) } : answer;
  }

  /** Through its questions, if it asks any, to what came of it. */
  async function follow(first: Answer): Promise<void> {
    let answer = first;
    let hasSaved = answer.wrote;
    while (answer.reply.kind === 'form') {
      const filled = await fillIn(answer.reply, { screen, look: look(), dayCalled });
      if (!filled) return say(hasSaved ? 'Left; what you saved before stays.' : 'Left; nothing was sent.');
      if ('button' in filled) answer = await press(filled, answer);
      else answer = await acts.handle(answer.reply.verb, filled.answers);
      hasSaved ||= answer.wrote;
    }
    return answer.changeIds.length === 0 || answer.queued ? show(answer.reply) : awaitOutcome(answer);
  }

  /** At the prompt; once the person goes on or the time runs out, behind their back. The outcome is told once. */
  async function awaitOutcome(answer: Answer): Promise<void> {
    let latest = answer.reply;
    const tellStatus = (reply: Reply) => {
      latest = reply;
      screen.status(statusOf(reply, look()));
    };
    const work = desk.settled(answer, waitMs, tellStatus);
    const waiting = screen.wait(work);
    tellStatus(answer.reply);
    const settled = (await waiting)?.came;
    if (settled) return show(settled.reply);
    say(`${progressLine(latest)} (the outcome comes here; “waiting” shows it)`);
    unsettled.add(answer);
    late.push(tellLater(sitting, answer, work, unsettled));
  }

  say(sitting.greeting);
  for (;;) {
    const typed = (await screen.line('ace> '))?.trim();
    if (typed === undefined || /^(?:quit|exit)$/i.test(typed)) break;
    if (typed !== '') await turn(typed);
  }
  await Promise.race([Promise.all(late), pause(A_MOMENT_MS)]);
  say(farewell(unsettled.size));
  unsettled.clear();
}

/** Waits on until it settles or the session is over. */
async function tellLater(
  { desk, waitMs, tell }: Sitting,
  answer: Answer,
  work: Promise<Answer | undefined>,
  unsettled: Set<Answer>,
): Promise<void> {
  // Rescues a database that does not answer for a while: the Change itself is in it and goes on.
  let settled = await work.catch(lull);
  while (!settled && unsettled.has(answer)) settled = await desk.settled(answer, waitMs).catch(lull);
  if (settled && unsettled.delete(answer)) tell(settled.reply);
}

const A_MOMENT_MS = 250;
const pause = (ms: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
const lull = () => pause(1_000);

/** What is still open is not lost by leaving, and the person should know. This process may be the one that talks to AWS. */
function farewell(open: number): string {
  if (open === 0) return 'Goodbye.';
  return `${open} still with AWS; ${open === 1 ? 'it goes' : 'they go'} on when ace-desk runs again. Goodbye.`;
}

/** It stands where the prompt does, on one row. */
const statusOf = (reply: Reply, { width }: Look): string =>
  `${cut(progressLine(reply), Math.max(16, width - HINT.length - 2))}${HINT}`;

const HINT = ' (Enter: go on)';
