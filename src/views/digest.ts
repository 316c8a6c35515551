/** A digest: the work of the day in the order in which it is lost, one line and one button a deal. */
import { dayIn, plainDay } from '../pipeline/calendar.ts';
import { DIGEST_SECTIONS } from '../pipeline/digest.ts';
import type { Colleague, Person } from '../pipeline/person.ts';
import type { DigestFound, KeptLine, Report } from './digest-found.ts';
import {
  digestItem,
  digestMore,
  extraParts,
  HOW_TO_SET,
  nudgeButtons,
  reportItem,
  reportTitle,
  SCHEDULE_BUTTONS,
  sectionTitle,
} from './digest-sections.ts';
import type { Lines } from './list.ts';
import { type List, type Note, note, type Section } from './view.ts';

export { cutForRoom, roomDigest } from './digest-room.ts';
export { tickedDigest } from './digest-ticked.ts';

export interface DigestReaderView {
  actor: Colleague | Person;
  now: Date;
}

/**
 * Undefined where there is nothing to say: no line, and nothing lost. What moved, and the picture, come with something to
 * do and never alone.
 */
export function digestList(found: DigestFound, reader: DigestReaderView): List | undefined {
  const lines = [
    ...found.desks.flatMap((desk, nth) => deskSections(desk, nth > 0, reader)),
    ...found.reports.map((report) => reportSection(report, reader)),
  ];
  if (lines.length === 0 && found.lost.deals.length === 0) return undefined;
  const { sections, picture } = extraParts(found);
  const asked = found.reports.flatMap(({ owner, lines: of }) =>
    of.map(({ deal, section }) => ({ section, id: deal.id, owner: owner.id })),
  );
  return {
    kind: 'list',
    title: digestTitle(reader),
    sections: [...lines, ...sections],
    empty: NOTHING,
    footer: HOW_TO_SET,
    buttons: [...nudgeButtons(asked), ...SCHEDULE_BUTTONS],
    ...(picture ? { picture } : {}),
  };
}

/** What a digest that shows this remembers of its lines, in the order shown. */
export const keptLines = ({ desks, reports }: DigestFound): KeptLine[] => [
  ...desks.flatMap(({ whose, sections }, nth) =>
    DIGEST_SECTIONS.flatMap((section) =>
      (sections.get(section)?.lines ?? []).map(({ deal }) => ({
        section,
        dealId: deal.id,
        ...(nth > 0 ? { underId: whose.id } : {}),
      })),
    ),
  ),
  ...reports.flatMap(({ owner, lines }) =>
    lines.map(({ deal, section }) => ({ section, dealId: deal.id, underId: owner.id })),
  ),
];

/** To who asks for a digest of which there is nothing to say. `next`: when one comes again, in words. */
export const emptyDigest = (next?: string): Note => ({
  ...note(NOTHING, next ? [`Your next digest comes ${next}, if there is something in it.`] : undefined),
  buttons: [...SCHEDULE_BUTTONS.slice(0, 1)],
});

const NOTHING = 'Nothing needs you right now.';

const digestTitle = ({ actor, now }: DigestReaderView): string => {
  const today = dayIn(now, actor.timeZone);
  return `Your digest, ${plainDay(today, today)}`;
};

const deskSections = (
  { whose, sections }: DigestFound['desks'][number],
  isCovered: boolean,
  reader: DigestReaderView,
): Section[] =>
  DIGEST_SECTIONS.flatMap((id) => {
    const found = sections.get(id);
    if (!found || found.lines.length === 0) return [];
    const items = found.lines.map((line) => digestItem(id, line, reader));
    return [{ title: sectionTitle(id, isCovered ? whose : undefined), items, ...rest(found, id) }];
  });

const rest = ({ lines, total, capped }: Lines, id: (typeof DIGEST_SECTIONS)[number]) => ({
  total,
  ...(capped ? { capped } : {}),
  ...(total > lines.length ? { more: digestMore(id) } : {}),
});

const reportSection = ({ owner, lines, total }: Report, reader: DigestReaderView): Section => ({
  title: reportTitle(owner, total),
  items: lines.map((line) => reportItem(line.section, line, reader, owner)),
  total,
  ...(total > lines.length ? { more: digestMore('past-close') } : {}),
});
