/**
 * Events about deals, told as they happen to those whom they concern: a deal's owner and whoever submitted it; of an
 * invitation, those it was offered to. Never to the one who did it, and not to those who only see everything. All are on
 * until somebody switches one off. They wait for the morning, but for offers: what has a deadline has a clock of its own.
 */

export const NEWS_KINDS = [
  'new-referral',
  'offered',
  'action-required',
  'approved',
  'rejected',
  'aws-stage',
  'aws-seller',
  'accepted',
  'received',
  'handed-over',
  'changed',
  'refused',
  'conflict',
] as const;
export type NewsKind = (typeof NEWS_KINDS)[number];

/** In a message of several: what asks for a decision comes first. */
const FIRST: readonly NewsKind[] = ['action-required', 'conflict', 'refused', 'offered'];
export const NEWS_ORDER: readonly NewsKind[] = [
  ...FIRST,
  ...NEWS_KINDS.filter((kind) => !FIRST.includes(kind)),
];

/** What is told at night and on days off too. */
export const NEWS_AT_ONCE: readonly NewsKind[] = ['offered'];

/** Each as it fits after “when”, from the reader's side. */
export const NEWS: Record<NewsKind, string> = {
  // The acceptance clock tells it (pipeline/escalation.ts); its last step comes to the alliance lead all the same.
  'new-referral': 'a referral or lead arrives that is offered to nobody',
  offered: 'somebody or a rule offers you a referral or lead',
  'action-required': 'AWS asks for a change',
  approved: 'AWS approves a deal',
  rejected: 'AWS rejects a deal',
  'aws-stage': 'AWS changes its own stage',
  'aws-seller': 'AWS puts a seller on a deal',
  accepted: 'somebody else accepts what you were offered',
  received: 'a deal becomes yours',
  'handed-over': 'a deal of yours goes to somebody else',
  changed: 'a colleague changes a deal of yours',
  refused: 'AWS refuses a change of yours, after more than a minute',
  conflict: 'a change of yours meets somebody else’s, after more than a minute',
};

export const isNewsKind = (text: string): text is NewsKind =>
  (NEWS_KINDS as readonly string[]).includes(text);

/** As people also call them. */
const CALLED: Readonly<Record<string, NewsKind>> = {
  'new-referrals': 'new-referral',
  'new-leads': 'new-referral',
  arrivals: 'new-referral',
  offers: 'offered',
  offer: 'offered',
};

/** @param name in lower case, hyphens for spaces. Undefined: none is called that. */
export const kindCalled = (name: string): NewsKind | undefined => (isNewsKind(name) ? name : CALLED[name]);

/** What comes within this time of the last message waits, and becomes one message with all the rest. */
export const BURST_MS = 5 * 60_000;

/** Lines of one message; the others are counted. */
export const NEWS_LINES = 10;

/** Local hours (0 to 23) between which nobody is disturbed. */
export interface QuietHours {
  from: number;
  until: number;
}

/** What a person wants to hear, and when. */
export interface Hearing extends QuietHours {
  /** Kinds that are not told. */
  off: readonly NewsKind[];
}

/** One thing that happened, as it was written down for one reader. No customer's words are in it. */
export interface NewsEvent {
  id: string;
  dealId: string;
  kind: NewsKind;
  /** Who did it, by name; absent: AWS, or somebody by another way than ours. */
  by?: string;
  /** The Change that says what was done. */
  changeId?: string;
  /** aws-stage: AWS's own word before and after. */
  from?: string;
  to?: string;
  /** aws-seller: digests of those who were on it before (`digest_of` of the e-mail, or of the name). */
  before?: readonly string[];
  /** offered: to whom, by name; the reader covers their desk. */
  away?: string;
}

const VERDICTS: readonly NewsKind[] = ['action-required', 'approved', 'rejected'];

/**
 * What is left to say of what happened to one deal, oldest first: of AWS's verdicts the last, of its stages the first and
 * the last as one step, of its sellers and of changes of owner the last; nothing of an acceptance that made it theirs.
 */
export function condensed(events: readonly NewsEvent[]): NewsEvent[] {
  const stages = events.filter(({ kind }) => kind === 'aws-stage');
  const isTheirs = events.some(({ kind }) => kind === 'received');
  return events.flatMap((event, nth) => {
    const later = events.slice(nth + 1);
    const again = (...kinds: readonly NewsKind[]) => later.some(({ kind }) => kinds.includes(kind));
    if (VERDICTS.includes(event.kind)) return again(...VERDICTS) ? [] : [event];
    if (event.kind === 'received' || event.kind === 'handed-over')
      return again('received', 'handed-over') ? [] : [event];
    if (event.kind === 'offered') return again('offered') ? [] : [event];
    if (event.kind === 'accepted') return isTheirs || again('accepted') ? [] : [event];
    if (event.kind === 'aws-seller') return sellers(events, event, again('aws-seller'));
    if (event.kind !== 'aws-stage') return [event];
    return again('aws-stage') ? [] : moved(event, stages[0]?.from);
  });
}

/** Back where it was: nothing happened. */
function moved({ from: _, ...last }: NewsEvent, from: string | undefined): NewsEvent[] {
  return last.to === from ? [] : [{ ...last, ...(from === undefined ? {} : { from }) }];
}

/** The last one, against those who were on it before the first. */
function sellers(events: readonly NewsEvent[], event: NewsEvent, isEarlier: boolean): NewsEvent[] {
  const before = events.find(({ kind }) => kind === 'aws-seller')?.before;
  return isEarlier ? [] : [{ ...event, ...(before ? { before } : {}) }];
}

/** By deal, in the order in which something first happened to each. @param of the deal an event is about. */
export function byDeal(
  events: readonly NewsEvent[],
  of: (event: NewsEvent) => string,
): Map<string, NewsEvent[]> {
  const deals = new Map<string, NewsEvent[]>();
  for (const event of events) deals.set(of(event), [...(deals.get(of(event)) ?? []), event]);
  return deals;
}
