/** A live card in a channel, from `/ace post` to its last redraw, through Slack's front door. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { GoneForGood, MaybePosted, StillAsking } from '../../src/bot/intent.ts';
import { note } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { flat, until } from '../support/house.ts';
import { card, eventually, openScene, type Scene } from '../support/slack-door.ts';
import { type Id, openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { buttonsOf, fieldsOf, partsOf, screenOf } from '../support/slack-screen.ts';
import { type Message, member, type View } from '../support/slack-workspace.ts';

const COMPANY = 'Saffron Road Foods';
const STAGE = 'Technical Validation';
const DEALS = 'CDEALS';

describe.each(databases)('a card in a channel, on $name', (database) => {
  let house: SlackHouse;
  beforeEach(async () => {
    house = await openSlackHouse(database);
  });
  afterEach(async () => {
    const { refused } = house.workspace;
    await house.stop();
    expect(refused).toEqual([]);
  });

  const inChannel = (channel = DEALS): Message[] =>
    house.workspace.messages.filter((it) => it.channel === channel && !it.onlyFor && !it.thread);
  const threadOf = ({ channel, ts }: Message): string[] =>
    house.workspace.messages.filter((it) => it.channel === channel && it.thread === ts).map(screenOf);
  const screen = (it: { text?: unknown; blocks?: unknown }): string => flat(screenOf(it));
  const openView = (user: Id): View | undefined =>
    house.workspace.views.findLast((it) => it.user === user && it.isOpen);

  /** Asks, and answers the form that came. */
  async function asks(user: Id, company = COMPANY, channel = DEALS): Promise<View> {
    const before = house.workspace.views.length;
    await house.slash(user, `post ${company}`, channel);
    await until('the question', () => house.workspace.views.length > before);
    return openView(user) as View;
  }
  async function posts(user: Id, company = COMPANY, channel = DEALS): Promise<Message> {
    const before = inChannel(channel).length;
    await house.submit(await asks(user, company, channel), {});
    await until('a card in the channel', () => inChannel(channel).length > before);
    await house.quiet();
    return inChannel(channel).at(-1) as Message;
  }
  const liveCards = () =>
    house.store.prisma.posting.findMany({ where: { room: { not: null }, endedAt: null } });

  test('says first who reads along and what they will see, then posts company and stage once', async () => {
    house.workspace.users.set('NEW', member('NEW', 'new@partner.example'));
    const form = await asks('ANA');
    expect(screen(form.content)).toContain(
      '7 people read along in #room-cdeals, 1 of them not on the roster; all of them will see company and stage.',
    );
    expect(inChannel()).toEqual([]);
    await house.submit(form, {});
    await until('the card', () => inChannel().length > 0);
    await house.quiet();
    const [card] = inChannel();
    expect(screen(card ?? {})).toMatch(/Saffron Road Foods .*Stage: /);
    expect(screen(card ?? {})).not.toMatch(/Next step:|USD|EUR|@|Revenue|Owner:|[Cc]lose/);
    expect(buttonsOf(card?.blocks).map(({ label }) => label)).toEqual([
      'Open privately',
      'Next step…',
      'Change stage…',
    ]);
    const [row] = await liveCards();
    expect(card?.metadata).toEqual({ event_type: 'ace_desk_card', event_payload: { key: row?.id } });
    expect(row).toMatchObject({ state: 'posted', room: DEALS, tenant: 'T1', userId: 'ANA' });
  });

  test('said in a mention it is posted in that channel, also by the form that came in private', async () => {
    await house.mention('ANA', DEALS, `post ${COMPANY} (yes)`);
    await until('the card', () => inChannel().length > 0);
    await house.mention('ANA', 'COTHER', `post ${COMPANY}`);
    const asked = () =>
      house.messages('ANA').find((it) => it.channel === 'DANA' && screen(it).includes('read along in'));
    await until('the question in private', () => asked() !== undefined);
    const question = asked() as Message;
    await house.press('ANA', question, buttonsOf(question.blocks)[0]?.label ?? '');
    await house.submit(await house.form('ANA'), {});
    await until('the other card', () => inChannel('COTHER').length > 0);
    await house.quiet();
    expect((await liveCards()).map(({ room }) => room).sort()).toEqual([DEALS, 'COTHER'].sort());
  });

  test('a second post leads to the first, whoever says it', async () => {
    const { ts } = await posts('ANA');
    const said = flat(await house.say('JONAS', `post ${COMPANY}`).catch(() => ''));
    // Said elsewhere it is another room: there it is asked.
    expect(said).toContain('read along in');
    await house.slash('JONAS', `post ${COMPANY}`, DEALS);
    const { blocks } = await house.shows('JONAS', 'its card stands in #room-cdeals already');
    const [link] = partsOf(blocks).filter(({ url }) => url !== undefined);
    expect(link).toMatchObject({
      url: `https://partner.slack.com/archives/${DEALS}/p${ts.replace('.', '')}`,
      text: { text: 'Go to the card' },
    });
    const calls = house.workspace.calls.length;
    await house.press('JONAS', house.newest('JONAS'), 'Go to the card');
    expect(house.workspace.calls).toHaveLength(calls);
    house.workspace.fail('chat.getPermalink', { error: 'internal_error' });
    await house.slash('JONAS', `post ${COMPANY}`, DEALS);
    await house.shows('JONAS', 'a little further up');
    expect(inChannel()).toHaveLength(1);
  });

  test('a press is answered to the presser alone; the card follows as the room’s card, with a line in its thread', async () => {
    const card = await posts('ANA');
    await house.press('JONAS', card, 'Open privately');
    const own = () => house.messages('JONAS').filter((it) => it.onlyFor === 'JONAS');
    await until('an answer of their own', () => own().some((it) => screen(it).includes(COMPANY)));
    expect(screen(card)).not.toContain('Next step:');
    await house.press('JONAS', card, 'Change stage…');
    const form = await house.form('JONAS');
    const field = fieldsOf(form.content.blocks)[0];
    const secret = 'Call the CFO about the price';
    const id = await house.idOf(COMPANY);
    await house.act('next-step', { id, text: secret }, { key: 'step' });
    await house.quiet();
    expect(field?.id).toBe('stage');
    await house.act('change-stage', { id, stage: STAGE }, { as: 'lead@partner.example' });
    await until('the new stage on the card', () => screen(card).includes(`Stage: ${STAGE}`));
    await house.quiet();
    expect(threadOf(card)).toEqual([
      expect.stringMatching(/^Next step updated by Ana Silva$/),
      expect.stringMatching(/^Ana Silva moved it to Technical Validation$/),
    ]);
    expect(
      JSON.stringify(house.workspace.messages.filter((it) => it.channel === DEALS && !it.onlyFor)),
    ).not.toContain(secret);
    expect(inChannel()).toHaveLength(1);
  });

  test('whoever presses and may not see the deal gets the answer of an unknown deal, and nobody else sees it', async () => {
    const card = await posts('ANA');
    await house.press('LUCIA', card, 'Open privately');
    const answer = await house.shows('LUCIA', 'I know no deal');
    expect(answer.onlyFor).toBe('LUCIA');
  });

  test.each([
    ['shared outside', { info: { is_ext_shared: true, is_shared: true } }, 'shared outside'],
    ['that somebody outside was asked into', { info: { is_pending_ext_shared: true } }, 'shared outside'],
    ['that holds a guest', { members: ['ANA', 'GUS'] }, 'holds guests'],
    ['that holds somebody of another workspace', { members: ['ANA', 'UELSE'] }, 'holds guests'],
  ])('a channel %s sees the id alone', async (_, channel, why) => {
    house.workspace.users.set('GUS', member('GUS', 'gus@else.example', { is_ultra_restricted: true }));
    house.workspace.channels.set(DEALS, channel);
    expect(screen((await asks('ANA')).content)).toContain(why);
    const card = await posts('ANA');
    const id = await house.idOf(COMPANY);
    expect(screen(card)).toBe(`${id} Open privately`);
    expect(card.text).not.toContain(COMPANY);
    await house.act('change-stage', { id, stage: STAGE });
    await house.quiet();
    expect(threadOf(card)).toEqual([]);
  });

  test.each(['conversations.info', 'conversations.members', 'users.list'])(
    'without the scope for %s the room is not known, and sees the id alone',
    async (method) => {
      house.workspace.fail(method, { error: 'missing_scope', times: 99 });
      expect(screen((await asks('ANA')).content)).toContain('I cannot tell for sure who reads along in ');
      expect(screen(await posts('ANA'))).not.toContain(COMPANY);
    },
  );

  test('where we are not a member it says what to do, and nothing is posted', async () => {
    house.workspace.channels.set(DEALS, { info: { is_member: false } });
    await house.slash('ANA', `post ${COMPANY}`, DEALS);
    await house.shows('ANA', '/invite @ace-desk');
    expect(await liveCards()).toEqual([]);
  });

  test('thrown out between question and answer, the form says so', async () => {
    const form = await asks('ANA');
    house.workspace.channels.set(DEALS, { info: { is_member: false } });
    await house.submit(form, {});
    // In place of the form, or beside what was chosen in it.
    expect(JSON.stringify([openView('ANA')?.content, form.errors])).toContain('/invite @ace-desk');
    expect(await liveCards()).toEqual([]);
  });

  test('thrown out right before it is posted, the poster is told in private', async () => {
    const form = await asks('ANA');
    house.workspace.fail('chat.postMessage', { error: 'not_in_channel' });
    await house.submit(form, {});
    await house.shows('ANA', '/invite @ace-desk');
    expect(await liveCards()).toEqual([]);
  });

  test('an answer that is lost makes no second card; a press finds the first, which is live again', async () => {
    const form = await asks('ANA');
    house.workspace.fail('chat.postMessage', { lost: true });
    await house.submit(form, {});
    await house.shows('ANA', `Slack did not say whether the card stands in #room-${DEALS.toLowerCase()}`);
    await house.quiet();
    const [card] = inChannel();
    expect(inChannel()).toHaveLength(1);
    expect(await liveCards()).toMatchObject([{ state: 'unsure' }]);
    await house.press('JONAS', card as Message, 'Open privately');
    await until('the card found again', async () => (await liveCards())[0]?.state === 'posted');
    await house.act('change-stage', { id: await house.idOf(COMPANY), stage: STAGE });
    await until('the new stage', () => screen(card ?? {}).includes(`Stage: ${STAGE}`));
    await house.quiet();
    expect(inChannel()).toHaveLength(1);
  });

  test('what surely was not sent is sent later', async () => {
    const form = await asks('ANA');
    house.workspace.fail('chat.postMessage', { status: 429, retryAfter: 1 });
    await house.submit(form, {});
    await until('the card', () => inChannel().length > 0);
    await house.quiet();
    expect(inChannel()).toHaveLength(1);
  });

  test('a card that was deleted is not redrawn any more, and may be posted again', async () => {
    const card = await posts('ANA');
    house.workspace.messages.splice(house.workspace.messages.indexOf(card), 1);
    await house.act('change-stage', { id: await house.idOf(COMPANY), stage: STAGE });
    await until('the end of the card', async () => (await liveCards()).length === 0);
    await house.quiet();
    expect(screen(await posts('ANA'))).toContain(`Stage: ${STAGE}`);
  });

  test('the alliance lead, and nobody else, opens a channel for next step and amounts', async () => {
    const id = await house.idOf(COMPANY);
    await house.act('next-step', { id, text: 'Demo with the board' });
    await house.quiet();
    expect(fieldsOf((await asks('JONAS', COMPANY)).content.blocks)).toEqual([]);
    const form = await asks('ANA');
    expect(fieldsOf(form.content.blocks)).toMatchObject([{ id: 'all', value: 'no' }]);
    await house.submit(form, { all: 'yes' });
    await until('the card', () => inChannel().length > 0);
    await house.quiet();
    const [card] = inChannel();
    expect(screen(card ?? {})).toMatch(/Next step: Demo with the board/);
    await house.slash('JONAS', `post ${COMPANY} (all) (yes)`, DEALS);
    await house.shows('JONAS', 'Only the alliance lead opens a channel');
  });

  test('said in private it says where to say it', async () => {
    await house.slash('ANA', `post ${COMPANY}`, 'DANA');
    await house.shows('ANA', 'Say it in the channel where it is to stand');
  });
});

