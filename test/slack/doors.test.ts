/** Several workspaces behind one house: who is served with whose token, and what ends it. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { GoneForGood } from '../../src/bot/intent.ts';
import { createSlack } from '../../src/slack/app.ts';
import { clientsOf } from '../../src/slack/client.ts';
import type { Door, Doors, Installation, Installations } from '../../src/slack/door.ts';
import { createDoors, type DoorsOptions, onGone } from '../../src/slack/doors.ts';
import { createDraw } from '../../src/slack/draw.ts';
import { createMessenger } from '../../src/slack/messenger.ts';
import { createProfiles } from '../../src/slack/profiles.ts';
import { createRespond } from '../../src/slack/respond.ts';
import { note } from '../../src/views/view.ts';
import { memoryInbox, SECRET, scriptedDesk } from '../support/slack-door.ts';
import { pressBody, send, slashBody } from '../support/slack-requests.ts';
import { createWorkspace, member, type Workspace } from '../support/slack-workspace.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const tokenOf = (place: string) => `xoxb-${place}`;

/** As the store keeps them; `finds` counts what was asked. */
function memory(...places: [team: string, enterprise: string][]) {
  const rows: Installation[] = places.map(([team, enterprise]) => ({
    team,
    enterprise,
    token: tokenOf(team || enterprise),
    bot: 'UBOT',
    stamp: `first ${team}`,
  }));
  const members = new Map<string, string>();
  const finds: string[] = [];
  const found = (team: string, enterprise: string) =>
    rows.find((it) => it.team === team && team !== '') ??
    rows.find((it) => it.team === '' && it.enterprise === (enterprise || members.get(team)));
  const installations: Installations = {
    save: async (it) => void rows.push({ ...it, stamp: 'new' }),
    async find({ team, enterprise }) {
      finds.push(team);
      const installation = found(team, enterprise);
      return (
        installation && {
          installation: { ...installation },
          isMember: members.get(team) === installation.enterprise,
        }
      );
    },
    noteMember: async ({ team, enterprise }) => void members.set(team, enterprise),
    async forget({ team, enterprise }, stamp) {
      const at = rows.findIndex(
        (it) =>
          it.team === team &&
          (team !== '' || it.enterprise === enterprise) &&
          (stamp ?? it.stamp) === it.stamp,
      );
      if (at >= 0) rows.splice(at, 1);
    },
    workspaces: async (most) => {
      const own = rows.filter(({ team }) => team !== '');
      const known = [...members].map(([team, enterprise]) => ({ team, enterprise }));
      return [...own, ...known].slice(0, most);
    },
  };
  return { installations, rows, members, finds };
}

let workspace: Workspace;
const closing: (() => Promise<void>)[] = [];
beforeEach(async () => {
  workspace = await createWorkspace();
  for (const place of ['T1', 'T2', 'T3', 'E1']) workspace.tokens.add(tokenOf(place));
  workspace.users.set('ANA', member('ANA', 'ana@partner.example'));
  workspace.users.set('BEA', member('BEA', 'bea@partner.example', { team_id: 'T2' }));
  workspace.users.set('EVE', member('EVE', 'eve@partner.example', { team_id: 'T5' }));
  const teams = [{ id: 'T4' }, { id: 'T5' }];
  workspace.answers.set('auth.teams.list', (_, token) =>
    token === tokenOf('E1') ? { ok: true, teams } : { ok: false, error: 'not_allowed_token_type' },
  );
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await workspace.close();
});

const build: DoorsOptions['build'] = (place, token, onDead): Door => {
  const clients = clientsOf(token, { log: quiet, apiUrl: workspace.apiUrl }, onDead);
  const now = () => new Date();
  return {
    workspace: place,
    token,
    ...clients,
    desk: scriptedDesk(() => note('')),
    messenger: createMessenger({ of: async () => undefined, all: async () => [], gone: async () => {} }),
    profiles: createProfiles(clients, place, now),
    respond: createRespond(workspace.apiUrl),
    draw: createDraw(true, quiet),
    budget: { commit: 1000, answer: 2000 },
    log: quiet,
    now,
  };
};

