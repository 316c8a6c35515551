/** What AWS's side does while somebody practises: each deed a function, also reachable by words. */
import { PSF } from './data/leads.ts';
import {
  duplicateReferral,
  expired,
  newLead,
  newReferral,
  requalified,
  reviewed,
  rewritten,
  type Verdict,
  withAwsSeller,
  withAwsStage,
  withSolutionStatus,
} from './deeds.ts';
import { put } from './json.ts';
import type { Step } from './keep.ts';
import type { TeamMember } from './team.ts';
import type { Weather, World } from './world.ts';

export interface Script {
  /** approve → Approved, reject → Rejected, a remark → Action Required. */
  review(id: string, verdict: Verdict): Promise<void>;
  /** AWS takes it up: In review, locked. */
  startReview(id: string): Promise<void>;
  /** The invitation is over from now on. */
  expire(id: string): Promise<void>;
  /** AWS shares another opportunity; answers the invitation's id. `like`: of the same customer as that opportunity. */
  newReferral(like?: string): Promise<string>;
  /** AWS shares another lead; answers the invitation's id. */
  newLead(): Promise<string>;
  /** The same from the Partner Solutions Finder. */
  newPsfLead(): Promise<string>;
  /** Somebody writes that field by another tool: `path` as in the record, such as "LifeCycle.NextSteps". */
  edit(id: string, path: string, value: string): Promise<void>;
  /** Somebody qualifies the accepted lead (`eng-…`) by another tool. */
  qualify(id: string, status: string): Promise<void>;
  /** AWS moves its own stage of it. */
  awsStage(id: string, stage: string): Promise<void>;
  /** AWS puts one more of its people on it, by name. */
  awsSeller(id: string, name: string): Promise<void>;
  /** A solution (`S-…`) becomes Active, Inactive or Draft. */
  solution(id: string, status: string): Promise<void>;
  /** Whether a corrected record stays Action Required until it is submitted; else its update submits it. */
  needsSubmit(on: boolean): Promise<void>;
  /** Every call is throttled for so many seconds. */
  throttle(seconds: number): Promise<void>;
  /** failing (default): 500 on every call. unreachable: no connection at all. */
  down(outage?: 'failing' | 'unreachable'): Promise<void>;
  /** Ends outage and throttling. */
  up(): Promise<void>;
  /** Tasks take so many seconds from now on; undefined: a moment again. */
  slow(seconds: number | undefined): Promise<void>;
  /** The next accept task fails with this ReasonCode. */
  failNextAccept(reason: string): Promise<void>;
  /** The next submission fails with this ReasonCode. */
  failNextSubmit(reason: string): Promise<void>;
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
  return {
    review: (id, verdict) => change((world) => reviewed(world, id, verdict, now())),
    startReview: (id) =>
      change((world) =>
        rewritten(world, id, now(), (record) => put(record, 'LifeCycle.ReviewStatus', 'In review')),
      ),
    expire: (id) => change((world) => expired(world, id, now())),
    newReferral: (like) =>
      move((world) => (like ? duplicateReferral(world, now(), team, like) : newReferral(world, now(), team))),
    newLead: () => move((world) => newLead(world, now())),
    newPsfLead: () => move((world) => newLead(world, now(), PSF)),
    edit: (id, path, value) =>
      change((world) => rewritten(world, id, now(), (record) => put(record, path, value))),
    qualify: (id, status) => change((world) => requalified(world, id, status, now())),
    awsStage: (id, stage) => change((world) => withAwsStage(world, id, stage)),
    awsSeller: (id, name) => change((world) => withAwsSeller(world, id, name)),
    solution: (id, status) => change((world) => withSolutionStatus(world, id, status)),
    needsSubmit: (on) =>
      weather(({ needsSubmit: _, ...rest }) => (on ? { ...rest, needsSubmit: true } : rest)),
    throttle: (seconds) => weather((current) => ({ ...current, throttledUntil: later(now(), seconds) })),
    down: (outage = 'failing') => weather((current) => ({ ...current, outage })),
    up: () => weather(({ outage: _, throttledUntil: __, ...rest }) => rest),
    slow: (seconds) => weather(({ taskSeconds: _, ...rest }) => withSeconds(rest, seconds)),
    failNextAccept: (reason) => weather((current) => ({ ...current, failNextAccept: reason })),
    failNextSubmit: (reason) => weather((current) => ({ ...current, failNextSubmit: reason })),
    dropNext: () => weather((current) => ({ ...current, dropNext: true })),
  };
}

const later = (now: Date, seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString();

const withSeconds = (weather: Weather, taskSeconds: number | undefined): Weather =>
  taskSeconds === undefined ? weather : { ...weather, taskSeconds };
