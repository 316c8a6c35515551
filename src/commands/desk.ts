import { z } from 'zod';
import { dayIn } from '../pipeline/calendar.ts';
import { deskLines } from '../store/desk.ts';
import { deskList } from '../views/list.ts';
import { command } from './command.ts';

const PER_SECTION = 5;

/** My worklist, in the order in which things are lost. One statement, whatever the pipeline's size. */
export const desk = command({
  verb: 'desk',
  summary: 'What needs you today, first what is lost first',
  usage: 'desk',
  takesDeal: false,
  input: z.object({}),
  async run(_, { store, actor, now }) {
    const sections = await deskLines(store, actor, now, dayIn(now, actor.timeZone), PER_SECTION);
    return { reply: deskList(sections, { actor, now }) };
  },
});
