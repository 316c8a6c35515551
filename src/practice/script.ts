/** What AWS's side does while somebody practises: each deed a function, also reachable by words. */
import { NEWCOMERS } from './data/referrals.ts';
import { lead } from './deals/lead.ts';
import { referral } from './deals/referral.ts';
import { type Doc, isDoc, put, without } from './json.ts';
import type { Step } from './keep.ts';
import { invited, nextTopic } from './seed.ts';
import type { TeamMember } from './team.ts';
import { written } from './update.ts';
import {
  find,
  idOf,
  microseconds,
  type Weather,
  type World,
  withInvitation,
  withOpportunity,
} from './world.ts';

/** AWS has no such record: the script was given a wrong id. */
export class NoSuchRecord extends Error {}

type Verdict = 'approve' | 'reject' | { remark: string };

export interface Script {
  /** approve → Approved, reject → Rejected, a remark → Action Required. */
  review(id: string, verdict: Verdict): Promise<void>;
  /** AWS takes it up: In review, locked. */
  startReview(id: string): Promise<void>;
  /** The invitation is over from now on. */
  expire(id: string): Promise<void>;
  /** AWS shares another opportunity; answers the invitation's id. */
  newReferral(): Promise<string>;
  /** AWS shares another lead; answers the invitation's id. */
  newLead(): Promise<string>;
  /** Somebody writes that field by another tool: `path` as in the record, such as "LifeCycle.NextSteps". */
  edit(id: string, path: string, value: string): Promise<void>;
  /** AWS moves its own stage of it. */
  awsStage(id: string, stage: string): Promise<void>;
  /** Every call is throttled for so many seconds. */
  throttle(seconds: number): Promise<void>;
  /** failing (default): 500 on every call. unreachable: no connection at all. */
  down(outage?: 'failing' | 'unreachable'): Promise<void>;
  /** Ends outage and throttling. */
  up(): Promise<void>;
  /** Accept tasks take so many seconds from now on; undefined: a moment again. */
  slow(seconds: number | undefined): Promise<void>;
  /** The next accept task fails with this ReasonCode. */
  failNextAccept(reason: string): Promise<void>;
  /** The next write is applied, and its answer lost on the way. */
  dropNext(): Promise<void>;
}

interface Stage {
  move<T>(step: Step<T>): Promise<T>;
  now: () => Date;
  team: readonly TeamMember[];
}

/** Deeds on a record reject with NoSuchRecord where there is none. */
export function createScript({ move, now, team }: Stage): Script {
  const change = (step: (world: World) => World) =>
    move((world) => ({ world: step(world), answer: undefined }));
  const weather = (step: (weather: Weather) => Weather) =>
    change((world) => ({ ...world, weather: step(world.weather) }));
  const rewrite = (id: string, step: (record: Doc) => Doc) =>
    change((world) => rewritten(world, id, now(), step));
  return {
    review: (id, verdict) => rewrite(id, (record) => reviewed(record, verdict)),
    startReview: (id) => rewrite(id, (record) => put(record, 'LifeCycle.ReviewStatus', 'In review')),
    expire: (id) => change((world) => expired(world, id, now())),
    newReferral: () => move((world) => newReferral(world, now(), team)),
    newLead: () => move((world) => newLead(world, now())),
    edit: (id, path, value) => rewrite(id, (record) => put(record, path, value)),
    awsStage: (id, stage) => change((world) => withAwsStage(world, id, stage)),
    throttle: (seconds) => weather((current) => ({ ...current, throttledUntil: later(now(), seconds) })),
    down: (outage = 'failing') => weather((current) => ({ ...current, outage })),
    up: () => weather(({ outage: _, throttledUntil: __, ...rest }) => rest),
    slow: (seconds) => weather(({ taskSeconds: _, ...rest }) => withSeconds(rest, seconds)),
    failNextAccept: (reason) => weather((current) => ({ ...current, failNextAccept: reason })),
    dropNext: () => weather((current) => ({ ...current, dropNext: true })),
  };
}

function rewritten(world: World, id: string, now: Date, step: (record: Doc) => Doc): World {
  const row = find(world.opportunities, id);
  if (!row) throw new NoSuchRecord(id);
  return withOpportunity(world, id, { ...row, record: written(row.record, step(row.record), now) });
}

function reviewed(record: Doc, verdict: Verdict): Doc {
  const lifeCycle = isDoc(record.LifeCycle)
    ? without(record.LifeCycle, ['ReviewComments', 'ReviewStatusReason'])
    : {};
  if (verdict === 'approve') return { ...record, LifeCycle: { ...lifeCycle, ReviewStatus: 'Approved' } };
  if (verdict === 'reject') return { ...record, LifeCycle: { ...lifeCycle, ReviewStatus: 'Rejected' } };
  const remark = { ReviewComments: verdict.remark, ReviewStatusReason: 'Other' };
  return { ...record, LifeCycle: { ...lifeCycle, ...remark, ReviewStatus: 'Action Required' } };
}

function expired(world: World, id: string, now: Date): World {
  const row = find(world.invitations, id);
  if (!row) throw new NoSuchRecord(id);
  const ExpirationDate = microseconds(now, 0, '+00:00');
  return withInvitation(world, id, { ...row, record: { ...row.record, ExpirationDate } });
}

/** AWS's own stage leaves the partner's record, and its time stamp, as they are (GUESS: no source says). */
function withAwsStage(world: World, id: string, stage: string): World {
  const row = find(world.opportunities, id);
  if (!row) throw new NoSuchRecord(id);
  return withOpportunity(world, id, { ...row, aws: put(row.aws, 'LifeCycle.Stage', stage) });
}

/** Invited now, wanted in two months, to be answered within 15 days (developer guide, invitations). */
function newReferral(world: World, now: Date, team: readonly TeamMember[]): { world: World; answer: string } {
  const customer = { ...newcomer(world), spend: '7500.00 USD' };
  const topic = nextTopic(world, customer, now);
  const line = {
    ...{ ...customer, wantedIn: 60, invitedHoursAgo: 0, expiresInHours: 15 * 24 },
    ...{ state: 'PENDING', sender: 'aws', message: 'New today: the customer waits for your call.' },
  };
  const [owner] = team;
  if (!owner) throw new Error('A practice team has at least its alliance lead.');
  return { world: invited(world, topic, referral(topic, line, owner)), answer: idOf('engi-', topic.number) };
}

function newLead(world: World, now: Date): { world: World; answer: string } {
  const customer = newcomer(world);
  const topic = nextTopic(world, { ...customer, spend: '' }, now);
  const line = {
    ...{
      ...customer,
      segment: 'Medium',
      maturity: 'Evaluating',
      source: 'Campaign',
      campaign: 'Practice week',
    },
    ...{ contactTitle: 'Head of IT', invitedHoursAgo: 0, status: 'PENDING' },
  };
  return { world: invited(world, topic, lead(topic, line).invitation), answer: idOf('engi-', topic.number) };
}

/** The newcomers come by turns, and then come again. */
function newcomer({ serial }: World): { company: string; theme: string; industry: string; country: string } {
  const [company = '', theme = '', industry = '', country = ''] = NEWCOMERS[serial % NEWCOMERS.length] ?? [];
  return { company, theme, industry, country };
}

const later = (now: Date, seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString();

const withSeconds = (weather: Weather, taskSeconds: number | undefined): Weather =>
  taskSeconds === undefined ? weather : { ...weather, taskSeconds };
