/** Opens the Teams door on the house: references, inbox, deliveries, and what a crash left unanswered. */
import type { Config } from './config.ts';
import type { House } from './house.ts';
import type { Log } from './log.ts';
import { handled, receive } from './store/postings.ts';
import { doneSince, receiveWords } from './store/receive-words.ts';
import { referencesOf } from './store/references.ts';
import { createTeams, type TeamsDoor, type TeamsOptions } from './teams/app.ts';

/**
 * It listens nowhere: its `route` is to be served by whoever serves HTTP here.
 * @param overrides for tests: budgets, where Microsoft is.
 */
export async function openTeams(
  config: Config,
  house: House,
  log: Log,
  overrides: Partial<TeamsOptions> = {},
): Promise<TeamsDoor> {
  if (!config.teams) throw new Error('Teams is not configured.');
  const { store, desk } = house;
  const now = overrides.now ?? (() => new Date());
  const teams = createTeams({
    ...(config.teams.anonymous ? {} : { account: config.teams.account, tenants: config.teams.tenants }),
    desk,
    references: referencesOf(store),
    log,
    now,
    development: config.development,
    inbox: {
      receive: (key, body, said) =>
        said
          ? receiveWords(store, 'teams', { key, body: body as object, ...said })
          : receive(store, 'teams', key, body as object),
      doneSince: (key) => doneSince(store, key),
      handled: (key) => handled(store, key, now()),
    },
    ...overrides,
  });
  await house.addMessenger(teams.messenger);
  house.addReplay('teams', teams.replay);
  return teams;
}
