/** A manager’s digest in Slack: what can be pressed on it, and that it stays where it stands whatever is pressed. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { planDigests } from '../../src/bot/digests.ts';
import { databases } from '../support/databases.ts';
import { TEAM, until, wakeAll } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { buttonsOf, screenOf } from '../support/slack-screen.ts';

const [PRIYA = ''] = TEAM.users;

/** So that there is more than a digest shows of one colleague. */
async function multiply(house: SlackHouse) {
  const { reply } = await house.act('digest', {}, { as: PRIYA });
  const sections = reply.kind === 'list' ? reply.sections : [];
  const id = sections.find(({ title }) => /^(?:No update|Past close|Closing)/.test(title))?.items[0]?.id;
  await house.store.prisma.$executeRaw`
    INSERT INTO deal SELECT copy.* FROM (SELECT d AS row, d.id || g::text AS id FROM deal d, generate_series(1, 5) g
      WHERE d.id = ${id}) n, LATERAL jsonb_populate_record(n.row, jsonb_build_object('id', n.id,
      'detail', (n.row).detail || jsonb_build_object('id', n.id))) AS copy`;
}

describe.each(databases)('on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
    await wakeAll(house);
    const { prisma } = house.store;
    const manager = await prisma.person.findUniqueOrThrow({ where: { email: TEAM.manager } });
    await prisma.person.update({ where: { email: PRIYA }, data: { reportsTo: manager.id } });
    await prisma.person.updateMany({ data: { timeZone: 'Europe/Berlin' } });
    await multiply(house);
    for (const user of ['PRIYA', 'MINA'] as const) await house.say(user, 'help');
    await planDigests(house.store, new Date());
    // Mina’s alone: her morning has come.
    const { nextAt } = await prisma.subscription.findFirstOrThrow({ where: { personId: manager.id } });
    await planDigests(house.store, nextAt);
    await until('the digest', () => digests().length > 0);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  const digests = () => house.messages('MINA').filter((it) => screenOf(it).includes('Your digest, '));
  const digest = () => {
    const [found] = digests();
    if (!found) throw new Error('There is no digest.');
    return found;
  };
  const labels = () => buttonsOf(digest().blocks).map(({ label }) => label);

  test('the first says why it came, and each when the next one comes', () => {
    const screen = screenOf(digest());
    expect(screen).toContain('This is your first digest: it comes because you have used ace-desk.');
    expect(screen).toContain(
      'It comes Mon–Sun at 09:00 (Europe/Berlin). “schedule” changes it, “schedule off” ends it.',
    );
    for (const label of ['Nudge owners (1)', 'Schedule…', 'Turn it off', 'Leave out…', 'Pause…'])
      expect(labels()).toContain(label);
  });

  test('lists that it opens stand below it: what to leave out, and one owner’s rest', async () => {
    const many = house.messages('MINA').length;
    await house.press('MINA', digest(), 'Leave out…');
    const list = await house.shows('MINA', 'What to leave out of your digest');
    expect(house.messages('MINA').length).toBe(many + 1);
    await house.press('MINA', list, 'Leave out');
    const left = await house.shows('MINA', /Left out: /);
    await house.press('MINA', left, 'Put it back');
    await until('it back', async () =>
      (await house.store.prisma.subscription.findMany()).every(({ off }) => off.length === 0),
    );
    const before = house.messages('MINA').length;
    await house.press('MINA', digest(), 'More of these');
    await house.shows('MINA', 'Priya Raman: what needs a word');
    expect(house.messages('MINA').length).toBe(before + 1);
    expect(digests()).toHaveLength(1);
  });

  test('a nudge is said on it, and nobody is asked twice from it', async () => {
    // The pause after it was drawn is over: what is redrawn now, the nudge itself has asked for.
    await house.store.prisma
      .$executeRaw`UPDATE digest SET drawn_at = drawn_at - interval '1 minute', look_at = look_at - interval '1 minute'`;
    await house.press('MINA', digest(), 'Nudge owners (1)');
    await house.shows('MINA', 'Asked Priya Raman for a word on');
    await until('what was asked', () => screenOf(digest()).includes('asked today'));
    expect(labels().filter((label) => label.startsWith('Nudge'))).toEqual([]);
    expect(screenOf(digest())).toContain('It comes Mon–Sun at 09:00');
    expect(screenOf(digest())).toContain('This is your first digest');
  });

  test('it is turned off by one press, and brought back by another', async () => {
    await house.press('MINA', digest(), 'Turn it off');
    const off = await house.shows('MINA', 'Your digest is off.');
    await house.press('MINA', off, 'Bring it back');
    await house.shows('MINA', /Your digest comes Mon–Sun/);
    expect(digests()).toHaveLength(1);
  });
});
