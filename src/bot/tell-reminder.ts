/** What somebody wanted to be reminded of, and what a colleague asks a word on: drawn as it is when it is told. */
import { plainMoment } from '../pipeline/calendar.ts';
import { isOpen } from '../pipeline/opportunity.ts';
import { fullName, type Person } from '../pipeline/person.ts';
import { can, owns } from '../pipeline/policy.ts';
import { INVITATION_IN_WORDS, invitationOf } from '../pipeline/referral.ts';
import { oneLine } from '../pipeline/text.ts';
import { type Loaded, load, loadMany } from '../store/deals.ts';
import { personById } from '../store/people.ts';
import { nudgedNote } from '../views/nudge.ts';
import { overNote, remindedCard } from '../views/remind.ts';
import { cardAs } from './copies.ts';
import type { Drawer } from './tell.ts';

/** The deal's card; one line where it is over by now. */
export const drawReminder: Drawer<'reminder'> = async ({ store, now }, { dealId, notice }, reader) => {
  const first = dealId === undefined ? undefined : await load(store, dealId);
  if (!first) return undefined;
  const { successor } = first;
  const found =
    successor && can(reader, 'see', successor, now()).yes ? await load(store, successor.id) : first;
  if (!found || !can(reader, 'see', found.deal, now()).yes) return undefined;
  const over = overIn(first, found, reader);
  if (over) return { reply: overNote(found.deal, over) };
  const card = cardAs(reader, found, now());
  const set = plainMoment(notice.setAt, now(), reader.timeZone);
  return { reply: remindedCard(card, found.deal.id, set), of: found };
};

/** What came of it; undefined while there is something left to do. */
function overIn(first: Loaded, { deal, isGone }: Loaded, reader: Person): string | undefined {
  const invitation = first.deal.id.startsWith('engi-') ? invitationOf(first.deal) : undefined;
  if (invitation?.status === 'REJECTED' || invitation?.status === 'EXPIRED')
    return `it is ${INVITATION_IN_WORDS[invitation.status]}`;
  if (isGone) return 'AWS no longer gives it to us, it is lost';
  if (deal.kind === 'opportunity' && !isOpen(deal)) return `it is ${deal.stage.toLowerCase()}`;
  if (!invitation || (invitation.status === 'PENDING' && !first.successor) || owns(reader, deal))
    return undefined;
  const accepted = first.changes.find(({ wish, state }) => wish.kind === 'accept' && state === 'confirmed');
  const by =
    accepted?.person.id === reader.id ? 'you' : oneLine(accepted?.person.name ?? '') || 'a colleague';
  return `it was accepted by ${by}`;
}

/** Those of the deals that are still theirs; nothing where none is. */
export const drawNudge: Drawer<'nudged'> = async ({ store, now }, { notice }, reader) => {
  const by = await personById(store, notice.byId);
  const found = (await loadMany(store, notice.deals)).filter(
    ({ deal, isGone }) => !isGone && owns(reader, deal) && can(reader, 'see', deal, now()).yes,
  );
  if (!by || found.length === 0) return undefined;
  const deals = found.map(({ deal }) => deal);
  return { reply: nudgedNote(fullName(by) || 'A colleague', deals, now(), reader.timeZone) };
};