describe('the messenger, where several read', () => {
  const open: Scene[] = [];
  afterEach(async () => {
    for (const it of open.splice(0)) await it.close();
  });
  const scene = async (more: Parameters<typeof openScene>[1] = {}): Promise<Scene> => {
    const it = await openScene(() => note('x'), more);
    open.push(it);
    return it;
  };
  const at = { tenant: 'T1', conversation: 'C1' };
  const calls = ({ workspace }: Scene, method: string) =>
    workspace.calls.filter((call) => call.method === method).length;
  const look = async (it: Scene, conversation = 'C1') =>
    await it.door.messenger.room?.({ tenant: 'T1', conversation });

  test('counts people, not apps, closed accounts or ourselves, and knows confirmed addresses', async () => {
    const it = await scene();
    const { users, channels } = it.workspace;
    users.set('APP', member('APP', '', { is_bot: true }));
    users.set('OLD', member('OLD', 'old@partner.example', { deleted: true }));
    users.set('UNPROVEN', member('UNPROVEN', 'ceo@partner.example', { is_email_confirmed: false }));
    channels.set('C1', { members: ['ANA', 'APP', 'OLD', 'UNPROVEN'] });
    expect(await look(it)).toEqual({
      name: '#room-c1',
      readers: ['ANA', 'UNPROVEN'],
      addresses: { ANA: 'ana.silva@partner.example' },
      isOpenToOthers: false,
      isUnclear: false,
    });
  });

  test('reads every page of the members; of more than a thousand it says that it is unclear', async () => {
    const it = await scene();
    const names = (many: number) => Array.from({ length: many }, (_, nth) => `U${nth}`);
    for (const name of names(1300)) it.workspace.users.set(name, member(name, `${name}@partner.example`));
    it.workspace.channels.set('C1', { members: names(450) });
    it.workspace.channels.set('CHUGE', { members: names(1300) });
    expect(await look(it)).toMatchObject({ isUnclear: false, isOpenToOthers: false });
    expect((await look(it))?.readers).toHaveLength(450);
    const people = calls(it, 'users.list');
    expect(await look(it, 'CHUGE')).toMatchObject({ isUnclear: true });
    // Who is a guest is asked once in a quarter of an hour, not for each room.
    expect(calls(it, 'users.list')).toBe(people);
  });

  test('while a large workspace is being read nobody waits for it; whoever asks next has it', async () => {
    const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
    const it = await scene({ pace: { now: () => performance.now(), sleep } });
    it.workspace.fail('users.list', { status: 429, retryAfter: 2, times: 2 });
    await expect(look(it)).rejects.toThrow(StillAsking);
    await until('the people', () => calls(it, 'users.list') > 2);
    expect(await look(it)).toMatchObject({ isUnclear: false });
  });

  test('whoever has become a guest counts as one once Slack says that they have changed, and is asked about once', async () => {
    const it = await scene();
    expect(await look(it)).toMatchObject({ isOpenToOthers: false });
    it.workspace.channels.set('C1', { members: ['ANA', 'BEN'] });
    it.workspace.users.set('BEN', member('BEN', 'ben@partner.example', { is_restricted: true }));
    expect(await look(it)).toMatchObject({ isOpenToOthers: false });
    await it.event({ type: 'user_change', user: { id: 'BEN', is_restricted: true } });
    // What stands in his private messages is closed by the event's own word.
    const asked = calls(it, 'users.info');
    expect(asked).toBe(0);
    expect(await look(it)).toMatchObject({ isOpenToOthers: true });
    expect(await look(it)).toMatchObject({ isOpenToOthers: true });
    expect(calls(it, 'users.info')).toBe(asked + 1);
    expect(calls(it, 'users.list')).toBe(1);
  });

  test('who changes while the people are being read is not as the list says', async () => {
    let released = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      released = resolve;
    });
    const it = await scene({ pace: { now: () => performance.now(), sleep: () => held } });
    it.workspace.channels.set('C1', { members: ['ANA', 'BEN'] });
    // The first page is refused: the listing waits, until it is released.
    it.workspace.fail('users.list', { status: 429, retryAfter: 1, times: 2 });
    await expect(look(it)).rejects.toThrow(StillAsking);
    await it.event({ type: 'user_change', user: { id: 'BEN' } });
    it.workspace.answers.set('users.info', () => ({
      ok: true,
      user: member('BEN', 'ben@partner.example', { is_restricted: true }),
    }));
    await new Promise((resolve) => setTimeout(resolve, 1100));
    released();
    await until('the people', () => calls(it, 'users.list') > 2);
    expect(await look(it)).toMatchObject({ isOpenToOthers: true });
  });

  test('of more than twenty who have changed the list is read again', async () => {
    const it = await scene();
    const names = Array.from({ length: 25 }, (_, nth) => `U${nth}`);
    for (const name of names) it.workspace.users.set(name, member(name, `${name}@partner.example`));
    await look(it);
    for (const name of names) await it.event({ type: 'user_change', user: it.workspace.users.get(name) });
    await look(it);
    expect([calls(it, 'users.list'), calls(it, 'users.info')]).toEqual([2, 0]);
  });

  test('knows a public channel', async () => {
    const it = await scene();
    it.workspace.channels.set('C1', { info: { is_private: false } });
    it.workspace.channels.set('C2', { info: { is_private: true } });
    expect(await look(it)).toHaveProperty('isPublic', true);
    expect(await look(it, 'C2')).not.toHaveProperty('isPublic');
  });

  test('posts to a channel wait for their turns, a second each', async () => {
    let time = 0;
    const pace = {
      now: () => time,
      sleep: async (ms: number) => {
        time += ms;
      },
    };
    const it = await scene({ pace });
    for (let nth = 0; nth < 3; nth++) await it.door.messenger.turn?.(at);
    expect(time).toBe(2000);
    const ref = (await it.door.messenger.post?.(at, card(), 'key')) ?? {};
    expect(time).toBe(2000);
    await it.door.messenger.reply?.(ref, note('Moved on'));
    expect(time).toBe(3000);
  });

  test('a press in a channel is never answered in place, whatever its button says', async () => {
    const it = await scene();
    await it.door.messenger.post?.(at, card(), 'key');
    const [message] = it.workspace.messages;
    if (!message) throw new Error('nothing posted');
    message.blocks = JSON.parse(
      JSON.stringify(message.blocks).replaceAll(String.raw`\"o\":\"room\"`, String.raw`\"o\":\"note\"`),
    );
    expect(JSON.stringify(message.blocks)).not.toContain('room');
    await it.press('ANA', message, 'Accept');
    await eventually('the answer', () => it.workspace.messages.length > 1);
    expect(it.workspace.messages[1]).toMatchObject({ onlyFor: 'ANA' });
    expect(screenOf(message)).toContain('Acme');
  });

  test('a group message is a room, a direct message is none, nor is a view', async () => {
    const it = await scene();
    it.workspace.channels.set('G1', { info: { is_mpim: true }, members: ['ANA', 'BEN'] });
    const group = await look(it, 'G1');
    expect(group).toMatchObject({ readers: ['ANA', 'BEN'] });
    expect(group).not.toHaveProperty('name');
    expect([await look(it, 'D1'), await look(it, 'view')]).toEqual([undefined, undefined]);
  });

  test.each([
    ['a 503', { status: 503 }],
    ['an answer that never came', { lost: true }],
    ['internal_error', { error: 'internal_error' }],
  ])('%s leaves it open whether the card stands there, and is not tried again', async (_, fault) => {
    const it = await scene();
    it.workspace.fail('chat.postMessage', fault);
    await expect(it.door.messenger.post?.(at, card(), 'key')).rejects.toThrow(MaybePosted);
    expect(calls(it, 'chat.postMessage')).toBe(1);
  });

  test('a refusal or a rate limit is sure: nothing stands there', async () => {
    const it = await scene();
    for (const error of ['not_in_channel', 'channel_not_found', 'is_archived']) {
      it.workspace.fail('chat.postMessage', { error });
      await expect(it.door.messenger.post?.(at, card(), 'key')).rejects.toThrow(GoneForGood);
    }
    it.workspace.fail('chat.postMessage', { status: 429, retryAfter: 30 });
    const limited = it.door.messenger.post?.(at, card(), 'key');
    await expect(limited).rejects.not.toThrow(MaybePosted);
    await expect(limited).rejects.not.toThrow(GoneForGood);
    expect(it.workspace.messages).toEqual([]);
  });

  test('blocks that Slack refuses go out as words, once', async () => {
    const it = await scene();
    it.workspace.fail('chat.postMessage', { error: 'invalid_blocks' });
    await it.door.messenger.post?.(at, card(), 'key');
    expect(it.workspace.messages).toMatchObject([{ blocks: [], text: expect.stringContaining('Acme') }]);
  });

  test('its buttons say which post they stand in, also when it is redrawn; a press names the place and is answered beside it', async () => {
    const it = await scene();
    const ref = (await it.door.messenger.post?.(at, card(), 'the-key')) ?? {};
    await it.door.messenger.redraw(ref, card({ title: 'Acme, redrawn' }));
    const [message] = it.workspace.messages;
    await it.press('ANA', message as Message, 'Accept');
    expect(it.desk.intents[0]?.pressed).toEqual({ post: 'the-key', at, ref });
    await eventually('the answer', () => it.workspace.messages.length > 1);
    expect(it.workspace.messages[1]).toMatchObject({ onlyFor: 'ANA' });
    expect(screenOf(message ?? {})).toContain('Acme, redrawn');
  });

  test('a line hangs in the thread alone', async () => {
    const it = await scene();
    const ref = (await it.door.messenger.post?.(at, card(), 'key')) ?? {};
    await it.door.messenger.reply?.(ref, note('Moved on'));
    expect(it.workspace.messages[1]).toMatchObject({ thread: ref.ts, text: 'Moved on' });
    const sent = it.workspace.calls.findLast((call) => call.method === 'chat.postMessage');
    expect(sent?.body.reply_broadcast).toBeUndefined();
  });
});
