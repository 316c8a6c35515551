/** Databases to measure on: one PostgreSQL for the whole run, a fresh migrated database or PGlite folder for each use. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { openHouse } from '../../dist/house.js';
import { createLog } from '../../dist/log.js';
import { openStore } from '../../dist/store/store.js';
import { startPostgres } from '../support/postgres.js';

export const LEAD = 'lead@partner.example';
/** An ACE user of the practice team. */
export const ACE_USER = 'priya.raman@partner.example';
/** Of the alliance team: so many that nobody asks for more than the quota guard lets one person ask in an hour. */
export const TEAM = Array.from({ length: 100 }, (_, nth) => `member${nth}@partner.example`);
const PRACTICE = { partnerCentral: { catalog: 'practice' }, allianceLeadEmail: LEAD };
export const log = createLog('error');

/**
 * @typedef {{ databaseUrl?: string, dataDir: string }} Place
 * @typedef {{ postgres(): Promise<Place>, pglite(): Promise<Place>, stop(): Promise<void> }} Databases
 */

/** @returns {Promise<Databases>} each place is migrated and holds the team and the practice pipeline as first read */
export async function openDatabases() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'ace-desk-bench-'));
  // PostgreSQL runs as somebody else when we are root.
  await chmod(folder, 0o711);
  const server = await startPostgres(path.join(folder, 'postgres'));
  let count = 0;
  const newFolder = () => path.join(folder, `data-${++count}`);
  const template = { databaseUrl: urlOf(server.url, 'template_of_bench'), dataDir: newFolder() };
  await query(server.url, 'CREATE DATABASE template_of_bench');
  await furnish(template);
  return {
    async postgres() {
      const name = `bench_${++count}`;
      await query(server.url, `CREATE DATABASE ${name} TEMPLATE template_of_bench`);
      return { databaseUrl: urlOf(server.url, name), dataDir: newFolder() };
    },
    async pglite() {
      const place = { dataDir: newFolder() };
      await furnish(place);
      return place;
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @param {Place} place */
export const open = (place) => openStore({ ...place, log });

/** @param {Place} place @param {object} [more] of HouseOptions */
export const openPractice = (place, more = {}) =>
  openHouse({ config: { ...PRACTICE, ...place }, log, ...more });

/** Opens the house once: migrations, queue, team, first reading. @param {Place} place */
async function furnish(place) {
  const house = await openPractice(place);
  await until(async () => (await house.firstReading()).finished);
  await house.stop();
  const store = await open(place);
  await store.prisma.$executeRaw`
    INSERT INTO person (id, email, first_name, last_name, role, time_zone)
    SELECT gen_random_uuid(), email, 'Sam', 'Example', 'alliance team', 'UTC' FROM unnest(${TEAM}::text[]) email`;
  await store.close();
}

/** @param {() => Promise<boolean> | boolean} holds */
export async function until(holds, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`It never came: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** @param {string} url @param {string} sql */
export async function query(url, sql, values = []) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}

const urlOf = (url, database) => Object.assign(new URL(url), { pathname: `/${database}` }).href;
