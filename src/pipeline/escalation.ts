/**
 * The ladder of the acceptance clock: who is told of what is pending, and when, as time shrinks. Offered → backup →
 * reports-to → alliance lead; one message a step, nobody twice, never when they sleep unless the deadline forces it.
 */
import { acceptBy, businessDaysAgo } from './calendar.ts';
import type { Moment } from './deal.ts';
import { type Colleague, seesEverything } from './person.ts';
import { type Invitation, isFromAws } from './referral.ts';

export const RUNGS = ['offered', 'backup', 'reports-to', 'alliance lead'] as const;
export type RungName = (typeof RUNGS)[number];
const LAST = RUNGS.length - 1;

/**
 * Business days before the deadline at which the further rungs are due. AWS gives five: whoever it is offered to has two
 * for themselves, then every day brings one more person in, and the last has a whole day.
 */
const DAYS_LEFT = [3, 2, 1] as const;

/** A message that would reach its reader later than this before the deadline goes at once, at night too. */
export const FORCED_MS = 4 * 60 * 60 * 1000;

/** Somebody's answer is on its way to AWS, or nobody is there who could be told: so long until it is looked at again. */
const AGAIN_MS = 10 * 60 * 1000;

/** The clock that runs: AWS's 5 business days; once these are over, and for others' invitations, until it expires. */
export function runningClock(
  invitation: Pick<Invitation, 'invitedAt' | 'expiresAt' | 'sender'>,
  from: Date,
): { at: Moment; is: 'asked' | 'expires' } {
  const { invitedAt, expiresAt } = invitation;
  const asked = isFromAws(invitation) ? acceptBy(invitedAt) : expiresAt;
  const counts = Date.parse(asked) > from.getTime() && Date.parse(asked) < Date.parse(expiresAt);
  return counts ? { at: asked, is: 'asked' } : { at: expiresAt, is: 'expires' };
}

/** When each rung is due, in order. A clock that is too short for its days is spread evenly over what is left. */
export function rungTimes(startedAt: Date, deadline: Date): readonly [Date, Date, Date, Date] {
  const left = Math.max(0, deadline.getTime() - startedAt.getTime());
  const [first, second, third] = DAYS_LEFT.map((days) => new Date(businessDaysAgo(days, deadline)));
  const share = (part: number) => new Date(startedAt.getTime() + (left * part) / 4);
  // The first person has at least a quarter of the time for themselves.
  return first && second && third && first >= share(1)
    ? [startedAt, first, second, third]
    : [startedAt, share(1), share(2), share(3)];
}

/** How many rungs were due before, of a deal that was pending when the clocks first ticked: only the newest is told. */
export const rungsPassed = (times: readonly Date[], now: Date): number =>
  Math.max(0, times.filter((at) => at <= now).length - 1);

/** One deal that is pending. People are ids. */
export interface Pending {
  startedAt: Date;
  /** The rungs are counted back from it. It may be over, where it is AWS's own. */
  deadline: Date;
  expiresAt: Date;
  /** For the alliance lead alone. */
  psf: boolean;
  /** The rung that is taken next. */
  rung: number;
  /**
   * Whom it is offered to, and who offered it. `routed`: by a rule when it arrived, or by hand while somebody covered them:
   * it is the clock's to tell them; others were told by whoever offered it.
   * `called`: only because they stand on a further rung, or cover a desk; who is next to them does not.
   */
  offered: readonly { personId: string; byId: string; routed?: boolean; called?: boolean }[];
  /** A rule has posted it where several read. */
  posted: boolean;
  /** Whom the clock has told. */
  told: readonly string[];
  /** Who wants to look at it again, and when. */
  snoozed: ReadonlyMap<string, Date>;
  /** Its acceptance or rejection is on its way to AWS. */
  answering: boolean;
}

/** The house, as it is now. */
export interface Company {
  /** Who is let in. */
  people: ReadonlyMap<string, Colleague>;
  /** Whether anything reaches them: a door knows them. */
  hears(personId: string): boolean;
  /** Who looks after whose desk. */
  covers: ReadonlyMap<string, string>;
  /** Whether they have switched off the card of what arrives (offered to nobody), or of what a rule offers them. */
  mutes(personId: string, kind: 'new-referral' | 'offered'): boolean;
  /** The earliest moment, that or later, at which that person may be spoken to. */
  wakes(personId: string, at: Date): Date;
}

/** `of`: whose backup, or whose colleague, they are; `away`: whom they cover for. `byId`: offered to them with it, by whom. */
export interface Call {
  personId: string;
  rung: RungName;
  of?: string;
  away?: string;
  byId?: string;
}

export interface Step {
  calls: Call[];
  rung: number;
  /** When to look again; undefined: the ladder is at its end. */
  nextAt?: Date;
}

