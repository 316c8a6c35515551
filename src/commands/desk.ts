import { z } from 'zod';
import { deskLines } from '../store/desk.ts';
import { deskList } from '../views/list.ts';
import { command } from './command.ts';

const PER_SECTION = 5;

/** My worklist, in the order in which things are lost. One statement, whatever the pipeline's size. */
export const desk = command({
  verb: 'desk',
  about: 'look',
  reads: true,
  summary: 'What needs you today, first what is lost first',
  usage: 'desk',
  takesDeal: false,
  input: z.object({}),
  async run(_, { store, actor, now }) {
    const { sections, finderWaits } = await deskLines(store, actor, now, PER_SECTION);
    return { reply: deskList(sections, { actor, now, finderWaits }) };
  },
});
