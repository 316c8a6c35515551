/** Somebody is let in: told with a way back to what they had wanted. */
import { UserError } from '../pipeline/errors.ts';
import type { Wanted } from '../pipeline/notice.ts';
import type { Person } from '../pipeline/person.ts';
import { accessGranted } from '../views/access.ts';
import type { Button } from '../views/view.ts';
import type { Postman } from './copies.ts';
import { resolve } from './resolve.ts';
import type { Drawer } from './tell.ts';
import { hear } from './words.ts';

export const drawGranted: Drawer<'access-granted'> = async (postman, { notice: { by, wanted } }, reader) => {
  if (reader.role === 'none') return undefined;
  const goOn = wanted && (await goingOn(postman, wanted, reader));
  const words = wanted && 'text' in wanted ? wanted.text : undefined;
  return { reply: accessGranted({ by, role: reader.role }, goOn, words) };
};

/** Back to where they were: a button that does what they had wanted, where it means one thing exactly. */
async function goingOn(postman: Postman, wanted: Wanted, reader: Person): Promise<Button | undefined> {
  const { commands } = postman;
  const said = 'text' in wanted ? await understood(postman, wanted.text, reader) : wanted;
  const command = said && commands.find(({ verb }) => verb === said.verb);
  if (!said || !command?.input.safeParse(said.input).success) return undefined;
  if (JSON.stringify(said.input).length > MOST) return undefined;
  return {
    ...said,
    label: 'Go on',
    ...(command.opensForm?.(said.input) ? { opens: 'form' as const } : {}),
  };
}

// A Slack button carries 2000 characters in all.
const MOST = 1200;

async function understood(
  { store, commands, now }: Postman,
  text: string,
  reader: Person,
): Promise<{ verb: string; input: Record<string, string> } | undefined> {
  const heard = hear(text, { now: now(), timeZone: reader.timeZone, commands: [...commands] });
  if (heard.kind !== 'said') return undefined;
  const { verb, deal: phrase, input, datesRead } = heard.said;
  const { sure: _, ...said }: Record<string, string> = datesRead ? { ...input, check: 'yes' } : input;
  if (phrase === undefined) return { verb, input: said };
  const id = await exactly(() =>
    resolve(store, { phrase, verb, input: said, actor: reader, conversation: '', now: now() }),
  );
  return id === undefined ? undefined : { verb, input: { ...said, id } };
}

/** A name that means nothing, or several things, leads nowhere. */
async function exactly(resolving: () => Promise<unknown>): Promise<string | undefined> {
  try {
    const found = await resolving();
    return typeof found === 'string' ? found : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
