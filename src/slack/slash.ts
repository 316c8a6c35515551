/** `/ace …`: the answer is the acknowledgement itself. */
import type { RespondArguments, SlashCommand } from '@slack/bolt';
import { commitUntil, inTime } from '../bot/in-time.ts';
import { problem, type Reply } from '../views/view.ts';
import { ask, openView, post, report } from './answer.ts';
import type { Door } from './door.ts';
import { fromSlash, type Slash } from './inbound.ts';
import { responseRef, whereOf } from './ref.ts';
import { QUIET } from './respond.ts';
import { DESK_LATE, NOT_TAKEN } from './text.ts';

type Ack = (message?: RespondArguments) => Promise<void>;

export async function onSlash(door: Door, body: SlashCommand, ack: Ack): Promise<void> {
  const arrived = door.now();
  const slash = fromSlash(body, door.workspace, arrived);
  const asking = ask(door, slash.who, (from) => {
    const until = commitUntil(door, arrived);
    const { key, words } = slash;
    if (words === '') return door.desk.handle({ verb: 'desk', input: {}, from, key }, until);
    return door.desk.say({ text: words, from, key }, until);
  });
  const asked = await inTime(door, arrived, asking);
  if (!asked) {
    await ack(ephemeral(door, slash, problem(slash.words === '' ? DESK_LATE : NOT_TAKEN)));
    return post(door, await asking, slash.origin);
  }
  const { reply } = asked.answer;
  if (reply.kind === 'form') {
    await ack();
    const viewId = await openView(door, slash.trigger, reply, wayOf(slash));
    return viewId ? undefined : post(door, asked, slash.origin);
  }
  await ack(ephemeral(door, slash, reply));
  const reader = { team: door.workspace.team, ...slash.who };
  await report(door, asked, responseRef(reader, slash.origin, reply, 0));
}

const ephemeral = (door: Door, { who }: Slash, reply: Reply): RespondArguments => ({
  ...door.draw.message(reply, { where: whereOf(who.conversation) }),
  ...QUIET,
  response_type: 'ephemeral',
});

const wayOf = ({ who, origin }: Slash) => ({ c: who.conversation, o: origin });
