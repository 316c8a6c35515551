/** Who acts, and whether they belong to the workspace we serve. */
import { clean } from '../pipeline/text.ts';
import type { Workspace } from './door.ts';

/** One person at one place. */
export interface Who {
  user: string;
  conversation: string;
  /** False for another workspace's people, Slack Connect among them. */
  ofWorkspace: boolean;
}

/** Names one act: the same key twice is one act. Without what no database keeps, such as NUL. */
export const keyOf = (workspace: Workspace, ...parts: string[]): string =>
  ['slack', workspace.team, ...parts.map(clean)].join(':');

interface Claims {
  team: string | undefined;
  /** The acting person's own workspace, where Slack says it. */
  actor?: string | undefined;
  enterprise?: string | null | undefined;
}

/**
 * On Enterprise Grid a person of another workspace of our organisation may be a member of this one too: their profile
 * decides then. Anybody else's own workspace must be ours.
 */
export function isOf(workspace: Workspace, { team, actor, enterprise }: Claims): boolean {
  if (team !== workspace.team) return false;
  const isOrganisation = workspace.enterprise !== undefined && enterprise === workspace.enterprise;
  return actor === undefined || actor === workspace.team || isOrganisation;
}
