/** What one colleague has to write a word on, for whom they report to: the rest of a digest's part about them. */
import { dayIn } from '../pipeline/calendar.ts';
import { DIGEST_SECTIONS, type DigestSection, WORD_SECTIONS } from '../pipeline/digest.ts';
import type { Person } from '../pipeline/person.ts';
import type { Lines, Page } from '../views/list.ts';
import { ORDER_IN } from './desk.ts';
import { Prisma } from './generated/client.ts';
import { grouped } from './grouped.ts';
import { notPutOffBy } from './later.ts';
import { gathered, type LineRow, linesSql, toLines } from './lines.ts';
import { sectionsSql } from './sections.ts';
import { sight } from './sight.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';
import { PENDING } from './views.ts';

/**
 * By section, each deal once, where it is lost first: what that owner owns or was offered, as far as the reader may see it and
 * has not put it off; a page of each, by the reader's day. One statement.
 * @param off sections that are left out of that part.
 * @param only that section alone; a deal that belongs in an earlier one is none of it.
 */
export async function ownerLines(
  store: Store,
  {
    reader,
    owner,
    off,
    only,
  }: { reader: Person; owner: Person; off: readonly string[]; only?: DigestSection | undefined },
  now: Date,
  { page, pageSize }: Page,
): Promise<Map<DigestSection, Lines>> {
  const ground = gathered(
    Prisma.sql`d.gone_at IS NULL AND ${sight(reader)} AND ${isTheirs(owner)} AND ${notPutOffBy(reader.id, now)}`,
  );
  const where = sectionsSql(now, Prisma.sql`${dayIn(now, reader.timeZone)}::date`);
  const on = WORD_SECTIONS.filter((id) => !off.includes(id));
  const asked = on.filter((id) => only === undefined || id === only);
  if (asked.length === 0) return new Map();
  const arms = on.map((id) => Prisma.sql`WHEN ${where[id]} THEN ${id}`);
  const first = Prisma.sql`CASE ${Prisma.join(arms, ' ')} END`;
  const cut = { limit: pageSize, offset: (page - 1) * pageSize };
  const parts = asked.map((id) =>
    linesSql(ground, { id, where: Prisma.sql`${first} = ${id}`, order: ORDER_IN[id], ...cut }),
  );
  const rows = await rowsOf<LineRow>(store, Prisma.sql`${ground.head}${Prisma.join(parts, ' UNION ALL ')}`);
  const bySection = grouped(rows, ({ section }) => section);
  return new Map(
    DIGEST_SECTIONS.flatMap((id): [DigestSection, Lines][] => {
      const found = bySection.get(id);
      return found ? [[id, toLines(found)]] : [];
    }),
  );
}

const isTheirs = ({ id, email, otherEmails }: Person): Prisma.Sql => Prisma.sql`(
  d.owner_email = ANY(${[email, ...otherEmails]}::text[]) AND d.invited_at IS NULL
  OR ${PENDING} AND d.id = ANY(ARRAY(SELECT o.deal_id FROM offer o WHERE o.person_id = ${id}::uuid)))`;
