import {
  GetAwsOpportunitySummaryCommand,
  GetOpportunityCommand,
  ListOpportunitiesCommand,
  type ListOpportunitiesCommandInput,
  paginateListOpportunities,
} from '@aws-sdk/client-partnercentral-selling';
import { afterAll, describe, expect, test } from '@jest/globals';
import { textAt } from '../../src/practice/json.ts';
import { Catalog, open, opportunityOf } from './support.ts';

const stage = open();
const world = await stage.practice.world();
const rows = Object.values(world.opportunities);

const list = async (input: Partial<ListOpportunitiesCommandInput>) =>
  (await stage.client.send(new ListOpportunitiesCommand({ Catalog, MaxResults: 100, ...input })))
    .OpportunitySummaries ?? [];

afterAll(() => expect(stage.faults).toEqual([]));

describe('ListOpportunities', () => {
  test('gives twenty without a wish, and every record once across its pages', async () => {
    const first = await stage.client.send(new ListOpportunitiesCommand({ Catalog }));
    expect(first.OpportunitySummaries).toHaveLength(20);
    const ids: string[] = [];
    for await (const page of paginateListOpportunities({ client: stage.client, pageSize: 7 }, { Catalog })) {
      ids.push(...(page.OpportunitySummaries ?? []).map(({ Id = '' }) => Id));
    }
    expect(ids.sort()).toEqual(Object.keys(world.opportunities).sort());
  });

  test('a page token belongs to its question', async () => {
    const { body } = await stage.post('ListOpportunities', { Catalog, MaxResults: 3 });
    const again = { Catalog, NextToken: body.NextToken };
    expect((await stage.post('ListOpportunities', { ...again, MaxResults: 9 })).status).toBe(200);
    const other = await stage.post('ListOpportunities', { ...again, LifeCycleStage: ['Prospect'] });
    const made = await stage.post('ListOpportunities', { Catalog, NextToken: 'bm90IG91cnM' });
    for (const { body: refused } of [other, made]) {
      expect(refused.ErrorList).toMatchObject([{ FieldName: 'nextToken', Code: 'INVALID_VALUE' }]);
    }
  });

  test('a record that appears between two pages shifts nothing', async () => {
    const own = open();
    const Sort = { SortBy: 'CreatedDate', SortOrder: 'DESCENDING' };
    const first = await own.post('ListOpportunities', { Catalog, MaxResults: 10, Sort });
    const Identifier = await own.practice.script.newReferral();
    await own.post('StartEngagementByAcceptingInvitationTask', { Catalog, Identifier, ClientToken: 'one' });
    own.clock.pass(1000);
    expect((await own.practice.world()).applied).toHaveLength(1);
    const { NextToken = '' } = first.body;
    const second = await own.post('ListOpportunities', { Catalog, MaxResults: 100, Sort, NextToken });
    const ids = `${first.text}${second.text}`.match(/"Id":"O\d+"/g) ?? [];
    expect(new Set(ids).size).toBe(rows.length);
    expect(ids).toHaveLength(rows.length);
  });

  test('a summary has no title, owner, origin, history or contacts', async () => {
    const { text } = await stage.post('ListOpportunities', { Catalog, MaxResults: 100 });
    for (const name of [
      'Title',
      'OpportunityTeam',
      'Origin',
      'NextStepsHistory',
      'Contacts',
      'StreetAddress',
    ]) {
      expect(text).not.toContain(`"${name}"`);
    }
  });

  test.each([
    [
      'LifeCycleStage',
      { LifeCycleStage: ['Launched', 'Committed'] as const },
      /^(Launched|Committed)$/,
      'LifeCycle.Stage',
    ],
    [
      'LifeCycleReviewStatus',
      { LifeCycleReviewStatus: ['In review'] as const },
      /^In review$/,
      'LifeCycle.ReviewStatus',
    ],
    [
      'CustomerCompanyName',
      { CustomerCompanyName: ['<!channel> Logistics'] },
      /^<!channel> Log/,
      'Customer.Account.CompanyName',
    ],
  ])('%s keeps what fits and nothing else', async (_, filter, pattern, path) => {
    const wanted = rows.filter(({ record }) => pattern.test(textAt(record, path) ?? ''));
    const shown = await list(filter as Partial<ListOpportunitiesCommandInput>);
    expect(shown.map(({ Id }) => Id).sort()).toEqual(wanted.map(({ record }) => record.Id).sort());
    expect(shown).not.toHaveLength(0);
  });

  test('Identifier gives the records named, and silence for others', async () => {
    const id = await opportunityOf(stage, 'Northgate');
    expect((await list({ Identifier: [id, 'O1'] })).map(({ Id }) => Id)).toEqual([id]);
  });

  test('filters combine, and both ends of a range belong to it', async () => {
    const newest =
      rows
        .map(({ record }) => textAt(record, 'LastModifiedDate') ?? '')
        .sort()
        .at(-1) ?? '';
    const since = await list({ LastModifiedDate: { AfterLastModifiedDate: new Date(newest) } });
    expect(since.map(({ LastModifiedDate }) => LastModifiedDate?.toISOString())).toEqual(
      since.map(() => newest),
    );
    expect(since).not.toHaveLength(0);
    const none = await list({
      LifeCycleStage: ['Launched'],
      LifeCycleReviewStatus: ['Pending Submission'],
    });
    expect(none).toEqual([]);
  });

  test('TargetCloseDate and CreatedDate ranges are kept', async () => {
    const closing = await list({
      TargetCloseDate: { AfterTargetCloseDate: '2026-11-23', BeforeTargetCloseDate: '2026-11-30' },
    });
    expect(closing.length).toBeGreaterThanOrEqual(3);
    for (const { LifeCycle } of closing) expect(LifeCycle?.TargetCloseDate).toMatch(/^2026-11-(2[3-9]|30)$/);
    const old = await list({ CreatedDate: { BeforeCreatedDate: new Date('2026-08-01') } });
    expect(old).not.toHaveLength(0);
    for (const { CreatedDate } of old) expect(CreatedDate?.getTime()).toBeLessThan(Date.parse('2026-08-01'));
  });

  test.each([
    'LastModifiedDate',
    'CreatedDate',
    'CustomerCompanyName',
    'TargetCloseDate',
    'Identifier',
  ] as const)('sorts by %s both ways', async (SortBy) => {
    const up = (await list({ Sort: { SortBy, SortOrder: 'ASCENDING' } })).map(({ Id }) => Id);
    const down = (await list({ Sort: { SortBy, SortOrder: 'DESCENDING' } })).map(({ Id }) => Id);
    expect(up).toEqual([...down].reverse());
    expect(up).not.toEqual(down);
  });
});

