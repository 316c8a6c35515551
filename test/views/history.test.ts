import { describe, expect, test } from '@jest/globals';
import type { Change, Transition, Wish } from '../../src/pipeline/change.ts';
import { length } from '../../src/pipeline/text.ts';
import { conflictButtons, doing, outcome, progressOf } from '../../src/views/change.ts';
import { historyNote, receipt, type Told, waitingList } from '../../src/views/history.ts';
import { wishInFull, wishInWords } from '../../src/views/wish.ts';
import { NOW, opportunity, person } from '../pipeline/samples.ts';
import { change, OWNER, STEP } from './samples.ts';

const reader = { actor: person(), now: NOW };
const told = (it: Change, steps: Partial<Transition>[] = []): Told => ({
  change: it,
  company: 'Gamma SA',
  transitions: steps.map((step) => ({
    changeId: it.id,
    state: 'requested',
    at: '2025-11-21T12:00:00Z',
    ...step,
  })),
});

describe('the history', () => {
  const steps: Partial<Transition>[] = [
    { state: 'requested' },
    { state: 'sending' },
    { state: 'waiting', answer: 'AWS is reviewing it' },
    { state: 'confirmed', at: '2025-11-21T12:00:05Z', awsRequestId: 'req-1' },
  ];

  test('says who did what, when in the reader’s zone, from where, and what AWS answered', () => {
    expect(historyNote([told(change('confirmed'), steps)], { ...reader, deal: opportunity() })).toEqual({
      kind: 'note',
      tone: 'info',
      text: 'What was asked of AWS for Gamma SA – SAP to AWS, newest first',
      lines: [
        '12:59 · Ana Silva asked for next step “Demo with the CFO” (was “Call the CTO”) (Slack)',
        '    13:00 · waiting: AWS is reviewing it',
        '    13:00 · AWS confirmed (AWS request req-1)',
      ],
    });
  });

  test('of many deals it names the customer in each line', () => {
    const { lines } = historyNote(
      [told(change('refused'), [{ state: 'refused', answer: 'Locked' }])],
      reader,
    );
    expect(lines).toEqual([
      '12:59 · Gamma SA: Ana Silva asked for next step “Demo with the CFO” (was “Call the CTO”) (Slack)',
      '    13:00 · AWS refused: Locked',
    ]);
  });

  test('shows a close date old and new', () => {
    const wish = {
      kind: 'update',
      base: { closeDate: '2025-11-14' },
      set: { closeDate: '2025-12-05' },
    } as const;
    expect(historyNote([told(change('confirmed', wish))], reader).lines?.[0]).toContain(
      'close date Fri 14 Nov → Fri 5 Dec',
    );
  });

  test('says who took it back or rewrote it', () => {
    const steps: Partial<Transition>[] = [
      { state: 'waiting', by: 'Jonas Weber', answer: 'rewritten: Demo' },
      { state: 'cancelled', by: 'Mina Okafor' },
    ];
    expect(historyNote([told(change('cancelled'), steps)], reader).lines?.slice(1)).toEqual([
      '    13:00 · Jonas Weber: rewritten: Demo',
      '    13:00 · Mina Okafor: taken back',
    ]);
  });

  test('what was rewritten before it went out is told as well', () => {
    const steps: Partial<Transition>[] = [
      { state: 'requested', by: 'Ana Silva' },
      { state: 'requested', by: 'Ana Silva', answer: 'rewritten: Demo' },
      { state: 'sending', answer: 'AWS is still working on it.' },
    ];
    expect(historyNote([told(change('sending'), steps)], reader).lines?.slice(1)).toEqual([
      '    13:00 · Ana Silva: rewritten: Demo',
    ]);
  });

  test('what was queued from the start is told without a name twice', () => {
    const steps: Partial<Transition>[] = [{ state: 'waiting', by: 'Ana Silva' }];
    expect(historyNote([told(change('waiting'), steps)], reader).lines?.slice(1)).toEqual([
      '    13:00 · queued',
    ]);
  });

  test('what the desk settled itself is one line, and AWS is not in it', () => {
    const offer: Wish = { kind: 'offer', to: [{ id: 'p-bob', name: 'Bob Lee' }] };
    const entry = told(change('confirmed', offer), [{ state: 'confirmed', by: 'Ana Silva' }]);
    expect(historyNote([entry], reader).lines).toEqual([
      '12:59 · Gamma SA: Ana Silva offered it to Bob Lee (Slack)',
    ]);
  });

  test('what AWS was never asked was not refused by AWS', () => {
    const steps: Partial<Transition>[] = [{ state: 'refused', answer: 'The deal is no longer yours.' }];
    const lines = historyNote([told(change('refused', STEP, { notSent: true }), steps)], reader).lines;
    expect(lines?.[1]).toBe('    13:00 · not done: The deal is no longer yours.');
    const half: Partial<Transition>[] = [{ state: 'cancelled', answer: 'Its first half did not succeed.' }];
    expect(historyNote([told(change('cancelled', OWNER, { notSent: true }), half)], reader).lines?.[1]).toBe(
      '    13:00 · not done: Its first half did not succeed.',
    );
  });

  test('says when there is none', () => {
    expect(historyNote([], reader).text).toBe('Nothing has been asked of AWS from here yet.');
    const { text } = historyNote([], { ...reader, deal: opportunity() });
    expect(text).toBe('Nothing has been asked of AWS from here for Gamma SA – SAP to AWS yet.');
  });
});

