/** Private messages about deals and the account. */
import type { Deal } from '../pipeline/deal.ts';
import { ACCOUNT_DAY, RESERVED_FROM } from '../pipeline/quota.ts';
import { oneLine } from '../pipeline/text.ts';
import { nameOf } from './terms.ts';
import { type Card, type Note, note, problem } from './view.ts';

/** The deal's card, with why it comes now. */
export const offeredCard = (card: Card, by: string): Card =>
  because(card, `${oneLine(by)} offers it to you: accept or reject it`);

export const receivedCard = (card: Card, by: string, from?: string): Card =>
  because(card, `Yours now, from ${oneLine(from || by)}${from && from !== by ? `, by ${oneLine(by)}` : ''}`);

const because = (card: Card, why: string): Card => ({
  ...card,
  subtitle: card.subtitle ? `${why} · ${card.subtitle}` : why,
});

/** To whoever owned it: they knew it until now, so its name tells them nothing new. */
export const handedOverNote = (deal: Deal, by: string, to: string): Note =>
  note(`${oneLine(by)} gave ${nameOf(deal)} to ${oneLine(to)}. Until now it was yours.`);

export const quotaNote = (writes: number): Note =>
  problem(
    `Your company has sent AWS ${writes} changes within a day, of the ${ACCOUNT_DAY} it takes. From ${RESERVED_FROM} on only acceptances and rejections go out.`,
  );
