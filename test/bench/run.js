import { register } from 'node:module';
register('../support/typescript-hooks.js', import.meta.url);
const { openDatabases } = await import('./databases.js');
const { measureAcks } = await import('./acks.js');
const t=Date.now();
const databases = await openDatabases();
console.log('db', Date.now()-t);
try {
  const rows = await measureAcks(databases);
  for (const r of rows) console.log(r.what.padEnd(16), String(r.concurrency).padStart(3), 'p50', r.ours.p50.toFixed(1), r.bare.p50.toFixed(1), 'p99', r.ours.p99.toFixed(1), r.bare.p99.toFixed(1), (r.ours.p99/r.bare.p99).toFixed(2), 'cpu', r.ours.cpu.toFixed(2), r.bare.cpu.toFixed(2), (r.ours.cpu/r.bare.cpu).toFixed(1));
} finally { await databases.stop(); }
console.log('total', Date.now()-t);
