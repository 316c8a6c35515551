/** The preset views of Partner Central: one of them as a list, all of them by name. */
import { seesEverything } from '../pipeline/person.ts';
import { fullLabel } from '../pipeline/view-names.ts';
import { TABS, VIEWS, type View } from '../pipeline/views.ts';
import { quietItem, viewItem } from './lines.ts';
import { type Lines, type Page, pageTitle, paging, type Reader, sectionsOf } from './list.ts';
import { quoted } from './terms.ts';
import { type Button, type Form, type List, type Note, problem } from './view.ts';

/** A page of one view; the footer says what the view means. */
export function viewList(view: View, found: Lines, reader: Reader & Page): List {
  const toItem = view.order === 'quiet' && view.which.every(({ quiet }) => quiet) ? quietItem : viewItem;
  const about = { view: view.id, typed: `${view.id.replaceAll('-', ' ')} page `, means: view.means };
  return {
    kind: 'list',
    title: pageTitle(titleOf(view), reader),
    sections: sectionsOf(TAB_NAMES[view.tab], found, (line) => toItem(line, reader)),
    empty: emptyOf(view, reader),
    ...paging(found, reader, about),
  };
}

/** All of them, by the guide's names, with what each means. */
export const viewNames = (): List => ({
  kind: 'list',
  title: 'Views',
  sections: TABS.map((tab) => {
    const views = VIEWS.filter((view) => view.tab === tab);
    return {
      title: TAB_NAMES[tab],
      items: views.map((view) => ({
        title: view.label,
        detail: view.means,
        button: openButton(view, 'Open'),
      })),
      total: views.length,
    };
  }),
  empty: '',
  footer:
    '“list closing this month” opens one; beside it, “list” is the pipeline, “list pending” all that waits, “list action required” all that AWS sent back.',
});

/** The choice behind "Other views…". */
export const viewForm = (): Form => ({
  kind: 'form',
  verb: 'list',
  title: 'Other views',
  submit: 'Show',
  fields: [
    {
      id: 'view',
      kind: 'choice',
      label: 'View',
      options: VIEWS.map((view) => ({ value: view.id, label: fullLabel(view) })),
    },
  ],
  input: {},
});

/** Both tabs have one of that name. */
export const whichView = (said: string, found: readonly View[]): Note => ({
  ...problem(`Which ${quoted(said, 80)} do you mean?`, found.map(fullLabel)),
  buttons: found.map((view) => openButton(view, TAB_NAMES[view.tab])),
});

/** Nothing is called that; these come near. `state`: where what one looks for stands, if that is known. */
export const unknownView = (
  said: string,
  near: readonly View[],
  state?: { where: string; desk?: true },
): Note => ({
  ...problem(
    `There is no view called ${quoted(said, 80)}. ${state?.where ?? '“list views” shows all of them.'}`,
    state?.desk ? undefined : near.map((view) => `Did you mean “${fullLabel(view)}”?`),
  ),
  buttons: [
    ...(state?.desk ? [{ verb: 'desk', label: 'Desk', input: {} }] : []),
    ...(state?.desk ? [] : near.map((view) => openButton(view, fullLabel(view)))),
  ],
});

const TAB_NAMES = { leads: 'Leads', opportunities: 'Opportunities' } as const;

const titleOf = (view: View): string =>
  VIEWS.some((other) => other !== view && other.label.toLowerCase() === view.label.toLowerCase())
    ? fullLabel(view)
    : view.label;

const openButton = ({ id }: View, label: string): Button => ({ verb: 'list', label, input: { view: id } });

function emptyOf({ which }: View, { actor, page }: Reader & Page): string {
  if (which.some(({ psf }) => psf) && actor.role !== 'alliance lead')
    return 'Leads of AWS’s Partner Solutions Finder are for the alliance lead alone: AWS shows them to nobody else.';
  if (page > 1) return 'There are no more.';
  return seesEverything(actor) ? 'Nothing stands here right now.' : 'Nothing stands here that you may see.';
}
