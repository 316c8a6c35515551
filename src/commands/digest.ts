import { z } from 'zod';
import { plainMoment } from '../pipeline/calendar.ts';
import type { Person } from '../pipeline/person.ts';
import { oneLine } from '../pipeline/text.ts';
import { digestReaders, digestsFor } from '../store/digest-lines.ts';
import type { DigestReader } from '../store/digest-readers.ts';
import { digestList, emptyDigest } from '../views/digest.ts';
import { command } from './command.ts';

/** What their digest would say now. Nothing is sent, and the one that comes by the clock comes all the same. */
export const digest = command({
  verb: 'digest',
  about: 'look',
  reads: true,
  summary: 'What your digest would say now: what you own, submitted, were offered or look after',
  usage: 'digest',
  more: ['“schedule” says when it comes, and what is in it. “desk” shows all that you may see.'],
  takesDeal: false,
  input: z.object({}),
  async run(_, { store, actor, now }) {
    const [reader] = await digestReaders(store, [actor.id], now);
    const found = reader && (await digestsFor(store, [reader], now)).get(actor.id);
    const list = found && digestList(found, { actor, now });
    return { reply: list ?? emptyDigest(reader && nextOf(reader, actor, now)) };
  },
});

/** By the clock it comes by, which need not be that of the door they ask from. */
function nextOf({ nextAt, person }: DigestReader, { timeZone }: Person, now: Date): string | undefined {
  if (!nextAt) return undefined;
  const at = plainMoment(nextAt.toISOString(), now, person.timeZone);
  return person.timeZone === timeZone ? at : `${at} (${oneLine(person.timeZone)})`;
}
