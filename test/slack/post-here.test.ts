/** “Post here…” stands where a channel is around the one who reads, and nowhere else; it leads to who will read it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { flat, until } from '../support/house.ts';
import { type Id, openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { buttonsOf, screenOf } from '../support/slack-screen.ts';
import type { Message } from '../support/slack-workspace.ts';

const COMPANY = 'Saffron Road Foods';
const HERE = 'Post here…';

describe.each(databases)('a deal’s card, on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  const labels = (it: { blocks?: unknown }) => buttonsOf(it.blocks).map(({ label }) => label);
  async function shown(user: Id, channel: string): Promise<Message> {
    await house.slash(user, `show ${COMPANY}`, channel);
    return house.shows(user, COMPANY);
  }

  test('seen in a channel offers to post it there; who reads along is said first', async () => {
    const card = await shown('ANA', 'CDEALS');
    expect(card.onlyFor).toBe('ANA');
    await house.press('ANA', card, HERE);
    await until('the question', () =>
      house.workspace.views.some(({ content }) => screenOf(content).includes('read along in')),
    );
    const view = house.workspace.views.at(-1);
    const inChannel = () => house.workspace.messages.filter((it) => it.channel === 'CDEALS' && !it.onlyFor);
    expect(inChannel()).toEqual([]);
    if (view) await house.submit(view, {});
    await until('the card', () => inChannel().length === 1);
    await house.quiet();
    // The card of all is nobody's own: it offers nothing of the kind.
    expect(labels(inChannel()[0] ?? {})).not.toContain(HERE);
  });

  test('still offers it once it was drawn anew there', async () => {
    const card = await shown('ANA', 'CDEALS');
    await house.press('ANA', card, 'Flag');
    await until('the flag', () => labels(card).includes('Unflag'));
    expect(labels(card)).toContain(HERE);
  });

  test('seen in a conversation of two, in the house’s own messages and at the console does not', async () => {
    const card = await shown('JONAS', 'DJONAS');
    expect(labels(card)).toContain('History');
    expect(labels(card)).not.toContain(HERE);
    await house.mention('MINA', 'CDEALS', `show ${COMPANY}`);
    const mine = () => house.messages('MINA').find((it) => it.channel === 'DMINA');
    await until('the answer', () => mine() !== undefined);
    expect(labels(mine() ?? {})).not.toContain(HERE);
    const { text } = await house.script(`show ${COMPANY}\n`);
    expect(flat(text)).not.toContain('Post here');
  });

  test('of a lead that stands in no channel offers nothing', async () => {
    const { id, company } = await house.store.prisma.deal.findFirstOrThrow({ where: { psf: true } });
    await house.slash('ANA', `show ${id}`, 'CDEALS');
    const card = await house.shows('ANA', company);
    expect(labels(card)).not.toContain(HERE);
  });
});
