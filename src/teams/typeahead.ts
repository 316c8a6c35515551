/** What somebody types into a long choice: Teams asks for the options that fit, and shows a few. */
import { inTime } from '../bot/in-time.ts';
import { SOURCES } from '../views/view.ts';
import type { Of } from './activity.ts';
import { identify, type Response } from './answer.ts';
import { hiddenIn } from './button.ts';
import type { Door } from './door.ts';
import { toChoice } from './form.ts';
import { suggestions } from './wire.ts';

/** As many as Teams shows (learn.microsoft.com, typeahead search). */
const MOST = 15;

/**
 * Whatever fails, is late or is not allowed is an empty list: Teams then says that nothing was found, and what was chosen
 * and typed so far stays.
 */
export async function onTypeahead(door: Door, on: Of<'typeahead'>, arrived: Date): Promise<Response> {
  return suggestions((await inTime(door, arrived, suggested(door, on))) ?? []);
}

async function suggested(door: Door, on: Of<'typeahead'>): Promise<{ title: string; value: string }[]> {
  const source = SOURCES.find((it) => it === on.dataset);
  if (!source) return [];
  try {
    const from = await identify(door, on);
    if (typeof from === 'string') return [];
    const input = hiddenIn(on.data) ?? {};
    const options = await door.desk.options({ source, query: on.query, input, from });
    return options.slice(0, MOST).map(toChoice);
  } catch (err) {
    door.log.warn({ err }, 'teams: no options');
    return [];
  }
}
