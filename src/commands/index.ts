/** The whole vocabulary. To add a command: a file here, its verb in `pipeline/verbs.ts`, a line in this list, a test. */
import { accept } from './accept.ts';
import type { Command } from './command.ts';
import { desk } from './desk.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { list } from './list.ts';
import { nextStep } from './next-step.ts';
import { show } from './show.ts';
import { waiting } from './waiting.ts';

export const commands: readonly Command[] = [desk, list, show, accept, nextStep, history, waiting, help];
