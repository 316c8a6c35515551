/** The host of a website: what two records of one customer have in common. */
import { toUrl } from './text.ts';

/**
 * "https://www.Acme.example/de" → "acme.example": lower case, without "www.", other scripts as punycode. Undefined where
 * it is no host name.
 */
export function domainOf(website: string | undefined): string | undefined {
  const address = website?.trim() ?? '';
  const url = toUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `https://${address}`);
  const host = url?.hostname.replace(/\.$/, '').replace(/^www\./, '') ?? '';
  return HOST.test(host) ? host : undefined;
}

/** Labels of up to 63, a last one that is no number; so neither an address in digits nor a lone word. */
const HOST =
  /^(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?=[a-z0-9-]*[a-z])[a-z0-9-]{2,63}$/;
