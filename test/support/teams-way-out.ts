/** The way out to Teams alone: the real messenger, connector and references, Microsoft's stand-in, and no door in. */

import type { Messenger } from '../../src/bot/intent.ts';
import { referencesOf } from '../../src/store/references.ts';
import type { Store } from '../../src/store/store.ts';
import { createConnector } from '../../src/teams/connector.ts';
import type { Connector, Reference, References } from '../../src/teams/door.ts';
import { createDraw } from '../../src/teams/draw.ts';
import { createMessenger } from '../../src/teams/messenger.ts';
import { createPace } from '../../src/teams/pace.ts';
import { createProfiles, type Profiles } from '../../src/teams/profiles.ts';
import { silentLog } from './databases.ts';
import { hurried } from './hurried.ts';
import { createMicrosoft, entraId, type Microsoft } from './teams-microsoft.ts';

export interface WayOut {
  microsoft: Microsoft;
  connector: Connector;
  references: References;
  profiles: Profiles;
  messenger: Messenger;
  /** Whoever was refused, as `tenant user`. */
  refused: string[];
  /** Whoever was read as a guest, as `tenant user was member`. */
  guests: string[];
  /** Teams told us of that place, as a message from there does. */
  heardOf(place: string, more?: Partial<Reference>): Promise<Reference>;
  /** Calls of that kind so far. */
  calls(operation: string): number;
  close(): Promise<void>;
}

/** @param now what profiles and rosters count by */
export async function openWayOut(store: Store, now: () => Date = () => new Date()): Promise<WayOut> {
  const microsoft = await createMicrosoft();
  const { appId, tenant } = microsoft;
  const connector = createConnector(
    { appId, type: 'SingleTenant', tenantId: tenant, password: microsoft.secret },
    {
      log: silentLog,
      fetchToken: () => tokenFrom(microsoft),
      patience: { sleep: async () => undefined, now: () => new Date(), random: () => 0 },
      timeoutMs: 500,
    },
  );
  const references = referencesOf(store);
  const tenants = new Set([tenant]);
  const refused: string[] = [];
  const onRefused = (...who: [string, string]) => void refused.push(who.join(' '));
  const guests: string[] = [];
  const onGuest = async (tenant: string, user: string, was: { member: boolean }) =>
    void guests.push(`${tenant} ${user} ${was.member}`);
  const profiles = createProfiles({ connector, references, tenants, now, onRefused, onGuest });
  const draw = createDraw(true, silentLog);
  const pace = createPace(hurried());
  return {
    ...{ microsoft, connector, references, profiles, refused, guests },
    messenger: createMessenger({ connector, references, profiles, draw, pace, tenants, now }),
    async heardOf(place, more) {
      const it: Reference = { ...referenceTo(microsoft, place), ...more };
      await references.keep(it);
      return it;
    },
    calls: (operation) => microsoft.calls.filter((it) => it.operation === operation).length,
    close: async () => {
      microsoft.hangUp();
      await microsoft.close();
    },
  };
}

/** Of a person enrolled under that name their own chat; else the channel or group chat of that id. */
function referenceTo({ serviceUrl, tenant, places }: Microsoft, place: string): Reference {
  const room = places.get(place);
  if (!room)
    return { serviceUrl, tenant, conversation: `a:${place}`, scope: 'personal', user: entraId(place) };
  const scope = room.scope === 'channel' ? 'channel' : 'group';
  return { serviceUrl, tenant, conversation: place, scope, ...(room.name ? { name: room.name } : {}) };
}

async function tokenFrom({ url, tenant, appId, secret }: Microsoft): Promise<string> {
  const body = new URLSearchParams({
    ...{ grant_type: 'client_credentials', client_id: appId, client_secret: secret },
    scope: 'https://api.botframework.com/.default',
  });
  const answer = await fetch(`${url}/${tenant}/oauth2/v2.0/token`, { method: 'POST', body });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return token;
}