function open(installations: Installations, more: Partial<DoorsOptions> = {}): Doors {
  return createDoors({
    installations,
    isAllowed: () => true,
    build,
    log: quiet,
    now: () => new Date(),
    ...more,
  });
}

const single = () => build({ team: 'T1', bot: 'UBOT' }, tokenOf('T1'), () => {});
const uninstalled = (team: string, more: object = {}) => ({
  type: 'event_callback',
  team_id: team,
  event: { type: 'app_uninstalled' },
  ...more,
});

describe('which door', () => {
  test('each workspace has its own, with its own token; where we are not installed there is none', async () => {
    const doors = open(memory(['T2', ''], ['T3', '']).installations, { single: single() });
    expect((await doors.of('T1'))?.token).toBe(tokenOf('T1'));
    expect(await doors.of('T2')).toMatchObject({ token: tokenOf('T2'), workspace: { team: 'T2' } });
    expect((await doors.of('T3'))?.token).toBe(tokenOf('T3'));
    expect(await doors.of('T9')).toBeUndefined();
    expect((await doors.all()).map((it) => it.workspace.team).sort()).toEqual(['T1', 'T2', 'T3']);
  });

  test('with one token only, that door answers whoever comes: it tells them that they are of another workspace', async () => {
    const door = single();
    const doors = createDoors({
      single: door,
      isAllowed: () => true,
      build,
      log: quiet,
      now: () => new Date(),
    });
    expect([await doors.of('T9'), await doors.of(undefined), await doors.all()]).toEqual([
      door,
      door,
      [door],
    ]);
  });

  test('a place that names no workspace is the configured one’s, or nobody’s', async () => {
    const { installations } = memory(['T2', '']);
    expect((await open(installations, { single: single() }).of(''))?.workspace.team).toBe('T1');
    expect(await open(installations).of(undefined)).toBeUndefined();
  });

  test('a hundred that come at once share one, and it is kept', async () => {
    const { installations, finds } = memory(['T2', '']);
    const doors = open(installations);
    const all = await Promise.all(Array.from({ length: 100 }, () => doors.of('T2')));
    expect(new Set(all).size).toBe(1);
    expect(await doors.of('T2')).toBe(all[0]);
    expect(finds).toEqual(['T2']);
  });

  test('at most 500 are kept, the longest unused goes first', async () => {
    const { installations, finds } = memory(
      ...Array.from({ length: 501 }, (_, n): [string, string] => [`TN${n}`, '']),
    );
    const doors = open(installations);
    for (let n = 0; n < 500; n++) await doors.of(`TN${n}`);
    await doors.of('TN0');
    await doors.of('TN500');
    finds.length = 0;
    await doors.of('TN0');
    await doors.of('TN500');
    expect(finds).toEqual([]);
    await doors.of('TN1');
    expect(finds).toEqual(['TN1']);
  });

  test('an installation outside SLACK_ALLOWED_TEAMS is not served', async () => {
    const doors = open(memory(['T2', ''], ['T3', '']).installations, {
      isAllowed: ({ team }) => team === 'T3',
    });
    expect(await doors.of('T2')).toBeUndefined();
    expect((await doors.all()).map((it) => it.workspace.team)).toEqual(['T3']);
  });

  test('a database that does not answer is an error, not an answer', async () => {
    const { installations } = memory();
    const doors = open({ ...installations, find: () => Promise.reject(new Error('down')) });
    await expect(doors.of('T2')).rejects.toThrow('down');
  });
});

