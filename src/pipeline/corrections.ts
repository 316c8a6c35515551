/** Corrections as people type them: "website https://acme.com; close date 2026-12-31". */
import { EDITABLE, type EditableId } from './fields.ts';
import type { Corrections } from './repair.ts';
import { clean, cut } from './text.ts';

/** What people call a field, beside its label. */
const CALLED: Partial<Record<EditableId, readonly string[]>> = {
  website: ['web site', 'url'],
  country: [],
  state: ['state', 'region'],
  city: [],
  street: ['street address'],
  postalCode: ['zip code', 'zip', 'postcode'],
  businessProblem: ['customer business problem', 'problem'],
  closeDate: ['target close date'],
  spendAmount: ['monthly recurring revenue', 'revenue', 'amount'],
  spendCurrency: [],
  estimationUrl: ['calculator link', 'estimate'],
  partnerId: ['own id', 'partner id'],
};

const NAMES: [name: string, field: EditableId][] = (Object.keys(CALLED) as EditableId[])
  .flatMap((field) =>
    [EDITABLE[field].label, ...(CALLED[field] ?? [])].map((name): [string, EditableId] => [
      name.toLowerCase(),
      field,
    ]),
  )
  // "state or region" before "state".
  .sort(([one], [other]) => other.length - one.length);

const START = new RegExp(
  `(?:^|[;\\n])[ \\t]*(${NAMES.map(([name]) => name.replaceAll(' ', '[ _-]')).join('|')})(?:\\s*[:=]\\s*|\\s+|$)`,
  'gi',
);

/**
 * Each begins with the name of its field, after a semicolon or on a new line; a semicolon before anything else belongs to
 * the text. Answers the new values, or what could not be read.
 */
export function readCorrections(text: string): { values: Corrections } | { problem: string } {
  const said = clean(text).trim();
  const starts = [...said.matchAll(START)];
  const unread = said.slice(0, starts[0]?.index ?? said.length).trim();
  if (unread !== '')
    return {
      problem: `I do not know which field “${cut(unread, 40)}” is about. Say it like this: “website https://acme.com; close date 2026-12-31”.`,
    };
  const values: Corrections = {};
  for (const [nth, start] of starts.entries()) {
    const field = fieldOf(start[1] ?? '');
    const value = said.slice(start.index + start[0].length, starts[nth + 1]?.index).replace(/[;\s]+$/, '');
    if (!field || value === '') return { problem: `“${start[1]}” is empty. Write its new value after it.` };
    if (values[field] !== undefined)
      return { problem: `“${EDITABLE[field].label}” is there twice. Which one is it?` };
    values[field] = value;
  }
  return { values };
}

const fieldOf = (said: string): EditableId | undefined => {
  const name = said.toLowerCase().replace(/[ _-]/g, ' ');
  return NAMES.find(([known]) => known === name)?.[1];
};
