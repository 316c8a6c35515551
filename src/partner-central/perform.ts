/** How each kind of wish is put to AWS: does it hold already? then send, then read back. */
import type { Step } from '../store/agent.ts';
import { accept } from './accept.ts';
import type { Hands } from './agent.ts';
import { assign } from './assign.ts';
import { associate } from './associate.ts';
import { updateLead } from './lead.ts';
import { reject } from './reject.ts';
import { submit } from './submit.ts';
import { update } from './update.ts';

/** Carries a Change one step further. @throws what AWS throws; `faults.ts` knows what each fault means. */
export function perform(hands: Hands): Promise<Step> {
  const { wish } = hands.job;
  switch (wish.kind) {
    case 'accept':
      return accept(hands, wish);
    case 'reject':
      return reject(hands, wish);
    case 'assign':
      return assign(hands, wish);
    case 'associate':
      return associate(hands, wish);
    case 'update':
      return update(hands, wish);
    case 'submit':
      return submit(hands, wish);
    case 'update-lead':
      return updateLead(hands, wish);
    case 'offer':
    case 'own':
      throw new Error(`“${wish.kind}” is settled by the desk and never reaches AWS`);
  }
}
