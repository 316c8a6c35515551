/** 5. Finding a deal as the pipeline grows: time and growth; and what keeping the names costs a bulk save. */
import { find } from '../../dist/store/find.js';
import { findPerson } from '../../dist/store/people.js';
import { ACE_USER, LEAD, open } from './databases.js';
import { interleaved, median, percentile, timed } from './measure.js';
import { fillMirror, opportunityId } from './mirror.js';

const REPEATS = 15;
const BULK = 500;
const ROUNDS = 6;

/** @param {import('./databases.js').Databases} databases */
export async function measureFind(databases) {
  const rows = [];
  for (const size of [1_000, 10_000, 100_000])
    rows.push(...(await measure(await databases.postgres(), size)));
  for (const size of [1_000, 10_000]) rows.push(...(await measure(await databases.pglite(), size)));
  return rows;
}

async function measure(place, size) {
  const store = await open(place);
  try {
    await fillMirror(store, { opportunities: size, referrals: Math.round(size / 50) });
    await christen(store, size);
    const rows = [];
    for (const who of [LEAD, ACE_USER])
      for (const asked of await phrases(store, who)) rows.push({ size, ...(await ask(store, who, asked)) });
    rows.push({ size, ...(await measureSave(store)) });
    return rows.map((row) => ({ database: store.kind, ...row }));
  } finally {
    await store.close();
  }
}

/** Two made-up words and a trade for each company, so that the vocabulary grows with the pipeline as it does in life. */
async function christen({ prisma }, size) {
  const word = `initcap((${SYLLABLES})[1 + floor(random() * 40)::int] || (${SYLLABLES})[1 + floor(random() * 40)::int]
    || (${SYLLABLES})[1 + floor(random() * 40)::int])`;
  for (let from = 1; from <= size; from += PORTION)
    await prisma.$executeRawUnsafe(
      `UPDATE deal SET company = ${word} || ' ' || ${word} || ' ' || (ARRAY['Foods', 'Data', 'Bank', 'Media'])[1 + g % 4]
       FROM generate_series($1::int, $2::int) g WHERE id = 'O' || (20000000 + g)`,
      from,
      Math.min(from + PORTION - 1, size),
    );
  for (const table of ['deal', 'deal_name', 'word'])
    await prisma.$executeRawUnsafe(`VACUUM ANALYZE ${table}`);
}

const PORTION = 2000;
const SYLLABLES = `string_to_array('ka lo mer tan vi sol bra quen dor fi na rek stu wil pa gra hol ti mon zer ber lin ost hav cor den fal gul hart jun mi ra ste ul vex wo ya zu pli kro', ' ')`;

/** What people type of a deal that they can see; the letters of its name decide nothing. */
async function phrases(store, who) {
  const [row] = await store.prisma.$queryRawUnsafe(
    `SELECT company FROM deal WHERE id LIKE 'O2%' AND ($1 = 'all' OR owner_email = $1) ORDER BY id DESC LIMIT 1`,
    who === LEAD ? 'all' : who,
  );
  const [first = '', second = ''] = row.company.split(' ');
  const middle = Math.floor(first.length / 2);
  return [
    { what: 'the name', phrase: row.company },
    { what: 'its beginning', phrase: row.company.slice(0, 5) },
    { what: 'words turned round', phrase: `${second} ${first}` },
    { what: 'a word of every title', phrase: 'the' },
    { what: 'a slip', phrase: first.slice(0, middle) + first.slice(middle + 1) },
    { what: 'nothing', phrase: 'qqqqwwww', none: true },
    { what: 'the id', phrase: opportunityId(1), none: who !== LEAD },
  ];
}

async function ask(store, who, { what, phrase, none = false }) {
  const actor = await findPerson(store, who);
  const run = async () => {
    const { deals } = await find(store, actor, phrase, 10);
    if (!none && deals.length === 0) throw new Error(`“${phrase}” is found by nobody: nothing was measured.`);
  };
  await run();
  const times = [];
  for (let i = 0; i < REPEATS; i++) times.push(await timed(run));
  return {
    what,
    who: who === LEAD ? 'alliance lead' : 'ACE user',
    p50: median(times),
    p95: percentile(times, 0.95),
  };
}

/** New deals in bulk, with the names kept and without; `ratio` is what keeping them costs. */
async function measureSave({ prisma }) {
  let next = 0;
  const save = async () => {
    next += BULK;
    await prisma.$executeRawUnsafe(NEW_DEALS, next, next + BULK - 1);
  };
  const trigger = (verb) => prisma.$executeRawUnsafe(`ALTER TABLE deal ${verb} TRIGGER deal_new_names`);
  const times = await interleaved(ROUNDS, {
    kept: () => timed(save),
    without: async () => {
      await trigger('DISABLE');
      try {
        return await timed(save);
      } finally {
        await trigger('ENABLE');
      }
    },
  });
  return {
    what: `save ${BULK} new deals`,
    who: '',
    p50: median(times.kept),
    p95: percentile(times.kept, 0.95),
    ratio: median(times.kept) / median(times.without),
  };
}

const NEW_DEALS = `
  INSERT INTO deal (id, kind, company, title, status, stage, origin, detail, raw)
  SELECT 'O' || (50000000 + g), 'opportunity', company || ' ' || md5(g::text), title, 'Approved', 'Prospect', 'Partner Referral', detail, raw
  FROM generate_series($1::int, $2::int) g,
    (SELECT company, title, detail, raw FROM deal WHERE kind = 'opportunity' ORDER BY id LIMIT 1) t`;
