import { describe, expect, test } from '@jest/globals';
import type { Change, Transition } from '../../src/pipeline/change.ts';
import { length } from '../../src/pipeline/text.ts';
import { historyNote, receipt, type Told, waitingList } from '../../src/views/history.ts';
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

  test('says when there is none', () => {
    expect(historyNote([], reader).text).toBe('Nothing has been asked of AWS from here yet.');
  });
});

describe('what waits', () => {
  const BOB = { id: 'p-bob', name: 'Bob Lee' };
  const list = waitingList(
    [
      told(change('waiting', STEP, { waitsFor: 'locked' })),
      told(change('waiting', STEP, { waitsFor: 'answer', person: BOB })),
      told(change('requested', { kind: 'accept' })),
      told(change('requested', OWNER)),
    ],
    reader,
  );

  test('says what, who, since when and why', () => {
    expect(list.sections[0]?.items.map(({ title, detail }) => `${title} | ${detail}`)).toEqual([
      'Gamma SA: next step “Demo with the CFO” (was “Call the CTO”) | you, since 12:59: it is reviewing this deal',
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
  ])('%s', (_, changes, tone, texts) => {
    const note = receipt(changes, NOW);
    expect([note.tone, [note.text, ...(note.lines ?? [])]]).toEqual([tone, texts]);
  });
});
