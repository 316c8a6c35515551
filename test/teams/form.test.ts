import { describe, expect, test } from '@jest/globals';
import { fromData, hiddenIn } from '../../src/teams/button.ts';
import type { AdaptiveCard } from '../../src/teams/card.ts';
import { limitErrors, MAX } from '../../src/teams/limits.ts';
import type { Field, Option } from '../../src/views/view.ts';
import { buttonsOf, fieldsOf, list, screenOf } from '../support/teams-screen.ts';
import { DIALOG, drawn, errorsOf, form, KEY, text } from './samples.ts';

const options = (count: number): Option[] =>
  Array.from({ length: count }, (_, nth) => ({ value: `v${nth}`, label: `Choice ${nth}` }));
/** The elements around the fields, each field's in one container. */
const containers = (card: AdaptiveCard) => {
  const [all] = card.body.filter(({ type, items }) => type === 'Container' && Array.isArray(items));
  return list(all?.items).map(({ items }) => list(items));
};
const inputs = (...fields: Field[]) => containers(drawn(form({ fields }))).map(([input]) => input);

describe('a form', () => {
  test('says how long an answer may be, and starts with what is known', () => {
    const card = drawn(
      form({
        fields: [
          text({ value: 'Demo 👍' }),
          { id: 'd', kind: 'date', label: 'Close date', value: '2026-11-28', optional: true },
          { id: 'c', kind: 'choice', label: 'Stage', options: options(3), value: 'v1' },
          { id: 'm', kind: 'choices', label: 'Offer to', options: options(3), value: 'v0,v2' },
        ],
      }),
    );
    expect(fieldsOf(card)).toEqual([
      { id: 'f_nextStep', label: 'Next step (up to 255 characters)', type: 'Input.Text', value: 'Demo 👍' },
      { id: 'f_d', label: 'Close date – optional', type: 'Input.Date', value: '2026-11-28' },
      { id: 'f_c', label: 'Stage', type: 'Input.ChoiceSet', value: 'v1' },
      { id: 'f_m', label: 'Offer to', type: 'Input.ChoiceSet', value: 'v0,v2' },
    ]);
    expect(limitErrors(card, 'message')).toEqual([]);
  });

  test('says all there is to know before its press, however many lines, and stays within what a card holds', () => {
    const lines = (it: string) => [
      ...Array.from({ length: 60 }, (_, nth) => `${nth} ${it}.`),
      'No way back.',
    ];
    const shown = (it: string) => screenOf(drawn(form({ intro: lines(it), fields: [] }), DIALOG)).split('\n');
    expect(shown('goes to Tom Keller')).toEqual(expect.arrayContaining(lines('goes to Tom Keller')));
    const long = 'x'.repeat(590);
    const cut = shown(long);
    expect(cut.filter((it) => /^\d+ x+…$/.test(it))).toHaveLength(60);
    expect(cut).toContain('No way back.');
    for (const it of [long, '👍'.repeat(590)])
      expect(errorsOf(form({ intro: lines(it).slice(-30), fields: [] }))).toEqual([]);
    expect(errorsOf(form({ intro: lines(long), fields: [] }))).toEqual([]);
  });

  test('carries its act, how long answers may be, and which fields must be filled in', () => {
    const fields = [text(), text({ id: 'note', optional: true, maxLength: 80 })];
    const [send] = buttonsOf(drawn(form({ fields })));
    expect(send).toMatchObject({ type: 'Action.Execute', verb: 'ace', title: 'Save' });
    expect(send).not.toHaveProperty('associatedInputs');
    const sent = { ...(send?.data as object), f_nextStep: 'Demo', f_note: '', other: 'x', f_odd: { a: 1 } };
    expect(fromData(sent)).toEqual({
      kind: 'submit',
      submit: {
        ...{ v: 'next-step', i: { id: 'O1' }, k: `${KEY}.0`, s: 1 },
        ...{ m: { nextStep: 255, note: 80 }, q: ['nextStep'] },
      },
      answers: { nextStep: 'Demo' },
    });
  });

  test('in a dialog is sent by Action.Submit, and its title stands in the bar alone', () => {
    const card = drawn(form({ intro: ['AWS reads this.'] }), DIALOG);
    expect(buttonsOf(card).map(({ type }) => type)).toEqual(['Action.Submit']);
    expect(screenOf(card)).toMatch(/^AWS reads this\./);
    expect(screenOf(drawn(form()))).toMatch(/^Next step\n/);
  });

  test('has other ways on beside its own: they carry no answers, and in a message they work on every client', () => {
    const others = ['Not mine…', 'Skip until…', 'Stop here', 'One too many'].map((label, nth) => ({
      ...{ verb: 'sprint', label, input: { do: `${nth}` } },
      ...(nth === 0 ? { opens: 'form' as const } : {}),
    }));
    for (const place of [DIALOG, undefined] as const) {
      const card = drawn(form({ others }), place);
      const [send, ...ways] = buttonsOf(card);
      expect(send?.title).toBe('Save');
      expect(ways.map(({ title }) => title)).toEqual(['Not mine…', 'Skip until…', 'Stop here']);
      for (const way of ways) {
        expect(way).toMatchObject({ associatedInputs: 'none' });
        expect(fromData(way.data)).toMatchObject({ kind: 'press', press: { v: 'sprint', o: 'form' } });
        if (way.type === 'Action.Execute') expect(way.fallback).toMatchObject({ associatedInputs: 'none' });
      }
      expect(limitErrors(card, place ? 'dialog' : 'message')).toEqual([]);
    }
  });

  test('shows each error directly under its field, the hint below; one of no field stands above', () => {
    const fields = [text({ hint: 'Who does what, by when' }), text({ id: 'b', label: 'B' })];
    const errors = { nextStep: 'Say *who* does what.', id: 'Acme was closed a minute ago.' };
    const card = drawn(form({ fields, errors }), DIALOG);
    const [first = [], second = []] = containers(card);
    expect(first.map(({ type }) => type)).toEqual(['Input.Text', 'RichTextBlock', 'RichTextBlock']);
    expect(list(first[1]?.inlines)).toMatchObject([{ text: '⚠️ Say *who* does what.', color: 'Attention' }]);
    expect(second).toHaveLength(1);
    expect(screenOf(card)).toMatch(/^⚠️ Acme was closed a minute ago\./);
    expect(errorsOf(form({ fields, errors }))).toEqual([]);
  });

  test('asks for what is required, in words', () => {
    const fields: Field[] = [
      text(),
      { id: 'd', kind: 'date', label: 'D' },
      { id: 'c', kind: 'choice', label: 'C', options: options(2) },
      text({ id: 'o', optional: true }),
    ];
    expect(inputs(...fields).map((it) => [it?.isRequired, it?.errorMessage])).toEqual([
      [true, 'Please fill this in.'],
      [true, 'Please choose a day.'],
      [true, 'Please choose.'],
      [false, 'Please fill this in.'],
    ]);
  });

  test('keeps an emoji answer of full length whole, and one that is too long as well', () => {
    for (const value of ['👍'.repeat(255), 'x'.repeat(900), 'two\nlines'])
      expect(fieldsOf(drawn(form({ fields: [text({ value })] })))[0]?.value).toBe(value);
    const huge = text({ value: 'x'.repeat(100_000) });
    expect(errorsOf(form({ fields: [huge] }))).toEqual([]);
  });

  test('forgets a choice that is none any more, and a day that is none', () => {
    const [choice, day] = inputs(
      { id: 'c', kind: 'choice', label: 'C', options: options(2), value: 'gone' },
      { id: 'd', kind: 'date', label: 'D', value: 'Friday' },
    );
    expect([choice?.value, day?.value]).toEqual([undefined, undefined]);
  });
});

