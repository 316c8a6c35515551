/** The buttons of a deal as data: what its reader may do with it now, and nothing that does not apply. */
import { type Change, isOpen } from '../pipeline/change.ts';
import type { Contact, Deal } from '../pipeline/deal.ts';
import { isPsf } from '../pipeline/lead.ts';
import { type Action, can } from '../pipeline/policy.ts';
import { isPending, successorOf } from '../pipeline/referral.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import type { Verb } from '../pipeline/verbs.ts';
import { cancelButton, conflictButtons, editButton } from './change.ts';
import type { About } from './deal.ts';
import type { Button } from './view.ts';

/** At most three in front, the rest in the overflow; what matters most comes first in each. */
export function actionsOf(deal: Deal, about: About): { buttons: Button[]; more: Button[] } {
  const front = [
    ...conflictButtons(about.changes, about.actor),
    ...successorButtons(deal, about),
    ...drawn(FRONT, deal, about),
    ...contactButton(deal, about),
  ];
  const more = [
    ...front.slice(MOST_IN_FRONT),
    ...drawn(OVERFLOW, deal, about),
    { verb: 'history', label: 'History', input: { id: deal.id } },
    ...recallButtons(about),
  ];
  return { buttons: front.slice(0, MOST_IN_FRONT), more };
}

/** "Show", for a line of a list or for what a deal became. */
export const showButton = (id: string, label = 'Show'): Button => ({ verb: 'show', label, input: { id } });

/** What the reader may see of what it became. */
export function visibleSuccessor({ successor, actor, now }: About): Deal | undefined {
  return successor && can(actor, 'see', successor, now).yes ? successor : undefined;
}

/**
 * Whom AWS still calls although somebody else owns it since a change of owner in the last days (sales guide, Contact
 * roles: AWS Sales may reach out to the AWS Partner sales contact).
 */
export function stillCalled(deal: Deal, { changes, now }: About): Contact | undefined {
  if (deal.kind !== 'opportunity' || !deal.owner || !deal.salesContact) return undefined;
  const { owner, salesContact } = deal;
  if (sameAddress(owner.email, salesContact.email)) return undefined;
  const assigns = changes.filter(({ wish }) => wish.kind === 'assign');
  if (assigns.some(({ state }) => isOpen(state))) return undefined;
  return assigns.some((change) => madeOwner(change, owner, now)) ? salesContact : undefined;
}

interface Offered {
  action: Action;
  /** Where it is not the action's own name. */
  verb?: Verb;
  label: string;
  style?: Button['style'];
  opens?: Button['opens'];
  confirm?: Button['confirm'];
  /** Beside the deal's id and version. */
  input?: Record<string, string>;
  where?: Button['where'];
  /** Also while AWS holds the record: what is asked is queued. */
  queues?: true;
  /** What the policy does not ask. */
  when?: (deal: Deal, about: About) => boolean;
}

const FORM = { opens: 'form' } as const;

const TRANSFER: Offered = { action: 'transfer', label: 'Transfer…', ...FORM };

const FRONT: readonly Offered[] = [
  { action: 'accept', label: 'Accept', style: 'primary', when: unanswered },
  { action: 'offer', label: 'Offer…', ...FORM, when: unanswered },
  { action: 'reject', label: 'Reject…', ...FORM, when: unanswered },
  { action: 'repair', label: 'Repair…', style: 'primary', ...FORM },
  {
    action: 'submit',
    verb: 'repair',
    label: 'Submit to AWS',
    input: { do: 'submit' },
    confirm: {
      title: 'Submit it again?',
      text: 'AWS reviews it as it stands now, and takes no changes until that is done.',
      yes: 'Submit it',
      no: 'Not yet',
    },
    when: isRepaired,
  },
  { action: 'next-step', label: 'Next step…', ...FORM, queues: true },
  { action: 'change-stage', label: 'Change stage…', ...FORM, queues: true },
  { action: 'update-lead', label: 'Update…', ...FORM },
  { ...TRANSFER, when: ({ kind }) => kind === 'lead' },
];

