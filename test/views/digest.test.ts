import { describe, expect, test } from '@jest/globals';
import type { Deal } from '../../src/pipeline/deal.ts';
import { DIGEST_SECTIONS, type DigestSection, isFirstOfWeek, weekOf } from '../../src/pipeline/digest.ts';
import { toMessage } from '../../src/slack/render.ts';
import { toCard } from '../../src/teams/render.ts';
import { digestList, emptyDigest, keptLines } from '../../src/views/digest.ts';
import type {
  Asked,
  DigestFound,
  DigestSchedule,
  KeptLine,
  Standing,
  Stood,
} from '../../src/views/digest-found.ts';
import { cutForRoom, roomDigest } from '../../src/views/digest-room.ts';
import { tickedDigest } from '../../src/views/digest-ticked.ts';
import type { Line, Lines } from '../../src/views/list.ts';
import type { List } from '../../src/views/view.ts';
import { lead, NOW, opportunity, person, referral } from '../pipeline/samples.ts';
import { change } from './samples.ts';

const ANA = person();
const TOM = person('ACE user', {
  id: 'p-tom',
  email: 'tom@partner.example',
  firstName: 'Tom',
  lastName: 'Keller',
});
const reader = { actor: ANA, now: NOW };
const line = (deal: Deal, more: Partial<Line> = {}): Line => ({ deal, version: 3, ...more });
const lines = (...all: Line[]): Lines => ({ lines: all, total: all.length, capped: false });
const NOBODY = { desks: [], reports: [] };
const NOTHING = { moved: [], lost: { deals: [], total: 0 }, stages: [], asked: new Map() };
const found = (sections: [DigestSection, Lines][], more: Partial<DigestFound> = {}): DigestFound => ({
  desks: [{ whose: ANA, sections: new Map(sections) }],
  reports: [],
  ...NOTHING,
  ...more,
});
const late = opportunity({ id: 'O1', closeDate: '2025-11-14' });
const COMES: DigestSchedule = { days: [1, 2, 3, 4, 5], hour: 9, timeZone: 'Europe/Berlin', isNew: false };

