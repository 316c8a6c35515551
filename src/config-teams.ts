/** The part of the environment that is Teams': the bot's registration with Microsoft, and whose people are served. */
import { z } from 'zod';
import type { Account } from './teams/credentials.ts';
import { isLoopback } from './teams/service-url.ts';

/** `anonymous`: practice mode on this machine, where nobody proves who they are. */
export type TeamsConfig =
  | { anonymous: true }
  | {
      anonymous: false;
      account: Account;
      /** Entra tenant ids, lower case; at least one. */
      tenants: string[];
    };

const GUID = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const guid = (where: string) =>
  z
    .string()
    .regex(new RegExp(`^${GUID}$`), `is not an id such as 00000000-0000-0000-0000-000000000000 (${where})`)
    .toLowerCase()
    .optional();

/**
 * botbuilder's switches for other clouds: with one of them it drops all its own addresses, and the others have to be there.
 * Ours is the public cloud, and nothing may send our tokens elsewhere.
 */
const FOREIGN = {
  ToChannelFromBotLoginUrl: z.string().optional(),
  ToChannelFromBotOAuthScope: z.string().optional(),
  ToBotFromChannelTokenIssuer: z.string().optional(),
  ToBotFromChannelOpenIdMetadataUrl: z.string().optional(),
  ToBotFromEmulatorOpenIdMetadataUrl: z.string().optional(),
  OAuthUrl: z.string().optional(),
  CallerId: z.string().optional(),
  ChannelService: z.string().optional(),
};

/** The names that begin with Microsoft and Certificate are botbuilder's own, as Azure's portal and templates write them. */
export const teamsVariables = {
  MicrosoftAppId: guid('Azure Bot → Configuration → Microsoft App ID'),
  MicrosoftAppPassword: z
    .string()
    .min(16, 'is too short for a client secret (App registrations → Certificates & secrets → Value)')
    .refine(
      (text) => !new RegExp(`^${GUID}$`).test(text.trim()),
      'is the id of the secret, not its value (App registrations → Certificates & secrets → Value)',
    )
    .optional(),
  MicrosoftAppType: z
    .enum(
      ['SingleTenant', 'MultiTenant', 'UserAssignedMSI'],
      'must be SingleTenant, MultiTenant or UserAssignedMSI (Azure Bot → Configuration → Bot Type)',
    )
    .optional(),
  MicrosoftAppTenantId: guid('Azure Bot → Configuration → App Tenant ID'),
  CertificateThumbprint: z
    .string()
    .regex(/^[0-9a-fA-F]{40}$/, 'must be 40 hexadecimal digits (App registrations → Certificates & secrets)')
    .optional(),
  CertificatePrivateKey: z
    .string()
    .transform((text) => text.replaceAll('\\n', '\n'))
    .refine((text) => /^-----BEGIN [A-Z ]*PRIVATE KEY-----\n/.test(text), 'must be a private key in PEM')
    .optional(),
  TEAMS_ALLOWED_TENANTS: z
    .string()
    .regex(new RegExp(`^\\s*${GUID}(\\s*,\\s*${GUID})*\\s*$`), 'must be tenant ids with commas between')
    .toLowerCase()
    .optional(),
  TEAMS_ANONYMOUS: z.enum(['0', '1'], 'must be 1 or left out').optional(),
  ...FOREIGN,
};

type TeamsEnvironment = z.infer<z.ZodObject<typeof teamsVariables>> & {
  HOST: string;
  PARTNER_CENTRAL_CATALOG: string;
};

const ACCOUNT = [
  'MicrosoftAppId',
  'MicrosoftAppType',
  'MicrosoftAppTenantId',
  'MicrosoftAppPassword',
  'CertificateThumbprint',
  'CertificatePrivateKey',
] as const;

/** Teams wants an app, how it proves itself, and whom it serves. Nothing of it is guessed. */
export function teamsHalves(env: TeamsEnvironment): string[] {
  const set = [...ACCOUNT, 'TEAMS_ALLOWED_TENANTS' as const].filter((name) => env[name] !== undefined);
  const [first] = set;
  if (env.TEAMS_ANONYMOUS === '1') return anonymousFaults(env, first);
  if (!first) return [];
  const missing = (names: readonly (typeof ACCOUNT)[number][]) =>
    names.filter((name) => env[name] === undefined).map((name) => `${name} is missing (${first} is set)`);
  return [
    ...missing(['MicrosoftAppId', 'MicrosoftAppType']),
    ...(env.MicrosoftAppType === 'MultiTenant' ? [] : missing(['MicrosoftAppTenantId'])),
    ...proofFaults(env, missing),
    ...(env.MicrosoftAppType === 'MultiTenant' && !env.TEAMS_ALLOWED_TENANTS
      ? [
          'TEAMS_ALLOWED_TENANTS is missing: with MicrosoftAppType MultiTenant it says whose people are served',
        ]
      : []),
    ...Object.keys(FOREIGN)
      .filter((name) => Reflect.get(env, name) !== undefined)
      .map((name) => `${name} is set, but ace-desk serves Microsoft's public cloud only: leave it out`),
  ];
}

/** A secret, a certificate, or for a managed identity neither: one of them and only that. */
function proofFaults(
  env: TeamsEnvironment,
  missing: (names: ('CertificateThumbprint' | 'CertificatePrivateKey')[]) => string[],
): string[] {
  const certified = env.CertificateThumbprint ?? env.CertificatePrivateKey;
  if (env.MicrosoftAppType === 'UserAssignedMSI')
    return env.MicrosoftAppPassword || certified
      ? [
          'MicrosoftAppType is UserAssignedMSI, which has no secret: leave MicrosoftAppPassword and the certificate out',
        ]
      : [];
  if (env.MicrosoftAppPassword && certified)
    return ['MicrosoftAppPassword and a certificate are both set: leave one of them out'];
  if (certified) return missing(['CertificateThumbprint', 'CertificatePrivateKey']);
  return env.MicrosoftAppPassword
    ? []
    : ['MicrosoftAppPassword is missing, or CertificateThumbprint and CertificatePrivateKey'];
}

function anonymousFaults(env: TeamsEnvironment, set: string | undefined): string[] {
  const faults: string[] = [];
  if (set) faults.push(`TEAMS_ANONYMOUS is 1, but ${set} is set: with an app everybody proves who they are`);
  if (env.PARTNER_CENTRAL_CATALOG !== 'practice')
    faults.push('TEAMS_ANONYMOUS is 1, but PARTNER_CENTRAL_CATALOG is not practice');
  if (!isLoopback(env.HOST))
    faults.push('TEAMS_ANONYMOUS is 1, but HOST is not this machine alone: leave it at 127.0.0.1');
  return faults;
}

export function toTeams(env: TeamsEnvironment): TeamsConfig | undefined {
  if (env.TEAMS_ANONYMOUS === '1') return { anonymous: true };
  const { MicrosoftAppId: appId, MicrosoftAppType: type, MicrosoftAppTenantId: tenantId } = env;
  if (!appId || !type) return undefined;
  const { CertificateThumbprint: thumbprint, CertificatePrivateKey: privateKey } = env;
  const tenants = (env.TEAMS_ALLOWED_TENANTS ?? tenantId ?? '').split(',').map((id) => id.trim());
  return {
    anonymous: false,
    account: {
      appId,
      type,
      ...(tenantId ? { tenantId } : {}),
      ...(env.MicrosoftAppPassword ? { password: env.MicrosoftAppPassword } : {}),
      ...(thumbprint && privateKey ? { certificate: { thumbprint, privateKey } } : {}),
    },
    tenants: tenants.filter(Boolean),
  };
}
