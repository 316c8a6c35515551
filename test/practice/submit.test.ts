import {
  GetEngagementCommand,
  GetEngagementInvitationCommand,
  GetOpportunityCommand,
  ListEngagementFromOpportunityTasksCommand,
  StartEngagementFromOpportunityTaskCommand,
  type StartEngagementFromOpportunityTaskCommandInput,
} from '@aws-sdk/client-partnercentral-selling';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { put } from '../../src/practice/json.ts';
import { Catalog, open, opportunityOf, putBody, type Stage } from './support.ts';

let stage: Stage;
let draft: string;
beforeEach(async () => {
  stage = open();
  draft = await opportunityOf(stage, 'Kestrel');
});
afterEach(() => expect(stage.faults).toEqual([]));

type Submission = StartEngagementFromOpportunityTaskCommandInput['AwsSubmission'];

const start = (
  Identifier: string,
  ClientToken = 'token-1',
  AwsSubmission: Submission = { InvolvementType: 'Co-Sell', Visibility: 'Full' },
) =>
  stage.client.send(
    new StartEngagementFromOpportunityTaskCommand({ Catalog, Identifier, ClientToken, AwsSubmission }),
  );
const tasks = async (input: object = {}) =>
  (await stage.client.send(new ListEngagementFromOpportunityTasksCommand({ Catalog, ...input })))
    .TaskSummaries ?? [];
const poll = async (id: string) => (await tasks({ OpportunityIdentifier: [id] }))[0];
const get = (Identifier: string) => stage.client.send(new GetOpportunityCommand({ Catalog, Identifier }));
const status = async (id: string) => (await get(id)).LifeCycle?.ReviewStatus;
const applied = async () => (await stage.practice.world()).applied;
const edit = (path: string, value: string) => stage.practice.script.edit(draft, path, value);

/** Takes a member of the draft away, as a PUT does. */
async function lose(path: string): Promise<void> {
  const { body } = await stage.post('GetOpportunity', { Catalog, Identifier: draft });
  expect((await stage.post('UpdateOpportunity', put(putBody(body), path, undefined))).status).toBe(200);
}

async function settled(id: string, token?: string, submission?: Submission) {
  await start(id, token, submission);
  stage.clock.pass(1000);
  return poll(id);
}

