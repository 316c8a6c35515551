/** Whom to turn to. */
import type { Person } from '../pipeline/person.ts';
import { namesInWords, personName } from './people.ts';
import type { Link } from './view.ts';

export interface Support {
  /** SUPPORT_URL. */
  url?: string;
  /** Of the alliance; known to those who are let in. */
  leads: readonly Person[];
  /** The reader is one of them. */
  isLead?: boolean;
}

/** A link where the company has named one; else who decides about ace-desk, by name as far as the reader may know it. */
export function supportOf({ url, leads, isLead }: Support): { lines: string[]; links: Link[] } {
  if (url) return { lines: [], links: [{ label: 'Get support', url }] };
  return { lines: [`Something is wrong or unclear? ${isLead ? OF_THE_LEAD : askOne(leads)}`], links: [] };
}

const OF_THE_LEAD = 'Ask whoever runs ace-desk: others are sent to you, or to the address in SUPPORT_URL.';

function askOne(leads: readonly Person[]): string {
  const names = leads.map(personName);
  return names.length > 1
    ? `Ask your alliance leads, ${namesInWords(names)}.`
    : `Ask ${['your alliance lead', ...names].join(', ')}.`;
}
