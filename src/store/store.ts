/** The database: PGlite in a folder (embedded default) or PostgreSQL. The only room that imports Prisma and pg-boss. */
import type { PrismaClient } from './generated/client.ts';

export interface Store {
  kind: 'pglite' | 'postgres';
  prisma: PrismaClient;
  /** Database clock minus ours, in ms: deadlines are compared by the database. */
  skewMs: number;
  /** Calls back with each NOTIFY payload on a channel; after a lost connection it listens again and calls `onGap`. */
  listen(channel: string, onPayload: (payload: string) => void, onGap?: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