describe('a digest', () => {
  test('of nothing is none', () => {
    expect(digestList(found([]), reader)).toBeUndefined();
    expect(digestList(found([['stale', lines()]]), reader)).toBeUndefined();
  });

  test('what moved, and the picture, never come alone; what was lost does', () => {
    const moved = [
      { move: 'accepted' as const, total: 1, first: [{ deal: late, version: 1, by: 'Tom Keller' }] },
    ];
    const stages = [{ stage: 'Qualified' as const, count: 1, amounts: [] }];
    expect(digestList(found([], { moved, stages }), reader)).toBeUndefined();
    const lost = { deals: [{ deal: referral(), version: 1, offeredTo: [] }], total: 1 };
    expect(digestList(found([], { lost }), reader)?.sections).toHaveLength(1);
  });

  test('is in the order in which things are lost, one line and one button a deal', () => {
    const all = [...DIGEST_SECTIONS]
      .reverse()
      .map((id, nth): [DigestSection, Lines] => [
        id,
        lines(line(id === 'pending' ? referral() : opportunity({ id: `O${nth}` }))),
      ]);
    const list = digestList(found(all), reader);
    expect(list?.title).toBe('Your digest, Fri 21 Nov');
    expect(list?.sections.map(({ title }) => title.split(':')[0])).toEqual([
      'Pending acceptance',
      'Action required',
      'Launch pending',
      'Closing within 7 days',
      'Past close date',
      'No update for over 14 days',
      'In review over 10 business days',
      'Rejected in the last 14 days',
      'Waiting for AWS',
    ]);
    for (const { items } of list?.sections ?? [])
      expect(items).toEqual([expect.objectContaining({ id: expect.anything(), button: expect.anything() })]);
    expect(list?.buttons).toEqual([
      { verb: 'schedule', label: 'Schedule…', input: {}, opens: 'form' },
      { verb: 'schedule', label: 'Turn it off', input: { do: 'off' } },
      {
        verb: 'schedule',
        label: 'Leave out…',
        input: { do: 'sections', sections: DIGEST_SECTIONS.join(',') },
      },
      { verb: 'schedule', label: 'Pause…', input: { do: 'pause' }, opens: 'form' },
    ]);
  });

  test('says when it comes and how that is changed, also once it is ticked off; nothing where none comes by itself', () => {
    const stale: [DigestSection, Lines][] = [['stale', lines(line(late))]];
    const says = 'It comes Mon–Fri at 09:00 (Europe/Berlin). “schedule” changes it, “schedule off” ends it.';
    expect(digestList(found(stale, { schedule: COMES }), reader)?.footer).toBe(says);
    expect(digestList(found(stale), reader)).not.toHaveProperty('footer');
    const kept: KeptLine[] = [{ section: 'stale', dealId: 'O1' }];
    const stood: Standing = {
      lines: [{ is: 'stands', line: line(late) }],
      covered: [],
      reports: [],
      now: NOBODY,
      ...NOTHING,
    };
    expect(tickedDigest(kept, { ...stood, schedule: COMES }, reader).footer).toContain(says);
    expect(tickedDigest(kept, stood, reader).footer).not.toContain('It comes');
    const paused = { ...COMES, pausedUntil: '2025-11-24' };
    expect(digestList(found(stale, { schedule: paused }), reader)?.footer).toMatch(
      /^It is paused until Mon 24 Nov\. “schedule on” ends the pause, “schedule off” ends the digest\.$/,
    );
    const over = { ...COMES, pausedUntil: '2025-11-21' };
    expect(digestList(found(stale, { schedule: over }), reader)?.footer).toBe(says);
  });

  test('the very first says on top why it came; one that is asked for, and any later one, does not', () => {
    const stale: [DigestSection, Lines][] = [['stale', lines(line(late))]];
    const intro = (schedule: DigestSchedule | undefined, more: object = {}) =>
      digestList(found(stale, schedule ? { schedule } : {}), { ...reader, ...more })?.intro;
    expect(intro({ ...COMES, isNew: true })).toMatch(
      /^This is your first digest: it comes because you have used/,
    );
    expect(intro({ ...COMES, isNew: true, firstDay: '2025-11-21' })).toMatch(/first digest/);
    expect(intro({ ...COMES, isNew: true, firstDay: '2025-11-20' })).toBeUndefined();
    expect(intro({ ...COMES, isNew: false })).toBeUndefined();
    expect(intro({ ...COMES, isNew: true }, { isAsked: true })).toBeUndefined();
    expect(intro(undefined)).toBeUndefined();
    // Drawn anew on a later day it is the first one still.
    const stood: Standing = { lines: [], covered: [], reports: [], now: NOBODY, ...NOTHING };
    const drawn = (firstDay: string) =>
      tickedDigest(
        [],
        { ...stood, schedule: { ...COMES, isNew: true, firstDay } },
        { ...reader, day: '2025-11-20' },
      );
    expect(drawn('2025-11-20').intro).toMatch(/first digest/);
    expect(drawn('2025-11-19')).not.toHaveProperty('intro');
  });

  test.each([
    ['AWS’s, while it runs', {}, '2 business days left of AWS’s 5 business days'],
    [
      'the invitation’s, where it ends first',
      { expiresAt: '2025-11-21T17:00:00Z' },
      '5 h left of the invitation',
    ],
    [
      'the invitation’s, of another partner',
      { sender: { account: '123456789012', company: 'Northwind' }, expiresAt: '2025-11-25T12:00:00Z' },
      '4 days left of the invitation',
    ],
    [
      'both, once AWS’s is over',
      { invitedAt: '2025-11-10T09:00:00Z', expiresAt: '2025-11-24T12:00:00Z' },
      'AWS’s 5 business days are over; expires in 3 days',
    ],
    ['the invitation’s end', { expiresAt: '2025-11-21T07:00:00Z' }, 'the invitation is over for 5 h'],
  ])('of what is pending it names the clock that runs out: %s', (_, more, words) => {
    const list = digestList(found([['pending', lines(line(referral(more)))]]), reader);
    expect(list?.sections[0]?.items[0]?.detail).toBe(
      `${words} · USD 12,500 / month to AWS · ${'sender' in more ? 'Invitation from Northwind' : 'AWS referral'}`,
    );
    expect(list?.sections[0]?.items[0]?.button?.verb).toBe(words.includes('is over') ? 'show' : 'accept');
  });

  test('a committed deal is to be moved to its stage, and says it where only AWS’s record has launched it', () => {
    const launched = opportunity({
      stage: 'Committed',
      closeDate: '2025-11-14',
      aws: { stage: 'Launched', contacts: [] },
    });
    const [section] = digestList(found([['launch-pending', lines(line(launched))]]), reader)?.sections ?? [];
    expect(section?.items[0]).toMatchObject({
      detail: 'launched, by AWS’s record · close date Fri 14 Nov is 7 days past · Committed',
      button: { verb: 'change-stage', label: 'Change stage…' },
    });
  });

  test.each([...DIGEST_SECTIONS])('what does not fit of %s is counted, and a button lists it', (id) => {
    const many = { lines: [line(id === 'pending' ? referral() : late)], total: 13, capped: false };
    const [section] = digestList(found([[id, many]]), reader)?.sections ?? [];
    expect(section?.total).toBe(13);
    expect(section?.more?.verb).toBe(id === 'waiting' ? 'waiting' : 'list');
  });

  test('a desk that is covered stands under its owner’s name, after the reader’s own', () => {
    const desks = [
      { whose: ANA, sections: new Map<DigestSection, Lines>([['stale', lines(line(late))]]) },
      { whose: TOM, sections: new Map<DigestSection, Lines>([['pending', lines(line(referral()))]]) },
    ];
    const list = digestList(found([], { desks }), reader);
    expect(list?.sections.map(({ title }) => title)).toEqual([
      'No update for over 14 days: write what happens next',
      'Pending acceptance, for Tom Keller: accept in time, or AWS takes them away',
    ]);
    expect(keptLines(found([], { desks }))).toEqual([
      { section: 'stale', dealId: 'O1' },
      { section: 'pending', dealId: 'engi-abc1234567890', underId: 'p-tom' },
    ]);
  });

  test('of who reports to the reader: by owner, with one button that asks them, never about what is pending', () => {
    const of = (deal: Deal, section: DigestSection) => ({ ...line(deal), section });
    const reports = [
      { owner: TOM, lines: [of(referral(), 'pending'), of(late, 'past-close')], total: 7 },
      {
        owner: { ...ANA, id: 'p-li', firstName: 'Li' },
        lines: [of(opportunity({ id: 'O2' }), 'stale')],
        total: 1,
      },
    ];
    const list = digestList(found([], { reports }), reader);
    expect(list?.sections.map(({ title, total }) => [title, total])).toEqual([
      ['Tom Keller: what needs a word', 7],
      ['Li Silva: what needs a word', 1],
    ]);
    expect(list?.sections[0]?.items[1]?.detail).toMatch(/^close date Fri 14 Nov is 7 days past/);
    // The rest of Tom's, and of nobody else's.
    expect(list?.sections.map(({ more }) => more)).toEqual([
      { verb: 'digest', label: 'More of these', input: { of: 'p-tom' } },
      undefined,
    ]);
    expect(list?.buttons?.[0]).toEqual({
      verb: 'nudge',
      label: 'Nudge owners (2)',
      input: { deals: 'O1,O2' },
    });
    const crowd = Array.from({ length: 30 }, (_, nth) => of(opportunity({ id: `O${nth}` }), 'stale'));
    const [button] =
      digestList(found([], { reports: [{ owner: TOM, lines: crowd, total: 30 }] }), reader)?.buttons ?? [];
    expect(button?.input.deals?.split(',')).toHaveLength(20);
  });

  test('a deal whose owner was asked within a week is in no button, and its line says who asked and when', () => {
    const of = (id: string) => ({ ...line(opportunity({ id })), section: 'stale' as const });
    const ask = (byId: string, at: string, ownerId = 'p-tom'): Asked => ({
      ...{ ownerId, byId, byName: byId === ANA.id ? 'Ana Silva' : 'Mina Okafor' },
      at: new Date(at),
    });
    const asked = new Map([
      ['O1', ask(ANA.id, '2025-11-19T08:00:00Z')],
      ['O2', ask('p-mina', '2025-11-20T08:00:00Z')],
      ['O3', ask(ANA.id, '2025-11-21T08:00:00Z')],
      // It was another's then: Tom was not asked.
      ['O4', ask(ANA.id, '2025-11-20T08:00:00Z', 'p-li')],
    ]);
    const reports = [{ owner: TOM, lines: ['O1', 'O2', 'O3', 'O4', 'O5'].map(of), total: 5 }];
    const list = digestList(found([], { reports, asked }), reader);
    const ends = list?.sections[0]?.items.map(({ detail }) => detail.split(' · ').at(-1));
    expect(ends?.slice(0, 3)).toEqual(['asked 2 days ago', 'Mina Okafor asked yesterday', 'asked today']);
    for (const end of ends?.slice(3) ?? []) expect(end).not.toContain('asked');
    expect(list?.buttons?.[0]).toMatchObject({ label: 'Nudge owners (1)', input: { deals: 'O4,O5' } });
    const all = new Map(
      ['O1', 'O2', 'O3', 'O4', 'O5'].map((id) => [id, ask(ANA.id, '2025-11-19T08:00:00Z')]),
    );
    expect(digestList(found([], { reports, asked: all }), reader)?.buttons?.[0]?.verb).toBe('schedule');
    const kept = ['O1', 'O5'].map((dealId): KeptLine => ({ section: 'stale', dealId, underId: 'p-tom' }));
    const stood: Standing = {
      lines: ['O1', 'O5'].map((id): Stood => ({ is: 'stands', line: of(id) })),
      ...{ covered: [], reports: [TOM], now: NOBODY, ...NOTHING, asked },
    };
    const ticked = tickedDigest(kept, stood, reader);
    expect(ticked.sections[0]?.items[0]?.detail).toMatch(/ · asked 2 days ago$/);
    expect(ticked.buttons?.[0]).toMatchObject({ label: 'Nudge owners (1)', input: { deals: 'O5' } });
  });

  test('what can be left out is what stands there of the reader’s own, not of a desk they cover', () => {
    const desks = [
      { whose: ANA, sections: new Map<DigestSection, Lines>([['stale', lines(line(late))]]) },
      { whose: TOM, sections: new Map<DigestSection, Lines>([['pending', lines(line(referral()))]]) },
    ];
    const it = found([], { desks });
    const leaveOut = (list: List | undefined) =>
      list?.buttons?.find(({ label }) => label === 'Leave out…')?.input;
    const only = { do: 'sections', sections: 'stale' };
    expect(leaveOut(digestList(it, reader))).toEqual(only);
    const all: Stood[] = [late, referral()].map((deal) => ({ is: 'stands', line: line(deal) }));
    const standing: Standing = { lines: all, covered: [TOM], reports: [], now: NOBODY, ...NOTHING };
    expect(leaveOut(tickedDigest(keptLines(it), standing, reader))).toEqual(only);
    // Of who reports to the reader the reader decides; of who reports to Tom it is he.
    const under = (reportsTo: string) => ({ ...person('ACE user', { id: 'p-li' }), reportsTo });
    for (const [owner, sections] of [
      [under(ANA.id), 'closing'],
      [under(TOM.id), undefined],
    ] as const) {
      const theirs = { ...line(opportunity({ id: 'O2' })), section: 'closing' as const };
      const of = found([], { reports: [{ owner, lines: [theirs], total: 1 }] });
      const stood: Standing = { ...standing, lines: [{ is: 'stands', line: theirs }], reports: [owner] };
      expect(leaveOut(digestList(of, reader))?.sections).toBe(sections);
      expect(leaveOut(tickedDigest(keptLines(of), stood, reader))?.sections).toBe(sections);
    }
  });

  test('says what moved, by whom, and why something was lost', () => {
    const moved = [
      { move: 'accepted' as const, total: 1, first: [{ deal: late, version: 1, by: 'Tom Keller' }] },
      {
        move: 'stage' as const,
        total: 4,
        first: [{ deal: late, version: 1, by: 'Tom Keller', stage: 'Qualified' }],
      },
    ];
    const lost = {
      deals: [
        { deal: referral(), version: 1, offeredTo: ['Tom Keller', 'Li Silva', 'A', 'B'] },
        {
          deal: referral({ id: 'engi-2', company: 'Secret' }),
          version: 1,
          isGone: true as const,
          offeredTo: [],
        },
      ],
      total: 2,
    };
    const list = digestList(found([['stale', lines(line(late))]], { moved, lost }), reader);
    const [, movement, losses] = list?.sections ?? [];
    expect(movement?.title).toBe('Since the last digest: 1 accepted, 4 stage changes');
    expect(movement?.total).toBe(5);
    expect(movement?.items.map(({ detail }) => detail)).toEqual([
      'Tom Keller accepted it',
      'Tom Keller moved it to Qualified',
    ]);
    expect(losses?.items.map(({ title, detail }) => `${title}: ${detail}`)).toEqual([
      'Acme GmbH – Data lake on AWS: it was offered to Tom Keller, Li Silva, A, 1 more',
      'engi-2: it was offered to nobody',
    ]);
  });

  test('the picture has all its numbers in words; beside a bar stand its deals and its money, never added up', () => {
    const usd = { amount: '1200', currency: 'USD' };
    const stages = [
      { stage: 'Qualified' as const, count: 2, amounts: [usd] },
      { stage: 'Committed' as const, count: 1, amounts: [] },
    ];
    const one = digestList(found([['stale', lines(line(late))]], { stages }), reader)?.picture;
    expect(one?.bars.map(({ label, value, note }) => [label, value, note])).toEqual([
      ['Qualified', 2, '2 · USD 1,200'],
      ['Committed', 1, '1'],
    ]);
    expect(one?.alt).toBe(
      'Open pipeline, yours and your people’s: deals, and revenue a month to AWS: Qualified 2, USD 1,200; Committed 1.',
    );
    const mixed = [
      {
        ...stages[0],
        stage: 'Qualified' as const,
        count: 2,
        amounts: [usd, { amount: '5', currency: 'EUR' }, { amount: '7', currency: 'GBP' }],
      },
    ];
    const two = digestList(found([['stale', lines(line(late))]], { stages: mixed }), reader)?.picture;
    expect(two?.bars[0]?.note).toBe('2 · USD 1,200 + EUR 5');
    expect(two?.alt).toContain('Qualified 2, USD 1,200 + EUR 5 + GBP 7');
  });

  test('hostile names stay one line of plain text, and short', () => {
    const evil = `<!channel>\n*x*${'z'.repeat(400)}`;
    const desks = [
      { whose: ANA, sections: new Map<DigestSection, Lines>() },
      {
        whose: { ...TOM, firstName: evil },
        sections: new Map<DigestSection, Lines>([
          ['stale', lines(line(opportunity({ company: evil, title: evil })))],
        ]),
      },
    ];
    const moved = [
      { move: 'stage' as const, total: 1, first: [{ deal: late, version: 1, by: 'a\nb', stage: 'c\nd' }] },
    ];
    const list = digestList(found([], { desks, moved }), reader);
    for (const { title, items } of list?.sections ?? []) {
      for (const text of [title, ...items.flatMap((item) => [item.title, item.detail])]) {
        expect(text).not.toMatch(/[\n\r]/);
        expect([...text].length).toBeLessThan(200);
      }
    }
  });

  test('where there is none, what is left out of it and when the next comes are said', () => {
    expect(emptyDigest([], 'Mon 24 Nov 09:00')).toMatchObject({
      text: 'Nothing stands in your digest right now; “desk” shows all.',
      lines: ['Your next digest comes Mon 24 Nov 09:00, if there is something in it.'],
    });
    expect(emptyDigest(['stale', 'pending']).lines).toEqual([
      'Left out: Pending acceptance, No update for over 14 days.',
    ]);
    expect(emptyDigest([]).lines).toBeUndefined();
  });
});

