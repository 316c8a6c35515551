/** Every outgoing payload passes the limit checker here. */
import { randomBytes } from 'node:crypto';
import { problem } from '../views/view.ts';
import type { Draw, Log } from './door.ts';
import { toHome } from './home.ts';
import { limitErrors } from './limits.ts';
import { toModal } from './modal.ts';
import { toMessage } from './render.ts';
import { TOO_LONG } from './text.ts';

/**
 * In development a payload Slack would refuse is an error; in production its limits are logged (never its content)
 * and the plain text goes out instead.
 */
export function createDraw(development: boolean, log: Log): Draw {
  const isFine = (errors: string[]): boolean => {
    if (errors.length === 0) return true;
    if (development) throw new Error(`Slack would refuse this: ${errors.join('; ')}`);
    log.error({ errors }, 'a payload broke a limit of Slack; sent as plain text');
    return false;
  };
  return {
    message(reply, how) {
      const message = toMessage(reply, newKey(), how);
      return isFine(limitErrors(message)) ? message : { ...message, blocks: [] };
    },
    modal(reply, memory, texts) {
      const view = toModal(reply, newKey(), memory, texts);
      return isFine(limitErrors({ view }))
        ? view
        : toModal(problem(TOO_LONG), newKey(), { c: memory.c }, texts);
    },
    home(home) {
      const view = toHome(home, newKey());
      return isFine(limitErrors({ view })) ? view : toHome({ ...home, main: problem(TOO_LONG) }, newKey());
    },
  };
}

/** 60 bits: two drawings a person ever presses must not meet. */
const newKey = (): string => randomBytes(8).toString('base64url').slice(0, 10);
