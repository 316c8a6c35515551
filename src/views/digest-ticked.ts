/** A digest that was sent, as things are now: what somebody has seen to stays, ticked off. */
import { count, dayIn, plainDay, plainMoment } from '../pipeline/calendar.ts';
import type { Change } from '../pipeline/change.ts';
import type { Day } from '../pipeline/deal.ts';
import type { DigestSection } from '../pipeline/digest.ts';
import type { Person } from '../pipeline/person.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import { showButton } from './actions.ts';
import { nudgeButtons, scheduleButtons, scheduleInWords, whyItCame } from './digest-foot.ts';
import type { KeptLine, Standing, Stood } from './digest-found.ts';
import {
  askedItem,
  digestItem,
  digestMore,
  extraParts,
  reportItem,
  reportMore,
  reportTitle,
  sectionTitle,
} from './digest-sections.ts';
import { threadLine } from './room.ts';
import { nameOf, stateInWords } from './terms.ts';
import type { Button, Item, List, Section } from './view.ts';
import { nameOfPerson } from './wish.ts';

export interface TickedReader {
  actor: Person;
  now: Date;
  /** Of the digest; absent: today. */
  day?: Day;
}

/** A kept line, and what became of it. */
interface Known {
  kept: KeptLine;
  stood: Exclude<Stood, { is: 'hidden' }>;
}

/** What the reader may not see any more is only counted. */
export function tickedDigest(kept: readonly KeptLine[], standing: Standing, reader: TickedReader): List {
  const known = kept.flatMap((it, nth): Known[] => {
    const stood = standing.lines[nth];
    return stood && stood.is !== 'hidden' ? [{ kept: it, stood }] : [];
  });
  const { sections, picture } = extraParts(standing);
  const open = known.filter(({ stood }) => stood.is !== 'done');
  const today = dayIn(reader.now, reader.actor.timeZone);
  const comes = scheduleInWords(standing.schedule, today);
  return {
    kind: 'list',
    title: titleOf(reader, known.length - open.length, known.length),
    ...whyItCame(standing.schedule, reader.day ?? today),
    sections: [
      ...groupsOf(known, standing).map((group) => sectionOf(group, known, standing, reader)),
      ...sections,
    ],
    empty: 'Nothing of it is left.',
    footer: [hiddenInWords(kept.length - known.length), '“desk” shows all as it is now.', comes]
      .filter(Boolean)
      .join(' '),
    buttons: buttonsOf(known, standing, reader),
    ...(picture ? { picture } : {}),
    lasting: true,
  };
}

function buttonsOf(known: readonly Known[], { reports, asked }: Standing, { actor }: TickedReader): Button[] {
  const isReport = ({ underId }: KeptLine) => reports.some(({ id }) => id === underId);
  const reportsToThem = ({ underId }: KeptLine) =>
    reports.some(({ id, reportsTo }) => id === underId && reportsTo === actor.id);
  const ofReports = known
    .filter(({ kept, stood }) => stood.is !== 'done' && isReport(kept))
    .map(({ kept: { section, dealId, underId = '' } }) => ({ section, id: dealId, owner: underId }));
  // Of a covered desk, and of who reports to its owner, that owner decides what is left out.
  const mine = known.filter(({ kept }) => kept.underId === undefined || reportsToThem(kept));
  return [
    ...nudgeButtons(ofReports, asked),
    ...scheduleButtons(new Set(mine.map(({ kept }) => kept.section))),
  ];
}

function titleOf({ actor, now, day }: TickedReader, seenTo: number, all: number): string {
  const today = dayIn(now, actor.timeZone);
  const title = `Your digest, ${plainDay(day ?? today, today)}`;
  return seenTo > 0 ? `${title}: ${seenTo} of ${all} done` : title;
}

const hiddenInWords = (many: number): string => {
  if (many === 0) return '';
  return many === 1 ? 'One line is no longer yours to see.' : `${many} lines are no longer yours to see.`;
};

