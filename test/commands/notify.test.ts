/** notify: what somebody is told as it happens, switched from the message itself, the form and a typed line; set, never toggled. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { gatherNews } from '../../src/bot/news.ts';
import { hear } from '../../src/bot/words.ts';
import * as vocabulary from '../../src/commands/index.ts';
import { NEWS_KINDS } from '../../src/pipeline/news.ts';
import type { Form, Note } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { flat, TEAM, until } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { screenOf } from '../support/slack-screen.ts';

const [, TOM = ''] = TEAM.users;

describe.each(databases)('notify, on $name', (database) => {
  let house: SlackHouse;
  let tom: string;
  beforeAll(async () => {
    house = await openSlackHouse(database);
    tom = (await house.store.prisma.person.findUniqueOrThrow({ where: { email: TOM } })).id;
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  beforeEach(() => house.store.prisma.quiet.deleteMany());

  const say = async (what?: string) => house.act('notify', what === undefined ? {} : { what }, { as: TOM });
  const kept = async () => {
    const row = await house.store.prisma.quiet.findUnique({ where: { personId: tom } });
    return row && [[...row.off].sort().join(','), row.from, row.until];
  };
  const all = [...NEWS_KINDS].sort().join(',');

  test.each([
    ['without approved', 'approved'],
    ['without approved, aws stage and AWS-Seller', 'approved,aws-seller,aws-stage'],
    ['off', all],
    ['without all', all],
  ])('“notify %s” switches off; said twice it is off all the same', async (what, off) => {
    expect((await say(what)).ok).toBe(true);
    expect(await kept()).toEqual([off, 19, 8]);
    const again = await say(what);
    expect([again.ok, (again.reply as Note).text]).toEqual([
      true,
      'Nothing was changed: it is set so already.',
    ]);
    expect(await kept()).toEqual([off, 19, 8]);
  });

  test.each(['on', 'all', 'everything', 'All.'])('“notify %s” has all of it told', async (what) => {
    await say('off');
    expect([(await say(what)).ok, await kept()]).toEqual([true, ['', 19, 8]]);
  });

  test('“with” and “on” bring back what they name, and nothing else', async () => {
    await say('without approved, rejected and changed');
    await say('with approved');
    expect(await kept()).toEqual(['changed,rejected', 19, 8]);
    await say('on');
    expect(await kept()).toEqual(['', 19, 8]);
  });

  test('one press says what is off now, and one more brings back just that', async () => {
    await say('without rejected');
    const off = await house.act('notify', { off: 'approved,rejected' }, { as: TOM });
    const note = off.reply as Note;
    expect(note.text).toBe('You are no longer told when AWS approves a deal.');
    expect(note.lines).toEqual(['“notify with approved” takes it back.']);
    expect(note.buttons?.[0]).toEqual({ verb: 'notify', label: 'Undo', input: { on: 'approved' } });
    expect(await kept()).toEqual(['approved,rejected', 19, 8]);
    await house.act('notify', note.buttons?.[0]?.input ?? {}, { as: TOM });
    expect(await kept()).toEqual(['rejected', 19, 8]);
  });

  test('the form shows what is on and sets all of it; none chosen is all off', async () => {
    await say('without approved');
    const form = (await say()).reply as Form;
    const [told] = form.fields;
    expect(told).toMatchObject({ id: 'told', kind: 'choices' });
    expect(told?.value?.split(',')).toEqual(NEWS_KINDS.filter((kind) => kind !== 'approved'));
    const save = (answers: object) => house.act('notify', { ...form.input, ...answers }, { as: TOM });
    await save({ told: 'approved,received', from: '22', until: '6' });
    expect(await kept()).toEqual([
      NEWS_KINDS.filter((kind) => kind !== 'approved' && kind !== 'received')
        .sort()
        .join(','),
      22,
      6,
    ]);
    await save({ told: '', from: '22', until: '6' });
    expect(await kept()).toEqual([all, 22, 6]);
  });

  test('quiet hours are typed too, and leave the rest as it is', async () => {
    await say('without approved');
    expect(((await say('quiet 20:00 to 7')).reply as Note).text).toBe(
      'Quiet from 20:00 to 07:00, by your own clock.',
    );
    expect(await kept()).toEqual(['approved', 20, 7]);
    await say('quiet 6pm to 9am');
    expect(await kept()).toEqual(['approved', 18, 9]);
    for (const never of ['never', 'off', 'none.']) {
      await say('quiet 18 to 9');
      await say(`quiet ${never}`);
      expect([never, await kept()]).toEqual([never, ['approved', 0, 0]]);
    }
    expect(((await say('quiet soon')).reply as Note).text).toContain('“notify quiet never”');
  });

  test.each([
    'without florb',
    'florb',
    'without',
    'quiet 24 to 7',
    'quiet soon',
    'quiet 13pm to 9am',
    'without approved and florb',
  ])('“notify %s” changes nothing, and says what there is', async (what) => {
    const { ok, reply } = await say(what);
    expect([ok, reply.kind, await kept()]).toEqual([false, 'note', null]);
    expect((reply as Note).text).toMatch(/nothing was changed|Nothing was changed/);
  });

  test('what is meant for the digest is sent there, by word and by button', async () => {
    const asked = async (what: string) => (await say(what)).reply as Note;
    const digest = await asked('without the digest');
    expect(digest.lines?.join()).toContain('“schedule off” ends your digest');
    expect(digest.buttons).toEqual([{ verb: 'schedule', label: 'No digest', input: { do: 'off' } }]);
    const stale = await asked('without stale');
    expect(stale.lines?.[0]).toBe('“schedule without stale” leaves it out of your digest.');
    expect(stale.buttons?.[0]).toMatchObject({
      verb: 'schedule',
      input: { do: 'without', section: 'stale' },
    });
    expect((await asked('without florb')).buttons).toBeUndefined();
    const rejected = await asked('without rejected');
    expect(rejected.lines?.[0]).toBe(
      'Your digest lists “rejected” all the same: “schedule without rejected” leaves it out.',
    );
  });

  test('“stop” shows all switches, and changes nothing before one is pressed', async () => {
    const { ok, reply } = await say('stop');
    expect([ok, await kept()]).toEqual([true, null]);
    const { buttons = [] } = reply as Note;
    expect(buttons.map(({ verb }) => verb)).toEqual(['schedule', 'notify', 'notify']);
    await house.act('notify', buttons[1]?.input ?? {}, { as: TOM });
    expect(await kept()).toEqual([all, 19, 8]);
  });

  test('what its switches do not end is said with what ends it, wherever all of them are off', async () => {
    const off = (await say('off')).reply as Note;
    const [, goesOn = ''] = [off.text, ...(off.lines ?? [])];
    const form = (await say()).reply as Form;
    const stop = (await say('stop')).reply as Note;
    for (const text of [goesOn, form.intro?.join(' ') ?? ''])
      expect(text).toContain('your digest (“schedule off” ends it), what colleagues ask of you');
    for (const text of [goesOn, form.intro?.join(' ') ?? '', stop.lines?.join(' ') ?? '']) {
      expect(text).toContain('what colleagues ask of you (such as a nudge, a desk to cover)');
      expect(text).toContain('what you wanted to be reminded of (“my reminders”)');
      expect(text).toContain('no switch ends it: unanswered, it is lost');
    }
    expect(stop.lines?.[0]).toContain('“schedule off”');
    expect(stop.lines?.[1]).toContain('“notify off”');
  });

  test('a digest that is off is named nowhere among what goes on, nor what is to stop', async () => {
    await house.act('schedule', { do: 'off' }, { as: TOM });
    const off = (await say('off')).reply as Note;
    const form = (await say()).reply as Form;
    const stop = (await say('stop')).reply as Note;
    for (const words of [off.lines, form.intro, stop.lines]) {
      expect(words?.join(' ')).not.toContain('digest');
      expect(words?.join(' ')).toContain('what you wanted to be reminded of');
    }
    expect(stop.buttons?.map(({ verb }) => verb)).toEqual(['notify', 'notify']);
    await house.act('schedule', { do: 'on' }, { as: TOM });
    expect(((await say('stop')).reply as Note).lines?.[0]).toContain('“schedule off”');
  });

  test('nothing left on is said of what stands then, in whatever steps it came about; the last step names its kind', async () => {
    await say('without approved');
    const rest = (await say('off')).reply as Note;
    expect(rest.text).toBe('You are no longer told what happens to your deals.');
    expect(rest.lines?.[0]).toMatch(/^What goes on: your digest/);
    expect(rest.lines?.join(' ')).not.toContain('all the same');
    // Back comes what was on, and nothing else.
    expect(rest.buttons?.[0]?.input).toEqual({ on: NEWS_KINDS.filter((it) => it !== 'approved').join(',') });
    await say('with rejected');
    const last = (await say('without rejected')).reply as Note;
    expect([last.text, last.lines?.[0]]).toEqual([
      'You are no longer told when AWS rejects a deal.',
      expect.stringMatching(/^What goes on: your digest/),
    ]);
    const two = (await say('with rejected and changed')).reply as Note;
    expect(two.text).toContain('You are told when AWS rejects a deal; when a colleague');
    expect(((await say('on')).reply as Note).text).toBe('You are told what happens to your deals.');
    const some = (await say('without approved, rejected and action required')).reply as Note;
    expect(some.lines?.slice(0, 2)).toEqual([
      'Your digest lists “rejected” all the same: “schedule without rejected” leaves it out.',
      'Your digest lists “action required” all the same: “schedule without action required” leaves it out.',
    ]);
  });

  test('at the console all of it is read in words', async () => {
    await say('without approved');
    const { text, code } = await house.script('notify status\nmute rejected\nnotify status\n', TOM);
    expect(code).toBe(0);
    expect(flat(text)).toMatch(/off: approved .* on: rejected .* no longer told .* off: rejected/);
  });

  test('in Slack the form opens at once', async () => {
    await house.say('TOM', 'notify');
    const form = await house.form('TOM');
    expect(screenOf(form.content)).toContain('Tell me when');
    expect(screenOf(form.content)).toContain('Quiet until');
  });

  test('a message of news ends its own kind by one press, and says so where it was pressed', async () => {
    const id = await house.idOf('Copperfield & Wren: Optics');
    await house.store.prisma.$queryRaw`SELECT note_news(${id}, 'approved', NULL)::text`;
    // By day, far ahead: the clock of the house itself told nobody before.
    await gatherNews(house.store, new Date('2090-01-10T13:05:00Z'));
    await house.quiet();
    const message = house.newest('TOM');
    expect(screenOf(message)).toContain('AWS approved it');
    await house.press('TOM', message, 'Not these again');
    const words = 'You are no longer told when AWS approves a deal.';
    await until('the answer', () => screenOf(house.newest('TOM')).includes(words));
    expect(await kept()).toEqual(['approved', 19, 8]);
    await house.press('TOM', house.newest('TOM'), 'Undo');
    await until('the way back', async () => (await kept())?.[0] === '');
  });

  test.each([
    ['mute approved', 'without approved'],
    ['unmute aws-stage', 'with aws-stage'],
    ['what am I told?', 'status'],
  ])('“%s” is heard as “notify %s”', (line, what) => {
    const commands = Object.values(vocabulary);
    const heard = hear(line, { now: new Date(0), timeZone: 'UTC', commands });
    expect(heard).toMatchObject({ kind: 'said', said: { verb: 'notify', input: { what } } });
  });
});
