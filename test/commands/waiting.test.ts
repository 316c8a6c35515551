/** history and waiting: what was asked, what came of it, and taking back or rewriting what AWS has not seen. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { flat, TEAM } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { buttonsOf, fieldsOf, screenOf } from '../support/slack-screen.ts';

describe.each(databases)('on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  const typed = async (lines: string, as?: string) => {
    const { text, code } = await house.script(`${lines}\n`, as);
    return { text: flat(text), code };
  };
  const queue = async (company: string, text: string, as = TEAM.lead) => {
    const id = await house.idOf(company);
    await house.act('next-step', { id, text, queue: 'yes' }, { as });
    return id;
  };
  const sent = async (id: string) => (await house.effects(id)).map(({ value }) => value);

  test('history says who asked for what, old and new, when, from where, and what AWS answered', async () => {
    const id = await house.idOf('Northgate Tram Works');
    await house.say('PRIYA', `next-step ${id}: Signed off`);
    await house.quiet();
    await typed(`next-step ${id}: Second`, TEAM.manager);
    const { text } = await typed('history Northgate Tram Works');
    const parts = text.split(' · ').join('\n');
    expect(parts).toMatch(
      /Mina Okafor asked for next step “Second” \(was “Signed off”\) \(console, by operating-system user tester\)/,
    );
    expect(parts).toMatch(/Priya Raman asked for next step “Signed off” \(was “.+”\) \(Slack\)/);
    expect(text.match(/AWS confirmed \(AWS request [0-9a-f-]{36}\)/g)).toHaveLength(2);
    expect(text).toMatch(/\b\d\d:\d\d\b/);
    expect(await house.say('ANA', 'what happened?')).toContain('Northgate Tram Works: Mina Okafor asked');
  });

  test('the history of an opportunity tells also how it was accepted', async () => {
    const referral = await house.idOf('Tamarind Airways');
    await typed(`accept ${referral}`);
    const opportunity = await house.idOf('Tamarind Airways');
    expect(opportunity).toMatch(/^O\d+$/);
    const { text } = await typed(`history ${opportunity}`);
    expect(text).toContain('Ana Silva asked for acceptance');
    expect(text).toContain('asked for change of owner to Ana Silva');
  });

  test('what waits is listed for everybody who may know it, oldest first', async () => {
    const first = await queue('Polestar Ferries', 'First', TEAM.users[1]);
    const second = await queue('Sandpiper Hotels', 'Second', TEAM.manager);
    const { text } = await typed('waiting');
    expect(text).toMatch(
      /1\. Polestar Ferries: next step “First” .* Tom Keller, since .*: AWS is reviewing this deal .*2\. Sandpiper Hotels: next step “Second”/,
    );
    expect((await typed('waiting', TEAM.users[1])).text).toContain('Polestar Ferries');
    expect((await typed('waiting', TEAM.users[1])).text).not.toContain('Sandpiper Hotels');
    for (const id of [first, second]) await house.act('waiting', { id, do: 'cancel' });
    expect((await typed('waiting')).text).toBe('Waiting for AWS Nothing waits for AWS.');
  });

  test('edited at the console by its number: AWS gets the new text only, once it opens the record', async () => {
    const id = await queue('Gullwing Insurance Mutual', 'Old words', TEAM.users[1]);
    const edit = await typed('waiting\nwaiting edit 1: New words', TEAM.users[1]);
    expect(edit.text).toContain('Gullwing Insurance Mutual: rewritten. It goes to AWS as it stands now.');
    await house.practice.script.review(id, 'approve');
    await house.aws.sync();
    await house.quiet();
    expect(await sent(id)).toEqual([{ 'LifeCycle.NextSteps': 'New words' }]);
    const late = await typed(`waiting edit ${id}: Too late`, TEAM.users[1]);
    expect([late.code, late.text]).toEqual([
      1,
      expect.stringContaining('Nothing of that waits for AWS any more.'),
    ]);
    expect((await typed(`history ${id}`)).text).toContain('next step “New words”');
  });

  test('edited in Slack through the form that holds the waiting text; too long is said beside the field', async () => {
    const id = await queue('Meridian Bakehouse', 'Old dough', TEAM.users[0]);
    await house.say('PRIYA', 'waiting');
    await house.press('PRIYA', house.newest('PRIYA'), 'Edit…');
    const form = await house.form('PRIYA');
    expect(fieldsOf(form.content.blocks)).toMatchObject([{ id: 'text', value: 'Old dough' }]);
    await house.submit(form, { text: 'x'.repeat(256) });
    expect(form.errors.text).toContain('at most 255');
    await house.submit(form, { text: 'New dough' });
    await house.practice.script.review(id, 'approve');
    await house.aws.sync();
    await house.quiet();
    expect(await sent(id)).toEqual([{ 'LifeCycle.NextSteps': 'New dough' }]);
  });

  test('taken back in Slack, it never reaches AWS; taken back twice is taken back once', async () => {
    const id = await queue('Thistledown Publishing', 'Never mind');
    await house.say('ANA', 'waiting');
    const list = house.newest('ANA');
    const [button] = buttonsOf(list.blocks).filter((it) => it.label === 'Take back 1');
    expect(button).toBeDefined();
    await Promise.all([house.press('ANA', list, 'Take back 1'), house.press('ANA', list, 'Take back 1')]);
    await house.shows('ANA', 'Thistledown Publishing: taken back. AWS never saw it.');
    expect(house.messages('ANA').map(screenOf).join('\n')).not.toContain('too late');
    await house.practice.script.review(id, 'approve');
    await house.aws.sync();
    await house.quiet();
    expect(await sent(id)).toEqual([]);
    const steps = await house.store.prisma.transition.findMany({ where: { change: { dealId: id } } });
    expect(steps.filter(({ state }) => state === 'cancelled')).toHaveLength(1);
  });

  test('another ACE user cannot take back or rewrite it, whatever they press', async () => {
    const id = await queue('Tidewater Terminals', 'Mine', TEAM.users[0]);
    const change = (await house.store.prisma.change.findFirstOrThrow({ where: { dealId: id } })).id;
    const [tom] = [TEAM.users[1] ?? ''];
    for (const input of [{ change }, { id }]) {
      for (const act of [{ do: 'cancel' }, { do: 'edit', text: 'Stolen' }]) {
        const { reply, ok } = await house.act('waiting', { ...input, ...act }, { as: tom });
        expect([ok, reply]).toMatchObject([
          false,
          { text: expect.stringContaining('Nothing of that waits') },
        ]);
      }
    }
    const row = await house.store.prisma.change.findUniqueOrThrow({ where: { id: change } });
    expect(row).toMatchObject({ state: 'waiting', wish: { set: { nextStep: 'Mine' } } });
    await house.act('waiting', { change, do: 'cancel' }, { as: TEAM.users[0] ?? '' });
  });

  test('two people’s wishes for one deal go out in the order in which they were asked; the second, who had not seen the first, is shown both', async () => {
    const id = await queue('Foxglove Energy Cooperative', 'One');
    await queue('Foxglove Energy Cooperative', 'Two', TEAM.team);
    await house.practice.script.review(id, 'approve');
    await house.aws.sync();
    await house.quiet();
    const states = await house.store.prisma.change.findMany({
      where: { dealId: id },
      orderBy: { seq: 'asc' },
    });
    expect(await sent(id)).toEqual([{ 'LifeCycle.NextSteps': 'One' }]);
    expect(states.map(({ state }) => state)).toEqual(['confirmed', 'conflict']);
    expect(states[1]?.answer).toContain('there now “One”, you wanted “Two”');
  });
});
