import {
  AssociateOpportunityCommand,
  DisassociateOpportunityCommand,
  GetOpportunityCommand,
  ListSolutionsCommand,
  paginateListSolutions,
  type RelatedEntityType,
} from '@aws-sdk/client-partnercentral-selling';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { textAt } from '../../src/practice/json.ts';
import { Catalog, open, opportunityOf, putBody, type Stage } from './support.ts';

let stage: Stage;
beforeEach(() => {
  stage = open();
});
afterEach(() => expect(stage.faults).toEqual([]));

const OTHER_ONLY = 'Ravensworth';
const ACTIVE = 'S-0001235';

const relation = async (company: string, id: string, kind: RelatedEntityType = 'Solutions') => ({
  Catalog,
  OpportunityIdentifier: await opportunityOf(stage, company),
  RelatedEntityType: kind,
  RelatedEntityIdentifier: id,
});
const associate = async (company: string, id: string, kind?: RelatedEntityType) =>
  stage.client.send(new AssociateOpportunityCommand(await relation(company, id, kind)));
const disassociate = async (company: string, id: string, kind?: RelatedEntityType) =>
  stage.client.send(new DisassociateOpportunityCommand(await relation(company, id, kind)));
const get = async (company: string) =>
  stage.client.send(new GetOpportunityCommand({ Catalog, Identifier: await opportunityOf(stage, company) }));
const solutionsOf = async (company: string) => (await get(company)).RelatedEntityIdentifiers?.Solutions;
const refusal = (FieldName: string, Code: string) => ({
  name: 'ValidationException',
  Reason: 'BUSINESS_VALIDATION_FAILED',
  ErrorList: [{ FieldName, Code }],
});

describe('ListSolutions', () => {
  const list = async (input: object = {}) =>
    (await stage.client.send(new ListSolutionsCommand({ Catalog, ...input }))).SolutionSummaries ?? [];

  test('gives every solution, of any state, by id, each once across pages', async () => {
    const ids: string[] = [];
    for await (const page of paginateListSolutions({ client: stage.client, pageSize: 2 }, { Catalog })) {
      ids.push(...(page.SolutionSummaries ?? []).map(({ Id = '' }) => Id));
    }
    expect(ids).toEqual(['S-0001234', 'S-0001235', 'S-0001236', 'S-0001237', 'S-0001238']);
    expect((await list())[0]?.CreatedDate).toBeInstanceOf(Date);
  });

  test('is filtered by status, id and category, all at once', async () => {
    expect((await list({ Status: ['Active'] })).map(({ Id }) => Id)).toHaveLength(3);
    expect(await list({ Identifier: ['S-0001237', 'S-1'] })).toMatchObject([{ Status: 'Inactive' }]);
    expect(await list({ Category: ['Managed Service'], Status: ['Draft'] })).toMatchObject([
      { Id: 'S-0001238' },
    ]);
    expect(await list({ AwsMarketplaceSolutionArn: ['arn:aws:catalog:us-east-1::x'] })).toEqual([]);
  });

  test.each(['Identifier', 'Name', 'Status', 'Category', 'CreatedDate'] as const)(
    'sorts by %s both ways',
    async (SortBy) => {
      const up = (await list({ Sort: { SortBy, SortOrder: 'ASCENDING' } })).map(({ Id }) => Id);
      const down = (await list({ Sort: { SortBy, SortOrder: 'DESCENDING' } })).map(({ Id }) => Id);
      expect(up).toEqual(down.reverse());
    },
  );

  test('refuses a state there is not and an id that is none', async () => {
    const { body } = await stage.post('ListSolutions', { Catalog, Status: ['Dead'], Identifier: ['O1'] });
    expect(body.ErrorList).toMatchObject([
      { FieldName: 'status.0', Code: 'INVALID_ENUM_VALUE' },
      { FieldName: 'identifier.0', Code: 'INVALID_STRING_FORMAT' },
    ]);
  });
});

