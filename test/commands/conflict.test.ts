/** Somebody else changed it at AWS meanwhile: both values side by side, then keep theirs, put mine, or edit. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { flat, TEAM } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { buttonsOf, fieldsOf } from '../support/slack-screen.ts';

const [PRIYA = '', TOM = ''] = TEAM.users;
const MET = 'Next step: AWS has now “Theirs”, you wanted “Mine”';

describe.each(databases)('on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  /** A next step that waited for the lock, and met another tool's when AWS opened the record. */
  const conflicted = async (company: string, as: string) => {
    const id = await house.idOf(company);
    await house.act('next-step', { id, text: 'Mine', queue: 'yes' }, { as });
    await house.practice.script.edit(id, 'LifeCycle.NextSteps', 'Theirs');
    await house.practice.script.review(id, 'approve');
    await house.aws.sync();
    await house.quiet();
    const change = await house.store.prisma.change.findFirstOrThrow({ where: { dealId: id } });
    expect(change).toMatchObject({ state: 'conflict', found: { nextStep: 'Theirs' } });
    return { id, change: change.id };
  };
  const atAws = async (id: string) =>
    JSON.stringify((await house.practice.world()).opportunities[id]?.record.LifeCycle);
  const sent = async (id: string) => (await house.effects(id)).map(({ value }) => value);
  const typed = async (lines: string, as?: string) => {
    const { text, code } = await house.script(`${lines}\n`, as);
    return { text: flat(text), code };
  };

  test('the card shows both values, and Keep theirs leaves AWS as it is: over, with a name to it, pressed twice or once', async () => {
    const { id, change } = await conflicted('Meridian Bakehouse', PRIYA);
    await house.say('PRIYA', `show ${id}`);
    const card = await house.shows('PRIYA', MET);
    expect(
      buttonsOf(card.blocks)
        .map(({ label }) => label)
        .slice(0, 3),
    ).toEqual(['Keep theirs', 'Put mine', 'Edit…']);
    await Promise.all([house.press('PRIYA', card, 'Keep theirs'), house.press('PRIYA', card, 'Keep theirs')]);
    await house.shows('PRIYA', 'Meridian Bakehouse: AWS keeps what it has. Nothing was sent.');
    await house.quiet();
    expect(await sent(id)).toEqual([]);
    const steps = await house.store.prisma.transition.findMany({
      where: { changeId: change },
      orderBy: { id: 'asc' },
    });
    expect(steps.filter(({ state }) => state === 'cancelled')).toMatchObject([
      { answer: 'kept what AWS has', personId: expect.any(String) },
    ]);
    expect((await typed(`history ${id}`, PRIYA)).text).toContain('Priya Raman: kept what AWS has');
    expect((await typed(`show ${id}`, PRIYA)).text).not.toContain('Keep theirs');
  });

  test('Put mine replaces theirs, once, seen by AWS as a change of what the person has seen', async () => {
    const { id, change } = await conflicted('Tidewater Terminals', PRIYA);
    const press = { change, do: 'mine' };
    const [first, again] = await Promise.all([
      house.act('waiting', press, { as: PRIYA, key: `mine-${change}` }),
      house.act('waiting', press, { as: PRIYA, key: `mine-${change}` }),
    ]);
    expect(again.changeIds).toEqual(first.changeIds);
    await house.quiet();
    expect(await sent(id)).toEqual([{ 'LifeCycle.NextSteps': 'Mine' }]);
    const changes = await house.store.prisma.change.findMany({
      where: { dealId: id },
      orderBy: { seq: 'asc' },
    });
    expect(changes.map(({ state, verb, wish }) => ({ state, verb, wish }))).toMatchObject([
      { state: 'conflict' },
      {
        state: 'confirmed',
        verb: 'next-step',
        wish: { base: { nextStep: 'Theirs' }, set: { nextStep: 'Mine' } },
      },
    ]);
    const late = await house.act('waiting', press, { as: PRIYA });
    expect([late.ok, late.reply]).toMatchObject([
      false,
      { text: 'Tidewater Terminals: that is decided already. “history” shows how.' },
    ]);
  });

  test('Edit… opens the form with mine and both values; what is sent is the rewritten one', async () => {
    const { id } = await conflicted('Polestar Ferries', TOM);
    await house.say('TOM', `show ${id}`);
    await house.press('TOM', await house.shows('TOM', MET), 'Edit…');
    const form = await house.form('TOM');
    expect(fieldsOf(form.content.blocks)).toMatchObject([{ id: 'text', value: 'Mine' }]);
    expect(JSON.stringify(form.content.blocks)).toContain('AWS has now “Theirs”, you wanted “Mine”');
    await house.submit(form, { text: 'x'.repeat(256) });
    expect(form.errors.text).toContain('256');
    await house.submit(form, { text: 'Mine and theirs' });
    await house.quiet();
    expect(await sent(id)).toEqual([{ 'LifeCycle.NextSteps': 'Mine and theirs' }]);
  });

  test('typed by its number in the list of what waits, and by the note that tells of it', async () => {
    const { id } = await conflicted('Gullwing Insurance Mutual', TOM);
    const { text } = await typed('waiting', TOM);
    expect(text).toContain('Somebody else changed it: yours to decide');
    expect(text).toContain(MET);
    const done = await typed('waiting\nwaiting mine 1', TOM);
    expect(done.text).toContain('AWS confirmed the next step: “Mine”');
    expect(await sent(id)).toEqual([{ 'LifeCycle.NextSteps': 'Mine' }]);
    expect((await typed('waiting', TOM)).text).not.toContain('yours to decide');
    const again = await conflictedAtOnce('Northgate Tram Works', PRIYA);
    expect(again.text).toContain('AWS has now “Theirs”, you wanted “Mine”');
    expect(again.text).toContain('“waiting” holds it until you decide');
    const kept = await typed('waiting\nwaiting keep 1', PRIYA);
    expect(kept.text).toContain('Northgate Tram Works: AWS keeps what it has. Nothing was sent.');
  });

  /** Another tool is faster between the person's look and AWS's answer; the person waits at the console. */
  const conflictedAtOnce = async (company: string, as: string) => {
    const id = await house.idOf(company);
    await house.practice.script.edit(id, 'LifeCycle.NextSteps', 'Theirs');
    return typed(`next-step ${id}: Mine`, as);
  };

  test('another ACE user can decide nothing, and hears nothing of it', async () => {
    const { id, change } = await conflicted('Sandpiper Hotels', TEAM.lead);
    for (const input of [{ change }, { id }])
      for (const act of ['keep', 'mine', 'edit']) {
        const { reply, ok } = await house.act('waiting', { ...input, do: act }, { as: TOM });
        expect([ok, reply]).toMatchObject([
          false,
          { text: expect.stringContaining('Nothing of that waits') },
        ]);
      }
    expect(await sent(id)).toEqual([]);
    const { ok } = await house.act('waiting', { change, do: 'keep' }, { as: TEAM.manager });
    expect(ok).toBe(true);
    expect((await typed(`history ${id}`)).text).toContain('Mina Okafor: kept what AWS has');
  });

  test('a conflict nobody may decide any more is refused in words: the deal moved on at AWS', async () => {
    const { id, change } = await conflicted('Foxglove Energy Cooperative', TEAM.lead);
    await house.practice.script.edit(id, 'LifeCycle.Stage', 'Launched');
    await house.aws.sync();
    await house.quiet();
    const { reply, ok } = await house.act('waiting', { change, do: 'mine' });
    expect([ok, reply]).toMatchObject([false, { text: expect.stringContaining('It is launched') }]);
    expect(await atAws(id)).toContain('Theirs');
  });

  test('what cannot be taken back is asked once more when it is typed', async () => {
    const id = await house.idOf('Thistledown Publishing');
    const person = await house.store.prisma.person.findFirstOrThrow({ where: { email: TEAM.lead } });
    const wish = { kind: 'update', base: { stage: 'Prospect' }, set: { stage: 'Closed Lost' } };
    const change = await house.store.prisma.change.create({
      data: {
        ...{ dealId: id, personId: person.id, actKey: 'k', verb: 'next-step', kind: 'update', source: {} },
        ...{ wish, state: 'conflict', found: { stage: 'Qualified' } },
      },
    });
    await house.practice.script.review(id, 'approve');
    await house.aws.sync();
    const { reply, ok } = await house.act('waiting', { change: change.id, do: 'mine' });
    expect([ok, reply]).toMatchObject([
      false,
      {
        text: expect.stringContaining('Stage: AWS has now Qualified, you wanted Closed Lost'),
        lines: [expect.stringContaining('“(yes)”')],
        buttons: [{ label: 'Keep theirs' }, { label: 'Put mine', input: { sure: 'yes' } }],
      },
    ]);
    const rewritten = { ...wish, set: { ...wish.set, nextStep: 'They left us' } };
    await house.store.prisma.change.update({
      where: { id: change.id },
      data: { wish: rewritten, found: { stage: 'Qualified', nextStep: 'Theirs' } },
    });
    const edit = await house.act('waiting', { change: change.id, do: 'edit', text: 'They have left us' });
    expect([edit.ok, edit.reply]).toMatchObject([
      false,
      {
        kind: 'form',
        intro: expect.arrayContaining(['Nobody can take Closed Lost back afterwards.']),
        input: { change: change.id, do: 'edit', sure: 'yes' },
        fields: [{ id: 'text', value: 'They have left us' }],
      },
    ]);
    expect(edit.changeIds).toEqual([]);
    expect(await sent(id)).toEqual([]);
  });
});
