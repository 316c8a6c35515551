import { spawnSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createLog } from '../../src/log.ts';
import { createPartnerCentral, type PartnerCentralOptions } from '../../src/partner-central/client.ts';
import { classify, operatorView, requestIdOf } from '../../src/partner-central/errors.ts';
import { leadContext } from '../../src/partner-central/mapping.ts';
import type { Lane, Pace, Priority } from '../../src/partner-central/pace.ts';
import { contextBody, updateBody, valueAt } from '../../src/partner-central/raw.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Seen {
  operation: string;
  body: string;
  headers: IncomingMessage['headers'];
}
type Answer = (seen: Seen, response: ServerResponse) => void;

/** A loopback Partner Central that answers as told, and a client of the real SDK that talks to it. */
async function talk(answer: Answer, options: Partial<PartnerCentralOptions> = {}) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      const one = { operation, body: Buffer.concat(chunks).toString(), headers: request.headers };
      seen.push(one);
      response.setHeader('x-amzn-requestid', `req-${seen.length}`);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const taken: [Lane, Priority | undefined][] = [];
  const rests: [Lane, number][] = [];
  const pace: Pace = {
    take: async (lane, priority) => void taken.push([lane, priority]),
    backOff: (lane, ms) => void rests.push([lane, ms]),
    stop: () => undefined,
  };
  const logged: string[] = [];
  const given: PartnerCentralOptions = {
    catalog: 'Sandbox',
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET },
    pace,
    log: createLog('trace', { write: (line: string) => void logged.push(line) }),
    ...options,
  };
  const aws = createPartnerCentral(given);
  closing.push(
    () => aws.close(),
    () => server.closeAllConnections(),
    () => new Promise((done) => server.close(done)),
  );
  return { aws, seen, taken, rests, logged, given };
}

const reply =
  (body: string, status = 200): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(body);
  };
const refuse = (name: string, more = '') =>
  reply(`{"__type":"com.amazonaws.partnercentralselling#${name}","Message":"no"${more}}`, 400);

/** Signature Version 4, done again from what arrived (AWS General Reference, signing requests). */
function signatureOf({ body, headers }: Seen): { sent: string; right: string } {
  const authorization = String(headers.authorization);
  const [, date, scope, signed, sent] =
    /Credential=[^/]+\/((\d{8})\/us-east-1\/partnercentral-selling\/aws4_request), SignedHeaders=([^,]+), Signature=(\w+)/
      .exec(authorization)
      ?.map((_, i, all) => all[[0, 2, 1, 3, 4][i] ?? 0] ?? '') ?? [];
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const lines = (signed ?? '').split(';').map((name) => `${name}:${headers[name]}\n`);
  const canonical = ['POST', '/', '', lines.join(''), signed, hash(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash(canonical)].join('\n');
  const hmac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text).digest();
  const key = [date ?? '', 'us-east-1', 'partnercentral-selling', 'aws4_request'].reduce<Buffer | string>(
    hmac,
    `AWS4${SECRET}`,
  );
  return { sent: sent ?? '', right: createHmac('sha256', key).update(toSign).digest('hex') };
}

const OPPORTUNITY =
  '{"Id":"O1","Catalog":"Sandbox", "LastModifiedDate":"2026-11-20T10:11:12.123456Z","Project":{"Title":"R&amp;D"},"New":9007199254740993}';

