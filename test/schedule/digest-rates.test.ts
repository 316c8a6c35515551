/** A morning's digests within the rates of both platforms: they are counted by the pacer's own clock. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { planDigests } from '../../src/bot/digests.ts';
import type { Messenger } from '../../src/bot/intent.ts';
import type { PaceClock } from '../../src/bot/turns.ts';
import { referencesOf } from '../../src/store/references.ts';
import type { Connector } from '../../src/teams/door.ts';
import { createDraw } from '../../src/teams/draw.ts';
import { createMessenger } from '../../src/teams/messenger.ts';
import { createPace, type Pace } from '../../src/teams/pace.ts';
import { createProfiles } from '../../src/teams/profiles.ts';
import { note } from '../../src/views/view.ts';
import { databases, silentLog } from '../support/databases.ts';
import { messengerTo, openPostOffice, type PostOffice } from '../support/deliveries.ts';
import { NINE } from '../support/digest-morning.ts';
import { scriptedDesk } from '../support/slack-door.ts';
import { type Mornings, openMornings, TENANT } from './mornings.ts';

const MANY = 150;
const MINUTE = 60_000;
const USERS = Array.from({ length: MANY }, (_, nth) => `U${nth}`);

/** Moves on only by what somebody waits for. */
let clock: PaceClock & { pass(ms: number): void };
let calls: { what: string; to: string; at: number }[];
let turns: typeof calls;
beforeEach(() => {
  let ms = 0;
  [calls, turns] = [[], []];
  clock = {
    now: () => ms,
    async sleep(forMs) {
      const until = ms + forMs;
      await new Promise((resolve) => setImmediate(resolve));
      ms = Math.max(ms, until);
    },
    pass(forMs) {
      ms += forMs;
    },
  };
});
const now = () => new Date(NINE.getTime() + clock.now());
const called = (what: string, to: string) => void calls.push({ what, to, at: clock.now() });

/** The most that any window of so many ms holds, its end left out. */
const most = (of: typeof calls, ms: number): number =>
  Math.max(0, ...of.map(({ at: from }) => of.filter(({ at }) => at >= from && at < from + ms).length));
const made = (what: string) => calls.filter((call) => call.what === what);

