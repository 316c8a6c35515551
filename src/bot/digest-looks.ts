/** Digests that stand: ticked off line by line, as their readers may see it at that moment. */
import { digestsFor } from '../store/digest-lines.ts';
import { claimLooks, endDigest, giveBackLook, type Look, noteRedrawn } from '../store/digest-looks.ts';
import { type DigestReader, daysOf, digestReaders } from '../store/digest-readers.ts';
import { standingOf } from '../store/digest-standing.ts';
import type { DigestFound } from '../views/digest-found.ts';
import { tickedDigest } from '../views/digest-ticked.ts';
import { note, problem } from '../views/view.ts';
import { digestOf, failuresOf, type Postman, SHUT } from './copies.ts';
import { type Redrawn, roomAsItIs } from './digest-rooms.ts';
import { linesBeside } from './digest-send.ts';
import { GoneForGood } from './intent.ts';

/**
 * By the ids of digests: each is drawn at most every 10 s, and only where it looks different now; a change in between comes
 * at the end of that time.
 * @throws when one could not be drawn in a way that may pass; the others are done all the same.
 */
export async function tickOff(postman: Postman, ids: readonly string[]): Promise<void> {
  const { store, messenger, now } = postman;
  if (ids.length === 0) return;
  const looks = await claimLooks(store, messenger.platform, ids);
  const days = daysOf(looks.filter(({ room, isShut, final }) => !room && !isShut && !final));
  const at = now();
  const readers = await digestReaders(store, [...days.keys()], at, days);
  const found = await digestsFor(store, readers, at);
  const byId = new Map(readers.map((reader): [string, Looking] => [reader.person.id, { reader, at, found }]));
  const failures = await failuresOf(looks.map((look) => redraw(postman, look, byId.get(look.personId))));
  if (failures.length > 0) throw failures[0];
}

/** Who looks at it, and what all of that batch would be told at that moment. */
interface Looking {
  reader: DigestReader;
  at: Date;
  found: ReadonlyMap<string, DigestFound>;
}

async function redraw(postman: Postman, look: Look, looking: Looking | undefined): Promise<void> {
  const { store, messenger, now, log } = postman;
  try {
    const { reply, lines } = await drawn(postman, look, looking);
    const shown = digestOf(reply);
    const ref = shown === look.shown ? look.ref : await messenger.redraw(look.ref, reply);
    // Who reads nothing of it just now has all of it drawn again when that changes.
    const role = look.room || (looking && !look.isShut) ? look.role : 'none';
    await noteRedrawn(store, { ...look, role, lines }, { ref, shown });
    if (look.final) await endDigest(store, look.id, now());
  } catch (error) {
    if (!(error instanceof GoneForGood)) {
      await giveBackLook(store, look.id);
      throw error;
    }
    await endDigest(store, look.id, now());
    log.info({ platform: messenger.platform }, 'a digest is gone and is no longer redrawn');
  }
}

/** Said in place of one that is over: whoever comes later reads nothing of it, and its picture goes. */
const OVER = {
  replaced: 'There is a newer digest.',
  old: 'This digest is a week old and is not kept up to date any more.',
};

async function drawn(postman: Postman, look: Look, looking: Looking | undefined): Promise<Redrawn> {
  if (look.final) return { reply: note(OVER[look.final]), lines: [] };
  return look.room ? roomAsItIs(postman, look) : asItIs(postman, look, looking);
}

/** Who is let in no more, or is nobody at that account, reads nothing of it. */
async function asItIs(
  { store }: Postman,
  { isShut, lines, day, sentAt }: Look,
  looking: Looking | undefined,
): Promise<Redrawn> {
  // Its lines stay: it may be theirs again.
  if (isShut || !looking) return { reply: problem(SHUT), lines };
  const { reader, at, found } = looking;
  const standing = await standingOf(store, reader, lines, at, sentAt, found.get(reader.person.id));
  const reply = tickedDigest(lines, standing, { actor: reader.person, now: at, day });
  return { reply, lines: [...lines, ...linesBeside(standing)] };
}