describe('a long choice', () => {
  const long = (more: object = {}): Field => ({
    ...{ id: 'to', kind: 'choice', label: 'New owner', options: options(MAX.options + 1) },
    ...more,
  });

  test('among few shows all; among some it can be filtered', () => {
    const [few, some] = inputs(long({ options: options(3) }), long({ options: options(30) }));
    expect([few?.style, some?.style]).toEqual(['compact', 'filtered']);
    expect(list(some?.choices)).toHaveLength(30);
  });

  test('with a source asks for its options while somebody types; who is chosen stands there', () => {
    const [input] = inputs(long({ source: 'people', value: 'v7' }));
    expect(input).toMatchObject({
      ...{ style: 'filtered', value: 'v7', choices: [{ title: 'Choice 7', value: 'v7' }] },
      'choices.data': { type: 'Data.Query', dataset: 'people', associatedInputs: 'auto' },
    });
  });

  test('sends the form’s own input along with the question, whatever stands in it', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template, as somebody might write it
    const input = { id: 'O1', said: '${x} {{DATE(1)}} <at>x</at> "\\' };
    const card = drawn(form({ fields: [long({ source: 'people' })], input }));
    expect(limitErrors(card, 'message')).toEqual([]);
    const hidden = card.body.find(({ isVisible }) => isVisible === false);
    expect(hiddenIn({ [String(hidden?.id)]: hidden?.value, f_to: 'v1' })).toEqual(input);
    for (const data of [undefined, {}, { ace_input: '{' }, { ace_input: '[1]' }, { ace_input: '{"id":1}' }])
      expect(hiddenIn(data)).toBeUndefined();
    expect(drawn(form()).body.filter(({ isVisible }) => isVisible === false)).toEqual([]);
  });

  test.each([
    ['without a source', {}],
    ['with a source and no more than that', { source: 'people', options: options(MAX.options) }],
  ])('%s shows all', (_, more) => {
    const [input] = inputs(long(more));
    expect(input).not.toHaveProperty(['choices.data']);
    expect(list(input?.choices).length).toBeGreaterThanOrEqual(MAX.options);
    expect(errorsOf(form({ fields: [long(more)] }))).toEqual([]);
  });

  test('of several keeps the chosen ones', () => {
    const [input] = inputs(long({ kind: 'choices', source: 'offerable', value: 'v3,v100' }));
    expect(input).toMatchObject({ isMultiSelect: true, value: 'v3,v100' });
    expect(list(input?.choices).map(({ value }) => value)).toEqual(['v3', 'v100']);
  });
});
