/** What a person typed, from the text that Teams makes of it. Pure. */
import { decode } from 'html-entities';

/** `mark`: as it stands in the text, such as `<at>ace-desk</at>`. */
export interface Mention {
  mark: string;
  isOurs: boolean;
}

/** `<at>ace-desk</at>&nbsp;accept for <at>Tom Baker</at>` → `accept for Tom Baker`. Our own name goes, others stay as words. */
export function said(text: string, mentions: readonly Mention[]): string {
  const words = mentions.reduce(
    // By a function: in a text `$'` would be a pattern, and a name is whatever somebody chose.
    (rest, { mark, isOurs }) => rest.replaceAll(mark, () => (isOurs ? ' ' : nameIn(mark))),
    text,
  );
  return tidy(decode(words));
}

const nameIn = (mark: string): string => mark.replace(/<\/?at\b[^<>]*>/gi, '');

/** A message's body: HTML, or plain text. Its paragraphs become lines; what is no text (pictures, cards) goes. */
export function written(content: string, isHtml: boolean): string {
  if (!isHtml) return tidy(content);
  const lines = content
    .replace(/<(?:attachment|img|style|script)\b[^<>]*>/gi, '')
    .replace(/\r?\n/g, ' ')
    .replace(/<(?:br|\/p|\/div|\/li|\/h\d|\/tr|\/blockquote)\b[^<>]*>/gi, '\n')
    .replace(/<\/?[a-z][^<>]*>/gi, '');
  return tidy(decode(lines));
}

const tidy = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
