/** Engagement invitations: the list, one, and refusing one. */
import type { z } from 'zod';
import { type Doc, only, textAt } from './json.ts';
import { operation, type Turn } from './operation.ts';
import { paginate } from './page.ts';
import * as shapes from './shapes/engagement.ts';
import { notFound, Refusal } from './wire.ts';
import { breaks, find, type InvitationRow, idIn, withEffect, withInvitation } from './world.ts';

export const listInvitations = operation('read', shapes.listInvitations, (input, { world, now, body }) => {
  const rows = Object.values(world.invitations)
    .filter(({ participant }) => participant === input.ParticipantType)
    .map((row) => seenAt(row, now))
    .filter((row) => fits(row.record, input));
  const page = paginate(rows, input, body, {
    key: ({ record }) => textAt(record, 'InvitationDate') ?? '',
    id: ({ record }) => textAt(record, 'Id') ?? '',
    descending: true,
  });
  const { rows: shown, ...token } = page;
  return { world, answer: { EngagementInvitationSummaries: shown.map(toSummary), ...token } };
});

export const getInvitation = operation('read', shapes.oneInvitation, (input, turn) => ({
  world: turn.world,
  answer: invitationOf(turn, input.Identifier).record,
}));

/** The reason is optional to the model; access to the opportunity or lead is lost with it. */
export const rejectInvitation = operation('write', shapes.rejectInvitation, (input, turn) => {
  const row = invitationOf(turn, input.Identifier);
  assertPending(row);
  const reason = input.RejectionReason;
  const record: Doc = { ...row.record, Status: 'REJECTED', ...(reason ? { RejectionReason: reason } : {}) };
  const id = idIn(input.Identifier);
  const moved = withInvitation(turn.world, id, { record, participant: row.participant });
  const world = withEffect(moved, {
    at: turn.now.toISOString(),
    kind: 'reject',
    id,
    value: reason ?? '',
  });
  return { world, answer: {} };
});

/** One we received, as it is seen now. Throws ResourceNotFoundException. */
export function invitationOf({ world, now }: Turn, identifier: string): InvitationRow {
  const id = idIn(identifier);
  const row = find(world.invitations, id);
  if (!row) throw notFound('The engagement invitation');
  return seenAt(row, now);
}

/** Accepted already: ConflictException. Rejected, expired, or sent by ourselves: a state nothing leads out of. */
export function assertPending(row: InvitationRow): void {
  const status = textAt(row.record, 'Status');
  if (status === 'ACCEPTED') {
    throw new Refusal('ConflictException', 'The engagement invitation has already been accepted.');
  }
  if (status !== 'PENDING' || row.participant === 'SENDER') {
    throw breaks('identifier', 'INVALID_RESOURCE_STATE', `The engagement invitation is ${status}.`);
  }
}

/** Nobody writes EXPIRED: past its ExpirationDate a pending invitation simply is. */
function seenAt(row: InvitationRow, now: Date): InvitationRow {
  const isOver = Date.parse(textAt(row.record, 'ExpirationDate') ?? '') <= now.getTime();
  const isPending = textAt(row.record, 'Status') === 'PENDING';
  return isPending && isOver ? { ...row, record: { ...row.record, Status: 'EXPIRED' } } : row;
}

type Filters = z.infer<typeof shapes.listInvitations>;

const fits = (record: Doc, filters: Filters): boolean =>
  among(textAt(record, 'Status'), filters.Status) &&
  among(textAt(record, 'PayloadType'), filters.PayloadType) &&
  among(textAt(record, 'EngagementId'), filters.EngagementIdentifier?.map(idIn)) &&
  among(textAt(record, 'SenderAwsAccountId'), filters.SenderAwsAccountId);

const among = (value: string | undefined, values: readonly string[] | undefined): boolean =>
  values === undefined || values.length === 0 || values.includes(value ?? '');

const SUMMARY = [
  'Arn',
  'PayloadType',
  'Id',
  'EngagementId',
  'EngagementTitle',
  'Status',
  'InvitationDate',
  'ExpirationDate',
  'SenderAwsAccountId',
  'SenderCompanyName',
  'Receiver',
  'Catalog',
];

const toSummary = ({ record, participant }: InvitationRow): Doc => ({
  ...only(record, SUMMARY),
  ParticipantType: participant,
});
