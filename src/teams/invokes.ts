/** Activities that wait for an answer's body, by their names. Pure. */
import { z } from 'zod';
import type { What } from './activity.ts';
import { written } from './said.ts';

/** With the thread of a message that was chosen. Undefined where the value has no shape we know. */
type Read = What | (What & { thread: string }) | undefined;

const text = z.string();
const id = text.min(1).max(1000);
const executed = z.object({
  action: z.looseObject({ data: z.unknown().optional() }),
  trigger: text.nullish(),
});
const dialog = z.object({ data: z.unknown().optional() });
const typing = z.object({
  dataset: text.max(3000),
  queryText: text.max(1000).nullish(),
  data: z.unknown().optional(),
});
const query = z.object({
  commandId: text,
  parameters: z.array(z.looseObject({ name: text, value: z.union([text, z.boolean()]).nullish() })).nullish(),
});
const pasted = z.object({ url: text.max(3000) });
const chosen = z.object({ messagePayload: z.looseObject({ id, replyToId: id.nullish() }) });
const marked = z.object({
  commandId: text,
  messagePayload: chosen.shape.messagePayload.extend({
    body: z.looseObject({ content: text.max(200_000).nullish(), contentType: text.nullish() }).nullish(),
  }),
});

/** By the activity's name. Undefined where its value has another shape. */
export const ofInvoke = (name: string, value: unknown): Read => INVOKES.get(name)?.(value);

const INVOKES = new Map<string, (value: unknown) => Read>([
  [
    'adaptiveCard/action',
    (value) => {
      const { data } = executed.safeParse(value);
      return data && { kind: 'press', data: data.action.data, isRefresh: data.trigger === 'automatic' };
    },
  ],
  ['task/fetch', (value) => opened(value, 'fetch')],
  ['task/submit', (value) => opened(value, 'submit')],
  [
    'composeExtension/submitAction',
    (value) => {
      const it = opened(value, 'submit');
      const { messagePayload: message } = chosen.safeParse(value).data ?? {};
      return it && message ? { ...it, thread: message.replyToId ?? message.id } : it;
    },
  ],
  [
    'application/search',
    (value) => {
      const { data: it } = typing.safeParse(value);
      return it && { kind: 'typeahead', dataset: it.dataset, query: it.queryText ?? '', data: it.data };
    },
  ],
  [
    'composeExtension/query',
    (value) => {
      const { data: it } = query.safeParse(value);
      // `initialRun` comes before anything was typed.
      const typed = it?.parameters?.find(({ name }) => name !== 'initialRun')?.value;
      return it && { kind: 'search', command: it.commandId, query: typeof typed === 'string' ? typed : '' };
    },
  ],
  [
    'composeExtension/queryLink',
    (value) => {
      const { data: it } = pasted.safeParse(value);
      return it && { kind: 'link', url: it.url };
    },
  ],
  [
    'composeExtension/fetchTask',
    (value) => {
      const { data: it } = marked.safeParse(value);
      if (!it) return undefined;
      const { body, id: own, replyToId: root } = it.messagePayload;
      const words = written(body?.content ?? '', body?.contentType !== 'text');
      return { kind: 'message', command: it.commandId, text: words, thread: root ?? own };
    },
  ],
]);

function opened(value: unknown, kind: 'fetch' | 'submit'): What | undefined {
  const { data } = dialog.safeParse(value);
  return data && { kind, data: data.data };
}
