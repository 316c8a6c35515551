/** The attack list: each way in that was thought of, tried at the front door, on signed requests of a running house. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from './support/databases.ts';
import { until } from './support/house.ts';
import { IDS, openSlackHouse, SIGNING_SECRET, type SlackHouse } from './support/slack-house.ts';
import {
  eventBody,
  pressBody,
  type RawRequest,
  send,
  slashBody,
  submitBody,
} from './support/slack-requests.ts';
import { buttonsOf, type Json, screenOf } from './support/slack-screen.ts';
import { type Message, member } from './support/slack-workspace.ts';
import { countStatements } from './support/statements.ts';

describe.each(databases)('an attacker, on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
    const { users } = house.workspace;
    users.set('GUS', member('GUS', 'gus@else.example', { is_restricted: true }));
    users.set('SINGLE', member('SINGLE', 'single@else.example', { is_ultra_restricted: true }));
    users.set('CONNECT', member('CONNECT', IDS.ANA, { is_stranger: true, team_id: 'T9' }));
    // Each of the team is known here already.
    for (const user of ['ANA', 'MINA', 'PRIYA', 'TOM', 'LUCIA'] as const) await house.say(user, 'help');
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  const priyas = () =>
    house.store.prisma.deal.findFirstOrThrow({
      where: {
        ownerEmail: IDS.PRIYA,
        kind: 'opportunity',
        status: 'Approved',
        goneAt: null,
        stage: 'Qualified',
      },
    });
  const acts = () => house.store.prisma.act.count();
  const post = (body: string, more: Partial<RawRequest> = {}) => send(house.target, { body, ...more });
  const screens = (user: string): string =>
    house.workspace.messages
      .filter(({ channel, onlyFor }) => onlyFor === user || channel === `D${user}`)
      .map(screenOf)
      .join('\n');
  const button = (verb: string, input: Record<string, string>, place = 'card') => ({
    type: 'button' as const,
    label: 'x',
    actionId: `${verb}#1`,
    value: JSON.stringify({ v: verb, i: input, k: `attack${Math.random()}`, o: place }),
  });
  const inChannel = (onlyFor: string): Message => ({
    channel: 'C1',
    ts: '1.1',
    text: '',
    blocks: [],
    onlyFor,
  });

  test('who forges, changes or replays a request late is not answered', async () => {
    const { id } = await priyas();
    const before = await acts();
    const body = slashBody(house.target, 'ANA', `next-step ${id}: Forged`, 'C1');
    const now = Math.floor(Date.now() / 1000);
    const forged: Partial<RawRequest>[] = [
      { signature: null },
      { signature: '' },
      { signature: 'v0=' },
      { signature: `v0=${'0'.repeat(64)}` },
      { signature: SIGNING_SECRET },
      { timestamp: now - 301 },
      { timestamp: Number.NaN },
    ];
    for (const more of forged) expect((await post(body, more)).status).toBe(401);
    const stolen = { ...house.target, signingSecret: 'of-another-app-altogether' };
    expect((await send(stolen, { body })).status).toBe(401);
    expect(await acts()).toBe(before);
  });

  test('who replays a request in time repeats one act, and the next is no other’s', async () => {
    const { id } = await priyas();
    const body = slashBody(house.target, 'PRIYA', `next-step ${id}: Replayed`, 'C1');
    const request = { body, timestamp: Math.floor(Date.now() / 1000) };
    const before = await house.store.prisma.change.count({ where: { dealId: id } });
    for (let time = 0; time < 3; time++) expect((await send(house.target, request)).status).toBe(200);
    await house.quiet();
    expect(await house.store.prisma.change.count({ where: { dealId: id } })).toBe(before + 1);
  });

  test('another workspace, Slack Connect and guests learn nothing and change nothing', async () => {
    const { id, company } = await priyas();
    const before = await acts();
    const foreign: { user: string; more: Json }[] = [
      { user: 'ANA', more: { team: { id: 'T9', domain: 'x' }, user: { id: 'ANA', team_id: 'T9' } } },
      { user: 'ANA', more: { user: { id: 'ANA', team_id: 'T9' } } },
      ...['CONNECT', 'GUS', 'SINGLE'].map((user) => ({ user, more: {} })),
    ];
    for (const { user, more } of foreign)
      for (const [verb, input] of [
        ['show', { id }],
        ['next-step', { id, text: 'Mine now' }],
        ['desk', {}],
      ] as const) {
        const pressed = await post(pressBody(house.target, user, inChannel(user), button(verb, input), more));
        expect(JSON.stringify(pressed.body ?? '')).not.toContain(company);
      }
    for (const user of ['CONNECT', 'GUS', 'SINGLE']) {
      const { body } = await post(slashBody(house.target, user, `show ${id}`, 'C1'));
      expect(JSON.stringify(body)).not.toContain(company);
      await post(
        eventBody(
          house.target,
          { type: 'app_home_opened', user, channel: `D${user}`, tab: 'home' },
          `Ev-${user}`,
        ),
        {
          contentType: 'application/json',
        },
      );
      expect(screens(user)).not.toContain(company);
    }
    expect(await acts()).toBe(before);
  });

  test('whoever takes over another’s e-mail is stopped, and so is whoever gets a recycled one', async () => {
    const { users } = house.workspace;
    const { company } = await priyas();
    await house.tell('TOM', 'show Saffron Road Foods');
    const card = await house.shows('TOM', 'Saffron Road Foods');
    // Tom’s account suddenly says that it is the alliance lead.
    users.set('TOM', member('TOM', IDS.ANA));
    await forget('TOM');
    expect(await answerTo('TOM', 'list pending')).not.toContain('Pending acceptance');
    // What stands in that account’s conversation is taken away as well.
    await until('an empty copy', () => !screenOf(card).includes('Saffron'));
    // A new account with Priya’s address, which her own account still holds.
    users.set('NEWBIE', member('NEWBIE', IDS.PRIYA));
    expect(await answerTo('NEWBIE', 'desk')).not.toContain(company);
    expect(await answerTo('PRIYA', 'desk')).toContain('Your desk');
    expect(
      await house.store.prisma.link.findMany({ where: { userId: { in: ['TOM', 'NEWBIE'] }, state: 'live' } }),
    ).toEqual([]);
    await until('a word to the alliance lead', () => /frozen|stopped|address/i.test(screens('ANA')));
    users.set('TOM', member('TOM', IDS.TOM));
    await forget('TOM');
  });

  const forget = async (user: string) => {
    const body = eventBody(
      house.target,
      { type: 'user_change', user: house.workspace.users.get(user) ?? {} },
      `Ev-${Math.random()}`,
    );
    expect((await post(body, { contentType: 'application/json' })).status).toBe(200);
  };
  const answerTo = async (user: string, words: string) =>
    JSON.stringify((await post(slashBody(house.target, user, words, 'C1'))).body);

  test('a hidden deal and one that does not exist are the same in words, and in what is asked of the database', async () => {
    const { id, company } = await priyas();
    const counter = countStatements(house.store);
    try {
      const asked = async (words: string, hide: string) => {
        let text = '';
        const from = {
          platform: 'slack' as const,
          tenant: 'T1',
          user: 'LUCIA',
          email: IDS.LUCIA,
          conversation: 'C1',
        };
        const statements = await counter.during(async () => {
          const { reply } = await house.desk.say({ text: words, from, key: `oracle ${words}` });
          text = JSON.stringify(reply).replaceAll(hide, 'X');
        });
        return { text, statements };
      };
      const slip = `${company.slice(0, 4)}q${company.slice(5)}`;
      for (const [hidden, none] of [
        [id, 'O404404404'],
        [company, 'Zyxwvut Qponmlk'],
        [slip, 'Zyxwvut Qponmlj'],
      ] as const)
        for (const verb of ['show', 'find', 'next-step', 'history']) {
          const one = await asked(`${verb} ${hidden}${verb === 'next-step' ? ': x' : ''}`, hidden);
          const other = await asked(`${verb} ${none}${verb === 'next-step' ? ': x' : ''}`, none);
          expect({ verb, hidden, ...one }).toEqual({ verb, hidden, ...other });
        }
    } finally {
      counter.stop();
    }
  });

  test('a channel that is opened to others after the posting keeps no more than the id', async () => {
    const { id, company } = await priyas();
    const { channels, messages } = house.workspace;
    channels.set('C7', { members: ['ANA', 'PRIYA', 'MINA'] });
    await house.slash('PRIYA', `post ${id} (yes)`, 'C7');
    const card = () => messages.find(({ channel, onlyFor }) => channel === 'C7' && onlyFor === undefined);
    await until('the card', () => card() !== undefined);
    expect(screenOf(card() as Message)).toContain(company);
    channels.set('C7', { info: { is_ext_shared: true }, members: ['ANA', 'PRIYA', 'MINA', 'CONNECT'] });
    // Whoever posts there looks around anew, and so does each redraw.
    await house.slash('ANA', `post ${id}`, 'C7');
    await house.slash('PRIYA', `next-step ${id}: Written after it was opened`);
    await house.quiet();
    await until('a closed card', () => !screenOf(card() as Message).includes(company));
    expect(JSON.stringify(card())).not.toContain(company);
    expect(screenOf(card() as Message)).toContain(id);
  });

  test('the button of another person’s card is asked of the one who presses it', async () => {
    const { id, company } = await priyas();
    const before = await house.store.prisma.change.count({ where: { dealId: id } });
    await house.tell('PRIYA', `show ${id}`);
    const card = await house.shows('PRIYA', company);
    for (const { label } of buttonsOf(card.blocks)) await house.press('LUCIA', card, label);
    await house.quiet();
    expect(await house.store.prisma.change.count({ where: { dealId: id } })).toBe(before);
    expect(screens('LUCIA')).not.toContain(company);
    const views = house.workspace.views.filter(({ user }) => user === 'LUCIA');
    expect(JSON.stringify(views)).not.toContain(company);
  });

  test('tampered buttons and forms lead to no deal, verb or person that the law does not give', async () => {
    const { id, company } = await priyas();
    const before = await acts();
    const hostile: [string, Record<string, string>][] = [
      ['accept', { id, person: 'me' }],
      ['transfer', { id, person: IDS.LUCIA, contact: 'yes' }],
      ['people', { do: 'grant', who: IDS.LUCIA, role: 'alliance team' }],
      ['people', { do: 'save', person: '__proto__', role: 'ACE manager' }],
      ['waiting', { change: '00000000-0000-0000-0000-000000000000', do: 'mine', sure: 'yes' }],
      ['erase', { who: IDS.PRIYA, sure: 'yes' }],
      ['link', { do: 'thaw', link: '00000000-0000-0000-0000-000000000000' }],
      ['constructor', {}],
    ];
    for (const [verb, input] of hostile) {
      await post(pressBody(house.target, 'LUCIA', inChannel('LUCIA'), button(verb, input)));
      const view = {
        id: `V${verb}`,
        user: 'LUCIA',
        isOpen: true,
        errors: {},
        content: {
          type: 'modal',
          callback_id: 'form',
          private_metadata: JSON.stringify({ c: 'C1', v: verb, i: input, m: {}, k: 'k' }),
          blocks: [],
        },
      };
      const { status, body } = await post(submitBody(house.target, view, {}));
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toContain(company);
    }
    expect(await acts()).toBe(before);
    expect((await house.store.prisma.person.findUniqueOrThrow({ where: { email: IDS.LUCIA } })).role).toBe(
      'ACE user',
    );
  });
});
