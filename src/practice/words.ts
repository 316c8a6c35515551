/** The script in words, as they are typed after "practice" at the console. */
import { SOLUTION_STATUSES } from '../pipeline/picklists.ts';
import { NoSuchRecord } from './deeds.ts';
import { REASON_CODES } from './picklists.ts';
import type { Script } from './script.ts';

interface Phrase {
  /** As `help` shows it. */
  usage: string;
  pattern: RegExp;
  /** Does it, and answers one sentence. */
  act(script: Script, words: string[]): Promise<string>;
}

/** Carries out one line and answers one sentence. What it does not know is answered with the list. */
export async function runScript(script: Script, text: string): Promise<string> {
  const line = text.trim();
  const phrase = PHRASES.find(({ pattern }) => pattern.test(line));
  if (!phrase) return help(line);
  const [, ...words] = phrase.pattern.exec(line) ?? [];
  try {
    return await phrase.act(script, words);
  } catch (error) {
    // A wrong id is the person's slip, and is said as plainly as the rest.
    if (error instanceof NoSuchRecord) return `AWS has no record “${words[0]}”.`;
    throw error;
  }
}

const phrase = (usage: string, pattern: RegExp, act: Phrase['act']): Phrase => ({ usage, pattern, act });

const ID = '(O\\d{1,19})';
const seconds = (text: string | undefined): number => Number(text ?? '30');

/** Short names for what is edited most; any other path is taken as the record has it. */
const FIELDS: Record<string, string> = {
  nextstep: 'LifeCycle.NextSteps',
  closedate: 'LifeCycle.TargetCloseDate',
  stage: 'LifeCycle.Stage',
  title: 'Project.Title',
  comments: 'Project.AdditionalComments',
  website: 'Customer.Account.WebsiteUrl',
  problem: 'Project.CustomerBusinessProblem',
  amount: 'Project.ExpectedCustomerSpend.0.Amount',
};

