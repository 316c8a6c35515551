/**
 * Slack's rules for a manifest, of the parts that an app like ours may have: nothing else may stand there. Written down from
 * slackapi/manifest-schema (v2) and docs.slack.dev, App manifest fields. `faultsOf` adds what the schema leaves to Slack:
 * which address goes with which feature, which event wants which scope.
 */
import { z } from 'zod';

const text = (most: number, least = 1) => z.string().min(least).max(most);
const address = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^https:\/\//, 'not https');
const unique = (list: string[]): boolean => new Set(list).size === list.length;
const names = (most: number, atMost: number) =>
  z.array(text(most)).max(atMost).refine(unique, 'one stands there twice');

const shortcut = z.strictObject({
  // docs.slack.dev, Shortcuts: "Start with a verb", or whose it is.
  name: text(24).regex(/^(?:Add|Find|My|Open|Post|Show) /, 'does not begin with a verb, or with My'),
  type: z.enum(['global', 'message']),
  callback_id: text(255),
  description: text(150),
});

const command = z.strictObject({
  command: text(32, 2).regex(/^\/[a-z0-9_-]+$/),
  url: address(3000).optional(),
  description: text(2000),
  usage_hint: text(1000).optional(),
  should_escape: z.boolean().optional(),
});

const features = z.strictObject({
  app_home: z
    .strictObject({
      home_tab_enabled: z.boolean().optional(),
      messages_tab_enabled: z.boolean().optional(),
      messages_tab_read_only_enabled: z.boolean().optional(),
    })
    .optional(),
  bot_user: z.strictObject({ display_name: text(80), always_online: z.boolean().optional() }),
  shortcuts: z.array(shortcut).min(1).max(10).optional(),
  slash_commands: z.array(command).min(1).max(50).optional(),
  unfurl_domains: z
    .array(text(255).regex(/^(?![.-])[-a-z0-9.]+[a-z0-9]$/, 'not a host'))
    .min(1)
    .max(5)
    .refine(unique, 'one stands there twice')
    .optional(),
});

const settings = z.strictObject({
  event_subscriptions: z
    .strictObject({ request_url: address(3500).optional(), bot_events: names(50, 100) })
    .optional(),
  interactivity: z
    .strictObject({
      is_enabled: z.boolean(),
      request_url: address(3500).optional(),
      message_menu_options_url: address(3500).optional(),
    })
    .optional(),
  org_deploy_enabled: z.boolean().optional(),
  socket_mode_enabled: z.boolean().optional(),
  token_rotation_enabled: z.boolean().optional(),
});

const manifest = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(2), minor_version: z.int().optional() }),
  display_information: z.strictObject({
    name: text(35),
    description: text(140).optional(),
    long_description: text(4000, 175).optional(),
    background_color: z
      .string()
      .regex(/^#(?:[0-9a-fA-F]{3}){1,2}$/)
      .optional(),
  }),
  features,
  oauth_config: z.strictObject({
    redirect_urls: z.array(address(2500)).max(1000).refine(unique, 'one stands there twice').optional(),
    scopes: z.strictObject({ bot: names(50, 255), bot_optional: names(50, 255).optional() }),
  }),
  settings,
});

export type Manifest = z.infer<typeof manifest>;

/** What Slack would say against it; empty when it would take it. */
export function faultsOf(it: unknown): string[] {
  const { data, error } = manifest.safeParse(it);
  if (error) return error.issues.map(({ path, message }) => `${path.join('/')}: ${message}`);
  return [...addressFaults(data), ...scopeFaults(data), ...uniqueFaults(data)];
}

/** In Socket Mode Slack calls no address; else each feature has its own. */
function addressFaults({ features, settings }: Manifest): string[] {
  if (settings.socket_mode_enabled) return [];
  const { event_subscriptions: events, interactivity } = settings;
  return [
    ...(features.slash_commands ?? []).filter(({ url }) => !url).map((it) => `${it.command}: no url`),
    ...(events && !events.request_url ? ['event_subscriptions: no request_url'] : []),
    ...(interactivity?.is_enabled && !interactivity.request_url ? ['interactivity: no request_url'] : []),
    ...(features.shortcuts && !interactivity?.is_enabled ? ['shortcuts: interactivity is off'] : []),
  ];
}

/** docs.slack.dev, Events: the scope each of them requires; the others require none. */
const SCOPE_OF: Record<string, string> = {
  app_mention: 'app_mentions:read',
  channel_shared: 'channels:read',
  link_shared: 'links:read',
  'message.im': 'im:history',
  user_change: 'users:read',
  member_joined_channel: 'channels:read',
  member_left_channel: 'channels:read',
};

function scopeFaults({ features, oauth_config: { scopes }, settings }: Manifest): string[] {
  const asked = [...scopes.bot, ...(scopes.bot_optional ?? [])];
  const events = settings.event_subscriptions?.bot_events ?? [];
  const wanted: [string, string | undefined][] = [
    ...events.map((event): [string, string | undefined] => [event, SCOPE_OF[event]]),
    ...(features.slash_commands ? [['slash_commands', 'commands'] as [string, string]] : []),
    ...(features.shortcuts ? [['shortcuts', 'commands'] as [string, string]] : []),
    ...(features.unfurl_domains ? [['unfurl_domains', 'links:write'] as [string, string]] : []),
  ];
  return wanted
    .filter(([, scope]) => scope !== undefined && !asked.includes(scope))
    .map(([what, scope]) => `${what}: needs the scope ${scope}`);
}

function uniqueFaults({ features, oauth_config: { scopes } }: Manifest): string[] {
  const both = scopes.bot.filter((it) => scopes.bot_optional?.includes(it));
  const ids = (features.shortcuts ?? []).map((it) => it.callback_id);
  const commands = (features.slash_commands ?? []).map((it) => it.command);
  return [
    ...both.map((it) => `${it}: required and optional`),
    ...(unique(ids) ? [] : ['shortcuts: the same callback_id twice']),
    ...(unique(commands) ? [] : ['slash_commands: the same command twice']),
  ];
}
