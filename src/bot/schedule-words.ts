/** What may follow "schedule": how somebody's digest, or a channel's, is to come. */

type Read = { input: Record<string, string> };

/**
 * Undefined where it cannot follow it. What a part says (a day, an hour, a section) is for the command to judge. What writes is
 * not done because somebody asked whether it was; a form may be asked for.
 */
export function scheduled(tail: string): Read | { suggestions: string[] } | undefined {
  const said = tail.replace(/[?!.\s]+$/, '').trim();
  const read = readSchedule(said);
  const { do: what, untilDate, sure } = read?.input ?? {};
  const writes =
    sure !== undefined ||
    (what !== undefined && what !== 'status' && (what !== 'pause' || untilDate !== undefined));
  return writes && tail.endsWith('?') ? { suggestions: [`schedule ${said}`, 'schedule'] } : read;
}

function readSchedule(said: string): Read | undefined {
  const { text, flags } = withoutFlags(said);
  if (text === '') return { input: flags };
  for (const [pattern, input] of WAYS) {
    const match = pattern.exec(text);
    if (match) return { input: { ...flags, ...input(match[1]?.trim() ?? '', match[2]?.trim()) } };
  }
  return undefined;
}

const SURE = /\s*\(yes\)$/i;
const HERE_FIRST = /^(?:here|in this channel)(?=\s|$)\s*/i;
const HERE_LAST = /(?:^|\s+)(?:here|in this channel)$/i;

/** "here off", "off here (yes)". */
function withoutFlags(said: string): { text: string; flags: Record<string, string> } {
  const text = said.replace(SURE, '');
  const rest = text.replace(HERE_FIRST, '').replace(HERE_LAST, '');
  return {
    text: rest,
    flags: {
      ...(rest === text ? {} : { here: 'yes' }),
      ...(text === said ? {} : { sure: 'yes' }),
    },
  };
}

const DAY =
  '(?:mon(?:days?)?|tue(?:s(?:days?)?)?|wed(?:nesdays?)?|thu(?:rs?(?:days?)?)?|fri(?:days?)?|sat(?:urdays?)?|sun(?:days?)?|(?:week|working\\s+)days?|daily)';
const HOUR = "\\d{1,2}(?::\\d\\d)?(?:\\s*(?:[ap]m|h|uhr|o['’]clock))?";
/** "at 8", "8am"; behind another number it may be a day. */
const AT = '(?:(?:\\s+at\\s+(?=\\S)|(?<=[a-z])(?<!\\band)\\s+(?=\\d))(\\S.*))?';

const onDays = (days: string, hour?: string): Record<string, string> => ({
  ...{ do: 'days', days },
  ...(hour ? { hour } : {}),
});
const atHour = (hour: string, days?: string): Record<string, string> =>
  days ? onDays(days, hour) : { do: 'at', hour };

/** Each sets, or says what is set; none toggles. */
const WAYS: [RegExp, (rest: string, more?: string) => Record<string, string>][] = [
  [/^(?:off|stop|end)$/i, () => ({ do: 'off' })],
  [/^(?:on|start|resume|continue)$/i, () => ({ do: 'on' })],
  [/^pause$/i, () => ({ do: 'pause' })],
  [/^pause\s+(?:for\s+)?today$/i, () => ({ do: 'pause', untilDate: 'tomorrow' })],
  [/^pause\s+(?:for\s+)?tomorrow$/i, () => ({ do: 'pause', untilDate: 'the day after tomorrow' })],
  [/^pause\s+for\s+(\S.*)$/is, (span) => ({ do: 'pause', untilDate: `in ${span}` })],
  [/^(?:pause\s+)?(?:until|till)\s+(\S.*)$/is, (untilDate) => ({ do: 'pause', untilDate })],
  [/^status$/i, () => ({ do: 'status' })],
  [/^(?:at|for)\s+(\S.*?)(?:\s+(?:only\s+)?(?:on|every)\s+(\S.*))?$/is, atHour],
  [new RegExp(`^(${HOUR})(?:\\s+(?:only\\s+)?(?:on|every)\\s+(\\S.*))?$`, 'is'), atHour],
  [new RegExp(`^(?:only\\s+)?(?:on|every)\\s+(\\S.*?)${AT}$`, 'is'), onDays],
  [new RegExp(`^(?:only\\s+)?(${DAY}(?:[\\s,–-].*?)??)${AT}$`, 'is'), onDays],
  [/^without\s+(\S.*)$/is, (section) => ({ do: 'without', section })],
  [/^with\s+(\S.*)$/is, (section) => ({ do: 'with', section })],
];
