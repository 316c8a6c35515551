/** Reminders: one for each person and deal, in their own zone, never past what is lost; colleagues see them on the card. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Card, Form, Note, Reply } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { flat, LEAD, senderOf, TEAM, until } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { screenOf } from '../support/slack-screen.ts';

const [PRIYA = '', TOM = '', LUCIA = ''] = TEAM.users;
const DAY = 24 * 60 * 60 * 1000;
const HOUR = DAY / 24;

describe.each(databases)('reminders, on $name', (database) => {
  let house: SlackHouse;
  // Ahead of the real one, as nothing is committed in the past: a Thursday, 09:12 UTC.
  const [clock] = [new Date(Math.floor(Date.now() / DAY) * DAY + 2 * DAY + 9.2 * HOUR)];
  while (clock.getUTCDay() !== 4) clock.setTime(clock.getTime() + DAY);
  beforeAll(async () => {
    house = await openSlackHouse(database, { now: () => new Date(clock) });
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  /** In the zone of the roster: no profile says another. */
  const say = async (text: string, as = PRIYA) =>
    (await house.desk.say({ text, from: senderOf(as), key: randomUUID() })).reply;
  const act = async (input: Record<string, string>, as = PRIYA) =>
    (await house.act('remind', input, { as })).reply;
  const textOf = (reply: Reply) => flat(JSON.stringify(reply));
  const reminders = (dealId: string) => house.store.prisma.reminder.findMany({ where: { dealId } });
  const at = async (dealId: string) => (await reminders(dealId)).map((it) => it.at.toISOString());
  const on = (days: number, hours: number) =>
    new Date(Math.floor(clock.getTime() / DAY) * DAY + days * DAY + hours * HOUR).toISOString();
  const versionOf = async (id: string) =>
    (await house.store.prisma.deal.findUniqueOrThrow({ where: { id } })).version;

  test.each([
    // Kolkata is 5:30 ahead and has 14:42 by now, Thursday; São Paulo is 3 behind and has 06:12.
    ['remind me of Northgate Tram Works on Thursday', PRIYA, 7, 3.5],
    ['remind Northgate Tram Works: tomorrow 14:00', PRIYA, 1, 8.5],
    ['snooze Northgate Tram Works until Monday', PRIYA, 4, 3.5],
    ['remind me about Northgate Tram Works in two hours', PRIYA, 0, 11.2],
    ['remind me of Quillfeather Legal on Thursday', LUCIA, 0, 12],
    ['snooze Quillfeather Legal until tomorrow afternoon', LUCIA, 1, 17],
  ])('“%s” is said in their own zone', async (line, who, days, hours) => {
    const card = (await say(line, who)) as Card;
    const id = await house.idOf(line.includes('Tram') ? 'Northgate Tram Works' : 'Quillfeather Legal');
    expect(card.status).toMatch(/^You look at it again /);
    expect(await at(id)).toEqual([on(days, hours)]);
  });

  test('setting it again moves it; “never” takes it away; each has their own', async () => {
    const id = await house.idOf('Palisade Mutual Bank');
    await act({ id, when: on(1, 8) }, TOM);
    await act({ id, when: on(2, 8) }, TOM);
    expect(await at(id)).toEqual([on(2, 8)]);
    await act({ id, when: on(3, 8) }, LEAD);
    expect(await reminders(id)).toHaveLength(2);
    const before = await versionOf(id);
    expect(textOf(await say(`remind ${id}: never`, TOM))).toContain('No reminder');
    expect(await at(id)).toEqual([on(3, 8)]);
    expect(await versionOf(id)).toBe(before + 1);
    await act({ id, when: 'never' }, TOM);
    expect(await versionOf(id)).toBe(before + 1);
  });

  test('the same press again is one act', async () => {
    const id = await house.idOf('Palisade Mutual Bank');
    const key = `remind-${database.name}`;
    await house.act('remind', { id, when: on(4, 8) }, { as: TOM, key });
    await act({ id, when: 'never' }, TOM);
    await house.act('remind', { id, when: on(4, 8) }, { as: TOM, key });
    expect(await at(id)).not.toContain(on(4, 8));
  });

  test('colleagues see it on their copies with its end, in their own zone, and no longer once it is taken away', async () => {
    const id = await house.idOf('Harrow & Pike Ironmongers');
    // In her own conversation, as what was answered elsewhere is out of reach after half an hour.
    await house.tell('ANA', `show ${id}`);
    const mine = await house.shows('ANA', 'Harrow & Pike');
    await act({ id, when: on(1, 8.5) });
    await until('her copy', () =>
      /Priya Raman looks at it again \w{3} \d+ \w{3} \d\d:\d\d/.test(screenOf(mine)),
    );
    expect(screenOf(mine)).not.toContain('You look at it again');
    await act({ id, when: 'never' });
    await until('her copy', () => !screenOf(mine).includes('looks at it again'));
  });

  test('never past the deadline of what is pending: the latest that is possible is named, and offered', async () => {
    const id = await house.idOf('Pinecrest Outfitters');
    const { dueAt } = await house.store.prisma.deal.findUniqueOrThrow({ where: { id } });
    const due = dueAt?.getTime() ?? 0;
    const iso = (ms: number) => new Date(ms).toISOString();
    // It rings some time after its moment, and an answer takes one: not in the last minutes either.
    await act({ id, when: iso(due - 9 * 60_000) }, LEAD);
    const refused = (await act({ id, when: iso(due) }, LEAD)) as Form;
    expect(refused.errors?.when).toMatch(/^It is lost .*\. The latest is /);
    expect(await reminders(id)).toEqual([]);
    const [when] = refused.fields;
    const values = when?.kind === 'choice' ? when.options : [];
    expect(values.at(-1)).toMatchObject({
      value: iso(due - HOUR),
      label: expect.stringContaining('An hour before it is lost, '),
    });
    expect(values.every(({ value }) => Date.parse(value) < due)).toBe(true);
    await act({ id, when: iso(due - HOUR) }, LEAD);
    expect(await at(id)).toEqual([iso(due - HOUR)]);
  });

  test('the past, what is far away and what is no moment are refused, and the form comes back', async () => {
    const id = await house.idOf('Northgate Tram Works');
    const before = await at(id);
    for (const [when, says] of [
      [on(-1, 8), / is past\. /],
      [on(62, 8), /more than 60 days ahead/],
      ['12/11/2026', /I do not know the time “12\/11\/2026”/],
      ['florb', /in two hours/],
      ['Fri 27 Nov 2027', /“Fri 27 Nov 2027”: do its weekday and its date fit\?/],
    ] as const) {
      const form = (await act({ id, when })) as Form;
      expect([when, form.kind, form.errors?.when]).toEqual([when, 'form', expect.stringMatching(says)]);
    }
    const [day] = [on(-1, 0).slice(0, 10)];
    expect(((await act({ id, day })) as Form).errors?.day).toMatch(/ is past\. /);
    expect(await at(id)).toEqual(before);
  });

  test('sent without a time it says beside the fields what is missing', async () => {
    const id = await house.idOf('Northgate Tram Works');
    const before = await at(id);
    const opened = (await act({ id })) as Form;
    expect(opened).not.toHaveProperty('errors');
    for (const answers of [{}, { when: '', day: '' }]) {
      const { reply, ok } = await house.act('remind', { ...opened.input, ...answers }, { as: PRIYA });
      expect([ok, (reply as Form).fields.map((it) => it.id)]).toEqual([false, ['when', 'day']]);
      expect((reply as Form).errors).toEqual({
        when: 'Choose a time or a day.',
        day: 'Choose a time or a day.',
      });
    }
    expect(await at(id)).toEqual(before);
    expect(((await act({ ...opened.input, when: on(1, 8) })) as Card).status).toMatch(
      /^You look at it again/,
    );
    await act({ id, when: 'never' });
  });

  test('without a deal it is asked which, and whoever may not see one gets the answer to an unknown one', async () => {
    expect(((await say('remind me in two hours')) as Note).text).toMatch(/^Which deal\? /);
    const id = await house.idOf('Palisade Mutual Bank');
    const same = (text: string, it: string) => text.replaceAll(it, '<id>');
    for (const more of ['', ': tomorrow', ': never'])
      expect(same(textOf(await say(`remind ${id}${more}`)), id)).toBe(
        same(textOf(await say(`remind O7999999${more}`)), 'O7999999'),
      );
    expect((await reminders(id)).some(({ setAt }) => setAt.getTime() > clock.getTime())).toBe(false);
  });

  test('what somebody put off is listed for them alone, the next first, and each line can be moved or taken away', async () => {
    const [first, second] = [
      await house.idOf('Northgate Tram Works'),
      await house.idOf('Palisade Mutual Bank'),
    ];
    await house.store.prisma.reminder.deleteMany();
    expect((await say('my reminders')).kind).toBe('list');
    expect(textOf(await say('my reminders'))).toContain('"sections":[]');
    await act({ id: first, when: on(5, 3.5) });
    await act({ id: second, when: on(2, 8) }, TOM);
    await act({ id: second, when: on(6, 8) }, LEAD);
    await act({ id: first, when: on(4, 8) }, LEAD);
    const listed = async (as: string) => {
      const reply = await say('my reminders', as);
      return reply.kind === 'list' ? reply.sections.flatMap(({ items }) => items) : [];
    };
    expect((await listed(LEAD)).map(({ id }) => id)).toEqual([first, second]);
    const mine = await listed(PRIYA);
    expect(mine).toMatchObject([
      {
        id: first,
        button: { verb: 'remind', input: { id: first } },
        detail: expect.stringMatching(/^again .* 09:00/),
      },
    ]);
    // Tom lost sight of it: nothing of it is said.
    await house.store.prisma.$executeRaw`UPDATE reminder SET deal_id = ${first} WHERE deal_id = ${second}
      AND person_id = (SELECT id FROM person WHERE email = ${TOM})`;
    expect(await listed(TOM)).toEqual([]);
    expect((await house.act('remind', { do: 'list' }, { as: TOM })).reply).not.toHaveProperty('footer');
    await say('unsnooze 1');
    expect(await listed(PRIYA)).toEqual([]);
    expect(await reminders(first)).toHaveLength(2);
  });

  test('“snooze 3 until Monday” takes the number of a list', async () => {
    await say('find Northgate Tram Works');
    await say('snooze 1 until Monday');
    const id = await house.idOf('Northgate Tram Works');
    expect(await at(id)).toContain(on(4, 3.5));
  });

  test('in Slack it stands in the menu of the card: one choice, and the card says so', async () => {
    const id = await house.idOf('Ravensworth Glass Works');
    await house.say('TOM', `show ${id}`);
    const card = house.newest('TOM');
    await house.press('TOM', card, 'Remind me…');
    const form = await house.form('TOM');
    expect(screenOf(form.content)).toContain('Colleagues see on its card that you look at it again.');
    await house.submit(form, { day: on(3, 0).slice(0, 10) });
    await until('the card', () => screenOf(card).includes('You look at it again'));
    await house.press('TOM', card, 'Remind me…');
    const again = await house.form('TOM');
    await house.press('TOM', again, 'No reminder');
    await until('no reminder', async () => (await reminders(id)).length === 0);
  });
});
