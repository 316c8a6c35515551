/** Changing fields of an opportunity: one update for all of them, never over somebody else's, once. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Values, Wish } from '../../src/pipeline/change.ts';
import type { Opportunity } from '../../src/pipeline/deal.ts';
import { reviewState, standing } from '../../src/pipeline/fields.ts';
import { isOpen } from '../../src/pipeline/opportunity.ts';
import type { Doc } from '../../src/practice/json.ts';
import { databases } from '../support/databases.ts';
import { gate, LUCIA, type Office, openOffice, PRIYA, TOM } from './office.ts';

describe.each(databases)('an update, on $name', (database) => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice(database);
  });
  afterAll(() => office?.stop());
  afterEach(() => office.between(undefined));

  const script = () => office.practice.script;
  const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
  const approved = (deal: Opportunity) =>
    reviewState(deal) === 'Approved' &&
    isOpen(deal) &&
    (deal.closeDate ?? '') > day(0) &&
    !deal.nationalSecurity;
  /** The wish of a person who saw the deal as the mirror has it. */
  const wanting = async (id: string, set: Values): Promise<Wish> => {
    const deal = await office.opportunity(id);
    const base = Object.keys(set).flatMap((field) => {
      const value = standing(deal, field as keyof Values);
      return value === undefined ? [] : [[field, value]];
    });
    return { kind: 'update', base: Object.fromEntries(base) as Values, set };
  };
  const ask = async (id: string, set: Values, as?: string) =>
    (await office.ask(id, await wanting(id, set), as))[0];
  const written = async (id: string) =>
    (await office.applied(id)).filter(({ kind }) => kind === 'update').map(({ value }) => value as Doc);
  const at = async (id: string, ...path: string[]) =>
    path.reduce<unknown>(
      (value, key) => (value as Record<string, unknown> | undefined)?.[key],
      await office.record(id),
    );

  test('a deal is closed lost with its reason, close date and last step in one update', async () => {
    const id = await office.pick(approved);
    const set = {
      stage: 'Closed Lost',
      closedLostReason: 'Price',
      closeDate: day(1),
      nextStep: 'Ask again in spring',
    };
    const change = await ask(id, set);
    expect(await office.settled(change)).toMatchObject({
      state: 'confirmed',
      awsRequestId: expect.any(String),
    });
    expect(await written(id)).toEqual([
      expect.objectContaining({
        'LifeCycle.Stage': 'Closed Lost',
        'LifeCycle.ClosedLostReason': 'Price',
        'LifeCycle.TargetCloseDate': set.closeDate,
        'LifeCycle.NextSteps': 'Ask again in spring',
      }),
    ]);
    expect(await office.opportunity(id)).toMatchObject({ stage: 'Closed Lost', closedLostReason: 'Price' });
  });

  test('a lost answer is found out: it was done, once', async () => {
    const id = await office.pick(approved);
    await script().dropNext();
    const change = await ask(id, { stage: 'Closed Lost', closedLostReason: 'Other', closeDate: day(1) });
    await office.waits(change, 'answer');
    await office.noRest();
    expect((await office.settled(change)).state).toBe('confirmed');
    expect(await written(id)).toHaveLength(1);
  });

  test('where AWS has some of it already, the rest is sent and nothing is a conflict', async () => {
    const id = await office.pick((deal) => approved(deal) && deal.stage === 'Qualified');
    const wish = await wanting(id, { stage: 'Technical Validation', nextStep: 'The rest' });
    await script().edit(id, 'LifeCycle.Stage', 'Technical Validation');
    const [change] = await office.ask(id, wish);
    expect((await office.settled(change)).state).toBe('confirmed');
    expect((await written(id)).map((values) => Object.keys(values).includes('LifeCycle.Stage'))).toEqual([
      false,
    ]);
    expect(await at(id, 'LifeCycle')).toMatchObject({ Stage: 'Technical Validation', NextSteps: 'The rest' });
  });

  test('what somebody else changed meanwhile stays, and the person gets both values', async () => {
    const id = await office.pick((deal) => approved(deal) && deal.stage === 'Qualified');
    const wish = await wanting(id, { stage: 'Technical Validation', nextStep: 'Mine' });
    await script().edit(id, 'LifeCycle.Stage', 'Business Validation');
    await script().edit(id, 'LifeCycle.NextSteps', 'Theirs');
    const [change] = await office.ask(id, wish);
    expect(await office.settled(change)).toMatchObject({
      state: 'conflict',
      found: { stage: 'Business Validation', nextStep: 'Theirs' },
      answer: expect.stringMatching(
        /Stage: there now “Business Validation”, you wanted “Technical Validation”.*Next step: there now “Theirs”, you wanted “Mine”/,
      ),
    });
    expect(await written(id)).toEqual([]);
  });

  test('one’s own two wishes of one look are no conflict, nor is a record that moves just before the sending', async () => {
    const id = await office.pick(approved);
    const [one, two] = [await wanting(id, { nextStep: 'First' }), await wanting(id, { nextStep: 'Second' })];
    let moved = false;
    const asked = gate();
    office.between(async ({ operation }) => {
      if (operation === 'UpdateOpportunity' && !moved) {
        moved = true;
        await asked.opened;
        await script().edit(id, 'Project.AdditionalComments', 'Theirs');
      }
      return undefined;
    });
    const [first] = await office.ask(id, one);
    const [second] = await office.ask(id, two);
    asked.open();
    expect((await office.settled(first)).state).toBe('confirmed');
    expect((await office.settled(second)).state).toBe('confirmed');
    expect((await written(id)).map((values) => values['LifeCycle.NextSteps'])).toEqual(['First', 'Second']);
    expect(await at(id, 'Project', 'AdditionalComments')).toBe('Theirs');
  });

  test('an amount goes where AWS keeps it; the same amount written otherwise is sent to nobody', async () => {
    const id = await office.pick((deal) => approved(deal) && deal.spend?.amount !== undefined);
    const change = await ask(id, { spendAmount: '900.5' });
    expect((await office.settled(change)).state).toBe('confirmed');
    expect(await at(id, 'Project', 'ExpectedCustomerSpend', '0', 'Amount')).toBe('900.5');
    const many = (await written(id)).length;
    const again = await ask(id, { spendAmount: '900.50' });
    expect((await office.settled(again)).state).toBe('confirmed');
    expect(await written(id)).toHaveLength(many);
  });

  describe('in “action required”', () => {
    const asked = async () => {
      const id = await office.pick(approved);
      await script().review(id, { remark: 'Website and problem, please.' });
      await office.sync.run();
      return id;
    };

    test('what AWS unlocked is corrected in one update, and what is emptied is left out', async () => {
      const id = await asked();
      await script().edit(id, 'PartnerOpportunityIdentifier', 'CRM-1');
      await office.sync.run();
      const set = {
        website: 'https://corrected.example',
        businessProblem: 'They cannot see their stock between two shops.',
        partnerId: '',
        city: 'Bern',
      };
      const change = await ask(id, set);
      expect((await office.settled(change)).state).toBe('confirmed');
      expect(await written(id)).toHaveLength(1);
      expect(await at(id, 'PartnerOpportunityIdentifier')).toBeUndefined();
      expect(await office.opportunity(id)).toMatchObject({ website: set.website, city: 'Bern' });
    });

    test('what stays locked is refused in the words of the law, and nothing of it is sent', async () => {
      const id = await asked();
      const change = await ask(id, { nextStep: 'Not now', closeDate: day(90) });
      expect(await office.settled(change)).toMatchObject({
        state: 'refused',
        answer: expect.stringContaining('AWS wants its remark answered first and takes no next step'),
      });
      expect(await written(id)).toEqual([]);
    });
  });

  test.each([
    ['Launched', 'It is launched: AWS takes no change of stage any more.'],
    ['Closed Lost', 'It is closed lost: AWS takes no change of stage any more.'],
  ])('what is %s by now is refused in the words of the law', async (stage, said) => {
    const id = await office.pick(approved);
    const wish = await wanting(id, { stage: 'Committed' });
    await script().edit(id, 'LifeCycle.Stage', stage);
    const [change] = await office.ask(id, wish);
    expect(await office.settled(change)).toMatchObject({
      state: 'refused',
      answer: expect.stringContaining(said),
    });
    expect(await written(id)).toEqual([]);
  });

  test('a field that approval locked is named', async () => {
    const id = await office.pick(approved);
    const change = await ask(id, { nextStep: 'Fine', country: 'CH' });
    expect(await office.settled(change)).toMatchObject({
      state: 'refused',
      answer: 'AWS takes no change of this as it stands (approved): Country.',
    });
  });

  test('what AWS reviews waits, and its rejection ends it with a reason', async () => {
    const id = await office.pick(approved);
    const wish = await wanting(id, { stage: 'Committed', nextStep: 'When it is open again' });
    await script().startReview(id);
    const [change] = await office.ask(id, wish);
    await office.waits(change, 'locked');
    await script().review(id, 'reject');
    await office.sync.run();
    expect(await office.settled(change)).toMatchObject({
      state: 'refused',
      answer: expect.stringContaining('AWS rejected it'),
    });
    expect(await written(id)).toEqual([]);
  });

  test('what AWS misses is named as people know it', async () => {
    const id = await office.pick(
      (deal) => approved(deal) && deal.solutions.length === 0 && deal.stage !== 'Committed',
    );
    const change = await ask(id, { stage: 'Committed' });
    expect(await office.settled(change)).toMatchObject({
      state: 'refused',
      answer: expect.stringContaining('Solution is missing'),
    });
  });

  test('a seller’s goes out while they own the deal, under any address of theirs, or submitted it', async () => {
    const own = await office.pick((deal) => approved(deal) && deal.owner?.email === PRIYA);
    const hers = await office.pick((deal) => approved(deal) && deal.owner?.name === 'Lucía Ferro');
    const [lost] = [await ask(own, { nextStep: 'Not Tom’s' }, TOM)];
    expect(await office.settled(lost)).toMatchObject({
      state: 'refused',
      answer: 'The deal is no longer yours, so nothing was sent.',
    });
    await office.store.prisma.deal.update({ where: { id: own }, data: { submittedBy: TOM } });
    for (const [id, as] of [
      [own, PRIYA],
      [own, TOM],
      [hers, LUCIA],
    ] as const) {
      const change = await ask(id, { nextStep: `By ${as}` }, as);
      expect((await office.settled(change)).state).toBe('confirmed');
    }
    expect((await written(own)).map((values) => values['LifeCycle.NextSteps'])).toEqual([
      `By ${PRIYA}`,
      `By ${TOM}`,
    ]);
  });
});
