/** What people asked of AWS in a run, as the database has it. */
import type { Wish } from '../../src/pipeline/change.ts';
import type { Store } from '../../src/store/store.ts';

export interface Asked {
  id: string;
  seq: number;
  deal_id: string;
  /** What AWS is asked about: what the deal became, or the deal. */
  target: string;
  person_id: string;
  wish: Wish;
  state: string;
  waits_for: string | null;
  answer: string | null;
  sent_at: Date | null;
  attempts: number;
  steps: number;
}

export const everythingAsked = ({ prisma }: Store): Promise<Asked[]> => prisma.$queryRaw<Asked[]>`
  SELECT c.id, c.seq::int AS seq, c.deal_id, coalesce(d.successor, c.deal_id) AS target, c.person_id, c.wish, c.state,
    c.waits_for, c.answer, c.sent_at, c.attempts, (SELECT count(*)::int FROM transition t WHERE t.change_id = c.id) AS steps
  FROM change c JOIN deal d ON d.id = c.deal_id ORDER BY c.seq`;

/** Those of one kind, with their wish as that kind. */
export const ofKind = <Kind extends Wish['kind']>(changes: Asked[], kind: Kind) =>
  changes.filter((it): it is Asked & { wish: Extract<Wish, { kind: Kind }> } => it.wish.kind === kind);

/** Sent more than once, the answer lost: AWS may have carried it out although it is not confirmed. */
export const isUnsure = ({ state, sent_at, attempts, answer }: Asked): boolean =>
  state !== 'confirmed' && sent_at !== null && (attempts > 1 || /AWS may have/.test(answer ?? ''));

export function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}
