/** Opens a practised Partner Central behind the real SDK client; every answer is read against the service model. */
import { PartnerCentralSellingClient } from '@aws-sdk/client-partnercentral-selling';
import { createPractice, type Practice, type PracticeOptions } from '../../src/practice/create.ts';
import type { Doc } from '../../src/practice/json.ts';
import type { WireRequest } from '../../src/practice/wire.ts';
import type { State, World } from '../../src/practice/world.ts';
import { faultsOf, faultsOfError } from './conformance.ts';

export const START = new Date('2026-11-23T10:15:30.123Z');

export interface Stage {
  client: PartnerCentralSellingClient;
  practice: Practice;
  /** The practice's clock: moves only when told to. */
  clock: { now: Date; pass(ms: number): void };
  /** A request as any client would send it, without the SDK's own opinions. */
  post(operation: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** What was wrong with any answer so far. */
  faults: string[];
  writes(): number;
  state: State;
}

export interface Answer {
  status: number;
  text: string;
  body: Doc;
  headers: Record<string, string>;
}

/** In memory, but through JSON text each time, as a database would keep it. */
export function memoryState(): State & { writes: number } {
  let text: string | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const read = (): World | undefined => (text === undefined ? undefined : JSON.parse(text));
  const state = {
    writes: 0,
    read: async () => read(),
    update<T>(move: (world: World | undefined) => { world: World; answer: T }): Promise<T> {
      const mine = turn.then(() => {
        move(read()); // A compare-and-set state may try a move twice: it must not matter.
        const { world, answer } = move(read());
        text = JSON.stringify(world);
        state.writes += 1;
        return answer;
      });
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
  return state;
}

export function open(options: Partial<PracticeOptions> = {}): Stage {
  const clock = {
    now: START,
    pass(ms: number) {
      clock.now = new Date(clock.now.getTime() + ms);
    },
  };
  const state = memoryState();
  const practice = createPractice({ state, now: () => clock.now, ...options });
  const faults: string[] = [];
  const handle = async (request: WireRequest) => {
    const result = await practice.handler.handle(request);
    const body = JSON.parse(new TextDecoder().decode(result.response.body));
    const operation = request.headers['x-amz-target']?.split('.')[1] ?? '';
    const type = String(body.__type ?? '').split('#')[1];
    faults.push(...(type ? faultsOfError(type, body) : faultsOf(operation, body)));
    return result;
  };
  const client = new PartnerCentralSellingClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: { ...practice.handler, handle },
  });
  const post = async (operation: string, body: unknown, headers: Record<string, string> = SIGNED) => {
    const target = { 'x-amz-target': `AWSPartnerCentralSelling.${operation}` };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const { response } = await handle({ headers: { ...target, ...headers }, body: text });
    const answer = new TextDecoder().decode(response.body);
    return { status: response.statusCode, text: answer, body: JSON.parse(answer), headers: response.headers };
  };
  return { client, practice, clock, post, faults, state, writes: () => state.writes };
}

export const SIGNED = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/partnercentral-selling/aws4_request, ' +
    `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
};

const NOT_ACCEPTED = ['Id', 'Arn', 'CreatedDate', 'OpportunityTeam', 'RelatedEntityIdentifiers'];

/** The whole record as a PUT sends it back. */
export function putBody(record: Doc): Doc {
  const kept = Object.entries(record).filter(([name]) => !NOT_ACCEPTED.includes(name));
  return { ...Object.fromEntries(kept), Identifier: record.Id ?? '' };
}

/** The id of a seeded opportunity. */
export async function opportunityOf({ practice }: Stage, company: string): Promise<string> {
  const { opportunities } = await practice.world();
  const found = Object.entries(opportunities).find(([, row]) => JSON.stringify(row.record).includes(company));
  if (!found) throw new Error(`No opportunity of ${company}`);
  return found[0];
}

/** The id of a seeded invitation. */
export async function invitationOf({ practice }: Stage, company: string): Promise<string> {
  const { invitations } = await practice.world();
  const found = Object.entries(invitations).find(([, row]) => JSON.stringify(row.record).includes(company));
  if (!found) throw new Error(`No invitation of ${company}`);
  return found[0];
}

export const Catalog = 'Sandbox';