test('to whoever sees only their own deals it does not say that nobody ever asked anything', () => {
  const user = person('ACE user');
  expect(historyNote([], { ...reader, actor: user }).text).toBe('Nothing stands here that you may see.');
});

describe('what waits', () => {
  const BOB = { id: 'p-bob', name: 'Bob Lee' };
  const list = waitingList(
    [
      told(change('waiting', STEP, { waitsFor: 'locked' })),
      told(change('waiting', STEP, { waitsFor: 'answer', person: BOB })),
      told(change('requested', { kind: 'accept' })),
      told(change('requested', OWNER, { after: '00000000-0000-4000-8000-000000000009' })),
    ],
    reader,
  );

  test('says what, who, since when and why', () => {
    expect(list.sections[0]?.items.map(({ title, detail }) => `${title} | ${detail}`)).toEqual([
      'Gamma SA: next step “Demo with the CFO” (was “Call the CTO”) | you, since 12:59: AWS is reviewing this deal',
      'Gamma SA: next step “Demo with the CFO” (was “Call the CTO”) | Bob Lee, since 12:59: it was sent and the answer was lost; I am finding out',
      'Gamma SA: acceptance | you, since 12:59: on its way',
      'Gamma SA: change of owner to Ana Silva | you, since 12:59: on its way',
    ]);
  });

  test('only what AWS cannot have seen is edited or taken back, and the button names its line', () => {
    expect(list.sections[0]?.items.map(({ button }) => button?.label)).toEqual([
      'Edit…',
      'Show',
      'Show',
      'Show',
    ]);
    expect(list.buttons?.map(({ label, input }) => [label, input.do])).toEqual([
      ['Take back 1', 'cancel'],
      ['Take back 3', 'cancel'],
    ]);
    expect(list.buttons?.[0]?.confirm?.text).toBe('AWS has not seen this next step yet and then never will.');
  });

  test('a long text stays one line', () => {
    const wish = {
      kind: 'update',
      base: { nextStep: 'y'.repeat(255) },
      set: { nextStep: '😀\n'.repeat(120) },
    } as const;
    const title = waitingList([told(change('requested', wish))], reader).sections[0]?.items[0]?.title ?? '';
    expect([length(title) <= 150, title.includes('\n')]).toEqual([true, false]);
  });

  test('what met somebody else’s change waits for the reader, with both values', () => {
    const met = told(change('conflict', STEP, { found: { nextStep: 'Theirs' } }));
    const section = waitingList([], reader, [met]).sections[0];
    expect(section?.title).toBe('Somebody else changed it: yours to decide');
    expect(section?.items).toMatchObject([
      {
        title: 'Gamma SA: next step “Demo with the CFO” (was “Call the CTO”)',
        detail:
          'Not done, your next step met somebody else’s change. Next step: AWS has now “Theirs”, you wanted “Demo with the CFO”',
        button: { verb: 'waiting', label: 'Keep theirs' },
      },
    ]);
  });

  test('all that can be decided stands there, with its number: as buttons, and as it is typed', () => {
    const met = told(change('conflict', STEP, { found: { nextStep: 'Theirs' } }));
    const list = waitingList([told(change('requested', STEP))], reader, [met]);
    expect(list.buttons?.map(({ label, input }) => [label, input.do])).toEqual([
      ['Put mine 2', 'mine'],
      ['Edit 2…', 'edit'],
      ['Take back 1', 'cancel'],
    ]);
    expect(list.footer).toBe(
      '“waiting keep 2” leaves what AWS has, “waiting mine 2” puts yours, “waiting edit 2: …” sends other words.',
    );
    const wish = { kind: 'update', base: { stage: 'Prospect' }, set: { stage: 'Qualified' } } as const;
    const stage = told(change('conflict', wish, { found: { stage: 'Committed' } }));
    expect(waitingList([], reader, [stage]).footer).toBe(
      '“waiting keep 1” leaves what AWS has, “waiting mine 1” puts yours.',
    );
  });

  test('nothing is said to wait when nothing does', () => {
    expect(waitingList([], reader)).toMatchObject({ sections: [], empty: 'Nothing waits for AWS.' });
  });
});

