/** One deal: its card, and the private note with its people. */
import type { Change } from '../pipeline/change.ts';
import type { Contact, Deal } from '../pipeline/deal.ts';
import { reviewState } from '../pipeline/fields.ts';
import type { Person } from '../pipeline/person.ts';
import { can } from '../pipeline/policy.ts';
import { successorOf } from '../pipeline/referral.ts';
import { oneLine } from '../pipeline/text.ts';
import { cancelButton, editButton, progressOf } from './change.ts';
import { factsOf } from './facts.ts';
import { contactInWords, longText, nameOf, stateInWords } from './terms.ts';
import { type Button, type Card, type Note, note } from './view.ts';

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
}

/** The card of a deal for one reader, who must be allowed to see it. */
export function dealCard(deal: Deal, about: About): Card {
  const body = bodyOf(deal);
  const more = moreButtons(deal, about);
  const { timeZone } = about.actor;
  return {
    kind: 'card',
    title: nameOf(deal),
    subtitle: `${stateInWords(deal)} · ${oneLine(deal.id)}`,
    facts: factsOf(deal, { now: about.now, timeZone }, visibleSuccessor(about)),
    ...(body ? { body } : {}),
    ...progressOf(about.changes, about.actor, about.now),
    buttons: [...acceptButton(deal, about), ...successorButtons(deal, about), ...nextStepButton(deal, about)],
    more,
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

/** "Next step…" opens a form. Shown where AWS takes one now, and where it can be queued behind AWS's lock. */
export function nextStepButton(deal: Deal, { actor, now, version }: Omit<About, 'changes'>): Button[] {
  const verdict = can(actor, 'next-step', deal, now);
  if (!verdict.yes && !verdict.locked) return [];
  return [{ verb: 'next-step', label: 'Next step…', input: hint(deal.id, version), opens: 'form' }];
}

/** "Accept", one tap; gone while somebody's acceptance is with AWS. */
export function acceptButton(deal: Deal, { actor, now, version, changes }: About): Button[] {
  const accepting = changes.some(({ wish, state }) => wish.kind === 'accept' && ACCEPTED.includes(state));
  if (accepting || !can(actor, 'accept', deal, now).yes) return [];
  return [{ verb: 'accept', label: 'Accept', style: 'primary', input: hint(deal.id, version) }];
}

/** "Show", for a line of a list or for what a deal became. */
export const showButton = (id: string, label = 'Show'): Button => ({ verb: 'show', label, input: { id } });

// Confirmed too: until the mirror has read the invitation again it still says PENDING.
const ACCEPTED: readonly Change['state'][] = ['requested', 'sending', 'waiting', 'confirmed'];
const MAX_BODY = 600;

const hint = (id: string, version: number) => ({ id, version: String(version) });

function visibleSuccessor({ successor, actor, now }: About): Deal | undefined {
  return successor && can(actor, 'see', successor, now).yes ? successor : undefined;
}

function successorButtons(deal: Deal, about: About): Button[] {
  const next = visibleSuccessor(about);
  const id = next?.id ?? (about.successor ? undefined : successorOf(deal));
  return id ? [showButton(id, `Show ${id}`)] : [];
}

function moreButtons(deal: Deal, { changes, actor }: About): Button[] {
  const mine = changes.filter(({ person }) => person.id === actor.id);
  const open = mine.find((change) => cancelButton(change) !== undefined);
  const recall = open ? [editButton(open), cancelButton(open)].filter((it) => it !== undefined) : [];
  return [{ verb: 'history', label: 'History', input: { id: deal.id } }, ...recall];
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
