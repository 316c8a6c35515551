/** How a process is told to be Teams' bot, and that Microsoft is on this machine. */
import path from 'node:path';
import type { Microsoft } from './teams-microsoft.ts';

export const PUBLIC_URL = 'https://desk.partner.example';

/** What a process needs to be Teams' bot here. */
export const teamsEnv = (microsoft: Microsoft): Record<string, string> => ({
  MicrosoftAppId: microsoft.appId,
  MicrosoftAppPassword: microsoft.secret,
  MicrosoftAppType: 'SingleTenant',
  MicrosoftAppTenantId: microsoft.tenant,
  PORT: '0',
});

/** Leads Microsoft's names to the stand-in. @param file the certificate to trust */
export const redirected = (microsoft: Microsoft, file: string): Record<string, string> => ({
  NODE_OPTIONS: `--require ${path.join(import.meta.dirname, 'teams-redirect.cjs')}`,
  NODE_EXTRA_CA_CERTS: file,
  TEAMS_STAND_IN: String(microsoft.port),
});
