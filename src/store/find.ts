/** Finding deals by what people type, and those that may be the same deal: only among what the reader may see. */
import type { Deal } from '../pipeline/deal.ts';
import { domainOf } from '../pipeline/domain.ts';
import type { Person } from '../pipeline/person.ts';
import { seesEverything } from '../pipeline/person.ts';
import { isShared } from '../pipeline/shared-hosts.ts';
import { LOADED_COLUMNS, type Loaded, type LoadedRow, toLoaded } from './deals.ts';
import { Prisma } from './generated/client.ts';
import { sight } from './sight.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** What was found, best first. */
export interface Found {
  deals: Loaded[];
  /** How many of these, from the first, are called exactly that: by id, or by the company's name in any case. */
  exact: number;
  /** There are more than were asked for. */
  more: boolean;
  /** Slips that had to be mended to find them, each with the words that stand there. */
  slips: Slip[];
}

export interface Slip {
  typed: string;
  meant: string[];
}

/**
 * By id, by the company's name, by its beginning, by words of it, by words of company and title: in that order; what is
 * over comes last of its kind. Case, accents, punctuation, emoji and the order of words do not matter. Where nothing
 * fits, one slip a word is mended, and only what then leads to a visible deal is told; how long that takes does not tell
 * whether there was anything to mend. An accepted referral is found as what it became, unless asked for by its id. One
 * statement, three where nothing fits as it was typed.
 */
export async function find(store: Store, actor: Person, phrase: string, limit: number): Promise<Found> {
  const hits = await best(store, actor, phrase, Prisma.sql`query_of(${phrase}::text)`, limit);
  if (hits.length > 0) return { ...taken(hits, limit), slips: [] };
  const guesses = await near(store, phrase);
  const mended = await best(store, actor, phrase, Prisma.sql`${toQuery(guesses)}::tsquery`, limit);
  return { ...taken(mended, limit), slips: slipsOf(guesses, mended.slice(0, limit)) };
}

interface Hit extends LoadedRow {
  rank: number;
  /** All of the deal's plain words. */
  words: string[];
}

const EXACT = 1;

/** Of each way of fitting at most so many are looked at: "data" may fit a third of the pipeline. */
const MOST = 300;

const taken = (hits: Hit[], limit: number) => ({
  deals: hits.slice(0, limit).map(toLoaded),
  exact: hits.slice(0, limit).filter(({ rank }) => rank <= EXACT).length,
  more: hits.length > limit,
});

/** One more than `limit`. */
function best(store: Store, actor: Person, phrase: string, query: Prisma.Sql, limit: number): Promise<Hit[]> {
  const plain = Prisma.sql`plain_of(${phrase}::text)`;
  const id = idOf(phrase);
  const begins = Prisma.sql`(${plain} <> '' AND n.company LIKE ${plain} || '%')`;
  return rowsOf<Hit>(
    store,
    Prisma.sql`
    WITH ${seesEverything(actor) ? among(plain, id, query) : amongTheirs(actor)}, ranked AS (
      SELECT n.deal_id, n.company, n.words,
        (d.stage IN ('Launched', 'Closed Lost') OR d.status IN ('Rejected', 'REJECTED', 'EXPIRED', 'Disqualified')) IS TRUE AS over,
        CASE WHEN d.id = ${id}::text THEN 0 WHEN lower(d.company) = lower(${phrase}::text) THEN ${EXACT}::int
          WHEN ${plain} <> '' AND n.company = ${plain} THEN 2 WHEN ${begins} THEN 3
          WHEN n.company_words @@ ${query} THEN 4 WHEN n.words @@ ${query} THEN 5 END AS rank
      FROM fits JOIN deal_name n ON n.deal_id = fits.deal_id JOIN deal d ON d.id = n.deal_id
      WHERE d.gone_at IS NULL AND (d.successor IS NULL OR d.id = ${id}::text) AND ${sight(actor)}
    ), best AS (
      SELECT *, row_number() OVER (ORDER BY rank, over, length(company), company, deal_id)::int AS nth
      FROM ranked WHERE rank IS NOT NULL ORDER BY nth LIMIT ${limit + 1}
    )
    SELECT ${LOADED_COLUMNS}, best.rank, tsvector_to_array(best.words) AS words
    FROM best JOIN deal d ON d.id = best.deal_id ORDER BY best.nth`,
  );
}

