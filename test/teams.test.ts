/**
 * A day in Teams, against the process as it is started for production: Microsoft's own names lead to a stand-in over TLS
 * (keys, tokens, connector), nothing else is changed.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from './support/databases.ts';
import { until } from './support/house.ts';
import { usesMain } from './support/process.ts';
import {
  executed,
  installed,
  linked,
  membersChanged,
  messageAction,
  post,
  said,
  searched,
  submitted,
  typed,
} from './support/teams-activities.ts';
import { buttonNamed, dataOf, fresh, type Screens, seen } from './support/teams-client.ts';
import { PUBLIC_URL } from './support/teams-env.ts';
import { createKey, ISSUER } from './support/teams-keys.ts';
import { startTeams, type TeamsProcess } from './support/teams-process.ts';
import { fieldsOf, type Json, list, parts, screenOf } from './support/teams-screen.ts';

const [, postgres] = databases;
if (!postgres) throw new Error('There are two databases.');

const ROOM = '19:deals@thread.tacv2';
const OPEN_ROOM = '19:shared@thread.tacv2';
const GROUP = '19:group@thread.v2';

usesMain(afterAll);

describe('a day in Teams', () => {
  let day: TeamsProcess;
  beforeAll(async () => {
    day = await startTeams(postgres);
    const { microsoft } = day;
    microsoft.enroll('GUS', { name: 'Gus Guest', email: 'gus@else.example', role: 'guest' });
    microsoft.enroll('EVE', { name: 'Eve Else', email: 'eve@else.example' });
    const team = { team: '19:team@thread.tacv2', name: 'deals' };
    microsoft.room(ROOM, { ...team, members: ['PRIYA', 'TOM', 'ANA'] });
    microsoft.room(OPEN_ROOM, { ...team, members: ['PRIYA', 'GUS', 'ANA'] });
    microsoft.room(GROUP, { members: ['PRIYA', 'TOM', 'ANA'] });
  });
  afterAll(async () => {
    const refused = day?.microsoft.refused;
    expect(await day?.close()).toBe(0);
    expect(refused).toEqual([]);
    for (const secret of [...SECRETS, 'broke a limit']) expect(day.it.said().err).not.toContain(secret);
  });

  /** `before`: what stood there already does not count. */
  const shows = (user: string, what: string | RegExp, before: Screens = new Map()) => {
    const shown = () => fresh(before, day.screens(user));
    const fits = (it: string) => (typeof what === 'string' ? it.includes(what) : what.test(it));
    return until(`${what} on ${user}’s screen`, () => shown().some(fits)).catch((error: Error) => {
      throw new Error(`${error.message}\nshown: ${shown().join('\n---\n')}`);
    });
  };
  /** Says it and waits for the answer; the newest message. */
  const ask = async (user: string, words: string, what: string | RegExp) => {
    const before = day.screens(user);
    expect((await day.tell(user, words)).status).toBe(200);
    await shows(user, what, before);
    return day.newest(user);
  };
  const inRoom = (room: string) => day.microsoft.messages.filter((it) => it.conversation === room);
  const idOf = async (user: string, company: string) => {
    const card = await ask(user, `show ${company}`, company);
    return /O\d{7,}/.exec(seen(card, day.cardOf(user, card)))?.[0] ?? '';
  };

  test('whoever adds the app is welcomed once, in words that say how to go on', async () => {
    const before = day.messages('ANA').length;
    await post(day.target, installed(day.target, 'ANA', 'add'));
    await post(day.target, membersChanged(day.target, 'ANA', 'membersAdded', ['the bot']));
    await shows('ANA', /help/);
    await ask('ANA', 'desk', 'Your desk');
    expect(day.messages('ANA').length - before).toBe(2);
  });

  test('words are answered, a card is pressed, and its own place shows what came of it', async () => {
    await ask('ANA', 'list pending', 'Tamarind Airways');
    const card = await ask('ANA', 'show Tamarind Airways', 'Tamarind Airways');
    expect(card.summary).toContain('Tamarind');
    const answered = await day.press('ANA', card, 'Accept');
    expect(answered).toMatchObject({ status: 200, body: { statusCode: 200 } });
    await until('AWS’s yes, in that card', () =>
      /confirmed/.test(seen(card, day.cardOf('ANA', card)) + [...day.screens('ANA').values()].join()),
    );
  });

  test('a form in a dialog keeps what was typed beside its error, and closes on what is right', async () => {
    const card = await ask('PRIYA', 'show Northgate Tram Works', 'Northgate Tram Works');
    await day.press('PRIYA', card, /^Next step/);
    expect(fieldsOf(day.dialog('PRIYA')?.card).map(({ id }) => id)).toContain('f_text');
    const long = 'x'.repeat(256);
    await day.submit('PRIYA', { text: long });
    expect(screenOf(day.dialog('PRIYA')?.card)).toMatch(/256 characters; at most 255/);
    expect(fieldsOf(day.dialog('PRIYA')?.card).map(({ value }) => value)).toContain(long);
    await day.submit('PRIYA', { text: 'Written in a dialog' });
    await shows('PRIYA', /Written in a dialog|next step/i);
    day.dismiss('PRIYA');
    await ask('PRIYA', 'show Northgate Tram Works', 'Written in a dialog');
  });

  test('a form that answers words stands in the chat, and is sent from there', async () => {
    const form = await ask('ANA', 'next-step Juniper Lane Pharmacies', /What happens next/);
    const answered = await day.press('ANA', form, /./, { text: 'Sent from the chat' });
    expect(answered.status).toBe(200);
    await shows('ANA', /AWS confirmed (?:the|your) next step/);
  });

  test('the client that knows no Execute is served by Submit', async () => {
    const card = await ask('ANA', 'show Palisade Mutual Bank', 'Palisade Mutual Bank');
    const shown = day.cardOf('ANA', card);
    const flag = buttonNamed(shown, 'Flag');
    const sent = submitted(day.target, 'ANA', dataOf(shown, flag, {}), { message: card.id });
    expect((await post(day.target, sent)).status).toBe(200);
    await until('it is flagged', () => seen(card, day.cardOf('ANA', card)).includes('Flagged;'));
    await ask('ANA', 'list flagged', 'Palisade Mutual Bank');
  });

  test('the same activity twice, the same words 15 s later, and a double press have one effect', async () => {
    const { target } = day;
    const words = said(target, 'ANA', 'next-step Saffron Road Foods: Said only once');
    await Promise.all([post(target, words), post(target, words)]);
    await post(target, words);
    const asked = async () => {
      const history = await ask('ANA', 'history Saffron Road Foods', /Said only once/);
      return screenOf(day.cardOf('ANA', history)).match(/asked for next step “Said only once”/g)?.length;
    };
    expect(await asked()).toBe(1);
    const later = new Date(Date.parse(String(words.timestamp)) + 15_000).toISOString();
    const again = { ...words, id: `${words.id}9`, timestamp: later, localTimestamp: later };
    expect((await post(target, again)).status).toBe(200);
    // That AWS is sent it once is told by test/teams/twice.test.ts, which can look there.
    await ask('ANA', 'show Saffron Road Foods', /Next step Said only once/);

    const card = await ask('ANA', 'show Evergrove Timber', 'Evergrove Timber');
    const shown = day.cardOf('ANA', card);
    const { verb, data } = buttonNamed(shown, 'Accept');
    const press = () => executed(target, 'ANA', { verb, data: parts(data) }, { message: card.id });
    const answers = await Promise.all([post(target, press()), post(target, press())]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    await shows('ANA', /Evergrove Timber[\s\S]*AWS confirmed your acceptance/);
    const accepted = await ask('ANA', 'history', /Evergrove Timber/);
    expect(screenOf(day.cardOf('ANA', accepted)).match(/Evergrove Timber/g)?.length).toBeLessThan(3);
  });

  test('a live card in a channel shows each what they may see, its thread knows its deal', async () => {
    const id = await idOf('PRIYA', 'Northgate Tram Works');
    await day.tell('PRIYA', `post ${id} (yes)`, { room: ROOM });
    await until('the card', () => inRoom(ROOM).some(({ cards }) => cards.length > 0));
    const card = inRoom(ROOM).find(({ cards }) => cards.length > 0);
    if (!card) throw new Error('no card');
    expect(screenOf(card.cards[0])).toContain('Northgate Tram Works');
    expect(screenOf(card.cards[0])).not.toContain('Written in a dialog');

    await day.press('PRIYA', card, /^Next step/);
    await day.submit('PRIYA', { text: 'Written from the channel' });
    await until('its event in the thread', () => inRoom(ROOM).some(({ thread }) => thread === card.id));
    expect(
      inRoom(ROOM)
        .flatMap(({ cards, text }) => [text, ...cards.map(screenOf)])
        .join(),
    ).not.toContain('Written from the channel');

    // A colleague who may not see it learns no more than the card says.
    const before = day.screens('TOM');
    await day.press('TOM', card, /^Next step/);
    const answer = fresh(before, day.screens('TOM'));
    expect(answer.join()).not.toContain('Written from the channel');
    expect(answer.length).toBeGreaterThan(0);
    for (const user of ['PRIYA', 'TOM']) await day.view(user, card);
    expect(screenOf(day.cardOf('TOM', card))).not.toContain('Written from the channel');

    await day.tell('PRIYA', 'next step: Said in the thread', { room: ROOM, thread: card.id });
    await shows('PRIYA', 'Said in the thread');
    expect(
      inRoom(ROOM)
        .flatMap(({ cards, text }) => [text, ...cards.map(screenOf)])
        .join(),
    ).not.toContain('Said in the thread');
  });

  test('where a guest reads along, a card shows an id and how to open it privately', async () => {
    const id = await idOf('ANA', 'Glasswing Biotech');
    await day.tell('ANA', `post ${id} (yes)`, { room: OPEN_ROOM });
    await until('the card', () => inRoom(OPEN_ROOM).some(({ cards }) => cards.length > 0));
    const shown = inRoom(OPEN_ROOM).flatMap(({ cards, text, summary }) => [
      text,
      summary,
      ...cards.map((it) => JSON.stringify(it)),
    ]);
    expect(shown.join()).toContain(id);
    expect(shown.join()).toContain('Open privately');
    expect(shown.join()).not.toContain('Glasswing');
  });

  test('what is said in a group chat is answered privately', async () => {
    const before = day.screens('PRIYA');
    await day.tell('PRIYA', 'show Northgate Tram Works', { room: GROUP });
    await shows('PRIYA', 'Northgate Tram Works', before);
    expect(JSON.stringify(inRoom(GROUP))).not.toContain('Northgate');
  });

  test('the message extension finds what its user may see, and inserts what the chat may see', async () => {
    const { body } = await post(day.target, searched(day.target, 'PRIYA', 'northgate', { room: OPEN_ROOM }));
    const found = list(parts(parts(body).composeExtension).attachments);
    expect(JSON.stringify(found.map(({ preview }) => preview))).toContain('Northgate Tram Works');
    expect(JSON.stringify(found.map(({ content }) => content))).not.toContain('Northgate');
    const other = await post(day.target, searched(day.target, 'TOM', 'northgate', { room: ROOM }));
    expect(JSON.stringify(other.body)).not.toContain('Northgate Tram Works');
  });

  test('a link shows what it may where it was posted; to whom may not see it as if there were nothing', async () => {
    const id = await idOf('PRIYA', 'Northgate Tram Works');
    const link = async (user: string, url: string) =>
      JSON.stringify((await post(day.target, linked(day.target, user, url, { room: ROOM }))).body);
    expect(await link('PRIYA', `${PUBLIC_URL}/o/${id}`)).toContain('Northgate Tram Works');
    // Apart from the id that they wrote themselves, and from the key that each drawing has of its own.
    const plain = async (it: string) =>
      (await link('TOM', `${PUBLIC_URL}/o/${it}`)).replaceAll(it, '').replaceAll(/"k":"[^"]+"/g, '');
    const [hidden, absent] = [await plain(id), await plain('O999999999')];
    expect(hidden).toBe(absent);
  });

  test('“Add as next step” takes the words of a message into the form', async () => {
    const written = said(day.target, 'TOM', 'x', { room: ROOM });
    const action = messageAction(day.target, 'PRIYA', '<p>They want a <b>demo</b> &lt;soon&gt;</p>', {
      ...{ room: ROOM, thread: String(written.id), message: String(written.id) },
    });
    const { body } = await post(day.target, action);
    const card = parts(parts(parts(parts(body).task).value).card).content;
    expect(fieldsOf(card).map(({ value }) => value)).toContain('They want a demo <soon>');
  });

  test('typing into a long choice finds people, and nothing for a stranger', async () => {
    const form = await ask('ANA', 'transfer Glasswing Biotech', /New owner/);
    // So few people stand in the form themselves; what is asked for more is the same.
    const { ace } = parts(buttonNamed(day.cardOf('ANA', form), 'Transfer').data);
    const beside = { ace_input: JSON.stringify(parts(ace).i) };
    const asked = async (user: string) => {
      const { body } = await post(day.target, typed(day.target, user, 'people', 'luc', beside));
      return list(parts(parts(body).value).results).map(({ title }) => String(title));
    };
    expect((await asked('ANA')).join()).toContain('Lucía Ferro');
    expect(await asked('EVE')).toEqual([]);
  });

  test('a guest and people of another tenant are turned away, and hear of no deal', async () => {
    await day.tell('GUS', 'show Northgate Tram Works');
    await shows('GUS', /guest/i);
    expect([...day.screens('GUS').values()].join()).not.toContain('Northgate');
    const foreign = said(day.target, 'EVE', 'desk');
    const tenant = 'ffffffff-bbbb-4ccc-8ddd-eeeeeeeeeeee';
    const elsewhere = {
      ...foreign,
      conversation: { ...parts(foreign.conversation), tenantId: tenant },
      channelData: { tenant: { id: tenant } },
    };
    expect((await post(day.target, elsewhere)).status).toBe(401);
  });

  test('a forged or ill-made request is refused before anybody acts', async () => {
    const words = () => said(day.target, 'ANA', 'next-step Windrush Agritech: Forged');
    const hour = Math.floor(Date.now() / 1000) - 7200;
    const forgeries: [string, Parameters<typeof post>[2], Json?][] = [
      ['no token', { token: null }],
      ['garbage', { token: 'Bearer x.y.z' }],
      ['a foreign key under a known name', { key: createKey('first') }],
      ['an unknown key', { key: createKey('second') }],
      ['no signature', { header: { alg: 'none' } }],
      ['another bot', { claims: { aud: 'another' } }],
      ['another issuer', { claims: { iss: `${ISSUER}.example` } }],
      ['expired', { claims: { exp: hour, nbf: hour - 60 } }],
      ['not yet', { claims: { nbf: hour + 10_800 } }],
      ['another service', { claims: { serviceurl: 'https://evil.example/' } }],
      ['no service', {}, { serviceUrl: undefined }],
      ['another channel', {}, { channelId: 'directline' }],
      ['no channel', {}, { channelId: '' }],
      ['AseChannel', {}, { channelId: 'AseChannel' }],
    ];
    for (const [name, forged, more = {}] of forgeries) {
      const { status, body } = await post(day.target, { ...words(), ...more }, forged);
      expect([name, status]).toEqual([name, 401]);
      expect(String(body).length).toBeLessThan(40);
    }
    const statuses = async (forged: Parameters<typeof post>[2]) =>
      (await post(day.target, words(), forged)).status;
    expect(await statuses({ raw: '{"type":' })).toBeGreaterThanOrEqual(400);
    expect(await statuses({ raw: 'x'.repeat(300_000) })).toBe(413);
    expect((await day.at('/api/messages')).status).toBe(405);
    await ask('ANA', 'history Windrush Agritech', /Nothing has been asked of AWS/);
  });

  test('while the connector fails nothing is lost, and nothing comes twice', async () => {
    const { microsoft } = day;
    microsoft.fail('send', { status: 429, retryAfter: 1 });
    await ask('ANA', 'help transfer', /transfer <deal> to <person>/);
    microsoft.fail('send', { status: 503 });
    await ask('ANA', 'list drafts', /Draft opportunities/);
    const id = await idOf('ANA', 'Quarry Lane Cider');
    microsoft.fail('send', { lost: true });
    await day.tell('ANA', `post ${id} (yes)`, { room: ROOM });
    await until('the card', () => inRoom(ROOM).some((it) => screenOf(it.cards[0]).includes('Quarry')));
    await ask('ANA', 'waiting', /Waiting for AWS/);
    expect(inRoom(ROOM).filter((it) => screenOf(it.cards[0]).includes('Quarry'))).toHaveLength(1);
  });

  test('a colleague who is offered a deal hears of it unasked; whoever removed the app hears nothing more', async () => {
    const offered = async (company: string, to: string) => {
      await ask('ANA', `offer ${company} to ${to}`, /ffered to/);
    };
    const [first, second, third] = [
      'Cobalt Ridge Utilities',
      'Lighthouse & Vane Logistics',
      'Ashdown Vale Council',
    ];
    for (const user of ['LUCIA', 'TOM']) {
      await post(day.target, installed(day.target, user, 'add'));
      await ask(user, 'help transfer', /transfer <deal> to <person>/);
    }
    const before = day.screens('LUCIA');
    await offered(first ?? '', 'Lucía');
    await shows('LUCIA', first ?? '', before);

    const told = (company = '') =>
      day.microsoft.calls.filter(
        ({ path, body }) =>
          /a(?:%3A|:)LUCIA\/activities/.test(path) && JSON.stringify(body).includes(company),
      ).length;
    expect(told(first)).toBeGreaterThan(0);
    await post(day.target, installed(day.target, 'LUCIA', 'remove'));
    // What was on its way then may still arrive: of these deals nothing is. The stand-in would take it all the same.
    await offered(second ?? '', 'Lucía');
    // Whoever is offered one next is told of it later than she would have been.
    const earlier = day.screens('TOM');
    await offered(third ?? '', 'Tom');
    await shows('TOM', third ?? '', earlier);
    expect(told(second)).toBe(0);
  });
});

const SECRETS = [
  'Northgate',
  'Written ',
  'Said ',
  'partner.example',
  'Tamarind',
  'a-client-secret',
  'token-',
];
