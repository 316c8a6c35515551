/** All that the practised Partner Central knows: one plain JSON document, never changed in place. */
import { createHash } from 'node:crypto';
import type { Doc } from './json.ts';
import type { ErrorCode } from './wire.ts';
import { forbidden } from './wire.ts';

export interface World {
  /** Records belong to this catalog; a request for another one sees nothing. */
  catalog: string;
  leadEmail: string;
  /** The last number given out; every id is made from it. */
  serial: number;
  opportunities: Record<string, OpportunityRow>;
  invitations: Record<string, InvitationRow>;
  /** As GetEngagement answers; only those we are a member of. */
  engagements: Record<string, Doc>;
  /** As ListSolutions answers them. Absent in a world kept before solutions were practised. */
  solutions?: Doc[];
  tasks: Task[];
  weather: Weather;
  /** How often each operation was called, refused calls too. */
  calls: Record<string, number>;
  /** What really happened, oldest first, the last thousand: so that a test can say "applied once". */
  applied: Effect[];
}

export interface OpportunityRow {
  /** As GetOpportunity answers, entities decoded. */
  record: Doc;
  /** As GetAwsOpportunitySummary answers. */
  aws: Doc;
  /** The service answers this record's texts with entities: `&amp;`, `&amp;colon;`. */
  encoded?: boolean;
}

export interface InvitationRow {
  /** As GetEngagementInvitation answers. */
  record: Doc;
  participant: 'RECEIVER' | 'SENDER';
  /** What acceptance makes visible. Absent for what was accepted, rejected or lost before we came. */
  yields?: { opportunity?: OpportunityRow; engagement: Doc };
}

/** What every task of the service has, whatever it does. */
export interface TaskLife {
  id: string;
  token: string;
  /** The whole request, so that the same token with another one is noticed. */
  request: string;
  startedAt: string;
  dueAt: string;
  /** Done early after so many polls; absent when only time counts. */
  pollsLeft?: number;
  status: 'IN_PROGRESS' | 'COMPLETE' | 'FAILED';
  /** The ReasonCode it will fail, or failed, with. */
  reason?: string;
  /** What AWS says about the failure. */
  message?: string;
}

/** StartEngagementByAcceptingInvitationTask. `kind` is absent in worlds kept before submissions were practised. */
export interface AcceptTask extends TaskLife {
  kind?: 'accept';
  invitationId: string;
  /** Once complete: what it became. */
  opportunityId?: string;
}

/** StartEngagementFromOpportunityTask. */
export interface SubmitTask extends TaskLife {
  kind: 'submit';
  opportunityId: string;
  involvement: string;
  visibility: string;
  /** Once complete: what it caused. */
  engagementId?: string;
  invitationId?: string;
}

export type Task = AcceptTask | SubmitTask;

/** What the script makes the service do. */
export interface Weather {
  /** failing: 500 on every call. unreachable: no connection. */
  outage?: 'failing' | 'unreachable';
  throttledUntil?: string;
  /** Tasks take so many seconds. */
  taskSeconds?: number;
  /** The ReasonCode the next task of that kind fails with. */
  failNextAccept?: string;
  failNextSubmit?: string;
  /** A corrected record stays Action Required until it is submitted. */
  needsSubmit?: boolean;
  /** The next write is applied, but its answer is lost. */
  dropNext?: boolean;
}

export interface Effect {
  at: string;
  kind:
    | 'accept'
    | 'accept-lead'
    | 'reject'
    | 'assign'
    | 'update'
    | 'associate'
    | 'disassociate'
    | 'submit'
    | 'update-lead';
  id: string;
  /**
   * accept: the opportunity. assign: the e-mail of the owner, "PartnerAccountManager: e-mail" of the sales contact.
   * reject: the reason. update: the changed values by path. (dis)associate: the related entity. submit: the
   * involvement. update-lead: the Lead payload as it was sent.
   */
  value: Doc | string;
}

/** Where the world's state lives. `update` is atomic and one at a time. */
export interface State {
  read(): Promise<World | undefined>;
  update<T>(move: (world: World | undefined) => { world: World; answer: T }): Promise<T>;
}

export const withOpportunity = (world: World, id: string, row: OpportunityRow): World => ({
  ...world,
  opportunities: { ...world.opportunities, [id]: row },
});

export const withInvitation = (world: World, id: string, row: InvitationRow): World => ({
  ...world,
  invitations: { ...world.invitations, [id]: row },
});

export const withEngagement = (world: World, id: string, engagement: Doc): World => ({
  ...world,
  engagements: { ...world.engagements, [id]: engagement },
});

export const withTask = (world: World, task: Task): World => ({
  ...world,
  tasks: [...world.tasks.filter(({ id }) => id !== task.id), task],
});

export const withEffect = (world: World, effect: Effect): World => ({
  ...world,
  applied: [...world.applied, effect].slice(-1000),
});

/** The same world with no record in it: what another catalog sees. */
export const emptied = (world: World): World => ({
  ...world,
  opportunities: {},
  invitations: {},
  engagements: {},
  solutions: [],
  tasks: [],
});

/** The row of that id, never an inherited member. */
export const find = <Row>(rows: Record<string, Row>, id: string): Row | undefined =>
  Object.hasOwn(rows, id) ? rows[id] : undefined;

const LENGTHS = { 'engi-': 13, 'eng-': 14, 'task-': 13 } as const;

/** An id of that family, always the same for a serial: `eng-` plus 14, the others 13 of [0-9a-f]. */
export function idOf(family: keyof typeof LENGTHS, serial: number): string {
  const digest = createHash('sha256').update(`${family}${serial}`).digest('hex');
  return family + digest.slice(0, LENGTHS[family]);
}

export const arnOf = (catalog: string, family: string, id: string): string =>
  `arn:aws:partnercentral:us-east-1::catalog/${catalog}/${family}/${id}`;

/** The id in an ARN, or the id itself. */
export const idIn = (identifier: string): string => identifier.split('/').at(-1) ?? identifier;

/** Milliseconds and Z, as opportunities carry it. Always later than `last`: a lock must notice every write. */
export function stamp(now: Date, last?: string): string {
  const floor = last === undefined ? 0 : Date.parse(last) + 1;
  return new Date(Math.max(now.getTime(), floor)).toISOString();
}

/** Six digits of a second, as engagements carry it; `serial` fills the three a clock in milliseconds lacks. */
export const microseconds = (now: Date, serial: number, zone: 'Z' | '+00:00' = 'Z'): string =>
  now.toISOString().replace('Z', String(((serial * 331) % 999) + 1).padStart(3, '0') + zone);

/** The same, at least one microsecond after `last` (of the same form): a lock must notice every write. */
export function microsecondsAfter(last: string, now: Date, serial: number): string {
  const wanted = microseconds(now, serial);
  if (wanted > last) return wanted;
  const [seconds = '', fraction = ''] = last.replace('Z', '').split('.');
  const next = Number(fraction) + 1;
  if (next < 1_000_000) return `${seconds}.${String(next).padStart(6, '0')}Z`;
  return microseconds(new Date(Date.parse(`${seconds}Z`) + 1000), 0);
}

/** One business rule broken, at one field. */
export const breaks = (FieldName: string, Code: ErrorCode, Message: string) =>
  forbidden([{ FieldName, Code, Message }]);
