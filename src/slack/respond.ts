/** response_url: the way back to where a person typed or pressed. At most 5 uses within 30 minutes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { toUrl } from '../pipeline/text.ts';
import type { Message } from './render.ts';

export const RESPONSE_USES = 5;
export const RESPONSE_MS = 30 * 60_000;

/** The URL is used up, too old or not Slack's: another way must be found. */
export class ResponseGone extends Error {
  override name = 'ResponseGone';
}

/**
 * Posts privately (`inPlace` false) or takes the place of the message pressed. Throws `ResponseGone`, or an error
 * worth another try later.
 */
export type Respond = (url: string, message: Message, inPlace: boolean) => Promise<void>;

/** `apiUrl` is set for a stand-in only: then its own host answers as well. Nothing else is ever posted to. */
export function createRespond(apiUrl?: string): Respond {
  return async (url, message, inPlace) => {
    if (!isSlacks(url, HOSTS, apiUrl)) throw new ResponseGone('not an address of Slack');
    const body = JSON.stringify({
      ...message,
      ...QUIET,
      response_type: 'ephemeral',
      replace_original: inPlace,
    });
    for (let attempt = 1; ; attempt++) {
      const wait = await send(url, body, attempt === ATTEMPTS);
      if (wait === undefined) return;
      await sleep(wait);
    }
  };
}

/** Names, links and formatting in a text stay what they are: text. */
export const QUIET = { mrkdwn: false, link_names: false, unfurl_links: false, unfurl_media: false } as const;

const ATTEMPTS = 3;
const HOSTS = ['hooks.slack.com', 'hooks.slack-gov.com'];

/** Whether that is one of those hosts over HTTPS; `apiUrl` is set for a stand-in on this machine only: its own counts as well. */
export function isSlacks(url: string, hosts: readonly string[], apiUrl?: string): boolean {
  const address = toUrl(url);
  if (!address) return false;
  const { protocol, hostname, port, origin } = address;
  if (protocol === 'https:' && port === '' && hosts.includes(hostname)) return true;
  return apiUrl !== undefined && isLoopback(apiUrl) && origin === new URL(apiUrl).origin;
}

const isLoopback = (url: string): boolean =>
  ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname);

/** Undefined when Slack took it; else after how many ms to try again. */
async function send(url: string, body: string, isLast: boolean): Promise<number | undefined> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(10_000),
  }).catch((error: unknown) => {
    if (isLast) throw new Error('response_url did not answer', { cause: error });
  });
  if (response === undefined) return 200;
  const said = await response.text();
  if (response.ok && !said.includes('"ok":false')) return undefined;
  if ([403, 404, 410].includes(response.status) || /(expired|used)_url/.test(said)) {
    throw new ResponseGone(`response_url answered ${response.status}`);
  }
  const seconds = response.status === 429 ? Number(response.headers.get('retry-after') ?? 1) : 0.2;
  const isWorthWaiting = response.status >= 500 || (response.status === 429 && seconds <= 30);
  if (isLast || !isWorthWaiting) throw new Error(`response_url answered ${response.status}`);
  return seconds * 1000;
}