const OVERFLOW: readonly Offered[] = [
  {
    action: 'accept-for',
    verb: 'accept',
    label: 'Accept for…',
    input: { ask: 'person' },
    ...FORM,
    when: unanswered,
  },
  { ...TRANSFER, when: ({ kind }) => kind !== 'lead' },
  { action: 'flag', label: 'Flag', when: (deal, about) => !isFlagged(about) && livesOn(deal) },
  { action: 'flag', verb: 'unflag', label: 'Unflag', when: (_, about) => isFlagged(about) },
  { action: 'see', verb: 'remind', label: 'Remind me…', ...FORM, when: livesOn },
  { action: 'see', verb: 'post', label: 'Post here…', ...FORM, where: 'room', when: mayBePosted },
];

const MOST_IN_FRONT = 3;

function drawn(offered: readonly Offered[], deal: Deal, about: About): Button[] {
  return offered.filter((it) => applies(it, deal, about)).map((it) => toButton(it, deal, about.version));
}

function applies({ action, queues, when }: Offered, deal: Deal, about: About): boolean {
  const verdict = can(about.actor, action, deal, about.now);
  if (!verdict.yes && !(queues && verdict.locked)) return false;
  return when?.(deal, about) ?? true;
}

const toButton = (
  { action, verb = action, label, style, opens, confirm, input, where }: Offered,
  { id }: Deal,
  version: number,
): Button => ({
  verb,
  label,
  ...(style ? { style } : {}),
  input: { id, version: String(version), ...input },
  ...(opens ? { opens } : {}),
  ...(confirm ? { confirm } : {}),
  ...(where ? { where } : {}),
});

// Confirmed too: until the mirror has read the invitation again it still says PENDING.
const ANSWERING: readonly Change['state'][] = ['requested', 'sending', 'waiting', 'confirmed'];

/** Nobody's acceptance or rejection is with AWS. */
function unanswered(_: Deal, { changes }: About): boolean {
  return !changes.some(
    ({ wish, state }) => (wish.kind === 'accept' || wish.kind === 'reject') && ANSWERING.includes(state),
  );
}

/** We corrected it and AWS still asks; not while a submission is with AWS, or once AWS took it. Changes come newest first. */
function isRepaired(_: Deal, { changes }: About): boolean {
  const last = changes.find(
    ({ wish, verb, state }) => (wish.kind === 'submit' || verb === 'repair') && ANSWERING.includes(state),
  );
  return last?.wish.kind === 'update' && last.state === 'confirmed';
}

const isFlagged = ({ flaggedBy, actor }: About): boolean => flaggedBy?.includes(actor.id) ?? false;

/** A Partner Solutions Finder lead stands in no channel; of what is over nobody has to know any more. */
function mayBePosted(deal: Deal): boolean {
  return livesOn(deal) && (deal.kind !== 'lead' || !isPsf(deal));
}

/** There is something left to follow up. */
function livesOn(deal: Deal): boolean {
  return (
    deal.kind === 'opportunity' || isPending(deal) || (deal.kind === 'lead' && deal.id.startsWith('eng-'))
  );
}

function successorButtons(deal: Deal, about: About): Button[] {
  const next = visibleSuccessor(about);
  const id = next?.id ?? (about.successor ? undefined : successorOf(deal));
  return id ? [showButton(id, `Show ${id}`)] : [];
}

/** For whoever may transfer it. */
function contactButton(deal: Deal, about: About): Button[] {
  if (deal.kind !== 'opportunity' || !stillCalled(deal, about)) return [];
  if (!can(about.actor, 'transfer', deal, about.now).yes) return [];
  const { id, owner } = deal;
  const label = `Make ${cut(oneLine(owner?.name ?? ''), 40) || 'the owner'} the AWS sales contact`;
  return [{ verb: 'transfer', label, input: { id, contact: 'yes' } }];
}

/** Their own latest wish that AWS cannot have seen. */
function recallButtons({ changes, actor }: About): Button[] {
  const mine = changes.filter(({ person }) => person.id === actor.id);
  const open = mine.find((change) => cancelButton(change) !== undefined);
  return open ? [editButton(open), cancelButton(open)].filter((it) => it !== undefined) : [];
}

const A_WEEK_MS = 7 * 24 * 60 * 60 * 1000;

function madeOwner({ wish, state, settledAt }: Change, owner: Contact, now: Date): boolean {
  if (wish.kind !== 'assign' || wish.as || state !== 'confirmed' || !settledAt) return false;
  return sameAddress(wish.to.email, owner.email) && now.getTime() - Date.parse(settledAt) < A_WEEK_MS;
}

const sameAddress = (one = '', other = ''): boolean => one.toLowerCase() === other.toLowerCase();
