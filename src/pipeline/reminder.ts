/** When a person wants to look at a deal again: which moments can be chosen, and never one past its deadline. */
import { acceptBy, addDays, dayIn, momentAt, plainMoment } from './calendar.ts';
import type { Deal, Moment } from './deal.ts';
import { invitationOf, isFromAws, isPending } from './referral.ts';

/** A person's own, on one deal. */
export interface Reminding {
  personId: string;
  name: string;
  at: Moment;
}

/** Further ahead nobody remembers why. */
const MOST_DAYS = 60;
/** A day without an hour means this one. */
export const MORNING = '09:00';
const AFTERNOON = '14:00';
const HOUR = 60 * 60 * 1000;

/**
 * What is lost at its end: of what is pending, the earlier of AWS's 5 business days and the expiry that is still to come.
 * Undefined where nothing is, or where it is over.
 */
export function deadlineOf(deal: Deal, now: Date): Moment | undefined {
  const invitation = invitationOf(deal);
  if (!invitation || !isPending(deal)) return undefined;
  const ends = [invitation.expiresAt, ...(isFromAws(invitation) ? [acceptBy(invitation.invitedAt)] : [])];
  const ahead = ends.map((at) => Date.parse(at)).filter((at) => at > now.getTime());
  return ahead.length > 0 ? new Date(Math.min(...ahead)).toISOString() : undefined;
}

/** Why that moment cannot be chosen; undefined when it can. */
export function reminderError(at: Moment, deal: Deal, now: Date, timeZone: string): string | undefined {
  const when = plainMoment(at, now, timeZone);
  if (Date.parse(at) <= now.getTime()) return `${when} is past. Choose a moment still to come.`;
  const deadline = deadlineOf(deal, now);
  if (deadline && at >= deadline) {
    const latest = lastCall(deadline, now);
    const instead = latest ? ` The latest is ${plainMoment(latest, now, timeZone)}.` : ' Decide now.';
    return `By ${when} it would be lost: its time is over ${plainMoment(deadline, now, timeZone)}.${instead}`;
  }
  return Date.parse(at) > now.getTime() + MOST_DAYS * 24 * HOUR
    ? `That is more than ${MOST_DAYS} days ahead. Choose an earlier day.`
    : undefined;
}

/** An hour before it is lost; undefined once that is past. */
const lastCall = (deadline: Moment, now: Date): Moment | undefined => {
  const at = Date.parse(deadline) - HOUR;
  return at > now.getTime() ? new Date(at).toISOString() : undefined;
};

/** What can be chosen in one tap, earliest first, each with what it is called: "Tomorrow". */
export function momentsFor(deal: Deal, now: Date, timeZone: string): { at: Moment; called: string }[] {
  const today = dayIn(now, timeZone);
  const deadline = deadlineOf(deal, now);
  const latest = deadline && lastCall(deadline, now);
  const usual = [
    {
      at: new Date(Math.floor(now.getTime() / 60_000) * 60_000 + 2 * HOUR).toISOString(),
      called: 'In two hours',
    },
    { at: momentAt(today, AFTERNOON, timeZone), called: 'This afternoon' },
    { at: momentAt(addDays(today, 1), MORNING, timeZone), called: 'Tomorrow' },
    { at: momentAt(nextMonday(today), MORNING, timeZone), called: 'Monday' },
  ];
  const all = [...usual, ...(latest ? [{ at: latest, called: 'An hour before it is lost' }] : [])];
  return all
    .filter(
      ({ at }, nth) => !reminderError(at, deal, now, timeZone) && all.findIndex((it) => it.at === at) === nth,
    )
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

/** The Monday after that day. */
export function nextMonday(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return addDays(day, (8 - weekday) % 7 || 7);
}
