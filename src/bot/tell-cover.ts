/** Who looks after whose desk, told to whom it concerns: as things stand when it is told. */
import { dayIn } from '../pipeline/calendar.ts';
import type { CoverNotice } from '../pipeline/notice.ts';
import type { Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { isPending } from '../pipeline/referral.ts';
import { coversAhead, seenBy } from '../store/covers.ts';
import { loadMany } from '../store/deals.ts';
import { personById } from '../store/people.ts';
import { sight } from '../store/sight.ts';
import {
  askedNote,
  begunNote,
  type CoverNames,
  endedNote,
  gapNote,
  refusedNote,
  setNote,
} from '../views/cover.ts';
import { personName } from '../views/people.ts';
import type { Note } from '../views/view.ts';
import type { Postman } from './copies.ts';
import type { Drawer } from './tell.ts';

/** Nothing where it is another by now, or over. */
export const drawCover: Drawer<'covering'> = async (postman, { notice }, reader) => {
  const { store, now } = postman;
  const [away, colleague, by] = await Promise.all(
    [notice.personId, notice.coverId, notice.byId].map((id) => personById(store, id)),
  );
  if (!away || !colleague || !by) return undefined;
  const today = dayIn(now(), away.timeZone);
  const isOver = notice.what === 'ended' || notice.what === 'refused';
  const ahead = await coversAhead(store, now());
  if (!isOver && !ahead.some(({ id }) => id === notice.cover)) return undefined;
  // Whoever has chosen again by now need not hear of the one before.
  if (notice.what === 'refused' && ahead.some(({ personId }) => personId === notice.personId))
    return undefined;
  const names = { away: personName(away), cover: personName(colleague), by: personName(by), today };
  return { reply: await DRAWN[notice.what]({ postman, notice, away, names, reader }) };
};

interface Telling {
  postman: Postman;
  notice: CoverNotice;
  away: Person;
  names: CoverNames;
  reader: Person;
}

const coverOf = ({ cover: id, personId, coverId, byId, from, until }: CoverNotice) => ({
  ...{ id, personId, coverId, byId, from, until },
});

const DRAWN: Record<CoverNotice['what'], (telling: Telling) => Promise<Note> | Note> = {
  async asked({ postman: { store }, notice, away, names, reader }) {
    const seen = await seenBy(store, [away.email, ...away.otherEmails], sight(reader));
    return askedNote(coverOf(notice), names, { seen, isTheirs: notice.byId === notice.personId });
  },
  async begun({ postman: { store, now }, notice, names, reader }) {
    const found = await loadMany(store, notice.deals ?? []);
    const open = found.filter(
      ({ deal, isGone }) => !isGone && isPending(deal) && can(reader, 'accept', deal, now()).yes,
    );
    return begunNote(
      coverOf(notice),
      names,
      open.map(({ deal }) => deal),
    );
  },
  set: ({ notice, names, reader }) => setNote(coverOf(notice), names, reader),
  refused: ({ notice, names, reader }) => refusedNote(coverOf(notice), names, notice.personId === reader.id),
  ended: ({ notice, names, reader }) => endedNote(names, notice.personId === reader.id),
  gap: ({ notice, names }) => gapNote(coverOf(notice), names),
};
