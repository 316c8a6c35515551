/**
 * The law of the verbs, written down once more and apart from src/pipeline/policy.ts (sales guide, Permissions, Accessing
 * leads, Transferring ownership; Partner Central API, state machine): what a run has done is held against it.
 */
import type { Wish } from '../../src/pipeline/change.ts';
import type { Deal, Opportunity } from '../../src/pipeline/deal.ts';
import type { Person } from '../../src/pipeline/person.ts';
import type { Store } from '../../src/store/store.ts';

type Relation = 'all-seeing' | 'owner' | 'submitter' | 'offered';
type State =
  | 'pending'
  | 'over'
  | 'lead'
  | 'draft'
  | 'submitted'
  | 'in review'
  | 'action required'
  | 'approved'
  | 'rejected'
  | 'launched'
  | 'closed lost';

interface Article {
  of: Relation[];
  /** Absent: whatever its state. */
  in?: State[];
  /** Also in these, where it was queued until AWS is done. */
  queued?: State[];
  /** Of an opportunity that AWS referred, in these alone. */
  ofAws?: State[];
  /** Also of a Partner Solutions Finder lead, which only the alliance lead sees. */
  psf?: true;
}

const WHO_SEES: Relation[] = ['all-seeing', 'owner', 'submitter', 'offered'];
const IN_HAND: Relation[] = ['all-seeing', 'owner', 'submitter'];
const OPEN: State[] = ['draft', 'approved'];
const LOCKED: State[] = ['submitted', 'in review'];

const LAW: Record<string, Article> = {
  accept: { of: ['all-seeing', 'offered'], in: ['pending'], psf: true },
  'accept for others': { of: ['all-seeing'], in: ['pending'] },
  offer: { of: ['all-seeing'], in: ['pending'] },
  reject: { of: ['all-seeing', 'offered'], in: ['pending'], psf: true },
  'next-step': { of: IN_HAND, in: OPEN, queued: LOCKED },
  'change-stage': { of: IN_HAND, in: OPEN, queued: LOCKED },
  repair: { of: IN_HAND, in: ['action required'] },
  'update-lead': { of: ['all-seeing', 'owner'], in: ['lead'], psf: true },
  transfer: {
    of: ['all-seeing', 'owner'],
    in: ['draft', 'action required', 'approved', 'lead'],
    ofAws: ['approved'],
  },
  flag: { of: WHO_SEES, psf: true },
  unflag: { of: WHO_SEES, psf: true },
  waiting: { of: WHO_SEES, psf: true },
};

/** What somebody pressed, and the deal as it was at the time; AWS may have moved it while they pressed. */
export interface Scene {
  told: string;
  person: Person | undefined;
  deals: { deal: Deal; at: Date }[];
}

interface Done {
  key: string;
  verb: string;
  person_id: string;
  wishes: Wish[];
  queued: boolean;
}

/** What stands written in the database of these acts, whatever was answered, that the law does not allow. */
export async function forbiddenActs(store: Store, scenes: Map<string, Scene>): Promise<string[]> {
  const keys = [...scenes.keys()];
  const done = await store.prisma.$queryRaw<Done[]>`
    SELECT a.key, a.verb, a.person_id,
      (SELECT coalesce(json_agg(c.wish ORDER BY c.seq), '[]') FROM change c WHERE c.act_key = a.key) AS wishes,
      EXISTS (SELECT FROM change c, LATERAL (SELECT state FROM transition WHERE change_id = c.id ORDER BY id LIMIT 1) t
        WHERE c.act_key = a.key AND t.state = 'waiting') AS queued
    FROM act a WHERE a.key = ANY(${keys})`;
  return done.flatMap((act) => {
    const scene = scenes.get(act.key);
    if (!scene) return [];
    const { told, person, deals } = scene;
    if (person?.id !== act.person_id) return [`${told}: written down as somebody else’s`];
    const deed = deedOf(act, person);
    if (deals.some(({ deal, at }) => isLawful(person, deed, deal, at, act.queued))) return [];
    const stood = deals.map(({ deal, at }) => `${stateOf(deal, at)}, ${relationsOf(person, deal).join()}`);
    return [`${told}: “${deed}” was done by ${person.role} against the law (${stood.join(' → ')})`];
  });
}

