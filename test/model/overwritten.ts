/** What a value took the place of was known to whoever wrote it: what they saw, or what they had put there themselves. */
import type { Effect } from '../../src/practice/world.ts';
import type { TestHouse } from '../support/house.ts';
import { type Asked, ofKind } from './asked.ts';
import type { Run } from './run.ts';

export const overwritten = async (run: Run, changes: Asked[]): Promise<string[]> => [
  ...(await nextSteps(run.house, changes)),
  ...values(run, changes, 'stage', 'LifeCycle.Stage'),
  ...values(run, changes, 'closeDate', 'LifeCycle.TargetCloseDate'),
];

/** Practice keeps each next step there ever was. */
async function nextSteps({ practice }: TestHouse, changes: Asked[]): Promise<string[]> {
  const world = await practice.world();
  const confirmed = ofKind(changes, 'update').filter(
    ({ state, wish }) => state === 'confirmed' && wish.set.nextStep,
  );
  return confirmed.flatMap((it) => {
    const lifeCycle = world.opportunities[it.deal_id]?.record.LifeCycle as
      | { NextStepsHistory?: { Value: string }[] }
      | undefined;
    const history = (lifeCycle?.NextStepsHistory ?? []).map(({ Value }) => Value);
    const at = history.lastIndexOf(it.wish.set.nextStep ?? '');
    const before = at > 0 ? history[at - 1] : undefined;
    if (before === undefined || knownTo(it, changes, 'nextStep').includes(before)) return [];
    return [
      `${it.deal_id}: “${it.wish.set.nextStep}” took the place of “${before}”, which its writer had not seen`,
    ];
  });
}

type Field = 'stage' | 'closeDate' | 'nextStep';
type Updating = ReturnType<typeof ofKind<'update'>>[number];

/** What somebody saw of it, wants of it, or has wanted of it before. */
const knownTo = ({ deal_id, person_id, seq, wish }: Updating, changes: Asked[], field: Field) => [
  wish.base[field],
  wish.set[field],
  ...ofKind(changes, 'update')
    .filter((it) => it.person_id === person_id && it.deal_id === deal_id && it.seq < seq)
    .map((it) => it.wish.set[field]),
];

/** Other values have no history: it is put together of how each deal was first seen, what other tools wrote, and the effects. */
function values(run: Run, changes: Asked[], field: 'stage' | 'closeDate', path: string): string[] {
  const asked = ofKind(changes, 'update').filter(({ wish }) => wish.set[field] !== undefined);
  const writes = run.effects.filter(
    ({ kind, value }) => kind === 'update' && typeof value === 'object' && path in value,
  );
  return writes.flatMap((write) => {
    const value = written(write, path);
    const before = standing(run, write, writes, field, path);
    const writers = asked.filter(({ deal_id, wish }) => deal_id === write.id && wish.set[field] === value);
    const isKnown = (it: Updating) => before.some((one) => knownTo(it, changes, field).includes(one));
    return before.length === 0 || writers.some(isKnown)
      ? []
      : [
          `${write.id}: ${field} “${value}” took the place of “${before.join()}”, which its writer had not seen`,
        ];
  });
}

const written = ({ value }: Effect, path: string): string | undefined => {
  const found = typeof value === 'object' ? value[path] : undefined;
  return typeof found === 'string' ? found : undefined;
};

/** What may have stood there then, several where it is not known which came first; nothing where it is not known at all. */
function standing(
  { first, edits }: Run,
  write: Effect,
  writes: Effect[],
  field: 'stage' | 'closeDate',
  path: string,
): (string | undefined)[] {
  const seen = first.get(write.id);
  if (seen?.deal.kind !== 'opportunity' || seen.at > write.at) return [];
  const ours = writes.slice(0, writes.indexOf(write)).filter(({ id }) => id === write.id);
  const theirs = edits.filter((it) => it.id === write.id && it.path === path && it.from <= write.at);
  const last = ours.at(-1);
  const since = theirs.filter(({ to }) => !last || to >= last.at);
  const certain = since.filter(({ to }) => to < write.at).at(-1);
  const unclear = since.filter((it) => it.to >= write.at || (last && it.from <= last.at));
  const base = certain ? certain.value : last ? written(last, path) : seen.deal[field];
  return [base, ...unclear.map(({ value }) => value)];
}
