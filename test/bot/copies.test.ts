/** What a posted copy may show, before anybody but the alliance lead is let in; and what is said once. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cardFor, once } from '../../src/bot/copies.ts';
import type { Messenger } from '../../src/bot/intent.ts';
import { practiceTeam } from '../../src/practice/team.ts';
import type { Loaded } from '../../src/store/deals.ts';
import { enrol, findPerson } from '../../src/store/people.ts';
import type { Store } from '../../src/store/store.ts';
import { presumeTerms } from '../../src/store/terms.ts';
import { NOW, opportunity } from '../pipeline/samples.ts';
import { databases, silentLog } from '../support/databases.ts';
import { LEAD, TEAM } from '../support/house.ts';
import { promised } from '../support/slack-door.ts';

describe.each(databases)('on $name', (database) => {
  const messenger = (): Messenger => ({
    platform: 'slack',
    tell: async () => ({}),
    redraw: async (ref) => ref,
    find: async () => undefined,
  });
  const newPostman = () => ({
    ...{ store, messenger: messenger(), commands: [], log: silentLog, now: () => NOW },
  });

  test('what is said once is said one after the other in each workspace; a slow one holds up no other', async () => {
    const postman = newPostman();
    const said: string[] = [];
    const gate = promised<void>();
    const say = (line: string, key: string, wait?: Promise<void>) =>
      once(postman, { line, key: `copies:${key}` }, async () => {
        said.push(key);
        await wait;
        return key;
      });
    const slow = say('T1', 'slow', gate.promise);
    const behind = say('T1', 'behind');
    expect(await say('T2', 'elsewhere')).toBe('elsewhere');
    expect(said.sort()).toEqual(['elsewhere', 'slow']);
    gate.give();
    expect([await slow, await behind]).toEqual(['slow', 'behind']);
    expect(await say('T1', 'slow')).toBeUndefined();
    expect(said).toHaveLength(3);
  });

  test('a send that failed holds up nobody behind it, and may be tried again', async () => {
    const postman = newPostman();
    const at = { line: 'T1', key: 'copies:failing' };
    const failed = once(postman, at, () => Promise.reject(new Error('not now')));
    const behind = once(postman, { line: 'T1', key: 'copies:next' }, async () => 'said');
    await expect(failed).rejects.toThrow('not now');
    expect(await behind).toBe('said');
    expect(await once(postman, at, async () => 'said')).toBe('said');
  });

  let store: Store;
  beforeAll(async () => {
    store = await database.open();
    await enrol(store, practiceTeam(LEAD));
  });
  afterAll(() => store?.close());

  test('nobody but the alliance lead is shown a deal before the terms are confirmed, and from then on whoever may see it', async () => {
    const owner = TEAM.users[0] ?? '';
    const deal = opportunity({ owner: { name: 'Priya Raman', email: owner } });
    const found: Loaded = { deal, version: 1, changes: [], flaggedBy: [], reminders: [] };
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
