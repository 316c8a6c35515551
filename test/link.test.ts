/** `npm run link -- <e-mail>`, as a process of its own. */
import { describe, expect, test } from '@jest/globals';
import { findPerson } from '../src/store/people.ts';
import { startChild } from './support/child.ts';
import { databases, openAt } from './support/databases.ts';

describe.each(databases)('npm run link, on $name', (database) => {
  const LEAD_EMAIL = 'ana.silva@company.example';
  async function run(place: Awaited<ReturnType<typeof database.place>>, args: string[], more = {}) {
    const { dataDir, databaseUrl = '' } = place;
    const code = `process.argv = ['', '', ...${JSON.stringify(args)}]; await import('./src/link.ts');`;
    const child = startChild(code, {
      ...{ DATA_DIR: dataDir, DATABASE_URL: databaseUrl, PARTNER_CENTRAL_CATALOG: 'Sandbox' },
      ...{ ALLIANCE_LEAD_EMAIL: LEAD_EMAIL, CONSOLE: '', ...more },
    });
    return child.ended;
  }

  test('shows the alliance lead’s first code before anything else was ever started, and ends', async () => {
    const place = await database.place();
    const { code, output } = await run(place, [LEAD_EMAIL]);
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/^[A-Z2-9]{4}-[A-Z2-9]{4}\n.*type: link \w{4}-\w{4}\n$/s),
    ]);
    const store = await openAt(place);
    const person = await findPerson(store, LEAD_EMAIL);
    const row = await store.prisma.linkCode.findUniqueOrThrow({ where: { personId: person?.id ?? '' } });
    expect(row).toMatchObject({ proves: true, tries: 0 });
    expect(JSON.stringify(row)).not.toContain(output.slice(0, 9).replace('-', ''));
    await store.close();
  });

  test('says plainly why there is none', async () => {
    const place = await database.place();
    const said = async (args: string[], more = {}) => {
      const { code, output } = await run(place, args, more);
      return [code, output];
    };
    expect(await said([])).toEqual([1, expect.stringMatching(/^npm run link -- <e-mail>/)]);
    expect(await said(['nobody@else.example'])).toEqual([
      1,
      expect.stringContaining('has no access to ace-desk'),
    ]);
    const practised = { PARTNER_CENTRAL_CATALOG: 'practice' };
    expect(await said([LEAD_EMAIL], practised)).toEqual([1, expect.stringContaining('In practice mode')]);
    const held = await openAt(place);
    const { code, output } = await run(place, [LEAD_EMAIL]);
    if (database.name === 'PGlite')
      expect([code, output]).toEqual([1, expect.stringContaining('start it again')]);
    else expect(code).toBe(0);
    await held.close();
  });
});
