/** One-time codes: a person's newest, for ten minutes and five tries, kept as a digest alone. */
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { CODE_LENGTH, CODE_LETTERS, CODE_MINUTES, CODE_TRIES, type Redeemed } from '../pipeline/identity.ts';
import { type Act, enact } from './changes.ts';
import { Prisma } from './generated/client.ts';
import type { Account } from './links.ts';
import { rowsOf } from './sql.ts';
import { sqlState, UNIQUE_VIOLATION } from './sql-error.ts';
import type { Store } from './store.ts';

/**
 * A new code for that person; the one before is void. `proves`: shown on a door that was proven itself, or by whoever runs
 * ace-desk; what it links is proven then.
 */
export async function issueCode(
  store: Store,
  personId: string,
  { proves, now }: { proves: boolean; now: Date },
): Promise<string> {
  const code = Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join(
    '',
  );
  const salt = randomBytes(16).toString('hex');
  const digest = createHash('sha256').update(`${salt}${code}`).digest('hex');
  const expiresAt = new Date(now.getTime() + CODE_MINUTES * 60_000);
  await rowsOf(
    store,
    Prisma.sql`
    INSERT INTO link_code (person_id, salt, digest, proves, expires_at)
    VALUES (${personId}::uuid, ${salt}, ${digest}, ${proves}, ${expiresAt}::timestamptz)
    ON CONFLICT (person_id) DO UPDATE SET salt = excluded.salt, digest = excluded.digest, proves = excluded.proves,
      tries = 0, expires_at = excluded.expires_at, used_by = NULL`,
  );
  return code;
}

/**
 * Tries that person's code for an account that their e-mail found. The try is counted and the right code used up and
 * turned into the link in one statement: no race gives a sixth try or a second use. What hangs on another person stays
 * there, but where it was cut off. The same act again answers as before.
 */
export async function redeem(
  store: Store,
  act: Act,
  account: Account,
  code: string,
  now: Date,
): Promise<Redeemed> {
  try {
    await enact(store, act, [tried(act, code, now), linked(act, account)]);
  } catch (error) {
    if (sqlState(error) === UNIQUE_VIOLATION) return 'held';
    throw error;
  }
  const [row] = await rowsOf<{ used_by: string | null; tries: number; expired: boolean }>(
    store,
    Prisma.sql`
    SELECT used_by, tries, expires_at <= ${now}::timestamptz AS expired FROM link_code WHERE person_id = ${act.personId}::uuid`,
  );
  if (!row) return 'wrong';
  if (row.used_by === act.key) return 'linked';
  if (row.used_by !== null || row.tries >= CODE_TRIES) return 'used up';
  return row.expired ? 'expired' : 'wrong';
}

/** `fits` when it was the right one; no row when there was nothing to try. */
const tried = ({ personId, key }: Act, code: string, now: Date): Prisma.Sql => Prisma.sql`
  UPDATE link_code c SET tries = c.tries + 1,
    used_by = CASE WHEN c.digest = encode(sha256(convert_to(c.salt || ${code}::text, 'UTF8')), 'hex') THEN ${key}::text END
  FROM acted WHERE c.person_id = ${personId}::uuid AND c.used_by IS NULL AND c.tries < ${CODE_TRIES}
    AND c.expires_at > ${now}::timestamptz
  RETURNING c.used_by IS NOT NULL AS fits, c.proves`;

const linked = ({ personId }: Act, { platform, tenant, user }: Account): Prisma.Sql => Prisma.sql`
  INSERT INTO link AS l (id, platform, tenant, user_id, person_id, state, way, proven_at)
  SELECT gen_random_uuid(), ${platform}, ${tenant}, ${user}, ${personId}::uuid, 'live', 'code',
    CASE WHEN t.proves THEN now() END
  FROM also_0 t WHERE t.fits
  ON CONFLICT (platform, tenant, user_id) DO UPDATE SET person_id = excluded.person_id, state = 'live', way = 'code',
    proven_at = coalesce(excluded.proven_at, CASE WHEN l.person_id = excluded.person_id THEN l.proven_at END),
    address = NULL, since = now()
  WHERE l.state = 'cut' OR l.person_id = excluded.person_id RETURNING l.id`;
