/** `npm run db:migration -- <name>`: writes the next migration from what changed in schema.prisma. */
import { authorMigration } from '../dist/store/migrations.js';

const [name] = process.argv.slice(2);
if (!name) {
  console.error('Say what it does: npm run db:migration -- add_lead_owner');
  process.exit(2);
}
try {
  const file = await authorMigration(name, new Date());
  console.log(
    file
      ? `Wrote ${file}. Read it before you commit it.`
      : 'schema.prisma and the migrations agree: nothing to write.',
  );
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
