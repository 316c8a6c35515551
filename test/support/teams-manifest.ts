/**
 * Teams' rules for a manifest, of the parts that an app like ours may have: nothing else may stand there. Written down from
 * MicrosoftTeams.schema.json 1.23 (microsoft/json-schemas); `faultsOf` adds what the schema leaves to Teams: which part goes
 * with which. Where Microsoft's pages ask for less than the schema allows, the smaller limit counts.
 */
import { z } from 'zod';

const text = (most: number, least = 1) => z.string().min(least).max(most);
const guid = z.string().regex(/^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/, 'no GUID');
/** The schema takes http as well: not here. */
const page = z
  .string()
  .max(2048)
  .regex(/^https:\/\//, 'not https');
const host = z
  .string()
  .max(2048)
  .regex(/^(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+$/, 'not a host');
const unique = (list: unknown[]): boolean => new Set(list).size === list.length;
const some = <T extends z.ZodType>(of: T, most: number) =>
  z.array(of).min(1).max(most).refine(unique, 'one stands there twice');

const SCOPES = ['personal', 'team', 'groupChat'] as const;
const scopes = some(z.enum(SCOPES), 3);

const bot = z.strictObject({
  botId: guid,
  scopes,
  isNotificationOnly: z.boolean().optional(),
  supportsFiles: z.boolean().optional(),
  commandLists: z
    .array(
      z.strictObject({
        scopes,
        // 1.23 takes more (128, 4000); before it were these.
        commands: z
          .array(z.strictObject({ title: text(32), description: text(128) }))
          .min(1)
          .max(10),
      }),
    )
    .max(3)
    .optional(),
});

const parameter = z.strictObject({
  name: text(64),
  title: text(32),
  description: text(128).optional(),
  inputType: z.enum(['text', 'textarea', 'number', 'date', 'time', 'toggle', 'choiceset']).optional(),
});

const command = z.strictObject({
  id: text(64),
  type: z.enum(['query', 'action']),
  context: some(z.enum(['compose', 'commandBox', 'message']), 3),
  title: text(32),
  description: text(128).optional(),
  initialRun: z.boolean().optional(),
  fetchTask: z.boolean().optional(),
  parameters: z.array(parameter).min(1).max(5).optional(),
});

const composeExtension = z.strictObject({
  botId: guid,
  commands: z.array(command).min(1).max(10),
  messageHandlers: z
    .array(z.strictObject({ type: z.literal('link'), value: z.strictObject({ domains: some(host, 16) }) }))
    .max(5)
    .optional(),
});

const capability = z.enum(['tab', 'bot', 'connector']);

const manifest = z.strictObject({
  $schema: z.literal('https://developer.microsoft.com/json-schemas/teams/v1.23/MicrosoftTeams.schema.json'),
  manifestVersion: z.literal('1.23'),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'no version'),
  id: guid,
  developer: z.strictObject({ name: text(32), websiteUrl: page, privacyUrl: page, termsOfUseUrl: page }),
  name: z.strictObject({ short: text(30), full: text(100).optional() }),
  description: z.strictObject({ short: text(80), full: text(4000) }),
  icons: z.strictObject({ color: text(2048), outline: text(2048) }),
  accentColor: z.string().regex(/^#[0-9a-fA-F]{6}$/, 'no colour'),
  bots: z.array(bot).length(1),
  composeExtensions: z.array(composeExtension).max(1).optional(),
  permissions: some(z.enum(['identity', 'messageTeamMembers']), 2).optional(),
  validDomains: some(host, 16),
  defaultInstallScope: z.enum([...SCOPES, 'meetings']).optional(),
  defaultGroupCapability: z
    .strictObject({ team: capability.optional(), groupchat: capability.optional() })
    .optional(),
});

export type TeamsManifest = z.infer<typeof manifest>;

/** @throws ZodError; what goes beyond the schema is left to `faultsOf`. */
export const readManifest = (text: string): TeamsManifest => manifest.parse(JSON.parse(text));

/** What Teams would say against it; empty when it would take it. */
export function faultsOf(it: unknown): string[] {
  const { data, error } = manifest.safeParse(it);
  if (error) return error.issues.map(({ path, message }) => `${path.join('/')}: ${message}`);
  return [...botFaults(data), ...extensionFaults(data)];
}

/** One list of commands for a scope, and only for scopes the bot has; a title once in each. */
function botFaults({ bots, defaultInstallScope: scope }: TeamsManifest): string[] {
  return bots.flatMap((it) => {
    const lists = it.commandLists ?? [];
    const listed = lists.flatMap((list) => list.scopes);
    const twice = lists.filter(({ commands }) => !unique(commands.map(({ title }) => title.toLowerCase())));
    return [
      ...(unique(listed) ? [] : ['commandLists: a scope has two']),
      ...listed.filter((one) => !it.scopes.includes(one)).map((one) => `commandLists: the bot has no ${one}`),
      ...twice.map(({ scopes }) => `commandLists: a title twice in ${scopes.join()}`),
      ...(scope && !it.scopes.some((one) => one === scope)
        ? [`defaultInstallScope: the bot has no ${scope}`]
        : []),
    ];
  });
}

function extensionFaults({ bots, composeExtensions = [], validDomains }: TeamsManifest): string[] {
  return composeExtensions.flatMap(({ botId, commands, messageHandlers = [] }) => {
    const links = messageHandlers.flatMap(({ value }) => value.domains);
    return [
      ...(bots.some((it) => it.botId === botId) ? [] : ['composeExtensions: another bot’s']),
      ...(unique(commands.map(({ id }) => id)) ? [] : ['composeExtensions: the same id twice']),
      ...commands.flatMap(commandFaults),
      ...links.filter((it) => !validDomains.includes(it)).map((it) => `validDomains: ${it} is missing`),
    ];
  });
}

/** A search has something to type, and stands where something is written; an action asks us for its dialog, or has its own. */
function commandFaults(it: z.infer<typeof command>): string[] {
  const { id, type, context, fetchTask = false, parameters = [], initialRun = false } = it;
  const faults: [boolean, string][] = [
    [type === 'query' && parameters.length === 0, 'a query has a parameter'],
    [type === 'query' && context.includes('message'), 'a query does not stand under a message'],
    [type === 'query' && fetchTask, 'only an action fetches a dialog'],
    [type === 'action' && initialRun, 'only a query runs initially'],
    [type === 'action' && fetchTask === parameters.length > 0, 'a dialog is fetched, or made of parameters'],
  ];
  return faults.filter(([isWrong]) => isWrong).map(([, words]) => `${id}: ${words}`);
}
