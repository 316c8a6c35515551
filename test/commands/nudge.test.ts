/** A nudge: a colleague asks an owner for a word, by name, once a week for each deal; it lands in the owner's sprint. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Form, Note } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { LEAD, TEAM, until, wakeAll } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { screenOf } from '../support/slack-screen.ts';

const [PRIYA = '', TOM = ''] = TEAM.users;
const DAY = 24 * 60 * 60 * 1000;

describe.each(databases)('nudges, on $name', (database) => {
  let house: SlackHouse;
  let ahead = 0;
  beforeAll(async () => {
    house = await openSlackHouse(database, { now: () => new Date(Date.now() + ahead) });
    await wakeAll(house);
    for (const user of ['PRIYA', 'TOM'] as const) await house.say(user, 'desk');
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  const nudge = async (input: Record<string, string>, as = TEAM.manager) => {
    const { reply, ok } = await house.act('nudge', input, { as });
    return { text: [(reply as Note).text, ...((reply as Note).lines ?? [])].join(' '), ok };
  };
  const notices = async () =>
    (await house.store.prisma.notice.findMany({ where: { kind: 'nudged' } })).map(({ body }) =>
      JSON.stringify(body),
    );
  const sprintOf = async (as: string) => (await house.act('sprint', {}, { as })).reply as Note;

  test('several owners are asked in one message each, with the name of who asks, and the deals land in their sprints', async () => {
    const names = ['Northgate Tram Works', 'Harrow & Pike Ironmongers', 'Palisade Mutual Bank'];
    const ids = await Promise.all(names.map(house.idOf));
    const before = await sprintOf(PRIYA);
    const said = await nudge({ deals: ids.join(',') });
    expect(said).toEqual({ text: 'Asked Priya Raman, Tom Keller for a word on 3 deals.', ok: true });
    expect(await notices()).toHaveLength(2);
    const message = await house.shows('PRIYA', 'Mina Okafor asks for a word on 2 deals');
    expect(screenOf(message)).toContain('Northgate Tram Works');
    expect(screenOf(message)).not.toContain('Palisade');
    await house.shows('TOM', 'Mina Okafor asks for a word on 1 deal');
    const many = ({ text }: Note) => Number(/^(\d+) deals? needs? a word/.exec(text)?.[1]);
    expect(many(await sprintOf(PRIYA))).toBe(many(before) + 2);
    await house.press('PRIYA', message, 'Start the sprint');
    await until('the sprint', () =>
      house.workspace.views.some(
        (view) => screenOf(view.content).includes('Save & next') || view.content.submit !== undefined,
      ),
    );
  });

  test('a second one within a week says who did and when, and asks nobody; after a week it asks again', async () => {
    const id = await house.idOf('Northgate Tram Works');
    const count = (await notices()).length;
    ahead += 2 * DAY;
    expect(await nudge({ id }, LEAD)).toEqual({
      text: expect.stringMatching(
        /^Northgate Tram Works: Mina Okafor asked 2 days ago; once a week is enough\.$/,
      ),
      ok: false,
    });
    expect(await notices()).toHaveLength(count);
    ahead += 5 * DAY;
    expect((await nudge({ id }, LEAD)).text).toBe('Asked Priya Raman for a word on 1 deal.');
    expect(await notices()).toHaveLength(count + 1);
  });

  test('the same press again says what it did, and asks nobody a second time', async () => {
    const ids = await Promise.all(['Harrow & Pike Ironmongers', 'Palisade Mutual Bank'].map(house.idOf));
    await house.store.prisma.nudge.deleteMany({ where: { dealId: { in: ids } } });
    const count = (await notices()).length;
    const press = () => house.act('nudge', { deals: ids.join(',') }, { as: LEAD, key: 'nudge-twice' });
    const first = await press();
    expect((first.reply as Note).text).toMatch(/^Asked .* for a word on 2 deals\.$/);
    const asked = (await notices()).length;
    expect(asked).toBeGreaterThan(count);
    ahead += 5000;
    const again = await press();
    expect([again.ok, again.reply]).toEqual([true, first.reply]);
    expect(await notices()).toHaveLength(asked);
    // Another press is another act.
    const other = await nudge({ deals: ids.join(',') }, LEAD);
    expect([other.ok, other.text]).toEqual([false, expect.stringContaining('Ana Silva asked')]);
  });

  test('of two who ask at the same moment, one does', async () => {
    const id = await house.idOf('Saffron Road Foods');
    const count = (await notices()).length;
    const both = await Promise.all([nudge({ id }, LEAD), nudge({ id }, TEAM.team)]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await notices()).toHaveLength(count + 1);
  });

  test('of an owner who never used ace-desk in chat it says so: it waits in their sprint', async () => {
    const { prisma } = house.store;
    const [first, second] = [
      await house.idOf('Saffron Road Foods'),
      await house.idOf('Palisade Mutual Bank'),
    ];
    await prisma.nudge.deleteMany({ where: { dealId: { in: [first, second] } } });
    expect((await nudge({ id: first })).text).toBe('Asked Tom Keller for a word on 1 deal.');
    const { id: personId } = await prisma.person.findUniqueOrThrow({ where: { email: TOM } });
    await prisma.link.updateMany({ where: { personId }, data: { state: 'cut' } });
    expect((await nudge({ id: second })).text).toBe(
      'Asked Tom Keller for a word on 1 deal. Tom Keller is not in chat with ace-desk yet; it waits in their sprint. Your alliance lead can ask them to come, with “invite”.',
    );
    await prisma.link.updateMany({ where: { personId }, data: { state: 'live' } });
  });

  test('one’s own deal, what is nobody’s yet and what is over are not asked about', async () => {
    const count = (await notices()).length;
    for (const [company, as, why] of [
      ['Saffron Road Foods', TOM, /it is yours/],
      ['Pinecrest Outfitters', LEAD, /nobody’s yet/],
      ['Mossgate Brewing', LEAD, /nothing left to say/],
    ] as const) {
      const said = await nudge({ id: await house.idOf(company) }, as);
      expect([company, said]).toEqual([company, { text: expect.stringMatching(why), ok: false }]);
    }
    expect(await notices()).toHaveLength(count);
  });

  test('an owner who may not see it here is not asked, and the week is not used up', async () => {
    const { prisma } = house.store;
    const finder = await prisma.deal.findFirstOrThrow({
      where: { psf: true, kind: 'lead', invitedAt: null },
    });
    await prisma.deal.update({ where: { id: finder.id }, data: { ownerEmail: PRIYA } });
    expect(await nudge({ id: finder.id }, LEAD)).toEqual({
      text: expect.stringMatching(/its owner does not see it here\.$/),
      ok: false,
    });
    expect(await prisma.nudge.count({ where: { dealId: finder.id } })).toBe(0);
    await prisma.deal.update({ where: { id: finder.id }, data: { ownerEmail: finder.ownerEmail } });
  });

  test('a sprint names nothing at its end that its reader may not see, whatever its form says was written', async () => {
    const { prisma } = house.store;
    const dealId = await house.idOf('Palisade Mutual Bank');
    const mine = await house.idOf('Northgate Tram Works');
    const personId = (await prisma.person.findUniqueOrThrow({ where: { email: PRIYA } })).id;
    const open = (of: string) => ({
      ...{ dealId: of, personId, actKey: of, verb: 'next-step', kind: 'update', wish: {}, source: {} },
      ...{ state: 'waiting', dueAt: new Date(Date.now() + 365 * DAY) },
    });
    await prisma.change.createMany({ data: [open(dealId), open(mine)] });
    const state = {
      do: 'stop',
      rest: '',
      written: `${dealId},${mine}`,
      skipped: '0',
      given: '0',
      total: '2',
      turn: '2',
    };
    const { reply } = await house.act('sprint', state, { as: PRIYA });
    await prisma.change.deleteMany({ where: { actKey: { in: [dealId, mine] } } });
    expect(JSON.stringify(reply)).toContain('Northgate Tram Works');
    expect(JSON.stringify(reply)).not.toContain('Palisade');
  });

  test('whoever may not see a deal gets the answer to an unknown one, alone or among others', async () => {
    const id = await house.idOf('Palisade Mutual Bank');
    const alone = await nudge({ id }, PRIYA);
    expect(alone.text.replaceAll(id, '<id>')).toBe(
      (await nudge({ id: 'O7999999' }, PRIYA)).text.replaceAll('O7999999', '<id>'),
    );
    expect(await nudge({ deals: id }, PRIYA)).toEqual(await nudge({ deals: 'O7999999' }, PRIYA));
  });

  test('what was answered, or is looked at again later, stands in no sprint', async () => {
    const id = await house.idOf('Northgate Tram Works');
    const titles = async () => {
      const form = (await house.act('sprint', { do: 'start' }, { as: PRIYA })).reply as Form;
      return (form.input.rest ?? '').split(',');
    };
    expect(await titles()).toContain(id);
    await house.act('remind', { id, when: new Date(Date.now() + ahead + DAY).toISOString() }, { as: PRIYA });
    expect(await titles()).not.toContain(id);
    await house.act('remind', { id, when: 'never' }, { as: PRIYA });
    expect(await titles()).toContain(id);
    await house.act('next-step', { id, text: 'Demo with the operations lead on Friday' }, { as: PRIYA });
    expect(await titles()).not.toContain(id);
    await until(
      'AWS’s answer',
      async () =>
        (await house.store.prisma.change.count({ where: { dealId: id, state: 'confirmed' } })) === 1,
    );
    expect(await titles()).not.toContain(id);
  });

  test('what its owner put off is back in the sprint once somebody asks for a word on it, until they put it off anew', async () => {
    const { prisma } = house.store;
    const id = await house.idOf('Saffron Road Foods');
    const remind = (when: string) => house.act('remind', { id, when }, { as: TOM });
    const tomorrow = () => new Date(Date.now() + ahead + DAY).toISOString();
    const started = async () => {
      const { reply } = await house.act('sprint', { do: 'start' }, { as: TOM });
      return reply.kind === 'form' ? (reply.input.rest ?? '').split(',') : [];
    };
    await prisma.nudge.deleteMany({ where: { dealId: id } });
    await remind(tomorrow());
    expect(await started()).not.toContain(id);
    expect((await sprintOf(TOM)).lines?.join(' ')).toContain('1 put off');
    ahead += 5000;
    expect((await nudge({ id })).text).toBe('Asked Tom Keller for a word on 1 deal.');
    expect(await started()).toContain(id);
    // It waits for a word: it is not said to be out of the sprint as well.
    expect((await sprintOf(TOM)).lines?.join(' ')).not.toContain('put off');
    const all = (await house.act('sprint', { do: 'start' }, { as: TOM })).reply as Form;
    const { reply } = await house.act('sprint', { ...all.input, do: 'show', rest: id }, { as: TOM });
    expect((reply as Form).intro).toContain('Mina Okafor asks for a word on it.');
    ahead += 5000;
    await remind(tomorrow());
    expect(await started()).not.toContain(id);
    expect((await sprintOf(TOM)).lines?.join(' ')).toContain('1 put off');
    await remind('never');
    const helpOn = async (topic: string) =>
      ((await house.act('help', { topic }, { as: TOM })).reply as Note).lines?.join(' ');
    expect(await helpOn('nudge')).toContain('also where they had put it off');
    expect(await helpOn('remind')).toContain('it is back in your sprint');
  });
});
