/** Rows of raw statements → the domain's own shapes. */
import {
  type Change,
  type ChangeState,
  type Found,
  isOpen,
  type Transition,
  type WaitsFor,
  type Wish,
} from '../pipeline/change.ts';

/** A row of `change` joined with its person, as json_agg or a raw query gives it. */
export interface ChangeRow {
  id: string;
  deal_id: string;
  person_id: string;
  first_name: string;
  last_name: string;
  company?: string;
  verb: string;
  wish: Wish;
  state: ChangeState;
  waits_for: WaitsFor | null;
  answer: string | null;
  found: Found | null;
  after: string | null;
  source: { platform: string; tenant: string; user: string; operator?: string; timeZone?: string };
  client_token: string;
  act_key: string;
  sent_at: string | Date | null;
  attempts: number;
  aws_request_id: string | null;
  requested_at: string | Date;
  settled_at: string | Date | null;
}

export function toChange(row: ChangeRow): Change {
  return {
    id: row.id,
    dealId: row.deal_id,
    ...(row.company ? { company: row.company } : {}),
    person: { id: row.person_id, name: `${row.first_name} ${row.last_name}`.trim() },
    verb: row.verb,
    wish: row.wish,
    state: row.state,
    ...(row.answer ? { answer: row.answer } : {}),
    ...(row.waits_for && row.state === 'waiting' ? { waitsFor: row.waits_for } : {}),
    ...(row.found && row.state === 'conflict' ? { found: row.found } : {}),
    ...(row.after ? { after: row.after } : {}),
    ...(isOver(row) && !row.sent_at && !row.aws_request_id ? { notSent: true as const } : {}),
    from: toFrom(row.source),
    ...(row.aws_request_id ? { awsRequestId: row.aws_request_id } : {}),
    requestedAt: toMoment(row.requested_at),
    ...(row.settled_at ? { settledAt: toMoment(row.settled_at) } : {}),
  };
}

/** What the desk itself settled, was not sent. */
const isOver = ({ state }: ChangeRow): boolean => !isOpen(state) && state !== 'confirmed';

export interface TransitionRow {
  change_id: string;
  state: ChangeState;
  at: string | Date;
  by: string | null;
  answer: string | null;
  aws_request_id: string | null;
}

export function toTransition(row: TransitionRow): Transition {
  return {
    changeId: row.change_id,
    state: row.state,
    at: toMoment(row.at),
    ...(row.by ? { by: row.by } : {}),
    ...(row.answer ? { answer: row.answer } : {}),
    ...(row.aws_request_id ? { awsRequestId: row.aws_request_id } : {}),
  };
}

/** "slack", "console, by the operating-system user root". */
function toFrom(source: ChangeRow['source']): string {
  const platform =
    source.platform === 'slack' ? 'Slack' : source.platform === 'teams' ? 'Teams' : source.platform;
  return source.operator ? `${platform}, by operating-system user ${source.operator}` : platform;
}

const toMoment = (at: string | Date): string => new Date(at).toISOString();
