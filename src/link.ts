/** `npm run link -- <e-mail>`: a one-time code for somebody's first account, from whoever runs ace-desk. */
import { type Config, ConfigError, readConfig, readDotEnv } from './config.ts';
import { createLog } from './log.ts';
import { CODE_MINUTES, shownCode } from './pipeline/identity.ts';
import { fillRoster } from './roster.ts';
import { bind } from './store/agent.ts';
import { issueCode } from './store/link-codes.ts';
import { findPerson } from './store/people.ts';
import { openStore, type Store } from './store/store.ts';

const USAGE = `npm run link -- <e-mail>
  Shows a one-time code for that person's account in Slack or Teams, good for ${CODE_MINUTES} minutes.`;

async function main(): Promise<void> {
  readDotEnv();
  const [email, ...rest] = process.argv.slice(2);
  if (!email?.includes('@') || rest.length > 0) throw new ConfigError(USAGE);
  const config = readConfig();
  if (config.partnerCentral.catalog === 'practice')
    throw new ConfigError('In practice mode an e-mail is enough: there are no codes.');
  const log = createLog('silent');
  const store = await openStore({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log });
  try {
    process.stdout.write(await codeFor(store, config, email));
  } finally {
    await store.close();
  }
}

/** The roster is filled as at any start: the alliance lead's first code may come before it. */
async function codeFor(store: Store, config: Config, email: string): Promise<string> {
  const now = new Date();
  await bind(store, config.partnerCentral.catalog);
  await fillRoster(store, config, now);
  const person = await findPerson(store, email.toLowerCase());
  if (!person || person.role === 'none')
    throw new ConfigError(
      `${email} has no access to ace-desk. The alliance lead grants it: people grant ${email}`,
    );
  const code = shownCode(await issueCode(store, person.id, { proves: true, now }));
  return `${code}\nWithin ${CODE_MINUTES} minutes, once, where ${person.email} is known by that address, type: link ${code}\n`;
}

/** What stops it and is no bug is said plainly. */
function plainly(error: unknown): string {
  const { name, message, stack } = error as Error;
  if (name === 'FolderInUse')
    return `${message}\nOr: stop ace-desk, do this, start it again. The code is good for ${CODE_MINUTES} minutes.`;
  return PLAIN.includes(name) ? message : (stack ?? String(error));
}

const PLAIN = ['ConfigError', 'LeadUnclear', 'OtherCatalog'];

main().catch((error: unknown) => {
  process.stderr.write(`${plainly(error)}\n`);
  // Whatever was opened half-way must not keep the process.
  process.exit(1);
});
