/** When a person wants to look at a deal again: which moments can be chosen, and never one past its deadline. */
import { addDays, dayIn, momentAt, plainMoment } from './calendar.ts';
import type { Deal, Moment } from './deal.ts';
import { runningClock } from './escalation.ts';
import { invitationOf, isPending } from './referral.ts';

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

/** The end of a clock. `isLost`: AWS takes it away then; else its 5 business days are over, and it may still be accepted. */
interface End {
  at: Moment;
  isLost: boolean;
}

/**
 * Of what is pending, the earlier of AWS's 5 business days and the expiry that is still to come. Undefined where nothing is,
 * or where it is over.
 */
function endOf(deal: Deal, now: Date): End | undefined {
  const invitation = invitationOf(deal);
  if (!invitation || !isPending(deal)) return undefined;
  const { at, is } = runningClock(invitation, now);
  return Date.parse(at) > now.getTime()
    ? { at: new Date(at).toISOString(), isLost: is === 'expires' }
    : undefined;
}

/** When that end is. */
export const deadlineOf = (deal: Deal, now: Date): Moment | undefined => endOf(deal, now)?.at;

/** Why that moment cannot be chosen; undefined when it can. */
export function reminderError(at: Moment, deal: Deal, now: Date, timeZone: string): string | undefined {
  const when = plainMoment(at, now, timeZone);
  if (Date.parse(at) <= now.getTime()) return `${when} is past. Choose a moment still to come.`;
  const end = endOf(deal, now);
  const latest = end && before(end.at, LAST_CALL, now);
  if (end && (!latest || at > latest)) {
    const instead = latest ? ` The latest is ${plainMoment(latest, now, timeZone)}.` : ' Decide now.';
    const over = plainMoment(end.at, now, timeZone);
    return end.isLost
      ? `It is lost ${over}.${instead}`
      : `AWS’s 5 business days for it end ${over}.${instead}`;
  }
  return Date.parse(at) > now.getTime() + MOST_DAYS * 24 * HOUR
    ? `That is more than ${MOST_DAYS} days ahead. Choose an earlier day.`
    : undefined;
}

/** A reminder rings some time after its moment, and whoever hears it needs a moment to answer. */
const LAST_CALL = 10 * 60_000;

/** So many ms before it; undefined once that is past. */
const before = (deadline: Moment, ms: number, now: Date): Moment | undefined => {
  const at = Date.parse(deadline) - ms;
  return at > now.getTime() ? new Date(at).toISOString() : undefined;
};

/** What can be chosen in one tap, earliest first, each with what it is called: "Tomorrow". */
export function momentsFor(deal: Deal, now: Date, timeZone: string): { at: Moment; called: string }[] {
  const today = dayIn(now, timeZone);
  const end = endOf(deal, now);
  const last = end && before(end.at, HOUR, now);
  const called = end?.isLost ? 'An hour before it is lost' : 'An hour before AWS’s 5 business days end';
  const usual = [
    {
      at: new Date(Math.floor(now.getTime() / 60_000) * 60_000 + 2 * HOUR).toISOString(),
      called: 'In two hours',
    },
    { at: momentAt(today, AFTERNOON, timeZone), called: 'This afternoon' },
    { at: momentAt(addDays(today, 1), MORNING, timeZone), called: 'Tomorrow' },
    { at: momentAt(nextMonday(today), MORNING, timeZone), called: 'Monday' },
  ];
  const all = [...usual, ...(last ? [{ at: last, called }] : [])];
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
