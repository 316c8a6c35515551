/** "Add to Slack", from the link to the first command: against an emulated Slack, and against one that misbehaves. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createEmulator } from 'emulate';
import { GoneForGood } from '../../src/bot/intent.ts';
import { createLog } from '../../src/log.ts';
import type { SlackDoor } from '../../src/slack/app.ts';
import { scopes } from '../../src/slack/scopes.ts';
import { openSlack } from '../../src/slack-side.ts';
import { note } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { LEAD, openTestHouse, type TestHouse, until } from '../support/house.ts';
import { practiceWorkspace } from '../support/slack-house.ts';
import { eventBody, send, slashBody } from '../support/slack-requests.ts';
import type { Json } from '../support/slack-screen.ts';
import type { Workspace } from '../support/slack-workspace.ts';

const PUBLIC_URL = 'https://desk.partner.example';
const SECRET = 'a-signing-secret-of-tests';
const CLIENT = { clientId: '123.456', clientSecret: 'a-client-secret-of-tests' };
const tokenKey = new Uint8Array(32).fill(7);

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface More {
  allowed?: string[];
  botToken?: string;
  tokenKey?: Uint8Array;
}

/** `log` is everything the door wrote. */
async function openDoor(house: TestHouse, apiUrl: string, more: More = {}) {
  const log: string[] = [];
  const { allowed = [], botToken, tokenKey: key = tokenKey } = more;
  const door = await openSlack(
    {
      host: '127.0.0.1',
      port: 0,
      dataDir: '',
      slack: {
        signingSecret: SECRET,
        apiUrl,
        ...(botToken ? { botToken } : {}),
        install: { ...CLIENT, tokenKey: key, publicUrl: PUBLIC_URL, allowed },
      },
      partnerCentral: { catalog: 'practice' },
      allianceLeadEmail: LEAD,
      console: false,
      clock: false,
      logLevel: 'silent',
      development: true,
    },
    house,
    createLog('trace', { write: (line) => void log.push(line) }),
  );
  closing.push(() => door.stop());
  return { door, log };
}

const visit = (door: SlackDoor, path: string, cookie = '') =>
  fetch(`http://127.0.0.1:${door.port}${path}`, { redirect: 'manual', headers: { cookie } });

/** The first step: where the browser is sent, and the cookie it takes along. */
async function begin(door: SlackDoor) {
  const response = await visit(door, '/slack/install');
  const setCookie = response.headers.get('set-cookie') ?? '';
  const authorize = new URL(response.headers.get('location') ?? '');
  return { response, setCookie, cookie: setCookie.split(';')[0] ?? '', authorize };
}

const textOf = async (response: Response): Promise<string> =>
  (await response.text()).replace(/<title>.*<\/title>|<[^>]+>/g, ' ').trim();

