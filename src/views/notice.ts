/** Private messages about deals and the account. */
import type { Deal } from '../pipeline/deal.ts';
import { ACCOUNT_DAY, RESERVED_FROM } from '../pipeline/quota.ts';
import { oneLine } from '../pipeline/text.ts';
import { platformName } from './link.ts';
import { nameOf } from './terms.ts';
import { type Card, type Note, note, problem } from './view.ts';

/** The deal's card, with why it comes now. `away`: to whom it is offered, whose desk the reader covers. */
export const offeredCard = (card: Card, by: string, away?: string): Card =>
  because(
    card,
    away
      ? `${oneLine(by)} offers it to ${oneLine(away)}, whose desk you cover: accept or reject it`
      : `${oneLine(by)} offers it to you: accept or reject it`,
  );

export const receivedCard = (card: Card, by: string, from?: string): Card =>
  because(card, receivedInWords(by, from));

export const receivedInWords = (by: string, from?: string): string =>
  `Yours now, from ${oneLine(from || by)}${from && from !== by ? `, by ${oneLine(by)}` : ''}`;

/** The same card, with why it comes now under its title. */
export const because = (card: Card, why: string): Card => ({
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

/** An account that may not be who it says. `address`: what its profile says now; both come from outside. */
export interface Questioned {
  link: string;
  name: string;
  email: string;
  platform: string;
  state: 'frozen' | 'second';
  address: string;
}

/** To the alliance lead, who alone can tell. */
export function linkFrozenNote({ link, name, email, platform, state, address }: Questioned): Note {
  const [whose, where, now] = [
    `${oneLine(name)} (${oneLine(email)})`,
    platformName(platform),
    oneLine(address),
  ];
  const what =
    state === 'frozen'
      ? `The ${where} account of ${whose} has another e-mail address now: ${now}.`
      : `A second ${where} account says it is ${whose}, by the address ${now}.`;
  const ifThem =
    state === 'frozen'
      ? 'If it is them, that address becomes one of theirs.'
      : 'If it is them, their account of before is cut off.';
  return {
    ...problem(`${what} I turn it away until you say whose it is.`, [
      'Ask them yourself, not by that account.',
      ifThem,
    ]),
    buttons: [
      { verb: 'link', label: 'It is them', input: { do: 'thaw', link } },
      { verb: 'link', label: 'Cut it off', style: 'danger', input: { do: 'cut', link } },
    ],
  };
}
