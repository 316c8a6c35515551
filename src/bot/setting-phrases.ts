/** Other ways of saying how what comes by itself is to come: the digest, what is told, a cover, a reminder. */
import { sectionCalled } from '../pipeline/schedule.ts';

/**
 * As a verb says it; undefined where the line is no such phrase. Whole lines only.
 * @param line without "please", and without marks at its end.
 */
export function settingIn(line: string): string | undefined {
  for (const [phrase, verb] of PHRASES) if (phrase.test(line)) return line.replace(phrase, verb);
  return trimIn(line);
}

/** "leave out stale", "put rejected back": of a section only, so that no customer is meant by it. */
function trimIn(line: string): string | undefined {
  const about = line.replace(FROM_DIGEST, '');
  for (const [phrase, how] of TRIMS) {
    const [, named = ''] = phrase.exec(about) ?? [];
    const [first = ''] = named.split(/,|\sand\s/i);
    if (sectionCalled(first)) return `schedule ${how} ${named}`;
  }
  return undefined;
}

const DIGEST = '(?:(?:my|the)\\s+)?(?:daily\\s+)?digests?';
const FROM_DIGEST = new RegExp(`\\s+(?:from|of|out\\s+of|in|into|to)\\s+${DIGEST}$`, 'i');
const TRIMS: [RegExp, string][] = [
  [/^leave\s+out\s+(\S.*)$/i, 'without'],
  [/^leave\s+(\S.*?)\s+out$/i, 'without'],
  [/^(?:bring|put)\s+back\s+(\S.*)$/i, 'with'],
  [/^(?:bring|put)\s+(\S.*?)\s+back(?:\s+in)?$/i, 'with'],
];
const NEWS = '(?:(?:the|my|all)\\s+)?notifications';
const I_AM = "(?:(?:i\\s+am|i['’]?m|i\\s+will\\s+be|i['’]ll\\s+be)\\s+)?";
const AWAY = '(?:out\\s+of\\s+(?:the\\s+)?office|ooo|on\\s+(?:holidays?|vacation|leave|pto)|away)';
/** What follows is a time, so that it is not the name of a customer. */
const THEN = '(?=$|(?:from|until|till|to|next\\s+week)(?:$|\\s))';
const NEXT_WEEK = 'next\\s+week(?=$|\\s|[:,])';

/** The first that fits. */
const PHRASES: [RegExp, string][] = [
  [new RegExp(`^(?:turn|switch)\\s+(off|on)\\s+${DIGEST}$`, 'i'), 'schedule $1'],
  [new RegExp(`^(?:turn|switch)\\s+${DIGEST}\\s+(off|on)$`, 'i'), 'schedule $1'],
  [new RegExp(`^(?:cancel|no(?:\\s+more)?|stop\\s+sending(?:\\s+me)?)\\s+${DIGEST}$`, 'i'), 'schedule off'],
  [new RegExp(`^unsubscribe(?:\\s+me)?\\s+from\\s+${DIGEST}$`, 'i'), 'schedule off'],
  [new RegExp(`^unpause\\s+${DIGEST}$`, 'i'), 'schedule on'],
  [new RegExp(`^bring\\s+(?:back\\s+${DIGEST}|${DIGEST}\\s+back)$`, 'i'), 'schedule on'],
  [/^pause(?=$|\s+(?:until|till|for|today|tomorrow)(?:$|\s))/i, 'schedule pause'],
  [new RegExp(`^(?:turn|switch)\\s+(off|on)\\s+${NEWS}$`, 'i'), 'notify $1'],
  [new RegExp(`^(?:(?:turn|switch)\\s+)?${NEWS}\\s+(off|on)$`, 'i'), 'notify $1'],
  [new RegExp(`^(pause|stop|end|start|resume)\\s+${DIGEST}(?=$|\\s)`, 'i'), 'schedule $1'],
  [new RegExp(`^(cover(?:\\s+my\\s+desk)?)\\s+${NEXT_WEEK}`, 'i'), '$1 from next week until Sunday'],
  [new RegExp(`^${I_AM}${AWAY}\\s+${NEXT_WEEK}`, 'i'), 'cover from next week until Sunday'],
  [new RegExp(`^${I_AM}${AWAY}(?:\\s+|$)${THEN}`, 'i'), 'cover '],
  [
    /^(?:i\s+am|i['’]?m)\s+back(?:\s+(?:again|at\s+work|in\s+the\s+office|from\s+(?:holidays?|vacation|leave|pto)))?$/i,
    'cover off',
  ],
  [/^who\s+(?:covers|is\s+covering)\s+(?:for\s+)?(\S.*?)(?:['’]s\s+desk)?$/i, 'cover who $1’s desk'],
  [/^(?:unsnooze|stop\s+reminding\s+me\s+(?:of|about))\s+(\S.*)$/i, 'remind $1: never'],
];