describe('raw JSON both ways', () => {
  test('the answer comes back character by character, with unknown members and every digit', async () => {
    const { aws } = await talk(reply(OPPORTUNITY));
    const { text, json, requestId } = await aws.getOpportunity('O1');
    expect(text).toBe(OPPORTUNITY);
    expect(valueAt(json, ['New'])).toBe('9007199254740993');
    expect(valueAt(json, ['LastModifiedDate'])).toBe('2026-11-20T10:11:12.123456Z');
    expect(requestId).toBe('req-1');
  });

  test('an update leaves byte for byte as built, signed over those bytes', async () => {
    const { aws, seen } = await talk((one, response) =>
      reply(one.operation === 'GetOpportunity' ? OPPORTUNITY : '{"Id":"O1"}')(one, response),
    );
    const { json } = await aws.getOpportunity('O1');
    const body = updateBody(json, aws.catalog, [
      { path: ['LifeCycle', 'NextSteps'], value: 'Grüße, 100 € 😀' },
    ]);
    await aws.updateOpportunity(body);
    const update = seen[1];
    expect(update?.operation).toBe('UpdateOpportunity');
    expect(update?.body).toBe(body);
    expect(body).toContain('"New":9007199254740993');
    expect(body).toContain('12.123456Z');
    expect(update?.headers['content-length']).toBe(String(Buffer.byteLength(body)));
    expect(update?.headers['x-amz-content-sha256']).toBe(createHash('sha256').update(body).digest('hex'));
    for (const one of seen) {
      const { sent, right } = signatureOf(one);
      expect(sent).toMatch(/^\w{64}$/);
      expect(sent).toBe(right);
    }
  });

  test('a time stamp the SDK cannot read does not make a failure of a success', async () => {
    const { aws } = await talk(reply('{"Id":"O1","LastModifiedDate":"the day after tomorrow"}'));
    expect(valueAt((await aws.getOpportunity('O1')).json, ['LastModifiedDate'])).toBe(
      'the day after tomorrow',
    );
  });

  test('an operation that answers nothing is a success', async () => {
    const { aws } = await talk(reply(''));
    expect((await aws.acceptInvitation('engi-1234567890abc')).json).toEqual({});
  });

  test('an answer cut short is an unusable answer, not a success', async () => {
    const { aws } = await talk(reply('{"Id":"O1","Customer":{"Account":{"CompanyName":"Secret'));
    const error = await aws.getOpportunity('O1').catch((it: unknown) => it);
    expect(classify(error)).toBe('unavailable');
    expect(JSON.stringify(operatorView(error))).not.toContain('Secret');
  });
});

