/**
 * A day in a Slack workspace, against the process as it is started: two people, a guest, every surface, by both ways in;
 * and a second workspace that installs the app.
 */
import { describe, expect, test } from '@jest/globals';
import { databases } from './support/databases.ts';
import { until } from './support/house.ts';
import { envOf, portOf, slackEnv, start, usesMain } from './support/process.ts';
import { practiceWorkspace, SIGNING_SECRET } from './support/slack-house.ts';
import {
  converse,
  eventBody,
  type RawRequest,
  send,
  slashBody,
  type Target,
} from './support/slack-requests.ts';
import { buttonsOf, fieldsOf, type Json, screenOf } from './support/slack-screen.ts';
import { APP_TOKEN, createSocketPeer, type SocketPeer } from './support/slack-socket.ts';
import { type Message, member, type Workspace } from './support/slack-workspace.ts';

usesMain();

const [, postgres] = databases;
if (!postgres) throw new Error('There are two databases.');
const PUBLIC_URL = 'https://desk.partner.example';

/** What would be posted goes over the line instead. */
const over = (peer: SocketPeer) => async (request: RawRequest) => {
  const isEvent = request.contentType === 'application/json';
  const fields = isEvent ? {} : Object.fromEntries(new URLSearchParams(request.body));
  const payload = isEvent ? JSON.parse(request.body) : fields.payload ? JSON.parse(fields.payload) : fields;
  const type = isEvent ? 'events_api' : fields.payload ? 'interactive' : 'slash_commands';
  const body = await peer.acked(peer.send(type, payload));
  return { status: 200, body, headers: new Headers() };
};

async function open(way: 'HTTP' | 'Socket Mode', more: Record<string, string> = {}) {
  const workspace = await practiceWorkspace();
  workspace.users.set('GUS', member('GUS', 'gus@else.example', { is_restricted: true }));
  const peer = way === 'HTTP' ? undefined : await createSocketPeer(workspace);
  const { SLACK_SIGNING_SECRET: _, ...rest } = slackEnv(workspace);
  const env = peer ? { ...rest, SLACK_APP_TOKEN: APP_TOKEN } : slackEnv(workspace);
  const it = await start({
    ...envOf(await (postgres as (typeof databases)[0]).place()),
    ...env,
    PUBLIC_URL,
    ...more,
  });
  const port = await portOf(it).catch(async (error: unknown) => {
    await peer?.close();
    await workspace.close();
    throw error;
  });
  const target: Target = {
    ...{ port, signingSecret: SIGNING_SECRET, workspace },
    ...(peer ? { carry: over(peer) } : {}),
  };
  const at = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' });
  await until('the first reading', async () => (await at('/readyz')).status === 200, 40);
  const close = async () => {
    it.process.kill('SIGTERM');
    const code = await it.ended;
    await peer?.close();
    await workspace.close();
    return code;
  };
  return { it, workspace, target, at, close, ...converse(target) };
}

/** The deal of that company, read off a list. */
const idIn = (screen: string): string => /O\d{7,}/.exec(screen)?.[0] ?? '';

