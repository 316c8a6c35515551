/**
 * What stands at PUBLIC_URL for whoever comes with a browser: a plain page, and links to deals: /o/<id> leads to Partner
 * Central, whoever follows it, and tells nobody whether there is such a deal.
 */
import { isDealId } from './pipeline/deal.ts';
import type { Route } from './web.ts';

/**
 * Partner Central has no address for a deal that stays, and asks everybody who they are: its list of opportunities is where
 * the id is looked up.
 */
const PARTNER_CENTRAL = 'https://partnercentral.awspartner.com/partnercentral2/s/pipeline-manager';

/** The app in Teams leads here where no page of the company's is named. It holds nothing of the house. */
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>ace-desk</title>
<h1>ace-desk</h1>
<p>Your company’s AWS Partner Central pipeline, in Slack and Microsoft Teams. It is used there; this address only serves it.</p>
<p>Support: say “help” to ace-desk in chat. It names whom to turn to in your company.</p>
<p>Privacy and terms: your company runs this ace-desk and keeps its data. Your alliance lead knows what holds for it.</p>
</html>
`;

/** No look-up, no cookie: every well-formed id has the same answer. */
export const links: Route[] = [
  {
    path: '/',
    method: 'GET',
    handler(_, response) {
      const headers = {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      };
      response.writeHead(200, headers).end(PAGE);
    },
  },
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
