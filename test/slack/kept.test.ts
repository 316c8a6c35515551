/** What somebody typed into a form stays theirs: through every error, lock and conflict it is on the screen, or a press away. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { flat, TEAM, until } from '../support/house.ts';
import { promised } from '../support/slack-door.ts';
import { type Id, openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { moveOn, send, submitBody } from '../support/slack-requests.ts';
import { buttonsOf, fieldsOf, screenOf } from '../support/slack-screen.ts';
import type { View } from '../support/slack-workspace.ts';

const [PRIYA = '', TOM = '', LUCIA = ''] = TEAM.users;
const TEXT = 'Demo with Ana & her team <next week>: 3 *sites*';

describe.each(databases)('on $name', (database) => {
  const budget = { commit: 1500, answer: 2200 };
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database, {}, { budget });
  });
  beforeEach(() => void Object.assign(budget, { commit: 1500, answer: 2200 }));
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  const changes = (dealId: string) =>
    house.store.prisma.change.findMany({ where: { dealId }, orderBy: { seq: 'asc' } });
  const sent = async (id: string) => (await house.effects(id)).map(({ value }) => value);
  /** The customer of an open deal of that owner which AWS has not locked, and whose close date is not past. */
  const unlocked = async (ownerEmail: string, ...not: string[]): Promise<string> => {
    const { company } = await house.store.prisma.deal.findFirstOrThrow({
      where: {
        ...{ ownerEmail, kind: 'opportunity', company: { notIn: [...not, 'Ravensworth Glass Works'] } },
        status: { in: ['Approved', 'Pending Submission'] },
        stage: { notIn: ['Launched', 'Closed Lost'] },
        closeDate: { gt: new Date() },
      },
      orderBy: { id: 'asc' },
    });
    return company;
  };
  /** The form that comes of it; those of before are closed. */
  const asked = async (user: Id, words: string): Promise<View> => {
    for (const view of house.workspace.views) view.isOpen = false;
    await house.say(user, words);
    return house.form(user);
  };
  const nextStep = async (user: Id, company: string): Promise<{ id: string; form: View }> => {
    const id = await house.idOf(company);
    return { id, form: await asked(user, `next-step ${id}`) };
  };
  /** Slack keeps what is typed in a view that it is not told to change. */
  const staysAsTyped = async (form: View, answers: Record<string, string>): Promise<string> => {
    const before = form.content;
    await house.submit(form, answers);
    expect([form.isOpen, form.content === before]).toEqual([true, true]);
    return Object.values(form.errors).join('\n');
  };

  test('what is wrong stands beside its field; mended, it goes out once', async () => {
    const { id, form } = await nextStep('PRIYA', 'Northgate Tram Works');
    expect(await staysAsTyped(form, { text: 'x'.repeat(256) })).toContain('256');
    expect(await staysAsTyped(form, { text: ' ' })).toBe('Please fill this in.');
    await house.submit(form, { text: TEXT });
    expect(form.isOpen).toBe(false);
    await house.quiet();
    expect(await sent(id)).toEqual([{ 'LifeCycle.NextSteps': TEXT }]);
  });

  test('what the house finds wrong too, and where it asks for one thing more the rest is filled in', async () => {
    const id = await house.idOf('Palisade Mutual Bank');
    const form = await asked('TOM', `change-stage ${id}`);
    await house.submit(form, { stage: 'Closed Lost', nextStep: TEXT });
    expect(fieldsOf(form.content.blocks).find((it) => it.id === 'nextStep')?.value).toBe(TEXT);
    const answers = { closedLostReason: 'Price', closeDate: '2001-01-01', nextStep: TEXT };
    expect(await staysAsTyped(form, answers)).not.toBe('');
    expect(Object.keys(form.errors)).toEqual(['closeDate']);
    expect(await changes(id)).toEqual([]);
  });

  describe('when the database is late', () => {
    test('"not taken" stands beside the first field, nothing is written, and the same submit works again', async () => {
      const { id, form } = await nextStep('TOM', 'Saffron Road Foods');
      budget.commit = -1;
      expect(await staysAsTyped(form, { text: TEXT })).toContain('Not taken, nothing changed');
      expect(Object.keys(form.errors)).toEqual(['text']);
      expect(await changes(id)).toEqual([]);
      budget.commit = 1500;
      await house.submit(form, { text: TEXT });
      expect(form.isOpen).toBe(false);
      expect((await changes(id)).map(({ wish }) => wish)).toMatchObject([{ set: { nextStep: TEXT } }]);
    });

    test('so too when the answer itself is late; what comes afterwards covers nothing', async () => {
      const { id, form } = await nextStep('TOM', await unlocked(TOM, 'Saffron Road Foods'));
      const { handle } = house.desk;
      const gate = promised<void>();
      house.desk.handle = async (intent, until) => {
        house.desk.handle = handle;
        await gate.promise;
        return handle(intent, until);
      };
      Object.assign(budget, { commit: 50, answer: 100 });
      const body = submitBody(house.target, form, { text: TEXT });
      const before = form.content;
      moveOn(form, (await send(house.target, { body })).body);
      expect(form.errors.text).toContain('Not taken, nothing changed: ace-desk could not answer in time');
      gate.give();
      await house.quiet();
      expect([form.isOpen, form.content === before, await changes(id)]).toEqual([true, true, []]);
      Object.assign(budget, { commit: 1500, answer: 2200 });
      moveOn(form, (await send(house.target, { body })).body);
      await send(house.target, { body });
      await house.quiet();
      expect([form.isOpen, await sent(id)]).toEqual([false, [{ 'LifeCycle.NextSteps': TEXT }]]);
    });
  });

  describe('when AWS has locked the deal meanwhile', () => {
    const atLock = async (company: string) => {
      const { id, form } = await nextStep('LUCIA', company);
      await house.practice.script.startReview(id);
      await house.aws.sync();
      await house.submit(form, { text: TEXT });
      expect(screenOf(form.content)).toContain(TEXT);
      return { id, form };
    };

    test('queued, the very text waits; dropped, nothing does', async () => {
      const first = await unlocked(LUCIA);
      const queued = await atLock(first);
      await house.press('LUCIA', queued.form, 'Queue it');
      expect(await changes(queued.id)).toMatchObject([
        { state: 'waiting', wish: { set: { nextStep: TEXT } } },
      ]);
      const dropped = await atLock(await unlocked(LUCIA, first));
      await house.press('LUCIA', dropped.form, 'Drop it');
      await until('the word', () => screenOf(dropped.form.content).includes('Dropped. Nothing was sent'));
      expect(await changes(dropped.id)).toEqual([]);
    });
  });

  test('where somebody else changed the same: both values on the card, and mine in “Edit…”, also after an error', async () => {
    const id = await house.idOf('Meridian Bakehouse');
    await house.act('next-step', { id, text: TEXT, queue: 'yes' }, { as: PRIYA });
    await house.practice.script.edit(id, 'LifeCycle.NextSteps', 'Theirs');
    await house.practice.script.review(id, 'approve');
    await house.aws.sync();
    await house.quiet();
    await house.say('PRIYA', `show ${id}`);
    const card = await house.shows('PRIYA', `AWS has now “Theirs”, you wanted “${TEXT}”`);
    await house.press('PRIYA', card, 'Edit…');
    const form = await house.form('PRIYA');
    expect(fieldsOf(form.content.blocks)).toMatchObject([{ id: 'text', value: TEXT }]);
    expect(screenOf(form.content)).toContain('AWS has now “Theirs”');
    budget.commit = -1;
    expect(await staysAsTyped(form, { text: `${TEXT}, and theirs` })).toContain('Not taken');
    budget.commit = 1500;
    await house.submit(form, { text: `${TEXT}, and theirs` });
    await house.quiet();
    expect(await sent(id)).toEqual([{ 'LifeCycle.NextSteps': `${TEXT}, and theirs` }]);
  });

  test('when the deal is somebody else’s meanwhile: told as of an unknown one, the text still there to copy', async () => {
    const { id, form } = await nextStep('TOM', 'Polestar Ferries');
    await house.store.prisma.deal.update({
      where: { id },
      data: { ownerEmail: PRIYA, submittedBy: null, version: { increment: 1 } },
    });
    const { detail } = await house.store.prisma.deal.findUniqueOrThrow({ where: { id } });
    const moved = {
      ...(detail as object),
      owner: { name: 'Priya Raman', email: PRIYA },
      submittedBy: undefined,
    };
    await house.store.prisma.deal.update({
      where: { id },
      data: { detail: JSON.parse(JSON.stringify(moved)) },
    });
    const told = await staysAsTyped(form, { text: TEXT });
    expect(told).toBe(`I know no deal “${id}”. Try “list” or “desk” to see what is yours.`);
    expect(await changes(id)).toEqual([]);
  });

  test('when AWS gives us the deal no more: told so, the text still there to copy', async () => {
    const { id, form } = await nextStep('ANA', 'Tidewater Terminals');
    await house.store.prisma.deal.update({ where: { id }, data: { goneAt: new Date() } });
    expect(await staysAsTyped(form, { text: TEXT })).toBe(`AWS no longer gives us ${id}: it is lost.`);
    expect(await changes(id)).toEqual([]);
  });

  test('when the role is lost meanwhile: told so, and once it is given back “Go on” brings the very text', async () => {
    const { id, form } = await nextStep('TOM', 'Ravensworth Glass Works');
    await house.act('people', { what: `revoke ${TOM} (yes)` });
    await house.submit(form, { text: TEXT });
    expect(screenOf(form.content)).toContain('has no access to ace-desk, so nothing was done');
    expect(await changes(id)).toEqual([]);
    await house.press('TOM', form, 'Ask for access');
    await house.act('people', { what: `grant ${TOM}: ACE user` });
    const welcome = await house.shows('TOM', /ACE user/);
    expect(buttonsOf(welcome.blocks).map(({ label }) => label)).toContain('Go on');
    await house.press('TOM', welcome, 'Go on');
    await house.quiet();
    expect(await sent(id)).toEqual([{ 'LifeCycle.NextSteps': TEXT }]);
    expect(flat((await house.script(`show ${id}\n`, TOM)).text)).toContain('3 *sites*');
  });
});
