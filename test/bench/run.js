/** `npm run bench`: measures, prints a table, writes bench.json. `npm run bench -- 2 4` runs those parts only. */
import { writeFile } from 'node:fs/promises';
import { register } from 'node:module';
import os from 'node:os';

// The stand-ins for Slack and Microsoft are TypeScript; what is measured is the build.
register('../support/typescript-hooks.js', import.meta.url);
const { measureAcks } = await import('./acks.js');
const { measureClick } = await import('./click.js');
const { openDatabases } = await import('./databases.js');
const { measureDesk } = await import('./desk.js');
const { measureDigests } = await import('./digests.js');
const { measureFind } = await import('./find.js');
const { measureNextStep } = await import('./next-step.js');
const { PARTS_IN_WORDS, toText } = await import('./table.js');
const { measureTeams } = await import('./teams.js');

const PARTS = {
  acks: measureAcks,
  nextStep: measureNextStep,
  click: measureClick,
  desk: measureDesk,
  find: measureFind,
  teams: measureTeams,
  digests: measureDigests,
};

const wanted = process.argv.slice(2).map(Number);
const started = performance.now();
const databases = await openDatabases();
const found = {};
try {
  for (const [nth, [name, measure]] of Object.entries(PARTS).entries()) {
    if (wanted.length > 0 && !wanted.includes(nth + 1)) continue;
    process.stderr.write(`${PARTS_IN_WORDS[name]} …\n`);
    found[name] = await measure(databases);
  }
} finally {
  await databases.stop();
}

const [cpu] = os.cpus();
const machine = {
  node: process.version,
  processors: `${os.cpus().length} × ${cpu?.model ?? 'unknown'}`,
  memoryGiB: Math.round(os.totalmem() / 2 ** 30),
  system: `${os.type()} ${os.release()}`,
  // Above the number of processors, others were at work: trust the ratios more than the times.
  loadAverage: os.loadavg()[0],
};
const seconds = Math.round((performance.now() - started) / 1000);
await writeFile(
  'bench.json',
  `${JSON.stringify({ at: new Date().toISOString(), seconds, machine, ...found }, null, 2)}\n`,
);
console.log(`\n${toText(found)}\n`);
console.log(
  `${machine.processors}, Node ${machine.node}, load average ${machine.loadAverage?.toFixed(1)}; ${seconds} s; bench.json has all of it.`,
);
