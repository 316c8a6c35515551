/** invite: colleagues on the roster are asked to come, once, and hear nothing more unless they say yes. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { planDigests } from '../../src/bot/digests.ts';
import { createDesk } from '../../src/bot/dispatch.ts';
import { GoneForGood, type Messenger, type Platform } from '../../src/bot/intent.ts';
import * as vocabulary from '../../src/commands/index.ts';
import { guests, invite as inviteAll } from '../../src/store/invitations.ts';
import { issueCode } from '../../src/store/link-codes.ts';
import { endLookingFor, noteOutcome } from '../../src/store/looking-for.ts';
import { inviteHint } from '../../src/views/invite.ts';
import type { Form, Note, Reply } from '../../src/views/view.ts';
import { databases, silentLog } from '../support/databases.ts';
import {
  flat,
  LEAD,
  openTestHouse,
  senderOf,
  TEAM,
  type TestHouse,
  until,
  wakeAll,
} from '../support/house.ts';

const [PRIYA = '', TOM = '', LUCIA = ''] = TEAM.users;
const DAY = 24 * 60 * 60 * 1000;

describe.each(databases)('invite, on $name', (database) => {
  let house: TestHouse;
  const ids: Record<string, string> = {};
  /** Who is known where, by address; and who blocked us. */
  const known: Record<'slack' | 'teams', Set<string>> = { slack: new Set(), teams: new Set() };
  const gone = new Set<string>();
  let told: { on: Platform; to: string; reply: Reply }[] = [];
  let aheadMs = 0;
  const chat = (platform: 'slack' | 'teams'): Messenger => ({
    platform,
    find: async (email) => (known[platform].has(email) ? { tenant: 'T', user: email } : undefined),
    tell: async ({ user }, reply) => {
      if (gone.has(`${platform} ${user}`)) throw new GoneForGood('they blocked us');
      told.push({ on: platform, to: user, reply });
      return { nth: told.length };
    },
    redraw: async (ref) => ref,
  });
  beforeAll(async () => {
    house = await openTestHouse(database, { now: () => new Date(Date.now() + aheadMs) });
    await wakeAll(house);
    for (const platform of ['slack', 'teams'] as const) await house.addMessenger(chat(platform));
    for (const { id, email } of await house.store.prisma.person.findMany()) ids[email] = id;
  });
  afterAll(() => house?.stop());
  beforeEach(async () => {
    await house.quiet();
    const { prisma } = house.store;
    await prisma.link.deleteMany();
    await prisma.invitation.deleteMany();
    await prisma.notice.deleteMany();
    await prisma.subscription.deleteMany();
    await prisma.person.updateMany({ data: { timeZone: 'UTC' } });
    known.slack = new Set(Object.keys(ids));
    known.teams = new Set();
    gone.clear();
    told = [];
    aheadMs = 0;
  });

  const invite = async (people: string, more: { as?: string; key?: string } = {}) => {
    const answer = await house.act('invite', { people }, more);
    await house.quiet();
    return answer;
  };
  const linesOf = ({ reply }: { reply: Reply }) => {
    const { text, lines = [] } = reply as Note;
    return [text, ...lines].join('\n');
  };
  const to = (email: string) => told.filter((it) => it.to === email);
  /** Their own press, from the account that was told. */
  const press = (email: string, act: 'accept' | 'decline', on: Platform = 'slack') =>
    house.desk.handle({
      ...{ verb: 'invite', input: { do: act }, key: randomUUID() },
      from: account(email, on),
    });
  const account = (email: string, on: Platform = 'slack') => ({
    ...{ platform: on, tenant: 'T', user: email, email, conversation: 'D', timeZone: 'Asia/Tokyo' },
  });
  /** Their own words, from the account that was told. */
  const say = async (email: string, text: string, more: { room?: string } = {}) =>
    linesOf(await house.desk.say({ text, from: account(email), key: randomUUID(), ...more }));
  const opensHome = (email: string) => house.desk.home(account(email), 'opened', async () => 'a drawing');
  const standsOf = (email: string) =>
    house.store.prisma.invitation.findUniqueOrThrow({ where: { personId: ids[email] ?? '' } });
  const links = () => house.store.prisma.link.findMany();
  const subscribed = async () => {
    await planDigests(house.store, new Date(Date.now() + aheadMs));
    return (await house.store.prisma.subscription.findMany()).map(({ personId }) => personId);
  };
  const strictly = async (work: () => Promise<void>) => {
    const set = (catalog: string) => house.store.prisma.agent.update({ where: { id: 1 }, data: { catalog } });
    await set('AWS');
    try {
      await work();
    } finally {
      await set('practice');
    }
  };

  test('one message each, who invites and what it is, with two buttons; nothing of deals is in it', async () => {
    const { reply, ok } = await invite('Tom Keller and Lucía Ferro');
    expect([ok, (reply as Note).text]).toEqual([true, 'Invited: Tom Keller and Lucía Ferro.']);
    expect(told.map(({ to: whom, on }) => `${on} ${whom}`).sort()).toEqual(
      [`slack ${TOM}`, `slack ${LUCIA}`].sort(),
    );
    const note = to(TOM)[0]?.reply as Note;
    expect(note.text).toBe('Ana Silva invites you to ace-desk.');
    expect(note.lines?.at(-1)).toBe(
      'Nothing of deals is in this message. You get nothing more unless you say yes.',
    );
    expect(note.buttons?.map(({ label, input }) => [label, input])).toEqual([
      ['Yes, send my digest', { do: 'accept' }],
      ['No, thanks', { do: 'decline' }],
    ]);
    const said = JSON.stringify(note);
    const deals = await house.store.prisma.deal.findMany();
    expect(
      deals.filter(({ id, company, title }) => [id, company, title].some((it) => said.includes(it))),
    ).toEqual([]);
    expect([await links(), await subscribed()]).toEqual([[], []]);
  });

  test('they go out with the digests, so that nobody’s card waits for a whole company', async () => {
    await invite('Tom Keller and Lucía Ferro');
    const notices = await house.store.prisma.notice.findMany({ where: { kind: 'invited' } });
    const queues = await house.store.prisma.$queryRaw<{ name: string }[]>`
      SELECT name FROM pgboss.job WHERE data->>'notice' = ANY(${notices.map(({ id }) => id)})`;
    expect(queues.map(({ name }) => name)).toEqual(['deliver-slack-digests', 'deliver-slack-digests']);
  });

  test('a yes links the account it came from, says when the first digest comes, and the planner starts it', async () => {
    await invite('Tom Keller');
    const { reply, ok } = await press(TOM, 'accept');
    expect(ok).toBe(true);
    expect(linesOf({ reply })).toMatch(
      /^Your digest comes .* at 09:00 \(Asia\/Tokyo\), in Slack\.\nThe next one: .*09:00/,
    );
    expect(await links()).toMatchObject([{ personId: ids[TOM], state: 'live', userId: TOM }]);
    expect(await house.store.prisma.subscription.count()).toBe(0);
    expect(await subscribed()).toEqual([ids[TOM]]);
    expect(linesOf(await invite('Tom Keller'))).toContain('Left out, as they use it already: Tom Keller.');
    expect(to(TOM)).toHaveLength(1);
  });

  test('a no links nothing and starts nothing, and they are left alone for 90 days', async () => {
    await invite('Tom Keller');
    expect(linesOf(await press(TOM, 'decline'))).toMatch(/^Noted\. You get nothing more/);
    expect([await links(), await subscribed()]).toEqual([[], []]);
    for (const days of [31, 89]) {
      aheadMs = days * DAY;
      const again = await invite('Tom Keller');
      expect([again.ok, linesOf(again)]).toEqual([
        false,
        expect.stringMatching(
          /^Nobody was invited\.\nLeft out, as they said no in the last 90 days: Tom Keller \(again from /,
        ),
      ]);
    }
    aheadMs = 91 * DAY;
    expect((await invite('Tom Keller')).ok).toBe(true);
    expect(to(TOM)).toHaveLength(2);
  });

  test('looking is no yes: nothing is kept of who was asked and only looks, or says what nobody understands', async () => {
    await invite('Tom');
    const id = await house.idOf('Saffron Road Foods');
    const from = account(TOM);
    const looked = await house.desk.handle({
      ...{ verb: 'show', input: { id }, from, key: randomUUID(), looks: true },
    });
    expect([looked.ok, looked.reply.kind]).toEqual([true, 'card']);
    const under = await house.desk.glimpses({ ids: [id], from, isOpen: true });
    expect(under.get(id)?.title).toContain('Saffron Road Foods');
    for (const text of ['not now', 'qwertz uiop', 'hello', 'ok', 'thanks']) await say(TOM, text);
    expect(await opensHome(TOM)).toBe(true);
    expect([await links(), await subscribed()]).toEqual([[], []]);
    // Whom nobody asked comes by opening it, and whoever was asked by a word that is understood.
    await opensHome(LUCIA);
    await say(TOM, 'help');
    expect((await links()).map(({ personId }) => personId).sort()).toEqual([ids[TOM], ids[LUCIA]].sort());
  });

  test.each(['No, thanks!', 'no', 'stop', 'Unsubscribe me.'])(
    '“%s” is a no, and no digest starts until they say or press something',
    async (text) => {
      await invite('Tom');
      expect(await say(TOM, text)).toMatch(/^Noted\. You get nothing more/);
      expect((await standsOf(TOM)).declinedAt).not.toBeNull();
      await opensHome(TOM);
      await say(TOM, 'thanks');
      expect([await links(), await subscribed()]).toEqual([[], []]);
      await say(TOM, 'help');
      expect(await subscribed()).toEqual([ids[TOM]]);
    },
  );

  test.each(['yes', 'Yes, please.', 'accept'])('“%s” is a yes', async (text) => {
    await invite('Tom');
    expect(await say(TOM, text)).toMatch(/^Your digest comes /);
    expect(await subscribed()).toEqual([ids[TOM]]);
  });

  test('such words of whom nobody asked, or in a channel, answer nothing', async () => {
    for (const text of ['no', 'yes']) expect(await say(LUCIA, text)).toMatch(/^I did not understand that/);
    expect(await say(LUCIA, 'stop')).toMatch(/^What is to stop\? Nothing was changed yet/);
    await invite('Tom');
    expect(await say(TOM, 'no', { room: 'C' })).toMatch(/^I did not understand that/);
    expect([await links(), (await standsOf(TOM)).declinedAt]).toEqual([[], null]);
  });

  test('a no writes nothing into the record of whoever its address finds', async () => {
    await invite('Tom');
    await press(TOM, 'decline');
    const { timeZone } = await house.store.prisma.person.findUniqueOrThrow({ where: { email: TOM } });
    expect(timeZone).toBe('UTC');
  });

  test('a yes brings back a digest that was switched off, and says what else comes', async () => {
    await house.act('schedule', { do: 'off' }, { as: TOM });
    await invite('Tom');
    const said = linesOf(await press(TOM, 'accept'));
    expect(said).toMatch(/^Your digest comes /);
    expect(said).toContain('as it happens; “notify off” ends that.');
    expect(await house.store.prisma.subscription.findMany()).toMatchObject([
      { personId: ids[TOM], offAt: null, gone: false },
    ]);
  });

  test('a no that comes while somebody invites again stands', async () => {
    await invite('Tom');
    aheadMs = 31 * DAY;
    const read = await guests(house.store);
    const { batch } = await standsOf(TOM);
    await press(TOM, 'decline');
    const act = {
      verb: 'invite',
      personId: ids[LEAD] ?? '',
      source: {},
      until: new Date(Date.now() + 60_000),
    };
    const tom = read.filter(({ email }) => email === TOM);
    await inviteAll(house.store, { ...act, key: randomUUID() }, tom, new Date());
    await house.quiet();
    const stands = await standsOf(TOM);
    expect([stands.batch, stands.declinedAt === null]).toEqual([batch, false]);
    expect(to(TOM)).toHaveLength(1);
  });

  test('whoever may not invite any more is not named, and reads no addresses', async () => {
    const wake = await sleeping(TOM);
    known.slack.delete(LUCIA);
    const jonas = { email: TEAM.team };
    const { role } = await house.store.prisma.person.findUniqueOrThrow({ where: jonas });
    await house.act('invite', { people: 'Tom, Lucía' }, { as: TEAM.team });
    await house.quiet();
    await house.store.prisma.person.update({ where: jonas, data: { role: 'ACE user' } });
    try {
      await wake();
    } finally {
      await house.store.prisma.person.update({ where: jonas, data: { role } });
    }
    expect(told.map((it) => [it.to, (it.reply as Note).text])).toEqual([
      [TOM, 'Your alliance lead invites you to ace-desk.'],
    ]);
  });

  test('after three days nobody is looked for any more; however it ended, their sender hears once', async () => {
    const now = Date.now();
    const rowsOf = (batch: string, ago: number, whom: Record<string, string[]>) =>
      house.store.prisma.invitation.createMany({
        data: Object.entries(whom).map(([email, waits]) => ({
          ...{ personId: ids[email] ?? '', byId: ids[LEAD] ?? '', batch, waits },
          at: new Date(now - ago * DAY),
        })),
      });
    // Of the second batch the last that was waited for is gone: erased, say.
    await rowsOf(randomUUID(), 2, { [TOM]: ['slack'], [LUCIA]: [] });
    await rowsOf(randomUUID(), 1, { [PRIYA]: [] });
    const tick = async (days: number) => {
      await Promise.all([1, 2].map(() => endLookingFor(house.store, new Date(now + days * DAY))));
      await house.quiet();
      return to(LEAD).map(({ reply }) => (reply as Note).text);
    };
    const [first, ...others] = await tick(0);
    expect([first, others]).toEqual([expect.stringMatching(/^I could not find Priya Raman \(/), []]);
    expect(await tick(1.1)).toEqual([first, expect.stringMatching(/^I could not find Lucía .* and Tom /)]);
    expect(await tick(1.2)).toHaveLength(2);
  });

  test('where everybody was asked, what is wrong with a name is said, and who may be asked again when', async () => {
    await house.act('invite', { do: 'everybody', sure: 'yes' });
    await house.quiet();
    const { ok, reply } = await house.act('invite', { people: 'Prya' });
    expect([ok, linesOf({ reply })]).toEqual([
      false,
      expect.stringMatching(
        /^I know nobody called “Prya” here\..* “people grant <e-mail>: ACE user” puts them on the roster first\.\nThere is nobody to invite: [^\n]*\nInvited in the last 30 days: .*\(again from /,
      ),
    ]);
    const said = linesOf(await house.act('invite', { people: 'zed@partner.example' }));
    expect(said).toContain('“people grant zed@partner.example: ACE user”');
  });

  test('while somebody types into the form it offers whom it may invite, to whoever may', async () => {
    await invite('Tom');
    const offered = async (as: string) =>
      (await house.desk.options({ source: 'invitable', query: '', input: {}, from: senderOf(as) }))
        .map(({ label }) => label)
        .join('; ');
    expect(await offered(LEAD)).toContain('Lucía Ferro');
    expect(await offered(LEAD)).not.toMatch(/Tom Keller|Ana Silva/);
    expect(await offered(TEAM.manager)).toBe('');
  });

  test('nobody is invited twice within 30 days, whoever says it and however often', async () => {
    const key = randomUUID();
    const first = [await invite('Tom', { key }), await invite('Tom', { key })];
    expect(first.map(({ ok, reply }) => [ok, (reply as Note).text])).toEqual([
      [true, 'Invited: Tom Keller.'],
      [true, 'Invited: Tom Keller.'],
    ]);
    expect(linesOf(await invite('Tom, Lucía', { as: TEAM.team }))).toMatch(
      /^Invited: Lucía Ferro\.\n.*\nLeft out, as they were invited in the last 30 days: Tom Keller \(again from /,
    );
    expect([to(TOM).length, to(LUCIA).length]).toEqual([1, 1]);
    aheadMs = 31 * DAY;
    await invite('Tom');
    expect(to(TOM)).toHaveLength(2);
  });

  test('of two who invite the same colleague at once one does', async () => {
    const said = await Promise.all([
      house.act('invite', { people: 'Tom' }),
      house.act('invite', { people: 'Tom' }, { as: TEAM.team }),
    ]);
    await house.quiet();
    expect(said.filter(({ ok }) => ok)).toHaveLength(1);
    expect(
      linesOf(said.find(({ ok }) => !ok) ?? { reply: { kind: 'note', tone: 'info', text: '' } }),
    ).toMatch(/Left out, as they (?:were invited|came, answered)/);
    expect(to(TOM)).toHaveLength(1);
  });

  test('who is known in both chats is asked in one; who is known in the second is found there', async () => {
    known.teams = new Set([TOM, LUCIA]);
    known.slack.delete(LUCIA);
    await invite('Tom, Lucía');
    expect(told.map(({ on, to: whom }) => `${on} ${whom}`).sort()).toEqual(
      [`slack ${TOM}`, `teams ${LUCIA}`].sort(),
    );
    expect(to(LEAD)).toEqual([]);
  });

  test('whoever invited hears once who could not be found, and may invite these again at once', async () => {
    known.slack.delete(LUCIA);
    gone.add(`slack ${PRIYA}`);
    await invite('Tom, Lucía, Priya');
    expect(to(LEAD)).toHaveLength(1);
    const note = to(LEAD)[0]?.reply as Note;
    expect(note.text).toMatch(
      /^I could not find Lucía Ferro \(.*\) and Priya Raman \(.*\), so nothing was sent to them\.$/,
    );
    expect(note.text).not.toContain('Tom');
    known.slack.add(LUCIA);
    expect((await invite('Lucía')).ok).toBe(true);
    expect([to(LUCIA).length, to(LEAD).length]).toEqual([1, 1]);
  });

  /** Until `wake` that person sleeps. */
  async function sleeping(email: string) {
    const from = new Date().getUTCHours();
    const set = (hours: { from: number; until: number }) =>
      house.store.prisma.quiet.update({ where: { personId: ids[email] ?? '' }, data: hours });
    await set({ from, until: (from + 2) % 24 });
    return () => wake(() => set({ from: 0, until: 0 }));
  }
  /** Once they are: what waited for it is told. */
  async function wake(awake: () => Promise<unknown>) {
    await awake();
    await house.store.prisma.$executeRaw`
      UPDATE pgboss.job SET start_after = now() WHERE data->>'waited' = 'true' AND state = 'created'`;
    await until('all that waited', async () => {
      const [row] = await house.store.prisma.$queryRaw<{ left: number }[]>`
        SELECT count(*)::int AS left FROM pgboss.job WHERE data->>'waited' = 'true' AND state < 'completed'`;
      return row?.left === 0;
    });
    await house.quiet();
  }

  test('in their quiet hours it waits for the morning', async () => {
    const wake = await sleeping(TOM);
    await invite('Tom');
    expect(told).toEqual([]);
    await wake();
    expect(told.map(({ to: whom }) => whom)).toEqual([TOM]);
  });

  test('whoever is next at work in five days is asked then, and their sender hears nothing before', async () => {
    const where = { email: TOM };
    const work = (workingDays: number[]) =>
      house.store.prisma.person.update({ where, data: { workingDays } });
    const { workingDays } = await house.store.prisma.person.findUniqueOrThrow({ where });
    await work([new Date(Date.now() + 5 * DAY).getUTCDay() || 7]);
    try {
      await invite('Tom');
      await endLookingFor(house.store, new Date(Date.now() + 3.1 * DAY));
      await house.quiet();
      expect(told).toEqual([]);
    } finally {
      await wake(() => work(workingDays));
    }
    expect(told.map((it) => [it.to, (it.reply as Note).text])).toEqual([
      [TOM, 'Ana Silva invites you to ace-desk.'],
    ]);
  });

  test('who came by themselves before they were told is not told, nor called not found', async () => {
    const wake = await sleeping(TOM);
    await invite('Tom');
    await house.desk.say({
      ...{ text: 'desk', key: randomUUID() },
      from: { platform: 'teams', tenant: 'T', user: 'U-TOM', email: TOM, conversation: 'D' },
    });
    await wake();
    expect(told).toEqual([]);
  });

  test('the last two of a batch that end at once tell its sender once; said twice an outcome counts once', async () => {
    const batch = randomUUID();
    const row = { batch, byId: ids[LEAD] ?? '', at: new Date(), waits: ['teams'] };
    const whom = [TOM, LUCIA].map((email) => ids[email] ?? '');
    await house.store.prisma.invitation.createMany({ data: whom.map((personId) => ({ ...row, personId })) });
    const outcome = (personId: string) =>
      noteOutcome(house.store, {
        ...{ personId, batch, platform: 'teams', notice: randomUUID(), isReached: false },
      });
    await Promise.all([...whom, ...whom].map(outcome));
    await house.quiet();
    expect(to(LEAD)).toHaveLength(1);
    const note = to(LEAD)[0]?.reply as Note;
    expect(note.text).toMatch(/Lucía Ferro .* and Tom Keller |Tom Keller .* and Lucía/);
  });

  test('everybody: counts first, leaves out who uses it or was asked, and holds for what it counted', async () => {
    await invite('Tom');
    await press(TOM, 'accept');
    await invite('Lucía');
    const form = (await house.act('invite', { do: 'everybody' })).reply as Form;
    const free = Object.keys(ids).length - 3;
    expect([form.kind, form.input]).toEqual(['form', { do: 'everybody', shown: `${free}`, sure: 'yes' }]);
    expect(form.intro?.slice(0, 2)).toEqual([
      `${free} people on the roster have not used ace-desk in chat.`,
      '1 more was invited in the last 30 days and is left out.',
    ]);
    expect(told).toHaveLength(2);
    // Fewer were counted than there are: it is asked anew.
    const grown = (await house.act('invite', { ...form.input, shown: '1' })).reply as Form;
    expect([grown.kind, grown.intro?.[0]]).toEqual([
      'form',
      'There are more of them by now, so nobody was invited yet.',
    ]);
    const done = await house.act('invite', form.input);
    await house.quiet();
    expect(done.ok).toBe(true);
    expect(told).toHaveLength(2 + free);
    expect([to(LEAD).length, to(TOM).length, to(LUCIA).length]).toEqual([0, 1, 1]);
    const none = await house.act('invite', { do: 'everybody' });
    expect((none.reply as Note).text).toMatch(/^There is nobody to invite/);
  });

  test('typed at the console: asks for whom, names who is not known, and does it with (yes)', async () => {
    const asked = await house.script('invite\n');
    expect([asked.code, flat(asked.text)]).toEqual([1, expect.stringContaining('“Whom” is missing')]);
    const wrong = await house.script('invite Zorro\n');
    expect([wrong.code, flat(wrong.text)]).toEqual([
      1,
      expect.stringContaining('I know nobody called “Zorro”'),
    ]);
    const counted = await house.script('invite everybody\n');
    expect([counted.code, flat(counted.text)]).toEqual([
      1,
      expect.stringContaining('have not used ace-desk in chat'),
    ]);
    expect(told).toEqual([]);
    const done = await house.script('invite Tom to ace-desk\ninvite everybody (yes)\n');
    await house.quiet();
    expect([done.code, flat(done.text)]).toEqual([0, expect.stringContaining('Invited: Tom Keller.')]);
    expect(to(TOM)).toHaveLength(1);
    expect(told).toHaveLength(Object.keys(ids).length - 1);
  });

  test.each([TEAM.manager, PRIYA])('is for those who keep the roster: not for %s', async (as) => {
    for (const input of [{ people: 'Tom' }, { do: 'everybody', sure: 'yes' }, {}]) {
      const { ok, reply } = await house.act('invite', input, { as });
      expect([ok, (reply as Note).text]).toEqual([
        false,
        'Only the alliance lead and the alliance team invite colleagues. Ask one of them.',
      ]);
    }
    expect(await house.store.prisma.invitation.count()).toBe(0);
  });

  test('before the terms are confirmed nobody is invited, as nobody would get in', async () => {
    // Another store: that they were confirmed is remembered for good.
    const fresh = await openTestHouse(database);
    await fresh.store.prisma.terms.deleteMany();
    const desk = createDesk({
      ...{ store: { ...fresh.store }, commands: Object.values(vocabulary), settings: {}, log: silentLog },
      settling: { settled: async () => undefined, stop: async () => undefined },
      now: () => new Date(),
    });
    const { ok, reply } = await desk.handle({
      ...{ verb: 'invite', input: { people: 'Tom' }, key: randomUUID(), from: senderOf(LEAD) },
    });
    const invitations = await fresh.store.prisma.invitation.count();
    await fresh.stop();
    expect([ok, linesOf({ reply }), invitations]).toEqual([
      false,
      expect.stringContaining('First confirm that the ACE terms'),
      0,
    ]);
  });

  test.each([
    ['alliance lead', '“invite Tom Keller” asks them to come.'],
    ['ACE manager', 'Your alliance lead can ask them to come, with “invite”.'],
  ] as const)('beside whom nothing reaches in chat it says the way, to the %s', (role, said) => {
    expect(inviteHint({ role }, 'Tom Keller')).toBe(said);
  });

  test('where neither Slack nor Teams is open nobody is invited', async () => {
    const before = await house.store.prisma.door.findMany();
    await house.store.prisma.door.deleteMany({ where: { platform: { not: 'console' } } });
    const { ok, reply } = await house.act('invite', { people: 'Tom' });
    await house.store.prisma.door.createMany({ data: before, skipDuplicates: true });
    expect([ok, linesOf({ reply })]).toEqual([false, expect.stringContaining('Neither Slack nor Teams')]);
    expect(await house.store.prisma.invitation.count()).toBe(0);
  });

  test('outside practice mode a yes of whoever needs a code leads to the code; a no needs none', async () => {
    const mina = TEAM.manager;
    await strictly(async () => {
      expect(linesOf(await invite('Mina, Tom'))).toMatch(/Asked for a one-time code .* counts: Mina \w+\./);
      const asked = (email: string) => linesOf({ reply: to(email)[0]?.reply as Note });
      expect(asked(mina)).toContain('You are asked for a one-time code first');
      expect(asked(TOM)).not.toContain('code');
      const yes = await press(mina, 'accept');
      expect([yes.ok, JSON.stringify(yes.reply)]).toEqual([false, expect.stringContaining('one-time code')]);
      expect([await links(), await subscribed()]).toEqual([[], []]);
      expect(linesOf(await press(mina, 'decline'))).toMatch(/^Noted\./);
      expect(await links()).toEqual([]);
    });
  });

  test('outside practice mode whoever has shown by the code that it is them reads when their digest comes', async () => {
    const mina = TEAM.manager;
    await strictly(async () => {
      await invite('Mina');
      await press(mina, 'accept');
      const code = await issueCode(house.store, ids[mina] ?? '', { proves: true, now: new Date() });
      expect(await say(mina, code)).toMatch(/^Linked: .*\nYour digest comes /);
      expect(await subscribed()).toEqual([ids[mina]]);
    });
  });

  test('a no of whoever is in changes nothing; one that nobody asked for neither', async () => {
    await invite('Tom');
    await press(TOM, 'accept');
    expect(linesOf(await press(TOM, 'decline'))).toMatch(/^You use ace-desk already/);
    expect(linesOf(await press(LUCIA, 'decline'))).toMatch(/^There is no invitation for you/);
    expect(await house.store.prisma.invitation.findMany({ where: { declinedAt: { not: null } } })).toEqual(
      [],
    );
  });

  test('a stranger’s press lets nobody in and links nothing', async () => {
    for (const act of ['accept', 'decline'] as const) {
      const { ok, reply } = await press('eve@elsewhere.example', act);
      expect([ok, linesOf({ reply })]).toEqual([false, expect.stringContaining('has no access to ace-desk')]);
    }
    expect(await links()).toEqual([]);
  });

  test('whoever is let in no more, or was erased, is not told, and nothing of it is kept', async () => {
    const eve = await house.store.prisma.person.create({
      data: { email: 'eve@partner.example', firstName: 'Eve', lastName: 'Stone', role: 'ACE user' },
    });
    await invite('Eve Stone');
    expect(await house.store.prisma.invitation.count()).toBe(1);
    expect((await house.act('erase', { person: eve.id, sure: 'yes' })).ok).toBe(true);
    expect(await house.store.prisma.invitation.count()).toBe(0);
    expect((await house.act('invite', { people: eve.id })).ok).toBe(false);
  });
});