describe.each(databases)('installed by OAuth, on $name', (database) => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await openTestHouse(database);
  });
  afterAll(() => house?.stop());
  beforeEach(async () => {
    await house.store.prisma.installation.deleteMany();
    await house.store.prisma.installationTeam.deleteMany();
  });

  test('from the link to the first answer, with an emulated Slack', async () => {
    const emulator = await createEmulator({
      service: 'slack',
      port: 0,
      seed: {
        slack: {
          users: [{ name: 'ana', real_name: 'Ana Silva', email: LEAD, is_admin: true }],
          oauth_apps: [
            {
              client_id: CLIENT.clientId,
              client_secret: CLIENT.clientSecret,
              name: 'ace-desk',
              redirect_uris: [`${PUBLIC_URL}/slack/oauth_redirect`],
            },
          ],
        },
      },
    });
    closing.push(() => emulator.close());
    const apiUrl = `${emulator.url}/api/`;
    const { door, log } = await openDoor(house, apiUrl);

    const { response, setCookie, cookie, authorize } = await begin(door);
    expect(response.status).toBe(302);
    expect(setCookie).toMatch(/Secure; HttpOnly/);
    expect(authorize.origin + authorize.pathname).toBe(`${emulator.url}/oauth/v2/authorize`);
    expect(authorize.searchParams.get('redirect_uri')).toBe(`${PUBLIC_URL}/slack/oauth_redirect`);
    expect(authorize.searchParams.get('scope')?.split(',')).toEqual([...scopes]);

    const form = await (await fetch(authorize)).text();
    const ana = form.split('<form').find((it) => it.includes(LEAD)) ?? '';
    const fields = new URLSearchParams();
    for (const [, name = '', value = ''] of ana.matchAll(/name="([^"]+)" value="([^"]*)"/g))
      fields.set(name, unescaped(value));
    const granted = await fetch(`${emulator.url}/oauth/v2/authorize/callback`, {
      method: 'POST',
      body: fields,
      redirect: 'manual',
    });
    const back = new URL(granted.headers.get('location') ?? '');
    expect(back.origin).toBe(PUBLIC_URL);
    const landed = await visit(door, back.pathname + back.search, cookie);
    expect(landed.status).toBe(200);
    expect(landed.headers.get('cache-control')).toBe('no-store');
    expect(await textOf(landed)).toContain('Done. Whoever is on the roster types /ace in Slack now.');

    const [row, ...more] = await house.store.prisma.installation.findMany();
    expect(more).toEqual([]);
    expect(row?.team).toMatch(/^T/);
    const workspace = await practiceWorkspace();
    closing.push(workspace.close);
    const user = fields.get('user_id') ?? '';
    const body = slashBody({ port: 0, signingSecret: SECRET, workspace }, user, 'list pending', 'C1', {
      team_id: row?.team,
    });
    const answered = await send({ port: door.port, signingSecret: SECRET }, { body });
    // Its profiles are read with the new token; they do not say whether an address is confirmed.
    expect(JSON.stringify(answered.body)).toContain(
      'I cannot see an e-mail address in your profile that is confirmed',
    );

    // The same code again, as by the browser's back button.
    const twice = await visit(door, back.pathname + back.search, cookie);
    expect(twice.status).toBeGreaterThanOrEqual(400);
    expect(await house.store.prisma.installation.count()).toBe(1);
    const secrets = [CLIENT.clientSecret, 'xoxb-', back.searchParams.get('code') ?? '', LEAD];
    for (const secret of secrets) expect(log.join()).not.toContain(secret);
  });

  describe('with a Slack that answers', () => {
    let workspace: Workspace;
    let grant: Json;
    beforeEach(async () => {
      workspace = await practiceWorkspace();
      closing.push(workspace.close);
      workspace.tokens.add('xoxb-granted');
      grant = {
        ok: true,
        access_token: 'xoxb-granted',
        token_type: 'bot',
        scope: scopes.join(','),
        bot_user_id: 'UBOT',
        app_id: 'A1',
        team: { id: 'T1', name: '<script>alert(1)</script>' },
        enterprise: null,
        is_enterprise_install: false,
        authed_user: { id: 'ANA' },
      };
      workspace.answers.set('oauth.v2.access', ({ code }) =>
        code === 'good' ? grant : { ok: false, error: 'invalid_code' },
      );
      workspace.answers.set('auth.revoke', (_, token) => ({ ok: true, revoked: token === 'xoxb-granted' }));
    });
    const revoked = () => workspace.calls.filter(({ method }) => method === 'auth.revoke').length;
    const rows = () => house.store.prisma.installation.findMany();
    async function install(door: SlackDoor, code = 'good') {
      const { authorize, cookie } = await begin(door);
      const state = authorize.searchParams.get('state') ?? '';
      return visit(door, `/slack/oauth_redirect?code=${code}&state=${encodeURIComponent(state)}`, cookie);
    }
    const slash = (door: SlackDoor, team = 'T1') => {
      const target = { port: door.port, signingSecret: SECRET, workspace };
      return send(target, { body: slashBody(target, 'ANA', 'list pending', 'C1', { team_id: team }) });
    };

    test('the token is kept sealed: not readable in the database, and no use under another key or in another row', async () => {
      const { door } = await openDoor(house, workspace.apiUrl);
      expect((await install(door)).status).toBe(200);
      const [row] = await rows();
      const bytes = Buffer.from(row?.sealed ?? '', 'base64url').toString('latin1');
      expect(JSON.stringify(row) + bytes).not.toContain('granted');
      expect((await slash(door)).body).toMatchObject({ text: expect.stringContaining('Pending') });

      const other = await openDoor(house, workspace.apiUrl, { tokenKey: new Uint8Array(32).fill(8) });
      expect(await slash(other.door)).toMatchObject({ status: 200, body: '' });
      expect(other.log.join()).toContain('TOKEN_KEY does not open');
      await house.store.prisma.installation.updateMany({ data: { team: 'T2' } });
      const moved = await openDoor(house, workspace.apiUrl);
      expect(await slash(moved.door, 'T2')).toMatchObject({ status: 200, body: '' });
    });

    test('an organisation’s installation is kept under the organisation', async () => {
      Object.assign(grant, { team: null, enterprise: { id: 'E1' }, is_enterprise_install: true });
      workspace.answers.set('auth.teams.list', () => ({ ok: true, teams: [{ id: 'T1' }] }));
      const { door } = await openDoor(house, workspace.apiUrl, { allowed: ['E1'] });
      expect((await install(door)).status).toBe(200);
      expect(await rows()).toMatchObject([{ team: '', enterprise: 'E1', bot: 'UBOT' }]);
      const target = { port: door.port, signingSecret: SECRET, workspace };
      const body = slashBody(target, 'ANA', 'list pending', 'C1', {
        enterprise_id: 'E1',
        is_enterprise_install: 'true',
      });
      expect((await send(target, { body })).body).toMatchObject({ text: expect.stringContaining('Pending') });
    });

    test('who is not on SLACK_ALLOWED_TEAMS is refused: nothing is kept and the token is given back', async () => {
      const { door } = await openDoor(house, workspace.apiUrl, { allowed: ['T7', 'E7'] });
      const refused = await install(door);
      expect(refused.status).toBe(403);
      expect(await textOf(refused)).toMatch(/serves certain workspaces only.*add its id: T1$/);
      expect([await rows(), revoked()]).toEqual([[], 1]);
      Object.assign(grant, { enterprise: { id: 'E7' } });
      expect((await install(door)).status).toBe(200);
      expect(await rows()).toHaveLength(1);
    });

    test('what does not look like an id is not shown', async () => {
      const { door } = await openDoor(house, workspace.apiUrl, { allowed: ['T7'] });
      Object.assign(grant, { team: { id: 'T1<script>' } });
      const refused = await install(door);
      expect([refused.status, await textOf(refused)]).toEqual([403, expect.stringMatching(/add its id\.$/)]);
    });

    test('a token that would not last is not kept', async () => {
      Object.assign(grant, { refresh_token: 'xoxe-1', expires_in: 43_200 });
      const { door, log } = await openDoor(house, workspace.apiUrl);
      const refused = await install(door);
      expect([refused.status, await rows(), revoked()]).toEqual([403, [], 1]);
      expect(log.join()).not.toMatch(/xox[be]-/);
    });

    test('without its state, with another’s, in another browser or with a wrong code nothing is kept, and the page says how to go on', async () => {
      const { door, log } = await openDoor(house, workspace.apiUrl);
      const [one, other] = [await begin(door), await begin(door)];
      const state = (it: typeof one) => encodeURIComponent(it.authorize.searchParams.get('state') ?? '');
      const at = '/slack/oauth_redirect';
      const tries: [string, string, number][] = [
        [`${at}?code=good`, one.cookie, 400],
        [`${at}?state=${state(one)}`, one.cookie, 400],
        [`${at}?code=good&state=${state(one)}`, '', 400],
        [`${at}?code=good&state=${state(one)}`, other.cookie, 400],
        [`${at}?code=good&state=forged`, 'slack-app-oauth-state=forged', 400],
        [`${at}?code=bad&state=${state(one)}`, one.cookie, 502],
        [`${at}?error=access_denied&state=${state(one)}`, one.cookie, 200],
        [`${at}?code=good&state=<script>alert(1)</script>`, one.cookie, 400],
      ];
      for (const [path, cookie, status] of tries) {
        const response = await visit(door, path, cookie);
        const html = await response.text();
        expect([path, response.status]).toEqual([path, status]);
        expect(html).toContain('<a href="/slack/install">Start again</a>');
        expect(html).not.toMatch(/script>|invalid_code|stack|Error/);
      }
      expect(workspace.calls.filter(({ method }) => method === 'oauth.v2.access')).toHaveLength(1);
      expect(await rows()).toEqual([]);
      expect(log.join()).not.toContain(CLIENT.clientSecret);
    });

    test('uninstalled, it is forgotten with its token, and whoever asks there gets no answer', async () => {
      const { door } = await openDoor(house, workspace.apiUrl);
      await install(door);
      expect((await slash(door)).body).toMatchObject({ text: expect.stringContaining('Pending') });
      const target = { port: door.port, signingSecret: SECRET, workspace };
      const body = eventBody(target, { type: 'app_uninstalled' }, 'Ev-gone', { authorizations: [] });
      expect((await send(target, { body, contentType: 'application/json' })).status).toBe(200);
      await until('the end of the installation', async () => (await rows()).length === 0);
      expect(await slash(door)).toMatchObject({ status: 200, body: '' });
      const later = door.messenger.tell({ tenant: 'T1', user: 'ANA' }, note('late'));
      await expect(later).rejects.toThrow(GoneForGood);
    });

    test('beside the token of the configuration it serves the others; its own token goes on', async () => {
      const { door } = await openDoor(house, workspace.apiUrl, { botToken: workspace.token });
      expect((await slash(door)).body).toMatchObject({ text: expect.stringContaining('Pending') });
      expect(await slash(door, 'T2')).toMatchObject({ status: 200, body: '' });
      Object.assign(grant, { team: { id: 'T2' } });
      expect((await install(door)).status).toBe(200);
      // Ana is of T1: in T2 she is a stranger, but there is somebody now to tell her.
      expect(JSON.stringify((await slash(door, 'T2')).body)).toContain('belong to another');
    });
  });
});

const unescaped = (html: string): string =>
  html
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
