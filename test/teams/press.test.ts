/** Buttons in the chat with us: Action.Execute, its fallback, and Teams' own question what one person may see of a room's card. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Desk } from '../../src/bot/intent.ts';
import * as commands from '../../src/commands/index.ts';
import { replayAll } from '../../src/replays.ts';
import { LOOKS } from '../../src/teams/button.ts';
import { databases } from '../support/databases.ts';
import { until } from '../support/house.ts';
import {
  executed,
  messageAction,
  messageActionSubmitted,
  post,
  submitted,
} from '../support/teams-activities.ts';
import { buttonNamed, dataOf } from '../support/teams-client.ts';
import { openTeamsHouse, type TeamsHouse } from '../support/teams-house.ts';
import type { Message } from '../support/teams-microsoft.ts';
import { fieldsOf, type Json, parts, screenOf } from '../support/teams-screen.ts';

describe.each(databases)('pressed buttons in Teams, on $name', (database) => {
  let house: TeamsHouse;
  beforeAll(async () => {
    house = await openTeamsHouse(database);
  });
  afterAll(async () => {
    expect(house?.microsoft.refused).toEqual([]);
    await house?.stop();
  });

  const changes = (dealId: string) => house.store.prisma.change.count({ where: { dealId } });
  async function cardOf(user: string, company: string): Promise<{ id: string; card: Message }> {
    const id = await house.idOf(company);
    await house.say(user, `show ${id}`);
    return { id, card: house.newest(user) };
  }
  const dataNamed = (card: Message, label: string): Json => {
    const content = parts(card.cards.at(-1));
    return dataOf(content, buttonNamed(content, label), {});
  };

  test('the card takes the place of the one pressed, and is kept true', async () => {
    const { id, card } = await cardOf('ANA', 'Tamarind Airways');
    const before = house.messages('ANA').length;
    await house.press('ANA', card, 'Accept');
    expect(house.screen('ANA', card)).toContain('Accepting… (Ana Silva)');
    await until('AWS’s answer', () => screenOf(card.cards.at(-1)).includes('AWS confirmed your acceptance'));
    await house.quiet();
    expect((await house.effects(id)).length).toBeGreaterThan(0);
    // The contacts come privately; the card itself stays one.
    expect(house.messages('ANA').filter((it) => it.id === card.id)).toHaveLength(1);
    expect(house.messages('ANA').length).toBeGreaterThanOrEqual(before);
  });

  test('pressed twice, also under a new activity id, is one act', async () => {
    const { id, card } = await cardOf('ANA', 'Marlow Street Pharmacies');
    const data = dataNamed(card, 'Accept');
    const press = () => executed(house.target, 'ANA', { verb: 'ace', data }, { message: card.id });
    const before = await changes(id);
    const answers = await Promise.all([post(house.target, press()), post(house.target, press())]);
    await house.quiet();
    await post(house.target, press());
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(
      (await house.store.prisma.change.findMany({ where: { dealId: id } })).filter(
        ({ wish }) => parts(wish).kind === 'accept',
      ),
    ).toHaveLength(1);
    expect(await changes(id)).toBeGreaterThan(before);
  });

  test('on a list the card stands below, and the list stays', async () => {
    await house.say('ANA', 'find Harbour');
    const list = house.newest('ANA');
    const before = house.messages('ANA').length;
    await house.press('ANA', list, 'Show');
    await until('the card', () => house.messages('ANA').length > before);
    expect(house.screen('ANA', house.newest('ANA'))).toContain('Harbour & Hearth Homes');
    expect(house.screen('ANA', list)).toContain('Found for');
    expect(list.updates).toBe(0);
  });

  test('where Action.Execute is not known, Action.Submit does the same, once', async () => {
    const { id, card } = await cardOf('ANA', 'Evergrove Timber');
    const it = submitted(house.target, 'ANA', dataNamed(card, 'Flag'), { message: card.id });
    for (const activity of [it, it, { ...it, id: `${it.id}1` }])
      expect((await post(house.target, activity)).status).toBe(200);
    await until('the new card', () => card.updates > 0);
    await until(
      'the flag',
      async () => (await house.store.prisma.flag.count({ where: { dealId: id } })) === 1,
    );
    expect(screenOf(card.cards.at(-1))).toContain('Evergrove Timber');
  });

  describe('where Action.Execute is not known, and Teams fails', () => {
    const sends = () => house.microsoft.calls.filter(({ operation }) => operation === 'send').length;
    async function handled(): Promise<void> {
      const { store, log, door } = house;
      for (let minute = 0; minute < 3; minute++) {
        const at = new Date(Date.now() - 2 * 60_000);
        await store.prisma.inbox.updateMany({ where: { handledAt: null }, data: { at } });
        await replayAll(store, new Map([['teams', door.replay]]), log, new Date());
      }
    }
    async function found(user: string): Promise<Message> {
      await house.say(user, 'find Harbour');
      return house.newest(user);
    }
    const question = { t: 'Flag it?', x: 'Others see it.', y: 'Yes, flag', n: 'Not now' };

    test.each([
      ['an answer', (list: Message) => dataNamed(list, 'Show')],
      ['a question', () => ({ ace: { v: 'flag', i: { id: 'x' }, k: 'lost.1', o: 'card', c: question } })],
    ])('%s that it lost on its way back is not posted again and again', async (_, data) => {
      const list = await found('ANA');
      await house.quiet();
      const before = house.messages('ANA').length;
      house.microsoft.fail('send', { lost: true });
      await post(house.target, submitted(house.target, 'ANA', data(list), { message: list.id }));
      await until('the answer', () => house.messages('ANA').length > before);
      await house.quiet();
      await handled();
      expect(house.messages('ANA')).toHaveLength(before + 1);
      expect(await house.store.prisma.inbox.count({ where: { handledAt: null } })).toBe(0);
    });

    test.each([
      ['an answer', (list: Message) => dataNamed(list, 'Show')],
      ['a question', () => ({ ace: { v: 'flag', i: { id: 'x' }, k: 'gone.1', o: 'card', c: question } })],
    ])('%s to whoever has blocked us ends what is sent there', async (_, data) => {
      const list = await found('PRIYA');
      await house.quiet();
      const place = house.microsoft.places.get('a:PRIYA');
      if (!place) throw new Error('She has a chat with us.');
      const before = sends();
      place.isBlocked = true;
      await post(house.target, submitted(house.target, 'PRIYA', data(list), { message: list.id }));
      const over = () =>
        house.store.prisma.reference.count({ where: { conversation: 'a:PRIYA', endedAt: { not: null } } });
      await until('the end', async () => (await over()) === 1);
      await handled();
      place.isBlocked = false;
      expect(sends()).toBe(before + 1);
      expect(await over()).toBe(1);
    });
  });

  describe('whose answer stands below, and Teams does not take it', () => {
    test('is answered a little later', async () => {
      await house.say('ANA', 'find Harbour');
      const list = house.newest('ANA');
      await house.quiet();
      const before = house.messages('ANA').length;
      house.microsoft.fail('send', { status: 400, code: 'BadArgument', times: 2 });
      await house.press('ANA', list, 'Show');
      await until('the card', () => house.messages('ANA').length > before);
      expect(house.screen('ANA', house.newest('ANA'))).toContain('Harbour & Hearth Homes');
    });

    test('is told in the end what came of it, however soon AWS has confirmed it', async () => {
      const { id, card } = await cardOf('ANA', 'Juniper Lane Pharmacies');
      await house.quiet();
      const before = house.messages('ANA').length;
      house.microsoft.fail('send', { status: 400, code: 'BadArgument', times: 4 });
      const ace = { v: 'next-step', i: { id, text: 'Tell them in the end' }, k: 'end.1', o: 'list' };
      const act = { verb: 'ace', data: { ace } };
      await post(house.target, executed(house.target, 'ANA', act, { message: card.id }));
      await until('the outcome', () => house.messages('ANA').length > before);
      await house.quiet();
      expect(house.messages('ANA')).toHaveLength(before + 1);
      expect(house.screen('ANA', house.newest('ANA'))).toContain('AWS confirmed');
    });
  });

  describe('that asks first, where no dialog can ask', () => {
    const c = { t: 'Flag it?', x: 'Others see it.', y: 'Yes, flag', n: 'Not now' };
    const sent = (data: Json, on: { message: string; room?: string }) =>
      post(house.target, submitted(house.target, 'ANA', data, on));
    const flags = (dealId: string) => house.store.prisma.flag.count({ where: { dealId } });

    test('asks in a message of its own; no does nothing, yes does it in the question’s place', async () => {
      const { id, card } = await cardOf('ANA', 'Cinder Peak Mining');
      const before = house.messages('ANA').length;
      await sent({ ace: { v: 'flag', i: { id }, k: 'first.1', o: 'card', c } }, { message: card.id });
      await until('the question', () => house.messages('ANA').length > before);
      const question = house.newest('ANA');
      expect(screenOf(question.cards.at(-1))).toContain('Flag it?');
      await house.press('ANA', question, 'Not now');
      expect(await flags(id)).toBe(0);
      await house.press('ANA', question, 'Yes, flag');
      await until('the flag', async () => (await flags(id)) === 1);
      await until('the card', () => screenOf(question.cards.at(-1)).includes('Cinder Peak Mining'));
      await house.say('ANA', `unflag ${id}`);
    });

    test('asks no guest', async () => {
      house.microsoft.enroll('GIL', { role: 'guest' });
      const ace = { v: 'flag', i: { id: 'x' }, k: 'first.3', o: 'card', c };
      await post(house.target, submitted(house.target, 'GIL', { ace }, { message: '18' }));
      await house.shows('GIL', 'not guests');
      expect([...house.screens('GIL').values()].join()).not.toContain('Flag it?');
    });

    test('in a room does nothing, and says nothing there', async () => {
      const { id } = await cardOf('ANA', 'Cinder Peak Mining');
      const room = '19:asks@thread.tacv2';
      house.microsoft.room(room, { members: ['ANA', 'PRIYA'] });
      await sent({ ace: { v: 'flag', i: { id }, k: 'first.2', o: 'card', c } }, { message: '17', room });
      await house.quiet();
      expect(await flags(id)).toBe(0);
      expect(house.microsoft.seenIn(room)).toEqual([]);
    });
  });

  test('whose card Teams would not take is drawn there a little later', async () => {
    const id = await house.idOf('Quillfeather Legal');
    const { tenant, people } = house.microsoft;
    await house.door.messenger.tell(
      { tenant, user: people.get('29:ANA')?.user ?? '' },
      {
        ...{ kind: 'note', tone: 'info', text: 'It is yours.' },
        buttons: [{ verb: 'show', label: 'Show it', input: { id } }],
      },
    );
    const message = house.newest('ANA');
    house.microsoft.fail('update', { status: 400, code: 'BadArgument' });
    await house.press('ANA', message, 'Show it');
    await until('the card, for all who look', () =>
      screenOf(message.cards.at(-1)).includes('Quillfeather Legal'),
    );
  });

  test('of a card of somebody else gives the answer an unknown deal gets', async () => {
    const { id, card } = await cardOf('ANA', 'Quillfeather Legal');
    const data = { ...dataNamed(card, 'History') };
    await house.say('PRIYA', 'help');
    const theirs = house.newest('PRIYA');
    const press = (dealId: string) => {
      const ace = { ...parts(data.ace), i: { id: dealId } };
      return executed(house.target, 'PRIYA', { verb: 'ace', data: { ...data, ace } }, { message: theirs.id });
    };
    const said: string[] = [];
    for (const [nth, it] of [id, 'O9999999'].entries()) {
      const before = house.messages('PRIYA').length;
      const ace = parts(parts(press(it).value).action);
      parts(parts(ace.data).ace).k = `other.${nth}`;
      const { body } = await post(
        house.target,
        executed(house.target, 'PRIYA', { verb: 'ace', data: parts(ace.data) }, { message: theirs.id }),
      );
      expect(parts(body).type).toBe('application/vnd.microsoft.activity.message');
      await until('an answer', () => house.messages('PRIYA').length > before);
      said.push(house.screen('PRIYA', house.newest('PRIYA')).replaceAll(it, 'X'));
    }
    expect(said[0]).toBe(said[1]);
    expect(said[0]).toContain('I know no deal');
  });

  test.each([
    ['is not ours', { a: 1 }],
    ['names no verb', { ace: { v: 'Format disk', i: {}, k: 'k', o: 'card' } }],
    ['carries more than texts', { ace: { v: 'accept', i: { id: { $ne: '' } }, k: 'k', o: 'card' } }],
    ['is not even there', {}],
  ])('that %s gives kind words', async (_, data) => {
    const { card } = await cardOf('ANA', 'Quillfeather Legal');
    const { status, body } = await post(
      house.target,
      executed(house.target, 'ANA', { verb: 'ace', data }, { message: card.id }),
    );
    expect(status).toBe(200);
    expect(parts(body).value).toContain('older version of ace-desk');
  });

  test('of another person’s card in a room does nothing outside a dialog', async () => {
    const id = await house.idOf('Cinder Peak Mining');
    house.microsoft.room('19:deals@thread.tacv2', { members: ['ANA', 'PRIYA'] });
    const data = { ace: { v: 'flag', i: { id }, k: 'room.1', o: 'card' } };
    const on = { room: '19:deals@thread.tacv2', message: '1700000000001' };
    const { body } = await post(house.target, executed(house.target, 'ANA', { verb: 'ace', data }, on));
    expect(JSON.stringify(body)).not.toContain('Cinder');
    expect(await house.store.prisma.flag.count({ where: { dealId: id } })).toBe(0);
  });

  describe('of a card in a room', () => {
    const room = '19:open@thread.tacv2';
    const view = (user: string, id: string, v = 'show', trigger: 'automatic' | 'manual' = 'automatic') =>
      post(
        house.target,
        executed(
          house.target,
          user,
          { verb: 'ace', data: { ace: { v, i: { id }, k: `view.${user}.${v}`, o: 'room', r: 'p1' } } },
          { room, message: '1700000000002' },
          trigger,
        ),
      );

    test('each sees what they may: their own card, or the one all see', async () => {
      const id = await house.idOf('Harbour & Hearth Homes');
      house.microsoft.room(room, { members: ['ANA', 'PRIYA', 'LUCIA'] });
      const { body } = await view('ANA', id);
      expect(parts(body).type).toBe('application/vnd.microsoft.card.adaptive');
      const own = parts(parts(body).value);
      expect(screenOf(own)).toContain('Harbour & Hearth Homes');
      // Whatever is pressed on it leads to a dialog.
      expect(JSON.stringify(own.body)).not.toContain('Action.Execute');
      const other = await view('LUCIA', id);
      expect(JSON.stringify(other.body)).not.toContain('Harbour');
      expect(parts(other.body).type).toBe('application/vnd.microsoft.error');
      expect((await view('LUCIA', 'O9999999')).body).toEqual(other.body);
    });

    test('who looks anew by hand sees the same', async () => {
      const id = await house.idOf('Harbour & Hearth Homes');
      const { body } = await view('ANA', id, 'show', 'manual');
      expect(screenOf(parts(parts(body).value))).toContain('Harbour & Hearth Homes');
      expect(parts((await view('LUCIA', id, 'show', 'manual')).body).type).toBe(
        'application/vnd.microsoft.error',
      );
    });

    test('looking does nothing, whatever the card says it asks', async () => {
      const id = await house.idOf('Harbour & Hearth Homes');
      const { body } = await view('ANA', id, 'flag');
      expect(parts(body).type).toBe('application/vnd.microsoft.error');
      expect(await house.store.prisma.flag.count({ where: { dealId: id } })).toBe(0);
    });
  });

  test('by a guest does nothing, in kind words', async () => {
    const { id, card } = await cardOf('ANA', 'Cinder Peak Mining');
    house.microsoft.enroll('GUS', { role: 'guest' });
    const data = dataNamed(card, 'Flag');
    const { body } = await post(
      house.target,
      executed(house.target, 'GUS', { verb: 'ace', data }, { message: card.id }),
    );
    expect(parts(body).value).toBe('Answered below.');
    await house.shows('GUS', 'not guests');
    expect(await house.store.prisma.flag.count({ where: { dealId: id } })).toBe(0);
  });
});

describe.each(databases)('a card in a room that nobody has drawn for long, on $name', (database) => {
  let house: TeamsHouse;
  let later = 0;
  beforeAll(async () => {
    house = await openTeamsHouse(database, {}, { now: () => new Date(Date.now() + later) });
  });
  afterAll(async () => {
    expect(house?.microsoft.refused).toEqual([]);
    await house?.stop();
  });

  test('shows each their own view once they look again, by one look at who is there', async () => {
    const { microsoft, target } = house;
    const room = '19:forgotten@thread.tacv2';
    const others = Array.from({ length: 59 }, (_, nth) => `N${nth}`);
    for (const name of others) microsoft.enroll(name, { email: `${name.toLowerCase()}@partner.example` });
    microsoft.room(room, { members: ['ANA', ...others] });
    await house.tell('ANA', `post ${await house.idOf('Harbour & Hearth Homes')} (yes)`, { room });
    const posted = () => microsoft.messages.find((it) => it.conversation === room && it.cards.length > 0);
    await until('the card', () => posted() !== undefined);
    await house.quiet();
    const card = posted();
    if (!card) throw new Error('It stands there.');
    const { verb, data } = parts(parts(parts(card.cards.at(-1)).refresh).action);
    const look = (user: string) => {
      const on = { room, message: card.id, thread: card.id };
      return post(target, executed(target, user, { verb, data: parts(data) }, on, 'automatic'));
    };
    const calls = (what: string) => microsoft.calls.filter(({ operation }) => operation === what).length;
    expect(parts((await look('ANA')).body).statusCode).toBe(200);
    later = 16 * 60_000;
    const [rosters, lookUps] = [calls('members'), calls('member')];
    const all = await Promise.all(['ANA', ...others].map(look));
    expect(new Set(all.map(({ body }) => parts(body).statusCode))).toEqual(new Set([403]));
    await until('their own view', async () => parts((await look('ANA')).body).statusCode === 200);
    expect([calls('members'), calls('member')]).toEqual([rosters + 1, lookUps]);
  });
});

test('what is said to come later only looks, and all that only looks is named', () => {
  const looks = Object.values(commands).flatMap(({ verb, reads }) => (reads ? [verb] : []));
  expect([...LOOKS].sort()).toEqual(looks.sort());
});

describe('a button pressed while the house is slow', () => {
  let wait = Promise.resolve();
  let go: () => void = () => {};
  const hold = () => {
    wait = new Promise((resolve) => {
      go = resolve;
    });
  };
  let house: TeamsHouse;
  beforeAll(async () => {
    const [database] = databases;
    if (!database) throw new Error('There are databases.');
    const slow: { desk?: Desk } = {};
    const overrides = { budget: { commit: 250, answer: 500 }, ...late(slow, () => wait) };
    house = await openTeamsHouse(database, {}, overrides);
    slow.desk = house.desk;
  });
  afterAll(async () => {
    go();
    expect(house?.microsoft.refused).toEqual([]);
    await house?.stop();
  });
  async function cardOf(company: string): Promise<Message> {
    await house.say('ANA', `show ${await house.idOf(company)}`);
    return house.newest('ANA');
  }

  test('is answered in time with “not taken”, and the truth follows', async () => {
    const card = await cardOf('Tamarind Airways');
    hold();
    await house.press('ANA', card, 'Accept');
    expect(house.toasts.at(-1)?.text).toContain('Not taken, nothing changed');
    expect(card.updates).toBe(0);
    go();
    await house.shows('ANA', 'Not taken, nothing changed: the desk could not write it down in time');
    expect(await house.store.prisma.change.count()).toBe(0);
  });

  test('only to look is told that the answer follows, and it does', async () => {
    await house.say('ANA', 'find Harbour');
    const list = house.newest('ANA');
    const before = house.messages('ANA').length;
    hold();
    await house.press('ANA', list, 'Show');
    expect(house.toasts.at(-1)?.text).toBe('This takes a little longer; the answer follows here.');
    go();
    await until('the card', () => house.messages('ANA').length > before);
    expect(house.screen('ANA', house.newest('ANA'))).toContain('Harbour & Hearth Homes');
  });

  test('for a dialog can be tried again there, as the same act', async () => {
    const card = await cardOf('Juniper Lane Pharmacies');
    const { data } = buttonNamed(house.cardOf('ANA', card), /^Next step/);
    hold();
    await house.press('ANA', card, /^Next step/);
    const shown = house.dialog('ANA')?.card ?? {};
    expect(screenOf(shown)).toContain('Not taken, nothing changed');
    expect(parts(parts(buttonNamed(shown, 'Try again').data).ace).k).toBe(parts(parts(data).ace).k);
    go();
    await house.submit('ANA', {}, 'Try again');
    await house.submit('ANA', { text: 'At the second try' });
    // It is known still over which card that was.
    await until('the card', () => screenOf(card.cards.at(-1)).includes('At the second try'));
    expect(house.dialog('ANA')).toBeUndefined();
  });

  test('on a message keeps its words and its thread for the next try', async () => {
    const { target } = house;
    const id = await house.idOf('Juniper Lane Pharmacies');
    const on = { message: (await cardOf('Juniper Lane Pharmacies')).id };
    const cardIn = ({ body }: { body: unknown }) =>
      parts(parts(parts(parts(parts(body).task).value).card).content);
    hold();
    const opened = cardIn(await post(target, messageAction(target, 'ANA', '<p>Send the offer</p>', on)));
    go();
    const data = parts(buttonNamed(opened, 'Try again').data);
    const again = messageActionSubmitted(target, 'ANA', data, on);
    // Teams sends the message along, as it did at first.
    const value = { ...parts(again.value), messagePayload: { id: on.message } };
    const fields = fieldsOf(cardIn(await post(target, { ...again, value })));
    expect(fields.find((it) => it.id === 'f_text')?.value).toBe('Send the offer');
    expect(JSON.stringify(fields)).toContain(id);
  });
});

/** The house's desk, which begins when it is told to. */
function late(house: { desk?: Desk }, until: () => Promise<void>): { desk: Desk } {
  const desk = () => house.desk as Desk;
  return {
    desk: {
      handle: async (...it) => {
        await until();
        return desk().handle(...it);
      },
      say: (...it) => desk().say(...it),
      options: (...it) => desk().options(...it),
      home: (...it) => desk().home(...it),
      glimpses: (...it) => desk().glimpses(...it),
      glimpsed: (...it) => desk().glimpsed(...it),
      knows: (...it) => desk().knows(...it),
      left: (...it) => desk().left(...it),
      joined: (...it) => desk().joined(...it),
      unanswered: (...it) => desk().unanswered(...it),
      posted: (...it) => desk().posted(...it),
      settled: (...it) => desk().settled(...it),
    },
  };
}
