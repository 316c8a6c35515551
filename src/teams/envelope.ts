/** What every activity of Teams has, as far as it is read. */
import { z } from 'zod';

const text = z.string();
const id = text.min(1).max(1000);
/** One of those who act, come or go. */
export const account = z.looseObject({ id, aadObjectId: id.nullish() });
const named = z
  .looseObject({ id: id.nullish(), name: text.max(300).nullish(), type: text.nullish() })
  .nullish();
const teams = z.array(z.looseObject({ id })).nullish().catch([]);
/** Looser than Teams' own: what is not read may have any shape. */
export const envelope = z.looseObject({
  type: text,
  name: text.nullish(),
  action: text.nullish(),
  id: id.nullish(),
  serviceUrl: id,
  from: account,
  recipient: z.looseObject({ id }),
  conversation: z.looseObject({
    id,
    conversationType: text.nullish(),
    tenantId: id.nullish(),
    isGroup: z.boolean().nullish(),
    name: text.max(300).nullish(),
  }),
  channelData: z
    .looseObject({
      ...{ tenant: named, team: named, channel: named, eventType: text.nullish() },
      ...{ sharedWithTeams: teams, unsharedFromTeams: teams },
    })
    .nullish(),
  localTimezone: text.max(100).nullish(),
  replyToId: id.nullish(),
  value: z.unknown().optional(),
});
export type Envelope = z.infer<typeof envelope>;
