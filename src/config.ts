/** Environment → Config. The only reader of process.env; a wrong value stops the start with a list of what is wrong. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { type SlackConfig, slackHalves, slackVariables, toSlack } from './config-slack.ts';
import { type TeamsConfig, teamsHalves, teamsVariables, toTeams } from './config-teams.ts';
import { toUrl } from './pipeline/text.ts';

export interface Config {
  host: string;
  port: number;
  /** Where people's browsers reach us: https://host, without a slash at its end. */
  publicUrl?: string;
  /** Absolute. */
  dataDir: string;
  databaseUrl?: string;
  slack?: SlackConfig;
  teams?: TeamsConfig;
  partnerCentral: { catalog: 'practice' | 'Sandbox' | 'AWS'; endpoint?: string };
  /** Lower case. */
  allianceLeadEmail: string;
  /** First and last, as Partner Central has them: AssignOpportunity sends them. */
  allianceLeadName?: { firstName: string; lastName: string };
  /** The AWS Partner Path: on the services path AWS wants the customer's account ID at launch. */
  partnerPath?: 'services' | 'software';
  /** https or mailto: whom to turn to. */
  supportUrl?: string;
  console: boolean;
  /** Digests, acceptance clock, events and reminders come by themselves. */
  clock: boolean;
  logLevel: string;
  development: boolean;
}

/** Why the configuration does not do; `message` is the readable list. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const PRACTICE_LEAD = 'lead@partner.example';

const isLoopback = (host: string) =>
  ['127.0.0.1', 'localhost', '[::1]'].includes(host) || /^127\.\d+\.\d+\.\d+$/.test(host);

/** A URL whose host is this machine, or one of theirs by https. */
const urlTo = (theirs: RegExp, whose: string, ending?: string) =>
  z
    .url('is not a URL')
    .refine((text) => {
      const url = toUrl(text);
      return (
        url !== undefined &&
        (isLoopback(url.hostname)
          ? /^https?:$/.test(url.protocol)
          : url.protocol === 'https:' && theirs.test(url.hostname))
      );
    }, `must point to this machine (127.0.0.1) or, by https, to ${whose}`)
    .refine((text) => !ending || text.endsWith(ending), `must end in ${ending}`)
    .refine((text) => !toUrl(text)?.username, 'must not carry a user name or password');

/** What anybody may be shown and press: no user name, no password, nothing but the two schemes. */
function isSupport(text: string): boolean {
  const url = toUrl(text);
  if (!url || url.username || url.password) return false;
  if (url.protocol === 'mailto:') return z.email().safeParse(decoded(url.pathname)).success;
  return url.protocol === 'https:' && /^https:\/\//i.test(text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return ''; // a % that encodes nothing: no address
  }
}

const Environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce
    .number('is not a number')
    .int('must be a whole number')
    .min(0)
    .max(65535, 'must be at most 65535')
    .default(3000),
  PUBLIC_URL: z
    .url('is not a URL')
    .refine((text) => {
      const url = toUrl(text);
      return url !== undefined && url.protocol === 'https:' && url.href === `${url.origin}/`;
    }, 'must be https:// and a host, without a path')
    .optional(),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
    .optional(),
  ...slackVariables,
  ...teamsVariables,
  SLACK_API_URL: urlTo(/(^|\.)slack(-gov)?\.com$/, "Slack's hosts", '/api/').optional(),
  PARTNER_CENTRAL_CATALOG: z
    .enum(['practice', 'Sandbox', 'AWS'], 'must be practice, Sandbox or AWS')
    .default('practice'),
  PARTNER_CENTRAL_ENDPOINT: urlTo(
    /^partnercentral-selling\.[a-z0-9-]+\.(api\.aws|amazonaws\.com)$/,
    "AWS's hosts for this service",
  ).optional(),
  ALLIANCE_LEAD_EMAIL: z.email('is not an e-mail address').toLowerCase().optional(),
  ALLIANCE_LEAD_NAME: z
    .string()
    .trim()
    .max(160, 'is longer than 160 characters')
    .regex(/\S\s+\S/, 'needs a first and a last name')
    .optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  PARTNER_PATH: z.enum(['services', 'software'], 'must be services or software, or left out').optional(),
  SUPPORT_URL: z
    .string()
    .max(2000, 'is longer than 2000 characters')
    .refine(isSupport, 'must be an https:// address or mailto: with an e-mail address')
    .optional(),
  CONSOLE: z.enum(['0', '1'], 'must be 1 or left out').optional(),
  CLOCK: z.enum(['0', '1'], 'must be 0 or left out').optional(),
  LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'must be a level of pino, such as info',
    )
    .default('info'),
  NODE_ENV: z.string().optional(),
});

