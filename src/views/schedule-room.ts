/** What is asked before a channel gets a digest: who reads along, and how much of it they would be shown. */
import { count } from '../pipeline/calendar.ts';
import type { Day } from '../pipeline/deal.ts';
import { oneLine } from '../pipeline/text.ts';
import { whereIn } from './post.ts';
import type { Audience } from './room.ts';
import { fieldsOf, pausedInWords, type Timetable } from './schedule.ts';
import type { Button, Form, List } from './view.ts';

/** The list as it would be drawn now, if there is anything to say, and before whom. */
export interface RoomPreview {
  list?: List | undefined;
  readers: { strangers: number; unproven: number };
  /** A line stands as its id whoever reads along. */
  isSecret?: boolean;
}

/** What is said before a channel gets a digest. */
export interface RoomAsking {
  audience: Audience;
  /** The platform's id of it. */
  room: string;
  /** What it would be today; absent where the room is closed to names anyhow. */
  preview?: RoomPreview;
  /** In the schedule's zone. */
  today: Day;
  /** Who set up the one that stands; `isOwn`: whoever is asked. */
  by?: { name: string; isOwn: boolean };
  hasChanged?: boolean;
  errors?: Record<string, string>;
}

/** Who will read it, and what; asks once. */
export function roomForm(table: Timetable, asking: RoomAsking): Form {
  const { audience, room, preview, by, hasChanged, errors } = asking;
  const where = whereIn(audience.name);
  const here = { here: 'yes', room };
  const end: Button = { verb: 'schedule', label: 'End it', input: { ...here, do: 'off' } };
  return {
    kind: 'form',
    verb: 'schedule',
    title: 'A digest here',
    submit: by ? 'Save' : 'Set it up here',
    intro: [
      ...(by ? [`${by.isOwn ? 'You' : oneLine(by.name)} set up the digest in ${where}.`] : []),
      ...(hasChanged ? [`Who reads along in ${where} has changed meanwhile, so nothing was saved yet.`] : []),
      ...(preview ? [whoReads(where, asking), namesToday(preview)] : [whyClosed(where, audience)]),
      ...(table.pausedUntil ? [pausedInWords(table.pausedUntil, asking.today, audience.name ?? '')] : []),
      whoseDeals(by),
      'Your own digest goes on as it is.',
    ],
    fields: fieldsOf(table),
    input: {
      ...{ ...here, do: 'save', told: preview ? 'open' : 'closed', sure: 'yes' },
      ...(table.pausedUntil ? { untilDate: table.pausedUntil } : {}),
    },
    others: by ? [end] : [],
    ...(errors ? { errors } : {}),
  };
}

function whoseDeals(by: RoomAsking['by']): string {
  if (!by || by.isOwn)
    return 'It shows your desk’s deals, and says that you set it up; it ends when you leave.';
  const name = oneLine(by.name);
  return `It shows ${name}’s desk’s deals, and says so; it ends when ${name} leaves.`;
}

const whyClosed = (where: string, { isOpenToOthers }: Audience): string =>
  isOpenToOthers
    ? `${where} is shared outside, or holds guests: only ids and “Open privately” will stand there.`
    : `I cannot tell for sure who reads along in ${where}: only ids and “Open privately” will stand there.`;

function whoReads(where: string, { audience }: RoomAsking): string {
  const { length: many } = audience.readers;
  const rest = 'what not all of them may see stands as its id alone';
  const anybody = audience.isPublic ? ' It is a public channel: everybody in the workspace can open it.' : '';
  if (many < 2) return `Nobody but you reads along in ${where} yet; ${rest}.${anybody}`;
  return `${many} people read along in ${where}; ${rest}.${anybody}`;
}

/** How little of it may carry a name: one reader whom nobody knows turns all of it into ids. */
function namesToday({ list, readers, isSecret }: RoomPreview): string {
  const lines = list?.sections.flatMap(({ items }) => items) ?? [];
  // Of what not all may see the id is all that stands there.
  const named = lines.filter(({ id, title }) => title !== id).length;
  const why = strangersInWords(readers);
  if (lines.length === 0)
    return `Today there is nothing to say.${why ? ` No line would carry a name: ${why}.` : ''}`;
  if (named === lines.length)
    return lines.length === 1
      ? 'Its one line of today would carry a name.'
      : `Today all ${named} lines would carry a name.`;
  const others = isSecret ? 'the others stand as their ids' : 'not all who read along may see the others';
  return `Today ${named} of ${count(lines.length, 'line')} would carry a name: ${why || others}.`;
}

function strangersInWords({ strangers, unproven }: RoomPreview['readers']): string {
  const unknown = strangers - unproven;
  return [
    ...(unknown > 0
      ? [
          `${unknown} who ${unknown === 1 ? 'reads' : 'read'} along ${unknown === 1 ? 'is' : 'are'} not on the roster`,
        ]
      : []),
    ...(unproven > 0
      ? [
          `${unproven} on the roster ${unproven === 1 ? 'has' : 'have'} not shown with a code who they are (“link”)`,
        ]
      : []),
  ].join(', and ');
}
