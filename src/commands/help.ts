import { z } from 'zod';
import { note, problem } from '../views/view.ts';
import { command } from './command.ts';

/** Made from the list of commands, so that it never forgets one. */
export const help = command({
  verb: 'help',
  summary: 'What you can say here',
  usage: 'help [word]',
  takesDeal: false,
  input: z.object({ topic: z.string().max(200).optional() }),
  run({ topic }, { commands, actor }) {
    const of = topic ? commands.filter(({ verb }) => verb === topic.toLowerCase()) : commands;
    if (of.length === 0)
      return Promise.resolve({
        reply: problem(`There is no “${topic}” here. “help” lists what there is.`),
        ok: false,
      });
    const lines = of.map(({ usage, summary }) => `${usage}: ${summary}`);
    const about = [
      '<deal> is its number in your last list, its id (O…, engi-…, eng-…) or the company’s name.',
      `You are ${actor.email}, ${actor.role}. AWS keeps the record; nothing counts as done before AWS confirmed it.`,
    ];
    return Promise.resolve({ reply: note('What you can say', topic ? lines : [...lines, ...about]) });
  },
});
