/** next-step: what AWS reads, at the console and through Slack's form. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addDays, dayIn } from '../../src/pipeline/calendar.ts';
import { databases } from '../support/databases.ts';
import { flat, TEAM } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { fieldsOf } from '../support/slack-screen.ts';

const ROCKET = '🚀';
const HEBREW = 'פגישה עם מנהל הכספים ביום ראשון';

describe.each(databases)('on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  const sent = async (id: string) => (await house.effects(id)).map(({ value }) => value);
  const record = async (id: string) => (await house.practice.world()).opportunities[id]?.record ?? {};
  const tomorrow = () => addDays(dayIn(new Date(), 'UTC'), 1);

  test('one line at the console sends it; the receipt repeats it word for word; nothing else of the record moves', async () => {
    const id = await house.idOf('Northgate Tram Works');
    const before = await record(id);
    const { text, code } = await house.script('next step for Northgate Tram Works: Load test signed off\n');
    expect([code, flat(text)]).toEqual([
      0,
      'Northgate Tram Works: AWS confirmed the next step: “Load test signed off”',
    ]);
    const after = await record(id);
    expect(await sent(id)).toEqual([{ 'LifeCycle.NextSteps': 'Load test signed off' }]);
    const rest = ({ LifeCycle, LastModifiedDate: _, ...others }: typeof before) => {
      const { NextSteps: __, NextStepsHistory: ___, ...life } = LifeCycle as typeof before;
      return { ...others, life };
    };
    expect(JSON.stringify(before)).toContain('Future');
    expect(rest(after)).toEqual(rest(before));
  });

  test('without a text Slack asks with a form that holds the last steps, and its answer closes it', async () => {
    const asked = await house.say('PRIYA', 'next-step Kestrel & Quay Freight');
    expect(asked).toContain('AWS reads this.');
    expect(asked).toContain('“Inventory of the forty databases agreed with operations”');
    const form = await house.form('PRIYA');
    expect(fieldsOf(form.content.blocks).map((it) => it.label)).toEqual(['Next step (up to 255 characters)']);
    await house.submit(form, { text: 'Assessment booked with the CIO' });
    expect(form.isOpen).toBe(false);
    await house.shows('PRIYA', 'AWS confirmed your next step');
    const id = await house.idOf('Kestrel & Quay Freight');
    expect(await sent(id)).toEqual([{ 'LifeCycle.NextSteps': 'Assessment booked with the CIO' }]);
  });

  test('a script has nobody to ask: it is told how to say it in one line, and fails', async () => {
    const { text, code } = await house.script('next-step Larkspur Dairy Union\n');
    expect(code).toBe(1);
    expect(flat(text)).toContain('Not done: “Next step” is missing, and a script has nobody to ask.');
  });

  test('255 characters are sent, emoji count once, and the 256th is refused beside what was typed', async () => {
    const id = await house.idOf('Brightside 🚀 Robotics');
    const most = ROCKET.repeat(255);
    await house.say('MINA', `next-step ${id}`);
    const form = await house.form('MINA');
    const answered = await house.submit(form, { text: `${most}x` });
    expect(answered.body).toMatchObject({ response_action: 'errors' });
    expect(form.errors.text).toContain('256 characters; at most 255');
    expect(form.isOpen).toBe(true);
    const typed = await house.script(`next-step ${id}: ${most}x\n`);
    expect([typed.code, flat(typed.text)]).toEqual([1, expect.stringContaining('1 too many')]);
    expect(await sent(id)).toEqual([]);
    await house.submit(form, { text: most });
    await house.quiet();
    expect(await sent(id)).toEqual([{ 'LifeCycle.NextSteps': most }]);
  });

  test('right-to-left text arrives as it was written; what turns a line around or hides in it does not', async () => {
    const id = await house.idOf('Juniper Lane Pharmacies');
    await house.script(`next-step ${id}: ${HEBREW}\n`);
    await house.say(
      'JONAS',
      `next-step ${id}: Demo \u202Efdp.exe\u202C \u001b[31mred\u001b[0m\u0007 \u200Bdone`,
    );
    await house.quiet();
    expect(await sent(id)).toEqual([
      { 'LifeCycle.NextSteps': HEBREW },
      { 'LifeCycle.NextSteps': 'Demo fdp.exe red done' },
    ]);
  });

  test('a close date in the past is asked anew in the same form, and both go out as one update', async () => {
    const id = await house.idOf('Windrush Agritech');
    await house.say('LUCIA', `next-step ${id}`);
    const form = await house.form('LUCIA');
    expect(fieldsOf(form.content.blocks).map((it) => it.id)).toEqual(['text', 'closeDate']);
    await house.submit(form, { text: 'Contract on the desk' });
    expect(form.errors.closeDate).toBe('Please fill this in.');
    await house.submit(form, { text: 'Contract on the desk', closeDate: '2020-01-01' });
    expect(form.errors.closeDate).toContain('is past. AWS takes today or later.');
    const closeDate = tomorrow();
    await house.submit(form, { text: 'Contract on the desk', closeDate });
    await house.quiet();
    expect(await sent(id)).toEqual([
      { 'LifeCycle.NextSteps': 'Contract on the desk', 'LifeCycle.TargetCloseDate': closeDate },
    ]);
    const typed = await house.script('next-step Bluebell Rail & Tram: Sizing agreed\n');
    expect(typed.code).toBe(1);
    expect(flat(typed.text)).toContain('is past. AWS takes no update without a new one.');
    const bluebell = await house.idOf('Bluebell Rail & Tram');
    const both = await house.script(`next-step ${bluebell}: Sizing agreed (close ${closeDate})\n`);
    expect([both.code, flat(both.text)]).toEqual([0, expect.stringContaining('“Sizing agreed”')]);
    expect(await sent(bluebell)).toEqual([
      { 'LifeCycle.NextSteps': 'Sizing agreed', 'LifeCycle.TargetCloseDate': closeDate },
    ]);
  });

  test('a locked record asks: dropped, nothing happens; queued, it goes out by itself once AWS is done', async () => {
    const id = await house.idOf('Polestar Ferries');
    const asked = await house.say('TOM', `next-step ${id}: Sandbox ready`);
    expect(asked).toContain('AWS is reviewing it and takes no changes until it is done.');
    const question = house.newest('TOM');
    await house.press('TOM', question, 'Drop it');
    await house.shows('TOM', 'Dropped. Nothing was sent to AWS and nothing waits.');
    expect(await house.store.prisma.change.count({ where: { dealId: id } })).toBe(0);
    await house.say('TOM', `next-step ${id}: Sandbox ready`);
    await house.press('TOM', house.newest('TOM'), 'Queue it');
    await house.shows('TOM', 'Waiting: AWS is reviewing this deal (your next step)');
    expect(await sent(id)).toEqual([]);
    await house.practice.script.review(id, 'approve');
    await house.aws.sync();
    await house.shows('TOM', 'AWS confirmed your next step');
    expect(await sent(id)).toEqual([{ 'LifeCycle.NextSteps': 'Sandbox ready' }]);
  });

  test('a script is told that nothing was sent and how it queues; “(queue)” queues, and where nothing is locked it is sent', async () => {
    const id = await house.idOf('Gullwing Insurance Mutual');
    const line = `next-step ${id}: Policy wording agreed`;
    const asked = await house.script(`${line}\n`);
    expect(asked.code).toBe(1);
    expect(flat(asked.text)).toMatch(/Nothing was sent\. .* If you queue it, .* “\(queue\)” at its end/);
    expect(await house.store.prisma.change.count({ where: { dealId: id } })).toBe(0);
    const queued = await house.script(`${line} (queue)\n`);
    expect([queued.code, flat(queued.text)]).toEqual([
      0,
      expect.stringContaining('Waiting: AWS is reviewing this deal (your next step)'),
    ]);
    await house.practice.script.review(id, 'approve');
    await house.aws.sync();
    await house.quiet();
    const again = await house.script(`next-step ${id}: Signed (queue)\n`);
    expect([again.code, flat(again.text)]).toEqual([0, expect.stringContaining('AWS confirmed')]);
    expect(await sent(id)).toEqual([
      { 'LifeCycle.NextSteps': 'Policy wording agreed' },
      { 'LifeCycle.NextSteps': 'Signed' },
    ]);
  });

  test('a close date is said in words as well, shown where somebody can look; what is no day is told, the text kept', async () => {
    const id = await house.idOf('Wildrose Credit Union');
    await house.say('ANA', `next-step ${id}: Demo (close tomorrow)`);
    const form = await house.form('ANA');
    const zone = (await house.store.prisma.person.findUniqueOrThrow({ where: { email: TEAM.lead } }))
      .timeZone;
    const day = addDays(dayIn(new Date(), zone), 1);
    expect(fieldsOf(form.content.blocks).map((it) => it.value)).toEqual(['Demo', day]);
    await house.submit(form, {});
    await house.quiet();
    expect(await sent(id)).toEqual([{ 'LifeCycle.NextSteps': 'Demo', 'LifeCycle.TargetCloseDate': day }]);
    const wrong = await house.script(`next-step ${id}: Contract (close 31/02)\n`);
    expect([wrong.code, flat(wrong.text)]).toEqual([
      1,
      expect.stringContaining('I do not know the date “31/02”. Write it like 2026-02-28.'),
    ]);
    await house.say('MINA', `next-step ${id}: Contract (close 31/02)`);
    const open = await house.form('MINA');
    expect(fieldsOf(open.content.blocks).map((it) => it.value ?? '')).toEqual(['Contract', '']);
    expect(await sent(id)).toHaveLength(1);
  });

  test.each([
    ['Harbour & Hearth Homes', 'AWS wants its remark answered first and takes no next step until then.'],
    ['Velvet Anchor Spirits', 'AWS rejected it, and the record is closed.'],
    ['Ironbridge Couriers', 'It is launched: AWS takes no next step any more.'],
    ['Halcyon Yachts', 'It is closed lost: AWS takes no next step any more.'],
    ['Marlow Street Pharmacies', 'A next step belongs to an opportunity. Accept the referral first.'],
    ['Ferrous Park Foundry', 'A lead becomes one when it is converted.'],
  ])('%s takes none, and both doors say why', async (company, why) => {
    const typed = await house.script(`next-step ${company}: anything\n`);
    expect([typed.code, flat(typed.text)]).toEqual([1, expect.stringContaining(`${company}: `)]);
    expect(flat(typed.text)).toContain(why);
    expect(await house.say('ANA', `next-step ${company}: anything`)).toContain(why);
  });

  test('a relative day is written out; where somebody can look it is shown before it is sent', async () => {
    const id = await house.idOf('Palisade Mutual Bank');
    await house.say('ANA', `next-step ${id}: demo tomorrow`);
    const form = await house.form('ANA');
    const [field] = fieldsOf(form.content.blocks);
    expect(field?.value).toMatch(/^demo (Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2} [A-Z][a-z]{2}( \d{4})?$/);
    expect(await sent(id)).toEqual([]);
    await house.submit(form, {});
    await house.quiet();
    const typed = await house.script(`next-step ${id}: review today\n`);
    expect(typed.code).toBe(0);
    const [first, second] = await sent(id);
    expect(first).toEqual({ 'LifeCycle.NextSteps': field?.value });
    expect(flat(typed.text)).toContain(`“${(second as Record<string, string>)['LifeCycle.NextSteps']}”`);
    expect(typed.text).not.toContain('today');
  });

  test('another tool’s edit is never overwritten: the asker is shown both values', async () => {
    const id = await house.idOf('Saffron Road Foods');
    await house.practice.script.edit(id, 'LifeCycle.NextSteps', 'Written in Partner Central');
    const { text, code } = await house.script(`next-step ${id}: Ours\n`, TEAM.users[1]);
    expect(code).toBe(1);
    expect(flat(text)).toContain('AWS has now “Written in Partner Central”, you wanted “Ours”');
    expect(await sent(id)).toEqual([]);
  });
});
