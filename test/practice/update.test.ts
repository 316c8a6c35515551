import {
  AssignOpportunityCommand,
  GetOpportunityCommand,
  UpdateOpportunityCommand,
} from '@aws-sdk/client-partnercentral-selling';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Doc, listAt, put, textAt } from '../../src/practice/json.ts';
import { type Answer, Catalog, open, opportunityOf, putBody, type Stage } from './support.ts';

let stage: Stage;
beforeEach(() => {
  stage = open();
});
afterEach(() => expect(stage.faults).toEqual([]));

/** The record as a careful client sends it back, entities decoded. */
async function fresh(company: string): Promise<Doc> {
  const Identifier = await opportunityOf(stage, company);
  const { text } = await stage.post('GetOpportunity', { Catalog, Identifier });
  return putBody(JSON.parse(text.replaceAll('&amp;', '&').replaceAll('&colon;', ':')));
}

const send = (body: Doc): Promise<Answer> => stage.post('UpdateOpportunity', body);

async function stored(company: string): Promise<Doc> {
  const { opportunities } = await stage.practice.world();
  return opportunities[await opportunityOf(stage, company)]?.record ?? {};
}

/** Sends the record with one value changed. */
const change = async (company: string, path: string, value: Doc[string] | undefined): Promise<Answer> =>
  send(put(await fresh(company), path, value));

const codes = ({ body }: Answer): unknown =>
  listAt(body, 'ErrorList').map((error) =>
    typeof error === 'object' ? { ...error, Message: undefined } : error,
  );

const broken = (FieldName: string, Code: string): Doc[] => [{ FieldName, Code } as Doc];

const OPEN = 'Juniper Lane';

