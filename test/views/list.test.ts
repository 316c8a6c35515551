import { describe, expect, test } from '@jest/globals';
import type { SectionId } from '../../src/pipeline/attention.ts';
import { VIEWS, type View } from '../../src/pipeline/views.ts';
import {
  askedList,
  deskList,
  type Line,
  type Lines,
  pendingList,
  pipelineList,
} from '../../src/views/list.ts';
import { unknownView, viewForm, viewList, viewNames, whichView } from '../../src/views/preset.ts';
import { lead, NOW, offeredLead, opportunity, person, referral } from '../pipeline/samples.ts';

/** Somebody else owns the deals. */
const PRIYA = person('ACE manager', { id: 'p-priya', email: 'priya@partner.example', firstName: 'Priya' });
const reader = { actor: PRIYA, now: NOW };
const line = (deal: Line['deal'], more: Partial<Line> = {}): Line => ({ deal, version: 3, ...more });
const lines = (...all: Line[]): Lines => ({ lines: all, total: all.length, capped: false });
const firstPage = { ...reader, page: 1, pageSize: 20 };
const OTHER_VIEWS = { verb: 'list', label: 'Other views…', input: { view: 'choose' }, opens: 'form' };

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
      {
        ...lines(line(opportunity({ reviewStatus: 'Action Required', reviewComments: 'Clarify\nrevenue' }))),
        total: 7,
      },
    ],
    ['pending', { lines: [line(referral())], total: 100, capped: true }],
    [
      'rejected',
      lines(
        line(opportunity({ reviewStatus: 'Rejected', reviewComments: 'No clear ask' }), {
          statusSince: new Date('2025-11-14T10:00:00Z'),
        }),
      ),
    ],
    [
      'in-review',
      lines(
        line(opportunity({ reviewStatus: 'In review' }), { statusSince: new Date('2025-11-05T10:00:00Z') }),
      ),
    ],
    ['flagged', { lines: [line(opportunity({ stage: 'Launched' }))], total: 7, capped: false }],
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
      'In review over 10 business days: the sales guide’s figure, not AWS’s promise',
      'Rejected in the last 14 days: AWS’s reason, if it gave one',
      'Waiting for AWS: asked, not yet confirmed; nothing to do',
      'Flagged: by you, for follow-up',
    ]);
  });

  test('says in each line what is at stake and offers the one thing to do', () => {
    expect(
      list.sections.flatMap(({ items }) => items.map(({ detail, button }) => [detail, button?.label])),
    ).toEqual([
      ['2 business days left · USD 12,500 / month to AWS · AWS referral', 'Accept'],
      ['AWS: “Clarify revenue” · Ana Silva', 'Repair…'],
      ['closes Mon 24 Nov, in 3 days · Qualified · Ana Silva', 'Next step…'],
      ['closes Fri 21 Nov, today · Qualified · Ana Silva', 'Next step…'],
      ['close date Fri 14 Nov is 7 days past · Qualified · Ana Silva', 'Next step…'],
      ['no update for 16 days · Qualified · Ana Silva', 'Next step…'],
      ['waits for AWS for 12 business days · Qualified · Ana Silva', 'Show'],
      ['AWS: “No clear ask” · rejected Fri 14 Nov · Ana Silva', 'Show'],
      ['Partner referral · Qualified · approved · Ana Silva', 'Show'],
      ['Launched · approved · close date Fri 16 Jan 2026 · EUR 900.50 / month to AWS · Ana Silva', 'Show'],
    ]);
  });

  test('says “at least” where the last update lies before our journal, and nothing where none is known', () => {
    const partnerUpdatedAt = new Date('2025-11-05T00:00:00Z');
    const detail = (more: Partial<Line>) =>
      deskList(new Map([['stale', lines(line(lead(), more))]]), reader).sections[0]?.items[0]?.detail;
    expect(detail({ partnerUpdatedAt, beforeJournal: true })).toBe(
      'no update for at least 16 days · lead, Research · no owner',
    );
    expect(detail({ partnerUpdatedAt })).toBe('no update for 16 days · lead, Research · no owner');
    expect(detail({})).toBe('lead, Research · no owner');
  });

  test('that a Partner Solutions Finder lead waits is one line, without customer and number', () => {
    const told = deskList(new Map(), { ...reader, actor: person('ACE manager'), finderWaits: true });
    expect([told.sections, told.footer]).toEqual([
      [],
      'A lead from your listing in AWS’s Partner Solutions Finder waits. Only the alliance lead can see and accept it.',
    ]);
    expect(deskList(new Map(), { ...reader, finderWaits: false })).not.toHaveProperty('footer');
  });

  test('counts honestly and leads to the rest', () => {
    expect(list.sections[0]).toMatchObject({
      total: 100,
      capped: true,
      more: { verb: 'list', input: { view: 'pending' } },
    });
    expect(list.sections[1]?.more).toEqual({
      verb: 'list',
      label: 'All action required',
      input: { view: 'action required' },
    });
    expect(list.sections[2]).not.toHaveProperty('more');
    expect(list.sections.at(-1)?.more).toMatchObject({ input: { view: 'flagged-opportunities' } });
  });

  test('empty sections are left out; an empty desk says so', () => {
    const empty = deskList(new Map([['stale', lines()]]), reader);
    expect([empty.sections, empty.empty]).toEqual([[], 'Nothing needs you right now.']);
  });
});

