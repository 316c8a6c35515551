/** A workspace takes the app away and installs it again: digests end with it, and come again. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { planDigests } from '../../src/bot/digests.ts';
import type { SlackDoor } from '../../src/slack/app.ts';
import { scopes } from '../../src/slack/scopes.ts';
import { openSlack } from '../../src/slack-side.ts';
import { databases } from '../support/databases.ts';
import { LEAD, openTestHouse, type TestHouse, until } from '../support/house.ts';
import { hurried } from '../support/hurried.ts';
import { practiceWorkspace } from '../support/slack-house.ts';
import { eventBody, send, slashBody, type Target } from '../support/slack-requests.ts';
import { screenOf } from '../support/slack-screen.ts';
import type { Workspace } from '../support/slack-workspace.ts';

const SECRET = 'a-signing-secret-of-tests';
const DAY = 24 * 60 * 60 * 1000;

describe.each(databases)('installed again, on $name', (database) => {
  let house: TestHouse;
  let workspace: Workspace;
  let door: SlackDoor;
  let target: Target;
  beforeAll(async () => {
    workspace = await practiceWorkspace();
    workspace.tokens.add('xoxb-granted');
    workspace.answers.set('oauth.v2.access', () => ({
      ...{ ok: true, access_token: 'xoxb-granted', token_type: 'bot', scope: scopes.join(',') },
      ...{ bot_user_id: 'UBOT', app_id: 'A1', authed_user: { id: 'ANA' } },
      ...{ team: { id: workspace.team, name: 'Partner' }, enterprise: null, is_enterprise_install: false },
    }));
    house = await openTestHouse(database);
    const install = {
      ...{ clientId: '123.456', clientSecret: 'a-client-secret-of-tests', allowed: [] },
      ...{ tokenKey: new Uint8Array(32).fill(7), publicUrl: 'https://desk.partner.example' },
    };
    door = await openSlack(
      {
        ...{ host: '127.0.0.1', port: 0, dataDir: '', console: false, clock: false, development: true },
        ...{ partnerCentral: { catalog: 'practice' }, allianceLeadEmail: LEAD, logLevel: 'silent' },
        slack: { signingSecret: SECRET, apiUrl: workspace.apiUrl, install },
      },
      house,
      house.log,
      { pace: hurried(), port: 0 },
    );
    target = { port: door.port, signingSecret: SECRET, workspace };
  });
  afterAll(async () => {
    await door?.stop();
    await workspace?.close();
    await house?.stop();
  });

  async function install() {
    const visit = (path: string, cookie = '') =>
      fetch(`http://127.0.0.1:${door.port}${path}`, { redirect: 'manual', headers: { cookie } });
    const begun = await visit('/slack/install');
    const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? '';
    const landed = await visit(`/slack/oauth_redirect?code=good&state=${encodeURIComponent(state)}`, cookie);
    expect(landed.status).toBe(200);
  }
  async function uninstall() {
    const body = eventBody(target, { type: 'app_uninstalled' }, 'Ev-gone', { authorizations: [] });
    await send(target, { body, contentType: 'application/json' });
    await until('the end of the installation', async () => (await prisma().installation.count()) === 0);
  }
  const prisma = () => house.store.prisma;
  let now = new Date();
  /** Time goes by until the next one is due; where none is, for a day. */
  async function morning() {
    await planDigests(house.store, now);
    const next = await prisma().subscription.findFirst({ where: { offAt: null } });
    now = next?.nextAt ?? new Date(now.getTime() + DAY);
    await planDigests(house.store, now);
    await house.quiet();
    const isOnItsWay = { state: { in: ['due', 'taken'] } };
    await until('the digests', async () => (await prisma().digest.count({ where: isOnItsWay })) === 0);
  }
  const states = async () =>
    (await prisma().digest.findMany({ orderBy: { day: 'asc' } })).map(({ state }) => state);
  const came = () => workspace.messages.map(screenOf).filter((text) => text.includes('Your digest, '));

  test('what was due while it was away is left out; the next morning’s comes, as it was set', async () => {
    await install();
    await send(target, { body: slashBody(target, 'ANA', 'digest at 8', 'C1') });
    await until('the link', async () => (await prisma().link.count()) === 1);
    await until('the schedule', async () => (await prisma().subscription.count()) === 1);
    await morning();
    expect([came().length, await states()]).toEqual([1, ['sent']]);

    await uninstall();
    await morning();
    expect([came().length, await states()]).toEqual([1, ['sent', 'left']]);
    expect(await prisma().subscription.findMany()).toMatchObject([{ gone: true }]);
    // Nobody is tried any more.
    await morning();
    expect(await states()).toEqual(['sent', 'left']);

    await install();
    await morning();
    expect([came().length, await states()]).toEqual([2, ['sent', 'left', 'sent']]);
    expect(await prisma().subscription.findMany()).toMatchObject([{ gone: false, hour: 8 }]);
    expect(workspace.refused).toEqual([]);
  });
});
