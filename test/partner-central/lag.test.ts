/** AWS's reads lag behind its writes: what does not show yet is waited for, not refused. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { parseRaw, valueAt } from '../../src/partner-central/raw.ts';
import type { Opportunity } from '../../src/pipeline/deal.ts';
import { reviewState } from '../../src/pipeline/fields.ts';
import { isOpen } from '../../src/pipeline/opportunity.ts';
import { Refusal, toErrorResponse } from '../../src/practice/wire.ts';
import { databases } from '../support/databases.ts';
import { JONAS, named, type Office, openOffice } from './office.ts';

describe.each(databases)('what AWS shows late, on $name', (database) => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice(database);
  });
  afterAll(() => office?.stop());
  afterEach(() => office.between(undefined));

  const today = new Date().toISOString().slice(0, 10);
  const approved = (deal: Opportunity) =>
    reviewState(deal) === 'Approved' && isOpen(deal) && (deal.closeDate ?? '') > today;
  const nextStep = async (id: string, text: string) => {
    const { nextStep: now } = await office.opportunity(id);
    const base = now === undefined ? {} : { nextStep: now };
    return (await office.ask(id, { kind: 'update', base, set: { nextStep: text } }))[0];
  };

  test('an old reading back after AWS’s yes is waited out: it is done, once, and nobody hears of a refusal', async () => {
    const id = await office.pick(approved);
    const old = (await office.aws.getOpportunity(id)).text;
    let wrote = false;
    let stale = 1;
    office.between(({ operation }) => {
      wrote ||= operation === 'UpdateOpportunity';
      return operation === 'GetOpportunity' && wrote && stale-- > 0 ? answered(old) : undefined;
    });
    const change = await nextStep(id, 'Shows late');
    expect((await office.settled(change)).state).toBe('confirmed');
    expect(stale).toBeLessThan(0);
    expect((await office.applied(id)).map(({ kind }) => kind)).toEqual(['update']);
    expect(await office.opportunity(id)).toMatchObject({ nextStep: 'Shows late' });
  });

  test('an answer of yes to what AWS keeps as it was is told once its stamp has moved, and after a while in any case', async () => {
    const id = await office.pick(approved);
    const kept = async (stamp: (before: string) => string) => {
      office.between(undefined);
      const old = (await office.aws.getOpportunity(id)).text;
      const before = valueAt(parseRaw(old), ['LastModifiedDate']) ?? '';
      const said = JSON.stringify({ Id: id, LastModifiedDate: stamp(before) });
      let wrote = false;
      office.between(({ operation }) => {
        wrote ||= operation === 'UpdateOpportunity';
        if (operation === 'UpdateOpportunity') return answered(said);
        return operation === 'GetOpportunity' && wrote
          ? answered(old.replace(before, stamp(before)))
          : undefined;
      });
      return nextStep(id, 'Never kept');
    };
    const refused = {
      state: 'refused',
      answer: expect.stringContaining('AWS answered yes but kept what it had: Next step'),
    };
    const later = (before: string) => new Date(Date.parse(before) + 5000).toISOString();
    expect(await office.settled(await kept(later))).toMatchObject(refused);
    const change = await kept((before) => before);
    await office.waits(change, 'answer');
    await office.store.prisma.change.update({
      where: { id: change ?? '' },
      data: { sentAt: new Date(Date.now() - 180_000) },
    });
    await office.noRest();
    expect(await office.settled(change)).toMatchObject(refused);
  });

  test('an acceptance whose deal does not show yet at the second look is waited for, and its owner with it', async () => {
    const id = await office.practice.script.newReferral();
    await office.sync.run();
    await office.practice.script.dropNext();
    const wishes = [{ kind: 'accept' }, { kind: 'assign', to: named(JONAS) }] as const;
    const [change, owner] = await office.ask(id, [...wishes]);
    await office.waits(change, 'answer');
    let unseen = 1;
    office.between(({ operation }) =>
      operation === 'GetOpportunity' && unseen-- > 0
        ? toErrorResponse(new Refusal('ResourceNotFoundException', 'No.'))
        : undefined,
    );
    await office.noRest();
    expect((await office.settled(change)).state).toBe('confirmed');
    expect(unseen).toBeLessThan(0);
    expect((await office.settled(owner)).state).toBe('confirmed');
    expect((await office.applied(id)).map(({ kind }) => kind)).toEqual(['accept']);
  });
});

const answered = (text: string) => ({
  statusCode: 200,
  headers: {},
  body: new TextEncoder().encode(text),
});
