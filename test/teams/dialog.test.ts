/** Dialogs: forms with errors, questions before an act, and what is pressed where several read. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { until } from '../support/house.ts';
import { dialogSubmitted, fetched, post } from '../support/teams-activities.ts';
import { openTeamsHouse, type TeamsHouse } from '../support/teams-house.ts';
import type { Message } from '../support/teams-microsoft.ts';
import { fieldsOf, parts, screenOf } from '../support/teams-screen.ts';

describe.each(databases)('dialogs in Teams, on $name', (database) => {
  let house: TeamsHouse;
  beforeAll(async () => {
    house = await openTeamsHouse(database);
  });
  afterAll(async () => {
    expect(house?.microsoft.refused).toEqual([]);
    await house?.stop();
  });

  const screen = (user: string) => screenOf(house.dialog(user)?.card ?? {});
  const stands = (user: string, id: string) =>
    fieldsOf(house.dialog(user)?.card).find((it) => it.id === `f_${id}`)?.value;
  async function working(nth: number): Promise<{ id: string; card: Message }> {
    const [row] = await house.store.prisma.deal.findMany({
      where: { kind: 'opportunity', status: 'Approved', stage: 'Qualified', goneAt: null },
      orderBy: { id: 'asc' },
      skip: nth,
      take: 1,
    });
    await house.say('ANA', `show ${row?.id}`);
    return { id: row?.id ?? '', card: house.newest('ANA') };
  }
  const wishes = async (dealId: string) =>
    (await house.store.prisma.change.findMany({ where: { dealId } })).map(({ wish }) => JSON.stringify(wish));

  test('an error comes back in the same dialog with all that was typed; then it is taken', async () => {
    const { id, card } = await working(0);
    await house.press('ANA', card, /^Next step…/);
    const typed = 'Demo 🙂 with the CFO '.repeat(20);
    await house.submit('ANA', { text: typed });
    expect(stands('ANA', 'text')).toBe(typed);
    expect(screen('ANA')).toContain('at most 255');
    await house.submit('ANA', { text: '  ' });
    expect(screen('ANA')).toContain('Please fill this in.');
    expect(await wishes(id)).toEqual([]);
    await house.submit('ANA', { text: 'Demo with the CFO' });
    expect((await wishes(id)).join()).toContain('Demo with the CFO');
    // It would stand still on "Sending…": the card it was opened from goes on.
    expect(house.dialog('ANA')).toBeUndefined();
    await until('the card', () => /Demo with the CFO|confirmed/.test(screenOf(card.cards.at(-1))));
  });

  test('sent twice is one act', async () => {
    const { id, card } = await working(1);
    await house.press('ANA', card, /^Next step…/);
    const data = { ...parts(buttonData(house.dialog('ANA')?.card)), f_text: 'Call them on Monday' };
    for (let nth = 0; nth < 2; nth++)
      expect((await post(house.target, dialogSubmitted(house.target, 'ANA', data))).status).toBe(200);
    expect(await wishes(id)).toHaveLength(1);
  });

  test('a question before an act: no does nothing, yes does it', async () => {
    house.dismiss('ANA');
    const card = await withQuestion();
    await house.press('ANA', card.message, card.label);
    const question = house.dialog('ANA');
    expect(question && screenOf(question.card)).toContain(card.no);
    await house.submit('ANA', {}, card.no);
    expect(house.dialog('ANA')).toBeUndefined();
    expect(await card.count()).toBe(card.before);
    await house.press('ANA', card.message, card.label);
    await house.submit('ANA', {}, card.yes);
    expect(await card.count()).toBeGreaterThan(card.before);
  });

  test('what asks first asks in a dialog too, and its yes is one act', async () => {
    const id = await house.idOf('Quillfeather Legal');
    const flags = () => house.store.prisma.flag.count({ where: { dealId: id } });
    const c = { t: 'Flag it?', x: 'Others see it.', y: 'Yes, flag', n: 'Not now' };
    const data = { ace: { v: 'flag', i: { id }, k: 'asked.1', o: 'card', c } };
    const asked = await post(house.target, dialogSubmitted(house.target, 'ANA', data));
    expect(shownIn(asked)).toContain('Flag it?');
    expect(await flags()).toBe(0);
    const yes = parts(buttonData(contentOf(asked)));
    for (let nth = 0; nth < 2; nth++) await post(house.target, dialogSubmitted(house.target, 'ANA', yes));
    expect(await flags()).toBe(1);
  });

  test('a guest is refused before a question is asked', async () => {
    house.microsoft.enroll('GUS', { role: 'guest' });
    const c = { t: 'Flag it?', x: 'Others see it.', y: 'Yes, flag', n: 'Not now' };
    const data = { ace: { v: 'flag', i: { id: 'O1' }, k: 'asked.2', o: 'card', c } };
    const refused = shownIn(await post(house.target, fetched(house.target, 'GUS', data, { message: '1' })));
    expect(refused).toContain('not guests');
    expect(refused).not.toContain('Flag it?');
  });

  test('a form opened in one conversation and sent from another covers nothing there', async () => {
    const room = '19:cover@thread.tacv2';
    house.microsoft.room(room, { members: ['ANA', 'LUCIA'] });
    const { id, card } = await working(4);
    const ace = { v: 'next-step', i: { id }, k: 'cover.1', o: 'card' };
    const opened = await post(house.target, fetched(house.target, 'ANA', { ace }, { message: card.id }));
    const before = house.messages('ANA').length;
    const data = { ...parts(buttonData(contentOf(opened))), f_text: 'For nobody else' };
    const sent = await post(house.target, dialogSubmitted(house.target, 'ANA', data, { room }));
    expect(shownIn(sent)).toContain('Taken down, in your name');
    await until('a card in her chat', () => house.messages('ANA').length > before);
    const updates = house.microsoft.calls.filter(({ operation }) => operation === 'update');
    expect(updates.map(({ path }) => decodeURIComponent(path)).join()).not.toContain(room);
  });

  test('what was taken back leaves the list it was taken back from', async () => {
    // AWS is reviewing it.
    await house.say(
      'ANA',
      `next-step ${await house.idOf('Polestar Ferries')}: Once they are through (queue)`,
    );
    await house.say('ANA', 'waiting');
    const list = house.newest('ANA');
    expect(screenOf(list.cards.at(-1))).toContain('Once they are through');
    await house.press('ANA', list, 'Take back 1');
    await house.submit('ANA', {}, 'Take it back');
    expect(screen('ANA')).toContain('taken back');
    await until('the list', () => list.updates > 0);
    expect(screenOf(list.cards.at(-1))).toContain('Waiting for AWS');
    expect(screenOf(list.cards.at(-1))).not.toContain('Once they are through');
    house.dismiss('ANA');
  });

  /** Whatever asks first in the house's words, as Teams carries it. */
  async function withQuestion() {
    const id = await house.idOf('Evergrove Timber');
    await house.door.messenger.tell(
      { tenant: house.microsoft.tenant, user: house.microsoft.people.get('29:ANA')?.user ?? '' },
      {
        ...{
          kind: 'card',
          title: 'Evergrove Timber',
          facts: [],
          progress: 'idle',
          copyOf: { id, version: 0 },
        },
        buttons: [
          {
            ...{ verb: 'flag', label: 'Flag it', input: { id } },
            confirm: { title: 'Flag it?', text: 'Others see it.', yes: 'Yes, flag', no: 'Not now' },
          },
        ],
      },
    );
    const count = () => house.store.prisma.flag.count({ where: { dealId: id } });
    const message = house.newest('ANA');
    return { message, label: 'Flag it', yes: 'Yes, flag', no: 'Not now', count, before: await count() };
  }

  describe('over a card in a room', () => {
    const room = '19:dialogs@thread.tacv2';
    const fetchIn = (user: string, v: string, id: string, k: string) =>
      post(
        house.target,
        fetched(
          house.target,
          user,
          { ace: { v, i: { id }, k, o: 'room', r: 'p1' }, msteams: { type: 'task/fetch' } },
          { room, message: '1700000000009' },
        ),
      );
    test('what is pressed is answered to the presser alone; the room reads nothing', async () => {
      house.microsoft.room(room, { members: ['ANA', 'PRIYA', 'LUCIA'] });
      const { id } = await working(2);
      const { company } = await house.store.prisma.deal.findFirstOrThrow({ where: { id } });
      expect(shownIn(await fetchIn('ANA', 'show', id, 'd1'))).toContain(company);
      const hidden = shownIn(await fetchIn('LUCIA', 'show', 'O9999999', 'd2')).replace('O9999999', 'X');
      expect(hidden).toContain('I know no deal');
      const owned = await house.store.prisma.deal.findFirstOrThrow({
        where: {
          kind: 'opportunity',
          goneAt: null,
          ownerEmail: { not: 'x' },
          company: 'Harbour & Hearth Homes',
        },
      });
      expect(shownIn(await fetchIn('LUCIA', 'show', owned.id, 'd3')).replace(owned.id, 'X')).toBe(hidden);
      expect(house.microsoft.seenIn(room)).toEqual([]);
    });

    test('how an act goes on stands in the presser’s own chat', async () => {
      const { id } = await working(3);
      const before = house.messages('ANA').length;
      await fetchIn('ANA', 'next-step', id, 'd4');
      const opened = await fetchIn('ANA', 'next-step', id, 'd5');
      const data = { ...parts(buttonData(contentOf(opened))), f_text: 'Workshop on Tuesday' };
      const sent = await post(house.target, dialogSubmitted(house.target, 'ANA', data, { room }));
      expect(shownIn(sent)).toContain('How it goes on is in our chat.');
      expect(shownIn(sent)).toContain('Close');
      await until('a card in her chat', () => house.messages('ANA').length > before);
      await until('AWS’s answer', () => /confirmed/.test(screenOf(house.newest('ANA').cards.at(-1))));
      expect(house.microsoft.seenIn(room)).toEqual([]);
    });
  });

  test.each([
    ['a button', { ace: { v: 'x y', i: {}, k: 'k', o: 'card' } }],
    ['nothing', {}],
    ['a form of another version', { ace: { v: 'next-step', s: 2 }, f_text: 'x' }],
  ])('%s that we cannot read gives kind words', async (_, data) => {
    const on = { message: '1' };
    for (const it of [fetched(house.target, 'ANA', data, on), dialogSubmitted(house.target, 'ANA', data)]) {
      const { status, body } = await post(house.target, it);
      expect(status).toBe(200);
      expect(JSON.stringify(body)).toContain('older version of ace-desk');
    }
  });
});

/** The card of a dialog's page. */
const contentOf = ({ body }: { body: unknown }) =>
  parts(parts(parts(parts(parts(body).task).value).card).content);
const shownIn = (answer: { body: unknown }) => screenOf(contentOf(answer));

/** What the first button sends. */
function buttonData(card: unknown): unknown {
  const found: unknown[] = [];
  JSON.stringify(card, (_, it: unknown) => {
    if (parts(it).type === 'Action.Submit') found.push(parts(it).data);
    return it;
  });
  return found[0];
}