describe('submitting', () => {
  test('takes two polls, then the draft is with AWS, locked, under an engagement of its own', async () => {
    const begun = await start(draft);
    expect(begun).toMatchObject({ TaskStatus: 'IN_PROGRESS', OpportunityId: draft });
    expect(begun.StartTime).toBeInstanceOf(Date);
    expect(begun.EngagementId).toBeUndefined();
    expect((await poll(draft))?.TaskStatus).toBe('IN_PROGRESS');
    expect(await status(draft)).toBe('Pending Submission');
    const done = await poll(draft);
    expect(done).toMatchObject({ TaskStatus: 'COMPLETE', TaskId: begun.TaskId });
    expect(await status(draft)).toBe('Submitted');
    const Identifier = done?.EngagementId ?? '';
    const engagement = await stage.client.send(new GetEngagementCommand({ Catalog, Identifier }));
    expect(engagement.Contexts).toMatchObject([{ Type: 'CustomerProject' }]);
    const sent = await stage.client.send(
      new GetEngagementInvitationCommand({ Catalog, Identifier: done?.EngagementInvitationId }),
    );
    expect(sent).toMatchObject({ Status: 'PENDING', EngagementId: Identifier });
    expect(await applied()).toMatchObject([{ kind: 'submit', id: draft, value: 'Co-Sell' }]);
  });

  test('or 300 ms of the practice clock; the time stamp moves', async () => {
    const before = await get(draft);
    await start(draft);
    stage.clock.pass(300);
    const after = await get(draft);
    expect(after.LifeCycle?.ReviewStatus).toBe('Submitted');
    expect(after.LastModifiedDate?.getTime()).toBeGreaterThan(before.LastModifiedDate?.getTime() ?? 0);
  });

  test("AWS's side says what it was submitted for", async () => {
    await settled(draft);
    const { body } = await stage.post('GetAwsOpportunitySummary', {
      Catalog,
      RelatedOpportunityIdentifier: draft,
    });
    expect(body).toMatchObject({ InvolvementType: 'Co-Sell', Visibility: 'Full' });
  });

  test('the same token is the same task, also after it is done, and submits once', async () => {
    const first = await start(draft);
    expect((await start(draft)).TaskId).toBe(first.TaskId);
    stage.clock.pass(1000);
    expect(await start(draft)).toMatchObject({ TaskId: first.TaskId, TaskStatus: 'COMPLETE' });
    expect(await applied()).toHaveLength(1);
  });

  test('the same token with another request is a conflict', async () => {
    await start(draft);
    const conflict = { name: 'ConflictException' };
    await expect(start(draft, 'token-1', { InvolvementType: 'For Visibility Only' })).rejects.toMatchObject(
      conflict,
    );
    await expect(start(await opportunityOf(stage, 'Larkspur'))).rejects.toMatchObject(conflict);
  });

  test('another token while it runs is a conflict, and afterwards the state forbids it', async () => {
    await start(draft);
    await expect(start(draft, 'token-2')).rejects.toMatchObject({ name: 'ConflictException' });
    stage.clock.pass(1000);
    await expect(start(draft, 'token-2')).rejects.toMatchObject({
      ErrorList: [{ FieldName: 'identifier', Code: 'INVALID_RESOURCE_STATE' }],
    });
  });

  test('a lost answer is found again under its token', async () => {
    await stage.practice.script.dropNext();
    await expect(start(draft)).rejects.toMatchObject({ code: 'ECONNRESET' });
    stage.clock.pass(1000);
    expect(await start(draft)).toMatchObject({ TaskStatus: 'COMPLETE' });
    expect(await applied()).toHaveLength(1);
  });

  test('a slow task waits for its time, however often one asks', async () => {
    await stage.practice.script.slow(60);
    await start(draft);
    for (let time = 0; time < 4; time += 1) expect((await poll(draft))?.TaskStatus).toBe('IN_PROGRESS');
    stage.clock.pass(60_000);
    expect((await poll(draft))?.TaskStatus).toBe('COMPLETE');
  });

  test('a failed task gives its reason and moves nothing; a new one may be started', async () => {
    await stage.practice.script.failNextSubmit('ResourceSnapshotJobAccessDenied');
    expect(await settled(draft)).toMatchObject({
      TaskStatus: 'FAILED',
      ReasonCode: 'ResourceSnapshotJobAccessDenied',
      Message: expect.any(String),
    });
    expect(await status(draft)).toBe('Pending Submission');
    expect(await applied()).toEqual([]);
    expect(await settled(draft, 'token-2')).toMatchObject({ TaskStatus: 'COMPLETE' });
  });

  test('its doom is not that of an accept task', async () => {
    await stage.practice.script.failNextAccept('InternalError');
    expect(await settled(draft)).toMatchObject({ TaskStatus: 'COMPLETE' });
  });

  test('tasks are found by id, status and engagement', async () => {
    const other = await opportunityOf(stage, 'Larkspur');
    const [one] = [await settled(draft), await settled(other, 'token-2')];
    expect(await tasks({ TaskIdentifier: [one?.TaskId] })).toMatchObject([{ OpportunityId: draft }]);
    expect(await tasks({ EngagementIdentifier: [one?.EngagementId] })).toMatchObject([
      { OpportunityId: draft },
    ]);
    expect(await tasks({ TaskStatus: ['FAILED'] })).toEqual([]);
    expect(await tasks({ MaxResults: 1 })).toHaveLength(1);
  });

  test('an unknown opportunity is not found', async () => {
    await expect(start('O1')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('refuses a submission that does not say for what', async () => {
    const { body } = await stage.post('StartEngagementFromOpportunityTask', {
      ...{ Catalog, Identifier: draft, ClientToken: 'x' },
      AwsSubmission: { Visibility: 'Half' },
    });
    expect(body.ErrorList).toMatchObject([
      { FieldName: 'awsSubmission.involvementType', Code: 'REQUIRED_FIELD_MISSING' },
      { FieldName: 'awsSubmission.visibility', Code: 'INVALID_ENUM_VALUE' },
    ]);
  });
});

describe('what is checked on submission', () => {
  test.each([
    ['PrimaryNeedsFromAws', /PrimaryNeedsFromAws is required/],
    ['Project.SalesActivities', /SalesActivities is required/],
    ['Project.DeliveryModels', /DeliveryModels is required/],
    ['Project.CustomerUseCase', /CustomerUseCase is required/],
    ['Project.Title', /Title is required/],
    ['Customer.Account.WebsiteUrl', /WebsiteUrl is required/],
    ['Customer.Account.Address.PostalCode', /PostalCode is required/],
    ['LifeCycle.TargetCloseDate', /TargetCloseDate is required/],
  ])('%s', async (path, message) => {
    await lose(path);
    expect(await settled(draft)).toMatchObject({
      TaskStatus: 'FAILED',
      ReasonCode: 'OpportunityValidationFailed',
      Message: expect.stringMatching(message),
    });
    expect(await status(draft)).toBe('Pending Submission');
  });

  test('a solution or another one described', async () => {
    await edit('Project.OtherSolutionDescription', '');
    await edit('RelatedEntityIdentifiers', '');
    expect((await settled(draft))?.Message).toMatch(/Solutions is required for opportunity submission/);
  });

  test('the form of the postal code, and a close date that is not past', async () => {
    await edit('Customer.Account.Address.PostalCode', 'ten');
    await edit('LifeCycle.TargetCloseDate', '2026-11-22');
    expect((await settled(draft))?.Message).toMatch(
      /postal code is invalid.*must not be in the past|past.*postal/s,
    );
  });

  test('for visibility only, with co-sell needs', async () => {
    const task = await settled(draft, 'token-1', { InvolvementType: 'For Visibility Only' });
    expect(task?.Message).toMatch(/For Visibility Only/);
    await lose('PrimaryNeedsFromAws');
    expect(await settled(draft, 'token-2', { InvolvementType: 'For Visibility Only' })).toMatchObject({
      TaskStatus: 'COMPLETE',
    });
  });

  test('national security: full visibility only, and no customer needed', async () => {
    draft = await opportunityOf(stage, 'REDACTED');
    await stage.practice.script.review(draft, { remark: 'Once more, please.' });
    const limited = await settled(draft, 'token-1', { InvolvementType: 'Co-Sell', Visibility: 'Limited' });
    expect(limited?.Message).toMatch(/Visibility MUST be Full/);
    expect(await settled(draft, 'token-2')).toMatchObject({ TaskStatus: 'COMPLETE' });
  });
});

describe('from state to state', () => {
  test('what AWS asked about may be submitted, and AWS answers the invitation with its verdict', async () => {
    const id = await opportunityOf(stage, 'Cormorant');
    const task = await settled(id);
    const invitation = async () =>
      (
        await stage.client.send(
          new GetEngagementInvitationCommand({ Catalog, Identifier: task?.EngagementInvitationId }),
        )
      ).Status;
    expect(await status(id)).toBe('Submitted');
    await stage.practice.script.review(id, { remark: 'Still unclear.' });
    expect(await invitation()).toBe('PENDING');
    await stage.practice.script.review(id, 'approve');
    expect(await invitation()).toBe('ACCEPTED');
  });

  test('a draft that is approved has AWS’s people from then on', async () => {
    const people = async () =>
      (await stage.post('GetAwsOpportunitySummary', { Catalog, RelatedOpportunityIdentifier: draft })).body
        .OpportunityTeam;
    await settled(draft);
    expect(await people()).toBeUndefined();
    await stage.practice.script.review(draft, 'approve');
    expect(await people()).toHaveLength(2);
  });

  test.each([
    ['Submitted', 'Gullwing'],
    ['In review', 'Meridian'],
    ['Approved', 'Juniper Lane'],
    ['Rejected', 'Redwing'],
    ['accepted from AWS', 'Wildrose'],
  ])('%s: cannot be submitted', async (_, company) => {
    await expect(start(await opportunityOf(stage, company))).rejects.toMatchObject({
      ErrorList: [{ Code: 'INVALID_RESOURCE_STATE' }],
    });
  });

  test('what AWS took up meanwhile fails in its task', async () => {
    await start(draft);
    await stage.practice.script.startReview(draft);
    stage.clock.pass(1000);
    expect(await poll(draft)).toMatchObject({ ReasonCode: 'OpportunitySubmissionFailed' });
    expect(await status(draft)).toBe('In review');
  });
});
