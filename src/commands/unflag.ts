import { z } from 'zod';
import { unflagging } from '../store/flags.ts';
import { command, DealId } from './command.ts';
import { mark } from './flag.ts';

export const unflag = command({
  verb: 'unflag',
  about: 'organise',
  summary: 'Take your flag off a deal',
  usage: 'unflag <deal>',
  takesDeal: true,
  input: z.object({ id: DealId }),
  run: ({ id }, context) =>
    mark('unflag', id, context, unflagging(context.actor.id, id), 'No longer flagged'),
});
