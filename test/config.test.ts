import { describe, expect, test } from '@jest/globals';
import { ConfigError, readConfig } from '../src/config.ts';

const slack = { SLACK_SIGNING_SECRET: '0123456789abcdef', SLACK_BOT_TOKEN: 'xoxb-1-2-3' };
const KEY = Buffer.alloc(32, 7).toString('base64');
const oauth = {
  SLACK_SIGNING_SECRET: '0123456789abcdef',
  SLACK_CLIENT_ID: '123.456',
  SLACK_CLIENT_SECRET: '0123456789abcdef0123',
  TOKEN_KEY: KEY,
  PUBLIC_URL: 'https://desk.partner.example',
};

function faultsOf(environment: Record<string, string>): string {
  try {
    readConfig(environment);
    return '';
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message;
  }
}

describe('configuration', () => {
  test('with nothing set it is practice mode on this machine', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      partnerCentral: { catalog: 'practice' },
      allianceLeadEmail: 'lead@partner.example',
      logLevel: 'info',
    });
    expect(config.slack).toBeUndefined();
    expect(config.databaseUrl).toBeUndefined();
  });

  test('the partner path is what was said, or nobody knows', () => {
    expect(readConfig({ PARTNER_PATH: 'services' }).partnerPath).toBe('services');
    expect(readConfig({ PARTNER_PATH: 'software' }).partnerPath).toBe('software');
    expect(readConfig({ PARTNER_PATH: '' })).not.toHaveProperty('partnerPath');
  });

  test.each(['https://help.partner.example/ace?from=desk', 'mailto:help@partner.example?subject=ace-desk'])(
    'people turn to %s, or where none is named to the alliance lead',
    (url) => {
      expect(readConfig({ SUPPORT_URL: url }).supportUrl).toBe(url);
      expect(readConfig({ SUPPORT_URL: '' })).not.toHaveProperty('supportUrl');
    },
  );

  test('an empty value counts as left out', () => {
    expect(readConfig({ DATABASE_URL: '', SLACK_BOT_TOKEN: '' }).slack).toBeUndefined();
  });

  test.each([
    [{ SLACK_SIGNING_SECRET: slack.SLACK_SIGNING_SECRET }, 'SLACK_BOT_TOKEN is missing'],
    [{ SLACK_BOT_TOKEN: slack.SLACK_BOT_TOKEN }, 'SLACK_SIGNING_SECRET is missing'],
    [{ SLACK_API_URL: 'http://127.0.0.1:1/api/' }, 'SLACK_API_URL is set, but'],
    [{ SLACK_APP_TOKEN: 'xapp-1' }, 'SLACK_BOT_TOKEN is missing (SLACK_APP_TOKEN is set)'],
    [{ SLACK_CLIENT_ID: '1.2' }, 'SLACK_CLIENT_SECRET is missing'],
    [{ SLACK_CLIENT_ID: '1.2' }, 'TOKEN_KEY is missing'],
    [{ SLACK_CLIENT_ID: '1.2' }, 'PUBLIC_URL is missing'],
    [{ SLACK_CLIENT_ID: '1.2' }, 'SLACK_SIGNING_SECRET is missing (SLACK_CLIENT_ID is set)'],
    [{ SLACK_CLIENT_SECRET: '0123456789abcdef' }, 'SLACK_CLIENT_ID is missing'],
    [{ TOKEN_KEY: KEY }, 'SLACK_CLIENT_ID is missing (TOKEN_KEY is set)'],
    [{ ...slack, SLACK_ALLOWED_TEAMS: 'T1' }, 'SLACK_ALLOWED_TEAMS is set, but nobody'],
    [
      { ...oauth, PARTNER_CENTRAL_CATALOG: 'AWS', ALLIANCE_LEAD_EMAIL: 'a@b.example' },
      'SLACK_ALLOWED_TEAMS is missing',
    ],
    [{ PARTNER_CENTRAL_CATALOG: 'AWS' }, 'ALLIANCE_LEAD_EMAIL is missing'],
    [{ PARTNER_CENTRAL_ENDPOINT: 'http://127.0.0.1:1' }, 'PARTNER_CENTRAL_CATALOG is practice'],
  ])('half a configuration stops the start: %p', (environment, said) => {
    expect(faultsOf(environment as Record<string, string>)).toContain(said);
  });

  test.each([
    ['PORT', 'eighty'],
    ['PORT', '70000'],
    ['DATABASE_URL', 'mysql://db'],
    ['PARTNER_CENTRAL_CATALOG', 'aws'],
    ['ALLIANCE_LEAD_EMAIL', 'lead'],
    ['LOG_LEVEL', 'loud'],
    ['CONSOLE', 'yes'],
    ['CLOCK', 'off'],
    ['SUPPORT_URL', 'http://help.partner.example'],
    ['SUPPORT_URL', 'https://ana:secret@help.partner.example'],
    ['SUPPORT_URL', 'help.partner.example'],
    ['SUPPORT_URL', 'javascript:alert(1)'],
    ['SUPPORT_URL', 'mailto:?subject=help'],
    ['SUPPORT_URL', 'mailto:somebody'],
    ['SUPPORT_URL', 'mailto:%zz@partner.example'],
    ['SUPPORT_URL', `https://help.partner.example/${'x'.repeat(2000)}`],
    ['PARTNER_PATH', 'Services'],
    ['PARTNER_PATH', 'consulting'],
    ['PUBLIC_URL', 'http://desk.partner.example'],
    ['PUBLIC_URL', 'https://desk.partner.example/ace'],
    ['PUBLIC_URL', 'https://ana:secret@desk.partner.example'],
    ['PUBLIC_URL', 'desk.partner.example'],
    ['SLACK_APP_TOKEN', 'xoxb-1-2'],
    ['SLACK_CLIENT_ID', 'a b'],
    ['SLACK_CLIENT_SECRET', 'abc123'],
    ['SLACK_ALLOWED_TEAMS', 'T1; T2'],
    ['SLACK_ALLOWED_TEAMS', 'partner'],
    ['TOKEN_KEY', 'c2hvcnQ='],
    ['TOKEN_KEY', `${Buffer.alloc(32, 7).toString('hex')}`],
    ['TOKEN_KEY', `${Buffer.alloc(33, 7).toString('base64')}`],
    ['TOKEN_KEY', ` ${Buffer.alloc(32, 7).toString('base64')}`],
    ['SLACK_API_URL', 'https://evil.example/api/'],
    ['SLACK_API_URL', 'https://slack.com.evil.example/api/'],
    ['SLACK_API_URL', 'http://slack.com/api/'],
    ['SLACK_API_URL', 'http://127.0.0.1:8080/'],
    ['SLACK_API_URL', 'https://user:pass@slack.com/api/'],
    ['PARTNER_CENTRAL_ENDPOINT', 'https://api.aws.evil.example'],
    ['PARTNER_CENTRAL_ENDPOINT', 'http://partnercentral-selling.us-east-1.api.aws'],
    ['PARTNER_CENTRAL_ENDPOINT', 'file:///etc/passwd'],
  ])('%s=%s is named in the list, and its value is not repeated', (name, value) => {
    const said = faultsOf({ ...slack, ALLIANCE_LEAD_EMAIL: 'a@b.example', [name]: value });
    expect(said).toContain(`- ${name} `);
    expect(said).not.toContain(value);
  });

  test('one workspace by its token, over HTTP or over a socket', () => {
    expect(readConfig(slack).slack).toEqual({
      signingSecret: slack.SLACK_SIGNING_SECRET,
      botToken: slack.SLACK_BOT_TOKEN,
    });
    const socket = { SLACK_APP_TOKEN: 'xapp-1-2', SLACK_BOT_TOKEN: slack.SLACK_BOT_TOKEN };
    expect(readConfig(socket).slack).toEqual({ appToken: 'xapp-1-2', botToken: slack.SLACK_BOT_TOKEN });
  });

  test('several by OAuth, beside the token or instead of it', () => {
    const install = {
      clientId: '123.456',
      clientSecret: '0123456789abcdef0123',
      tokenKey: Buffer.alloc(32, 7),
      publicUrl: 'https://desk.partner.example',
      allowed: ['T1', 'E2'],
    };
    const env = { ...oauth, SLACK_ALLOWED_TEAMS: 'T1, E2' };
    expect(readConfig(env).slack).toEqual({ signingSecret: oauth.SLACK_SIGNING_SECRET, install });
    expect(readConfig({ ...env, ...slack }).slack).toMatchObject({
      botToken: slack.SLACK_BOT_TOKEN,
      install,
    });
    expect(readConfig(oauth).slack?.install?.allowed).toEqual([]);
  });

  test('all that is wrong is said at once', () => {
    expect(faultsOf({ PORT: 'x', LOG_LEVEL: 'y' }).split('\n')).toHaveLength(3);
  });

  test.each([
    'http://127.0.0.1:4000/api/',
    'http://localhost:4000/api/',
    'https://slack.com/api/',
    'https://slack-gov.com/api/',
  ])('a stand-in on this machine, or Slack itself, may be talked to: %s', (url) => {
    expect(readConfig({ ...slack, SLACK_API_URL: url }).slack?.apiUrl).toBe(url);
  });

  test('the alliance lead’s e-mail is compared in lower case', () => {
    expect(readConfig({ ALLIANCE_LEAD_EMAIL: 'Lead@Example.COM' }).allianceLeadEmail).toBe(
      'lead@example.com',
    );
  });

  const APP = '11111111-2222-4333-8444-555555555555';
  const TENANT = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
  const PASSWORD = 'a-client-secret-of-tests';
  const PEM = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n';
  const teams = {
    MicrosoftAppId: APP,
    MicrosoftAppType: 'SingleTenant',
    MicrosoftAppTenantId: TENANT,
    MicrosoftAppPassword: PASSWORD,
  };
  const { MicrosoftAppPassword: _, ...unproven } = teams;
  const certified = { ...unproven, CertificateThumbprint: 'a'.repeat(40), CertificatePrivateKey: PEM };

  describe('Teams', () => {
    test('one tenant by a secret, a certificate or a managed identity; its own people are served', () => {
      const account = { appId: APP, type: 'SingleTenant', tenantId: TENANT };
      const whole = { anonymous: false, tenants: [TENANT] };
      expect(readConfig(teams).teams).toEqual({ ...whole, account: { ...account, password: PASSWORD } });
      const certificate = { thumbprint: 'a'.repeat(40), privateKey: PEM };
      expect(readConfig(certified).teams).toEqual({ ...whole, account: { ...account, certificate } });
      const oneLine = { ...certified, CertificatePrivateKey: PEM.replaceAll('\n', '\\n') };
      expect(readConfig(oneLine).teams).toEqual(readConfig(certified).teams);
      expect(readConfig({ ...unproven, MicrosoftAppType: 'UserAssignedMSI' }).teams).toEqual({
        ...whole,
        account: { ...account, type: 'UserAssignedMSI' },
      });
      expect(readConfig({ ...teams, ...slack })).toHaveProperty('slack');
    });

    test('whose people are served can be said; ids count in lower case', () => {
      const env = { ...teams, MicrosoftAppId: APP.toUpperCase() };
      const many = { ...env, TEAMS_ALLOWED_TENANTS: `${TENANT.toUpperCase()} , ${APP}` };
      expect(readConfig(many).teams).toMatchObject({ account: { appId: APP }, tenants: [TENANT, APP] });
      const { MicrosoftAppTenantId, ...anywhere } = { ...many, MicrosoftAppType: 'MultiTenant' };
      expect(MicrosoftAppTenantId).toBe(TENANT);
      expect(readConfig(anywhere).teams).toMatchObject({ account: { type: 'MultiTenant' } });
    });

    test('without an app there is none, save in practice mode on this machine', () => {
      expect(readConfig({}).teams).toBeUndefined();
      expect(readConfig({ TEAMS_ANONYMOUS: '0', CallerId: 'somebody' }).teams).toBeUndefined();
      for (const HOST of ['127.0.0.1', 'localhost', '::1'])
        expect(readConfig({ TEAMS_ANONYMOUS: '1', HOST }).teams).toEqual({ anonymous: true });
    });

    test.each<[Record<string, string | undefined>, string]>([
      [{ ...teams, MicrosoftAppId: undefined }, 'MicrosoftAppId is missing (MicrosoftAppType is set)'],
      [{ ...teams, MicrosoftAppType: undefined }, 'MicrosoftAppType is missing (MicrosoftAppId is set)'],
      [{ ...teams, MicrosoftAppTenantId: undefined }, 'MicrosoftAppTenantId is missing'],
      [{ MicrosoftAppPassword: PASSWORD }, 'MicrosoftAppId is missing (MicrosoftAppPassword is set)'],
      [{ TEAMS_ALLOWED_TENANTS: TENANT }, 'MicrosoftAppId is missing (TEAMS_ALLOWED_TENANTS is set)'],
      [
        { ...teams, MicrosoftAppPassword: APP },
        'MicrosoftAppPassword is the id of the secret, not its value',
      ],
      [unproven, 'MicrosoftAppPassword is missing, or CertificateThumbprint'],
      [{ ...certified, CertificatePrivateKey: undefined }, 'CertificatePrivateKey is missing'],
      [{ ...certified, CertificateThumbprint: undefined }, 'CertificateThumbprint is missing'],
      [{ ...certified, MicrosoftAppPassword: PASSWORD }, 'leave one of them out'],
      [{ ...teams, MicrosoftAppType: 'UserAssignedMSI' }, 'UserAssignedMSI, which has no secret'],
      [{ ...certified, MicrosoftAppType: 'UserAssignedMSI' }, 'UserAssignedMSI, which has no secret'],
      [{ ...teams, MicrosoftAppType: 'MultiTenant' }, 'TEAMS_ALLOWED_TENANTS is missing'],
      [{ TEAMS_ANONYMOUS: '1', HOST: '0.0.0.0' }, 'HOST is not this machine alone'],
      [{ TEAMS_ANONYMOUS: '1', HOST: '::' }, 'HOST is not this machine alone'],
      [{ TEAMS_ANONYMOUS: '1', MicrosoftAppId: APP }, 'TEAMS_ANONYMOUS is 1, but MicrosoftAppId is set'],
      [
        { TEAMS_ANONYMOUS: '1', PARTNER_CENTRAL_CATALOG: 'Sandbox', ALLIANCE_LEAD_EMAIL: 'a@b.example' },
        'PARTNER_CENTRAL_CATALOG is not practice',
      ],
      ...[
        ...['ToChannelFromBotLoginUrl', 'ToChannelFromBotOAuthScope', 'ToBotFromChannelTokenIssuer'],
        ...['ToBotFromChannelOpenIdMetadataUrl', 'ToBotFromEmulatorOpenIdMetadataUrl', 'OAuthUrl'],
        ...['CallerId', 'ChannelService'],
      ].map((name): [Record<string, string>, string] => [
        { ...teams, [name]: 'https://evil.example' },
        `${name} is set, but ace-desk serves Microsoft's public cloud only`,
      ]),
    ])('half a configuration stops the start: %p', (environment, said) => {
      const given = Object.entries(environment).filter(([, value]) => value !== undefined);
      expect(faultsOf(Object.fromEntries(given) as Record<string, string>)).toContain(said);
    });

    test.each([
      ['MicrosoftAppId', 'ace-desk'],
      ['MicrosoftAppType', 'singletenant'],
      ['MicrosoftAppTenantId', 'partner.onmicrosoft.com'],
      ['MicrosoftAppPassword', 'hunter2'],
      ['CertificateThumbprint', 'a1:b2'],
      ['CertificatePrivateKey', '-----BEGIN CERTIFICATE-----'],
      ['TEAMS_ALLOWED_TENANTS', `${TENANT};${APP}`],
      ['TEAMS_ALLOWED_TENANTS', '*'],
      ['TEAMS_ANONYMOUS', 'yes'],
    ])('%s=%s is named in the list, and its value is not repeated', (name, value) => {
      const said = faultsOf({ ...teams, [name]: value });
      expect(said).toContain(`- ${name} `);
      expect(said.replaceAll(name, '')).not.toContain(value);
    });
  });
});
