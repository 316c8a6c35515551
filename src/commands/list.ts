import { z } from 'zod';
import { UserError } from '../pipeline/errors.ts';
import { viewsCalled, viewsLike, withoutView } from '../pipeline/view-names.ts';
import type { View } from '../pipeline/views.ts';
import { askedLines, pendingLines, pipelineLines, viewLines } from '../store/desk.ts';
import { askedList, pendingList, pipelineList } from '../views/list.ts';
import { unknownView, viewForm, viewList, viewNames, whichView } from '../views/preset.ts';
import { type Context, command, type Result } from './command.ts';

const PAGE_SIZE = 20;
const MOST_SUGGESTED = 3;
const PAGES = 'Pages count from 1 to 1000.';
const Page = z.coerce.number(PAGES).int(PAGES).min(1, PAGES).max(1000, PAGES);

export const list = command({
  verb: 'list',
  about: 'look',
  reads: true,
  summary:
    'List the pipeline, what is pending or action required, or one of Partner Central’s 27 views (“list views”)',
  usage: 'list [<view>]',
  takesDeal: false,
  opensForm: ({ view }) => view !== undefined && CHOOSE.includes(view.toLowerCase()),
  input: z.object({
    view: z.string().max(200, 'A view’s name has at most 200 characters.').default(''),
    page: Page.default(1),
  }),
  async run({ view: typed, page: asked }, context) {
    const { said, page } = withPage(typed, asked);
    const name = said.toLowerCase();
    if (CHOOSE.includes(name)) return answer(viewForm());
    if (name === 'views') return answer(viewNames());
    const own = OWN.find(({ names }) => names.includes(name.replaceAll('-', ' ')));
    if (own) return ownList(own, page, context);
    const found = viewsCalled(said);
    const [view] = found;
    if (found.length === 1 && view) return preset(view, page, context);
    return found.length > 1
      ? answer(whichView(said, found), false)
      : answer(unknownView(said, viewsLike(said, MOST_SUGGESTED), withoutView(said)), false);
  },
});

const CHOOSE = ['choose', 'other', 'other views'];

interface OwnList {
  names: readonly string[];
  lines: typeof pendingLines;
  drawn: typeof pendingList;
}

/** Lists of the desk's own, by what people call them, hyphens being spaces; none of them is one of the 27 views. */
const OWN: readonly OwnList[] = [
  { names: ['', 'all', 'pipeline', 'everything'], lines: pipelineLines, drawn: pipelineList },
  { names: ['pending', 'all pending', 'pending acceptance'], lines: pendingLines, drawn: pendingList },
  {
    names: [
      'action required',
      'all action required',
      'action required opportunities',
      'action required deals',
      'action',
      'sent back',
      'changes requested',
      'repair',
    ],
    lines: askedLines,
    drawn: askedList,
  },
];

const answer = (reply: Result['reply'], ok = true): Result => ({ reply, ok });

/** "closing this month page 2" names the page as well; so does a number alone, of the pipeline. */
function withPage(typed: string, asked: number): { said: string; page: number } {
  const said = typed.trim().replace(/[?!.\s]+$/, '');
  const [, name = '', number] = /^(.*?)(?:^|^page\s+|[\s,]+page\s+)(\d{1,9})$/i.exec(said) ?? [];
  if (number === undefined) return { said, page: asked };
  const page = Page.safeParse(number);
  if (!page.success) throw new UserError(PAGES);
  return { said: name, page: page.data };
}

async function ownList(
  { lines, drawn }: OwnList,
  page: number,
  { store, actor, now }: Context,
): Promise<Result> {
  const found = await lines(store, actor, PAGE_SIZE, (page - 1) * PAGE_SIZE);
  return { reply: drawn(found, { actor, now, page, pageSize: PAGE_SIZE }) };
}

async function preset(view: View, page: number, { store, actor, now }: Context): Promise<Result> {
  const lines = await viewLines(store, actor, view, now, PAGE_SIZE, (page - 1) * PAGE_SIZE);
  return { reply: viewList(view, lines, { actor, now, page, pageSize: PAGE_SIZE }) };
}
