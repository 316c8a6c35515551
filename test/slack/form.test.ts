import { afterEach, describe, expect, test } from '@jest/globals';
import { limitErrors } from '../../src/slack/limits.ts';
import { done, type Field, type Form, note, problem, type Reply } from '../../src/views/view.ts';
import { card, eventually, openScene, promised, type Scene } from '../support/slack-door.ts';
import { moveOn, send, submitBody } from '../support/slack-requests.ts';
import { buttonsOf, fieldsOf, screenOf } from '../support/slack-screen.ts';
import type { Message, View } from '../support/slack-workspace.ts';

const open: Scene[] = [];
afterEach(async () => {
  for (const it of open.splice(0)) {
    expect(it.workspace.refused).toEqual([]);
    await it.close();
  }
});

const QUICK = { commit: 100, answer: 1000 };
const nextStep: Field = { id: 'nextStep', kind: 'text', label: 'Next step', maxLength: 10 };
const form = (more: Partial<Form> = {}): Form => ({
  kind: 'form',
  verb: 'next-step',
  title: 'Next step for Acme',
  submit: 'Save',
  intro: ['AWS reads this.'],
  fields: [nextStep],
  input: { id: 'O1' },
  ...more,
});
const withButton = card({
  buttons: [{ verb: 'next-step', label: 'Next step…', input: { id: 'O1' }, opens: 'form' }],
});
const saved = card({ progress: 'working', status: 'Saving the next step…' });

/** The desk's answers, one after the other; the last one stays. */
async function scene(
  script: (Reply | Promise<Reply>)[],
  more: Parameters<typeof openScene>[1] = {},
): Promise<Scene> {
  let turn = 0;
  const it = await openScene(() => script[Math.min(turn++, script.length - 1)] ?? note(''), more);
  open.push(it);
  return it;
}

const viewOf = (it: Scene): View => {
  const view = it.workspace.views.at(-1);
  if (!view) throw new Error('no view is open');
  return view;
};

/** Ana has the card, presses the button, and the form is open. */
async function atForm(
  script: (Reply | Promise<Reply>)[],
  more: Parameters<typeof openScene>[1] = {},
): Promise<{ it: Scene; view: View; message: Message }> {
  const it = await scene([withButton, form(), ...script], more);
  await it.slash('ANA', 'show 1');
  const [message] = it.workspace.messages;
  if (!message) throw new Error('nothing shown');
  await it.press('ANA', message, 'Next step…');
  await eventually('the form', () =>
    it.workspace.views.some((view) => fieldsOf(view.content.blocks).length > 0),
  );
  return { it, view: viewOf(it), message };
}

