import { describe, expect, test } from '@jest/globals';
import { fromValue } from '../../src/slack/button.ts';
import { limitErrors } from '../../src/slack/limits.ts';
import { toModal } from '../../src/slack/modal.ts';
import { type Message, toMessage } from '../../src/slack/render.ts';
import type { Button, Field, Form, Item, List, Note, Reply } from '../../src/views/view.ts';
import { card } from '../support/slack-door.ts';
import { buttonsOf, fieldsOf, partsOf, screenOf } from '../support/slack-screen.ts';

const KEY = 'aaaaaaaaaa';
const button = (more: Partial<Button> = {}): Button => ({
  verb: 'show',
  label: 'Show',
  input: { id: 'O1' },
  ...more,
});
const item = (index: number, more: Partial<Item> = {}): Item => ({
  id: `O${index}`,
  title: `Customer ${index}`,
  detail: 'closes Fri 28 Nov',
  button: button({ input: { id: `O${index}` } }),
  ...more,
});
const items = (count: number, more: Partial<Item> = {}) =>
  Array.from({ length: count }, (_, it) => item(it + 1, more));
const list = (more: Partial<List> = {}): List => ({
  kind: 'list',
  title: 'Your desk',
  sections: [{ title: 'Pending acceptance', items: items(2), total: 2 }],
  empty: 'Nothing waits for you.',
  ...more,
});
const text = (more: object = {}): Field => ({
  id: 'nextStep',
  kind: 'text',
  label: 'Next step',
  maxLength: 255,
  ...more,
});
const form = (more: Partial<Form> = {}): Form => ({
  kind: 'form',
  verb: 'next-step',
  title: 'Next step',
  submit: 'Save',
  fields: [text()],
  input: { id: 'O1' },
  ...more,
});
const note = (more: Partial<Note> = {}): Note => ({ kind: 'note', tone: 'info', text: 'Hello', ...more });

const drawn = (reply: Reply) => toMessage(reply, KEY);
const errorsOf = (reply: Reply) => [
  ...limitErrors(drawn(reply)),
  ...limitErrors({ view: toModal(reply, KEY, { c: 'C1' }) }),
];
const seen = (reply: Reply) => screenOf(drawn(reply));

describe('hostile text', () => {
  const nasty = [
    '<!channel> <!here> <!everyone>',
    '<@U123> <#C1|general>',
    '<https://evil.example|aws.amazon.com>',
    '*bold* _it_ ~st~ `code` ```block``` > quote',
    ':rotating_light: :x:',
    '&lt;!channel&gt; &amp;amp;',
    '@here @channel https://evil.example mailto:a@b.example',
    '\u202Eevil\u202C \u2066x\u2069 \u200Bzero \u0007bell \u001b[31mred',
    '"}],"blocks":[{"type":"image"}]',
    '<script>alert(1)</script>',
    '\ud800 lone surrogate',
  ];
  const everywhere = (said: string): Reply[] => [
    card({
      title: said,
      subtitle: said,
      status: said,
      body: said,
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
      buttons: [button({ label: said })],
    }),
    list({ picture: { title: said, bars: Array(2).fill({ label: said, value: 2, note: said }), alt: said } }),
    note({ text: said, lines: [said, said], buttons: [button({ label: said })] }),
    form({
      title: said,
      submit: said,
      intro: [said],
      fields: [text({ label: said, hint: said, value: said })],
      errors: { nextStep: said, unknown: said },
    }),
  ];

  test.each(nasty)('%j never becomes markup, anywhere', (said) => {
    for (const reply of everywhere(said)) {
      const message = drawn(reply);
      const view = toModal(reply, KEY, { c: 'C1' });
      const parts = [...partsOf(message.blocks), ...partsOf(view)];
      expect(parts.filter((it) => it.type === 'mrkdwn')).toEqual([]);
      expect(parts.filter((it) => it.type === 'plain_text' && it.emoji !== false)).toEqual([]);
      const links = ['link', 'user', 'usergroup', 'broadcast', 'channel', 'emoji', 'image'];
      expect(parts.filter((it) => links.includes(String(it.type)))).toEqual([]);
      expect(message.text).not.toMatch(/[<>]/);
      expect(errorsOf(reply)).toEqual([]);
    }
  });

  test.each(nasty)('%j loses what turns a line around or rings a bell', (said) => {
    const shown = everywhere(said).flatMap((reply) => {
      const { blocks, text: fallback } = drawn(reply);
      const view = toModal(reply, KEY, { c: 'C1' });
      return [
        fallback,
        ...[...partsOf(blocks), ...partsOf(view.blocks)].flatMap((it) => [it.text, it.initial_value]),
      ];
    });
    const words = shown.filter((it) => typeof it === 'string').join('\n');
    const forbidden = '[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069\ud800]';
    expect(words).not.toMatch(new RegExp(forbidden, 'u'));
  });

  test('what a person reads is what was written', () => {
    expect(seen(card({ title: '*Tom & Söhne* <ACME>' }))).toContain('*Tom & Söhne* <ACME>');
  });
});

