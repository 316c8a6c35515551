/** Adaptive Cards 1.5 as we send them, and the activities that carry them: the part of the schema that is ours. */

export type Element = { type: string; id?: string; [member: string]: unknown };
export type Action = { type: string; title?: string; [member: string]: unknown };

export interface AdaptiveCard {
  type: 'AdaptiveCard';
  version: '1.5';
  $schema?: string;
  body: Element[];
  actions?: Action[];
  refresh?: { action: Action; userIds: string[] };
  msteams?: Record<string, unknown>;
  /** For screen readers. */
  speak?: string;
}

export interface Attachment {
  contentType: 'application/vnd.microsoft.card.adaptive';
  content: AdaptiveCard;
  preview?: unknown;
}

/** A message to Teams. */
export interface Outgoing {
  type: 'message';
  text?: string;
  textFormat?: 'plain';
  /** What a phone's notification shows. */
  summary?: string;
  attachments?: Attachment[];
  /** In a chat: the message it answers. In a channel the conversation's id says it. */
  replyToId?: string;
}
