/** Small turns of phrase that several views share. */
import type { Moment } from '../pipeline/deal.ts';

const UNITS: [ms: number, one: string, many: string][] = [
  [86_400_000, 'a day', 'days'],
  [3_600_000, 'an hour', 'h'],
  [60_000, 'a minute', 'min'],
];

/** "just now", "3 min ago", "2 h ago", "4 days ago". */
export function ago(moment: Moment, now: Date): string {
  const passed = now.getTime() - Date.parse(moment);
  for (const [ms, one, many] of UNITS) {
    const count = Math.floor(passed / ms);
    if (count >= 1) return count === 1 ? `${one} ago` : `${count} ${many} ago`;
  }
  return 'just now';
}
