/** Flags: each person's own, set and taken off as often as they like, on whatever they may see. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { flat, LEAD, TEAM } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { screenOf } from '../support/slack-screen.ts';

const [PRIYA = '', TOM = ''] = TEAM.users;

describe.each(databases)('on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  const typed = async (lines: string, as = LEAD) => flat((await house.script(`${lines}\n`, as)).text);
  const flags = (dealId: string) => house.store.prisma.flag.count({ where: { dealId } });

  test('a flag answers with the card, stands in the view and on the desk of its owner, and nobody else’s', async () => {
    const id = await house.idOf('Glasswing Biotech');
    expect(await typed('flag Glasswing Biotech', PRIYA)).toMatch(
      /^Glasswing Biotech – .* Flagged; “list flagged” shows what you flagged/,
    );
    expect(await typed('list flagged', PRIYA)).toContain('Glasswing Biotech');
    // Launched: nothing else would bring it to the desk.
    await house.script(`flag ${await house.idOf('Ironbridge Couriers')}\n`, PRIYA);
    expect(await typed('desk', PRIYA)).toMatch(
      /Flagged: by you, for follow-up \(\S.*\) .*Ironbridge Couriers/,
    );
    expect(await typed('desk')).not.toContain('Ironbridge');
    for (const as of [LEAD, TEAM.manager]) expect(await typed('list flagged', as)).not.toContain('Glasswing');
    expect(await flags(id)).toBe(1);
  });

  test('twice is once, in Slack as well, and taking it off twice is no mistake', async () => {
    const id = await house.idOf('Polestar Ferries');
    await house.say('ANA', `show ${id}`);
    await house.say('ANA', `flag ${id}`);
    expect(screenOf(house.newest('ANA'))).toContain('Flagged; “list flagged”');
    await house.say('ANA', `flag ${id}`);
    expect(await flags(id)).toBe(1);
    await house.say('ANA', `unflag ${id}`);
    expect(screenOf(house.newest('ANA'))).toContain('No longer flagged');
    await house.say('ANA', `unflag ${id}`);
    expect(await flags(id)).toBe(0);
    expect(await typed('list flagged')).not.toContain('Polestar');
  });

  test('the same press again is one act: a late repetition does not undo what came after it', async () => {
    const id = await house.idOf('Polestar Ferries');
    const [on, off] = ['press-on', 'press-off'].map((key) => `${key}-${database.name}`);
    await house.act('flag', { id }, { key: on ?? '' });
    await house.act('unflag', { id }, { key: off ?? '' });
    await house.act('flag', { id }, { key: on ?? '' });
    expect(await flags(id)).toBe(0);
  });

  test('a flag changes nothing at AWS, leaves the version alone and is no Change', async () => {
    const id = await house.idOf('Polestar Ferries');
    const before = await house.store.prisma.deal.findUniqueOrThrow({ where: { id } });
    await house.act('flag', { id });
    await house.quiet();
    const after = await house.store.prisma.deal.findUniqueOrThrow({ where: { id } });
    expect([after.version, after.partnerUpdatedAt]).toEqual([before.version, before.partnerUpdatedAt]);
    expect(await house.store.prisma.change.count({ where: { dealId: id } })).toBe(0);
    expect(await house.effects(id)).toEqual([]);
    await house.act('unflag', { id });
  });

  test('a flag on a referral goes on with the opportunity it becomes, and comes off there', async () => {
    const invitation = await house.idOf('Evergrove Timber');
    await house.script(`flag ${invitation}\n`);
    expect(await typed('list flagged')).toContain('Evergrove Timber');
    await house.script(`accept ${invitation}\n`);
    await house.quiet();
    const { successor } = await house.store.prisma.deal.findUniqueOrThrow({ where: { id: invitation } });
    const listed = await typed('list flagged');
    expect(listed.match(/Evergrove Timber/g)).toHaveLength(1);
    expect(listed).toContain('1. Evergrove Timber');
    await house.act('unflag', { id: successor });
    expect(await typed('list flagged')).not.toContain('Evergrove Timber');
    expect(await flags(invitation)).toBe(0);
  });

  test('whoever may not see a deal flags nothing, and is told what an unknown deal gets', async () => {
    const id = await house.idOf('Glasswing Biotech');
    await house.act('unflag', { id }, { as: PRIYA });
    for (const verb of ['flag', 'unflag'])
      expect((await typed(`${verb} ${id}`, TOM)).replaceAll(id, '<id>')).toBe(
        (await typed(`${verb} O7999999`, TOM)).replaceAll('O7999999', '<id>'),
      );
    expect(await flags(id)).toBe(0);
  });

  test('without a deal it is asked which', async () => {
    expect(await typed('flag')).toContain('flag <deal>');
    expect(await typed('unflag')).toContain('unflag <deal>');
  });
});
