/** A running Slack door with a scripted desk behind it and a stand-in workspace in front of it. */
import type { Answer, Desk, Intent, Ref, Sender, Utterance } from '../../src/bot/intent.ts';
import { createSlack, type SlackDoor, type SlackOptions } from '../../src/slack/app.ts';
import type { Card, Reply } from '../../src/views/view.ts';
import { hurried } from './hurried.ts';
import { type Conversation, converse, type Target } from './slack-requests.ts';
import { createWorkspace, member, type Workspace, type WorkspaceOptions } from './slack-workspace.ts';

export interface ScriptedDesk extends Desk {
  /** What was asked, in order. */
  intents: Intent[];
  utterances: Utterance[];
  untils: (Date | undefined)[];
  postings: { answer: Answer; from: Sender; ref: Ref }[];
  /** The script: what the desk answers. */
  answer(asked: Intent | Utterance): Reply | Answer | Promise<Reply | Answer>;
}

const toAnswer = (it: Reply | Answer): Answer =>
  'reply' in it ? it : { reply: it, changeIds: [], ok: true };

export function scriptedDesk(answer: ScriptedDesk['answer']): ScriptedDesk {
  const desk: ScriptedDesk = {
    intents: [],
    utterances: [],
    untils: [],
    postings: [],
    answer,
    async handle(intent, until) {
      desk.intents.push(intent);
      desk.untils.push(until);
      return toAnswer(await desk.answer(intent));
    },
    async say(utterance, until) {
      desk.utterances.push(utterance);
      desk.untils.push(until);
      return toAnswer(await desk.answer(utterance));
    },
    options: async () => [],
    home: async () => false,
    joined: async () => undefined,
    glimpses: async () => new Map(),
    glimpsed: async () => async () => undefined,
    knows: async () => false,
    left: async () => undefined,
    unanswered: async () => undefined,
    async posted(given, from, ref) {
      desk.postings.push({ answer: given, from, ref });
    },
    settled: async () => undefined,
  };
  return desk;
}

export interface Scene extends Conversation {
  desk: ScriptedDesk;
  workspace: Workspace;
  door: SlackDoor;
  target: Target;
  /** Every line of the door's log, as JSON. */
  log: string[];
  close(): Promise<void>;
}

export const SECRET = 'a-signing-secret';

/** `ANA` is a member, `GUS` a guest; `more` overrides what the door is made of. */
export async function openScene(
  answer: ScriptedDesk['answer'],
  more: Partial<SlackOptions> & { workspace?: WorkspaceOptions } = {},
): Promise<Scene> {
  const { workspace: how, ...options } = more;
  const workspace = await createWorkspace(how);
  workspace.users.set('ANA', member('ANA', 'Ana.Silva@Partner.example'));
  workspace.users.set('BEN', member('BEN', 'ben@partner.example'));
  workspace.users.set('GUS', member('GUS', 'gus@else.example', { is_restricted: true }));
  const desk = scriptedDesk(answer);
  const log: string[] = [];
  const write = (fields: object, message: string): void =>
    void log.push(JSON.stringify({ ...fields, message }));
  const door = await createSlack({
    signingSecret: SECRET,
    botToken: workspace.token,
    apiUrl: workspace.apiUrl,
    host: '127.0.0.1',
    port: 0,
    desk,
    inbox: memoryInbox(),
    log: { debug: write, info: write, warn: write, error: write },
    routes: [{ path: '/healthz', method: 'GET', handler: (_, response) => void response.end('fine') }],
    now: () => new Date(),
    development: true,
    pace: hurried(),
    ...options,
  });
  await door.start();
  const target = { port: door.port, signingSecret: SECRET, workspace };
  const close = async () => {
    workspace.hangUp();
    await door.stop();
    await workspace.close();
  };
  return { ...converse(target), desk, workspace, door, target, log, close };
}

export function memoryInbox(): SlackOptions['inbox'] & { rows: Map<string, unknown>; handledKeys: string[] } {
  const rows = new Map<string, unknown>();
  const handledKeys: string[] = [];
  return {
    rows,
    handledKeys,
    async receive(key, body) {
      if (rows.has(key)) return 'known';
      rows.set(key, body);
      return 'new';
    },
    async handled(key) {
      handledKeys.push(key);
    },
  };
}

/** Waits until `is` holds; fails after 5 s with what it waited for. */
export async function eventually(what: string, is: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!is()) {
    if (Date.now() > end) throw new Error(`It never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A promise that a test settles itself. */
export function promised<T>(): { promise: Promise<T>; give(it: T): void } {
  let give: (it: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    give = resolve;
  });
  return { promise, give: (it) => give(it) };
}

export const card = (more: Partial<Card> = {}): Card => ({
  kind: 'card',
  title: 'Acme',
  subtitle: 'AWS referral · pending acceptance',
  facts: [{ label: 'Expires', value: 'Fri 28 Nov' }],
  progress: 'idle',
  buttons: [{ verb: 'accept', label: 'Accept', input: { id: 'engi-1' }, style: 'primary' }],
  copyOf: { id: 'engi-1', version: 1 },
  ...more,
});
