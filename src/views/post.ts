/** What is asked before a card is posted where several read: which deal, and whether all of them may see it. */
import type { Deal } from '../pipeline/deal.ts';
import { cut } from '../pipeline/text.ts';
import { type Audience, isSecret, type Openness } from './room.ts';
import { nameOf } from './terms.ts';
import type { Field, Form, Option } from './view.ts';

/** Which deal? Asked where it is to stand; who reads there is said next. `room`: where that is. */
export const whichForm = (deals: readonly Deal[], room: string): Form => ({
  kind: 'form',
  verb: 'post',
  title: 'Post a deal here',
  submit: 'Next',
  intro: ['Before anything is posted you see who reads along here, and what they will see.'],
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
  /** How many of the readers are not on the roster. */
  strangers: number;
  /** Only the alliance lead opens a room. */
  mayOpen: boolean;
  /** What the room may show before anybody opens or closes it: an answer to this form holds for that alone. */
  told: Openness;
  /** They have said yes before, to something else. */
  hasChanged?: boolean;
}

/** Who will read it, and what; asks once. `room`: where it is posted, from wherever this is answered. */
export function postForm(deal: Deal, room: string, asking: Asking): Form {
  const { how, mayOpen, told, hasChanged } = asking;
  return {
    kind: 'form',
    verb: 'post',
    title: 'Post it here?',
    submit: 'Post it',
    intro: [
      nameOf(deal),
      ...(hasChanged ? ['What may be seen here has changed meanwhile, so nothing was posted yet.'] : []),
      how === 'closed' ? whyClosed(deal, asking.audience) : whoReads(asking),
    ],
    fields: mayOpen && how !== 'closed' ? [opensField(how)] : [],
    input: { id: deal.id, room, told, sure: 'yes' },
  };
}

const opensField = (how: Openness): Field => ({
  id: 'all',
  kind: 'choice',
  label: 'What stands on the cards of this channel',
  hint: 'You alone, as alliance lead, open a channel; it holds for all cards in it until you close it again.',
  options: [
    { value: 'no', label: 'Company and stage' },
    { value: 'yes', label: 'Also owner, close date, next step and amounts' },
  ],
  value: how === 'opened' ? 'yes' : 'no',
});

function whyClosed(deal: Deal, { isOpenToOthers }: Audience): string {
  const only = 'only the id and “Open privately” will stand here.';
  if (isSecret(deal)) return `This is marked national security: ${only}`;
  if (isOpenToOthers) return `This channel is shared outside, or holds guests: ${only}`;
  return `I cannot tell for sure who reads along here: ${only}`;
}

/**
 * "14 people read along here, 3 of them not on the roster; all of them will see company and stage; it is a public channel,
 * so everybody in the workspace can open it."
 */
function whoReads({ audience, how, strangers }: Asking): string {
  const { length: count } = audience.readers;
  const what =
    how === 'opened' ? 'company, stage, owner, close date, next step and amounts' : 'company and stage';
  const others = audience.isPublic
    ? '; it is a public channel, so everybody in the workspace can open it'
    : '';
  if (count < 2) return `Nobody but you reads along here yet; whoever joins will see ${what}${others}.`;
  const unknown = strangers === 0 ? 'all of them on the roster' : `${strangers} of them not on the roster`;
  return `${count} people read along here, ${unknown}; all of them will see ${what}${others}.`;
}
