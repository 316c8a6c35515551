/** A digest's sections, each left out or brought back by one press. */
import { SECTIONS } from '../pipeline/attention.ts';
import { DIGEST_SECTIONS, type DigestSection } from '../pipeline/digest.ts';
import { type Button, done, type Item, type List, type Note } from './view.ts';

/** @param standing those in the digest that was looked at; none: all that are not off. */
export function leaveOutList(standing: readonly string[], off: readonly string[]): List {
  const wanted = (id: DigestSection) => !off.includes(id) && (standing.length === 0 || standing.includes(id));
  const parts: [title: string, ids: DigestSection[], toButton: (id: DigestSection) => Button][] = [
    ['It stands in your digest', DIGEST_SECTIONS.filter(wanted), leftOut],
    ['Left out', DIGEST_SECTIONS.filter((id) => off.includes(id)), putBack],
  ];
  return {
    kind: 'list',
    title: 'What to leave out of your digest',
    sections: parts
      .filter(([, ids]) => ids.length > 0)
      .map(([title, ids, toButton]) => ({
        title,
        items: ids.map((id) => sectionItem(id, toButton(id))),
        total: ids.length,
      })),
    empty: 'Nothing stands in it.',
    lasting: true,
  };
}

const sectionItem = (id: DigestSection, button: Button): Item => {
  const { title, why } = SECTIONS[id];
  return { title, detail: why, button };
};

const leftOut = (section: DigestSection): Button => ({
  verb: 'schedule',
  label: 'Leave out',
  input: { do: 'without', section },
});

/** Undoes that; the whole digest is brought back by another button, with another label. */
const putBack = (section: DigestSection): Button => ({
  verb: 'schedule',
  label: 'Put it back',
  input: { do: 'with', section },
});

/** What was done, before what stands now; with the way back where one section was left out. */
export function trimmedNote(how: 'with' | 'without', sections: readonly DigestSection[], stands: Note): Note {
  const named = sections.map((id) => `“${SECTIONS[id].title}”`).join(', ');
  const isOne = sections.length === 1;
  const said = how === 'without' ? `${isOne ? 'is' : 'are'} left out.` : `${isOne ? 'is' : 'are'} back in.`;
  const [first] = how === 'without' && isOne ? sections : [];
  const buttons = [...(first ? [putBack(first)] : []), ...(stands.buttons ?? [])];
  return {
    ...done(`${named} ${said}`, [stands.text, ...(stands.lines ?? [])]),
    ...(buttons.length > 0 ? { buttons } : {}),
  };
}
