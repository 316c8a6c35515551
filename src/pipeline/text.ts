/**
 * Text from customers and people is hostile: it may carry terminal sequences, invisible characters and marks that
 * turn a line around. Everything shown or stored goes through `clean` first. All functions are pure and never throw.
 */

/**
 * The same text without what cannot be seen or does something to a screen: escape sequences, control characters, bidi
 * overrides, embeddings and isolates, zero-width and tag characters, lone surrogates. Line ends become `\n`, tabs a
 * space. Emoji sequences (ZWJ, VS16, flags made of tags) and the joiners of Arabic and Indic scripts survive. NFC, with at
 * most 30 marks on a letter (no writing has more, UAX 15 “Stream-Safe Text Format”; putting more in order takes the square of
 * their number); cleaning twice changes nothing.
 */
export function clean(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replace(/\p{Surrogate}/gu, '')
    .replace(ESCAPE_SEQUENCE, '')
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(NEVER_SHOWN, '')
    .replace(TAGS, (found) => (FLAG.test(found) ? found : found.replace(/[\u{E0000}-\u{E007F}]/gu, '')))
    .replace(AFTER_PLAIN, (found) => found.replace(/[\u200C\u200D]/g, ''))
    .replace(/(?<!\p{Script=Han})[\u{E0100}-\u{E01EF}]/gu, '')
    .replace(/([\uFE00-\uFE0F])[\uFE00-\uFE0F]+/g, '$1')
    .replace(/(\p{M}{100})\p{M}+/gu, '$1')
    .normalize('NFC')
    .replace(/(\p{M}{30})\p{M}+/gu, '$1');
}

/** Clean, on one line: every run of white space is one space, none at the ends. */
export const oneLine = (text: string): string => clean(text).replace(/\s+/g, ' ').trim();

/** Unicode code points, as AWS counts its limits (Smithy, length trait); not UTF-16 units, not graphemes. */
export function length(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** At most `max` code points, ending with … where something was left out; a grapheme is never cut in half. */
export function cut(text: string, max: number): string {
  if (text.length <= max || length(text) <= max) return text;
  let kept = '';
  let left = max - 1;
  for (const { segment } of graphemes.segment(text)) {
    left -= length(segment);
    if (left < 0) break;
    kept += segment;
  }
  return max < 1 ? '' : `${kept.trimEnd()}…`;
}

/**
 * The address a text is; undefined where it is none. Not by URL.canParse: once Node 20 has optimised it, it denies
 * addresses with letters beyond Latin.
 */
export function toUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    // Rescues what is no address: that is the answer.
    return undefined;
  }
}

// Most texts: ASCII, Latin letters, dashes and quotes, with nothing among them that is ever removed or composed.
const PLAIN = /^[ -~\n\u00A0-\u02FF\u2010-\u2027]*$/;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: control characters are what these two are about

// OSC, DCS, SOS, PM and APC strings up to their end; CSI with its parameters; any other two-character escape. An
// unfinished one loses its introducer only, so that nobody can hide the rest of a text behind it. A body excludes
// introducers: the match stays linear on hostile input.
const ESCAPE_SEQUENCE =
  /(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x80-\x9f]*(?:\x07|\x1b\\|\x9c)|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-Z\\-~]/g;

// Controls but \n; zero-width space, BOM, word joiner and invisible operators; bidi embeddings, overrides, isolates and
// their deprecated kin; interlinear annotation. The plain marks LRM, RLM and ALM stay: Hebrew and Arabic need them.
const NEVER_SHOWN = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200B\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/g;

// biome-ignore-end lint/suspicious/noControlCharactersInRegex: back to plain text

// A run of tag characters with the black flag before it, where there is one.
const TAGS = /\u{1F3F4}?[\u{E0000}-\u{E007F}]+/gu;
const FLAG = /^\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,6}\u{E007F}$/u;

// Joiners after Latin letters, digits, punctuation and spaces join nothing: there they only make two names look alike.
const AFTER_PLAIN = /(?:^|[\p{Script=Latin}\p{N}\p{P}\p{Z}\n])[\p{M}\u200C\u200D]+/gu;

/** Said after a text that is no day: a weekday and a date, each of which is known, may not fit. */
export const weekdayHint = (said: string): string =>
  WEEKDAY_AND_DATE.test(said) ? ': do its weekday and its date fit?' : '.';

const WEEKDAY_AND_DATE =
  /^(?:(?:on|by|until|till)\s+)?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+(?:\d{4}-|\d{1,2}[a-z]*\s+[a-z]{3}|[a-z]{3,}\.?\s+\d)/i;
