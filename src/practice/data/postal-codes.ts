/** What AWS asks of postal codes (ACE data model, PostalCode, and the lists AWS publishes beside it). */

/** Countries where none is asked for. */
export const NO_POSTAL_CODES = `
AE AG AN AO AW BF BI BJ BO BQ BS BW BZ CF CG CI CK CM CW DJ DM ER FJ GD GH GM GQ GY HK HM KI KM KN LY
ML MO MR MW NR NU QA RW SB SC SH SL SR ST SY TF TG TK TL TO TV UG VU YE ZW`
  .trim()
  .split(/\s+/);

/** Formats checked on submission, of the countries that are practised with; others pass as they are. */
export const POSTAL_CODES: Record<string, RegExp> = {
  AU: /^\d{4}$/,
  BR: /^\d{5}(-?\d{3})?$/,
  CA: /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/,
  DE: /^\d{5}$/,
  ES: /^\d{5}$/,
  FR: /^\d{5}$/,
  IE: /^[A-Z]\d[\dW] ?[A-Z\d]{4}$/,
  IL: /^(\d{5}|\d{7})$/,
  IN: /^\d{3} ?\d{3}$/,
  IT: /^\d{5}$/,
  JP: /^\d{3}-?\d{4}$/,
  NL: /^\d{4} ?[A-Z]{2}$/,
  PT: /^\d{4}(-\d{3})?$/,
  US: /^\d{5}(-\d{4})?$/,
};
