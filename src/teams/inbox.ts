/** Of words: digests of who says them where, and of what they say. */
export interface Said {
  speaker: string;
  words: string;
}

/** Where words are written down before Teams is told that they arrived. */
export interface Inbox {
  /**
   * 'known' when this key was received before. 'again': the same person acted by the same words within a minute, and by others
   * since; Teams sends words again under a new id. Throws when the row cannot be written: Teams then sends it again.
   */
  receive(key: string, body: unknown, said?: Said): Promise<'new' | 'known' | 'again'>;
  /**
   * Whether the same person acted by the same words since, under another key, and not by this one: sent again while nobody was
   * there, it is done already. Throws when the database does not answer.
   */
  doneSince?(key: string): Promise<boolean>;
  /** It was answered; what never comes here is for `replay` after a restart. */
  handled?(key: string): Promise<void>;
}
