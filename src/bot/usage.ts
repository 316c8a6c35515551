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
 * Takes the parts off the end of a line; what is no such part stays text. Whether what a part says can be used (a day, a
 * reason) is for the command to say. Where the line is somebody's own text ("<text>"), "(close to signing)" belongs to it:
 * there a day must at least look like one.
 */
export function takeParts(
  line: string,
  { parts, rest }: Pick<Shape, 'parts' | 'rest'>,
): { text: string; input: Record<string, string> } {
  const input: Record<string, string> = {};
  let text = line;
  for (let last = lastInParentheses(text); last; last = lastInParentheses(text)) {
    const found = readPart(last.inside, parts);
    if (!found || found.name in input) break;
    if (rest?.name === 'text' && found.name.endsWith('Date') && !LIKE_A_DAY.test(found.value)) break;
    input[found.name] = found.value;
    text = last.before;
  }
  return { text, input };
}

const LIKE_A_DAY =
  /\d|^(?:on |by )?(?:today|tomorrow|(?:this |next |coming )?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|in \S+ days?)$/i;

/** A part is called by what it fills as well, one or several: "(countries SE)", "(campaigns webinar)". */
function readPart(inside: string, parts: readonly Part[]) {
  for (const { word, name } of parts) {
    const [, value] =
      new RegExp(`^(?:${name ? `${word}|${name}s?` : word})(?:$|\\s*:\\s*|\\s+)([\\s\\S]*)$`, 'i').exec(
        inside,
      ) ?? [];
    if (value === undefined) continue;
    if (!name) return value === '' ? { name: word === 'yes' ? 'sure' : word, value: 'yes' } : undefined;
    return value === '' ? undefined : { name, value };
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
