/** Lists of deals: one line each, one button each, what is lost first comes first. */
import { SECTION_IDS, SECTIONS, type SectionId } from '../pipeline/attention.ts';
import { count, dayIn, daysBetween, plainDay } from '../pipeline/calendar.ts';
import type { Deal, Opportunity } from '../pipeline/deal.ts';
import { leadStatus } from '../pipeline/lead.ts';
import { reviewInWords } from '../pipeline/opportunity.ts';
import { type Person, seesEverything } from '../pipeline/person.ts';
import { invitationOf } from '../pipeline/referral.ts';
import { oneLine } from '../pipeline/text.ts';
import type { Verb } from '../pipeline/verbs.ts';
import { acceptButton, nextStepButton, showButton } from './deal.ts';
import { invitationTimeLeft, moneyInWords, nameOf, quoted, stateInWords } from './terms.ts';
import type { Button, Item, List, Section } from './view.ts';

/** One line: the deal as it stands, and when the partner last touched it. */
export interface Line {
  deal: Deal;
  version: number;
  partnerUpdatedAt?: Date;
}

/** `capped`: counting stopped at `total`, there are more. */
export interface Lines {
  lines: Line[];
  total: number;
  capped: boolean;
}

/** The reader: what a button may do, and which day it is for them. */
export interface Reader {
  actor: Person;
  now: Date;
}

/** The worklist, in the order in which things are lost; empty sections are left out. */
export function deskList(found: ReadonlyMap<SectionId, Lines>, reader: Reader): List {
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
  };
}

/** All that is pending acceptance; the store hands it over in the order in which it is lost. */
export function pendingList(found: Lines, reader: Reader): List {
  return {
    kind: 'list',
    title: 'Pending acceptance',
    sections: sectionsOf('What is lost first comes first', found, (line) => pendingItem(line, reader)),
    empty: seesEverything(reader.actor)
      ? 'Nothing is pending acceptance.'
      : 'Nothing is pending acceptance that you may see.',
  };
}

/** The pipeline, a page at a time. Pages count from 1. */
export function pipelineList(found: Lines, reader: Reader & { page: number; pageSize: number }): List {
  const { page, pageSize } = reader;
  const further = found.capped ? found.lines.length === pageSize : page * pageSize < found.total;
  const buttons = [
    ...(page > 1 ? [pageButton('Previous page', page - 1)] : []),
    ...(further ? [pageButton('Next page', page + 1)] : []),
  ];
  return {
    kind: 'list',
    title: page > 1 ? `Pipeline, page ${page}` : 'Pipeline',
    sections: sectionsOf('Opportunities and leads', found, (line) => pipelineItem(line, reader)),
    empty: page > 1 ? 'There are no more.' : 'Your pipeline is empty.',
    ...(further ? { footer: `“list ${page + 1}” goes on.` } : {}),
    ...(buttons.length > 0 ? { buttons } : {}),
  };
}

/** Several deals fit what was said: each line carries the whole act, for the person to choose. */
export function choiceList(
  found: readonly { deal: Deal; version: number }[],
  about: Reader & { title: string; verb: Verb; input: Record<string, string> },
): List {
  const { verb, input } = about;
  const opens = verb === 'next-step' && input.text === undefined ? ({ opens: 'form' } as const) : {};
  const items = found.map(({ deal }) => ({
    id: deal.id,
    title: nameOf(deal),
    detail: `${deal.id} · ${stateInWords(deal)}`,
    button: { verb, label: 'This one', input: { ...input, id: deal.id }, ...opens },
  }));
  const sections = [{ title: 'Choose one', items, total: items.length }];
  return { kind: 'list', title: oneLine(about.title), sections, empty: 'Nothing fits.' };
}

function deskSection(id: SectionId, found: Lines, reader: Reader): Section {
  const { title, why } = SECTIONS[id];
  const items = found.lines.map((line) => DESK_ITEMS[id](line, reader));
  const rest = id === 'pending' && found.total > items.length;
  const more: Button = { verb: 'list', label: 'All pending', input: { view: 'pending' } };
  return {
    title: `${title}: ${why}`,
    items,
    total: found.total,
    ...(found.capped ? { capped: true } : {}),
    ...(rest ? { more } : {}),
  };
}