describe('UpdateOpportunity', () => {
  test('writes what the real SDK sends, and answers id and a later time stamp', async () => {
    const Identifier = await opportunityOf(stage, OPEN);
    const { $metadata, Id, Arn, CreatedDate, OpportunityTeam, RelatedEntityIdentifiers, ...record } =
      await stage.client.send(new GetOpportunityCommand({ Catalog, Identifier }));
    const LifeCycle = { ...record.LifeCycle, NextSteps: 'Contract review on Friday' };
    const answer = await stage.client.send(
      new UpdateOpportunityCommand({ ...record, Catalog, Identifier, LifeCycle }),
    );
    expect(answer.Id).toBe(Identifier);
    expect(answer.LastModifiedDate?.getTime()).toBeGreaterThan(record.LastModifiedDate?.getTime() ?? 0);
    expect(textAt(await stored(OPEN), 'LifeCycle.NextSteps')).toBe('Contract review on Friday');
    expect((await stage.practice.world()).applied).toMatchObject([
      { kind: 'update', id: Identifier, value: { 'LifeCycle.NextSteps': 'Contract review on Friday' } },
    ]);
  });

  test('refuses a record read before somebody else wrote, to the millisecond', async () => {
    const mine = await fresh(OPEN);
    await stage.practice.script.edit(
      String(mine.Identifier),
      'Project.AdditionalComments',
      'By another tool',
    );
    const refused = await send(mine);
    expect([refused.status, refused.body.__type]).toEqual([
      409,
      expect.stringMatching(/#ConflictException$/),
    ]);
    expect((await send(await fresh(OPEN))).status).toBe(200);
    const late = Date.parse(String((await fresh(OPEN)).LastModifiedDate)) + 1;
    const shifted = { ...(await fresh(OPEN)), LastModifiedDate: new Date(late).toISOString() };
    expect((await send(shifted)).status).toBe(409);
  });

  test('moves the time stamp forward even when the clock stands still', async () => {
    const stamps: string[] = [];
    for (const NextSteps of ['one', 'two', 'three']) {
      const { body } = await change(OPEN, 'LifeCycle.NextSteps', NextSteps);
      stamps.push(String(body.LastModifiedDate));
    }
    expect([...new Set(stamps)].sort()).toEqual(stamps);
  });

  test('is a PUT: what is left out is gone, what it does not accept survives', async () => {
    const before = await stored(OPEN);
    await send(put(put(await fresh(OPEN), 'Customer.Contacts', undefined), 'Marketing', undefined));
    const after = await stored(OPEN);
    expect(after.Customer).not.toHaveProperty('Contacts');
    expect(after).not.toHaveProperty('Marketing');
    for (const name of [
      'Id',
      'Arn',
      'CreatedDate',
      'OpportunityTeam',
      'RelatedEntityIdentifiers',
      'Catalog',
    ]) {
      expect(after[name]).toEqual(before[name]);
    }
    expect(textAt(after, 'LifeCycle.ReviewStatus')).toBe('Approved');
  });

  test('a null is the same as leaving out', async () => {
    await send(put(await fresh(OPEN), 'Project.CompetitorName', null));
    expect((await stored(OPEN)).Project).not.toHaveProperty('CompetitorName');
  });

  test("keeps AWS's own members whatever is sent", async () => {
    const body = put(await fresh(OPEN), 'LifeCycle.ReviewStatus', 'Rejected');
    await send({ ...put(body, 'LifeCycle.NextStepsHistory', []), OpportunityTeam: [], Arn: 'arn:mine' });
    const after = await stored(OPEN);
    expect(textAt(after, 'LifeCycle.ReviewStatus')).toBe('Approved');
    expect(listAt(after, 'LifeCycle.NextStepsHistory')).toHaveLength(3);
    expect(listAt(after, 'OpportunityTeam')).toHaveLength(1);
  });

  test('writes a changed next step into the history, the last fifty of them', async () => {
    for (let step = 1; step <= 51; step += 1) {
      stage.clock.pass(60_000);
      await change(OPEN, 'LifeCycle.NextSteps', `Step ${step}`);
    }
    await change(OPEN, 'Project.AdditionalComments', 'No step at all');
    const history = listAt(await stored(OPEN), 'LifeCycle.NextStepsHistory');
    expect(history).toHaveLength(50);
    expect(history.at(-1)).toEqual({ Value: 'Step 51', Time: stage.clock.now.toISOString() });
    expect(history.at(0)).toMatchObject({ Value: 'Step 2' });
  });

  test('takes 255 characters of next step, counted as people count, and not one more', async () => {
    expect((await change(OPEN, 'LifeCycle.NextSteps', '🚀'.repeat(255))).status).toBe(200);
    const refused = await change(OPEN, 'LifeCycle.NextSteps', 'x'.repeat(256));
    expect(refused.body.Reason).toBe('REQUEST_VALIDATION_FAILED');
    expect(codes(refused)).toEqual(broken('lifeCycle.nextSteps', 'INVALID_STRING_FORMAT'));
  });

  test.each([
    ['empty additional comments', 'Project.AdditionalComments', '', 'project.additionalComments'],
    ['a date of no calendar form', 'LifeCycle.TargetCloseDate', '30.11.2026', 'lifeCycle.targetCloseDate'],
    ['capitals in an e-mail', 'Customer.Contacts', [{ Email: 'A@b.example' }], 'customer.contacts.0.email'],
    [
      'a phone number that is not E.164',
      'Customer.Contacts',
      [{ Phone: '030 123' }],
      'customer.contacts.0.phone',
    ],
  ])('refuses %s', async (_, path, value, field) => {
    expect(codes(await change(OPEN, path, value))).toEqual(broken(field, 'INVALID_STRING_FORMAT'));
  });

  test('refuses a use case echoed with its entities', async () => {
    const useCase = 'Business Applications &amp; Contact Center';
    expect(codes(await change(OPEN, 'Project.CustomerUseCase', useCase))).toEqual(
      broken('project.customerUseCase', 'INVALID_ENUM_VALUE'),
    );
  });

  test('a record answered with entities takes its decoded texts back unchanged', async () => {
    const before = await stored('Copperfield & Wren');
    expect((await change('Copperfield & Wren', 'LifeCycle.NextSteps', 'Offer: sent & read')).status).toBe(
      200,
    );
    const after = await stored('Copperfield & Wren');
    expect(after.Project).toEqual(before.Project);
    expect(textAt(after, 'LifeCycle.NextSteps')).toBe('Offer: sent & read');
  });

  test('programmes AWS does not know become nothing, without a word', async () => {
    await change(OPEN, 'Project.ApnPrograms', ['P3', 'Our own programme']);
    expect(listAt(await stored(OPEN), 'Project.ApnPrograms')).toEqual(['P3']);
  });
});

describe('what may change when', () => {
  test.each([
    ['Submitted', 'Gullwing'],
    ['In review', 'Meridian'],
    ['Rejected', 'Redwing'],
    ['Closed Lost', 'Mossgate'],
  ])('%s: nothing, not even the same record again', async (_, company) => {
    const refused = await send(await fresh(company));
    expect(refused.body.Reason).toBe('BUSINESS_VALIDATION_FAILED');
    expect(codes(refused)).toEqual(broken('lifeCycle', 'ACTION_NOT_PERMITTED'));
  });

  test('Pending Submission: everything', async () => {
    const body = put(await fresh('Larkspur'), 'Customer.Account.CompanyName', 'Larkspur Dairies');
    const answer = await send(put(put(body, 'LifeCycle.Stage', 'Prospect'), 'Project.Title', undefined));
    expect(answer.status).toBe(200);
    expect(textAt(await stored('Larkspur'), 'Customer.Account.CompanyName')).toBe('Larkspur Dairies');
  });

  test.each([
    ['LifeCycle.NextSteps', 'Call them'],
    ['LifeCycle.Stage', 'Committed'],
    ['Customer.Contacts', []],
    ['Customer.Account.CompanyName', 'Silverbirch Group'],
    ['Customer.Account.Industry', 'Retail'],
    ['Customer.Account.AwsAccountId', '123456789012'],
    ['Customer.Account.Duns', '123456789'],
    ['Project.Title', 'Another title'],
    ['Project.CustomerUseCase', 'Networking'],
    ['Project.AdditionalComments', 'Please look again'],
    ['PrimaryNeedsFromAws', ['Co-Sell - Deal Support']],
    ['Marketing', { Source: 'Marketing Activity', AwsFundingUsed: 'No' }],
  ])('Action Required: not %s', async (path, value) => {
    const refused = await change('Silverbirch', path, value);
    expect(codes(refused)).toMatchObject([{ Code: 'ACTION_NOT_PERMITTED' }]);
  });

  test.each([
    ['Customer.Account.WebsiteUrl', 'https://clinics.example'],
    ['Customer.Account.Address', { CountryCode: 'IE', City: 'Dublin', PostalCode: 'D02 X285' }],
    ['LifeCycle.TargetCloseDate', '2027-05-01'],
    [
      'Project.ExpectedCustomerSpend',
      [
        {
          ...{ Amount: '900.50', CurrencyCode: 'USD', Frequency: 'Monthly', TargetCompany: 'AWS' },
          EstimationUrl: `https://calculator.aws/#/estimate?id=${'0f'.repeat(16)}`,
        },
      ],
    ],
    ['Project.CustomerBusinessProblem', 'Twelve clinics fail the audit because nobody can see who did what.'],
    ['PartnerOpportunityIdentifier', 'CRM-17'],
  ])('Action Required: %s, and it goes back to AWS', async (path, value) => {
    expect((await change('Silverbirch', path, value)).status).toBe(200);
    expect(textAt(await stored('Silverbirch'), 'LifeCycle.ReviewStatus')).toBe('Submitted');
  });

  test('Action Required: where AWS waits for a submit, the correction stays with us until then', async () => {
    await stage.practice.script.needsSubmit(true);
    const path = 'Customer.Account.WebsiteUrl';
    expect((await change('Silverbirch', path, 'https://clinics.example')).status).toBe(200);
    expect(textAt(await stored('Silverbirch'), 'LifeCycle.ReviewStatus')).toBe('Action Required');
    expect(textAt(await stored('Silverbirch'), path)).toBe('https://clinics.example');
    await stage.practice.script.needsSubmit(false);
    await change('Silverbirch', path, 'https://www.clinics.example');
    expect(textAt(await stored('Silverbirch'), 'LifeCycle.ReviewStatus')).toBe('Submitted');
  });

  test('Action Required: the same record again changes nothing and goes nowhere', async () => {
    expect((await send(await fresh('Silverbirch'))).status).toBe(200);
    expect(textAt(await stored('Silverbirch'), 'LifeCycle.ReviewStatus')).toBe('Action Required');
  });

  test.each([
    ['Customer.Account.CompanyName', 'Juniper Lane Group'],
    ['Customer.Account.Industry', 'Retail'],
    ['Customer.Account.WebsiteUrl', 'https://other.example'],
    ['Customer.Account.Address', { CountryCode: 'ES', City: 'Porto', PostalCode: '4000-001' }],
    ['Project.Title', 'Contact centre for less'],
    ['Project.CustomerBusinessProblem', 'A quite different problem that nobody reviewed.'],
    ['PartnerOpportunityIdentifier', 'CRM-18'],
    [
      'Project.ExpectedCustomerSpend',
      [{ Amount: '5600.00', CurrencyCode: 'USD', Frequency: 'Monthly', TargetCompany: 'AWS' }],
    ],
  ])('Approved: not %s', async (path, value) => {
    const refused = await change(OPEN, path, value);
    expect(codes(refused)).toMatchObject([{ Code: 'ACTION_NOT_PERMITTED' }]);
    expect((await stage.practice.world()).applied).toEqual([]);
  });

  test.each([
    ['LifeCycle.Stage', 'Technical Validation'],
    ['LifeCycle.TargetCloseDate', '2027-03-01'],
    [
      'Project.ExpectedCustomerSpend',
      [{ Amount: '9000.00', CurrencyCode: 'EUR', Frequency: 'Monthly', TargetCompany: 'AWS' }],
    ],
    ['Customer.Account.Duns', '123456789'],
    ['Project.CustomerUseCase', 'Networking'],
  ])('Approved: %s', async (path, value) => {
    expect((await change(OPEN, path, value)).status).toBe(200);
    expect(JSON.stringify(await stored(OPEN))).toContain(JSON.stringify(value));
  });

  test('an accepted AWS referral without a review status is changed as if Approved', async () => {
    expect((await change('Wildrose', 'LifeCycle.NextSteps', 'Meet the board')).status).toBe(200);
    expect((await change('Wildrose', 'Project.Title', 'Mine')).status).toBe(400);
    expect(textAt(await stored('Wildrose'), 'LifeCycle.ReviewStatus')).toBeUndefined();
  });

  test('after the launch comments are taken, and everything else is answered with success and ignored', async () => {
    const body = put(await fresh('Ironbridge'), 'LifeCycle.NextSteps', 'Celebrate');
    const answer = await send(put(body, 'Project.AdditionalComments', 'It runs.'));
    expect(answer.status).toBe(200);
    const after = await stored('Ironbridge');
    expect(textAt(after, 'Project.AdditionalComments')).toBe('It runs.');
    expect(textAt(after, 'LifeCycle.NextSteps')).not.toBe('Celebrate');
    expect((await stage.practice.world()).applied).toMatchObject([
      { value: { 'Project.AdditionalComments': 'It runs.' } },
    ]);
  });

  test.each(['LifeCycle.NextSteps', 'LifeCycle.TargetCloseDate', 'LifeCycle.Stage'])(
    'after the launch %s is left as it was',
    async (path) => {
      const before = textAt(await stored('Lantern Street'), path);
      const value = path.endsWith('Date') ? '2027-01-01' : 'Committed';
      expect((await change('Lantern Street', path, value)).status).toBe(200);
      expect(textAt(await stored('Lantern Street'), path)).toBe(before);
    },
  );

  test.each([
    ['services', 'Net New Business'],
    ['software', 'Expansion'],
  ] as const)('after the launch a %s partner’s opportunity type is %s', async (partnerPath, expected) => {
    stage = open({ partnerPath });
    expect((await change('Ironbridge', 'OpportunityType', 'Expansion')).status).toBe(200);
    expect(textAt(await stored('Ironbridge'), 'OpportunityType')).toBe(expected);
  });
});

describe('rules of the business', () => {
  test.each(['0', '0.00', ''])('no revenue of %p', async (Amount) => {
    const entry = { CurrencyCode: 'EUR', Frequency: 'Monthly', TargetCompany: 'AWS' };
    const refused = await change(OPEN, 'Project.ExpectedCustomerSpend', [{ Amount, ...entry }]);
    expect(codes(refused)).toEqual(broken('Project.ExpectedCustomerSpend.Amount', 'VALUE_OUT_OF_RANGE'));
  });

  test('the revenue of a draft that is corrected is in USD or EUR', async () => {
    const entry = { Amount: '5.00', CurrencyCode: 'GBP', Frequency: 'Monthly', TargetCompany: 'AWS' };
    const refused = await change('Silverbirch', 'Project.ExpectedCustomerSpend', [entry]);
    expect(codes(refused)).toEqual(broken('Project.ExpectedCustomerSpend.CurrencyCode', 'INVALID_VALUE'));
  });

  test('a postal code, except where there are none', async () => {
    const address = { CountryCode: 'IE', City: 'Dublin' };
    const refused = await change('Silverbirch', 'Customer.Account.Address', address);
    const field = 'Customer.Account.Address.PostalCode';
    expect(codes(refused)).toEqual(broken(field, 'REQUIRED_FIELD_MISSING'));
    const gulf = { CountryCode: 'AE', City: 'Dubai' };
    expect((await change('Silverbirch', 'Customer.Account.Address', gulf)).status).toBe(200);
  });

  test('a customer AWS withholds is no obstacle', async () => {
    expect((await change('REDACTED', 'LifeCycle.NextSteps', 'Meet at the usual place')).status).toBe(200);
  });

  test('a software partner launches without the AWS account', async () => {
    stage = open({ partnerPath: 'software' });
    const launch = put(await fresh('Old Quarter'), 'LifeCycle.Stage', 'Launched');
    expect((await send(put(launch, 'Customer.Account.AwsAccountId', undefined))).status).toBe(200);
  });

  test('committed with “Other” stays workable, and is not launched so', async () => {
    expect((await change('Harrow & Pike', 'LifeCycle.NextSteps', 'Sign on Friday')).status).toBe(200);
    expect(codes(await change('Harrow & Pike', 'LifeCycle.Stage', 'Launched'))).toEqual(
      broken('RelatedEntityIdentifiers.Solutions', 'REQUIRED_FIELD_MISSING'),
    );
  });

  test('a close date that has passed refuses any update that leaves it there', async () => {
    const company = 'Glasswing';
    const refused = await change(company, 'LifeCycle.NextSteps', 'Ask again');
    expect(refused.body.Reason).toBe('BUSINESS_VALIDATION_FAILED');
    expect(codes(refused)).toEqual(broken('LifeCycle.TargetCloseDate', 'VALUE_OUT_OF_RANGE'));
    const both = put(await fresh(company), 'LifeCycle.NextSteps', 'Ask again');
    expect((await send(put(both, 'LifeCycle.TargetCloseDate', '2026-11-23'))).status).toBe(200);
  });

  test('today is the day by UTC', async () => {
    stage.clock.now = new Date('2026-11-23T23:59:59.999Z');
    expect((await change(OPEN, 'LifeCycle.TargetCloseDate', '2026-11-23')).status).toBe(200);
    stage.clock.pass(1);
    expect((await change(OPEN, 'LifeCycle.NextSteps', 'Too late')).status).toBe(400);
  });

  test.each([
    ['2087-01-01', 'VALUE_OUT_OF_RANGE'],
    ['2027-02-30', 'INVALID_STRING_FORMAT'],
  ])('refuses the close date %s', async (day, code) => {
    const refused = await change(OPEN, 'LifeCycle.TargetCloseDate', day);
    expect(codes(refused)).toEqual(broken('LifeCycle.TargetCloseDate', code));
  });

  test('closed lost needs its reason', async () => {
    const refused = await change(OPEN, 'LifeCycle.Stage', 'Closed Lost');
    expect(codes(refused)).toEqual(broken('LifeCycle.ClosedLostReason', 'REQUIRED_FIELD_MISSING'));
    const body = put(await fresh(OPEN), 'LifeCycle.Stage', 'Closed Lost');
    expect((await send(put(body, 'LifeCycle.ClosedLostReason', 'Price'))).status).toBe(200);
  });

  test('committed needs a real solution, launched the AWS account too', async () => {
    const { opportunities } = await stage.practice.world();
    const hasNone = Object.values(opportunities).find(
      ({ record }) =>
        JSON.stringify(record.RelatedEntityIdentifiers) === '{}' &&
        textAt(record, 'LifeCycle.ReviewStatus') === 'Approved' &&
        String(textAt(record, 'LifeCycle.TargetCloseDate')) > '2026-11-24',
    );
    const company = textAt(hasNone?.record ?? {}, 'Id') ?? '';
    expect(codes(await change(company, 'LifeCycle.Stage', 'Committed'))).toEqual(
      broken('RelatedEntityIdentifiers.Solutions', 'REQUIRED_FIELD_MISSING'),
    );
    const launch = put(await fresh('Old Quarter'), 'LifeCycle.Stage', 'Launched');
    const refused = await send(put(launch, 'Customer.Account.AwsAccountId', undefined));
    expect(codes(refused)).toEqual(broken('Customer.Account.AwsAccountId', 'REQUIRED_FIELD_MISSING'));
    expect((await send(launch)).status).toBe(200);
  });

  test('a sparse update of a submitted record is refused instead of wiping it', async () => {
    const { Identifier = '', LastModifiedDate = '' } = await fresh(OPEN);
    const refused = await send({
      Catalog,
      Identifier,
      LastModifiedDate,
      LifeCycle: { NextSteps: 'Only this' },
    });
    expect(refused.status).toBe(400);
    expect(textAt(await stored(OPEN), 'Project.Title')).toBeDefined();
  });
});

describe('AssignOpportunity', () => {
  const assign = async (company: string, Email: string, BusinessTitle = 'OpportunityOwner') =>
    stage.client.send(
      new AssignOpportunityCommand({
        Catalog,
        Identifier: await opportunityOf(stage, company),
        Assignee: { Email, FirstName: 'Who', LastName: 'Ever', BusinessTitle },
      }),
    );

  test('makes another person of the team the owner, under the name of the profile', async () => {
    await assign(OPEN, 'tom.keller@partner.example');
    expect(listAt(await stored(OPEN), 'OpportunityTeam')).toEqual([
      {
        BusinessTitle: 'OpportunityOwner',
        Email: 'tom.keller@partner.example',
        FirstName: 'Tom',
        LastName: 'Keller',
      },
    ]);
  });

  test('moves the time stamp, so that a record read before is stale', async () => {
    const mine = await fresh(OPEN);
    await assign(OPEN, 'tom.keller@partner.example');
    expect((await send(mine)).status).toBe(409);
  });

  test('sent twice it is the same owner, and both are seen as applied', async () => {
    await assign(OPEN, 'tom.keller@partner.example');
    await assign(OPEN, 'tom.keller@partner.example');
    expect(listAt(await stored(OPEN), 'OpportunityTeam')).toHaveLength(1);
    const applied = { kind: 'assign', value: 'tom.keller@partner.example' };
    expect((await stage.practice.world()).applied).toMatchObject([applied, applied]);
  });

  test('refuses somebody who is no user of Partner Central', async () => {
    await expect(assign(OPEN, 'stranger@partner.example')).rejects.toMatchObject({
      name: 'ValidationException',
      Reason: 'BUSINESS_VALIDATION_FAILED',
      ErrorList: [{ FieldName: 'assignee.email', Code: 'INVALID_VALUE' }],
    });
  });

  test('replaces the sales contact, who may be anybody, under the name that was sent; the owner stays', async () => {
    for (const email of ['first@agency.example', 'second@agency.example']) {
      await assign('Lighthouse', email, 'PartnerAccountManager');
    }
    expect(listAt(await stored('Lighthouse'), 'OpportunityTeam')).toMatchObject([
      { BusinessTitle: 'OpportunityOwner', Email: 'priya.raman@partner.example' },
      { BusinessTitle: 'PartnerAccountManager', Email: 'second@agency.example', LastName: 'Ever' },
    ]);
    expect((await stage.practice.world()).applied.at(-1)).toMatchObject({
      kind: 'assign',
      value: 'PartnerAccountManager: second@agency.example',
    });
  });

  test('a new owner leaves the sales contact, and stands first', async () => {
    await assign('Lighthouse', 'mina.okafor@partner.example');
    expect(listAt(await stored('Lighthouse'), 'OpportunityTeam')).toMatchObject([
      { BusinessTitle: 'OpportunityOwner', Email: 'mina.okafor@partner.example' },
      { BusinessTitle: 'PartnerAccountManager', Email: 'tom.keller@partner.example' },
    ]);
  });

  test('refuses any other place on the team', async () => {
    const asked = assign(OPEN, 'tom.keller@partner.example', 'PDM');
    await expect(asked).rejects.toMatchObject({
      ErrorList: [{ FieldName: 'assignee.businessTitle', Code: 'INVALID_VALUE' }],
    });
  });

  test('refuses an assignee without a name', async () => {
    const Identifier = await opportunityOf(stage, OPEN);
    const Assignee = { Email: 'tom.keller@partner.example' };
    const { body } = await stage.post('AssignOpportunity', { Catalog, Identifier, Assignee });
    expect(listAt(body, 'ErrorList')).toHaveLength(3);
  });
});
