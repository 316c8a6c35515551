/** One line of a list: what is at stake, and the one thing to do about it. */
import { businessDaysSince, count, dayIn, daysBetween, plainDay } from '../pipeline/calendar.ts';
import type { Deal, Opportunity } from '../pipeline/deal.ts';
import { leadStatus } from '../pipeline/lead.ts';
import { isOpen, reviewInWords } from '../pipeline/opportunity.ts';
import { isTheirs, type Person } from '../pipeline/person.ts';
import { invitationOf, isPending } from '../pipeline/referral.ts';
import { oneLine } from '../pipeline/text.ts';
import { actionsOf, showButton } from './actions.ts';
import { invitationClock, invitationTimeLeft, moneyInWords, nameOf, quoted, stateInWords } from './terms.ts';
import type { Button, Item } from './view.ts';

/** The deal as it stands, and what our own book says of it. */
export interface Line {
  deal: Deal;
  version: number;
  /** When the partner last touched it. */
  partnerUpdatedAt?: Date;
  /** That was before our journal began: of what came in between we know only what AWS's record shows. */
  beforeJournal?: true;
  /** Since when it has its status. */
  statusSince?: Date;
  /** Until then its reader put it off. */
  laterAt?: Date;
}

/** The reader: what a button may do, and which day it is for them. */
export interface Reader {
  actor: Person;
  now: Date;
  /** Under whose name the lines stand: nothing is said of that owner. */
  under?: Person;
}

type ToItem = (line: Line, reader: Reader) => Item;

export const pendingItem: ToItem = (line, reader) => invitedItem(line, reader, invitationTimeLeft);

/** The same where nothing else explains it: which of the two clocks it is that runs out. */
export const clockedItem: ToItem = (line, reader) => invitedItem(line, reader, invitationClock);

function invitedItem(line: Line, reader: Reader, timeLeft: typeof invitationTimeLeft): Item {
  const { deal } = line;
  const invitation = invitationOf(deal);
  return actItem(line, reader, [
    invitation && timeLeft(invitation, reader.now),
    deal.spend && moneyInWords(deal.spend),
    stateInWords(deal).split(' · ')[0],
  ]);
}

export const pipelineItem: ToItem = ({ deal }, reader) =>
  deal.kind === 'opportunity'
    ? item(deal, [deal.stage, reviewInWords(deal), closing(deal, reader), ownerOf(deal, reader)])
    : item(deal, [
        deal.kind === 'lead' ? `lead, ${leadStatus(deal)}` : stateInWords(deal),
        ownerOf(deal, reader),
      ]);

/** In a preset view: all that a list can say, and what can be done at once. */
export const viewItem: ToItem = (line, reader) => {
  const { deal } = line;
  if (isPending(deal)) return pendingItem(line, reader);
  const state = deal.kind === 'opportunity' ? [deal.stage, reviewInWords(deal)] : [stateInWords(deal)];
  const money = deal.spend && moneyInWords(deal.spend);
  return actItem(line, reader, [...state, closing(deal, reader), money, ownerOf(deal, reader)]);
};

/** A line of the views that ask for an update. */
export const quietItem: ToItem = (line, reader) =>
  actItem(line, reader, [silence(line, reader), stageOrStatus(line.deal), ownerOf(line.deal, reader)]);

export const closingItem: ToItem = (line, reader) =>
  actItem(line, reader, [closing(line.deal, reader), stageOrStatus(line.deal), ownerOf(line.deal, reader)]);

/** What is left to do about a committed deal is its stage. */
export const launchItem: ToItem = (line, reader) => {
  const { deal } = line;
  const isLaunched = deal.kind === 'opportunity' && deal.aws?.stage === 'Launched';
  const details = [closing(deal, reader), stageOrStatus(deal), ownerOf(deal, reader)];
  return item(
    deal,
    [isLaunched ? 'launched, by AWS’s record' : undefined, ...details],
    actsOn(line, reader).find(({ verb }) => verb === 'change-stage') ?? firstAct(line, reader),
  );
};

export const askedItem: ToItem = (line, reader) =>
  actItem(line, reader, [remark(line.deal) ?? 'AWS gave no remark', ownerOf(line.deal, reader)]);

export const reviewedItem: ToItem = ({ deal, statusSince }, reader) => {
  const { now } = reader;
  const days = statusSince && businessDaysSince(statusSince.toISOString(), now);
  return item(deal, [
    days === undefined ? undefined : `waits for AWS for ${count(days, 'business day')}`,
    stageOrStatus(deal),
    ownerOf(deal, reader),
  ]);
};

export const rejectedItem: ToItem = ({ deal, statusSince }, reader) => {
  const { now, actor } = reader;
  const day = statusSince && plainDay(dayIn(statusSince, actor.timeZone), dayIn(now, actor.timeZone));
  return item(deal, [remark(deal) ?? 'AWS gave no reason', day && `rejected ${day}`, ownerOf(deal, reader)]);
};

export const waitingItem: ToItem = ({ deal }, reader) =>
  item(deal, [stateInWords(deal), ownerOf(deal, reader)]);

const item = (deal: Deal, details: (string | undefined)[], button = showButton(deal.id)): Item => ({
  id: deal.id,
  title: nameOf(deal),
  detail: details.filter(Boolean).join(' · '),
  button,
});

const actItem = (line: Line, reader: Reader, details: (string | undefined)[]): Item =>
  item(line.deal, details, firstAct(line, reader));

/** The first of the buttons its card has; where there is nothing to do, the card itself. */
const firstAct = (line: Line, reader: Reader): Button | undefined => actsOn(line, reader)[0];

const actsOn = ({ deal, version }: Line, reader: Reader): Button[] =>
  actionsOf(deal, { ...reader, version, changes: [] }).buttons;

const stageOrStatus = (deal: Deal): string | undefined =>
  deal.kind === 'opportunity' ? deal.stage : deal.kind === 'lead' ? `lead, ${leadStatus(deal)}` : undefined;

/** Of the reader's own nothing is said: they know who they are. */
function ownerOf(deal: Deal, { actor, under }: Reader): string | undefined {
  if (deal.kind === 'referral' || isTheirs(actor, deal.owner?.email)) return undefined;
  if (under && isTheirs(under, deal.owner?.email)) return undefined;
  return oneLine(deal.owner?.name || deal.owner?.email || '') || 'no owner';
}

const remark = (deal: Deal): string | undefined =>
  deal.kind === 'opportunity' && deal.reviewComments ? `AWS: ${quoted(deal.reviewComments, 120)}` : undefined;

function closing(deal: Deal, { now, actor }: Reader): string | undefined {
  if (deal.kind !== 'opportunity' || deal.closeDate === undefined) return undefined;
  return closeInWords(deal, deal.closeDate, dayIn(now, actor.timeZone));
}

function closeInWords(opportunity: Opportunity, day: string, today: string): string {
  const days = daysBetween(today, day);
  if (!isOpen(opportunity)) return `close date ${plainDay(day, today)}`;
  if (days < 0) return `close date ${plainDay(day, today)} is ${count(-days, 'day')} past`;
  if (days > 13) return `closes ${plainDay(day, today)}`;
  return `closes ${plainDay(day, today)}, ${days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`}`;
}

function silence({ partnerUpdatedAt, beforeJournal }: Line, { now }: Reader): string | undefined {
  if (!partnerUpdatedAt) return undefined;
  const days = Math.floor((now.getTime() - partnerUpdatedAt.getTime()) / (24 * 60 * 60 * 1000));
  return `no update for ${beforeJournal ? 'at least ' : ''}${count(days, 'day')}`;
}
