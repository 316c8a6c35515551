import { describe, expect, test } from '@jest/globals';
import type { Log } from '../../src/log.ts';
import type { AdaptiveCard, Element } from '../../src/teams/card.ts';
import type { CardPlace } from '../../src/teams/door.ts';
import { createDraw } from '../../src/teams/draw.ts';
import { limitErrors, summaryErrors } from '../../src/teams/limits.ts';
import { note, type Reply } from '../../src/views/view.ts';
import { silentLog } from '../support/databases.ts';
import { screenOf } from '../support/teams-screen.ts';
import { DIALOG, card as deal, form, MESSAGE, ROOM, text as textField } from './samples.ts';

const text = (more: object = {}) => ({ type: 'TextBlock', text: 'x', wrap: true, ...more });
const run = (said: string) => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: said }] });
const facts = (...list: object[]) => ({ type: 'FactSet', facts: list });
const actions = (...list: object[]) => ({ type: 'ActionSet', actions: list });
const data = { ace: { v: 'show', i: {}, k: 'k', o: 'card' } };
const inDialog = { ...data, msteams: { type: 'task/fetch' } };
const submit = (more: object = {}) => ({ type: 'Action.Submit', title: 'Go', data, ...more });
const execute = (more: object = {}) => ({
  ...{ type: 'Action.Execute', verb: 'ace', title: 'Go', data, fallback: submit() },
  ...more,
});
const open = (more: object = {}) => ({
  type: 'Action.OpenUrl',
  title: 'Go',
  url: 'https://a.example',
  ...more,
});
const input = (more: object = {}) => ({ type: 'Input.Text', id: 'f_a', label: 'A', maxLength: 255, ...more });
const choices = (more: object = {}) => ({
  ...{ type: 'Input.ChoiceSet', id: 'f_c', label: 'C', choices: [{ title: 'X', value: 'x' }] },
  ...more,
});
const chart = (more: object = {}) => ({
  ...{ type: 'Chart.HorizontalBar', data: [{ x: 'A', y: 1 }], fallback: facts({ title: 'A', value: '1' }) },
  ...more,
});
const columns = (count: number) => ({
  type: 'ColumnSet',
  columns: Array.from({ length: count }, () => ({ type: 'Column', items: [text()] })),
});
const card = (...body: Element[]): AdaptiveCard => ({ type: 'AdaptiveCard', version: '1.5', body });
const errors = (body: Element[], place: CardPlace['in'] = 'message') => limitErrors(card(...body), place);

