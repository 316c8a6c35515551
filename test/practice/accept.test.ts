import {
  AcceptEngagementInvitationCommand,
  GetEngagementCommand,
  GetEngagementInvitationCommand,
  GetOpportunityCommand,
  ListEngagementByAcceptingInvitationTasksCommand,
  ListEngagementInvitationsCommand,
  type ListEngagementInvitationsCommandInput,
  ListEngagementsCommand,
  RejectEngagementInvitationCommand,
  StartEngagementByAcceptingInvitationTaskCommand,
} from '@aws-sdk/client-partnercentral-selling';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Catalog, invitationOf, open, type Stage } from './support.ts';

let stage: Stage;
beforeEach(() => {
  stage = open();
});
afterEach(() => expect(stage.faults).toEqual([]));

const EVERGROVE = 'Evergrove';
const LEAD = 'Fennel & Rye';

const start = (Identifier: string, ClientToken = 'token-1') =>
  stage.client.send(
    new StartEngagementByAcceptingInvitationTaskCommand({ Catalog, Identifier, ClientToken }),
  );
const poll = async (id: string) =>
  (
    await stage.client.send(
      new ListEngagementByAcceptingInvitationTasksCommand({ Catalog, EngagementInvitationIdentifier: [id] }),
    )
  ).TaskSummaries?.[0];
const invitation = (Identifier: string) =>
  stage.client.send(new GetEngagementInvitationCommand({ Catalog, Identifier }));
const opportunity = (Identifier = '') =>
  stage.client.send(new GetOpportunityCommand({ Catalog, Identifier }));
const engagement = (Identifier = '') => stage.client.send(new GetEngagementCommand({ Catalog, Identifier }));
const acceptLead = (Identifier: string) =>
  stage.client.send(new AcceptEngagementInvitationCommand({ Catalog, Identifier }));
const reject = (Identifier: string, RejectionReason?: string) =>
  stage.client.send(
    new RejectEngagementInvitationCommand({
      Catalog,
      Identifier,
      ...(RejectionReason ? { RejectionReason } : {}),
    }),
  );
const listed = async (input: Partial<ListEngagementInvitationsCommandInput> = {}) =>
  (
    await stage.client.send(
      new ListEngagementInvitationsCommand({
        Catalog,
        ParticipantType: 'RECEIVER',
        MaxResults: 100,
        ...input,
      }),
    )
  ).EngagementInvitationSummaries ?? [];
const applied = async () => (await stage.practice.world()).applied;