describe('GetOpportunity', () => {
  test('gives the whole record with its owner, contacts and history', async () => {
    const Identifier = await opportunityOf(stage, 'Northgate');
    const answer = await stage.client.send(new GetOpportunityCommand({ Catalog, Identifier }));
    expect(answer.OpportunityTeam?.[0]).toMatchObject({ BusinessTitle: 'OpportunityOwner' });
    expect(answer.Customer?.Contacts).toHaveLength(2);
    expect(answer.LifeCycle?.NextStepsHistory).toHaveLength(3);
    expect(answer.Catalog).toBe(Catalog);
  });

  test('some records come with entities, as the real service sends them', async () => {
    const Identifier = await opportunityOf(stage, 'Tidewater');
    const answer = await stage.client.send(new GetOpportunityCommand({ Catalog, Identifier }));
    expect(answer.Project?.Title).toBe('One data lake&amp;colon; sales, stock &amp; service');
    expect(answer.Project?.CustomerUseCase).toMatch(/^Big Data&amp;colon; Data Warehouse/);
    const [summary] = await list({ Identifier: [Identifier] });
    expect(summary?.LifeCycle?.NextSteps).toBe('Sources listed&amp;colon; nine systems &amp; their owners');
    expect(answer.LifeCycle?.NextStepsHistory?.[0]?.Value).toBe(summary?.LifeCycle?.NextSteps);
  });

  test('an unknown one is not found, an id that is none is malformed', async () => {
    const ask = (Identifier: string) => stage.client.send(new GetOpportunityCommand({ Catalog, Identifier }));
    await expect(ask('O1')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(ask('constructor')).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('GetAwsOpportunitySummary', () => {
  const ask = (RelatedOpportunityIdentifier: string) =>
    stage.client.send(new GetAwsOpportunitySummaryCommand({ Catalog, RelatedOpportunityIdentifier }));

  test("gives origin, AWS's people and AWS's next step", async () => {
    const id = await opportunityOf(stage, 'Wildrose');
    expect(await ask(id)).toMatchObject({
      RelatedOpportunityId: id,
      Origin: 'AWS Referral',
      InvolvementType: 'Co-Sell',
      OpportunityTeam: [{ Email: expect.stringMatching(/@aws\.example$/) }, {}],
      LifeCycle: { NextSteps: expect.any(String) },
    });
  });

  test("has AWS's own stage once it is launched or lost, and next to nothing for a draft", async () => {
    expect(await ask(await opportunityOf(stage, 'Ironbridge'))).toMatchObject({
      LifeCycle: { Stage: 'Launched' },
    });
    const draft = await ask(await opportunityOf(stage, 'Kestrel'));
    expect(draft).toMatchObject({ Origin: 'Partner Referral' });
    expect(draft.OpportunityTeam).toBeUndefined();
  });
});
