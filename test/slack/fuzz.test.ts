/**
 * Signed payloads with parts wrong, missing, huge, hostile or foreign: nobody gets a server error, writes anything or
 * learns anything by them. The same seed plays the same run: FUZZ=100000 FUZZ_SEED=7 npm run jest -- test/slack/fuzz
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { mutations, type Payload } from '../support/mutations.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { eventBody, pressBody, send, slashBody, submitBody } from '../support/slack-requests.ts';
import type { Json } from '../support/slack-screen.ts';
import { type Message, member } from '../support/slack-workspace.ts';

const COUNT = Number(process.env.FUZZ ?? 1500);
const SEED = Number(process.env.FUZZ_SEED ?? 20261123);
const AT_ONCE = 8;
/** A guest, a stranger of the workspace, and two of the roster whose own payloads ask to look only. */
const OUTSIDERS = ['GUS', 'EVE'];
const INSIDERS = ['ANA', 'PRIYA'];

/** What nobody may change by such a payload. */
const KEPT = ['act', 'change', 'transition', 'role_change', 'offer', 'flag', 'access_request', 'person'];

describe.each(databases)('mutated payloads, on $name', (database) => {
  let house: SlackHouse;
  let companies: string[];
  beforeAll(async () => {
    house = await openSlackHouse(database);
    house.workspace.users.set('GUS', member('GUS', 'gus@else.example', { is_restricted: true }));
    house.workspace.users.set('EVE', member('EVE', 'eve@else.example'));
    const deals = await house.store.prisma.deal.findMany({ select: { company: true } });
    companies = [...new Set(deals.map(({ company }) => company))].filter((name) => name.length > 5);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  const rows = async (): Promise<string[]> => {
    const counted = KEPT.map((table) => `SELECT '${table}' AS name, count(*)::int AS many FROM "${table}"`);
    const found = await house.store.prisma.$queryRawUnsafe<{ name: string; many: number }[]>(
      counted.join(' UNION ALL '),
    );
    return found.map(({ name, many }) => `${name}: ${many}`);
  };

  test(`${COUNT} of them (seed ${SEED}) cause no error, no write and no leak`, async () => {
    for (const user of INSIDERS) await house.slash(user, 'desk');
    const before = await rows();
    const { workspace, target } = house;
    const mutate = mutations(SEED);
    const wrong: string[] = [];
    let sent = 0;
    const one = async (nth: number) => {
      const user = [...OUTSIDERS, ...INSIDERS][nth % 4] ?? 'EVE';
      const kinds = originals(house, user, nth);
      const original = kinds[Math.floor(nth / 4) % kinds.length];
      if (!original) return;
      const { request, told } = mutate(original);
      // A line that we had kept for too long may be shut by the other side just then: once more, on another.
      const answered = await send(target, request)
        .catch(() => send(target, request))
        .catch(() => undefined);
      if (!answered) return void wrong.push(`no answer to ${told}`);
      const { status, body } = answered;
      sent += 1;
      const said = JSON.stringify(body);
      if (status >= 500) wrong.push(`${status} to ${told}`);
      if (OUTSIDERS.includes(user) && told.includes(user) && names(said, companies))
        wrong.push(`a company is named to ${user}, who sent ${told}`);
    };
    for (let nth = 0; nth < COUNT; nth += AT_ONCE)
      await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => one(nth + at)));
    await house.quiet();
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(sent).toBeGreaterThanOrEqual(COUNT);
    // Where others read along, in an outsider’s own conversation, or shown to an outsider only.
    const seen = workspace.messages.filter(({ channel, onlyFor }) =>
      onlyFor
        ? OUTSIDERS.includes(onlyFor)
        : !channel.startsWith('D') || OUTSIDERS.includes(channel.slice(1)),
    );
    const leaks = seen.filter((it) => names(JSON.stringify(it), companies));
    expect(leaks.map(({ channel, onlyFor, text }) => ({ channel, onlyFor, text })).slice(0, 3)).toEqual([]);
    expect(await rows()).toEqual(before);
    // It goes on as if nothing had been.
    expect(await house.say('ANA', 'list pending')).toContain('Pending acceptance');
  }, 3_600_000);
});

const names = (text: string, companies: string[]): boolean =>
  companies.some((name) => text.includes(JSON.stringify(name).slice(1, -1)));

/** One of each kind as Slack builds it; what each asks for is only to look. */
function originals({ target }: SlackHouse, user: string, nth: number): Payload[] {
  const message: Message = { channel: 'C1', ts: `1.${nth}`, text: '', blocks: [], onlyFor: user };
  const button = (verb: string, input: Record<string, string>) => ({
    type: 'button' as const,
    label: 'x',
    actionId: `${verb}#1`,
    value: JSON.stringify({ v: verb, i: input, k: `fuzz${nth}.0`, o: 'card' }),
  });
  const form = {
    id: `V${nth}`,
    user,
    isOpen: true,
    errors: {},
    content: {
      type: 'modal',
      callback_id: 'form',
      private_metadata: JSON.stringify({ c: 'C1', v: 'find', i: {}, m: { words: 200 }, k: `k${nth}` }),
      blocks: [
        { type: 'input', block_id: 'words', element: { type: 'plain_text_input', action_id: 'answer' } },
      ],
    },
  };
  const event = (it: Json) => eventBody(target, { user, text: 'desk', ...it }, `Ev${nth}`);
  const words = ['desk', 'list pending', 'find water', 'show O7000003', 'help', 'next-step', ''];
  return [
    { kind: 'form', text: slashBody(target, user, words[nth % words.length] ?? '', 'C1') },
    { kind: 'payload', text: pressBody(target, user, message, button('show', { id: 'O7000003' })) },
    { kind: 'payload', text: pressBody(target, user, message, button('list', { view: 'pending' })) },
    { kind: 'payload', text: submitBody(target, form, { words: 'water' }) },
    { kind: 'json', text: event({ type: 'message', channel_type: 'im', channel: `D${user}` }) },
    { kind: 'json', text: event({ type: 'app_mention', channel: 'C1' }) },
  ].map((it) => ({ ...it, told: user }) as Payload);
}