describe('invitations', () => {
  test('the list of what we received is filtered by status, payload and sender', async () => {
    const pending = await listed({ Status: ['PENDING'] });
    expect(pending).toHaveLength(16);
    expect(await listed({ Status: ['PENDING'], PayloadType: ['LeadInvitation'] })).toHaveLength(4);
    expect(await listed({ SenderAwsAccountId: ['444455556666'] })).toHaveLength(1);
    const [one] = pending;
    expect(await listed({ EngagementIdentifier: [one?.EngagementId ?? ''] })).toHaveLength(1);
    expect((await listed({ Status: ['EXPIRED'] })).length).toBeGreaterThanOrEqual(2);
  });

  test('what we sent ourselves is another list', async () => {
    const sent = await listed({ ParticipantType: 'SENDER' });
    const received = await listed();
    expect(sent).toHaveLength(2);
    expect(received.map(({ Id }) => Id)).not.toEqual(expect.arrayContaining(sent.map(({ Id }) => Id)));
    await expect(start(sent[0]?.Id ?? '')).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('who receives must be said', async () => {
    const { body } = await stage.post('ListEngagementInvitations', { Catalog });
    expect(body.ErrorList).toMatchObject([{ FieldName: 'participantType', Code: 'REQUIRED_FIELD_MISSING' }]);
  });

  test('newest first without a wish, oldest first when asked, page by page', async () => {
    const dates = (await listed()).map(({ InvitationDate }) => InvitationDate?.getTime() ?? 0);
    expect(dates).toEqual([...dates].sort((a, b) => b - a));
    const oldest = await listed({ Sort: { SortBy: 'InvitationDate', SortOrder: 'ASCENDING' } });
    expect(oldest.map(({ InvitationDate }) => InvitationDate?.getTime())).toEqual([...dates].reverse());
    const first = await stage.post('ListEngagementInvitations', {
      Catalog,
      ParticipantType: 'RECEIVER',
      MaxResults: 5,
    });
    expect(first.body.EngagementInvitationSummaries).toHaveLength(5);
    expect(first.body).toHaveProperty('NextToken');
  });

  test('dates have microseconds and an offset, and the SDK reads them', async () => {
    const id = await invitationOf(stage, EVERGROVE);
    const { text } = await stage.post('GetEngagementInvitation', { Catalog, Identifier: id });
    expect(text).toMatch(/"InvitationDate":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00"/);
    expect((await invitation(id)).ExpirationDate).toBeInstanceOf(Date);
  });

  test('before acceptance a referral says what it is about, and nothing of contacts or address', async () => {
    const id = await invitationOf(stage, EVERGROVE);
    const answer = await invitation(id);
    const payload = answer.Payload?.OpportunityInvitation;
    expect(payload).toMatchObject({ Customer: { CompanyName: 'Evergrove Timber', CountryCode: 'SE' } });
    expect(payload?.SenderContacts).toHaveLength(2);
    expect(JSON.stringify(answer)).not.toMatch(/Gothenburg|@evergrove-timber/);
    expect(Object.keys(payload?.Customer ?? {})).not.toContain('Contacts');
  });

  test('it is found by its ARN as well', async () => {
    const { Arn = '', Id } = await invitation(await invitationOf(stage, EVERGROVE));
    expect((await invitation(Arn)).Id).toBe(Id);
  });

  test('past its expiration date it is EXPIRED, without anybody writing it', async () => {
    const id = await invitationOf(stage, 'Marlow Street');
    expect((await invitation(id)).Status).toBe('PENDING');
    stage.clock.pass(5 * 3_600_000 + 1000);
    expect((await invitation(id)).Status).toBe('EXPIRED');
    expect((await listed({ Status: ['PENDING'] })).map(({ Id }) => Id)).not.toContain(id);
    for (const late of [start(id), reject(id)]) {
      await expect(late).rejects.toMatchObject({ ErrorList: [{ Code: 'INVALID_RESOURCE_STATE' }] });
    }
  });
});

describe('accepting a referral', () => {
  test('takes two polls, then the opportunity is there with everything that was hidden', async () => {
    const id = await invitationOf(stage, EVERGROVE);
    const begun = await start(id);
    expect(begun).toMatchObject({ TaskStatus: 'IN_PROGRESS', EngagementInvitationId: id });
    expect(begun.OpportunityId).toBeUndefined();
    expect((await poll(id))?.TaskStatus).toBe('IN_PROGRESS');
    const done = await poll(id);
    expect(done).toMatchObject({ TaskStatus: 'COMPLETE', TaskId: begun.TaskId });
    const record = await opportunity(done?.OpportunityId);
    expect(record).toMatchObject({
      LifeCycle: { Stage: 'Prospect', NextSteps: expect.any(String) },
      OpportunityTeam: [{ Email: 'lead@partner.example', BusinessTitle: 'OpportunityOwner' }],
      Customer: { Account: { Address: { City: 'Gothenburg' } } },
    });
    expect(record.Customer?.Contacts).toHaveLength(2);
    expect(record.LifeCycle?.ReviewStatus).toBeUndefined();
    const summary = await stage.post('GetAwsOpportunitySummary', {
      Catalog,
      RelatedOpportunityIdentifier: done?.OpportunityId,
    });
    expect(summary.body).toMatchObject({ Origin: 'AWS Referral', RelatedOpportunityId: done?.OpportunityId });
    expect((await invitation(id)).Status).toBe('ACCEPTED');
  });

  test('or 300 ms of the practice clock, without a poll', async () => {
    const id = await invitationOf(stage, EVERGROVE);
    await start(id);
    stage.clock.pass(299);
    expect((await invitation(id)).Status).toBe('PENDING');
    stage.clock.pass(1);
    expect((await invitation(id)).Status).toBe('ACCEPTED');
    expect(await applied()).toMatchObject([{ kind: 'accept', id, value: expect.stringMatching(/^O\d+$/) }]);
  });

  test('the owner is the alliance lead that was named', async () => {
    stage = open({ leadEmail: 'boss@partner.example' });
    const id = await invitationOf(stage, EVERGROVE);
    await start(id);
    stage.clock.pass(1000);
    const record = await opportunity((await poll(id))?.OpportunityId);
    expect(record.OpportunityTeam?.[0]?.Email).toBe('boss@partner.example');
  });

  test('the same token again is the same task, also after it is done, and applies once', async () => {
    const id = await invitationOf(stage, EVERGROVE);
    const first = await start(id);
    const second = await start(id);
    expect(second.TaskId).toBe(first.TaskId);
    stage.clock.pass(1000);
    expect(await start(id)).toMatchObject({ TaskId: first.TaskId, TaskStatus: 'COMPLETE' });
    expect(await applied()).toHaveLength(1);
  });

  test('the same token for another invitation is a conflict', async () => {
    await start(await invitationOf(stage, EVERGROVE));
    await expect(start(await invitationOf(stage, 'Tamarind'))).rejects.toMatchObject({
      name: 'ConflictException',
      message: 'Conflicting client token submitted for a new request body.',
    });
  });

  test('another token is a conflict while it runs and after it is done', async () => {
    const id = await invitationOf(stage, EVERGROVE);
    await start(id);
    await expect(start(id, 'token-2')).rejects.toMatchObject({ name: 'ConflictException' });
    stage.clock.pass(1000);
    await expect(start(id, 'token-2')).rejects.toMatchObject({ name: 'ConflictException' });
    expect(await applied()).toHaveLength(1);
  });

  test('a slow task waits for its time, however often one asks', async () => {
    await stage.practice.script.slow(90);
    const id = await invitationOf(stage, EVERGROVE);
    await start(id);
    for (let time = 0; time < 5; time += 1) expect((await poll(id))?.TaskStatus).toBe('IN_PROGRESS');
    stage.clock.pass(89_999);
    expect((await poll(id))?.TaskStatus).toBe('IN_PROGRESS');
    stage.clock.pass(1);
    expect((await poll(id))?.TaskStatus).toBe('COMPLETE');
  });

  test('a failed task gives its reason and moves nothing; a new one may be started', async () => {
    await stage.practice.script.failNextAccept('OpportunityAccessDenied');
    const id = await invitationOf(stage, EVERGROVE);
    await start(id);
    stage.clock.pass(1000);
    expect(await poll(id)).toMatchObject({
      TaskStatus: 'FAILED',
      ReasonCode: 'OpportunityAccessDenied',
      Message: expect.any(String),
    });
    expect((await invitation(id)).Status).toBe('PENDING');
    expect(await applied()).toEqual([]);
    await start(id, 'token-2');
    stage.clock.pass(1000);
    expect((await poll(id))?.TaskStatus).toBe('COMPLETE');
  });

  test('of what another partner sent works the same', async () => {
    const id = await invitationOf(stage, 'Pinecrest');
    await start(id);
    stage.clock.pass(1000);
    expect((await invitation(id)).Status).toBe('ACCEPTED');
  });

  test('tasks are found by id, status and opportunity', async () => {
    const ids = [await invitationOf(stage, EVERGROVE), await invitationOf(stage, 'Tamarind')];
    const [one] = [await start(ids[0] ?? '', 'a'), await start(ids[1] ?? '', 'b')];
    stage.clock.pass(1000);
    const find = async (input: object) =>
      (await stage.post('ListEngagementByAcceptingInvitationTasks', { Catalog, ...input })).body
        .TaskSummaries;
    expect(await find({ TaskIdentifier: [one.TaskId] })).toMatchObject([{ EngagementInvitationId: ids[0] }]);
    expect(await find({ TaskStatus: ['COMPLETE'] })).toHaveLength(2);
    expect(await find({ TaskStatus: ['FAILED'] })).toEqual([]);
    const { OpportunityId } = (await poll(ids[1] ?? '')) ?? {};
    expect(await find({ OpportunityIdentifier: [OpportunityId] })).toMatchObject([
      { EngagementInvitationId: ids[1] },
    ]);
  });

  test('a lead is not accepted by the task', async () => {
    await expect(start(await invitationOf(stage, LEAD))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  test('an unknown invitation is not found', async () => {
    await expect(start('engi-0000000000000')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('accepting a lead', () => {
  test('is done at once, and shows the contact that was hidden', async () => {
    const id = await invitationOf(stage, LEAD);
    const { EngagementId } = await invitation(id);
    await expect(engagement(EngagementId)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await acceptLead(id);
    expect((await invitation(id)).Status).toBe('ACCEPTED');
    const answer = await engagement(EngagementId);
    const lead = answer.Contexts?.[0]?.Payload?.Lead;
    expect(lead).toMatchObject({
      QualificationStatus: 'Unqualified',
      Customer: { Address: { City: 'Berlin' } },
    });
    expect(lead?.Interactions?.[0]?.Contact).toMatchObject({ Email: expect.stringMatching(/@.*\.example$/) });
    expect(await applied()).toMatchObject([{ kind: 'accept-lead', id, value: EngagementId }]);
  });

  test('a second time is a conflict', async () => {
    const id = await invitationOf(stage, LEAD);
    await acceptLead(id);
    await expect(acceptLead(id)).rejects.toMatchObject({ name: 'ConflictException' });
  });

  test('a referral is not accepted so', async () => {
    await expect(acceptLead(await invitationOf(stage, EVERGROVE))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

describe('rejecting', () => {
  test('keeps the reason and takes the access away', async () => {
    const id = await invitationOf(stage, EVERGROVE);
    await reject(id, 'Unable to support');
    expect(await invitation(id)).toMatchObject({ Status: 'REJECTED', RejectionReason: 'Unable to support' });
    await expect(start(id)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(reject(id)).rejects.toMatchObject({ ErrorList: [{ Code: 'INVALID_RESOURCE_STATE' }] });
    expect(await applied()).toMatchObject([{ kind: 'reject', id, value: 'Unable to support' }]);
  });

  test('of a lead takes away what acceptance would have shown', async () => {
    const id = await invitationOf(stage, LEAD);
    await reject(id, 'Outside our regions: Österreich');
    const answer = await invitation(id);
    expect(answer).toMatchObject({ Status: 'REJECTED', RejectionReason: 'Outside our regions: Österreich' });
    await expect(acceptLead(id)).rejects.toMatchObject({ ErrorList: [{ Code: 'INVALID_RESOURCE_STATE' }] });
    await expect(engagement(answer.EngagementId)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect((await listed({ Status: ['PENDING'] })).map(({ Id }) => Id)).not.toContain(id);
  });

  test('takes a reason of 80 characters and none at all', async () => {
    await reject(await invitationOf(stage, EVERGROVE), 'é'.repeat(80));
    await reject(await invitationOf(stage, 'Tamarind'));
    expect(await applied()).toMatchObject([{ value: 'é'.repeat(80) }, { value: '' }]);
  });

  test('of what is accepted already is a conflict', async () => {
    const id = await invitationOf(stage, EVERGROVE);
    await start(id);
    stage.clock.pass(1000);
    await expect(reject(id, 'Other')).rejects.toMatchObject({ name: 'ConflictException' });
  });

  test.each(['', 'x'.repeat(81), 'two\nlines', 'no 🚀', 'tab\there'])(
    'refuses a reason that is no short line',
    async (RejectionReason) => {
      const Identifier = await invitationOf(stage, EVERGROVE);
      const { body } = await stage.post('RejectEngagementInvitation', {
        Catalog,
        Identifier,
        RejectionReason,
      });
      expect(body.ErrorList).toMatchObject([{ FieldName: 'rejectionReason' }]);
    },
  );
});

describe('engagements', () => {
  const list = async (input: object = {}) =>
    (await stage.client.send(new ListEngagementsCommand({ Catalog, ...input }))).EngagementSummaryList ?? [];

  test('the list shows what kind they are and nothing of the customer', async () => {
    const leads = await list({ ContextTypes: ['Lead'] });
    expect(leads).toHaveLength(6);
    for (const lead of leads) expect(lead.ContextTypes).toEqual(['Lead']);
    expect(Object.keys(leads[0] ?? {})).not.toContain('Contexts');
  });

  test('is filtered by context, creator and id', async () => {
    const id = await invitationOf(stage, EVERGROVE);
    await start(id);
    stage.clock.pass(1000);
    expect(await list()).toHaveLength(7);
    const projects = await list({ ExcludeContextTypes: ['Lead'] });
    expect(projects).toMatchObject([{ ContextTypes: ['CustomerProject'] }]);
    expect(await list({ EngagementIdentifier: [projects[0]?.Id] })).toHaveLength(1);
    expect(await list({ CreatedBy: ['123456789012'] })).toEqual([]);
    expect(await list({ ExcludeCreatedBy: ['aws'] })).toEqual([]);
    const up = (await list({ Sort: { SortBy: 'CreatedDate', SortOrder: 'ASCENDING' } })).map(({ Id }) => Id);
    expect(up).toEqual((await list()).map(({ Id }) => Id).reverse());
  });

  test('their time stamps have microseconds', async () => {
    const { text } = await stage.post('ListEngagements', { Catalog });
    expect(text).toMatch(/"ModifiedAt":"[^"]+\.\d{6}Z"/);
    expect(text).toMatch(/"CreatedAt":"[^"]+\.\d{6}Z"/);
  });

  test('an unknown one is not found', async () => {
    await expect(engagement('eng-00000000000000')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
