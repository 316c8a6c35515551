/** Where practice mode keeps its simulated Partner Central: one document, changed by one at a time. */
import { Prisma } from './generated/client.ts';
import { rowsOf } from './sql.ts';
import type { Store } from './store.ts';

/** One JSON document. `update` is atomic. */
export interface Document<World> {
  read(): Promise<World | undefined>;
  update<T>(move: (world: World | undefined) => { world: World; answer: T }): Promise<T>;
}

export function practiceDocument<World>(store: Store): Document<World> {
  let turn: Promise<unknown> = Promise.resolve();
  let known: { rev: number; world: World } | undefined;

  /** Of what we read or wrote ourselves only the number is asked again: the document is large, and read with each call. */
  async function row() {
    const before = known;
    const statement = Prisma.sql`
      SELECT rev, CASE WHEN rev = ${before?.rev ?? 0} THEN NULL ELSE world END AS world FROM practice WHERE id = 1`;
    const [found] = await rowsOf<{ rev: number; world: World | null }>(store, statement);
    if (!found) return undefined;
    if (found.world === null) return before;
    known = { rev: found.rev, world: found.world };
    return known;
  }

  /** Compare-and-set: another process's write in between means: read again, move again. */
  async function change<T>(move: (world: World | undefined) => { world: World; answer: T }): Promise<T> {
    for (;;) {
      const before = await row();
      const { world, answer } = move(before?.world);
      const json = JSON.stringify(world);
      const statement = Prisma.sql`
        INSERT INTO practice (id, world) SELECT 1, ${json}::text::jsonb WHERE ${before === undefined}
          OR EXISTS (SELECT 1 FROM practice WHERE id = 1)
        ON CONFLICT (id) DO UPDATE SET world = excluded.world, rev = practice.rev + 1
          WHERE practice.rev = ${before?.rev ?? 0} RETURNING rev`;
      const [written] = await rowsOf<{ rev: number }>(store, statement);
      if (!written) continue;
      known = { rev: written.rev, world: JSON.parse(json) };
      return answer;
    }
  }

  return {
    read: async () => (await row())?.world,
    update(move) {
      const mine = turn.then(() => change(move));
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}
