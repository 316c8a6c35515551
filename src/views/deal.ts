/** One deal: its card, and the private note with its people. */
import type { Change } from '../pipeline/change.ts';
import type { Contact, Deal } from '../pipeline/deal.ts';
import { reviewState } from '../pipeline/fields.ts';
import type { Person } from '../pipeline/person.ts';
import type { Reminding } from '../pipeline/reminder.ts';
import { oneLine } from '../pipeline/text.ts';
import { actionsOf, stillCalled, visibleSuccessor } from './actions.ts';
import { progressOf } from './change.ts';
import { factsOf } from './facts.ts';
import { remindersInWords } from './remind.ts';
import { contactInWords, longText, nameOf, stateInWords } from './terms.ts';
import { type Card, type Note, note } from './view.ts';

export { showButton } from './actions.ts';

/** What a card needs beside its deal. */
export interface About {
  version: number;
  /** The reader: buttons follow what they may do, moments are in their zone. */
  actor: Person;
  now: Date;
  /** Newest first: those that are open, and the last settled. */
  changes: Change[];
  /** What it became once accepted. */
  successor?: Deal;
  /** Who has flagged it, by their ids; only the reader's own flag is shown. */
  flaggedBy?: readonly string[];
  /** Who looks at it again when, the earliest first. */
  reminders?: readonly Reminding[];
}

/** The card of a deal for one reader, who must be allowed to see it. */
export function dealCard(deal: Deal, about: About): Card {
  const body = bodyOf(deal);
  const { timeZone } = about.actor;
  return {
    kind: 'card',
    title: nameOf(deal),
    subtitle: `${stateInWords(deal)} · ${oneLine(deal.id)}`,
    facts: factsOf(deal, { now: about.now, timeZone }, visibleSuccessor(about)),
    ...(body ? { body } : {}),
    ...happening(deal, about),
    ...actionsOf(deal, about),
    copyOf: { id: deal.id, version: about.version },
  };
}

/** Customer contacts and AWS's people, for whoever accepted it and nobody else: personal data, sent privately. */
export function contactsNote(deal: Deal): Note {
  const customer = deal.kind === 'referral' ? [] : deal.contacts;
  const aws = awsPeople(deal);
  const lines = [...people('Customer', customer), ...people('AWS', aws)];
  if (lines.length === 0) return note(`${nameOf(deal)}: AWS has given no contact details.`);
  const missing = customer.length === 0 ? ['AWS has given no customer contacts.'] : [];
  return note(`Contacts for ${nameOf(deal)} (only you see this)`, [...lines, ...missing]);
}

const MAX_BODY = 600;

/** How far the latest wishes have come, and who is called all the same. */
function happening(deal: Deal, about: About): Pick<Card, 'status' | 'progress'> {
  const { status, progress } = progressOf(about.changes, about.actor, about.now);
  const called = stillCalled(deal, about);
  const lines = [
    status,
    called && `AWS still calls ${oneLine(called.name) || 'somebody else'}`,
    ...remindersInWords(about),
  ];
  const said = lines.filter(Boolean).join(' · ');
  return { progress, ...(said ? { status: said } : {}) };
}

/** AWS's remark where it asks for something or has said no; else what the customer wants to solve. */
function bodyOf(deal: Deal): string {
  if (deal.kind === 'opportunity' && deal.reviewComments && ANSWERED.includes(reviewState(deal)))
    return longText(`AWS’s remark: ${deal.reviewComments}`, MAX_BODY);
  return longText(deal.businessProblem ?? '', MAX_BODY);
}

const ANSWERED = ['Action Required', 'Rejected'];

function awsPeople(deal: Deal): Contact[] {
  if (deal.kind === 'referral') return deal.awsContacts;
  return deal.kind === 'opportunity' ? (deal.aws?.contacts ?? []) : [];
}

const MOST_PEOPLE = 10;

const people = (side: string, contacts: Contact[]): string[] =>
  contacts
    .slice(0, MOST_PEOPLE)
    .map(contactInWords)
    .filter(Boolean)
    .map((words) => `${side}: ${words}`);
