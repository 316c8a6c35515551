/** Engagements we are a member of: where accepted leads live. */
import type { z } from 'zod';
import { type Doc, isDoc, listAt, only, textAt } from './json.ts';
import { operation } from './operation.ts';
import { paginate } from './page.ts';
import * as shapes from './shapes/engagement.ts';
import { notFound, Refusal } from './wire.ts';
import { find, idIn, type World } from './world.ts';

export const listEngagements = operation('read', shapes.listEngagements, (input, { world, body }) => {
  const rows = Object.values(world.engagements).filter((record) => fits(record, input));
  const page = paginate(rows, input, body, {
    key: (record) => textAt(record, 'CreatedAt') ?? '',
    id: (record) => textAt(record, 'Id') ?? '',
    descending: true,
  });
  const { rows: shown, ...token } = page;
  return { world, answer: { EngagementSummaryList: shown.map(toSummary), ...token } };
});

export const getEngagement = operation('read', shapes.getEngagement, (input, { world }) => ({
  world,
  answer: engagementOf(world, idIn(input.Identifier)),
}));

/** Not accepted, or rejected: throws AccessDeniedException. Never heard of: ResourceNotFoundException. */
export function engagementOf(world: World, id: string): Doc {
  const engagement = find(world.engagements, id);
  if (engagement) return engagement;
  const isInvited = Object.values(world.invitations).some(({ record }) => record.EngagementId === id);
  if (isInvited) throw new Refusal('AccessDeniedException', 'You are not a member of the engagement.');
  throw notFound('The engagement');
}

type Filters = z.infer<typeof shapes.listEngagements>;

function fits(record: Doc, filters: Filters): boolean {
  const types = contextTypes(record);
  const createdBy = textAt(record, 'CreatedBy') ?? '';
  return (
    (filters.CreatedBy?.includes(createdBy) ?? true) &&
    !filters.ExcludeCreatedBy?.includes(createdBy) &&
    (!filters.ContextTypes?.length || filters.ContextTypes.some((type) => types.includes(type))) &&
    !filters.ExcludeContextTypes?.some((type) => types.includes(type)) &&
    (filters.EngagementIdentifier?.map(idIn).includes(textAt(record, 'Id') ?? '') ?? true)
  );
}

const contextTypes = (record: Doc): string[] =>
  listAt(record, 'Contexts').flatMap((context) => (isDoc(context) ? [String(context.Type)] : []));

const SUMMARY = ['Arn', 'Id', 'Title', 'CreatedAt', 'CreatedBy', 'MemberCount', 'ModifiedAt', 'ModifiedBy'];

const toSummary = (record: Doc): Doc => ({
  ...only(record, SUMMARY),
  ContextTypes: [...new Set(contextTypes(record))],
});
