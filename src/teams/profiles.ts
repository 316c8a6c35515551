/** Who somebody in Teams is, as the roster has them; kept for a quarter of an hour. */
import { keepProfiles } from '../bot/kept-profiles.ts';
import type { Address, Connector, Member, References } from './door.ts';
import { ConversationGone } from './faults.ts';
import { isPersonal, personalWith } from './personal.ts';

/** `refused`: a guest, somebody of a tenant that is not served; nobody there has that id, or it is an app. */
export type Profile =
  | { member: true; email?: string; timeZone?: string; firstName?: string; lastName?: string }
  | { member: false; refused: 'guest' | 'other tenant' | 'nobody' };

export interface Profiles {
  /**
   * @param spoke where they spoke just now: asked where we have no personal conversation with them; a card of ours may stand
   * where we are not, then one is opened.
   * @throws what the connector throws; GoneForGood where there is no place to ask in.
   */
  find(tenant: string, user: string, spoke?: Address): Promise<Profile>;
  /** Without asking; undefined where nothing, or nothing new enough, is known. */
  known(tenant: string, user: string): Profile | undefined;
  /**
   * Called before a roster is read; takes what it says of people of ours, unless of somebody something newer was heard, and
   * of guests that they are some.
   */
  learning(): (at: Pick<Address, 'tenant'>, members: readonly Member[]) => void;
  /** It has changed: who asks from now on hears anew. */
  forget(tenant: string, user: string): void;
}

interface Parts {
  connector: Pick<Connector, 'member' | 'open'>;
  references: Pick<References, 'ofUser' | 'hasLeft' | 'serviceUrl' | 'keep'>;
  /** Those that are served. */
  tenants: ReadonlySet<string>;
  now(): Date;
  /** Hears of each reading that says: nobody we serve (any more). */
  onRefused?(tenant: string, user: string): void;
  /**
   * Hears once of each who is read as a guest, until they are read as a member again; once more where it fails. `member`:
   * they were read as one here before; else nothing is known of it.
   */
  onGuest?(tenant: string, user: string, was: { member: boolean }): Promise<void>;
}

export function createProfiles(parts: Parts): Profiles {
  const { connector, references, tenants, now, onRefused } = parts;
  const turned = guestsAmong(parts);
  const kept = keepProfiles<Profile>(now, (who) => onRefused?.(...namesIn(who)));
  const ask = async (tenant: string, user: string, spoke?: Address): Promise<Profile> => {
    if (!tenants.has(tenant)) return { member: false, refused: 'other tenant' };
    const own = await references.ofUser(tenant, user);
    if (!own && spoke) {
      const found = await unlessGone(() => connector.member(spoke, user));
      if (found !== 'gone') return toProfile(found, tenant, isPersonal(spoke.conversation));
    }
    const at = own ?? (await personalWith({ connector, references }, { tenant, user }));
    return toProfile(await connector.member(at, user), tenant, true);
  };
  return {
    find: (tenant, user, spoke) =>
      kept.find(nameOf(tenant, user), async () => {
        const profile = await ask(tenant, user, spoke);
        turned(nameOf(tenant, user), profile);
        return profile;
      }),
    known: (tenant, user) => kept.known(nameOf(tenant, user)),
    learning() {
      const keep = kept.learning();
      return (at, members) => {
        for (const it of members) {
          const profile = toProfile(it, at.tenant, false);
          if (it.user) turned(nameOf(at.tenant, it.user), profile, 'among others');
          if (it.user && profile.member) keep(nameOf(at.tenant, it.user), profile);
        }
      };
    },
    forget: (tenant, user) => kept.forget(nameOf(tenant, user)),
  };
}

const MOST = 2000;

/** As what each was read last, of the 2000 that were read last. */
function guestsAmong({ onGuest }: Pick<Parts, 'onGuest'>) {
  const last = new Map<string, 'member' | 'guest'>();
  return (who: string, profile: Profile, how?: 'among others'): void => {
    if (!profile.member && profile.refused !== 'guest') return;
    const before = last.get(who);
    // Of a roster's many guests only whoever was none a moment ago is news.
    if (how && !profile.member && before !== 'member') return;
    last.delete(who);
    last.set(who, profile.member ? 'member' : 'guest');
    const [oldest] = last.keys();
    if (last.size > MOST && oldest !== undefined) last.delete(oldest);
    if (profile.member || before === 'guest') return;
    onGuest?.(...namesIn(who), { member: before === 'member' }).catch(() => last.delete(who));
  };
}

const nameOf = (tenant: string, user: string): string => `${tenant}/${user}`;
function namesIn(who: string): [string, string] {
  const [tenant = '', user = ''] = who.split('/');
  return [tenant, user];
}

/** Where we are not, nobody can be looked up. */
async function unlessGone<T>(work: () => Promise<T>): Promise<T | 'gone'> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConversationGone) return 'gone';
    throw error;
  }
}

/** What does not say whose it is belongs to nobody we serve: in a shared channel there are people of other tenants. */
function toProfile(found: Member | undefined, tenant: string, isPersonal: boolean): Profile {
  if (!found?.user) return { member: false, refused: 'nobody' };
  if (found.isGuest) return { member: false, refused: 'guest' };
  // A personal conversation is of the tenant it stands in, whoever asks.
  const home = found.tenant ?? (isPersonal ? tenant : undefined);
  if (home !== tenant) return { member: false, refused: 'other tenant' };
  const { email, firstName, lastName } = found;
  return {
    member: true,
    ...(email ? { email } : {}),
    ...(firstName ? { firstName } : {}),
    ...(lastName ? { lastName } : {}),
  };
}
