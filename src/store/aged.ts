/** How a copy is marked as one to be drawn anew. */
import { Prisma } from './generated/client.ts';

/**
 * For `UPDATE posting SET …`, before it is handed to the queue (`deliver`). Below the version of any deal, and another each
 * time: a redraw that was under way meanwhile finds that it was passed, and is done again.
 */
export const AGED = Prisma.raw('version = least(version, 0) - 1');