describe('a digest that was sent', () => {
  const kept: KeptLine[] = [
    { section: 'pending', dealId: 'engi-abc1234567890' },
    { section: 'stale', dealId: 'O1' },
    { section: 'stale', dealId: 'O2' },
    { section: 'stale', dealId: 'O3', underId: 'p-tom' },
  ];
  const standing = (...all: Stood[]): Standing => ({
    ...{ lines: all, covered: [], reports: [TOM], now: NOBODY },
    ...NOTHING,
  });
  const stands = (deal: Deal): Stood => ({ is: 'stands', line: line(deal) });
  const accepted = change('confirmed', { kind: 'accept' });

  test('ticks off what somebody has seen to, and says who and how', () => {
    const given = change('confirmed', {
      kind: 'own',
      to: { email: 'li@x.example', firstName: 'Li', lastName: 'Wu' },
    });
    const list = tickedDigest(
      kept,
      standing(
        { is: 'done', line: line(referral({ status: 'ACCEPTED' })), change: accepted },
        { is: 'done', line: line(lead({ id: 'O1' })), change: given },
        { is: 'done', line: line(opportunity({ id: 'O2' })), laterAt: new Date('2025-11-25T08:00:00Z') },
        stands(opportunity({ id: 'O3' })),
      ),
      reader,
    );
    expect(list.title).toBe('Your digest, Fri 21 Nov: 3 of 4 done');
    const items = list.sections.flatMap((it) => it.items);
    expect(items.map(({ done }) => done ?? false)).toEqual([true, true, true, false]);
    expect(items.slice(0, 3).map(({ detail }) => detail)).toEqual([
      'Ana Silva accepted it',
      'Ana Silva gave it to Li Wu',
      'you look at it again Tue 25 Nov 09:00',
    ]);
    expect(list.sections.map(({ title, total }) => [title, total])).toEqual([
      ['Pending acceptance: accept in time, or AWS takes them away', 1],
      ['No update for over 14 days: write what happens next', 2],
      ['Tom Keller: what needs a word', 1],
    ]);
    expect(list.buttons?.[0]).toMatchObject({ verb: 'nudge', input: { deals: 'O3' } });
  });

  test('where nobody of us did it, how it stands now; what needs something else says that', () => {
    const asked = opportunity({ id: 'O1', reviewStatus: 'Action Required', reviewComments: 'Clarify' });
    const list = tickedDigest(
      kept.slice(0, 2),
      standing(
        { is: 'done', line: line(referral({ status: 'EXPIRED' })) },
        { is: 'moved', section: 'action-required', line: line(asked) },
      ),
      reader,
    );
    const [first, second] = list.sections.flatMap((it) => it.items);
    expect(first).toMatchObject({
      done: true,
      detail: 'now AWS referral · lost: it expired before it was accepted',
    });
    expect(second).toMatchObject({ detail: 'Action required · AWS: “Clarify”', button: { verb: 'repair' } });
    expect(second?.done).toBeUndefined();
  });

  test('names nothing that the reader may not see any more', () => {
    const list = tickedDigest(kept.slice(0, 2), standing({ is: 'hidden' }, stands(late)), reader);
    expect(list.footer).toContain('One line is no longer yours to see.');
    expect(list.title).toBe('Your digest, Fri 21 Nov');
    const none = tickedDigest(kept, standing(...kept.map((): Stood => ({ is: 'hidden' }))), reader);
    expect(none.sections).toEqual([]);
    expect(none.footer).toContain('4 lines are no longer yours to see.');
    const gone = tickedDigest(
      kept.slice(0, 1),
      standing({ is: 'done', isGone: true, line: line(referral()) }),
      reader,
    );
    expect(JSON.stringify(gone)).not.toContain('Acme');
    expect(gone.sections[0]?.items[0]).toMatchObject({
      done: true,
      title: 'engi-abc1234567890',
      detail: 'AWS no longer gives it to us',
    });
  });

  test('what it does not show is counted as it is by now, with the button that lists it', () => {
    const many = (total: number): Lines => ({ lines: [line(late)], total, capped: false });
    const now = {
      desks: [{ whose: ANA, sections: new Map<DigestSection, Lines>([['stale', many(12)]]) }],
      reports: [{ owner: TOM, lines: [], total: 4 }],
    };
    const all = [
      { is: 'done' as const, line: line(referral({ status: 'ACCEPTED' })), change: accepted },
      stands(opportunity({ id: 'O1' })),
      { is: 'moved' as const, section: 'past-close' as const, line: line(opportunity({ id: 'O2' })) },
      stands(opportunity({ id: 'O3' })),
    ];
    const list = tickedDigest(kept, { ...standing(...all), now }, reader);
    expect(
      list.sections.map(({ title, items, total, more }) => [
        title.split(':')[0],
        items.length,
        total,
        more?.label,
      ]),
    ).toEqual([
      ['Pending acceptance', 1, 1, undefined],
      // Eleven more are stale: what moved is none of them.
      ['No update for over 14 days', 2, 13, 'All without update'],
      ['Tom Keller', 1, 4, 'More of these'],
    ]);
    expect(list.sections[2]?.title).toBe('Tom Keller: what needs a word');
  });

  test('a deal that stands where it stood, and counts elsewhere by now, is counted once', () => {
    const two: KeptLine[] = [
      { section: 'launch-pending', dealId: 'O3' },
      { section: 'past-close', dealId: 'O4' },
    ];
    const [one, other] = ['O3', 'O4'].map((id) => line(opportunity({ id })));
    if (!one || !other) throw new Error('There are two.');
    const all: Stood[] = [
      { is: 'stands', line: one },
      { is: 'stands', line: other, first: 'launch-pending' },
    ];
    const both = { lines: [one, other], total: 2, capped: false };
    const now = {
      desks: [{ whose: ANA, sections: new Map<DigestSection, Lines>([['launch-pending', both]]) }],
      reports: [],
    };
    const list = tickedDigest(two, { ...standing(...all), now }, reader);
    expect(list.sections.map(({ total, more }) => [total, more])).toEqual([
      [1, undefined],
      [1, undefined],
    ]);
  });

  test('of one colleague’s deals the heading counts what is still open, once, on both platforms', () => {
    const two: KeptLine[] = ['O3', 'O4'].map((dealId) => ({ section: 'stale', dealId, underId: 'p-tom' }));
    const all: Stood[] = [
      { is: 'done', line: line(opportunity({ id: 'O3' })) },
      stands(opportunity({ id: 'O4' })),
    ];
    const now = { desks: [], reports: [{ owner: TOM, lines: [], total: 3 }] };
    const list = tickedDigest(two, { ...standing(...all), now }, reader);
    expect(list.sections[0]).toMatchObject({ total: 4, open: 3 });
    const heading = 'Tom Keller: what needs a word (3)';
    for (const drawn of [toMessage(list, 'key'), toCard(list, { in: 'message' }, 'key')]) {
      expect(JSON.stringify(drawn)).toContain(heading);
      expect(JSON.stringify(drawn)).toContain('and 2 more');
    }
  });

  test('of a section, too, once one of its deals is seen to', () => {
    const two: KeptLine[] = ['O3', 'O4'].map((dealId) => ({ section: 'stale', dealId }));
    const all: Stood[] = [
      { is: 'done', line: line(opportunity({ id: 'O3' })) },
      stands(opportunity({ id: 'O4' })),
    ];
    const stale = { lines: [line(late)], total: 3, capped: false };
    const now = {
      desks: [{ whose: ANA, sections: new Map<DigestSection, Lines>([['stale', stale]]) }],
      reports: [],
    };
    const list = tickedDigest(two, { ...standing(...all), now }, reader);
    expect(list.sections[0]).toMatchObject({ total: 4, open: 3 });
    for (const drawn of [toMessage(list, 'key'), toCard(list, { in: 'message' }, 'key')])
      expect(JSON.stringify(drawn)).toContain('write what happens next (3)');
  });

  test('what still stands looks as it did when it was sent', () => {
    const it = found([
      ['pending', lines(line(referral()))],
      ['stale', lines(line(late))],
    ]);
    const again = tickedDigest(
      keptLines(it),
      { ...standing(stands(referral()), stands(late)), reports: [] },
      reader,
    );
    expect(again.sections).toEqual(digestList(it, reader)?.sections);
    expect(again.title).toBe(digestList(it, reader)?.title);
  });
});

