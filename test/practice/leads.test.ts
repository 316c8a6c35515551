import {
  GetEngagementCommand,
  type LeadContext,
  UpdateEngagementContextCommand,
  type UpdateLeadContext,
} from '@aws-sdk/client-partnercentral-selling';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { at, type Doc, isDoc, textAt } from '../../src/practice/json.ts';
import { type Answer, Catalog, invitationOf, open, type Stage } from './support.ts';

let stage: Stage;
let id: string;
beforeEach(async () => {
  stage = open();
  id = await leadOf('Tallow Lane');
});
afterEach(() => expect(stage.faults).toEqual([]));

async function leadOf(company: string): Promise<string> {
  const { engagements } = await stage.practice.world();
  const found = Object.entries(engagements).find(([, one]) => JSON.stringify(one).includes(company));
  if (!found) throw new Error(`No lead of ${company}`);
  return found[0];
}

const stored = async (): Promise<Doc> => (await stage.practice.world()).engagements[id] ?? {};
const modifiedAt = async (): Promise<string> => textAt(await stored(), 'ModifiedAt') ?? '';
const leadIn = (engagement: Doc): Doc => {
  const [context] = Array.isArray(engagement.Contexts) ? engagement.Contexts : [];
  const lead = isDoc(context) ? at(context, 'Payload.Lead') : undefined;
  return isDoc(lead) ? lead : {};
};

/** The Lead payload as a careful client sends it back, with `more` in it. */
async function sending(more: Doc): Promise<Doc> {
  const { Customer = {}, QualificationStatus = '' } = leadIn(await stored());
  return { Lead: { Customer, QualificationStatus, ...more } };
}

async function update(more: Doc, members: Doc = {}): Promise<Answer> {
  return stage.post('UpdateEngagementContext', {
    ...{ Catalog, EngagementIdentifier: id, ContextIdentifier: '1', Type: 'Lead' },
    EngagementLastModifiedAt: await modifiedAt(),
    Payload: await sending(more),
    ...members,
  });
}

const call = (CustomerAction: string): Doc => ({
  Interaction: {
    CustomerAction,
    InteractionDate: '2026-11-23T09:00:00.000Z',
    Contact: { FirstName: 'Nora', LastName: 'Lindqvist', BusinessTitle: 'Founder', Email: 'nora@t.example' },
  },
});

