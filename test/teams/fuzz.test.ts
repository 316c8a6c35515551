/**
 * Signed activities with parts wrong, missing, huge, hostile or foreign: nobody gets a server error, writes anything or
 * learns anything by them. The same seed plays the same run: FUZZ=100000 FUZZ_SEED=7 npm run jest -- test/teams/fuzz
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { mutations, type Payload } from '../support/mutations.ts';
import {
  activity,
  dialogSubmitted,
  executed,
  fetched,
  installed,
  linked,
  messageAction,
  post,
  said,
  searched,
  submitted,
  type Target,
  typed,
} from '../support/teams-activities.ts';
import { PUBLIC_URL } from '../support/teams-env.ts';
import { openTeamsHouse, type TeamsHouse } from '../support/teams-house.ts';
import { isJson, type Json, parts } from '../support/teams-screen.ts';

const COUNT = Number(process.env.FUZZ ?? 1500);
const SEED = Number(process.env.FUZZ_SEED ?? 20261124);
const AT_ONCE = 8;
/** A guest, a stranger of the tenant, and two of the roster whose own activities ask to look only. */
const OUTSIDERS = ['GUS', 'EVE'];
const INSIDERS = ['ANA', 'PRIYA'];
const ROOM = '19:deals@thread.tacv2';
const HOSTILE = [
  ...['<at>ANA</at>', '[here](javascript:alert(1))', `$${'{id}'}`, '**', '29:ANA', '28:another', 'a:ANA'],
  ...['msteams', 'directline', 'https://evil.example/', 'http://127.0.0.1:1/', '/', 'task/fetch', 'invoke'],
];

/** What nobody may change by such an activity. */
const KEPT = ['act', 'change', 'transition', 'role_change', 'offer', 'flag', 'access_request', 'person'];

describe.each(databases)('mutated activities, on $name', (database) => {
  let house: TeamsHouse;
  let companies: string[];
  beforeAll(async () => {
    house = await openTeamsHouse(database);
    house.microsoft.enroll('GUS', { email: 'gus@else.example', role: 'guest' });
    house.microsoft.enroll('EVE', { email: 'eve@else.example' });
    house.microsoft.room(ROOM, { members: ['ANA', 'PRIYA', 'GUS', 'EVE'] });
    const deals = await house.store.prisma.deal.findMany({ select: { company: true } });
    companies = [...new Set(deals.map(({ company }) => company))].filter((name) => name.length > 5);
  });
  afterAll(() => house?.stop());

  const rows = async (): Promise<string[]> => {
    const counted = KEPT.map((table) => `SELECT '${table}' AS name, count(*)::int AS many FROM "${table}"`);
    const found = await house.store.prisma.$queryRawUnsafe<{ name: string; many: number }[]>(
      counted.join(' UNION ALL '),
    );
    return found.map(({ name, many }) => `${name}: ${many}`);
  };

  test(`${COUNT} of them (seed ${SEED}) cause no error, no write and no leak`, async () => {
    for (const user of INSIDERS) await house.say(user, 'desk');
    const before = await rows();
    const { microsoft, target } = house;
    const mutate = mutations(SEED, HOSTILE);
    const wrong: string[] = [];
    let taken = 0;
    const one = async (nth: number) => {
      const user = [...OUTSIDERS, ...INSIDERS][nth % 4] ?? 'EVE';
      const kinds = originals(target, user, nth);
      const original = kinds[Math.floor(nth / 4) % kinds.length];
      if (!original) return;
      const { request, told } = mutate(original);
      const sent = decoded(request.body);
      const { status, body } = await post(target, sent, {
        raw: request.body,
        ...(request.contentType ? { contentType: request.contentType } : {}),
      });
      if (status === 200) taken += 1;
      // 501: an invoke that this bot does not know.
      if (status >= 500 && !(status === 501 && sent.type === 'invoke')) wrong.push(`${status} to ${told}`);
      if (OUTSIDERS.includes(user) && names(JSON.stringify(body), companies))
        wrong.push(`a company is named to ${user}, who sent ${told}`);
    };
    for (let nth = 0; nth < COUNT; nth += AT_ONCE)
      await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => one(nth + at)));
    await house.quiet();
    expect(wrong.slice(0, 5)).toEqual([]);
    // They come as far as the desk: what is refused at the wall proves nothing behind it.
    expect(taken).toBeGreaterThan(COUNT / 3);
    const seen = microsoft.messages.filter(
      ({ conversation }) => !INSIDERS.some((user) => conversation === `a:${user}`),
    );
    const leaks = seen.filter(({ text, summary, cards }) =>
      names(JSON.stringify([text, summary, cards]), companies),
    );
    expect(leaks.map(({ conversation, summary }) => ({ conversation, summary })).slice(0, 3)).toEqual([]);
    expect(microsoft.refused.slice(0, 5)).toEqual([]);
    expect(await rows()).toEqual(before);
    // It goes on as if nothing had been.
    await house.say('ANA', 'list pending');
    await house.shows('ANA', 'Pending acceptance');
  }, 3_600_000);
});

const names = (text: string, companies: string[]): boolean =>
  companies.some((name) => text.includes(JSON.stringify(name).slice(1, -1)));

/** For the claims of its token: what is no activity names no service. */
function decoded(text: string): Json {
  try {
    const it: unknown = JSON.parse(text);
    return isJson(it) ? it : {};
  } catch {
    return {};
  }
}

/** One of each kind as Teams builds it; what each asks for is only to look. */
function originals(target: Target, user: string, nth: number): Payload[] {
  const press = (verb: string, input: Json, more: Json = {}) => ({
    ace: { v: verb, i: input, k: `fuzz${nth}.0`, o: 'card', ...more },
  });
  const find = { v: 'find', i: {}, k: `k${nth}`, s: 1, m: { words: 200 }, q: ['words'] };
  const own = { message: '1' };
  const room = { room: ROOM, thread: '1', message: '1' };
  const show = press('show', { id: 'O7000003' });
  const words = ['desk', 'list pending', 'find water', 'show O7000003', 'help', 'next-step', ''];
  const typing = activity(target, user, 'typing');
  const activities: Json[] = [
    said(target, user, words[nth % words.length] ?? ''),
    said(target, user, 'find water', { room: ROOM }),
    executed(target, user, { verb: 'ace', data: show }, own),
    executed(target, user, { verb: 'ace', data: press('list', { view: 'pending' }) }, own),
    executed(target, user, { verb: 'ace', data: { ace: find, f_words: 'water' } }, own),
    submitted(target, user, show, own),
    fetched(target, user, press('show', { id: 'O7000003' }, { o: 'room', r: 'p1' }), room),
    fetched(target, user, press('next-step', { id: 'O7000003' }, { f: 1 }), own),
    dialogSubmitted(target, user, { ace: find, f_words: 'water' }, room),
    typed(target, user, 'people', 'an', { ace: { ...find, v: 'transfer', i: { id: 'O7000003' } } }),
    searched(target, user, 'water', { room: ROOM }),
    linked(target, user, `${PUBLIC_URL}/o/O7000003`, { room: ROOM }),
    messageAction(target, user, '<p>They want a <b>demo</b></p>', room),
    { ...typing, type: 'messageReaction', reactionsAdded: [{ type: 'like' }] },
    { ...installed(target, user, 'add'), channelData: parts(typing.channelData) },
  ];
  return activities.map((it) => ({ kind: 'json', text: JSON.stringify(it), told: `${it.type} of ${user}` }));
}
