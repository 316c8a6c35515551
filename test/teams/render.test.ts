import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { oneLine } from '../../src/pipeline/text.ts';
import { fromData } from '../../src/teams/button.ts';
import { MAX } from '../../src/teams/limits.ts';
import { confirmCard, toCard, toSummary } from '../../src/teams/render.ts';
import { escaped, line, paragraphs } from '../../src/teams/text.ts';
import type { Button, List, Reply } from '../../src/views/view.ts';
import { markdownShown } from '../support/teams-markdown.ts';
import { list as asList, buttonsOf, parts, screenOf } from '../support/teams-screen.ts';
import {
  button,
  card,
  DIALOG,
  drawn,
  errorsOf,
  form,
  items,
  KEY,
  list,
  note,
  ROOM,
  text,
} from './samples.ts';

const JOINER = /\u2060/g;
const pressOf = (data: unknown) => {
  const carried = fromData(data);
  if (carried?.kind !== 'press') throw new Error('no press');
  return carried.press;
};
const titles = (it: unknown) => buttonsOf(it).map(({ title }) => title);

describe('hostile text', () => {
  const nasty = [
    '<at>Everyone</at> <AT id="0">x</at> </at>',
    '[aws.amazon.com](https://evil.example) ![x](https://evil.example/x.png)',
    '*bold* **bold** _it_ __it__ ~~st~~ `code` ```block``` > quote | a | b |',
    '- item', // a list
    '+ item',
    '1. item',
    '1986) item',
    '# heading',
    '> quote',
    '---',
    '===',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template, as somebody might write it
    '${title} ${$index} ${$root.secret}',
    '{{DATE(2026-01-01T00:00:00Z, SHORT)}}',
    '&lt;at&gt; &amp;amp; &#42; &nbsp;',
    '\\*escaped\\* \\\\ \\',
    '\u202Eevil\u202C \u2066x\u2069 \u200Bzero \u0007bell \u001b[31mred',
    '"}],"actions":[{"type":"Action.OpenUrl","url":"https://evil.example"}]',
    '<script>alert(1)</script><img src=x>',
    '\ud800 lone surrogate',
  ];
  const everywhere = (said: string): Reply[] => [
    card({
      title: said,
      subtitle: said,
      status: said,
      body: `${said}\n${said}`,
      facts: [{ label: said, value: said }],
      buttons: [button({ label: said, confirm: { title: said, text: said, yes: said, no: said } })],
      more: [button({ label: said })],
    }),
    list({
      title: said,
      sections: [
        {
          title: said,
          items: items(2, { title: said, detail: said }),
          total: 2,
          more: button({ label: said }),
        },
      ],
      footer: said,
      intro: said,
      buttons: [button({ label: said })],
    }),
    list({ picture: { title: said, bars: Array(2).fill({ label: said, value: 2, note: said }), alt: said } }),
    list({ sections: [], empty: said }),
    note({ text: said, lines: [said, said], links: [{ label: said, url: 'https://a.example' }] }),
    form({
      title: said,
      submit: said,
      intro: [said],
      fields: [
        text({ label: said, hint: said, value: said }),
        { id: 'c', kind: 'choice', label: said, options: [{ value: 'v', label: said }] },
      ],
      errors: { nextStep: said, unknown: said },
    }),
  ];

  test.each(nasty)('%j breaks nothing, anywhere', (said) => {
    for (const reply of everywhere(said)) expect(errorsOf(reply)).toEqual([]);
  });

  test.each(nasty)(
    '%j is read as it was written, without what turns a line around or rings a bell',
    (said) => {
      const forbidden = '[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069\ud800]';
      for (const reply of everywhere(said)) {
        const screen = screenOf(drawn(reply));
        expect(screen).not.toMatch(new RegExp(forbidden, 'u'));
        const shown = screen.replace(JOINER, '');
        // In a title and a fact Markdown is read, in text runs nothing is.
        expect(shown.split(oneLine(said)).length).toBeGreaterThan(1);
      }
    },
  );

  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(...'*_[]()<>/at&;#-+=1.)`~|\\ {}$!x\n'), maxLength: 40 }),
    fc.array(fc.constantFrom(...nasty), { maxLength: 3 }).map((it) => it.join(' ')),
  );

  test('whatever goes into Markdown, exactly that text is shown', () => {
    fc.assert(
      fc.property(anything, (said) => {
        const shown = markdownShown(escaped(line(said, 200)));
        expect(shown.replace(JOINER, '')).toBe(line(said, 200).replace(JOINER, ''));
      }),
      { numRuns: 3000 },
    );
  });

  test('nobody is mentioned, no template filled and no date drawn, whatever goes in', () => {
    fc.assert(
      fc.property(anything, (said) => {
        for (const it of [line(said, 200), ...paragraphs(said, 200), escaped(line(said, 200))])
          expect(it).not.toMatch(/<\/?at\b|\$\{|\{\{/i);
      }),
      { numRuns: 3000 },
    );
  });

  test('the reader of these tests knows markup when it sees it', () => {
    for (const it of ['*a*', '[a](b)', '- a', '2. a', '# a', '<b>', 'a `b`', '> a'])
      expect(() => markdownShown(it)).toThrow(/It would show/);
    expect(markdownShown('\\*a\\* &lt;b&gt; 1\\. – c-d (e)')).toBe('*a* <b> 1. – c-d (e)');
  });

  test('that is cut is not cut through a grapheme', () => {
    expect(line(`Family ${'👩‍👩‍👧‍👦'.repeat(9)}`, 20)).toBe('Family 👩‍👩‍👧‍👦…');
  });
});

describe('limits', () => {
  const extremes = ['x', '👩‍👩‍👧‍👦', 'م', '漢', '&', '*', '\\', '"', 'e\u0301\u0302\u0303', ' '];

  test.each(extremes)('the longest replies of %j stay within every one', (char) => {
    const said = char.repeat(5000);
    const buttons = Array.from({ length: 4 }, () => button({ label: said, style: 'primary' }));
    const confirm = { title: said, text: said, yes: said, no: said };
    const replies: Reply[] = [
      card({
        ...{ title: said, subtitle: said, status: said, body: said },
        buttons: buttons.map((it) => ({ ...it, confirm })),
        more: buttons,
        facts: Array(12).fill({ label: said, value: said }),
      }),
      list({
        sections: [
          {
            title: said,
            items: items(50, { title: said, detail: said }),
            total: 500,
            more: button({ label: said }),
          },
        ],
        ...{ footer: said, intro: said, title: said, buttons },
      }),
      list({ sections: Array(40).fill({ title: said, items: items(3), total: 3 }) }),
      list({
        sections: Array(40).fill({ title: said, items: items(3, { done: true }), total: 3 }),
        picture: { title: said, bars: Array(40).fill({ label: said, value: 2, note: said }), alt: said },
      }),
      list({ sections: [], empty: said }),
      note({ tone: 'problem', text: said, lines: Array(60).fill(said), buttons }),
      form({
        ...{ title: said, submit: said, intro: Array(3).fill(said) },
        fields: [text({ label: said, hint: said, value: said }), text({ id: 'b', maxLength: 9000 })],
        errors: { nextStep: said },
      }),
    ];
    for (const reply of replies) expect(errorsOf(reply)).toEqual([]);
  });

  test('a card too long for Teams is cut in its texts, and keeps its buttons and facts', () => {
    const facts = Array.from({ length: 10 }, (_, nth) => ({ label: `Fact ${nth}`, value: '漢'.repeat(499) }));
    const it = drawn(card({ facts, body: '漢'.repeat(2900) }));
    expect(titles(it)).toEqual(['Accept']);
    for (const { label } of facts) expect(screenOf(it)).toContain(label);
    expect(screenOf(drawn(card({ body: '漢'.repeat(2900) })))).toContain('漢'.repeat(2900));
  });

  test('a long list says how many it leaves out, and keeps its numbers', () => {
    const screen = screenOf(
      drawn(
        list({
          sections: [
            { title: 'Pending', items: items(60), total: 60 },
            { title: 'Stale', items: items(3), total: 3 },
          ],
        }),
      ),
    );
    const shown = [...screen.matchAll(/^(\d+)\. Customer/gm)].map((it) => Number(it[1]));
    expect(shown.length).toBeGreaterThan(10);
    expect(shown).toEqual(shown.map((_, index) => index + 1));
    expect(screen).toContain(`and ${60 - shown.length} more`);
    // What comes later loses its lines at most.
    expect(screen).toContain('Stale (3)');
    expect(screen).toContain('and 3 more');
    const small = screenOf(
      drawn(
        list({
          sections: [
            { title: 'A', items: items(2), total: 2 },
            { title: 'B', items: items(2), total: 9, capped: true },
          ],
        }),
      ),
    );
    expect(small).toContain('3. Customer 1');
    expect(small).toContain('and 7+ more');
  });

  test('of a full desk every section stays with its number and the way to all of it', () => {
    const NAMES = [
      'Pending',
      'Action required',
      'Stale',
      'In review',
      'Launched',
      'Leads',
      'Offers',
      'Flagged',
    ];
    const long = { title: '漢'.repeat(150), detail: '漢'.repeat(250) };
    const it = list({
      sections: NAMES.map((title, nth) => ({
        ...{ title, items: items(5, { ...long, button: button() }), total: 40 + nth, capped: nth === 2 },
        more: button({ label: `All ${nth}`, input: { view: title } }),
      })),
    });
    expect(errorsOf(it)).toEqual([]);
    const screen = screenOf(drawn(it));
    NAMES.forEach((title, nth) => {
      expect(screen).toContain(`${title} (${40 + nth}${nth === 2 ? '+' : ''})`);
      expect(titles(drawn(it))).toContain(`All ${nth}`);
    });
    expect(screen.match(/^and \d+\+? more$/gm)).toHaveLength(NAMES.length);
    expect(screen.match(/^\d+\. /gm)?.length).toBeGreaterThan(3);
  });

  describe('of a digest', () => {
    const digest = list({
      sections: [
        {
          title: 'Stale',
          items: [
            {
              id: 'O1',
              title: 'Acme',
              detail: 'Ana Silva wrote the next step',
              button: button(),
              done: true,
            },
            { id: 'O2', title: 'Globex', detail: 'no update', button: button({ label: 'Next step' }) },
          ],
          total: 2,
        },
      ],
      picture: {
        title: 'Open pipeline',
        bars: [
          { label: 'Prospect', value: 3, note: '3 · USD 42,000 / month to AWS' },
          { label: 'Committed', value: Number.NaN, note: '0' },
        ],
        alt: 'x',
      },
    });

    test('a line that is seen to is ticked off in a word: it keeps its number and loses its button', () => {
      const screen = screenOf(drawn(digest));
      expect(screen).toContain('1. ✓ Done: Acme');
      expect(screen).toContain('Ana Silva wrote the next step');
      expect(screen).toContain('2. Globex');
      expect(titles(drawn(digest))).toEqual(['Next step']);
      expect(toSummary(digest)).toContain('✓ Done: Acme');
    });

    test('why it came stands first, and each of its buttons knows that nothing takes the place of what lasts', () => {
      const why = 'This is your first digest.';
      const it = { ...digest, intro: why, buttons: [button({ label: 'All' })] };
      expect(screenOf(drawn(it)).split('\n').slice(0, 2)).toEqual([digest.title, why]);
      expect(toSummary(it)).toContain(why);
      const places = (list: List) => buttonsOf(drawn(list)).map(({ data }) => pressOf(data).o);
      expect(places({ ...it, lasting: true })).toEqual(['lasting', 'lasting']);
      expect(places(it)).toEqual(['list', 'list']);
    });

    test('a picture is a chart of Teams, and a table where there is none', () => {
      const chart = asList(drawn(digest).body)
        .flatMap(({ items }) => asList(items))
        .find(({ type }) => type === 'Chart.HorizontalBar');
      expect(chart).toMatchObject({
        data: [
          { x: 'Prospect: 3 · USD 42,000 / month to AWS', y: 3 },
          { x: 'Committed: 0', y: 0 },
        ],
        fallback: {
          type: 'FactSet',
          facts: [
            { title: 'Prospect', value: '3 · USD 42,000 / month to AWS' },
            { title: 'Committed', value: '0' },
          ],
        },
      });
      expect(screenOf(drawn(digest))).toContain('Prospect 3 · USD 42,000 / month to AWS\nCommitted 0');
      expect(errorsOf(digest)).toEqual([]);
    });

    test('without bars there is no picture', () => {
      const it = drawn({ ...digest, picture: { title: 'Open pipeline', bars: [], alt: 'x' } });
      expect(screenOf(it)).not.toContain('Open pipeline');
    });
  });

  test('a note folds the lines for which there is no room', () => {
    const lines = Array.from({ length: 200 }, (_, nth) => `Line ${nth} ${'x'.repeat(200)}`);
    const screen = screenOf(drawn(note({ lines })));
    const shown = screen.match(/^Line/gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(20);
    expect(screen).toContain(`and ${200 - shown} more`);
  });
});

describe('what a phone shows', () => {
  test('is the title and what matters', () => {
    expect(toSummary(card({ status: 'Accepting… (Ana Silva)' }))).toBe(
      'Acme · Accepting… (Ana Silva) · Expires: Fri 28 Nov',
    );
    expect(toSummary(list())).toBe(
      'Your desk · Customer 1 – closes Fri 28 Nov · Customer 2 – closes Fri 28 Nov',
    );
    expect(toSummary(list({ sections: [] }))).toBe('Your desk · Nothing waits for you.');
    expect(toSummary(note({ text: '*Done*', lines: ['More'] }))).toBe('*Done* · More');
    expect(toSummary(form({ errors: { nextStep: 'Too short.' } }))).toBe('Next step · Too short.');
  });
});

describe('a button', () => {
  const first = (reply: Reply, place = drawn(reply)) => parts(buttonsOf(place)[0]);

  test('carries its act, and a key of its own in every drawing', () => {
    const keys = (key: string) =>
      buttonsOf(toCard(list(), { in: 'message' }, key)).map(({ data }) => pressOf(data).k);
    expect(new Set([...keys('a'), ...keys('b')]).size).toBe(4);
    expect(keys('a')).toEqual(keys('a'));
    expect(pressOf(first(card()).data)).toEqual({
      ...{ v: 'accept', i: { id: 'engi-1' }, k: `${KEY}.0`, o: 'card' },
    });
  });

  test('in the personal chat is an Action.Execute, and the same act where a client knows only Action.Submit', () => {
    const it = first(card());
    expect(it).toMatchObject({ type: 'Action.Execute', verb: 'ace' });
    expect(it.fallback).toEqual({
      type: 'Action.Submit',
      title: 'Accept',
      data: it.data,
    });
  });

  test('that leads to a form or asks first opens a dialog', () => {
    const confirm = { title: 'Accept?', text: 'This tells AWS.', yes: 'Accept', no: 'Not yet' };
    for (const more of [{ opens: 'form' as const }, { confirm }]) {
      const it = first(card({ buttons: [button(more)] }));
      expect(it).toMatchObject({ type: 'Action.Submit', data: { msteams: { type: 'task/fetch' } } });
    }
  });

  test('in a room opens a dialog, whatever it does, and says which post it stood on', () => {
    const rest = { title: 'Closing', items: items(1), total: 9, more: button({ verb: 'list' }) };
    const inRoom = [card({ more: [button(), button({ opens: 'form' })] }), list({ sections: [rest] })];
    for (const it of inRoom.flatMap((reply) => buttonsOf(drawn(reply, ROOM)))) {
      expect(it).toMatchObject({ type: 'Action.Submit', data: { msteams: { type: 'task/fetch' } } });
      expect(pressOf(it.data)).toMatchObject({ o: 'room', r: 'p1' });
    }
  });

  test('in a dialog is answered there; the last page can be closed', () => {
    const it = drawn(card({ buttons: [button({ opens: 'form' })] }), DIALOG);
    expect(buttonsOf(it).map(({ type }) => type)).toEqual(['Action.Submit', 'Action.Submit']);
    expect(buttonsOf(it).map(({ data }) => fromData(data)?.kind)).toEqual(['press', 'close']);
    expect(JSON.stringify(it)).not.toContain('task/fetch');
  });

  test('asks before what cannot be taken back; yes is the same act, no closes', () => {
    const confirm = { title: 'Accept *it*?', text: 'This tells AWS.', yes: 'Accept', no: 'Not yet' };
    const press = pressOf(first(card({ buttons: [button({ verb: 'accept', confirm })] })).data);
    const question = confirmCard(press);
    expect(screenOf(question)).toBe('Accept *it*?\nThis tells AWS.\nAccept\nNot yet');
    const [yes, no] = buttonsOf(question).map(({ data }) => fromData(data));
    const { c: _, ...act } = press;
    expect([yes, no]).toEqual([{ kind: 'press', press: act }, { kind: 'close' }]);
    expect(confirmCard(act)).toBeUndefined();
  });

  test('names the thing for a screen reader, and keeps a label that is cut', () => {
    expect(buttonsOf(drawn(list())).map(({ tooltip }) => tooltip)).toEqual([
      'Show: Customer 1',
      'Show: Customer 2',
    ]);
    const label = 'Put mine in place of theirs';
    expect(first(note({ buttons: [button({ label })] }))).toMatchObject({
      title: 'Put mine in place o…',
      tooltip: label,
    });
  });

  const many = (count: number, more: Partial<Button> = {}) =>
    Array.from({ length: count }, (_, nth) => button({ label: `B${nth}`, ...more }));

  test.each([
    [4, 0, ['B0', 'B1', 'B2', 'B3'], []],
    [3, 1, ['B0', 'B1', 'B2', 'B0'], []],
    [3, 2, ['B0', 'B1', 'B2', 'More'], [['B0', 'B1']]],
    [
      6,
      4,
      ['B0', 'B1', 'B2', 'More'],
      [
        ['B3', 'B4', 'B5', 'B0'],
        ['B1', 'B2', 'B3'],
      ],
    ],
    [0, 5, ['More'], [['B0', 'B1', 'B2', 'B3'], ['B4']]],
  ])('%i and %i more: four are in sight, the others where More shows them', (count, more, sight, folded) => {
    const it = drawn(card({ buttons: many(count), more: many(more) }));
    const sets = it.body.filter(({ type }) => type === 'ActionSet');
    const container = it.body.find(({ id }) => id === 'more');
    const rows = Array.isArray(container?.items) ? container.items : [];
    expect([titles(sets), rows.map((row) => titles(row))]).toEqual([sight, folded]);
    if (folded.length === 0) return;
    expect(container?.isVisible).toBe(false);
    expect(sets.flatMap(buttonsOf).find(({ title }) => title === 'More')).toMatchObject({
      type: 'Action.ToggleVisibility',
      targetElements: ['more'],
    });
  });

  test('stands out alone', () => {
    const it = drawn(card({ buttons: many(3, { style: 'primary' }) }));
    expect(buttonsOf(it).map(({ style }) => style)).toEqual(['positive', undefined, undefined]);
  });

  test('for a channel of Slack is left out', () => {
    expect(titles(drawn(card({ more: [button({ label: 'Post here…', where: 'room' })] })))).toEqual([
      'Accept',
    ]);
  });

  test('that leads to an address does so over https; any other address is written out', () => {
    const it = drawn(
      note({
        links: [
          { label: 'Help', url: 'https://help.example' },
          { label: 'Write to us', url: 'mailto:help@a.example' },
        ],
      }),
    );
    expect(buttonsOf(it)).toEqual([{ type: 'Action.OpenUrl', title: 'Help', url: 'https://help.example' }]);
    expect(screenOf(it)).toContain('Write to us: mailto:help@a.example');
  });
});

describe('a card in a room', () => {
  test('is asked anew by Teams for each viewer, and shows all others what it shows everybody', () => {
    const it = drawn(card(), ROOM);
    expect(it.refresh).toMatchObject({ userIds: ['29:ana', '29:tom'], action: { type: 'Action.Execute' } });
    expect(pressOf(it.refresh?.action.data)).toMatchObject({
      v: 'show',
      i: { id: 'engi-1' },
      o: 'room',
      r: 'p1',
    });
    expect(drawn(card(), { in: 'room', post: 'p1' }).refresh).toBeUndefined();
    expect(drawn(card()).refresh).toBeUndefined();
  });

  test('finds its deal on the button that shows it', () => {
    const { copyOf: _, ...glimpse } = card({ buttons: [button({ input: { id: 'O7' } })] });
    expect(pressOf(drawn(glimpse, ROOM).refresh?.action.data).i).toEqual({ id: 'O7' });
  });

  test('asks at most sixty', () => {
    const viewers = Array.from({ length: 70 }, (_, nth) => `29:${nth}`);
    expect(drawn(card(), { in: 'room', post: 'p', viewers }).refresh?.userIds).toHaveLength(MAX.viewers);
  });

  test('offers a form as a button that opens it', () => {
    const it = drawn(form(), ROOM);
    expect(titles(it)).toEqual(['Next step…']);
    expect(pressOf(buttonsOf(it)[0]?.data)).toMatchObject({ v: 'next-step', i: { id: 'O1' }, f: 1 });
  });
});

describe('what comes back', () => {
  test.each([
    ['nothing', undefined],
    ['no object', 'ace'],
    ['not ours', { other: 1 }],
    ['another version', { ace: { v: 'show' } }],
    ['no verb', { ace: { v: 'Show!', i: {}, k: 'k', o: 'card' } }],
    ['a place we do not know', { ace: { v: 'show', i: {}, k: 'k', o: 'moon' } }],
    ['a key too long', { ace: { v: 'show', i: {}, k: 'k'.repeat(41), o: 'card' } }],
    ['input that is no text', { ace: { v: 'show', i: { id: 1 }, k: 'k', o: 'card' } }],
  ])('%s is not read', (_, data) => {
    expect(fromData(data)).toBeUndefined();
  });
});