describe('the receipt', () => {
  const accept = { kind: 'accept' } as const;
  test.each<[string, Change[], string, string[]]>([
    [
      'on its way',
      [change('sending', accept, { company: 'Gamma SA' }), change('requested', OWNER)],
      'info',
      ['Accepting… (Gamma SA)', 'Making Ana Silva the owner…'],
    ],
    [
      'its first half confirmed',
      [change('confirmed', accept), change('sending', OWNER)],
      'info',
      [
        'Making Ana Silva the owner…',
        'AWS confirmed the acceptance',
        '“show O1234567” shows where it goes on.',
      ],
    ],
    ['confirmed', [change('confirmed')], 'done', ['AWS confirmed the next step: “Demo with the CFO”']],
    [
      'half done',
      [change('confirmed', accept), change('refused', OWNER, { answer: 'No such user' })],
      'problem',
      [
        'AWS confirmed the acceptance',
        'AWS refused the change of owner to Ana Silva: No such user',
        '“show O1234567” shows where it goes on.',
      ],
    ],
    ['taken back', [change('cancelled')], 'problem', ['Taken back: the next step']],
    [
      'done by the desk',
      [change('confirmed', { kind: 'offer', to: [{ id: 'p-bob', name: 'Bob Lee' }] })],
      'done',
      ['Ana Silva offered it to Bob Lee'],
    ],
    [
      'refused: the words come back',
      [change('refused', STEP, { answer: 'Too long' })],
      'problem',
      ['AWS refused the next step: Too long. It said: “Demo with the CFO”'],
    ],
    [
      'refused by the desk',
      [change('refused', STEP, { answer: 'It is no longer yours.', notSent: true })],
      'problem',
      ['Not done, the next step: It is no longer yours. It said: “Demo with the CFO”'],
    ],
    [
      'a second half that went with the first',
      [
        change(
          'refused',
          { kind: 'associate', solution: { id: 'S-1', name: 'Data lake' } },
          { answer: 'No' },
        ),
        change('cancelled', STEP, { answer: 'Its first half did not succeed.' }),
      ],
      'problem',
      [
        'AWS refused the solution “Data lake”: No',
        'Not done, the next step: Its first half did not succeed. It said: “Demo with the CFO”',
      ],
    ],
  ])('%s', (_, changes, tone, texts) => {
    const note = receipt(changes, NOW);
    expect([note.tone, [note.text, ...(note.lines ?? [])]]).toEqual([tone, texts]);
  });

  test('what met somebody else’s change shows both values and can be decided at once, by whoever asked', () => {
    const { tone, text, lines, buttons } = receipt([change('conflict', STEP, { found: {} })], NOW);
    expect([tone, text, ...(lines ?? [])]).toEqual([
      'problem',
      'Not done, the next step met somebody else’s change. Next step: AWS has now nothing, you wanted “Demo with the CFO”',
      '“waiting” holds it until you decide: keep theirs, put mine, or edit.',
    ]);
    expect(buttons?.map(({ label }) => label)).toEqual(['Keep theirs', 'Put mine', 'Edit…']);
  });
});

