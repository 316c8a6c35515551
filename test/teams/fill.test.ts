// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fill, isJson } from '../../src/teams/fill.ts';
import { limitErrors } from '../../src/teams/limits.ts';
import { parseErrors } from '../support/teams-screen.ts';

describe('a template', () => {
  test('takes its values by path; one that stands alone keeps its type', () => {
    const template = { text: '${who.name}: ${count} of ${all}', all: '${all}', data: '${data}', is: '${is}' };
    const data = { who: { name: 'Ana' }, count: 2, all: 9, data: { ace: [1] }, is: false };
    expect(fill(template, data)).toEqual({ text: 'Ana: 2 of 9', all: 9, data: { ace: [1] }, is: false });
  });

  test('is drawn once for each of its data, whose paths start there; $index counts', () => {
    const items = [
      { type: 'Head' },
      { $data: '${people}', text: '${$index} ${name}', rows: [{ $data: '${deals}', id: '${id}' }] },
    ];
    const people = [
      { name: 'Ana', deals: [{ id: 'O1' }, { id: 'O2' }] },
      { name: 'Tom', deals: [] },
    ];
    expect(fill({ items }, { people })).toEqual({
      items: [
        { type: 'Head' },
        { text: '0 Ana', rows: [{ id: 'O1' }, { id: 'O2' }] },
        { text: '1 Tom', rows: [] },
      ],
    });
  });

  test('leaves out what is not when, and asks nothing else of its data', () => {
    const body = [
      { $when: '${is}', text: '${text}' },
      { $when: '${isNot}', text: '${nothing.there}' },
    ];
    expect(fill({ body }, { is: true, isNot: false, text: 'x' })).toEqual({ body: [{ text: 'x' }] });
  });

  test('asks when of each of the repeated', () => {
    const body = [{ $data: '${all}', $when: '${is}', text: '${text}' }];
    const all = [
      { is: true, text: 'a' },
      { is: false, text: 'b' },
    ];
    expect(fill({ body }, { all })).toEqual({ body: [{ text: 'a' }] });
  });

  test.each([
    ['a path that is not there', { text: '${nobody}' }],
    ['a path through what is no object', { text: '${name.first}' }],
    ['a path that only its prototype knows', { text: '${constructor}' }],
    ['an index where nothing is repeated', { text: '${$index}' }],
    ['a $when that is neither true nor false', { body: [{ $when: '${name}' }] }],
  ])('is refused for %s', (_, template) => {
    expect(() => fill(template, { name: 'Ana' })).toThrow(/A template asks/);
  });

  test('never reads what stands in its data', () => {
    const data = { name: '${secret} $& $1', secret: 'x', list: [{ $data: '${secret}', $when: false }] };
    expect(fill({ text: 'Hello ${name}', list: '${list}' }, data)).toEqual({
      text: 'Hello ${secret} $& $1',
      list: data.list,
    });
  });
});

describe('the templates in cards/', () => {
  const folder = path.join(import.meta.dirname, '../../cards');
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const read = (name: string) => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));

  test('are the five we draw with, each with a sample for the Designer', () => {
    expect(names).toEqual(['card.json', 'fields.json', 'form.json', 'list.json', 'note.json']);
    expect(readdirSync(path.join(folder, 'samples'))).toEqual(names);
  });

  test.each(names)('%s is a card of version 1.5 that its sample fills', (name) => {
    const template = read(name);
    expect(template).toMatchObject({ type: 'AdaptiveCard', version: '1.5' });
    const { $schema, ...card } = fill(template, read(`samples/${name}`)) as Record<string, unknown>;
    expect($schema).toBe('http://adaptivecards.io/schemas/adaptive-card.json');
    expect(parseErrors(card)).toEqual([]);
    expect(isJson(card) && limitErrors(card as never, 'message')).toEqual([]);
  });
});
