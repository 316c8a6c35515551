/** A person at a terminal: they type or press a number, the desk answers, and late news arrive above the prompt. */
import type { Answer, Desk, Ref } from '../bot/intent.ts';
import { clean, cut } from '../pipeline/text.ts';
import type { Button, Reply } from '../views/view.ts';
import type { Acts } from './acts.ts';
import { choices } from './choices.ts';
import { confirmed, fillIn } from './questions.ts';
import { type Look, progressLine, toText } from './render.ts';
import type { Screen } from './screen.ts';
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
  /** Prints late news. */
  tell: (reply: Reply) => void;
  /** Where a copy stands that the house should redraw later. */
  newRef: () => Ref;
}

/** Until the person leaves. */
export async function sit(sitting: Sitting): Promise<void> {
  const { acts, screen, look } = sitting;
  const unsettled: Answer[] = [];
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

  /** Through its questions, if it asks any, to what came of it. */
  async function follow(first: Answer): Promise<void> {
    let answer = first;
    while (answer.reply.kind === 'form') {
      const input = await fillIn(answer.reply, screen, look());
      if (!input) return say('Left; nothing was sent.');
      answer = await acts.handle(answer.reply.verb, input);
    }
    if (answer.changeIds.length === 0) return show(answer.reply);
    const settled = await settle(sitting, answer);
    if (!settled) unsettled.push(answer);
    show((settled ?? answer).reply);
    if (!settled) say('AWS is still working; nothing to do, I’ll tell you. “waiting” shows it.');
  }

  say(sitting.greeting);
  for (;;) {
    const typed = (await screen.line('ace> '))?.trim();
    if (typed === undefined || /^(?:quit|exit)$/i.test(typed)) break;
    if (typed !== '') await turn(typed);
  }
  say(await farewell(sitting, unsettled));
}

/** Undefined when the time runs out or the person goes on: from then on the outcome comes as late news. */
async function settle(sitting: Sitting, answer: Answer): Promise<Answer | undefined> {
  const { desk, screen, acts, look, waitMs } = sitting;
  const work = desk.settled(answer, waitMs, (reply) => screen.status(statusOf(reply, look())));
  const waiting = screen.wait(work);
  screen.status(statusOf(answer.reply, look()));
  const waited = await waiting;
  const keepTrue = () => desk.posted(answer, acts.sender, sitting.newRef());
  if (!waited) {
    // Rescues a wait that the end of the house cuts off: the Change itself is in the database and goes on.
    void work.then((late) => (late ? sitting.tell(late.reply) : keepTrue())).catch(() => undefined);
  } else if (!waited.came) await keepTrue();
  return waited?.came;
}

/** What is still open is not lost by leaving, and the person should know. */
async function farewell({ desk }: Sitting, unsettled: Answer[]): Promise<string> {
  const now = await Promise.all(unsettled.map((answer) => desk.settled(answer, A_MOMENT_MS)));
  const open = unsettled.filter((_, index) => now[index] === undefined).flatMap(({ changeIds }) => changeIds);
  if (open.length === 0) return 'Goodbye.';
  return `${open.length} still with AWS; ${open.length === 1 ? 'it goes' : 'they go'} on without you. Goodbye.`;
}

const A_MOMENT_MS = 250;

/** It stands where the prompt does, on one row. */
const statusOf = (reply: Reply, { width }: Look): string =>
  `${cut(progressLine(reply), Math.max(16, width - 24))} (Enter: go on)`;
