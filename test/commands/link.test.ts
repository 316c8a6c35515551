/** Who has to prove who they are, how they do it, and what the alliance lead decides where an address is in question. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deliver } from '../../src/bot/deliver.ts';
import { GoneForGood, type Messenger, type Sender } from '../../src/bot/intent.ts';
import * as vocabulary from '../../src/commands/index.ts';
import { issueCode } from '../../src/store/link-codes.ts';
import { establish, linkOf } from '../../src/store/links.ts';
import { findPerson } from '../../src/store/people.ts';
import type { Reply } from '../../src/views/view.ts';
import { databases, silentLog } from '../support/databases.ts';
import { LEAD, openTestHouse, TEAM, type TestHouse } from '../support/house.ts';

const commands = Object.values(vocabulary);
const [PRIYA = '', TOM = '', LUCIA = ''] = TEAM.users;
const wordsOf = (reply: Reply): string =>
  reply.kind === 'note' ? [reply.text, ...(reply.lines ?? [])].join('\n') : `${reply.kind}: ${reply.title}`;

describe.each(databases)('outside practice mode, on $name', (database) => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await openTestHouse(database);
    // Codes are asked for where the records are real ones; what plays AWS does not matter to that.
    await house.store.prisma.agent.update({ where: { id: 1 }, data: { catalog: 'Sandbox' } });
  });
  afterAll(() => house?.stop());

  const at = (user: string, email: string, tenant = 'T1'): Sender => ({
    ...{ platform: 'slack', tenant, user, email, conversation: `D${user}` },
  });
  const answer = async (from: Sender, text: string) => house.desk.say({ text, from, key: randomUUID() });
  const say = async (from: Sender, text: string) => wordsOf((await answer(from, text)).reply);
  const press = async (from: Sender, input: Record<string, string>) =>
    wordsOf((await house.desk.handle({ verb: 'link', input, from, key: randomUUID() })).reply);
  const idOf = async (email: string) => (await findPerson(house.store, email))?.id ?? '';
  /** As `npm run link` does. */
  const codeOf = async (email: string) =>
    issueCode(house.store, await idOf(email), { proves: true, now: new Date() });
  const linkIn = async (from: Sender) => (await linkOf(house.store, from)).link;
  const shownIn = (words: string) => /link ([A-Z0-9]{4}-[A-Z0-9]{4})/.exec(words)?.[1] ?? '';
  const lead = at('ANA', LEAD);

  test('until the code is typed the alliance lead is refused everything, and told what to do; with it they are in for good', async () => {
    for (const line of ['desk', 'list', 'help', 'people', 'show 1', 'gibberish']) {
      const { reply, ok } = await answer(lead, line);
      expect(wordsOf(reply)).toContain('An e-mail alone does not tell me that it is you');
      expect(wordsOf(reply)).toContain('npm run link -- <your e-mail>');
      expect(ok).toBe(false);
    }
    const { reply } = await answer(lead, 'desk');
    expect(reply.kind === 'note' && reply.buttons).toMatchObject([{ verb: 'link', opens: 'form' }]);
    // Without a code it is asked for, and none is shown.
    expect(await say(lead, 'link')).toBe('form: Show that it is you');
    expect(await house.store.prisma.linkCode.count()).toBe(0);
    expect(await say(lead, `link ${await codeOf(LEAD)}`)).toContain(
      'Linked: from now on I know you by this account.',
    );
    expect(await say(lead, 'desk')).toContain('Your desk');
    expect(await linkIn(lead)).toMatchObject({ proven: true, state: 'live' });
    expect(await say(lead, 'link 2222-2222')).toContain('linked to you already');
  });

  test('a proven account shows a code, and it opens the next door of the same person only', async () => {
    const shown = await say(lead, 'link');
    const code = shownIn(shown);
    expect(shown).toContain(`Your code is ${code}. At the other door, type: link ${code}`);
    const [other, tom] = [at('ANA2', LEAD, 'T2'), at('TOM', TOM)];
    expect(await say(at('MINA', TEAM.manager), `link ${code}`)).toContain('That is not your code.');
    expect(await say(at('NOEL', 'noel@else.example'), `link ${code}`)).toContain('has no access to ace-desk');
    expect(await say(tom, `link ${code}`)).toContain('That is not your code.');
    expect(await say(other, 'desk')).toContain('one-time code');
    expect(await say(other, `link ${code}`)).toContain('Linked');
    expect(await linkIn(other)).toMatchObject({ proven: true });
    expect(await say(other, 'desk')).toContain('Your desk');
  });

  test('the code alone does as well, where one is asked for; anywhere else, and eight plain letters, are no code', async () => {
    const [other, code] = [at('ANA3', LEAD, 'T3'), await codeOf(LEAD)];
    for (const line of ['greatest', 'what next', `my code ${code}`])
      expect(await say(other, line)).toContain('just send the code, such as ABCD-EFGH');
    expect((await house.store.prisma.linkCode.findFirstOrThrow()).tries).toBe(0);
    expect(await say(at('NOEL', 'noel@else.example'), code)).toContain('has no access to ace-desk');
    const shown = `${code.slice(0, 4)}-${code.slice(4).toLowerCase()}`;
    expect(await say(other, shown)).toContain('Linked');
    expect(await linkIn(other)).toMatchObject({ proven: true, state: 'live' });
    expect(await say(other, '2222-2222')).toContain('did not understand');
  });

  test('wrong, expired and used up are one answer each, whoever the code was for', async () => {
    const mina = at('MINA', TEAM.manager);
    const wrong = await say(mina, 'link 2222-2222');
    await codeOf(TEAM.manager);
    expect(await say(mina, 'link 2222-2222')).toBe(wrong);
    expect(await say(mina, `link ${await codeOf(LEAD)}`)).toBe(wrong);
    const old = await issueCode(house.store, await idOf(TEAM.manager), {
      ...{ proves: true, now: new Date(Date.now() - 11 * 60_000) },
    });
    expect(await say(mina, `link ${old}`)).toContain('too old: it was good for 10 minutes');
    const code = await codeOf(TEAM.manager);
    for (let nth = 0; nth < 5; nth++) await say(mina, 'link 2222-2222');
    expect(await say(mina, `link ${code}`)).toContain('That code is used up. Get a new one');
    expect(await say(mina, 'link florb')).toContain('A code looks like this: ABCD-EFGH');
    expect(await linkIn(mina)).toBeUndefined();
  });

  test('an ACE user comes in by e-mail once; their code opens the next door, and a role given later asks anew at both', async () => {
    const [priya, other] = [at('PRIYA', PRIYA), at('PRIYA2', PRIYA, 'T2')];
    expect(await say(priya, 'desk')).toContain('Your desk');
    expect(await say(other, 'desk')).toContain('one-time code');
    expect(await say(other, `link ${shownIn(await say(priya, 'link'))}`)).toContain('Linked');
    expect(await say(other, 'desk')).toContain('Your desk');
    const id = await idOf(PRIYA);
    const role = (it: string) => house.store.prisma.person.update({ where: { id }, data: { role: it } });
    // Shown before the role, typed after it: it came from an account that never proved anything.
    const early = shownIn(await say(priya, 'link'));
    await role('ACE manager');
    for (const it of [priya, other]) expect(await say(it, 'desk')).toContain('one-time code');
    expect(await say(other, `link ${early}`)).toContain('An e-mail alone does not tell me that it is you');
    expect(await say(other, 'desk')).toContain('one-time code');
    expect(await say(priya, `link ${await codeOf(PRIYA)}`)).toContain('Linked');
    expect(await say(priya, 'desk')).toContain('Your desk');
    expect(await say(other, 'desk')).toContain('one-time code');
    expect(await say(other, `link ${shownIn(await say(priya, 'link'))}`)).toContain('Linked');
    expect(await say(other, 'desk')).toContain('Your desk');
    await role('ACE user');
  });

  test('a changed address: nothing is served or shown, no code helps, and a thaw is the alliance lead’s alone', async () => {
    const [tom, swapped] = [at('TOM', TOM), at('TOM', 'tom@new.example')];
    expect(await say(tom, 'desk')).toContain('Your desk');
    for (const line of ['desk', 'help', 'link', `link ${await codeOf(TOM)}`, 'ask-access', 'florb'])
      expect(await say(swapped, line)).toContain('The e-mail address of your profile has changed');
    const link = (await linkIn(tom))?.id ?? '';
    for (const from of [swapped, at('PRIYA', PRIYA)])
      for (const act of ['thaw', 'cut'])
        expect(await press(from, { do: act, link })).toMatch(/Only the alliance lead decides|has changed/);
    expect(await linkIn(tom)).toMatchObject({ state: 'frozen' });
    expect(await press(lead, { do: 'thaw', link })).toContain('goes on with that Slack account');
    expect(await say(swapped, 'desk')).toContain('Your desk');
    expect((await findPerson(house.store, TOM))?.otherEmails).toEqual(['tom@new.example']);
  });

  test('an address of somebody else is not given away by “it is them”; cut off is cut off, whatever the profile says then', async () => {
    const [tom, swapped] = [at('TOM', TOM), at('TOM', LUCIA)];
    expect(await say(swapped, 'desk')).toContain('has changed');
    const link = (await linkIn(tom))?.id ?? '';
    expect(await press(lead, { do: 'thaw', link })).toContain('somebody else’s here');
    expect(await linkIn(tom)).toMatchObject({ state: 'frozen' });
    expect(await press(lead, { do: 'cut', link })).toContain('Cut off.');
    for (const from of [tom, swapped, at('TOM', 'x@else.example'), at('TOM', LEAD)])
      for (const line of ['desk', 'link', 'ask-access'])
        expect(await say(from, line)).toContain('The alliance lead has ended what this account may do here');
    // Its holder may be another person by now: they have both, the address and a code of their own.
    expect(await say(swapped, `link ${await codeOf(TOM)}`)).toContain('That is not your code.');
    expect(await say(swapped, `link ${await codeOf(LUCIA)}`)).toContain('Linked');
    expect(await say(swapped, 'help')).toContain(`ACE user (${LUCIA})`);
  });

  test('who lost their account comes back by a new one when the alliance lead says so', async () => {
    const [priya, second] = [at('PRIYA', PRIYA), at('PRIYA9', PRIYA)];
    for (const line of ['desk', 'link', `link ${await codeOf(PRIYA)}`])
      expect(await say(second, line)).toContain(
        'Another account here is linked to that e-mail address already',
      );
    expect(await say(priya, 'desk')).toContain('Your desk');
    expect(await press(lead, { do: 'thaw', link: (await linkIn(second))?.id ?? '' })).toContain(
      'goes on with',
    );
    expect(await say(second, 'desk')).toContain('Your desk');
    expect(await say(priya, 'desk')).toContain('has ended what this account may do');
  });

  test('an alliance lead whose own address changed gets in by configuration and code, not by waiting for themselves', async () => {
    const moved = at('ANA', 'ana@new.example');
    expect(await say(moved, 'desk')).toContain('has changed');
    expect(await say(moved, `link ${await codeOf(LEAD)}`)).toContain('has changed');
    const id = await idOf(LEAD);
    await house.store.prisma.person.update({ where: { id }, data: { otherEmails: ['ana@new.example'] } });
    expect(await say(moved, 'desk')).toContain('one-time code');
    expect(await say(moved, `link ${await codeOf(LEAD)}`)).toContain('Linked');
    expect(await say(moved, 'desk')).toContain('Your desk');
  });

  test('a button with an id that is nothing, or of nobody, does nothing', async () => {
    expect(await press(lead, { do: 'thaw' })).toContain('no such account');
    expect(await press(lead, { do: 'cut', link: randomUUID() })).toContain('no such account');
    expect(await press(lead, { do: 'cut', link: 'x' })).toContain('no account’s id');
  });

  test('help knows the verb, and the console needs no code', async () => {
    expect(await say(lead, 'help')).toContain('link [<code>]');
    expect(await say(lead, 'help link')).toContain('npm run link');
    const { text } = await house.script('link\n', TEAM.manager);
    expect(await say(at('MINA3', TEAM.manager, 'T3'), `link ${shownIn(text)}`)).toContain('Linked');
  });

  describe('private messages', () => {
    const told: { to: string; reply: Reply }[] = [];
    const messenger = (more: Partial<Messenger> = {}): Messenger => ({
      platform: 'slack',
      tell: async ({ tenant, user }, reply) => {
        told.push({ to: `${tenant}/${user}`, reply });
        return {};
      },
      redraw: async (ref) => ref,
      find: async (email) => ({ tenant: 'T1', user: `by ${email}` }),
      ...more,
    });
    async function tell(email: string, kind: string, body: object, by = messenger()) {
      told.length = 0;
      const [row] = await house.store.prisma.$queryRaw<{ id: string }[]>`
        SELECT tell(${await idOf(email)}::uuid, ${kind}, ${JSON.stringify(body)}::text::jsonb, NULL) AS id`;
      const postman = { store: house.store, commands, log: silentLog, messenger: by, now: () => new Date() };
      await deliver(postman, [{ notice: row?.id ?? '' }]);
      return told.map(({ to }) => to);
    }
    const quota = { writes: 8000 };

    test('go to the linked account, else to whoever has the address, never to one that was turned away', async () => {
      expect(await tell(LEAD, 'quota', quota)).toEqual(['T2/ANA2']);
      const gone = messenger({
        tell: async ({ tenant, user }) => {
          told.push({ to: `${tenant}/${user}`, reply: { kind: 'note', tone: 'info', text: '' } });
          if (tenant === 'T2') throw new GoneForGood('uninstalled');
          return {};
        },
      });
      expect(await tell(LEAD, 'quota', quota, gone)).toEqual(['T2/ANA2', 'T3/ANA3']);
      const refused = { by: 'Ana' };
      const id = await idOf(TOM);
      await house.store.prisma.person.update({ where: { id }, data: { role: 'none' } });
      expect(await tell(TOM, 'access-refused', refused)).toEqual([`T1/by ${TOM}`]);
      // Those accounts have the addresses; one is somebody else, one was cut off.
      await establish(house.store, at(`by ${TOM}`, TOM), await idOf(TEAM.team), 'practice');
      const account = { platform: 'slack', tenant: 'T1', userId: 'by tom@new.example' };
      await house.store.prisma.link.create({ data: { ...account, personId: id, state: 'cut', way: 'lead' } });
      expect(await tell(TOM, 'access-refused', refused)).toEqual([]);
    });

    test('deals and contacts go to nobody who only has the address', async () => {
      const account = await house.store.prisma.person.findFirstOrThrow({ where: { email: LUCIA } });
      const deal = await house.store.prisma.deal.findFirstOrThrow({
        where: { kind: 'opportunity', status: 'Approved', goneAt: null, ownerEmail: { not: null } },
      });
      await house.store.prisma.deal.update({
        where: { id: deal.id },
        data: {
          ownerEmail: LUCIA,
          detail: { ...(deal.detail as object), owner: { email: LUCIA, name: 'L' } },
        },
      });
      await house.store.prisma.person.update({ where: { id: account.id }, data: { role: 'ACE manager' } });
      await house.store.prisma.link.deleteMany({ where: { personId: account.id } });
      told.length = 0;
      const [row] = await house.store.prisma.$queryRaw<
        { id: string }[]
      >`SELECT tell(${account.id}::uuid, 'received', ${JSON.stringify({ by: 'Ana', from: 'x' })}::text::jsonb, ${deal.id}) AS id`;
      const postman = {
        store: house.store,
        commands,
        log: silentLog,
        messenger: messenger(),
        now: () => new Date(),
      };
      await deliver(postman, [{ notice: row?.id ?? '' }]);
      expect(told).toEqual([]);
    });

    test('of an account in question name whom and where, until it is decided', async () => {
      const swapped = at('PRIYA9', 'mallory@else.example');
      await say(swapped, 'desk');
      const link = (await linkIn(swapped))?.id ?? '';
      expect(await tell(LEAD, 'link-frozen', { link })).toHaveLength(1);
      const [{ reply } = { reply: undefined }] = told;
      expect(reply && wordsOf(reply)).toContain(
        `The Slack account of Priya Raman (${PRIYA}) has another e-mail address now: mallory@else.example.`,
      );
      expect(reply?.kind === 'note' && reply.buttons?.map(({ label, input }) => [label, input])).toEqual([
        ['It is them', { do: 'thaw', link }],
        ['Cut it off', { do: 'cut', link }],
      ]);
      await press(lead, { do: 'cut', link });
      expect(await tell(LEAD, 'link-frozen', { link })).toEqual([]);
    });
  });
});
