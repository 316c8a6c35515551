/** What can happen, at random: people at the desk, AWS's side, other tools, faults. Plain data, so that a run can be told. */
import fc from 'fast-check';

export type Step =
  /** `deal` and `who` are taken modulo what there is. `twice`: pressed twice at once. */
  | { kind: 'act'; who: number; deal: number; verb: string; input: Record<string, string>; twice: boolean }
  | { kind: 'aws'; deal: number; what: AwsMove }
  | { kind: 'fault'; what: Fault }
  /** Everything clears up and comes to rest. */
  | { kind: 'calm' };

const AWS_MOVES = [
  'referral',
  'lead',
  'review',
  'approve',
  'reject',
  'ask',
  'expire',
  'edit',
  'close date',
  'moved stage',
  'stage',
] as const;
export type AwsMove = (typeof AWS_MOVES)[number];
const FAULTS = ['throttle', 'drop', 'failing', 'unreachable', 'up', 'fail accept', 'slow', 'quick'] as const;
export type Fault = (typeof FAULTS)[number];

/** Told apart from every other text of a run: `#` becomes the number of the step. */
const words = fc.constantFrom(
  'demo #',
  'Angebot für # 🎉',
  'call <!channel> about #',
  'اتصال #',
  'e\u0301tude # & more',
);
const day = fc.constantFrom(
  ...['2030-01-31', '2031-02-28', '2029-12-31', '2030-06-15', '2030-06-16', '2030-06-17'],
  ...['2020-01-01', '2030-02-31'],
);
const somebody = fc.constantFrom(
  'Priya Raman',
  'tom.keller@partner.example',
  'Lucía',
  'Mina Okafor',
  'nobody',
);
const maybe = (key: string, value: fc.Arbitrary<string>) =>
  fc.option(value, { nil: undefined }).map((it) => (it === undefined ? {} : { [key]: it }));
const input = (...parts: fc.Arbitrary<object>[]): fc.Arbitrary<Record<string, string>> =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all) as Record<string, string>);
const sure = maybe('sure', fc.constant('yes'));

const future = fc.constantFrom('2030-01-31', '2031-02-28', '2030-06-15');
const stage = (...names: string[]) => fc.record({ stage: fc.constantFrom(...names) });
const some = (key: string, ...values: string[]) => maybe(key, fc.constantFrom(...values));

/** Most as AWS wants it, some with what does not belong there. */
const MOVES = fc.oneof(
  {
    weight: 5,
    arbitrary: input(
      stage('Prospect', 'Qualified', 'Technical Validation', 'Business Validation', 'Committed'),
      maybe('nextStep', words),
      fc.oneof(fc.constant({}), fc.record({ closeDate: future })),
      fc.oneof(fc.constant({}), fc.record({ solution: fc.constant('S-0001234') })),
    ),
  },
  {
    weight: 2,
    arbitrary: input(
      stage('Closed Lost'),
      fc.record({ closedLostReason: fc.constantFrom('Price', 'Other', 'Partner Gap') }),
      fc.record({ closeDate: future }),
      maybe('nextStep', words),
      sure,
    ),
  },
  {
    weight: 2,
    arbitrary: input(
      stage('Launched'),
      fc.record({
        awsAccountId: fc.constant('123456789012'),
        billing: fc.constant('yes'),
        closeDate: future,
      }),
      some('solution', 'S-0001234'),
      sure,
    ),
  },
  {
    weight: 1,
    arbitrary: input(
      stage('Committed', 'Launched', 'Closed Lost', 'Won'),
      maybe('closeDate', day),
      some('closedLostReason', 'Other', 'Nonsense'),
      some('awsAccountId', '12'),
      some('solution', 'S-9999999'),
      sure,
    ),
  },
);

/** Each verb with its inputs; how often it comes. */
const DEEDS: [weight: number, verb: string, input: fc.Arbitrary<Record<string, string>>][] = [
  [
    10,
    'next-step',
    input(fc.record({ text: words }), maybe('closeDate', day), maybe('queue', fc.constantFrom('yes', 'no'))),
  ],
  [8, 'change-stage', MOVES],
  [6, 'accept', input(maybe('person', somebody))],
  [
    4,
    'offer',
    input(
      fc.record({ people: fc.constantFrom('Priya Raman', 'Tom Keller, Lucía Ferro', 'Mina Okafor', '') }),
    ),
  ],
  [
    4,
    'reject',
    input(fc.record({ reason: fc.constantFrom('Other', 'Unable to support', 'x'.repeat(81)) }), sure),
  ],
  [6, 'transfer', input(fc.record({ person: somebody }), maybe('contact', fc.constant('yes')))],
  [
    4,
    'repair',
    input(
      maybe('closeDate', day),
      maybe('website', fc.constantFrom('https://fixed-#.example', 'x')),
      maybe('do', fc.constant('submit')),
    ),
  ],
  [
    4,
    'update-lead',
    input(
      fc.record({ status: fc.constantFrom('Open', 'Research', 'Qualified', 'Disqualified', 'Lost') }),
      maybe('happened', words),
      sure,
    ),
  ],
  [2, 'flag', fc.constant({})],
  [2, 'unflag', fc.constant({})],
  [3, 'waiting', input(fc.record({ do: fc.constantFrom('cancel', 'keep', 'mine') }))],
  [4, 'show', fc.constant({})],
  [2, 'history', fc.constant({})],
  [2, 'desk', fc.constant({})],
  [
    2,
    'list',
    input(
      maybe(
        'view',
        fc.constantFrom('closing this month', 'flagged opportunities', 'leads pending acceptance'),
      ),
    ),
  ],
  [
    2,
    'find',
    input(fc.record({ words: fc.constantFrom('Water', 'Polstar', 'O7000001', 'gmbh', 'Tamarind') })),
  ],
];

/** Bad weather does not last, or nothing would reach AWS. */
const faults = fc.constantFrom(...FAULTS, 'drop', ...Array<Fault>(5).fill('up'));

const act = fc.oneof(
  ...DEEDS.map(([weight, verb, given]) => ({
    weight,
    arbitrary: fc.record({
      kind: fc.constant('act' as const),
      who: fc.nat(1000),
      deal: fc.nat(100_000),
      verb: fc.constant(verb),
      input: given,
      twice: fc.integer({ min: 0, max: 9 }).map((it) => it === 0),
    }),
  })),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 80, arbitrary: act },
  {
    weight: 14,
    arbitrary: fc.record({
      kind: fc.constant('aws' as const),
      deal: fc.nat(100_000),
      what: fc.constantFrom(...AWS_MOVES),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('fault' as const), what: faults }),
  },
);

/** So many steps; the same seed gives the same ones. After every `rest` steps all comes to rest. */
export const steps = (seed: number, many: number, rest = 100): Step[] =>
  fc
    .sample(step, { seed, numRuns: many })
    .flatMap((it, nth): Step[] => ((nth + 1) % rest === 0 ? [it, { kind: 'calm' }] : [it]));
