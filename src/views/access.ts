/** What is said to whoever is not let in, and to those who decide about it. */
import type { Wanted } from '../pipeline/notice.ts';
import type { Person, Role } from '../pipeline/person.ts';
import { cut, oneLine } from '../pipeline/text.ts';
import { OPENS_HERE_ONLY } from './roster.ts';
import { type Button, done, type List, type Note, note, problem, type Reply } from './view.ts';
import { ago } from './words.ts';

/** The door knows no address of theirs; in Slack one that is not confirmed is none. */
export const noAddress = (platform: string): Note =>
  platform === 'teams'
    ? problem(
        'Teams does not tell me an e-mail address of your account, so I do not know who you are. Nothing was done.',
        [
          'Ask your Microsoft 365 admin to enter one in your profile. Then say it again in a quarter of an hour.',
          CODE_HELPS,
        ],
      )
    : problem(
        'I cannot see an e-mail address in your profile that is confirmed, so I do not know who you are. Nothing was done.',
        [
          'Confirm it: follow the link in the mail your chat sent you for that (in Slack: Account settings, Email address, sends a new one). Then say it again in a quarter of an hour.',
          `If it is confirmed, ask your workspace’s admin: ace-desk may not be allowed to read addresses there. ${CODE_HELPS}`,
        ],
      );

const CODE_HELPS = 'Where I then ask for a one-time code, type “link” where I know you already.';

// A button carries 2000 characters, and JSON in JSON grows.
const MOST_WANTED = 1500;

/**
 * Who they are to us, and a way in. A stranger learns nothing else.
 * @param asked when they asked before and nobody has decided yet.
 */
export function strangerNote(actor: Person, wanted: Wanted | undefined, now: Date, asked?: Date): Note {
  const email = oneLine(actor.email);
  if (asked)
    return note(
      `${email} has no access to ace-desk yet. You asked ${ago(asked.toISOString(), now)}; the alliance lead has it, and you hear from me here. Nothing was done.`,
    );
  const said = wanted && JSON.stringify(wanted);
  const input = said && JSON.stringify(said).length <= MOST_WANTED ? { wanted: said } : {};
  const ask: Button = { verb: 'ask-access', label: 'Ask for access', style: 'primary', input };
  return {
    ...problem(`${email} has no access to ace-desk, so nothing was done. Your alliance lead can let you in.`),
    buttons: [ask],
  };
}

export const askedNote = (): Note =>
  done('Asked. The alliance lead decides, and you hear from me here. Nothing else was done.');

export const askedBefore = (at: Date, now: Date): Note =>
  note(
    `You asked ${ago(at.toISOString(), now)} already. The alliance lead has it, and you hear from me here.`,
  );

export const refusedBefore = (at: Date, now: Date): Note =>
  problem(
    `Your alliance lead refused it ${ago(at.toISOString(), now)}. Talk to them; you can ask here again a day after that.`,
  );

/** Sales guide, ACE terms and conditions. */
export const termsMissing = (): Note =>
  problem(
    'ace-desk is not open yet, so nothing was done: your alliance lead first has to confirm that the ACE terms and conditions were accepted. Ask them to type “people terms” here.',
  );

/** The alliance lead’s own answers carry the reminder; nothing is withheld from them. */
export function withTermsReminder(reply: Reply): Reply {
  const open: Button = {
    verb: 'people',
    label: 'Confirm ACE terms…',
    input: { do: 'terms' },
    opens: 'form',
  };
  if (reply.kind === 'note')
    return {
      ...reply,
      lines: [...(reply.lines ?? []), TERMS_WAIT],
      buttons: [...(reply.buttons ?? []), open],
    };
  if (reply.kind === 'list')
    return { ...reply, footer: footed(reply), buttons: [...(reply.buttons ?? []), open] };
  return reply;
}

const TERMS_WAIT = 'Nobody else gets in before you confirm that the ACE terms and conditions were accepted.';
const footed = ({ footer }: List): string => (footer ? `${footer} ${TERMS_WAIT}` : TERMS_WAIT);

/** To the alliance lead. */
export const accessAsked = ({
  request,
  name,
  email,
}: {
  request: string;
  name: string;
  email: string;
}): Note => ({
  ...note(`${cut(oneLine(name), 80)} (${oneLine(email)}) asks to use ace-desk.`, [
    'Name and address are what chat tells of them: let in whom you know.',
    OPENS_HERE_ONLY,
  ]),
  buttons: [
    { verb: 'people', label: 'Grant as ACE user', style: 'primary', input: { request, do: 'user' } },
    { verb: 'people', label: 'Grant as ACE manager', input: { request, do: 'manager' } },
    { verb: 'people', label: 'Refuse', style: 'danger', input: { request, do: 'refuse' } },
  ],
});

/** To whoever was let in. `goOn` does what they had wanted. */
export function accessGranted(
  { by, role }: { by: string; role: Role },
  goOn?: Button,
  wanted?: string,
): Note {
  const desk: Button = { verb: 'desk', label: 'My desk', input: {} };
  return {
    ...done(`${oneLine(by)} gave you access to ace-desk: ${role}.`, [
      ...(wanted ? [`You wanted: “${cut(oneLine(wanted), 200)}”`] : []),
      'Partner Central grants its own access; there it may take up to an hour.',
    ]),
    buttons: goOn ? [{ ...goOn, style: 'primary' }, desk] : [desk],
  };
}

export const accessRefused = ({ by }: { by: string }): Note =>
  note(`${oneLine(by)} has not given you access to ace-desk. Talk to them if that surprises you.`);

/** To whoever decided too late. */
export const decidedBefore = (
  name: string,
  { by, at, granted }: { by: string; at: Date; granted: boolean },
  now: Date,
): Note =>
  note(
    `${oneLine(name)}: ${granted ? 'let in' : 'refused'} by ${oneLine(by)} ${ago(at.toISOString(), now)} already. Nothing was changed.`,
  );

export const refusedNote = (name: string): Note =>
  done(`Refused. ${oneLine(name)} is told; nothing of ace-desk is open to them.`);
