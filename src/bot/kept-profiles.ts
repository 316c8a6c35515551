/** What a platform says of somebody, kept for a quarter of an hour: the same for every door. */

const FRESH_MS = 10 * 60_000;
const KEPT_MS = 15 * 60_000;
const REFUSED_MS = 60_000;
const MOST = 2000;

export interface KeptProfiles<Profile> {
  /**
   * `ask` is called where nothing, or nothing new enough, is known. Throws what it throws. 'patiently': nobody waits for it; a
   * person who waits does not wait for such a reading.
   */
  find(who: string, ask: () => Promise<Profile>, how?: 'patiently'): Promise<Profile>;
  /** Without asking; undefined where nothing, or nothing new enough, is known. */
  known(who: string): Profile | undefined;
  /** Called before something is read that tells of many; what it answers keeps each, unless somebody has changed since. */
  learning(): (who: string, profile: Profile) => void;
  /** It has changed: who asks from now on hears anew, also while an older question is under way. */
  forget(who: string): void;
}

/**
 * At most 2000 are kept, the longest unused goes first. From 10 minutes on one is renewed while it is still used; one that
 * is refused counts for a minute.
 * @param onRefused hears of each reading that says: nobody we serve (any more).
 */
export function keepProfiles<Profile extends { member: boolean }>(
  now: () => Date,
  onRefused: (who: string, profile: Profile) => void = () => undefined,
): KeptProfiles<Profile> {
  const kept = new Map<string, { profile: Profile; at: number }>();
  let changes = 0;
  const asking = new Map<string, { running: Promise<Profile>; how: 'patiently' | undefined }>();

  const keep = (who: string, profile: Profile) => {
    kept.set(who, { profile, at: now().getTime() });
    const [oldest] = kept.keys();
    if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
  };
  const askOnce = (who: string, ask: () => Promise<Profile>, how?: 'patiently'): Promise<Profile> => {
    const before = asking.get(who);
    if (before && (how || !before.how)) return before.running;
    const isNewest = () => asking.get(who)?.running === running;
    const running: Promise<Profile> = ask()
      .then((profile) => {
        if (isNewest()) keep(who, profile);
        if (isNewest() && !profile.member) onRefused(who, profile);
        return profile;
      })
      .finally(() => {
        if (isNewest()) asking.delete(who);
      });
    asking.set(who, { running, how });
    return running;
  };

  return {
    known(who) {
      const known = kept.get(who);
      const isNew = known && now().getTime() - known.at <= (known.profile.member ? KEPT_MS : REFUSED_MS);
      return isNew ? known.profile : undefined;
    },
    learning() {
      const before = changes;
      return (who, profile) => {
        if (changes === before) keep(who, profile);
      };
    },
    async find(who, ask, how) {
      const known = kept.get(who);
      const age = known ? now().getTime() - known.at : Number.POSITIVE_INFINITY;
      if (!known || age > (known.profile.member ? KEPT_MS : REFUSED_MS)) return askOnce(who, ask, how);
      kept.delete(who);
      kept.set(who, known);
      // Renewed in the background; when the platform does not answer, the next one asks again.
      if (age > FRESH_MS) askOnce(who, ask).catch(() => undefined);
      return known.profile;
    },
    forget(who) {
      changes += 1;
      kept.delete(who);
      asking.delete(who);
    },
  };
}
