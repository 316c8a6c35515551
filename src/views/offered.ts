/** Several deals that are offered to somebody with a desk, to accept or reject. */
import { count } from '../pipeline/calendar.ts';
import { oneLine } from '../pipeline/text.ts';
import { ALL, type Answered, answeredSection, SHOWN } from './clock.ts';
import { type Line, pendingItem, type Reader } from './lines.ts';
import { offButtons, typedOff } from './news.ts';
import type { List, Section } from './view.ts';

/**
 * Of one desk several offers at once: one message; what is answered since stands below, ticked off. `away`: to whom they are
 * offered, whose desk the reader covers.
 */
export function offersList(
  { waiting, answered }: { waiting: readonly Line[]; answered: readonly Answered[] },
  { by, away }: { by: string; away?: string },
  reader: Reader,
): List {
  const offered = count(waiting.length + answered.length, 'deal');
  const open: Section = {
    title: 'Accept or reject them',
    items: waiting.slice(0, SHOWN).map((line) => pendingItem(line, reader)),
    total: waiting.length,
    ...(waiting.length > SHOWN ? { more: ALL } : {}),
  };
  return {
    kind: 'list',
    title: away
      ? `${oneLine(by)} offers ${oneLine(away)}, whose desk you cover, ${offered}`
      : `${oneLine(by)} offers you ${offered}`,
    sections: [...(waiting.length > 0 ? [open] : []), ...answeredSection(answered)],
    empty: 'Nothing waits any more.',
    lasting: true,
    footer: typedOff(['offered']),
    buttons: offButtons(['offered']),
  };
}
