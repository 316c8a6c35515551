import { describe, expect, test } from '@jest/globals';
import { fromEngagement, fromInvitation, fromOpportunity } from '../../src/partner-central/mapping.ts';
import { parseRaw } from '../../src/partner-central/raw.ts';

/** Shapes as AWS's samples show them. */
const INVITATION = {
  Arn: 'arn:aws:partnercentral:us-east-1::catalog/AWS/engagement-invitation/engi-0000000000001',
  PayloadType: 'OpportunityInvitation',
  Id: 'engi-0000000000001',
  EngagementId: 'eng-00000000000001',
  EngagementTitle: 'Move to the cloud',
  Status: 'PENDING',
  InvitationDate: '2025-11-03T03:12:02.078035+00:00',
  ExpirationDate: '2025-11-18T03:12:02.078035+00:00',
  SenderAwsAccountId: 'aws',
  SenderCompanyName: 'AWS',
  Receiver: { Account: { AwsAccountId: '111122223333' } },
  Catalog: 'AWS',
  InvitationMessage: 'Please look at this &amp; tell us.',
  Payload: {
    OpportunityInvitation: {
      SenderContacts: [
        {
          Email: 'Rep@Amazon.example',
          FirstName: 'Rae',
          LastName: 'Park',
          BusinessTitle: 'AWSSalesRep',
          Phone: '+14444444444',
        },
        { Email: 'pdm@amazon.example' },
        {},
      ],
      ReceiverResponsibilities: ['Co-Sell Facilitator', 'Distributor &amp; Reseller'],
      Customer: {
        Industry: 'Aerospace',
        CompanyName: 'Acme &amp; Sons',
        WebsiteUrl: 'https://acme.example',
        CountryCode: 'US',
      },
      Project: {
        Title: 'Move&amp;colon; step one',
        BusinessProblem: 'Their shop is slow on every Friday evening.',
        TargetCompletionDate: '2026-03-31',
        ExpectedCustomerSpend: [
          { Amount: '9', CurrencyCode: 'EUR', Frequency: 'Monthly', TargetCompany: 'Self' },
          { Amount: '12500.00', CurrencyCode: 'USD', Frequency: 'Monthly', TargetCompany: 'AWS' },
        ],
      },
    },
  },
};

const LEAD_INVITATION = {
  ...INVITATION,
  PayloadType: 'LeadInvitation',
  Id: 'engi-0000000000002',
  Payload: {
    LeadInvitation: {
      Customer: {
        Industry: 'Retail',
        CompanyName: 'Beta',
        WebsiteUrl: 'beta.example',
        CountryCode: 'FR',
        AwsMaturity: 'Evaluating',
      },
      Interaction: {
        SourceType: 'Campaign',
        SourceId: '7',
        SourceName: 'Summit',
        Usecase: 'Database',
        ContactBusinessTitle: 'CTO',
      },
    },
  },
};

const ENGAGEMENT = {
  Id: 'eng-00000000000001',
  Title: 'Beta &amp; databases',
  CreatedAt: '2025-11-03T03:12:02.078035Z',
  ModifiedAt: '2025-11-04T03:12:02.368914Z',
  Contexts: [
    { Type: 'ProspectingResult', Payload: {} },
    {
      Id: '1',
      Type: 'Lead',
      Payload: {
        Lead: {
          QualificationStatus: 'Unqualified',
          Customer: { CompanyName: 'Beta', Industry: 'Retail', Address: { City: 'Lyon', CountryCode: 'FR' } },
          Interactions: [
            {
              SourceName: 'Webinar',
              Usecase: 'Storage',
              InteractionDate: '2025-10-01T00:00:00Z',
              BusinessProblem: 'Old problem',
              Contact: {
                BusinessTitle: 'CTO',
                Email: 'old@beta.example',
                FirstName: 'Odile',
                LastName: 'Vert',
              },
            },
            {
              SourceType: 'Campaign',
              SourceName: 'Summit',
              Usecase: 'Database',
              InteractionDate: '2025-11-01T00:00:00Z',
              Contact: {
                BusinessTitle: 'CFO',
                Email: 'New@beta.example',
                FirstName: 'Noé',
                LastName: 'Bleu',
                Phone: '+331',
              },
            },
            {
              InteractionDate: '2025-09-01T00:00:00Z',
              Contact: {
                Email: 'old@beta.example',
                FirstName: 'Odile',
                LastName: 'Vert',
                BusinessTitle: 'CTO',
              },
            },
          ],
        },
      },
    },
  ],
};

