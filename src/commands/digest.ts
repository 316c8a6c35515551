import { z } from 'zod';
import { plainMoment } from '../pipeline/calendar.ts';
import { WORD_SECTIONS } from '../pipeline/digest.ts';
import type { Person } from '../pipeline/person.ts';
import { oneLine } from '../pipeline/text.ts';
import { digestsFor } from '../store/digest-lines.ts';
import type { DigestReader } from '../store/digest-readers.ts';
import { digestReaders } from '../store/digest-readers.ts';
import { askedOf } from '../store/nudges.ts';
import { ownerLines } from '../store/owner-lines.ts';
import { digestList, emptyDigest } from '../views/digest.ts';
import { ownerDigest } from '../views/digest-owner.ts';
import { problem } from '../views/view.ts';
import { type Context, command, type Result } from './command.ts';

/** Of what one colleague has to write a word on: of each section, or of the one that is asked for. */
const PER_PAGE = 10;

const Input = z.object({
  of: z.uuid().optional(),
  /** Of those, a page. */
  section: z.enum(WORD_SECTIONS).optional(),
  page: z.coerce.number().int().min(1).max(1000).optional(),
});
type Input = z.infer<typeof Input>;

/**
 * What their digest would say now. Nothing is sent, and the one that comes by the clock comes all the same. `of`: somebody who
 * reports to them; all that this colleague has to write a word on. Nobody types it: a digest’s button says it.
 */
export const digest = command({
  verb: 'digest',
  about: 'look',
  reads: true,
  summary: 'What your digest would say now: what you own, submitted, were offered or look after',
  usage: 'digest',
  more: ['“schedule” says when it comes, and what is in it. “desk” shows all that you may see.'],
  takesDeal: false,
  input: Input,
  async run(input, { store, actor, now }) {
    const [reader] = await digestReaders(store, [actor.id], now);
    if (input.of) return ofOwner(input, reader, { store, actor, now });
    const found = reader && (await digestsFor(store, [reader], now)).get(actor.id);
    const list = found && digestList(found, { actor, now, isAsked: true });
    return { reply: list ?? emptyDigest(reader?.off ?? [], reader && nextOf(reader, actor, now)) };
  },
});

/** Whoever does not report to them, or is nobody here, gets one and the same answer. */
async function ofOwner(
  { of: id, section, page = 1 }: Input,
  reader: DigestReader | undefined,
  { store, actor, now }: Pick<Context, 'store' | 'actor' | 'now'>,
): Promise<Result> {
  const owner = reader?.reports.find((it) => it.id === id);
  if (!owner) return { reply: problem('They do not report to you any more.'), ok: false };
  const at = { page: section ? page : 1, pageSize: PER_PAGE };
  const [sections, asked] = await Promise.all([
    ownerLines(store, { reader: actor, owner, off: owner.off, only: section }, now, at),
    askedOf(store, new Set([owner.id]), now),
  ]);
  const byDeal = new Map((asked.get(owner.id) ?? []).map((it) => [it.dealId, it]));
  const only = section ? { only: { section, ...at } } : {};
  return { reply: ownerDigest(owner, { sections, asked: byDeal, ...only }, { actor, now }) };
}

/** By the clock it comes by, which need not be that of the door they ask from. */
function nextOf({ nextAt, person }: DigestReader, { timeZone }: Person, now: Date): string | undefined {
  if (!nextAt) return undefined;
  const at = plainMoment(nextAt.toISOString(), now, person.timeZone);
  return person.timeZone === timeZone ? at : `${at} (${oneLine(person.timeZone)})`;
}
