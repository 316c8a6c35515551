/** What somebody typed into a form is never lost: whatever becomes of the form, it is beside the answer or still in its field. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Answer } from '../../src/bot/intent.ts';
import { unknownDeal } from '../../src/pipeline/errors.ts';
import type { SlackOptions } from '../../src/slack/app.ts';
import { type Field, type Form, note, problem, type Reply } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { TEAM } from '../support/house.ts';
import { card, eventually, openScene, promised, type Scene } from '../support/slack-door.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { moveOn, send, submitBody } from '../support/slack-requests.ts';
import { fieldsOf, screenOf } from '../support/slack-screen.ts';
import type { View } from '../support/slack-workspace.ts';

const open: Scene[] = [];
afterEach(async () => {
  for (const it of open.splice(0)) {
    expect(it.workspace.refused).toEqual([]);
    await it.close();
  }
});

const textField: Field = { id: 'text', kind: 'text', label: 'Next step', maxLength: 3000, multiline: true };
const closeDate: Field = { id: 'closeDate', kind: 'date', label: 'New close date' };
const form = (more: Partial<Form> = {}): Form => ({
  ...{ kind: 'form', verb: 'next-step', title: 'Next step', submit: 'Save', fields: [textField] },
  input: { id: 'O1' },
  ...more,
});
const MINE = 'Demo with “Ana”\n& two <others>';
const toldNo = (reply: Reply): Answer => ({ reply, changeIds: [], ok: false });
const pressable = { buttons: [{ verb: 'ask-access', label: 'Ask for access', input: {} }] } as const;

/** Others may install the app, and nobody has. */
const NOWHERE: NonNullable<SlackOptions['install']> = {
  ...{ clientId: '1.2', clientSecret: 'a-client-secret-of-tests', stateSecret: 'a-state-secret' },
  ...{ publicUrl: 'https://desk.partner.example', allowed: [] },
  installations: {
    save: async () => undefined,
    find: async () => undefined,
    noteMember: async () => undefined,
    forget: async () => undefined,
    workspaces: async () => [],
  },
};

async function atForm(
  answer: () => Reply | Answer | Promise<Reply | Answer>,
  more: Partial<SlackOptions> = {},
): Promise<{ it: Scene; view: View }> {
  const it = await openScene(() => form(), more);
  open.push(it);
  await it.slash('ANA', 'next step for Acme');
  await eventually('the form', () => it.workspace.views.length === 1);
  it.desk.answer = answer;
  return { it, view: it.workspace.views[0] as View };
}

