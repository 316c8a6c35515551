/** The Teams app’s package: what it holds, and that it is not made half-filled. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { strFromU8, unzipSync } from 'fflate';
import { readManifest } from './support/teams-manifest.ts';

const ROOT = path.join(import.meta.dirname, '..');
const FOLDER = path.join(ROOT, 'manifests/teams');
const SCRIPT = path.join(FOLDER, 'package.js');
const template = readFileSync(path.join(FOLDER, 'manifest.json'), 'utf8');
const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

const GIVEN = {
  MicrosoftAppId: '1b2c3d4e-0a1b-4c2d-8e3f-001122334455',
  PUBLIC_URL: 'https://ace.contoso.com',
};
type Given = Record<string, string>;
type Fill = (template: string, environment: Given, version: string) => string;
// Plain JavaScript, without types: it runs before anything is built.
const { fill }: { fill: Fill } = await import(pathToFileURL(SCRIPT).href);
const filled = fill(template, GIVEN, version);
const manifest = readManifest(filled);

const desk = mkdtempSync(path.join(tmpdir(), 'teams-package-'));
afterAll(() => rmSync(desk, { recursive: true, force: true }));

/** As `npm run teams:package` runs it, in a folder of its own, without what this process has been told. */
const pack = (given: Given, args: string[] = [], script = SCRIPT): Promise<{ code: number; said: string }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH, ...given };
    execFile(process.execPath, [script, ...args], { cwd: desk, env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
    );
  });

const zipped = (name: string) => unzipSync(readFileSync(path.join(desk, name)));

