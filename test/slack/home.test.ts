/** The Home tab: a person's own desk, which acts, follows what changes, and shows nobody what is not theirs to see. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { showHome } from '../../src/bot/home.ts';
import type { Sender } from '../../src/bot/intent.ts';
import { toHome } from '../../src/slack/home.ts';
import { limitErrors } from '../../src/slack/limits.ts';
import { type Home, homeOf } from '../../src/views/home.ts';
import { barredNote } from '../../src/views/link.ts';
import { type List, problem } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { TEAM, until } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { buttonsOf, fieldsOf, partsOf, screenOf } from '../support/slack-screen.ts';
import { member } from '../support/slack-workspace.ts';

const [PRIYA = '', TOM = ''] = TEAM.users;

describe.each(databases)('a home, on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  const home = (user: string) => screenOf(house.workspace.homes.get(user)?.content ?? {});
  const labels = (user: string) => buttonsOf(house.workspace.homes.get(user)?.content).map((it) => it.label);
  const published = (user: string) =>
    house.workspace.calls.filter(({ method, body }) => method === 'views.publish' && body.user_id === user)
      .length;
  async function open(user: string): Promise<string> {
    const before = published(user);
    expect((await house.openHome(user)).status).toBe(200);
    await until(`${user}’s home`, () => published(user) > before);
    return home(user);
  }
  const says = (user: string, what: string) =>
    until(`“${what}” in ${user}’s home`, () => home(user).includes(what));
  /** What opened over it last. */
  const over = (user: string) => house.workspace.views.findLast((it) => it.user === user && it.isOpen);
  const opens = async (user: string, what: string) => {
    await until(`“${what}” over ${user}’s home`, () => screenOf(over(user)?.content ?? {}).includes(what));
    return over(user);
  };
  const jobsOf = async (user: string): Promise<number> => {
    const [row] = await house.store.prisma.$queryRaw<{ n: number }[]>`
      SELECT count(*)::int AS n FROM pgboss.job j JOIN home h ON h.id::text = j.data->>'home' WHERE h.user_id = ${user}`;
    return row?.n ?? 0;
  };
  /** The deals that their home offers to accept, in its order. */
  const acceptable = (user: string): string[] =>
    buttonsOf(house.workspace.homes.get(user)?.content)
      .filter(({ label }) => label === 'Accept')
      .map(({ value }) => /"id":"([^"]+)"/.exec(value)?.[1] ?? '');
  /** The pause of all homes is over. */
  async function later(): Promise<void> {
    await house.store.prisma.$executeRaw`UPDATE home SET drawn_at = NULL, due_at = NULL`;
    await house.store.prisma.$executeRaw`
      UPDATE pgboss.job SET start_after = now() WHERE data->>'home' IS NOT NULL AND state < 'active'`;
  }
  /** Nothing is on its way any more, and no home pauses. */
  async function rested(): Promise<void> {
    await house.quiet();
    await later();
    await until('all drawings', async () => {
      const [row] = await house.store.prisma.$queryRaw<{ n: number }[]>`
        SELECT count(*)::int AS n FROM pgboss.job WHERE data->>'home' IS NOT NULL AND state < 'completed'`;
      return row?.n === 0;
    });
    await house.store.prisma.$executeRaw`UPDATE home SET drawn_at = NULL, due_at = NULL`;
  }

  test('is the worklist first, then help and settings, and says where to type', async () => {
    const screen = await open('ANA');
    expect(screen).toMatch(/^Your desk/);
    expect(screen).toContain('Pending acceptance');
    expect(labels('ANA')).toEqual(
      expect.arrayContaining([
        'Accept',
        'Find a deal…',
        'List views',
        'Waiting for AWS',
        'History',
        'People',
        'Settings…',
        'Help',
      ]),
    );
    expect(screen).toContain('Type “/ace”');
  });

  test('one press leads to all that comes by itself', async () => {
    await open('PRIYA');
    await house.pressAtHome('PRIYA', 'Settings…');
    await opens('PRIYA', '“schedule off” ends it');
  });

  test('shows each person their own desk only', async () => {
    const [theirs, priya] = [await open('ANA'), await open('PRIYA')];
    expect(theirs).toContain('Tamarind Airways');
    expect(priya).not.toContain('Tamarind Airways');
    expect(labels('PRIYA')).not.toContain('People');
    expect(labels('PRIYA')).toContain('Help');
  });

  test('is not drawn for the Messages tab, nor for another workspace’s event', async () => {
    await house.openHome('LUCIA', { tab: 'messages' });
    await house.event(
      { type: 'app_home_opened', user: 'LUCIA', channel: 'DLUCIA', tab: 'home' },
      { team_id: 'T9', authorizations: [{ team_id: 'T9' }] },
    );
    await open('TOM');
    expect(published('LUCIA')).toBe(0);
  });

  test('follows what becomes of its account’s link: stopped, cut off, theirs again', async () => {
    await open('PRIYA');
    const as = async (state: string, said: string) => {
      await rested();
      await house.store.prisma.link.updateMany({ where: { userId: 'PRIYA' }, data: { state } });
      await says('PRIYA', said);
      if (state === 'live') return;
      expect(home('PRIYA')).not.toContain('Your desk');
      expect(home('PRIYA')).not.toMatch(/[Nn]othing was done|Type “\/ace”/);
    };
    await as('frozen', 'The e-mail address of your profile has changed');
    await as('live', 'Your desk');
    await as('cut', 'has ended what this account may do here');
    await as('live', 'Your desk');
    // A code may be what was still missing.
    await rested();
    const before = await jobsOf('PRIYA');
    await house.store.prisma.link.updateMany({ where: { userId: 'PRIYA' }, data: { provenAt: new Date() } });
    expect(await jobsOf('PRIYA')).toBe(before + 1);
  });

  test('that could not be composed leaves what stands there, and is tried again', async () => {
    await open('PRIYA');
    const from: Sender = {
      ...{ platform: 'slack', tenant: 'T1', user: 'PRIYA', email: PRIYA, conversation: 'home' },
    };
    const broken = {
      handle: async () => ({ reply: problem('Something went wrong'), changeIds: [], ok: false }),
    };
    const shown: Home[] = [];
    const publish = async (it: Home) => {
      shown.push(it);
      return 'hash';
    };
    for (const why of ['opened', 'changed'] as const)
      await expect(showHome(house, broken, from, why, publish)).rejects.toThrow('could not be read');
    expect(shown).toEqual([]);
    // Whoever is not let in is refused, which is no fault.
    await showHome(house, broken, { ...from, user: 'SID', email: 'sid@else.example' }, 'opened', publish);
    expect(shown).toHaveLength(1);
    await house.store.prisma.home.deleteMany({ where: { user: 'SID' } });
  });

  test('that was opened and could not be shown is drawn with the next change, also where nothing else differs', async () => {
    await open('PRIYA');
    await rested();
    house.workspace.fail('views.publish', { error: 'internal_error' });
    await open('PRIYA');
    await says('PRIYA', 'Something went wrong on our side');
    await house.store.prisma
      .$queryRaw`SELECT redraw_homes(array_agg(id))::int FROM home WHERE user_id = 'PRIYA'`;
    // A drawing may have been put off by the pause of half a minute.
    await until('her desk', async () => {
      await later();
      return home('PRIYA').includes('Your desk');
    });
  });

  test('is drawn anew once the first reading is done', async () => {
    await open('PRIYA');
    await rested();
    const before = await jobsOf('PRIYA');
    const { syncedAt } = await house.store.prisma.agent.findUniqueOrThrow({ where: { id: 1 } });
    await house.store.prisma.agent.update({ where: { id: 1 }, data: { syncedAt: null } });
    await house.store.prisma.agent.update({ where: { id: 1 }, data: { syncedAt } });
    expect(await jobsOf('PRIYA')).toBe(before + 1);
  });

  test('tells a stranger what this is, and lets them ask for access; it follows what they did', async () => {
    house.workspace.users.set('SAM', member('SAM', 'sam@partner.example'));
    const screen = await open('SAM');
    expect(screen).toMatch(/^ace-desk brings your company’s AWS Partner Central pipeline/);
    expect(screen).toContain(
      'sam@partner.example has no access to ace-desk. Your alliance lead can let you in.',
    );
    expect(screen).not.toContain('/ace help');
    expect(screen).not.toContain('Pending acceptance');
    expect(labels('SAM')).toEqual(['Ask for access']);
    await house.pressAtHome('SAM', 'Ask for access');
    await opens('SAM', 'Asked.');
    await says('SAM', 'You asked');
  });

  test('shows a guest nothing of the desk, also one who was none before', async () => {
    house.workspace.users.set('GUS', member('GUS', TOM, { is_restricted: true }));
    expect(await open('GUS')).toContain('not guests');
    expect(labels('GUS')).toEqual([]);
    expect(home('GUS')).not.toContain('Your desk');
  });

  test('acts: the answer opens over it, the act is one act, and the home follows', async () => {
    await open('MINA');
    const [acted = ''] = acceptable('MINA');
    await Promise.all([house.pressAtHome('MINA', 'Accept'), house.pressAtHome('MINA', 'Accept')]);
    await until(
      'the Change',
      async () => (await house.store.prisma.change.count({ where: { dealId: acted } })) > 0,
    );
    await until('the answer', () => /Accepting|AWS confirmed/.test(screenOf(over('MINA')?.content ?? {})));
    await until('AWS to confirm', async () => (await house.effects(acted)).length > 0);
    expect((await house.effects(acted)).map(({ kind }) => kind)).toEqual(['accept']);
    await house.quiet();
    await later();
    await until('the home to follow', () => {
      const pending = buttonsOf(house.workspace.homes.get('MINA')?.content);
      return !pending.some((it) => it.label === 'Accept' && it.value.includes(acted));
    });
  });

  test('opens forms and lists over it: a form works there, and its answer takes its place', async () => {
    await open('ANA');
    await house.pressAtHome('ANA', 'Find a deal…');
    await until('the form', () => fieldsOf(over('ANA')?.content.blocks).length > 0);
    const form = over('ANA');
    if (!form) throw new Error('no form');
    await house.submit(form, { words: 'tamarind' });
    await opens('ANA', 'Tamarind Airways');
    await house.pressAtHome('ANA', 'Help');
    await opens('ANA', 'What you can say');
    await house.pressAtHome('ANA', 'List views');
    await opens('ANA', 'list');
  });

  test('answers in a message where Slack opens nothing any more', async () => {
    await open('ANA');
    house.workspace.fail('views.open', { error: 'expired_trigger_id' });
    await house.pressAtHome('ANA', 'Help');
    await house.shows('ANA', 'What you can say');
  });

  test('and messages say where to type, where what is written in private does not reach us', async () => {
    const hint = 'What you write here does not reach me';
    // Which scopes we have is remembered with each conversation: somebody else's says what they are by then.
    const shown = async (user: 'JONAS' | 'MINA') => {
      await open(user);
      const before = house.messages(user).length;
      house.workspace.fail('views.open', { error: 'expired_trigger_id' });
      await house.pressAtHome(user, 'Help');
      await until('a message', () => house.messages(user).length > before);
      return screenOf(house.newest(user));
    };
    house.workspace.scopes.push('chat:write', 'im:write');
    expect(await shown('JONAS')).toContain(hint);
    house.workspace.scopes.splice(0, 2, 'im:history');
    expect(await shown('MINA')).not.toContain(hint);
    house.workspace.scopes.splice(0);
  });

  test('follows what others do elsewhere, at most once in 30 s, and loses nothing of it', async () => {
    await open('ANA');
    await rested();
    const before = published('ANA');
    const [first, second, third] = acceptable('ANA');
    expect((await house.script(`accept ${first}\n`)).code).toBe(0);
    await until('the home to follow', () => published('ANA') > before);
    const after = published('ANA');
    expect((await house.script(`accept ${second}\naccept ${third}\n`)).code).toBe(0);
    await house.quiet();
    expect(published('ANA')).toBe(after);
    expect(acceptable('ANA')).toContain(third);
    await later();
    await until('the end of the pause', () => published('ANA') > after);
    expect(published('ANA')).toBe(after + 1);
    expect(acceptable('ANA')).not.toContain(third);
  });

  test('is left alone by what does not concern its person, and where it would look the same', async () => {
    await open('LUCIA');
    await open('ANA');
    await rested();
    const counts = [published('ANA'), await jobsOf('ANA'), await jobsOf('LUCIA')];
    const looked = () => screenOf(house.workspace.homes.get('ANA')?.content ?? {});
    const before = looked();
    const id = await house.idOf('Tamarind Airways');
    await house.store.prisma.deal.update({ where: { id }, data: { version: { increment: 1 } } });
    expect((await jobsOf('ANA')) - (counts[1] ?? 0)).toBe(1);
    await house.quiet();
    expect(await jobsOf('LUCIA')).toBe(counts[2]);
    // The hours that are left go on in it.
    expect(looked() === before ? published('ANA') : counts[0]).toBe(counts[0]);
  });

  test('outrun by another drawing, is composed anew', async () => {
    const isKept = async () => {
      const [row] = await house.store.prisma.home.findMany({ where: { user: 'PRIYA' } });
      return row?.hash === house.workspace.homes.get('PRIYA')?.hash;
    };
    await open('PRIYA');
    await until('the drawing kept', isKept);
    await rested();
    await house.store.prisma.home.updateMany({ where: { user: 'PRIYA' }, data: { shown: 'another' } });
    const before = published('PRIYA');
    house.workspace.fail('views.publish', { error: 'hash_conflict' });
    await house.pressAtHome('PRIYA', 'Help');
    await until('two drawings', () => published('PRIYA') === before + 2);
    await until('the newer one kept', isKept);
  });

  test('is drawn anew once the terms are confirmed: from then on everybody is let in', async () => {
    await open('PRIYA');
    await rested();
    const before = await jobsOf('PRIYA');
    const [terms] = await house.store.prisma.terms.findMany();
    await house.store.prisma.terms.deleteMany();
    await house.store.prisma.terms.create({
      data: { ...terms, acceptedOn: terms?.acceptedOn ?? new Date() },
    });
    expect(await jobsOf('PRIYA')).toBe(before + 1);
  });

  test('of whoever loses their role becomes a stranger’s, and a new role opens it again', async () => {
    await open('PRIYA');
    await says('PRIYA', 'Your desk');
    await rested();
    await house.script(`people revoke ${PRIYA} (yes)\n`);
    await says('PRIYA', 'has no access to ace-desk');
    expect(home('PRIYA')).not.toContain('Your desk');
    expect(labels('PRIYA')).toEqual(['Ask for access']);
    await rested();
    await house.script(`people grant ${PRIYA}: ACE user\n`);
    await says('PRIYA', 'Your desk');
  });

  test('of somebody who left the workspace is tried no more', async () => {
    await open('TOM');
    await rested();
    house.workspace.fail('views.publish', { error: 'user_not_found' });
    await house.store.prisma.home.updateMany({ where: { user: 'TOM' }, data: { shown: 'another' } });
    await house.store.prisma
      .$queryRaw`SELECT redraw_homes(array_agg(id))::int FROM home WHERE user_id = 'TOM'`;
    await until(
      'the end of it',
      async () => (await house.store.prisma.home.count({ where: { user: 'TOM' } })) === 0,
    );
  });
});

