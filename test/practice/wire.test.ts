import { CreateOpportunityCommand, GetOpportunityCommand } from '@aws-sdk/client-partnercentral-selling';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createPractice } from '../../src/practice/create.ts';
import { textAt } from '../../src/practice/json.ts';
import type { World } from '../../src/practice/world.ts';
import { model } from './conformance.ts';
import { Catalog, memoryState, open, opportunityOf, putBody, SIGNED, type Stage } from './support.ts';

let stage: Stage = open();
afterEach(() => {
  expect(stage.faults).toEqual([]);
  stage = open();
});

if (!model)
  console.warn('No service model at hand (PARTNER_CENTRAL_MODEL): answers are not checked against it.');

describe('the wire', () => {
  test('the real SDK client signs, asks and reads an answer with its request id', async () => {
    const Identifier = await opportunityOf(stage, 'Northgate');
    const answer = await stage.client.send(new GetOpportunityCommand({ Catalog, Identifier }));
    expect(answer.Id).toBe(Identifier);
    expect(answer.LastModifiedDate).toBeInstanceOf(Date);
    expect(answer.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('a request without a signature is refused', async () => {
    const answer = await stage.post('ListOpportunities', { Catalog }, {});
    expect([answer.status, answer.body.__type]).toEqual([403, fault('MissingAuthenticationTokenException')]);
  });

  test.each([
    ['another service', SIGNED.authorization.replace('partnercentral-selling', 's3')],
    ['another region', SIGNED.authorization.replace('us-east-1', 'eu-west-1')],
    ['no signature in it', 'AWS4-HMAC-SHA256 Credential=x'],
  ])('a signature for %s is refused', async (_, authorization) => {
    const answer = await stage.post('ListOpportunities', { Catalog }, { authorization });
    expect(answer.body.__type).toBe(fault('InvalidSignatureException'));
  });

  test('an operation it does not practise is unknown', async () => {
    const asked = new CreateOpportunityCommand({ Catalog, ClientToken: 'one' });
    await expect(stage.client.send(asked)).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });

  test.each(['{', '[]', '"text"'])('a body that is no JSON object is refused: %s', async (body) => {
    const answer = await stage.post('ListOpportunities', body);
    expect([answer.status, answer.body.__type]).toEqual([400, fault('SerializationException')]);
  });

  test('every answer carries a request id of its own, errors too', async () => {
    const answers = [await stage.post('ListOpportunities', { Catalog }), await stage.post('Nonsense', {})];
    const ids = answers.map(({ headers }) => headers['x-amzn-requestid']);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(ids).size).toBe(2);
  });

  test('a malformed request names every faulty field with its code', async () => {
    const { body } = await stage.post('ListOpportunities', {
      MaxResults: 101,
      Identifier: ['nonsense'],
      LifeCycleStage: ['Dreaming'],
      LifeCycleReviewStatus: Array(11).fill('Approved'),
      CreatedDate: { AfterCreatedDate: 'yesterday' },
    });
    expect(body).toMatchObject({ __type: fault('ValidationException'), Reason: 'REQUEST_VALIDATION_FAILED' });
    expect(codes(body.ErrorList)).toEqual({
      catalog: 'REQUIRED_FIELD_MISSING',
      maxResults: 'VALUE_OUT_OF_RANGE',
      'identifier.0': 'INVALID_STRING_FORMAT',
      'lifeCycleStage.0': 'INVALID_ENUM_VALUE',
      lifeCycleReviewStatus: 'TOO_MANY_VALUES',
      'createdDate.afterCreatedDate': 'INVALID_STRING_FORMAT',
    });
  });

  test.each(['a\0b', 'half \ud83d pair'])('text that is no text is refused', async (text) => {
    const { body } = await stage.post('ListOpportunities', { Catalog, CustomerCompanyName: [text] });
    expect(body.__type).toBe(fault('ValidationException'));
  });

  test('members unknown to any SDK and numbers beyond 2^53 go out exactly and come back exactly', async () => {
    const Identifier = await opportunityOf(stage, 'Northgate');
    const before = await stage.post('GetOpportunity', { Catalog, Identifier });
    expect(before.text).toContain('"Score":9007199254740993');
    const put = JSON.stringify(putBody(before.body)).replace('9007199254740992', '9007199254740993');
    expect((await stage.post('UpdateOpportunity', put)).status).toBe(200);
    const after = await stage.post('GetOpportunity', { Catalog, Identifier });
    expect(after.text).toContain('"Score":9007199254740993');
    expect({ ...after.body, LastModifiedDate: '' }).toEqual({ ...before.body, LastModifiedDate: '' });
  });

  test('members unknown to any SDK are lost when an update leaves them out', async () => {
    const Identifier = await opportunityOf(stage, 'Northgate');
    const before = await stage.post('GetOpportunity', { Catalog, Identifier });
    const { FutureThing: _, ...put } = putBody(before.body);
    await stage.post('UpdateOpportunity', put);
    const after = await stage.post('GetOpportunity', { Catalog, Identifier });
    expect(after.body).not.toHaveProperty('FutureThing');
    expect(textAt(after.body, 'Project.AwsFutureField')).toBeDefined();
  });

  test.each([
    ['ListOpportunities', {}, 'OpportunitySummaries'],
    ['ListEngagementInvitations', { ParticipantType: 'RECEIVER' }, 'EngagementInvitationSummaries'],
    ['ListEngagements', {}, 'EngagementSummaryList'],
    ['ListSolutions', {}, 'SolutionSummaries'],
  ])('%s of another catalog sees nothing', async (operation, input, member) => {
    const ours = await stage.post(operation, { Catalog, ...input });
    const theirs = await stage.post(operation, { Catalog: 'AWS', ...input });
    expect(ours.body[member]).not.toEqual([]);
    expect(theirs.body[member]).toEqual([]);
  });

  test('a record of ours does not exist in another catalog, and cannot be written there', async () => {
    const Identifier = await opportunityOf(stage, 'Northgate');
    const { body } = await stage.post('GetOpportunity', { Catalog, Identifier });
    for (const operation of ['GetOpportunity', 'UpdateOpportunity']) {
      const answer = await stage.post(operation, { ...putBody(body), Catalog: 'AWS' });
      expect(answer.body.__type).toBe(fault('ResourceNotFoundException'));
    }
  });
});

describe('the world', () => {
  test('counts every call by operation, refused ones too, without a write for a read', async () => {
    await stage.practice.world();
    const before = stage.writes();
    await stage.post('ListOpportunities', { Catalog });
    await stage.post('ListOpportunities', {});
    await stage.post('GetEngagement', { Catalog, Identifier: 'eng-00000000000000' });
    expect(stage.writes()).toBe(before);
    expect((await stage.practice.world()).calls).toEqual({ ListOpportunities: 2, GetEngagement: 1 });
  });

  test('survives a restart: a second practice on the same state goes on', async () => {
    const referral = await stage.practice.script.newReferral();
    const second = createPractice({ state: stage.state, now: () => stage.clock.now });
    expect(Object.keys((await second.world()).invitations)).toContain(referral);
  });

  test('one kept before solutions were practised gets them', async () => {
    await stage.practice.world();
    await stage.state.update((world) => {
      const { solutions: _, ...older } = world ?? { ...emptied };
      return { world: { ...emptied, ...older }, answer: undefined };
    });
    const { body } = await stage.post('ListSolutions', { Catalog });
    expect(body.SolutionSummaries).toHaveLength(5);
  });

  test('a state that could not be written leaves the calls to be counted later', async () => {
    const state = memoryState();
    let isBroken = true;
    const update: typeof state.update = (move) =>
      isBroken ? Promise.reject(new Error('disk full')) : state.update(move);
    const practice = createPractice({ state: { read: state.read, update }, now: () => stage.clock.now });
    const headers = { ...SIGNED, 'x-amz-target': 'AWSPartnerCentralSelling.ListEngagements' };
    await expect(practice.handler.handle({ headers, body: '{"Catalog":"Sandbox"}' })).rejects.toThrow(
      'disk full',
    );
    isBroken = false;
    expect((await practice.world()).calls).toEqual({ ListEngagements: 1 });
  });
});

const emptied: World = {
  ...{ catalog: Catalog, leadEmail: 'lead@partner.example', serial: 1, tasks: [], applied: [] },
  ...{ opportunities: {}, invitations: {}, engagements: {}, weather: {}, calls: {} },
};

const fault = (type: string): string => `com.amazonaws.partnercentralselling#${type}`;

function codes(list: unknown): Record<string, string> {
  if (!Array.isArray(list)) return {};
  return Object.fromEntries(list.map(({ FieldName, Code }) => [FieldName, Code]));
}
