/** The process as it is started: pipes, Slack, signals, and what stops the start. Runs `dist/`, as `npm start` does. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { databases, newFolder } from './support/databases.ts';
import { flat, until } from './support/house.ts';
import { envOf, portOf, run, slackEnv, start, usesMain } from './support/process.ts';
import { practiceWorkspace, SIGNING_SECRET } from './support/slack-house.ts';
import { converse, send, slashBody } from './support/slack-requests.ts';
import { fieldsOf, screenOf } from './support/slack-screen.ts';

usesMain();

const [pglite, postgres] = databases;
if (!pglite || !postgres) throw new Error('There are two databases.');

describe.each(databases)('on $name', (database) => {
  test('the piped script accepts a referral, its history shows AWS’s confirmation, and the state is there after a restart', async () => {
    const env = envOf(await database.place());
    const first = await run(env, 'list pending\naccept 1\nhistory\n', ['--as', 'lead@partner.example']);
    expect([first.code, first.err]).toEqual([0, expect.not.stringMatching(/^\s+at |"level":[56]0/m)]);
    const [, company = ''] = /^ *1\. (.+?) – /m.exec(first.out) ?? [];
    expect(flat(first.out)).toContain(`${company}: AWS confirmed the acceptance`);
    expect(flat(first.out)).toMatch(/AWS confirmed \(AWS request [0-9a-f-]{36}\)/);
    expect(first.out).not.toContain('\u001b');
    const second = await run(env, `history\nlist pending\nshow ${company}\naccept ${company}\n`);
    expect(second.code).toBe(1);
    expect(flat(second.out)).toMatch(/AWS confirmed \(AWS request [0-9a-f-]{36}\)/);
    expect(second.out).not.toContain(`. ${company} –`);
    expect(flat(second.out)).toContain(`${company}: This is an opportunity already`);
  });

  test('signed requests drive desk, accept and next step to their ends; others get 401; SIGTERM leaves at once and frees port and database', async () => {
    const workspace = await practiceWorkspace();
    try {
      const env = { ...envOf(await database.place()), ...slackEnv(workspace) };
      const it = await start(env);
      const port = await portOf(it);
      const target = { port, signingSecret: SIGNING_SECRET, workspace };
      const { slash, submit } = converse(target);
      const at = (route: string) => fetch(`http://127.0.0.1:${port}${route}`);
      expect((await at('/healthz')).status).toBe(200);
      await until('the first reading', async () => (await at('/readyz')).status === 200);
      expect(await (await at('/readyz')).json()).toEqual({ database: true, queue: true, aws: true });
      const body = slashBody(target, 'ANA', 'accept Tamarind Airways', 'C1');
      const old = Math.floor(Date.now() / 1000) - 301;
      const wrong = [{ signature: null }, { signature: 'v0=00' }, { timestamp: old }];
      const refused = await Promise.all(wrong.map((it) => send(target, { body, ...it })));
      expect(refused.map(({ status }) => status)).toEqual([401, 401, 401]);

      const seen = () => workspace.seenBy('ANA');
      await until('the desk', async () =>
        JSON.stringify((await slash('ANA', '')).body).includes('Your desk'),
      );
      await slash('ANA', 'accept Tamarind Airways');
      await until('the contacts', () =>
        seen().some((screen) => screen.startsWith('Contacts for Tamarind Airways')),
      );
      await until('the last word', () =>
        seen().some((screen) => screen.includes('AWS confirmed your acceptance')),
      );
      await slash('ANA', 'next-step Northgate Tram Works');
      const forms = () => workspace.views.filter((view) => fieldsOf(view.content.blocks).length > 0);
      await until('the form', () => forms().length > 0);
      const [form] = forms();
      if (!form) throw new Error('No form came.');
      await submit(form, { text: 'Driven by Slack' });
      await until('the next step', () =>
        seen().some((screen) => screen.includes('AWS confirmed your next step')),
      );
      expect(screenOf(workspace.messages.at(-1) ?? {})).toContain('Driven by Slack');
      expect(workspace.refused).toEqual([]);
      for (const secret of ['Tamarind', 'Driven by Slack', 'partner.example', 'xoxb-'])
        expect(it.said().err).not.toContain(secret);

      it.process.kill('SIGTERM');
      expect(await it.ended).toBe(0);
      await expect(at('/healthz')).rejects.toThrow();
      const { out, code } = await run(
        envOf({
          dataDir: env.DATA_DIR ?? '',
          ...(env.DATABASE_URL ? { databaseUrl: env.DATABASE_URL } : {}),
        }),
        'history\n',
      );
      expect([code, flat(out)]).toEqual([0, expect.stringContaining('next step “Driven by Slack”')]);
    } finally {
      await workspace.close();
    }
  });
});

test('SIGTERM while requests hang ends it all the same', async () => {
  const workspace = await practiceWorkspace();
  try {
    const it = await start({ ...envOf(await postgres.place()), ...slackEnv(workspace) });
    const port = await portOf(it);
    const target = { port, signingSecret: SIGNING_SECRET, workspace };
    workspace.fail('users.info', { hang: true });
    const hanging = send(target, { body: slashBody(target, 'ANA', 'desk', 'C1') }).catch(() => undefined);
    await until('the hanging call', () => workspace.calls.some(({ method }) => method === 'users.info'));
    it.process.kill('SIGTERM');
    expect(await it.ended).toBe(0);
    await hanging;
  } finally {
    workspace.hangUp();
    await workspace.close();
  }
});

test('Slack and Teams are open behind one server, and each lets in only its own', async () => {
  const workspace = await practiceWorkspace();
  try {
    const it = await start({ ...envOf(await postgres.place()), ...slackEnv(workspace), ...TEAMS });
    const port = await portOf(it);
    expect(it.said().err).toContain(
      'ace-desk is open: Slack, at POST /slack/events; Teams, at POST /api/messages',
    );
    const target = { port, signingSecret: SIGNING_SECRET, workspace };
    const body = slashBody(target, 'ANA', 'help', 'C1');
    const signed = await send(target, { body });
    const unsigned = await send(target, { body, signature: null });
    const at = (route: string, how: RequestInit = {}) => fetch(`http://127.0.0.1:${port}${route}`, how);
    const [health, unknown, read, stranger] = await Promise.all([
      at('/healthz'),
      at('/nothing'),
      at('/api/messages'),
      at('/api/messages', ACTIVITY),
    ]);
    expect([signed, unsigned, health, unknown, read, stranger].map(({ status }) => status)).toEqual([
      200, 401, 200, 404, 405, 401,
    ]);
    expect(await stranger.text()).toBe('');
    it.process.kill('SIGTERM');
    expect(await it.ended).toBe(0);
  } finally {
    await workspace.close();
  }
});

test('Teams alone, without an app: in practice mode whoever is on this machine is heard, and nobody from elsewhere', async () => {
  const it = await start({ ...envOf(await pglite.place()), TEAMS_ANONYMOUS: '1', PORT: '0' });
  const port = await portOf(it);
  expect(it.said().err).toContain(
    'ace-desk is open: Teams, at POST /api/messages, for whoever is on this machine',
  );
  const at = (route: string, how: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${route}`, { redirect: 'manual', ...how });
  const forwarded = { ...ACTIVITY.headers, 'x-forwarded-for': '203.0.113.7' };
  const answers = [
    await at('/healthz'),
    await at('/o/O1234567'),
    await at('/slack/events', ACTIVITY),
    await at('/api/messages', ACTIVITY),
    await at('/api/messages', { ...ACTIVITY, headers: forwarded }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 302, 404, 200, 403]);
  it.process.kill('SIGTERM');
  expect(await it.ended).toBe(0);
});

const TEAMS = {
  MicrosoftAppId: '11111111-2222-4333-8444-555555555555',
  MicrosoftAppPassword: 'a-client-secret-of-tests',
  MicrosoftAppType: 'SingleTenant',
  MicrosoftAppTenantId: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee',
};
/** Of a kind that nothing is done for. */
const ACTIVITY = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ type: 'typing', channelId: 'msteams' }),
};

