/** The shape of a command: one file = one thing a person can ask. It touches only the database. */
import { z } from 'zod';
import { UserError } from '../pipeline/errors.ts';
import type { Actor } from '../pipeline/identity.ts';
import type { Person } from '../pipeline/person.ts';
import type { Verb } from '../pipeline/verbs.ts';
import type { Store } from '../store/store.ts';
import type { Audience } from '../views/room.ts';
import type { Reply } from '../views/view.ts';

export interface Context {
  store: Store;
  /** `barred` only for commands that are `forBarred`. */
  actor: Actor;
  now: Date;
  /** This act's key: the same key twice is one act. */
  key: string;
  /** After this moment nothing may be committed: the door has answered by then. */
  until: Date;
  /** Call before the statement that writes: until then nothing can have been changed. */
  writes(): void;
  /** Kept on the Change, for the audit. */
  source: Source;
  /** What the company has configured. */
  settings: Settings;
  /** The whole vocabulary, for `help`. */
  commands: readonly Command[];
  /**
   * Where it was said, for whatever is to be shown to all who read along. Absent, or answering undefined: nobody else reads
   * there. Throws `UserError` where we are not a member.
   * @param conversation another one, as an earlier answer named it: whether the actor reads along there is not asked yet.
   */
  room?(conversation?: string): Promise<Place | undefined>;
}

/** A channel or a group, as its door knows it now. */
export interface Place extends Audience {
  /** The platform's id of it: what was looked at is where something is posted. */
  conversation: string;
  /** Confirmed e-mails of readers, lower case, by their ids; as far as the door knows them. */
  addresses?: Readonly<Record<string, string>>;
  /** The address of what stands there; undefined when the door cannot say it. */
  link?(ref: Record<string, unknown>): Promise<string | undefined>;
}

export interface Settings {
  /** PARTNER_PATH: on the services path AWS wants the customer's account ID at launch. */
  partnerPath?: 'services' | 'software';
  /** SUPPORT_URL: https or mailto. */
  supportUrl?: string;
}

/** Where an act came from. */
export interface Source {
  platform: string;
  tenant: string;
  user: string;
  operator?: string;
  conversation: string;
  /** The person's, where the door knows it. */
  timeZone?: string;
}

export interface Result {
  reply: Reply;
  /** The Changes this act asked for. */
  changeIds?: string[];
  /** They wait behind AWS's lock, for days if need be: nobody is to wait for them. */
  queued?: boolean;
  /** Lines of `reply` that go on standing below the outcome, where that is shown instead of it. */
  besides?: readonly string[];
  /** Default true; false when the person did not get what they asked. */
  ok?: boolean;
}

export interface Command<Input = unknown> {
  verb: Verb;
  /** Where `help` lists it. */
  about: 'look' | 'act' | 'organise';
  /** One line for `help`, in the imperative. */
  summary: string;
  /** The same for this person, where it is not the same for all; undefined: there is nothing in it for them to do. */
  summaryFor?: (actor: Person) => string | undefined;
  /**
   * How it is typed, and how typed lines are read: `<deal>` first, then the rest behind a colon or the word before its
   * name, then any of the parts in parentheses. A name in angles is the member of `input` it fills: "reject <deal>: <reason>
   * [(yes)]", "accept <deal> [for <person>]", "next-step <deal>: <text> [(close <closeDate>)]". "(yes)" fills `sure`.
   */
  usage: string;
  /** What `help <verb>` says below the usage: the words it takes, what its parts mean, an example. */
  more?: readonly string[];
  /** Whether `input.id` names one deal. */
  takesDeal: boolean;
  /** Changes nothing: a near name is enough to find its deal, and a question mark does not make it a question. */
  reads?: true;
  /** Whether it answers with a form when nothing but this was said; doors open one beforehand. */
  opensForm?: (input: Record<string, string>) => boolean;
  /** Also for whoever is not let in (yet): then `actor.role` is none, and may even be unknown to the roster (`id` is ''). */
  forStrangers?: true;
  /** Also for whoever is known but not let in by that account: it shows or proves who they are (`actor.barred`). */
  forBarred?: true;
  /** What was said is answered without linking the account to whom its address found: they have not come by saying that. */
  leavesUnlinked?: (input: Record<string, unknown>) => boolean;
  /** Bounds every input. Missing answers are optional here: `run` asks for them with a form. */
  input: z.ZodType<Input>;
  run(input: Input, context: Context): Promise<Result>;
}

/** Any of the three kinds of id; whether there is such a deal is asked later. */
export const DealId = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,40}$/, 'That is no deal’s id. Ids look like O123, engi-… or eng-….');

/** Keeps a command's own input type while letting all commands share one list. */
export const command = <Input>(it: Command<Input>): Command => it as Command;

/**
 * What a command was given, as it takes it.
 * @throws UserError in words that say what is wrong; of a text that is too long, how long it may be.
 */
export function readInput<Input>({ input }: Pick<Command<Input>, 'input'>, given: unknown): Input {
  const parsed = input.safeParse(given, {
    error: ({ code, origin, maximum }) =>
      code === 'too_big' && origin === 'string'
        ? `That is too long: ${maximum} characters at most. Nothing was changed.`
        : undefined,
  });
  if (!parsed.success) throw new UserError(parsed.error.issues.map(({ message }) => message).join(' '));
  return parsed.data;
}
