/** Rejecting an invitation: what AWS reads as the reason. */
import { MAX_REJECTION_REASON, REJECTION_REASONS } from './picklists.ts';
import { length, oneLine } from './text.ts';

export type RejectionReason = (typeof REJECTION_REASONS)[number];

/** One of the reasons AWS names, and words of one's own. */
export interface Rejection {
  reason?: RejectionReason;
  /** On one line; empty where nothing was added. */
  own: string;
}

/** Errors by field, as the form shows them. */
export type RejectionErrors = { reason?: string; own?: string };

/** What was said, sorted: one of AWS's reasons in any case; anything else are own words, for the reason "Other". */
export function readRejection(said = '', own = ''): Rejection {
  const [words, more] = [oneLine(said), oneLine(own)];
  const reason = REJECTION_REASONS.find((it) => it.toLowerCase() === words.toLowerCase());
  if (reason) return { reason, own: more };
  const all = [words, more].filter(Boolean).join(' ');
  return all === '' ? { own: '' } : { reason: 'Other', own: all };
}

/**
 * The text for AWS: the reason, with own words behind it; own words alone where the reason is "Other". AWS takes 1 to 80
 * printable characters and no emoji (Partner Central model, RejectionReasonString).
 */
export function rejectionText({ reason, own }: Rejection): { text: string } | { errors: RejectionErrors } {
  if (!reason) return { errors: { reason: 'Choose why: AWS is told the reason.' } };
  const text = own === '' ? reason : reason === 'Other' ? own : `${reason}: ${own}`;
  const odd = text.match(NOT_TAKEN)?.[0];
  if (odd)
    return { errors: { own: `AWS takes no emoji or rare signs here, such as “${odd}”. Leave it out.` } };
  const over = length(text) - MAX_REJECTION_REASON;
  if (over <= 0) return { text };
  const counted = reason === 'Other' ? '' : ', the reason in front included';
  return {
    errors: {
      own: `${over} too many: AWS takes ${MAX_REJECTION_REASON} characters${counted}. Please shorten it.`,
    },
  };
}

// What the pattern of the model leaves out.
const NOT_TAKEN = /[^\u0020-\u007E\u00A0-\uD7FF\uE000-\uFFFD]/u;
