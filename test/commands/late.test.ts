/** A database that hangs, or is gone: the person is told in time that nothing was taken, and that is true. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { databases } from '../support/databases.ts';
import { until } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { eventBody, send } from '../support/slack-requests.ts';
import { screenOf } from '../support/slack-screen.ts';

/** Long enough for a busy machine to commit when nothing hangs. */
const BUDGET = { commit: 1000, answer: 1400 };
const NOT_TAKEN = 'Not taken, nothing changed';
const THE_DESKS_WORD = 'Not taken, nothing changed: the desk could not write it down in time.';

/** Holds up every statement, or those that write to one deal, until released. */
type Hold = (house: SlackHouse, id: string) => Promise<() => Promise<void>>;

const everything: Hold = async ({ store: { backing } }) => {
  if (backing.kind === 'postgres') return lock(backing.url, 'LOCK TABLE deal IN ACCESS EXCLUSIVE MODE');
  let release = () => {};
  const held = backing.db.runExclusive(() => new Promise<void>((resolve) => (release = resolve)));
  return async () => {
    release();
    await held;
  };
};

const oneDeal: Hold = async ({ store: { backing } }, id) => {
  if (backing.kind !== 'postgres') throw new Error('PGlite has one connection.');
  return lock(backing.url, 'SELECT 1 FROM deal WHERE id = $1 FOR UPDATE', [id]);
};

async function lock(url: string, statement: string, values: string[] = []): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('BEGIN');
  await client.query(statement, values);
  return async () => {
    await client.query('COMMIT');
    await client.end();
  };
}

describe.each(databases)('on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database, {}, { budget: BUDGET });
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  const taken = async (dealId: string) => [
    await house.store.prisma.act.count({ where: { dealId } }),
    await house.store.prisma.change.count({ where: { dealId } }),
  ];
  const seen = () => house.messages('ANA').map(screenOf);
  const holds: [string, string, Hold][] = [
    ['every statement hangs', 'Tamarind Airways', everything],
    ...(database.name === 'PostgreSQL'
      ? [['the deal’s row is locked elsewhere', 'Cobalt Ridge Utilities', oneDeal] as [string, string, Hold]]
      : []),
  ];

  test.each(holds)(
    'when %s, a press on Accept is not taken, nothing was committed, and the same press later is one act',
    async (_, company, hold) => {
      const id = await house.idOf(company);
      await house.say('ANA', `show ${id}`);
      const card = house.newest('ANA');
      const before = seen().length;
      const release = await hold(house, id);
      const answered = await house.press('ANA', card, 'Accept');
      expect(answered.status).toBe(200);
      await house.shows('ANA', NOT_TAKEN);
      await release();
      await until('the desk’s own word', () =>
        seen()
          .slice(before)
          .some((it) => it.includes(THE_DESKS_WORD)),
      );
      expect(await taken(id)).toEqual([0, 0]);
      expect(screenOf(card)).toContain('pending acceptance');
      await Promise.all([house.press('ANA', card, 'Accept'), house.press('ANA', card, 'Accept')]);
      await until('AWS’s answer', async () => (await house.effects(id)).length > 0);
      await house.quiet();
      expect(await taken(id)).toEqual([1, 2]);
      expect((await house.effects(id)).map(({ kind }) => kind)).toEqual(['accept']);
    },
  );

  test('a command typed meanwhile is not taken either; a list that takes too long is no loss', async () => {
    const id = await house.idOf('Evergrove Timber');
    const release = await everything(house, id);
    const [typed, desk] = await Promise.all([house.slash('ANA', `accept ${id}`), house.slash('MINA', '')]);
    await release();
    expect(JSON.stringify(typed.body)).toContain(NOT_TAKEN);
    expect(JSON.stringify(desk.body)).toContain('That took too long. Nothing is lost: please try again.');
    await house.shows('ANA', THE_DESKS_WORD);
    await house.shows('MINA', 'Your desk');
    expect(await taken(id)).toEqual([0, 0]);
  });

  test('a form submitted meanwhile keeps what was typed beside the reason, and submitted again it is one act', async () => {
    const id = await house.idOf('Northgate Tram Works');
    await house.say('ANA', `next-step ${id}`);
    const form = await house.form('ANA');
    const release = await everything(house, id);
    await house.submit(form, { text: 'Still here' });
    expect(form).toMatchObject({ isOpen: true, errors: { text: expect.stringContaining(NOT_TAKEN) } });
    const screen = { ...form };
    await release();
    await house.quiet();
    expect(await taken(id)).toEqual([0, 0]);
    const again = () => house.submit({ ...screen }, { text: 'Still here' });
    await Promise.all([again(), again()]);
    await until('AWS’s answer', async () => (await house.effects(id)).length > 0);
    await house.quiet();
    expect(await taken(id)).toEqual([1, 1]);
    expect(await house.effects(id)).toHaveLength(1);
  });

  test('words that cannot be written down get a 5xx; Slack’s retry is answered, once', async () => {
    const body = eventBody(
      house.target,
      { type: 'message', channel_type: 'im', channel: 'DTOM', user: 'TOM', text: 'show Polestar Ferries' },
      'EvAway',
    );
    const post = (retry: number) =>
      send(house.target, {
        body,
        contentType: 'application/json',
        headers:
          retry > 0 ? { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': 'http_error' } : {},
      });
    await house.store.prisma.$executeRaw`ALTER TABLE inbox RENAME TO inbox_away`;
    expect((await post(0)).status).toBeGreaterThanOrEqual(500);
    await house.store.prisma.$executeRaw`ALTER TABLE inbox_away RENAME TO inbox`;
    expect(house.messages('TOM')).toEqual([]);
    const statuses = (await Promise.all([post(1), post(2)])).map(({ status }) => status);
    expect(statuses).toEqual([200, 200]);
    await house.shows('TOM', 'Polestar Ferries');
    expect((await post(3)).status).toBe(200);
    await until('the row to be done with', async () => {
      return (await house.store.prisma.inbox.count({ where: { handledAt: null } })) === 0;
    });
    expect(house.messages('TOM')).toHaveLength(1);
  });
});

const [, postgres] = databases;

test('PostgreSQL gone and back: nothing was taken meanwhile, pressing again is one act, and the house goes on by itself', async () => {
  if (!postgres) throw new Error('There is a PostgreSQL.');
  const house = await openSlackHouse(postgres, {}, { budget: BUDGET });
  const { backing } = house.store;
  if (backing.kind !== 'postgres') throw new Error('This is PostgreSQL.');
  const name = new URL(backing.url).pathname.slice(1);
  const admin = new pg.Client({
    connectionString: Object.assign(new URL(backing.url), { pathname: '/postgres' }).href,
  });
  await admin.connect();
  try {
    const id = await house.idOf('Tamarind Airways');
    await house.say('ANA', `show ${id}`);
    const card = house.newest('ANA');
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    await house.press('ANA', card, 'Accept');
    await house.shows('ANA', /nothing (was )?changed/);
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    expect(await house.store.prisma.act.count()).toBe(0);
    await house.press('ANA', card, 'Accept');
    await until('AWS’s answer', async () => (await house.effects(id)).length > 0, 40);
    await house.quiet();
    expect((await house.effects(id)).map(({ kind }) => kind)).toEqual(['accept']);
    expect(await house.store.prisma.act.count()).toBe(1);
    expect(await house.readiness()).toEqual({ database: true, queue: true, aws: true });
  } finally {
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await admin.end();
    await house.stop();
  }
});
