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
});
