/** A list of colleagues as CSV, from a spreadsheet or another tool. Pure: it reads, `enter` checks. */
import { CsvError, parse } from 'csv-parse/sync';
import { ROSTER_FIELDS, type RosterField } from './roster.ts';
import type { Row } from './roster-entry.ts';
import { clean, cut, oneLine } from './text.ts';

/** What Slack takes in one field, and more than anybody pastes by hand. */
export const MAX_CSV = 3000;

/** `line`: counted from 1, as an editor shows it. */
export type CsvRow = Row & { line: number };
export interface Fault {
  line: number;
  error: string;
}

/** Ways a heading may be written, without spaces, hyphens and case. */
const HEADINGS: Record<RosterField, readonly string[]> = {
  email: ['email', 'mail', 'emailaddress'],
  firstName: ['firstname', 'givenname', 'first'],
  lastName: ['lastname', 'surname', 'familyname', 'last'],
  role: ['role', 'acerole'],
  otherEmails: ['otheremails', 'otheremailaddresses', 'otheraddresses'],
  reportsTo: ['reportsto', 'manager'],
  backup: ['backup', 'deputy'],
  country: ['country', 'countrycode'],
  timeZone: ['timezone'],
  workingDays: ['workingdays', 'workdays'],
};
/** In one line, as a script writes it. */
export const CSV_EXAMPLE = 'email,first name,last name,role|priya@company.example,Priya,Raman,ACE user';
const SHAPE = `The first line names the columns, each further line is a person; “|” may stand for a line’s end: ${CSV_EXAMPLE}`;

const NEEDED: readonly RosterField[] = ['email', 'firstName', 'lastName', 'role'];

/**
 * The first line names the columns, in any order; separated by commas, semicolons or tabs; quotes as spreadsheets write
 * them; a byte order mark is skipped. Where there is but one line, “|” stands for its end (the console takes one line).
 */
export function fromCsv(text: string): { rows: CsvRow[] } | { errors: Fault[] } {
  const whole = text.includes('\n') || !text.includes('|') ? text : text.replaceAll('|', '\n');
  const read = linesOf(whole.replace(/\r\n?/g, '\n'));
  if ('error' in read) return { errors: [read] };
  const [head, ...body] = read.lines;
  if (!head) return { errors: [{ line: 1, error: `There is nothing here. ${SHAPE}` }] };
  const columns = head.cells.map(fieldOf);
  const wrong = wrongHeadings(head.cells, columns);
  if (wrong) return { errors: [{ line: head.line, error: wrong }] };
  if (body.length === 0)
    return {
      errors: [{ line: head.line, error: `Below the names of the columns there is nobody. ${SHAPE}` }],
    };
  const errors = body.flatMap(({ line, cells }) =>
    cells.length > columns.length
      ? [
          {
            line,
            error: `There are ${cells.length} values for ${columns.length} columns. Is a value with a separator in quotes?`,
          },
        ]
      : [],
  );
  return errors.length > 0 ? { errors } : { rows: body.map((it) => toRow(it, columns)) };
}

interface Line {
  line: number;
  cells: string[];
}

function linesOf(text: string): { lines: Line[] } | Fault {
  const lines: Line[] = [];
  try {
    parse(text, {
      bom: true,
      delimiter: separatorOf(text),
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
      on_record: (cells: string[], { lines: line }) => {
        lines.push({ line, cells });
        return null;
      },
    });
    return { lines };
  } catch (error) {
    // Rescues a list that is no CSV: its author is told where.
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? error.lines : 1;
    return error.code === 'CSV_QUOTE_NOT_CLOSED'
      ? { line, error: 'It ends inside quotes: a quotation mark above is opened and never closed.' }
      : { line, error: 'A quotation mark stands in the wrong place. Inside quotes write it twice.' };
  }
}

/** Whichever the first line holds most of. */
function separatorOf(text: string): string {
  const head = text.split('\n', 1)[0] ?? '';
  const many = (mark: string) => head.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (many(mark) > many(best) ? mark : best));
}

const fieldOf = (heading: string): RosterField | undefined => {
  const plain = oneLine(heading)
    .toLowerCase()
    .replace(/[^a-z]/g, '');
  return ROSTER_FIELDS.find((field) => HEADINGS[field].includes(plain));
};

function wrongHeadings(cells: string[], columns: (RosterField | undefined)[]): string | undefined {
  const unknown = cells.find((_, at) => columns[at] === undefined);
  if (unknown !== undefined)
    return `I know no column “${cut(oneLine(unknown), 40)}”. There are: ${COLUMNS.join(', ')}. ${SHAPE}`;
  if (new Set(columns).size < columns.length) return 'A column stands here twice.';
  const missing = NEEDED.filter((field) => !columns.includes(field));
  return missing.length > 0
    ? `Missing: ${missing.map((field) => NAMES[field]).join(', ')}. ${SHAPE}`
    : undefined;
}

function toRow({ line, cells }: Line, columns: (RosterField | undefined)[]): CsvRow {
  const answers = columns.flatMap((field, at) => (field ? [[field, clean(cells[at] ?? '')]] : []));
  return { line, answers: Object.fromEntries(answers) };
}

/** A column as people read it. */
const NAMES: Record<RosterField, string> = {
  email: 'e-mail',
  firstName: 'first name',
  lastName: 'last name',
  role: 'role',
  otherEmails: 'other e-mails',
  reportsTo: 'reports to',
  backup: 'backup',
  country: 'country',
  timeZone: 'time zone',
  workingDays: 'working days',
};
/** All columns there are, as people read them. */
export const COLUMNS: readonly string[] = ROSTER_FIELDS.map((field) => NAMES[field]);
export const columnName = (field: RosterField): string => NAMES[field];
