/**
 * Fills the templates in cards/: a subset of the Adaptive Card templating language, so that the Designer opens and edits
 * them. `${path}` (names and dots), `${$index}` within what is repeated, `$data` and `$when` on the elements of a list.
 */

export type Json = Record<string, unknown>;

export const isJson = (it: unknown): it is Json =>
  typeof it === 'object' && it !== null && !Array.isArray(it);

/**
 * A new card; what stands in the data is never read as a template. Where `${path}` is all of a text, the value keeps its
 * type. An element with `$data` is drawn for each of a list, its paths then start there; one whose `$when` is false is left
 * out. @throws for a path that the data does not have, and for a `$when` that is neither true nor false.
 */
export const fill = (template: unknown, data: Json): unknown => fillIn(template, { data });

interface Scope {
  data: unknown;
  index?: number;
}

function fillIn(part: unknown, scope: Scope): unknown {
  if (typeof part === 'string') return fillText(part, scope);
  if (Array.isArray(part)) return part.flatMap((it) => fillElement(it, scope));
  if (!isJson(part)) return part;
  return Object.fromEntries(Object.entries(part).map(([name, it]) => [name, fillIn(it, scope)]));
}

function fillElement(part: unknown, scope: Scope): unknown[] {
  if (!isJson(part)) return [fillIn(part, scope)];
  const { $data, $when, ...element } = part;
  return scopesOf($data, scope)
    .filter((it) => $when === undefined || isTrue($when, it))
    .map((it) => fillIn(element, it));
}

function scopesOf($data: unknown, scope: Scope): Scope[] {
  if ($data === undefined) return [scope];
  const data = fillIn($data, scope);
  return Array.isArray(data) ? data.map((it, index) => ({ data: it, index })) : [{ ...scope, data }];
}

function isTrue($when: unknown, scope: Scope): boolean {
  const is = fillIn($when, scope);
  if (typeof is !== 'boolean')
    throw new Error(`A template asks $when of what is not true or false: ${$when}`);
  return is;
}

function fillText(text: string, scope: Scope): unknown {
  const alone = /^\$\{([^{}]+)\}$/.exec(text)?.[1];
  if (alone !== undefined) return valueAt(alone, scope);
  return text.replace(/\$\{([^{}]+)\}/g, (_, path: string) => String(valueAt(path, scope)));
}

function valueAt(path: string, { data, index }: Scope): unknown {
  if (path === '$index' && index !== undefined) return index;
  return path.split('.').reduce<unknown>((part, name) => {
    if (!isJson(part) || !Object.hasOwn(part, name))
      throw new Error(`A template asks for “${path}”, which its data has not`);
    return part[name];
  }, data);
}
