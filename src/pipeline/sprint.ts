/** The update sprint: where it stands, as its forms and buttons carry it, and what stood on a deal when it was shown. */
import type { Change } from './change.ts';
import type { Deal } from './deal.ts';
import { lastNextSteps } from './opportunity.ts';
import { length } from './text.ts';

export interface Sprint {
  /** Deals still to be asked, by id; the first is the one on the screen. */
  rest: string[];
  /** Deals that something was written on. */
  written: string[];
  skipped: number;
  /** Deals that went to somebody else. */
  given: number;
  total: number;
  /** Counts the deals that were on the screen. */
  turn: number;
}

/** 20 seconds a deal, in whole minutes, at least one. */
export const minutesFor = (deals: number): number => Math.max(1, Math.round((deals * 20) / 60));

export const toInput = ({ rest, written, skipped, given, total, turn }: Sprint): Record<string, string> => ({
  ...{ rest: rest.join(','), written: written.join(',') },
  ...{ skipped: String(skipped), given: String(given), total: String(total), turn: String(turn) },
});

/** It may be years old, or made up: what is no number is 0, and each deal is asked about anew. */
export function fromInput(input: { [Key in keyof Sprint]?: string | undefined }): Sprint {
  const list = (said = '') => said.split(',').filter(Boolean);
  const number = (said = '') => (/^\d+$/.test(said) ? Number(said) : 0);
  const { rest, written, skipped, given, total, turn } = input;
  return {
    ...{ rest: list(rest), written: list(written), skipped: number(skipped), given: number(given) },
    ...{ total: number(total), turn: number(turn) },
  };
}

/**
 * The fields of a deal's form by turn: a chat may keep what was typed in a field when a form with the same one takes its
 * place, and one deal's words must never stand in the next one's form.
 */
export const stepFieldsOf = ({ turn }: Pick<Sprint, 'turn'>): { text: string; closeDate: string } =>
  turn % 2 === 0 ? { text: 'text', closeDate: 'closeDate' } : { text: 'text2', closeDate: 'closeDate2' };

/** Another one means: somebody wrote a word meanwhile. `changes`: newest first. */
export function markOf(deal: Deal, changes: readonly Change[]): string {
  const step = deal.kind === 'opportunity' ? lastNextSteps(deal, 1)[0]?.at : undefined;
  const stands = deal.kind === 'opportunity' ? length(deal.nextStep ?? '') : 0;
  const change = changes.find(({ wish }) => wish.kind === 'update' && wish.set.nextStep !== undefined);
  return `${step ?? ''}|${stands}|${change?.id.slice(0, 8) ?? ''}`;
}