const OPPORTUNITY = {
  Id: 'O1234567',
  Catalog: 'AWS',
  LastModifiedDate: '2026-11-20T10:11:12.123456Z',
  CreatedDate: '2026-10-01T08:00:00+02:00',
  NationalSecurity: 'Yes',
  Customer: {
    Account: {
      Industry: 'Government',
      CompanyName: 'Gov &amp; Co',
      AwsAccountId: '012345678901',
      Address: {
        CountryCode: 'US',
        StateOrRegion: 'New York',
        City: 'Albany',
        PostalCode: '12207',
        StreetAddress: '1 Main &amp; Elm',
      },
    },
    Contacts: [{ FirstName: 'Ada', LastName: 'L', Email: 'ADA@gov.example', BusinessTitle: 'CIO' }],
  },
  Project: {
    Title: 'Records',
    CustomerBusinessProblem: 'Paper everywhere.',
    CustomerUseCase: 'Business Applications &amp; Contact Center',
    OtherSolutionDescription: 'Our own &lt;thing&gt;',
    ExpectedCustomerSpend: [
      { Amount: '7', CurrencyCode: 'USD', TargetCompany: 'Self', EstimationUrl: 'https://self.example' },
      {
        Amount: '100',
        CurrencyCode: 'USD',
        TargetCompany: 'AWS',
        EstimationUrl: 'https://calculator.aws/#/estimate?id=0123456789abcdef0123456789abcdef',
      },
    ],
  },
  PartnerOpportunityIdentifier: 'CRM-7 &amp; 8',
  RelatedEntityIdentifiers: { Solutions: ['S-0000001', 'S-0000002'], AwsProducts: ['EC2'] },
  LifeCycle: {
    Stage: 'Technical Validation',
    ReviewStatus: 'Action Required',
    ReviewComments: 'Say more.',
    ClosedLostReason: 'Lost to Competitor - Other',
    NextSteps: 'Call',
    TargetCloseDate: '2027-03-31',
    NextStepsHistory: [
      { Value: 'First &lt;mail&gt;', Time: '2026-10-02T10:00:00Z' },
      { Value: 'Call', Time: '2026-11-01T10:00:00.000001Z' },
    ],
  },
  OpportunityTeam: [
    { Email: 'sales@p.example', FirstName: 'S', LastName: 'P', BusinessTitle: 'PartnerAccountManager' },
    { Email: 'Ana@P.example', FirstName: 'Ana', LastName: 'Silva', BusinessTitle: 'OpportunityOwner' },
  ],
};

const SUMMARY = {
  Origin: 'AWS Referral',
  InvolvementType: 'For Visibility Only',
  Visibility: 'Limited',
  LifeCycle: {
    Stage: 'Seller Engaged',
    TargetCloseDate: '2027-04-30',
    ClosedLostReason: 'Reason &amp; of tomorrow',
    NextSteps: 'Meet &amp; greet',
  },
  OpportunityTeam: [
    { Email: 'rep@amazon.example', FirstName: 'Rae', LastName: 'Park', BusinessTitle: 'PSM' },
  ],
};

const wire = (record: object): unknown => parseRaw(JSON.stringify(record));