describe.each(databases)('a morning’s digests, on $name,', (database) => {
  let it: Mornings;
  beforeAll(async () => {
    it = await openMornings(database);
  });
  beforeEach(() => it.clear());
  afterAll(() => it?.close());

  /** Everybody's digest is due; answers the jobs. */
  async function due(platform: 'slack' | 'teams') {
    await it.people(USERS.map((user) => ({ user, closeDate: '2026-01-10' })));
    await it.store.prisma.link.updateMany({ data: { platform } });
    await planDigests(it.store, new Date('2026-11-16T08:30:00Z'));
    await planDigests(it.store, NINE);
    return it.jobs();
  }
  /** As the queue does. */
  async function deliver(messenger: Messenger, ids: string[]) {
    await it.deliver({ messenger }, ids, NINE);
    expect(await it.store.prisma.digest.count({ where: { state: 'sent' } })).toBe(MANY);
  }

  describe('in Slack', () => {
    let office: PostOffice;
    beforeEach(async () => {
      office = await openPostOffice(called);
    });
    afterEach(() => office.close());

    const withinSlacksRates = () => {
      // Of a workspace "several hundred a minute": five a second, evenly.
      expect(most(made('chat.postMessage'), MINUTE)).toBeLessThanOrEqual(300);
      expect(most(made('chat.postMessage'), 1000)).toBeLessThanOrEqual(6);
      for (const user of USERS)
        expect(
          most(
            calls.filter(({ what, to }) => what === 'chat.postMessage' && to === `D${user}`),
            1000,
          ),
        ).toBe(1);
      // Tiers 3 and 4 (docs.slack.dev, Rate limits).
      expect(most(made('conversations.open'), MINUTE)).toBeLessThanOrEqual(50);
      expect(most(made('users.info'), MINUTE)).toBeLessThanOrEqual(100);
    };

    test('keep a message a second in each channel and the tiers of what they ask before', async () => {
      const ids = await due('slack');
      const messenger = messengerTo(office.apiUrl, { desk, log: silentLog, now, pace: clock });
      await deliver(messenger, ids);
      expect(made('chat.postMessage')).toHaveLength(MANY);
      withinSlacksRates();
    });

    /** Their conversations are known then, and a quarter of an hour long who they are: less to be asked, so faster. */
    test.each([30, 5])('keep them also where everybody was spoken to %d minutes before', async (minutes) => {
      const ids = await due('slack');
      const messenger = messengerTo(office.apiUrl, { desk, log: silentLog, now, pace: clock });
      for (const user of USERS) await messenger.tell({ tenant: TENANT, user }, note('Hello.'));
      clock.pass(minutes * MINUTE);
      calls = [];
      await deliver(messenger, ids);
      expect(made('conversations.open')).toEqual([]);
      expect(made('users.info')).toHaveLength(minutes === 5 ? 0 : MANY);
      expect(made('chat.postMessage')).toHaveLength(MANY);
      withinSlacksRates();
    });
  });

  test('in Teams keep 25 calls a second, and the rates of each conversation', async () => {
    const ids = await due('teams');
    const references = referencesOf(it.store);
    const serviceUrl = 'https://smba.trafficmanager.net/emea/';
    // The others have never opened the chat: it is opened for them.
    for (const user of USERS.slice(0, MANY / 2))
      await references.keep({
        serviceUrl,
        tenant: TENANT,
        conversation: `a:${user}`,
        scope: 'personal',
        user,
      });
    const tenants = new Set([TENANT]);
    const profiles = createProfiles({ connector, references, tenants, now });
    const draw = createDraw(true, silentLog);
    const messenger = createMessenger({
      connector,
      references,
      profiles,
      draw,
      pace: countedPace(),
      tenants,
      now,
    });
    // Meanwhile one of them is told more than their conversation takes in a second.
    const [user = ''] = USERS;
    const told = Promise.all(
      Array.from({ length: 12 }, () => messenger.tell({ tenant: TENANT, user }, note('Hello.'))),
    );
    await deliver(messenger, ids);
    await told;
    expect(made('send')).toHaveLength(MANY + 12);
    expect(made('open')).toHaveLength(MANY / 2);
    // Each call had its turn; look-ups of the same person at the same time are one call.
    expect(turns.filter(({ what }) => what === 'send')).toHaveLength(MANY + 12 + MANY / 2);
    expect(turns.length).toBeGreaterThanOrEqual(calls.length);
    expect(most(turns, 1000)).toBeLessThanOrEqual(25);
    const theirs = turns.filter(({ what, to }) => what === 'send' && to === `a:${user}`);
    expect(theirs).toHaveLength(13);
    expect(most(theirs, 1000)).toBeLessThanOrEqual(7);
    expect(most(theirs, 2000)).toBeLessThanOrEqual(8);
  });
});

/** Teams' pacer. Turns are counted as they come: until the call itself is made the clock may leap. */
function countedPace(): Pace {
  const pace = createPace(clock);
  const counted = async (what: string, { conversation }: { conversation: string }, turn: Promise<void>) => {
    await turn;
    turns.push({ what, to: conversation, at: clock.now() });
  };
  return {
    ...pace,
    send: (at) => counted('send', at, pace.send(at)),
    members: (at) => counted('members', at, pace.members(at)),
  };
}

const desk = scriptedDesk(() => note('Nobody asks.'));

/** Teams, which takes everything. */
const connector: Connector = {
  async send({ conversation }) {
    called('send', conversation);
    return `${calls.length}`;
  },
  async update({ conversation }) {
    called('update', conversation);
  },
  async open(_, user) {
    called('open', `a:${user}`);
    return `a:${user}`;
  },
  async member({ conversation, tenant }, user) {
    called('member', conversation);
    return { id: `29:${user}`, user, tenant, isGuest: false };
  },
  members: async () => ({ members: [], isWhole: true }),
};
