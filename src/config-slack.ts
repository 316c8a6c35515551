/** The part of the environment that is Slack's: one workspace or several, over HTTP or a socket. */
import { z } from 'zod';

/** One workspace (`botToken`), others by OAuth (`install`), or both; over HTTP (`signingSecret`) or a socket (`appToken`). */
export interface SlackConfig {
  signingSecret?: string;
  appToken?: string;
  botToken?: string;
  install?: InstallConfig;
  apiUrl?: string;
}

export interface InstallConfig {
  clientId: string;
  clientSecret: string;
  /** 32 bytes. */
  tokenKey: Uint8Array;
  publicUrl: string;
  /** Team and enterprise ids; empty: whoever comes. */
  allowed: string[];
}

/** Exact: what base64 would silently drop is a slip of the hand. */
const isKey = (text: string): boolean => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 32 && bytes.toString('base64') === text;
};

export const slackVariables = {
  SLACK_SIGNING_SECRET: z
    .string()
    .min(16, 'is too short for a signing secret (Basic Information → App Credentials)')
    .optional(),
  SLACK_BOT_TOKEN: z
    .string()
    .startsWith('xoxb-', 'must begin with xoxb- (OAuth & Permissions → Bot User OAuth Token)')
    .optional(),
  SLACK_APP_TOKEN: z
    .string()
    .startsWith('xapp-', 'must begin with xapp- (Basic Information → App-Level Tokens, connections:write)')
    .optional(),
  SLACK_CLIENT_ID: z
    .string()
    .regex(/^[\w.-]+$/, 'is not a client id (Basic Information → App Credentials)')
    .optional(),
  SLACK_CLIENT_SECRET: z
    .string()
    .min(16, 'is too short for a client secret (Basic Information → App Credentials)')
    .optional(),
  SLACK_ALLOWED_TEAMS: z
    .string()
    .regex(
      /^\s*[TE][A-Z0-9]+(\s*,\s*[TE][A-Z0-9]+)*\s*$/,
      'must be team or enterprise ids (T… or E…) with commas between',
    )
    .optional(),
  TOKEN_KEY: z
    .string()
    .refine((text) => isKey(text), 'must be exactly 32 bytes in base64: openssl rand -base64 32')
    .optional(),
};

type SlackEnvironment = z.infer<z.ZodObject<typeof slackVariables>> & {
  SLACK_API_URL?: string | undefined;
  PUBLIC_URL?: string | undefined;
  PARTNER_CENTRAL_CATALOG: string;
};

/** Slack wants a way in (a secret or a socket) and a workspace (a token, or OAuth with all that belongs to it). */
export function slackHalves(env: SlackEnvironment): string[] {
  const isSet = (name: keyof typeof env) => env[name] !== undefined;
  const faults: string[] = [];
  const installs = INSTALL.filter(isSet);
  const workspace = isSet('SLACK_BOT_TOKEN') || isSet('SLACK_CLIENT_ID');
  const wayIn = (['SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN'] as const).find(isSet);
  if (wayIn && !workspace)
    faults.push(`SLACK_BOT_TOKEN is missing (${wayIn} is set), or SLACK_CLIENT_ID for OAuth`);
  if (workspace && !wayIn)
    faults.push(
      `SLACK_SIGNING_SECRET is missing (${isSet('SLACK_BOT_TOKEN') ? 'SLACK_BOT_TOKEN' : 'SLACK_CLIENT_ID'} is set), or SLACK_APP_TOKEN for Socket Mode`,
    );
  for (const name of installs.length > 0 ? [...INSTALL, 'PUBLIC_URL' as const] : [])
    if (!isSet(name)) faults.push(`${name} is missing (${installs[0]} is set)`);
  if (isSet('SLACK_ALLOWED_TEAMS') && installs.length === 0)
    faults.push('SLACK_ALLOWED_TEAMS is set, but nobody can install the app: SLACK_CLIENT_ID is missing');
  if (installs.length > 0 && !isSet('SLACK_ALLOWED_TEAMS') && env.PARTNER_CENTRAL_CATALOG !== 'practice')
    faults.push(
      'SLACK_ALLOWED_TEAMS is missing: outside practice mode it says which workspaces may install the app, as whoever runs a workspace says whose e-mail is whose',
    );
  if (isSet('SLACK_API_URL') && !workspace)
    faults.push('SLACK_API_URL is set, but SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET are not');
  return faults;
}

/** OAuth: all of them or none. */
const INSTALL = ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET', 'TOKEN_KEY'] as const;

export function toSlack(env: SlackEnvironment): SlackConfig | undefined {
  const install = toInstall(env);
  if (!env.SLACK_BOT_TOKEN && !install) return undefined;
  return {
    ...(env.SLACK_SIGNING_SECRET ? { signingSecret: env.SLACK_SIGNING_SECRET } : {}),
    ...(env.SLACK_APP_TOKEN ? { appToken: env.SLACK_APP_TOKEN } : {}),
    ...(env.SLACK_BOT_TOKEN ? { botToken: env.SLACK_BOT_TOKEN } : {}),
    ...(install ? { install } : {}),
    ...(env.SLACK_API_URL ? { apiUrl: env.SLACK_API_URL } : {}),
  };
}

function toInstall(env: SlackEnvironment): InstallConfig | undefined {
  const {
    SLACK_CLIENT_ID: clientId,
    SLACK_CLIENT_SECRET: clientSecret,
    TOKEN_KEY: key,
    PUBLIC_URL: publicUrl,
  } = env;
  if (!clientId || !clientSecret || !key || !publicUrl) return undefined;
  const allowed = (env.SLACK_ALLOWED_TEAMS ?? '').split(',').map((id) => id.trim());
  return {
    clientId,
    clientSecret,
    tokenKey: Buffer.from(key, 'base64'),
    publicUrl,
    allowed: allowed.filter(Boolean),
  };
}
