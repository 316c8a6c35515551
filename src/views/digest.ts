/** A digest: the work of the day in the order in which it is lost, one line and one button a deal. */
import { dayIn, plainDay } from '../pipeline/calendar.ts';
import { DIGEST_SECTIONS, type DigestSection } from '../pipeline/digest.ts';
import type { Colleague, Person } from '../pipeline/person.ts';
import { nudgeButtons, SCHEDULE_BUTTON, scheduleButtons, scheduleInWords, whyItCame } from './digest-foot.ts';
import type { DigestExtras, DigestFound, KeptLine, Report } from './digest-found.ts';
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
import type { Lines } from './list.ts';
import { leftOut } from './schedule.ts';
import { type List, type Note, note, type Section } from './view.ts';

export interface DigestReaderView {
  actor: Colleague | Person;
  now: Date;
  /** They asked for it: it did not come by itself. */
  isAsked?: true;
}

/**
 * Undefined where there is nothing to say: no line, and nothing lost. What moved, and the picture, come with something to
 * do and never alone.
 */
export function digestList(found: DigestFound, reader: DigestReaderView): List | undefined {
  const lines = [
    ...found.desks.flatMap((desk, nth) => deskSections(desk, nth > 0, reader)),
    ...found.reports.map((report) => reportSection(report, found, reader)),
  ];
  if (lines.length === 0 && found.lost.deals.length === 0) return undefined;
  const { sections, picture } = extraParts(found);
  const today = dayIn(reader.now, reader.actor.timeZone);
  const comes = scheduleInWords(found.schedule, today);
  return {
    kind: 'list',
    title: digestTitle(reader),
    ...(reader.isAsked ? {} : whyItCame(found.schedule, today)),
    sections: [...lines, ...sections],
    empty: NOTHING,
    ...(comes ? { footer: comes } : {}),
    buttons: [
      ...nudgeButtons(reportLines(found), found.asked),
      ...scheduleButtons(standingIn(found, reader)),
    ],
    ...(picture ? { picture } : {}),
    lasting: true,
  };
}

/** What the reader can leave out: of a covered desk, and of who reports to its owner, that owner decides. */
const standingIn = (
  { desks: [own], reports }: DigestFound,
  { actor }: DigestReaderView,
): Set<DigestSection> =>
  new Set([
    ...DIGEST_SECTIONS.filter((id) => own?.sections.get(id)?.lines.length),
    ...reports
      .filter(({ owner }) => owner.reportsTo === actor.id)
      .flatMap(({ lines }) => lines.map(({ section }) => section)),
  ]);

const reportLines = ({ reports }: Pick<DigestFound, 'reports'>) =>
  reports.flatMap(({ owner, lines }) =>
    lines.map(({ deal, section }) => ({ section, id: deal.id, owner: owner.id })),
  );

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

/**
 * To who asks for a digest of which there is nothing to say: what they left out, or put off, may need them all the same.
 * `next`: when one comes again, in words.
 */
export function emptyDigest(off: readonly string[], next?: string): Note {
  const comes = next ? [`Your next digest comes ${next}, if there is something in it.`] : [];
  const lines = [...leftOut(off), ...comes];
  return { ...note(NOTHING, lines.length > 0 ? lines : undefined), buttons: [SCHEDULE_BUTTON] };
}

const NOTHING = 'Nothing stands in your digest right now; “desk” shows all.';

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

const reportSection = (
  { owner, lines, total }: Report,
  { asked }: Pick<DigestExtras, 'asked'>,
  reader: DigestReaderView,
): Section => ({
  title: reportTitle(owner),
  items: lines.map((line) =>
    askedItem(reportItem(line.section, line, reader, owner), asked.get(line.deal.id), owner, reader),
  ),
  total,
  ...(total > lines.length ? { more: reportMore(owner) } : {}),
});