test('a home keeps within Slack’s limits however long the desk is', () => {
  const show = { verb: 'show', label: 'Show', input: { id: 'O1' } };
  const items = Array.from({ length: 60 }, (_, nth) => ({
    ...{ id: `O${nth}`, title: 'A & B <!channel> '.repeat(30), detail: 'x'.repeat(900), button: show },
  }));
  const sections = Array.from({ length: 9 }, (_, nth) => ({ title: `Section ${nth}`, items, total: 999 }));
  const list: List = { kind: 'list', title: 'Your desk', sections, empty: '', footer: 'f', buttons: [show] };
  const view = toHome(homeOf(list, { role: 'alliance lead' }), 'k');
  expect(limitErrors({ view })).toEqual([]);
  expect(view.blocks.length).toBeLessThanOrEqual(100);
  expect(buttonsOf(view.blocks).at(-1)?.label).toBe('Help');
});

test('where a code is wanted, the home says how it is given in Slack', () => {
  const home = homeOf(barredNote('code'), { role: 'ACE manager', barred: 'code' });
  const screen = screenOf(toHome(home, 'k'));
  expect(screen).toMatch(/^ace-desk brings/);
  expect(screen).toContain('press “Enter the code…” or just send the code, such as ABCD-EFGH');
  expect(screen).toContain('“/ace link ABCD-EFGH”, in any channel');
  expect(screen).not.toMatch(/type here|\/ace help|[Nn]othing was done/);
  expect(buttonsOf(toHome(home, 'k').blocks).map(({ label }) => label)).toEqual(['Enter the code…']);
});

