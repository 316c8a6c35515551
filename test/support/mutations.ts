/** Requests of Slack with something wrong in them, from a seed. */
import type { RawRequest } from './slack-requests.ts';

/** As built, with how it is encoded: fields of a form, JSON in the field `payload`, or JSON. */
export interface Payload {
  kind: 'form' | 'payload' | 'json';
  text: string;
  /** Who sends it. */
  told: string;
}

export interface Mutated {
  request: RawRequest;
  /** What was done to which kind, by whom. */
  told: string;
}

type Tree = null | boolean | number | string | Tree[] | { [key: string]: Tree };

/** mulberry32: the same numbers for the same seed. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const HOSTILE: Tree[] = [
  ...[null, true, 0, -1, 1e308, [], {}, [[]], [null], '', ' ', '0'],
  ...[
    '<!channel>',
    '<@UANA>',
    '<https://evil.example|here>',
    '\u0000',
    '\ud800',
    '\u202eabc',
    '👩‍👩‍👧‍👦'.repeat(50),
  ],
  ...['__proto__', 'constructor', '../../etc/passwd', "'; DROP TABLE deal; --", '{"v":"accept"}'],
  ...['T9', 'U9', 'E9', 'C9', 'D9', 'O7000003', 'engi-0000000000000', '2026-02-31', '-1', '9'.repeat(400)],
  ...[
    'x'.repeat(5_000),
    'x'.repeat(200_000),
    { __proto__: { v: 'accept' } } as Tree,
    { a: { b: { c: [] } } },
  ],
];

/** @param more hostile values of that platform. @returns what mutates one payload after the other. */
export function mutations(seed: number, more: readonly Tree[] = []): (original: Payload) => Mutated {
  const hostile = [...HOSTILE, ...more];
  const next = dice(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  return (original) => {
    const { kind, told } = original;
    if (next() < 0.05) return { request: broken(original, next()), told: `broken ${kind} of ${told}` };
    const tree = decoded(original);
    const done = Array.from({ length: 1 + Math.floor(next() * 3) }, () => change(tree, next, pick, hostile));
    return {
      request: toRequest({ ...original, text: encoded(kind, tree) }),
      told: `${kind} of ${told}: ${done}`,
    };
  };
}

const decoded = ({ kind, text }: Payload): Tree => {
  if (kind === 'json') return JSON.parse(text);
  const fields = new URLSearchParams(text);
  return kind === 'form' ? Object.fromEntries(fields) : JSON.parse(fields.get('payload') ?? '{}');
};

function encoded(kind: Payload['kind'], tree: Tree): string {
  if (kind === 'json') return JSON.stringify(tree);
  if (kind === 'payload') return new URLSearchParams({ payload: JSON.stringify(tree) }).toString();
  const fields = Object.entries((tree ?? {}) as { [key: string]: Tree });
  return new URLSearchParams(
    fields.map(([key, value]): [string, string] => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  ).toString();
}

/** Signed as it is. */
const toRequest = ({ kind, text }: Payload): RawRequest => ({
  body: text,
  ...(kind === 'json' ? { contentType: 'application/json' } : {}),
});

/** Not even what its type says. */
function broken({ text }: Payload, chance: number): RawRequest {
  if (chance < 0.2) return { body: text.slice(0, Math.floor(text.length * chance * 5)) };
  if (chance < 0.4) return { body: text, contentType: 'application/json' };
  if (chance < 0.6) return { body: `payload=%E0%A4%A&${text}` };
  if (chance < 0.8) return { body: `payload=${'['.repeat(5_000)}` };
  return { body: '', contentType: 'text/plain' };
}

/** One member, anywhere, goes, changes or comes twice. */
function change(
  tree: Tree,
  next: () => number,
  pick: <T>(from: readonly T[]) => T,
  hostile: readonly Tree[],
): string {
  const places: { of: Tree[] | { [key: string]: Tree }; key: string; path: string }[] = [];
  const walk = (at: Tree, path: string): void => {
    if (typeof at !== 'object' || at === null) return;
    for (const [key, value] of Object.entries(at)) {
      places.push({ of: at, key, path: `${path}.${key}` });
      walk(value, `${path}.${key}`);
    }
  };
  walk(tree, '');
  const place = places.length > 0 ? pick(places) : undefined;
  if (!place) return 'nothing left';
  const { of, key, path } = place;
  const members = of as { [key: string]: Tree };
  const chance = next();
  if (chance < 0.25) {
    delete members[key];
    return `${path} taken out`;
  }
  if (chance < 0.35) {
    members[`${key}2`] = structuredClone(members[key] ?? null);
    return `${path} twice`;
  }
  if (chance < 0.5) {
    members[key] = structuredClone(members[pick(Object.keys(members))] ?? null);
    return `${path} as another`;
  }
  // A copy: what is changed later must not be changed in all.
  const value = structuredClone(pick(hostile));
  members[key] = value;
  return `${path} = ${JSON.stringify(value)?.slice(0, 30)}`;
}
