/** The buttons of a reply: at most four in sight, the others where "More" shows them. */
import type { Button, Link } from '../views/view.ts';
import { closing, type Drawing, type Place, toAction, toLink } from './button.ts';
import type { Action } from './card.ts';
import { MAX } from './limits.ts';

/** What the templates of card, list and note ask for. */
export interface Shown {
  hasActions: boolean;
  actions: Action[];
  hasMore: boolean;
  /** Rows of buttons. */
  more: { actions: Action[] }[];
  [member: string]: unknown;
}

export const NO_ACTIONS: Shown = { hasActions: false, actions: [], hasMore: false, more: [] };

/**
 * `buttons` come first, then links and, in a dialog, the way out; what is too many, and `more`, folds. A button for one
 * person amid others (`where`) has no place in Teams: that is said in words.
 */
export function actionsOf(
  buttons: readonly Button[],
  more: readonly Button[],
  at: Drawing,
  stood: Place,
  { about = '', links = [] }: { about?: string; links?: readonly Link[] } = {},
): Shown {
  const draw = (it: Button) => toAction(it, at, stood, about);
  const first = onePositive(buttons.filter(isHere).map(draw));
  const last = [...links.map(toLink), ...(at.place.in === 'dialog' ? [closing()] : [])].slice(-2);
  const others = more.filter(isHere).map(draw);
  if (first.length + others.length + last.length <= MAX.actions)
    return shown([...first, ...others, ...last], []);
  const most = MAX.actions - 1 - last.length;
  return shown([...first.slice(0, most), MORE, ...last], [...first.slice(most), ...others]);
}

const isHere = ({ where }: Button): boolean => where === undefined;

const MORE: Action = { type: 'Action.ToggleVisibility', title: 'More', targetElements: ['more'] };

function shown(actions: Action[], folded: Action[]): Shown {
  const starts = Array.from(
    { length: Math.ceil(folded.length / MAX.actions) },
    (_, nth) => nth * MAX.actions,
  );
  const more = starts.map((start) => ({ actions: folded.slice(start, start + MAX.actions) }));
  return { hasActions: actions.length > 0, actions, hasMore: more.length > 0, more };
}

/** One that stands out, at most: the first. */
function onePositive(actions: Action[]): Action[] {
  const first = actions.findIndex(({ style }) => style === 'positive');
  return actions.map((it, nth) => {
    const { style, ...plain } = it;
    return style === 'positive' && nth !== first ? plain : it;
  });
}
