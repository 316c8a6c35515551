/** What is asked before a card is posted where several read: which deal, and whether all of them may see it. */
import type { Deal } from '../pipeline/deal.ts';
import { cut, length, oneLine } from '../pipeline/text.ts';
import { type Audience, isSecret, type Openness } from './room.ts';
import { nameOf } from './terms.ts';
import type { Field, Form, Option } from './view.ts';

/** Where a card is to stand, in the middle of a sentence: also for who reads it in another conversation. At most 60 characters. */
export const whereIn = (name?: string): string =>
  name && oneLine(name) ? cut(oneLine(name), 60) : 'the channel where you asked';

/** Slack cuts longer ones. */
const MOST_TITLE = 24;

function titled(whole: string, short: string, name: string | undefined): string {
  return name && length(whole) <= MOST_TITLE ? whole : short;
}

/** Nobody can say from elsewhere that they read along in a room that is not known well enough. */
export const fromThere = (name: string | undefined, deal?: Deal): string =>
  `I cannot tell for sure who reads along in ${whereIn(name)}, so I take it only from there: say “post ${deal ? cut(oneLine(deal.id), 40) : '<deal>'} (yes)” there. Only the deal’s id and “Open privately” will stand on the card. Nothing was posted.`;

/** Which deal? Who reads where it is to stand is said next. `room`: where that is; `name`: as people know it. */
export const whichForm = (deals: readonly Deal[], room: string, name?: string): Form => ({
  kind: 'form',
  verb: 'post',
  title: titled(`Post a deal in ${whereIn(name)}`, 'Post a deal', name),
  submit: 'Next',
  intro: [`Before anything is posted you see who reads along in ${whereIn(name)}, and what they will see.`],
  fields: [
    { ...{ id: 'id', kind: 'choice', label: 'Deal', source: 'deals' }, options: dealOptions(deals) } as const,
  ],
  input: { room },
});

/** By company, title and id, which tells twins apart: at most 75 characters. The value is the id. */
export const dealOptions = (deals: readonly Deal[]): Option[] =>
  deals.map((deal) => ({ value: deal.id, label: `${cut(nameOf(deal), 50)} · ${cut(deal.id, 22)}` }));

/** What is said before a card is posted. */
interface Asking {
  audience: Audience;
  how: Openness;
  /** How many of the readers are nobody here; of them, how many are on the roster and no code has shown that it is them. */
  strangers: number;
  unproven: number;
  /** Only the alliance lead opens a room. */
  mayOpen: boolean;
  /** What the room may show before anybody opens or closes it: an answer to this form holds for that alone. */
  told: Openness;
  /** They have said yes before, to something else. */
  hasChanged?: boolean;
}

/** Who will read it, and what; asks once. `room`: where it is posted, from wherever this is answered. */
export function postForm(deal: Deal, room: string, asking: Asking): Form {
  const { how, mayOpen, told, hasChanged, audience } = asking;
  const where = whereIn(audience.name);
  return {
    kind: 'form',
    verb: 'post',
    title: titled(`Post it in ${where}?`, 'Post this deal?', audience.name),
    submit: 'Post it',
    intro: [
      nameOf(deal),
      ...(hasChanged
        ? [`What may be seen in ${where} has changed meanwhile, so nothing was posted yet.`]
        : []),
      how === 'closed' ? whyClosed(deal, audience) : whoReads(asking),
    ],
    fields: mayOpen && how !== 'closed' ? [opensField(how, where)] : [],
    input: { id: deal.id, room, told, sure: 'yes' },
  };
}

const opensField = (how: Openness, where: string): Field => ({
  id: 'all',
  kind: 'choice',
  label: `What stands on the cards in ${where}`,
  hint: 'You alone, as alliance lead, open a channel; it holds for all cards in it until you close it again.',
  options: [
    { value: 'no', label: 'Company and stage' },
    { value: 'yes', label: 'Also owner, close date, next step and amounts' },
  ],
  value: how === 'opened' ? 'yes' : 'no',
});

const upper = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}`;

function whyClosed(deal: Deal, { name, isOpenToOthers }: Audience): string {
  const only = 'only the id and “Open privately” will stand there.';
  const where = whereIn(name);
  if (isSecret(deal)) return `This is marked national security: ${only}`;
  if (isOpenToOthers) return `${upper(where)} is shared outside, or holds guests: ${only}`;
  return `I cannot tell for sure who reads along in ${where}: ${only}`;
}

/**
 * "14 people read along in #deals, 3 of them not on the roster; all of them will see company and stage; it is a public channel,
 * so everybody in the workspace can open it."
 */
function whoReads({ audience, how, strangers, unproven }: Asking): string {
  const { length: count } = audience.readers;
  const where = whereIn(audience.name);
  const what =
    how === 'opened' ? 'company, stage, owner, close date, next step and amounts' : 'company and stage';
  const others = audience.isPublic
    ? '; it is a public channel, so everybody in the workspace can open it'
    : '';
  if (count < 2)
    return `Nobody but you reads along in ${where} yet; whoever joins will see ${what}${others}.`;
  const who = knownInWords(strangers - unproven, unproven);
  return `${count} people read along in ${where}, ${who}; all of them will see ${what}${others}.`;
}

/** Nobody who is on the roster is said not to be. */
function knownInWords(unknown: number, unproven: number): string {
  const out = unknown > 0 ? `${unknown} of them not on the roster` : 'all of them on the roster';
  if (unproven === 0) return out;
  const who = `${unproven} on it ${unproven === 1 ? 'has' : 'have'} not shown with a code who they are (“link”)`;
  return `${out}, and ${who}`;
}
