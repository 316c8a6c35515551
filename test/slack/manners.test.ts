/** How Slack's Marketplace wants an app to behave, as far as real screens of a running house show it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fromMetadata } from '../../src/slack/modal.ts';
import { databases } from '../support/databases.ts';
import { until } from '../support/house.ts';
import { IDS, type Id, openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { buttonsOf, fieldsOf, isJson, type Json, partsOf, screenOf } from '../support/slack-screen.ts';
import { type Message, member, type View } from '../support/slack-workspace.ts';

/** Known, cut short, misspelt, about nothing, about what is not theirs. */
const LINES = [
  ...['', 'help', 'help florb', 'florb', 'acept 1', '🙂', 'desk', 'list pending', 'list florb', 'list views'],
  ...['find', 'find airways', 'find Nobody There', 'show', 'show Nobody There', 'show Tamarind Airways'],
  ...['accept', 'accept 99', 'reject', 'next-step', 'change-stage', 'repair', 'transfer', 'offer', 'flag'],
  ...['next-step Tamarind Airways: x', 'post', 'waiting', 'waiting cancel 7', 'history', 'people', 'link'],
  ...['erase', 'erase Zorro', 'update-lead'],
];
const OUTSIDE = ['SAM', 'GUS', 'CONNECT'];
/** What to do now: words that ask for it, or words to type. */
const WAY_ON =
  /\b(please|try|type|say|ask|choose|accept the referral first|your alliance lead can|alliance lead decides)\b|“[a-z/][^”]*”/i;
const EMPTY_WORDS = /\boops\b|uh-?oh|whoops|unexpected|undefined|\bnull\b|exception|_error\b|invalid_/i;
/** What holds every kind of button. */
const SCREENS = [
  ...['desk', 'list', 'list pending', 'list views', 'waiting', 'people', 'find lighthouse'],
  ...[
    'show Tamarind Airways',
    'show Polestar Ferries',
    'show Silverbirch Clinics',
    'show Northgate Tram Works',
  ],
];
/** Of these a press alone may change nothing. */
const GRAVE = ['reject', 'transfer', 'erase', 'people', 'change-stage', 'repair', 'post'];
const ROOM = 'CDEALS';
const LOUD = '<!channel> Logistics';

