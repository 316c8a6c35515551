/**
 * Many queued private messages, and SIGKILL in the middle of them: each is told, and none twice but the one in flight in its
 * workspace's line.
 * `DELIVERIES=10000 npm run jest -- test/deliveries.test.ts` plays as many as the issue asks.
 */
import { afterEach, describe, expect, test } from '@jest/globals';
import { openStore } from '../src/store/store.ts';
import { type Child, startChild } from './support/child.ts';
import { databases, type Place, silentLog } from './support/databases.ts';
import { openPostOffice, type PostOffice, type runDeliveries } from './support/deliveries.ts';
import { LEAD } from './support/house.ts';

const MANY = Number(process.env.DELIVERIES ?? 600);

const children: Child[] = [];
let office: PostOffice | undefined;
afterEach(async () => {
  for (const child of children.splice(0)) await child.kill();
  await office?.close();
});

function start(place: Place, apiUrl: string): Child {
  const name: (typeof runDeliveries)['name'] = 'runDeliveries';
  const child = startChild(`
    import { ${name} } from './test/support/deliveries.ts';
    await ${name}(${JSON.stringify(place)}, ${JSON.stringify(apiUrl)});`);
  children.push(child);
  return child;
}

/** Each with a number of its own, as the house writes notices down. */
async function queueUp(place: Place): Promise<void> {
  const store = await openStore({ ...place, log: silentLog });
  await store.prisma.person.create({
    data: { email: LEAD, firstName: 'Ana', lastName: 'Silva', role: 'alliance lead' },
  });
  await store.prisma.door.create({ data: { platform: 'slack' } });
  await store.prisma.$queryRaw`
    SELECT count(tell(p.id, 'quota', jsonb_build_object('writes', 10000 + g)))::int
    FROM person p, generate_series(1, ${MANY}::int) g`;
  await store.close();
}

describe.each(databases)('a full queue of deliveries, on $name', ({ place: newPlace }) => {
  test('survives two kills: every message is told, and none twice but, for each kill, the one in flight in its workspace’s line', async () => {
    const place = await newPlace();
    await queueUp(place);
    office = await openPostOffice();
    const inFlight: string[] = [];
    for (const part of [1 / 3, 2 / 3]) {
      const child = start(place, office.apiUrl);
      office.keepSilentAt(Math.floor(MANY * part), (text) => {
        inFlight.push(text);
        void child.kill();
      });
      expect((await child.ended).code).toBeNull();
    }
    await start(place, office.apiUrl).said('delivered');
    expect(inFlight).toHaveLength(2);
    expect(new Set(office.texts).size).toBe(MANY);
    const twice = office.texts.filter((text, nth, all) => all.indexOf(text) !== nth);
    expect(twice.filter((text) => !inFlight.includes(text))).toEqual([]);
    expect(twice.length).toBeLessThanOrEqual(2);
  }, 900_000);
});