describe('UpdateEngagementContext', () => {
  test('sets the status, adds the interaction and answers the new time stamp to the microsecond', async () => {
    const before = await stored();
    const { status, body } = await update({
      QualificationStatus: 'Research',
      ...call('Called, wants a demo'),
    });
    expect(status).toBe(200);
    const after = await stored();
    expect(leadIn(after)).toMatchObject({
      QualificationStatus: 'Research',
      Customer: leadIn(before).Customer,
      Insights: leadIn(before).Insights,
      Interactions: [{ CustomerAction: 'Filled in the form' }, { CustomerAction: 'Called, wants a demo' }],
    });
    expect(after.ModifiedAt).toMatch(/\.\d{6}Z$/);
    expect(body).toEqual({
      EngagementId: id,
      EngagementArn: after.Arn,
      EngagementLastModifiedAt: after.ModifiedAt,
      ContextId: '1',
    });
    expect(after.ModifiedBy).toBe('111122223333');
    expect((await stage.practice.world()).applied).toMatchObject([
      { kind: 'update-lead', id, value: { QualificationStatus: 'Research' } },
    ]);
  });

  test('the plain SDK, which cuts the microseconds, meets a conflict every time', async () => {
    const engagement = await stage.client.send(new GetEngagementCommand({ Catalog, Identifier: id }));
    const lead = engagement.Contexts?.[0]?.Payload?.Lead as LeadContext;
    const sent: UpdateLeadContext = { Customer: lead.Customer, QualificationStatus: 'Qualified' };
    const command = new UpdateEngagementContextCommand({
      ...{ Catalog, EngagementIdentifier: id, ContextIdentifier: '1', Type: 'Lead' },
      EngagementLastModifiedAt: engagement.ModifiedAt,
      Payload: { Lead: sent },
    });
    await expect(stage.client.send(command)).rejects.toMatchObject({ name: 'ConflictException' });
    expect(leadIn(await stored())).toMatchObject({ QualificationStatus: 'Unqualified' });
  });

  test('one microsecond off is a conflict, and so is the same moment written otherwise', async () => {
    const exact = await modifiedAt();
    for (const EngagementLastModifiedAt of [
      exact.replace(/.Z$/, (end) => (end === '1Z' ? '2Z' : '1Z')),
      exact.replace('Z', '+00:00'),
    ]) {
      expect((await update({}, { EngagementLastModifiedAt })).body.__type).toMatch(/#ConflictException$/);
    }
    expect((await update({}, { EngagementLastModifiedAt: exact })).status).toBe(200);
  });

  test('the time stamp moves forward even when the clock stands still', async () => {
    const stamps = [await modifiedAt()];
    for (const status of ['Open', 'Research', 'Qualified', 'Disqualified', 'Open']) {
      stamps.push(String((await update({ QualificationStatus: status })).body.EngagementLastModifiedAt));
    }
    expect([...new Set(stamps)].sort()).toEqual(stamps);
  });

  test('somebody else’s edit makes what was read before stale', async () => {
    const EngagementLastModifiedAt = await modifiedAt();
    await stage.practice.script.qualify(id, 'Qualified');
    expect((await update({}, { EngagementLastModifiedAt })).status).toBe(409);
  });

  test('what is left out is gone: the status falls back to AWS’s default, the customer’s address is lost', async () => {
    await update({ QualificationStatus: 'Qualified' });
    const Payload = { Lead: { Customer: { CompanyName: 'Tallow Lane Candles' } } };
    expect((await update({}, { Payload })).status).toBe(200);
    const lead = leadIn(await stored());
    expect(lead.Customer).toEqual({ CompanyName: 'Tallow Lane Candles' });
    expect(lead.QualificationStatus).toBe('Unqualified');
    expect(lead.Interactions).toHaveLength(1);
  });

  test('holds ten interactions; the eleventh is refused, a status alone is not', async () => {
    for (let turn = 2; turn <= 10; turn += 1) expect((await update(call(`Call ${turn}`))).status).toBe(200);
    expect((await update(call('Call 11'))).body.ErrorList).toMatchObject([
      { FieldName: 'payload.lead.interaction', Code: 'TOO_MANY_VALUES' },
    ]);
    expect((await update({ QualificationStatus: 'Qualified' })).status).toBe(200);
    expect(leadIn(await stored()).Interactions).toHaveLength(10);
  });

  test.each([
    ['no customer', { Payload: { Lead: { QualificationStatus: 'Open' } } }, 'payload.lead.customer'],
    ['no time stamp', { EngagementLastModifiedAt: null }, 'engagementLastModifiedAt'],
    [
      'an empty status',
      { Payload: { Lead: { Customer: { CompanyName: 'T' }, QualificationStatus: '' } } },
      'payload.lead.qualificationStatus',
    ],
    [
      'two payloads',
      { Payload: { Lead: { Customer: { CompanyName: 'T' } }, CustomerProject: {} } },
      'payload',
    ],
    ['an id of no engagement', { EngagementIdentifier: 'engi-1' }, 'engagementIdentifier'],
  ] as [string, Doc, string][])('refuses %s', async (_, members, FieldName) => {
    const { body } = await update({}, members);
    expect(body).toMatchObject({ Reason: 'REQUEST_VALIDATION_FAILED', ErrorList: [{ FieldName }] });
  });

  test.each([
    ['a nameless contact', { Contact: { Email: 'a@b.example' } }, 3],
    ['an action of 256 characters', { ...Object(call('🚀'.repeat(256)).Interaction) }, 1],
  ])('refuses %s', async (_, Interaction, faults) => {
    expect((await update({ Interaction })).body.ErrorList).toHaveLength(faults);
    expect((await update(call('🚀'.repeat(255)))).status).toBe(200);
  });

  test('a context there is not is not found, and one of another type is refused', async () => {
    expect((await update({}, { ContextIdentifier: '2' })).status).toBe(404);
    const project = { Type: 'CustomerProject', Payload: { CustomerProject: {} } };
    expect((await update({}, project)).body.Reason).toBe('BUSINESS_VALIDATION_FAILED');
  });

  test('a lead that is not accepted is not ours to change; an unknown one is not found', async () => {
    const Identifier = await invitationOf(stage, 'Fennel & Rye');
    const { body } = await stage.post('GetEngagementInvitation', { Catalog, Identifier });
    const refused = await update({}, { EngagementIdentifier: body.EngagementId ?? '' });
    expect(refused.body.__type).toMatch(/#AccessDeniedException$/);
    expect((await update({}, { EngagementIdentifier: 'eng-00000000000000' })).status).toBe(404);
  });
});
