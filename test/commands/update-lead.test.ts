/** update-lead: status and what happened, at the console and through Slack's form. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { flat, TEAM } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { fieldsOf, screenOf } from '../support/slack-screen.ts';

const ROCKET = '🚀';

describe.each(databases)('on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  const sent = (id: string) => house.effects(id);
  const changes = (dealId: string) =>
    house.store.prisma.change.findMany({ where: { dealId }, orderBy: { seq: 'asc' } });

  test('one line sets the status and says what happened', async () => {
    const id = await house.idOf('Ferrous Park Foundry');
    const { text, code } = await house.script(`update-lead ${id}: qualified (happened Met the head of IT)\n`);
    expect(flat(text)).toContain('Ferrous Park Foundry: AWS confirmed');
    expect(code).toBe(0);
    const [effect, ...more] = await sent(id);
    expect(more).toEqual([]);
    expect(effect).toMatchObject({
      kind: 'update-lead',
      value: { QualificationStatus: 'Qualified', Interaction: { CustomerAction: 'Met the head of IT' } },
    });
    expect(flat((await house.script(`show ${id}\n`)).text)).toContain('Qualified');
  });

  test('without an answer Slack asks with both, the status as it stands; either is enough', async () => {
    const id = await house.idOf('Ember & Ash Restaurants');
    await house.say('MINA', `update-lead ${id}`);
    const form = await house.form('MINA');
    expect(fieldsOf(form.content.blocks).map((it) => [it.id, it.value])).toEqual([
      ['status', 'Research'],
      ['happened', ''],
    ]);
    await house.submit(form, {});
    expect(form.errors.status).toContain('It is Research already.');
    await house.submit(form, { happened: `${ROCKET.repeat(255)}x` });
    expect(form.errors.happened).toContain('256 characters; at most 255');
    await house.submit(form, { happened: ROCKET.repeat(255) });
    await house.quiet();
    const [effect] = await sent(id);
    expect(effect).toMatchObject({
      value: { QualificationStatus: 'Research', Interaction: { CustomerAction: ROCKET.repeat(255) } },
    });
    expect(await changes(id)).toMatchObject([{ state: 'confirmed', wish: { set: {} } }]);
  });

  test('disqualifying is shown old → new and asked once', async () => {
    const id = await house.idOf('Tallow Lane Candles');
    const unsure = await house.script(`update-lead ${id}: Disqualified (happened Not a project)\n`);
    expect(unsure.code).toBe(1);
    expect(flat(unsure.text)).toContain('Status: Open → Disqualified');
    expect(flat(unsure.text)).toContain('“(yes)”');
    expect(await changes(id)).toEqual([]);
    await house.say('JONAS', `update-lead ${id}`);
    const form = await house.form('JONAS');
    await house.submit(form, { status: 'Disqualified', happened: 'Not a project' });
    expect(form.isOpen).toBe(true);
    expect(screenOf(form.content)).toContain('Status: Open → Disqualified');
    expect(fieldsOf(form.content.blocks).map((it) => it.value)).toEqual(['Disqualified', 'Not a project']);
    await house.submit(form, {});
    await house.quiet();
    expect(await sent(id)).toMatchObject([{ value: { QualificationStatus: 'Disqualified' } }]);
  });

  test('a double click is one interaction', async () => {
    const id = await house.idOf('Summit Trail Rescue 🏔️');
    const key = `double ${id}`;
    const both = await Promise.all([
      house.act('update-lead', { id, happened: 'Called' }, { key }),
      house.act('update-lead', { id, happened: 'Called' }, { key }),
    ]);
    await house.quiet();
    expect(new Set(both.flatMap(({ changeIds }) => changeIds)).size).toBe(1);
    expect(await sent(id)).toHaveLength(1);
  });

  test('another tool’s status is never overwritten: both are shown', async () => {
    const id = await house.idOf('Hollow Oak Antiques');
    await house.practice.script.qualify(id, 'Research');
    const { text, code } = await house.script(`update-lead ${id}: Qualified\n`);
    expect(code).toBe(1);
    expect(flat(text)).toContain('met somebody else’s change');
    expect(await sent(id)).toEqual([]);
  });

  test.each([
    ['Skylark Drone Surveys', 'Accept the lead first, then update it.'],
    ['Northgate Tram Works', 'This is no lead.'],
    ['Tamarind Airways', 'This is no lead.'],
  ])('%s is not updated so, and both doors say why', async (company, why) => {
    const id = await house.idOf(company);
    const typed = await house.script(`update-lead ${id}: Qualified\n`);
    expect([typed.code, flat(typed.text)]).toEqual([1, expect.stringContaining(why)]);
    expect(await house.say('ANA', `update-lead ${id}: Qualified`)).toContain(why);
  });

  test('a status of our own is not guessed', async () => {
    const id = await house.idOf('Summit Trail Rescue 🏔️');
    const { text, code } = await house.script(`update-lead ${id}: Won\n`);
    expect([code, flat(text)]).toEqual([1, expect.stringContaining('I do not know “Won”')]);
  });

  test('whoever may not see a lead gets the answer to an unknown deal', async () => {
    const id = await house.idOf('Hollow Oak Antiques');
    const { reply } = await house.act('update-lead', { id, status: 'Open' }, { as: TEAM.users[2] ?? '' });
    expect(reply).toMatchObject({ kind: 'note', text: expect.stringContaining(`I know no deal “${id}”`) });
  });
});