describe('limits', () => {
  const long = (char: string) => char.repeat(5000);
  const extremes = ['x', '👩‍👩‍👧‍👦', 'م', '漢', '&', 'e\u0301\u0302\u0303', ' '];

  test.each(extremes)('the longest replies of %j stay within every one', (char) => {
    const said = long(char);
    const buttons = Array.from({ length: 4 }, () => button({ label: said, style: 'primary' }));
    const replies: Reply[] = [
      card({
        title: said,
        subtitle: said,
        status: said,
        body: said,
        buttons,
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
        footer: said,
        intro: said,
        title: said,
        buttons,
      }),
      list({ sections: Array(40).fill({ title: said, items: items(3), total: 3 }) }),
      list({
        sections: Array(40).fill({ title: said, items: items(3, { done: true }), total: 3 }),
        picture: { title: said, bars: Array(40).fill({ label: said, value: 2, note: said }), alt: said },
      }),
      list({ sections: [], empty: said }),
      note({ tone: 'problem', text: said, lines: Array(60).fill(said), buttons }),
      form({
        title: said,
        submit: said,
        intro: Array(30).fill(said),
        fields: [
          text({ label: said, hint: said, value: said, maxLength: 255 }),
          text({ id: 'b', maxLength: 9000 }),
        ],
        errors: { nextStep: said },
      }),
    ];
    for (const reply of replies) expect(errorsOf(reply)).toEqual([]);
  });

  test('a long list says how many it leaves out, and keeps its numbers', () => {
    const two = list({
      sections: [
        { title: 'Pending', items: items(60), total: 60 },
        { title: 'Stale', items: items(3), total: 3 },
      ],
    });
    const screen = seen(two);
    const shown = [...screen.matchAll(/^(\d+)\. Customer/gm)].map((it) => Number(it[1]));
    expect(shown).toEqual(shown.map((_, index) => index + 1));
    expect(screen).toContain(`and ${60 - shown.length} more`);
    expect(screen).toContain('and 3 more');
    const small = list({
      sections: [
        { title: 'A', items: items(2), total: 2 },
        { title: 'B', items: items(2), total: 9, capped: true },
      ],
    });
    expect(seen(small)).toContain('3. Customer 1');
    expect(seen(small)).toContain('and 7+ more');
  });

  test('a choice among more than 100 stands in groups, none left out', () => {
    const options = Array.from({ length: 250 }, (_, index) => ({
      value: `v${index}`,
      label: `Choice ${index}`,
    }));
    const field: Field = { id: 'c', kind: 'choice', label: 'Country', options, value: 'v201' };
    const view = toModal(form({ fields: [field] }), KEY, { c: 'C1' });
    expect(limitErrors({ view })).toEqual([]);
    expect(partsOf(view.blocks).filter((it) => String(it.value).startsWith('v'))).toHaveLength(251);
    expect(fieldsOf(view.blocks)[0]?.value).toBe('v201');
  });

  test('any number of more than 100 can be chosen, and those chosen stand there', () => {
    const options = Array.from({ length: 120 }, (_, nth) => ({ value: `v${nth}`, label: `Choice ${nth}` }));
    const field: Field = { id: 'c', kind: 'choices', label: 'Offer to', options, value: 'v3,v110' };
    const view = toModal(form({ fields: [field] }), KEY, { c: 'C1' });
    expect(limitErrors({ view })).toEqual([]);
    expect(fieldsOf(view.blocks)).toMatchObject([{ type: 'multi_static_select', value: 'v3,v110' }]);
  });
});

