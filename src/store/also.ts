/** What an act writes beside its Changes, as parts of its one statement. */
import { Prisma } from './generated/client.ts';

/**
 * Something more that the act writes, in the very statement of the act: it selects FROM acted, so that the same act twice
 * writes once, and ends with RETURNING or is a SELECT, so that its rows can be counted (a SELECT nobody reads is not carried
 * out: see sql.ts). Made by the store's other files: `offering`, `telling`, …
 */
export type Also = Prisma.Sql;

/** As further parts of a WITH, named also_0, also_1, … */
export const withAlso = (also: readonly Also[]): Prisma.Sql =>
  also.length === 0
    ? Prisma.empty
    : Prisma.sql`, ${Prisma.join(
        also.map((it, nth) => Prisma.sql`${Prisma.raw(`also_${nth}`)} AS (${it})`),
        ', ',
      )}`;

/** How many rows they wrote in all: asking is what has a SELECT carried out. */
export const countAlso = (also: readonly Also[]): Prisma.Sql =>
  also.length === 0
    ? Prisma.sql`0`
    : Prisma.join(
        also.map((_, nth) => Prisma.raw(`(SELECT count(*) FROM also_${nth})`)),
        ' + ',
      );
