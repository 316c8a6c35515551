/** The Home tab: a person's desk, drawn when they open it and when something in it changed. */
import type { types, webApi } from '@slack/bolt';
import { webApi as slack } from '@slack/bolt';
import { z } from 'zod';
import { type Home, lookedOnly } from '../views/home.ts';
import { problem, type Reply } from '../views/view.ts';
import { type Asked, identify, openView, report } from './answer.ts';
import { MAX } from './block-kit.ts';
import { actions, context, keysOf } from './blocks.ts';
import type { Door } from './door.ts';
import { eventOf } from './heard.ts';
import type { Pressed } from './inbound.ts';
import { failure } from './log.ts';
import { viewRef } from './ref.ts';
import { toBlocks } from './render.ts';
import { SORRY, UNREACHABLE } from './text.ts';
import type { Who } from './who.ts';

/** Numbers in the home are nobody's to type: it has a conversation of its own. */
const CONVERSATION = 'home';
const WHERE_TO_TYPE: Record<Home['typed'], string[]> = {
  all: [
    'Type “/ace” and what you want anywhere in Slack: only you see the answer. “/ace help” lists what there is.',
  ],
  code: ['In Slack you type it as “/ace link ABCD-EFGH”, in any channel: only you see the answer.'],
  none: [],
};

/** `key`: random for each drawing. */
export function toHome(home: Home, key: string): types.HomeView {
  const keys = keysOf(key);
  const further = [
    ...actions(home.buttons, [], keys, 'list', { links: home.links ?? [] }),
    ...[...home.lines, ...WHERE_TO_TYPE[home.typed]].slice(0, 5).map(context),
  ];
  const below = further.length > 0 ? [{ type: 'divider' } as const, ...further] : [];
  return {
    type: 'home',
    callback_id: 'home',
    private_metadata: JSON.stringify({ c: CONVERSATION }),
    blocks: [...toBlocks(home.main, keys, MAX.viewBlocks - below.length), ...below],
  };
}

const opened = z.object({ type: z.literal('app_home_opened'), user: z.string(), tab: z.string() });

/** `app_home_opened`; its Messages tab has a home of its own. Whatever fails is said there. */
export async function onHome(door: Door, body: unknown): Promise<void> {
  const event = eventOf(body, door.workspace, opened);
  if (event?.tab !== 'home') return;
  try {
    await showHome(door, event.user, 'opened');
  } catch (error) {
    // The person looks at it now, and learns that it is not what it should be.
    door.log.warn({ failure: failure(error) }, 'slack: a home was not shown');
    await publish(door, event.user, only(problem(SORRY)), undefined);
  }
}

/** As it is for them at this moment; false where it looked the same. @throws what Slack and the desk throw. */
export async function showHome(
  door: Door,
  user: string,
  why: 'opened' | 'changed',
  web: webApi.WebClient = door.web,
): Promise<boolean> {
  const from = await identify(door, { user, conversation: CONVERSATION, ofWorkspace: true });
  if (typeof from !== 'string')
    return door.desk.home(from, why, (home, hash) => publish(door, user, home, hash, web));
  if (from === UNREACHABLE && why === 'changed') throw new Error('Slack did not say who that is');
  // A guest by now, or an account that is closed: nothing of the desk stays there.
  await publish(door, user, only(problem(lookedOnly(from))), undefined, web);
  return true;
}

const only = (main: Reply): Home => ({ main, buttons: [], lines: [], typed: 'none' });

async function publish(
  door: Door,
  user: string,
  home: Home,
  hash: string | undefined,
  web: webApi.WebClient = door.web,
): Promise<string | 'outrun' | undefined> {
  const view = door.draw.home(home);
  try {
    const published = await web.views.publish({ user_id: user, view, ...(hash ? { hash } : {}) });
    return published.view?.hash;
  } catch (error) {
    // Somebody else of us was faster: what stands there is newer than what was read.
    if (error instanceof slack.WebAPIPlatformError && error.data.error === 'hash_conflict') return 'outrun';
    throw error;
  }
}

/** A home is no place for an answer, nor is somebody's link: it opens over them, or comes as a message once Slack opens nothing. */
export async function answerOver(door: Door, pressed: Pressed, asked: Asked): Promise<void> {
  const { reply } = asked.answer;
  const { user, conversation } = pressed.who;
  const viewId = await openView(door, pressed.trigger, reply, { c: conversation });
  const { team } = door.workspace;
  if (viewId) return report(door, asked, viewRef({ team, user }, viewId, reply));
  await report(door, asked, await door.messenger.tell({ tenant: team, user }, reply));
}

/** What was pressed there may have changed it. */
export async function afterPress(door: Door, who: Who): Promise<void> {
  // Somebody of another workspace has no home here.
  if (!who.ofWorkspace) return;
  try {
    await showHome(door, who.user, 'changed');
  } catch (error) {
    // They have their answer; the home follows with the next change.
    door.log.info({ failure: failure(error) }, 'slack: a home was not redrawn');
  }
}
