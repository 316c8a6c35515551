/** What happened to deals, for one reader: one line a deal, and a way to switch it off at once. */
import { count, dayIn } from '../pipeline/calendar.ts';
import type { Change, Wish } from '../pipeline/change.ts';
import type { Contact, Day, Deal } from '../pipeline/deal.ts';
import { NEWS_KINDS, NEWS_LINES, NEWS_ORDER, type NewsEvent, type NewsKind } from '../pipeline/news.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import { actionsOf, showButton } from './actions.ts';
import { outcome } from './change.ts';
import type { Reader } from './lines.ts';
import { because, receivedInWords } from './notice.ts';
import { nameOf, quoted } from './terms.ts';
import type { Button, Card, Item, List, Note } from './view.ts';
import { fieldsOf, labelOf, nameOfPerson, wishInFull, wishInWords } from './wish.ts';

/** An event with what it is told from. `added`: whom AWS put on the deal. */
export interface Happened {
  event: NewsEvent;
  change?: Change;
  added?: readonly Contact[];
}

/** What happened to one deal; `isHidden`: the reader may not see it any more, only that it is gone. */
export interface DealNews {
  deal: Deal;
  version: number;
  happened: readonly Happened[];
  isHidden?: true;
}

/** "AWS approved it · AWS put Jane Roe on it". */
export const whyOf = ({ deal, happened }: DealNews, reader: Reader): string =>
  happened.map((it) => cut(WORDS[it.event.kind](it, deal, reader), MOST_WORDS)).join(' · ');

const MOST_WORDS = 240;

const WORDS: Record<NewsKind, (it: Happened, deal: Deal, reader: Reader) => string> = {
  'new-referral': () => 'New, and offered to nobody yet',
  offered: ({ event }) =>
    event.away
      ? `${byOf(event)} offers it to ${oneLine(event.away)}, whose desk you cover`
      : `${byOf(event)} offers it to you`,
  'action-required': (_, deal) => `AWS asks for a change${remarkOn(deal)}`,
  approved: () => 'AWS approved it',
  rejected: (_, deal) => `AWS rejected it${remarkOn(deal)}`,
  'aws-stage': ({ event: { from, to = '' } }) =>
    `AWS’s own stage: ${from ? `${oneLine(from)} → ` : ''}${oneLine(to)}`,
  'aws-seller': ({ added = [] }) => `AWS put ${namesOf(added)} on it`,
  accepted: ({ event }) =>
    event.by ? `${oneLine(event.by)} accepted it` : 'It was accepted in Partner Central',
  received: ({ event, change }) => receivedInWords(byOf(event), wasOf(change)),
  'handed-over': ({ event, change }) => `${byOf(event)} gave it to ${toOf(change)}`,
  changed: ({ event, change }, _, { actor, now }) =>
    `${byOf(event)} ${change ? deedOf(change.wish, dayIn(now, actor.timeZone)) : 'changed it'}`,
  refused: failed,
  conflict: failed,
};

function failed({ event, change }: Happened, _: Deal, { actor, now }: Reader): string {
  if (change) return outcome(change, dayIn(now, actor.timeZone), 'your');
  return event.kind === 'refused' ? 'AWS refused a change of yours' : 'A change of yours met somebody else’s';
}

/** "changed the stage: Qualified → Committed". */
function deedOf(wish: Wish, today: Day): string {
  if (wish.kind === 'submit') return 'submitted it to AWS';
  if (wish.purged) return `changed the ${wishInWords(wish)}`;
  if (wish.kind === 'associate') return `put the solution ${quoted(wish.solution.name, 80)} on it`;
  if (wish.kind === 'assign') return `made ${nameOfPerson(wish.to)} the AWS sales contact`;
  const full = wishInFull(wish, today);
  if (wish.kind !== 'update') return `changed the ${full}`;
  const [field, ...others] = fieldsOf(wish);
  if (!field || others.length > 0) return `changed ${full}`;
  return `changed the ${labelOf(field)}: ${full.slice(labelOf(field).length + 1)}`;
}

const remarkOn = (deal: Deal): string =>
  deal.kind === 'opportunity' && deal.reviewComments ? `: ${quoted(deal.reviewComments, 120)}` : '';

const byOf = ({ by }: NewsEvent): string => oneLine(by ?? '') || 'A colleague';

