/** 4. The worklist and the lists as the pipeline grows: time, statements, growth. */
import pg from 'pg';
import * as vocabulary from '../../dist/commands/index.js';
import { VIEWS } from '../../dist/pipeline/views.js';
import { findPerson } from '../../dist/store/people.js';
import { ACE_USER, LEAD, open } from './databases.js';
import { median, percentile, timed } from './measure.js';
import { fillMirror } from './mirror.js';

const REPEATS = 11;
const ASKED = [
  { who: LEAD, verb: 'desk', input: {} },
  { who: ACE_USER, verb: 'desk', input: {} },
  { who: LEAD, verb: 'list', input: {} },
  { who: LEAD, verb: 'list', input: { view: 'pending' } },
  ...VIEWS.map(({ id }) => ({ who: LEAD, verb: 'list', input: { view: id } })),
  ...['closing-this-month', 'opportunities-without-update', 'all-customer-engagements'].map((view) => ({
    who: ACE_USER,
    verb: 'list',
    input: { view },
  })),
];

/** @param {import('./databases.js').Databases} databases */
export async function measureDesk(databases) {
  const rows = [];
  for (const size of [1_000, 10_000, 100_000])
    rows.push(...(await measure(await databases.postgres(), size)));
  for (const size of [1_000, 10_000]) rows.push(...(await measure(await databases.pglite(), size)));
  return rows;
}

async function measure(place, size) {
  const store = await open(place);
  try {
    const [referrals, leads] = [Math.round(size / 50), Math.round(size / 10)];
    await fillMirror(store, { opportunities: size, referrals, leads });
    const rows = [];
    for (const asked of ASKED) rows.push({ database: store.kind, size, ...(await ask(store, asked)) });
    return rows;
  } finally {
    await store.close();
  }
}

async function ask(store, { who, verb, input }) {
  const commands = Object.values(vocabulary);
  const command = commands.find((it) => it.verb === verb);
  const actor = await findPerson(store, who);
  const context = { store, actor, now: new Date(), commands, key: 'bench' };
  const run = async () => {
    const { reply } = await command.run(command.input.parse(input), context);
    if (reply.sections.length === 0) throw new Error(`${verb} of ${who} is empty: nothing was measured.`);
  };
  await run();
  const statements = await counted(store, run);
  const times = [];
  for (let i = 0; i < REPEATS; i++) times.push(await timed(run));
  return {
    what: [verb, ...Object.values(input)].join(' '),
    who: who === LEAD ? 'alliance lead' : 'ACE user',
    statements,
    p50: median(times),
    p95: percentile(times, 0.95),
  };
}

/** How many statements reach the database, whoever sends them. */
export async function counted(store, run) {
  const { backing } = store;
  const target = backing.kind === 'pglite' ? backing.db : pg.Client.prototype;
  const original = target.query;
  let count = 0;
  target.query = function (...parts) {
    count++;
    return original.apply(this, parts);
  };
  await run().finally(() => {
    if (backing.kind === 'pglite') delete target.query;
    else target.query = original;
  });
  return count;
}
