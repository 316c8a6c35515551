/** Lists of deals: one line each, one button each, what is lost first comes first. */
import { SECTION_IDS, SECTIONS, type SectionId } from '../pipeline/attention.ts';
import { dayIn, plainDay, timeIn } from '../pipeline/calendar.ts';
import { seesEverything } from '../pipeline/person.ts';
import {
  askedItem,
  closingItem,
  type Line,
  launchItem,
  pendingItem,
  pipelineItem,
  quietItem,
  type Reader,
  rejectedItem,
  reviewedItem,
  viewItem,
  waitingItem,
} from './lines.ts';
import type { Button, Item, List, Section } from './view.ts';

export type { Line, Reader };

/** `capped`: counting stopped at `total`, there are more. */
export interface Lines {
  lines: Line[];
  total: number;
  capped: boolean;
}

/** Which page of how many lines each; pages count from 1. */
export interface Page {
  page: number;
  pageSize: number;
}

/**
 * The worklist, in the order in which things are lost; empty sections are left out. `finderWaits`: a lead of the Partner
 * Solutions Finder waits for the alliance lead; the reader may know that, and nothing else of it.
 */
export function deskList(
  found: ReadonlyMap<SectionId, Lines>,
  reader: Reader & { finderWaits?: boolean },
): List {
  const today = dayIn(reader.now, reader.actor.timeZone);
  const sections = SECTION_IDS.flatMap((id) => {
    const lines = found.get(id);
    return lines && lines.lines.length > 0 ? [deskSection(id, lines, reader)] : [];
  });
  return {
    kind: 'list',
    title: `Your desk, ${plainDay(today, today)}`,
    sections,
    empty: 'Nothing needs you right now.',
    ...(reader.finderWaits ? { footer: FINDER_WAITS } : {}),
  };
}

/** All that is pending acceptance; the store hands it over in the order in which it is lost. */
export function pendingList(found: Lines, reader: Reader & Page): List {
  return {
    kind: 'list',
    title: pageTitle('Pending acceptance', reader),
    sections: sectionsOf('What is lost first comes first', found, (line) => pendingItem(line, reader)),
    empty: emptyOf('Nothing is pending acceptance', reader),
    ...paging(found, reader, { view: 'pending', typed: 'pending page ' }),
  };
}

/** All that AWS asked a change for, with its remarks. */
export function askedList(found: Lines, reader: Reader & Page): List {
  const { title, why } = SECTIONS['action-required'];
  return {
    kind: 'list',
    title: pageTitle(title, reader),
    sections: sectionsOf(why, found, (line) => askedItem(line, reader)),
    empty: emptyOf('AWS asks for no change to anything', reader),
    ...paging(found, reader, { view: 'action required', typed: 'action required page ' }),
  };
}

/** The pipeline, a page at a time. */
export function pipelineList(found: Lines, reader: Reader & Page): List {
  return {
    kind: 'list',
    title: pageTitle('Pipeline', reader),
    sections: sectionsOf('Opportunities and leads', found, (line) => pipelineItem(line, reader)),
    empty: reader.page > 1 ? NO_MORE : 'Your pipeline is empty.',
    ...paging(found, reader, { view: 'all', typed: '' }),
  };
}

const NO_MORE = 'There are no more.';

const emptyOf = (nothing: string, { actor, page }: Reader & Page): string =>
  page > 1 ? NO_MORE : `${nothing}${seesEverything(actor) ? '' : ' that you may see'}.`;

export const pageTitle = (title: string, { page }: Page): string =>
  page > 1 ? `${title}, page ${page}` : title;

/**
 * Buttons that turn the page and lead to the other views; the footer says what can be typed for the next one.
 * @param about `typed`: what stands between "list " and the number of the page; `means`: what the list is.
 */
export function paging(
  { lines, total, capped }: Lines,
  { page, pageSize }: Page,
  { view, typed, means }: { view: string; typed: string; means?: string },
): Pick<List, 'footer' | 'buttons'> {
  const further = capped ? lines.length === pageSize : page * pageSize < total;
  const turn = (label: string, to: number): Button => ({
    verb: 'list',
    label,
    input: { view, page: String(to) },
  });
  const footer = [means, further ? `“list ${typed}${page + 1}” goes on.` : ''].filter(Boolean).join(' ');
  return {
    ...(footer ? { footer } : {}),
    buttons: [
      ...(page > 1 ? [turn('Previous page', page - 1)] : []),
      ...(further ? [turn('Next page', page + 1)] : []),
      OTHER_VIEWS,
    ],
  };
}

export const sectionsOf = (
  title: string,
  { lines, total, capped }: Lines,
  toItem: (line: Line) => Item,
): Section[] =>
  lines.length === 0 ? [] : [{ title, items: lines.map(toItem), total, ...(capped ? { capped } : {}) }];

const OTHER_VIEWS: Button = {
  verb: 'list',
  label: 'Other views…',
  input: { view: 'choose' },
  opens: 'form',
};

/** Sales guide, Accessing leads: all who see everything else are told that there is one. */
const FINDER_WAITS =
  'A lead from your listing in AWS’s Partner Solutions Finder waits. Only the alliance lead can see and accept it.';

function deskSection(id: SectionId, found: Lines, reader: Reader): Section {
  const { title, why } = SECTIONS[id];
  const items = found.lines.map((line) => laterItem(DESK_ITEMS[id](line, reader), line, reader));
  const more = found.total > items.length ? MORE[id] : undefined;
  return {
    title: `${title}: ${why}`,
    items,
    total: found.total,
    ...(found.capped ? { capped: true } : {}),
    ...(more ? { more } : {}),
  };
}

/** What is put off stands here all the same: it says why digest and sprint leave it out. */
function laterItem(item: Item, { laterAt }: Line, { actor, now }: Reader): Item {
  if (!laterAt) return item;
  const today = dayIn(now, actor.timeZone);
  const day = dayIn(laterAt, actor.timeZone);
  const until = day === today ? timeIn(laterAt, actor.timeZone) : plainDay(day, today);
  return { ...item, detail: [item.detail, `put off until ${until}`].filter(Boolean).join(' · ') };
}

export const DESK_ITEMS: Record<SectionId, (line: Line, reader: Reader) => Item> = {
  pending: pendingItem,
  'action-required': askedItem,
  'launch-pending': launchItem,
  closing: closingItem,
  'past-close': closingItem,
  stale: quietItem,
  'in-review': reviewedItem,
  rejected: rejectedItem,
  waiting: waitingItem,
  flagged: viewItem,
};

const toView = (label: string, view: string): Button => ({ verb: 'list', label, input: { view } });

/** Where the rest of a section is listed whole. */
export const MORE: Partial<Record<SectionId, Button>> = {
  pending: toView('All pending', 'pending'),
  'action-required': toView('All action required', 'action required'),
  'launch-pending': toView('All committed', 'committed-opportunities'),
  stale: toView('All without update', 'opportunities-without-update'),
  'in-review': toView('All in review', 'opportunities-in-review'),
  flagged: toView('All flagged', 'flagged-opportunities'),
};