describe('the package', () => {
  test('holds the manifest and the icons at its root, and says what it is', async () => {
    const { code, said } = await pack(GIVEN);
    expect([code, said]).toEqual([
      0,
      expect.stringContaining(`ace-desk ${version}, bot ${GIVEN.MicrosoftAppId}`),
    ]);
    const files = zipped('dist/ace-desk-teams.zip');
    expect(Object.keys(files).sort()).toEqual(['color.png', 'manifest.json', 'outline.png']);
    expect(strFromU8(files['manifest.json'] ?? new Uint8Array())).toBe(filled);
    for (const name of Object.values(manifest.icons))
      expect(Buffer.from(files[name] ?? []).equals(readFileSync(path.join(FOLDER, name)))).toBe(true);
  });

  test('is the same to the byte, whenever and wherever it is made', async () => {
    await pack(GIVEN, ['one.zip']);
    await pack({ ...GIVEN, TZ: 'Pacific/Auckland' }, ['other/two.zip']);
    const [one, two] = ['one.zip', 'other/two.zip'].map((name) => readFileSync(path.join(desk, name)));
    expect(two && one?.equals(two)).toBe(true);
  });

  test('takes what is missing from a .env file; what is set already wins', async () => {
    const file = path.join(desk, '.env');
    writeFileSync(file, `MicrosoftAppId=${GIVEN.MicrosoftAppId}\nPUBLIC_URL=https://other.contoso.com\n`);
    const { said } = await pack({ PUBLIC_URL: GIVEN.PUBLIC_URL }, ['three.zip']);
    rmSync(file);
    expect(said).toContain(`bot ${GIVEN.MicrosoftAppId}, at ${GIVEN.PUBLIC_URL}`);
  });

  test('leads to pages of the company where they are named, and says which are not', async () => {
    const { said } = await pack({ ...GIVEN, TEAMS_PRIVACY_URL: 'https://contoso.com/privacy' }, ['four.zip']);
    expect(said).toContain(`a plain page of ace-desk’s at ${GIVEN.PUBLIC_URL}`);
    expect(said).toContain('SUPPORT_URL, TEAMS_TERMS_URL');
    expect(said).not.toContain('TEAMS_PRIVACY_URL');
    const all = {
      ...GIVEN,
      TEAMS_PRIVACY_URL: 'https://contoso.com/privacy',
      TEAMS_TERMS_URL: 'https://contoso.com/terms',
    };
    expect(
      readManifest(fill(template, { ...all, SUPPORT_URL: 'https://contoso.com/help' }, version)).developer,
    ).toEqual({
      name: 'ace-desk',
      websiteUrl: 'https://contoso.com/help',
      privacyUrl: 'https://contoso.com/privacy',
      termsOfUseUrl: 'https://contoso.com/terms',
    });
    // ace-desk itself takes an e-mail address there as well.
    const { developer } = readManifest(
      fill(template, { ...all, SUPPORT_URL: 'mailto:help@contoso.com' }, version),
    );
    expect(developer.websiteUrl).toBe(GIVEN.PUBLIC_URL);
  });

  test('is not made of nothing: all that is missing is named at once, and no file is written', async () => {
    const { code, said } = await pack({ MicrosoftAppId: '' }, ['none.zip']);
    expect(code).toBe(1);
    expect(said).toMatch(
      /^The package needs a hand:\n {2}- MicrosoftAppId is missing.*\n {2}- PUBLIC_URL is missing.*\n$/,
    );
    expect(readdirSync(desk)).not.toContain('none.zip');
  });

  test('says how it is called when it is called otherwise', async () => {
    for (const args of [['--help'], ['a.zip', 'b.zip'], ['package.json']])
      expect(await pack(GIVEN, args)).toEqual({ code: 1, said: 'npm run teams:package [-- <out.zip>]\n' });
  });

  const wrong: [string, Given, string][] = [
    ['an id that is none', { MicrosoftAppId: 'ace-desk' }, 'MicrosoftAppId'],
    ['an id of zeros', { MicrosoftAppId: '00000000-0000-0000-0000-000000000000' }, 'MicrosoftAppId'],
    ['a placeholder for an id', { MicrosoftAppId: '<your-app-id>' }, 'MicrosoftAppId'],
    ['http', { PUBLIC_URL: 'http://ace.contoso.com' }, 'PUBLIC_URL'],
    ['a path', { PUBLIC_URL: 'https://ace.contoso.com/desk' }, 'PUBLIC_URL'],
    ['a port', { PUBLIC_URL: 'https://ace.contoso.com:8443' }, 'PUBLIC_URL'],
    ['this machine', { PUBLIC_URL: 'https://localhost' }, 'PUBLIC_URL'],
    ['an address of numbers', { PUBLIC_URL: 'https://10.0.0.1' }, 'PUBLIC_URL'],
    ['a name and password', { PUBLIC_URL: 'https://me:pw@ace.contoso.com' }, 'PUBLIC_URL'],
    ['no URL', { PUBLIC_URL: 'ace.contoso.com' }, 'PUBLIC_URL'],
    ['a host for examples', { PUBLIC_URL: 'https://ace-desk.your-company.example' }, 'PUBLIC_URL'],
    ['a page over http', { TEAMS_PRIVACY_URL: 'http://contoso.com/privacy' }, 'TEAMS_PRIVACY_URL'],
    ['a page that is none', { TEAMS_TERMS_URL: 'terms' }, 'TEAMS_TERMS_URL'],
  ];
  test.each(wrong)(
    'is refused with %s, by the name of the variable and never its value',
    (_, given, name) => {
      const making = () => fill(template, { ...GIVEN, ...given }, version);
      expect(making).toThrow(new RegExp(`^The package needs a hand:\n {2}- ${name} [^\n]+$`));
      for (const value of Object.values(given)) expect(making).not.toThrow(value);
    },
  );

  const left = [
    ...['{BOT_ID}', '{constructor}'].map((it) => `$${it}`),
    ...['{{botId}}', '<<BOT>>', 'https://your-company.example', 'TODO'],
  ];
  test.each(left)('is refused while %s stands in it', (placeholder) => {
    const developer = { ...manifest.developer, name: placeholder };
    const making = () => fill(JSON.stringify({ ...manifest, developer }), GIVEN, version);
    expect(making).toThrow(`manifest.json still holds a placeholder: ${placeholder}`);
  });

  const spoilt: [string, string, string][] = [
    ['a small icon in colour', 'outline.png', 'color.png must be a PNG of 192 × 192 pixels'],
    ['text for an icon', 'manifest.json', 'color.png must be a PNG of 192 × 192 pixels'],
  ];
  test.each(spoilt)('is refused with %s', async (_, from, words) => {
    const elsewhere = mkdtempSync(path.join(desk, 'house-'));
    const folder = path.join(elsewhere, 'manifests/teams');
    cpSync(FOLDER, folder, { recursive: true });
    cpSync(path.join(folder, from), path.join(folder, 'color.png'));
    cpSync(path.join(ROOT, 'package.json'), path.join(elsewhere, 'package.json'));
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(elsewhere, 'node_modules'));
    const { code, said } = await pack(GIVEN, [], path.join(folder, 'package.js'));
    expect([code, said]).toEqual([1, `The package needs a hand:\n  - ${words}\n`]);
  });

  test('is refused with a version that Teams does not take', () => {
    expect(() => fill(template, GIVEN, '1.0.0-beta.1')).toThrow('version in package.json is 1.0.0-beta.1');
  });
});
