import { GetOpportunityCommand, UpdateOpportunityCommand } from '@aws-sdk/client-partnercentral-selling';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { textAt } from '../../src/practice/json.ts';
import { Catalog, invitationOf, open, opportunityOf, putBody, type Stage } from './support.ts';

let stage: Stage;
beforeEach(() => {
  stage = open();
});
afterEach(() => expect(stage.faults).toEqual([]));

const get = (Identifier: string) => stage.client.send(new GetOpportunityCommand({ Catalog, Identifier }));
const read = async (id: string, path: string): Promise<string | undefined> =>
  textAt((await stage.practice.world()).opportunities[id]?.record ?? {}, path);

describe("AWS's side", () => {
  test('reviews a submission: locked, then a remark, then approved', async () => {
    const id = await opportunityOf(stage, 'Tidewater');
    const { script } = stage.practice;
    await script.startReview(id);
    expect(await read(id, 'LifeCycle.ReviewStatus')).toBe('In review');
    await script.review(id, { remark: 'Which systems?' });
    expect(await read(id, 'LifeCycle.ReviewStatus')).toBe('Action Required');
    expect(await read(id, 'LifeCycle.ReviewComments')).toBe('Which systems?');
    await script.review(id, 'approve');
    expect(await read(id, 'LifeCycle.ReviewStatus')).toBe('Approved');
    expect(await read(id, 'LifeCycle.ReviewComments')).toBeUndefined();
    await script.review(id, 'reject');
    expect(await read(id, 'LifeCycle.ReviewStatus')).toBe('Rejected');
  });

  test('shares new referrals and leads, each with an id of its own', async () => {
    const { script } = stage.practice;
    const ids = [await script.newReferral(), await script.newReferral(), await script.newLead()];
    expect(new Set(ids).size).toBe(3);
    for (const Identifier of ids) {
      const { body } = await stage.post('GetEngagementInvitation', { Catalog, Identifier });
      expect(body).toMatchObject({ Status: 'PENDING', SenderAwsAccountId: 'aws' });
    }
  });

  test('lets an invitation expire now', async () => {
    const id = await invitationOf(stage, 'Evergrove');
    await stage.practice.script.expire(id);
    const { body } = await stage.post('GetEngagementInvitation', { Catalog, Identifier: id });
    expect(body.Status).toBe('EXPIRED');
  });

  test("another tool's edit moves the time stamp and writes the history", async () => {
    const id = await opportunityOf(stage, 'Juniper Lane');
    const before = await get(id);
    await stage.practice.script.edit(id, 'LifeCycle.NextSteps', 'By another tool');
    const after = await get(id);
    expect(after.LastModifiedDate?.getTime()).toBeGreaterThan(before.LastModifiedDate?.getTime() ?? 0);
    expect(after.LifeCycle?.NextStepsHistory?.at(-1)?.Value).toBe('By another tool');
  });

  test("AWS's own stage moves without the partner's record", async () => {
    const id = await opportunityOf(stage, 'Juniper Lane');
    const before = await read(id, 'LastModifiedDate');
    await stage.practice.script.awsStage(id, 'Committed');
    const { body } = await stage.post('GetAwsOpportunitySummary', {
      Catalog,
      RelatedOpportunityIdentifier: id,
    });
    expect(textAt(body, 'LifeCycle.Stage')).toBe('Committed');
    expect(await read(id, 'LastModifiedDate')).toBe(before);
  });

  test('throttles every call until the time is over', async () => {
    await stage.practice.script.throttle(30);
    const id = await opportunityOf(stage, 'Juniper Lane');
    await expect(get(id)).rejects.toMatchObject({ name: 'ThrottlingException' });
    stage.clock.pass(30_000);
    expect((await get(id)).Id).toBe(id);
  });

  test('is down with an internal error, or out of reach, until it is up', async () => {
    const id = await opportunityOf(stage, 'Juniper Lane');
    await stage.practice.script.down();
    await expect(get(id)).rejects.toMatchObject({ name: 'InternalServerException' });
    await stage.practice.script.down('unreachable');
    await expect(get(id)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await stage.practice.script.up();
    expect((await get(id)).Id).toBe(id);
  });

  test('loses the answer of the next write that is applied, and only that one', async () => {
    await stage.practice.script.dropNext();
    const id = await opportunityOf(stage, 'Juniper Lane');
    const { body } = await stage.post('GetOpportunity', { Catalog, Identifier: id });
    const put = { ...putBody(body), LifeCycle: { ...Object(body.LifeCycle), NextSteps: 'Who heard it?' } };
    const stale = { ...put, LastModifiedDate: '2020-01-01T00:00:00.000Z' };
    expect((await stage.post('UpdateOpportunity', stale)).status).toBe(409);
    await expect(stage.post('UpdateOpportunity', put)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await read(id, 'LifeCycle.NextSteps')).toBe('Who heard it?');
    expect((await stage.practice.world()).applied).toHaveLength(1);
    expect((await stage.post('UpdateOpportunity', put)).status).toBe(409);
  });

  test('the SDK reports a lost answer as an error of its own', async () => {
    await stage.practice.script.dropNext();
    const Identifier = await opportunityOf(stage, 'Larkspur');
    const { LastModifiedDate, LifeCycle } = await get(Identifier);
    const sent = stage.client.send(
      new UpdateOpportunityCommand({ Catalog, Identifier, LastModifiedDate, LifeCycle }),
    );
    await expect(sent).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('the real quota', () => {
  test('lets ten reads through a second, and the eleventh not', async () => {
    stage = open({ quota: 'real' });
    const ask = () => stage.post('ListEngagements', { Catalog });
    for (let call = 0; call < 10; call += 1) expect((await ask()).status).toBe(200);
    expect((await ask()).status).toBe(429);
    stage.clock.pass(100);
    expect((await ask()).status).toBe(200);
    expect((await ask()).status).toBe(429);
  });

  test('lets one write through a second, whichever operation it is', async () => {
    stage = open({ quota: 'real' });
    const id = await invitationOf(stage, 'Evergrove');
    const reject = (Identifier: string) => stage.post('RejectEngagementInvitation', { Catalog, Identifier });
    expect((await reject(id)).status).toBe(200);
    const accept = { Catalog, Identifier: await invitationOf(stage, 'Fennel') };
    expect((await stage.post('AcceptEngagementInvitation', accept)).status).toBe(429);
    stage.clock.pass(1000);
    expect((await stage.post('AcceptEngagementInvitation', accept)).status).toBe(200);
  });

  test('is not asked for when generous', async () => {
    for (let call = 0; call < 25; call += 1) {
      expect((await stage.post('ListEngagements', { Catalog })).status).toBe(200);
    }
  });
});
