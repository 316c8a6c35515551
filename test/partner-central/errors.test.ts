import { describe, expect, test } from '@jest/globals';
import { createLog } from '../../src/log.ts';
import { createPartnerCentral, type PartnerCentral } from '../../src/partner-central/client.ts';
import {
  classify,
  isQuota,
  operatorView,
  requestIdOf,
  TaskFailed,
  type Trouble,
} from '../../src/partner-central/errors.ts';
import { explain } from '../../src/partner-central/explain.ts';
import { createPace } from '../../src/partner-central/pace.ts';

type Ask = (aws: PartnerCentral) => Promise<unknown>;
const update: Ask = (aws) => aws.updateOpportunity('{}');
const accept: Ask = (aws) => aws.acceptInvitation('engi-1');

/** The error the real SDK makes of a body on the wire. */
async function errorOf(statusCode: number, body: string, ask: Ask = update): Promise<unknown> {
  const headers = { 'x-amzn-requestid': 'req-7', 'content-type': 'application/x-amz-json-1.0' };
  const aws = client(async () => ({
    response: { statusCode, headers, body: new TextEncoder().encode(body) },
  }));
  return ask(aws).catch((error: unknown) => error);
}

function client(
  handle: () => Promise<never> | Promise<{ response: object }>,
  credentials?: () => Promise<never>,
): PartnerCentral {
  return createPartnerCentral({
    catalog: 'AWS',
    region: 'us-east-1',
    credentials: credentials ?? { accessKeyId: 'A', secretAccessKey: 'B' },
    requestHandler: { handle: handle as () => Promise<never> },
    log: createLog('silent'),
    pace: createPace({
      now: () => new Date(0),
      sleep: async () => undefined,
      readsPerSecond: Number.POSITIVE_INFINITY,
      writesPerSecond: Number.POSITIVE_INFINITY,
    }),
  });
}

const body = (name: string, more: object = {}) =>
  JSON.stringify({
    __type: `com.amazonaws.partnercentralselling#${name}`,
    Message: 'Acme Corp says no',
    ...more,
  });
const validation = (...errors: [string | undefined, string][]) =>
  body('ValidationException', {
    Reason: 'BUSINESS_VALIDATION_FAILED',
    ErrorList: errors.map(([FieldName, Code]) => ({ FieldName, Code, Message: 'Acme Corp' })),
  });

describe('what an error means', () => {
  test.each<[Trouble, number, string]>([
    ['throttled', 400, body('ThrottlingException')],
    ['throttled', 429, body('TooManyRequestsException')],
    ['throttled', 500, body('ThrottlingException')],
    ['throttled', 503, body('SlowDown')],
    ['throttled', 402, body('ServiceQuotaExceededException')],
    ['unavailable', 500, body('InternalServerException')],
    ['unavailable', 400, body('InternalServerException')],
    ['unavailable', 503, ''],
    ['unavailable', 502, '<html>Acme Corp</html>'],
    ['unavailable', 200, '{"Id":'],
    ['unavailable', 500, body('NewServerException')],
    ['conflict', 400, body('ConflictException')],
    ['conflict', 409, body('ConflictException')],
    ['locked', 400, validation(['lifeCycle.nextSteps', 'ACTION_NOT_PERMITTED'])],
    ['locked', 400, validation([undefined, 'INVALID_RESOURCE_STATE'], ['a', 'ACTION_NOT_PERMITTED'])],
    ['refused', 400, validation(['a', 'ACTION_NOT_PERMITTED'], ['b', 'REQUIRED_FIELD_MISSING'])],
    ['refused', 400, validation(['project.title', 'INVALID_VALUE'])],
    ['refused', 400, body('ValidationException', { Reason: 'REQUEST_VALIDATION_FAILED' })],
    ['refused', 400, body('ExceptionOfTomorrow')],
    ['not-found', 400, body('ResourceNotFoundException')],
    ['denied', 400, body('AccessDeniedException')],
    ['unavailable', 400, body('UnrecognizedClientException')],
    ['unavailable', 403, body('ExpiredTokenException')],
    ['bug', 400, body('SerializationException')],
    ['bug', 403, '{"Message":"Forbidden"}'],
  ])('%s: status %i, %s', async (trouble, status, text) => {
    expect(classify(await errorOf(status, text))).toBe(trouble);
  });

  test.each(['ECONNRESET', 'ECONNREFUSED', 'ENOTFOUND', 'EPIPE', 'CERT_HAS_EXPIRED', 'ETIMEDOUT'])(
    'a network that fails with %s is AWS not answering',
    async (code) => {
      const aws = client(() => Promise.reject(Object.assign(new Error('10.0.0.7'), { code })));
      expect(classify(await update(aws).catch((error: unknown) => error))).toBe('unavailable');
    },
  );

  test('missing credentials keep a Change waiting instead of refusing it, and say who can help', async () => {
    const none = () => Promise.reject(Object.assign(new Error('no'), { name: 'CredentialsProviderError' }));
    const error = await update(client(async () => ({ response: {} }), none)).catch((it: unknown) => it);
    expect(classify(error)).toBe('unavailable');
    expect(explain(error)).toContain('sign in');
  });

  test('an opportunity in review is locked; an invitation that is over is refused for good', async () => {
    const over = validation([undefined, 'INVALID_RESOURCE_STATE']);
    expect(classify(await errorOf(400, over, update))).toBe('locked');
    expect(classify(await errorOf(400, over, accept))).toBe('refused');
  });

  test.each<[Trouble, string | undefined]>([
    ['denied', 'OpportunityAccessDenied'],
    ['conflict', 'EngagementInvitationConflict'],
    ['throttled', 'RequestThrottled'],
    ['unavailable', 'InternalError'],
    ['refused', 'OpportunityValidationFailed'],
    ['refused', 'ReasonOfTomorrow'],
    ['refused', undefined],
  ])('a failed task is %s when AWS gives the reason %s', (trouble, reason) =>
    expect(classify(new TaskFailed(reason))).toBe(trouble),
  );

  test('a used-up quota is told from a short throttle', async () => {
    expect(isQuota(await errorOf(400, body('ServiceQuotaExceededException')))).toBe(true);
    expect(isQuota(new TaskFailed('ServiceQuotaExceeded'))).toBe(true);
    expect(isQuota(await errorOf(400, body('ThrottlingException')))).toBe(false);
  });

  test.each([[new TypeError('x')], ['text'], [undefined], [{ name: 7 }]])('%p is our own bug', (error) => {
    expect(classify(error)).toBe('bug');
    expect(explain(error)).toContain('our side');
    expect(operatorView(error)).toMatchObject({ trouble: 'bug' });
  });
});

