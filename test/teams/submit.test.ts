/** A form that comes back is the same act: whoever was told that nobody can tell may send it again. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { problem } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { dialogSubmitted, post } from '../support/teams-activities.ts';
import { buttonNamed, dataOf } from '../support/teams-client.ts';
import { openTeamsHouse, type TeamsHouse } from '../support/teams-house.ts';
import { fieldsOf, type Json, parts, screenOf } from '../support/teams-screen.ts';

const CANNOT_TELL = 'The database does not answer, so I cannot tell whether that was taken.';

describe.each(databases)('a form sent again in Teams, on $name', (database) => {
  let house: TeamsHouse;
  beforeAll(async () => {
    house = await openTeamsHouse(database);
  });
  afterAll(async () => {
    expect(house?.microsoft.refused).toEqual([]);
    await house?.stop();
  });

  const carried = (card: unknown): Json => parts(dataOf(parts(card), buttonNamed(parts(card), /./), {}).ace);
  const stands = (card: unknown) => fieldsOf(card).find(({ id }) => id === 'f_text')?.value;
  const changes = (dealId: string) => house.store.prisma.change.count({ where: { dealId } });

  /** A next step's form, opened from the card of one of the deals. */
  async function opened(nth: number) {
    const [row] = await house.store.prisma.deal.findMany({
      where: { kind: 'opportunity', status: 'Approved', stage: 'Qualified', goneAt: null },
      ...{ orderBy: { id: 'asc' }, skip: nth, take: 1 },
    });
    await house.say('ANA', `show ${row?.id}`);
    await house.press('ANA', house.newest('ANA'), /^Next step…/);
    return { id: row?.id ?? '', form: house.dialog('ANA')?.card };
  }

  /** As the desk answers whose database was lost after it had written that down. */
  async function unanswered(act: () => Promise<unknown>): Promise<void> {
    const { handle } = house.desk;
    house.desk.handle = async (...asked) => {
      await handle(...asked);
      return { reply: problem(CANNOT_TELL), changeIds: [], ok: false };
    };
    try {
      await act();
    } finally {
      house.desk.handle = handle;
    }
  }

  test('after “we cannot tell” counts once, from a dialog, and what was typed stays', async () => {
    const { id, form } = await opened(0);
    await unanswered(() => house.submit('ANA', { text: 'Told of once' }));
    const back = house.dialog('ANA')?.card;
    expect(screenOf(back)).toContain(CANNOT_TELL);
    expect(stands(back)).toBe('Told of once');
    expect(carried(back).k).toBe(carried(form).k);
    expect(await changes(id)).toBe(1);
    await house.submit('ANA', { text: 'Told of once' });
    expect(await changes(id)).toBe(1);
  });

  test('after an error that the door tells stays the same act', async () => {
    house.dismiss('ANA');
    const { id, form } = await opened(1);
    await house.submit('ANA', { text: ' ' });
    const back = house.dialog('ANA')?.card;
    expect(screenOf(back)).toContain('Please fill this in.');
    expect(carried(back).k).toBe(carried(form).k);
    // A client that shows the old dialog and one that shows the new one: still one act.
    for (const ace of [carried(form), carried(back)])
      await post(house.target, dialogSubmitted(house.target, 'ANA', { ace, f_text: 'Sent from both' }));
    expect(await changes(id)).toBe(1);
  });
});
