/**
 * What a payload must hold for a handler to read it. Slack signs nothing else; whatever comes without it (a bug, a new
 * kind of payload, a forger who has the secret) is acknowledged and left, before anybody reads members that are not there.
 */
import { z } from 'zod';

const id = z.string().min(1).max(300);
const text = z.string();
const ofTeam = z.looseObject({ id: id.nullish(), enterprise_id: id.nullish() }).nullish();
const common = {
  team: ofTeam,
  enterprise: z.looseObject({ id: id.nullish() }).nullish(),
  user: z.looseObject({ id, team_id: id.nullish() }),
};
/** Left out, never null: Bolt reads its id wherever it is there at all. */
const channel = z.looseObject({ id }).optional();
const view = z.looseObject({ id, private_metadata: text.nullish() });

const PRESS = z.looseObject({
  ...common,
  type: z.literal('block_actions'),
  actions: z
    .array(
      z.looseObject({
        type: text,
        value: text.nullish(),
        selected_option: z.looseObject({ value: text }).nullish(),
      }),
    )
    .min(1),
  container: z.looseObject({ type: text.nullish() }),
  channel,
  response_url: text.nullish(),
  trigger_id: id,
  view: view.nullish(),
});

const Answer = z.looseObject({
  value: text.nullish(),
  selected_date: text.nullish(),
  selected_option: z.looseObject({ value: text }).nullish(),
  selected_options: z.array(z.looseObject({ value: text })).nullish(),
});

const SUBMIT = z.looseObject({
  ...common,
  type: z.literal('view_submission'),
  view: view.extend({
    blocks: z.array(z.looseObject({})),
    state: z.looseObject({ values: z.record(text, z.record(text, Answer)) }),
  }),
});

const SUGGEST = z.looseObject({
  ...common,
  type: z.literal('block_suggestion'),
  action_id: text,
  block_id: text,
  value: text,
  channel,
  view: view.nullish(),
});

const SHORTCUT = z.looseObject({
  ...common,
  type: z.enum(['shortcut', 'message_action']),
  callback_id: id,
  trigger_id: id,
  channel,
  message: z.looseObject({ text: text.nullish(), ts: text.nullish(), thread_ts: text.nullish() }).nullish(),
});

const SLASH = z.looseObject({
  command: id,
  team_id: id,
  enterprise_id: text.nullish(),
  user_id: id,
  channel_id: id,
  trigger_id: id,
  response_url: text,
  text: text.nullish(),
});

const READ = z.union([PRESS, SUBMIT, SUGGEST, SHORTCUT, SLASH]);

/** Whether a handler can read it. Events have schemas of their own. */
export const isRead = (body: unknown): boolean => READ.safeParse(body).success;
