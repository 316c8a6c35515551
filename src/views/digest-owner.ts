/** All that one colleague, who reports to the reader, has to see to; with the button that asks for a word on it. */
import { SECTIONS } from '../pipeline/attention.ts';
import type { DigestSection } from '../pipeline/digest.ts';
import type { Person } from '../pipeline/person.ts';
import { nudgeButtons } from './digest-foot.ts';
import type { DigestExtras } from './digest-found.ts';
import { askedItem, digestItem, nameOfColleague, reportMore, sectionTitle } from './digest-sections.ts';
import type { Lines, Page, Reader } from './list.ts';
import type { Button, List, Section } from './view.ts';

/** `only`: a page of one section; else the first few of each. */
interface OwnerFound extends Pick<DigestExtras, 'asked'> {
  sections: ReadonlyMap<DigestSection, Lines>;
  only?: Page & { section: DigestSection };
}

/** By section; of each the way to the rest of it. */
export function ownerDigest(owner: Person, found: OwnerFound, reader: Reader): List {
  const { sections, asked, only } = found;
  const name = nameOfColleague(owner);
  const shown = [...sections].flatMap(([section, { lines }]) =>
    lines.map(({ deal }) => ({ section, id: deal.id, owner: owner.id })),
  );
  return {
    kind: 'list',
    title: titleOf(name, only),
    sections: [...sections].map(([id, lines]) => sectionOf(owner, { id, lines, found }, reader)),
    empty: only && only.page > 1 ? 'There are no more.' : `Nothing of ${name}’s needs a word right now.`,
    buttons: [...nudgeButtons(shown, asked), ...(only ? turns(owner, only, sections.get(only.section)) : [])],
  };
}

function titleOf(name: string, only: OwnerFound['only']): string {
  if (!only) return `${name}: what needs a word`;
  const title = `${name}: ${SECTIONS[only.section].title}`;
  return only.page > 1 ? `${title}, page ${only.page}` : title;
}

function sectionOf(
  owner: Person,
  { id, lines: { lines, total, capped }, found }: { id: DigestSection; lines: Lines; found: OwnerFound },
  reader: Reader,
): Section {
  const under = { ...reader, under: owner };
  return {
    title: sectionTitle(id),
    items: lines.map((line) =>
      askedItem(digestItem(id, line, under), found.asked.get(line.deal.id), owner, reader),
    ),
    total,
    ...(capped ? { capped } : {}),
    ...(!found.only && total > lines.length ? { more: reportMore(owner, id) } : {}),
  };
}

/** @param lines absent: that page is beyond the last. */
function turns(owner: Person, { section, page, pageSize }: Page & { section: DigestSection }, lines?: Lines) {
  const turn = (label: string, to: number): Button => ({
    verb: 'digest',
    label,
    input: { of: owner.id, section, page: String(to) },
  });
  const further = lines && (lines.capped ? lines.lines.length === pageSize : page * pageSize < lines.total);
  return [
    ...(page > 1 ? [turn('Previous page', page - 1)] : []),
    ...(further ? [turn('Next page', page + 1)] : []),
  ];
}