describe('what is asked', () => {
  const asked = (seen: Seen[]) =>
    seen.map(({ operation, body }) => [operation, JSON.parse(body) as Record<string, unknown>]);

  test('each operation sends what the service model names', async () => {
    const { aws, seen } = await talk(reply('{}'));
    await aws.getAwsOpportunitySummary('O1');
    await aws.assignOpportunity('O1', { email: 'Ana@P.example', firstName: 'Ana', lastName: 'Silva' });
    await aws.getInvitation('engi-1');
    await aws.startAccept('token-1', 'engi-1');
    await aws.listAcceptTasks('engi-1');
    await aws.acceptInvitation('engi-2');
    await aws.rejectInvitation('engi-1', 'Unable to support');
    await aws.getEngagement('eng-1');
    const Catalog = 'Sandbox';
    const Assignee = {
      Email: 'ana@p.example',
      FirstName: 'Ana',
      LastName: 'Silva',
      BusinessTitle: 'OpportunityOwner',
    };
    expect(asked(seen)).toEqual([
      ['GetAwsOpportunitySummary', { Catalog, RelatedOpportunityIdentifier: 'O1' }],
      ['AssignOpportunity', { Catalog, Identifier: 'O1', Assignee }],
      ['GetEngagementInvitation', { Catalog, Identifier: 'engi-1' }],
      ['StartEngagementByAcceptingInvitationTask', { Catalog, ClientToken: 'token-1', Identifier: 'engi-1' }],
      [
        'ListEngagementByAcceptingInvitationTasks',
        {
          Catalog,
          EngagementInvitationIdentifier: ['engi-1'],
          Sort: { SortBy: 'StartTime', SortOrder: 'DESCENDING' },
        },
      ],
      ['AcceptEngagementInvitation', { Catalog, Identifier: 'engi-2' }],
      ['RejectEngagementInvitation', { Catalog, Identifier: 'engi-1', RejectionReason: 'Unable to support' }],
      ['GetEngagement', { Catalog, Identifier: 'eng-1' }],
    ]);
  });

  test('so do those that the verbs of a seller need', async () => {
    const { aws, seen, taken } = await talk(reply('{}'));
    const person = { email: 'Ana@P.example', firstName: 'Ana', lastName: 'Silva' };
    await aws.assignOpportunity('O1', person, 'PartnerAccountManager');
    await aws.associateOpportunity('O1', 'Solutions', 'S-1');
    await aws.startSubmit('token-1', 'O1', 'Co-Sell', 'Full');
    await aws.listSubmitTasks('O1');
    for await (const page of aws.listSolutions('Active')) expect(page.items).toEqual([]);
    for await (const page of aws.listSolutions()) expect(page.items).toEqual([]);
    const Catalog = 'Sandbox';
    const Solutions = {
      Catalog,
      MaxResults: 100,
      Sort: { SortBy: 'Identifier', SortOrder: 'ASCENDING' },
    };
    expect(asked(seen)).toEqual([
      [
        'AssignOpportunity',
        {
          Catalog,
          Identifier: 'O1',
          Assignee: {
            Email: 'ana@p.example',
            FirstName: 'Ana',
            LastName: 'Silva',
            BusinessTitle: 'PartnerAccountManager',
          },
        },
      ],
      [
        'AssociateOpportunity',
        {
          Catalog,
          OpportunityIdentifier: 'O1',
          RelatedEntityType: 'Solutions',
          RelatedEntityIdentifier: 'S-1',
        },
      ],
      [
        'StartEngagementFromOpportunityTask',
        {
          Catalog,
          ClientToken: 'token-1',
          Identifier: 'O1',
          AwsSubmission: { InvolvementType: 'Co-Sell', Visibility: 'Full' },
        },
      ],
      [
        'ListEngagementFromOpportunityTasks',
        {
          Catalog,
          OpportunityIdentifier: ['O1'],
          Sort: { SortBy: 'StartTime', SortOrder: 'DESCENDING' },
        },
      ],
      ['ListSolutions', { ...Solutions, Status: ['Active'] }],
      ['ListSolutions', Solutions],
    ]);
    expect(taken.map(([lane]) => lane)).toEqual(['write', 'write', 'write', 'read', 'read', 'read']);
  });

  test('a lead’s update leaves byte for byte as built: the very microseconds received, signed over those bytes', async () => {
    const engagement =
      '{"Id":"eng-00000000000001","ModifiedAt":"2026-11-20T10:11:12.368914+00:00","Contexts":[{"Id":"1","Type":"Lead",' +
      '"Payload":{"Lead":{"Customer":{"CompanyName":"R&amp;D","New":9007199254740993},"Interactions":[{}]}}}]}';
    const { aws, seen, taken } = await talk((one, response) =>
      reply(one.operation === 'GetEngagement' ? engagement : '{}')(one, response),
    );
    const { json } = await aws.getEngagement('eng-00000000000001');
    const body = contextBody(json, aws.catalog, leadContext(json), { status: 'Research' });
    await aws.updateEngagementContext(body);
    expect(seen[1]).toMatchObject({ operation: 'UpdateEngagementContext', body });
    expect(body).toBe(
      '{"Catalog":"Sandbox","EngagementIdentifier":"eng-00000000000001","ContextIdentifier":"1",' +
        '"EngagementLastModifiedAt":"2026-11-20T10:11:12.368914+00:00","Type":"Lead","Payload":{"Lead":' +
        '{"Customer":{"CompanyName":"R&D","New":9007199254740993},"QualificationStatus":"Research"}}}',
    );
    for (const one of seen) expect(signatureOf(one).sent).toBe(signatureOf(one).right);
    expect(taken.map(([lane]) => lane)).toEqual(['read', 'write']);
  });

  test('lists are followed to their end, with filters on every page', async () => {
    const pages = [
      '{"OpportunitySummaries":[{"Id":"O1","LastModifiedDate":"2026-11-20T10:11:12.123456Z"},{}],"NextToken":"a&amp;b"}',
      '{"OpportunitySummaries":[{"Id":"O2"}]}',
    ];
    const { aws, seen } = await talk((one, response) => reply(pages[seen.length - 1] ?? '{}')(one, response));
    const items: unknown[] = [];
    for await (const page of aws.listOpportunities('2026-11-01T00:00:00.123456Z')) items.push(...page.items);
    expect(items).toEqual([{ Id: 'O1', LastModifiedDate: '2026-11-20T10:11:12.123456Z' }, { Id: 'O2' }]);
    const filter = {
      Catalog: 'Sandbox',
      MaxResults: 100,
      Sort: { SortBy: 'LastModifiedDate', SortOrder: 'ASCENDING' },
      LastModifiedDate: { AfterLastModifiedDate: '2026-11-01T00:00:00.123Z' },
    };
    expect(asked(seen)).toEqual([
      ['ListOpportunities', filter],
      ['ListOpportunities', { ...filter, NextToken: 'a&amp;b' }],
    ]);
  });

  test('invitations are those we received, engagements those with a lead', async () => {
    const { aws, seen } = await talk((one, response) =>
      reply(
        one.operation === 'ListEngagements'
          ? '{"EngagementSummaryList":[{"Id":"eng-1","ModifiedAt":"2026-11-20T10:11:12.123456Z"}]}'
          : '{"EngagementInvitationSummaries":[{"Id":"arn:aws:partnercentral:us-east-1::catalog/AWS/engagement-invitation/engi-1"}]}',
      )(one, response),
    );
    const items: unknown[] = [];
    for await (const page of aws.listInvitations(['PENDING'])) items.push(...page.items);
    for await (const page of aws.listEngagements()) items.push(...page.items);
    expect(items).toEqual([{ Id: 'engi-1' }, { Id: 'eng-1', ModifiedAt: '2026-11-20T10:11:12.123456Z' }]);
    expect(asked(seen)).toEqual([
      [
        'ListEngagementInvitations',
        expect.objectContaining({ ParticipantType: 'RECEIVER', Status: ['PENDING'] }),
      ],
      ['ListEngagements', expect.objectContaining({ ContextTypes: ['Lead'] })],
    ]);
  });

  test('a list whose token repeats itself ends in an error, not in an endless reading', async () => {
    const { aws } = await talk(reply('{"NextToken":"again"}'));
    const read = async () => {
      for await (const _ of aws.listOpportunities());
    };
    await expect(read()).rejects.toThrow('same NextToken');
  });
});

