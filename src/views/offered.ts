/** Several deals that are offered to somebody with a desk, to accept or reject. */
import { count } from '../pipeline/calendar.ts';
import { oneLine } from '../pipeline/text.ts';
import { type Line, pendingItem, type Reader } from './lines.ts';
import { offButtons, typedOff } from './news.ts';
import type { List } from './view.ts';

const SHOWN = 10;

/** Of one desk several offers at once: one message. `away`: to whom they are offered, whose desk the reader covers. */
export const offersList = (
  lines: readonly Line[],
  { by, away }: { by: string; away?: string },
  reader: Reader,
): List => ({
  kind: 'list',
  title: away
    ? `${oneLine(by)} offers ${oneLine(away)}, whose desk you cover, ${count(lines.length, 'deal')}`
    : `${oneLine(by)} offers you ${count(lines.length, 'deal')}`,
  sections: [
    {
      title: 'Accept or reject them',
      items: lines.slice(0, SHOWN).map((line) => pendingItem(line, reader)),
      total: lines.length,
      ...(lines.length > SHOWN
        ? { more: { verb: 'list', label: 'All pending', input: { view: 'pending' } } }
        : {}),
    },
  ],
  empty: 'Nothing waits any more.',
  footer: typedOff(['offered']),
  buttons: offButtons(['offered']),
});