describe('invitations', () => {
  test('an opportunity invitation is a referral with what may be seen before accepting', () => {
    expect(fromInvitation(wire(INVITATION)).deal).toEqual({
      kind: 'referral',
      id: 'engi-0000000000001',
      company: 'Acme & Sons',
      industry: 'Aerospace',
      country: 'US',
      website: 'https://acme.example',
      title: 'Move: step one',
      businessProblem: 'Their shop is slow on every Friday evening.',
      spend: { amount: '12500.00', currency: 'USD' },
      targetDate: '2026-03-31',
      status: 'PENDING',
      invitedAt: '2025-11-03T03:12:02.078Z',
      expiresAt: '2025-11-18T03:12:02.078Z',
      sender: { account: 'aws', company: 'AWS' },
      message: 'Please look at this & tell us.',
      engagementId: 'eng-00000000000001',
      awsContacts: [
        { name: 'Rae Park', email: 'rep@amazon.example', phone: '+14444444444', title: 'AWS sales rep' },
        { name: 'pdm@amazon.example', email: 'pdm@amazon.example' },
      ],
      responsibilities: ['Co-Sell Facilitator', 'Distributor & Reseller'],
    });
  });

  test("another partner's invitation keeps its account and name; a successor is kept where known", () => {
    const { deal } = fromInvitation(
      wire({ ...INVITATION, SenderAwsAccountId: '999988887777', SenderCompanyName: 'Gamma' }),
      'O7',
    );
    expect(deal).toMatchObject({ sender: { account: '999988887777', company: 'Gamma' }, successor: 'O7' });
  });

  test('a lead invitation is a lead; once accepted its engagement is its successor', () => {
    const { deal } = fromInvitation(wire(LEAD_INVITATION));
    expect(deal).toMatchObject({
      kind: 'lead',
      id: 'engi-0000000000002',
      company: 'Beta',
      country: 'FR',
      title: 'Move to the cloud',
      campaign: 'Summit',
      source: 'Campaign',
      useCase: 'Database',
      contactTitle: 'CTO',
      contacts: [],
      invitation: { status: 'PENDING', engagementId: 'eng-00000000000001' },
    });
    expect(deal).not.toHaveProperty('invitation.successor');
    const accepted = fromInvitation(wire({ ...LEAD_INVITATION, Status: 'ACCEPTED' })).deal;
    expect(accepted).toHaveProperty('invitation.successor', 'eng-00000000000001');
  });

  test('a line of the list, without its payload, is already a referral or a lead', () => {
    const { Payload: _, ...line } = INVITATION;
    expect(fromInvitation(wire(line)).deal).toMatchObject({
      kind: 'referral',
      company: 'Undisclosed customer',
      title: 'Move to the cloud',
    });
    expect(fromInvitation(wire({ ...line, PayloadType: 'LeadInvitation' })).deal.kind).toBe('lead');
  });

  test.each([
    ['EXPIRED', 'EXPIRED'],
    ['accepted', 'ACCEPTED'],
    ['WITHDRAWN_TOMORROW', 'PENDING'],
  ])('status %s counts as %s', (Status, status) =>
    expect(fromInvitation(wire({ ...INVITATION, Status })).deal).toHaveProperty('status', status),
  );
});

describe('leads', () => {
  test('an engagement with a lead gives its contacts, newest interaction first, each person once', () => {
    expect(fromEngagement(wire(ENGAGEMENT))?.deal).toEqual({
      kind: 'lead',
      id: 'eng-00000000000001',
      company: 'Beta',
      industry: 'Retail',
      country: 'FR',
      title: 'Beta & databases',
      businessProblem: 'Old problem',
      qualification: 'Open',
      campaign: 'Summit',
      source: 'Campaign',
      useCase: 'Database',
      contactTitle: 'CFO',
      contacts: [
        { name: 'Noé Bleu', email: 'new@beta.example', phone: '+331', title: 'CFO' },
        { name: 'Odile Vert', email: 'old@beta.example', title: 'CTO' },
      ],
      contextId: '1',
      createdAt: '2025-11-03T03:12:02.078Z',
    });
  });

  test("AWS's time stamp is kept to the microsecond: it is the lock of the next update", () => {
    expect(fromEngagement(wire(ENGAGEMENT))?.modified).toBe('2025-11-04T03:12:02.368914Z');
  });

  test('what it was as an invitation stays with it', () => {
    const entry = fromEngagement(wire(ENGAGEMENT), wire({ ...LEAD_INVITATION, Status: 'ACCEPTED' }));
    expect(entry?.deal).toMatchObject({
      invitation: { status: 'ACCEPTED', successor: 'eng-00000000000001' },
    });
    expect(Object.keys(entry?.raw as object)).toEqual(['GetEngagement', 'GetEngagementInvitation']);
  });

  test('an engagement without a lead is none of ours', () => {
    expect(fromEngagement(wire({ ...ENGAGEMENT, Contexts: [{ Type: 'CustomerProject' }] }))).toBeUndefined();
    expect(fromEngagement(wire({}))).toBeUndefined();
  });

  test.each([
    [undefined, 'Open'],
    ['unqualified', 'Open'],
    ['qualified', 'Qualified'],
    ['Disqualified', 'Disqualified'],
    ['Nurturing &amp; more', 'Nurturing & more'],
  ])('qualification %s reads %s', (QualificationStatus, read) => {
    const Contexts = [{ Type: 'Lead', Payload: { Lead: { QualificationStatus } } }];
    expect(fromEngagement(wire({ ...ENGAGEMENT, Contexts }))?.deal).toHaveProperty('qualification', read);
  });
});

