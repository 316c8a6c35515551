/** Changing opportunities: the PUT of UpdateOpportunity, and AssignOpportunity. */
import { at, changedPaths, type Doc, docAt, listAt, only, put, textAt, without } from './json.ts';
import { permitted } from './matrix.ts';
import { operation, type Turn } from './operation.ts';
import { rowOf } from './opportunities.ts';
import { APN_PROGRAMS } from './picklists.ts';
import { assertRules, type Circumstances } from './rules.ts';
import * as shapes from './shapes/opportunity.ts';
import { asMember, OWNER, SALES_CONTACT, withTeamMember } from './team.ts';
import { Refusal } from './wire.ts';
import { breaks, type OpportunityRow, stamp, withEffect, withOpportunity } from './world.ts';

/** Members of a record that UpdateOpportunity does not accept; they survive a PUT that leaves them out. */
const READ_ONLY = [
  'Catalog',
  'Id',
  'Arn',
  'CreatedDate',
  'LastModifiedDate',
  'OpportunityTeam',
  'RelatedEntityIdentifiers',
  'Origin',
  'Tags',
];
/** AWS's members of the life cycle: accepted in the request, never taken over. */
const READ_ONLY_LIFE_CYCLE = ['ReviewStatus', 'ReviewComments', 'ReviewStatusReason', 'NextStepsHistory'];

export const updateOpportunity = operation('write', shapes.updateOpportunity, (input, turn) => {
  const row = rowOf(turn, input.Identifier);
  assertFresh(row, input.LastModifiedDate);
  const asked = replaced(row.record, turn.body);
  const record = permitted(row.record, asked, turn.partnerPath);
  assertRules(record, row.record, around(turn));
  const changed = changedPaths(row.record, record);
  const kept = written(row.record, record, turn.now);
  const next = turn.world.weather.needsSubmit ? kept : resubmitted(kept, changed);
  const value = Object.fromEntries(changed.map((path) => [path, at(record, path) ?? null]));
  const world = withEffect(withOpportunity(turn.world, input.Identifier, { ...row, record: next }), {
    at: turn.now.toISOString(),
    kind: 'update',
    id: input.Identifier,
    value,
  });
  return { world, answer: only(next, ['Id', 'LastModifiedDate']) };
});

/**
 * No lock, so sending it twice is harmless. An owner must be a user of Partner Central, and their names come from the
 * profile, whatever was sent; the sales contact may be anybody and is taken as sent (ACE data model, OpportunityTeam).
 */
export const assignOpportunity = operation('write', shapes.assignOpportunity, (input, turn) => {
  const row = rowOf(turn, input.Identifier);
  const { Email, BusinessTitle } = input.Assignee;
  const isOwner = BusinessTitle === OWNER;
  if (!isOwner && BusinessTitle !== SALES_CONTACT) {
    throw breaks('assignee.businessTitle', 'INVALID_VALUE', `Must be one of ${SALES_CONTACT}, ${OWNER}.`);
  }
  const user = turn.team.find(({ email }) => email === Email);
  if (isOwner && !user) {
    throw breaks('assignee.email', 'INVALID_VALUE', 'The assignee is no active Partner Central user.');
  }
  const asSent = only(docAt(turn.body, 'Assignee'), ['Email', 'FirstName', 'LastName', 'Phone']);
  const record = withTeamMember(row.record, BusinessTitle, isOwner && user ? asMember(user) : asSent);
  const next = put(record, 'LastModifiedDate', stamp(turn.now, textAt(row.record, 'LastModifiedDate')));
  const world = withEffect(withOpportunity(turn.world, input.Identifier, { ...row, record: next }), {
    at: turn.now.toISOString(),
    kind: 'assign',
    id: input.Identifier,
    value: isOwner ? Email : `${SALES_CONTACT}: ${Email}`,
  });
  return { world, answer: {} };
});

/** A record as somebody outside the request wrote it: next steps keep their history, the time stamp moves on. */
export function written(before: Doc, after: Doc, now: Date): Doc {
  const LastModifiedDate = stamp(now, textAt(before, 'LastModifiedDate'));
  return { ...withHistory(before, after, LastModifiedDate), LastModifiedDate };
}

/** What the rules look at beside the record. */
const around = ({ world, now, partnerPath }: Turn): Circumstances => ({
  today: now.toISOString().slice(0, 10),
  partnerPath,
  solutions: world.solutions ?? [],
});

function assertFresh(row: OpportunityRow, seen: string): void {
  if (Date.parse(seen) === Date.parse(textAt(row.record, 'LastModifiedDate') ?? '')) return;
  throw new Refusal('ConflictException', 'The opportunity was modified after the LastModifiedDate provided.');
}

/** PUT: what the request leaves out is null, except what it could not have sent. */
function replaced(record: Doc, body: Doc): Doc {
  const sent = without(body, [...READ_ONLY, 'Identifier', 'ClientToken']);
  const LifeCycle = {
    ...only(docAt(record, 'LifeCycle'), READ_ONLY_LIFE_CYCLE),
    ...without(docAt(sent, 'LifeCycle'), READ_ONLY_LIFE_CYCLE),
  };
  return knownPrograms({ ...only(record, READ_ONLY), ...sent, LifeCycle });
}

function knownPrograms(record: Doc): Doc {
  const programs = at(record, 'Project.ApnPrograms');
  if (!Array.isArray(programs)) return record;
  return put(
    record,
    'Project.ApnPrograms',
    programs.filter((one) => APN_PROGRAMS.includes(String(one))),
  );
}

/** Partner Central keeps the last 50, without authors. */
function withHistory(before: Doc, after: Doc, Time: string): Doc {
  const Value = textAt(after, 'LifeCycle.NextSteps');
  if (!Value || Value === textAt(before, 'LifeCycle.NextSteps')) return after;
  const history = [...listAt(before, 'LifeCycle.NextStepsHistory'), { Value, Time }];
  return put(after, 'LifeCycle.NextStepsHistory', history.slice(-50));
}

/**
 * A corrected record "re-enters the validation phase" by its update (API reference; the web page has a Submit, which the
 * script can ask for: sources disagree).
 */
function resubmitted(record: Doc, changed: string[]): Doc {
  const isAsked = textAt(record, 'LifeCycle.ReviewStatus') === 'Action Required';
  return isAsked && changed.length > 0 ? put(record, 'LifeCycle.ReviewStatus', 'Submitted') : record;
}
