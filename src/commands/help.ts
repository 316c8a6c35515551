import { z } from 'zod';
import { fullName, type Person } from '../pipeline/person.ts';
import { editDistance, tolerance } from '../pipeline/slips.ts';
import { allianceLeads } from '../store/people.ts';
import { settingsNote } from '../views/home.ts';
import { supportOf } from '../views/support.ts';
import { type Button, type Note, note, problem } from '../views/view.ts';
import { type Command, command } from './command.ts';
import { coverLines } from './cover-lines.ts';

/** Made from the list of commands, so that it never forgets one. */
export const help = command({
  verb: 'help',
  about: 'look',
  reads: true,
  summary: 'What you can say here; with a word, how it is said in full',
  usage: 'help [<topic>]',
  takesDeal: false,
  input: z.object({ topic: z.string().trim().max(200).optional() }),
  async run({ topic }, context) {
    const { commands, actor, store, source } = context;
    const { supportUrl: url } = context.settings;
    if (!topic) {
      const isLead = actor.role === 'alliance lead';
      const leads = url || isLead ? [] : await allianceLeads(store);
      const { lines, links } = supportOf({ ...(url ? { url } : {}), leads, isLead });
      const desks = await coverLines(context);
      const how = source.platform === 'slack' ? [IN_SLACK] : [];
      return {
        reply: {
          ...note('What you can say', [...desks.lines, ...how, ...overview(commands, actor), ...lines]),
          ...{ links, buttons: [MY_DESK, ...desks.buttons], apart: true },
        },
      };
    }
    if (/^settings?$/i.test(topic)) return { reply: settingsNote() };
    const found = named(topic, commands);
    if (found.length === 0) return { reply: unknown(topic, commands, actor), ok: false };
    const lines = found.flatMap(({ usage, summary, more = [] }) => [
      `${usage}: ${summary}`,
      ...more.map((line) => `· ${line}`),
    ]);
    const marks = found.some(({ usage }) => usage.includes('[')) ? [BRACKETS] : [];
    const deal = found.some(({ takesDeal }) => takesDeal) ? [DEAL] : [];
    return { reply: note('How it is said', [...lines, ...marks, ...deal]) };
  },
});

const MY_DESK: Button = { verb: 'desk', label: 'My desk', input: {} };

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

const IN_SLACK =
  'In Slack each line begins with /ace: “/ace desk”. Type it anywhere, only you see the answer.';
const BRACKETS = 'What stands in [ ] may be left out; ( ) are typed as they stand, at the end.';
const DEAL = '<deal> is its number in your last list, its id (O…, engi-…, eng-…) or the company’s name.';

function overview(commands: readonly Command[], actor: Person): string[] {
  const sections = HEADINGS.flatMap(([about, heading]) => {
    const those = commands.filter((it) => it.about === about).sort(byUse);
    const lines = those.flatMap((it) => shortly(it, actor) ?? []);
    return lines.length > 0 ? [heading, ...lines] : [];
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

/** Without what may be added in parentheses: “help <verb>” says that. Undefined where it is nothing for them. */
function shortly(it: Command, actor: Person): string | undefined {
  const said = summaryOf(it, actor);
  return said && `· ${it.usage.replace(/\s*\[\([^\]]*\)\]/g, '')}: ${said}`;
}

const summaryOf = ({ summary, summaryFor }: Command, actor: Person): string | undefined =>
  summaryFor ? summaryFor(actor) : summary;

/** The verb that it begins with; else those that it is a part of, "stage" of change-stage; else those that take such a word. */
function named(topic: string, commands: readonly Command[]): Command[] {
  const said = hyphened(topic);
  const words = said.replaceAll('-', ' ');
  const ways: ((it: Command) => boolean)[] = [
    ({ verb }) => new RegExp(`^${verb.replaceAll('-', '-?')}(?:-|$)`).test(said),
    ({ verb }) => verb.split('-').includes(said),
    ({ verb, more = [] }) => more.some((line) => line.includes(`${verb} ${words} `)),
  ];
  return ways.map((fits) => commands.filter(fits)).find((found) => found.length > 0) ?? [];
}

const hyphened = (topic: string): string => topic.toLowerCase().replace(/[\s_]+/g, '-');

/** Names the verb that may have been meant, of those that are something for them. */
function unknown(topic: string, commands: readonly Command[], actor: Person): Note {
  const said = hyphened(topic);
  const [near] = commands
    .filter((it) => summaryOf(it, actor) !== undefined)
    .map(({ verb }) => ({ verb, distance: editDistance(said, verb, 3) }))
    .filter(({ verb, distance }) => distance <= tolerance(verb))
    .sort((one, other) => one.distance - other.distance);
  const instead = near ? `Did you mean “help ${near.verb}”?` : '“help” lists what there is.';
  return problem(`There is no “${topic}” here. ${instead}`);
}
