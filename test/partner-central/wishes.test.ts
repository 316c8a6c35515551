/** Rejecting, assigning, associating, submitting: each done once, whatever becomes of the answers. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { valueAt } from '../../src/partner-central/raw.ts';
import type { Opportunity } from '../../src/pipeline/deal.ts';
import { reviewState } from '../../src/pipeline/fields.ts';
import { isOpen } from '../../src/pipeline/opportunity.ts';
import { Refusal, toErrorResponse } from '../../src/practice/wire.ts';
import { databases } from '../support/databases.ts';
import { ANA, JONAS, LUCIA, MINA, named, type Office, openOffice, PRIYA, TOM } from './office.ts';

describe.each(databases)('what people ask, on $name', (database) => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice(database);
  });
  afterAll(() => office?.stop());
  afterEach(async () => {
    office.between(undefined);
    await office.practice.script.up();
    await office.practice.script.slow(undefined);
  });

  const script = () => office.practice.script;
  const newReferral = async () => {
    const id = await script().newReferral();
    await office.sync.run();
    return id;
  };
  const kinds = async (id: string) => (await office.applied(id)).map(({ kind }) => kind);
  const today = new Date().toISOString().slice(0, 10);
  const approved = (deal: Opportunity) =>
    reviewState(deal) === 'Approved' && isOpen(deal) && (deal.closeDate ?? '') > today;
  /** Lost on the way back: AWS has it, we do not know. */
  const lostThenFound = async (id: string | undefined) => {
    await office.waits(id, 'answer');
    await office.noRest();
    return office.settled(id);
  };

  describe('rejecting', () => {
    const wish = { kind: 'reject', reason: 'Unable to support' } as const;

    test('is carried out with its reason, and the mirror says so', async () => {
      const id = await newReferral();
      const [change] = await office.ask(id, wish);
      expect(await office.settled(change)).toMatchObject({
        state: 'confirmed',
        awsRequestId: expect.any(String),
      });
      expect(await office.applied(id)).toEqual([
        expect.objectContaining({ kind: 'reject', value: 'Unable to support' }),
      ]);
      expect((await office.store.prisma.deal.findUniqueOrThrow({ where: { id } })).status).toBe('REJECTED');
    });

    test('of a lead: likewise', async () => {
      const id = await script().newLead();
      await office.sync.run();
      const [change] = await office.ask(id, wish);
      expect((await office.settled(change)).state).toBe('confirmed');
      expect(await kinds(id)).toEqual(['reject']);
      expect((await office.store.prisma.deal.findUniqueOrThrow({ where: { id } })).status).toBe('REJECTED');
    });

    test('is done once when the answer is lost', async () => {
      const id = await newReferral();
      await script().dropNext();
      const [change] = await office.ask(id, wish);
      expect((await lostThenFound(change)).state).toBe('confirmed');
      expect(await kinds(id)).toEqual(['reject']);
    });

    test('is done when AWS says yes and no longer shows it', async () => {
      const id = await newReferral();
      let rejected = false;
      office.between(({ operation }) => {
        rejected ||= operation === 'RejectEngagementInvitation';
        return rejected && operation === 'GetEngagementInvitation'
          ? toErrorResponse(new Refusal('AccessDeniedException', 'No.'))
          : undefined;
      });
      const [change] = await office.ask(id, wish);
      expect((await office.settled(change)).state).toBe('confirmed');
      expect((await office.store.prisma.deal.findUniqueOrThrow({ where: { id } })).status).toBe('REJECTED');
    });

    test('an old reading after a lost answer is no refusal: what AWS then says no to is found to be done', async () => {
      const id = await newReferral();
      await script().dropNext();
      const pending = (await office.aws.getInvitation(id)).text;
      const [change] = await office.ask(id, wish);
      await office.waits(change, 'answer');
      let stale = 1;
      office.between(({ operation }) =>
        operation === 'GetEngagementInvitation' && stale-- > 0
          ? { statusCode: 200, headers: {}, body: new TextEncoder().encode(pending) }
          : undefined,
      );
      await office.noRest();
      expect((await office.settled(change)).state).toBe('confirmed');
      expect(await kinds(id)).toEqual(['reject']);
    });

    test.each([
      [
        'rejected',
        'rejected in Partner Central already',
        (id: string) => office.aws.rejectInvitation(id, 'Other'),
      ],
      ['expired', 'has expired', (id: string) => script().expire(id)],
    ])('what was %s meanwhile is refused in words', async (_, said, meanwhile) => {
      const id = await newReferral();
      await meanwhile(id);
      const before = (await kinds(id)).length;
      const [change] = await office.ask(id, wish);
      expect(await office.settled(change)).toMatchObject({
        state: 'refused',
        answer: expect.stringContaining(said),
      });
      expect(await kinds(id)).toHaveLength(before);
    });

    test('what was accepted meanwhile is refused in words', async () => {
      const id = await script().newLead();
      await office.sync.run();
      await office.aws.acceptInvitation(id);
      const [change] = await office.ask(id, wish);
      expect(await office.settled(change)).toMatchObject({
        state: 'refused',
        answer: expect.stringContaining('accepted in Partner Central meanwhile'),
      });
      expect(await kinds(id)).toEqual(['accept-lead']);
    });

    test('is not sent for a seller to whom it is not offered any more, nor for somebody let in no longer', async () => {
      const id = await newReferral();
      const [change] = await office.ask(id, wish, PRIYA);
      expect(await office.settled(change)).toMatchObject({
        state: 'refused',
        answer: expect.stringContaining('no longer yours'),
      });
      const priya = await office.store.prisma.person.findUniqueOrThrow({ where: { email: PRIYA } });
      await office.store.prisma.offer.create({ data: { dealId: id, personId: priya.id, byId: priya.id } });
      await office.store.prisma.person.update({ where: { email: PRIYA }, data: { role: 'none' } });
      const [revoked] = await office.ask(id, wish, PRIYA);
      expect((await office.settled(revoked)).state).toBe('refused');
      await office.store.prisma.person.update({ where: { email: PRIYA }, data: { role: 'ACE user' } });
      expect(await kinds(id)).toEqual([]);
      const [offered] = await office.ask(id, wish, PRIYA);
      expect((await office.settled(offered)).state).toBe('confirmed');
    });
  });

  describe('assigning', () => {
    const open = (deal: Opportunity) => approved(deal) && deal.owner?.email === PRIYA;

    test('the owner, and then the one whom AWS calls: each in their own place', async () => {
      const id = await office.pick(open);
      const [change] = await office.ask(id, { kind: 'assign', to: named(TOM) });
      expect((await office.settled(change)).state).toBe('confirmed');
      const before = await office.opportunity(id);
      expect(before.owner?.email).toBe(TOM);
      expect(before.salesContact?.email).not.toBe(TOM);
      const [contact] = await office.ask(id, { kind: 'assign', to: named(TOM), as: 'sales contact' }, PRIYA);
      expect((await office.settled(contact)).state).toBe('confirmed');
      const after = await office.opportunity(id);
      expect([after.owner?.email, after.salesContact?.email]).toEqual([TOM, TOM]);
      const titles = office.seen
        .filter(({ operation }) => operation === 'AssignOpportunity')
        .map(
          ({ text }) => (JSON.parse(text) as { Assignee: { BusinessTitle: string } }).Assignee.BusinessTitle,
        );
      expect(titles.slice(-2)).toEqual(['OpportunityOwner', 'PartnerAccountManager']);
    });

    test('is done once when the answer is lost', async () => {
      const id = await office.pick(open);
      await script().dropNext();
      const [change] = await office.ask(id, { kind: 'assign', to: named(TOM), as: 'sales contact' });
      expect((await lostThenFound(change)).state).toBe('confirmed');
      expect(await kinds(id)).toEqual(['assign']);
    });

    test('a seller gives away only what is still theirs, also under another address of theirs', async () => {
      const id = await office.pick(open);
      const [not] = await office.ask(id, { kind: 'assign', to: named(TOM) }, TOM);
      expect((await office.settled(not)).answer).toContain('no longer yours');
      expect(await kinds(id)).toEqual([]);
      const hers = await office.pick((deal) => approved(deal) && deal.owner?.name === 'Lucía Ferro');
      const [change] = await office.ask(hers, { kind: 'assign', to: named(TOM) }, LUCIA);
      expect((await office.settled(change)).state).toBe('confirmed');
    });

    test('what is launched by now is not transferred any more, in the words of the law', async () => {
      const id = await office.pick(open);
      await script().edit(id, 'LifeCycle.Stage', 'Launched');
      const [change] = await office.ask(id, { kind: 'assign', to: named(TOM) });
      expect(await office.settled(change)).toMatchObject({
        state: 'refused',
        answer: 'It is launched: Partner Central transfers open stages only.',
      });
      expect(await kinds(id)).toEqual([]);
    });

    test('a colleague whom Partner Central does not know is said so', async () => {
      const id = await office.pick(approved);
      const stranger = { email: 'nobody@partner.example', firstName: 'No', lastName: 'Body' };
      const [change] = await office.ask(id, { kind: 'assign', to: stranger });
      expect(await office.settled(change)).toMatchObject({
        state: 'refused',
        answer: expect.stringContaining('no active user with this e-mail address'),
      });
    });
  });

  describe('associating a solution', () => {
    const other = (deal: Opportunity) => approved(deal) && deal.solutions.length === 0;
    const active = async () => {
      const found = await office.store.prisma.solution.findFirstOrThrow({ where: { status: 'Active' } });
      return { id: found.id, name: found.name };
    };

    test('puts it on the deal in place of “Other”', async () => {
      const id = await office.pick((deal) => other(deal) && deal.otherSolution !== undefined);
      const solution = await active();
      const [change] = await office.ask(id, { kind: 'associate', solution });
      expect((await office.settled(change)).state).toBe('confirmed');
      const { solutions, otherSolution } = await office.opportunity(id);
      expect([solutions, otherSolution]).toEqual([[solution.id], undefined]);
    });

    test('is done once when the answer is lost, and what AWS says is there already counts as done', async () => {
      const id = await office.pick(other);
      const solution = await active();
      await script().dropNext();
      const [change] = await office.ask(id, { kind: 'associate', solution });
      expect((await lostThenFound(change)).state).toBe('confirmed');
      // Another one, asked between our reading and our sending.
      const next = await office.pick(other);
      let meanwhile = true;
      office.between(async ({ operation }) => {
        if (operation !== 'AssociateOpportunity' || !meanwhile) return undefined;
        meanwhile = false;
        await office.aws.associateOpportunity(next, 'Solutions', solution.id);
        return undefined;
      });
      const [twice] = await office.ask(next, { kind: 'associate', solution });
      expect((await office.settled(twice)).state).toBe('confirmed');
      for (const one of [id, next]) expect(await kinds(one)).toEqual(['associate']);
    });

    test('waits while AWS reviews the deal, and goes out afterwards', async () => {
      const id = await office.pick(other);
      const { nextStep = '' } = await office.opportunity(id);
      await script().startReview(id);
      const [change, half] = await office.ask(id, [
        { kind: 'associate', solution: await active() },
        { kind: 'update', base: { nextStep }, set: { nextStep: 'After the review' } },
      ]);
      await office.waits(change, 'locked');
      // What stands behind it waits for the same, and says so.
      await office.waits(half, 'locked');
      expect(await kinds(id)).toEqual([]);
      await script().review(id, 'approve');
      await office.sync.run();
      expect((await office.settled(change)).state).toBe('confirmed');
      expect((await office.settled(half)).state).toBe('confirmed');
      expect(await kinds(id)).toEqual(['associate', 'update']);
    });

    test('one that is not active is refused in words, and its second half is not sent', async () => {
      const id = await office.pick(other);
      const solution = await active();
      await script().solution(solution.id, 'Inactive');
      const [change, half] = await office.ask(id, [
        { kind: 'associate', solution },
        { kind: 'update', base: {}, set: { nextStep: 'After it' } },
      ]);
      expect(await office.settled(change)).toMatchObject({
        state: 'refused',
        answer: expect.stringContaining('it may no longer be active'),
      });
      expect((await office.settled(half)).state).toBe('cancelled');
      expect(await kinds(id)).toEqual([]);
      await script().solution(solution.id, 'Active');
    });
  });

  describe('submitting', () => {
    const wish = { kind: 'submit', involvement: 'Co-Sell', visibility: 'Full' } as const;
    const sentBack = async () => {
      const id = await office.pick(approved);
      await script().review(id, { remark: 'Say more.' });
      return id;
    };
    const asked = (id: string) =>
      office.seen.filter(
        ({ operation, text }) => operation === 'StartEngagementFromOpportunityTask' && text.includes(id),
      );

    test('is carried out by its task, read back and mirrored', async () => {
      const id = await sentBack();
      const [change] = await office.ask(id, wish);
      expect((await office.settled(change)).state).toBe('confirmed');
      expect(await kinds(id)).toEqual(['submit']);
      expect(reviewState(await office.opportunity(id))).toBe('Submitted');
    });

    test('is done once when the answer is lost', async () => {
      const id = await sentBack();
      await script().dropNext();
      const [change] = await office.ask(id, wish);
      expect((await lostThenFound(change)).state).toBe('confirmed');
      expect(await kinds(id)).toEqual(['submit']);
    });

    test('a slow task is looked after by reading: it costs no further write, and one token', async () => {
      const id = await sentBack();
      await script().slow(2);
      const [change] = await office.ask(id, wish);
      expect(await office.settled(change)).toMatchObject({ state: 'confirmed' });
      const tokens = asked(id).map(({ text }) => (JSON.parse(text) as { ClientToken: string }).ClientToken);
      expect(new Set(tokens).size).toBe(1);
      expect(tokens.length).toBeLessThanOrEqual(2);
      expect(await kinds(id)).toEqual(['submit']);
    });

    test('asked again by AWS before we looked, it was submitted all the same, once', async () => {
      const id = await sentBack();
      let judged = false;
      office.between(async ({ operation }) => {
        if (judged || operation !== 'GetOpportunity') return undefined;
        const { opportunities } = await office.practice.world();
        if (valueAt(opportunities[id]?.record, ['LifeCycle', 'ReviewStatus']) !== 'Submitted')
          return undefined;
        judged = true;
        await script().review(id, { remark: 'And say when.' });
        return undefined;
      });
      const [change] = await office.ask(id, wish);
      expect((await office.settled(change)).state).toBe('confirmed');
      office.between(undefined);
      expect(await kinds(id)).toEqual(['submit']);
      expect(reviewState(await office.opportunity(id))).toBe('Action Required');
    });

    test('what AWS has or has judged already is done, without a call', async () => {
      const id = await office.pick(approved);
      const [change] = await office.ask(id, wish);
      expect((await office.settled(change)).state).toBe('confirmed');
      expect(asked(id)).toEqual([]);
    });

    test('a task that fails is told with AWS’s reason; one that fails for a passing reason is started anew', async () => {
      const id = await sentBack();
      await script().failNextSubmit('OpportunityValidationFailed');
      const [change] = await office.ask(id, wish);
      expect(await office.settled(change)).toMatchObject({
        state: 'refused',
        answer: expect.stringContaining('something it needs is missing'),
      });
      await script().failNextSubmit('InternalError');
      const [again] = await office.ask(id, wish);
      await office.waits(again, 'unavailable');
      await office.noRest();
      expect((await office.settled(again)).state).toBe('confirmed');
      expect(await kinds(id)).toEqual(['submit']);
    });

    test('what AWS rejected meanwhile is refused in words', async () => {
      const id = await sentBack();
      await script().review(id, 'reject');
      const [change] = await office.ask(id, wish);
      expect(await office.settled(change)).toMatchObject({
        state: 'refused',
        answer: expect.stringContaining('rejected the deal'),
      });
    });
  });

  test('whatever AWS throttles goes out in its turn, once', async () => {
    const id = await newReferral();
    office.refuseOnce('RejectEngagementInvitation', new Refusal('ThrottlingException', 'Slower.'));
    const [change] = await office.ask(id, { kind: 'reject', reason: 'Other' }, MINA);
    await office.waits(change, 'unavailable');
    await office.noRest();
    expect((await office.settled(change)).state).toBe('confirmed');
    expect(await kinds(id)).toEqual(['reject']);
  });

  test('a lead accepted for a colleague belongs to them; else to whoever accepted', async () => {
    for (const [wish, owner] of [
      [{ kind: 'accept', for: named(TOM) }, TOM],
      [{ kind: 'accept' }, JONAS],
    ] as const) {
      const id = await script().newLead();
      await office.sync.run();
      const [change] = await office.ask(id, wish, JONAS);
      expect((await office.settled(change)).state).toBe('confirmed');
      const { successor } = await office.store.prisma.deal.findUniqueOrThrow({ where: { id } });
      expect((await office.lead(successor ?? '')).owner?.email).toBe(owner);
    }
  });

  test('a Partner Solutions Finder lead is answered for the alliance lead alone', async () => {
    const id = await script().newPsfLead();
    await office.sync.run();
    const [not] = await office.ask(id, { kind: 'accept' }, JONAS);
    expect((await office.settled(not)).answer).toContain('no longer yours');
    expect(await kinds(id)).toEqual([]);
    const [change] = await office.ask(id, { kind: 'accept' }, ANA);
    expect((await office.settled(change)).state).toBe('confirmed');
  });
});
