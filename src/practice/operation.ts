/** One operation of the service: what it accepts, whose quota it uses, what it does to the world. */
import type { z } from 'zod';
import type { Doc } from './json.ts';
import type { TeamMember } from './team.ts';
import { validate } from './validate.ts';
import type { World } from './world.ts';

export interface Turn {
  world: World;
  now: Date;
  /** The request as it came, members unknown to its shape included. */
  body: Doc;
  /** Partner Central's users. */
  team: readonly TeamMember[];
  partnerPath: PartnerPath;
}

/** AWS asks a services (consulting) partner for more at the launch, and lets a software partner (ISV) change more after. */
export type PartnerPath = 'services' | 'software';

export interface Outcome {
  /** The same object when nothing moved. */
  world: World;
  answer: Doc;
}

export interface Operation {
  /** The partner account's two quotas: 10 reads a second, 1 write a second. */
  group: 'read' | 'write';
  /** Throws a Refusal. */
  run(turn: Turn): Outcome;
}

/** Puts the check of the request before the deed, so that `run` may trust its types. */
export const operation = <Input>(
  group: Operation['group'],
  shape: z.ZodType<Input>,
  run: (input: Input, turn: Turn) => Outcome,
): Operation => ({ group, run: (turn) => run(validate(shape, turn.body), turn) });
