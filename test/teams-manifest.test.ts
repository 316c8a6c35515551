/** The Teams app’s manifest: Teams takes it once it is filled, and the code answers what it promises. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { hear } from '../src/bot/words.ts';
import * as vocabulary from '../src/commands/index.ts';
import { ofInvoke } from '../src/teams/invokes.ts';
import { readPng } from './support/png.ts';
import { faultsOf, readManifest, type TeamsManifest } from './support/teams-manifest.ts';

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

describe('the manifest', () => {
  test('is taken by Teams once it is filled', () => {
    expect(faultsOf(JSON.parse(filled))).toEqual([]);
  });

  test('asks to read nothing that is not said to it, and for no rights over teams and chats', () => {
    expect(template).not.toMatch(/resourceSpecific|webApplicationInfo|Read\.(Group|Chat)/);
    expect(manifest.permissions).toEqual(['identity', 'messageTeamMembers']);
  });

  test('names one host, where links to deals lead', () => {
    const domains = manifest.composeExtensions?.[0]?.messageHandlers?.[0]?.value.domains;
    expect([domains, manifest.validDomains]).toEqual([['ace.contoso.com'], ['ace.contoso.com']]);
  });

  const lists = manifest.bots[0]?.commandLists ?? [];
  const titles = lists.flatMap(({ scopes, commands }) =>
    commands.map(({ title, description }) => ({ title, description, scopes })),
  );
  const commands = Object.values(vocabulary);

  test('offers commands wherever the bot is', () => {
    expect(lists.flatMap(({ scopes }) => scopes).sort()).toEqual(manifest.bots[0]?.scopes.toSorted());
    expect(titles.length).toBeGreaterThan(10);
  });

  test.each(titles)('“$title” is a thing one can say ($scopes)', ({ title, description }) => {
    const verb = title.replace(/ .*/, '');
    expect(commands.map((it) => it.verb)).toContain(verb);
    const [, example] = /: ([a-z-]+ .*)$/.exec(description) ?? [];
    for (const line of [title, ...(example ? [example] : [])]) {
      const heard = hear(line, { now: new Date(0), timeZone: 'UTC', commands });
      // Its verb alone may open a form, or ask for what is missing: but never is it taken for another.
      expect([line, heard.kind === 'said' ? heard.said.verb : heard]).toEqual([line, verb]);
    }
  });

  type Mutate = (it: TeamsManifest) => unknown;
  const at = <T>(list: T[] | undefined, nth = 0): T => {
    const found = list?.[nth];
    if (!found) throw new Error('the manifest has no such part');
    return found;
  };
  const bot = (it: TeamsManifest) => at(it.bots);
  const listed = (it: TeamsManifest) => at(bot(it).commandLists);
  const extension = (it: TeamsManifest) => at(it.composeExtensions);
  const command = (it: TeamsManifest, nth: number) => at(extension(it).commands, nth);
  const one = { title: 'desk', description: 'What needs you' };
  const SCOPES = ['personal', 'team', 'groupChat'];
  const copies = <T>(of: T, count: number): T[] =>
    Array.from({ length: count }, (_, nth) => ({ ...of, id: `copy${nth}` }));
  const broken: [string, Mutate][] = [
    ['a member nobody knows', (it) => Object.assign(it, { colour: 'blue' })],
    ['another version of the schema', (it) => Object.assign(it, { manifestVersion: '1.24' })],
    ['no version', (it) => Object.assign(it, { version: 'next' })],
    ['an id that is none', (it) => Object.assign(it, { id: 'ace-desk' })],
    ['a short name over 30', (it) => Object.assign(it.name, { short: 'x'.repeat(31) })],
    ['a description over 80', (it) => Object.assign(it.description, { short: 'x'.repeat(81) })],
    ['no full description', (it) => Object.assign(it.description, { full: '' })],
    ['a developer over 32', (it) => Object.assign(it.developer, { name: 'x'.repeat(33) })],
    ['a page over http', (it) => Object.assign(it.developer, { privacyUrl: 'http://ace.contoso.com' })],
    ['a colour that is none', (it) => Object.assign(it, { accentColor: 'blue' })],
    ['no outline icon', (it) => Object.assign(it.icons, { outline: '' })],
    ['two bots', (it) => it.bots.push(...it.bots)],
    ['groupchat in small letters', (it) => Object.assign(bot(it), { scopes: [...SCOPES, 'groupchat'] })],
    ['11 commands', (it) => listed(it).commands.push({ ...one, title: 'an eleventh' })],
    ['a command twice', (it) => Object.assign(listed(it), { commands: [one, one] })],
    ['a command over 32', (it) => listed(it).commands.push({ ...one, title: 'x'.repeat(33) })],
    ['a command without words', (it) => listed(it).commands.push({ ...one, description: '' })],
    ['two lists for a scope', (it) => listed(it).scopes.push('team')],
    ['a list where the bot is not', (it) => Object.assign(bot(it), { scopes: ['personal', 'team'] })],
    [
      'another bot’s extension',
      (it) => Object.assign(extension(it), { botId: GIVEN.MicrosoftAppId.replace(/1/g, '2') }),
    ],
    ['11 commands of the extension', (it) => extension(it).commands.push(...copies(command(it, 0), 9))],
    ['two of one id', (it) => Object.assign(command(it, 0), { id: 'addNextStep' })],
    ['a title over 32', (it) => Object.assign(command(it, 0), { title: 'x'.repeat(33) })],
    ['a search without a parameter', (it) => Object.assign(command(it, 0), { parameters: undefined })],
    ['a search under a message', (it) => Object.assign(command(it, 0), { context: ['message'] })],
    ['an action without a dialog', (it) => Object.assign(command(it, 1), { fetchTask: false })],
    ['a place that is none', (it) => Object.assign(command(it, 1), { context: ['chat'] })],
    ['links of a host that is not named', (it) => Object.assign(it, { validDomains: ['other.contoso.com'] })],
    ['a host with its scheme', (it) => Object.assign(it, { validDomains: ['https://ace.contoso.com'] })],
    ['any host', (it) => Object.assign(it, { validDomains: ['*.com'] })],
    ['a permission nobody knows', (it) => Object.assign(it, { permissions: ['mail'] })],
    [
      'rights over teams',
      (it) => Object.assign(it, { authorization: { permissions: { resourceSpecific: [] } } }),
    ],
  ];
  test.each(broken)('is refused with %s', (_, mutate) => {
    const it = structuredClone(manifest);
    mutate(it);
    expect(faultsOf(it)).not.toEqual([]);
  });
});

