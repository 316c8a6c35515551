import { z } from 'zod';
import { needsProof, readCode } from '../pipeline/identity.ts';
import { issueCode, redeem } from '../store/link-codes.ts';
import { cut, isStrict, linkById, linkOf, thaw } from '../store/links.ts';
import {
  addressTaken,
  barredNote,
  codeForm,
  codeNote,
  decidedNote,
  linkedAlready,
  noCode,
  noCodeNeeded,
  noSuchLink,
  notForYou,
  platformName,
  redeemedNote,
} from '../views/link.ts';
import { personName } from '../views/people.ts';
import { type Context, command, type Result } from './command.ts';
import { digestWord } from './invite.ts';

const Input = z.object({
  code: z.string().max(40, 'A code looks like this: ABCD-EFGH.').optional(),
  /** enter: asks for the code. thaw, cut: the alliance lead's word on an account whose address is in question. */
  do: z.enum(['enter', 'thaw', 'cut']).optional(),
  link: z.uuid('That is no account’s id.').optional(),
});

/** An account shows, by a code from one that is known, whose it is; the alliance lead decides where that is in question. */
export const link = command({
  verb: 'link',
  about: 'organise',
  summary: 'Show a one-time code for your account elsewhere; with a code, link this account to you',
  usage: 'link [<code>]',
  more: [
    'link: shows a code, for 10 minutes, where ace-desk knows you. link ABCD-EFGH: sent at the other door, with or without “link”.',
    'Needed for every further Slack or Teams account; for alliance lead, alliance team and ACE managers at the first one too: whoever runs ace-desk gets that code with npm run link -- <e-mail>.',
  ],
  takesDeal: false,
  forBarred: true,
  opensForm: ({ do: act }) => act === 'enter',
  input: Input,
  async run({ code, do: act, link: id }, context) {
    if (act === 'thaw' || act === 'cut') return decide(act, id, context);
    const typed = code === undefined ? undefined : readCode(code);
    if (code !== undefined && typed === undefined) return { reply: noCode(), ok: false };
    if (!(await isStrict(context.store))) return withoutCodes(context);
    if (typed !== undefined) return enter(typed, context);
    return act === 'enter' || context.actor.barred ? askFor(context) : show(context);
  },
});

const withoutCodes = ({ actor: { barred } }: Context): Result =>
  barred ? { reply: barredNote(barred), ok: false } : { reply: noCodeNeeded() };

/** Only where they are let in. A code proves no more than the account it is shown on. */
async function show({ store, actor, source, now }: Context): Promise<Result> {
  const { link: own } = await linkOf(store, source);
  const proves = source.platform === 'console' || own?.proven === true;
  return { reply: codeNote(await issueCode(store, actor.id, { proves, now })) };
}

function askFor({ actor }: Context): Result {
  if (actor.barred && actor.barred !== 'code') return { reply: barredNote(actor.barred), ok: false };
  return { reply: codeForm() };
}

/** The code must be of the person whom the account's e-mail found: who has only one of the two gets nowhere. */
async function enter(code: string, context: Context): Promise<Result> {
  const { store, actor, source, key, until, now } = context;
  const { barred } = actor;
  if (barred === 'frozen' || barred === 'second' || (barred && actor.role === 'none'))
    return { reply: barredNote(barred), ok: false };
  const before = await linkOf(store, source);
  if (source.platform === 'console' || (!barred && before.link?.proven)) return { reply: linkedAlready() };
  context.writes();
  const act = { key, verb: 'link', personId: actor.id, source, until };
  const outcome = await redeem(store, act, source, code, now);
  if (outcome !== 'linked') return { reply: redeemedNote(outcome), ok: false };
  // A code from an account that was never proven itself does not do for a role given meanwhile.
  const { link: after } = await linkOf(store, source);
  return needsProof(actor) && !after?.proven
    ? { reply: barredNote('code'), ok: false }
    : { reply: redeemedNote('linked', await digestWord(context)) };
}

async function decide(act: 'thaw' | 'cut', id: string | undefined, context: Context): Promise<Result> {
  const { store, actor, source, key, until } = context;
  if (actor.barred) return { reply: barredNote(actor.barred), ok: false };
  if (actor.role !== 'alliance lead') return { reply: notForYou(), ok: false };
  const found = id === undefined ? undefined : await linkById(store, id);
  if (!found) return { reply: noSuchLink(), ok: false };
  context.writes();
  const written = { key, verb: 'link', personId: actor.id, source, until };
  if (act === 'cut') await cut(store, written, found.id);
  else if ((await thaw(store, written, found.id)) === 'taken') return { reply: addressTaken(), ok: false };
  return { reply: decidedNote(act, found.id, personName(found.person), platformName(found.platform)) };
}
