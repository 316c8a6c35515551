/** Waits for Changes to settle: a NOTIFY wakes it, a slow poll covers a lost one. */
import type { Change } from '../pipeline/change.ts';
import { isOpen } from '../pipeline/change.ts';
import { changesById } from '../store/changes.ts';
import { asTheySee } from '../store/hand-over.ts';
import type { Store } from '../store/store.ts';
import { receipt } from '../views/history.ts';
import type { Reply } from '../views/view.ts';
import type { Answer } from './intent.ts';

export interface Settling {
  settled(
    answer: Answer,
    withinMs: number,
    onProgress: ((reply: Reply) => void) | undefined,
    now: () => Date,
  ): Promise<Answer | undefined>;
  stop(): Promise<void>;
}

const POLL_MS = 2_000;

export async function createSettling(store: Store): Promise<Settling> {
  const wakeUps = new Set<() => void>();
  const wakeAll = () => {
    for (const wake of wakeUps) wake();
  };
  const unlisten = await store.listen('change_settled', wakeAll, wakeAll);

  /** `heard` resolves on the next word of any Change, or after `ms`. `over`: nobody listens any more. */
  const listenOnce = (ms: number) => {
    let over = () => {};
    const heard = new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        wakeUps.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      wakeUps.add(wake);
      over = wake;
    });
    return { heard, over: () => over() };
  };

  return {
    async settled(answer, withinMs, onProgress, now) {
      const end = Date.now() + withinMs;
      let told = '';
      while (answer.changeIds.length > 0) {
        const word = listenOnce(Math.max(1, Math.min(POLL_MS, end - Date.now())));
        try {
          const changes = await readable(store, answer.changeIds, now()).catch(() => []);
          // The database may be away for a moment: what was taken is in it, so look again.
          if (changes.length === 0) {
            if (Date.now() >= end) return undefined;
            await word.heard;
            continue;
          }
          if (changes.every((change) => !isOpen(change.state))) return toAnswer(changes, answer, now());
          const news = JSON.stringify(changes.map(({ state, answer: said }) => [state, said]));
          if (news !== told) onProgress?.(receipt(changes, now()));
          told = news;
          if (Date.now() >= end) return undefined;
          await word.heard;
        } finally {
          word.over();
        }
      }
      return answer;
    },
    stop: unlisten,
  };
}

/** A desk is many deals, of which some may be no longer theirs to see. */
async function readable(store: Store, ids: string[], now: Date): Promise<Change[]> {
  const changes = await changesById(store, ids);
  return changes.some(({ verb }) => verb === 'hand-over') ? asTheySee(store, changes, now) : changes;
}

function toAnswer(changes: Change[], { changeIds, besides = [] }: Answer, now: Date): Answer {
  const said = receipt(changes, now);
  const reply = besides.length > 0 ? { ...said, lines: [...(said.lines ?? []), ...besides] } : said;
  return { reply, changeIds, ok: changes.every((change) => change.state === 'confirmed') };
}
