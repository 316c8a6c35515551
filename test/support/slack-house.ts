/** A test house with its Slack door open, in a workspace whose members are the practice team. */
import type { Config } from '../../src/config.ts';
import type { SlackDoor, SlackOptions } from '../../src/slack/app.ts';
import { openSlack } from '../../src/slack-side.ts';
import type { TestDatabase } from './databases.ts';
import { type HouseOptions, LEAD, openTestHouse, TEAM, type TestHouse, until } from './house.ts';
import { hurried } from './hurried.ts';
import { type Conversation, converse, type Target } from './slack-requests.ts';
import { fieldsOf, screenOf } from './slack-screen.ts';
import { createWorkspace, type Message, member, type View, type Workspace } from './slack-workspace.ts';

/** Slack's user id of each of the practice team, and who they are there. */
export const IDS = {
  ANA: TEAM.lead,
  JONAS: TEAM.team,
  MINA: TEAM.manager,
  PRIYA: TEAM.users[0] ?? '',
  TOM: TEAM.users[1] ?? '',
  LUCIA: TEAM.users[2] ?? '',
} as const;
export type Id = keyof typeof IDS;

export interface SlackHouse extends TestHouse, Conversation {
  workspace: Workspace;
  door: SlackDoor;
  target: Target;
  /** Everything that person can read there, oldest first: public, shown to them only, or in their own conversation. */
  messages(user: Id): Message[];
  /** The newest of these. */
  newest(user: Id): Message;
  /** Types `/ace words`; answers the screen that came of it: the newest message, or the form. */
  say(user: Id, words: string): Promise<string>;
  /** The form that person has open; it may still be on its way. */
  form(user: Id): Promise<View>;
  /** Waits until that person's newest message says so. */
  shows(user: Id, what: string | RegExp): Promise<Message>;
}

export const SIGNING_SECRET = 'a-signing-secret-of-tests';

/** @param overrides of the door, such as `budget`. */
export async function openSlackHouse(
  database: TestDatabase,
  options: HouseOptions = {},
  overrides: Partial<SlackOptions> = {},
): Promise<SlackHouse> {
  const workspace = await practiceWorkspace();
  const house = await openTestHouse(database, options);
  const config: Config = {
    host: '127.0.0.1',
    port: 0,
    dataDir: '',
    slack: { signingSecret: SIGNING_SECRET, botToken: workspace.token, apiUrl: workspace.apiUrl },
    partnerCentral: { catalog: 'practice' },
    allianceLeadEmail: LEAD,
    console: false,
    clock: false,
    logLevel: 'silent',
    development: true,
  };
  const door = await openSlack(config, house, house.log, { pace: hurried(), ...overrides, port: 0 });
  const target = { port: door.port, signingSecret: SIGNING_SECRET, workspace };
  return { ...house, ...converse(target), workspace, door, target, ...eyes(house, target, door) };
}

/** A workspace whose members are the practice team. */
export async function practiceWorkspace(): Promise<Workspace> {
  const workspace = await createWorkspace();
  for (const [id, email] of Object.entries(IDS)) workspace.users.set(id, member(id, email));
  return workspace;
}

function eyes(house: TestHouse, target: Target, door: SlackDoor) {
  const { workspace } = target;
  const { slash } = converse(target);
  const messages = (user: Id) =>
    workspace.messages.filter(({ channel, onlyFor }) =>
      channel.startsWith('D') ? channel === `D${user}` : (onlyFor ?? user) === user,
    );
  const newest = (user: Id) => messages(user).at(-1) ?? { channel: '', ts: '', text: '', blocks: [] };
  const openForms = (user: Id) => workspace.views.filter((view) => view.user === user && view.isOpen);
  return {
    messages,
    newest,
    async form(user: Id) {
      const found = () => openForms(user).findLast((view) => fieldsOf(view.content.blocks).length > 0);
      await until(`a form on ${user}’s screen`, () => found() !== undefined);
      return found() as View;
    },
    async say(user: Id, words: string) {
      const before = [messages(user).length, openForms(user).length];
      await slash(user, words);
      const came = () =>
        messages(user).length > (before[0] ?? 0) || openForms(user).length > (before[1] ?? 0);
      await until(`an answer to “${words}”`, came);
      const form = openForms(user).length > (before[1] ?? 0) ? openForms(user).at(-1) : undefined;
      return form ? screenOf(form.content) : screenOf(newest(user));
    },
    async shows(user: Id, what: string | RegExp) {
      const fits = (message: Message) =>
        typeof what === 'string' ? screenOf(message).includes(what) : what.test(screenOf(message));
      // The newest of now, or whatever comes: another may come on top of it.
      const before = Math.max(0, messages(user).length - 1);
      const shown = () => messages(user).slice(before).filter(fits).at(-1);
      await until(`${what} on ${user}’s screen`, () => shown() !== undefined);
      return shown() ?? newest(user);
    },
    async stop() {
      workspace.hangUp();
      await door.stop();
      await workspace.close();
      await house.stop();
    },
  };
}
