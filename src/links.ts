/** Links to deals: PUBLIC_URL/o/<id> leads to Partner Central, whoever follows it, and tells nobody whether there is such a deal. */
import { isDealId } from './pipeline/deal.ts';
import type { Route } from './slack/app.ts';

/**
 * Partner Central has no address for a deal that stays, and asks everybody who they are: its list of opportunities is where
 * the id is looked up.
 */
const PARTNER_CENTRAL = 'https://partnercentral.awspartner.com/partnercentral2/s/pipeline-manager';

/** No look-up, no cookie: every well-formed id has the same answer. */
export const links: Route[] = [
  {
    path: '/o/:id',
    method: 'GET',
    handler(request, response) {
      const [, id = ''] = /^\/o\/([^/?#]*)/.exec(request.url ?? '') ?? [];
      const headers = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
      if (isDealId(id)) response.writeHead(302, { ...headers, location: PARTNER_CENTRAL }).end();
      else response.writeHead(404, headers).end();
    },
  },
];
