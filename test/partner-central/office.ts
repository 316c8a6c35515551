/** The agent alone with a database and a practised AWS: what people asked is written down as `request` does it. */

import { type Agent, startAgent } from '../../src/partner-central/agent.ts';
import { createPartnerCentral, type PartnerCentral } from '../../src/partner-central/client.ts';
import { createPace } from '../../src/partner-central/pace.ts';
import { createSync, type Sync } from '../../src/partner-central/sync.ts';
import type { Change, Wish } from '../../src/pipeline/change.ts';
import type { Lead, Opportunity } from '../../src/pipeline/deal.ts';
import { createPractice, type Practice } from '../../src/practice/create.ts';
import type { Doc } from '../../src/practice/json.ts';
import { practiceTeam } from '../../src/practice/team.ts';
import {
  type Refusal,
  toErrorResponse,
  type WireRequest,
  type WireResponse,
} from '../../src/practice/wire.ts';
import type { Effect } from '../../src/practice/world.ts';
import { changesById, request } from '../../src/store/changes.ts';
import { load } from '../../src/store/deals.ts';
import { takeAgentLease } from '../../src/store/lease.ts';
import { enrol, findPerson } from '../../src/store/people.ts';
import type { Store } from '../../src/store/store.ts';
import { faultsOfRequest } from '../practice/conformance.ts';
import { memoryState } from '../practice/support.ts';
import { silentLog, type TestDatabase } from '../support/databases.ts';

const team = practiceTeam();
const emailOf = (name: string) => team.find(({ firstName }) => firstName === name)?.email ?? '';
export const ANA = emailOf('Ana');
export const JONAS = emailOf('Jonas');
export const MINA = emailOf('Mina');
export const PRIYA = emailOf('Priya');
export const TOM = emailOf('Tom');
/** On the roster under another address than the one by which Partner Central knows her. */
export const LUCIA = 'lucia@chat.partner.example';
export const named = (email: string) => {
  const { firstName = '', lastName = '' } = team.find((one) => one.email === email) ?? {};
  return { email, firstName, lastName };
};

/** Holds something back until it is opened. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** A request as it arrived. */
interface Seen {
  operation: string;
  text: string;
}

/** Stands between the client and AWS; undefined lets the call through. */
type Between = (seen: Seen) => Promise<WireResponse | undefined> | WireResponse | undefined;

export interface Office {
  store: Store;
  practice: Practice;
  aws: PartnerCentral;
  sync: Sync;
  epoch: bigint;
  /** Every request, oldest first. */
  seen: Seen[];
  between(what: Between | undefined): void;
  /** AWS says no to the next call of that operation. */
  refuseOnce(operation: string, refusal: Refusal): void;
  /** Asks as a person does; answers the Changes' ids. */
  ask(dealId: string, wishes: Wish | Wish[], as?: string): Promise<string[]>;
  change(id: string | undefined): Promise<Change>;
  /** Waits for its end. */
  settled(id: string | undefined): Promise<Change>;
  waits(id: string | undefined, waitsFor: string): Promise<void>;
  /** As if the rest before the next try were over. */
  noRest(): Promise<void>;
  opportunity(id: string): Promise<Opportunity>;
  lead(id: string): Promise<Lead>;
  /** AWS's own record. */
  record(id: string): Promise<Doc>;
  applied(id: string): Promise<Effect[]>;
  /** An opportunity that fits, by AWS's record; each is given out once. */
  pick(fits: (deal: Opportunity) => boolean): Promise<string>;
  /** A lead that was accepted, with what its first interaction says. */
  accepted(as?: string): Promise<string>;
  /** @throws when a request did not keep to the service model, where that file is at hand. */
  stop(): Promise<void>;
}

