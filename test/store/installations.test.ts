import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { planDigests } from '../../src/bot/digests.ts';
import { endSubscriptions } from '../../src/store/digest-plans.ts';
import {
  findInstallation,
  forgetInstallation,
  installedTeams,
  noteMember,
  saveInstallation,
} from '../../src/store/installations.ts';
import { sqlState } from '../../src/store/sql-error.ts';
import type { Store } from '../../src/store/store.ts';
import { databases } from '../support/databases.ts';

const sealed = (mark: string) => mark.repeat(60).slice(0, 60);

describe.each(databases)('installations on $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await store.prisma.installation.deleteMany();
    await store.prisma.installationTeam.deleteMany();
  });
  const save = (team: string, enterprise = '', mark = 'a') =>
    saveInstallation(store, { team, enterprise, sealed: sealed(mark), bot: `U${team}` });
  const find = (team: string, enterprise = '') => findInstallation(store, { team, enterprise });

  test('a workspace is found by its id, whether or not its organisation is named', async () => {
    await save('T1', 'E1');
    const found = { team: 'T1', enterprise: 'E1', sealed: sealed('a'), bot: 'UT1', isMember: false };
    expect(await find('T1')).toEqual(found);
    expect(await find('T1', 'E1')).toEqual(found);
    expect(await find('T2')).toBeUndefined();
    expect(await find('T2', 'E1')).toBeUndefined();
    expect(await find('')).toBeUndefined();
  });

  test('installing again replaces the token, also after the workspace joined an organisation', async () => {
    await save('T1');
    await save('T1', '', 'b');
    expect(await find('T1')).toMatchObject({ sealed: sealed('b') });
    await save('T1', 'E1', 'c');
    expect(await store.prisma.installation.count()).toBe(1);
    expect(await find('T1')).toMatchObject({ sealed: sealed('c'), enterprise: 'E1' });
  });

  test('an organisation’s installation serves its workspaces; one of their own goes before it', async () => {
    await save('', 'E1');
    expect(await find('T1', 'E1')).toMatchObject({ team: '', enterprise: 'E1', isMember: false });
    expect(await find('T1', 'E2')).toBeUndefined();
    expect(await find('T1')).toBeUndefined();
    await save('T1', 'E1', 'b');
    expect(await find('T1', 'E1')).toMatchObject({ team: 'T1', sealed: sealed('b') });
  });

  test('a workspace noted as a member is found by its own id alone', async () => {
    await save('', 'E1');
    await noteMember(store, { team: 'T1', enterprise: 'E1' });
    await noteMember(store, { team: 'T1', enterprise: 'E1' });
    expect(await find('T1')).toMatchObject({ enterprise: 'E1', isMember: true });
    // Another organisation does not get at it by naming itself.
    await save('', 'E2', 'b');
    expect(await find('T1', 'E2')).toMatchObject({ enterprise: 'E2', isMember: false });
  });

  test('forgotten is forgotten; one made since stays', async () => {
    await save('T1', '', 'b');
    await forgetInstallation(store, { team: 'T1', enterprise: '' }, sealed('a'));
    expect(await find('T1')).toBeDefined();
    await forgetInstallation(store, { team: 'T1', enterprise: 'E9' }, sealed('b'));
    expect(await find('T1')).toBeUndefined();
    await save('', 'E1');
    await noteMember(store, { team: 'T2', enterprise: 'E1' });
    await forgetInstallation(store, { team: '', enterprise: 'E1' });
    expect(await find('T2', 'E1')).toBeUndefined();
    expect(await store.prisma.installationTeam.count()).toBe(0);
  });

  test('every workspace is listed once, and no more than asked for', async () => {
    await save('T1');
    await save('', 'E1');
    await noteMember(store, { team: 'T2', enterprise: 'E1' });
    await noteMember(store, { team: 'T3', enterprise: 'E1' });
    await save('T3', 'E1', 'b');
    const all = await installedTeams(store, 10);
    expect(all.map(({ team }) => team).sort()).toEqual(['T1', 'T2', 'T3']);
    expect(await installedTeams(store, 2)).toHaveLength(2);
  });

  test('the database takes neither a nameless place nor a token in the clear', async () => {
    const outcome = (work: Promise<void>) => work.then(() => 'accepted', sqlState);
    expect(await outcome(save('', ''))).toBe('23514');
    const clear = { team: 'T1', enterprise: '', sealed: `xoxb-${'1'.repeat(60)}`, bot: 'U1' };
    expect(await outcome(saveInstallation(store, clear))).toBe('23514');
  });

  describe('a digest that ended as nothing could be sent', () => {
    const NOW = new Date(Date.now() - 60_000);
    const LATER = new Date(Date.now() + 60_000);
    let personId: string;
    beforeEach(async () => {
      await store.prisma.subscription.deleteMany();
      await store.prisma.person.deleteMany();
      const person = { email: `${randomUUID()}@partner.example`, firstName: 'Ana', lastName: 'Silva' };
      personId = (await store.prisma.person.create({ data: { ...person, role: 'alliance lead' } })).id;
      const account = { platform: 'slack', tenant: 'T1', userId: 'ANA', state: 'live', way: 'code' };
      const long = new Date('2026-01-01');
      await store.prisma.link.create({ data: { ...account, personId, provenAt: long, since: long } });
      await planDigests(store, NOW);
      const [digest] = await store.prisma.subscription.findMany();
      await endSubscriptions(store, [digest?.id ?? ''], NOW);
      await planDigests(store, LATER);
      expect(await isGone()).toBe(true);
    });
    const isGone = async () =>
      (await store.prisma.subscription.findFirstOrThrow({ where: { personId } })).gone;

    test('begins again with a new installation there', async () => {
      await save('T2');
      await planDigests(store, LATER);
      expect(await isGone()).toBe(true);
      await save('T1');
      await planDigests(store, LATER);
      expect(await isGone()).toBe(false);
    });

    test('begins again with a new installation of the organisation, known or heard of since', async () => {
      await noteMember(store, { team: 'T1', enterprise: 'E1' });
      await planDigests(store, LATER);
      expect(await isGone()).toBe(false);
      await store.prisma.subscription.updateMany({ data: { gone: true, offAt: new Date() } });
      await planDigests(store, LATER);
      expect(await isGone()).toBe(true);
      await save('', 'E1');
      await planDigests(store, LATER);
      expect(await isGone()).toBe(false);
    });

    test('stays over where its person switched it off', async () => {
      await store.prisma.subscription.updateMany({ data: { gone: false } });
      await save('T1');
      await planDigests(store, LATER);
      expect((await store.prisma.subscription.findFirstOrThrow()).offAt).toEqual(NOW);
    });
  });
});
