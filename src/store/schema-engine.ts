/** Prisma's schema engine as WebAssembly: nothing to download. Loaded only when there is something to migrate. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';

/** Node has it; its types stand in the DOM library, which we do not want. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

const ENTRY = '@prisma/schema-engine-wasm/schema_engine_bg';

/** Runs `use` with an engine on that database and frees it afterwards. The adapter's connections stay the caller's. */
export async function withSchemaEngine<T>(
  factory: SqlMigrationAwareDriverAdapterFactory,
  schema: string | undefined,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const { SchemaEngine } = await loadEngine();
  const datamodels: [string, string][] | undefined = schema ? [['schema.prisma', schema]] : undefined;
  const engine = await SchemaEngine.new(
    { datamodels },
    () => {},
    bindMigrationAwareSqlAdapterFactory(factory),
  );
  try {
    return await use(engine);
  } finally {
    engine.free();
  }
}

type Engine = typeof import('@prisma/schema-engine-wasm/schema_engine_bg');
let loaded: Promise<Engine> | undefined;

/** The package's own entry imports the .wasm file as a module, which Node 20 cannot: instantiate it by hand. */
function loadEngine(): Promise<Engine> {
  loaded ??= (async () => {
    const entry = createRequire(import.meta.url).resolve(ENTRY);
    const bytes = await readFile(path.join(path.dirname(entry), 'schema_engine_bg.wasm'));
    const engine: Engine = await import('@prisma/schema-engine-wasm/schema_engine_bg');
    const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': patient(engine) });
    engine.__wbg_set_wasm(instance.exports);
    const start = instance.exports.__wbindgen_start;
    if (typeof start === 'function') start();
    return engine;
  })();
  return loaded;
}

/** Its time limits are never cleared and would keep a finished process alive for ten seconds. */
function patient(engine: object): Record<string, unknown> {
  const imports: Record<string, unknown> = { ...engine };
  for (const [name, set] of Object.entries(imports)) {
    if (!name.startsWith('__wbg_setTimeout') || typeof set !== 'function') continue;
    imports[name] = (...args: unknown[]) => set(...args).unref();
  }
  return imports;
}
