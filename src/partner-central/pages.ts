/** Lists that come a page at a time. */
import { at, listAt, valueAt } from './raw.ts';
import type { RawAnswer } from './wire.ts';

/** A line of a list, as far as every list has it. Time stamps verbatim, as text. */
interface Summary {
  Id: string;
  LastModifiedDate?: string;
  ModifiedAt?: string;
}

interface Page extends RawAnswer {
  items: Summary[];
}

type Fetch = (token: string | undefined) => Promise<RawAnswer>;

/** Follows NextToken to the end. A token that repeats itself would never end: it throws. */
export async function* pages(list: string, fetch: Fetch): AsyncGenerator<Page> {
  let token: string | undefined;
  do {
    const page = await fetch(token);
    yield { ...page, items: listAt(page.json, [list]).flatMap((line) => summary(line) ?? []) };
    // Not decoded: a token goes back as it came.
    const next = at(page.json, ['NextToken']);
    if (typeof next === 'string' && next === token) throw new Error('AWS answered the same NextToken twice');
    token = typeof next === 'string' ? next : undefined;
  } while (token);
}

function summary(line: unknown): Summary | undefined {
  // The model allows an ARN in place of an invitation's id.
  const Id = valueAt(line, ['Id'])?.split('/').at(-1);
  const LastModifiedDate = valueAt(line, ['LastModifiedDate']);
  const ModifiedAt = valueAt(line, ['ModifiedAt']);
  if (!Id) return undefined;
  return { Id, ...(LastModifiedDate ? { LastModifiedDate } : {}), ...(ModifiedAt ? { ModifiedAt } : {}) };
}