describe('pending acceptance', () => {
  test.each([
    ['2025-11-26T08:00:00Z', '1 h left'],
    ['2025-11-26T10:00:00Z', 'AWS’s 5 business days are over; expires in 7 days'],
    ['2025-12-04T10:00:00Z', 'AWS’s 5 business days are over, so is the invitation'],
  ])('at %s the line says %j', (now, words) => {
    const list = pendingList(lines(line(referral())), { ...firstPage, now: new Date(now) });
    expect(list.sections[0]?.items[0]?.detail.split(' · ')[0]).toBe(words);
  });

  test('a partner’s invitation counts to its expiry; a lead is a lead', () => {
    const partner = referral({ sender: { account: '123456789012', company: 'Northwind' } });
    const list = pendingList(lines(line(partner), line(offeredLead())), firstPage);
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
  expect(pendingList(lines(), { ...firstPage, actor: person(role) }).empty).toBe(empty);
});

describe('what AWS sent back', () => {
  const asked = opportunity({ reviewStatus: 'Action Required', reviewComments: 'Clarify revenue' });

  test('each line has AWS’s remark and leads to repairing it; a page leads to the next, by button and by word', () => {
    const list = askedList({ lines: [line(asked)], total: 21, capped: false }, firstPage);
    expect([list.title, list.footer]).toEqual(['Action required', '“list action required page 2” goes on.']);
    expect(list.sections[0]).toMatchObject({
      title: 'AWS asked for a change and waits for it',
      items: [{ detail: 'AWS: “Clarify revenue” · Ana Silva', button: { label: 'Repair…' } }],
      total: 21,
    });
    expect(list.buttons).toEqual([
      { verb: 'list', label: 'Next page', input: { view: 'action required', page: '2' } },
      OTHER_VIEWS,
    ]);
  });

  test.each([
    ['ACE user', 1, 'AWS asks for no change to anything that you may see.'],
    ['ACE manager', 1, 'AWS asks for no change to anything.'],
    ['ACE user', 2, 'There are no more.'],
  ] as const)('empty, it tells an %s on page %d no more than they may know', (role, page, empty) => {
    expect(askedList(lines(), { ...firstPage, page, actor: person(role) }).empty).toBe(empty);
  });
});

test('what goes on is said as it is understood: “list pending page 2”', () => {
  const many = { lines: [line(referral())], total: 21, capped: false };
  expect(pendingList(many, firstPage).footer).toBe('“list pending page 2” goes on.');
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
    expect(list.buttons).toEqual([OTHER_VIEWS]);
  });

  test('whose it is stands in no line of their own, whichever of their addresses AWS has', () => {
    const detailFor = (actor: typeof PRIYA) =>
      pipelineList(lines(line(opportunity())), { ...firstPage, actor }).sections[0]?.items[0]?.detail;
    const own = 'Qualified · approved · closes Fri 16 Jan 2026';
    expect(detailFor(person('ACE user'))).toBe(own);
    expect(detailFor({ ...PRIYA, otherEmails: ['ana@partner.example'] })).toBe(own);
    expect(detailFor(PRIYA)).toBe(`${own} · Ana Silva`);
  });

  test('a page leads to its neighbours and no further', () => {
    const page = (number: number, total: number, capped = false) =>
      pipelineList(
        { lines: [line(opportunity()), line(lead())], total, capped },
        { ...reader, page: number, pageSize: 2 },
      );
    expect(page(1, 4).buttons).toEqual([
      { verb: 'list', label: 'Next page', input: { view: 'all', page: '2' } },
      OTHER_VIEWS,
    ]);
    const labels = (it: ReturnType<typeof page>) => it.buttons?.map(({ label }) => label);
    expect(labels(page(2, 4))).toEqual(['Previous page', 'Other views…']);
    expect(labels(page(70, 100, true))).toEqual(['Previous page', 'Next page', 'Other views…']);
    expect(page(2, 4).title).toBe('Pipeline, page 2');
    expect([page(1, 4).footer, page(2, 4).footer]).toEqual(['“list 2” goes on.', undefined]);
  });
});

