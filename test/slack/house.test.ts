/** The whole house behind Slack: one act is one act, copies stay true, contacts stay private, hostile names stay text. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { until } from '../support/house.ts';
import { type Id, openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { moveOn, pressBody, send, slashBody, submitBody } from '../support/slack-requests.ts';
import { buttonsOf, partsOf, screenOf } from '../support/slack-screen.ts';
import type { Message } from '../support/slack-workspace.ts';

const labels = (message: Message): string[] => buttonsOf(message.blocks).map(({ label }) => label);
const statusOf = (message: Message): string => /^(?:⏳|✅|⚠️) .*$/m.exec(screenOf(message))?.[0] ?? '';

describe.each(databases)('on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  const changes = (dealId: string) => house.store.prisma.change.count({ where: { dealId } });
  const kinds = async (id: string) => (await house.effects(id)).map(({ kind }) => kind);
  /** That person's own copy, in their conversation with us. */
  async function copyFor(user: Id, id: string): Promise<Message> {
    const before = house.messages(user).length;
    await house.tell(user, `show ${id}`, `Ev-${user}-${id}`);
    await until('a copy', () => house.messages(user).length > before);
    return house.newest(user);
  }
  const buttonOn = (message: Message, label: string) => {
    const button = buttonsOf(message.blocks).find((it) => it.label === label);
    if (!button) throw new Error(`No ${label} among ${labels(message)}`);
    return button;
  };

  describe('one act', () => {
    test('the same signed command three times is one Change, and each is answered with the card', async () => {
      const id = await house.idOf('Tamarind Airways');
      const body = slashBody(house.target, 'ANA', `accept ${id}`, 'C1');
      const [first, second] = await Promise.all([send(house.target, { body }), send(house.target, { body })]);
      await house.quiet();
      const third = await send(house.target, { body });
      for (const answered of [first, second, third]) {
        expect(answered.status).toBe(200);
        expect(JSON.stringify(answered.body)).toContain('Tamarind Airways – One data lake');
        expect(JSON.stringify(answered.body)).not.toContain('Nothing more was sent');
      }
      expect(await changes(id)).toBe(2);
      expect(await kinds(id)).toEqual(['accept']);
    });

    test('a press that Slack sends again, and a double click, are one Change', async () => {
      const id = await house.idOf('Cobalt Ridge Utilities');
      const card = await copyFor('MINA', id);
      const accept = buttonOn(card, 'Accept');
      const body = pressBody(house.target, 'MINA', card, accept);
      const click = () => send(house.target, { body: pressBody(house.target, 'MINA', card, accept) });
      const retry = { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' };
      const answers = await Promise.all([
        send(house.target, { body }),
        send(house.target, { body, headers: retry }),
        click(),
        click(),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      await until('the confirmed card', () => statusOf(card).includes('AWS confirmed your acceptance'));
      await house.quiet();
      await click();
      expect(await changes(id)).toBe(2);
      expect(await kinds(id)).toEqual(['accept']);
      expect(house.messages('MINA').map(screenOf).join()).not.toContain('Nothing more was sent');
    });

    test('two people press Accept at once: one Change; the other is told who and when, and has the fresh card', async () => {
      const id = await house.idOf('Evergrove Timber');
      const cards = { ANA: await copyFor('ANA', id), JONAS: await copyFor('JONAS', id) };
      await Promise.all([
        house.press('ANA', cards.ANA, 'Accept'),
        house.press('JONAS', cards.JONAS, 'Accept'),
      ]);
      const told = (user: Id) =>
        house
          .messages(user)
          .map(screenOf)
          .find((it) => it.includes('Nothing more was sent'));
      await until('the word to the other', () => [told('ANA'), told('JONAS')].some((it) => it !== undefined));
      await until('both cards', () => Object.values(cards).every((card) => statusOf(card).startsWith('✅')));
      const [winner, loser, name] = told('ANA')
        ? (['JONAS', 'ANA', 'Jonas Berg'] as const)
        : (['ANA', 'JONAS', 'Ana Silva'] as const);
      expect(told(winner)).toBeUndefined();
      expect(told(loser)).toMatch(new RegExp(`Evergrove Timber: .*${name}.* just now`));
      expect(statusOf(cards[loser])).toContain(`AWS confirmed ${name}’s acceptance`);
      expect(statusOf(cards[winner])).toContain('AWS confirmed your acceptance');
      expect(await changes(id)).toBe(2);
      expect(await kinds(id)).toEqual(['accept']);
    });

    test('a form submitted twice, and sent again by Slack, is one Change', async () => {
      const id = await house.idOf('Northgate Tram Works');
      await house.say('PRIYA', `next-step ${id}`);
      const form = await house.form('PRIYA');
      const body = submitBody(house.target, form, { text: 'Pilot starts' });
      const answers = await Promise.all([1, 2, 3].map(() => send(house.target, { body })));
      for (const answered of answers) moveOn({ ...form }, answered.body);
      await house.quiet();
      await send(house.target, { body });
      expect(await changes(id)).toBe(1);
      expect(await house.effects(id)).toHaveLength(1);
    });
  });

  describe('copies', () => {
    test('after Accept every copy shows who is at it, without the button, then what AWS confirmed; the contacts come to the accepter alone', async () => {
      const company = 'Ashdown Vale Council';
      const id = await house.idOf(company);
      const cards = await Promise.all((['JONAS', 'ANA', 'MINA'] as const).map((user) => copyFor(user, id)));
      const [mine, ...theirs] = cards;
      if (!mine) throw new Error('There is a card.');
      for (const card of cards) expect(labels(card)).toContain('Accept');
      await house.practice.script.slow(2);
      await house.press('JONAS', mine, 'Accept');
      await until('who is at it, on every copy', () =>
        cards.every((it) => statusOf(it).includes('Accepting… (Jonas Berg)')),
      );
      for (const card of cards) expect(labels(card)).not.toContain('Accept');
      await house.practice.script.slow(undefined);
      await until('AWS’s word, on every copy', () => cards.every((it) => statusOf(it).startsWith('✅')));
      await house.quiet();
      expect(statusOf(mine)).toContain('AWS confirmed your acceptance');
      for (const card of theirs) expect(statusOf(card)).toContain('AWS confirmed Jonas Berg’s acceptance');
      for (const card of cards) expect(labels(card)).not.toContain('Accept');
      expect(house.newest('JONAS')).toMatchObject({ channel: 'DJONAS' });
      const contacts = screenOf(house.newest('JONAS'));
      expect(contacts).toContain(`Contacts for ${company}`);
      const emails = contacts.match(/[\w.-]+@ashdown-vale-council\.example/g) ?? [];
      expect(emails.length).toBeGreaterThan(0);
      const others = house.workspace.messages.filter((it) => it.channel !== 'DJONAS');
      for (const email of emails) expect(JSON.stringify([others, cards])).not.toContain(email);
    });

    test('a copy follows what another tool and AWS do with the deal', async () => {
      const id = await house.idOf('Saffron Road Foods');
      const card = await copyFor('TOM', id);
      await house.practice.script.edit(id, 'LifeCycle.NextSteps', 'Typed into Partner Central');
      await house.practice.script.startReview(id);
      await house.aws.sync();
      await until('the new text on the card', () => screenOf(card).includes('Typed into Partner Central'));
      expect(screenOf(card)).toContain('in review by AWS');
      expect(labels(card)).toContain('Next step…');
    });

    test('a copy that was deleted in Slack is given up; the others go on', async () => {
      const id = await house.idOf('Juniper Lane Pharmacies');
      const [gone, kept] = [await copyFor('JONAS', id), await copyFor('MINA', id)];
      house.workspace.messages.splice(house.workspace.messages.indexOf(gone), 1);
      await house.practice.script.edit(id, 'LifeCycle.NextSteps', 'Moved on');
      await house.aws.sync();
      await until('the other copy', () => screenOf(kept).includes('Moved on'));
      await house.quiet();
      const postings = await house.store.prisma.posting.findMany({
        where: { dealId: id },
        select: { endedAt: true },
      });
      expect(postings.map(({ endedAt }) => endedAt !== null).sort()).toEqual([false, true]);
    });
  });

  describe('hostile names', () => {
    const DANGEROUS = /[^\P{Cc}\n]|[\u200b\u2028-\u202e\u2060-\u206f\ufeff]/u;
    const every = async () =>
      (await house.store.prisma.deal.findMany({ select: { id: true } })).map(({ id }) => id);

    test('every deal of the pipeline, shown in Slack, is plain text: no markup, no mention, no control or direction character', async () => {
      for (const id of await every()) await house.say('ANA', `show ${id}`);
      for (const words of ['', 'list', 'list pending', 'history', 'waiting']) await house.say('ANA', words);
      const seen = house.messages('ANA');
      const screens = seen.map(screenOf).join('\n');
      for (const name of [
        '<!channel> Logistics',
        '@here Bakeries',
        '<b>Bold</b> Moves',
        'Redwing Arcades',
        'Pale Moon gnp.exe Studios',
      ])
        expect(screens).toContain(name);
      for (const { text } of seen) expect(text).not.toMatch(/<|>|&(?!amp;|lt;|gt;)/);
      const parts = seen.flatMap(({ blocks }) => partsOf(blocks));
      expect(
        parts.filter(({ type }) => type === 'mrkdwn' || type === 'link' || type === 'broadcast'),
      ).toEqual([]);
      expect(parts.filter(({ type }) => type === 'plain_text').every(({ emoji }) => emoji === false)).toBe(
        true,
      );
      const payloads = house.workspace.calls.map(({ body }) => JSON.stringify(body)).join('\n');
      for (const sent of [screens, payloads.replaceAll('\n', '')]) expect(sent).not.toMatch(DANGEROUS);
    });

    test('and at the console nothing becomes a terminal sequence', async () => {
      const { text } = await house.script(
        `desk\nlist\nlist pending\nhistory\n${(await every()).map((id) => `show ${id}`).join('\n')}\n`,
      );
      expect(text).toContain('Redwing Arcades');
      expect(text).not.toMatch(DANGEROUS);
    });

    test('a hostile name can be typed as it is seen', async () => {
      for (const name of ['<!channel> Logistics', '@here Bakeries', '*Bold* _Type_ ~Foundry~'])
        expect((await house.script(`show ${name}\n`)).text).toContain(`${name} – `);
    });
  });
});