describe('what the person hears', () => {
  test('each field by its name and what is wrong with it', async () => {
    const error = await errorOf(
      400,
      validation(
        ['lifeCycle.targetCloseDate', 'VALUE_OUT_OF_RANGE'],
        ['Project.ExpectedCustomerSpend[0].Amount', 'REQUIRED_FIELD_MISSING'],
        ['$.LifeCycle.NextSteps', 'CODE_OF_TOMORROW'],
        [undefined, 'INVALID_VALUE'],
      ),
    );
    expect(explain(error)).toBe(
      'AWS did not take this: Close date is out of range; AWS monthly recurring revenue is missing; ' +
        'Next step was not accepted; One value is not a value AWS accepts. Correct it and try again.',
    );
  });

  test('what the catalogue names is named as people know it; what only AWS has, by AWS’s word', async () => {
    const named = async (...fields: string[]) =>
      explain(
        await errorOf(400, validation(...fields.map((one): [string, string] => [one, 'INVALID_VALUE']))),
      );
    expect(
      await named(
        'Customer.Account.Address.PostalCode',
        'customer.account.awsAccountId',
        'LifeCycle.ClosedLostReason',
        'RelatedEntityIdentifiers.Solutions',
        'Project.OtherSolutionDescription',
      ),
    ).toBe(
      'AWS did not take this: Postal code is not a value AWS accepts; AWS account ID is not a value AWS accepts; ' +
        'Closed lost reason is not a value AWS accepts; Solution is not a value AWS accepts. Correct it and try again.',
    );
    expect(await named('Marketing.Channels', 'constructor')).toContain('Channels is not');
  });

  test.each<[string, Ask, string, string]>([
    [
      'a colleague whom Partner Central does not know',
      (aws) => aws.assignOpportunity('O1', { email: 'a@b.example', firstName: 'A', lastName: 'B' }),
      'assignee.email',
      'no active user with this e-mail address',
    ],
    [
      'a solution that is not active',
      (aws) => aws.associateOpportunity('O1', 'Solutions', 'S-1'),
      'relatedEntityIdentifier',
      'it may no longer be active',
    ],
    [
      'a lead with as many notes as AWS keeps',
      (aws) => aws.updateEngagementContext('{}'),
      'payload.lead.interaction',
      'no further note of what happened',
    ],
  ])('%s is said in a sentence that helps', async (_, ask, field, said) =>
    expect(explain(await errorOf(400, validation([field, 'INVALID_VALUE']), ask))).toContain(said),
  );

  test.each([
    [
      'OpportunityValidationFailed',
      'something it needs is missing or not right (opportunity validation failed)',
    ],
    ['OpportunitySubmissionFailed', 'the submission did not go through'],
    ['ContextNotFound', 'does not find the lead'],
    ['ReasonOfTomorrow', 'AWS did not take this (reason of tomorrow). Look'],
    ['constructor', 'AWS did not take this (constructor). Look'],
  ])('a task that failed with %s says: %s', (reason, said) =>
    expect(explain(new TaskFailed(reason))).toContain(said),
  );

  test('a refusal without fields still says what to do', async () => {
    expect(explain(await errorOf(400, body('ExceptionOfTomorrow')))).toBe(
      'AWS did not take this and named no reason. Look at it in Partner Central.',
    );
    expect(explain(new TaskFailed('DisqualifiedLeadNotPermitted'))).toContain(
      'disqualified lead not permitted',
    );
  });

  test('nothing AWS quotes from the record, and no field name that is really a text, is passed on', async () => {
    const hostile = [
      body('ConflictException'),
      validation(['Acme Corp <b>is</b> our customer', 'Acme Corp'], ['x'.repeat(500), 'INVALID_VALUE']),
      '<html>Acme Corp</html>',
      body('Acme Corp'),
    ];
    for (const text of hostile) {
      const error = await errorOf(400, text);
      expect(`${explain(error)} ${JSON.stringify(operatorView(error))}`).not.toMatch(/Acme|<|xxxx{200}/);
    }
  });
});

test('the operator sees the operation, the request, the codes and the fields', async () => {
  const error = await errorOf(400, validation(['lifeCycle.nextSteps', 'INVALID_VALUE']));
  expect(requestIdOf(error)).toBe('req-7');
  expect(operatorView(error)).toEqual({
    trouble: 'refused',
    name: 'ValidationException',
    operation: 'UpdateOpportunity',
    requestId: 'req-7',
    status: 400,
    reason: 'BUSINESS_VALIDATION_FAILED',
    codes: ['INVALID_VALUE'],
    fields: ['lifeCycle.nextSteps'],
  });
});
