/** The way to Teams' connector, with our own time limit and our own mind on what is tried again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Log } from '../log.ts';
import type { Outgoing } from './card.ts';
import { type Conversations, clientsOf, type Page } from './client.ts';
import { type Account, anonymous, createCredentials, type FetchToken, fetcherOf } from './credentials.ts';
import type { Address, Connector, Member } from './door.ts';
import { ConnectorFault, type Fault, faultOf } from './faults.ts';
import { insist, type Kind, type Patience } from './retry.ts';

export interface ConnectorOptions {
  log: Log;
  /** Teams asks us to go slower there, for so long. */
  onSlow?(at: Pick<Address, 'tenant' | 'conversation'>, ms: number): void;
  /** For tests: the token, waiting, and the time limit of a call. */
  fetchToken?: FetchToken;
  patience?: Patience;
  timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
const REAL: Patience = {
  // Whoever stops the process does not wait for Teams.
  sleep: (ms) => sleep(ms, undefined, { ref: false }),
  now: () => new Date(),
  random: Math.random,
};

/** @param account undefined: practice mode on this machine, without tokens. Throws when it is not whole. */
export function createConnector(account: Account | undefined, options: ConnectorOptions): Connector {
  const call = callsOf(account, options);
  const bot = { id: account ? `28:${account.appId}` : 'ace-desk', name: 'ace-desk' };
  const addressed = (at: Address, activity: Outgoing) => ({
    ...activity,
    from: bot,
    conversation: { id: at.conversation },
  });
  return {
    send: (at, activity) =>
      call('once', at, async (conversations, limits) => {
        const [{ replyToId }, message] = [activity, addressed(at, activity)];
        return idOf(
          replyToId
            ? await conversations.replyToActivity(at.conversation, replyToId, message, limits)
            : await conversations.sendToConversation(at.conversation, message, limits),
        );
      }),
    update: (at, id, activity) =>
      call('again', at, async (conversations, limits) => {
        await conversations.updateActivity(at.conversation, id, { ...addressed(at, activity), id }, limits);
      }),
    open: (at, user) =>
      call('again', at, async (conversations, limits) => {
        const channelData = { tenant: { id: at.tenant } };
        const wanted = { bot, members: [{ id: user }], isGroup: false, tenantId: at.tenant, channelData };
        return idOf(await conversations.createConversation(wanted, limits));
      }),
    member: (at, user) =>
      call('again', at, async (conversations, limits) => {
        try {
          return toMember(await conversations.getConversationMember(at.conversation, user, limits));
        } catch (error) {
          const { status, code } = faultOf(error, NEVER);
          if (status === 404 && code && code !== 'ConversationNotFound') return undefined;
          throw error;
        }
      }),
    members: (at, most) =>
      membersOf(most, (continuationToken) =>
        call('again', at, (conversations, limits) =>
          conversations.getConversationPagedMembers(at.conversation, {
            ...limits,
            pageSize: PAGE,
            ...(continuationToken ? { continuationToken } : {}),
          }),
        ),
      ),
  };
}

/** Makes one call, as often as it takes. */
type Calls = <T>(
  kind: Kind,
  at: Pick<Address, 'serviceUrl' | 'tenant'> & { conversation?: string },
  work: (conversations: Conversations, limits: object) => Promise<T>,
) => Promise<T>;

function callsOf(account: Account | undefined, options: ConnectorOptions): Calls {
  const { log, onSlow, patience = REAL, timeoutMs = TIMEOUT_MS } = options;
  const fetchToken = options.fetchToken ?? (account ? fetcherOf(account) : undefined);
  const credentials = fetchToken
    ? createCredentials(fetchToken, () => patience.now().getTime(), timeoutMs)
    : anonymous;
  const clients = clientsOf();
  let isSaid = false;
  const note = ({ status, code, reason, retryAfterMs }: Fault, at: Parameters<Calls>[1]) => {
    if (status === 429) onSlow?.({ conversation: '', ...at }, retryAfterMs ?? 1000);
    if (status !== 401 && code !== 'NoToken') return;
    credentials.renew();
    if (!isSaid)
      log.error({ status, code, reason }, 'teams: no token, or one that is not taken; is the secret right?');
    isSaid = true;
  };
  return async (kind, at, work) => {
    const once = async (leftMs: number) => {
      const conversations = await clients(at.serviceUrl);
      // Not the client's own limit: it ends with the headers, and its timer outlives a lost answer.
      const abortSignal = AbortSignal.timeout(Math.min(timeoutMs, leftMs));
      return work(conversations, { abortSignal, customHeaders: await credentials.headers(abortSignal) });
    };
    const answered = await insist(kind, once, patience, (fault) => note(fault, at));
    isSaid = false;
    return answered;
  };
}

/** Page after page, until there are more than is asked for. */
async function membersOf(
  most: number,
  read: (continuationToken?: string) => Promise<Page>,
): Promise<{ members: Member[]; isWhole: boolean }> {
  const members: Member[] = [];
  let isRead = true;
  for (let token: string | undefined; ; ) {
    const page = await read(token);
    const found = (page.members ?? []).map(toMember);
    members.push(...found.filter((it) => it !== undefined));
    // Whoever cannot be read here reads there all the same.
    if (found.includes(undefined)) isRead = false;
    const next = page.continuationToken || undefined;
    // A token that leads to itself would never end.
    if (!next || next === token || members.length > most)
      return { members: members.slice(0, most), isWhole: isRead && !next && members.length <= most };
    token = next;
  }
}

const PAGE = 500;
/** Of a fault whose waiting time is not asked for. */
const NEVER = new Date(0);

const ROSTER = z.object({
  id: z.string().min(1),
  aadObjectId: z.string().nullish(),
  objectId: z.string().nullish(),
  tenantId: z.string().nullish(),
  email: z.string().nullish(),
  givenName: z.string().nullish(),
  surname: z.string().nullish(),
  userRole: z.string().nullish(),
});

function toMember(account: unknown): Member | undefined {
  const read = ROSTER.safeParse(account).data;
  if (!read) return undefined;
  const { id, tenantId, email, givenName, surname, userRole } = read;
  const user = read.aadObjectId || read.objectId;
  return {
    id,
    ...(user ? { user: user.toLowerCase() } : {}),
    ...(tenantId ? { tenant: tenantId.toLowerCase() } : {}),
    ...(email ? { email: email.toLowerCase() } : {}),
    ...(givenName ? { firstName: givenName } : {}),
    ...(surname ? { lastName: surname } : {}),
    isGuest: Boolean(userRole) && !['user', 'owner'].includes(userRole?.toLowerCase() ?? ''),
  };
}

/** An answer without one is no answer: the message may stand there. */
function idOf({ id }: { id?: string | undefined }): string {
  if (!id) throw new ConnectorFault({ code: 'NoId' });
  return id;
}
