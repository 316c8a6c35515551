/** A process that plans a morning's digests and sends them, as the house does, until a test kills it; see child.ts. */
import { once } from 'node:events';
import { planDigests } from '../../src/bot/digests.ts';
import { openHouse } from '../../src/house.ts';
import type { Store } from '../../src/store/store.ts';
import { openMornings } from '../schedule/mornings.ts';
import { type Child, startChild } from './child.ts';
import { openAt, type Place, silentLog } from './databases.ts';
import { messengerTo } from './deliveries.ts';
import { LEAD, until } from './house.ts';

/** A Monday. */
export const NINE = new Date('2026-11-16T09:00:00Z');

/** So many people with an account U0, U1, … and a deal past its close date each; their first digests come at nine. */
export async function beforeNine(place: Place, people: number): Promise<void> {
  const it = await openMornings({ open: () => openAt(place) });
  const all = Array.from({ length: people }, (_, nth) => ({
    user: `U${nth}`,
    closeDate: '2026-01-10' as const,
  }));
  await it.people(all);
  await planDigests(it.store, new Date('2026-11-16T08:30:00Z'));
  await it.close();
}

/** Its clock says nine when it starts. See `runMorning` for what it prints. */
export function startMorning(place: Place, apiUrl: string, token: string): Child {
  return startChild(`
    import { ${runMorning.name} } from './test/support/digest-morning.ts';
    await ${runMorning.name}(${[place, apiUrl, token].map((it) => JSON.stringify(it)).join(', ')});`);
}

export const begin = (child: Child): void => void child.process.stdin?.write('begin\n');

/** Prints "open"; plans when it is told to begin; prints "delivered" when nobody's digest is to be sent any more. */
export async function runMorning(place: Place, apiUrl: string, token: string): Promise<void> {
  const started = Date.now();
  const now = () => new Date(NINE.getTime() + Date.now() - started);
  const practice = { partnerCentral: { catalog: 'practice' as const }, allianceLeadEmail: LEAD };
  // Ticks by the minute: the test does so itself.
  const config = { ...place, ...practice, clock: false };
  const house = await openHouse({ config, log: silentLog, now });
  await house.addMessenger(messengerTo(apiUrl, { desk: house.desk, log: silentLog, now, token }));
  process.stdout.write('open\n');
  await once(process.stdin, 'data');
  await planDigests(house.store, now());
  await until('an empty queue', () => isOver(house.store), 600);
  process.stdout.write('delivered\n');
  await house.stop();
  process.exit(0);
}

/** Everybody's morning is planned, by whomever, and no job is left. */
async function isOver({ prisma }: Store): Promise<boolean> {
  const [row] = await prisma.$queryRaw<{ left: number }[]>`
    SELECT (SELECT count(*) FROM subscription WHERE next_at <= ${NINE})::int
      + (SELECT count(*) FROM pgboss.job WHERE name = 'deliver-slack-digests' AND state < 'completed')::int AS left`;
  return row?.left === 0;
}
