import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  at,
  contextBody,
  decoded,
  listAt,
  parseRaw,
  plain,
  type Setting,
  sameText,
  storable,
  updateBody,
  valueAt,
} from '../../src/partner-central/raw.ts';

/** GetOpportunity as AWS sends it, with what it may add tomorrow. */
const FRESH = `{"Catalog":"AWS","Id":"O1234567","Arn":"arn:aws:partnercentral:us-east-1::catalog/AWS/opportunity/O1234567",
"LastModifiedDate":"2026-11-20T10:11:12.123456Z","CreatedDate":"2026-10-01T08:00:00Z",
"PrimaryNeedsFromAws":["Co-Sell - Deal Support"],"NationalSecurity":"No","PartnerOpportunityIdentifier":"crm-7",
"Customer":{"Account":{"Industry":"Retail","CompanyName":"Müller &amp; Söhne","WebsiteUrl":"https://m.example/?a=1&copy=2",
"Address":{"CountryCode":"DE","PostalCode":"10115"}},"Contacts":[{"Email":"cfo@m.example","FirstName":"Ada","LastName":"L"}]},
"Project":{"Title":"Move","CustomerBusinessProblem":"Their shop is slow on every Friday evening.","AdditionalComments":null,
"CustomerUseCase":"Big Data&amp;colon; Data Warehouse &amp; more","DeliveryModels":["SaaS or PaaS"],
"ExpectedCustomerSpend":[{"__type":"Spend#1","Amount":"12500.00","CurrencyCode":"USD","Frequency":"Monthly","TargetCompany":"AWS","EstimationUrl":"https://calculator.aws/#/nope"},
{"Amount":"10","CurrencyCode":"USD","Frequency":"Monthly","TargetCompany":"Self","EstimationUrl":"https://calculator.aws/#/estimate?id=0123456789abcdef0123456789abcdef"}],
"FutureMember":{"Exact":9007199254740993,"Ratio":1.10,"Deep":[{"__type":"x","Kept":"&lt;b&gt;"}]}},
"LifeCycle":{"Stage":"Qualified","ReviewStatus":"Approved","NextSteps":"Call","TargetCloseDate":"2027-03-31",
"NextStepsHistory":[{"Value":"Mail &amp; call","Time":"2026-11-01T10:00:00.000001Z"}]},
"OpportunityTeam":[{"Email":"a@p.example","BusinessTitle":"OpportunityOwner"}],
"RelatedEntityIdentifiers":{"Solutions":["S-1"]},"AddedByAws":[18446744073709551617],"$metadata":{"attempts":1}}`;

const fresh = () => parseRaw(FRESH);
const NEXT: Setting = { path: ['LifeCycle', 'NextSteps'], value: 'Demo "now" & then' };