const DESK_ITEMS: Record<SectionId, (line: Line, reader: Reader) => Item> = {
  pending: pendingItem,
  'action-required': ({ deal }) => item(deal, [remark(deal), ownerOf(deal)]),
  closing: (line, reader) => stepItem(line, reader, [closing(line.deal, reader), stageOf(line.deal)]),
  'past-close': (line, reader) => stepItem(line, reader, [closing(line.deal, reader), stageOf(line.deal)]),
  stale: (line, reader) => stepItem(line, reader, [silence(line, reader), stageOf(line.deal)]),
  waiting: ({ deal }) => item(deal, [stateInWords(deal), ownerOf(deal)]),
};

function pendingItem({ deal, version }: Line, reader: Reader): Item {
  const invitation = invitationOf(deal);
  const details = [
    invitation && invitationTimeLeft(invitation, reader.now),
    deal.spend && moneyInWords(deal.spend),
    stateInWords(deal).split(' · ')[0],
  ];
  return item(deal, details, acceptButton(deal, { ...reader, version, changes: [] })[0]);
}

function pipelineItem({ deal }: Line, reader: Reader): Item {
  if (deal.kind === 'opportunity')
    return item(deal, [stageOf(deal), reviewInWords(deal), closing(deal, reader), ownerOf(deal)]);
  return item(deal, [deal.kind === 'lead' ? `lead, ${leadStatus(deal)}` : stateInWords(deal), ownerOf(deal)]);
}

function stepItem({ deal, version }: Line, reader: Reader, details: (string | undefined)[]): Item {
  return item(deal, [...details, ownerOf(deal)], nextStepButton(deal, { ...reader, version })[0]);
}

const item = (deal: Deal, details: (string | undefined)[], button: Button = showButton(deal.id)): Item => ({
  id: deal.id,
  title: nameOf(deal),
  detail: details.filter(Boolean).join(' · '),
  button,
});

const stageOf = (deal: Deal): string | undefined => (deal.kind === 'opportunity' ? deal.stage : undefined);

const ownerOf = (deal: Deal): string | undefined =>
  deal.kind === 'referral' ? undefined : oneLine(deal.owner?.name || deal.owner?.email || '') || 'no owner';

const remark = (deal: Deal): string | undefined =>
  deal.kind === 'opportunity' && deal.reviewComments
    ? `AWS: ${quoted(deal.reviewComments, 120)}`
    : 'AWS gave no remark';

function closing(deal: Deal, { now, actor }: Reader): string | undefined {
  if (deal.kind !== 'opportunity' || deal.closeDate === undefined) return undefined;
  return closeInWords(deal, deal.closeDate, dayIn(now, actor.timeZone));
}

function closeInWords({ stage }: Opportunity, day: string, today: string): string {
  const days = daysBetween(today, day);
  if (stage === 'Launched' || stage === 'Closed Lost') return `close date ${plainDay(day, today)}`;
  if (days < 0) return `close date ${plainDay(day, today)} is ${count(-days, 'day')} past`;
  if (days > 13) return `closes ${plainDay(day, today)}`;
  return `closes ${plainDay(day, today)}, ${days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`}`;
}

function silence({ partnerUpdatedAt }: Line, { now }: Reader): string | undefined {
  if (!partnerUpdatedAt) return undefined;
  const days = Math.floor((now.getTime() - partnerUpdatedAt.getTime()) / (24 * 60 * 60 * 1000));
  return `no update for ${count(days, 'day')}`;
}

const pageButton = (label: string, page: number): Button => ({
  verb: 'list',
  label,
  input: { view: 'all', page: String(page) },
});

const sectionsOf = (
  title: string,
  { lines, total, capped }: Lines,
  toItem: (line: Line) => Item,
): Section[] =>
  lines.length === 0 ? [] : [{ title, items: lines.map(toItem), total, ...(capped ? { capped } : {}) }];
