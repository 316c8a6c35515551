/** The practised Partner Central: put its handler into the real SDK client and it is AWS, in process. */
import type { Doc } from './json.ts';
import { createKeep } from './keep.ts';
import type { Operation, PartnerPath, Turn } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { AWS_PER_DAY, createDay, createRate, type PerDay, type TakeQuota, throttled } from './quota.ts';
import { createScript, type Script } from './script.ts';
import { seed, withSolutions } from './seed.ts';
import { assertSigned } from './signature.ts';
import { settled } from './tasks.ts';
import { practiceTeam, withLead } from './team.ts';
import {
  fromBody,
  Refusal,
  toErrorResponse,
  toResponse,
  type WireRequest,
  type WireResponse,
} from './wire.ts';
import { runScript } from './words.ts';
import { emptied, type State, type Weather, type World } from './world.ts';

export interface PracticeOptions {
  /** Where the world lives; an empty one is seeded at the first call. */
  state: State;
  now: () => Date;
  /** real: 10 reads and 1 write a second, ThrottlingException beyond. generous (default): no limit. */
  quota?: 'generous' | 'real';
  /** Calls in any 24 hours; AWS's own figures with the real quota, none with the generous one. */
  perDay?: PerDay;
  /** AWS asks services partners (the default) for the customer's AWS account at the launch. */
  partnerPath?: PartnerPath;
  /** Is told every request that is let in, before it is carried out, as plain JSON without its nulls. */
  seen?: (operation: string, body: unknown) => void;
  /** Takes the place of the practice team's alliance lead. */
  leadEmail?: string;
  /** The catalog its records belong to; `Sandbox` by default. */
  catalog?: string;
}

export interface Practice {
  /** For `requestHandler` of the SDK's client. */
  handler: Handler;
  /** What AWS's side does. */
  script: Script;
  /** The same in words, as typed after "practice": answers one plain sentence. */
  runScript(text: string): Promise<string>;
  /** The world as it is now: seeded, due tasks finished, every call counted. */
  world(): Promise<World>;
}

interface Handler {
  /** Rejects as a connection does: when the script cut it, or the answer was lost. */
  handle(request: WireRequest): Promise<{ response: WireResponse }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
}

export function createPractice(options: PracticeOptions): Practice {
  const { state, now, leadEmail, catalog = 'Sandbox', partnerPath = 'services' } = options;
  const team = practiceTeam(leadEmail);
  const takeQuota = quotaOf(options);

  const opened = (world: World | undefined): World => {
    const found = withSolutions(world ?? seed({ now: now(), catalog, team }), now());
    const email = team[0]?.email ?? found.leadEmail;
    return settled(found.leadEmail === email ? found : withLead(found, email), now());
  };
  const keep = createKeep(state, opened);

  async function answer(request: WireRequest): Promise<WireResponse> {
    const name = request.headers['x-amz-target']?.split('.').at(-1) ?? '';
    keep.count(name);
    const before = await keep.look();
    const operation = admit(request, name, before.weather, now());
    takeQuota(operation.group);
    const body = fromBody(request.body);
    options.seen?.(name, body);
    const attempt = (world: World) => carryOut(operation, { world, now: now(), body, team, partnerPath });
    const performed = await keep.perform(operation.group, before, attempt);
    if (performed.refusal) throw performed.refusal;
    if (performed.isLost) throw broken('ECONNRESET');
    return toResponse(performed.answer);
  }

  const script = createScript({ move: keep.move, now, team });
  return {
    handler: { handle: worded(answer), updateHttpClientConfig: () => {}, httpHandlerConfigs: () => ({}) },
    script,
    runScript: (text) => runScript(script, text),
    world: () => keep.move((world) => ({ world, answer: world })),
  };
}

/** A refusal is an answer of the service; anything else breaks the connection, as it would there. */
const worded =
  (answer: (request: WireRequest) => Promise<WireResponse>): Handler['handle'] =>
  async (request) => {
    try {
      return { response: await answer(request) };
    } catch (error) {
      if (error instanceof Refusal) return { response: toErrorResponse(error) };
      throw error;
    }
  };

function quotaOf({ now, quota = 'generous', perDay }: PracticeOptions): TakeQuota {
  const isReal = quota === 'real';
  const day = perDay ?? (isReal ? AWS_PER_DAY : undefined);
  const takeDay = day ? createDay(now, day) : () => {};
  const takeSecond = isReal ? createRate(now) : () => {};
  return (group) => {
    takeSecond(group);
    takeDay(group);
  };
}

/** Throws a Refusal, or breaks the connection, before the request is read. */
function admit(request: WireRequest, name: string, weather: Weather, now: Date): Operation {
  if (weather.outage === 'unreachable') throw broken('ECONNREFUSED');
  if (weather.outage === 'failing') throw new Refusal('InternalServerException', 'Internal error.');
  assertSigned(request);
  const operation = OPERATIONS.get(name);
  if (!operation) throw new Refusal('UnknownOperationException', 'The operation is not known.');
  if (Date.parse(weather.throttledUntil ?? '') > now.getTime()) throw throttled();
  return operation;
}

interface Performed {
  answer: Doc;
  refusal?: Refusal;
  /** It was done, but nobody will hear of it. */
  isLost?: boolean;
}

/** One call, on the records of its own catalog. A refusal moves nothing. */
function carryOut(operation: Operation, turn: Turn): { world: World; answer: Performed } {
  const isOurs = turn.body.Catalog === turn.world.catalog;
  try {
    const { world, answer } = operation.run(isOurs ? turn : { ...turn, world: emptied(turn.world) });
    if (!isOurs) return { world: turn.world, answer: { answer } };
    if (operation.group === 'read' || !world.weather.dropNext) return { world, answer: { answer } };
    const { dropNext: _, ...weather } = world.weather;
    return { world: { ...world, weather }, answer: { answer, isLost: true } };
  } catch (error) {
    // A refusal has to leave the state's update whole; it is thrown again outside.
    if (error instanceof Refusal) return { world: turn.world, answer: { answer: {}, refusal: error } };
    throw error;
  }
}

/** As Node reports a connection refused or cut. */
const broken = (code: 'ECONNREFUSED' | 'ECONNRESET'): Error =>
  Object.assign(new Error(`The practised Partner Central broke the connection: ${code}.`), { code });