describe('the body of an update', () => {
  const body = updateBody(fresh(), 'Sandbox', [NEXT]);
  const sent = parseRaw(body);

  test('changes what the person changed and nothing else', () => {
    const expected = plain(fresh()) as Record<string, unknown>;
    const unchanged = JSON.parse(
      JSON.stringify(expected)
        .replaceAll('&amp;colon;', ':')
        .replaceAll('&amp;', '&')
        .replaceAll('&lt;b&gt;', '<b>')
        .replace('"__type":"Spend#1",', '')
        .replace('"__type":"x",', '')
        .replace(',"EstimationUrl":"https://calculator.aws/#/nope"', '')
        .replace('"AdditionalComments":null,', '')
        .replace('"NextSteps":"Call"', '"NextSteps":"Demo \\"now\\" & then"'),
    );
    for (const key of [
      'Id',
      'Arn',
      'CreatedDate',
      'OpportunityTeam',
      'RelatedEntityIdentifiers',
      '$metadata',
    ])
      delete unchanged[key];
    expect(plain(sent)).toEqual({ ...unchanged, Catalog: 'Sandbox', Identifier: 'O1234567' });
  });

  test('keeps numbers to the last digit and time stamps to the microsecond', () => {
    expect(body).toContain('"Exact":9007199254740993');
    expect(body).toContain('"Ratio":1.10');
    expect(body).toContain('[18446744073709551617]');
    expect(body).toContain('"LastModifiedDate":"2026-11-20T10:11:12.123456Z"');
    expect(body).toContain('"Time":"2026-11-01T10:00:00.000001Z"');
  });

  test('drops an estimate link that AWS would refuse and keeps one it takes', () => {
    expect(body).not.toContain('nope');
    expect(body).toContain('estimate?id=0123456789abcdef0123456789abcdef');
  });

  test('does not touch the record it was made from', () => {
    const record = fresh();
    const before = JSON.stringify(plain(record));
    updateBody(record, 'AWS', [
      NEXT,
      { path: ['Project', 'ExpectedCustomerSpend', '0', 'Amount'], value: '1' },
    ]);
    expect(JSON.stringify(plain(record))).toBe(before);
  });

  test('writes into lists, and into what was not there before', () => {
    const changed = parseRaw(
      updateBody(fresh(), 'AWS', [
        { path: ['Project', 'ExpectedCustomerSpend', '1', 'Amount'], value: '99.5' },
        { path: ['Marketing', 'Source'], value: 'None' },
      ]),
    );
    expect(valueAt(changed, ['Project', 'ExpectedCustomerSpend', '1', 'Amount'])).toBe('99.5');
    expect(valueAt(changed, ['Project', 'ExpectedCustomerSpend', '0', 'Amount'])).toBe('12500.00');
    expect(valueAt(changed, ['Marketing', 'Source'])).toBe('None');
  });

  test('emptied comments are left out (AWS takes at least one character), an emptied next step is sent empty', () => {
    const changed = parseRaw(
      updateBody(fresh(), 'AWS', [
        { path: ['Project', 'AdditionalComments'], value: '' },
        { path: ['LifeCycle', 'NextSteps'], value: '' },
      ]),
    );
    expect(at(changed, ['Project', 'AdditionalComments'])).toBeUndefined();
    expect(at(changed, ['LifeCycle', 'NextSteps'])).toBe('');
  });

  test('a member without a value is left out; the entry after the last of a list is added, also where there was none', () => {
    const spend = ['Project', 'ExpectedCustomerSpend'];
    const changed = parseRaw(
      updateBody(fresh(), 'AWS', [
        { path: ['Customer', 'Account', 'WebsiteUrl'] },
        { path: [...spend, '2', 'Amount'], value: '7' },
        { path: [...spend, '2', 'CurrencyCode'], value: 'USD' },
        { path: [...spend, '9', 'Amount'], value: '8' },
      ]),
    );
    expect(at(changed, ['Customer', 'Account', 'WebsiteUrl'])).toBeUndefined();
    expect(at(changed, ['Customer', 'Account', 'CompanyName'])).toBeDefined();
    expect(listAt(changed, spend)).toHaveLength(3);
    expect(at(changed, [...spend, '2'])).toEqual({ Amount: '7', CurrencyCode: 'USD' });
    const bare = parseRaw('{"Id":"O1","LastModifiedDate":"2026-11-20T10:11:12.123456Z"}');
    const made = parseRaw(updateBody(bare, 'AWS', [{ path: [...spend, '0', 'Amount'], value: '9' }]));
    expect(at(made, spend)).toEqual([{ Amount: '9' }]);
  });

  test('is not made of a record without an id or a time stamp', () => {
    expect(() => updateBody(parseRaw('{"Id":"O1"}'), 'AWS', [])).toThrow('Not an opportunity');
    expect(() => updateBody([], 'AWS', [])).toThrow('Not an opportunity');
  });
});

const LEAD_CONTEXT = `{"Id":"1","Type":"Lead","Payload":{"Lead":{"QualificationStatus":"Nurturing","Future":{"n":1.10},
  "Customer":{"CompanyName":"Acme &amp; Sons","Address":{"City":null,"CountryCode":"FR"}},
  "Insights":{"LeadReadinessScore":"High"},"Interactions":[{"CustomerAction":"Old"}]}}}`;
const engagement = () =>
  parseRaw(
    `{"Id":"eng-00000000000001","ModifiedAt":"2026-11-20T10:11:12.000001Z","Contexts":[${LEAD_CONTEXT}]}`,
  );