describe('a digest in a channel', () => {
  const room = { by: 'Ana Silva', actor: ANA, now: NOW, isOpened: false, mayAllSee: () => true };
  const secret = opportunity({ id: 'O9', company: 'Secret Service Ltd', nationalSecurity: true });
  const finder = lead({ id: 'eng-psf', company: 'Finder AG', source: 'AWS Partner Solutions Finder' });
  const all = found([
    ['pending', lines(line(referral()))],
    ['stale', lines(line(late), line(secret), line(finder))],
    [
      'action-required',
      lines(line(opportunity({ id: 'O4', reviewComments: 'Remark', reviewStatus: 'Action Required' }))),
    ],
  ]);

  test('says who set it up and what it shows; company and stage, no more', () => {
    const list = roomDigest(all, room);
    expect(list?.footer).toBe(
      'Set up by Ana Silva. It shows what everybody who reads here may see, and of each section the first few.',
    );
    expect(
      list?.sections.flatMap((it) => it.items.map(({ title, detail }) => [it.title, title, detail])),
    ).toEqual([
      ['Pending acceptance', 'Acme GmbH', 'AWS referral · pending acceptance'],
      ['Action required', 'Gamma SA', 'Qualified'],
      ['No update for over 14 days', 'Gamma SA', 'Qualified'],
      ['For those who may see them', 'O9', ''],
    ]);
    for (const item of list?.sections.flatMap((it) => it.items) ?? [])
      expect(item.button).toMatchObject({ verb: 'show', label: 'Open privately' });
  });

  test.each([false, true])(
    'never contacts, next steps, AWS’s remark or a finder lead (opened: %s)',
    (isOpened) => {
      const text = JSON.stringify(roomDigest(all, { ...room, isOpened }));
      for (const word of [
        'Remark',
        'Call the CTO',
        'Dora',
        'Rita',
        'Finder',
        'eng-psf',
        'Secret Service',
        'Data lake',
      ])
        expect(text).not.toContain(word);
      expect(text.includes('USD 12,500')).toBe(isOpened);
      expect(text.includes('closes Fri 14 Nov')).toBe(isOpened);
    },
  );

  test('what one reader may not see is an id, and its section is not said', () => {
    const list = roomDigest(all, { ...room, mayAllSee: ({ id }) => id !== 'O1' });
    expect(list?.sections.map(({ title }) => title)).toEqual([
      'Pending acceptance',
      'Action required',
      'For those who may see them',
    ]);
    expect(list?.sections.at(-1)?.items.map(({ title }) => title)).toEqual(['O1', 'O9']);
  });

  test('has the first few that all may see, though others come before them, and counts the rest of those', () => {
    const hidden = Array.from({ length: 6 }, (_, nth) => line(opportunity({ id: `OH${nth}` })));
    const open = Array.from({ length: 8 }, (_, nth) => line(opportunity({ id: `OS${nth}` })));
    const before = { ...room, mayAllSee: ({ id }: Deal) => id.startsWith('OS') };
    const drawn = (section: Lines) =>
      roomDigest(cutForRoom(found([['stale', section]]), before), before)?.sections;
    expect(drawn(lines(...hidden, ...open))).toMatchObject([
      { items: [0, 1, 2, 3, 4].map((nth) => ({ id: `OS${nth}` })), total: 8 },
      { items: [0, 1, 2, 3, 4].map((nth) => ({ id: `OH${nth}` })), total: 5, capped: true },
    ]);
    expect(drawn(lines(...hidden, ...open))?.[0]).not.toHaveProperty('capped');
    expect(drawn({ ...lines(...hidden, ...open), total: 20 })?.[0]).toMatchObject({ total: 8, capped: true });
    expect(drawn({ ...lines(...hidden, ...open.slice(0, 2)), total: 20 })?.[0]).not.toHaveProperty('capped');
  });

  test('has the first few ids of all sections together, and leads to one’s own digest for the rest', () => {
    const shut = (many: number, name: string) =>
      lines(...Array.from({ length: many }, (_, nth) => line(opportunity({ id: `${name}${nth}` }))));
    const before = { ...room, mayAllSee: () => false };
    const closed = (...of: Parameters<typeof found>[0]) => roomDigest(found(of), before)?.sections.at(-1);
    const all = closed(['stale', shut(4, 'OA')], ['closing', shut(3, 'OB')]);
    expect(all?.items.map(({ id }) => id)).toEqual(['OB0', 'OB1', 'OB2', 'OA0', 'OA1']);
    expect(all).toMatchObject({ total: 7, more: { verb: 'digest', label: 'Your own digest' } });
    expect(all).not.toHaveProperty('capped');
    expect(closed(['stale', shut(2, 'OA')])).not.toHaveProperty('more');
  });

  test('of nothing is none, and a finder lead alone is nothing', () => {
    expect(roomDigest(found([]), room)).toBeUndefined();
    expect(roomDigest(found([['stale', lines(line(finder))]]), room)).toBeUndefined();
  });
});

describe('weeks', () => {
  test.each([
    ['2025-11-17', '2025-11-17'],
    ['2025-11-21', '2025-11-17'],
    ['2025-11-23', '2025-11-17'],
    ['2025-11-24', '2025-11-24'],
    ['2023-01-01', '2022-12-26'],
  ])('%s is in the week of %s', (day, monday) => {
    expect(weekOf(day)).toBe(monday);
  });

  test('the first digest of a week is told by the days they are for', () => {
    expect(isFirstOfWeek('2025-11-24', '2025-11-23')).toBe(true);
    expect(isFirstOfWeek('2025-11-25', '2025-11-24')).toBe(false);
    expect(isFirstOfWeek('2025-11-24')).toBe(true);
  });
});
