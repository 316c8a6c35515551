/** Whoever holds the lease talks to AWS: the agent and the synchronisation live and end with it. */
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { type Agent, startAgent } from './partner-central/agent.ts';
import { createPartnerCentral, type PartnerCentral } from './partner-central/client.ts';
import { createPace, type Slots } from './partner-central/pace.ts';
import { createSync, type Sync } from './partner-central/sync.ts';
import type { Practice } from './practice/create.ts';
import { agentState, noteAgent } from './store/agent.ts';
import { type Lease, takeAgentLease } from './store/lease.ts';
import type { Store } from './store/store.ts';

export interface AwsSide {
  /** Reads what changed; does nothing where another process is the agent. */
  sync(): Promise<void>;
  /** Reads AWS's side of the open deals anew, likewise. */
  refresh(): Promise<void>;
  /** Whether this process is the agent. */
  isAgent(): boolean;
  stop(): Promise<void>;
}

export interface AwsSideParts {
  store: Store;
  config: Pick<Config, 'partnerCentral'>;
  /** Practice mode: plays AWS in this process. */
  practice?: Practice;
  /** The real quota also in practice mode (tests, bench). */
  realQuota?: boolean;
  log: Log;
  now: () => Date;
}

interface Duty {
  lease: Lease;
  aws: PartnerCentral;
  agent: Agent;
  sync: Sync;
}

const ASK_AGAIN_MS = 2_000;

/** Asks for the lease until it has it, and again when it is lost. */
export async function startAwsSide(parts: AwsSideParts): Promise<AwsSide> {
  const { store, log } = parts;
  let duty: Duty | undefined;
  let stopped = false;
  let asking: Promise<void> = Promise.resolve();
  let ending: Promise<void> = Promise.resolve();

  const ask = async () => {
    if (stopped || duty) return;
    try {
      const held = { isLost: false };
      const lease = await takeAgentLease(store, { onLost: () => lose(held) });
      if (!lease) return;
      const taken = await takeUp(parts, lease);
      if (held.isLost) return await giveUp(taken);
      duty = taken;
      void taken.sync.run();
    } catch (error) {
      log.warn({ err: error }, 'the lease to talk to AWS could not be taken; asking again');
    }
  };
  const lose = (held: { isLost: boolean }) => {
    held.isLost = true;
    log.warn('the lease to talk to AWS was lost; another process may have it');
    const lost = duty;
    duty = undefined;
    if (lost) ending = giveUp(lost);
  };

  const unlisten = await store.listen(
    'change_wanted',
    () => duty?.agent.wake(),
    () => duty?.agent.wake(),
  );
  await ask();
  const timer = setInterval(() => {
    asking = asking.then(ask);
  }, ASK_AGAIN_MS);

  return {
    sync: async () => duty?.sync.run(),
    refresh: async () => duty?.sync.refresh(),
    isAgent: () => duty !== undefined,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await asking;
      await unlisten();
      if (duty) await layDown(duty);
      await ending;
    },
  };
}

/** Gives the lease back when it throws, or nobody could ever have it. */
async function takeUp(parts: AwsSideParts, lease: Lease): Promise<Duty> {
  try {
    return begin(parts, lease, await agentState(parts.store));
  } catch (error) {
    await lease.release();
    throw error;
  }
}

function begin(
  { store, config, practice, realQuota, log, now }: AwsSideParts,
  lease: Lease,
  state: Slots,
): Duty {
  const { epoch } = lease;
  const paced = !practice || realQuota;
  const pace = createPace({
    now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    ...(paced
      ? { saved: state, save: (slots: Slots) => keepSlots(store, epoch, slots) }
      : { readsPerSecond: Infinity, writesPerSecond: Infinity }),
  });
  const { catalog, endpoint } = config.partnerCentral;
  const aws = createPartnerCentral({
    catalog: catalog === 'AWS' ? 'AWS' : 'Sandbox',
    region: 'us-east-1',
    pace,
    log,
    ...(endpoint ? { endpoint } : {}),
    ...(practice ? { requestHandler: practice.handler, credentials: PRACTICE_CREDENTIALS } : {}),
  });
  const agent = startAgent({ store, aws, epoch, log, now });
  return { lease, aws, agent, sync: createSync({ store, aws, epoch, log, now }) };
}

/** Practice mode asks that requests are signed, not by whom. */
const PRACTICE_CREDENTIALS = { accessKeyId: 'PRACTICE', secretAccessKey: 'practice' };

async function keepSlots(store: Store, epoch: bigint, slots: Slots): Promise<void> {
  if (!(await noteAgent(store, epoch, slots))) throw new Error('another process is the agent now');
}

/** Whoever stops a process waits about so long before killing it. */
const LAST_CALLS_MS = 8_000;

/** What is in hand is carried to its end, if that comes soon; a reading goes on with whoever comes next. */
async function layDown(duty: Duty): Promise<void> {
  const { lease, aws, agent, sync } = duty;
  const readingEnds = sync.stop();
  let late: Promise<void> | undefined;
  const timer = setTimeout(() => {
    late = giveUp(duty);
  }, LAST_CALLS_MS);
  await agent.stop();
  clearTimeout(timer);
  if (late) return late;
  aws.close();
  await readingEnds;
  await lease.release();
}

/** Another process may be the agent by now: nothing that has no slot yet goes out. */
async function giveUp({ lease, aws, agent, sync }: Duty): Promise<void> {
  const ended = [agent.drop(), sync.stop()];
  aws.close();
  await Promise.all(ended);
  await lease.release();
}
