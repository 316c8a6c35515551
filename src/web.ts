/** What several doors serve over HTTP, and a plain server for when Slack's own is not there. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface Route {
  /** `/o/:id`: a part with a colon stands for any one part. */
  path: string;
  method: 'GET' | 'POST';
  handler(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
}

export interface Web {
  /** The real one, also where 0 was asked for. */
  port: number;
  /** Takes nothing new, and gives what is under way up to 5 s. */
  stop(): Promise<void>;
}

export interface WebOptions {
  host: string;
  port: number;
  routes: readonly Route[];
  /** A handler threw; the answer is 500, or cut off. */
  onError(error: unknown): void;
}

const STOP_MS = 5000;

export interface UnderWay {
  /** Counts it until it is over. */
  add<T>(work: Promise<T>): Promise<T>;
  /** Until nothing is under way, also of what begins meanwhile; so many ms at most. */
  finish(ms: number): Promise<void>;
}

/** What a stop has to wait for. */
export function underWay(): UnderWay {
  const running = new Set<Promise<unknown>>();
  const all = async () => {
    while (running.size > 0) await Promise.allSettled(running);
  };
  return {
    add(work) {
      running.add(work);
      const over = () => void running.delete(work);
      work.then(over, over);
      return work;
    },
    async finish(ms) {
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, ms);
      });
      await Promise.race([all(), enough]).finally(() => clearTimeout(timer));
    },
  };
}

/** The same route; what it serves is under way until its answer has left. */
export const counted = (work: UnderWay, route: Route): Route => ({
  ...route,
  handler: (request, response) =>
    work.add(
      (async () => {
        await route.handler(request, response);
        if (response.writableFinished || response.destroyed) return;
        await new Promise<void>((resolve) => response.once('finish', resolve).once('close', resolve));
      })(),
    ),
});

/** Listens; throws what Node throws when it cannot. */
export async function serve({ host, port, routes, onError }: WebOptions): Promise<Web> {
  const server = createServer({ requestTimeout: 30_000 }, async (request, response) => {
    const route = routes.find((it) => it.method === request.method && matches(it.path, pathOf(request)));
    if (!route) return refuse(routes, request, response);
    try {
      await route.handler(request, response);
    } catch (error) {
      onError(error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ host, port }, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), STOP_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** For what no route serves: 405 where another method would be, else 404. */
export function refuse(
  routes: readonly Pick<Route, 'path' | 'method'>[],
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const methods = routes.filter((it) => matches(it.path, pathOf(request))).map(({ method }) => method);
  if (methods.length > 0) response.writeHead(405, { allow: methods.join(', ') }).end();
  else response.writeHead(404).end();
}

/** As it was sent: an address that is no URL is nobody's path. */
const pathOf = ({ url = '' }: IncomingMessage): string => url.replace(/[?#].*$/s, '');

function matches(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, nth) => (part.startsWith(':') ? given[nth] !== '' : part === given[nth]))
  );
}