/** Taken back or decided by somebody whose it was not. */
export async function decidedForOthers(store: Store): Promise<string[]> {
  const rows = await store.prisma.$queryRaw<{ deal_id: string; email: string }[]>`
    SELECT c.deal_id, p.email FROM transition t JOIN change c ON c.id = t.change_id JOIN person p ON p.id = t.person_id
    WHERE t.person_id <> c.person_id AND p.role IN ('ACE user', 'none')`;
  return rows.map(({ deal_id, email }) => `${email} decided what somebody else asked of ${deal_id}`);
}

function deedOf({ verb, wishes }: Done, { email }: Person): string {
  if (verb !== 'accept') return verb;
  const owner = wishes.flatMap((wish) => {
    if (wish.kind === 'assign') return [wish.to.email];
    return wish.kind === 'accept' && wish.for ? [wish.for.email] : [];
  });
  return owner.every((it) => it.toLowerCase() === email) ? 'accept' : 'accept for others';
}

function isLawful(person: Person, deed: string, deal: Deal, at: Date, queued: boolean): boolean {
  const article = LAW[deed];
  if (!article || (isPsf(deal) && !article.psf)) return false;
  const state = stateOf(deal, at);
  const isTheirs = deal.kind === 'opportunity' && deal.origin === 'AWS Referral';
  const among = (isTheirs && article.ofAws) || article.in;
  const takes = [...(among ?? [state]), ...(queued ? (article.queued ?? []) : [])];
  return takes.includes(state) && relationsOf(person, deal).some((it) => article.of.includes(it));
}

/** What this deal is to this person; nothing: they may not see it. */
export function relationsOf(person: Person | undefined, deal: Deal): Relation[] {
  if (!person || person.role === 'none') return [];
  if (person.role === 'alliance lead') return ['all-seeing'];
  if (isPsf(deal)) return [];
  if (person.role !== 'ACE user') return ['all-seeing'];
  const isMine = (email: string | undefined) => email?.toLowerCase() === person.email;
  if (deal.id.startsWith('engi-'))
    return deal.kind !== 'opportunity' && deal.offeredTo?.includes(person.id) ? ['offered'] : [];
  const owns = deal.kind !== 'referral' && isMine(deal.owner?.email);
  const submitted = deal.kind === 'opportunity' && isMine(deal.submittedBy);
  return [...(owns ? ['owner' as const] : []), ...(submitted ? ['submitter' as const] : [])];
}

const isPsf = (deal: Deal): boolean =>
  deal.kind === 'lead' && /solutions? finder/i.test(`${deal.source} ${deal.campaign}`);

function stateOf(deal: Deal, at: Date): State {
  if (deal.kind === 'opportunity') return reviewOf(deal);
  if (!deal.id.startsWith('engi-')) return 'lead';
  const invitation = deal.kind === 'lead' ? deal.invitation : deal;
  const isPending = invitation?.status === 'PENDING' && Date.parse(invitation.expiresAt) > at.getTime();
  return isPending ? 'pending' : 'over';
}

/** AWS says nothing of a referral of its own: it counts as approved. */
function reviewOf({ reviewStatus, origin, stage }: Opportunity): State {
  const status = reviewStatus ?? (origin === 'AWS Referral' ? 'Approved' : 'Pending Submission');
  if (status === 'Approved' && stage === 'Launched') return 'launched';
  if (status === 'Approved' && stage === 'Closed Lost') return 'closed lost';
  return status === 'Pending Submission' ? 'draft' : (status.toLowerCase() as State);
}
