/**
 * Writes the Prisma client into src/store/generated, without network: Prisma asks for an engine binary it never runs
 * here, so any existing file will do. Says nothing and does nothing when the client is up to date.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const generated = path.join(root, 'src/store/generated');
const stampFile = path.join(generated, '.stamp');
const prisma = createRequire(import.meta.url).resolve('prisma/package.json');

const stamp = createHash('sha256')
  .update(readFileSync(path.join(root, 'prisma/schema.prisma')))
  .update(JSON.parse(readFileSync(prisma, 'utf8')).version)
  .digest('hex');
const isCurrent = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;

if (!isCurrent) {
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [path.join(path.dirname(prisma), 'build/index.js'), 'generate'],
    {
      cwd: root,
      encoding: 'utf8',
      env: {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
    },
  );
  if (status === 0) writeFileSync(stampFile, stamp);
  // stdout belongs to whoever pipes a script through `npm start`.
  else process.stderr.write(`prisma generate failed\n${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`);
  process.exitCode = status ?? 1;
}