/** Neighbours that stood under one heading. */
function groupsOf(known: readonly Known[], { reports }: Standing): Known[][] {
  const groups: Known[][] = [];
  let last: string | undefined;
  for (const it of known) {
    const { section, underId = '' } = it.kept;
    const heading = reports.some(({ id }) => id === underId) ? underId : `${section} ${underId}`;
    if (heading === last) groups.at(-1)?.push(it);
    else groups.push([it]);
    last = heading;
  }
  return groups;
}

function sectionOf(
  group: readonly Known[],
  known: readonly Known[],
  standing: Standing,
  reader: TickedReader,
): Section {
  const { covered, reports, asked } = standing;
  const { section = 'waiting', underId } = group[0]?.kept ?? {};
  const owner = reports.find(({ id }) => id === underId);
  const open = group.filter(({ stood }) => stood.is !== 'done').length;
  const rest = restOf(group, known, owner, standing, reader);
  const title = owner
    ? reportTitle(owner)
    : sectionTitle(
        section,
        covered.find(({ id }) => id === underId),
      );
  return {
    title,
    items: group.map((it) => itemOf(it, { owner, asked }, reader)),
    total: group.length + rest,
    ...(open < group.length ? { open: open + rest } : {}),
    ...(rest > 0 ? { more: owner ? reportMore(owner) : digestMore(section) } : {}),
  };
}

/** The section that counts it now: of several the one where it is lost first. */
const countedIn = ({ kept, stood }: Known): DigestSection | undefined => {
  if (stood.is === 'moved') return stood.section;
  return stood.is === 'stands' ? (stood.first ?? kept.section) : undefined;
};

/** How many more belong under that heading now than are shown, wherever they are shown. */
function restOf(
  group: readonly Known[],
  known: readonly Known[],
  owner: Person | undefined,
  { now: { desks, reports } }: Standing,
  { actor }: TickedReader,
): number {
  const { section = 'waiting', underId = actor.id } = group[0]?.kept ?? {};
  const total = owner
    ? reports.find((it) => it.owner.id === owner.id)?.total
    : desks.find(({ whose }) => whose.id === underId)?.sections.get(section)?.total;
  const shown = owner
    ? group.filter((it) => countedIn(it) !== undefined).length
    : known.filter((it) => (it.kept.underId ?? actor.id) === underId && countedIn(it) === section).length;
  return Math.max(0, (total ?? 0) - shown);
}

/** @param owner the report under whose name it stands. */
function itemOf(
  { kept, stood }: Known,
  { owner, asked }: { owner: Person | undefined } & Pick<Standing, 'asked'>,
  reader: TickedReader,
): Item {
  if (stood.is === 'done') return doneItem(stood, reader);
  const section = stood.is === 'moved' ? stood.section : kept.section;
  if (owner)
    return askedItem(reportItem(section, stood.line, reader, owner), asked.get(kept.dealId), owner, reader);
  return stood.is === 'moved'
    ? reportItem(section, stood.line, reader)
    : digestItem(section, stood.line, reader);
}

function doneItem(stood: Extract<Stood, { is: 'done' }>, { actor, now }: TickedReader): Item {
  const { deal } = stood.line;
  const it = { id: deal.id, button: showButton(deal.id), done: true as const };
  if (stood.isGone)
    return { ...it, title: cut(oneLine(deal.id), 40), detail: 'AWS no longer gives it to us' };
  const later = stood.laterAt && plainMoment(stood.laterAt.toISOString(), now, actor.timeZone);
  const detail = later ? `you look at it again ${later}` : doneInWords(stood);
  return { ...it, title: nameOf(deal), detail };
}

/** Who and what, where one of us did it here; else how it stands. */
function doneInWords({ change, line }: Extract<Stood, { is: 'done' }>): string {
  const said = change && (localInWords(change) ?? threadLine(change, 'opened'));
  return said ?? `now ${stateInWords(line.deal)}`;
}

function localInWords({ wish, person }: Change): string | undefined {
  const who = oneLine(person.name) || 'A colleague';
  if (wish.kind === 'own') return `${who} gave it to ${nameOfPerson(wish.to)}`;
  return wish.kind === 'offer' ? `${who} offered it to ${count(wish.to.length, 'colleague')}` : undefined;
}
