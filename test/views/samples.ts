import type { Change, ChangeState, Wish } from '../../src/pipeline/change.ts';
import type { About } from '../../src/views/deal.ts';
import { NOW, person } from '../pipeline/samples.ts';

export const STEP: Wish = {
  kind: 'update',
  base: { nextStep: 'Call the CTO' },
  set: { nextStep: 'Demo with the CFO' },
};

export const OWNER: Wish = {
  kind: 'assign',
  to: { email: 'ana@partner.example', firstName: 'Ana', lastName: 'Silva' },
};

/** Asked by Ana at 11:59:30 UTC, half a minute ago; settled at 12:00 where it has settled. */
export function change(state: ChangeState, wish: Wish = STEP, more: Partial<Change> = {}): Change {
  const open = ['requested', 'sending', 'waiting'].includes(state);
  return {
    id: '00000000-0000-4000-8000-000000000001',
    dealId: 'O1234567',
    person: { id: 'p-ana', name: 'Ana Silva' },
    verb: wish.kind === 'update' ? 'next-step' : 'accept',
    wish,
    state,
    from: 'Slack',
    requestedAt: '2025-11-21T11:59:30Z',
    ...(open ? {} : { settledAt: '2025-11-21T12:00:00Z' }),
    ...more,
  };
}

export const about = (more: Partial<About> = {}): About => ({
  version: 7,
  actor: person(),
  now: NOW,
  changes: [],
  ...more,
});
