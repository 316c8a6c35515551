import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { hear } from '../src/bot/words.ts';
import { commands } from '../src/commands/index.ts';
import { VERBS } from '../src/pipeline/verbs.ts';

const NOT_VERBS = ['index', 'command', 'deal'];
const folder = readdirSync(path.join(import.meta.dirname, '../src/commands')).map((name) =>
  name.replace(/\.ts$/, ''),
);

test('the list equals the folder: every command is a file of its verb’s name, and every file is in the list', () => {
  const files = folder.filter((name) => !NOT_VERBS.includes(name)).sort();
  expect(commands.map(({ verb }) => verb).sort()).toEqual(files);
  expect([...VERBS].sort()).toEqual(files);
});

test('a verb stands once, with a summary and a usage that begins with it', () => {
  expect(new Set(commands.map(({ verb }) => verb)).size).toBe(commands.length);
  for (const { verb, usage, summary } of commands) {
    expect(usage.startsWith(verb)).toBe(true);
    expect(summary.length).toBeGreaterThan(10);
  }
});

test('every usage is understood when it is typed as it stands', () => {
  for (const { verb, usage } of commands) {
    const typed = usage
      .replace(/ \[.*\]$/, '')
      .replace('<deal>', 'O123')
      .replace('<text>', 'demo');
    const heard = hear(typed, { now: new Date(0), timeZone: 'UTC', commands });
    expect(heard.kind === 'said' ? heard.said.verb : heard).toBe(verb);
  }
});

test('no command takes more than the house reads: every text is bounded', () => {
  for (const command of commands) {
    const huge = Object.fromEntries(
      ['id', 'text', 'view', 'topic', 'change', 'do', 'page'].map((key) => [key, 'x'.repeat(100_000)]),
    );
    const parsed = command.input.safeParse(huge);
    const kept = parsed.success ? JSON.stringify(parsed.data) : '';
    expect(kept.length).toBeLessThan(5000);
  }
});
