/** What is left behind on a person's screen in Slack once a deal is not theirs any more: each way of losing it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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
    await house.act('offer', { id: deal.id, people: ids[PRIYA] }, { as: LEAD });
    await house.shows('PRIYA', deal.company);
    return deal;
  };
  /** An open opportunity that becomes Priya's, who reads its card in her own conversation. */
  const owned = async () => {
    const rows = await house.store.prisma.deal.findMany({
      where: { kind: 'opportunity', status: 'Approved', stage: 'Qualified', ownerEmail: { not: PRIYA } },
      orderBy: { id: 'asc' },
    });
    const deal = rows.find(({ id }) => !taken.has(id));
    if (!deal) throw new Error('The seed has no more opportunities.');
    taken.add(deal.id);
    await house.act('transfer', { id: deal.id, person: ids[PRIYA] }, { as: LEAD });
    await house.quiet();
    return deal;
  };
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

  test('a revoked role: every copy of whoever lost it', async () => {
    const { company } = await owned();
    await becomesLost(company, () =>
      house.act('people', { do: 'revoke', person: ids[PRIYA], sure: 'yes' }, { as: LEAD }),
    );
  });
});
