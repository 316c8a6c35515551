/** Headless Chromium, told over its pipe what to show and when to press the shutter. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { isJson, type Json } from '../support/slack-screen.ts';

export interface Camera {
  /** A PNG of the whole page, that many CSS pixels wide. */
  picture(html: string, width: number): Promise<Buffer>;
  close(): Promise<void>;
}

const PROGRAM = 'chromium';
const FLAGS = [
  ...['--headless', '--remote-debugging-pipe', '--no-sandbox', '--disable-gpu', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  ...['--disable-lcd-text', '--hide-scrollbars', '--proxy-server=127.0.0.1:9'],
];

/** `folder`: where its profile stands while it runs. @throws when there is no `chromium`. */
export async function openCamera(folder: string): Promise<Camera> {
  const profile = path.join(folder, '.chromium');
  const chromium = spawn(PROGRAM, [`--user-data-dir=${profile}`, ...FLAGS], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  await once(chromium, 'spawn');
  const ended = once(chromium, 'close');
  const call = talk(chromium.stdio[3] as Writable, chromium.stdio[4] as Readable);
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
  const page = (method: string, params: Json = {}) => call(method, params, { sessionId });
  return {
    async picture(html, width) {
      const size = { width, height: 100, deviceScaleFactor: 1, mobile: false };
      await page('Emulation.setDeviceMetricsOverride', size);
      // A page is its own frame.
      await page('Page.setDocumentContent', { frameId: targetId, html });
      const { cssContentSize: content } = await page('Page.getLayoutMetrics');
      const clip = { x: 0, y: 0, width, height: isJson(content) ? content.height : 0, scale: 1 };
      const { data } = await page('Page.captureScreenshot', { clip, captureBeyondViewport: true });
      return Buffer.from(String(data), 'base64');
    },
    async close() {
      await call('Browser.close');
      await ended;
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** Calls of the DevTools protocol: JSON, each ended by a zero. @throws what Chromium refuses, and when it ends. */
function talk(to: Writable, from: Readable) {
  const waiting = new Map<number, (answer: Json) => void>();
  let rest = '';
  from.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\0');
    rest = parts.pop() ?? '';
    for (const answer of parts.map((it): Json => JSON.parse(it))) waiting.get(Number(answer.id))?.(answer);
  });
  from.on('end', () => {
    for (const answer of waiting.values()) answer({ error: 'Chromium ended' });
  });
  return async (method: string, params: Json = {}, more: Json = {}): Promise<Json> => {
    const id = waiting.size;
    const answered = new Promise<Json>((resolve) => waiting.set(id, resolve));
    to.write(`${JSON.stringify({ id, method, params, ...more })}\0`);
    const { result, error } = await answered;
    if (error) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return isJson(result) ? result : {};
  };
}