describe('opportunities', () => {
  test("the record with AWS's side of it", () => {
    expect(fromOpportunity(wire(OPPORTUNITY), wire(SUMMARY)).deal).toEqual({
      kind: 'opportunity',
      id: 'O1234567',
      company: 'Gov & Co',
      industry: 'Government',
      country: 'US',
      title: 'Records',
      businessProblem: 'Paper everywhere.',
      spend: { amount: '100', currency: 'USD' },
      stage: 'Technical Validation',
      reviewStatus: 'Action Required',
      reviewComments: 'Say more.',
      origin: 'AWS Referral',
      owner: { name: 'Ana Silva', email: 'ana@p.example', title: 'OpportunityOwner' },
      salesContact: { name: 'S P', email: 'sales@p.example', title: 'PartnerAccountManager' },
      closeDate: '2027-03-31',
      closedLostReason: 'Lost to Competitor - Other',
      nextStep: 'Call',
      nextSteps: [
        { text: 'Call', at: '2026-11-01T10:00:00.000Z' },
        { text: 'First <mail>', at: '2026-10-02T10:00:00.000Z' },
      ],
      useCase: 'Business Applications & Contact Center',
      nationalSecurity: true,
      solutions: ['S-0000001', 'S-0000002'],
      otherSolution: 'Our own <thing>',
      awsAccountId: '012345678901',
      street: '1 Main & Elm',
      city: 'Albany',
      state: 'New York',
      postalCode: '12207',
      partnerId: 'CRM-7 & 8',
      estimationUrl: 'https://calculator.aws/#/estimate?id=0123456789abcdef0123456789abcdef',
      involvement: 'For Visibility Only',
      visibility: 'Limited',
      contacts: [{ name: 'Ada L', email: 'ada@gov.example', title: 'CIO' }],
      aws: {
        stage: 'Seller Engaged',
        closeDate: '2027-04-30',
        closedLostReason: 'Reason & of tomorrow',
        nextStep: 'Meet & greet',
        contacts: [{ name: 'Rae Park', email: 'rep@amazon.example', title: 'AWS partner success manager' }],
      },
      createdAt: '2026-10-01T06:00:00.000Z',
    });
  });

  test('the origin is AWS Referral only when that is known', () => {
    const origin = (...args: Parameters<typeof fromOpportunity>) =>
      (fromOpportunity(...args).deal as { origin?: string }).origin;
    expect(origin(wire(OPPORTUNITY))).toBe('Partner Referral');
    expect(origin(wire(OPPORTUNITY), wire({ Origin: 'Origin of tomorrow' }))).toBe('Partner Referral');
    expect(origin(wire(OPPORTUNITY), undefined, 'AWS Referral')).toBe('AWS Referral');
    expect(origin(wire(OPPORTUNITY), wire({ Origin: 'Partner Referral' }), 'AWS Referral')).toBe(
      'Partner Referral',
    );
  });

  test.each([
    [undefined, undefined],
    ['Approved', 'Approved'],
    ['In-Review', 'In review'],
    ['Status of tomorrow', 'In review'],
  ])('review status %s counts as %s: nothing is sent into an unknown state', (ReviewStatus, read) => {
    const record = { ...OPPORTUNITY, LifeCycle: { ReviewStatus } };
    expect((fromOpportunity(wire(record)).deal as { reviewStatus?: string }).reviewStatus).toBe(read);
  });

  test('the raw record is kept as it came, both answers under the operation that gave them', () => {
    const entry = fromOpportunity(
      parseRaw('{"Id":"O1","LastModifiedDate":"2026-11-20T10:11:12.123456Z","N":9007199254740993}'),
      wire(SUMMARY),
    );
    expect(entry.raw).toEqual({
      GetOpportunity: { Id: 'O1', LastModifiedDate: '2026-11-20T10:11:12.123456Z', N: '9007199254740993' },
      GetAwsOpportunitySummary: SUMMARY,
    });
    expect(entry.modified).toBe('2026-11-20T10:11:12.123456Z');
  });

  test('words newer than this code survive where they are text; where we send them back they are left out', () => {
    const record = { ...OPPORTUNITY, LifeCycle: { Stage: 'Closed Lost', ClosedLostReason: 'Moon phase' } };
    const { deal } = fromOpportunity(wire(record), wire({ InvolvementType: 'Hugs', Visibility: 'Some' }));
    expect(deal).toMatchObject({ closedLostReason: 'Moon phase' });
    expect(deal).not.toHaveProperty('involvement');
    expect(deal).not.toHaveProperty('visibility');
  });

  test('the spend is the one on AWS; where it says nothing of whom, the first that is not the partner’s own', () => {
    const spendOf = (...ExpectedCustomerSpend: object[]) =>
      fromOpportunity(wire({ ...OPPORTUNITY, Project: { ExpectedCustomerSpend } })).deal.spend;
    const self = { Amount: '5', CurrencyCode: 'EUR', TargetCompany: 'Self' };
    expect(spendOf(self)).toBeUndefined();
    expect(spendOf(self, { Amount: '6' })).toEqual({ amount: '6', currency: 'USD' });
    expect(spendOf({ Amount: '6' }, self, { Amount: '7', TargetCompany: 'AWS' })?.amount).toBe('7');
  });

  test('a day that does not exist, or a moment that is none, never reaches the database', () => {
    const LifeCycle = {
      TargetCloseDate: '2027-02-31',
      NextStepsHistory: [{ Value: 'x', Time: '+275760-09-13T00:00:00Z' }],
    };
    const { deal } = fromOpportunity(wire({ ...OPPORTUNITY, CreatedDate: 'soon', LifeCycle }));
    expect(deal).not.toHaveProperty('closeDate');
    expect(deal).toMatchObject({
      createdAt: '2026-11-20T10:11:12.123Z',
      nextSteps: [{ at: '1970-01-01T00:00:00.000Z' }],
    });
  });

  test("a customer's NUL and half characters do not reach the database", () => {
    const { deal, raw } = fromOpportunity(
      parseRaw('{"Id":"O1","Customer":{"Account":{"CompanyName":"A\\u0000B\\ud800"}}}'),
    );
    expect(deal.company).toBe('A\ufffdB\ufffd');
    expect(JSON.stringify(raw)).not.toMatch(/\\u0000|\\ud800/);
  });
});

test('every member may be absent, null or of another kind', () => {
  for (const odd of [
    {},
    { Id: null, Payload: [], Status: 7 },
    { LifeCycle: 'x', Customer: { Account: [] }, Project: null, Contexts: {} },
    [],
  ]) {
    expect(fromInvitation(wire(odd)).deal).toMatchObject({
      status: 'PENDING',
      company: 'Undisclosed customer',
      sender: { account: '' },
    });
    expect(fromOpportunity(wire(odd), wire(odd)).deal).toMatchObject({
      stage: 'Prospect',
      title: 'Untitled',
      nextSteps: [],
      solutions: [],
      contacts: [],
    });
    expect(fromEngagement(wire(odd))).toBeUndefined();
  }
});