/** What an index finds, each by its own way; whether it may be seen is asked of these few. */
const among = (plain: Prisma.Sql, id: string, query: Prisma.Sql): Prisma.Sql => Prisma.sql`
  fits AS MATERIALIZED (
    SELECT ${id}::text AS deal_id
    UNION (SELECT n.deal_id FROM deal_name n WHERE n.company = ${plain} LIMIT ${MOST})
    UNION (SELECT n.deal_id FROM deal_name n WHERE ${plain} <> '' AND n.company LIKE ${plain} || '%'
      ORDER BY n.company USING ~<~ LIMIT ${MOST})
    UNION (SELECT n.deal_id FROM deal_name n WHERE n.company_words @@ ${query} LIMIT ${MOST})
    UNION (SELECT n.deal_id FROM deal_name n WHERE n.words @@ ${query} LIMIT ${MOST}))`;

/** An ACE user sees few of many: theirs are looked through, else what others own would crowd them out. */
const amongTheirs = (actor: Person): Prisma.Sql => Prisma.sql`
  fits AS MATERIALIZED (SELECT d.id AS deal_id FROM deal d WHERE d.gone_at IS NULL AND ${sight(actor)})`;

const idOf = (phrase: string): string => {
  const said = phrase.trim();
  return /^o\d+$/i.test(said) ? said.toUpperCase() : said.toLowerCase();
};

interface Guess extends Slip {
  nth: number;
}

/** The words of the phrase, each with those of the pipeline that are one slip away: of whatever deal, so never shown as such. */
const near = (store: Store, phrase: string): Promise<Guess[]> =>
  rowsOf<Guess>(
    store,
    Prisma.sql`
    SELECT t.nth::int AS nth, t.word AS typed, array_remove(array_agg(w.word ORDER BY w.word), NULL) AS meant
    FROM unnest(string_to_array(name_of(plain_of(${phrase}::text)), ' ')) WITH ORDINALITY t(word, nth)
    LEFT JOIN word w ON near_of(w.word) && near_of(t.word) AND w.word <> t.word
    WHERE t.word <> '' GROUP BY t.nth, t.word ORDER BY t.nth`,
  );

/** As the SQL function query_of makes it, with a choice of words where there was a slip. */
const toQuery = (guesses: Guess[]): string =>
  guesses
    .map(({ typed, meant }) => [`${lexeme(typed)}${typed.length > 2 ? ':*' : ''}`, ...meant.map(lexeme)])
    .map((choices) => `(${choices.join(' | ')})`)
    .join(' & ');

const lexeme = (word: string): string => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** Only words that stand in what was found, which is visible. */
function slipsOf(guesses: Guess[], hits: Hit[]): Slip[] {
  const words = new Set(hits.flatMap((hit) => hit.words));
  return guesses
    .filter(({ typed }) => ![...words].some((word) => word.startsWith(typed)))
    .map(({ typed, meant }) => ({ typed, meant: meant.filter((word) => words.has(word)) }))
    .filter(({ meant }) => meant.length > 0);
}

/**
 * Opportunities that we sent to AWS and that may be this deal: the customer's website is on the same host, or the company
 * has the same name (case, accents and legal form apart; a redacted one is none). Those that fit in both come first, then the newest. Neither
 * rejected nor lost ones, nor any that this person may not see.
 */
export async function duplicatesOf(
  store: Store,
  actor: Person,
  deal: Deal,
  limit: number,
): Promise<Loaded[]> {
  const domain = domainOf(deal.website);
  const own = domain && !isShared(domain) ? domain : null;
  const name = Prisma.sql`name_of(plain_of(${deal.company}::text))`;
  const rows = await rowsOf<LoadedRow>(
    store,
    Prisma.sql`
    WITH same AS (
      SELECT d.id, 1 AS by FROM deal d WHERE d.domain = ${own}::text AND ${OURS}
      UNION ALL
      SELECT d.id, 1 FROM deal_name n JOIN deal d ON d.id = n.deal_id WHERE n.name = ${name} AND n.name NOT IN ('', 'redacted') AND ${OURS}
    )
    SELECT ${LOADED_COLUMNS} FROM (SELECT id, sum(by) AS ways FROM same GROUP BY id) s JOIN deal d ON d.id = s.id
    WHERE d.id <> ${deal.id} AND ${sight(actor)} ORDER BY s.ways DESC, d.created_at DESC NULLS LAST, d.id LIMIT ${limit}`,
  );
  return rows.map(toLoaded);
}

// A draft is nothing that AWS knows: naming it as the duplicate would cost the referral for nothing.
const OURS = Prisma.sql`d.gone_at IS NULL AND d.kind = 'opportunity' AND d.origin = 'Partner Referral'
  AND d.status NOT IN ('Rejected', 'Pending Submission') AND d.stage <> 'Closed Lost'`;
