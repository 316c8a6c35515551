/** Whether ace-desk is up, and whether it can serve: for whoever runs it. */
import type { ServerResponse } from 'node:http';
import type { House } from './house.ts';
import type { Route } from './web.ts';

/** Asked by anybody, it asks the database at most once a second. */
const ANSWER_LASTS_MS = 1_000;

function remembered(house: House): () => Promise<Awaited<ReturnType<House['readiness']>>> {
  let asked = { at: Number.NEGATIVE_INFINITY, answer: house.readiness };
  return () => {
    const at = performance.now();
    if (at - asked.at > ANSWER_LASTS_MS) {
      const answer = house.readiness();
      asked = { at, answer: () => answer };
    }
    return asked.answer();
  };
}

export const health = (house: House, readiness = remembered(house)): Route[] => [
  { path: '/healthz', method: 'GET', handler: (_, response) => json(response, 200, { up: true }) },
  {
    path: '/readyz',
    method: 'GET',
    handler: async (_, response) => {
      const ready = await readiness();
      json(response, Object.values(ready).every(Boolean) ? 200 : 503, ready);
    },
  },
];

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
