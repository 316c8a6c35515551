/** Which room may import which, read from the sources: a line that crosses a wall fails here. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';

const SRC = path.join(import.meta.dirname, '../src');

/** Room → the rooms of ours it may import, besides itself. `main` stands for the files directly in src/. */
const MAY: Record<string, string[]> = {
  pipeline: [],
  views: ['pipeline'],
  commands: ['pipeline', 'views', 'store'],
  store: ['pipeline', 'views'],
  bot: ['commands', 'pipeline', 'views', 'store'],
  slack: ['bot', 'views', 'pipeline'],
  teams: ['bot', 'views', 'pipeline'],
  console: ['bot', 'views', 'pipeline'],
  'partner-central': ['pipeline', 'store'],
  practice: ['pipeline'],
  schedule: [],
};

/** What the doors into chat have in common: waiting in turn, answering in time, whom they know. */
const CHAT = ['in-time.ts', 'intent.ts', 'kept-profiles.ts', 'turns.ts', 'unsaid.ts'];

/** Of these rooms a door may take only: the conversation's own shapes; plain text and words. */
const ONLY: Record<string, Record<string, string[]>> = {
  slack: { bot: CHAT, pipeline: ['text.ts', 'verbs.ts', 'errors.ts'] },
  teams: { bot: CHAT, pipeline: ['text.ts', 'verbs.ts', 'errors.ts'] },
  console: { bot: ['intent.ts'], pipeline: ['text.ts', 'verbs.ts', 'errors.ts'] },
};

/** A platform's package → the one room that may import it. */
const OWNED: [RegExp, string][] = [
  [/^@slack\//, 'slack'],
  [/^@resvg\//, 'slack'],
  [/^botbuilder/, 'teams'],
  [/^@aws-sdk\//, 'partner-central'],
  [/^(@prisma\/|prisma|pg$|pg-boss|@electric-sql\/|pglite-prisma-adapter)/, 'store'],
  [/^node-cron/, 'schedule'],
  [/^chrono-node/, 'bot'],
];

interface Import {
  file: string;
  room: string;
  what: string;
  line: string;
}

const files = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const full = path.join(folder, name);
    if (statSync(full).isDirectory()) return name === 'generated' ? [] : files(full);
    return name.endsWith('.ts') ? [full] : [];
  });

const roomOf = (file: string): string => {
  const [first = '', ...rest] = path.relative(SRC, file).split(path.sep);
  return rest.length === 0 ? 'main' : first;
};

const imports: Import[] = files(SRC).flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/^.*(?:from|import)\s*\(?\s*'([^']+)'/gm)].map((match) => ({
    file: path.relative(SRC, file),
    room: roomOf(file),
    what: match[1] ?? '',
    line: match[0],
  })),
);

const crossings = imports
  .filter(({ what }) => what.startsWith('.'))
  .map((it) => {
    const target = path.resolve(SRC, path.dirname(it.file), it.what);
    return { ...it, target: roomOf(target), base: path.basename(target) };
  })
  .filter(({ room, target }) => room !== target && room !== 'main');

describe('the walls between the rooms', () => {
  test('the sources were found, and every room is in the table', () => {
    const rooms = [...new Set(imports.map(({ room }) => room))].filter((room) => room !== 'main').sort();
    expect(rooms).toEqual(Object.keys(MAY).sort());
    expect(crossings.length).toBeGreaterThan(100);
  });

  test('a room imports only the rooms it may, and of the root only the shapes of the log and the web', () => {
    const wrong = crossings.filter(({ room, target, base }) =>
      target === 'main' ? !['log.ts', 'web.ts'].includes(base) : !MAY[room]?.includes(target),
    );
    expect(wrong.map(({ file, what }) => `${file} → ${what}`)).toEqual([]);
  });

  test('a door takes of the house only the shapes of the conversation, and text', () => {
    const wrong = crossings.filter(({ room, target, base }) => {
      const only = ONLY[room]?.[target];
      return only && !only.includes(base);
    });
    expect(wrong.map(({ file, what }) => `${file} → ${what}`)).toEqual([]);
  });

  test('the store takes of the views their shapes, and draws nothing', () => {
    const drawn = crossings.filter(
      ({ room, target, line }) => room === 'store' && target === 'views' && !/^import type /.test(line),
    );
    expect(drawn.map(({ file, what }) => `${file} → ${what}`)).toEqual([]);
  });

  test('each platform’s package has one room', () => {
    const wrong = imports.filter(({ room, what }) =>
      OWNED.some(([name, owner]) => name.test(what) && room !== owner),
    );
    expect(wrong.map(({ file, what }) => `${file} → ${what}`)).toEqual([]);
  });

  test('the domain asks no clock and does no I/O', () => {
    const wrong = files(path.join(SRC, 'pipeline')).filter((file) =>
      /Date\.now\(\)|new Date\(\)|Math\.random|process\.|from 'node:/.test(readFileSync(file, 'utf8')),
    );
    expect(wrong).toEqual([]);
  });

  test('only the configuration reads the environment', () => {
    const wrong = files(SRC).filter((file) => /process\.env\b/.test(readFileSync(file, 'utf8')));
    // The SDK's own switch against its version warning is set, not read (partner-central/client.ts).
    expect(wrong.map((file) => path.relative(SRC, file)).sort()).toEqual([
      'config.ts',
      'partner-central/client.ts',
    ]);
  });

  test('what the benchmarks import of the house is there: no compiler reads them', () => {
    const bench = path.join(import.meta.dirname, 'bench');
    const wanted = readdirSync(bench).flatMap((file) =>
      [
        ...readFileSync(path.join(bench, file), 'utf8').matchAll(
          /^import \{ ([^}]+) \} from '\.\.\/\.\.\/dist\/(.+)\.js';$/gm,
        ),
      ].flatMap(([, names = '', module = '']) =>
        names.split(', ').map((it) => ({ file, module, name: it.replace(/ as .*/, '') })),
      ),
    );
    const missing = wanted.filter(
      ({ module, name }) =>
        !new RegExp(`^export (?:async )?(?:function|const) ${name}\\b`, 'm').test(
          readFileSync(path.join(SRC, `${module}.ts`), 'utf8'),
        ),
    );
    expect(wanted.length).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });
});
