/** AWS carried out what is confirmed, once; and nothing that is not. */
import type { Effect } from '../../src/practice/world.ts';
import { type Asked, grouped, isUnsure, ofKind } from './asked.ts';
import type { Run } from './run.ts';

export const appliedOtherThanSaid = (run: Run, changes: Asked[]): string[] => [
  ...texts(run, changes),
  ...stages(run, changes),
  ...answeredTwice(run),
  ...tooMany(run, changes),
];

/** Every text of a run is its own, so that it tells which Change an effect is of. */
function texts({ effects }: Run, changes: Asked[]): string[] {
  const nextSteps = ofKind(changes, 'update').map((it) => ({ it, text: it.wish.set.nextStep }));
  const happened = ofKind(changes, 'update-lead').map((it) => ({
    it,
    text: it.wish.interaction?.customerAction,
  }));
  const asked = grouped([...nextSteps, ...happened], ({ text }) => text);
  const done = grouped(effects, textOf);
  return [...asked].flatMap(([text, said]) => {
    if (text === undefined) return [];
    const applied = done.get(text)?.length ?? 0;
    const confirmed = said.filter(({ it }) => it.state === 'confirmed').length;
    const unsure = said.some(({ it }) => isUnsure(it)) ? 1 : 0;
    return applied >= confirmed && applied <= confirmed + unsure
      ? []
      : [`“${text}”: confirmed ${confirmed}, applied ${applied}`];
  });
}

function textOf({ kind, value }: Effect): string | undefined {
  if (typeof value !== 'object') return undefined;
  const text =
    kind === 'update-lead'
      ? (value.Interaction as { CustomerAction?: unknown } | undefined)?.CustomerAction
      : value['LifeCycle.NextSteps'];
  return typeof text === 'string' ? text : undefined;
}

/** A confirmed change of stage is one effect, unless another tool had put that very stage there. */
function stages({ effects, edits }: Run, changes: Asked[]): string[] {
  const asked = ofKind(changes, 'update').filter(({ wish }) => wish.set.stage !== undefined);
  const key = (id: string, stage: unknown) => `${id} → ${String(stage)}`;
  const done = grouped(effects, ({ id, kind, value }) =>
    kind === 'update' && typeof value === 'object' && 'LifeCycle.Stage' in value
      ? key(id, value['LifeCycle.Stage'])
      : '',
  );
  const said = grouped(asked, ({ deal_id, wish }) => key(deal_id, wish.set.stage));
  return [...new Set([...done.keys(), ...said.keys()])].filter(Boolean).flatMap((move) => {
    const applied = done.get(move)?.length ?? 0;
    const all = said.get(move) ?? [];
    const confirmed = all.filter(({ state }) => state === 'confirmed').length;
    const unsure = all.filter(isUnsure).length;
    const theirs = edits.filter(
      ({ id, path, value }) => path === 'LifeCycle.Stage' && key(id, value) === move,
    );
    return applied <= confirmed + unsure && applied >= confirmed - theirs.length
      ? []
      : [`${move}: confirmed ${confirmed}, applied ${applied}`];
  });
}

function answeredTwice({ effects }: Run): string[] {
  const answers = effects.filter(({ kind }) => ['accept', 'accept-lead', 'reject'].includes(kind));
  return [...grouped(answers, ({ id }) => id)].flatMap(([id, taken]) =>
    taken.length > 1 ? [`${id}: answered ${taken.length} times`] : [],
  );
}

/** Nothing is carried out that nobody asked, and nothing oftener than it was asked and sent. */
function tooMany({ effects }: Run, changes: Asked[]): string[] {
  const key = (kind: string, id: string) => `${KINDS[kind] ?? kind} of ${id}`;
  const sent = grouped(
    changes.filter(({ sent_at }) => sent_at !== null),
    ({ wish, deal_id, target }) => key(wish.kind, ANSWERS.includes(wish.kind) ? deal_id : target),
  );
  return [...grouped(effects, ({ kind, id }) => key(kind, id))].flatMap(([what, done]) => {
    const asked = sent.get(what)?.length ?? 0;
    return done.length > asked ? [`${what}: done ${done.length} times, sent ${asked}`] : [];
  });
}

const ANSWERS = ['accept', 'reject'];
const KINDS: Record<string, string> = { 'accept-lead': 'accept' };
