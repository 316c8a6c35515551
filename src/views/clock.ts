/** What the acceptance clock says: why this deal comes to this person now, and how long it waits. */
import { businessTimeLeft, plainMoment, timeLeft } from '../pipeline/calendar.ts';
import type { Deal } from '../pipeline/deal.ts';
import { type RungName, runningClock } from '../pipeline/escalation.ts';
import { isPsf } from '../pipeline/lead.ts';
import type { NewsKind } from '../pipeline/news.ts';
import { type Person, seesEverything } from '../pipeline/person.ts';
import { type Invitation, invitationOf } from '../pipeline/referral.ts';
import { mayManage } from '../pipeline/roster.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import { type Line, pendingItem, type Reader } from './lines.ts';
import { offButtons, switchable, typedOff } from './news.ts';
import { nameOf, quoted, stateInWords } from './terms.ts';
import type { Button, Card, Item, List, Section } from './view.ts';

/** Names as they are shown. `of`: whose backup or superior the reader is; `away`: for whom they look after the desk. */
export interface Why {
  rung: RungName;
  of?: string;
  away?: string;
  /** The rule that sent it. */
  route?: string;
  /** They have switched off what arrives, and hear of it for the first time. */
  unheard?: boolean;
}

/** The deal's card, with how long it waits and why it comes to this person. */
export function clockCard(card: Card, deal: Deal, why: Why, { actor, now }: Reader): Card {
  const invitation = invitationOf(deal);
  const left = invitation ? waitsUntil(invitation, now, actor.timeZone) : '';
  const said = [left, whyInWords(deal, why, actor), card.subtitle ?? ''].filter(Boolean).join(' · ');
  const isRemind = ({ verb }: Button) => verb === 'remind';
  const { more: overflow = [], ...plain } = card;
  const rest = [...routeButtons(deal, why, actor), ...overflow.filter((it) => !isRemind(it))];
  const buttons = [...card.buttons.filter((it) => !isRemind(it)), remindButton(deal.id)];
  const more = [...buttons.slice(MOST_IN_FRONT), ...rest];
  const whole = {
    ...plain,
    subtitle: said,
    buttons: buttons.slice(0, MOST_IN_FRONT),
    ...(more.length > 0 ? { more } : {}),
  };
  return why.rung === 'offered' ? switchable(whole, [switchOf(actor)], endOf(actor)) : whole;
}

/** Whoever sees everything hears of what is offered to nobody; an ACE user of what a rule offers them. */
const switchOf = (actor: Person): NewsKind => (seesEverything(actor) ? 'new-referral' : 'offered');

const endOf = ({ role }: Person): string =>
  role === 'alliance lead' ? 'What nobody answers still comes before it is lost.' : '';

/** Whoever may write rules can spare themselves the next of these. A finder lead goes by no rule. */
const routeButtons = (deal: Deal, { rung }: Why, actor: Person): Button[] =>
  rung === 'offered' && mayManage(actor) && !(deal.kind === 'lead' && isPsf(deal)) ? [ROUTE] : [];

const ROUTE: Button = { verb: 'route', label: 'Route such…', input: { do: 'add' }, opens: 'form' };

/** "2 business days left, until Thu 26 Nov 14:00 your time (AWS’s 5 business days)". */
export function waitsUntil(invitation: Invitation, now: Date, timeZone: string): string {
  const { at, is } = runningClock(invitation, now);
  const left = is === 'asked' ? businessTimeLeft(at, now) : timeLeft(at, now);
  const clock = is === 'asked' ? 'AWS’s 5 business days' : 'the invitation ends';
  return `${left}, until ${plainMoment(at, now, timeZone)} your time (${clock})`;
}

/**
 * Several at once for one person: one message. The lines come in the order in which they are lost; `answered` stand below,
 * ticked off. `areNew`: all of them have just arrived.
 */
