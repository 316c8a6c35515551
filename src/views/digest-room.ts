/** A digest where many read: nothing in it that one of them may not see. */
import { SECTIONS } from '../pipeline/attention.ts';
import { dayIn, plainDay } from '../pipeline/calendar.ts';
import type { Deal } from '../pipeline/deal.ts';
import { DIGEST_SECTIONS, type DigestSection, LINES_EACH } from '../pipeline/digest.ts';
import { isPsf } from '../pipeline/lead.ts';
import type { Person } from '../pipeline/person.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import { showButton } from './actions.ts';
import type { DigestFound } from './digest-found.ts';
import { digestMore } from './digest-sections.ts';
import type { Lines } from './list.ts';
import { isHidden } from './room.ts';
import { companyOf, moneyInWords, stateInWords } from './terms.ts';
import type { Button, Item, List, Section } from './view.ts';

/** Where a digest stands, and before whom. */
export interface DigestRoom {
  /** Who set it up, by name. */
  by: string;
  /** Whose day it is. */
  actor: Pick<Person, 'timeZone'>;
  now: Date;
  /** Whether that room may be shown it: the least entitled reader decides, and nobody where not all are known. */
  mayAllSee(deal: Deal): boolean;
  /** The alliance lead opened the room for owners, dates and amounts (store/rooms.ts). */
  isOpened: boolean;
}

/**
 * Of each section the first few that may stand there, and how many may in all of what was found; after them the first few
 * that may not.
 */
export const cutForRoom = (found: DigestFound, room: DigestRoom): DigestFound => ({
  ...found,
  desks: found.desks.map(({ whose, sections }) => ({
    whose,
    sections: new Map([...sections].map(([id, lines]) => [id, cutLines(lines, room)])),
  })),
});

function cutLines({ lines, total }: Lines, room: DigestRoom): Lines {
  const open = lines.filter(({ deal }) => mayStand(deal, room));
  const shut = lines.filter((line) => !open.includes(line));
  return {
    lines: [...open.slice(0, LINES_EACH), ...shut.slice(0, LINES_EACH)],
    total: open.length,
    // Of what was not looked at nobody knows.
    capped: open.length > LINES_EACH && total > lines.length,
  };
}

/**
 * Company and stage; owner, close date and amount only where the room was opened for them; contacts, next steps and AWS's
 * remark never. Deals that not all may see, or that no room may be shown, have a part of their own, where the first few stand as
 * their ids and nothing says why; a Partner Solutions Finder lead not even so. Undefined where there is nothing to say.
 * @param found as `cutForRoom` leaves it.
 */
export function roomDigest(found: DigestFound, room: DigestRoom): List | undefined {
  const today = dayIn(room.now, room.actor.timeZone);
  const closed = new Map<string, Deal>();
  let isMore = false;
  const sections = DIGEST_SECTIONS.flatMap((id): Section[] => {
    const of = found.desks.flatMap((desk) => desk.sections.get(id) ?? []);
    const lines = of.flatMap((it) => it.lines);
    const shown = lines.filter(({ deal }) => mayStand(deal, room));
    const shut = lines.filter(({ deal }) => !mayStand(deal, room) && !isFinder(deal));
    for (const { deal } of shut) closed.set(deal.id, deal);
    // `cutForRoom` leaves so many of each: there may be others.
    isMore ||= shut.length >= LINES_EACH;
    return shown.length > 0 ? [sectionOf(id, shown, of, room, today)] : [];
  });
  if (sections.length === 0 && closed.size === 0) return undefined;
  return {
    kind: 'list',
    title: `Pipeline digest, ${plainDay(today, today)}`,
    sections: [...sections, ...closedSection([...closed.values()], isMore)],
    empty: 'There is nothing to say.',
    footer: `Set up by ${cut(oneLine(room.by), 60) || 'a colleague'}. It shows what everybody who reads here may see, and of each section the first few.`,
    buttons: [{ verb: 'schedule', label: 'Schedule…', input: { here: 'yes' }, opens: 'form' }],
  };
}

const isFinder = (deal: Deal): boolean => deal.kind === 'lead' && isPsf(deal);

/** With its name. */
const mayStand = (deal: Deal, room: DigestRoom): boolean => !isHidden(deal) && room.mayAllSee(deal);

function sectionOf(
  id: DigestSection,
  shown: readonly { deal: Deal }[],
  of: readonly Lines[],
  room: DigestRoom,
  today: string,
): Section {
  const total = of.reduce((sum, it) => sum + it.total, 0);
  const capped = of.some((it) => it.capped);
  return {
    title: SECTIONS[id].title,
    items: shown.map(({ deal }) => openItem(deal, room.isOpened, today)),
    total,
    ...(capped ? { capped } : {}),
    // Whoever presses gets their own list, for them alone.
    ...(capped || total > shown.length ? { more: { ...digestMore(id), label: PRIVATELY } } : {}),
  };
}

const PRIVATELY = 'Open privately';

function openItem(deal: Deal, isOpened: boolean, today: string): Item {
  const state = deal.kind === 'opportunity' ? deal.stage : stateInWords(deal);
  const details = [state, ...(isOpened ? moreOf(deal, today) : [])];
  return {
    id: deal.id,
    title: companyOf(deal),
    detail: details.filter(Boolean).join(' · '),
    button: showButton(deal.id, PRIVATELY),
  };
}

function moreOf(deal: Deal, today: string): (string | undefined)[] {
  const owner = deal.kind === 'referral' ? undefined : oneLine(deal.owner?.name ?? '');
  const closes = deal.kind === 'opportunity' && deal.closeDate ? plainDay(deal.closeDate, today) : undefined;
  return [owner, closes && `closes ${closes}`, deal.spend && moneyInWords(deal.spend)];
}

/** A few ids; whoever wants to know which of all these are theirs asks for their own digest, which only they see. */
function closedSection(deals: readonly Deal[], capped: boolean): Section[] {
  if (deals.length === 0) return [];
  const items = deals.slice(0, LINES_EACH).map(({ id }) => ({
    id,
    title: cut(oneLine(id), 40),
    detail: '',
    button: showButton(id, PRIVATELY),
  }));
  return [
    {
      title: 'For those who may see them',
      items,
      total: deals.length,
      ...(capped ? { capped } : {}),
      ...(capped || deals.length > items.length ? { more: OWN } : {}),
    },
  ];
}

const OWN: Button = { verb: 'digest', label: 'Your own digest', input: {} };