describe.each(['HTTP', 'Socket Mode'] as const)('a day in Slack, over %s', (way) => {
  test('home, card in a channel, its thread, shortcuts, links, a colleague, a guest', async () => {
    const day = await open(way);
    const { workspace, target } = day;
    try {
      const seen = (user: string) => workspace.seenBy(user).join('\n');
      const inRoom = () => workspace.messages.filter((it) => it.channel === 'C7' && !it.onlyFor);
      const form = (user: string) =>
        workspace.views.findLast(
          (it) => it.user === user && it.isOpen && fieldsOf(it.content.blocks).length > 0,
        );
      const opens = async (user: string) => {
        await until(`a form for ${user}`, () => form(user) !== undefined);
        return form(user) as NonNullable<ReturnType<typeof form>>;
      };
      workspace.channels.set('C7', { members: ['PRIYA', 'TOM', 'ANA'] });

      await day.openHome('PRIYA');
      await until('her home', () =>
        screenOf(workspace.homes.get('PRIYA')?.content ?? {}).includes('Your desk'),
      );

      await day.slash('PRIYA', 'show Northgate Tram Works');
      const id = idIn(seen('PRIYA'));
      await day.slash('PRIYA', `post ${id} (yes)`, 'C7');
      await until('the card', () => inRoom().length === 1);
      const card = inRoom()[0] as Message;
      expect(screenOf(card)).toContain('Northgate Tram Works');
      expect(screenOf(card)).not.toMatch(/revenue|Next step {2}/i);

      const next = buttonsOf(card.blocks).find(({ label }) => label.startsWith('Next step'));
      await day.press('PRIYA', card, next?.label ?? '');
      await day.submit(await opens('PRIYA'), { text: 'Written from the channel' });
      await until('AWS’s yes', () => inRoom().some(({ thread }) => thread === card.ts));
      expect(inRoom().map(screenOf).join('\n')).not.toContain('Written from the channel');

      // A colleague who may not see it learns no more than the card says.
      const before = seen('TOM');
      await day.press('TOM', card, next?.label ?? '');
      await until(
        'an answer',
        () => seen('TOM') !== before || workspace.views.some(({ user }) => user === 'TOM'),
      );
      expect(seen('TOM').replace(screenOf(card), '')).not.toContain('Written from the channel');

      const said = { type: 'app_mention', channel: 'C7', user: 'PRIYA', thread_ts: card.ts };
      const text = `<@${workspace.bot}> next step: Said in the thread`;
      const mention = eventBody(target, { ...said, text }, 'Ev-thread');
      await send(target, { body: mention, contentType: 'application/json' });
      await until('the next step of the thread', () => seen('PRIYA').includes('Said in the thread'));

      await day.shortcut('PRIYA', 'add_next_step', {
        ...card,
        text: 'They want a &lt;demo&gt;',
        thread: card.ts,
      });
      const picked = await opens('PRIYA');
      expect(fieldsOf(picked.content.blocks).map(({ value }) => value)).toContain('They want a <demo>');

      const link = { type: 'link_shared', user: 'PRIYA', channel: 'C7', message_ts: '9.9', unfurl_id: 'U1' };
      const links = [{ domain: 'desk.partner.example', url: `${PUBLIC_URL}/o/${id}` }];
      const shared = eventBody(target, { ...link, source: 'conversations_history', links }, 'Ev-link');
      await send(target, { body: shared, contentType: 'application/json' });
      await until('the unfurl', () => workspace.unfurled.length === 1);
      expect(JSON.stringify(workspace.unfurled[0])).toContain('Northgate Tram Works');
      expect((await day.at(`/o/${id}`)).status).toBe(302);

      await day.slash('GUS', `show ${id}`);
      await day.openHome('GUS');
      const private_ = workspace.messages.filter((it) => it.onlyFor === 'GUS' || it.channel === 'DGUS');
      expect(JSON.stringify(private_)).not.toContain('Northgate');
      expect(JSON.stringify(workspace.homes.get('GUS') ?? {})).not.toContain('Northgate');

      if (way === 'Socket Mode') {
        const body = slashBody({ ...target, signingSecret: SIGNING_SECRET }, 'ANA', 'desk', 'C1');
        const { carry: _, ...http } = target;
        expect((await send(http, { body })).status).toBe(404);
      }
      expect(workspace.refused).toEqual([]);
      for (const secret of ['Northgate', 'Written from', 'partner.example', 'xoxb-', 'xapp-'])
        expect(day.it.said().err).not.toContain(secret);
    } finally {
      expect(await day.close()).toBe(0);
    }
  });
});

test('a second workspace installs the app, is served beside the first, and is forgotten when it is uninstalled', async () => {
  const key = Buffer.alloc(32, 7).toString('base64');
  const oauth = { SLACK_CLIENT_ID: '1.2', SLACK_CLIENT_SECRET: 'a-client-secret-of-tests', TOKEN_KEY: key };
  const day = await open('HTTP', oauth);
  const { workspace, target } = day;
  try {
    workspace.answers.set('oauth.v2.access', () => SECOND);
    workspace.tokens.add('xoxb-second');
    const begun = await day.at('/slack/install');
    const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? '';
    const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
    const landed = await fetch(
      `http://127.0.0.1:${target.port}/slack/oauth_redirect?code=c&state=${encodeURIComponent(state)}`,
      { headers: { cookie } },
    );
    expect(await landed.text()).toContain('/ace');
    const second: Target = { ...target, workspace: { ...workspace, team: 'T2' } as Workspace };
    workspace.users.set('MIA', member('MIA', 'mia@else.example', { team_id: 'T2' }));
    const ask = async (of: Target, user: string) =>
      JSON.stringify((await send(of, { body: slashBody(of, user, 'desk', 'C1') })).body);
    await until('an answer there', async () => (await ask(second, 'MIA')).includes('Ask for access'));
    expect(await ask(target, 'ANA')).toContain('Your desk');
    const gone = eventBody(second, { type: 'app_uninstalled' }, 'Ev-gone');
    await send(second, { body: gone, contentType: 'application/json' });
    await until('silence there', async () => !(await ask(second, 'MIA')).includes('Ask for access'));
    expect(await ask(target, 'ANA')).toContain('Your desk');
    expect(day.it.said().err).not.toMatch(/xoxb-|a-client-secret/);
  } finally {
    expect(await day.close()).toBe(0);
  }
});

const SECOND: Json & { ok: boolean } = {
  ...{ ok: true, access_token: 'xoxb-second', token_type: 'bot', bot_user_id: 'UBOT', app_id: 'A1' },
  ...{ scope: 'commands,chat:write', team: { id: 'T2', name: 'Second' }, enterprise: null },
  ...{ authed_user: { id: 'MIA' }, is_enterprise_install: false },
};
