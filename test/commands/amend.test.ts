/** Somebody else's waiting words: who touched them is told, and they go out only for whoever may still say them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { flat, LEAD, openTestHouse, TEAM, type TestHouse } from '../support/house.ts';

const [PRIYA = '', TOM = ''] = TEAM.users;

describe.each(databases)('on $name', (database) => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await openTestHouse(database);
  });
  afterAll(() => house?.stop());

  const typed = async (lines: string, as = LEAD) => flat((await house.script(`${lines}\n`, as)).text);
  const queue = async (company: string, text: string, as: string) => {
    const id = await house.idOf(company);
    const { ok, queued } = await house.act('next-step', { id, text, queue: 'yes' }, { as });
    expect([ok, queued]).toEqual([true, true]);
    return id;
  };
  const opens = async (id: string) => {
    await house.practice.script.review(id, 'approve');
    await house.aws.sync();
    await house.quiet();
  };
  const handOver = async (id: string, from: string, to: string) => {
    const team = JSON.stringify((await house.practice.world()).opportunities[id]?.record.OpportunityTeam);
    await house.practice.script.edit(id, 'OpportunityTeam', JSON.parse(team.replace(from, to)));
  };

  test('history names who rewrote somebody else’s waiting next step, and with which words', async () => {
    const id = await queue('Polestar Ferries', 'Tom’s words', TOM);
    const { ok } = await house.act('waiting', { id, do: 'edit', text: 'Mina’s words' }, { as: TEAM.manager });
    expect(ok).toBe(true);
    for (const reader of [LEAD, TOM]) {
      const history = await typed(`history ${id}`, reader);
      expect(history).toContain('Tom Keller asked for');
      expect(history).toContain('Mina Okafor: rewritten: Mina’s words');
    }
    await opens(id);
    expect((await house.effects(id)).map(({ value }) => value)).toEqual([
      { 'LifeCycle.NextSteps': 'Mina’s words' },
    ]);
  });

  test('history names who took back somebody else’s waiting next step', async () => {
    const id = await queue('Meridian Bakehouse', 'Priya’s words', PRIYA);
    expect((await house.act('waiting', { id, do: 'cancel' }, { as: LEAD })).ok).toBe(true);
    const history = await typed(`history ${id}`, PRIYA);
    expect(history).toContain('Priya Raman asked for');
    expect(history).toContain('Ana Silva: taken back before it was sent');
    await opens(id);
    expect(await house.effects(id)).toEqual([]);
  });

  test('queued words of an ACE user whose deal went to another owner are refused at the send, with the reason', async () => {
    const id = await queue('Tidewater Terminals', 'Words of before', PRIYA);
    await handOver(id, PRIYA, TOM);
    await opens(id);
    const change = await house.store.prisma.change.findFirstOrThrow({ where: { dealId: id } });
    expect(change).toMatchObject({
      state: 'refused',
      answer: 'The deal is no longer yours, so nothing was sent.',
      sentAt: null,
    });
    expect(await house.effects(id)).toEqual([]);
    expect(await typed(`history ${id}`)).toContain(
      'not done: The deal is no longer yours, so nothing was sent.',
    );
    expect(await typed(`history ${id}`, PRIYA)).toContain(`I know no deal “${id}”`);
  });

  test('when AWS rejects the deal, the words that waited for it come back to whoever wrote them', async () => {
    const id = await queue('Sandpiper Hotels', 'Words for a deal that lives', LEAD);
    await house.practice.script.review(id, 'reject');
    await house.aws.sync();
    await house.quiet();
    expect(await house.effects(id)).toEqual([]);
    const { reply } = await house.act('show', { id });
    expect(reply).toMatchObject({
      kind: 'card',
      status: expect.stringMatching(/^Not done, your next step: .*It said: “Words for a deal that lives”/),
    });
    expect(await typed(`history ${id}`)).toContain('next step “Words for a deal that lives”');
  });

  test('those who see everything may still say theirs, whoever owns the deal by then', async () => {
    const id = await queue('Gullwing Insurance Mutual', 'Words of the manager', TEAM.manager);
    await handOver(id, TOM, PRIYA);
    await opens(id);
    expect((await house.effects(id)).map(({ value }) => value)).toEqual([
      { 'LifeCycle.NextSteps': 'Words of the manager' },
    ]);
  });
});
