/** A roster that holds more than we can read is not whole: rather too little is shown there than too much. */
import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { createLog } from '../../src/log.ts';
import { createConnector } from '../../src/teams/connector.ts';

let server: Server;
afterEach(() => void server.close());

/** Answers every question with this one page. */
async function teamsWith(members: unknown[]): Promise<string> {
  server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify({ members }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
}

const ANA = { id: '29:ana', aadObjectId: 'ana', tenantId: 'ours' };
const ask = async (members: unknown[]) => {
  const at = { serviceUrl: await teamsWith(members), tenant: 'ours', conversation: '19:deals@thread.tacv2' };
  return createConnector(undefined, { log: createLog('silent') }).members(at, 10);
};

test('members that are all read are the whole roster', async () => {
  expect(await ask([ANA])).toMatchObject({ members: [{ id: '29:ana' }], isWhole: true });
});

test.each([
  ['no id', { name: 'Somebody' }],
  ['an id of another shape', { ...ANA, id: 7 }],
  ['a tenant of another shape', { ...ANA, tenantId: ['other'] }],
  ['nothing at all', null],
])('with somebody who has %s nobody knows who all read there', async (_, somebody) => {
  expect(await ask([ANA, somebody])).toMatchObject({ members: [{ id: '29:ana' }], isWhole: false });
});
