/** What was measured, as people read it. An aim that was not reached says so. */

const AIMS = { cpu: 2, p99: 1.5, commits: 1, click: 150, digests: 3 };

export const PARTS_IN_WORDS = {
  acks: '1. Acknowledging signed requests',
  nextStep: '2. Committing next steps',
  click: '3. From click to confirmed card',
  desk: '4. Lists as the pipeline grows',
  find: '5. Finding a deal as the pipeline grows',
  teams: '6. Answering what is pressed in Teams',
  digests: '7. Composing digests',
};

/** @param {Record<string, object[]>} found what each part measured; a part may be missing */
export const toText = (found) =>
  Object.entries(found)
    .map(([name, rows]) => TABLES[name](rows))
    .join('\n\n');

const acksTable = (rows) =>
  besideBare(
    '1. Acknowledged with its work committed / a bare Bolt app that only acknowledges (ms; CPU of the server process; PostgreSQL and the agent are other processes)',
    rows,
  );

const teamsTable = (rows) =>
  besideBare(
    '6. Pressed in Teams and answered with its work committed / a bare botbuilder bot that only answers (ms; CPU as above)',
    rows,
  );

function besideBare(title, rows) {
  const lines = rows.map(({ what, concurrency, ours, bare }) => [
    what,
    String(concurrency),
    `${ms(ours.p50)} / ${ms(bare.p50)}`,
    `${ms(ours.p99)} / ${ms(bare.p99)}`,
    concurrency === 10 ? atMost(ours.p99 / bare.p99, AIMS.p99) : times(ours.p99 / bare.p99),
    `${ms(ours.cpu)} / ${ms(bare.cpu)}`,
    atMost(ours.cpu / bare.cpu, AIMS.cpu),
  ]);
  return table(title, ['request', 'at once', 'p50', 'p99', 'ratio', 'CPU a request', 'ratio'], lines);
}

function nextStepTable(rows) {
  const of = (what) => rows.find((row) => row.what === what)?.perSecond ?? Number.NaN;
  const ratios = {
    'the statement': atLeast(of('the statement') / of('by hand'), AIMS.commits),
    'load, then the statement': atLeast(
      of('load, then the statement') / of('select, then by hand'),
      AIMS.commits,
    ),
  };
  return table(
    '2. Next step committed, 10 at once (PostgreSQL unless said otherwise)',
    ['how', 'commits a second', 'to by hand'],
    rows.map(({ what, perSecond }) => [what, perSecond.toFixed(0), ratios[what] ?? '']),
  );
}

function clickTable(rows) {
  const stages = Object.keys(rows[0].stages);
  return table(
    '3. From the click to the card that says AWS confirmed it, practice mode, generous quota (ms; stages are medians)',
    ['', ...rows.map((row) => row.database)],
    [
      ['p50', ...rows.map((row) => ms(row.p50))],
      [
        'p95',
        ...rows.map((row) => `${ms(row.p95)}${row.p95 <= AIMS.click ? '' : `  missed (${AIMS.click})`}`),
      ],
      ...stages.map((name) => [`  ${name}`, ...rows.map((row) => ms(row.stages[name]))]),
      ['CPU a click, AWS played included', ...rows.map((row) => ms(row.cpu))],
    ],
  );
}

function deskTable(rows) {
  const smallest = (row) =>
    rows.find((it) => it.database === row.database && it.what === row.what && it.who === row.who);
  return table(
    '4. Lists as the pipeline grows (ms)',
    ['database', 'opportunities', 'command', 'for', 'statements', 'p50', 'p95', 'growth'],
    rows.map((row) => [
      row.database,
      row.size.toLocaleString('en'),
      row.what,
      row.who,
      String(row.statements),
      ms(row.p50),
      ms(row.p95),
      times(row.p50 / smallest(row).p50),
    ]),
  );
}

function findTable(rows) {
  const smallest = (row) =>
    rows.find((it) => it.database === row.database && it.what === row.what && it.who === row.who);
  return table(
    '5. Finding a deal as the pipeline grows (ms; saving: with the names kept, and its ratio to saving without)',
    ['database', 'opportunities', 'what is typed', 'by', 'p50', 'p95', 'growth', 'ratio'],
    rows.map((row) => [
      row.database,
      row.size.toLocaleString('en'),
      row.what,
      row.who,
      ms(row.p50),
      ms(row.p95),
      times(row.p50 / smallest(row).p50),
      row.ratio ? times(row.ratio) : '',
    ]),
  );
}

const digestsTable = (rows) =>
  table(
    '7. Composing a thousand digests / one statement by hand that reads the same rows (ms; memory of this process, held: by a batch in hand)',
    [
      'opportunities',
      'people',
      'lines',
      'by hand',
      'statements',
      'ours',
      'by hand',
      'ratio',
      'resident',
      'held',
    ],
    rows.map((row) => [
      row.size.toLocaleString('en'),
      String(row.people),
      String(row.lines),
      String(row.handed),
      String(row.statements),
      ms(row.ours),
      ms(row.hand),
      // The aim is for the large pipeline; in a small one what is drawn outweighs what is read.
      row === rows.at(-1) ? atMost(row.ours / row.hand, AIMS.digests) : times(row.ours / row.hand),
      `${row.rssMiB.toFixed(0)} MiB`,
      `${row.heldMiB.toFixed(1)} MiB`,
    ]),
  );

const TABLES = {
  acks: acksTable,
  nextStep: nextStepTable,
  click: clickTable,
  desk: deskTable,
  find: findTable,
  teams: teamsTable,
  digests: digestsTable,
};

const ms = (value) => value.toFixed(value < 10 ? 2 : 0);
const times = (ratio) => `${ratio.toFixed(2)}×`;
const atMost = (ratio, aim) => times(ratio) + (ratio <= aim ? '' : `  missed (${aim}×)`);
const atLeast = (ratio, aim) => times(ratio) + (ratio >= aim ? '' : `  missed (${aim}×)`);

/** @param {string} title @param {string[]} heads @param {string[][]} lines */
function table(title, heads, lines) {
  const widths = heads.map((head, nth) => Math.max(head.length, ...lines.map((cells) => cells[nth].length)));
  const row = (cells) =>
    cells
      .map((cell, nth) => cell.padEnd(widths[nth]))
      .join('  ')
      .trimEnd();
  return [title, row(heads), widths.map((width) => '-'.repeat(width)).join('  '), ...lines.map(row)].join(
    '\n',
  );
}
