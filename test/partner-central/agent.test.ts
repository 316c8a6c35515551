/** What people asked reaches AWS: once, in order, never over somebody else's edit, whatever happens on the way. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Answer } from '../../src/bot/intent.ts';
import { type House, openHouse } from '../../src/house.ts';
import { createPartnerCentral } from '../../src/partner-central/client.ts';
import { createPace } from '../../src/partner-central/pace.ts';
import type { Opportunity } from '../../src/pipeline/deal.ts';
import type { Doc } from '../../src/practice/json.ts';
import { changesById, history } from '../../src/store/changes.ts';
import { load, saveMirror } from '../../src/store/deals.ts';
import { findPerson } from '../../src/store/people.ts';
import { settle } from '../../src/store/settle.ts';
import { openStore } from '../../src/store/store.ts';
import { databases, silentLog } from '../support/databases.ts';
import { LEAD, openTestHouse, TEAM, type TestHouse, until } from '../support/house.ts';

/** AWS's record of it has members that no SDK knows yet. */
const FUTURE = 'Northgate Tram Works';
const fresh = (() => {
  let serial = 0;
  return (what: string) => `${what} ${++serial}`;
})();

describe.each(databases)('the agent, on $name', (database) => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await openTestHouse(database);
  });
  afterAll(() => house?.stop());

  const script = () => house.practice.script;
  const newReferral = async () => {
    const id = await script().newReferral();
    await house.aws.sync();
    return id;
  };
  /** An approved one, each is given out once. */
  const approved = (() => {
    const given = new Set<string>();
    return async (only: (deal: Opportunity) => boolean) => {
      const rows = await house.store.prisma.deal.findMany({
        where: { kind: 'opportunity', status: 'Approved', goneAt: null },
      });
      const deals = rows.map((row) => row.detail as unknown as Opportunity);
      const found = deals.find(
        (deal) =>
          !given.has(deal.id) &&
          deal.stage !== 'Launched' &&
          deal.stage !== 'Closed Lost' &&
          deal.reviewStatus === 'Approved' &&
          only(deal),
      );
      if (!found) throw new Error('The practised pipeline has no such opportunity left.');
      given.add(found.id);
      return found.id;
    };
  })();
  const today = new Date().toISOString().slice(0, 10);
  const openClose = ({ closeDate = '', company }: Opportunity) => closeDate > today && company !== FUTURE;
  const change = async (answer: Answer, nth = 0) =>
    (await changesById(house.store, answer.changeIds.slice(nth, nth + 1)))[0];
  const settled = async (answer: Answer) => {
    expect(answer.changeIds).not.toEqual([]);
    const end = await house.desk.settled(answer, 30_000);
    if (!end)
      throw new Error(`Never settled: ${JSON.stringify(await changesById(house.store, answer.changeIds))}`);
    return end;
  };
  const write = (id: string, text: string, more: Record<string, unknown> = {}) =>
    house.act('next-step', { id, text, ...more });
  const record = async (id: string) => (await house.practice.world()).opportunities[id]?.record as Doc;
  const applied = async (id: string) => (await house.practice.world()).applied.filter((one) => one.id === id);
  const calls = async (name: string) => (await house.practice.world()).calls[name] ?? 0;
  const nextSteps = async (id: string) =>
    (await applied(id)).map(({ value }) => (value as Doc)['LifeCycle.NextSteps'] ?? 'sent again');
  const mirrored = async (id: string) => (await load(house.store, id))?.deal as Opportunity;
  const shown = async (...it: Parameters<TestHouse['act']>) => JSON.stringify((await house.act(...it)).reply);
  /** As if the rest before the next try were over. */
  const noRest = () => house.store.prisma.$executeRaw`
    WITH due AS (UPDATE change SET due_at = now() WHERE state = 'waiting' RETURNING deal_id)
    SELECT pg_notify('change_wanted', deal_id) FROM due`;
  const waits = (answer: Answer, waitsFor: string) =>
    until(`it waits: ${waitsFor}`, async () => (await change(answer))?.waitsFor === waitsFor);

  describe('accepting', () => {
    test('whoever accepts becomes the owner: an ACE manager too, and of a task that takes its time', async () => {
      const id = await newReferral();
      await script().slow(1);
      const end = await settled(await house.act('accept', { id }, { as: TEAM.manager }));
      await script().slow(undefined);
      expect(end.ok).toBe(true);
      const successor = (await house.store.prisma.deal.findUniqueOrThrow({ where: { id } })).successor ?? '';
      expect(await applied(id)).toEqual([expect.objectContaining({ kind: 'accept', value: successor })]);
      expect(await applied(successor)).toEqual([
        expect.objectContaining({ kind: 'assign', value: TEAM.manager }),
      ]);
      expect((await mirrored(successor)).owner?.email).toBe(TEAM.manager);
      expect((await mirrored(successor)).contacts).not.toEqual([]);
    });

    test('of two people who press at once, one asks AWS, and the other is told who it was', async () => {
      const id = await newReferral();
      const both = await Promise.all([LEAD, TEAM.manager].map((as) => house.act('accept', { id }, { as })));
      const [winner, other] = both[0]?.ok ? both : both.toReversed();
      if (!winner || !other) throw new Error('Both were answered.');
      expect(other).toMatchObject({ ok: false, changeIds: [] });
      expect(JSON.stringify(other.reply)).toContain((await change(winner))?.person.name);
      await settled(winner);
      expect(await applied(id)).toHaveLength(1);
      expect(await shown('accept', { id }, { as: TEAM.team })).toContain((await change(winner))?.person.name);
    });

    test('a task that AWS ends with a no is told with it; the owner stays; one may try again', async () => {
      const id = await newReferral();
      await script().failNextAccept('OpportunityValidationFailed');
      const answer = await house.act('accept', { id });
      expect((await settled(answer)).ok).toBe(false);
      expect(await change(answer)).toMatchObject({
        state: 'refused',
        answer: expect.stringMatching(/validation/i),
      });
      expect(await change(answer, 1)).toMatchObject({ state: 'cancelled' });
      expect(await applied(id)).toEqual([]);
      expect((await settled(await house.act('accept', { id }))).ok).toBe(true);
      expect(await applied(id)).toHaveLength(1);
    });

    test('a task that failed for a passing reason is started again by itself', async () => {
      const id = await newReferral();
      await script().failNextAccept('InternalError');
      const answer = await house.act('accept', { id });
      await waits(answer, 'unavailable');
      await noRest();
      expect((await settled(answer)).ok).toBe(true);
      expect(await applied(id)).toHaveLength(1);
    });

    test('what was accepted in Partner Central meanwhile is said so, and its owner is left alone', async () => {
      const id = await newReferral();
      const tool = otherTool(house);
      await tool.startAccept('another-tool', id);
      await until('it is accepted there', async () => {
        await tool.listAcceptTasks(id);
        return (await applied(id)).length === 1;
      });
      const answer = await house.act('accept', { id });
      expect((await settled(answer)).ok).toBe(false);
      expect((await change(answer))?.answer).toContain('accepted in Partner Central');
      expect(await change(answer, 1)).toMatchObject({ state: 'cancelled' });
      expect((await house.practice.world()).applied.at(-1)).toMatchObject({ kind: 'accept', id });
    });

    test('what expired meanwhile is said to be lost, and leaves the pending list', async () => {
      const id = await newReferral();
      await script().expire(id);
      const answer = await house.act('accept', { id });
      expect((await settled(answer)).ok).toBe(false);
      expect((await change(answer))?.answer).toContain('expired');
      expect(await shown('list', { view: 'pending' })).not.toContain(id);
      expect(await applied(id)).toEqual([]);
    });

    test('a lead is accepted in one step and belongs to whoever accepted it', async () => {
      const id = await script().newLead();
      await house.aws.sync();
      const answer = await house.act('accept', { id }, { as: TEAM.team });
      expect(answer.changeIds).toHaveLength(1);
      expect((await settled(answer)).ok).toBe(true);
      expect(await applied(id)).toEqual([expect.objectContaining({ kind: 'accept-lead' })]);
      const { successor } = await house.store.prisma.deal.findUniqueOrThrow({ where: { id } });
      expect((await load(house.store, successor ?? ''))?.deal.kind).toBe('lead');
      expect(
        (await house.store.prisma.deal.findUniqueOrThrow({ where: { id: successor ?? '' } })).ownerEmail,
      ).toBe(TEAM.team);
    });

    test('of a task that takes more than a minute people hear that AWS is still working, and its end privately', async () => {
      const id = await newReferral();
      await script().slow(2);
      const told: string[] = [];
      house.addMessenger({
        platform: 'teams',
        tell: async (_, reply) => {
          told.push(JSON.stringify(reply));
          return {};
        },
        redraw: async (ref) => ref,
        find: async () => undefined,
      });
      const answer = await house.act('accept', { id });
      const { id: personId } = await house.store.prisma.person.findUniqueOrThrow({ where: { email: LEAD } });
      const account = {
        platform: 'teams',
        tenant: 't',
        userId: 'u',
        personId,
        way: 'practice',
        state: 'live',
      };
      await house.store.prisma.link.create({ data: account });
      // The minute passes on the Change itself: its age is what counts.
      await house.store.prisma.$executeRaw`UPDATE change SET requested_at = now() - interval '61 seconds',
        source = '{"platform": "teams", "tenant": "t", "user": "u"}' WHERE id = ANY(${answer.changeIds}::uuid[])`;
      await until('it says so', async () => /still working/.test((await change(answer))?.answer ?? ''));
      expect(await shown('show', { id })).toContain('AWS is still working');
      expect((await settled(answer)).ok).toBe(true);
      await script().slow(undefined);
      await until('contacts and outcome are told', () => told.length >= 2);
      expect(told.some((reply) => reply.includes('Contacts for'))).toBe(true);
      expect(told.some((reply) => reply.includes('AWS confirmed'))).toBe(true);
      const steps = (
        await house.store.prisma.transition.findMany({
          where: { changeId: answer.changeIds[0] ?? '' },
          orderBy: { id: 'asc' },
        })
      ).map(({ state }) => state);
      // Looking after a task is not news: nothing is written down for it.
      expect(steps).toEqual(['requested', 'sending', 'sending', 'confirmed']);
    });
  });

  describe('an answer that is lost on the way', () => {
    test('of an acceptance: it is found out, and done once', async () => {
      const id = await newReferral();
      await script().dropNext();
      const answer = await house.act('accept', { id });
      await waits(answer, 'answer');
      expect(await house.act('waiting', { change: answer.changeIds[0], do: 'cancel' })).toMatchObject({
        ok: false,
      });
      await noRest();
      expect((await settled(answer)).ok).toBe(true);
      expect((await applied(id)).map(({ kind }) => kind)).toEqual(['accept']);
    });

    test('of a lead’s acceptance: likewise', async () => {
      const id = await script().newLead();
      await house.aws.sync();
      await script().dropNext();
      const answer = await house.act('accept', { id });
      await waits(answer, 'answer');
      await noRest();
      expect((await settled(answer)).ok).toBe(true);
      expect(await applied(id)).toHaveLength(1);
    });

    test('of a change of owner: likewise', async () => {
      const id = await newReferral();
      await script().slow(1);
      const answer = await house.act('accept', { id }, { as: TEAM.team });
      await until('AWS works on it', async () =>
        (await house.practice.world()).tasks.some((task) => task.invitationId === id),
      );
      await script().dropNext();
      await until('its answer was lost', async () => (await change(answer, 1))?.waitsFor === 'answer');
      await script().slow(undefined);
      await noRest();
      expect((await settled(answer)).ok).toBe(true);
      const { successor } = await house.store.prisma.deal.findUniqueOrThrow({ where: { id } });
      expect((await applied(successor ?? '')).map(({ kind }) => kind)).toEqual(['assign']);
    });

    test('of a next step: likewise, and it is no conflict with oneself', async () => {
      const id = await approved(openClose);
      const text = fresh('Lost on the way');
      await script().dropNext();
      const before = await calls('UpdateOpportunity');
      const answer = await write(id, text);
      await waits(answer, 'answer');
      await noRest();
      expect((await settled(answer)).ok).toBe(true);
      expect(await nextSteps(id)).toEqual([text]);
      expect(await calls('UpdateOpportunity')).toBe(before + 1);
    });
  });

  describe('AWS away', () => {
    test('people see that it waits; then all goes through, once, in order per deal', async () => {
      const [one, other, referral] = [
        await approved(openClose),
        await approved(openClose),
        await newReferral(),
      ];
      await script().down('unreachable');
      const texts = [fresh('First'), fresh('Second'), fresh('Third')];
      const answers: Answer[] = [];
      for (const text of texts) answers.push(await write(one, text));
      answers.push(await write(other, fresh('Meanwhile')), await house.act('accept', { id: referral }));
      for (const nth of [0, 3, 4]) await waits(answers[nth] as Answer, 'unavailable');
      const waiting = await shown('waiting', {});
      for (const text of texts) expect(waiting).toContain(text);
      expect(waiting).toContain('does not answer');
      expect(await shown('show', { id: referral })).toContain('Waiting: AWS does not answer');
      // Ten minutes are some fifteen tries.
      for (let tries = 0; tries < 15; tries++) {
        await noRest();
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      await script().up();
      // What is in hand just now may fail once more, and would rest a minute.
      await until('nothing is open', async () => {
        await noRest();
        return (await house.store.prisma.change.count({ where: { settledAt: null } })) === 0;
      });
      for (const answer of answers) expect((await settled(answer)).ok).toBe(true);
      expect(await nextSteps(one)).toEqual(texts);
      expect(await applied(referral)).toHaveLength(1);
      expect(await shown('waiting', {})).toContain('Nothing waits for AWS');
    });

    test('what waits for AWS to come back can be taken back, whatever the agent is trying', async () => {
      const id = await approved(openClose);
      await script().down();
      const answer = await write(id, fresh('Never sent'));
      await waits(answer, 'unavailable');
      const cancelling = noRest().then(() =>
        house.act('waiting', { change: answer.changeIds[0], do: 'cancel' }),
      );
      expect(await cancelling).toMatchObject({ ok: true });
      await script().up();
      expect((await settled(await write(id, fresh('Sent instead')))).ok).toBe(true);
      expect(await applied(id)).toHaveLength(1);
      expect(await change(answer)).toMatchObject({ state: 'cancelled' });
    });

    test('when AWS asks us to go slower, it waits its turn and goes through', async () => {
      const id = await approved(openClose);
      await script().throttle(2);
      const answer = await write(id, fresh('In its turn'));
      await waits(answer, 'unavailable');
      expect((await change(answer))?.answer).toContain('slower');
      expect((await settled(answer)).ok).toBe(true);
      expect(await applied(id)).toHaveLength(1);
    });
  });

  describe('another tool writes too', () => {
    test('the same field: theirs stays, and the person sees both values', async () => {
      const id = await approved(openClose);
      await script().edit(id, 'LifeCycle.NextSteps', 'Theirs, from the web page');
      const answer = await write(id, 'Ours, from chat');
      expect((await settled(answer)).ok).toBe(false);
      const { state, answer: said } = (await change(answer)) ?? {};
      expect(state).toBe('conflict');
      expect(said).toContain('Theirs, from the web page');
      expect(said).toContain('Ours, from chat');
      expect(await applied(id)).toEqual([]);
      expect((await record(id)).LifeCycle).toMatchObject({ NextSteps: 'Theirs, from the web page' });
      expect((await settled(await write(id, 'Ours, knowing theirs'))).ok).toBe(true);
    });

    test('another field: ours is added and theirs survives', async () => {
      const id = await approved(openClose);
      await script().edit(id, 'Project.AdditionalComments', 'Theirs');
      const text = fresh('Ours');
      expect((await settled(await write(id, text))).ok).toBe(true);
      const after = await record(id);
      expect(after.Project).toMatchObject({ AdditionalComments: 'Theirs' });
      expect(after.LifeCycle).toMatchObject({ NextSteps: text });
    });

    test('everything AWS had, known to us or not, comes back as it was: also digits no JavaScript number holds', async () => {
      const id = await approved(({ company }) => company === FUTURE);
      const before = await record(id);
      const text = fresh('The rest untouched');
      expect((await settled(await write(id, text))).ok).toBe(true);
      const after = await record(id);
      const {
        LifeCycle: was,
        LastModifiedDate: _,
        ...rest
      } = before as { LifeCycle: Doc; LastModifiedDate: string };
      const {
        LifeCycle: is,
        LastModifiedDate: __,
        ...kept
      } = after as { LifeCycle: Doc; LastModifiedDate: string };
      expect(JSON.stringify(rest)).toContain('9007199254740993');
      expect(kept).toEqual(rest);
      const history = [...((was.NextStepsHistory ?? []) as Doc[]), expect.objectContaining({ Value: text })];
      expect(is).toEqual({ ...was, NextSteps: text, NextStepsHistory: history });
      expect(
        Object.keys((await applied(id))[0]?.value ?? {}).filter((path) => !path.includes('NextSteps')),
      ).toEqual([]);
    });
  });

  describe('a record that AWS has locked', () => {
    test('a next step is queued on request, rewritten, and sent when the review is over', async () => {
      const id = await approved(openClose);
      await script().startReview(id);
      await house.aws.sync();
      const asked = await write(id, 'Hello');
      expect(asked).toMatchObject({ ok: false, changeIds: [] });
      expect(JSON.stringify(asked.reply)).toContain('Queue it');
      const answer = await write(id, 'Hello', { queue: 'yes' });
      expect(await change(answer)).toMatchObject({ state: 'waiting', waitsFor: 'locked' });
      const text = fresh('Rewritten while it waited');
      await house.act('waiting', { change: answer.changeIds[0], do: 'edit', text });
      expect(await shown('waiting', {})).toContain(text);
      expect(await applied(id)).toEqual([]);
      await script().review(id, 'approve');
      await house.aws.sync();
      expect((await settled(answer)).ok).toBe(true);
      expect(await nextSteps(id)).toEqual([text]);
    });

    test('locked between our look and the sending: it waits, and can be taken back', async () => {
      const id = await approved(openClose);
      await script().startReview(id);
      const answer = await write(id, 'Too late for this review');
      await waits(answer, 'locked');
      expect(await house.act('waiting', { change: answer.changeIds[0], do: 'cancel' })).toMatchObject({
        ok: true,
      });
      await script().review(id, 'approve');
      await house.aws.sync();
      expect(await change(answer)).toMatchObject({ state: 'cancelled' });
      expect(await applied(id)).toEqual([]);
    });

    test('a review that ends with a no ends the wish with a reason', async () => {
      const id = await approved(openClose);
      await script().startReview(id);
      await house.aws.sync();
      const answer = await write(id, 'Never', { queue: 'yes' });
      await script().review(id, 'reject');
      await house.aws.sync();
      expect((await settled(answer)).ok).toBe(false);
      expect(await change(answer)).toMatchObject({
        state: 'refused',
        answer: expect.stringContaining('rejected'),
      });
    });
  });

  test('a close date that is past is asked for and goes out in the same update', async () => {
    const id = await approved(({ closeDate = '' }) => closeDate < today);
    const asked = await write(id, 'Contract signed');
    expect(asked).toMatchObject({ ok: false, reply: { kind: 'form' } });
    const closeDate = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    expect((await settled(await write(id, 'Contract signed', { closeDate }))).ok).toBe(true);
    expect(await applied(id)).toEqual([
      expect.objectContaining({
        value: expect.objectContaining({
          'LifeCycle.NextSteps': 'Contract signed',
          'LifeCycle.TargetCloseDate': closeDate,
        }),
      }),
    ]);
  });

  test('the history tells who asked, and what AWS answered with which request id', async () => {
    const actor = await findPerson(house.store, LEAD);
    if (!actor) throw new Error('The lead is on the roster.');
    const told = await history(house.store, actor, undefined, 200);
    const confirmed = told.filter(({ change: { state } }) => state === 'confirmed');
    expect(confirmed.length).toBeGreaterThan(10);
    for (const { change: one } of confirmed.filter(({ change: { wish } }) => wish.kind === 'update'))
      expect(one.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
    const open = await house.store.prisma.change.count({ where: { settledAt: null } });
    expect(open).toBe(0);
  });
});