describe('an organisation', () => {
  test('opens its own workspaces, each asked about once; from then on they are found by their own id', async () => {
    const { installations } = memory(['', 'E1']);
    const doors = open(installations);
    expect(await doors.of('T5')).toBeUndefined();
    expect(await doors.of('T5', 'E1')).toMatchObject({
      token: tokenOf('E1'),
      workspace: { team: 'T5', enterprise: 'E1' },
    });
    const restarted = open(installations);
    expect((await restarted.of('T5'))?.token).toBe(tokenOf('E1'));
    expect(workspace.calls.filter(({ method }) => method === 'auth.teams.list')).toHaveLength(1);
    expect((await restarted.all()).map((it) => it.workspace.team)).toEqual(['T5']);
  });

  test('opens no workspace that only says it is one of theirs, and asks about it once a minute at most', async () => {
    const { installations, members } = memory(['', 'E1']);
    let now = Date.now();
    const doors = open(installations, { now: () => new Date(now) });
    for (let n = 0; n < 3; n++) expect(await doors.of('T9', 'E1')).toBeUndefined();
    expect(workspace.calls).toHaveLength(1);
    now += 61_000;
    expect(await doors.of('T9', 'E1')).toBeUndefined();
    expect(workspace.calls).toHaveLength(2);
    expect([...members]).toEqual([]);
  });

  test('whose token has ended opens nothing, and is no error of the person who asks', async () => {
    const { installations, rows } = memory(['', 'E1']);
    const doors = open(installations);
    workspace.fail('auth.teams.list', { error: 'token_revoked' });
    expect(await doors.of('T5', 'E1')).toBeUndefined();
    expect(rows).toEqual([]);
    expect(await doors.of('E1', 'E1')).toBeUndefined();
  });

  test('of several pages every one is read', async () => {
    const pages = [
      { teams: [{ id: 'T4' }], response_metadata: { next_cursor: 'c2' } },
      { teams: [{ id: 'T5' }] },
    ];
    workspace.answers.set('auth.teams.list', ({ cursor }) => ({
      ok: true,
      ...pages[cursor === 'c2' ? 1 : 0],
    }));
    expect(await open(memory(['', 'E1']).installations).of('T5', 'E1')).toBeDefined();
  });
});

describe('the end', () => {
  test('uninstalled, a workspace is served no more, and what is under way to it ends for good', async () => {
    const { installations } = memory(['T2', ''], ['T3', '']);
    const doors = open(installations);
    const messenger = createMessenger(doors);
    await messenger.tell({ tenant: 'T2', user: 'BEA' }, note('before'));
    await onGone(doors, uninstalled('T2'));
    expect(await doors.of('T2')).toBeUndefined();
    await expect(messenger.tell({ tenant: 'T2', user: 'BEA' }, note('after'))).rejects.toThrow(GoneForGood);
    const ref = { kind: 'message', team: 'T2', channel: 'DBEA', ts: '1.1' };
    await expect(messenger.redraw(ref, note('after'))).rejects.toThrow(GoneForGood);
    expect(await doors.of('T3')).toBeDefined();
    expect(workspace.messages.map(({ text }) => text)).toEqual(['before']);
  });

  test('only while it is being built, it is not kept', async () => {
    const { installations, rows } = memory(['T2', '']);
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const doors = open({
      ...installations,
      async find(key) {
        const found = await installations.find(key);
        await gate;
        return found;
      },
    });
    const first = doors.of('T2');
    await onGone(doors, uninstalled('T2'));
    go();
    await first;
    expect(rows).toEqual([]);
    expect(await doors.of('T2')).toBeUndefined();
  });

  test('tokens_revoked ends it when it was the bot’s token, not when it was a person’s', async () => {
    const { installations } = memory(['T2', '']);
    const doors = open(installations);
    const revoked = (tokens: object) => ({ ...uninstalled('T2'), event: { type: 'tokens_revoked', tokens } });
    await onGone(doors, revoked({ oauth: ['UBEA'], bot: [] }));
    await onGone(doors, { nonsense: true });
    expect(await doors.of('T2')).toBeDefined();
    await onGone(doors, revoked({ oauth: [], bot: ['UBOT'] }));
    expect(await doors.of('T2')).toBeUndefined();
  });

  test('an organisation that uninstalls takes all its workspaces with it, and nobody else’s', async () => {
    const { installations } = memory(['', 'E1'], ['T2', '']);
    const doors = open(installations);
    await doors.of('T4', 'E1');
    await doors.of('T5', 'E1');
    const authorizations = [{ team_id: null, enterprise_id: 'E1', is_enterprise_install: true }];
    await onGone(doors, uninstalled('E1', { enterprise_id: 'E1', authorizations }));
    expect([await doors.of('T4'), await doors.of('T5', 'E1')]).toEqual([undefined, undefined]);
    expect(await doors.of('T2')).toBeDefined();
  });

  test.each(['account_inactive', 'token_revoked'])('Slack’s answer %s ends it too', async (error) => {
    const { installations, rows } = memory(['T2', '']);
    const doors = open(installations);
    const door = await doors.of('T2');
    workspace.fail('users.info', { error });
    await expect(door?.profiles.find('BEA')).rejects.toThrow(error);
    expect(await doors.of('T2')).toBeUndefined();
    expect(rows).toEqual([]);
  });

  test('after invalid_auth the door is built anew: an installation made since is used', async () => {
    const { installations, rows } = memory(['T2', '']);
    const doors = open(installations);
    const door = await doors.of('T2');
    const [row] = rows;
    if (row) Object.assign(row, { token: tokenOf('T3'), stamp: 'second' });
    workspace.fail('users.info', { error: 'invalid_auth' });
    await expect(door?.profiles.find('BEA')).rejects.toThrow('invalid_auth');
    expect((await doors.of('T2'))?.token).toBe(tokenOf('T3'));
    // The old token ends, late: what was installed since stays.
    workspace.fail('users.info', { error: 'token_revoked' });
    await expect(door?.profiles.find('BEA')).rejects.toThrow('token_revoked');
    expect((await doors.of('T2'))?.token).toBe(tokenOf('T3'));
  });
});