describe('the message extension', () => {
  const folder = path.join(ROOT, 'src/teams');
  const sources = readdirSync(folder)
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .join('\n');
  const [search, action] = manifest.composeExtensions?.[0]?.commands ?? [];

  test('has a search and an action, and somebody answers each by its id', () => {
    expect([search?.type, action?.type]).toEqual(['query', 'action']);
    for (const it of [search, action]) expect(sources).toContain(`'${it?.id}'`);
  });

  test('is heard with what was typed into its one parameter, and with nothing when it opens', () => {
    const [parameter] = search?.parameters ?? [];
    const asked = (name: string | undefined, value: string) =>
      ofInvoke('composeExtension/query', { commandId: search?.id, parameters: [{ name, value }] });
    expect(search?.parameters).toHaveLength(1);
    expect(search?.initialRun).toBe(true);
    expect(asked(parameter?.name, 'Acme')).toEqual({ kind: 'search', command: search?.id, query: 'Acme' });
    expect(asked('initialRun', 'true')).toEqual({ kind: 'search', command: search?.id, query: '' });
  });

  test('asks for the dialog of its action when it is chosen on a message', () => {
    expect([action?.fetchTask, action?.context]).toEqual([true, ['message']]);
    const messagePayload = { id: '1', body: { content: '<p>Demo on Friday</p>', contentType: 'html' } };
    const heard = ofInvoke('composeExtension/fetchTask', { commandId: action?.id, messagePayload });
    expect(heard).toMatchObject({ kind: 'message', command: action?.id, text: 'Demo on Friday' });
  });
});

describe('the icons', () => {
  const icon = (name: keyof TeamsManifest['icons']) =>
    readPng(readFileSync(path.join(FOLDER, manifest.icons[name])));

  test('in colour: 192 × 192, filled to its edges, for Teams rounds the corners itself', () => {
    const { width, height, pixels } = icon('color');
    expect([width, height]).toEqual([192, 192]);
    expect(pixels.every(([, , , opacity]) => opacity === 255)).toBe(true);
    const ground = Buffer.from(manifest.accentColor.slice(1), 'hex');
    expect(pixels[0]?.slice(0, 3)).toEqual([...ground]);
    expect(new Set(pixels.map(String)).size).toBeGreaterThan(2);
  });

  test('as an outline: 32 × 32, white on nothing', () => {
    const { width, height, pixels } = icon('outline');
    expect([width, height]).toEqual([32, 32]);
    const seen = pixels.filter(([, , , opacity]) => opacity > 0);
    expect(seen.every(([red, green, blue]) => red === 255 && green === 255 && blue === 255)).toBe(true);
    expect(seen.length).toBeGreaterThan(100);
    expect(seen.length).toBeLessThan(pixels.length / 2);
    expect(pixels[0]?.[3]).toBe(0);
  });

  test('are small', () => {
    for (const name of Object.values(manifest.icons))
      expect(readFileSync(path.join(FOLDER, name)).length).toBeLessThan(10_000);
  });
});