export function clockList(
  { waiting, answered }: { waiting: readonly Line[]; answered: readonly Answered[] },
  areNew: boolean,
  reader: Reader,
): List {
  const kinds = areNew ? [switchOf(reader.actor)] : [];
  const mayRoute = areNew && mayManage(reader.actor);
  const total = waiting.length;
  const open: Section = {
    title: 'What is lost first comes first',
    items: waiting.slice(0, SHOWN).map((line) => pendingItem(line, reader)),
    total,
    ...(total > SHOWN ? { more: ALL } : {}),
  };
  return {
    kind: 'list',
    title: waitInWords(total),
    sections: [...(total > 0 ? [open] : []), ...answeredSection(answered)],
    empty: 'Nothing waits any more.',
    lasting: true,
    ...(areNew ? { footer: [typedOff(kinds), endOf(reader.actor)].filter(Boolean).join(' ') } : {}),
    ...(areNew ? { buttons: [...(mayRoute ? [ROUTE] : []), ...offButtons(kinds)] } : {}),
  };
}

const waitInWords = (total: number): string => {
  if (total === 0) return 'None of these waits any more';
  return total === 1
    ? '1 referral or lead waits for an answer'
    : `${total} referrals and leads wait for an answer`;
};

/**
 * An invitation that waits no more. gone: AWS gives it to us, or to this reader, no more: its id is all that is said of it. on
 * its way: somebody's answer is with AWS. over: its time is, and AWS has not said so yet.
 */
export interface Answered extends Line {
  how: 'as it says' | 'gone' | 'on its way' | 'over';
}

/** Of several that were offered or called at once those that wait no more, ticked off: the first few. */
export function answeredSection(answered: readonly Answered[]): Section[] {
  if (answered.length === 0) return [];
  const items = answered.slice(0, MOST_ANSWERED).map(answeredItem);
  return [{ title: 'No longer waiting', items, total: answered.length }];
}

const MOST_ANSWERED = 10;

function answeredItem({ deal, how }: Answered): Item {
  const { id } = deal;
  if (how === 'gone')
    return { id, title: cut(oneLine(id), 40), detail: 'AWS no longer gives it to us', done: true };
  return { id, title: nameOf(deal), detail: HOW[how] ?? stateInWords(deal), done: true };
}

const HOW: Partial<Record<Answered['how'], string>> = {
  'on its way': 'an answer is on its way to AWS',
  over: 'its time is over',
};

const MOST_IN_FRONT = 3;

/** A message shows so many; the others stand behind a button. */
export const SHOWN = 10;

export const ALL: Button = { verb: 'list', label: 'All pending', input: { view: 'pending' } };

const remindButton = (id: string): Button => ({
  verb: 'remind',
  label: 'Remind me…',
  input: { id },
  opens: 'form',
});

function whyInWords(deal: Deal, { rung, of, away, route, unheard }: Why, actor: Person): string {
  const instead = away ? `; you look after ${oneLine(away)}’s desk` : '';
  if (rung === 'offered') return `${arrival(deal, actor, route)}${instead}`;
  if (rung === 'alliance lead' || !of) return `nobody has answered yet${unheard ? UNHEARD : ''}${instead}`;
  const who = oneLine(of);
  const yours = rung === 'backup' ? `you are ${who}’s backup` : `${who} reports to you`;
  const whose =
    rung === 'backup'
      ? `${who}’s backup is ${oneLine(away ?? '')}`
      : `${who} reports to ${oneLine(away ?? '')}`;
  return `offered to ${who}, no answer yet; ${away ? whose : yours}${instead}`;
}

const UNHEARD = '; you hear of no arrivals, but this one is going to be lost';

function arrival(deal: Deal, { role }: Person, route?: string): string {
  if (deal.kind === 'lead' && isPsf(deal)) return 'new, from your listing; nobody but you sees it';
  if (route && role === 'ACE user') return `offered to you by the rule ${quoted(route, 60)}`;
  return 'new, and offered to nobody yet';
}