describe('what was typed into a form', () => {
  const answers: [string, Reply | Answer][] = [
    [
      'a refusal with something to press',
      toldNo({ ...problem('No access.'), buttons: [...pressable.buttons] }),
    ],
    ['a refusal in several lines', toldNo(problem('No.', ['Because of that.', 'And of this.']))],
    ['a refusal too long for a field', toldNo(problem('No. '.repeat(120)))],
    ['a form with other fields', form({ fields: [closeDate] })],
    ['a form of another kind', form({ verb: 'repair', fields: [{ ...textField, id: 'other' }] })],
    ['the card as it was before', toldNo(card())],
    ['a list to choose from', toldNo({ kind: 'list', title: 'Which?', sections: [], empty: 'None.' })],
  ];
  test.each(answers)('stands below %s', async (_, answer) => {
    const { it, view } = await atForm(() => answer);
    await it.submit(view, { text: MINE });
    expect(view.isOpen).toBe(true);
    expect(screenOf(view.content)).toContain(`You wrote:\n${MINE}`);
  });

  test.each(answers)('stays in its field when %s comes too late', async (_, answer) => {
    const late = promised<Reply | Answer>();
    const { it, view } = await atForm(() => late.promise, { budget: { commit: 100, answer: 1000 } });
    await it.submit(view, { text: MINE });
    expect(view.errors.text).toContain('Please press again');
    late.give(answer);
    // What came would be drawn by now.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(fieldsOf(view.content.blocks)).not.toEqual([]);
    expect(view.errors.text).toContain('Please press again');
  });

  test('counts as said only where it can be read: a short word may stand there by chance', async () => {
    for (const text of ['note', 'No', 'kind', 'problem', 'on']) {
      const { it, view } = await atForm(() => toldNo(problem('No access on this.', ['Because.'])));
      await it.submit(view, { text });
      expect(screenOf(view.content)).toContain(`You wrote:\n${text}`);
    }
  });

  test('is not shown twice where the answer holds it, nor after it was taken', async () => {
    const kept: Reply[] = [
      form({ fields: [{ ...textField, value: MINE } as Field, closeDate] }),
      note('Locked.', ['Waits:', MINE]),
    ];
    for (const reply of kept) {
      const { it, view } = await atForm(() => toldNo(reply));
      await it.submit(view, { text: MINE });
      expect(screenOf(view.content)).not.toContain('You wrote');
    }
    const { it, view } = await atForm(() => note('Taken.'));
    await it.submit(view, { text: MINE });
    expect(screenOf(view.content)).toBe('Taken.');
  });

  test('is given back whole, however long it is', async () => {
    const { it, view } = await atForm(() => toldNo(problem('No.', ['Because.'])));
    const long = '👍'.repeat(1500);
    await it.submit(view, { text: long });
    expect(screenOf(view.content).replaceAll('\n', '')).toContain(long);
  });

  test('stays in a form that can no longer be read, with the reason beside its first field', async () => {
    const { it, view } = await atForm(() => note('never'));
    for (const memory of ['{"v":"gone"}', '{"c":"C1","v":"next-step","i":7}', 'x', '']) {
      const old = { ...view, content: { ...view.content, private_metadata: memory } };
      const answered = await send(it.target, { body: submitBody(it.target, old, { text: MINE }) });
      moveOn(view, answered.body);
      expect(view.isOpen).toBe(true);
      expect(view.errors.text).toContain('What you typed still stands here');
    }
    expect(it.desk.intents).toEqual([]);
  });

  test('stays in its field when the desk fails, and when Slack does not say who that is', async () => {
    const { it, view } = await atForm(() => {
      throw new Error('database gone');
    });
    await it.submit(view, { text: MINE });
    expect(view.errors.text).toContain('Something went wrong on our side');
    const { it: other, view: theirs } = await atForm(() => note('never'));
    other.workspace.users.delete('ANA');
    await other.event({ type: 'user_change', user: { id: 'ANA' } });
    await other.submit(theirs, { text: MINE });
    expect(theirs.errors.text).toContain('Please try again in a minute');
  });

  test('stays in its field where the app is installed no more', async () => {
    const { it, view } = await atForm(() => note('never'), { install: NOWHERE });
    const team = { team: { id: 'T9', domain: 'else' } };
    const answered = await send(it.target, { body: submitBody(it.target, view, { text: MINE }, team) });
    moveOn(view, answered.body);
    expect(view.isOpen).toBe(true);
    expect(view.errors.text).toContain('What you typed still stands here');
  });

  test('in a line stands beside the button, where Slack opens no form any more', async () => {
    const it = await openScene(() => form({ fields: [{ ...textField, value: MINE } as Field] }));
    open.push(it);
    it.workspace.fail('views.open', { error: 'expired_trigger_id' });
    await it.slash('ANA', 'next step for Acme: …');
    await eventually('the button', () => it.workspace.messages.length === 1);
    expect(screenOf(it.workspace.messages[0] ?? {})).toContain(`Next step: ${MINE}`);
  });
});

describe.each(databases)('what was typed into a form of the house, on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(() => house?.stop());

  const STEP = 'Priya sends the offer on Friday';
  async function atStep(company: string): Promise<View> {
    await house.say('PRIYA', `next-step ${await house.idOf(company)}`);
    return house.form('PRIYA');
  }

  test('stays when the deal is theirs no more, which is answered as an unknown deal is', async () => {
    const view = await atStep('Northgate Tram Works');
    await house.store.prisma.$executeRaw`
      UPDATE deal SET owner_email = ${TEAM.team}, submitted_by = NULL, version = version + 1,
        detail = jsonb_set(detail, '{owner,email}', to_jsonb(${TEAM.team}::text))
      WHERE id = ${await house.idOf('Northgate Tram Works')}`;
    await house.submit(view, { text: STEP });
    expect(Object.values(view.errors).join()).toBe(
      unknownDeal(await house.idOf('Northgate Tram Works')).message,
    );
    expect(fieldsOf(view.content.blocks).map(({ id }) => id)).toContain('text');
  });

  test('is given back when they are let in no more', async () => {
    const view = await atStep('Glasswing Biotech');
    const priya = await house.store.prisma.person.findUniqueOrThrow({
      where: { email: TEAM.users[0] ?? '' },
    });
    await house.store.prisma.person.update({ where: { id: priya.id }, data: { role: 'none' } });
    await house.submit(view, { text: STEP, closeDate: '2040-01-31' });
    expect(screenOf(view.content)).toContain('has no access');
    expect(screenOf(view.content)).toContain(`You wrote:\n${STEP}`);
    await house.store.prisma.person.update({ where: { id: priya.id }, data: { role: priya.role } });
  });

  test('goes with the question whether to queue it, when AWS has locked the deal meanwhile', async () => {
    const view = await atStep('Glasswing Biotech');
    const id = await house.idOf('Glasswing Biotech');
    await house.store.prisma.$executeRaw`
      UPDATE deal SET status = 'In review', detail = jsonb_set(detail, '{reviewStatus}', '"In review"'), version = version + 1
      WHERE id = ${id}`;
    await house.submit(view, { text: STEP, closeDate: '2040-01-31' });
    const screen = screenOf(view.content);
    expect(screen).toContain('Queue it');
    expect(screen).toContain(STEP);
  });
});