const INTERACTION = {
  SourceName: 'Summit &amp; more',
  Contact: { BusinessTitle: 'CTO', Email: 'a@b.example', FirstName: 'A', LastName: 'B' },
  CustomerAction: 'Called',
  InteractionDate: '2026-11-22T01:02:03.000Z',
};

describe('the body of a lead’s update', () => {
  const context = at(engagement(), ['Contexts', '0']);
  const leadOf = (body: string) => at(parseRaw(body), ['Payload', 'Lead']);

  test('carries the context as it stands, without its interactions, and the lock to the microsecond', () => {
    const body = contextBody(engagement(), 'AWS', context, {});
    expect(body).toContain('"EngagementLastModifiedAt":"2026-11-20T10:11:12.000001Z"');
    expect(body).toContain('"Future":{"n":1.10}');
    expect(plain(leadOf(body))).toEqual({
      QualificationStatus: 'Nurturing',
      Future: { n: 1.1 },
      Customer: { CompanyName: 'Acme & Sons', Address: { CountryCode: 'FR' } },
      Insights: { LeadReadinessScore: 'High' },
    });
  });

  test('with a new status and the one interaction that AWS takes', () => {
    const lead = leadOf(
      contextBody(engagement(), 'AWS', context, { status: 'Qualified', interaction: INTERACTION }),
    );
    expect(lead).toMatchObject({
      QualificationStatus: 'Qualified',
      Interaction: { ...INTERACTION, SourceName: 'Summit & more' },
    });
    expect(lead).not.toHaveProperty('Interactions');
  });

  test('is not made of what is no lead', () => {
    expect(() => contextBody(parseRaw('{"Id":"eng-1"}'), 'AWS', context, {})).toThrow('Not a lead');
    expect(() => contextBody(engagement(), 'AWS', {}, {})).toThrow('Not a lead');
  });
});

const MODEL = process.env.PARTNER_CENTRAL_MODEL ?? '../shared/reference/partner-central-model.json';
const withModel = existsSync(MODEL) ? test : test.skip;

interface Shape {
  type: string;
  members?: Record<string, { shape: string }>;
  member?: { shape: string };
  required?: string[];
  enum?: string[];
  pattern?: string;
}

/** What the service model says against a value; members it does not know are let through. */
function faults(shapes: Record<string, Shape>, name: string, value: unknown, where = name): string[] {
  const shape = shapes[name];
  if (!shape) return [`${where}: no such shape`];
  if (shape.type === 'structure') {
    const missing = (shape.required ?? []).filter((key) => at(value, [key]) === undefined);
    const inner = Object.entries(shape.members ?? {}).flatMap(([key, member]) => {
      const found = at(value, [key]);
      return found === undefined ? [] : faults(shapes, member.shape, found, `${where}.${key}`);
    });
    return [...missing.map((key) => `${where}.${key} is missing`), ...inner];
  }
  if (shape.type === 'list')
    return Array.isArray(value)
      ? value.flatMap((one, i) => faults(shapes, shape.member?.shape ?? '', one, `${where}[${i}]`))
      : [`${where} is no list`];
  if (typeof value !== 'string') return [`${where} is no text`];
  if (shape.enum && !shape.enum.includes(value)) return [`${where} is not in the picklist`];
  const whole = shape.pattern && new RegExp(`^(?:${shape.pattern.replace('(?s)', '')})$`, 'su');
  return whole && !whole.test(value) ? [`${where} does not match`] : [];
}

