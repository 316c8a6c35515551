/** What we ask of Slack, and why. The manifest asks for the same (test/manifest.test.ts). */

/** Scope → what it is for. Without one of these the app does not do its work. */
export const required: Readonly<Record<string, string>> = {
  'app_mentions:read': 'To be asked with @ace-desk in a channel or a thread. The answer is private.',
  'chat:write': 'To answer, and to keep what was posted true.',
  commands: '/ace, the shortcuts, and buttons.',
  'im:write': 'To open the private conversation in which a person is told how it ended, or is invited.',
  'links:read': 'To notice a link to a deal of ours.',
  'links:write': 'To show what stands behind that link, to those who may see it.',
  'users:read':
    'To know who asks: members only, no guests, no closed accounts; and their time zone for dates.',
  'users:read.email':
    'The confirmed e-mail of a profile finds the person on the roster, once; and whoever is invited is found by theirs.',
};

/** Scope → what is missing without it. Whoever installs the app may leave these out. */
export const optional: Readonly<Record<string, string>> = {
  'channels:read':
    'To know who reads along in a public channel, who joins it, and when it is shared with others. Without it a card there shows no more than its id.',
  'files:write':
    'To show a small picture of the pipeline in a digest. Without it the numbers of the picture stand as text.',
  'groups:read': 'The same for private channels. Without it a card there shows no more than its id.',
  'im:history': 'To be asked in the app’s own messages tab. Without it type /ace.',
};

/** All of them, as an installation asks for them. */
export const scopes: readonly string[] = [...Object.keys(required), ...Object.keys(optional)];
