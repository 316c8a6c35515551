/**
 * A morning's digests by the house's own queue, and SIGKILL in the midst of them: everybody gets one, nobody two.
 * `DIGESTS=1000 npm run jest -- test/schedule/digest-kill.test.ts` plays the morning of a large company.
 */
import { afterEach, describe, expect, test } from '@jest/globals';
import { planDigests } from '../../src/bot/digests.ts';
import type { Child } from '../support/child.ts';
import { databases, openAt, type Place } from '../support/databases.ts';
import { openPostOffice, type PostOffice } from '../support/deliveries.ts';
import { beforeNine, begin, NINE, startMorning } from '../support/digest-morning.ts';

const MANY = Number(process.env.DIGESTS ?? 400);

const children: Child[] = [];
let office: PostOffice | undefined;
afterEach(async () => {
  for (const child of children.splice(0)) await child.kill();
  await office?.close();
});

async function start(place: Place, { apiUrl }: PostOffice): Promise<Child> {
  const child = startMorning(place, apiUrl, 'xoxb-stand-in');
  children.push(child);
  await child.said('open');
  return child;
}

describe.each(databases)('a morning of many digests, on $name', ({ place: newPlace }) => {
  test('survives two kills: everybody gets one, nobody two; of the one in flight at each nobody knows where it stands', async () => {
    const place = await newPlace();
    await beforeNine(place, MANY);
    office = await openPostOffice();
    const inFlight: string[] = [];
    for (const part of [1 / 3, 2 / 3]) {
      const child = await start(place, office);
      office.keepSilentAt(Math.floor(MANY * part), (_, channel) => {
        inFlight.push(channel.slice(1));
        void child.kill();
      });
      begin(child);
      expect((await child.ended).code).toBeNull();
    }
    const last = await start(place, office);
    begin(last);
    await last.said('delivered');
    await last.ended;

    const arrived = office.letters.map(({ channel }) => channel.slice(1)).sort();
    expect(arrived).toEqual(Array.from({ length: MANY }, (_, nth) => `U${nth}`).sort());
    const store = await openAt(place);
    const digests = () =>
      store.prisma.digest.findMany({ select: { state: true, recipient: true, ref: true } });
    const unknown = async (state: string) =>
      (await digests())
        .filter((it) => it.ref === null && it.state === state)
        .map(({ recipient }) => recipient);
    expect(await digests()).toHaveLength(MANY);
    expect((await unknown('taken')).sort()).toEqual([...inFlight].sort());
    // Whoever looks an hour later takes them for sent.
    await planDigests(store, new Date(NINE.getTime() + 2 * 3_600_000));
    expect((await unknown('sent')).sort()).toEqual([...inFlight].sort());
    expect(inFlight).toHaveLength(2);
    expect(new Set((await digests()).map(({ state }) => state))).toEqual(new Set(['sent']));
    await store.close();
  }, 900_000);
});
