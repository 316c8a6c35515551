/** How a command is typed, read from its `usage` ("reject <deal>: <reason> [(yes)]"): see Command.usage. */

/** What may follow a verb. */
export interface Shape {
  takesDeal: boolean;
  /** The words after the deal, or all of them where there is none: which member of the input they fill. */
  rest?: { name: string; joint: ':' | string };
  /** In parentheses at the end, in any order. */
  parts: Part[];
}

/** "(close <closeDate>)"; without a `name` it is said or not: "(yes)". */
export interface Part {
  word: string;
  name?: string;
}

/** Pure; what it does not know is left out, so that a verb with a grammar of its own may show it in its usage. */
export function shapeOf(usage: string): Shape {
  const after = usage.replace(/^\S+\s*/, '');
  const parts = [...after.matchAll(PART)].map(([, word = '', name]) => ({ word, ...(name ? { name } : {}) }));
  const before = after.replace(PART, ' ');
  const takesDeal = DEAL.test(before);
  const [, joint = '', name] = REST.exec(before.replace(DEAL, '').trim()) ?? [];
  return { takesDeal, parts, ...(name ? { rest: { name, joint } } : {}) };
}

const PART = /\[?\(([a-z][a-z ]*?)(?:\s+<(\w+)>)?\)\]?/g;
const DEAL = /\[<deal>\]|<deal>|\[deal\]/;
const REST = /^\[?(:|[a-z]+)?\s*<(\w+)>\]?$/;

/**
 * Takes the parts off the end of a line; what is no such part stays text. The member whose name ends in "Date" takes a day,
 * `YYYY-MM-DD`, and nothing else.
 */
export function takeParts(
  line: string,
  parts: readonly Part[],
  isDay: (text: string) => boolean,
): { text: string; input: Record<string, string> } {
  const input: Record<string, string> = {};
  let text = line;
  for (let last = lastInParentheses(text); last; last = lastInParentheses(text)) {
    const found = readPart(last.inside, parts, isDay);
    if (!found || found.name in input) break;
    input[found.name] = found.value;
    text = last.before;
  }
  return { text, input };
}

function readPart(inside: string, parts: readonly Part[], isDay: (text: string) => boolean) {
  for (const { word, name } of parts) {
    const [, value] = new RegExp(`^${word}(?:$|\\s*:\\s*|\\s+)([\\s\\S]*)$`, 'i').exec(inside) ?? [];
    if (value === undefined) continue;
    if (!name) return value === '' ? { name: word === 'yes' ? 'sure' : word, value: 'yes' } : undefined;
    if (value === '' || (name.endsWith('Date') && !isDay(value))) return undefined;
    return { name, value };
  }
  return undefined;
}

/** "demo (with (all) of them)" → "demo", "with (all) of them". */
function lastInParentheses(line: string): { before: string; inside: string } | undefined {
  const text = line.trimEnd();
  if (!text.endsWith(')')) return undefined;
  let open = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] === ')') open++;
    if (text[at] === '(') open--;
    if (open === 0) return { before: text.slice(0, at).trimEnd(), inside: text.slice(at + 1, -1).trim() };
  }
  return undefined;
}
