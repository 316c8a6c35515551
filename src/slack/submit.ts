/** A submitted form: the acknowledgement is the answer, so an error stands beside its field with all that was typed. */
import type { ViewResponseAction, ViewSubmitAction } from '@slack/bolt';
import { commitUntil, inTime } from '../bot/in-time.ts';
import { unsaid } from '../bot/unsaid.ts';
import type { Form, Note, Reply } from '../views/view.ts';
import { type Asked, ask, post, refuse, report, showIn } from './answer.ts';
import type { Door } from './door.ts';
import { fieldsIn, fromSubmit, type Submission } from './inbound.ts';
import { viewRef } from './ref.ts';
import { line, NOT_INSTALLED, OLD_FORM, OLD_FORM_KEPT, TOO_LATE } from './text.ts';

type Ack = (answer?: ViewResponseAction) => Promise<void>;

export async function onSubmit(door: Door, body: ViewSubmitAction, ack: Ack): Promise<void> {
  const arrived = door.now();
  const submission = fromSubmit(body, door.workspace);
  const { form, answers, errors, key, who } = submission;
  if (!form) return settle(door, submission, refuse(submission.fields[0] ? OLD_FORM_KEPT : OLD_FORM), ack);
  if (Object.keys(errors).length > 0) return ack({ response_action: 'errors', errors });
  const asking = ask(door, who, (from) =>
    door.desk.handle(
      { verb: form.v, input: { ...form.i, ...answers }, from, key },
      commitUntil(door, arrived),
    ),
  );
  const asked = await inTime(door, arrived, asking);
  if (asked) return settle(door, submission, asked, ack);
  const [first] = submission.fields;
  await (first
    ? ack({ response_action: 'errors', errors: { [first]: TOO_LATE } })
    : ack({ response_action: 'update', view: door.draw.modal(refuse(TOO_LATE).answer.reply, form) }));
  return afterAll(door, submission, await asking);
}

async function settle(door: Door, submission: Submission, asked: Asked, ack: Ack): Promise<void> {
  const { reply, ok } = asked.answer;
  const way = wayOf(submission);
  const texts = ok && reply.kind !== 'form' ? [] : submission.texts;
  if (reply.kind === 'form' && isSameForm(reply, submission)) {
    const errors = Object.entries(reply.errors ?? {}).map(([id, error]) => [id, line(error, MOST_BESIDE)]);
    return ack({ response_action: 'errors', errors: Object.fromEntries(errors) });
  }
  if (reply.kind === 'card' && way.o && unsaid(reply, texts).length === 0) {
    await ack({ response_action: 'clear' });
    return post(door, asked, way.o);
  }
  const [first] = submission.fields;
  if (first && isPlainProblem(reply))
    return ack({ response_action: 'errors', errors: { [first]: line(reply.text, MOST_BESIDE) } });
  await ack({ response_action: 'update', view: door.draw.modal(reply, way, texts) });
  // A redraw would not show what they wrote.
  if (unsaid(reply, texts).length > 0) return;
  await report(
    door,
    asked,
    viewRef({ team: door.workspace.team, user: submission.who.user }, submission.viewId, reply),
  );
}

/** Where we are not installed any more: a form stays open with all that was typed. One without fields closes. */
export function keptOpen(view: ViewSubmitAction['view']): ViewResponseAction | undefined {
  const [first] = fieldsIn(view);
  return first ? { response_action: 'errors', errors: { [first]: NOT_INSTALLED } } : undefined;
}

/** What stands beside a field is short. */
const MOST_BESIDE = 300;

/** A refusal with nothing to press: it stands beside the first field, so that what was typed can be sent again or copied. */
const isPlainProblem = (reply: Reply): reply is Note =>
  reply.kind === 'note' &&
  reply.tone === 'problem' &&
  !reply.lines?.length &&
  !reply.buttons?.length &&
  reply.text.length <= MOST_BESIDE;

/** Slack shows an error only beside a field that is on the screen; any other form is drawn anew. */
function isSameForm(form: Form, { fields }: Submission): boolean {
  const ids = form.fields.map((field) => field.id);
  const wrong = Object.keys(form.errors ?? {});
  return wrong.length > 0 && ids.join() === fields.join() && wrong.every((id) => ids.includes(id));
}

/** The answer came after "not taken": a form or another refusal would only overwrite what is being typed; anything else is news. */
async function afterAll(door: Door, submission: Submission, asked: Asked): Promise<void> {
  const { reply, ok } = asked.answer;
  const way = wayOf(submission);
  if (reply.kind === 'form' || (reply.kind === 'note' && reply.tone === 'problem')) return;
  if (!ok && unsaid(reply, submission.texts).length > 0) return;
  if (reply.kind === 'card' && way.o) await post(door, asked, way.o);
  await showIn(door, submission.viewId, asked, way);
}

const wayOf = ({ form, who }: Submission) => ({ c: who.conversation, ...(form?.o ? { o: form.o } : {}) });
