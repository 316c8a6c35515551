/** Socket Mode: Slack's payloads come over a line that we open, and no address of ours has to be reachable. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type App, type HTTPReceiver, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { type ClientOptions, quickly, SlackRefused } from './client.ts';
import type { Log } from './door.ts';
import { failure, toBoltLogger } from './log.ts';

/** How payloads come in. `app.stop()` takes nothing new; `hangUp` is for when all is answered. */
export interface Line {
  receiver: Receiver;
  hangUp(): Promise<void>;
}

export interface SocketOptions extends ClientOptions {
  /** xapp-…, with the scope connections:write. */
  appToken: string;
  /** What is served on our own port all the same: health. It has no endpoint for payloads. */
  http: HTTPReceiver;
}

/**
 * An envelope is acknowledged when the house says so: an event after its inbox row is written, a submitted form with its
 * answer. When Slack closes the line (every few hours), it is opened again at once, and after a failure again and again.
 */
export function createSocket(options: SocketOptions): Line {
  const { appToken, http, log } = options;
  const receiver = new SocketModeReceiver({
    appToken,
    logger: toBoltLogger(log),
    // Theirs waits 5 s at least, and takes the process down when Slack does not answer by then.
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: quickly(options) },
    processEventErrorHandler: async ({ error }) => {
      log.error({ failure: failure(error) }, 'slack: an envelope was not handled');
      return false;
    },
  });
  const { client } = receiver;
  const line = keepOpen(client, log);
  return {
    receiver: {
      init: (app: App) => receiver.init(app),
      async start(...where: Parameters<HTTPReceiver['start']>) {
        await line.open();
        return http.start(...where);
      },
      async stop() {
        line.leave();
        client.removeAllListeners('slack_event');
        await http.stop();
      },
    },
    async hangUp() {
      const closed = client.disconnect();
      // Asked twice it waits no longer for Slack's goodbye.
      const enough = setTimeout(() => client.disconnect(), GOODBYE_MS);
      await closed;
      clearTimeout(enough);
    },
  };
}

/** Opens the line, throws where Slack refuses that; from then on it is opened again whenever it closes, until we leave. */
function keepOpen(client: SocketModeReceiver['client'], log: Log) {
  const leaving = new AbortController();
  const { signal } = leaving;
  let isOpening = false;

  const again = async (): Promise<void> => {
    if (isOpening || signal.aborted) return;
    isOpening = true;
    log.info({}, 'slack: the line was closed; opening it again');
    for (let wait = 0; !signal.aborted; wait = Math.min(wait * 2 || FIRST_MS, MOST_MS)) {
      try {
        await sleep(wait, undefined, { signal });
        await client.start();
        break;
      } catch (error) {
        if (!signal.aborted) log.warn({ failure: failure(error) }, 'slack: the line did not open');
      }
    }
    isOpening = false;
    // Opened while we were leaving.
    if (signal.aborted) await client.disconnect();
  };
  client.on('disconnected', () => void again());

  return {
    leave: () => leaving.abort(),
    async open() {
      isOpening = true;
      await client.start().catch((error: unknown) => {
        leaving.abort();
        throw new SlackRefused(`Slack did not take SLACK_APP_TOKEN (${failure(error)}).`);
      });
      isOpening = false;
    },
  };
}

const FIRST_MS = 250;
const MOST_MS = 30_000;
const GOODBYE_MS = 1000;
