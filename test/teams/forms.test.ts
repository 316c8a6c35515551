/** A form that comes back under the key it had. */
import { expect, test } from '@jest/globals';
import { underKey } from '../../src/teams/forms.ts';

test('a key is put in as it is, whatever characters it has', () => {
  const card = (k: string) => ({
    type: 'AdaptiveCard' as const,
    version: '1.5' as const,
    body: [{ type: 'TextBlock', text: 'A form' }],
    actions: [{ type: 'Action.Submit', data: { ace: { v: 'next-step', i: {}, k, s: 1, m: {}, q: [] } } }],
  });
  const key = "$'$`$&$$";
  expect(underKey(card('own'), key)).toEqual(card(key));
});
