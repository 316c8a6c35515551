/** An owner is asked for a word: what they read, and what became of asking. */
import { count, dayIn, plainDay } from '../pipeline/calendar.ts';
import type { Deal } from '../pipeline/deal.ts';
import { lastNextSteps } from '../pipeline/opportunity.ts';
import { fullName, type Person } from '../pipeline/person.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import { inviteHint } from './invite.ts';
import { START } from './sprint.ts';
import { companyOf, nameOf } from './terms.ts';
import { done, type Note, note, problem } from './view.ts';
import { ago } from './words.ts';

export interface NudgeLine {
  deal: Deal;
  owner?: Person;
  /** Why nobody was asked. */
  why?: string;
  isAsked: boolean;
  before?: { byName: string; at: Date };
}

/** Whom it went to, and of the others why not. @param inChat ids of the owners whom a message finds. */
export function nudgeReport(
  all: readonly NudgeLine[],
  inChat: ReadonlySet<string>,
  actor: Pick<Person, 'role'>,
  now: Date,
): Note {
  const asked = all.filter(({ isAsked }) => isAsked);
  const owners = new Map(asked.flatMap(({ owner }) => (owner ? [[owner.id, owner]] : [])));
  const others = all.flatMap((it) => (it.isAsked ? [] : [notAsked(it, now)]));
  if (asked.length === 0)
    return problem(
      others.length === 1 ? (others[0] ?? '') : 'Nobody was asked.',
      others.length === 1 ? undefined : others,
    );
  const unheard = [...owners.values()].filter(({ id }) => !inChat.has(id)).map(nameOfOwner);
  const names = [...owners.values()].map(nameOfOwner);
  return done(`Asked ${names.join(', ')} for a word on ${count(asked.length, 'deal')}.`, [
    ...unheard.map((name) => `${name} is not in chat with ace-desk yet; it waits in their sprint.`),
    ...(unheard.length > 0 ? [inviteHint(actor, unheard.length === 1 ? unheard[0] : undefined)] : []),
    ...others,
  ]);
}

function notAsked({ deal, why, before }: NudgeLine, now: Date): string {
  const asker =
    before &&
    `${oneLine(before.byName) || 'somebody'} asked ${ago(before.at.toISOString(), now)}; once a week is enough`;
  return `${companyOf(deal)}: ${why ?? asker ?? 'nobody was asked'}.`;
}

const nameOfOwner = (owner: Person): string => cut(oneLine(fullName(owner) || owner.email), 60);

/** "Mina Okafor asks for a word on 2 deals". */
export function nudgedNote(by: string, deals: readonly Deal[], now: Date, timeZone: string): Note {
  const today = dayIn(now, timeZone);
  const lines = deals.map((deal) => {
    const [last] = deal.kind === 'opportunity' ? lastNextSteps(deal, 1) : [];
    const since = last ? ` · last step ${plainDay(dayIn(new Date(last.at), timeZone), today)}` : '';
    return `· ${nameOf(deal)}${since}`;
  });
  return {
    ...note(`${oneLine(by)} asks for a word on ${count(deals.length, 'deal')}`, lines),
    buttons: [START],
  };
}
