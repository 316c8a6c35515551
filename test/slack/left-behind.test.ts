/** What is left behind on a person's screen in Slack once a deal is not theirs any more: each way of losing it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { gatherNews } from '../../src/bot/news.ts';
import { markGone } from '../../src/store/reading.ts';
import { databases } from '../support/databases.ts';
import { LEAD, TEAM, until } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { buttonsOf, screenOf } from '../support/slack-screen.ts';

const [PRIYA = ''] = TEAM.users;
const LOST = /no longer yours/i;

describe.each(databases)('copies of a deal that is lost, on $name', (database) => {
  let house: SlackHouse;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    house = await openSlackHouse(database);
    for (const { id, email } of await house.store.prisma.person.findMany()) ids[email] = id;
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  const taken = new Set<string>();
  /** A pending referral that nobody has taken, offered to Priya, who reads its card in her own conversation. */
  const offered = async () => {
    const rows = await house.store.prisma.deal.findMany({
      where: { kind: 'referral', status: 'PENDING', expiresAt: { gt: new Date() }, origin: 'AWS Referral' },
      orderBy: { id: 'asc' },
    });
    const deal = rows.find(({ id }) => !taken.has(id));
    if (!deal) throw new Error('The seed has no more referrals.');
    taken.add(deal.id);
    // An offer that comes within minutes of another is gathered with it (bot/news.ts).
    await house.store.prisma.quiet.updateMany({ data: { newsToldAt: null } });
    await house.act('offer', { id: deal.id, people: ids[PRIYA] }, { as: LEAD });
    await house.shows('PRIYA', deal.company);
    return deal;
  };
  /** An open opportunity that becomes Priya's, who reads its card in her own conversation. */
  const owned = async () => {
    const rows = await house.store.prisma.deal.findMany({
      where: {
        ...{ kind: 'opportunity', status: 'Approved', ownerEmail: { not: PRIYA }, goneAt: null },
        stage: { in: ['Qualified', 'Technical Validation', 'Business Validation'] },
      },
      orderBy: { id: 'asc' },
    });
    const deal = rows.find(({ id }) => !taken.has(id));
    if (!deal) throw new Error('The seed has no more opportunities.');
    taken.add(deal.id);
    // What came before it is told first: alone it comes as a card.
    await gatherNews(house.store, nextNoon());
    await house.act('transfer', { id: deal.id, person: ids[PRIYA] }, { as: LEAD });
    await house.quiet();
    await gatherNews(house.store, nextNoon());
    await house.quiet();
    return deal;
  };
  /** News is told while people work: in each round at another noon of a Wednesday. */
  let weeks = 0;
  const nextNoon = () => new Date(Date.parse('2090-01-04T12:00:00Z') + weeks++ * 7 * 86_400_000);
  /** The pause between two drawings of a home is over. */
  const noPause = () => house.store.prisma.home.updateMany({ data: { drawnAt: null, dueAt: null } });
  /** Her private messages that show that customer: cards, and the contacts that came with what she owned. */
  const copies = (company: string) =>
    house
      .messages('PRIYA')
      .filter(({ channel }) => channel === 'DPRIYA')
      .filter((it) => buttonsOf(it.blocks).length > 0 || screenOf(it).startsWith('Contacts for'))
      .filter((message) => screenOf(message).includes(company));

  /** The messages that showed it say that it is lost, name nobody, and offer nothing. */
  const becomesLost = async (company: string, lose: () => Promise<unknown>) => {
    const before = copies(company);
    expect(before.length).toBeGreaterThan(0);
    await lose();
    await until(`“No longer yours” in place of ${company}`, () =>
      before.every((it) => LOST.test(screenOf(it))),
    );
    for (const message of before) {
      expect(screenOf(message)).not.toContain(company);
      expect(message.text).not.toContain(company);
      expect(buttonsOf(message.blocks)).toEqual([]);
    }
  };

  test('a transfer: the old owner’s copies, the contacts among them', async () => {
    const { id, company } = await owned();
    expect(copies(company).some((it) => screenOf(it).startsWith('Contacts for'))).toBe(true);
    await becomesLost(company, () =>
      house.act('transfer', { id, person: ids[TEAM.users[1] ?? ''] }, { as: LEAD }),
    );
  });

  test('a rejection: the copies of whom it was offered to', async () => {
    const { id, company } = await offered();
    await becomesLost(company, () =>
      house.act('reject', { id, reason: 'Unable to support', sure: 'yes' }, { as: LEAD }),
    );
  });

  test('an expiry, as AWS says: the copies of whom it was offered to', async () => {
    const { id, company } = await offered();
    await becomesLost(company, async () => {
      await house.practice.script.expire(id);
      await house.aws.sync();
    });
  });

  test('AWS gives it no more: the owner’s copies', async () => {
    const { id, company } = await owned();
    await becomesLost(company, async () => {
      const { epoch } = await house.store.prisma.agent.findUniqueOrThrow({ where: { id: 1 } });
      await markGone(house.store, [id], epoch, new Date());
    });
  });

  test.each([
    ['became a guest', { is_restricted: true }],
    ['was closed', { deleted: true }],
  ])('an account that %s: its copies and its home are drawn empty, and stay so', async (_, more) => {
    await house.say('PRIYA', 'desk');
    await house.openHome('PRIYA');
    await noPause();
    const home = () => screenOf(house.workspace.homes.get('PRIYA')?.content ?? {});
    await until('her home', () => home().includes('Your desk'));
    const { id, company } = await owned();
    const before = copies(company);
    expect(before.length).toBeGreaterThan(0);
    const priya = house.workspace.users.get('PRIYA') ?? {};
    await noPause();
    house.workspace.users.set('PRIYA', { ...priya, ...more });
    await house.event({ type: 'user_change', user: { ...priya, ...more } });
    await until('nothing of it', () => before.every((it) => screenOf(it).includes('shown here no more')));
    await until('an empty home', () => home().includes('full members of this workspace'));
    expect(home()).not.toContain('Your desk');
    await house.act('next-step', { id, text: 'Demo on Friday' }, { as: LEAD });
    await house.quiet();
    for (const message of before) {
      expect(`${screenOf(message)} ${message.text}`).not.toMatch(/Demo on Friday/);
      expect(screenOf(message)).not.toContain(company);
      expect(buttonsOf(message.blocks)).toEqual([]);
    }
    house.workspace.users.set('PRIYA', priya);
    await house.event({ type: 'user_change', user: priya });
    // A member again: new copies come.
    await house.say('PRIYA', 'desk');
    expect(copies((await owned()).company).length).toBeGreaterThan(0);
  });

  test('an account that became a guest while we were away: with the next reading of its profile', async () => {
    await house.say('PRIYA', 'desk');
    const { company } = await owned();
    const before = copies(company);
    const priya = house.workspace.users.get('PRIYA') ?? {};
    // What is remembered of her is old by now; her next act reads it anew.
    house.workspace.users.set('PRIYA', { ...priya, is_restricted: true });
    await house.event({ type: 'user_change', user: priya });
    expect(before.some((it) => screenOf(it).includes('shown here no more'))).toBe(false);
    await house.slash('PRIYA', 'desk');
    await until('nothing of it', () => before.every((it) => screenOf(it).includes('shown here no more')));
    house.workspace.users.set('PRIYA', priya);
    await house.event({ type: 'user_change', user: priya });
  });

  test('a revoked role: every copy of whoever lost it', async () => {
    const { company } = await owned();
    await becomesLost(company, () =>
      house.act('people', { do: 'revoke', person: ids[PRIYA], sure: 'yes' }, { as: LEAD }),
    );
  });
});
