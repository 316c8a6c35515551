import { z } from 'zod';
import { pendingLines, pipelineLines } from '../store/desk.ts';
import { pendingList, pipelineList } from '../views/list.ts';
import { command } from './command.ts';

const PAGE = 20;
const PAGES = 'Pages count from 1 to 1000.';

export const list = command({
  verb: 'list',
  summary: 'List the pipeline, or what is pending acceptance',
  usage: 'list [pending | <page>]',
  takesDeal: false,
  input: z.object({
    view: z.enum(['all', 'pending'], 'I know the lists “list” and “list pending”.').default('all'),
    page: z.coerce.number(PAGES).int(PAGES).min(1, PAGES).max(1000, PAGES).default(1),
  }),
  async run({ view, page }, { store, actor, now }) {
    if (view === 'pending')
      return { reply: pendingList(await pendingLines(store, actor, PAGE), { actor, now }) };
    const lines = await pipelineLines(store, actor, PAGE, (page - 1) * PAGE);
    return { reply: pipelineList(lines, { actor, now, page, pageSize: PAGE }) };
  },
});
