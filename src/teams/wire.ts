/** What an invoke is answered with: the bodies that Teams knows (learn.microsoft.com, universal actions, dialogs, search). */
import { cut, oneLine } from '../pipeline/text.ts';
import type { Reply } from '../views/view.ts';
import type { Response } from './answer.ts';
import type { AdaptiveCard, Attachment } from './card.ts';

export const attached = (content: AdaptiveCard): Attachment => ({
  contentType: 'application/vnd.microsoft.card.adaptive',
  content,
});

const executed = (type: string, value: unknown): Response => ({
  status: 200,
  body: { statusCode: 200, type, value },
});

/** Takes the place of the pressed card, for whoever pressed. */
export const inItsPlace = (card: AdaptiveCard): Response =>
  executed('application/vnd.microsoft.card.adaptive', card);

/** A line that passes. */
export const toast = (text: string): Response => executed('application/vnd.microsoft.activity.message', text);

/** Whoever looks at a card keeps seeing the one that all see. */
export const nothingOfTheirOwn = (): Response => ({
  status: 200,
  body: {
    statusCode: 403,
    type: 'application/vnd.microsoft.error',
    value: { code: 'Forbidden', message: 'There is no other view of this card for you.' },
  },
});

/** A page of a dialog. */
export const page = (title: string, card: AdaptiveCard): Response => ({
  status: 200,
  body: {
    task: {
      type: 'continue',
      value: { title: cut(oneLine(title), 60), height: 'medium', width: 'medium', card: attached(card) },
    },
  },
});

export const titleOf = (reply: Reply): string => (reply.kind === 'note' ? 'ace-desk' : reply.title);

/** Instead of a dialog. */
export const saidInstead = (text: string): Response => ({
  status: 200,
  body: { task: { type: 'message', value: text } },
});

/** The dialog closes. */
export const closed = (): Response => ({ status: 200, body: {} });

export const suggestions = (results: { title: string; value: string }[]): Response => ({
  ...executed('application/vnd.microsoft.search.searchResponse', { results }),
});

/** What a message extension found, or shows under a link. */
export const found = (attachments: Attachment[]): Response => ({
  status: 200,
  body: {
    composeExtension: {
      type: 'result',
      attachmentLayout: 'list',
      attachments,
      // What is shown depends on who asks and where: Teams is not to show it elsewhere.
      cacheInfo: { cacheType: 'no_cache', cacheDuration: 0 },
    },
  },
});

/** In words, where there is nothing to choose. */
export const foundNothing = (text: string): Response => ({
  status: 200,
  body: { composeExtension: { type: 'message', text } },
});

/** An invoke we have no answer for (Bot Framework protocol). */
export const notImplemented = (): Response => ({ status: 501, body: {} });

/** Taken; there is nothing to say. */
export const taken = (): Response => ({ status: 200 });