describe('the words of a wish', () => {
  const ANA = { email: 'ana@partner.example', firstName: 'Ana', lastName: 'Silva' };
  const BOB = { id: 'p-bob', name: 'Bob Lee' };
  const was = { email: 'bob@partner.example', name: 'Bob Lee' };
  const lead: Wish = {
    kind: 'update-lead',
    base: { status: 'Open' },
    set: { status: 'Research' },
    interaction: { customerAction: 'Called\nthe CTO', at: '2025-11-21T11:00:00Z' },
  };
  const many: Wish = {
    kind: 'update',
    base: { country: 'DE', spendAmount: '900.50' },
    set: {
      website: 'https://gamma.example',
      country: 'FR',
      spendAmount: '12500.00',
      businessProblem: 'x'.repeat(2000),
    },
  };
  const stage: Wish = {
    kind: 'update',
    base: { stage: 'Committed', nextStep: 'Sign' },
    set: { nextStep: 'Signed', stage: 'Launched', awsAccountId: '123456789012', closeDate: '2026-01-05' },
  };

  test.each<[Wish, string, string]>([
    [{ kind: 'accept' }, 'acceptance', 'acceptance'],
    [{ kind: 'accept', for: ANA }, 'acceptance for Ana Silva', 'acceptance for Ana Silva'],
    [{ kind: 'reject', reason: 'Duplicate' }, 'rejection', 'rejection, reason “Duplicate”'],
    [OWNER, 'change of owner to Ana Silva', 'change of owner to Ana Silva'],
    [
      { kind: 'assign', to: ANA, was },
      'change of owner to Ana Silva',
      'change of owner to Ana Silva (was Bob Lee)',
    ],
    [
      { kind: 'assign', to: ANA, as: 'sales contact' },
      'change of AWS Partner sales contact to Ana Silva',
      'change of AWS Partner sales contact to Ana Silva',
    ],
    [
      { kind: 'associate', solution: { id: 'S-1', name: 'Data\u202e lake' } },
      'solution “Data lake”',
      'solution “Data lake”',
    ],
    [
      { kind: 'submit', involvement: 'Co-Sell', visibility: 'Full' },
      'submission',
      'submission to AWS (co-sell, full visibility)',
    ],
    [
      lead,
      'lead status and note on what happened',
      'lead status Open → Research, note on what happened “Called the CTO”',
    ],
    [
      { kind: 'own', to: ANA, was },
      'change of owner to Ana Silva',
      'change of owner to Ana Silva (was Bob Lee)',
    ],
    [{ kind: 'offer', to: [BOB, BOB] }, 'offer to Bob Lee and Bob Lee', 'offer to Bob Lee and Bob Lee'],
    [{ kind: 'offer', to: [] }, 'withdrawal of the offer', 'withdrawal of the offer'],
    [
      stage,
      'stage, next step and 2 more fields',
      'stage Committed → Launched, next step “Signed” (was “Sign”), close date Mon 5 Jan 2026, AWS account ID ending in 9012',
    ],
    [
      many,
      'website, country and 2 more fields',
      `website “https://gamma.example”, country DE → FR, business problem “${'x'.repeat(254)}…”, AWS monthly recurring revenue 900.5 → 12,500`,
    ],
  ])('%j', (wish, short, full) => {
    expect([wishInWords(wish), wishInFull(wish, '2025-11-21')]).toEqual([short, full]);
  });

  test.each<[Wish, string]>([
    [{ kind: 'reject', reason: 'Other' }, 'Rejecting…'],
    [{ kind: 'accept', for: ANA }, 'Accepting for Ana Silva…'],
    [{ kind: 'assign', to: ANA, as: 'sales contact' }, 'Making Ana Silva the AWS Partner sales contact…'],
    [{ kind: 'submit', involvement: 'Co-Sell', visibility: 'Full' }, 'Submitting it to AWS…'],
    [lead, 'Sending the lead status and note on what happened to AWS…'],
  ])('while it is on its way: %j', (wish, words) => {
    expect(doing(change('sending', wish), NOW)).toBe(words);
  });

  test.each<[Wish, string, string]>([
    [{ kind: 'offer', to: [BOB] }, 'You offered it to Bob Lee', 'Ana Silva offered it to Bob Lee'],
    [{ kind: 'offer', to: [] }, 'You withdrew the offer', 'Ana Silva withdrew the offer'],
    [
      { kind: 'own', to: ANA, was },
      'You made Ana Silva the owner (was Bob Lee)',
      'Ana Silva made Ana Silva the owner (was Bob Lee)',
    ],
  ])('done by the desk, AWS confirmed nothing: %j', (wish, mine, theirs) => {
    const it = change('confirmed', wish);
    expect([outcome(it, '2025-11-21', 'your'), outcome(it, '2025-11-21', 'Ana Silva’s')]).toEqual([
      mine,
      theirs,
    ]);
  });
});

