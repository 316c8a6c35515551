/** Whom an account of a chat platform means. An e-mail finds a person once; it never authenticates. */
import type { Person } from './person.ts';

/**
 * Why an account is not served although a person was found. code: only a one-time code tells that it is them. frozen: its
 * address is not the linked person's any more. second: another account there is linked to that person. cut: the alliance
 * lead has ended its link.
 */
export type Bar = 'code' | 'frozen' | 'second' | 'cut';

/** Who acts, as their account makes them known; with a `barred` they may do nothing but prove who they are. */
export interface Actor extends Person {
  barred?: Bar;
}

/** Whose accounts an e-mail alone never opens outside practice mode: they see or change what is not their own. */
export const needsProof = ({ role }: Pick<Person, 'role'>): boolean =>
  role === 'alliance lead' || role === 'alliance team' || role === 'ACE manager';

/**
 * linked: the account is that person now. wrong: it is not their code, or they have none. expired: ten minutes are over.
 * used up: it was used before, or five tries are gone. held: another account there is linked to them.
 */
export type Redeemed = 'linked' | 'wrong' | 'expired' | 'used up' | 'held';

/** Without 0 and O, 1, I and L. Eight of these are about 40 bits, against five tries. */
export const CODE_LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
export const CODE_LENGTH = 8;
export const CODE_MINUTES = 10;
export const CODE_TRIES = 5;

/** "ABCD-EFGH". */
export const shownCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;

/** As somebody typed it: any case, with a dash, spaces or neither. Undefined when it cannot be a code. */
export function readCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replace(/[\s\p{Pd}]+/gu, '');
  return code.length === CODE_LENGTH && [...code].every((it) => CODE_LETTERS.includes(it)) ? code : undefined;
}
