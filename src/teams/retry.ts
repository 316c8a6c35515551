/**
 * When a call to Teams' connector is made again. Microsoft asks for 412, 429, 502, 503 and 504, with jitter; a message is
 * sent again only where it is sure that none was posted, as nobody can look whether it stands there.
 */
import { MaybePosted } from '../bot/intent.ts';
import { ConnectorFault, errorOf, type Fault, faultOf } from './faults.ts';

export interface Patience {
  sleep(ms: number): Promise<void>;
  now(): Date;
  /** 0 to 1; for the jitter. */
  random(): number;
}

/** So often in all. */
const TRIES = 4;
/**
 * Whoever is asked to wait longer than this, or has been at it for so long, gives up: the job is tried again later. A
 * message is over by then, its last call too: what is not answered for long is taken as lost, and somebody may post anew.
 */
const LONGEST_MS: Record<Kind, number> = { once: 15_000, again: 30_000 };
/** A message is not begun anew with less than this: it would only be doubtful whether it stands there. */
const LEAST_MS = 2000;
/** Where a further try at once would find the same. */
const OURS = ['NoToken', 'BadServiceUrl'];
const PASSING = [408, 412, 429, 502, 503, 504];

/** `once`: makes a message. `again`: does the same however often it is done. */
export type Kind = 'once' | 'again';

/** A gateway gave up waiting (504): most likely nothing was posted. Whoever would rather say it twice than never may say it again. */
export class GaveUp extends MaybePosted {
  override name = 'GaveUp';
}

/**
 * @param call is told how many ms it may take.
 * @param onFault hears of every fault, also of those that a further try mends.
 * @throws GoneForGood, `MaybePosted` (kind `once` only), `TooLarge`, or `ConnectorFault`.
 */
export async function insist<T>(
  kind: Kind,
  call: (leftMs: number) => Promise<T>,
  { sleep, now, random }: Patience,
  onFault: (fault: Fault) => void = () => undefined,
): Promise<T> {
  const begun = now().getTime();
  const spent = () => now().getTime() - begun;
  const enough = LONGEST_MS[kind] - (kind === 'once' ? LEAST_MS : 0);
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(kind === 'once' ? LONGEST_MS.once - spent() : Number.POSITIVE_INFINITY);
    } catch (error) {
      const fault = faultOf(error, now());
      onFault(fault);
      if (kind === 'once' && mayStand(fault)) throw doubtOf(fault);
      const wait = fault.retryAfterMs ?? 1000 * 2 ** (attempt - 1);
      // Those who were turned away together must not come back together.
      const ms = wait + random() * (fault.retryAfterMs === undefined ? wait / 2 : 500);
      const isOver = attempt === TRIES || spent() + ms > enough;
      if (isOver || !mayPass(fault)) throw errorOf(fault);
      await sleep(ms);
    }
  }
}

const mayPass = ({ status, code }: Fault): boolean =>
  status === undefined ? !OURS.includes(code ?? '') : PASSING.includes(status);

/** Teams may have posted it: it said nothing, or that something broke on its side. A 502 or 503 is of who never asked it. */
const mayStand = ({ status, isUnsent }: Fault): boolean =>
  status === undefined ? isUnsent !== true : DOUBTFUL.includes(status) || status < 300;

const DOUBTFUL = [408, 500, 504];

function doubtOf(fault: Fault): MaybePosted {
  const { message } = new ConnectorFault(fault);
  return fault.status === 504 ? new GaveUp(message) : new MaybePosted(message);
}
