/** cover: a colleague looks after a desk. Who is told, who sees what, and when it begins and ends; by a driven clock. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { tickClocks } from '../../src/bot/clocks.ts';
import { hear } from '../../src/bot/words.ts';
import * as vocabulary from '../../src/commands/index.ts';
import { addDays, dayIn, plainDay } from '../../src/pipeline/calendar.ts';
import { reachOf } from '../../src/store/cover-reach.ts';
import { tendCovers } from '../../src/store/cover-tend.ts';
import { coversNow } from '../../src/store/covers.ts';
import type { Form, Note, Reply } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { flat, LEAD, openTestHouse, senderOf, TEAM, until, wakeAll } from '../support/house.ts';
import { type Id, openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { screenOf } from '../support/slack-screen.ts';

const [PRIYA = '', TOM = '', LUCIA = ''] = TEAM.users;
const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
/** "Sunday 29 November". */
const LONG_DAY = new Intl.DateTimeFormat('en-GB', {
  ...{ weekday: 'long', day: 'numeric', month: 'long' },
  timeZone: 'UTC',
});

describe.each(databases)('cover, on $name', (database) => {
  let house: SlackHouse;
  const ids: Record<string, string> = {};
  // Ahead of the real one, as nothing is committed in the past: a Wednesday, 09:12 UTC.
  const start = new Date(Math.floor(Date.now() / DAY) * DAY + 2 * DAY + 9.2 * HOUR);
  while (start.getUTCDay() !== 3) start.setTime(start.getTime() + DAY);
  const clock = new Date(start);
  beforeAll(async () => {
    house = await openSlackHouse(database, { now: () => new Date(clock) });
    await wakeAll(house);
    for (const { id, email } of await house.store.prisma.person.findMany()) ids[email] = id;
    // Whoever is to cover has been there before; Jonas has not.
    for (const id of ['ANA', 'MINA', 'TOM', 'LUCIA'] as const) await house.say(id, 'help');
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  beforeEach(async () => {
    clock.setTime(start.getTime());
    await house.store.prisma.cover.deleteMany();
    await house.store.prisma.offer.deleteMany();
    await house.store.prisma.notice.deleteMany();
    await house.store.prisma.news.deleteMany();
    await house.store.prisma.quiet.updateMany({ data: { newsToldAt: null } });
  });

  const today = () => dayIn(clock, 'UTC');
  const on = (days: number) => addDays(today(), days);
  const say = (text: string, as = PRIYA) => house.desk.say({ text, from: senderOf(as), key: randomUUID() });
  const act = (input: Record<string, string>, as = PRIYA, key: string = randomUUID()) =>
    house.act('cover', input, { as, key });
  const textOf = (reply: Reply) => flat(JSON.stringify(reply));
  const covers = () => house.store.prisma.cover.findMany({ where: { endedAt: null } });
  /** Who was told what, by the kind of it. */
  const told = async (kind = 'covering') => {
    const rows = await house.store.prisma.notice.findMany({ where: { kind }, orderBy: { at: 'asc' } });
    return rows.map(({ personId, body }) => {
      const { what } = body as { what?: string };
      return `${what ?? kind} ${Object.keys(ids).find((it) => ids[it] === personId)}`;
    });
  };
  const offered = async (dealId: string) =>
    (await house.store.prisma.offer.findMany({ where: { dealId } }))
      .map(({ personId }) => Object.keys(ids).find((it) => ids[it] === personId))
      .sort();
  const offer = (id: string, people: string) => house.act('offer', { id, people }, { as: LEAD });
  const newReferral = async () => {
    const id = await house.practice.script.newReferral();
    await house.aws.sync();
    return id;
  };
  const screens = (user: Id) => house.messages(user).map(screenOf).join('\n');

  test.each([
    ['cover my desk until 2026-12-05: Tom Keller', { person: 'Tom Keller', untilDate: '2026-12-05' }],
    ['cover until 2026-12-05: Tom', { person: 'Tom', untilDate: '2026-12-05' }],
    [
      'cover by Tom from Monday until Friday',
      { person: 'Tom', fromDate: '2026-11-30', untilDate: '2026-12-04' },
    ],
    [
      'cover my desk from 2026-12-01 until 2026-12-05: Tom',
      { fromDate: '2026-12-01', untilDate: '2026-12-05' },
    ],
    ['cover until 2026-12-05: Tom (from 2026-12-01) (yes)', { fromDate: '2026-12-01', sure: 'yes' }],
    ['cover Priya’s desk until tomorrow: Tom', { whose: 'Priya', untilDate: '2026-11-28' }],
    ['cover until Friday, December 4: Tom', { person: 'Tom', untilDate: '2026-12-04' }],
    ['cover until Friday December 4 Tom', { person: 'Tom', untilDate: '2026-12-04' }],
    ['cover until Sat Dec 5 Tom', { person: 'Tom', untilDate: '2026-12-05' }],
    ['cover until Friday, May Lee', { person: 'May Lee' }],
    ['cover until tomorrow', { untilDate: '2026-11-28' }],
    ['cover off', { do: 'off' }],
    ['cover off for Priya', { do: 'off', whose: 'Priya' }],
    ['end my cover', { do: 'off' }],
    ['who covers me?', { do: 'who' }],
  ])('“%s” is understood', (line, input) => {
    const hearing = {
      now: new Date('2026-11-27T10:00:00Z'),
      timeZone: 'UTC',
      commands: Object.values(vocabulary),
    };
    expect(hear(line, hearing)).toMatchObject({ kind: 'said', said: { verb: 'cover', input } });
  });

  test('a line does it; the colleague is told what comes and how much of it they see, help says it, and it ends', async () => {
    const until_ = plainDay(on(4), today());
    const { reply, ok } = await say(`cover my desk until ${on(4)}: Tom Keller`);
    expect([ok, (reply as Note).text]).toEqual([true, `Tom Keller covers your desk until ${until_}.`]);
    expect(await told()).toEqual([`asked ${TOM}`]);
    await house.shows('TOM', new RegExp(`Priya Raman is away from today until ${until_}`));
    // How many there are that they may not see is not theirs to know.
    expect(flat(screens('TOM'))).toContain('You see what your role lets you see: 0 of their open deals.');
    expect(textOf(reply)).toContain('sees what their role lets them see: 0 of your open deals.');
    expect(textOf((await say('help')).reply)).toContain(`Tom Keller covers your desk until ${until_}.`);
    expect(textOf((await say('help', TOM)).reply)).toContain('You cover Priya Raman’s desk until');
    expect(await coversNow(house.store, clock)).toEqual(
      new Map([[ids[PRIYA], expect.objectContaining({ coverId: ids[TOM] })]]),
    );
    const ended = (await say('cover off')).reply as Note;
    expect(ended.text).toBe('Tom Keller no longer covers your desk.');
    expect(await told()).toEqual([`asked ${TOM}`, `ended ${TOM}`]);
    await house.shows('TOM', 'you no longer cover their desk');
    expect(await coversNow(house.store, clock)).toEqual(new Map());
    expect(((await say('cover off')).reply as Note).text).toBe(
      'Nobody covers your desk. Nothing was changed.',
    );
  });

  test('whoever sees everything is told of all but what only the alliance lead sees', async () => {
    const { prisma } = house.store;
    const finder = await prisma.deal.findFirstOrThrow({
      where: { psf: true, kind: 'lead', invitedAt: null },
    });
    await prisma.deal.update({ where: { id: finder.id }, data: { ownerEmail: PRIYA } });
    const total = await prisma.deal.count({
      where: {
        ...{ ownerEmail: PRIYA, kind: { not: 'referral' }, invitedAt: null, goneAt: null, successor: null },
        OR: [{ stage: null }, { stage: { notIn: ['Launched', 'Closed Lost'] } }],
      },
    });
    await say(`cover until ${on(2)}: Mina`);
    await house.shows('MINA', 'Priya Raman is away');
    const [, seen] = /lets you see: (\d+) of their open deals/.exec(flat(screens('MINA'))) ?? [];
    expect([Number(seen), total > 1]).toEqual([total - 1, true]);
    await prisma.deal.update({ where: { id: finder.id }, data: { ownerEmail: finder.ownerEmail } });
  });

  test('one press refuses; whoever is away hears of it, and chooses another', async () => {
    await say(`cover until ${on(2)}: Lucía`);
    const asked = await house.shows('LUCIA', 'Priya Raman is away');
    await house.press('LUCIA', asked, 'I cannot');
    await until('the cover ends', async () => (await covers()).length === 0);
    const word = await house.shows('PRIYA', 'Lucía Ferro cannot cover your desk, so nobody does now.');
    await house.press('PRIYA', word, 'Choose a colleague…');
    expect(screenOf((await house.form('PRIYA')).content)).toContain('Who covers');
    expect(await told()).toEqual([`asked ${LUCIA}`, `refused ${PRIYA}`]);
  });

  test('the form says what is wrong beside its field, and keeps what was said', async () => {
    const day = (days: number) => on(days);
    for (const [input, field, says] of [
      [{ person: ids[TOM] ?? '', untilDate: day(60) }, 'untilDate', /60 days at most/],
      [{ person: ids[TOM] ?? '', untilDate: day(-1) }, 'untilDate', /before it begins/],
      [{ person: ids[TOM] ?? '', fromDate: day(-2), untilDate: day(1) }, 'fromDate', /past/],
      [{ person: ids[TOM] ?? '', untilDate: 'florb' }, 'untilDate', /I do not know the day “florb”\. Say it/],
      [{ person: ids[TOM] ?? '', fromDate: 'soon', untilDate: day(1) }, 'fromDate', /the day “soon”/],
      [{ person: ids[TOM] ?? '' }, 'untilDate', /Until which day/],
      [{ person: ids[PRIYA] ?? '', untilDate: day(1) }, 'person', /Nobody covers their own desk/],
      [{ person: 'Zorro', untilDate: day(1) }, 'person', /I know nobody called “Zorro”/],
    ] as [Record<string, string>, string, RegExp][]) {
      const { reply, ok } = await act(input);
      expect([input, ok, (reply as Form).errors]).toEqual([
        input,
        false,
        { [field]: expect.stringMatching(says) },
      ]);
    }
    expect((await act({ person: ids[TOM] ?? '', untilDate: day(59) })).ok).toBe(true);
    expect(await covers()).toHaveLength(1);
  });

  test('whom nothing would reach in chat cannot cover: it says what to do, loses nothing, and works once they were there', async () => {
    // At the terminal alone.
    await say('help', TEAM.team);
    const { reply, ok } = await say(`cover until ${on(3)}: Jonas Berg`);
    const form = reply as Form;
    expect([ok, form.errors]).toEqual([
      false,
      {
        person: expect.stringMatching(
          /^Nothing would reach Jonas Berg, .* or choose somebody else\. Your alliance lead can ask them to come, with “invite”\.$/,
        ),
      },
    ]);
    expect(form.fields.map(({ value }) => value)).toEqual([ids[TEAM.team], on(0), on(3)]);
    expect([await covers(), await told()]).toEqual([[], []]);
    await house.say('JONAS', 'help');
    expect((await act({ person: ids[TEAM.team] ?? '', untilDate: on(3) })).ok).toBe(true);
    // Nobody is served at an account that is frozen.
    const where = { personId: ids[TEAM.team] ?? '', platform: 'slack' };
    await house.store.prisma.link.updateMany({ where, data: { state: 'frozen' } });
    expect((await say(`cover until ${on(4)}: Jonas Berg`)).ok).toBe(false);
    expect((await house.script(`cover until ${on(4)}: Jonas Berg\n`, PRIYA)).text).toContain('Nothing would');
    await house.store.prisma.link.updateMany({ where, data: { state: 'live' } });
  });

  test('the answer says where the digest goes: with the cover’s own, or it stays, and why', async () => {
    const { subscription } = house.store.prisma;
    const personId = ids[TOM] ?? '';
    const said = async (as = PRIYA, whose = 'my') =>
      textOf((await say(`cover ${whose} desk until ${on(3)}: Tom (yes)`, as)).reply);
    const again = async (data: Parameters<typeof subscription.create>[0]['data'] | undefined) => {
      await house.store.prisma.cover.deleteMany();
      await subscription.deleteMany({ where: { personId } });
      if (data) await subscription.create({ data });
    };
    const plan = { personId, nextAt: new Date(clock.getTime() + DAY) };
    const stays = 'Your offers and acceptance clock go to Tom Keller. They were told and can refuse.';
    await again(undefined);
    expect(await said()).toContain('Your offers, acceptance clock and digest go to Tom Keller.');
    await again({ ...plan, offAt: clock });
    expect(await said()).toContain(`${stays}","Your digest stays with you: Tom Keller’s is switched off.`);
    await again({ ...plan, pausedUntil: new Date(on(2)) });
    expect(await said()).toContain(`Tom Keller’s is paused until ${plainDay(on(2), today())}.`);
    await again({ ...plan, pausedUntil: new Date(on(2)) });
    expect(await said(LEAD, 'Priya’s')).toContain(
      'Priya Raman’s digest stays with them: Tom Keller’s is paused',
    );
    // Over by then.
    await again({ ...plan, pausedUntil: new Date(on(0)) });
    expect(await said()).toContain('acceptance clock and digest go to Tom Keller.');
    const later = new Date(Date.now() + DAY);
    await again({ ...plan, gone: true, offAt: later });
    expect(await said()).toContain('Tom Keller’s has no place in chat any more.');
    // They came again since: the next tick starts it.
    await again({ ...plan, gone: true, offAt: new Date(0) });
    expect(await said()).toContain('acceptance clock and digest go to Tom Keller.');
    await again(undefined);
  });

  test('nobody is said to be told whom no message finds: they are to be told by whoever set or refused it', async () => {
    const { prisma } = house.store;
    const doors = await prisma.door.findMany();
    // Jonas has no account in chat here.
    const jonas = ids[TEAM.team] ?? '';
    await prisma.link.updateMany({ where: { personId: jonas }, data: { state: 'frozen' } });
    const lines = async (text: string, as = PRIYA) => ((await say(text, as)).reply as Note).lines?.join(' ');
    const [yes, until_] = ['(yes)', `until ${on(3)}: Tom`];
    expect(await lines(`cover Jonas Berg’s desk ${until_}`, LEAD)).toMatch(
      /They were told and can refuse\. .* No message of ours finds Jonas Berg in chat: tell them yourself\.$/,
    );
    expect(await lines(`cover until ${on(3)}: Lucía`, TOM)).toMatch(
      /Jonas Berg counts on you in these days\. No message of ours finds Jonas Berg in chat/,
    );
    await prisma.cover.deleteMany();
    await prisma.door.deleteMany();
    expect(await lines(`cover ${until_}`)).toMatch(
      /^(?!.*told).* No chat is connected: tell Tom Keller yourself\.$/,
    );
    expect(await lines(`cover Priya’s desk until ${on(3)}: Lucía ${yes}`, LEAD)).toMatch(
      /^(?!.*told).* No chat is connected: tell Lucía Ferro and Priya Raman yourself\.$/,
    );
    const [cover] = await covers();
    expect((await act({ do: 'refuse', cover: cover?.id ?? '' }, LUCIA)).reply).toMatchObject({
      text: 'You do not cover Priya Raman’s desk. No message of ours finds Priya Raman now: tell them yourself.',
    });
    await prisma.door.createMany({ data: doors });
    await prisma.link.updateMany({ where: { personId: jonas }, data: { state: 'live' } });
  });

  test('whoever covers a desk sees it where they say “cover” and “help”, and refuses there, also without a chat', async () => {
    await say(`cover until ${on(2)}: Tom`);
    const words = `You cover Priya Raman’s desk until ${plainDay(on(2), today())}.`;
    const form = (await say('cover', TOM)).reply as Form;
    expect(form.intro).toEqual(expect.arrayContaining(['Nobody covers your desk.', words]));
    const help = (await say('help', TOM)).reply as Note;
    const [refuse] = form.others ?? [];
    expect([refuse?.label, help.buttons]).toEqual([
      'Refuse to cover Priya Raman',
      expect.arrayContaining([refuse]),
    ]);
    // In the form about a colleague's desk it has no place.
    expect(((await say('cover')).reply as Form).others?.map(({ label }) => label)).toEqual(['End the cover']);
    await act(refuse?.input ?? {}, TOM);
    expect([await covers(), await told()]).toEqual([[], [`asked ${TOM}`, `refused ${PRIYA}`]]);
  });

  test('a weekday that is not that of its date is asked about; the days named as examples are true', async () => {
    const [wrong = '', right = ''] = [plainDay(on(3), on(0)), plainDay(on(4), on(0))];
    const said = `${wrong.slice(0, 3)}${right.slice(3)}`;
    const { reply, ok } = await say(`cover until ${said}: Tom`);
    const example = plainDay(on(7), on(0));
    expect([ok, (reply as Form).errors, (reply as Form).fields[0]?.value]).toEqual([
      false,
      {
        untilDate: `I do not know the day “${said}”: do its weekday and its date fit? Say it like “${example}”, “next Friday” or “${on(7)}”.`,
      },
      ids[TOM],
    ]);
    expect(await covers()).toEqual([]);
    expect((await say(`cover until ${right}: Tom`)).ok).toBe(true);
    expect(await covers()).toMatchObject([{ until: new Date(on(4)) }]);
    expect(textOf((await say('help cover')).reply)).not.toMatch(/(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d/);
  });

  test.each([
    'cover my desk until DAY with Tom',
    'cover until DAY through Tom',
    'cover until DAY Tom',
    'cover my desk until DAY Tom Keller',
    'cover my desk with Tom until DAY',
    'cover through Tom until DAY',
  ])('who covers may be said before or after the days: “%s”', async (line) => {
    for (const day of [on(4), plainDay(on(4), on(0)), LONG_DAY.format(new Date(on(4)))]) {
      await house.store.prisma.cover.deleteMany();
      const { reply } = await say(line.replace('DAY', day));
      expect([day, (reply as Note).text]).toEqual([
        day,
        `Tom Keller covers your desk until ${plainDay(on(4), on(0))}.`,
      ]);
    }
  });

  test('whether a colleague covers, or is away, is asked where a line may mean both; the words are kept', async () => {
    const until_ = plainDay(on(4), on(0));
    for (const as of [PRIYA, LEAD]) {
      const { reply, ok } = await say(`cover Tom until ${on(4)}`, as);
      const { errors, fields } = reply as Form;
      expect([ok, errors, fields.map(({ value }) => value)]).toEqual([
        false,
        {
          person: `This may mean two things. If Tom Keller covers your desk, save it, or say “cover until ${until_}: Tom Keller”. If it is Tom Keller’s desk, say “cover Tom Keller’s desk until ${until_}: <who covers it>”.`,
        },
        [ids[TOM], on(0), on(4)],
      ]);
    }
    expect((await say(`cover Zorro until ${on(4)}`)).reply).toMatchObject({
      errors: { person: expect.stringContaining('“Zorro”') },
    });
    expect((await say('cover Tom until florb')).reply).toMatchObject({
      errors: { untilDate: expect.stringContaining('“florb”') },
    });
    expect(await covers()).toEqual([]);
  });

  test('who covers is a question: it is answered, with a way to end, change or set it for whoever may', async () => {
    const ways = (reply: Reply) => ((reply as Note).buttons ?? []).map(({ label }) => label);
    for (const [line, text, as] of [
      ['who covers me?', 'Nobody covers your desk.', PRIYA],
      ['who is covering Priya', 'Nobody covers Priya Raman’s desk.', LEAD],
    ] as const) {
      const { reply, ok } = await say(line, as);
      expect([ok, reply]).toEqual([true, expect.objectContaining({ kind: 'note', text })]);
      expect(textOf(reply)).toMatch(/“cover (?:Priya Raman’s desk )?until .*: <who covers it>” sets one/);
      expect(ways(reply)).toEqual(['Choose a colleague…']);
    }
    await say(`cover until ${on(2)}: Tom`);
    const until_ = plainDay(on(2), today());
    const mine = (await say('who is covering my desk')).reply as Note;
    const theirs = (await say('who is covering Priya', LEAD)).reply as Note;
    expect([mine.text, theirs.text]).toEqual([
      `Tom Keller covers your desk until ${until_}.`,
      `Tom Keller covers Priya Raman’s desk until ${until_}.`,
    ]);
    expect([ways(mine), ways(theirs)]).toEqual(Array(2).fill(['End the cover', 'Change…']));
    expect(ways((await say('who covers Priya', TOM)).reply)).toEqual(['Refuse to cover Priya Raman']);
    expect(ways((await say('who covers Priya', LUCIA)).reply)).toEqual([]);
    const [end, change] = theirs.buttons ?? [];
    expect((await act(change?.input ?? {}, LEAD)).reply).toMatchObject({
      kind: 'form',
      intro: expect.arrayContaining(['The desk of Priya Raman.']),
    });
    await act(end?.input ?? {}, LEAD);
    expect(await covers()).toEqual([]);
  });

  test('nobody covers their own desk, also by “myself”; what the form shows is a name or nothing', async () => {
    const { reply, ok } = await say(`cover until ${on(2)}: myself`);
    const { errors, fields } = reply as Form;
    expect([ok, errors, fields[0]?.value]).toEqual([
      false,
      { person: 'Nobody covers their own desk. Choose a colleague.' },
      undefined,
    ]);
  });

  test('the form says who covers now', async () => {
    const intro = async (text: string, as = PRIYA) => ((await say(text, as)).reply as Form).intro ?? [];
    expect(await intro('cover')).toContain('Nobody covers your desk.');
    expect(await intro('cover Priya’s desk', LEAD)).toEqual(
      expect.arrayContaining(['The desk of Priya Raman.', 'Nobody covers it.']),
    );
    await say(`cover until ${on(2)}: Tom`);
    expect(await intro('cover')).toContain(`Tom Keller covers your desk until ${plainDay(on(2), today())}.`);
    expect((await intro('cover')).join()).not.toContain('Nobody');
  });

  test('whoever is away then is not offered, and refused with the day on which they are back', async () => {
    await say(`cover until ${on(3)}: Lucía`, TOM);
    const form = (await say('cover')).reply as Form;
    const [who] = form.fields;
    const labels = who?.kind === 'choice' ? who.options.map(({ label }) => label).join() : '';
    expect([labels.includes('Tom Keller'), labels.includes('Lucía Ferro')]).toEqual([false, true]);
    const { reply } = await say(`cover until ${on(2)}: Tom`);
    expect((reply as Form).errors?.person).toBe(
      `Tom Keller is away then too, until ${plainDay(on(3), today())}. Choose somebody else.`,
    );
    expect((await say(`cover until ${on(9)}: Tom (from ${on(4)})`)).ok).toBe(true);
  });

  test('a desk has one cover: the second one is asked about, and the first is told', async () => {
    await say(`cover until ${on(3)}: Tom`);
    const { reply } = await say(`cover until ${on(5)}: Lucía`);
    expect(reply).toMatchObject({ kind: 'form', fields: [], input: { sure: 'yes' } });
    expect(textOf(reply)).toContain('Lucía Ferro would take their place');
    expect((await covers()).map(({ coverId }) => coverId)).toEqual([ids[TOM]]);
    // The old days, the new ones, and those that then have nobody.
    const spelled = (from: number, until_: number) =>
      `${plainDay(on(from), today())} until ${plainDay(on(until_), today())}`;
    const asked = async (line: string) => ((await say(line)).reply as Form).intro?.slice(1);
    expect(await asked(`cover from ${on(10)} until ${on(12)}: Lucía`)).toEqual([
      `A desk has one cover: Lucía Ferro would take their place, from ${spelled(10, 12)}.`,
      `Nobody would cover it from today until ${plainDay(on(3), today())}.`,
    ]);
    expect(await asked(`cover from ${on(1)} until ${on(2)}: Lucía`)).toEqual([
      `A desk has one cover: Lucía Ferro would take their place, from ${spelled(1, 2)}.`,
      `Nobody would cover it today or on ${plainDay(on(3), today())}.`,
    ]);
    expect(await asked(`cover until ${on(3)}: Lucía`)).toEqual([
      `A desk has one cover: Lucía Ferro would take their place, from today until ${plainDay(on(3), today())}.`,
    ]);
    await act((reply as Form).input);
    expect((await covers()).map(({ coverId }) => coverId)).toEqual([ids[LUCIA]]);
    expect((await told()).sort()).toEqual([`asked ${LUCIA}`, `asked ${TOM}`, `ended ${TOM}`]);
    // Other days alone are no question.
    expect(((await say(`cover until ${on(6)}: Lucía`)).reply as Note).tone).toBe('done');
    expect(await covers()).toHaveLength(1);
  });

  test('a button ends the cover it stood under, and no later one; typed, it ends the one that stands', async () => {
    const old = (await say(`cover until ${on(3)}: Tom`)).reply as Note;
    const form = (await say('cover')).reply as Form;
    await say('cover off');
    await say(`cover until ${on(5)}: Lucía`);
    for (const button of [old.buttons?.[0], form.others?.[0]]) {
      expect(button?.label).toBe('End the cover');
      const { reply } = await act(button?.input ?? {});
      expect((reply as Note).text).toBe(
        `That cover is over already. Nothing was changed: Lucía Ferro covers your desk until ${plainDay(on(5), today())}.`,
      );
      expect((await covers()).map(({ coverId }) => coverId)).toEqual([ids[LUCIA]]);
    }
    const now = (await act(old.buttons?.[0]?.input ?? {})).reply as Note;
    const ended = (await act(now.buttons?.[0]?.input ?? {})).reply as Note;
    expect(ended.text).toBe('Lucía Ferro no longer covers your desk.');
    expect(((await act(now.buttons?.[0]?.input ?? {})).reply as Note).text).toMatch(/^Nobody covers your/);
    await say(`cover until ${on(5)}: Lucía`);
    expect(((await say('cover off')).reply as Note).text).toBe(ended.text);
  });

  test('a yes puts somebody in the place of whom it named; where another covers meanwhile it is asked anew', async () => {
    await say(`cover until ${on(3)}: Tom`);
    const { input } = (await say(`cover until ${on(5)}: Lucía`)).reply as Form;
    await say(`cover Priya’s desk until ${on(9)}: Mina (yes)`, LEAD);
    const anew = (await act(input)).reply as Form;
    expect(anew).toMatchObject({ kind: 'form', fields: [], title: 'Another cover?' });
    expect(anew.intro?.[0]).toBe(`Mina Okafor covers your desk until ${plainDay(on(9), today())}.`);
    expect((await covers()).map(({ coverId }) => coverId)).toEqual([ids[TEAM.manager]]);
    await act(anew.input);
    expect((await covers()).map(({ coverId }) => coverId)).toEqual([ids[LUCIA]]);
    await say('cover off');
    expect((await act(input)).ok).toBe(true);
    expect((await covers()).map(({ coverId }) => coverId)).toEqual([ids[LUCIA]]);
  });

  test('who covers a colleague is said to everybody; setting and ending it stays with alliance lead and team', async () => {
    expect((await say('who covers Tom?')).reply).toMatchObject({
      ...{ kind: 'note', text: 'Nobody covers Tom Keller’s desk.' },
      lines: [expect.stringMatching(/^Only the alliance lead and the alliance team set or end/)],
    });
    await say(`cover until ${on(2)}: Lucía`, TOM);
    const until_ = plainDay(on(2), today());
    const asked = await say('who covers Tom?');
    expect([asked.ok, asked.reply]).toEqual([
      true,
      expect.objectContaining({ text: `Lucía Ferro covers Tom Keller’s desk until ${until_}.` }),
    ]);
    expect(((await say('who covers Tom?', LUCIA)).reply as Note).text).toBe(
      `You cover Tom Keller’s desk until ${until_}.`,
    );
    expect((await say(`cover Tom’s desk until ${on(2)}: Lucía`)).ok).toBe(false);
    expect((await say('cover off for Tom')).ok).toBe(false);
  });

  test('two at once: one desk has one cover still; and the same press twice is one', async () => {
    const input = { untilDate: on(3) };
    const both = await Promise.all([
      act({ ...input, person: ids[TOM] ?? '', sure: 'yes' }),
      act({ ...input, person: ids[LUCIA] ?? '', sure: 'yes' }),
    ]);
    expect(both.every(({ ok }) => ok)).toBe(true);
    expect(await covers()).toHaveLength(1);
    await house.store.prisma.notice.deleteMany();
    const key = randomUUID();
    for (let nth = 0; nth < 2; nth++)
      await act({ ...input, person: ids[LEAD] ?? '', sure: 'yes' }, PRIYA, key);
    expect((await told()).filter((it) => it === `asked ${LEAD}`)).toHaveLength(1);
  });

  test('alliance lead and team set it for somebody else, who is told by whom; nobody else does', async () => {
    const refused = (await say(`cover Tom’s desk until ${on(2)}: Lucía`)).reply as Note;
    expect(refused.text).toMatch(/^Only the alliance lead and the alliance team/);
    expect((await say('cover off for Tom')).ok).toBe(false);
    const { reply } = await say(`cover Priya’s desk until ${on(2)}: Tom`, TEAM.team);
    expect((reply as Note).text).toMatch(/^Tom Keller covers Priya Raman’s desk until/);
    expect((await told()).sort()).toEqual([`asked ${TOM}`, `set ${PRIYA}`]);
    await house.shows('PRIYA', 'Jonas Berg set it up: Tom Keller covers your desk until');
    await house.shows('TOM', 'Jonas Berg set it up');
  });

  test('whom somebody covers is told when that colleague goes away too, and has their desk back meanwhile', async () => {
    await say(`cover until ${on(5)}: Tom`);
    await say(`cover until ${on(1)}: Lucía`, TOM);
    expect(await told()).toEqual([`asked ${TOM}`, `asked ${LUCIA}`, `gap ${PRIYA}`]);
    await house.shows('PRIYA', 'Tom Keller, who covers your desk, is away too');
    const whose = async (days: number) => [
      ...(await coversNow(house.store, new Date(clock.getTime() + days * DAY))).keys(),
    ];
    expect(await whose(0)).toEqual([ids[TOM]]);
    expect(await whose(3)).toEqual([ids[PRIYA]]);
  });

  test('its days are those of whoever is away, first and last within', async () => {
    // 3 hours behind.
    const data = { timeZone: 'America/Sao_Paulo' };
    await house.store.prisma.person.update({ where: { email: LUCIA }, data });
    await say(`cover until ${on(2)}: Tom (from ${on(1)})`, LUCIA);
    const midnight = Math.floor(start.getTime() / DAY) * DAY;
    const runs: boolean[] = [];
    for (const hours of [26.9, 27.1, 74.9, 75.1])
      runs.push((await coversNow(house.store, new Date(midnight + hours * HOUR))).has(ids[LUCIA] ?? ''));
    expect(runs).toEqual([false, true, true, false]);
  });

  test('a cover who is let in no more covers nobody', async () => {
    await say(`cover until ${on(2)}: Lucía`);
    await house.store.prisma.person.update({ where: { email: LUCIA }, data: { role: 'none' } });
    expect(await coversNow(house.store, clock)).toEqual(new Map());
    const { ok } = await say(`cover until ${on(2)}: Tom`);
    expect([ok, (await covers()).map(({ coverId }) => coverId)]).toEqual([true, [ids[TOM]]]);
    await house.store.prisma.person.update({ where: { email: LUCIA }, data: { role: 'ACE user' } });
  });

  test('what is offered meanwhile goes to the cover too, and says so; whoever is away is left alone', async () => {
    await say(`cover until ${on(3)}: Tom`);
    const id = await newReferral();
    const { reply } = await offer(id, PRIYA);
    expect(textOf(reply)).toContain(
      'Offered to Priya Raman; also to Tom Keller, who covers Priya Raman’s desk.',
    );
    expect(await offered(id)).toEqual([PRIYA, TOM].sort());
    expect(await told('offered')).toEqual([`offered ${TOM}`]);
    // That he covers her may reach him before or after it.
    const why = 'Ana Silva offers it to Priya Raman, whose desk you cover';
    await until('the offer', () => house.messages('TOM').some((it) => screenOf(it).includes(why)));
    // Who sees everything needs no offer.
    await say(`cover until ${on(3)}: Mina (yes)`);
    const other = await newReferral();
    await offer(other, PRIYA);
    expect(await offered(other)).toEqual([PRIYA]);
    expect(await told('offered')).toEqual([`offered ${TOM}`, `offered ${TEAM.manager}`]);
  });

  test('withdrawn from whoever is away, it stays with their cover where the form kept that one, and ends where it did not', async () => {
    await say(`cover until ${on(3)}: Tom`);
    const [kept, gone] = [await newReferral(), await newReferral()];
    for (const id of [kept, gone]) await offer(id, PRIYA);
    const both = [ids[PRIYA], ids[TOM]].join();
    const pressed = (id: string, people: string) =>
      house.act('offer', { id, people, shown: both }, { as: LEAD });
    await house.store.prisma.notice.deleteMany();
    await house.store.prisma.quiet.updateMany({ data: { newsToldAt: null } });
    await pressed(kept, ids[TOM] ?? '');
    await pressed(gone, 'nobody');
    await tendCovers(house.store, clock);
    expect([await offered(kept), await offered(gone), await told('offered')]).toEqual([
      [TOM],
      [],
      [`offered ${TOM}`],
    ]);
  });

  test('what was offered while they were away is told to them when their cover refuses', async () => {
    await say(`cover until ${on(3)}: Tom`);
    const id = await newReferral();
    await offer(id, PRIYA);
    const tick = async () => {
      await tendCovers(house.store, clock);
      await tickClocks(house.store, clock);
      const rows = await house.store.prisma.notice.findMany({ where: { kind: 'clock', dealId: id } });
      return rows.map(({ personId, body }) => [personId, (body as { rung?: string }).rung]);
    };
    expect(await tick()).toEqual([]);
    const [cover] = await covers();
    await act({ do: 'refuse', cover: cover?.id ?? '' }, TOM);
    expect(await offered(id)).toEqual([PRIYA]);
    expect(await tick()).toEqual([[ids[PRIYA], 'offered']]);
  });

  test.each([
    ['whoever is away', LUCIA, TOM],
    ['the cover', TOM, LUCIA],
  ])('a cover ends when %s is let in no more, and what it brought with it', async (_, out, away) => {
    const id = await newReferral();
    await offer(id, LUCIA);
    await say(`cover until ${on(2)}: Tom`, LUCIA);
    await say(`cover until ${on(2)}: Tom`);
    await tendCovers(house.store, clock);
    expect(await offered(id)).toEqual([LUCIA, TOM].sort());
    expect((await say(`people revoke ${out} (yes)`, LEAD)).ok).toBe(true);
    await Promise.all([tendCovers(house.store, clock), tendCovers(house.store, clock)]);
    expect(await offered(id)).toEqual(out === LUCIA ? [] : [away]);
    const left = (await covers()).map(({ personId }) => personId);
    expect(left).toEqual(out === LUCIA ? [ids[PRIYA]] : []);
    expect((await say(`show ${id}`, TOM)).ok).toBe(false);
    expect((await say(`people grant ${out}: ACE user`, LEAD)).ok).toBe(true);
    await tendCovers(house.store, clock);
    expect((await covers()).map(({ personId }) => personId)).toEqual(left);
  });

  test('a script is told what is missing, and does it in one line', async () => {
    const { text, code } = await house.script(`cover until ${on(2)}: Tom\ncover off\n`, PRIYA);
    expect([flat(text), code]).toEqual([
      expect.stringMatching(/Tom Keller covers your desk.*no longer covers/),
      0,
    ]);
    expect((await house.script('cover\n', PRIYA)).code).toBe(1);
  });

  test('what a cover brought ends with it; what was offered by name since, and by another desk that still is covered, stays', async () => {
    const [brought, named, both] = [await newReferral(), await newReferral(), await newReferral()];
    for (const id of [brought, named, both]) await offer(id, PRIYA);
    await offer(both, LUCIA);
    await say(`cover until ${on(3)}: Tom`);
    await say(`cover until ${on(3)}: Tom`, LUCIA);
    await tendCovers(house.store, clock);
    const later = await newReferral();
    await offer(later, PRIYA);
    for (const id of [brought, named, later]) expect(await offered(id)).toEqual([PRIYA, TOM].sort());
    await say(`offer ${named} to Tom`, LEAD);
    // Other days alone change nothing of it.
    await say(`cover until ${on(4)}: Tom`);
    expect(await offered(brought)).toEqual([PRIYA, TOM].sort());
    const before = await house.store.prisma.deal.findUniqueOrThrow({ where: { id: brought } });
    await say('cover off');
    for (const id of [brought, later]) expect(await offered(id)).toEqual([PRIYA]);
    expect((await say(`accept ${brought}`, TOM)).ok).toBe(false);
    const after = await house.store.prisma.deal.findUniqueOrThrow({ where: { id: brought } });
    expect(after.version).toBe(before.version + 1);
    expect(await offered(named)).toEqual([PRIYA, TOM].sort());
    expect(await offered(both)).toEqual([PRIYA, TOM, LUCIA].sort());
    await say('cover off', LUCIA);
    expect(await offered(both)).toEqual([PRIYA, LUCIA].sort());
  });

  test('a cover passes on in the name of whoever offered it, and nothing that they may not offer now', async () => {
    const { prisma } = house.store;
    const [good, old] = [await newReferral(), await newReferral()];
    await offer(good, PRIYA);
    const byId = ids[LUCIA] ?? '';
    await prisma.offer.create({ data: { dealId: old, personId: ids[PRIYA] ?? '', byId } });
    await say(`cover until ${on(3)}: Tom`);
    await tendCovers(house.store, clock);
    expect(await prisma.offer.findMany({ where: { personId: ids[TOM] ?? '' } })).toMatchObject([
      { dealId: good, byId: ids[LEAD] },
    ]);
  });

  // Last: a clock that goes back holds up what is paced.
  test('on its first day what is pending is offered to the cover too, once with two processes; when its last is over it ends', async () => {
    const id = await newReferral();
    await offer(id, PRIYA);
    await say(`cover until ${on(3)}: Tom (from ${on(1)})`);
    await tendCovers(house.store, clock);
    expect(await offered(id)).toEqual([PRIYA]);
    clock.setTime(clock.getTime() + DAY);
    await Promise.all([tendCovers(house.store, clock), tendCovers(house.store, clock)]);
    await tendCovers(house.store, clock);
    expect(await offered(id)).toEqual([PRIYA, TOM].sort());
    expect((await told()).filter((it) => it.startsWith('begun'))).toEqual([`begun ${TOM}`]);
    // A digest may come after it.
    const begun = () => screens('TOM').includes('From today you look after Priya Raman’s desk');
    await until('the word of it', begun);
    expect(screens('TOM')).toContain('Offered to you as well from now on:');
    await offer(id, 'Tom');
    const other = await newReferral();
    await offer(other, PRIYA);
    clock.setTime(clock.getTime() + 2 * DAY);
    await tendCovers(house.store, clock);
    expect(await offered(other)).toEqual([PRIYA, TOM].sort());
    clock.setTime(clock.getTime() + DAY);
    await Promise.all([tendCovers(house.store, clock), tendCovers(house.store, clock)]);
    expect(await offered(other)).toEqual([PRIYA]);
    expect(await covers()).toEqual([]);
    expect((await say(`accept ${id}`, TOM)).ok).toBe(true);
  });
});

describe.each(databases)('cover where no chat is served, on $name', (database) => {
  test('nobody has to be in one; nor where the last was served a week ago', async () => {
    const house = await openTestHouse(database);
    try {
      const lastDay = addDays(dayIn(new Date(), 'UTC'), 3);
      const cover = (person: string) =>
        house.act('cover', { person, untilDate: lastDay, sure: 'yes' }, { as: PRIYA });
      const alone = await cover('Tom');
      expect([alone.ok, flat(JSON.stringify(alone.reply))]).toEqual([
        true,
        expect.stringContaining('go to Tom Keller, and the digest where they have one.'),
      ]);
      const { door, person } = house.store.prisma;
      await door.create({ data: { platform: 'teams' } });
      expect((await cover('Lucía')).ok).toBe(false);
      await door.update({ where: { platform: 'teams' }, data: { seenAt: new Date(Date.now() - 8 * DAY) } });
      expect((await cover('Lucía')).ok).toBe(true);
      const { id } = await person.findUniqueOrThrow({ where: { email: TOM } });
      expect(await reachOf(house.store, id, lastDay)).toEqual({ hears: true });
    } finally {
      await house.stop();
    }
  });
});