describe.each(databases)('at AWS’s real quota, on $name', (database) => {
  test('whatever people ask at once goes out at AWS’s own pace, each once', async () => {
    const { databaseUrl, dataDir } = await filled(database);
    const store = await openStore({ databaseUrl, dataDir, log: silentLog });
    const config = { dataDir, partnerCentral: { catalog: 'practice' as const }, allianceLeadEmail: LEAD };
    const house = await openHouse({ config, log: silentLog, store, realQuota: true });
    try {
      await until('the agent has caught up', async () => house.aws.isAgent());
      await house.aws.sync();
      const rows = await store.prisma.deal.findMany({
        where: { status: 'Approved', stage: 'Qualified' },
        take: 3,
      });
      const answers = await Promise.all(
        rows.map(({ id }, nth) => {
          const from = {
            platform: 'console' as const,
            tenant: 'local',
            user: LEAD,
            email: LEAD,
            conversation: 't',
          };
          return house.desk.handle({
            verb: 'next-step',
            input: { id, text: `At once ${nth}` },
            key: `k${nth}`,
            from,
          });
        }),
      );
      for (const answer of answers) expect((await house.desk.settled(answer, 30_000))?.ok).toBe(true);
      const world = await house.practice?.world();
      expect(world?.applied).toHaveLength(rows.length);
      // A write that comes too early is thrown back and goes out a second later; that is the exception.
      expect(world?.calls.UpdateOpportunity).toBeLessThan(2 * rows.length);
    } finally {
      await house.stop();
    }
  });
});

