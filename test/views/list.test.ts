import { describe, expect, test } from '@jest/globals';
import type { SectionId } from '../../src/pipeline/attention.ts';
import {
  choiceList,
  deskList,
  type Line,
  type Lines,
  pendingList,
  pipelineList,
} from '../../src/views/list.ts';
import { lead, NOW, offeredLead, opportunity, person, referral } from '../pipeline/samples.ts';

const reader = { actor: person(), now: NOW };
const line = (deal: Line['deal'], more: Partial<Line> = {}): Line => ({ deal, version: 3, ...more });
const lines = (...all: Line[]): Lines => ({ lines: all, total: all.length, capped: false });

describe('the desk', () => {
  const found = new Map<SectionId, Lines>([
    ['stale', lines(line(opportunity(), { partnerUpdatedAt: new Date('2025-11-05T00:00:00Z') }))],
    ['waiting', lines(line(opportunity()))],
    [
      'closing',
      lines(line(opportunity({ closeDate: '2025-11-24' })), line(opportunity({ closeDate: '2025-11-21' }))),
    ],
    ['past-close', lines(line(opportunity({ closeDate: '2025-11-14' })))],
    [
      'action-required',
      lines(line(opportunity({ reviewStatus: 'Action Required', reviewComments: 'Clarify\nrevenue' }))),
    ],
    ['pending', { lines: [line(referral())], total: 100, capped: true }],
  ]);
  const list = deskList(found, reader);

  test('is in the order in which things are lost, whatever order they came in', () => {
    expect(list.title).toBe('Your desk, Fri 21 Nov');
    expect(list.sections.map(({ title }) => title)).toEqual([
      'Pending acceptance: accept in time, or AWS takes them away',
      'Action required: AWS asked for a change and waits for it',
      'Closing within 7 days: are date and stage still right?',
      'Past close date: AWS takes no update without a new one',
      'No update for over 14 days: write what happens next',
      'Waiting for AWS: asked, not yet confirmed; nothing to do',
    ]);
  });

  test('says in each line what is at stake and offers the one thing to do', () => {
    expect(
      list.sections.flatMap(({ items }) => items.map(({ detail, button }) => [detail, button?.label])),
    ).toEqual([
      ['2 business days left · USD 12,500 / month to AWS · AWS referral', 'Accept'],
      ['AWS: “Clarify revenue” · Ana Silva', 'Show'],
      ['closes Mon 24 Nov, in 3 days · Qualified · Ana Silva', 'Next step…'],
      ['closes Fri 21 Nov, today · Qualified · Ana Silva', 'Next step…'],
      ['close date Fri 14 Nov is 7 days past · Qualified · Ana Silva', 'Next step…'],
      ['no update for 16 days · Qualified · Ana Silva', 'Next step…'],
      ['Partner referral · Qualified · approved · Ana Silva', 'Show'],
    ]);
  });

  test('counts honestly and leads to the rest', () => {
    expect(list.sections[0]).toMatchObject({
      total: 100,
      capped: true,
      more: { verb: 'list', input: { view: 'pending' } },
    });
    expect(list.sections[1]).not.toHaveProperty('more');
  });

  test('empty sections are left out; an empty desk says so', () => {
    const empty = deskList(new Map([['stale', lines()]]), reader);
    expect([empty.sections, empty.empty]).toEqual([[], 'Nothing needs you right now.']);
  });
});

describe('pending acceptance', () => {
  test.each([
    ['2025-11-26T08:00:00Z', '1 h left'],
    ['2025-11-26T10:00:00Z', 'AWS’s 5 business days are over, 7 days left'],
    ['2025-12-04T10:00:00Z', 'AWS’s 5 business days are over, so is the invitation'],
  ])('at %s the line says %j', (now, words) => {
    const list = pendingList(lines(line(referral())), { ...reader, now: new Date(now) });
    expect(list.sections[0]?.items[0]?.detail.split(' · ')[0]).toBe(words);
  });

  test('a partner’s invitation counts to its expiry; a lead is a lead', () => {
    const partner = referral({ sender: { account: '123456789012', company: 'Northwind' } });
    const list = pendingList(lines(line(partner), line(offeredLead())), reader);
    expect(list.sections[0]?.items.map(({ detail }) => detail)).toEqual([
      '12 days left · USD 12,500 / month to AWS · Invitation from Northwind',
      '2 business days left · AWS lead',
    ]);
    expect(list.sections[0]?.items[1]?.button).toMatchObject({ verb: 'accept', input: { version: '3' } });
  });
});

test.each([
  ['ACE user', 'Nothing is pending acceptance that you may see.'],
  ['ACE manager', 'Nothing is pending acceptance.'],
] as const)('an empty list does not tell an %s more than they may know', (role, empty) => {
  expect(pendingList(lines(), { ...reader, actor: person(role) }).empty).toBe(empty);
});

describe('the pipeline', () => {
  test('each line has stage, status, close date and owner', () => {
    const list = pipelineList(
      lines(line(opportunity()), line(lead()), line(opportunity({ stage: 'Launched' }))),
      {
        ...reader,
        page: 1,
        pageSize: 20,
      },
    );
    expect(
      list.sections[0]?.items.map(({ title, detail, button }) => [title, detail, button?.label]),
    ).toEqual([
      ['Gamma SA – SAP to AWS', 'Qualified · approved · closes Fri 16 Jan 2026 · Ana Silva', 'Show'],
      ['Beta Ltd – Database', 'lead, Research · no owner', 'Show'],
      ['Gamma SA – SAP to AWS', 'Launched · approved · close date Fri 16 Jan 2026 · Ana Silva', 'Show'],
    ]);
    expect(list).not.toHaveProperty('buttons');
  });

  test('a page leads to its neighbours and no further', () => {
    const page = (number: number, total: number, capped = false) =>
      pipelineList(
        { lines: [line(opportunity()), line(lead())], total, capped },
        { ...reader, page: number, pageSize: 2 },
      );
    expect(page(1, 4).buttons).toEqual([
      { verb: 'list', label: 'Next page', input: { view: 'all', page: '2' } },
    ]);
    expect(page(2, 4).buttons?.map(({ label }) => label)).toEqual(['Previous page']);
    expect(page(70, 100, true).buttons?.map(({ label }) => label)).toEqual(['Previous page', 'Next page']);
    expect(page(2, 4).title).toBe('Pipeline, page 2');
    expect([page(1, 4).footer, page(2, 4).footer]).toEqual(['“list 2” goes on.', undefined]);
  });
});

test('a choice carries the whole act in each line, with the id that makes it exact', () => {
  const about = { ...reader, title: 'Which “Gamma”?', verb: 'next-step' as const };
  const found = [{ deal: opportunity(), version: 1 }];
  expect(choiceList(found, { ...about, input: { text: 'Demo' } }).sections[0]?.items[0]).toEqual({
    id: 'O1234567',
    title: 'Gamma SA – SAP to AWS',
    detail: 'O1234567 · Partner referral · Qualified · approved',
    button: { verb: 'next-step', label: 'This one', input: { text: 'Demo', id: 'O1234567' } },
  });
  expect(choiceList(found, { ...about, input: {} }).sections[0]?.items[0]?.button).toHaveProperty(
    'opens',
    'form',
  );
});