test('a line is drawn only above what stands below it', () => {
  const typesOf = (home: Home) => toHome(home, 'k').blocks.map(({ type }) => type);
  const refused: Home = { main: problem('Full members only.'), buttons: [], lines: [], typed: 'none' };
  expect(typesOf(refused)).toEqual(['section']);
  expect(typesOf({ ...refused, lines: ['Whoever may see it.'] })).toEqual(['section', 'divider', 'context']);
});

test('whom to turn to: a link where the company names one, else the alliance lead, whom only those let in know by name', () => {
  const list: List = { kind: 'list', title: 'Your desk', sections: [], empty: 'Nothing waits.' };
  const ana = {
    ...{ id: 'p1', email: 'ana@partner.example', otherEmails: [], firstName: 'Ana', lastName: 'Silva' },
    ...{ role: 'alliance lead' as const, timeZone: 'UTC' },
  };
  const drawn = (home: Home) => toHome(home, 'k');
  const named = drawn(homeOf(list, { role: 'ACE user' }, { leads: [ana] }));
  expect(screenOf(named)).toContain('Something is wrong or unclear? Ask your alliance lead, Ana Silva.');
  const stranger = drawn(homeOf(problem('No access.'), { role: 'none' }, { leads: [ana] }));
  expect(screenOf(stranger)).toContain('Ask your alliance lead.');
  expect(screenOf(stranger)).not.toContain('Ana');
  const url = 'https://help.partner.example/ace';
  for (const home of [
    homeOf(list, { role: 'ACE user' }, { url, leads: [ana] }),
    homeOf(problem('No.'), undefined, { url, leads: [] }),
  ]) {
    const view = drawn(home);
    expect(limitErrors({ view })).toEqual([]);
    expect(partsOf(view.blocks).filter((it) => it.url !== undefined)).toMatchObject([
      { type: 'button', url, text: { text: 'Get support' } },
    ]);
    expect(screenOf(view)).not.toContain('alliance lead, ');
  }
});
