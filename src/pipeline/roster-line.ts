/** What is typed after “people”. Pure. */
import { isEmail, ROLE_WORDS } from './roster-fields.ts';

/** The members of the command's input that a line fills. */
export interface Errand {
  do?: 'add' | 'edit' | 'grant' | 'revoke' | 'import' | 'terms';
  /** A name, an e-mail, or for somebody new "e-mail first last". */
  who?: string;
  role?: string;
  csv?: string;
  acceptedOn?: string;
  page?: string;
  sure?: 'yes';
}

/** "", "2", "Priya", "grant priya@x.example: ACE user", "revoke Tom (yes)", "import …", "terms 2024-03-01". */
export function errandOf(what: string): Errand {
  const said = what.trim();
  const page = /^(?:page )?(\d{1,3})$/i.exec(said)?.[1];
  if (said === '' || page) return page ? { page } : {};
  const [, verb = '', tail = ''] = /^([a-z]+)\b[\s:]*([\s\S]*)$/i.exec(said) ?? [];
  const read = ERRANDS[verb.toLowerCase()];
  return read ? read(tail.trim()) : { who: said };
}

const ERRANDS: Record<string, (tail: string) => Errand> = {
  add: (tail) => (tail === '' ? { do: 'add' } : grant(tail)),
  grant,
  make: grant,
  edit: (tail) => ({ do: 'edit', who: tail }),
  revoke,
  remove: revoke,
  import: (tail) => ({ do: 'import', ...(tail ? { csv: tail } : {}) }),
  terms: (tail) => ({ do: 'terms', ...(tail ? { acceptedOn: tail } : {}) }),
};

/** The role stands last, behind a colon or not; behind a colon it is one, known or not. */
function grant(tail: string): Errand {
  const role = [...ROLE_WORDS.keys()]
    .sort((one, other) => other.length - one.length)
    .find((word) => new RegExp(`(?:^|[\\s:])${word}$`, 'i').test(tail));
  const colon = role ? -1 : tail.lastIndexOf(':');
  const [name, unknown] = [tail.slice(0, Math.max(0, colon)).trim(), tail.slice(colon + 1).trim()];
  if (name && unknown) return { do: 'grant', who: name, role: unknown };
  const who = role ? tail.slice(0, -role.length) : tail;
  return {
    do: 'grant',
    who: who.replace(/[\s:]*(?:\b(?:as|to be|an?|the)\b[\s:]*)*$/i, '').trim(),
    ...(role ? { role } : {}),
  };
}

function revoke(tail: string): Errand {
  const [, who = '', sure] = /^([\s\S]*?)\s*(\(yes\))?$/i.exec(tail) ?? [];
  return { do: 'revoke', who, ...(sure ? { sure: 'yes' } : {}) };
}

/** "priya@x.example Priya Raman", "Priya Raman <priya@x.example>" → somebody new; undefined where there is no e-mail. */
export function newcomerIn(
  who: string,
): { email: string; firstName?: string; lastName?: string } | undefined {
  const parts = who.split(/[\s<>(),]+/).filter(Boolean);
  const email = parts.find((part) => isEmail(part.toLowerCase()));
  if (!email) return undefined;
  const names = parts.filter((part) => part !== email);
  const lastName = names.length > 1 ? names.at(-1) : undefined;
  const firstName = names.slice(0, lastName === undefined ? 1 : -1).join(' ');
  return {
    email: email.toLowerCase(),
    ...(firstName ? { firstName } : {}),
    ...(lastName ? { lastName } : {}),
  };
}

/** Without a name given: ana.silva@… is most likely Ana Silva. Both may be wrong; whoever grants sees them. */
export function nameFrom(email: string): { firstName: string; lastName: string } {
  const words = email
    .replace(/@.*/, '')
    .split(/[._+-]+/)
    .filter(Boolean)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const [firstName = email, ...rest] = words;
  return { firstName, lastName: rest.join(' ') };
}
