/** A database of the first version is brought up to date, and the next reading fills what nobody wrote down then. */
import { cp, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Person } from '../../src/pipeline/person.ts';
import { type Entry, load, saveMirror } from '../../src/store/deals.ts';
import { deskLines } from '../../src/store/desk.ts';
import { takeAgentLease } from '../../src/store/lease.ts';
import { migratePglite, migratePostgres } from '../../src/store/migrations.ts';
import { openPglite } from '../../src/store/pglite.ts';
import { startQueue } from '../../src/store/queue.ts';
import { stampsOf } from '../../src/store/reading.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { emptyPostgres, newFolder, type Place, silentLog } from '../support/databases.ts';
import { lead, opportunity, referral } from './entries.ts';

const MIGRATIONS = 'prisma/migrations';
const AFTER_THE_FIRST_VERSION = '20261122100000';

const DAY = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString();

const inReview = opportunity(
  { reviewStatus: 'In review', website: 'https://acme.example/shop', createdAt: ago(120) },
  ago(1),
);
const taken = { ...lead({ createdAt: ago(30) }), modified: '2026-03-01T10:00:00.123456Z' };
const ofAws = referral('PENDING');
const ofPartner = referral('PENDING');
ofPartner.deal.sender = { account: '123456789012', company: 'Partner' };
const ENTRIES: Entry[] = [inReview, taken, ofAws, ofPartner];

/** As the first version kept them. */
const BEFORE = ENTRIES.map(({ deal, raw, modified }) => {
  const values = [
    ...[deal.id, deal.kind, deal.company, deal.title],
    deal.kind === 'opportunity' ? 'In review' : deal.kind === 'lead' ? 'Open' : 'PENDING',
    deal.kind === 'opportunity' ? deal.origin : deal === ofPartner.deal ? 'Partner Referral' : 'AWS Referral',
    deal.kind === 'referral' ? deal.invitedAt : null,
    deal.kind === 'referral' ? null : (deal.createdAt ?? null),
    ...[modified ?? null, JSON.stringify(deal), JSON.stringify(raw)],
  ];
  const listed = values.map((it) => (it === null ? 'NULL' : `'${it.replaceAll("'", "''")}'`)).join(', ');
  return `INSERT INTO deal (id, kind, company, title, status, origin, invited_at, created_at, modified, detail, raw)
    VALUES (${listed});`;
}).join('\n');

/** The migrations of before. */
async function earlier(): Promise<string> {
  const folder = await newFolder();
  for (const name of await readdir(MIGRATIONS))
    if (!(name >= AFTER_THE_FIRST_VERSION && /^\d/.test(name)))
      await cp(path.join(MIGRATIONS, name), path.join(folder, name), { recursive: true });
  return folder;
}

const places: { name: string; before(): Promise<Place> }[] = [
  {
    name: 'PGlite',
    before: async () => {
      const dataDir = await newFolder();
      await mkdir(path.join(dataDir, 'db'));
      const db = await openPglite(path.join(dataDir, 'db'));
      await migratePglite(db, await earlier());
      await db.exec(BEFORE);
      await db.close();
      return { dataDir };
    },
  },
  {
    name: 'PostgreSQL',
    before: async () => {
      const databaseUrl = await emptyPostgres();
      await migratePostgres(databaseUrl, await earlier());
      const client = new pg.Client({ connectionString: databaseUrl });
      await client.connect();
      await client.query(BEFORE);
      await client.end();
      return { databaseUrl, dataDir: await newFolder() };
    },
  },
];

describe.each(places)('a database of before, on $name', ({ before }) => {
  let store: Store;
  let epoch: bigint;
  let release: () => Promise<void>;
  beforeAll(async () => {
    store = await openStore({ ...(await before()), log: silentLog });
    await (await startQueue(store, silentLog)).stop();
    const lease = await takeAgentLease(store, { onLost: () => {} });
    if (!lease) throw new Error('Nobody else has the lease.');
    ({ epoch, release } = lease);
  });
  afterAll(async () => {
    await release?.();
    await store?.close();
  });

  const row = (id: string) => store.prisma.deal.findUniqueOrThrow({ where: { id } });
  const stamps = () =>
    stampsOf(
      store,
      ENTRIES.map(({ deal }) => deal.id),
    );

  test('is read anew, all of it, but once: the very same records are known by their stamps after it', async () => {
    expect([...(await stamps()).values()]).toEqual([null, null, null, null]);
    await saveMirror(store, ENTRIES, epoch);
    expect(await stamps()).toEqual(new Map(ENTRIES.map(({ deal, modified }) => [deal.id, modified ?? null])));
    const { domain, submittedAt } = await row(inReview.deal.id);
    expect([domain, submittedAt?.toISOString()]).toEqual(['acme.example', inReview.modified]);
  });

  test('that reading is no change to people: no version is raised, and a second one writes nothing', async () => {
    expect((await load(store, taken.deal.id))?.version).toBe(1);
    expect((await load(store, ofAws.deal.id))?.version).toBe(1);
    const xmin = () => store.prisma.$queryRaw`SELECT id, xmin::text FROM deal ORDER BY id`;
    const written = await xmin();
    expect(await saveMirror(store, ENTRIES, epoch)).toEqual([]);
    expect(await xmin()).toEqual(written);
  });

  test('a deal that is one day in review is not shown as long in review, however old it is', async () => {
    expect((await row(inReview.deal.id)).statusSince?.toISOString()).toBe(inReview.modified);
    const { sections } = await deskLines(store, ANYBODY, new Date(), 5);
    expect(sections.get('in-review')).toMatchObject({ lines: [], total: 0 });
  });

  test('what another partner sent is not shared by AWS', async () => {
    expect((await row(ofPartner.deal.id)).sharedAt).toBeNull();
    expect((await row(ofAws.deal.id)).sharedAt?.toISOString()).toBe(ofAws.deal.invitedAt);
  });
});

const ANYBODY: Person = {
  ...{ id: '00000000-0000-0000-0000-000000000000', email: 'x@partner.example', otherEmails: [] },
  ...{ firstName: '', lastName: '', role: 'alliance lead', timeZone: 'UTC' },
};
