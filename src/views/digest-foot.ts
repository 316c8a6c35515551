/** Around a digest's lines: why it came, when it comes, and what can be pressed below it. */
import { plainDay } from '../pipeline/calendar.ts';
import type { Day } from '../pipeline/deal.ts';
import { DIGEST_SECTIONS, type DigestSection, NUDGED_SECTIONS } from '../pipeline/digest.ts';
import type { Asked, DigestSchedule } from './digest-found.ts';
import { timesInWords } from './schedule.ts';
import type { Button } from './view.ts';

/** A line under the name of somebody who reports to the reader. */
export interface ReportLine {
  section: DigestSection;
  id: string;
  owner: string;
}

/** Of so many deals at most the owners are asked by one press. */
const MOST_NUDGED = 20;

/** Those whose owner was asked within 7 days already are left out. */
export function nudgeButtons(lines: readonly ReportLine[], asked: ReadonlyMap<string, Asked>): Button[] {
  const nudged = lines
    .filter(({ section, id, owner }) => NUDGED_SECTIONS.includes(section) && asked.get(id)?.ownerId !== owner)
    .slice(0, MOST_NUDGED);
  if (nudged.length === 0) return [];
  const owners = new Set(nudged.map(({ owner }) => owner)).size;
  const deals = nudged.map(({ id }) => id).join(',');
  return [{ verb: 'nudge', label: `Nudge owners (${owners})`, input: { deals } }];
}

export const SCHEDULE_BUTTON: Button = { verb: 'schedule', label: 'Schedule…', input: {}, opens: 'form' };
const PAUSE: Button = { verb: 'schedule', label: 'Pause…', input: { do: 'pause' }, opens: 'form' };
const OFF: Button = { verb: 'schedule', label: 'Turn it off', input: { do: 'off' } };

/** Every digest can be set from itself. Beside a nudge Teams shows the first two of them, the others behind “More”. */
export const scheduleButtons = (standing: ReadonlySet<DigestSection>): Button[] => [
  SCHEDULE_BUTTON,
  OFF,
  ...(standing.size > 0 ? [leaveOut(standing)] : []),
  PAUSE,
];

const leaveOut = (standing: ReadonlySet<DigestSection>): Button => ({
  verb: 'schedule',
  label: 'Leave out…',
  input: { do: 'sections', sections: DIGEST_SECTIONS.filter((id) => standing.has(id)).join(',') },
});

/** When it comes, and how that is changed; nothing where none comes by itself. @param today in the schedule's zone. */
export function scheduleInWords(schedule: DigestSchedule | undefined, today: Day): string {
  if (!schedule) return '';
  const { pausedUntil } = schedule;
  if (pausedUntil && pausedUntil > today)
    return `It is paused until ${plainDay(pausedUntil, today)}. “schedule on” ends the pause, “schedule off” ends the digest.`;
  return `It comes ${timesInWords(schedule)}. “schedule” changes it, “schedule off” ends it.`;
}

/** Said on top of a person's first digest, and on no other. @param day of the digest. */
export const whyItCame = (schedule: DigestSchedule | undefined, day: Day): { intro?: string } =>
  schedule?.isNew && (schedule.firstDay ?? day) >= day ? { intro: FIRST } : {};

const FIRST =
  'This is your first digest: it comes because you have used ace-desk. The buttons below it change it or turn it off.';
