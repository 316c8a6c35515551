/** The process as it is started for Teams, in its production configuration; only Microsoft's names lead to the stand-in. */
import { newFolder, type TestDatabase } from './databases.ts';
import { until } from './house.ts';
import { envOf, portOf, type Started, start } from './process.ts';
import type { Target } from './teams-activities.ts';
import { certificateIn } from './teams-certificate.ts';
import { type Client, createClient } from './teams-client.ts';
import { PUBLIC_URL, redirected, teamsEnv } from './teams-env.ts';
import { createMicrosoft, type Microsoft } from './teams-microsoft.ts';
import { enrollTeam } from './teams-team.ts';

export async function tlsMicrosoft(): Promise<{ microsoft: Microsoft; file: string }> {
  const { file, ...certificate } = await certificateIn(await newFolder());
  const microsoft = await createMicrosoft({ certificate, publicUrl: 'https://smba.trafficmanager.net' });
  return { microsoft, file };
}

export interface TeamsProcess extends Client {
  it: Started;
  target: Target;
  microsoft: Microsoft;
  at(path: string): Promise<Response>;
  /** Its exit code. */
  close(): Promise<number | null>;
}

/** The first reading is done. The caller's file says `usesMain()`. */
export async function startTeams(
  database: TestDatabase,
  more: Record<string, string> = {},
): Promise<TeamsProcess> {
  const { microsoft, file } = await tlsMicrosoft();
  enrollTeam(microsoft);
  const it = await start({
    ...envOf(await database.place()),
    ...teamsEnv(microsoft),
    ...redirected(microsoft, file),
    PUBLIC_URL,
    ...more,
  });
  const port = await portOf(it).catch(async (error: unknown) => {
    await microsoft.close();
    throw error;
  });
  const target = { url: `http://127.0.0.1:${port}`, microsoft };
  const at = (where: string) => fetch(`${target.url}${where}`, { redirect: 'manual' });
  await until('the first reading', async () => (await at('/readyz')).status === 200, 40);
  const close = async () => {
    it.process.kill('SIGTERM');
    const code = await it.ended;
    await microsoft.close();
    return code;
  };
  return { it, target, microsoft, at, close, ...createClient(target) };
}
