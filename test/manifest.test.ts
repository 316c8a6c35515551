/** The Slack app’s manifest: Slack takes it, it asks for what the code uses and for nothing else, and the README says why. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { optional, required } from '../src/slack/scopes.ts';
import { faultsOf, type Manifest } from './support/slack-manifest.ts';

const ROOT = path.join(import.meta.dirname, '..');
const text = readFileSync(path.join(ROOT, 'manifests/slack.yaml'), 'utf8');
const manifest: Manifest = parse(text, { strict: true, uniqueKeys: true });
const folder = path.join(ROOT, 'src/slack');
const sources = readdirSync(folder)
  .map((name) => readFileSync(path.join(folder, name), 'utf8'))
  .join('\n');
const isNamed = (it: string): boolean =>
  sources.includes(`'${it}'`) || new RegExp(`^\\s*${it}:`, 'm').test(sources);

const { features, oauth_config: oauth, settings } = manifest;
const events = settings.event_subscriptions?.bot_events ?? [];

describe('the manifest', () => {
  test('is taken by Slack, over HTTPS and in Socket Mode, where no address is needed', () => {
    expect(faultsOf(manifest)).toEqual([]);
    const socket = structuredClone(manifest);
    socket.settings.socket_mode_enabled = true;
    for (const it of socket.features.slash_commands ?? []) delete it.url;
    delete socket.settings.event_subscriptions?.request_url;
    socket.settings.interactivity = { is_enabled: true };
    delete socket.oauth_config.redirect_urls;
    delete socket.features.unfurl_domains;
    expect(faultsOf(socket)).toEqual([]);
  });

  test('names one host, in every address and in what is unfurled, so that one replacement mends all', () => {
    const hosts = [...text.matchAll(/https:\/\/([^/\s]+)/g)].map(([, host]) => host);
    expect(hosts).toHaveLength(5);
    expect([...new Set([...hosts, ...(features.unfurl_domains ?? [])])]).toEqual([
      'ace-desk.your-company.example',
    ]);
    const ours = [...text.matchAll(/https:\/\/[^/\s]+(\/\S*)/g)].map(([, at]) => at);
    expect([...new Set(ours)].sort()).toEqual(['/slack/events', '/slack/oauth_redirect']);
  });

  const broken: [string, (it: Manifest) => unknown][] = [
    ['a member nobody knows', (it) => Object.assign(it.settings, { colour: 'blue' })],
    ['no name', (it) => Object.assign(it.display_information, { name: '' })],
    ['a name over 35', (it) => Object.assign(it.display_information, { name: 'x'.repeat(36) })],
    [
      'a description over 140',
      (it) => Object.assign(it.display_information, { description: 'x'.repeat(141) }),
    ],
    ['a short long description', (it) => Object.assign(it.display_information, { long_description: 'x' })],
    ['a colour that is none', (it) => Object.assign(it.display_information, { background_color: 'blue' })],
    ['a bot without a name', (it) => Object.assign(it.features, { bot_user: {} })],
    ['11 shortcuts', (it) => shortcuts(it, 11)],
    ['a shortcut over 24', (it) => shortcuts(it, 1, { name: `Find ${'x'.repeat(20)}` })],
    ['a shortcut that is no deed', (it) => shortcuts(it, 1, { name: 'Deal search' })],
    ['a shortcut without words', (it) => shortcuts(it, 1, { description: '' })],
    ['a shortcut’s words over 150', (it) => shortcuts(it, 1, { description: 'x'.repeat(151) })],
    ['a shortcut of an unknown type', (it) => shortcuts(it, 1, { type: 'thread' })],
    ['the same callback twice', (it) => shortcuts(it, 2, { callback_id: 'one' })],
    ['51 commands', (it) => commands(it, 51)],
    ['a command over 32', (it) => commands(it, 1, { command: `/${'x'.repeat(32)}` })],
    ['a command without its slash', (it) => commands(it, 1, { command: 'ace' })],
    ['a command without an address', (it) => commands(it, 1, { url: undefined })],
    ['a hint over 1000', (it) => commands(it, 1, { usage_hint: 'x'.repeat(1001) })],
    ['an address that is not https', (it) => commands(it, 1, { url: 'http://ace.example' })],
    ['6 hosts', (it) => Object.assign(it.features, { unfurl_domains: list(6, 'a') })],
    ['a host with its scheme', (it) => Object.assign(it.features, { unfurl_domains: ['https://a.example'] })],
    ['a scope twice', (it) => it.oauth_config.scopes.bot.push('commands')],
    ['a scope required and optional', (it) => it.oauth_config.scopes.bot_optional?.push('commands')],
    ['an event twice', (it) => it.settings.event_subscriptions?.bot_events.push('app_mention')],
    ['events without an address', (it) => delete it.settings.event_subscriptions?.request_url],
    ['101 events', (it) => it.settings.event_subscriptions?.bot_events.push(...list(101, 'e'))],
    [
      'interactivity off with shortcuts',
      (it) => Object.assign(it.settings, { interactivity: { is_enabled: false } }),
    ],
    ['a link without its scope', (it) => without(it, 'links:read')],
    ['a command without its scope', (it) => without(it, 'commands')],
    ['unfurling without its scope', (it) => without(it, 'links:write')],
  ];
  test.each(broken)('is refused with %s', (_, mutate) => {
    const it = structuredClone(manifest);
    mutate(it);
    expect(faultsOf(it)).not.toEqual([]);
  });
});

describe('the manifest and the code', () => {
  test('ask for the same scopes, none too many', () => {
    expect(oauth.scopes.bot).toEqual(Object.keys(required));
    expect(oauth.scopes.bot_optional).toEqual(Object.keys(optional));
    const all = [...Object.keys(required), ...Object.keys(optional)];
    // Slack reviews these more strictly, and asks of every installer.
    const broad = all.filter((it) => /^admin|:history$|^files:|^search:|^identity/.test(it));
    expect(broad).toEqual(['files:write', 'im:history']);
    expect(Object.keys(required)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^im:history|^files:/)]),
    );
  });

  test.each(events)('%s is heard, and somebody answers it', (event) => {
    const [type = '', of] = event.split('.');
    expect(isNamed(type)).toBe(true);
    if (of) expect(isNamed(of)).toBe(true);
  });

  test('no event is handled that Slack is not asked for', () => {
    const heard = EVENTS.filter(isNamed);
    expect(heard.filter((it) => !events.includes(it))).toEqual([]);
    expect(heard).toContain('app_mention');
  });

  test.each(features.shortcuts ?? [])('the shortcut $name has its handler', ({ callback_id: id }) => {
    expect(isNamed(id)).toBe(true);
  });

  test('every command is answered by the one handler, and named as our texts name it', () => {
    expect(features.slash_commands?.map(({ command }) => command)).toEqual(['/ace']);
    expect(/\bthis\.command\(\/\[\\s\\S\]\*\//.test(sources)).toBe(true);
    const typed = [...sources.matchAll(/\b[Tt]ype (\/[a-z]+)/g)].map(([, word]) => word);
    expect([...new Set(typed)]).toEqual(['/ace']);
  });

  test('long selects are asked for at an address of ours, and the home tab and private messages are on', () => {
    expect(settings.interactivity?.message_menu_options_url).toBe(settings.interactivity?.request_url);
    expect(isNamed('block_suggestion')).toBe(true);
    expect(features.app_home).toEqual({
      home_tab_enabled: true,
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: false,
    });
  });
});

describe('the README', () => {
  const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
  const section = readme.split(/^#+ /m).find((it) => it.startsWith('Slack app: scopes, and why')) ?? '';
  const rows = section.split('\n').filter((it) => it.startsWith('| `'));

  test.each([...Object.keys(required), ...Object.keys(optional)])(
    'says what %s is for, and what is missing without it',
    (scope) => {
      const found = rows.filter((it) => it.split('|')[1]?.includes(`\`${scope}\``));
      expect(found).toHaveLength(1);
      const [, , purpose = '', without = ''] = found[0]?.split('|') ?? [];
      expect([purpose.trim().length > 10, without.trim().length > 10]).toEqual([true, true]);
    },
  );

  test('names no scope that is not asked for, and marks the optional ones', () => {
    expect(rows).toHaveLength(Object.keys({ ...required, ...optional }).length);
    for (const scope of Object.keys(optional))
      expect(rows.find((it) => it.includes(`\`${scope}\``))).toContain('optional');
  });
});

/** Every event of Slack's that a bot like ours could ask for (docs.slack.dev, Events). */
const EVENTS = [
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'channel_archive',
  'channel_deleted',
  'channel_left',
  'channel_rename',
  'channel_shared',
  'channel_unshared',
  'entity_details_requested',
  'group_left',
  'link_shared',
  'member_joined_channel',
  'member_left_channel',
  'message.channels',
  'message.groups',
  'message.im',
  'message_metadata_posted',
  'reaction_added',
  'team_join',
  'tokens_revoked',
  'user_change',
];

const list = (count: number, of: string): string[] =>
  Array.from({ length: count }, (_, nth) => `${of}${nth}`);

function shortcuts({ features: it }: Manifest, count: number, more: object = {}): void {
  const [one] = it.shortcuts ?? [];
  Object.assign(it, { shortcuts: list(count, 'id').map((id) => ({ ...one, callback_id: id, ...more })) });
}

function commands({ features: it }: Manifest, count: number, more: object = {}): void {
  const [one] = it.slash_commands ?? [];
  Object.assign(it, { slash_commands: list(count, '/c').map((command) => ({ ...one, command, ...more })) });
}

function without({ oauth_config: { scopes } }: Manifest, scope: string): void {
  scopes.bot = scopes.bot.filter((it) => it !== scope);
}
