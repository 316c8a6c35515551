import {
  ListOpportunitiesCommand,
  UpdateEngagementContextCommand,
} from '@aws-sdk/client-partnercentral-selling';
import { describe, expect, test } from '@jest/globals';
import { faultsOfRequest, model } from './conformance.ts';
import { Catalog, open, opportunityOf, putBody } from './support.ts';

const checked = model ? test : test.skip;
if (!model) console.warn('No service model at hand (PARTNER_CENTRAL_MODEL): requests are not checked.');

describe('a request read against the service model', () => {
  checked.each([
    ['a missing member', 'GetOpportunity', { Catalog }, 'GetOpportunity.Identifier: missing'],
    [
      'a null for a required one',
      'GetOpportunity',
      { Catalog, Identifier: null },
      'GetOpportunity.Identifier: missing',
    ],
    [
      'a member of no model',
      'GetOpportunity',
      { Catalog, Identifier: 'O1', Id: 'O1' },
      'GetOpportunity.Id: not in the model',
    ],
    [
      'a pattern',
      'GetOpportunity',
      { Catalog, Identifier: 'X1' },
      'GetOpportunity.Identifier: X1 breaks O[0-9]{1,19}',
    ],
    [
      'an enum, deep inside',
      'ListOpportunities',
      { Catalog, LifeCycleStage: ['Prospect', 'Dreaming'] },
      'ListOpportunities.LifeCycleStage[1]: Dreaming is not in the enum',
    ],
    [
      'a number out of range',
      'ListSolutions',
      { Catalog, MaxResults: 101 },
      'ListSolutions.MaxResults: 101 is not within 1 and 100',
    ],
    [
      'a number as text',
      'ListSolutions',
      { Catalog, MaxResults: '20' },
      'ListSolutions.MaxResults: no integer',
    ],
    [
      'a list too long',
      'ListSolutions',
      { Catalog, Status: Array(11).fill('Draft') },
      'ListSolutions.Status: 11 is not within 0 and 10',
    ],
    [
      'a time as a number',
      'ListOpportunities',
      { Catalog, CreatedDate: { AfterCreatedDate: 1_700_000_000 } },
      'ListOpportunities.CreatedDate.AfterCreatedDate: no time',
    ],
    [
      'a reason too long',
      'RejectEngagementInvitation',
      { Catalog, Identifier: 'engi-0000000000000', RejectionReason: 'x'.repeat(81) },
      /^RejectEngagementInvitation\.RejectionReason: x+ breaks /,
    ],
    [
      'two members of a union',
      'UpdateEngagementContext',
      {
        ...{ Catalog, EngagementIdentifier: 'eng-00000000000000', ContextIdentifier: '1', Type: 'Lead' },
        EngagementLastModifiedAt: '2026-11-23T10:15:30.123456Z',
        Payload: { Lead: { Customer: { CompanyName: 'T' } }, CustomerProject: {} },
      },
      'UpdateEngagementContext.Payload: 2 members instead of one',
    ],
    ['an operation there is not', 'DeleteOpportunity', {}, 'DeleteOpportunity: no such operation'],
  ] as [string, string, object, string | RegExp][])('names %s', (_, operation, body, fault) => {
    const faults = faultsOfRequest(operation, body);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toEqual(typeof fault === 'string' ? fault : expect.stringMatching(fault));
  });

  checked(
    'has nothing against what the real SDK sends, or against members of tomorrow sent back',
    async () => {
      const requests: [string, unknown][] = [];
      const stage = open({ seen: (operation, body) => requests.push([operation, body]) });
      const after = new Date('2026-11-01');
      await stage.client.send(
        new ListOpportunitiesCommand({
          Catalog,
          MaxResults: 5,
          LastModifiedDate: { AfterLastModifiedDate: after },
        }),
      );
      const Identifier = await opportunityOf(stage, 'Northgate');
      const { body } = await stage.post('GetOpportunity', { Catalog, Identifier });
      expect((await stage.post('UpdateOpportunity', putBody(body))).status).toBe(200);
      const unknown = new UpdateEngagementContextCommand({
        ...{ Catalog, EngagementIdentifier: 'eng-00000000000000', ContextIdentifier: '1', Type: 'Lead' },
        EngagementLastModifiedAt: after,
        Payload: { Lead: { Customer: { CompanyName: 'T' }, QualificationStatus: undefined } },
      });
      await expect(stage.client.send(unknown)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
      expect(requests.map(([operation]) => operation)).toEqual([
        ...['ListOpportunities', 'GetOpportunity', 'UpdateOpportunity', 'UpdateEngagementContext'],
      ]);
      expect(requests.flatMap(([operation, request]) => faultsOfRequest(operation, request))).toEqual([]);
    },
  );
});

describe('who watches the requests', () => {
  test('sees each that is let in once, refused ones too, and none that is not', async () => {
    const seen: string[] = [];
    const stage = open({ seen: (operation) => seen.push(operation) });
    await stage.post('GetOpportunity', { Catalog, Identifier: 'O1' });
    await stage.post('RejectEngagementInvitation', { Catalog });
    await stage.post('Nonsense', {});
    await stage.post('ListEngagements', { Catalog }, {});
    await stage.practice.script.throttle(5);
    await stage.post('ListSolutions', { Catalog });
    expect(seen).toEqual(['GetOpportunity', 'RejectEngagementInvitation']);
  });

  test('sees members of no SDK, and not the nulls', async () => {
    const bodies: unknown[] = [];
    const stage = open({ seen: (_, body) => bodies.push(body) });
    await stage.post('ListSolutions', { Catalog, Novelty: 1, Status: null });
    expect(bodies).toEqual([{ Catalog, Novelty: 1 }]);
  });
});