export async function openOffice(database: TestDatabase): Promise<Office> {
  const store = await database.open();
  const now = () => new Date();
  const known = emailOf('Lucía');
  await enrol(
    store,
    team.map((one) => (one.email === known ? { ...one, email: LUCIA } : one)),
  );
  await store.prisma.person.update({ where: { email: LUCIA }, data: { otherEmails: [known] } });
  const lease = await takeAgentLease(store, { onLost: () => {} });
  if (!lease) throw new Error('Nobody else has it.');
  const { epoch } = lease;
  const practice = createPractice({ state: memoryState(), now });
  const seen: Seen[] = [];
  let between: Between | undefined;
  const handle = async (call: WireRequest) => {
    const operation = call.headers['x-amz-target']?.split('.')[1] ?? '';
    const text = call.body instanceof Uint8Array ? new TextDecoder().decode(call.body) : String(call.body);
    seen.push({ operation, text });
    const response = await between?.({ operation, text });
    return response ? { response } : practice.handler.handle(call);
  };
  const aws = createPartnerCentral({
    ...{ catalog: 'Sandbox', region: 'us-east-1', log: silentLog },
    credentials: { accessKeyId: 'PRACTICE', secretAccessKey: 'practice' },
    requestHandler: { ...practice.handler, handle },
    pace: createPace({ now, sleep: async () => {}, readsPerSecond: Infinity, writesPerSecond: Infinity }),
  });
  const sync = createSync({ store, aws, epoch, log: silentLog, now });
  await sync.run();
  const agent = startAgent({ store, aws, epoch, log: silentLog, now });
  const office: Omit<Office, 'pick' | 'accepted'> = {
    ...{ store, practice, aws, sync, epoch, seen },
    ...asking(store, agent),
    between(what) {
      between = what;
    },
    refuseOnce(operation, refusal) {
      between = (call) => {
        if (call.operation !== operation) return undefined;
        between = undefined;
        return toErrorResponse(refusal);
      };
    },
    opportunity: async (id) => (await load(store, id))?.deal as Opportunity,
    lead: async (id) => (await load(store, id))?.deal as Lead,
    async record(id) {
      const { opportunities, engagements, invitations } = await practice.world();
      return (opportunities[id]?.record ?? engagements[id] ?? invitations[id]?.record) as Doc;
    },
    applied: async (id) => (await practice.world()).applied.filter((one) => one.id === id),
    async stop() {
      await agent.stop();
      await sync.stop();
      await lease.release();
      await store.close();
      const faults = seen.flatMap(({ operation, text }) => faultsOfRequest(operation, JSON.parse(text)));
      if (faults.length > 0) throw new Error(`AWS would not read this: ${[...new Set(faults)].join('; ')}`);
    },
  };
  return { ...office, pick: picking(store), accepted: (as) => acceptedLead(office, as) };
}

/** Fails after 20 seconds with what it waited for. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`It never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

let serial = 0;

function asking(store: Store, agent: Agent) {
  const change = async (id = ''): Promise<Change> => {
    const [found] = await changesById(store, [id]);
    if (!found) throw new Error(`No Change ${id}`);
    return found;
  };
  return {
    change,
    async ask(dealId: string, wishes: Wish | Wish[], as = ANA): Promise<string[]> {
      const person = await findPerson(store, as);
      const { version } = await store.prisma.deal.findUniqueOrThrow({ where: { id: dealId } });
      const act = {
        ...{ key: `k${++serial}`, verb: 'test', personId: person?.id ?? '', source: { platform: 'console' } },
        until: new Date(Date.now() + 60_000),
      };
      const asked = await request(
        store,
        act,
        { id: dealId, version },
        [wishes].flat().map((wish) => ({ wish })),
      );
      if (asked.outcome !== 'taken') throw new Error(asked.outcome);
      agent.wake();
      return asked.changeIds;
    },
    async settled(id: string | undefined): Promise<Change> {
      await until(`the end of ${JSON.stringify((await change(id)).wish)}`, async () => {
        agent.wake();
        return (await change(id)).settledAt !== undefined;
      });
      return change(id);
    },
    async waits(id: string | undefined, waitsFor: string): Promise<void> {
      await until(`it waits: ${waitsFor}`, async () => (await change(id)).waitsFor === waitsFor);
    },
    async noRest(): Promise<void> {
      await store.prisma.change.updateMany({ where: { state: 'waiting' }, data: { dueAt: new Date(0) } });
      agent.wake();
    },
  };
}

function picking(store: Store) {
  const given = new Set<string>();
  return async (fits: (deal: Opportunity) => boolean): Promise<string> => {
    const rows = await store.prisma.deal.findMany({
      where: { kind: 'opportunity', goneAt: null },
      orderBy: { id: 'asc' },
    });
    const deals = rows.map(({ detail }) => detail as unknown as Opportunity);
    const found = deals.find((deal) => !given.has(deal.id) && fits(deal));
    if (!found) throw new Error('The practised pipeline has no such opportunity left.');
    given.add(found.id);
    return found.id;
  };
}

async function acceptedLead(
  { practice, sync, ask, settled, store }: Omit<Office, 'pick' | 'accepted'>,
  as?: string,
): Promise<string> {
  const id = await practice.script.newLead();
  await sync.run();
  const [changeId] = await ask(id, { kind: 'accept' }, as);
  await settled(changeId);
  const { successor } = await store.prisma.deal.findUniqueOrThrow({ where: { id } });
  return successor ?? '';
}