test('of two replicas one is the agent; when it loses its lease another takes over, and what it had is void', async () => {
  const [, postgres] = databases;
  const place = await filled(postgres as (typeof databases)[number]);
  const config = { ...place, partnerCentral: { catalog: 'practice' as const }, allianceLeadEmail: LEAD };
  const houses = await Promise.all([1, 2].map(() => openHouse({ config, log: silentLog })));
  const [{ store, practice, desk }] = houses as [House, House];
  try {
    const agents = () => houses.filter(({ aws }) => aws.isAgent()).length;
    const epoch = async () => (await store.prisma.agent.findUniqueOrThrow({ where: { id: 1 } })).epoch;
    await until('there is an agent', () => agents() === 1);
    const before = await epoch();
    const [deal] = await store.prisma.deal.findMany({
      where: { status: 'Approved', stage: 'Qualified' },
      take: 1,
    });
    const { id = '', detail, raw } = deal ?? {};
    await practice?.script.down();
    const input = { id, text: 'Carried over' };
    const from = {
      platform: 'console' as const,
      tenant: 'local',
      user: LEAD,
      email: LEAD,
      conversation: 't',
    };
    const answer = await desk.handle({ verb: 'next-step', input, key: 'once', from });
    const [changeId = ''] = answer.changeIds;
    await until('it waits', async () => (await changesById(store, [changeId]))[0]?.state === 'waiting');
    await store.prisma.$executeRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'ace-desk agent' AND datname = current_database()`;
    await until('the lease changed hands', async () => (await epoch()) > before && agents() === 1);
    const { attempts } = await store.prisma.change.findUniqueOrThrow({ where: { id: changeId } });
    await settle(
      store,
      before,
      { id: changeId, attempts },
      { state: 'refused', answer: 'By the one before' },
    );
    const entry = { deal: { ...(detail as unknown as Opportunity), company: 'By the one before' }, raw };
    expect(await saveMirror(store, [entry], before)).toEqual([]);
    await practice?.script.up();
    await store.prisma.$executeRaw`UPDATE change SET due_at = now() WHERE id = ${changeId}::uuid`;
    expect((await desk.settled(answer, 30_000))?.ok).toBe(true);
    const applied = (await practice?.world())?.applied ?? [];
    expect(applied.map(({ value }) => (value as Doc)['LifeCycle.NextSteps'] ?? 'sent again')).toEqual([
      'Carried over',
    ]);
  } finally {
    await Promise.all(houses.map((house) => house.stop()));
  }
});

/** A database whose pipeline has been read, without its house. */
async function filled(database: (typeof databases)[number]) {
  const place = await database.place();
  const store = await openStore({ ...place, log: silentLog });
  const config = { ...place, partnerCentral: { catalog: 'practice' as const }, allianceLeadEmail: LEAD };
  const house = await openHouse({ config, log: silentLog, store });
  await until('the first reading', async () => (await house.firstReading()).finished);
  await house.stop();
  return place;
}

/** The partner's other software at the same AWS. */
const otherTool = (house: TestHouse) =>
  createPartnerCentral({
    catalog: 'Sandbox',
    region: 'us-east-1',
    credentials: { accessKeyId: 'OTHER', secretAccessKey: 'other' },
    requestHandler: house.practice.handler,
    pace: createPace({
      now: () => new Date(),
      sleep: async () => {},
      readsPerSecond: Number.POSITIVE_INFINITY,
      writesPerSecond: Number.POSITIVE_INFINITY,
    }),
    log: silentLog,
  });
