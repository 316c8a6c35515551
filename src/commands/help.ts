import { z } from 'zod';
import { fullName, type Person } from '../pipeline/person.ts';
import { note, problem } from '../views/view.ts';
import { type Command, command } from './command.ts';

/** Made from the list of commands, so that it never forgets one. */
export const help = command({
  verb: 'help',
  about: 'look',
  reads: true,
  summary: 'What you can say here; with a word, how it is said in full',
  usage: 'help [<topic>]',
  takesDeal: false,
  input: z.object({ topic: z.string().trim().max(200).optional() }),
  run({ topic }, { commands, actor }) {
    if (!topic) return Promise.resolve({ reply: note('What you can say', overview(commands, actor)) });
    const found = named(topic.toLowerCase(), commands);
    if (found.length === 0)
      return Promise.resolve({
        reply: problem(`There is no “${topic}” here. “help” lists what there is.`),
        ok: false,
      });
    const lines = found.flatMap(({ usage, summary, more = [] }) => [
      `${usage}: ${summary}`,
      ...more.map((line) => `· ${line}`),
    ]);
    const marks = found.some(({ usage }) => usage.includes('[')) ? [BRACKETS] : [];
    const deal = found.some(({ takesDeal }) => takesDeal) ? [DEAL] : [];
    return Promise.resolve({ reply: note('How it is said', [...lines, ...marks, ...deal]) });
  },
});

const HEADINGS: [Command['about'], string][] = [
  ['look', 'To see:'],
  ['act', 'To act on a deal:'],
  ['organise', 'To keep things in order:'],
];

/** What is said often comes first; a verb that is not here comes after these. */
const OFTEN = [
  ...['desk', 'list', 'find', 'show', 'history', 'waiting'],
  ...['accept', 'reject', 'offer', 'next-step', 'change-stage', 'repair', 'update-lead', 'transfer'],
  ...['flag', 'unflag', 'people'],
];

const BRACKETS = 'What stands in [ ] may be left out; ( ) are typed as they stand, at the end.';
const DEAL = '<deal> is its number in your last list, its id (O…, engi-…, eng-…) or the company’s name.';

function overview(commands: readonly Command[], actor: Person): string[] {
  const sections = HEADINGS.flatMap(([about, heading]) => {
    const those = commands.filter((it) => it.about === about).sort(byUse);
    return those.length > 0 ? [heading, ...those.map((it) => `· ${shortly(it)}`)] : [];
  });
  return [
    ...sections,
    DEAL,
    `You are ${fullName(actor) || actor.email}, ${actor.role} (${actor.email}). AWS keeps the record; nothing counts as done before AWS confirmed it.`,
  ];
}

const byUse = (one: Command, other: Command): number =>
  place(one) - place(other) || one.verb.localeCompare(other.verb);

const place = ({ verb }: Command): number => (OFTEN.includes(verb) ? OFTEN.indexOf(verb) : OFTEN.length);

/** Without what may be added in parentheses: “help <verb>” says that. */
const shortly = ({ usage, summary }: Command): string =>
  `${usage.replace(/\s*\[\([^\]]*\)\]/g, '')}: ${summary}`;

/** The verb itself, else those that it is a part of: "stage" is change-stage. */
function named(topic: string, commands: readonly Command[]): Command[] {
  const verb = topic.replace(/[\s_]+/g, '-');
  const exact = commands.filter((it) => it.verb === verb);
  return exact.length > 0 ? exact : commands.filter((it) => it.verb.split('-').includes(verb));
}
