/** A deal where many read along: what a link to it shows. */
import type { Deal } from '../pipeline/deal.ts';
import { companyOf, stateInWords } from './terms.ts';
import type { Button, Card } from './view.ts';

const privately = (id: string): Button => ({ verb: 'show', label: 'Open privately', input: { id } });

/** Its id and a way in. The same for what does not exist, and for what may not be shown: nobody learns which. */
export const closedGlimpse = (id: string): Card => ({
  kind: 'card',
  title: id,
  facts: [],
  progress: 'idle',
  buttons: [privately(id)],
});

/** Company, and stage or status; never contacts, amounts, next steps or AWS's remark. It alone is a copy to be kept true. */
export const openGlimpse = (deal: Deal, version: number): Card => ({
  ...closedGlimpse(deal.id),
  title: companyOf(deal),
  subtitle: deal.kind === 'opportunity' ? deal.stage : stateInWords(deal),
  copyOf: { id: deal.id, version },
});
