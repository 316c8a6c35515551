import { describe, expect, test } from '@jest/globals';
import { toText } from '../../src/console/render.ts';
import { cells, wrap } from '../../src/console/width.ts';
import { type Form, type List, note, problem, type Reply } from '../../src/views/view.ts';
import { card } from './scripted-desk.ts';

const look = { width: 80, colour: false };
const ESC = '\u001b';

const list: List = {
  kind: 'list',
  title: 'Pending acceptance',
  sections: [
    {
      title: 'From AWS',
      total: 12,
      capped: true,
      items: [
        {
          id: 'engi-1',
          title: 'Acme Robotics',
          detail: '2 business days left',
          button: { verb: 'accept', label: 'Accept', input: { id: 'engi-1' } },
        },
        { id: 'engi-2', title: 'Globex', detail: '5 h left' },
      ],
      more: { verb: 'list', label: 'All pending', input: { view: 'pending' } },
    },
    {
      title: 'From partners',
      total: 1,
      items: [{ id: 'engi-3', title: 'Initech', detail: 'expires Fri 28 Nov' }],
    },
  ],
  empty: 'Nothing is pending.',
  footer: 'Synchronised 2 min ago',
  buttons: [{ verb: 'desk', label: 'Desk', input: {} }],
};

const picture = {
  title: 'Open pipeline',
  bars: [
    { label: 'Prospect', value: 3, note: '3 · USD 42,000 / month to AWS' },
    { label: 'Technical Validation', value: 1, note: '1' },
    { label: 'Committed', value: 0, note: '0' },
  ],
  alt: 'Prospect 3; Technical Validation 1; Committed 0.',
};

const form: Form = {
  kind: 'form',
  verb: 'next-step',
  title: 'Next step',
  submit: 'Send',
  intro: ['AWS reads this.'],
  input: { id: 'O1' },
  fields: [
    { id: 'text', kind: 'text', label: 'Next step', maxLength: 255, value: 'call' },
    {
      id: 'which',
      kind: 'choice',
      label: 'Which',
      optional: true,
      options: [{ value: 'a', label: 'Alpha' }],
    },
  ],
  errors: { text: 'Too short.' },
};

const full = card('Acme Robotics', {
  subtitle: 'AWS referral · pending acceptance',
  facts: [
    { label: 'AWS asks within', value: '2 business days left' },
    {
      label: 'Customer',
      value: 'https://acme-robotics.example/a/very/long/path/that/never/ends/really?utm=1',
    },
  ],
  body: 'They want to move 400 machines\nand a lake of data.',
  status: 'Accepting… (Ana Silva)',
  progress: 'working',
  buttons: [
    { verb: 'accept', label: 'Accept', input: { id: 'engi-1' } },
    { verb: 'next-step', label: 'Next step', input: { id: 'engi-1' }, opens: 'form' },
  ],
  more: [{ verb: 'history', label: 'History', input: { id: 'engi-1' } }],
});

describe('a reply as text', () => {
  test('a card says all it has, and numbers its buttons', () => {
    expect(toText(full, look)).toBe(
      [
        'Acme Robotics',
        'AWS referral · pending acceptance',
        'AWS asks within  2 business days left',
        'Customer         https://acme-robotics.example/a/very/long/path/that/never/ends/',
        '                 really?utm=1',
        '',
        'They want to move 400 machines',
        'and a lake of data.',
        '',
        'Accepting… (Ana Silva)',
        '',
        '[1] Accept  [2] Next step…  [3] History',
      ].join('\n'),
    );
  });

  test('a list numbers its lines across sections, then its buttons', () => {
    expect(toText(list, look)).toBe(
      [
        'Pending acceptance',
        '',
        'From AWS (2 of 12+)',
        '1. Acme Robotics — 2 business days left  [1] Accept',
        '2. Globex — 5 h left',
        '',
        'From partners (1)',
        '3. Initech — expires Fri 28 Nov',
        '',
        'Synchronised 2 min ago',
        '',
        '[4] All pending  [5] Desk',
      ].join('\n'),
    );
  });

  test('lines of a long list are set in alike, whether their number has one digit or two', () => {
    const items = Array.from({ length: 10 }, (_, at) => ({
      id: `O${at}`,
      title: 'A deal with a long name',
      detail: 'closes soon',
    }));
    const rows = toText(
      { ...list, sections: [{ title: 'All', total: 10, items }] },
      { width: 30, colour: false },
    ).split('\n');
    expect(rows.slice(3, 5)).toEqual([' 1. A deal with a long name —', '    closes soon']);
    expect(rows.slice(21, 23)).toEqual(['10. A deal with a long name —', '    closes soon']);
  });

  test('a line that is seen to is ticked off: it keeps its number, and offers nothing to press', () => {
    const [first] = list.sections;
    const items = (first?.items ?? []).map((it) => ({
      ...it,
      done: true as const,
      detail: 'Ana accepted it',
    }));
    const digest: List = { ...list, sections: [{ title: 'Stale', items, total: 2 }], buttons: [] };
    expect(toText(digest, look).split('\n').slice(3, 5)).toEqual([
      '1. [done] Acme Robotics — Ana accepted it',
      '2. [done] Globex — Ana accepted it',
    ]);
  });

  test('what is said first stands under the title', () => {
    const lines = toText({ ...list, intro: 'This is your first digest.' }, look).split('\n');
    expect(lines.slice(0, 2)).toEqual([list.title, 'This is your first digest.']);
  });

  test('a picture is bars beside their numbers; where it is narrow the bars stand below', () => {
    const digest: List = { ...list, picture, sections: [], footer: '', buttons: [] };
    expect(toText(digest, look).split('\n').slice(1, 7)).toEqual([
      'Nothing is pending.',
      '',
      'Open pipeline',
      'Prospect              ████████████████████████  3 · USD 42,000 / month to AWS',
      'Technical Validation  ████████                  1',
      'Committed                                       0',
    ]);
    expect(
      toText(digest, { ...look, width: 40 })
        .split('\n')
        .slice(3, 9),
    ).toEqual([
      'Open pipeline',
      'Prospect: 3 · USD 42,000 / month to AWS',
      '  ████████████████████████',
      'Technical Validation: 1',
      '  ████████',
      'Committed: 0',
    ]);
  });

  test('an empty list says so', () => {
    expect(toText({ ...list, sections: [] }, look)).toContain('Nothing is pending.');
  });

  test('a form shows what it asks, what is there and what is wrong', () => {
    const text = toText(form, look);
    for (const part of [
      'AWS reads this.',
      'Now: call',
      'At most 255',
      'Too short.',
      '[1] Alpha',
      '(may stay empty: “none”)',
    ])
      expect(text).toContain(part);
  });

  test('where nothing can be pressed nothing is numbered but the lines', () => {
    const text = toText(list, { ...look, numbered: false });
    expect(text).not.toMatch(/\[\d\]/);
    expect(text).toContain('3. Initech');
    expect(toText(full, { ...look, numbered: false })).not.toMatch(/\[\d\]/);
  });

  test('colour is there only where it was asked for, and the text is the same without it', () => {
    for (const reply of [full, list, form, problem('No.', ['Why'])]) {
      const coloured = toText(reply, { ...look, colour: true });
      expect(coloured).toContain(ESC);
      expect(coloured.replaceAll(new RegExp(`${ESC}\\[\\d+m`, 'g'), '')).toBe(toText(reply, look));
    }
  });
});