describe('pace, time and failure', () => {
  test('reads and writes take their own slots; synchronisation says that it is nobody waiting', async () => {
    const { aws, taken } = await talk(reply('{}'));
    await aws.getOpportunity('O1');
    await aws.startAccept('t', 'engi-1');
    await aws.forSync.getOpportunity('O1');
    for await (const page of aws.forSync.listEngagements()) expect(page.items).toEqual([]);
    expect(taken).toEqual([
      ['read', 'interactive'],
      ['write', 'interactive'],
      ['read', 'sync'],
      ['read', 'sync'],
    ]);
  });

  test('nothing is sent before its slot, and nothing at all when the slot is refused', async () => {
    const { aws, seen } = await talk(reply('{}'), {
      pace: {
        take: () => Promise.reject(new Error('lost the lease')),
        backOff: () => undefined,
        stop: () => undefined,
      },
    });
    await expect(aws.updateOpportunity('{}')).rejects.toThrow('lost the lease');
    expect(seen).toEqual([]);
  });

  test('a call that waited long for its slot is signed with the hour of its sending', async () => {
    let slotAt = 0;
    const take = async () => {
      await setTimeout(1_100);
      slotAt = Date.now();
    };
    const { aws, seen } = await talk(reply('{}'), {
      pace: { take, backOff: () => undefined, stop: () => undefined },
    });
    await aws.getOpportunity('O1');
    const signed = String(seen[0]?.headers['x-amz-date']).replace(
      /^(.{4})(..)(..T..)(..)(..Z)$/,
      '$1-$2-$3:$4:$5',
    );
    expect(Date.parse(signed)).toBeGreaterThanOrEqual(Math.floor(slotAt / 1000) * 1000);
  });

  test('a refused call is sent once: the SDK does not retry, and the lane rests longer each time', async () => {
    const { aws, seen, rests } = await talk(refuse('ThrottlingException'));
    for (const id of ['O1', 'O2', 'O3']) await expect(aws.getOpportunity(id)).rejects.toThrow();
    expect(seen).toHaveLength(3);
    expect(rests).toEqual([
      ['read', 1000],
      ['read', 2000],
      ['read', 4000],
    ]);
  });

  test('a used-up engagement quota does not hold back other calls', async () => {
    const { aws, rests } = await talk(refuse('ServiceQuotaExceededException'));
    const error = await aws.startAccept('t', 'engi-1').catch((it: unknown) => it);
    expect(classify(error)).toBe('throttled');
    expect(rests).toEqual([]);
  });

  test.each([
    ['never begins', ''],
    ['never ends', '{"Id":'],
  ])('an answer that %s is given up after the time-out, and its connection closed', async (_, begun) => {
    let closed: Promise<unknown> = Promise.resolve();
    const answer: Answer = (__, response) => {
      closed = once(response, 'close');
      if (begun) response.write(begun);
    };
    const { aws } = await talk(answer, { timeoutMs: 50 });
    const error = await aws.getOpportunity('O1').catch((it: unknown) => it);
    expect(classify(error)).toBe('unavailable');
    expect(operatorView(error)).toMatchObject({ name: 'AbortError', operation: 'GetOpportunity' });
    await closed;
  });

  test('the time-out holds for a handler that does not heed the abort', async () => {
    const { aws } = await talk(reply('{}'), {
      timeoutMs: 20,
      requestHandler: { handle: () => new Promise<never>(() => undefined) },
    });
    await expect(aws.getOpportunity('O1')).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('an in-process handler gets the same bytes that would go over the wire', async () => {
    const bodies: string[] = [];
    const handle = async ({ body }: { body?: unknown }) => {
      bodies.push(String(body));
      return {
        response: {
          statusCode: 200,
          headers: { 'x-amzn-requestid': 'in-process' },
          body: new TextEncoder().encode(OPPORTUNITY),
        },
      };
    };
    const { aws } = await talk(reply('{}'), { requestHandler: { handle } });
    expect(await aws.updateOpportunity('{"raw":1.0}')).toMatchObject({
      text: OPPORTUNITY,
      requestId: 'in-process',
    });
    expect(bodies).toEqual(['{"raw":1.0}']);
  });

  test('the log names operation and request, and nothing a customer wrote', async () => {
    const { aws, logged } = await talk((one, response) =>
      one.operation === 'GetOpportunity'
        ? reply(OPPORTUNITY)(one, response)
        : refuse(
            'ValidationException',
            ',"Reason":"BUSINESS_VALIDATION_FAILED","ErrorList":[{"FieldName":"lifeCycle.nextSteps","Message":"R&D is secret","Code":"INVALID_VALUE"}]',
          )(one, response),
    );
    await aws.getOpportunity('O1');
    const error = await aws.updateOpportunity('{"Project":"R&D"}').catch((it: unknown) => it);
    expect(requestIdOf(error)).toBe('req-2');
    expect(logged.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ operation: 'GetOpportunity', requestId: 'req-1' }),
      expect.objectContaining({
        operation: 'UpdateOpportunity',
        requestId: 'req-2',
        trouble: 'refused',
        codes: ['INVALID_VALUE'],
      }),
    ]);
    expect(logged.join()).not.toMatch(/R&|secret|AKID|Signature/);
  });

  test('without an endpoint it is AWS in us-east-1, whatever else the environment says', async () => {
    const before = process.env;
    process.env = {
      ...before,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_REGION: 'eu-west-1',
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_MAX_ATTEMPTS: '5',
    };
    const asked: unknown[] = [];
    const handle = async (request: { hostname?: string; headers?: Record<string, string> }) => {
      asked.push(request.hostname, request.headers?.['amz-sdk-request']);
      asked.push(/us-east-1\/partnercentral-selling/.test(request.headers?.authorization ?? ''));
      return { response: { statusCode: 200, headers: {}, body: new Uint8Array() } };
    };
    const { given } = await talk(reply('{}'));
    const { endpoint: _, ...withoutEndpoint } = given;
    await createPartnerCentral({ ...withoutEndpoint, requestHandler: { handle } }).getOpportunity('O1');
    process.env = before;
    expect(asked).toEqual(['partnercentral-selling.us-east-1.api.aws', 'attempt=1; max=1', true]);
  });

  test('a fresh process hears nothing from the SDK about its version of Node', () => {
    const script = `
      process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
      const { PartnerCentralSellingClient } = await import('@aws-sdk/client-partnercentral-selling');
      new PartnerCentralSellingClient({ region: 'us-east-1' });`;
    const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED).toBe('true');
  });
});