describe('the limit checker', () => {
  test('passes a card within every limit, up to the last character', () => {
    const most = Array.from({ length: 4 }, () => execute({ title: 't'.repeat(20) }));
    const body = [
      ...[text(), text({ text: 'a \\*b\\* &lt;c&gt; 1\\. d' }), run('*a* [b](c) <d>'), columns(3)],
      ...[facts({ title: 'A', value: '\\_b\\_' }), actions(...most), input({ value: 'x'.repeat(255) })],
      ...[choices({ value: 'x', isRequired: true, errorMessage: 'Choose.' }), chart()],
      { type: 'Input.Text', id: 'hidden', isVisible: false, value: '{}' },
      { ...actions(open()), id: 'more', isVisible: false },
      actions({ type: 'Action.ToggleVisibility', title: 'More', targetElements: ['more'] }),
    ];
    expect(errors(body)).toEqual([]);
  });

  const wrong: [string, Element[], CardPlace['in']?][] = [
    ['a card over 28 kB', Array.from({ length: 30 }, () => run('x'.repeat(950)))],
    ['an empty card', []],
    ['a kind we do not know', [{ type: 'Media' }]],
    ['a table', [{ type: 'Table', columns: [] }]],
    ['a chart without a fallback', [chart({ fallback: undefined })]],
    ['a chart of what is no number', [chart({ data: [{ x: 'A', y: null }] })]],
    ['markup in what stands for a chart', [chart({ fallback: facts({ title: '*A*', value: '1' }) })]],
    ['text that does not wrap', [text({ wrap: undefined })]],
    ['empty text', [text({ text: '' })]],
    ['an empty text run', [run('')]],
    ['bold in a title', [text({ text: 'a *b*' })]],
    ['a link in a title', [text({ text: '[a](https://evil.example)' })]],
    ['a list in a title', [text({ text: '- a' })]],
    ['a numbered list in a title', [text({ text: '1. a' })]],
    ['HTML in a title', [text({ text: '<b>a</b>' })]],
    ['an entity in a title', [text({ text: 'a &nbsp; b' })]],
    ['markup in a fact', [facts({ title: 'A', value: '**b**' })]],
    ['markup in the name of a fact', [facts({ title: '_A_', value: 'b' })]],
    ['four columns', [columns(4)]],
    ['an unfilled template', [run('Hello ${'.concat('name}'))]],
    ['a mention', [run('<at>Ana</at>')]],
    ['a text function', [run('{{DATE(2026-01-01T00:00:00Z)}}')]],
    ['five actions', [actions(submit(), submit(), submit(), submit(), submit())]],
    ['no action where there should be some', [actions()]],
    ['a title over 20', [actions(submit({ title: 't'.repeat(21) }))]],
    ['no title', [actions(submit({ title: '' }))]],
    ['an action that carries nothing', [actions(submit({ data: {} }))]],
    ['an action that carries too much', [actions(submit({ data: { ace: { i: 'x'.repeat(2000) } } }))]],
    ['another verb', [actions(execute({ verb: 'other' }))]],
    ['no way for older clients', [actions(execute({ fallback: 'drop' }))]],
    [
      'another act for older clients',
      [actions(execute({ fallback: submit({ data: { ace: { v: 'x' } } }) }))],
    ],
    ['an address without https', [actions(open({ url: 'http://a.example' }))]],
    ['an address that runs', [actions(open({ url: 'javascript:alert(1)' }))]],
    ['a switch of nothing', [actions({ type: 'Action.ToggleVisibility', title: 'M', targetElements: [] })]],
    [
      'a switch of what is not there',
      [actions({ type: 'Action.ToggleVisibility', title: 'M', targetElements: ['x'] })],
    ],
    ['an input without a name', [input({ id: undefined })]],
    ['an input without a label', [input({ label: undefined })]],
    ['a required input without words', [input({ isRequired: true })]],
    ['an input without an end', [input({ maxLength: undefined })]],
    ['an input over 4000', [input({ maxLength: 4001 })]],
    ['a value over its length', [input({ maxLength: 2, value: 'abc' })]],
    ['a chosen value that is none', [choices({ value: 'x,y' })]],
    ['a day that is none', [{ type: 'Input.Date', id: 'f_d', label: 'D', value: 'Friday' }]],
    ['the same id twice', [input(), input()]],
    ['Action.Execute in a dialog', [actions(execute())], 'dialog'],
    [
      'Action.Execute in a room',
      [actions(execute({ data: inDialog, fallback: submit({ data: inDialog }) }))],
      'room',
    ],
    ['a press that is answered into a room', [actions(submit())], 'room'],
    ['a dialog over a dialog', [actions(submit({ data: inDialog }))], 'dialog'],
  ];
  test.each(wrong.map((row) => ({ row, what: row[0] })))('finds $what', ({ row: [, body, place] }) => {
    expect(errors(body, place)).toHaveLength(1);
  });

  test('finds another version, and a refresh of what nobody shares', () => {
    const { fallback: _, ...action } = execute();
    const refresh = { action, userIds: ['29:ana'] };
    expect(limitErrors({ ...card(text()), version: '1.6' as '1.5' }, 'message')).toEqual([
      '/version: not 1.5',
    ]);
    expect(limitErrors({ ...card(text()), refresh }, 'room')).toEqual([]);
    expect(limitErrors({ ...card(text()), refresh }, 'message')).toEqual(['/refresh: not in a room']);
    for (const userIds of [[], Array.from({ length: 61 }, (_, nth) => `29:${nth}`)])
      expect(limitErrors({ ...card(text()), refresh: { ...refresh, userIds } }, 'room')).toHaveLength(1);
  });

  test.each([
    ['missing', undefined],
    ['empty', ' '],
    ['over 250', 'x'.repeat(251)],
    ['a mention', '<at>Ana</at>'],
  ])('wants a summary that is not %s', (_, summary) => {
    expect(summaryErrors(summary)).toHaveLength(1);
  });

  test('never repeats what was said', () => {
    const said = [text({ text: 'secret *' }), run('secret <at>'), input({ value: 'secret'.repeat(99) })];
    expect(errors(said).length).toBeGreaterThan(2);
    expect(errors(said).join()).not.toContain('secret');
  });
});

describe('a card that breaks a limit', () => {
  // Nothing a person does makes such a one: so many fields stand in no form of ours.
  const fields = Array.from({ length: 80 }, (_, nth) => textField({ id: `f${nth}`, hint: 'x'.repeat(300) }));
  const huge: Reply = form({ fields });

  test('is an error in development', () => {
    const draw = createDraw(true, silent([]));
    expect(() => draw.card(huge, DIALOG)).toThrow('Teams would not show this: /: over 28000 bytes');
    expect(() => draw.message(huge, MESSAGE)).toThrow('Teams would not show this');
  });

  test('goes out as plain words in production, and is logged without them', () => {
    const log: string[] = [];
    const draw = createDraw(false, silent(log));
    expect(draw.message({ ...huge, intro: ['secret'] }, MESSAGE)).toEqual({
      ...{ type: 'message', text: 'Next step · secret', textFormat: 'plain', summary: 'Next step · secret' },
    });
    expect(screenOf(draw.card(huge, DIALOG))).toContain('This is too long to show here.');
    expect(log).toHaveLength(2);
    expect(log.join()).toMatch(/over 28000 bytes/);
    expect(log.join()).not.toContain('secret');
  });

  test('is none otherwise: the card goes out, with a summary and no text of its own', () => {
    const draw = createDraw(true, silent([]));
    const message = draw.message(deal(), ROOM);
    expect(message).toMatchObject({ type: 'message', summary: expect.stringContaining('Acme') });
    expect(message.text).toBeUndefined();
    expect(message.attachments?.map(({ contentType }) => contentType)).toEqual([
      'application/vnd.microsoft.card.adaptive',
    ]);
    const keys = new Set([1, 2].map(() => JSON.stringify(draw.card(note('x'), DIALOG))));
    expect(keys.size).toBe(1);
    expect(new Set([1, 2].map(() => JSON.stringify(draw.card(deal(), DIALOG)))).size).toBe(2);
  });
});

function silent(lines: string[]): Log {
  const write = (fields: unknown, message?: string): void =>
    void lines.push(JSON.stringify({ fields, message }));
  return { ...silentLog, error: write };
}
