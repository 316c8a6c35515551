/** The parts of a digest that are the same when it is sent and when it is drawn anew. */
import { SECTIONS } from '../pipeline/attention.ts';
import { count, dayIn, daysBetween } from '../pipeline/calendar.ts';
import type { Money } from '../pipeline/deal.ts';
import { type DigestSection, LOST_DAYS } from '../pipeline/digest.ts';
import { fullName, type Person } from '../pipeline/person.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import { showButton } from './actions.ts';
import type { Asked, DigestExtras, Lost, Moved } from './digest-found.ts';
import { clockedItem, type Line, type Reader } from './lines.ts';
import { DESK_ITEMS, MORE } from './list.ts';
import { amountInWords, nameOf } from './terms.ts';
import type { Button, Item, Picture, Section } from './view.ts';

/** A line as its section draws it: what is at stake, and the one thing to do. */
export const digestItem = (section: DigestSection, line: Line, reader: Reader): Item =>
  (section === 'pending' ? clockedItem : DESK_ITEMS[section])(line, reader);

/** In these a line says itself what it is about. */
const SAYS_ITSELF: readonly DigestSection[] = ['closing', 'past-close', 'stale', 'in-review'];

/** Where no heading names its section. @param owner under whose name it stands. */
export function reportItem(section: DigestSection, line: Line, reader: Reader, owner?: Person): Item {
  const item = digestItem(section, line, owner ? { ...reader, under: owner } : reader);
  if (SAYS_ITSELF.includes(section)) return item;
  return { ...item, detail: [SECTIONS[section].title, item.detail].filter(Boolean).join(' · ') };
}

/** The line, which says so where its owner was asked for a word on it. */
export function askedItem(item: Item, asked: Asked | undefined, owner: Person, reader: Reader): Item {
  if (asked?.ownerId !== owner.id) return item;
  return { ...item, detail: [item.detail, askedInWords(asked, reader)].filter(Boolean).join(' · ') };
}

/** By days: a digest stands for longer than minutes. Who asked, where it was not the reader. */
function askedInWords({ byId, byName, at }: Asked, { actor, now }: Reader): string {
  const days = daysBetween(dayIn(at, actor.timeZone), dayIn(now, actor.timeZone));
  const when = days <= 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`;
  return byId === actor.id ? `asked ${when}` : `${cut(oneLine(byName), 60) || 'a colleague'} asked ${when}`;
}

/** @param whose the colleague whose desk it is; absent: the reader's own. */
export function sectionTitle(section: DigestSection, whose?: Person): string {
  const { title, why } = SECTIONS[section];
  return whose ? `${title}, for ${nameOfColleague(whose)}: ${why}` : `${title}: ${why}`;
}

/** How many they are stands beside it, as beside any heading. */
export const reportTitle = (owner: Person): string => `${nameOfColleague(owner)}: what needs a word`;

export const nameOfColleague = (person: Person): string =>
  cut(oneLine(fullName(person)), 60) || 'A colleague';

const toList = (label: string, view: string): Button => ({ verb: 'list', label, input: { view } });

/** Where the rest of a section stands. */
export const digestMore = (section: DigestSection): Button => MORE[section] ?? REST[section] ?? PIPELINE;

/** By close date, what is past first. */
const PIPELINE = toList('The pipeline', 'all');

const REST: Partial<Record<DigestSection, Button>> = {
  rejected: toList('All engagements', 'all-customer-engagements'),
  waiting: { verb: 'waiting', label: 'All that waits', input: {} },
};

/** The rest of what one owner has to see to, or of one section of it: what is pending is to be accepted, no word helps. */
export const reportMore = ({ id }: Person, section?: DigestSection): Button => ({
  verb: 'digest',
  label: 'More of these',
  input: { of: id, ...(section ? { section } : {}) },
});

/** What moved, what was lost, and how the pipeline stands; empty parts are left out. */
export const extraParts = ({
  moved,
  lost,
  stages,
}: DigestExtras): { sections: Section[]; picture?: Picture } => ({
  sections: [...movedSection(moved), ...lostSection(lost)],
  ...(stages.length > 0 ? { picture: pictureOf(stages) } : {}),
});

const MOVES_IN_WORDS: Record<Moved['move'], (many: number) => string> = {
  accepted: (many) => `${many} accepted`,
  launched: (many) => `${many} launched`,
  'closed lost': (many) => `${many} closed lost`,
  stage: (many) => count(many, 'stage change'),
};

function movedSection(moved: readonly Moved[]): Section[] {
  if (moved.length === 0) return [];
  const counted = moved.map(({ move, total }) => MOVES_IN_WORDS[move](total)).join(', ');
  const items = moved.flatMap(({ move, first }) =>
    first.map(({ deal, by, stage }) => ({
      id: deal.id,
      title: nameOf(deal),
      detail: `${oneLine(by) || 'A colleague'} ${stage ? `moved it to ${oneLine(stage)}` : `${move} it`}`,
      button: showButton(deal.id),
    })),
  );
  const total = moved.reduce((sum, it) => sum + it.total, 0);
  return [{ title: `Since the last digest: ${counted}`, items, total }];
}

function lostSection({ deals, total, days = LOST_DAYS }: DigestExtras['lost']): Section[] {
  if (deals.length === 0) return [];
  const title = `Lost in the last ${days} days: nobody accepted in time`;
  return [{ title, items: deals.map(lostItem), total }];
}

function lostItem({ deal, isGone, offeredTo }: Lost): Item {
  const names = offeredTo.slice(0, 3).map((name) => cut(oneLine(name), 60));
  const others = offeredTo.length - names.length;
  const whom = [...names, ...(others > 0 ? [`${others} more`] : [])].join(', ');
  const detail = `it was offered to ${whom || 'nobody'}`;
  const name = isGone ? cut(oneLine(deal.id), 40) : nameOf(deal);
  return { id: deal.id, title: name, detail, button: showButton(deal.id) };
}

/** More do not fit beside a bar; the text beside the picture has all. */
const MOST_CURRENCIES = 2;

/** Bars by stage, by the number of deals; beside each its money, as it is: currencies are never added up. */
function pictureOf(stages: DigestExtras['stages']): Picture {
  const words = (amounts: readonly Money[]) => amounts.map(amountInWords).join(' + ');
  const title = 'Open pipeline, yours and your people’s: deals, and revenue a month to AWS';
  const bars = stages.map(({ stage, count: many, amounts }) => ({
    label: stage,
    value: many,
    note: [many, ...(amounts.length > 0 ? [words(amounts.slice(0, MOST_CURRENCIES))] : [])].join(' · '),
  }));
  const all = stages.map(({ stage, count: many, amounts }) =>
    [`${stage} ${many}`, words(amounts)].filter(Boolean).join(', '),
  );
  return { title, bars, alt: `${title}: ${all.join('; ')}.` };
}
