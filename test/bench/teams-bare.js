/** The measure: a bot of botbuilder's that checks the token and answers with a card that is always the same. */
import { createServer } from 'node:http';
import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import { serve } from './server.js';

const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication(process.env));
const CARD = {
  type: 'AdaptiveCard',
  version: '1.5',
  body: [{ type: 'TextBlock', text: 'Accepting', wrap: true }],
};
const ANSWER = { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: CARD };

/** What botbuilder wants of a response is Express's. */
const likeExpress = (response) =>
  Object.assign(response, {
    status(code) {
      response.statusCode = code;
      return response;
    },
    header(name, value) {
      response.setHeader(name, value);
      return response;
    },
    send(body) {
      if (typeof body === 'string') return response.end(body);
      response.setHeader('content-type', 'application/json');
      return response.end(JSON.stringify(body));
    },
  });

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  request.body = JSON.parse(Buffer.concat(chunks).toString());
  await adapter.process(request, likeExpress(response), (context) =>
    context.sendActivity({ type: 'invokeResponse', value: { status: 200, body: ANSWER } }),
  );
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
serve(server.address().port, async () => {
  server.closeAllConnections();
  server.close();
});