/** Reads `.env` where there is one; variables already set win. */
export function readDotEnv(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}

/**
 * @param environment such as process.env; empty values count as left out.
 * @throws ConfigError naming every variable that is wrong or missing, and what to do; never its value.
 */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  const faults = parsed.success
    ? halves(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  if (!parsed.success || faults.length > 0)
    throw new ConfigError(
      `The configuration needs a hand:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
  return toConfig(parsed.data);
}

/** Half a configuration of anything is none. */
function halves(env: z.infer<typeof Environment>): string[] {
  const faults: string[] = [];
  faults.push(...slackHalves(env), ...teamsHalves(env));
  if (env.PARTNER_CENTRAL_CATALOG !== 'practice' && !env.ALLIANCE_LEAD_EMAIL)
    faults.push('ALLIANCE_LEAD_EMAIL is missing: outside practice mode somebody has to be the alliance lead');
  if (Boolean(env.AWS_ACCESS_KEY_ID) !== Boolean(env.AWS_SECRET_ACCESS_KEY))
    faults.push('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY go together: one of them is missing');
  if (env.PARTNER_CENTRAL_CATALOG === 'practice' && env.PARTNER_CENTRAL_ENDPOINT)
    faults.push(
      'PARTNER_CENTRAL_ENDPOINT is set, but PARTNER_CENTRAL_CATALOG is practice: choose Sandbox or AWS, or leave the endpoint out',
    );
  return faults;
}

function toConfig(env: z.infer<typeof Environment>): Config {
  const [slack, teams] = [toSlack(env), toTeams(env)];
  return {
    host: env.HOST,
    port: env.PORT,
    ...(env.PUBLIC_URL ? { publicUrl: new URL(env.PUBLIC_URL).origin } : {}),
    dataDir: resolve(env.DATA_DIR),
    ...(env.DATABASE_URL ? { databaseUrl: env.DATABASE_URL } : {}),
    ...(slack ? { slack } : {}),
    ...(teams ? { teams } : {}),
    partnerCentral: {
      catalog: env.PARTNER_CENTRAL_CATALOG,
      ...(env.PARTNER_CENTRAL_ENDPOINT ? { endpoint: env.PARTNER_CENTRAL_ENDPOINT } : {}),
    },
    allianceLeadEmail: env.ALLIANCE_LEAD_EMAIL ?? PRACTICE_LEAD,
    allianceLeadName: toName(env.ALLIANCE_LEAD_NAME, env.ALLIANCE_LEAD_EMAIL ?? PRACTICE_LEAD),
    ...(env.PARTNER_PATH ? { partnerPath: env.PARTNER_PATH } : {}),
    ...(env.SUPPORT_URL ? { supportUrl: env.SUPPORT_URL } : {}),
    console: env.CONSOLE === '1',
    clock: env.CLOCK !== '0',
    logLevel: env.LOG_LEVEL,
    development: env.NODE_ENV === 'development' || env.NODE_ENV === 'test',
  };
}

/** Without a name given: ana.silva@… is most likely Ana Silva. */
function toName(given: string | undefined, email: string): { firstName: string; lastName: string } {
  const guess = email.replace(/@.*/, '').split(/[._-]+/);
  const words = given?.split(/\s+/) ?? guess.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const [firstName = 'Alliance', ...rest] = words;
  return { firstName, lastName: rest.join(' ') || 'Lead' };
}