describe('a message', () => {
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
            {
              id: 'O2',
              title: 'Globex',
              detail: 'no update for 20 days',
              button: button({ label: 'Next step' }),
            },
          ],
          total: 2,
        },
      ],
      picture: {
        title: 'Open pipeline',
        bars: [
          { label: 'Prospect', value: 3, note: '3 · USD 42,000 / month to AWS' },
          { label: 'Committed', value: 0, note: '0' },
        ],
        alt: 'Open pipeline: Prospect 3, USD 42,000 / month to AWS; Committed 0.',
      },
    });

    test('a line that is seen to is ticked off: it keeps its number, says who did what, and asks nothing more', () => {
      expect(seen(digest)).toContain('1. ✓ Acme\nAna Silva wrote the next step');
      expect(seen(digest)).toContain('2. Globex');
      expect(buttonsOf(drawn(digest).blocks).map(({ label }) => label)).toEqual(['Next step']);
      expect(drawn(digest).text).toContain('1. ✓ Acme');
    });

    test('why it came stands first, and each of its buttons knows that nothing takes the place of what lasts', () => {
      const why = 'This is your first digest.';
      const more = button({ label: 'All pending', verb: 'list', input: {} });
      const sections = [{ title: 'Pending', items: items(1), total: 9, more }];
      const { blocks, text: phone } = drawn({
        ...digest,
        sections,
        intro: why,
        buttons: [more],
        lasting: true,
      });
      expect(screenOf({ blocks }).split('\n').slice(0, 2)).toEqual([digest.title, why]);
      expect(phone).toContain(why);
      const places = (shown: unknown) => buttonsOf(shown).map(({ value }) => JSON.parse(value).o);
      expect(places(blocks)).toEqual(['lasting', 'lasting', 'lasting']);
      expect(places(drawn(digest).blocks)).toEqual(['list']);
    });

    test('a picture stands below the lines, its numbers in words for whoever cannot see it', () => {
      const { blocks } = toMessage(digest, KEY, { file: 'F00000001' });
      expect(blocks.find(({ type }) => type === 'image')).toEqual({
        ...{ type: 'image', alt_text: digest.picture?.alt, slack_file: { id: 'F00000001' } },
        title: { type: 'plain_text', text: 'Open pipeline', emoji: false },
      });
      const order = blocks.map(({ type }) => type);
      expect(order.indexOf('image')).toBeGreaterThan(order.indexOf('section'));
      expect(screenOf({ blocks })).not.toContain('USD 42,000');
      expect(limitErrors({ text: 'x', blocks })).toEqual([]);
    });

    test('without a file its numbers stand there as text', () => {
      const said = seen(digest);
      expect(said).toContain('Open pipeline');
      expect(said).toContain('Prospect: \n3 · USD 42,000 / month to AWS\nCommitted: \n0');
      expect(said.indexOf('Prospect')).toBeGreaterThan(said.indexOf('1. ✓ Acme'));
    });
  });

  test('gives a phone the title and what matters', () => {
    expect(drawn(card({ status: 'Accepting… (Ana Silva)' })).text).toBe(
      'Acme\nAccepting… (Ana Silva)\nExpires: Fri 28 Nov',
    );
    expect(drawn(list()).text).toContain('1. Customer 1 – closes Fri 28 Nov');
    expect(drawn(list({ sections: [] })).text).toBe('Your desk\nNothing waits for you.');
  });

  test('gives every button its own operation key, and every drawing others', () => {
    const keys = (key: string) =>
      buttonsOf(toMessage(list(), key).blocks).map((it) => JSON.parse(it.value).k);
    expect(new Set([...keys('a'), ...keys('b')]).size).toBe(4);
    expect(keys('a')).toEqual(keys('a'));
  });

  test('names the thing on each button for a screen reader', () => {
    const labels = partsOf(drawn(list()).blocks).flatMap((it) => it.accessibility_label ?? []);
    expect(labels).toEqual(['Show: Customer 1', 'Show: Customer 2']);
  });

  test('asks before what cannot be taken back', () => {
    const confirm = { title: 'Accept?', text: 'This tells AWS.', yes: 'Accept', no: 'Not yet' };
    const parts = partsOf(drawn(card({ buttons: [button({ confirm })] })).blocks);
    expect(parts.find((it) => it.deny)).toMatchObject({
      deny: { text: 'Not yet' },
      confirm: { text: 'Accept' },
    });
  });

  const more = (count: number, it: Partial<Button> = {}) =>
    Array.from({ length: count }, (_, nth) =>
      button({
        verb: 'update-lead',
        label: `More ${nth}`,
        input: { id: 'engi-0000002isusga', version: '1234567890' },
        opens: 'form',
        ...it,
      }),
    );
  const rowsOf = (blocks: Message['blocks']) =>
    blocks
      .filter(({ type }) => type === 'actions')
      .map((row) =>
        buttonsOf([row])
          .map(({ type }) => (type === 'button' ? 'b' : 'o'))
          .join(''),
      );
  const rows = (it: Button[]) => rowsOf(drawn(card({ more: it })).blocks);

  test('folds further buttons into a menu of two to five lines; what does not fit there stands in a row below', () => {
    expect(rows(more(5))).toEqual(['booooo']);
    expect(rows(more(7))).toEqual(['booooo', 'bb']);
    expect(rows(more(1))).toEqual(['b', 'b']);
    const cancel = { change: '3a1b', do: 'cancel' };
    expect(rows(more(2, { input: cancel }))).toEqual(['b', 'bb']);
    expect(rows(more(2, { input: { id: 'O1', do: 'two words' } }))).toEqual(['b', 'bb']);
    const confirm = { title: 'Sure?', text: 'It is gone then.', yes: 'Yes', no: 'No' };
    expect(rows([...more(2), ...more(1, { confirm })])).toEqual(['boo', 'b']);
  });

  test('three buttons stand in a row and no more, one of them all primary; a list makes room for its rows', () => {
    const primary = Array.from({ length: 7 }, (_, nth) => button({ label: `Way ${nth}`, style: 'primary' }));
    const { blocks } = drawn(card({ buttons: primary.slice(0, 3), more: [...more(2), ...primary.slice(3)] }));
    expect(rowsOf(blocks)).toEqual(['bbbooooo', 'b']);
    expect(partsOf(blocks).filter(({ style }) => style === 'primary')).toHaveLength(1);
    const full = drawn(
      list({ sections: [{ title: 'All', items: items(100), total: 100 }], buttons: primary }),
    );
    expect(rowsOf(full.blocks)).toEqual(['bbb', 'bbb', 'b']);
    expect(full.blocks.length).toBeLessThanOrEqual(50);
  });

  test('a line of the menu carries what its button would, but for the version', () => {
    const pressed = buttonsOf(drawn(card({ more: more(2) })).blocks).map(({ value }) => fromValue(value));
    expect(pressed[1]).toEqual({
      v: 'update-lead',
      i: { id: 'engi-0000002isusga' },
      k: expect.any(String),
      o: 'card',
      f: 1,
    });
    expect(new Set(pressed.map((it) => it?.k)).size).toBe(3);
    const [, asking] = buttonsOf(
      drawn(card({ more: more(2, { input: { id: 'engi-0000002isusga', ask: 'person' } }) })).blocks,
    );
    expect(fromValue(asking?.value)?.i).toEqual({ id: 'engi-0000002isusga', ask: 'person' });
    for (const value of [
      '',
      'accept',
      'accept O1 k',
      'accept O1 k x',
      'Accept! O1 k c',
      `accept O1 ${'k'.repeat(41)} c`,
    ])
      expect(fromValue(value)).toBeUndefined();
  });

  test('offers a form it cannot hold as a button that opens it', () => {
    const [open] = buttonsOf(drawn(form()).blocks);
    expect(JSON.parse(open?.value ?? '')).toMatchObject({ v: 'next-step', i: { id: 'O1' }, f: 1 });
  });

  test('a form’s button in a message asks anew: it is never itself the yes, however old it is', () => {
    const input = { id: 'O1', sure: 'yes', told: 'open', room: 'C1' };
    const [open] = buttonsOf(drawn(form({ input })).blocks);
    expect(JSON.parse(open?.value ?? '')).toMatchObject({ i: { id: 'O1', room: 'C1' }, f: 1 });
    expect(Object.keys(JSON.parse(open?.value ?? '').i)).toEqual(['id', 'room']);
  });
});

