/** Reading the partner's solutions. */
import { type Solution, saveSolutions } from '../store/solutions.ts';
import { classify, operatorView } from './errors.ts';
import { present, text } from './members.ts';
import { listAt } from './raw.ts';
import type { Reading } from './sync.ts';

/**
 * The list of solutions, which nothing else depends on: whatever fails in it stops no reading.
 * @returns false where AWS did not answer, so that asking again soon makes sense.
 */
export async function readSolutions({ aws, store, epoch, log, goOn }: Reading): Promise<boolean> {
  try {
    const list: Solution[] = [];
    for await (const { json } of aws.listSolutions()) list.push(...fromSolutions(json));
    goOn();
    await saveSolutions(store, list, epoch);
    return true;
  } catch (error) {
    goOn();
    const kind = classify(error);
    log.warn({ aws: operatorView(error), kind }, 'the solutions could not be read; they stay as they were');
    return kind !== 'throttled' && kind !== 'unavailable';
  }
}

/** The lines of a page of ListSolutions; one without an id is none. */
const fromSolutions = (page: unknown): Solution[] =>
  listAt(page, ['SolutionSummaries']).flatMap((one) => {
    const id = text(one, 'Id');
    if (!id) return [];
    const [name, status] = [text(one, 'Name') ?? id, text(one, 'Status') ?? ''];
    return [present({ id, name, status, category: text(one, 'Category') })];
  });