describe('against the service model', () => {
  withModel('every body is one that UpdateOpportunity takes', () => {
    const { shapes } = JSON.parse(readFileSync(MODEL, 'utf8')) as { shapes: Record<string, Shape> };
    const sets: Setting[][] = [
      [],
      [NEXT],
      [{ path: ['LifeCycle', 'TargetCloseDate'], value: '2027-06-30' }],
      [{ path: ['Project', 'AdditionalComments'], value: '' }],
    ];
    for (const set of sets)
      expect(faults(shapes, 'UpdateOpportunityRequest', parseRaw(updateBody(fresh(), 'AWS', set)))).toEqual(
        [],
      );
    const broken = updateBody(fresh(), 'AWS', [{ path: ['LifeCycle', 'Stage'], value: 'Nowhere' }]);
    expect(faults(shapes, 'UpdateOpportunityRequest', parseRaw(broken))).toHaveLength(1);
  });

  withModel('every body of a lead’s update is one that UpdateEngagementContext takes', () => {
    const { shapes } = JSON.parse(readFileSync(MODEL, 'utf8')) as { shapes: Record<string, Shape> };
    const context = at(engagement(), ['Contexts', '0']);
    const faultsOf = (set: Parameters<typeof contextBody>[3]) =>
      faults(
        shapes,
        'UpdateEngagementContextRequest',
        parseRaw(contextBody(engagement(), 'AWS', context, set)),
      );
    for (const set of [{}, { status: 'Open' }, { status: 'Qualified', interaction: INTERACTION }])
      expect(faultsOf(set)).toEqual([]);
    expect(faultsOf({ interaction: { CustomerAction: 'Without a contact' } })).toHaveLength(1);
  });

  withModel('what GetOpportunity returns and UpdateOpportunity does not take is what we leave out', () => {
    const { shapes } = JSON.parse(readFileSync(MODEL, 'utf8')) as { shapes: Record<string, Shape> };
    const taken = Object.keys(shapes.UpdateOpportunityRequest?.members ?? {});
    const returned = Object.keys(shapes.GetOpportunityResponse?.members ?? {});
    const record = Object.fromEntries(returned.map((key) => [key, 'x']));
    const sent = Object.keys(JSON.parse(updateBody(record, 'AWS', [])) as object);
    expect(sent.sort()).toEqual([...returned.filter((key) => taken.includes(key)), 'Identifier'].sort());
  });
});

describe('texts', () => {
  test.each([
    ['Business Applications &amp; Contact Center', 'Business Applications & Contact Center'],
    ['Big Data&amp;colon; BI', 'Big Data: BI'],
    ['&lt;b&gt; &#39;x&#39; &#x1F600;', "<b> 'x' 😀"],
    ['https://x.example/?a=1&copy=2&lt=3', 'https://x.example/?a=1&copy=2&lt=3'],
    ['&amp;amp;', '&amp;'],
    ['AT&T; R&D', 'AT&T; R&D'],
  ])('%s reads as %s', (raw, read) => expect(decoded(raw)).toBe(read));

  test('what AWS encodes, trims or breaks differently is the same text; another word is not', () => {
    expect(sameText('Call R&D\nnow ', 'Call R&amp;D\r\nnow')).toBe(true);
    expect(sameText(undefined, '')).toBe(true);
    expect(sameText('Call', 'call')).toBe(false);
  });

  test('no text of a customer can stop the database: NUL and half characters are replaced', () => {
    const hostile = parseRaw('{"a\\u0000":"x\\u0000y\\ud800z","b":["\\udfff"],"fine":"😀"}');
    expect(plain(hostile)).toEqual({ 'a\ufffd': 'x\ufffdy\ufffdz', b: ['\ufffd'], fine: '😀' });
    expect(storable('😀')).toBe('😀');
  });
});

describe('reading', () => {
  test('a path that ends early, or leads through a prototype, finds nothing', () => {
    const record = parseRaw('{"a":{"b":["x",7]},"n":9007199254740993,"t":true,"__proto__":{"evil":"yes"}}');
    expect(valueAt(record, ['a', 'b', '0'])).toBe('x');
    expect(valueAt(record, ['n'])).toBe('9007199254740993');
    expect(valueAt(record, ['a', 'c', 'd'])).toBeUndefined();
    expect(valueAt(record, ['t'])).toBeUndefined();
    expect(at(record, ['constructor', 'name'])).toBeUndefined();
    expect(listAt(record, ['a'])).toEqual([]);
    expect(({} as Record<string, unknown>).evil).toBeUndefined();
  });

  test('plain JSON keeps every number: as a number where JavaScript can, else as its digits', () => {
    expect(plain(parseRaw('{"a":1,"b":1.50,"c":9007199254740993,"d":null,"e":true}'))).toEqual({
      a: 1,
      b: 1.5,
      c: '9007199254740993',
      d: null,
      e: true,
    });
  });

  test('an operation that answers nothing reads as an empty record', () => {
    expect(parseRaw('')).toEqual({});
    expect(parseRaw('{}')).toEqual({});
  });
});
