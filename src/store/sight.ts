/** The law of seeing as SQL: `pipeline/policy.ts` says it for one deal, this for all; test/store/views.test.ts compares them. */
import { type Person, seesEverything } from '../pipeline/person.ts';
import { Prisma } from './generated/client.ts';

/**
 * Which rows of deal, under the alias `d`, this person may see (sales guide, Permissions and Accessing leads). That AWS
 * still gives it to us (`gone_at IS NULL`) is the caller's to ask. For an ACE user the planner may join three indexes.
 */
export function sight(actor: Person): Prisma.Sql {
  if (actor.role === 'none') return Prisma.sql`false`;
  if (actor.role === 'alliance lead') return Prisma.sql`true`;
  if (seesEverything(actor)) return Prisma.sql`NOT d.psf`;
  const theirs = [actor.email, ...actor.otherEmails];
  // The record of an invitation is nobody's, whatever it carries: what it became has one of its own.
  return Prisma.sql`(NOT d.psf AND (d.owner_email = ANY(${theirs}::text[]) AND d.invited_at IS NULL
    OR d.submitted_by = ANY(${theirs}::text[]) AND d.kind = 'opportunity'
    OR d.id = ANY(ARRAY(SELECT o.deal_id FROM offer o WHERE o.person_id = ${actor.id}::uuid)) AND d.invited_at IS NOT NULL))`;
}

/** What there is to see for a reader who is a row of a statement for many. */
export type Sees = 'all' | 'but finder' | 'own' | 'nothing';

export function seesOf({ role }: Pick<Person, 'role'>): Sees {
  if (role === 'none') return 'nothing';
  if (role === 'alliance lead') return 'all';
  return seesEverything({ role }) ? 'but finder' : 'own';
}

/** The same law where the readers are rows under the alias `w`: (reader uuid, sees text, mine text[], their addresses). */
export const SIGHT_OF_ROW = Prisma.sql`(w.sees = 'all' OR NOT d.psf AND (w.sees = 'but finder' OR w.sees = 'own' AND (
    d.owner_email = ANY(w.mine) AND d.invited_at IS NULL OR d.submitted_by = ANY(w.mine) AND d.kind = 'opportunity'
    OR d.invited_at IS NOT NULL AND EXISTS (SELECT FROM offer o WHERE o.deal_id = d.id AND o.person_id = w.reader))))`;