describe('a form', () => {
  test('several chosen come to the house joined by commas, none as no answer', async () => {
    const options = ['p1', 'p2', 'p3'].map((value) => ({ value, label: `Person ${value}` }));
    const many = form({
      fields: [{ id: 'to', kind: 'choices', label: 'Offer to', options, optional: true, value: 'p2' }],
    });
    const it = await scene([many, note('Offered.'), many, note('Offered.')]);
    for (const [nth, to] of ['p1,p3', ''].entries()) {
      await it.slash('ANA', 'offer 1');
      await eventually('the form', () => it.workspace.views.length > nth);
      await it.submit(viewOf(it), { to });
    }
    expect(it.desk.intents.map(({ input }) => input)).toEqual([{ id: 'O1', to: 'p1,p3' }, { id: 'O1' }]);
  });

  test('another one in the same view is another act, and the same one twice is one', async () => {
    const next = form({ verb: 'transfer', title: 'Transfer' });
    const it = await scene([form(), next, note('Done.'), note('Done.')]);
    await it.slash('ANA', 'next-step 1');
    await eventually('the form', () => it.workspace.views.length > 0);
    await it.submit(viewOf(it), { nextStep: 'Demo' });
    expect(viewOf(it).content.title).toMatchObject({ text: 'Transfer' });
    const second = structuredClone(viewOf(it));
    await it.submit(viewOf(it), { nextStep: 'Demo' });
    await it.submit(second, { nextStep: 'Demo' });
    const keys = it.desk.intents.map(({ key }) => key);
    expect(it.desk.intents.map(({ verb }) => verb)).toEqual(['next-step', 'transfer', 'transfer']);
    expect([keys[0] === keys[1], keys[1] === keys[2]]).toEqual([false, true]);
  });

  test('has other ways on under its fields: a form takes its place, what is said as well, and nothing typed is sent', async () => {
    const others = [
      { verb: 'transfer', label: 'Not mine…', input: { id: 'O1' }, opens: 'form' as const },
      { verb: 'sprint', label: 'Stop here', input: { do: 'stop' }, style: 'primary' as const },
      { verb: 'sprint', label: 'Third', input: {} },
      { verb: 'sprint', label: 'One too many', input: {} },
    ];
    const asked = form({ others });
    const it = await scene([
      asked,
      form({ verb: 'transfer', title: 'Transfer', others }),
      note('5 written.'),
    ]);
    await it.slash('ANA', 'sprint');
    await eventually('the form', () => it.workspace.views.length > 0);
    expect(buttonsOf(viewOf(it).content.blocks).map(({ label }) => label)).toEqual([
      'Not mine…',
      'Stop here',
      'Third',
    ]);
    expect(limitErrors({ view: viewOf(it).content })).toEqual([]);
    await it.press('ANA', viewOf(it), 'Not mine…');
    await eventually('the other form', () => JSON.stringify(viewOf(it).content.title).includes('Transfer'));
    await it.press('ANA', viewOf(it), 'Stop here');
    await eventually('the end', () => screenOf(viewOf(it).content).includes('5 written.'));
    expect(it.workspace.views).toHaveLength(1);
    expect(it.desk.intents.map(({ verb, input }) => [verb, input])).toEqual([
      ['transfer', { id: 'O1' }],
      ['sprint', { do: 'stop' }],
    ]);
  });

  test('opens at once with a word of patience, and is there when the house has answered', async () => {
    const late = promised<Reply>();
    const it = await scene([withButton, late.promise]);
    await it.slash('ANA', 'show 1');
    const [message] = it.workspace.messages;
    if (!message) throw new Error('nothing shown');
    const press = await it.press('ANA', message, 'Next step…');
    expect(press.status).toBe(200);
    await eventually('the view', () => it.workspace.views.length === 1);
    expect(screenOf(viewOf(it).content)).toBe('One moment…');
    late.give(form());
    await eventually('the form', () => screenOf(viewOf(it).content).includes('AWS reads this.'));
    expect(it.desk.intents).toMatchObject([{ verb: 'next-step', input: { id: 'O1' } }]);
  });

  test('shows what there is to say instead of it', async () => {
    const it = await scene([withButton, problem('AWS is reviewing this one.')]);
    await it.slash('ANA', 'show 1');
    await it.press('ANA', it.workspace.messages[0] as Message, 'Next step…');
    await eventually('the note', () =>
      screenOf(it.workspace.views[0]?.content ?? {}).includes('AWS is reviewing this one.'),
    );
  });

  test('opens from typed words; when its trigger died, a button opens it', async () => {
    const it = await scene([form()]);
    const typed = await it.slash('ANA', 'next step for Acme');
    expect(typed.body).toBe('');
    await eventually('the form', () => it.workspace.views.length === 1);
    it.workspace.fail('views.open', { error: 'expired_trigger_id' });
    await it.slash('ANA', 'next step for Acme');
    await eventually('the button', () => it.workspace.messages.length === 1);
    await it.press('ANA', it.workspace.messages[0] as Message, 'Next step for Acme…');
    await eventually('the form', () => it.workspace.views.length === 2);
  });

  test('is the same verb with its input and the answers; the card takes the old one’s place, the view closes', async () => {
    const { it, view, message } = await atForm([saved]);
    await it.submit(view, { nextStep: 'Demo' });
    expect(it.desk.intents.at(-1)).toMatchObject({
      verb: 'next-step',
      input: { id: 'O1', nextStep: 'Demo' },
      key: expect.stringMatching(`^slack:T1:ANA:${view.id}:.+`),
      from: { conversation: 'C1' },
    });
    expect(view.isOpen).toBe(false);
    await eventually('the new card', () => screenOf(message).includes('Saving the next step…'));
    await eventually('the posting', () => it.desk.postings.length === 2);
    expect(it.desk.postings[1]?.ref).toMatchObject({ kind: 'response', inPlace: true, shown: 'working' });
  });

  test('says what is missing or too long beside its field, without asking the house', async () => {
    const { it, view } = await atForm([saved]);
    const asked = it.desk.intents.length;
    await it.submit(view, {});
    expect(view.errors).toEqual({ nextStep: 'Please fill this in.' });
    await it.submit(view, { nextStep: '  \n ' });
    expect(view.errors).toEqual({ nextStep: 'Please fill this in.' });
    await it.submit(view, { nextStep: 'x'.repeat(11) });
    expect(view.errors).toEqual({ nextStep: 'This has 11 characters; at most 10 are taken.' });
    expect(it.desk.intents).toHaveLength(asked);
    await it.submit(view, { nextStep: '👍'.repeat(10) });
    expect(it.desk.intents.at(-1)?.input).toMatchObject({ nextStep: '👍'.repeat(10) });
  });

  test('shows the house’s errors beside their fields, and keeps what was typed', async () => {
    const { it, view } = await atForm([form({ errors: { nextStep: 'Say who does what.' } }), done('Saved.')]);
    await it.submit(view, { nextStep: 'Demo' });
    expect(view.errors).toEqual({ nextStep: 'Say who does what.' });
    expect(view.isOpen).toBe(true);
    await it.submit(view, { nextStep: 'Ana demos' });
    expect(screenOf(view.content)).toBe('✅ Saved.');
  });

  test('asks for one thing more when the house needs it, with what was typed', async () => {
    const closeDate: Field = { id: 'closeDate', kind: 'date', label: 'New close date' };
    const fields: Field[] = [{ ...nextStep, value: 'Demo' } as Field, closeDate];
    const { it, view } = await atForm([form({ fields, errors: { closeDate: 'The stored one is past.' } })]);
    await it.submit(view, { nextStep: 'Demo' });
    expect(fieldsOf(view.content.blocks).map(({ id, value }) => [id, value])).toEqual([
      ['nextStep', 'Demo'],
      ['closeDate', ''],
    ]);
    expect(screenOf(view.content)).toContain('The stored one is past.');
    await it.submit(view, { closeDate: '2026-12-01' });
    expect(it.desk.intents.at(-1)?.input).toEqual({ id: 'O1', nextStep: 'Demo', closeDate: '2026-12-01' });
  });

  test('shows an error that belongs to no field above the form', async () => {
    const { it, view } = await atForm([form({ errors: { id: 'Acme was closed a minute ago.' } })]);
    await it.submit(view, { nextStep: 'Demo' });
    expect(screenOf(view.content)).toContain('Acme was closed a minute ago.');
  });

  test('submitted twice carries one key', async () => {
    const { it, view } = await atForm([saved]);
    const body = submitBody(it.target, view, { nextStep: 'Demo' });
    await Promise.all([send(it.target, { body }), send(it.target, { body })]);
    const keys = it.desk.intents.slice(1).map((intent) => intent.key);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  test('that the house does not answer in time says "not taken" and stays as typed; what comes later is shown', async () => {
    const late = promised<Reply>();
    const { it, view } = await atForm([late.promise], { budget: QUICK });
    const submitted = await it.submit(view, { nextStep: 'Demo' });
    expect(submitted.body).toMatchObject({ response_action: 'errors' });
    expect(view.errors.nextStep).toContain('Not taken, nothing changed');
    expect(view.isOpen).toBe(true);
    late.give(done('Saved after all.'));
    await eventually('the late answer', () => screenOf(view.content).includes('Saved after all.'));
  });

  test('that is not ours any more, and asks nothing, is answered kindly', async () => {
    const { it, view } = await atForm([saved]);
    const blocks = [{ type: 'section', text: { type: 'plain_text', text: 'Post it here?' } }];
    const old = { ...view, content: { ...view.content, blocks, private_metadata: '{"v":"gone"}' } };
    const answered = await send(it.target, { body: submitBody(it.target, old, {}) });
    moveOn(view, answered.body);
    expect(screenOf(view.content)).toContain('I can no longer read this form, and nothing changed.');
  });

  test('leaves its answer in a direct message when there is no way back', async () => {
    const { it, view } = await atForm([saved]);
    it.workspace.fail('response_url', { status: 404 });
    await it.submit(view, { nextStep: 'Demo' });
    await eventually('the direct message', () => it.workspace.seenBy('ANA', 'DANA').length === 1);
  });

  test('opened from a typed command answers below it', async () => {
    const it = await scene([form(), saved]);
    await it.slash('ANA', 'next step for Acme');
    await eventually('the form', () => it.workspace.views.length === 1);
    await it.submit(viewOf(it), { nextStep: 'Demo' });
    await eventually('the card', () => it.workspace.seenBy('ANA', 'C1').length === 1);
    expect(it.workspace.seenBy('BEN', 'C1')).toEqual([]);
  });

  test('opened from a line of a list answers below it, the list stays', async () => {
    const button = {
      verb: 'next-step' as const,
      label: 'Next step…',
      input: { id: 'O1' },
      opens: 'form' as const,
    };
    const items = [{ id: 'O1', title: 'Acme', detail: 'stale', button }];
    const list: Reply = {
      kind: 'list',
      title: 'Desk',
      sections: [{ title: 'Stale', items, total: 1 }],
      empty: '',
    };
    const it = await scene([list, form(), saved]);
    await it.slash('ANA', '');
    await it.press('ANA', it.workspace.messages[0] as Message, 'Next step…');
    await eventually('the form', () => fieldsOf(it.workspace.views[0]?.content.blocks).length > 0);
    await it.submit(viewOf(it), { nextStep: 'Demo' });
    await eventually('the card', () => it.workspace.messages.length === 2);
    expect(it.workspace.seenBy('ANA')[0]).toContain('Desk');
    expect(it.workspace.seenBy('ANA')[1]).toContain('Saving the next step…');
  });

  test('a button inside a view is answered in that view', async () => {
    const { it, view } = await atForm([withButton, note('Nothing yet.')]);
    it.desk.answer = () => card({ buttons: [{ verb: 'history', label: 'History', input: { id: 'O1' } }] });
    await it.slash('ANA', 'x');
    view.content = { ...view.content, callback_id: 'reply', blocks: it.workspace.messages.at(-1)?.blocks };
    it.desk.answer = () => note('Nothing yet.');
    await it.press('ANA', view, 'History');
    await eventually('the note', () => screenOf(view.content) === 'Nothing yet.');
  });
});
