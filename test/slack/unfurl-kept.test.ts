/** What stands open under a link stays true: it follows the deal, and closes with the poster's right to it and with the room. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lookAnew } from '../../src/store/rooms.ts';
import { databases } from '../support/databases.ts';
import { LEAD, TEAM, until } from '../support/house.ts';
import { promised } from '../support/slack-door.ts';
import { type Id, openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { isJson, screenOf } from '../support/slack-screen.ts';

const [PRIYA = '', TOM = ''] = TEAM.users;
const linkOf = (id: string) => `https://ace.example/o/${id}`;
const closed = (id: string) => `${id}\nOpen privately`;

describe.each(databases)('an open link to a deal, on $name', (database) => {
  let house: SlackHouse;
  const people: Record<string, string> = {};
  beforeAll(async () => {
    house = await openSlackHouse(database);
    for (const { id, email } of await house.store.prisma.person.findMany()) people[email] = id;
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  let count = 0;
  const taken = new Set<string>();
  const another = async (where: object) => {
    const rows = await house.store.prisma.deal.findMany({ where, orderBy: { id: 'asc' } });
    const deal = rows.find(({ id }) => !taken.has(id));
    if (!deal) throw new Error('The seed has no more of these.');
    taken.add(deal.id);
    return deal;
  };
  /** An open opportunity that is nobody's but its owner's among the ACE users. */
  const owned = async (ownerEmail = PRIYA) => {
    const where = { kind: 'opportunity', status: 'Approved', goneAt: null, stage: { notIn: ENDED } };
    const deal = await another({ ...where, detail: { path: ['nationalSecurity'], equals: false } });
    const { detail } = await house.store.prisma.deal.findUniqueOrThrow({ where: { id: deal.id } });
    const owner = { name: 'An owner', email: ownerEmail };
    const anew = JSON.parse(JSON.stringify({ ...(detail as object), owner, submittedBy: undefined }));
    await house.store.prisma.deal.update({
      where: { id: deal.id },
      data: { ownerEmail, submittedBy: null, detail: anew },
    });
    return deal;
  };
  const ENDED = ['Launched', 'Closed Lost'];
  /** A pending referral, offered to Priya. */
  const offered = async () => {
    const deal = await another({
      ...{ kind: 'referral', status: 'PENDING', expiresAt: { gt: new Date() }, origin: 'AWS Referral' },
    });
    await house.act('offer', { id: deal.id, people: people[PRIYA] }, { as: LEAD });
    return deal;
  };
  /** It is written into the mirror as a reading of AWS would write it. */
  const rewrite = async (id: string, more: object) => {
    const { detail } = await house.store.prisma.deal.findUniqueOrThrow({ where: { id } });
    const data = { detail: { ...(detail as object), ...more }, version: { increment: 1 } };
    await house.store.prisma.deal.update({ where: { id }, data });
    await house.store.prisma.$queryRaw`SELECT deliver(${id})::text`;
  };

  /** Posts a link; answers how to see what stands under it now. */
  async function links(user: Id, id: string, channel = `C${++count}`) {
    const [ts, unfurlId] = [`1700000000.${String(++count).padStart(6, '0')}`, `U${count}`];
    const before = house.workspace.unfurled.length;
    await house.event({
      ...{ type: 'link_shared', user, channel, message_ts: ts, is_bot_user_member: true },
      ...{ unfurl_id: unfurlId, source: 'conversations_history' },
      links: [{ domain: 'ace.example', url: linkOf(id) }],
    });
    await until('an unfurl', () => house.workspace.unfurled.length > before);
    await house.quiet();
    await nextTurn();
    const drawn = () => house.workspace.unfurled.filter(({ of }) => of === unfurlId || of === ts);
    const screen = () => {
      const it = drawn().at(-1)?.unfurls[linkOf(id)];
      return isJson(it) && Array.isArray(it.blocks) ? screenOf({ blocks: it.blocks }) : '';
    };
    return { channel, ts, screen, drawn };
  }
  /** What stands in a room is redrawn once in 3 s: that pause is over. */
  const nextTurn = () => house.store.prisma.posting.updateMany({ data: { redrawnAt: null } });
  const posting = (id: string) =>
    house.store.prisma.posting.findMany({ where: { dealId: id, shows: 'glimpse' } });

  test('follows the deal in its place, at its channel and message, and says no more than before', async () => {
    const { id, company, stage } = await owned();
    const link = await links('PRIYA', id);
    expect(link.screen().split('\n')).toEqual([company, stage, 'Open privately']);
    expect(link.drawn()).toHaveLength(1);
    const next = stage === 'Committed' ? 'Business Validation' : 'Committed';
    await rewrite(id, { stage: next, nextStep: 'Call the CFO' });
    await until('the new stage', () => link.screen().split('\n')[1] === next);
    expect(link.screen().split('\n')).toEqual([company, next, 'Open privately']);
    expect(link.drawn().at(-1)).toMatchObject({ channel: link.channel, of: link.ts });
  });

  const losing: [string, () => Promise<{ id: string }>, (id: string) => Promise<unknown>][] = [
    [
      'it is transferred away',
      owned,
      (id) => house.act('transfer', { id, person: people[TOM] }, { as: LEAD }),
    ],
    [
      'it is rejected',
      offered,
      (id) => house.act('reject', { id, reason: 'Unable to support', sure: 'yes' }),
    ],
    [
      'it expires, as AWS says',
      offered,
      async (id) => {
        await house.practice.script.expire(id);
        await house.aws.sync();
      },
    ],
    ['it is marked national security', owned, (id) => rewrite(id, { nationalSecurity: true })],
  ];
  test.each(losing)('closes when %s', async (_, given, lose) => {
    const { id } = await given();
    const link = await links('PRIYA', id);
    expect(link.screen()).not.toBe(closed(id));
    await lose(id);
    await until('the id alone', () => link.screen() === closed(id));
  });

  test('closes when a guest joins the room, and opens when the room is ours again', async () => {
    const { id } = await owned();
    const link = await links('PRIYA', id, 'CJOINS');
    const open = link.screen();
    const at = { platform: 'slack', tenant: 'T1', room: 'CJOINS' };
    house.workspace.users.set('GUS', { id: 'GUS', team_id: 'T1', is_restricted: true, profile: {} });
    house.workspace.channels.set('CJOINS', { members: ['PRIYA', 'GUS'] });
    await lookAnew(house.store, at);
    await until('the id alone', () => link.screen() === closed(id));
    house.workspace.channels.set('CJOINS', { members: ['PRIYA'] });
    await house.quiet();
    await nextTurn();
    await lookAnew(house.store, at);
    await until('the company again', () => link.screen() === open);
  });

  test('closes when we are no longer in the room', async () => {
    const { id } = await owned();
    const link = await links('PRIYA', id, 'CLEFT');
    expect(link.screen()).not.toBe(closed(id));
    house.workspace.channels.set('CLEFT', { info: { is_member: false } });
    await lookAnew(house.store, { platform: 'slack', tenant: 'T1', room: 'CLEFT' });
    await until('the id alone', () => link.screen() === closed(id));
  });

  test('is given up once its message is deleted; its neighbour is kept', async () => {
    const { id } = await owned();
    const [first, other] = [await links('PRIYA', id), await links('PRIYA', id)];
    house.workspace.fail('chat.unfurl', { error: 'cannot_find_message' });
    await rewrite(id, { company: 'Another name' });
    const over = async () => (await posting(id)).filter(({ endedAt }) => endedAt !== null);
    await until('its end', async () => (await over()).length > 0);
    await until('the other name', () => [first, other].some((it) => it.screen().includes('Another name')));
    await house.quiet();
    expect(await over()).toHaveLength(1);
    expect([first, other].filter((it) => it.drawn().length > 1)).toHaveLength(1);
  });

  test('is not kept where it was closed, and closed where it cannot be kept', async () => {
    const { id } = await owned();
    expect((await links('LUCIA', id)).screen()).toBe(closed(id));
    expect(await posting(id)).toEqual([]);
    const { glimpsed } = house.desk;
    house.desk.glimpsed = async () => {
      house.desk.glimpsed = glimpsed;
      throw new Error('The database is away.');
    };
    const link = await links('PRIYA', id);
    expect([link.drawn().length, link.screen()]).toEqual([1, closed(id)]);
  });

  test('leaves the card of the same deal in the same room, and its thread, as they are', async () => {
    const { id, company } = await owned();
    await house.mention('ANA', 'CBOTH', `post ${id} (yes)`);
    const inChannel = () => house.workspace.messages.filter((it) => it.channel === 'CBOTH' && !it.onlyFor);
    await until('the card', () => inChannel().length > 0);
    const link = await links('ANA', id, 'CBOTH');
    await house.act('next-step', { id, text: 'Demo', sure: 'yes' });
    await house.quiet();
    expect(inChannel().map((it) => it.thread === undefined)).toEqual([true, false]);
    expect(link.screen()).toContain(company);
    const live = await house.store.prisma.posting.findMany({ where: { room: 'CBOTH', endedAt: null } });
    expect(live.map(({ shows }) => shows).sort()).toEqual(['card', 'glimpse']);
  });

  test('closes when whoever posted it is not let in any more', async () => {
    const { id } = await owned(TOM);
    const link = await links('TOM', id);
    expect(link.screen()).not.toBe(closed(id));
    await house.act('people', { do: 'revoke', person: people[TOM], sure: 'yes' }, { as: LEAD });
    await until('the id alone', () => link.screen() === closed(id));
  });

  /** As `links`, several in one message; waits for nothing. */
  async function share(ids: string[], channel: string) {
    const ts = `1700000000.${String(++count).padStart(6, '0')}`;
    await house.event({
      ...{ type: 'link_shared', user: 'PRIYA', channel, message_ts: ts, is_bot_user_member: true },
      links: ids.map((id) => ({ domain: 'ace.example', url: linkOf(id) })),
    });
    return (id: string) => {
      const drawn = house.workspace.unfurled.filter(({ of }) => of === ts);
      const it = drawn.flatMap(({ unfurls }) => unfurls[linkOf(id)] ?? []).at(-1);
      return isJson(it) && Array.isArray(it.blocks) ? screenOf({ blocks: it.blocks }) : '';
    };
  }
  /** The time is over in which somebody might still draw there for the first time. */
  const timeOver = async () => {
    await nextTurn();
    await house.store.prisma.$executeRaw`
      UPDATE pgboss.job SET start_after = now() WHERE name = 'deliver-slack' AND state = 'created'`;
  };
  const brought = (channel: string) => {
    house.workspace.users.set('GUS', { id: 'GUS', team_id: 'T1', is_restricted: true, profile: {} });
    house.workspace.channels.set(channel, { members: ['PRIYA', 'GUS'] });
  };

  test('is looked at again where Slack’s answer was lost, though it was shown', async () => {
    const { id, company } = await owned();
    house.workspace.fail('chat.unfurl', { lost: true, times: 2 });
    const screen = await share([id], 'CLOST');
    await until('the lost drawing', () => screen(id).includes(company));
    await until('the row', async () => (await posting(id)).length === 1);
    brought('CLOST');
    await timeOver();
    await until('the id alone', () => screen(id) === closed(id));
    await house.quiet();
  });

  test('is kept before it is shown: a kill in between leaves nothing open that nobody keeps true', async () => {
    const { id } = await owned();
    const { glimpsed } = house.desk;
    const killed = promised<void>();
    house.desk.glimpsed = async (...given) => {
      house.desk.glimpsed = glimpsed;
      const stands = await glimpsed(...given);
      await killed.promise;
      return stands;
    };
    const screen = await share([id], 'CKILL');
    await until('the row', async () => (await posting(id)).some(({ redrawnAt }) => redrawnAt !== null));
    // Nobody else draws there meanwhile: their drawing could come first, and the older one last.
    await rewrite(id, { nextStep: 'Call the CFO' });
    await until('the look that waits', async () => (await waiting()) > 1);
    expect(screen(id)).toBe('');
    brought('CKILL');
    await timeOver();
    await until('the id alone', () => screen(id) === closed(id));
    // What is late after all is looked at once more.
    const before = house.workspace.unfurled.length;
    killed.give();
    await until('its drawing and the next', () => house.workspace.unfurled.length > before + 1);
    expect(screen(id)).toBe(closed(id));
    await house.quiet();
  });
  const waiting = async () => {
    const rows = await house.store.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM pgboss.job WHERE name = 'deliver-slack' AND state = 'created' AND start_after > now()`;
    return rows.length;
  };

  test('one that cannot be kept is closed; the others of the same message are open and kept', async () => {
    const [first, second] = [await owned(), await owned()];
    const { glimpsed } = house.desk;
    house.desk.glimpsed = async () => {
      house.desk.glimpsed = glimpsed;
      throw new Error('The database is away.');
    };
    const screen = await share([first.id, second.id], 'CMANY');
    await until('both', () => screen(second.id) !== '');
    expect([screen(first.id), screen(second.id)]).toEqual([
      closed(first.id),
      expect.stringContaining(second.company),
    ]);
    expect(await posting(first.id)).toEqual([]);
    await house.quiet();
    await nextTurn();
    await rewrite(second.id, { company: 'Another name' });
    await until('the other name', () => screen(second.id).includes('Another name'));
  });
});