const PHRASES: Phrase[] = [
  phrase('new referral', /^new referral$/i, async (script) => {
    return `AWS shares a new referral: ${await script.newReferral()}.`;
  }),
  phrase(
    'new referral like O123',
    RegExp(`^new referral like ${ID}$`, 'i'),
    async (script, [id = '']) =>
      `AWS shares the customer of ${id} as a referral: ${await script.newReferral(id)}.`,
  ),
  phrase('new lead', /^new lead$/i, async (script) => {
    return `AWS shares a new lead: ${await script.newLead()}.`;
  }),
  phrase('new psf lead', /^new psf lead$/i, async (script) => {
    return `A lead comes from the Partner Solutions Finder: ${await script.newPsfLead()}.`;
  }),
  phrase('review O123', RegExp(`^review ${ID}$`, 'i'), async (script, [id = '']) => {
    await script.startReview(id);
    return `AWS reviews ${id}; it is locked.`;
  }),
  phrase('approve O123', RegExp(`^approve ${ID}$`, 'i'), async (script, [id = '']) => {
    await script.review(id, 'approve');
    return `AWS approved ${id}.`;
  }),
  phrase('reject O123', RegExp(`^reject ${ID}$`, 'i'), async (script, [id = '']) => {
    await script.review(id, 'reject');
    return `AWS rejected ${id}.`;
  }),
  phrase(
    'action required O123: remark',
    RegExp(`^action required ${ID}: *(\\S.*)$`, 'is'),
    async (script, [id = '', remark = '']) => {
      await script.review(id, { remark });
      return `AWS asks for a correction of ${id}.`;
    },
  ),
  phrase('expire engi-…', /^expire (engi-[0-9a-z]{13})$/i, async (script, [id = '']) => {
    await script.expire(id);
    return `The invitation ${id} has expired.`;
  }),
  phrase(
    'edit O123 nextStep: text',
    RegExp(`^edit ${ID} ([A-Za-z]+(?:\\.[A-Za-z]+)*): *(.*)$`, 'is'),
    async (script, [id = '', field = '', value = '']) => {
      await script.edit(id, FIELDS[field.toLowerCase()] ?? field, value);
      return `Another tool changed ${field} of ${id}.`;
    },
  ),
  phrase(
    'aws stage O123: Launched',
    RegExp(`^aws stage ${ID}: *(\\S.*)$`, 'i'),
    async (script, [id = '', stage = '']) => {
      await script.awsStage(id, stage);
      return `AWS's own stage of ${id} is ${stage} now.`;
    },
  ),
  phrase(
    'aws seller O123: Jane Roe',
    RegExp(`^aws seller ${ID}: *(\\S.{0,79})$`, 'iu'),
    async (script, [id = '', name = '']) => {
      await script.awsSeller(id, name);
      return `AWS put ${name} on ${id}.`;
    },
  ),
  phrase(
    'qualify eng-…: Qualified',
    /^qualify (eng-[0-9a-z]{14}): *(\S.{0,254})$/iu,
    async (script, [id = '', status = '']) => {
      await script.qualify(id, status);
      return `Another tool made the lead ${id} ${status}.`;
    },
  ),
  phrase(
    'solution S-123 inactive',
    /^solution (S-\d{1,19}) (active|inactive|draft)$/i,
    async (script, [id = '', word = '']) => {
      const status = SOLUTION_STATUSES.find((one) => one.toLowerCase() === word.toLowerCase()) ?? word;
      await script.solution(id, status);
      return `The solution ${id} is ${status} now.`;
    },
  ),
  phrase('needs submit on | needs submit off', /^needs submit (on|off)$/i, async (script, [word = '']) => {
    const isOn = word.toLowerCase() === 'on';
    await script.needsSubmit(isOn);
    return isOn
      ? 'A corrected opportunity stays with us until it is submitted.'
      : 'A corrected opportunity goes back to AWS with its update.';
  }),
  phrase('throttle 30', /^throttle(?: (\d{1,6}))?$/i, async (script, [time]) => {
    await script.throttle(seconds(time));
    return `AWS throttles every call for ${seconds(time)} seconds.`;
  }),
  phrase('down [unreachable]', /^down( unreachable)?$/i, async (script, [far]) => {
    await script.down(far ? 'unreachable' : 'failing');
    return far ? 'AWS cannot be reached.' : 'AWS answers every call with an internal error.';
  }),
  phrase('up', /^up$/i, async (script) => {
    await script.up();
    return 'AWS answers again.';
  }),
  phrase('slow 90 | slow off', /^slow (\d{1,6}|off)$/i, async (script, [time = '']) => {
    const isOff = time.toLowerCase() === 'off';
    await script.slow(isOff ? undefined : Number(time));
    return isOff
      ? 'Accepting and submitting take a moment again.'
      : `Accepting and submitting take ${Number(time)} seconds from now on.`;
  }),
  phrase(
    'fail next [ReasonCode]',
    /^fail next(?: (?!submit)([A-Za-z]+))?$/i,
    async (script, [reason = 'InternalError']) => {
      if (!REASON_CODES.includes(reason)) return `AWS knows these reasons: ${REASON_CODES.join(', ')}.`;
      await script.failNextAccept(reason);
      return `The next accept fails with ${reason}.`;
    },
  ),
  phrase(
    'fail next submit [ReasonCode]',
    /^fail next submit(?: ([A-Za-z]+))?$/i,
    async (script, [reason = 'InternalError']) => {
      if (!REASON_CODES.includes(reason)) return `AWS knows these reasons: ${REASON_CODES.join(', ')}.`;
      await script.failNextSubmit(reason);
      return `The next submission fails with ${reason}.`;
    },
  ),
  phrase('drop next', /^drop next$/i, async (script) => {
    await script.dropNext();
    return 'AWS will carry out the next write, and its answer will be lost.';
  }),
  phrase('help', /^help$/i, async () => help('')),
];

function help(line: string): string {
  const known = `AWS's side can do: ${PHRASES.map(({ usage }) => usage).join(' · ')}. “show” prints a deal’s id.`;
  return line === '' ? known : `I do not know “practice ${line}”. ${known}`;
}