describe('a preset view', () => {
  const named = (id: string): View => VIEWS.find((view) => view.id === id) ?? (VIEWS[0] as View);
  const shown = (id: string, ...all: Line[]) => viewList(named(id), lines(...all), firstPage);

  test('each line has what a list can say, and the first thing to do', () => {
    const items = [
      ...(shown('all-customer-engagements', line(opportunity()), line(referral())).sections[0]?.items ?? []),
      ...(shown('open-leads', line(lead())).sections[0]?.items ?? []),
      ...(shown('launched-opportunities', line(opportunity({ stage: 'Launched' }))).sections[0]?.items ?? []),
    ];
    expect(items.map(({ detail, button }) => [detail, button?.label])).toEqual([
      ['Qualified · approved · closes Fri 16 Jan 2026 · EUR 900.50 / month to AWS · Ana Silva', 'Next step…'],
      ['2 business days left · USD 12,500 / month to AWS · AWS referral', 'Accept'],
      ['AWS lead · Research · no owner', 'Update…'],
      ['Launched · approved · close date Fri 16 Jan 2026 · EUR 900.50 / month to AWS · Ana Silva', 'Show'],
    ]);
  });

  test('the views without update say for how long', () => {
    const quiet = line(opportunity(), { partnerUpdatedAt: new Date('2025-11-05T00:00:00Z') });
    expect(shown('opportunities-without-update', quiet).sections[0]?.items[0]?.detail).toBe(
      'no update for 16 days · Qualified · Ana Silva',
    );
  });

  test('says what it means, and how to go on', () => {
    const all = { lines: [line(opportunity())], total: 41, capped: false };
    const view = named('closing-this-month');
    const list = viewList(view, all, { ...reader, page: 2, pageSize: 20 });
    expect([list.title, list.footer]).toEqual([
      'Closing this month, page 2',
      'Opportunities you created that have a close date in this calendar month. “list closing this month page 3” goes on.',
    ]);
    expect(list.buttons).toEqual([
      { verb: 'list', label: 'Previous page', input: { view: view.id, page: '1' } },
      { verb: 'list', label: 'Next page', input: { view: view.id, page: '3' } },
      OTHER_VIEWS,
    ]);
    expect(shown('leads-shared-this-quarter').title).toBe('Leads: Shared by AWS this Quarter');
  });

  test.each([
    ['alliance lead', 'open-leads', 'Nothing stands here right now.'],
    ['ACE user', 'open-leads', 'Nothing stands here that you may see.'],
    ['alliance lead', 'partner-solution-finder-leads', 'Nothing stands here right now.'],
    [
      'ACE manager',
      'partner-solution-finder-leads',
      'Leads of AWS’s Partner Solutions Finder are for the alliance lead alone: AWS shows them to nobody else.',
    ],
  ] as const)('empty, it tells an %s of “%s” no more than they may know', (role, id, empty) => {
    expect(viewList(named(id), lines(), { ...firstPage, actor: person(role) }).empty).toBe(empty);
  });

  test('the choice and the names hold all 27, each leading to its view', () => {
    const [field] = viewForm().fields;
    const options = field?.kind === 'choice' ? field.options : [];
    expect(options.map(({ value }) => value)).toEqual(VIEWS.map(({ id }) => id));
    expect(new Set(options.map(({ label }) => label)).size).toBe(27);
    const items = viewNames().sections.flatMap((section) => section.items);
    expect(items.map(({ button }) => button?.input.view)).toEqual(VIEWS.map(({ id }) => id));
    expect(items.every(({ id }) => id === undefined)).toBe(true);
  });

  test('a name of two, and a name of none, come back with buttons to what was meant', () => {
    const two = [named('leads-shared-this-quarter'), named('opportunities-shared-this-quarter')];
    expect(whichView('shared by aws this quarter', two)).toMatchObject({
      tone: 'problem',
      text: 'Which “shared by aws this quarter” do you mean?',
      buttons: [
        { label: 'Leads', input: { view: two[0]?.id } },
        { label: 'Opportunities', input: { view: two[1]?.id } },
      ],
    });
    expect(unknownView('lauched', [named('launched-opportunities')])).toMatchObject({
      text: 'There is no view called “lauched”. “list views” shows all of them.',
      lines: ['Did you mean “Opportunities: Launched opportunities”?'],
      buttons: [{ input: { view: 'launched-opportunities' } }],
    });
  });
});