describe('a conflict', () => {
  const met = (more: Partial<Change> = {}) =>
    change('conflict', STEP, { found: { nextStep: 'Theirs' }, ...more });
  const labels = (changes: Change[], actor = person()) =>
    conflictButtons(changes, actor).map(({ label }) => label);
  const ALL = ['Keep theirs', 'Put mine', 'Edit…'];
  const other = person('ACE user', { id: 'p-tom' });

  test('is decided by whoever asked, or sees everything, and by nobody else', () => {
    expect(labels([met()], person('ACE user'))).toEqual(ALL);
    expect(labels([met()], person('ACE manager', { id: 'p-mina' }))).toEqual(ALL);
    expect(labels([met()], other)).toEqual([]);
  });

  test.each<[string, Change, string[]]>([
    ['something newer was confirmed for the same field', change('confirmed'), []],
    ['something newer is on its way for it', change('waiting'), []],
    ['something newer met a conflict too: that one is decided', met({ id: 'newer' }), ALL],
    ['something newer was in vain', change('refused'), ALL],
    ['something newer was taken back', change('cancelled'), ALL],
    [
      'another field was changed since',
      change('confirmed', { kind: 'update', base: {}, set: { stage: 'Qualified' } }),
      ALL,
    ],
  ])('when %s', (_, newer, expected) => {
    expect(labels([newer, met()])).toEqual(expected);
  });

  test('nothing to edit where there was no text, and nothing to decide where it is not known what AWS has', () => {
    const wish: Wish = { kind: 'update', base: { stage: 'Prospect' }, set: { stage: 'Qualified' } };
    expect(labels([change('conflict', wish, { found: { stage: 'Committed' } })])).toEqual(ALL.slice(0, 2));
    expect(labels([change('conflict')])).toEqual([]);
  });

  test('stays on the card of whoever decides, beside later news of other fields', () => {
    const wish: Wish = { kind: 'update', base: {}, set: { closeDate: '2025-12-05' } };
    const { status, progress } = progressOf([change('confirmed', wish), met()], person(), NOW);
    expect([progress, status]).toEqual([
      'problem',
      'Not done, your next step met somebody else’s change. Next step: AWS has now “Theirs”, you wanted “Demo with the CFO”, 13:00 · AWS confirmed your close date, 13:00',
    ]);
    expect(progressOf([change('confirmed', wish), met()], other, NOW).status).toBe(
      'AWS confirmed Ana Silva’s close date, 13:00',
    );
  });

  test('shows every value that differs, days in words, long texts cut, and a lead’s status', () => {
    const wish: Wish = {
      kind: 'update',
      base: {},
      set: { stage: 'Launched', closeDate: '2025-11-28', nextStep: 'x'.repeat(255) },
    };
    const found = { stage: 'Qualified', closeDate: '2025-11-28' };
    expect(outcome(change('conflict', wish, { found }), '2025-11-21', 'Ana Silva’s')).toBe(
      `Not done, Ana Silva’s stage, next step and close date met somebody else’s change. Stage: AWS has now Qualified, Ana Silva wanted Launched. Next step: AWS has now nothing, Ana Silva wanted “${'x'.repeat(149)}…”`,
    );
    const lead: Wish = { kind: 'update-lead', base: { status: 'Open' }, set: { status: 'Qualified' } };
    expect(outcome(change('conflict', lead, { found: { status: 'Research' } }), '2025-11-21')).toBe(
      'Not done, the lead status met somebody else’s change. Lead status: AWS has now Research, you wanted Qualified',
    );
  });
});
