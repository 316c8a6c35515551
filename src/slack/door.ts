/** What the handlers of one Slack workspace share. */
import type { types, webApi } from '@slack/bolt';
import type { Desk, Messenger } from '../bot/intent.ts';
import type { Home } from '../views/home.ts';
import type { Reply } from '../views/view.ts';
import type { Memory } from './modal.ts';
import type { Turns } from './pace.ts';
import type { Profiles } from './profiles.ts';
import type { Message, Standing } from './render.ts';
import type { Respond } from './respond.ts';

/** pino's shape. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The one workspace served, as `auth.test` named it. */
export interface Workspace {
  team: string;
  /** Enterprise Grid: people of other workspaces of the organisation may be members of this one too. */
  enterprise?: string;
  /** Our own user id. */
  bot: string;
}

/** Milliseconds after a request's arrival; Slack gives up after 3000. */
export interface Budget {
  /** Until then the desk may commit. */
  commit: number;
  /** Then the answer is given, whatever it is. */
  answer: number;
}

/** Draws a reply within Slack's limits. */
export interface Draw {
  message(reply: Reply, how?: Standing): Message;
  /** `texts`: what was written in the form whose place it takes; what the reply does not say is shown below it. */
  modal(reply: Reply, memory: Pick<Memory, 'c' | 'o'>, texts?: readonly string[]): types.ModalView;
  home(home: Home): types.HomeView;
}

export interface Door {
  workspace: Workspace;
  /** The bot's own token there. */
  token: string;
  desk: Desk;
  /** Short retries: a person waits. */
  web: webApi.WebClient;
  /** Waits as long as Slack asks (429) and tries again after failures: nobody waits. */
  patient: webApi.WebClient;
  /** Tries nothing twice and waits for nothing: `turns` is asked before. */
  once: webApi.WebClient;
  /** The lanes of `patient` and `once`. */
  turns: Turns;
  messenger: Messenger;
  profiles: Profiles;
  respond: Respond;
  draw: Draw;
  budget: Budget;
  log: Log;
  now(): Date;
}

/** The workspaces that are served. */
export interface Doors {
  /** Of the workspace a payload came from; undefined where we are not installed (any more). */
  of(team: string | undefined, enterprise?: string): Promise<Door | undefined>;
  /** At most 500; of an organisation-wide installation those that were asked from so far. */
  all(): Promise<Door[]>;
  /** We were uninstalled there, or our token was revoked: what is under way to it ends for good. */
  gone(key: InstallationKey): Promise<void>;
}

/** A workspace's own installation (`team`), or the one of a whole organisation (`team` is '', `enterprise` is not). */
export interface InstallationKey {
  team: string;
  /** '' outside Enterprise Grid. */
  enterprise: string;
}

export interface Installation extends InstallationKey {
  token: string;
  /** Our own user id there. */
  bot: string;
  /** Another after every installation: what ends an older one leaves a newer one alone. */
  stamp: string;
}

/** Where installations are kept, their tokens sealed. One that cannot be opened any more is none. */
export interface Installations {
  save(it: Omit<Installation, 'stamp'>): Promise<void>;
  /** By the workspace, else by its organisation; `isMember`: that workspace is known to be of the organisation. */
  find(key: InstallationKey): Promise<{ installation: Installation; isMember: boolean } | undefined>;
  /** The workspace is of the organisation: from now on it is found by its own id alone. */
  noteMember(key: InstallationKey): Promise<void>;
  /** `stamp`: only this one. */
  forget(key: InstallationKey, stamp?: string): Promise<void>;
  /** Every workspace, of organisations the members known; at most `most`, the newest first. */
  workspaces(most: number): Promise<InstallationKey[]>;
}
