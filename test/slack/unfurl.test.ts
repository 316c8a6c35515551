/** Links to deals: everybody who reads along sees an id and a button, unless poster and room may both know more. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { until } from '../support/house.ts';
import { type Id, openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { pressBody, send } from '../support/slack-requests.ts';
import { buttonsOf, isJson, type Json, screenOf } from '../support/slack-screen.ts';
import type { Message } from '../support/slack-workspace.ts';

const linkOf = (id: string) => `https://ace.example/o/${id}`;

describe.each(databases)('links to deals, on $name', (database) => {
  let house: SlackHouse;
  let pending: string;
  beforeAll(async () => {
    house = await openSlackHouse(database);
    pending = await house.idOf('Tamarind Airways');
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  const shared = (user: string, ids: string[], more: Json = {}): Json => ({
    ...{
      type: 'link_shared',
      user,
      channel: 'C1',
      message_ts: '1700000000.000009',
      is_bot_user_member: true,
    },
    ...{ unfurl_id: `U${++count}`, source: 'conversations_history' },
    links: ids.map((id) => ({ domain: 'ace.example', url: linkOf(id) })),
    ...more,
  });
  let count = 0;
  /** What stands under each link. */
  async function unfurled(event: Json): Promise<Json> {
    const before = house.workspace.unfurled.length;
    expect((await house.event(event)).status).toBe(200);
    await until('an unfurl', () => house.workspace.unfurled.length > before);
    return house.workspace.unfurled.at(-1)?.unfurls ?? {};
  }
  const under = (unfurls: Json, id: string): { blocks: Json[] } => {
    const it = unfurls[linkOf(id)];
    if (!isJson(it) || !Array.isArray(it.blocks)) throw new Error(`Nothing under ${id}`);
    return { blocks: it.blocks };
  };
  const closed = (id: string) => `${id}\nOpen privately`;

  test('show company and stage where poster and room may know them, and nothing else', async () => {
    const { id, company, stage } = await house.store.prisma.deal.findFirstOrThrow({
      where: { kind: 'opportunity', status: 'Approved', stage: 'Qualified', goneAt: null },
    });
    const screen = screenOf(under(await unfurled(shared('ANA', [id])), id));
    expect(screen.split('\n')).toEqual([company, stage, 'Open privately']);
  });

  test('look the same to whoever may not see the deal, and for a deal that does not exist', async () => {
    const none = 'engi-0000000000000';
    const unfurls = await unfurled(shared('LUCIA', [pending, none]));
    expect(screenOf(under(unfurls, pending))).toBe(closed(pending));
    expect(screenOf(under(unfurls, none))).toBe(closed(none));
    const shape = (id: string) =>
      JSON.stringify(under(unfurls, id))
        .replaceAll(id, 'X')
        .replaceAll(/[\w-]{10}\.\d/g, 'key');
    expect(shape(pending)).toBe(shape(none));
  });

  const closing: [string, Id, Json][] = [
    ['in a draft', 'ANA', { source: 'composer', channel: 'COMPOSER' }],
    ['in a channel shared outside', 'ANA', { channel: 'CEXT' }],
    ['in a channel with guests', 'ANA', { channel: 'CGUEST' }],
    ['where we are not', 'ANA', { channel: 'X9' }],
    ['in a private conversation with us', 'ANA', { channel: 'DANA' }],
  ];
  test.each(closing)('are closed %s', async (_, user, more) => {
    house.workspace.channels.set('CEXT', { info: { is_ext_shared: true } });
    house.workspace.users.set('GUS', { id: 'GUS', team_id: 'T1', is_restricted: true, profile: {} });
    house.workspace.channels.set('CGUEST', { members: ['ANA', 'GUS'] });
    const unfurls = await unfurled(shared(user, [pending], more));
    expect(screenOf(under(unfurls, pending))).toBe(closed(pending));
  });

  test('are closed for the invitation of a national security opportunity', async () => {
    const secret = await house.store.prisma.deal.findFirstOrThrow({
      where: { kind: 'opportunity', detail: { path: ['nationalSecurity'], equals: true } },
    });
    const inv = await house.store.prisma.deal.findFirstOrThrow({
      where: { kind: 'referral', status: 'PENDING' },
    });
    await house.store.prisma.deal.update({ where: { id: inv.id }, data: { successor: secret.id } });
    const unfurls = await unfurled(shared('ANA', [inv.id]));
    expect(screenOf(under(unfurls, inv.id))).toBe(closed(inv.id));
  });

  test('a member who became a guest closes the room at once', async () => {
    const { id } = await house.store.prisma.deal.findFirstOrThrow({
      where: { kind: 'opportunity', status: 'Approved', stage: 'Qualified', goneAt: null },
    });
    house.workspace.users.set('MIA', { id: 'MIA', team_id: 'T1', profile: {} });
    house.workspace.channels.set('CMIA', { members: ['ANA', 'MIA'] });
    // She is new since the people were listed.
    await house.event({ type: 'user_change', user: { id: 'MIA' } });
    const seen = async () => screenOf(under(await unfurled(shared('ANA', [id], { channel: 'CMIA' })), id));
    expect(await seen()).not.toBe(closed(id));
    house.workspace.users.set('MIA', { id: 'MIA', team_id: 'T1', is_restricted: true, profile: {} });
    expect((await house.event({ type: 'user_change', user: { id: 'MIA' } })).status).toBe(200);
    expect(await seen()).toBe(closed(id));
  });

  test('a linked account that became a guest is told nothing', async () => {
    const lucia = house.workspace.users.get('LUCIA') as { profile: { email: string } };
    const email = lucia.profile.email;
    const person = await house.store.prisma.person.findFirstOrThrow({ where: { email } });
    await house.say('LUCIA', 'help');
    const deal = await house.store.prisma.deal.findFirstOrThrow({
      where: { kind: 'opportunity', ownerEmail: email, goneAt: null },
    });
    house.workspace.users.set('LUCIA', {
      ...(lucia as object),
      is_restricted: true,
      is_ultra_restricted: true,
    } as never);
    expect((await house.event({ type: 'user_change', user: { id: 'LUCIA' } })).status).toBe(200);
    await house.store.prisma
      .$queryRaw`SELECT tell(${person.id}::uuid, 'received', '{"by":"Ana"}'::jsonb, ${deal.id})::text`;
    await house.quiet();
    const got = house.workspace.seenBy('LUCIA').join('\n');
    expect(got).not.toContain(deal.company);
    house.workspace.users.set('LUCIA', lucia as never);
    await house.event({ type: 'user_change', user: { id: 'LUCIA' } });
  });

  test('are closed for national security and Partner Solutions Finder, whoever posts them', async () => {
    const secret = await house.store.prisma.deal.findFirstOrThrow({
      where: { kind: 'opportunity', detail: { path: ['nationalSecurity'], equals: true } },
    });
    const finder = await house.store.prisma.deal.findFirst({ where: { psf: true } });
    const ids = [secret.id, ...(finder ? [finder.id] : [])];
    const unfurls = await unfurled(shared('ANA', ids));
    for (const id of ids) expect(screenOf(under(unfurls, id))).toBe(closed(id));
  });

  test('by message where Slack gives no id, and of strangers and guests closed', async () => {
    const event = shared('GUS', [pending], { source: undefined, unfurl_id: undefined });
    expect(screenOf(under(await unfurled(event), pending))).toBe(closed(pending));
    expect(house.workspace.unfurled.at(-1)).toMatchObject({ channel: 'C1', of: '1700000000.000009' });
  });

  test('that lead nowhere of ours, or were delivered for another workspace, get nothing', async () => {
    const before = house.workspace.unfurled.length;
    const links = [
      { url: 'https://ace.example/about' },
      { url: 'https://ace.example/x/o/O1' },
      { url: linkOf('not-an-id') },
    ];
    await house.event(shared('ANA', [], { links }));
    await house.event(shared('ANA', [pending]), { team_id: 'T9', authorizations: [{ team_id: 'T9' }] });
    await unfurled(shared('ANA', [pending]));
    expect(house.workspace.unfurled.length).toBe(before + 1);
  });

  describe('“Open privately” under a link', () => {
    /** Under somebody's message: ours is none. */
    async function press(user: Id, more: Json = {}) {
      const theirs: Message = { channel: 'C1', ts: '1700000000.000009', text: 'look', blocks: [] };
      const { blocks } = under(await unfurled(shared('ANA', [pending])), pending);
      const [button] = buttonsOf(blocks);
      if (!button) throw new Error('no button');
      const container = {
        ...{ type: 'message_attachment', message_ts: theirs.ts, attachment_id: 1, channel_id: 'C1' },
        ...{ is_ephemeral: false, is_app_unfurl: true },
      };
      const app_unfurl = { id: 1, blocks, app_unfurl_url: linkOf(pending), is_app_unfurl: true };
      const body = pressBody(house.target, user, theirs, button, { container, app_unfurl, ...more });
      expect((await send(house.target, { body })).status).toBe(200);
      return theirs;
    }

    test('shows the deal to the presser alone, and takes no place', async () => {
      const theirs = await press('ANA');
      const card = await house.shows('ANA', 'Tamarind Airways');
      expect(card).toMatchObject({ channel: 'C1', onlyFor: 'ANA' });
      expect(theirs.text).toBe('look');
      expect(house.workspace.seenBy('TOM', 'C1').join()).not.toContain('Tamarind');
    });

    test('works without a way back, and tells whoever may not see it what an unknown deal gets', async () => {
      await press('JONAS', { response_url: undefined });
      await until('the card', () =>
        house.workspace.views.some(
          (it) => it.user === 'JONAS' && screenOf(it.content).includes('Tamarind Airways'),
        ),
      );
      await press('LUCIA');
      await house.shows('LUCIA', `I know no deal “${pending}”`);
    });
  });

  test('a browser at the address itself finds a plain page that says whom to ask, and nothing of the house', async () => {
    const page = await fetch(`http://127.0.0.1:${house.door.port}/`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toMatch(/Support: .*“help”[\s\S]*Privacy and terms: /);
    expect((await fetch(`http://127.0.0.1:${house.door.port}/x`)).status).toBe(404);
  });

  test('lead to Partner Central for every well-formed id, without a look-up, a cookie or a trace', async () => {
    const get = (path: string) => fetch(`http://127.0.0.1:${house.door.port}${path}`, { redirect: 'manual' });
    const there = await get(`/o/${pending}`);
    for (const path of ['/o/engi-0000000000000', '/o/O1', '/o/eng-00000000000000?x=1']) {
      const answer = await get(path);
      expect([answer.status, answer.headers.get('location')]).toEqual([302, there.headers.get('location')]);
    }
    expect(there.headers.get('location')).toMatch(/^https:\/\/partnercentral\.awspartner\.com\//);
    expect(there.headers.get('cache-control')).toBe('no-store');
    expect(there.headers.get('referrer-policy')).toBe('no-referrer');
    expect(there.headers.get('set-cookie')).toBeNull();
    for (const path of [
      '/o/',
      '/o/xyz',
      '/o/engi-1',
      '/o/O1/x',
      '/o/..%2Fhealthz',
      '/o/O1%0d%0aset-cookie:x',
    ])
      expect((await get(path)).status).toBe(404);
  });
});
