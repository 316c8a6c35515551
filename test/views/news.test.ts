/** News of several deals: what asks for a decision comes first, and what ends it names all that is in it. */
import { expect, test } from '@jest/globals';
import type { NewsKind } from '../../src/pipeline/news.ts';
import { type DealNews, newsList } from '../../src/views/news.ts';
import { opportunity, person } from '../pipeline/samples.ts';

const NOW = new Date('2026-12-07T10:00:00Z');
const reader = { actor: person('ACE user'), now: NOW };

const news = (nth: number, ...kinds: NewsKind[]): DealNews => ({
  deal: opportunity({ id: `O${nth}`, company: `Company ${nth}` }),
  version: 1,
  happened: kinds.map((kind) => ({ event: { id: `${nth}`, dealId: `O${nth}`, kind } })),
});
const approvals = Array.from({ length: 10 }, (_, nth) => news(nth, 'approved'));

test('what is to be decided stands above what is merely good to know, however much there is of that', () => {
  const all = [
    ...approvals,
    news(10, 'conflict'),
    news(11, 'refused'),
    news(12, 'approved', 'action-required'),
  ];
  const { sections } = newsList(all, 0, reader);
  expect(sections[0]?.items.slice(0, 4).map(({ id }) => id)).toEqual(['O12', 'O10', 'O11', 'O0']);
  expect(sections[0]).toMatchObject({ total: 13, more: { verb: 'desk' } });
});

test('deals are counted as deals and events as events; what all is there needs no button for more', () => {
  const two = newsList(approvals.slice(0, 2), 7, reader);
  expect([two.title, two.sections[0]?.total, two.sections[0]?.more]).toEqual([
    'News of 2 deals',
    2,
    undefined,
  ]);
  expect(two.footer).toBe(
    'And 7 more events, older than these. “notify without approved” ends such messages.',
  );
});

test('the typed line names every kind that is in the message', () => {
  const kinds: NewsKind[] = ['action-required', 'approved', 'accepted', 'changed', 'conflict'];
  const list = newsList([news(0, ...kinds), news(1, 'approved')], 0, reader);
  for (const kind of kinds) expect(list.footer).toContain(kind);
  expect(list.buttons?.map(({ input }) => input)).toHaveLength(4);
});
