/** When a digest comes: said in words or in the form, one's own or a channel's. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { planDigests } from '../../src/bot/digests.ts';
import type { Messenger, Room } from '../../src/bot/intent.ts';
import { hear } from '../../src/bot/words.ts';
import * as vocabulary from '../../src/commands/index.ts';
import { establish } from '../../src/store/links.ts';
import { findPerson } from '../../src/store/people.ts';
import type { Form, Reply } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { LEAD, openTestHouse, senderOf, TEAM, type TestHouse } from '../support/house.ts';

const [PRIYA = '', TOM = '', LUCIA = ''] = TEAM.users;
const OPEN: Room = {
  name: '#deals',
  readers: [LEAD, TEAM.team, TEAM.manager, PRIYA].map((email) => `U-${email}`),
  isOpenToOthers: false,
  isUnclear: false,
};

describe('typed', () => {
  const inputOf = (line: string) => {
    const commands = Object.values(vocabulary);
    const heard = hear(line, { now: new Date('2026-11-20T10:00:00Z'), timeZone: 'UTC', commands });
    return heard.kind === 'said' && heard.said.verb === 'schedule' ? heard.said.input : heard.kind;
  };

  test.each<[line: string, input: unknown]>([
    ['schedule', {}],
    ['digest settings', {}],
    ['schedule off', { do: 'off' }],
    ['digest off', { do: 'off' }],
    ['turn off my digest', { do: 'off' }],
    ['turn my digest on', { do: 'on' }],
    ['schedule on.', { do: 'on' }],
    ['schedule pause until Monday', { do: 'pause', untilDate: '2026-11-23' }],
    ['pause my digest until 5 Dec', { do: 'pause', untilDate: '2026-12-05' }],
    ['pause my digest', { do: 'pause' }],
    ['schedule pause until whenever', { do: 'pause', untilDate: 'whenever' }],
    ['schedule at 8', { do: 'at', hour: '8' }],
    ['digest without stale', { do: 'without', section: 'stale' }],
    ['schedule with action required', { do: 'with', section: 'action required' }],
    ['schedule here', { here: 'yes' }],
    ['schedule here off', { here: 'yes', do: 'off' }],
    ['schedule here at 8 (yes)', { here: 'yes', do: 'at', hour: '8', sure: 'yes' }],
    ['digest here', { here: 'yes' }],
    ['schedule at 8 on Monday', { do: 'days', days: 'Monday', hour: '8' }],
    ['schedule at 8am every weekday', { do: 'days', days: 'weekday', hour: '8am' }],
    ['schedule 8am', { do: 'at', hour: '8am' }],
    ['schedule 17:00', { do: 'at', hour: '17:00' }],
    ['schedule 8 on Mon, Wed', { do: 'days', days: 'Mon, Wed', hour: '8' }],
    ['schedule monday', { do: 'days', days: 'monday' }],
    ['schedule on 1, 3', { do: 'days', days: '1, 3' }],
    ['schedule on 1 3 5', { do: 'days', days: '1 3 5' }],
    ['schedule on 1 and 3 at 8', { do: 'days', days: '1 and 3', hour: '8' }],
    ['schedule on Mon, Wed 8', { do: 'days', days: 'Mon, Wed', hour: '8' }],
    ['schedule Mon-Wed', { do: 'days', days: 'Mon-Wed' }],
    ['schedule weekdays at 8', { do: 'days', days: 'weekdays', hour: '8' }],
    ['schedule daily 8am', { do: 'days', days: 'daily', hour: '8am' }],
    ['schedule on Friday at 7', { do: 'days', days: 'Friday', hour: '7' }],
    ['schedule here monday at 8 (yes)', { here: 'yes', do: 'days', days: 'monday', hour: '8', sure: 'yes' }],
    ['schedule status?', { do: 'status' }],
    ['schedule florb', 'unclear'],
    ['schedule monkeys', 'unclear'],
    ['schedule monday?', 'unclear'],
    ['schedule 2026-12-01', 'unclear'],
  ])('“%s”', (line, input) => {
    expect(inputOf(line)).toEqual(input);
  });
});

describe.each(databases)('schedule, on $name', (database) => {
  let house: TestHouse;
  // A Friday.
  let now = new Date('2026-11-20T10:00:00Z');
  const rooms = new Map<string, Room | undefined>([['private', undefined]]);
  const messenger: Messenger = {
    platform: 'teams',
    find: async () => undefined,
    tell: async () => ({}),
    redraw: async (ref) => ref,
    room: async ({ conversation }) => (rooms.has(conversation) ? rooms.get(conversation) : OPEN),
    post: async () => ({}),
  };
  beforeAll(async () => {
    house = await openTestHouse(database, { now: () => now });
    await house.addMessenger(messenger);
    for (const email of [PRIYA, LEAD]) {
      const { id = '' } = (await findPerson(house.store, email)) ?? {};
      for (const platform of ['slack', 'teams'])
        await establish(house.store, { platform, tenant: 'T', user: `U-${email}` }, id, 'practice');
      await house.store.prisma.person.update({ where: { id }, data: { timeZone: 'Europe/Berlin' } });
    }
  });
  afterEach(async () => {
    now = new Date('2026-11-20T10:00:00Z');
    await house.store.prisma.subscription.deleteMany();
  });
  afterAll(() => house?.stop());

  /** The database's own clock is not driven. */
  const soon = () => new Date(Date.now() + 30_000);
  const from = (email: string, conversation: string) => ({
    ...{ platform: 'teams' as const, tenant: 'T', user: `U-${email}`, email, conversation },
  });
  const say = (text: string, email = PRIYA, conversation = 'private', key = randomUUID() as string) =>
    house.desk.say({ text, key, from: from(email, conversation) }, soon());
  const send = ({ verb, input }: Form, more: Record<string, string>, email = PRIYA, room = 'private') =>
    house.desk.handle(
      { verb, input: { ...input, ...more }, key: randomUUID(), from: from(email, room) },
      soon(),
    );
  const said = ({ reply }: { reply: Reply }): string => JSON.stringify(reply);
  const formOf = ({ reply }: { reply: Reply }): Form => {
    if (reply.kind !== 'form') throw new Error(`No form: ${JSON.stringify(reply)}`);
    return reply;
  };
  const own = () => house.store.prisma.subscription.findFirst({ where: { room: null } });
  const inRoom = (room: string) => house.store.prisma.subscription.findFirst({ where: { room } });

  test('asks what stands in it, on which days, when and where, as it is', async () => {
    const form = formOf(await say('schedule'));
    expect(form.intro?.[0]).toBe('It comes Mon–Fri at 09:00 (Europe/Berlin).');
    expect(form.fields.map(({ id }) => id)).toEqual(['sections', 'days', 'hour', 'where']);
    const saved = await send(form, { sections: 'pending,stale', days: '1,3', hour: '7', where: 'slack' });
    expect(saved.ok).toBe(true);
    expect(said(saved)).toContain('Your digest comes Mon, Wed at 07:00 (Europe/Berlin), in Slack.');
    expect(said(saved)).toContain('The next one: Mon 23 Nov 07:00');
    expect(await own()).toMatchObject({
      days: [1, 3],
      hour: 7,
      door: 'slack',
      nextAt: new Date('2026-11-23T06:00:00Z'),
    });
    expect((await own())?.off).not.toContain('stale');
    const again = formOf(await say('schedule'));
    expect(again.fields.map((field) => field.value)).toEqual(['pending,stale', '1,3', '7', 'slack']);
  });

  test('of the working days it keeps that they are these', async () => {
    await send(formOf(await say('schedule')), { sections: 'pending', days: '1,2,3,4,5', hour: '9' });
    expect(await own()).toMatchObject({ days: [] });
  });

  test('says beside each field what is missing', async () => {
    const form = formOf(await say('schedule'));
    const answer = await send(form, { sections: '', days: '', hour: 'x' });
    expect(answer.ok).toBe(false);
    expect(Object.keys(formOf(answer).errors ?? {})).toEqual(['sections', 'days', 'hour']);
    expect(await own()).toBeNull();
  });

  test('off, on, a pause, an hour and sections are set, never toggled; the same act twice is one', async () => {
    const steps: [string, object][] = [
      ['schedule off', { offAt: now }],
      ['schedule off', { offAt: now }],
      ['schedule on', { offAt: null }],
      ['schedule pause until Monday', { pausedUntil: new Date('2026-11-23') }],
      ['schedule on', { pausedUntil: null }],
      ['schedule at 8', { hour: 8 }],
      ['schedule without stale', { off: ['stale'] }],
      ['schedule without stale', { off: ['stale'] }],
      ['schedule with stale', { off: [] }],
    ];
    for (const [line, is] of steps) {
      const key = randomUUID();
      for (const answer of [await say(line, PRIYA, 'private', key), await say(line, PRIYA, 'private', key)])
        expect([line, answer.ok]).toEqual([line, true]);
      expect(await own()).toMatchObject(is);
    }
  });

  test.each([
    ['schedule pause until whenever', 'is no day'],
    ['schedule pause until 2026-11-20', 'not to come'],
    ['schedule pause until 2028-01-01', 'more than a year'],
    ['schedule at 8:30', 'no full hour'],
    ['schedule at 25', 'no full hour'],
    ['schedule 8:30', 'no full hour'],
    ['schedule at 8 on florb', '“florb” is no day of the week'],
    ['schedule without florb', 'There is no section “florb”. There are: pending,'],
    ['schedule with florb', 'There is no section'],
  ])('“%s” is answered kindly, and changes nothing', async (line, words) => {
    const answer = await say(line);
    expect(answer.ok).toBe(false);
    expect(said(answer)).toContain(words);
    expect(await own()).toBeNull();
  });

  test('days are typed by name; the working days stay these', async () => {
    expect(said(await say('schedule on mondays and Thursdays'))).toContain('comes Mon, Thu at 09:00');
    expect(await own()).toMatchObject({ days: [1, 4], hour: 9 });
    expect(said(await say('schedule on Mon-Wed at 7'))).toContain('comes Mon–Wed at 07:00');
    await say('schedule every weekday');
    expect(await own()).toMatchObject({ days: [], hour: 7 });
    for (const line of ['schedule on florb', 'schedule on Monday at 8:30']) {
      const answer = await say(line);
      expect([line, answer.ok]).toEqual([line, false]);
    }
    expect(await own()).toMatchObject({ days: [], hour: 7 });
  });

  test('an hour and days are taken in either order, also without their words', async () => {
    const lines: [string, string][] = [
      ['schedule at 8 on Monday', 'comes Mon at 08:00'],
      ['schedule 7am', 'comes Mon at 07:00'],
      ['schedule Tuesdays and Thursdays at 10', 'comes Tue, Thu at 10:00'],
      ['schedule daily', 'comes Mon–Sun at 10:00'],
      ['schedule weekdays 9am', 'comes Mon–Fri at 09:00'],
    ];
    for (const [line, words] of lines) {
      const answer = await say(line);
      expect([line, answer.ok, said(answer)]).toEqual([line, true, expect.stringContaining(words)]);
    }
  });

  test('“schedule status” says what stands, one’s own and a channel’s, and changes nothing', async () => {
    const answer = await say('schedule status');
    expect(answer).toMatchObject({ ok: true, reply: { kind: 'note', tone: 'info' } });
    expect(said(answer)).toContain('Your digest comes Mon–Fri at 09:00 (Europe/Berlin).');
    expect(said(await say('schedule status here', PRIYA, 'room8'))).toContain(
      'There is no digest in #deals.',
    );
    expect(await house.store.prisma.subscription.count()).toBe(0);
    await say('schedule at 8 here (yes)', LEAD, 'room8');
    const shown = await say('schedule status here', PRIYA, 'room8');
    expect([shown.ok, said(shown)]).toEqual([
      true,
      expect.stringContaining('The digest in #deals comes Mon–Fri at 08:00'),
    ]);
    await say('schedule off');
    expect(said(await say('schedule status'))).toContain('Your digest is off.');
  });

  test('a digest that is off is not paused as well, and one that comes back waits for no old pause', async () => {
    await say('schedule off');
    for (const line of ['pause digest until monday', 'pause my digest']) {
      const paused = await say(line);
      expect([line, paused.ok, paused.reply.kind]).toEqual([line, false, 'note']);
      expect(said(paused)).toContain('Your digest is off already, so there is nothing to pause');
    }
    expect(await own()).toMatchObject({ offAt: now, pausedUntil: null });
    expect(said(await say('digest at 8'))).not.toContain('paused');
    // A pause ends with the digest.
    await say('schedule pause until Monday');
    await say('schedule off');
    expect(said(await say('digest at 9'))).not.toContain('paused');
    expect(await own()).toMatchObject({ offAt: null, pausedUntil: null });
  });

  test('a pause says how it ends, in plain days, and one press ends it', async () => {
    const paused = await say('pause my digest for a week');
    expect(said(paused)).toContain('It is paused until Fri 27 Nov; “schedule on” ends the pause.');
    const form = formOf(await say('schedule'));
    expect(form.intro).toContain('It is paused until Fri 27 Nov; “schedule on” ends the pause.');
    const [resume] = form.others ?? [];
    expect(resume).toMatchObject({ label: 'Resume now', verb: 'schedule' });
    const pressed = { verb: 'schedule', input: resume?.input ?? {}, key: randomUUID() };
    expect((await house.desk.handle({ ...pressed, from: from(PRIYA, 'private') }, soon())).ok).toBe(true);
    expect(await own()).toMatchObject({ pausedUntil: null, offAt: null });
    expect(formOf(await say('schedule')).others?.map(({ label }) => label)).toEqual([
      'Pause…',
      'Turn it off',
    ]);
  });

  test('a channel’s pause says how it ends, and so it does', async () => {
    await say('schedule here (yes)', PRIYA, 'room7');
    const words = 'paused until Tue 1 Dec; “schedule on here (yes)” ends the pause.';
    expect(said(await say('schedule pause until 1 Dec here (yes)', PRIYA, 'room7'))).toContain(words);
    const answers = { sections: 'stale', days: '2', hour: '8' };
    const later = formOf(await say('schedule at 8 here', PRIYA, 'room7'));
    expect(later.intro?.join()).toContain(words);
    await send(later, answers, PRIYA, 'room7');
    expect(await inRoom('room7')).toMatchObject({ hour: 8, pausedUntil: new Date('2026-12-01') });
    // A form sends what it shows.
    const again = formOf(await say('schedule here', PRIYA, 'room7'));
    expect(again.intro?.join()).not.toContain('paused');
    await send(again, answers, PRIYA, 'room7');
    expect(await inRoom('room7')).toMatchObject({ pausedUntil: null });
    await say('schedule pause until 1 Dec here (yes)', PRIYA, 'room7');
    await say('schedule on here (yes)', PRIYA, 'room7');
    expect(await inRoom('room7')).toMatchObject({ pausedUntil: null, offAt: null });
  });

  test('whoever ends their own in a channel reads how the one there is ended, if there is one', async () => {
    expect(said(await say('stop the digest', PRIYA, 'room6'))).not.toContain('schedule off here');
    await say('schedule here (yes)', PRIYA, 'room6');
    const ended = said(await say('stop the digest', PRIYA, 'room6'));
    expect(ended).toContain('That was your own. “schedule off here” ends the one in #deals.');
    expect(await inRoom('room6')).toMatchObject({ offAt: null });
    expect((await say('schedule off here', PRIYA, 'room6')).ok).toBe(true);
    expect(await inRoom('room6')).toMatchObject({ offAt: now });
  });

  test('where no chat is connected, where it comes is said, and no moment at which it will not', async () => {
    const words = 'It comes in Slack or Teams, from your first use there on. “digest” shows it here.';
    const typed = async (text: string) =>
      said(await house.desk.say({ text, key: randomUUID(), from: senderOf(LUCIA) }, soon()));
    for (const line of ['schedule at 15', 'schedule without stale', 'schedule on']) {
      const text = await typed(line);
      expect([line, text]).toEqual([line, expect.stringContaining(words)]);
      expect(text).not.toContain('The next one');
    }
    expect(await typed('schedule off')).not.toContain(words);
    // Who writes from a chat is there.
    expect(said(await say('schedule at 15', LUCIA))).toContain('The next one: ');
  });

  test('asks until when it is paused', async () => {
    const form = formOf(await say('pause my digest'));
    expect(form.fields).toMatchObject([{ id: 'untilDate', kind: 'date' }]);
    expect(said(await send(form, { untilDate: '2026-12-01' }))).toContain('paused until Tue 1 Dec');
  });

  test('a day that cannot be is said beside the question until when, and stands there still', async () => {
    const form = formOf(await say('pause my digest'));
    const answer = await send(form, { untilDate: '2026-11-19' });
    expect(answer.ok).toBe(false);
    expect(formOf(answer).fields).toMatchObject([{ id: 'untilDate', value: '2026-11-19' }]);
    expect(formOf(answer).errors?.untilDate).toContain('not to come');
    // Words are no day of a calendar.
    expect(formOf(await say('schedule pause until whenever')).fields[0]).not.toHaveProperty('value');
    expect(await own()).toBeNull();
  });

  test('what is wrong in one field leaves the others as they were typed', async () => {
    const form = formOf(await say('schedule'));
    const answer = await send(form, { sections: 'pending,stale', days: '', hour: '7' });
    expect(formOf(answer).errors).toEqual({ days: expect.stringContaining('Choose a day') });
    expect(
      formOf(answer)
        .fields.slice(0, 3)
        .map(({ value }) => value),
    ).toEqual(['pending,stale', '', '7']);
  });

  test('what was said moves what is planned', async () => {
    await planDigests(house.store, now);
    await say('schedule at 13');
    const { id = '' } = (await findPerson(house.store, PRIYA)) ?? {};
    const mine = { where: { subscription: { personId: id } } };
    await planDigests(house.store, new Date('2026-11-20T11:59:00Z'));
    expect(await house.store.prisma.digest.count(mine)).toBe(0);
    await planDigests(house.store, new Date('2026-11-20T12:00:00Z'));
    expect(await house.store.prisma.digest.count(mine)).toBe(1);
    now = new Date('2026-11-20T12:30:00Z');
    // It had its digest today.
    expect(said(await say('schedule at 15'))).toContain('The next one: Mon 23 Nov 15:00');
  });

  test('in a channel it says first who reads along and what they will see, and asks once', async () => {
    const form = formOf(await say('schedule here', PRIYA, 'room1'));
    expect(form.intro?.join(' ')).toContain('4 people read along in #deals');
    expect(form.intro?.join(' ')).toContain('what not all of them may see stands as its id alone');
    expect(form.submit).toBe('Set it up here');
    expect(await inRoom('room1')).toBeNull();
    const saved = await send(form, { sections: 'pending', days: '1', hour: '10' }, PRIYA, 'room1');
    expect(said(saved)).toContain('The digest in #deals comes Mon at 10:00');
    expect(await inRoom('room1')).toMatchObject({ days: [1], hour: 10, offAt: null });
  });

  test('from the form of their own it leads to the channel’s', async () => {
    const form = formOf(await say('schedule', PRIYA, 'room2'));
    const where = form.fields.find(({ id }) => id === 'where');
    expect(where?.kind === 'choice' && where.options.map(({ label }) => label)).toContain(
      'also in #deals, for all who read along',
    );
    const next = await send(form, { sections: 'stale', days: '2', hour: '8', where: 'here' }, PRIYA, 'room2');
    expect(formOf(next)).toMatchObject({ title: 'A digest here', input: { here: 'yes', room: 'room2' } });
    expect(formOf(next).intro).toContain('Your own digest goes on as it is.');
    expect(formOf(next).fields.map(({ value }) => value)).toEqual(['stale', '2', '8']);
    expect(await own()).toBeNull();
  });

  test('whoever set it up, alliance lead and team change or end it; others read who that was', async () => {
    await say('schedule here (yes)', PRIYA, 'room3');
    const refused = await say('schedule here off', TEAM.manager, 'room3');
    expect([refused.ok, said(refused)]).toEqual([
      false,
      expect.stringContaining('Priya Raman set up the digest'),
    ]);
    const others = formOf(await say('schedule here', LEAD, 'room3'));
    expect(others.intro?.[0]).toContain('Priya Raman set up');
    expect(others.intro).toContain(
      'It shows Priya Raman’s desk’s deals, and says so; it ends when Priya Raman leaves.',
    );
    expect(others.submit).toBe('Save');
    const theirOwn = formOf(await say('schedule here', PRIYA, 'room3'));
    expect(theirOwn.intro?.[0]).toBe('You set up the digest in #deals.');
    expect(theirOwn.intro?.join(' ')).toContain('your desk’s deals, and says that you set it up');
    expect(theirOwn.submit).toBe('Save');
    expect((await say('schedule here at 7 (yes)', LEAD, 'room3')).ok).toBe(true);
    const priya = await findPerson(house.store, PRIYA);
    expect(await inRoom('room3')).toMatchObject({ hour: 7, personId: priya?.id });
    expect((await say('schedule here off', LEAD, 'room3')).ok).toBe(true);
    expect(await inRoom('room3')).toMatchObject({ offAt: now });
    expect((await say('schedule here off', PRIYA, 'room3')).ok).toBe(false);
    expect((await say('schedule here (yes)', TEAM.manager, 'room3')).ok).toBe(true);
    expect(await inRoom('room3')).not.toMatchObject({ personId: priya?.id });
  });

  test('one that ended by itself is nobody’s: whoever reads along sets up another', async () => {
    await say('schedule here (yes)', TEAM.manager, 'room3');
    // The app was removed from the channel, and is there again.
    await house.store.prisma.subscription.updateMany({ where: { room: 'room3' }, data: { gone: true } });
    const none = await say('schedule here off', PRIYA, 'room3');
    expect([none.ok, said(none)]).toEqual([false, expect.stringContaining('There is no digest in #deals.')]);
    expect(formOf(await say('schedule here', PRIYA, 'room3')).submit).toBe('Set it up here');
    expect((await say('schedule here (yes)', PRIYA, 'room3')).ok).toBe(true);
    const priya = await findPerson(house.store, PRIYA);
    expect(await inRoom('room3')).toMatchObject({ gone: false, personId: priya?.id });
  });

  test('nobody sets one up where they do not read along, nor where nobody else does', async () => {
    for (const [email, room] of [
      [TOM, 'room4'],
      [PRIYA, 'private'],
    ] as const) {
      const answer = await say('schedule here (yes)', email, room);
      expect([answer.ok, said(answer)]).toEqual([false, expect.stringContaining('Say it in the channel')]);
    }
    expect(await house.store.prisma.subscription.count()).toBe(0);
  });

  test('a yes holds for what was said: where a guest came meanwhile it is asked anew', async () => {
    const form = formOf(await say('schedule here', PRIYA, 'room5'));
    rooms.set('room5', { ...OPEN, isOpenToOthers: true });
    const answer = formOf(await send(form, { sections: 'stale', days: '2', hour: '8' }, PRIYA, 'room5'));
    expect(answer.intro?.join(' ')).toContain('has changed meanwhile, so nothing was saved yet');
    expect(answer.intro?.join(' ')).toContain('only ids');
    expect(await inRoom('room5')).toBeNull();
    expect((await send(answer, { sections: 'stale', days: '2', hour: '8' }, PRIYA, 'room5')).ok).toBe(true);
    expect(await inRoom('room5')).not.toBeNull();
  });
});