describe('width', () => {
  const wide = card('株式会社アクメ・ロボティクス', {
    body: '日本語の長い文章はどこで折り返してもよいのですが、幅は二桁です。 🎉🎉🎉 ok',
    facts: [{ label: '名前', value: '山田太郎 👩‍👩‍👧‍👦 café' }],
  });

  test.each([40, 57, 80])('no line is wider than %d columns', (width) => {
    for (const reply of [
      full,
      list,
      { ...list, picture },
      {
        ...list,
        picture: { ...picture, bars: [{ label: '日本'.repeat(60), value: 1, note: 'x'.repeat(99) }] },
      },
      form,
      wide,
      note('word '.repeat(60), ['x'.repeat(300)]),
    ] satisfies Reply[])
      for (const line of toText(reply, { width, colour: false }).split('\n'))
        expect(cells(line)).toBeLessThanOrEqual(width);
  });

  test.each([
    ['abc', 3],
    ['日本', 4],
    ['🎉', 2],
    ['👩‍👩‍👧‍👦', 2],
    ['🇩🇪', 2],
    ['❤️', 2],
    ['café', 4],
    ['cafe\u0301', 4],
    ['한국', 4],
    ['ｆｕｌｌ', 8],
    ['…–“”·', 5],
    ['', 0],
  ])('%j takes %d columns', (text, columns) => {
    expect(cells(text)).toBe(columns);
  });

  test('nothing is lost by wrapping, and set-in lines stay set in', () => {
    const text = '    one two three four five six seven eight';
    const lines = wrap(text, 20);
    expect(lines.every((line) => line.startsWith('    ') && cells(line) <= 20)).toBe(true);
    expect(lines.join(' ').split(/\s+/)).toEqual(text.split(/\s+/));
  });
});

describe('hostile text', () => {
  const evil = `Evil${ESC}[2J${ESC}]0;owned\u0007\u009b31m\u202egnp.exe\r\nfake\u0000\u2066x`;
  const button = { verb: 'show', label: evil, input: { id: evil } } as const;
  const replies: Reply[] = [
    card(evil, {
      subtitle: evil,
      body: evil,
      status: evil,
      facts: [{ label: evil, value: evil }],
      buttons: [button],
      more: [button],
    }),
    {
      ...list,
      title: evil,
      footer: evil,
      intro: evil,
      sections: [
        {
          title: evil,
          total: 1,
          items: [{ id: '1', title: evil, detail: evil, button: { ...button, verb: 'accept' } }],
          more: button,
        },
      ],
    },
    { ...list, sections: [], empty: evil },
    { ...list, picture: { title: evil, bars: [{ label: evil, value: 1, note: evil }], alt: evil } },
    { ...note(evil, [evil]), buttons: [button] },
    {
      ...form,
      title: evil,
      intro: [evil],
      errors: { text: evil },
      fields: [
        { id: 'text', kind: 'text', label: evil, hint: evil, value: evil, maxLength: 9 },
        { id: 'c', kind: 'choice', label: evil, value: evil, options: [{ value: evil, label: evil }] },
      ],
    },
  ];

  test('never becomes a terminal sequence, a control character or a turned-around line', () => {
    for (const reply of replies)
      expect(toText(reply, look)).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u);
  });

  test('cannot pretend to be another line where one line is shown', () => {
    const [first] = toText(card('Acme\n[1] Accept'), look).split('\n');
    expect(first).toBe('Acme [1] Accept');
  });
});
