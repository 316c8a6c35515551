/** Where practice mode keeps its simulated Partner Central: one document, changed by one at a time. */
import type { Store } from './store.ts';

/** One JSON document. `update` is atomic. */
export interface Document<World> {
  read(): Promise<World | undefined>;
  update<T>(move: (world: World | undefined) => { world: World; answer: T }): Promise<T>;
}

export function practiceDocument<World>(store: Store): Document<World> {
  let turn: Promise<unknown> = Promise.resolve();
  const row = () => store.prisma.practice.findUnique({ where: { id: 1 } });

  /** Compare-and-set: another process's write in between means: read again, move again. */
  async function change<T>(move: (world: World | undefined) => { world: World; answer: T }): Promise<T> {
    for (;;) {
      const before = await row();
      const { world, answer } = move(before ? (before.world as World) : undefined);
      const json = JSON.stringify(world);
      const count = await store.prisma.$executeRaw`
        INSERT INTO practice (id, world) SELECT 1, ${json}::text::jsonb WHERE ${before === null}
          OR EXISTS (SELECT 1 FROM practice WHERE id = 1)
        ON CONFLICT (id) DO UPDATE SET world = excluded.world, rev = practice.rev + 1
          WHERE practice.rev = ${before?.rev ?? 0}`;
      if (count === 1) return answer;
    }
  }

  return {
    read: async () => (await row())?.world as World | undefined,
    update(move) {
      const mine = turn.then(() => change(move));
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}