describe('a form', () => {
  test('says how long a text may be, not how long a line, and starts with what is known', () => {
    const view = toModal(
      form({
        fields: [
          text({ value: 'Demo 👍', multiline: true }),
          text({ id: 'email', label: 'E-mail' }),
          { id: 'd', kind: 'date', label: 'Close date', value: '2026-11-28' },
        ],
      }),
      KEY,
      { c: 'C1' },
    );
    expect(fieldsOf(view.blocks)).toEqual([
      {
        id: 'nextStep',
        label: 'Next step (up to 255 characters)',
        type: 'plain_text_input',
        value: 'Demo 👍',
      },
      { id: 'email', label: 'E-mail', type: 'plain_text_input', value: '' },
      { id: 'd', label: 'Close date', type: 'datepicker', value: '2026-11-28' },
    ]);
  });

  test('has what introduces it in two blocks, the first line and the others; a long one is cut off nowhere', () => {
    const introOf = (intro: string[]) =>
      toModal(form({ intro }), KEY, { c: 'C1' })
        .blocks.filter(({ type }) => type === 'section')
        .map((block) => screenOf({ blocks: [block] }));
    expect(introOf(['Acme', 'AWS reads this.', 'Last: “call”'])).toEqual([
      'Acme',
      'AWS reads this.\nLast: “call”',
    ]);
    expect(introOf(['Acme'])).toEqual(['Acme']);
    expect(introOf([])).toEqual([]);
    const long = Array.from({ length: 30 }, (_, nth) => `${nth} ${'x'.repeat(250)}`);
    const [, ...rest] = introOf(['Acme', ...long]);
    expect(rest.join('\n').split('\n')).toEqual(long);
    expect(limitErrors({ view: toModal(form({ intro: ['Acme', ...long] }), KEY, { c: 'C1' }) })).toEqual([]);
  });

  test('keeps an emoji answer of full length whole', () => {
    const value = '👍'.repeat(255);
    const view = toModal(form({ fields: [text({ value })] }), KEY, { c: 'C1' });
    expect(fieldsOf(view.blocks)[0]?.value).toBe(value);
  });

  test('shows each error under its field', () => {
    const view = toModal(form({ errors: { nextStep: 'AWS reads this: write a sentence.' } }), KEY, {
      c: 'C1',
    });
    expect(view.blocks.map((it) => it.type)).toEqual(['input', 'context']);
    expect(screenOf(view)).toContain('AWS reads this: write a sentence.');
  });

  test('forgets the way back rather than fail when there is no room to remember it', () => {
    const origin = { url: `https://hooks.slack.com/${'x'.repeat(3000)}`, until: 1, inPlace: true };
    const view = toModal(form(), KEY, { c: 'C1', o: origin });
    expect(limitErrors({ view })).toEqual([]);
    expect(JSON.parse(view.private_metadata ?? '')).toMatchObject({ v: 'next-step', i: { id: 'O1' } });
  });
});
