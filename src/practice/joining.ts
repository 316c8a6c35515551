/** What an acceptance brings: the engagement, and with a referral the opportunity with all that was hidden before. */
import {
  type AcceptTask,
  arnOf,
  idIn,
  microseconds,
  stamp,
  type World,
  withEffect,
  withEngagement,
  withInvitation,
  withOpportunity,
  withTask,
} from './world.ts';

/** The referral becomes an opportunity of ours; or the task fails and nothing moves. */
export function accepted(world: World, task: AcceptTask, now: Date): World {
  const yields = world.invitations[task.invitationId]?.yields;
  if (!yields?.opportunity) return withTask(world, { ...task, status: 'FAILED', reason: 'InternalError' });
  const serial = world.serial + 1;
  const id = `O${serial}`;
  const at = stamp(now);
  const arn = arnOf(world.catalog, 'opportunity', id);
  const { record, aws, ...rest } = yields.opportunity;
  const next = withOpportunity(joined({ ...world, serial }, task.invitationId, now), id, {
    ...rest,
    record: { ...record, Id: id, Arn: arn, CreatedDate: at, LastModifiedDate: at },
    aws: { ...aws, RelatedOpportunityId: id },
  });
  const done = withTask(next, { ...task, status: 'COMPLETE', opportunityId: id });
  return withEffect(done, { at, kind: 'accept', id: task.invitationId, value: id });
}

/** Accepted, and a member of its engagement from now on. */
export function joined(world: World, invitationId: string, now: Date): World {
  const row = world.invitations[invitationId];
  const engagement = row?.yields?.engagement;
  if (!row || !engagement) return world;
  const serial = world.serial + 1;
  const accepted = { record: { ...row.record, Status: 'ACCEPTED' }, participant: row.participant };
  return withEngagement(
    withInvitation({ ...world, serial }, invitationId, accepted),
    idIn(String(engagement.Id)),
    {
      ...engagement,
      ModifiedAt: microseconds(now, serial),
    },
  );
}
