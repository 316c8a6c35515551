/** What the mirror keeps beside the record: moments AWS does not tell, the law, and what only we know. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Opportunity } from '../../src/pipeline/deal.ts';
import { can } from '../../src/pipeline/policy.ts';
import { type Entry, load, loadMany, saveMirror } from '../../src/store/deals.ts';
import { takeAgentLease } from '../../src/store/lease.ts';
import { findPerson } from '../../src/store/people.ts';
import type { Store } from '../../src/store/store.ts';
import { person } from '../pipeline/samples.ts';
import { databases } from '../support/databases.ts';
import { again, lead, opportunity, referral } from './entries.ts';

const EMAIL = 'ana@partner.example';

describe.each(databases)('on $name', ({ open }) => {
  let store: Store;
  let epoch: bigint;
  let release: () => Promise<void>;
  beforeAll(async () => {
    store = await open();
    await store.prisma.person.create({
      data: {
        email: EMAIL,
        otherEmails: ['ana@old.example'],
        firstName: 'Ana',
        lastName: 'Silva',
        role: 'ACE user',
      },
    });
    const lease = await takeAgentLease(store, { onLost: () => {} });
    if (!lease) throw new Error('Nobody else has the lease.');
    ({ epoch, release } = lease);
  });
  afterAll(async () => {
    await release?.();
    await store.close();
  });
  const save = (...entries: Entry[]) => saveMirror(store, entries, epoch);
  const row = (id: string) => store.prisma.deal.findUniqueOrThrow({ where: { id } });
  const isNow = (date: Date | null) => Math.abs(Date.now() - (date?.getTime() ?? 0)) < 60_000;
  const STAMP = '2026-03-01T10:00:00.000Z';

  test.each(['Submitted', 'In review'] as const)(
    'first seen as %s it was submitted when AWS says it was last changed',
    async (reviewStatus) => {
      const entry = opportunity({ reviewStatus });
      await save(entry);
      const { submittedAt, statusSince } = await row(entry.deal.id);
      expect([submittedAt, statusSince]).toEqual([new Date(STAMP), new Date(STAMP)]);
    },
  );

  test.each<[string, Partial<Opportunity>]>([
    ['approved', { reviewStatus: 'Approved' }],
    ['a draft', { reviewStatus: 'Pending Submission' }],
    ['AWS’s own', { reviewStatus: 'In review', origin: 'AWS Referral' }],
  ])('first seen as %s nobody knows when it was submitted', async (_, more) => {
    const entry = opportunity(more);
    await save(entry);
    expect((await row(entry.deal.id)).submittedAt).toBeNull();
  });

  test('a draft is submitted when it is seen to have left that status, and stays so through the review', async () => {
    const draft = opportunity({ reviewStatus: 'Pending Submission' });
    await save(draft);
    await save(again(draft, { reviewStatus: 'Submitted' }));
    const submitted = await row(draft.deal.id);
    expect(isNow(submitted.submittedAt)).toBe(true);
    expect(isNow(submitted.statusSince)).toBe(true);
    await save(again(draft, { reviewStatus: 'In review' }, '2026-03-01T10:00:02.000Z'));
    const { submittedAt, statusSince } = await row(draft.deal.id);
    expect([submittedAt, statusSince]).toEqual([submitted.submittedAt, submitted.statusSince]);
    await save(again(draft, { reviewStatus: 'Approved' }, '2026-03-01T10:00:03.000Z'));
    const approved = await row(draft.deal.id);
    expect(approved.submittedAt).toEqual(submitted.submittedAt);
    expect(approved.statusSince?.getTime()).toBeGreaterThan(submitted.statusSince?.getTime() ?? 0);
  });

  test('what AWS sent back has been submitted once it is seen in review again', async () => {
    const asked = opportunity({ reviewStatus: 'Action Required' });
    await save(asked);
    expect((await row(asked.deal.id)).submittedAt).toBeNull();
    await save(again(asked, { reviewStatus: 'Submitted' }));
    expect(isNow((await row(asked.deal.id)).submittedAt)).toBe(true);
  });

  test('what an invitation of AWS became was shared when that was sent, and touched when we accepted it', async () => {
    const accepted = referral('ACCEPTED');
    const became = opportunity({ origin: 'AWS Referral' });
    await save(became, { ...accepted, local: { successor: became.deal.id } });
    const { sharedAt, partnerUpdatedAt } = await row(became.deal.id);
    expect(sharedAt).toEqual(new Date('2026-01-01T00:00:00.000Z'));
    expect(isNow(partnerUpdatedAt)).toBe(true);
    await save(again(became, { nextStep: 'Demo' }));
    const later = await row(became.deal.id);
    expect([later.sharedAt, later.partnerUpdatedAt]).toEqual([sharedAt, partnerUpdatedAt]);
  });

  test('the same holds where the record was read before the acceptance was known', async () => {
    const became = opportunity({ origin: 'AWS Referral', createdAt: '2026-01-05T00:00:00.000Z' });
    await save(became);
    expect((await row(became.deal.id)).sharedAt).toEqual(new Date('2026-01-05T00:00:00.000Z'));
    const accepted = { ...referral('ACCEPTED'), local: { successor: became.deal.id } };
    expect(await save(became, accepted)).toContain(became.deal.id);
    const { sharedAt, partnerUpdatedAt } = await row(became.deal.id);
    expect(sharedAt).toEqual(new Date('2026-01-01T00:00:00.000Z'));
    expect(isNow(partnerUpdatedAt)).toBe(true);
    expect(await save(became, accepted)).toEqual([]);
  });

  test('what another partner sent was not shared by AWS, nor was our own', async () => {
    const sent = referral('PENDING');
    sent.deal.sender = { account: '123456789012', company: 'Northwind' };
    const own = opportunity({});
    await save(sent, own);
    expect((await row(sent.deal.id)).sharedAt).toBeNull();
    expect((await row(own.deal.id)).sharedAt).toBeNull();
  });

  test('a lead has a last update as well: its creation, or our acceptance', async () => {
    const [old, taken] = [lead({}), lead({})];
    const invitation = referral('ACCEPTED');
    await save(old, taken, { ...invitation, local: { successor: taken.deal.id } });
    expect((await row(old.deal.id)).partnerUpdatedAt).toEqual(new Date('2026-02-01T00:00:00.000Z'));
    expect(isNow((await row(taken.deal.id)).partnerUpdatedAt)).toBe(true);
  });

  test('once a Partner Solutions Finder lead, always one: for the list, the law, and what it became', async () => {
    const finder = lead({ source: 'AWS Partner Solutions Finder' });
    await save(finder);
    await save({ ...finder, deal: { ...finder.deal, source: 'Website' }, raw: { more: true } });
    expect((await row(finder.deal.id)).psf).toBe(true);
    const manager = person('ACE manager');
    const found = await load(store, finder.deal.id);
    expect(found && can(manager, 'see', found.deal, new Date()).yes).toBe(false);
    const [offered, became] = [lead({ source: 'PSF' }, 'engi-psf1'), lead({ source: 'Website' })];
    offered.deal.invitation = referral('ACCEPTED').deal;
    await save(became, { ...offered, local: { successor: became.deal.id } });
    expect((await row(became.deal.id)).psf).toBe(true);
  });

  test('the domain is the host of the website, however it is written', async () => {
    const written = {
      'https://www.Acme.example/de?x=1': 'acme.example',
      'acme.example': 'acme.example',
      'http://shop.acme.example:8080': 'shop.acme.example',
      'https://bücher.example/': 'xn--bcher-kva.example',
      'WWW.ACME.CO.UK.': 'acme.co.uk',
      'not a website': null,
      'http://192.168.0.1/': null,
      localhost: null,
      '': null,
    };
    for (const [website, domain] of Object.entries(written)) {
      const entry = opportunity({ website });
      await save(entry);
      expect([website, (await row(entry.deal.id)).domain]).toEqual([website, domain]);
    }
  });

  test('a lead’s owner is called by the roster’s name, by any of their addresses; a stranger by the address', async () => {
    const owners = {
      [EMAIL]: 'Ana Silva',
      'Ana@Old.example': 'Ana Silva',
      'who@else.example': 'who@else.example',
    };
    for (const [ownerEmail, name] of Object.entries(owners)) {
      const entry = { ...lead({}), local: { ownerEmail } };
      await save(entry);
      const found = await load(store, entry.deal.id);
      expect(found?.deal).toMatchObject({ owner: { name, email: ownerEmail.toLowerCase() } });
    }
  });

  test('a deal comes with whom it was offered to, who submitted and who flagged it, also before it was accepted', async () => {
    const { id: ana = '' } = (await findPerson(store, EMAIL)) ?? {};
    const [pending, became] = [referral('PENDING'), opportunity({})];
    await save(pending, became);
    await store.prisma.offer.create({ data: { dealId: pending.deal.id, personId: ana, byId: ana } });
    await store.prisma.flag.create({ data: { dealId: pending.deal.id, personId: ana } });
    await store.prisma.deal.update({ where: { id: became.deal.id }, data: { submittedBy: EMAIL } });
    const found = await load(store, pending.deal.id);
    expect(found).toMatchObject({ deal: { offeredTo: [ana] }, flaggedBy: [ana] });
    await save({ ...referral('ACCEPTED', pending.deal.id), local: { successor: became.deal.id } });
    expect(await load(store, pending.deal.id)).toMatchObject({ successor: { submittedBy: EMAIL } });
    const [many] = await loadMany(store, [became.deal.id]);
    expect(many).toMatchObject({ deal: { submittedBy: EMAIL }, flaggedBy: [ana] });
    expect(many?.deal).not.toHaveProperty('offeredTo');
  });
});