describe.each(databases)('manners, on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
    const { users, channels } = house.workspace;
    users.set('SAM', member('SAM', 'sam@partner.example'));
    users.set('GUS', member('GUS', 'gus@else.example', { is_restricted: true }));
    users.set('CONNECT', member('CONNECT', IDS.ANA, { is_stranger: true, team_id: 'T9' }));
    channels.set(ROOM, { members: ['ANA', 'PRIYA', 'LUCIA'] });
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  const mine = (user: string): Message[] => house.messages(user as Id);
  const viewsOf = (user: string): View[] => house.workspace.views.filter((it) => it.user === user);
  /** All that stands on that person's screen; any change of it is something they see. */
  const glass = (user: string): string =>
    JSON.stringify([mine(user), viewsOf(user), house.workspace.homes.get(user)]);
  /** Does it, and waits until that person sees something of it. */
  async function seen(user: string, what: string, act: () => Promise<{ status: number; body: unknown }>) {
    await house.quiet();
    const before = glass(user);
    const answered = await act();
    expect([what, answered.status]).toEqual([what, 200]);
    await until(`something on ${user}’s screen after ${what}`, () => glass(user) !== before);
    return answered;
  }
  const refusals = (): string[] =>
    [...house.workspace.messages, ...house.workspace.views.map(({ content }) => content)]
      .map(screenOf)
      .filter((it) => it.includes('⚠️'));

  test.each(['ANA', 'PRIYA', ...OUTSIDE])(
    'whatever %s types after /ace is answered, and to nobody else',
    async (user) => {
      for (const line of LINES) {
        const { body } = await seen(user, `“${line}”`, () => house.slash(user, line));
        if (isJson(body)) expect([line, body.response_type]).toEqual([line, 'ephemeral']);
      }
      const forAll = house.workspace.messages.filter((it) => !it.channel.startsWith('D') && !it.onlyFor);
      expect(forAll).toEqual([]);
    },
  );

  test('what is refused says what to do now, in words for people', () => {
    const said = [...new Set(refusals())];
    expect(said.length).toBeGreaterThan(12);
    expect(said.filter((it) => !WAY_ON.test(it))).toEqual([]);
    expect(said.filter((it) => EMPTY_WORDS.test(it))).toEqual([]);
  });

  test('help comes wherever it is asked for, and what is not understood leads to it', async () => {
    const newest = (user: string) => screenOf(mine(user).at(-1) ?? {});
    await house.slash('TOM', 'help');
    expect(newest('TOM')).toContain('next-step <deal>: <text>');
    await house.slash('TOM', 'florb');
    expect(newest('TOM')).toContain('“help” lists what you can say');
    await seen('TOM', 'help in private', () => house.tell('TOM', 'help'));
    await house.shows('TOM', 'What you can say');
    await seen('LUCIA', 'help in a mention', () => house.mention('LUCIA', ROOM, 'help'));
    await until('help in private', () =>
      mine('LUCIA').some((it) => screenOf(it).includes('What you can say')),
    );
  });

  test.each(OUTSIDE)('%s, who is not let in, is answered kindly on every surface', async (user) => {
    const said = { channel: ROOM, ts: '7.7', text: 'They want a demo' };
    await seen(user, 'a private word', () => house.tell(user, 'desk'));
    await seen(user, 'a mention', () => house.mention(user, ROOM, 'desk'));
    await seen(user, 'the Home tab', () => house.openHome(user));
    for (const name of ['find_deal', 'my_desk']) await seen(user, name, () => house.shortcut(user, name));
    await seen(user, 'add_next_step', () => house.shortcut(user, 'add_next_step', said));
    await house.say('ANA', 'show Tamarind Airways');
    const card = house.newest('ANA');
    const theirs: Message = { ...card, ts: '8.8', channel: ROOM, onlyFor: user };
    await seen(user, 'a press', () => house.press(user, theirs, 'Accept'));
    await until(`the last words to ${user}`, () => !glass(user).includes('One moment'));
    const screens = [...mine(user), ...viewsOf(user).map(({ content }) => content)].map(screenOf);
    expect(screens.filter((it) => !/alliance lead|your own workspace|in a direct message/.test(it))).toEqual(
      [],
    );
    expect(glass(user)).not.toMatch(/Tamarind Airways – |Marlow|Northgate/);
  });

  test('a form says beforehand what AWS or the channel will read', async () => {
    const tram = await house.idOf('Northgate Tram Works');
    const lead = await house.store.prisma.deal.findFirstOrThrow({
      where: { kind: 'lead', status: 'Qualified', goneAt: null },
    });
    const asked: Record<string, RegExp> = {
      [`next-step ${tram}`]: /AWS reads this/,
      [`change-stage ${tram}`]: /AWS reads this/,
      'reject Evergrove Timber': /AWS takes it away.*AWS reads/s,
      'repair Silverbirch Clinics': /AWS/,
      [`transfer ${tram}`]: /AWS/,
      [`update-lead ${lead.id}`]: /AWS/,
      [`post ${tram}`]: /all of them will see company and stage/,
    };
    for (const [line, says] of Object.entries(asked)) {
      await seen('ANA', line, () => house.slash('ANA', line, ROOM));
      const form = viewsOf('ANA').at(-1);
      expect([line, fromMetadata(String(form?.content.private_metadata))?.v]).toEqual([
        line,
        line.split(' ')[0],
      ]);
      expect([line, screenOf(form?.content ?? {})]).toEqual([line, expect.stringMatching(says)]);
      if (form) form.isOpen = false;
    }
  });

  test('every kind of button answers with something to see, and what cannot be taken back asks first', async () => {
    await house.slash('LUCIA', `next-step ${await house.idOf('Juniper Lane Pharmacies')}: x`);
    await house.slash('TOM', 'next-step Polestar Ferries: Call them (queue)');
    const met = new Map<string, Json>();
    for (const line of SCREENS) {
      const fresh = async (): Promise<Message> => {
        await seen('ANA', line, () => house.slash('ANA', line));
        return house.newest('ANA');
      };
      for (const part of partsOf((await fresh()).blocks).filter(({ type }) => type === 'button')) {
        const [button] = buttonsOf([part]);
        const { v: verb, i: input } = JSON.parse(button?.value ?? '{}');
        const kind = `${verb} ${input.do ?? ''} ${button?.label}`;
        if (!button || met.has(kind)) continue;
        met.set(kind, part);
        const isGrave = part.style === 'danger' || GRAVE.includes(verb);
        if (isGrave && isJson(part.confirm)) continue;
        const screen = await fresh();
        const acts = await house.store.prisma.act.count();
        await seen('ANA', kind, () => house.press('ANA', screen, button.label));
        if (!isGrave) continue;
        await until(`a form after ${kind}`, () => fieldsOf(viewsOf('ANA').at(-1)?.content.blocks).length > 0);
        expect([kind, await house.store.prisma.act.count()]).toEqual([kind, acts]);
      }
    }
    expect(met.size).toBeGreaterThan(15);
    const labels = [...met.values()].map((it) => (isJson(it.text) ? String(it.text.text) : ''));
    // A phone shows about thirty characters.
    expect(labels.filter((it) => [...it].length > 30)).toEqual([]);
    expect(labels).toEqual(
      expect.arrayContaining(['Accept', 'Reject…', 'Next step…', 'Take back 1', 'Edit…']),
    );
  });

  test('nothing that is sent can call a whole channel, and each message has words beside its blocks', async () => {
    const id = await house.idOf(LOUD);
    await house.slash('LUCIA', `post ${id} (yes)`, ROOM);
    const room = () => house.workspace.messages.filter((it) => it.channel === ROOM && !it.onlyFor);
    await until('the card', () => room().length > 0);
    await house.slash('LUCIA', `next-step ${id}: <!here> @channel <@UBOT> *now*`);
    await until('a line in the thread', () => room().length > 1);
    await house.openHome('LUCIA');
    await house.quiet();
    expect(JSON.stringify(house.workspace.homes.get('LUCIA'))).toContain('<!channel>');
    expect(room().map(screenOf).join('\n')).toContain(LOUD);
    for (const { text } of house.workspace.messages) {
      expect(text.trim()).not.toBe('');
      expect(text).not.toMatch(/<|>/);
    }
    const sent = house.workspace.calls.map(({ body }) => body);
    for (const { link_names: names, parse } of sent) {
      expect([true, 'true', 1, '1']).not.toContain(names);
      expect([undefined, 'none']).toContain(parse);
    }
    const parts = partsOf([...sent, ...house.workspace.messages.map(({ blocks }) => blocks), ...drawn(sent)]);
    expect(
      parts.filter(({ type }) => ['broadcast', 'user', 'usergroup', 'mrkdwn'].includes(String(type))),
    ).toEqual([]);
  });
});

/** Blocks and views travel as JSON in a form. */
const drawn = (sent: Json[]): unknown[] =>
  sent.flatMap(({ blocks, view, unfurls }) =>
    [blocks, view, unfurls].flatMap((it) => (typeof it === 'string' ? [JSON.parse(it)] : [])),
  );
