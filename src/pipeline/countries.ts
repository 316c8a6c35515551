/** Countries and states by their names. */
import { COUNTRIES, US_STATES } from './picklists.ts';

const NAMES = new Intl.DisplayNames('en', { type: 'region' });

/** Its English name; a text that is no code comes back as it is. */
export const countryName = (code: string): string =>
  /^[A-Z]{2}$/.test(code) ? (NAMES.of(code) ?? code) : code;

/** The code of a country by its code or its English name, in any case; undefined when AWS knows none. */
export const countryOf = (said: string): string | undefined =>
  COUNTRIES.find((code) => same(code, said) || same(countryName(code), said));

/** AWS's word for a state of the United States, in any case. */
export const usStateOf = (said: string): string | undefined => US_STATES.find((state) => same(state, said));

const same = (one: string, other: string): boolean =>
  one.toLowerCase().normalize('NFC') === other.trim().toLowerCase().normalize('NFC');
