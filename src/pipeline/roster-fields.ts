/** What may stand in a record of the roster, field by field; the words are for whoever typed it. */
import { type Colleague, ROLES, type Role } from './person.ts';
import { cut, length } from './text.ts';

/** AssignOpportunity takes at most so many characters of each (API, AssigneeContact). */
export const MAX_NAME = 80;
export const MAX_EMAIL = 80;
const MAX_OTHER_EMAILS = 10;

export type PlainField =
  | 'email'
  | 'firstName'
  | 'lastName'
  | 'role'
  | 'otherEmails'
  | 'country'
  | 'timeZone'
  | 'workingDays';
/** What it says of the person; an empty text in it means: none. */
export type Parsed = { set: Partial<Colleague> } | { error: string };

const LEAD: Role = 'alliance lead';
/** Any way a person may write a role. */
export const ROLE_WORDS: ReadonlyMap<string, Role> = new Map<string, Role>([
  ...ROLES.map((role): [string, Role] => [role.toLowerCase(), role]),
  ['user', 'ACE user'],
  ['manager', 'ACE manager'],
  ['team', 'alliance team'],
  ['lead', LEAD],
]);

/** Each takes cleaned text of one line; empty where nothing was said. */
export const PARSERS: Record<PlainField, (text: string) => Parsed> = {
  email,
  firstName: (text) => name(text, 'first') ?? { set: { firstName: text } },
  lastName: (text) => name(text, 'last') ?? { set: { lastName: text } },
  role: (text) => {
    const role = ROLE_WORDS.get(text.toLowerCase());
    return role ? { set: { role } } : { error: 'The roles are ACE user, ACE manager and alliance team.' };
  },
  otherEmails,
  country,
  timeZone,
  workingDays,
};

function name(text: string, which: 'first' | 'last'): { error: string } | undefined {
  const count = length(text);
  if (count === 0)
    return { error: `The ${which} name is missing; AWS asks for it when somebody becomes an owner.` };
  return count > MAX_NAME ? { error: `This has ${count} characters; AWS takes ${MAX_NAME}.` } : undefined;
}

// The API's own pattern (service model, shape Email).
const EMAIL =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** Whether Partner Central would take it; lower case. */
export const isEmail = (text: string): boolean => length(text) <= MAX_EMAIL && EMAIL.test(text);

function email(text: string): Parsed {
  const address = text.toLowerCase();
  if (address === '') return { error: 'The e-mail is missing.' };
  return isEmail(address)
    ? { set: { email: address } }
    : {
        error: `This is no e-mail that Partner Central takes: name@company.example, at most ${MAX_EMAIL} characters.`,
      };
}

function otherEmails(text: string): Parsed {
  const addresses = [
    ...new Set(
      text
        .toLowerCase()
        .split(/[\s,;]+/)
        .filter(Boolean),
    ),
  ];
  if (addresses.length > MAX_OTHER_EMAILS) return { error: `At most ${MAX_OTHER_EMAILS} other addresses.` };
  const wrong = addresses.find((it) => !isEmail(it));
  return wrong === undefined
    ? { set: { otherEmails: addresses } }
    : { error: `“${cut(wrong, MAX_EMAIL)}” is no e-mail.` };
}

/** ISO-3166 alpha-2, or the country's English name. */
function country(text: string): Parsed {
  if (text === '') return { set: { country: '' } };
  const code = /^[a-z]{2}$/i.test(text) ? today(text.toUpperCase()) : codeOf(text);
  return code && countryName(code)
    ? { set: { country: code } }
    : { error: 'Give the country by its two letters, such as DE, or its English name.' };
}

const NAMES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
// Codes that are no country's: unknown, the European Union and euro zone, the United Nations, test values.
const NO_COUNTRY = ['ZZ', 'EU', 'EZ', 'UN', 'XA', 'XB', 'QO'];

/** "Germany" for DE; undefined for what is no country's. */
export const countryName = (code: string): string | undefined =>
  NO_COUNTRY.includes(code) ? undefined : NAMES.of(code);

function codeOf(said: string): string | undefined {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  return codes.find(
    (code) => code === today(code) && countryName(code)?.toLowerCase() === said.toLowerCase(),
  );
}

/** Codes of before lead to those of today: UK is GB, DD is DE. */
const today = (code: string): string => new Intl.Locale(`und-${code}`).region ?? code;

function timeZone(text: string): Parsed {
  if (text === '') return { set: { timeZone: 'UTC' } };
  try {
    const { timeZone: zone } = new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions();
    if (zone.includes('/') || zone === 'UTC') return { set: { timeZone: zone } };
  } catch {
    // Not one that JavaScript knows; said below.
  }
  return { error: 'Give the time zone by its IANA name, such as Europe/Berlin or America/New_York.' };
}

export const DAY_NAMES = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;

/** "1,2,3", "Mon Tue", "Mon-Fri", "Sun-Thu". ISO weekdays, 1 is Monday. */
function workingDays(text: string): Parsed {
  if (text === '') return { set: { workingDays: [1, 2, 3, 4, 5] } };
  const days = new Set<number>();
  for (const part of text
    .replace(/\s*[-–—]\s*/g, '-')
    .split(/[\s,;/]+/)
    .filter(Boolean)) {
    const [from, to] = part.split('-').map(dayNumber);
    if (!from || (part.includes('-') && !to))
      return { error: 'Name the days, such as “Mon-Fri” or “Sun, Mon, Tue”.' };
    for (let day = from; ; day = (day % 7) + 1) {
      days.add(day);
      if (day === (to ?? from)) break;
    }
  }
  return { set: { workingDays: [...days].sort() } };
}

function dayNumber(said: string): number | undefined {
  if (/^[1-7]$/.test(said)) return Number(said);
  const at = DAY_NAMES.findIndex(
    (day) => said.length >= 2 && day.toLowerCase().startsWith(said.toLowerCase()),
  );
  return at < 0 ? undefined : at + 1;
}

/** "Mon–Fri"; days that do not follow each other stand apart: "Mon, Wed". */
export function daysInWords(days: readonly number[]): string {
  const short = (day: number) => (DAY_NAMES[day - 1] ?? '').slice(0, 3);
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return 'none';
  const isRun = days.length > 2 && last - first === days.length - 1;
  return isRun ? `${short(first)}–${short(last)}` : days.map(short).join(', ');
}
