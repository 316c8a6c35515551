/** The practice team in the stand-in for Microsoft, under the names of slack-house.ts. */
import { practiceTeam } from '../../src/practice/team.ts';
import { LEAD } from './house.ts';
import { IDS } from './slack-house.ts';
import type { Microsoft } from './teams-microsoft.ts';

/** The practice team, each with a personal chat. */
export function enrollTeam(microsoft: Microsoft): void {
  const names = new Map(practiceTeam(LEAD).map((it) => [it.email, `${it.firstName} ${it.lastName}`]));
  for (const [id, email] of Object.entries(IDS))
    microsoft.enroll(id, { email, name: names.get(email) ?? id });
}
