/** Who of the roster reads along in a room. */
import type { Person } from '../pipeline/person.ts';
import { Prisma } from './generated/client.ts';
import { STRICT } from './links.ts';
import { PERSON, type PersonRow, toPerson } from './people.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** `strangers`: those who are nobody here; `unproven`: of them, whoever is on the roster, and no code has shown that it is them. */
export interface Readers {
  people: Person[];
  strangers: number;
  unproven: number;
}

/**
 * The people behind these accounts, as far as the door knows them: by the link of their account, else, where there is none,
 * by a confirmed address. A link that is frozen or cut is nobody's; and whoever is more than an ACE user is nobody until a code
 * has proven the account, as anywhere else (`SERVED`).
 */
export async function readersAmong(
  store: Store,
  { platform, tenant }: { platform: string; tenant: string },
  readers: readonly { id: string; email?: string }[],
): Promise<Readers> {
  const rows = await rowsOf<PersonRow & { served: boolean }>(
    store,
    Prisma.sql`
    SELECT DISTINCT ON (r.id) ${PERSON}, (l.proven_at IS NOT NULL OR p.role = 'ACE user' OR NOT ${STRICT}) AS served
    FROM jsonb_to_recordset(${JSON.stringify(readers)}::text::jsonb) AS r(id text, email text)
    LEFT JOIN link l ON l.platform = ${platform} AND l.tenant = ${tenant} AND l.user_id = r.id
    JOIN person p ON p.role <> 'none' AND coalesce(l.state, 'live') = 'live'
      AND CASE WHEN l.person_id IS NOT NULL THEN p.id = l.person_id
        ELSE p.email = lower(r.email) OR p.other_emails @> ARRAY[lower(r.email)] END`,
  );
  const people = rows.filter(({ served }) => served).map(({ served: _, ...row }) => toPerson(row));
  const unproven = rows.length - people.length;
  return { people, strangers: readers.length - people.length, unproven };
}
