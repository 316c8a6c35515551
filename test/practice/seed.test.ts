import { describe, expect, test } from '@jest/globals';
import { REVIEW_STATUSES, STAGES } from '../../src/pipeline/deal.ts';
import { listAt, textAt } from '../../src/practice/json.ts';
import { practiceTeam } from '../../src/practice/team.ts';
import { faultsOf, model } from './conformance.ts';
import { open, START } from './support.ts';

const DAY = 86_400_000;
const world = await open().practice.world();
const opportunities = Object.values(world.opportunities);
const invitations = Object.values(world.invitations);
const records = opportunities.map(({ record }) => record);
const pending = invitations
  .filter(({ record, participant }) => participant === 'RECEIVER' && record.Status === 'PENDING')
  .map(({ record }) => record)
  .filter(({ ExpirationDate }) => Date.parse(String(ExpirationDate)) > START.getTime());
const open_ = records.filter(
  (record) => !['Launched', 'Closed Lost'].includes(textAt(record, 'LifeCycle.Stage') ?? ''),
);

const daysTo = (day: string | undefined): number => (Date.parse(day ?? '') - START.getTime()) / DAY;

describe('the pipeline to practise with', () => {
  test('has some eighty records', () => {
    expect(opportunities.length + invitations.length).toBeGreaterThanOrEqual(75);
    expect(opportunities.length + invitations.length).toBeLessThanOrEqual(90);
  });

  test.each(REVIEW_STATUSES)('has opportunities that are %s', (status) => {
    expect(records.filter((record) => textAt(record, 'LifeCycle.ReviewStatus') === status)).not.toHaveLength(
      0,
    );
  });

  test.each(STAGES)('has opportunities at stage %s', (stage) => {
    expect(records.filter((record) => textAt(record, 'LifeCycle.Stage') === stage)).not.toHaveLength(0);
  });

  test('AWS says what it wants wherever action is required', () => {
    const asked = records.filter((record) => textAt(record, 'LifeCycle.ReviewStatus') === 'Action Required');
    for (const record of asked) expect(textAt(record, 'LifeCycle.ReviewComments')).toMatch(/\w{3}/);
  });

  test('some opportunities are stale, some close within a week, some are past their close date', () => {
    const lastSteps = open_.map((record) => listAt(record, 'LifeCycle.NextStepsHistory').at(-1));
    expect(lastSteps.filter(isOld)).not.toHaveLength(0);
    const days = open_.map((record) => daysTo(textAt(record, 'LifeCycle.TargetCloseDate')));
    expect(days.filter((left) => left >= 0 && left <= 7).length).toBeGreaterThanOrEqual(3);
    expect(days.filter((left) => left < -1).length).toBeGreaterThanOrEqual(3);
  });

  test('some came from AWS without a review status, some are of national security, some count in euros', () => {
    const referred = opportunities.filter(({ aws }) => aws.Origin === 'AWS Referral');
    expect(referred.length).toBeGreaterThanOrEqual(4);
    for (const { record } of referred) expect(textAt(record, 'LifeCycle.ReviewStatus')).toBeUndefined();
    expect(
      records.filter(({ NationalSecurity }) => NationalSecurity === 'Yes').length,
    ).toBeGreaterThanOrEqual(2);
    expect(records.filter((record) => JSON.stringify(record).includes('"EUR"'))).not.toHaveLength(0);
    expect(records.filter((record) => JSON.stringify(record).includes('"USD"'))).not.toHaveLength(0);
  });

  test('eleven AWS referrals, one of another partner and four leads wait for acceptance', () => {
    const referrals = pending.filter(({ PayloadType }) => PayloadType === 'OpportunityInvitation');
    expect(referrals.filter(({ SenderAwsAccountId }) => SenderAwsAccountId === 'aws')).toHaveLength(11);
    expect(referrals.filter((record) => /^\d{12}$/.test(String(record.SenderAwsAccountId)))).toHaveLength(1);
    expect(pending.filter(({ PayloadType }) => PayloadType === 'LeadInvitation')).toHaveLength(4);
  });

  test('one referral expires within hours, and one is past five business days without having expired', () => {
    const left = pending.map(({ ExpirationDate }) => Date.parse(String(ExpirationDate)) - START.getTime());
    expect(left.filter((ms) => ms < DAY / 2)).toHaveLength(1);
    const old = pending.filter(
      ({ InvitationDate }) => Date.parse(String(InvitationDate)) < START.getTime() - 8 * DAY,
    );
    expect(old).not.toHaveLength(0);
  });

  test('there are leads in every state, and invitations that were lost', () => {
    const leads = Object.values(world.engagements).map((one) => JSON.stringify(one));
    for (const status of ['Unqualified', 'Open', 'Research', 'Qualified', 'Disqualified']) {
      expect(leads.filter((text) => text.includes(`"QualificationStatus":"${status}"`))).not.toHaveLength(0);
    }
    const statuses = invitations.map(({ record }) => record.Status);
    expect(statuses).toEqual(expect.arrayContaining(['EXPIRED', 'REJECTED', 'ACCEPTED']));
  });

  test('one pending and one accepted lead come from the Partner Solutions Finder', () => {
    const source = '"SourceType":"AWS Partner Solutions Finder"';
    const found = pending.filter((record) => JSON.stringify(record).includes(source));
    expect(found).toHaveLength(1);
    const accepted = Object.values(world.engagements).filter((one) => JSON.stringify(one).includes(source));
    expect(accepted).toHaveLength(1);
  });

  test('solutions are active, inactive and drafts, and what is associated is one of them', () => {
    const solutions = world.solutions ?? [];
    expect(new Set(solutions.map(({ Status }) => Status))).toEqual(new Set(['Active', 'Inactive', 'Draft']));
    const used = records.flatMap((record) => listAt(record, 'RelatedEntityIdentifiers.Solutions'));
    expect(used.length).toBeGreaterThan(10);
    for (const id of used) expect(solutions.map(({ Id }) => Id)).toContain(id);
    for (const record of records) {
      const hasOne = listAt(record, 'RelatedEntityIdentifiers.Solutions').length > 0;
      expect(textAt(record, 'Project.OtherSolutionDescription') === undefined).toBe(hasOne);
    }
  });

  test.each(['Business Validation', 'Committed'])('%s has one with the solution “Other” only', (stage) => {
    const others = records.filter(
      (record) =>
        textAt(record, 'LifeCycle.Stage') === stage &&
        textAt(record, 'LifeCycle.ReviewStatus') === 'Approved' &&
        textAt(record, 'Project.OtherSolutionDescription') !== undefined,
    );
    expect(others).not.toHaveLength(0);
  });

  test.each(STAGES)('one is approved at stage %s', (stage) => {
    const found = records.filter(
      (record) =>
        textAt(record, 'LifeCycle.Stage') === stage &&
        textAt(record, 'LifeCycle.ReviewStatus') === 'Approved',
    );
    expect(found).not.toHaveLength(0);
  });

  test('AWS has launched one that we have not', () => {
    const ahead = opportunities.filter(
      ({ record, aws }) =>
        textAt(aws, 'LifeCycle.Stage') === 'Launched' && textAt(record, 'LifeCycle.Stage') !== 'Launched',
    );
    expect(ahead).toHaveLength(1);
  });

  test('one was rejected some days ago, one submitted yesterday, one is in review for over two weeks', () => {
    const ago = (status: string) =>
      records
        .filter((record) => textAt(record, 'LifeCycle.ReviewStatus') === status)
        .map((record) => -daysTo(textAt(record, 'LastModifiedDate')));
    expect(ago('Rejected')).toContain(4);
    expect(ago('Submitted')).toContain(1);
    expect(ago('In review').filter((days) => days > 14)).toHaveLength(1);
  });

  test('some have a sales contact who is not the owner, one of them no user of Partner Central', () => {
    const contacts = records.flatMap((record) =>
      listAt(record, 'OpportunityTeam').filter((one) =>
        JSON.stringify(one).includes('PartnerAccountManager'),
      ),
    );
    expect(contacts.length).toBeGreaterThanOrEqual(3);
    const emails = practiceTeam().map(({ email }) => email);
    const strangers = contacts.filter((one) => !emails.some((email) => JSON.stringify(one).includes(email)));
    expect(strangers).toHaveLength(1);
  });

  test('AWS withholds the customer of one of national security', () => {
    const secret = records.find(({ NationalSecurity, Customer }) =>
      `${NationalSecurity} ${JSON.stringify(Customer)}`.includes('Yes {"Account":{"CompanyName":"REDACTED"'),
    );
    for (const path of ['WebsiteUrl', 'Address.PostalCode', 'Address.StateOrRegion']) {
      expect(textAt(secret ?? {}, `Customer.Account.${path}`)).toBeUndefined();
    }
    expect(secret?.Customer).not.toHaveProperty('Contacts');
  });

  test('a pending referral is of a customer whose website we work with already', () => {
    const websites = records.map((record) => textAt(record, 'Customer.Account.WebsiteUrl'));
    const twice = pending.filter((record) => {
      const website = textAt(record, 'Payload.OpportunityInvitation.Customer.WebsiteUrl');
      return website !== undefined && websites.includes(website);
    });
    expect(twice.map((record) => record.EngagementTitle)).toEqual(['Lighthouse & Vane Logistics: One data']);
  });

  test('what our own submissions caused is not among what we received', () => {
    const sent = invitations.filter(({ participant }) => participant === 'SENDER');
    expect(sent).toHaveLength(2);
    for (const { record } of sent) expect(record.SenderAwsAccountId).toBe('111122223333');
  });

  test('the pipeline is owned across the whole team', () => {
    const owners = new Set(records.map((record) => JSON.stringify(listAt(record, 'OpportunityTeam')[0])));
    expect(owners.size).toBe(practiceTeam().length);
  });

  test('a title cut at AWS’s 40 characters ends with a whole word of it', () => {
    const titles = invitations.map(({ record }) => String(record.EngagementTitle));
    expect(titles).toContain('Skylark Drone Surveys: One data lake');
    for (const title of titles) expect([...title].length).toBeLessThanOrEqual(40);
  });

  test('hostile names are there from the first minute', () => {
    const names = JSON.stringify(world);
    for (const hostile of [
      '<!channel>',
      '*Bold*',
      '🚀',
      "O'Malley",
      '\u202e',
      '\\u001b[31m',
      '=HYPERLINK',
      'مصنع',
    ]) {
      expect(names).toContain(hostile);
    }
  });

  test('every e-mail address ends in .example', () => {
    const addresses = JSON.stringify(world).match(/[\w.'-]+@[\w.-]+/g) ?? [];
    expect(addresses.length).toBeGreaterThan(100);
    for (const address of addresses) expect(address).toMatch(/\.example$/);
  });

  (model ? test : test.skip)('every record keeps to the service model', () => {
    const faults = [
      ...opportunities.flatMap(({ record }) => faultsOf('GetOpportunity', record)),
      ...opportunities.flatMap(({ aws }) => faultsOf('GetAwsOpportunitySummary', aws)),
      ...invitations.flatMap(({ record }) => faultsOf('GetEngagementInvitation', record)),
      ...invitations.flatMap(({ yields }) => (yields ? faultsOf('GetEngagement', yields.engagement) : [])),
      ...Object.values(world.engagements).flatMap((one) => faultsOf('GetEngagement', one)),
    ];
    expect(faults).toEqual([]);
  });
});

const isOld = (step: unknown): boolean =>
  typeof step === 'object' &&
  step !== null &&
  'Time' in step &&
  Date.parse(String(step.Time)) < START.getTime() - 14 * DAY;

describe('the practice team', () => {
  test('has every role, and the alliance lead takes the address given', () => {
    expect(practiceTeam().map(({ role }) => role)).toEqual([
      'alliance lead',
      'alliance team',
      'ACE manager',
      'ACE user',
      'ACE user',
      'ACE user',
    ]);
    expect(practiceTeam()[0]?.email).toBe('lead@partner.example');
    expect(practiceTeam('Boss@Partner.Example')[0]?.email).toBe('boss@partner.example');
  });

  test('a new alliance lead takes over what the old one owned', async () => {
    const first = open();
    await first.practice.world();
    const second = open({ state: first.state, leadEmail: 'boss@partner.example' });
    const text = JSON.stringify(await second.practice.world());
    expect(text).not.toContain('"lead@partner.example"');
    expect(text).toContain('"boss@partner.example"');
  });
});