function wasOf(change: Change | undefined): string | undefined {
  const wish = change?.wish;
  if (wish?.kind !== 'assign' && wish?.kind !== 'own') return undefined;
  return wish.was && (oneLine(wish.was.name) || oneLine(wish.was.email));
}

function toOf(change: Change | undefined): string {
  const wish = change?.wish;
  const isNamed = (wish?.kind === 'assign' || wish?.kind === 'own') && !wish.purged;
  return isNamed ? nameOfPerson(wish.to) : 'a colleague';
}

const namesOf = (people: readonly Contact[]): string => {
  const names = people.map(({ name }) => cut(oneLine(name), 60)).filter(Boolean);
  return names.length === 0
    ? 'somebody'
    : names.slice(0, 3).join(', ') + (names.length > 3 ? ' and others' : '');
};

/** The deal's card, with what happened. */
export function newsCard(card: Card, news: DealNews, reader: Reader): Card {
  return switchable(because(card, whyOf(news, reader)), kindsOf([news]));
}

/** With a way to switch such messages off: buttons, and how it is typed; `besides` is said after that. */
export const switchable = (card: Card, kinds: readonly NewsKind[], besides = ''): Card => ({
  ...card,
  body: [card.body, [typedOff(kinds), besides].filter(Boolean).join(' ')].filter(Boolean).join('\n\n'),
  more: [...(card.more ?? []), ...offButtons(kinds)],
});

/** To whoever owned it: they knew it until now, so its name tells them nothing new. */
export function goneNote(news: DealNews, reader: Reader): Note {
  const kinds = kindsOf([news]);
  const text = `${nameOf(news.deal)}: ${whyOf(news, reader)}. Until now it was yours.`;
  return { kind: 'note', tone: 'info', text, lines: [typedOff(kinds)], buttons: offButtons(kinds) };
}

/** Several deals: what asks for a decision comes first. `more`: events beyond those that are named. */
export function newsList(news: readonly DealNews[], more: number, reader: Reader): List {
  const kinds = kindsOf(news);
  const rank = ({ happened }: DealNews) =>
    Math.min(...happened.map(({ event }) => NEWS_ORDER.indexOf(event.kind)));
  const lines = [...news].sort((a, b) => rank(a) - rank(b));
  const total = news.length;
  const rest = more === 0 ? '' : `And ${more} more ${more === 1 ? 'event' : 'events'}, older than these. `;
  return {
    kind: 'list',
    title: `News of ${count(total, 'deal')}`,
    sections: [
      {
        title: 'What happened',
        items: lines.slice(0, NEWS_LINES).map((it) => itemOf(it, reader)),
        total,
        ...(total > NEWS_LINES ? { more: DESK } : {}),
      },
    ],
    empty: '',
    lasting: true,
    footer: `${rest}${typedOff(kinds)}`,
    buttons: offButtons(kinds),
  };
}

const DESK: Button = { verb: 'desk', label: 'My desk', input: {} };

function itemOf(news: DealNews, reader: Reader): Item {
  const { deal, version, isHidden, happened } = news;
  const line = { title: nameOf(deal), detail: whyOf(news, reader) };
  if (isHidden) return line;
  const asks = happened.some(({ event }) => ASKING.includes(event.kind));
  const act = asks ? actionsOf(deal, { ...reader, version, changes: [] }).buttons[0] : undefined;
  return { ...line, id: deal.id, button: act ?? showButton(deal.id) };
}

/** The line has the button that answers it. */
const ASKING: readonly NewsKind[] = ['action-required', 'offered'];

const kindsOf = (news: readonly DealNews[]): NewsKind[] =>
  NEWS_KINDS.filter((kind) => news.some(({ happened }) => happened.some(({ event }) => event.kind === kind)));

const MOST_OFF = 3;

/** One press each; where there are more kinds than buttons, the form has them all. */
export function offButtons(kinds: readonly NewsKind[]): Button[] {
  const alone = kinds.length === 1;
  const buttons = kinds.slice(0, MOST_OFF).map(
    (kind): Button => ({
      verb: 'notify',
      label: alone ? 'Not these again' : `No more “${kind}”`,
      input: { off: kind },
    }),
  );
  return kinds.length > MOST_OFF ? [...buttons, CHOOSE] : buttons;
}

const CHOOSE: Button = { verb: 'notify', label: 'What you are told…', input: {}, opens: 'form' };

/** How it is typed. */
export const typedOff = (kinds: readonly NewsKind[]): string =>
  `“notify without ${kinds.join(', ')}” ends such messages.`;
