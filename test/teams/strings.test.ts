/** What the Teams door says of itself leads on: each line that it names is one that is heard. */
import { expect, test } from '@jest/globals';
import { hear } from '../../src/bot/words.ts';
import * as vocabulary from '../../src/commands/index.ts';
import { INTRODUCTION, WELCOME } from '../../src/teams/strings.ts';

const verbsIn = (lines: readonly string[] = []) =>
  [...lines.join(' ').matchAll(/“([^”]+)”/g)].map(([, line = '']) => {
    const commands = Object.values(vocabulary);
    const heard = hear(line.replace('<deal>', 'Acme'), { now: new Date(0), timeZone: 'UTC', commands });
    return heard.kind === 'said' ? heard.said.verb : `? ${line}`;
  });

test('in a channel it says how a card comes to stand there for all, and where the rest is listed', () => {
  expect(verbsIn(INTRODUCTION.lines)).toEqual(['post', 'help']);
  expect(INTRODUCTION.lines?.join(' ')).toMatch(/who reads along, and what they will see/);
  expect(INTRODUCTION.lines?.join(' ')).toMatch(/the answer comes to you alone/);
});

test('in the chat with somebody it says what to say first, and that a code alone will do', () => {
  expect(verbsIn(WELCOME.lines)).toEqual(['list', 'find', 'help', 'desk', 'link']);
  expect(WELCOME.lines?.join(' ')).toMatch(/type “link” there and send me what it shows, here/);
});
