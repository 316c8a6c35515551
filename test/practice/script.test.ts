import { GetOpportunityCommand, UpdateOpportunityCommand } from '@aws-sdk/client-partnercentral-selling';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NoSuchRecord } from '../../src/practice/deeds.ts';
import { textAt } from '../../src/practice/json.ts';
import type { State, World } from '../../src/practice/world.ts';
import { Catalog, invitationOf, open, opportunityOf, putBody, SIGNED, type Stage } from './support.ts';

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

  test('shares a lead of the Partner Solutions Finder, and a referral of a customer we have', async () => {
    const { script } = stage.practice;
    const get = async (Identifier: string) =>
      (await stage.post('GetEngagementInvitation', { Catalog, Identifier })).body;
    const lead = await get(await script.newPsfLead());
    expect(textAt(lead, 'Payload.LeadInvitation.Interaction.SourceType')).toBe(
      'AWS Partner Solutions Finder',
    );
    const id = await opportunityOf(stage, 'Juniper Lane');
    const twin = await get(await script.newReferral(id));
    const customer = 'Payload.OpportunityInvitation.Customer';
    for (const name of ['CompanyName', 'WebsiteUrl']) {
      expect(textAt(twin, `${customer}.${name}`)).toBe(await read(id, `Customer.Account.${name}`));
    }
    await expect(script.newReferral('O1')).rejects.toThrow(NoSuchRecord);
  });

  test('qualifies a lead by another tool, and moves its time stamp', async () => {
    const [id = '', before = {}] = Object.entries((await stage.practice.world()).engagements)[0] ?? [];
    await stage.practice.script.qualify(id, 'Disqualified');
    const after = (await stage.practice.world()).engagements[id] ?? {};
    expect(JSON.stringify(after)).toContain('"QualificationStatus":"Disqualified"');
    expect(String(after.ModifiedAt) > String(before.ModifiedAt)).toBe(true);
    await expect(stage.practice.script.qualify('eng-00000000000000', 'Open')).rejects.toThrow(NoSuchRecord);
  });

  test('edits a member of a list by its place', async () => {
    const id = await opportunityOf(stage, 'Juniper Lane');
    await stage.practice.script.edit(id, 'Project.ExpectedCustomerSpend.0.Amount', '77.00');
    expect((await get(id)).Project?.ExpectedCustomerSpend).toMatchObject([
      { Amount: '77.00', CurrencyCode: 'EUR' },
    ]);
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

  test('counts writes whichever they are, a submission and a lead’s update too', async () => {
    stage = open({ quota: 'real' });
    const Identifier = await opportunityOf(stage, 'Kestrel');
    const AwsSubmission = { InvolvementType: 'Co-Sell' };
    const start = { Catalog, Identifier, ClientToken: 'one', AwsSubmission };
    expect((await stage.post('StartEngagementFromOpportunityTask', start)).status).toBe(200);
    for (const operation of [
      ...['AssociateOpportunity', 'DisassociateOpportunity', 'UpdateEngagementContext'],
      ...['StartEngagementFromOpportunityTask', 'AssignOpportunity'],
    ]) {
      expect((await stage.post(operation, { Catalog })).status).toBe(429);
    }
    for (const operation of ['ListSolutions', 'ListEngagementFromOpportunityTasks']) {
      expect((await stage.post(operation, { Catalog })).status).toBe(200);
    }
  });

  test('lets so many through in any 24 hours, reads and writes apart', async () => {
    stage = open({ perDay: { read: 3, write: 1 } });
    const ask = async () => (await stage.post('ListEngagements', { Catalog })).status;
    const write = async () =>
      (await stage.post('AcceptEngagementInvitation', { Catalog, Identifier: 'engi-0000000000000' })).status;
    expect(await ask()).toBe(200);
    stage.clock.pass(12 * 3_600_000);
    expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429]);
    expect([await write(), await write()]).toEqual([404, 429]);
    stage.clock.pass(12 * 3_600_000 - 1);
    expect(await ask()).toBe(429);
    stage.clock.pass(1);
    expect([await ask(), await ask()]).toEqual([200, 429]);
    stage.clock.pass(12 * 3_600_000);
    expect([await ask(), await ask(), await write()]).toEqual([200, 200, 404]);
  });

  test('has AWS’s own figures for the day, 10,000 writes', async () => {
    let kept: World | undefined;
    const state: State = {
      read: async () => kept,
      async update(move) {
        const { world, answer } = move(kept);
        kept = world;
        return answer;
      },
    };
    stage = open({ quota: 'real', state });
    const headers = { ...SIGNED, 'x-amz-target': 'AWSPartnerCentralSelling.AssignOpportunity' };
    const ask = () => stage.practice.handler.handle({ headers, body: '{}' });
    const statuses: number[] = [];
    for (let call = 0; call < 10_001; call += 1) {
      stage.clock.pass(1000);
      statuses.push((await ask()).response.statusCode);
    }
    expect(statuses.indexOf(429)).toBe(10_000);
  });

  test('is not asked for when generous', async () => {
    for (let call = 0; call < 25; call += 1) {
      expect((await stage.post('ListEngagements', { Catalog })).status).toBe(200);
    }
  });
});
