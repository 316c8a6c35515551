/** Who is let in from the start: the alliance lead; in practice mode a whole team, under terms that count as accepted. */
import type { Config } from './config.ts';
import { dayIn } from './pipeline/calendar.ts';
import type { Person } from './pipeline/person.ts';
import { practiceTeam } from './practice/team.ts';
import { enrol } from './store/people.ts';
import type { Store } from './store/store.ts';
import { areTermsConfirmed, presumeTerms } from './store/terms.ts';

type Named = Pick<Config, 'partnerCentral' | 'allianceLeadEmail' | 'allianceLeadName'>;

export async function fillRoster(store: Store, config: Named, now: Date): Promise<void> {
  const isPractice = config.partnerCentral.catalog === 'practice';
  await enrol(store, isPractice ? practiceTeam(config.allianceLeadEmail) : [leadOf(config)]);
  if (isPractice) await presumeTerms(store, dayIn(now, 'UTC'));
  // Known from the start, so that nobody's act has to ask.
  await areTermsConfirmed(store);
}

const leadOf = ({ allianceLeadEmail: email, allianceLeadName }: Named): Omit<Person, 'id'> => ({
  email,
  otherEmails: [],
  ...(allianceLeadName ?? { firstName: 'Alliance', lastName: 'Lead' }),
  role: 'alliance lead',
  timeZone: 'UTC',
});
