/**
 * `npm run look`: plays a little day against a house in practice mode, and photographs what Slack would show of it, at a
 * desk and on a phone. `npm run look -- some/folder card channel` puts those pictures there. `npm run look -- teams` draws what Teams would show, by the renderer of Adaptive Cards. It wants Chromium.
 */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { register } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import globalSetup from '../support/global-setup.js';
import globalTeardown from '../support/global-teardown.js';

register('../support/typescript-hooks.js', import.meta.url);
const { openCamera } = await import('./camera.ts');
const { playDay } = await import('./day.ts');
const { toHtml } = await import('./draw.ts');
const teams = { ...(await import('./teams-day.ts')), ...(await import('./teams-draw.ts')) };

/** CSS pixels. */
const WIDTHS = { desk: 620, phone: 320 };

const said = process.argv.slice(2);
const isTeams = said[0] === 'teams';
const [given, ...wanted] = said.slice(isTeams ? 1 : 0);
const [play, draw] = isTeams ? [teams.playTeamsDay, teams.toTeamsHtml] : [playDay, toHtml];
const folder = path.resolve(given ?? (await mkdtemp(path.join(os.tmpdir(), 'ace-desk-look-'))));
await mkdir(folder, { recursive: true });
await globalSetup();
const day = await play().finally(globalTeardown);
const shown = Object.entries(day).filter(([name]) => wanted.length === 0 || wanted.includes(name));
const camera = await openCamera(folder);
try {
  for (const [name, shots] of shown)
    for (const [where, width] of Object.entries(WIDTHS))
      await writeFile(
        path.join(folder, `${name}-${where}.png`),
        await camera.picture(draw(shots, where), width),
      );
} finally {
  await camera.close();
}
console.log(`${shown.length * 2} pictures in ${folder}`);
