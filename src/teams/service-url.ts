/** Where our tokens may go: by https anywhere (the address is in a token that Microsoft signed), by http only to this machine. */
import { toUrl } from '../pipeline/text.ts';

export const isLoopback = (host: string): boolean =>
  ['localhost', '::1', '[::1]'].includes(host) || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(host);

export function isSafeUrl(text: string): boolean {
  const url = toUrl(text);
  if (!url || url.username || url.password) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}
