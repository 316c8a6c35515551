/** The message extension: search, links, and “Add as next step”. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { until } from '../support/house.ts';
import {
  linked,
  messageAction,
  messageActionSubmitted,
  post,
  searched,
} from '../support/teams-activities.ts';
import { PUBLIC_URL } from '../support/teams-env.ts';
import { openTeamsHouse, type TeamsHouse } from '../support/teams-house.ts';
import { fieldsOf, type Json, list, parts, screenOf } from '../support/teams-screen.ts';

describe.each(databases)('the message extension, on $name', (database) => {
  let house: TeamsHouse;
  const room = '19:ours@thread.tacv2';
  beforeAll(async () => {
    house = await openTeamsHouse(database);
    house.microsoft.room(room, { members: ['ANA', 'PRIYA', 'LUCIA'] });
    house.microsoft.enroll('GUS', { role: 'guest' });
    house.microsoft.room('19:guests@thread.v2', { members: ['ANA', 'GUS'] });
    // We were heard of there.
    await house.tell('ANA', 'help', { room });
    await house.tell('ANA', 'help', { room: '19:guests@thread.v2' });
    await until('pointers', () => house.microsoft.seenIn('19:guests@thread.v2').length > 0);
  });
  afterAll(async () => {
    expect(house?.microsoft.refused).toEqual([]);
    await house?.stop();
  });

  const working = async () => {
    const row = await house.store.prisma.deal.findFirstOrThrow({
      where: { kind: 'opportunity', status: 'Approved', stage: 'Qualified', goneAt: null },
      orderBy: { id: 'asc' },
    });
    return { id: row.id, company: row.company ?? '', stage: row.stage ?? '' };
  };
  async function asked(activity: Json): Promise<Json> {
    const { status, body } = await post(house.target, activity);
    expect(status).toBe(200);
    return parts(body);
  }
  const cardsIn = (body: Json) =>
    list(parts(body.composeExtension).attachments).map((it) => ({
      card: screenOf(parts(it.content)),
      preview: parts(parts(it.preview).content),
    }));
  const closed = (id: string) => `${id}\nOpen privately`;

  describe('search', () => {
    test('finds as the person; what is put into the room shows the company alone', async () => {
      const { id, company } = await working();
      const [first] = cardsIn(await asked(searched(house.target, 'ANA', id, { room })));
      expect(String(first?.preview.title)).toContain(company.slice(0, 5).replaceAll('<', '‹'));
      expect(String(first?.preview.text)).toContain(id);
      expect(first?.card.split('\n')).toEqual([company, 'Open privately']);
    });

    test.each([
      ['with guests', '19:guests@thread.v2'],
      ['of our own chat', undefined],
    ])('in a place %s puts the id alone', async (_, at) => {
      const { id } = await working();
      const [first] = cardsIn(await asked(searched(house.target, 'ANA', id, at ? { room: at } : {})));
      expect(first?.card).toBe(closed(id));
    });

    test('of what one may not see finds what is not there', async () => {
      const { id } = await working();
      const { ownerEmail } = await house.store.prisma.deal.findFirstOrThrow({ where: { id } });
      const other = ['PRIYA', 'TOM', 'LUCIA'].find(
        (it) => house.microsoft.people.get(`29:${it}`)?.email !== ownerEmail,
      );
      const said = async (words: string) =>
        JSON.stringify(await asked(searched(house.target, other ?? '', words, { room }))).replaceAll(
          words,
          'X',
        );
      expect(await said(id)).toBe(await said('O9999999'));
      expect(await said(id)).toContain('I know no deal');
      expect(await said(id)).toContain('in our chat “list” shows what is yours');
    });

    test('as it opens says what to type; of an unknown command, that it is none', async () => {
      const opens = await asked(searched(house.target, 'ANA', ''));
      expect(parts(opens.composeExtension)).toMatchObject({ type: 'message' });
      const it = searched(house.target, 'ANA', 'x');
      const old = await asked({ ...it, value: { ...parts(it.value), commandId: 'other' } });
      expect(JSON.stringify(old)).toContain('another version');
    });

    test('keeps no reference to a place that we may not be in', async () => {
      house.microsoft.room('19:a_b@unq.gbl.spaces', {
        scope: 'personal',
        members: ['ANA', 'TOM'],
        hasBot: false,
      });
      const { id } = await working();
      const [first] = cardsIn(
        await asked(searched(house.target, 'ANA', id, { room: '19:a_b@unq.gbl.spaces' })),
      );
      expect(first?.card).toBe(closed(id));
      expect(await house.say('ANA', 'help')).toContain('find');
      expect(house.microsoft.seenIn('19:a_b@unq.gbl.spaces')).toEqual([]);
    });
  });

  describe('a link to a deal', () => {
    const under = async (user: string, id: string, at: string | undefined) => {
      const [card] = cardsIn(
        await asked(linked(house.target, user, `${PUBLIC_URL}/o/${id}`, at ? { room: at } : {})),
      );
      return card?.card;
    };

    test('shows the company where poster and room may know it, and nothing that changes while Teams keeps it', async () => {
      const { id, company, stage } = await working();
      expect(await under('ANA', id, room)).toBe(`${company}\nOpen privately`);
      const body = await asked(linked(house.target, 'ANA', `${PUBLIC_URL}/o/${id}`, { room }));
      expect(JSON.stringify(body)).toContain(company);
      expect(JSON.stringify(body)).not.toContain(stage);
    });

    test('is its id everywhere else, and for what does not exist', async () => {
      const { id } = await working();
      expect(await under('ANA', id, '19:guests@thread.v2')).toBe(closed(id));
      expect(await under('ANA', id, undefined)).toBe(closed(id));
      expect(await under('GUS', id, room)).toBe(closed(id));
      expect(await under('ANA', 'O9999999', room)).toBe(closed('O9999999'));
    });

    test('that leads nowhere of ours gets nothing, and Teams is told to keep nothing', async () => {
      const body = await asked(linked(house.target, 'ANA', `${PUBLIC_URL}/about`, { room }));
      expect(cardsIn(body)).toEqual([]);
      expect(parts(body.composeExtension).cacheInfo).toEqual({ cacheType: 'no_cache', cacheDuration: 0 });
    });
  });

  describe('“Add as next step”', () => {
    const formIn = (body: Json) => parts(parts(parts(parts(body.task).value).card).content);
    const typedIn = (card: Json, id: string) => fieldsOf(card).find((it) => it.id === `f_${id}`)?.value;
    const wishes = async (dealId: string) =>
      (await house.store.prisma.change.findMany({ where: { dealId } })).map(({ wish }) =>
        JSON.stringify(wish),
      );

    test('in a deal’s thread knows the deal; nothing is sent before the person has read it', async () => {
      const { id } = await working();
      await house.say('ANA', `show ${id}`);
      const on = { message: house.newest('ANA').id };
      const body = await asked(
        messageAction(house.target, 'ANA', '<p>PoC &amp; MAP v2 &lt;ASAP&gt;</p>', on),
      );
      const form = formIn(body);
      expect(typedIn(form, 'deal')).toBe(id);
      expect(typedIn(form, 'text')).toBe('PoC & MAP v2 <ASAP>');
      expect(await wishes(id)).toEqual([]);
      const data = dataOf(form);
      const sent = await asked(
        messageActionSubmitted(
          house.target,
          'ANA',
          { ...data, f_deal: id, f_text: 'PoC & MAP v2 <ASAP>' },
          on,
        ),
      );
      expect((await wishes(id)).join()).toContain('PoC & MAP v2 <ASAP>');
      expect(screenOf(formIn(sent))).toContain('Taken down, in your name');
      await house.shows('ANA', /next step/);
    });

    test('is cut to 255 before the person’s eyes; elsewhere the deal is asked for, and what was typed stays', async () => {
      const on = { room, message: '1700000000077' };
      const form = formIn(await asked(messageAction(house.target, 'ANA', '🙂 MEDDPICC '.repeat(60), on)));
      expect([...(typedIn(form, 'text') ?? '')].length).toBeLessThanOrEqual(255);
      expect(screenOf(form)).toContain('cut to 255 characters');
      expect(typedIn(form, 'deal')).toBe('');
      const again = await asked(
        messageActionSubmitted(
          house.target,
          'ANA',
          { ...dataOf(form), f_deal: 'No Such Company', f_text: 'Call them' },
          on,
        ),
      );
      expect(screenOf(formIn(again))).toContain('I know no deal “No Such Company”');
      expect(typedIn(formIn(again), 'text')).toBe('Call them');
    });
  });
});

/** What the form's button carries. */
function dataOf(card: Json): Json {
  const found: Json[] = [];
  JSON.stringify(card, (_, it: unknown) => {
    if (parts(it).type === 'Action.Submit') found.push(parts(parts(it).data));
    return it;
  });
  return found[0] ?? {};
}