test('two processes in one folder: the second says who has it and how to go on, and leaves', async () => {
  const workspace = await practiceWorkspace();
  try {
    const { dataDir } = await pglite.place();
    const it = await start({ DATA_DIR: dataDir, ...slackEnv(workspace) });
    await portOf(it);
    const { code, out, err } = await run({ DATA_DIR: dataDir }, 'desk\n');
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/DATABASE_URL/);
    expect(err).not.toMatch(/^\s+at /m);
  } finally {
    await workspace.close();
  }
});

describe('without a door', () => {
  test('the default folder is made with mode 0700, and one failed line makes the exit code 1', async () => {
    const dataDir = path.join(await newFolder(), 'new');
    const { code, out } = await run({ DATA_DIR: dataDir }, 'shwo 1\nhelp\n');
    expect(code).toBe(1);
    expect(out).toContain('so nothing was done.');
    expect(out).toContain('What you can say');
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  });

  test.each<[string, Record<string, string>, string[], RegExp[]]>([
    ['half of Slack', { SLACK_SIGNING_SECRET: SIGNING_SECRET }, [], [/SLACK_BOT_TOKEN is missing/]],
    [
      'three faults',
      { PORT: 'x', LOG_LEVEL: 'loud', SLACK_API_URL: 'https://evil.example/api/' },
      [],
      [/PORT is not a number/, /LOG_LEVEL must be a level/, /SLACK_API_URL must point to this machine/],
    ],
    [
      'AWS without a door',
      { PARTNER_CENTRAL_CATALOG: 'AWS', ALLIANCE_LEAD_EMAIL: 'a@b.example' },
      [],
      [/No door is open: .*SLACK_SIGNING_SECRET.*MicrosoftAppId.*CONSOLE=1/],
    ],
    [
      'half of Teams',
      { MicrosoftAppId: '11111111-2222-4333-8444-555555555555' },
      [],
      [/MicrosoftAppType is missing/, /MicrosoftAppPassword is missing/],
    ],
    [
      'Teams open to everybody, outside practice mode',
      { TEAMS_ANONYMOUS: '1', PARTNER_CENTRAL_CATALOG: 'AWS', ALLIANCE_LEAD_EMAIL: 'a@b.example' },
      [],
      [/TEAMS_ANONYMOUS is 1, but PARTNER_CENTRAL_CATALOG is not practice/],
    ],
    [
      'somebody at the console of Teams',
      { TEAMS_ANONYMOUS: '1' },
      ['--as', 'me@b.example'],
      [/--as is for the console/],
    ],
    ['an unknown option', {}, ['--who', 'me'], [/\[--as <e-mail>\] \[--wait <seconds>\]/]],
  ])(
    '%s: the start is stopped with what to mend, before anything is made',
    async (_, env, args, expected) => {
      const DATA_DIR = path.join(await newFolder(), 'never');
      const { code, out, err } = await run({ DATA_DIR, ...env }, 'desk\n', args);
      expect([code, out]).toEqual([1, '']);
      for (const pattern of expected) expect(err).toMatch(pattern);
      expect(err).not.toMatch(/^\s+at |loud|evil/m);
      expect(existsSync(DATA_DIR)).toBe(false);
    },
  );

  test('a token that Slack refuses stops the start in plain words', async () => {
    const workspace = await practiceWorkspace();
    try {
      const env = { ...envOf(await postgres.place()), ...slackEnv(workspace) };
      const { code, err } = await run({ ...env, SLACK_BOT_TOKEN: 'xoxb-wrong' });
      expect(code).toBe(1);
      expect(err).toContain('Slack did not take SLACK_BOT_TOKEN (invalid_auth).');
      expect(err).not.toContain('xoxb-wrong');
    } finally {
      await workspace.close();
    }
  });
});