describe('AssociateOpportunity', () => {
  test('adds the solution, takes “Other” away and moves the time stamp', async () => {
    const before = await get(OTHER_ONLY);
    expect(before.Project?.OtherSolutionDescription).toBeDefined();
    await associate(OTHER_ONLY, ACTIVE);
    const after = await get(OTHER_ONLY);
    expect(after.RelatedEntityIdentifiers).toEqual({ Solutions: [ACTIVE] });
    expect(after.Project?.OtherSolutionDescription).toBeUndefined();
    expect(after.LastModifiedDate?.getTime()).toBeGreaterThan(before.LastModifiedDate?.getTime() ?? 0);
    expect((await stage.practice.world()).applied).toMatchObject([
      { kind: 'associate', id: before.Id, value: ACTIVE },
    ]);
  });

  test('opens the way to Committed', async () => {
    const Identifier = await opportunityOf(stage, OTHER_ONLY);
    const commit = async () => {
      const { body } = await stage.post('GetOpportunity', { Catalog, Identifier });
      const LifeCycle = { ...Object(body.LifeCycle), Stage: 'Committed' };
      return (await stage.post('UpdateOpportunity', { ...putBody(body), LifeCycle })).body;
    };
    expect((await commit()).ErrorList).toMatchObject([
      { FieldName: 'RelatedEntityIdentifiers.Solutions', Code: 'REQUIRED_FIELD_MISSING' },
    ]);
    await associate(OTHER_ONLY, ACTIVE);
    await stage.practice.script.solution(ACTIVE, 'Inactive');
    expect((await commit()).ErrorList).toHaveLength(1);
    await stage.practice.script.solution(ACTIVE, 'Active');
    expect(await commit()).toMatchObject({ Id: Identifier });
  });

  test('a second time is a duplicate, and applied once', async () => {
    await associate(OTHER_ONLY, ACTIVE);
    await expect(associate(OTHER_ONLY, ACTIVE)).rejects.toMatchObject(
      refusal('relatedEntityIdentifier', 'DUPLICATE_KEY_VALUE'),
    );
    expect(await solutionsOf(OTHER_ONLY)).toEqual([ACTIVE]);
    expect((await stage.practice.world()).applied).toHaveLength(1);
  });

  test.each(['S-1', 'S-0001237', 'S-0001238'])('refuses %s, which is no active solution', async (id) => {
    await expect(associate(OTHER_ONLY, id)).rejects.toMatchObject(
      refusal('relatedEntityIdentifier', 'INVALID_VALUE'),
    );
  });

  test.each([
    ['Solutions', 'Other'],
    ['AwsMarketplaceOffers', 'offer-123'],
    ['AwsMarketplaceProducts', 'prod-1'],
  ] as const)('refuses an id that is none of %s', async (kind, id) => {
    await expect(associate(OTHER_ONLY, id, kind)).rejects.toMatchObject(
      refusal('relatedEntityIdentifier', 'INVALID_STRING_FORMAT'),
    );
  });

  test('refuses a kind there is not, and no id at all', async () => {
    const wrong = { ...(await relation(OTHER_ONLY, '')), RelatedEntityType: 'Dreams' };
    const { body } = await stage.post('AssociateOpportunity', wrong);
    expect(body.ErrorList).toMatchObject([
      { FieldName: 'relatedEntityType', Code: 'INVALID_ENUM_VALUE' },
      { FieldName: 'relatedEntityIdentifier', Code: 'INVALID_STRING_FORMAT' },
    ]);
  });

  test('takes AWS products, up to twenty, and leaves “Other” alone', async () => {
    for (let turn = 1; turn <= 20; turn += 1) await associate(OTHER_ONLY, `Product${turn}`, 'AwsProducts');
    await expect(associate(OTHER_ONLY, 'Product21', 'AwsProducts')).rejects.toMatchObject(
      refusal('relatedEntityIdentifier', 'TOO_MANY_VALUES'),
    );
    const { RelatedEntityIdentifiers, Project } = await get(OTHER_ONLY);
    expect(RelatedEntityIdentifiers?.AwsProducts).toHaveLength(20);
    expect(Project?.OtherSolutionDescription).toBeDefined();
  });

  test.each([
    ['Submitted', 'Gullwing'],
    ['In review', 'Meridian'],
    ['Rejected', 'Redwing'],
  ])('%s: locked, both ways', async (_, company) => {
    const locked = refusal('lifeCycle', 'ACTION_NOT_PERMITTED');
    await expect(associate(company, ACTIVE)).rejects.toMatchObject(locked);
    await expect(disassociate(company, ACTIVE)).rejects.toMatchObject(locked);
  });

  test.each(['Kestrel', 'Cormorant', 'Wildrose'])(
    'a draft, what AWS asks about and a referral take it: %s',
    async (company) => {
      await associate(company, ACTIVE);
      expect(await solutionsOf(company)).toContain(ACTIVE);
    },
  );

  test('no offer goes to what is lost', async () => {
    const offer = 'arn:aws:aws-marketplace:us-east-1:123456789012:AWSMarketplace/Offer/offer-1';
    await expect(associate('Mossgate', offer, 'AwsMarketplaceOffers')).rejects.toMatchObject(
      refusal('lifeCycle', 'ACTION_NOT_PERMITTED'),
    );
  });

  test('an unknown opportunity is not found', async () => {
    const command = { ...(await relation(OTHER_ONLY, ACTIVE)), OpportunityIdentifier: 'O1' };
    await expect(stage.client.send(new AssociateOpportunityCommand(command))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('DisassociateOpportunity', () => {
  test('replaces a solution: the new one first, then the old one away', async () => {
    await associate('Teasel', ACTIVE);
    await disassociate('Teasel', 'S-0001234');
    expect(await solutionsOf('Teasel')).toEqual([ACTIVE]);
  });

  test('a committed opportunity keeps its last active solution', async () => {
    await expect(disassociate('Teasel', 'S-0001234')).rejects.toMatchObject(
      refusal('RelatedEntityIdentifiers.Solutions', 'REQUIRED_FIELD_MISSING'),
    );
    await disassociate('Lighthouse', ACTIVE);
    expect((await get('Lighthouse')).RelatedEntityIdentifiers).toEqual({});
  });

  test('what was never associated is not found', async () => {
    await expect(disassociate(OTHER_ONLY, ACTIVE)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('a record read before is stale afterwards', async () => {
    const Identifier = await opportunityOf(stage, 'Lighthouse');
    const { body } = await stage.post('GetOpportunity', { Catalog, Identifier });
    expect(textAt(body, 'Id')).toBe(Identifier);
    await disassociate('Lighthouse', ACTIVE);
    expect((await stage.post('UpdateOpportunity', putBody(body))).status).toBe(409);
  });
});
