/** Bolt's and the Web API client's log, bridged to ours without anything that was said. */
import { type Logger, LogLevel, webApi } from '@slack/bolt';
import type { Log } from './door.ts';

/** Debug lines carry request bodies, and a JSON error quotes them: the first are dropped, quotations cut out. */
export function toBoltLogger(log: Log): Logger {
  const at =
    (level: 'info' | 'warn' | 'error') =>
    (...said: unknown[]): void =>
      log[level]({ from: 'slack sdk' }, said.map(summary).join(' ').slice(0, 200));
  return {
    debug: () => undefined,
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    getLevel: () => LogLevel.INFO,
    setLevel: () => undefined,
    setName: () => undefined,
  };
}

/** A failure's name for the log: Slack's own error code, an HTTP status, or the kind of error; never its message. */
export function failure(error: unknown): string {
  if (error instanceof webApi.WebAPIPlatformError) return error.data.error.slice(0, 60);
  if (error instanceof webApi.WebAPIHTTPError) return `HTTP ${error.statusCode}`;
  return error instanceof Error ? error.name : 'unknown';
}

const summary = (it: unknown): string =>
  typeof it === 'string' ? it.replace(/["'`][\s\S]*["'`]/, '"…"') : it instanceof Error ? failure(it) : '';
