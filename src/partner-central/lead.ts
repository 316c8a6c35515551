/** Changing a lead: its status, and what happened with its contact. */
import type { Interaction, Wish } from '../pipeline/change.ts';
import type { Lead } from '../pipeline/deal.ts';
import type { Step } from '../store/agent.ts';
import type { Entry } from '../store/deals.ts';
import type { Hands } from './agent.ts';
import { noLonger } from './law.ts';
import { fromEngagement, leadContext } from './mapping.ts';
import { moment, newest, text } from './members.ts';
import { notShown } from './outcome.ts';
import { at, contextBody, listAt, sameText, valueAt } from './raw.ts';
import { idOf } from './read.ts';

type Updating = Extract<Wish, { kind: 'update-lead' }>;

const TRIES = 3;

/**
 * UpdateEngagementContext has an optimistic lock with microseconds: a stale reading is a conflict, never a second
 * interaction, so it is read anew and tried again.
 */
export async function updateLead(hands: Hands, wish: Updating): Promise<Step> {
  const { aws, job } = hands;
  const id = job.successor ?? job.dealId;
  for (let attempt = 1; ; attempt++) {
    const { json, requestId } = await aws.getEngagement(id);
    const [entry, context] = [fromEngagement(json), leadContext(json)];
    if (entry?.deal.kind !== 'lead')
      return { state: 'refused', answer: 'AWS no longer shows this as a lead.' };
    const stop: Step | undefined = holds(entry.deal, context, wish)
      ? { state: 'confirmed', ...idOf(requestId) }
      : await hindrance(hands, entry.deal, context, wish);
    if (stop) {
      await hands.mirror([entry]);
      return stop;
    }
    await hands.sending();
    try {
      const sent = await aws.updateEngagementContext(bodyOf(json, aws.catalog, context, wish));
      hands.wrote();
      return await readBack(hands, wish, entry, sent.requestId);
    } catch (error) {
      if ((error as Error).name !== 'ConflictException' || attempt >= TRIES) throw error;
    }
  }
}

const statusOf = ({ qualification = 'Open' }: Lead): string => qualification;

/** The very interaction: its words at its moment, which the wish has kept since it was asked. */
function holds(lead: Lead, context: unknown, { set, interaction }: Updating): boolean {
  return (set.status === undefined || statusOf(lead) === set.status) && isThere(context, interaction);
}

const isThere = (context: unknown, wanted: Interaction | undefined): boolean =>
  wanted === undefined ||
  interactionsOf(context).some(
    (one) =>
      sameText(valueAt(one, ['CustomerAction']), wanted.customerAction) &&
      sameMoment(text(one, 'InteractionDate'), wanted.at),
  );

/** AWS may keep fewer digits of a second than it was given. */
const sameMoment = (one: string | undefined, other: string): boolean =>
  Math.abs(Date.parse(moment(one) ?? '') - Date.parse(other)) < 1000;

/** Newest first. */
const interactionsOf = (context: unknown): unknown[] =>
  listAt(context, ['Payload', 'Lead', 'Interactions']).toSorted((a, b) =>
    newest(text(a, 'InteractionDate'), text(b, 'InteractionDate')),
  );

async function hindrance(
  hands: Hands,
  lead: Lead,
  context: unknown,
  wish: Updating,
): Promise<Step | undefined> {
  const stop = await noLonger(hands, lead);
  if (stop) return stop;
  if (wish.interaction && !isThere(context, wish.interaction) && !withContact(context))
    return { state: 'refused', answer: NO_CONTACT };
  const now = statusOf(lead);
  const known = [wish.base.status ?? 'Open', wish.set.status, ...earlierOf(hands)];
  if (wish.set.status === undefined || known.includes(now)) return undefined;
  const held = hands.job.sent ? 'theirs stays' : 'yours was not sent';
  return {
    state: 'conflict',
    answer: `Somebody else changed it meanwhile, so ${held}. Lead status: there now “${now}”, you wanted “${wish.set.status}”.`,
    found: { status: now },
  };
}

const NO_CONTACT =
  'Partner Central notes what happened with a contact, and this lead has none with name, e-mail and title. Add one there first; nothing was sent.';

/** What the same person's own earlier Changes have put there since. */
const earlierOf = ({ job }: Hands): string[] => job.earlier.flatMap(({ status }) => status ?? []);

function bodyOf(json: unknown, catalog: string, context: unknown, { set, interaction }: Updating): string {
  const isNew = interaction !== undefined && !isThere(context, interaction);
  return contextBody(json, catalog, context, {
    ...(set.status === undefined ? {} : { status: set.status }),
    ...(isNew ? { interaction: added(context, interaction) } : {}),
  });
}

const CARRIED_ON = ['SourceType', 'SourceId', 'SourceName', 'Usecase', 'BusinessProblem'];
const OF_A_CONTACT = ['BusinessTitle', 'Email', 'FirstName', 'LastName'];

/** AWS wants a whole one each time: where it came from and whom it was with are carried on from the newest. */
function added(context: unknown, { customerAction, at: when }: Interaction): Record<string, unknown> {
  const source = interactionsOf(context)[0];
  const carried = CARRIED_ON.map((member) => [member, at(source, [member])] as const);
  return {
    ...Object.fromEntries(carried.filter(([, value]) => value !== undefined)),
    Contact: at(withContact(context), ['Contact']),
    CustomerAction: customerAction,
    InteractionDate: when,
  };
}

/** The newest interaction whose contact has all that AWS requires of one. */
const withContact = (context: unknown): unknown =>
  interactionsOf(context).find((one) => OF_A_CONTACT.every((member) => text(one, 'Contact', member)));

async function readBack(
  hands: Hands,
  wish: Updating,
  before: Entry,
  requestId: string | undefined,
): Promise<Step> {
  const { json } = await hands.aws.getEngagement(before.deal.id);
  const after = fromEngagement(json);
  if (after?.deal.kind !== 'lead') return { state: 'confirmed', ...idOf(requestId) };
  await hands.mirror([after]);
  if (holds(after.deal, leadContext(json), wish)) return { state: 'confirmed', ...idOf(requestId) };
  const instead = 'AWS answered yes but kept what it had. Check the lead in Partner Central.';
  // The stamp has not moved: this reading is from before the write, and sending on it would meet the lock.
  return after.modified === before.modified
    ? notShown(hands, { what: 'the update of the lead', instead }, requestId)
    : { state: 'refused', answer: instead, ...idOf(requestId) };
}