/** What is due now. Pure; the same question twice has the same answer. */
export function stepOf(pending: Pending, company: Company, now: Date): Step {
  const { rung } = pending;
  const times = rungTimes(pending.startedAt, pending.deadline);
  const again = new Date(now.getTime() + AGAIN_MS);
  if (pending.answering) return { calls: [], rung, nextAt: again };
  const due = times.filter((at) => at <= now).length;
  const calls = new Map<string, Call>();
  const later: { nth: number; at: Date }[] = [];
  for (let nth = rung; nth < due; nth++)
    for (const call of callsOf(nth, pending, company)) {
      if (hasHeard(call.personId, pending) || calls.has(call.personId)) continue;
      if (isMuted(call, nth, pending, company)) continue;
      const at = momentOf(call.personId, times[nth] ?? now, pending, company, now);
      if (at > now) later.push({ nth, at });
      else calls.set(call.personId, call);
    }
  const waits = later.filter(({ at }) => at < endOf(pending, now));
  // The last rung is taken by nobody as long as nobody stands on it; with the invitation that ends too.
  if (due === RUNGS.length && callsOf(LAST, pending, company).length === 0)
    waits.push({ nth: LAST, at: again });
  const next = [...waits.map(({ at }) => at), ...times.slice(Math.max(due, rung), Math.max(due, rung) + 1)];
  return {
    calls: [...calls.values()],
    rung: Math.max(rung, Math.min(due, ...waits.map(({ nth }) => nth))),
    ...(next.length > 0 ? { nextAt: new Date(Math.min(...next.map((at) => at.getTime()))) } : {}),
  };
}

/** AWS's own deadline forces nothing any more once it is over: what is lost next is lost when the invitation expires. */
const endOf = ({ deadline, expiresAt }: Pending, now: Date): Date => (deadline > now ? deadline : expiresAt);

const hasHeard = (personId: string, { told, offered }: Pending): boolean =>
  told.includes(personId) || offered.some((it) => it.personId === personId && !it.routed);

/** What arrives is left out for whoever has switched it off; of what is offered to nobody they hear on the last rung. */
function isMuted({ personId, rung }: Call, nth: number, { offered }: Pending, { mutes }: Company): boolean {
  if (offered.length === 0) return nth < LAST && mutes(personId, 'new-referral');
  return rung === 'offered' && mutes(personId, 'offered');
}

function momentOf(personId: string, dueAt: Date, pending: Pending, { wakes }: Company, now: Date): Date {
  const snoozed = pending.snoozed.get(personId);
  const earliest = new Date(Math.max(dueAt.getTime(), now.getTime(), snoozed?.getTime() ?? 0));
  const awake = wakes(personId, earliest);
  return awake.getTime() > endOf(pending, now).getTime() - FORCED_MS ? earliest : awake;
}

/** Who is told on that rung; where nobody stands on it, at once who stands on the next. */
function callsOf(nth: number, pending: Pending, company: Company): Call[] {
  for (let at = nth; at < RUNGS.length; at++) {
    const calls = STANDS[RUNGS[at] ?? 'alliance lead'](pending, company);
    if (calls.length > 0 || (at === 0 && hasArrived(pending))) return calls;
  }
  return [];
}

/** Posted where several read, or somebody whom it is offered to has heard of it, of us or by hand: no missing rung. */
const hasArrived = (pending: Pending): boolean =>
  pending.posted || pending.offered.some((it) => !it.called && hasHeard(it.personId, pending));

const STANDS: Record<RungName, (pending: Pending, company: Company) => Call[]> = {
  offered: (pending, company) => {
    if (pending.posted && pending.offered.length === 0) return [];
    if (pending.offered.length === 0) return desk('offered', pending, company, !pending.psf);
    return pending.offered.flatMap(({ personId, byId, routed, called }) =>
      routed && !called ? standing({ personId, rung: 'offered', byId }, pending, company) : [],
    );
  },
  backup: (pending, company) => nextTo('backup', ({ backup }) => backup, pending, company),
  'reports-to': (pending, company) => nextTo('reports-to', ({ reportsTo }) => reportsTo, pending, company),
  'alliance lead': (pending, company) => desk('alliance lead', pending, company, false),
};

/** The alliance lead, and the team with them. Where no cover may see it, they themselves: better than nobody. */
function desk(rung: RungName, pending: Pending, company: Company, withTeam: boolean): Call[] {
  const own = [...company.people.values()]
    .filter(({ role }) => role === 'alliance lead' || (withTeam && role === 'alliance team'))
    .filter(({ id }) => company.hears(id))
    .map(({ id }): Call => ({ personId: id, rung }));
  const calls = own.flatMap((call) => standing(call, pending, company));
  return calls.length > 0 ? calls : own;
}

function nextTo(
  rung: RungName,
  which: (person: Colleague) => string | undefined,
  pending: Pending,
  company: Company,
): Call[] {
  const calls = pending.offered.flatMap(({ personId: of, byId, called }) => {
    const person = company.people.get(of);
    const personId = called ? undefined : person && which(person);
    return personId ? standing({ personId, rung, of, byId }, pending, company) : [];
  });
  return calls.filter(({ personId }, at) => calls.findIndex((it) => it.personId === personId) === at);
}

/**
 * That person, or whoever covers for them, where they may see it. An ACE user sees what is offered to them: whom the
 * alliance lead or team has named as backup or superior of somebody (pipeline/roster.ts) it is offered to as well, by
 * whoever offered it to that one and may still do so.
 */
function standing({ byId, ...call }: Call, { psf, offered }: Pending, company: Company): Call[] {
  const { people, covers, hears } = company;
  const coverId = covers.get(call.personId);
  const person = people.get(coverId ?? call.personId);
  if (!person || !hears(person.id) || (psf && person.role !== 'alliance lead')) return [];
  const stands = { ...call, personId: person.id, ...(coverId ? { away: call.personId } : {}) };
  if (seesEverything(person) || offered.some(({ personId }) => personId === person.id)) return [stands];
  const by = byId === undefined ? undefined : people.get(byId);
  return by && byId !== undefined && seesEverything(by) ? [{ ...stands, byId }] : [];
}
