/** What a posted copy may show, before anybody but the alliance lead is let in. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cardFor } from '../../src/bot/copies.ts';
import { practiceTeam } from '../../src/practice/team.ts';
import type { Loaded } from '../../src/store/deals.ts';
import { enrol, findPerson } from '../../src/store/people.ts';
import type { Store } from '../../src/store/store.ts';
import { presumeTerms } from '../../src/store/terms.ts';
import { NOW, opportunity } from '../pipeline/samples.ts';
import { databases } from '../support/databases.ts';
import { LEAD, TEAM } from '../support/house.ts';

describe.each(databases)('on $name', (database) => {
  let store: Store;
  beforeAll(async () => {
    store = await database.open();
    await enrol(store, practiceTeam(LEAD));
  });
  afterAll(() => store?.close());

  test('nobody but the alliance lead is shown a deal before the terms are confirmed, and from then on whoever may see it', async () => {
    const owner = TEAM.users[0] ?? '';
    const deal = opportunity({ owner: { name: 'Priya Raman', email: owner } });
    const found: Loaded = { deal, version: 1, changes: [], flaggedBy: [] };
    const shown = async (email: string) => {
      const personId = (await findPerson(store, email))?.id ?? '';
      return cardFor(store, { personId }, found, NOW);
    };
    for (const email of [TEAM.team, TEAM.manager, owner])
      expect(await shown(email)).toMatchObject({ kind: 'note', text: 'ace-desk is not open yet.' });
    expect(await shown(LEAD)).toMatchObject({ kind: 'card', title: 'Gamma SA – SAP to AWS' });
    await presumeTerms(store, '2026-01-01');
    expect(await shown(owner)).toMatchObject({ kind: 'card' });
    expect(await shown(TEAM.users[1] ?? '')).toMatchObject({ text: 'This deal is no longer yours to see.' });
  });
});
