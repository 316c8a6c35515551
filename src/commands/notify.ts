import { z } from 'zod';
import { type Hearing, kindCalled, NEWS_KINDS, type NewsKind, type QuietHours } from '../pipeline/news.ts';
import { hourCalled } from '../pipeline/schedule.ts';
import { enact } from '../store/changes.ts';
import { hearingOf, setting, type Wanted } from '../store/quiet.ts';
import { ownSchedule } from '../store/subscriptions.ts';
import { hearingNote, noSuchHours, noSuchKind, notifyForm, stopNote, switchedNote } from '../views/notify.ts';
import type { Note } from '../views/view.ts';
import { type Context, command, type Result } from './command.ts';

/** Longer than all kinds together. */
const Words = z
  .string()
  .max(
    500,
    'That is longer than all there is to be told. “notify status” shows what there is; nothing was changed.',
  )
  .optional();
const Hour = z.coerce
  .number('Hours go from 0 to 23.')
  .int('Hours go from 0 to 23.')
  .min(0, 'Hours go from 0 to 23.')
  .max(23, 'Hours go from 0 to 23.')
  .optional();
const Input = z.object({
  /** All that was typed after “notify”. */
  what: Words,
  /** Kinds, commas between: from a button. */
  off: Words,
  on: Words,
  /** From the form: all that is on, and the quiet hours. */
  do: z.literal('save').optional(),
  told: Words,
  from: Hour,
  until: Hour,
});
type Input = z.infer<typeof Input>;

/** What somebody is told as it happens, and when they are left alone. What is said is set, never toggled. */
export const notify = command({
  verb: 'notify',
  about: 'organise',
  summary: 'Choose what you are told as it happens, and your quiet hours',
  usage: 'notify [<what>]',
  more: [
    `notify without approved: no such message any more. notify with approved: again. There is: ${NEWS_KINDS.join(', ')}.`,
    'notify off, notify on: all of them. notify status: what is on.',
    'notify quiet 19 to 8: between these hours what happens waits for your morning. notify quiet never: no such hours.',
  ],
  takesDeal: false,
  leavesUnlinked: ({ what }) => typeof what === 'string' && STOP.test(what),
  opensForm: ({ what, off, on, do: act }) => [what, off, on, act].every((it) => it === undefined),
  input: Input,
  async run(input, context) {
    const hearing = await hearingOf(context.store, context.actor.id);
    if (input.what !== undefined && STATUS.test(input.what)) return { reply: hearingNote(hearing) };
    if (input.what !== undefined && STOP.test(input.what))
      return { reply: stopNote(await hasDigest(context)) };
    const wanted = wantedOf(input);
    if (wanted === undefined) return { reply: notifyForm(hearing, await hasDigest(context)) };
    if ('kind' in wanted) return { reply: wanted, ok: false };
    return set(wanted, hearing, context);
  },
});

const STOP = /^(?:stop|unsubscribe)[\s?.!]*$/i;
const STATUS = /^(?:status|list|settings|what)[\s?.!]*$/i;

const hasDigest = async ({ store, actor }: Context): Promise<boolean> =>
  !(await ownSchedule(store, actor.id)).subscription?.isOff;

/** Undefined: nothing was said, ask. A note: what was wrong with it. */
function wantedOf({ what, off, on, do: act, told, from, until }: Input): Wanted | Note | undefined {
  if (act === 'save') {
    const kept = kindsIn(told ?? '');
    if (!Array.isArray(kept)) return kept;
    const hours = from === undefined || until === undefined ? {} : { hours: { from, until } };
    return { on: kept, off: NEWS_KINDS.filter((kind) => !kept.includes(kind)), ...hours };
  }
  if (what !== undefined) return said(what.trim());
  if (off === undefined && on === undefined) return undefined;
  const [less, more] = [kindsIn(off ?? ''), kindsIn(on ?? '')];
  if (!Array.isArray(less)) return less;
  return Array.isArray(more) ? { off: less, on: more } : more;
}

/** "without approved and aws-stage", "with all", "off", "quiet 19 to 8". */
function said(words: string): Wanted | Note {
  const [, all] = /^(on|off|all|everything)[.!]*$/i.exec(words) ?? [];
  if (all) return all.toLowerCase() === 'off' ? { off: NEWS_KINDS, on: [] } : { off: [], on: NEWS_KINDS };
  const [, hours] = /^quiet(?:\s+hours)?\s+(.+)$/i.exec(words) ?? [];
  if (hours) return quietIn(hours);
  const [, which, rest = ''] = /^(without|with)\s+(.+)$/is.exec(words) ?? [];
  const kinds = kindsIn(which ? rest : words);
  if (!Array.isArray(kinds)) return kinds;
  if (!which || kinds.length === 0) return noSuchKind(words);
  return which.toLowerCase() === 'without' ? { off: kinds, on: [] } : { off: [], on: kinds };
}

/** Kinds by name, commas or "and" between, in any case, spaces for hyphens; or what is none of them. */
function kindsIn(text: string): NewsKind[] | Note {
  const kinds: NewsKind[] = [];
  for (const part of text.split(/\s*[,;]\s*|\s+and\s+/i)) {
    const name = part
      .trim()
      .toLowerCase()
      .replace(/[.!]+$/, '')
      .replace(/[\s_]+/g, '-');
    if (name === 'all' || name === 'everything') return [...NEWS_KINDS];
    const kind = kindCalled(name);
    if (name !== '' && !kind) return noSuchKind(part);
    if (kind) kinds.push(kind);
  }
  return kinds;
}

function quietIn(text: string): Wanted | Note {
  if (/^(?:never|off|none)[.!]*$/i.test(text)) return { off: [], on: [], hours: { from: 0, until: 0 } };
  const [, from = '', until = ''] =
    /^(?:from\s+)?(\d\S*(?:\s+[ap]m)?)\s*(?:to|until|till|-|–)\s*(\d.*?)[\s.!]*$/i.exec(text) ?? [];
  const [first, last] = [hourCalled(from), hourCalled(until)];
  if (first === undefined || last === undefined) return noSuchHours();
  return { off: [], on: [], hours: { from: first, until: last } };
}

/** Writes it down, and says what is another now than before. */
async function set(wanted: Wanted, before: Hearing, context: Context): Promise<Result> {
  const { store, actor, key, source, until } = context;
  context.writes();
  await enact(store, { key, verb: 'notify', personId: actor.id, source, until }, [setting(actor.id, wanted)]);
  const off = wanted.off.filter((kind) => !before.off.includes(kind));
  const on = wanted.on.filter((kind) => before.off.includes(kind));
  const isOff = (kind: NewsKind) => off.includes(kind) || (before.off.includes(kind) && !on.includes(kind));
  const nowOff = NEWS_KINDS.filter(isOff);
  const hours = otherHours(wanted.hours, before);
  const told = { off, on, nowOff, hasDigest: await hasDigest(context) };
  return { reply: switchedNote({ ...told, ...(hours ? { hours } : {}) }) };
}

const otherHours = (wanted: QuietHours | undefined, before: QuietHours): QuietHours | undefined =>
  wanted && (wanted.from !== before.from || wanted.until !== before.until) ? wanted : undefined;