describe('at the front', () => {
  async function front(installations: Installations, botToken?: string) {
    const desk = scriptedDesk((asked) => note('text' in asked ? `said ${asked.text}` : 'pressed'));
    const settings = { clientId: '1.2', clientSecret: 'secret', stateSecret: 'state', allowed: [] };
    const door = await createSlack({
      signingSecret: SECRET,
      ...(botToken ? { botToken } : {}),
      install: { ...settings, publicUrl: 'https://desk.partner.example', installations },
      apiUrl: workspace.apiUrl,
      host: '127.0.0.1',
      port: 0,
      desk,
      inbox: memoryInbox(),
      log: quiet,
      routes: [],
      now: () => new Date(),
      development: true,
    });
    await door.start();
    closing.push(() => door.stop());
    return { desk, target: { port: door.port, signingSecret: SECRET, workspace } };
  }
  const slash = async (target: Parameters<typeof slashBody>[0], user: string, team: string, more = {}) =>
    send(target, { body: slashBody(target, user, 'list', 'C1', { team_id: team, ...more }) });

  test('people of each workspace are who they are there; of one where we are not, nobody is anybody', async () => {
    const { desk, target } = await front(memory(['T2', '']).installations, workspace.token);
    expect((await slash(target, 'ANA', 'T1')).body).toMatchObject({ text: 'said list' });
    expect((await slash(target, 'BEA', 'T2')).body).toMatchObject({ text: 'said list' });
    expect(await slash(target, 'ANA', 'T9')).toMatchObject({ status: 200, body: '' });
    // A person of one workspace is a stranger in the other, whatever the payload says.
    expect(JSON.stringify((await slash(target, 'ANA', 'T2')).body)).toContain('belong to another');
    expect(desk.utterances.map(({ from }) => [from.tenant, from.user, from.email])).toEqual([
      ['T1', 'ANA', 'ana@partner.example'],
      ['T2', 'BEA', 'bea@partner.example'],
    ]);
    const keys = desk.utterances.map(({ key }) => key.split(':')[1]);
    expect(keys).toEqual(['T1', 'T2']);
  });

  test('in an organisation a press names no workspace but the person’s: it is served, a foreign one is not', async () => {
    const { desk, target } = await front(memory(['', 'E1']).installations);
    const blocks: never[] = [];
    const message = workspace.post({ channel: 'C1', text: 'card', blocks });
    const value = JSON.stringify({ v: 'show', i: { id: 'O1' }, k: 'key.1', o: 'card' });
    const button = { type: 'button' as const, label: 'Show', actionId: 'show#1', value };
    const press = (user: string, team: string) =>
      send(target, {
        body: pressBody(target, user, message, button, {
          team: null,
          enterprise: { id: 'E1' },
          is_enterprise_install: true,
          user: { id: user, team_id: team },
        }),
      });
    expect((await press('EVE', 'T5')).status).toBe(200);
    expect((await press('EVE', 'T9')).status).toBe(200);
    expect(desk.intents.map(({ verb, from }) => [verb, from.tenant, from.user])).toEqual([
      ['show', 'T5', 'EVE'],
    ]);
  });
});
