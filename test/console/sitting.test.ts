import { afterEach, describe, expect, test } from '@jest/globals';
import { dayCalled } from '../../src/bot/dates.ts';
import type { Intent } from '../../src/bot/intent.ts';
import { type Console, type ConsoleOptions, createConsole } from '../../src/console/console.ts';
import { personOptions } from '../../src/views/people.ts';
import { done, type Field, type Form, type List, note, problem } from '../../src/views/view.ts';
import { createGlass, type Glass } from './glass.ts';
import { card, plain, type ScriptedDesk, scriptedDesk } from './scripted-desk.ts';

const ENTER = '\r';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const ESCAPE = '\u001b';
const UP = '\u001b[A';

const list: List = {
  kind: 'list',
  title: 'Pending acceptance',
  sections: [
    {
      title: 'From AWS',
      total: 2,
      items: [
        {
          id: 'engi-1',
          title: 'Acme',
          detail: '2 business days left',
          button: { verb: 'accept', label: 'Accept', input: { id: 'engi-1' } },
        },
        { id: 'engi-2', title: 'Globex', detail: '5 h left' },
      ],
    },
  ],
  empty: '',
};

const form: Form = {
  kind: 'form',
  verb: 'next-step',
  title: 'Next step for Acme',
  submit: 'Send',
  intro: ['AWS reads this.'],
  input: { id: 'O1' },
  fields: [
    { id: 'text', kind: 'text', label: 'Text', maxLength: 20 },
    { id: 'closeDate', kind: 'date', label: 'Close date', value: '2026-01-31' },
    {
      id: 'why',
      kind: 'choice',
      label: 'Why',
      optional: true,
      options: [
        { value: 'a', label: 'Alpha' },
        { value: 'b', label: 'Beta' },
      ],
    },
  ],
};

const open: Console[] = [];
afterEach(() => {
  for (const it of open.splice(0)) it.close();
});

function sitDown(desk: ScriptedDesk, more: Partial<ConsoleOptions> = {}, columns = 80) {
  const glass = createGlass(columns);
  const it = createConsole({
    dayCalled,
    desk,
    input: glass.input,
    output: glass.output,
    errorOutput: glass.output,
    isTerminal: true,
    as: 'lead@partner.example',
    operator: 'root',
    waitMs: 5_000,
    now: () => new Date(2025, 10, 21, 14, 5),
    ...more,
  });
  open.push(it);
  return { glass, it, code: it.run() };
}

/** Types each answer once its question is shown. */
async function reply(glass: Glass, ...steps: [question: RegExp, keys: string][]): Promise<void> {
  for (const [question, keys] of steps) {
    await glass.shows(question);
    glass.type(keys);
  }
}
const TEXT = /Text \(0\/20\):$/;
const DATE = /Close date:$/;
const WHY = /Why:$/;

const acts = (desk: ScriptedDesk) => desk.handled.map(({ verb, input }: Intent) => ({ verb, input }));

describe('sitting at the console', () => {
  test('a form says what to type instead of an answer; the question of such a way is asked, and no leads back', async () => {
    const confirm = { title: 'Leave it?', text: 'Nothing is sent.', yes: 'Leave', no: 'Stay' };
    const others = [
      { verb: 'transfer', label: 'Not mine…', input: { id: 'O1' }, opens: 'form' as const },
      { verb: 'sprint', label: 'Stop here', input: { do: 'stop' }, confirm },
    ];
    const desk = scriptedDesk({
      sprint: ({ input }) => plain(input.do === 'stop' ? note('5 written.') : form),
      start: plain({ ...form, others }),
      transfer: plain({ ...form, fields: [], submit: 'Next deal', others }),
    });
    const { glass } = sitDown(desk);
    await reply(
      glass,
      [/ace>$/, 'start\r'],
      [/Instead of an answer: “not mine”, “stop here”[\s\S]*Text \(0\/20\):$/, 'Not Mine…\r'],
      [/Enter: Next deal; “cancel” leaves[\s\S]*Next deal:$/, 'florb\r'],
      [/florb\s+Next deal:$/, 'stop here\r'],
      [/\[y\] Leave {2}\[n\] Stay:$/, 'n\r'],
      [/\[n\] Stay: n[\s\S]*Next deal:$/, 'stop here\r'],
      [/Next deal: stop here[\s\S]*\[n\] Stay:$/, 'y\r'],
      [/5 written\.[\s\S]*ace>$/, ''],
    );
    expect(acts(desk)).toEqual([
      { verb: 'transfer', input: { id: 'O1' } },
      { verb: 'sprint', input: { do: 'stop' } },
    ]);
  });

  test('it greets with who you are, and says plainly that it is only practice', async () => {
    const { glass } = sitDown(scriptedDesk({}), { practice: async () => '' });
    await glass.shows(/ace>$/);
    expect(glass.rows().join(' ')).toMatch(
      /lead@partner\.example.*root.*Practice mode.*nothing reaches AWS.*“help”/,
    );
    const real = sitDown(scriptedDesk({}));
    await real.glass.shows(/ace>$/);
    expect(real.glass.rows().join(' ')).not.toContain('Practice');
  });

  test.each([['quit\r'], ['EXIT\r'], [CTRL_D], [CTRL_C]])('%j leaves with 0', async (keys) => {
    const { glass, code } = sitDown(scriptedDesk({}));
    await glass.shows('ace>');
    glass.type(keys);
    expect(await code).toBe(0);
    expect(glass.rows().at(-1)).toBe('Goodbye.');
  });

  test('Ctrl-C clears a half-typed line first', async () => {
    const desk = scriptedDesk({ list: plain(list) });
    const { glass } = sitDown(desk);
    await glass.shows('ace>');
    glass.type(`rubbish${CTRL_C}list${ENTER}`);
    await glass.shows('Globex');
    expect(desk.said.map(({ text }) => text)).toEqual(['list']);
  });

  test('the arrow key calls the last line back', async () => {
    const desk = scriptedDesk({ list: plain(list) });
    const { glass } = sitDown(desk);
    await glass.shows('ace>');
    glass.type(`list${ENTER}`);
    await glass.shows('Globex');
    glass.type(`${UP}${ENTER}`);
    await glass.shows(/Globex[\s\S]*Globex/);
    expect(desk.said).toHaveLength(2);
  });
});

describe('numbers', () => {
  test('press what stands beside them: the line’s button, or show it', async () => {
    const desk = scriptedDesk({
      list: plain(list),
      accept: plain(note('Taken')),
      show: plain(note('Shown')),
    });
    const { glass } = sitDown(desk);
    glass.type(`list${ENTER}`);
    await glass.shows('1. Acme — 2 business days left  [1] Accept');
    glass.type(`1${ENTER}`);
    await glass.shows('Taken');
    glass.type(`2${ENTER}`);
    await glass.shows('Shown');
    expect(acts(desk)).toEqual([
      { verb: 'accept', input: { id: 'engi-1' } },
      { verb: 'show', input: { id: 'engi-2' } },
    ]);
    expect(new Set(desk.handled.map(({ key }) => key)).size).toBe(2);
  });

  test('a number that nothing stands beside is said as it is, and so is “accept 2”', async () => {
    const desk = scriptedDesk({ list: plain(list) });
    const { glass } = sitDown(desk);
    glass.type(`list${ENTER}7${ENTER}accept 2${ENTER}`);
    await glass.shows('no answer to accept 2');
    expect(desk.said.map(({ text }) => text)).toEqual(['list', '7', 'accept 2']);
    expect(desk.handled).toEqual([]);
  });

  test('late news do not change what a number does', async () => {
    const desk = scriptedDesk({ list: plain(list), accept: plain(note('Taken')) });
    const { glass, it } = sitDown(desk);
    glass.type(`list${ENTER}`);
    await glass.shows('Globex');
    const reject = { verb: 'help', label: 'Other', input: {} } as const;
    await it.messenger.tell(
      { tenant: 'local', user: 'lead@partner.example' },
      { ...note('News'), buttons: [reject] },
    );
    glass.type(`1${ENTER}`);
    await glass.shows('Taken');
    expect(acts(desk)).toEqual([{ verb: 'accept', input: { id: 'engi-1' } }]);
  });

  test('what cannot be taken back is asked once; anything but yes leaves it', async () => {
    const confirm = {
      title: 'Take it back?',
      text: 'AWS never sees it.',
      yes: 'Take it back',
      no: 'Keep it',
    };
    const button = { verb: 'waiting', label: 'Take back', input: { do: 'cancel' }, confirm } as const;
    const desk = scriptedDesk({
      show: plain(card('Acme', { buttons: [button] })),
      waiting: plain(note('Taken back')),
    });
    const { glass } = sitDown(desk);
    glass.type(`show${ENTER}1${ENTER}`);
    await glass.shows('[y] Take it back  [n] Keep it:');
    glass.type(ENTER);
    await glass.shows('Left as it was.');
    expect(desk.handled).toEqual([]);
    glass.type(`1${ENTER}`);
    await reply(glass, [/Keep it:$/, `y${ENTER}`]);
    await glass.shows('Taken back');
    expect(desk.handled).toHaveLength(1);
  });
});

describe('a form', () => {
  const asking = (answer: (intent: Intent) => ReturnType<typeof plain> = () => plain(note('Sent'))) =>
    scriptedDesk({ go: plain(form), 'next-step': answer });

  test('is asked field by field, counts while one types, keeps with Enter, and is sent as one act', async () => {
    const desk = asking();
    const { glass } = sitDown(desk);
    glass.type(`go${ENTER}`);
    await glass.shows('AWS reads this.');
    await glass.shows('Text (0/20):');
    glass.type('demo 🎉');
    await glass.shows('Text (6/20): demo 🎉');
    glass.type(ENTER);
    await glass.shows('Now: 2026-01-31');
    glass.type(ENTER);
    await glass.shows('[2] Beta');
    glass.type(`2${ENTER}`);
    await glass.shows('Sent');
    expect(acts(desk)).toEqual([
      { verb: 'next-step', input: { id: 'O1', text: 'demo 🎉', closeDate: '2026-01-31', why: 'b' } },
    ]);
  });

  test('several can be chosen by number or name; what is none of them is asked again', async () => {
    const options = ['Priya Raman', 'Tom Keller', 'Lucía Ferro'].map((label, nth) => ({
      value: `p${nth}`,
      label,
    }));
    const offer: Form = {
      ...form,
      fields: [{ id: 'to', kind: 'choices', label: 'To', options, value: 'p1' }],
    };
    const desk = scriptedDesk({ go: plain(offer), 'next-step': () => plain(note('Offered')) });
    const { glass } = sitDown(desk);
    glass.type(`go${ENTER}`);
    await glass.shows('Now: Tom Keller');
    glass.type(`1, Nobody${ENTER}`);
    await glass.shows('I do not know “Nobody”');
    glass.type(`\u0015lucía ferro, 1,1${ENTER}`);
    await glass.shows('Offered');
    expect(acts(desk)[0]?.input).toEqual({ id: 'O1', to: 'p2,p0' });
  });

  test.each([
    ['y', 1],
    ['', 0],
  ])('what cannot be taken back is asked once more after the last question: “%s”', async (answer, many) => {
    const [text] = form.fields;
    const sure: Form = {
      ...form,
      submit: 'Reject it',
      fields: text ? [text] : [],
      input: { id: 'O1', sure: 'yes' },
    };
    const desk = scriptedDesk({ go: plain(sure), 'next-step': () => plain(note('Rejected')) });
    const { glass } = sitDown(desk);
    glass.type(`go${ENTER}`);
    await reply(glass, [TEXT, `why${ENTER}`]);
    await glass.shows('[y] Reject it  [n] Leave it:');
    glass.type(`${answer}${ENTER}`);
    await glass.shows(many ? 'Rejected' : 'Left; nothing was sent.');
    expect(acts(desk)).toHaveLength(many);
  });

  test('of many people each is chosen by name alone, who is called the same by their address; an hour is typed as it is', async () => {
    const person = (firstName: string, lastName: string, nth: number) => ({
      ...{ id: `id-${nth}`, email: `p${nth}@x.example`, otherEmails: [], timeZone: 'UTC' },
      ...{ firstName, lastName, role: 'ACE user' as const },
    });
    const options = personOptions([
      ...Array.from({ length: 31 }, (_, nth) => person('Tom', `Keller ${nth}`, nth)),
      person('Kim', 'Lee', 40),
      person('Kim', 'Lee', 41),
    ]);
    const hours = Array.from({ length: 24 }, (_, at) => ({
      ...{ value: String(at), label: `${String(at).padStart(2, '0')}:00` },
    }));
    const fields: Field[] = [
      { id: 'person', kind: 'choice', label: 'Who covers', options },
      { id: 'people', kind: 'choices', label: 'Whom', options },
      { id: 'hour', kind: 'choice', label: 'At what time', options: hours },
    ];
    const desk = scriptedDesk({ start: plain({ ...form, fields }), 'next-step': plain(done('Done.')) });
    const { glass } = sitDown(desk);
    await reply(
      glass,
      [/ace>$/, 'start\r'],
      [/One of 33: type its name or its code[\s\S]*Who covers:$/, '9\r'],
      [/One of 33, by its name or its code\.\s+Who covers:$/, 'Kim Lee\r'],
      [
        /“Kim Lee” could be Kim Lee \(p40@x\.example\), ACE user; Kim Lee[\s\S]*Type all of one\.[\s\S]*Who covers:$/,
        'tom keller 3\r',
      ],
      [/Whom:$/, 'Kim Lee (p41@x.example), ACE user, Tom Keller 7, Tom Keller 8, ACE user\r'],
      [/\[0\] 00:00[\s\S]*\[9\] 09:00[\s\S]*At what time:$/, '24\r'],
      [/A number from 0 to 23, or its name\.\s+At what time:$/, '9\r'],
      [/Done\.[\s\S]*ace>$/, ''],
    );
    expect(acts(desk)).toEqual([
      {
        verb: 'next-step',
        input: { id: 'O1', person: 'id-3', people: 'id-41,id-7,id-8', hour: '9' },
      },
    ]);
  });

  test('a name is begun as far as it takes to mean one of them; what two begin with is asked about', async () => {
    const options = [
      'Priya Raman, ACE user',
      'Lucía Ferro, ACE user',
      'Tom Keller, ACE user',
      'Tom Berg, ACE user',
    ].map((label, nth) => ({ value: `p${nth}`, label }));
    const fields: Field[] = [
      { id: 'person', kind: 'choice', label: 'Who covers', options },
      { id: 'people', kind: 'choices', label: 'Whom', options },
    ];
    const desk = scriptedDesk({ start: plain({ ...form, fields }), 'next-step': plain(done('Done.')) });
    const { glass } = sitDown(desk);
    await reply(
      glass,
      [/ace>$/, 'start\r'],
      [/Who covers:$/, 'tom\r'],
      [/“tom” could be Tom Keller, ACE user; Tom Berg, ACE user\.\s+Type all of one\.\s+Who covers:$/, '9\r'],
      [/A number from 1 to 4, or its name\.\s+Who covers:$/, 'Priya\r'],
      [/That is Priya Raman, ACE user\.[\s\S]*Whom:$/, 'lucia, Tom K\r'],
      [/That is Lucía Ferro, ACE user, Tom Keller, ACE user\./, ''],
      [/Done\.[\s\S]*ace>$/, ''],
    );
    expect(acts(desk)[0]?.input).toEqual({ id: 'O1', person: 'p0', people: 'p1,p2' });
  });

  test('a number that stands beside none of them is no beginning of a name', async () => {
    const options = [
      { value: 'd', label: '24 hours' },
      { value: 'w', label: 'A week' },
    ];
    const fields: Field[] = [{ id: 'when', kind: 'choice', label: 'When', options }];
    const desk = scriptedDesk({ start: plain({ ...form, fields }), 'next-step': plain(done('Done.')) });
    const { glass } = sitDown(desk);
    await reply(glass, [/ace>$/, 'start\r'], [/When:$/, '24\r']);
    await reply(glass, [/A number from 1 to 2, or its name\.\s+When:$/, '24 h\r'], [/Done\./, '']);
    expect(acts(desk)[0]?.input).toEqual({ id: 'O1', when: 'd' });
  });

  describe('in a form with other ways on', () => {
    const others = [
      { verb: 'remind', label: 'Skip until…', input: { id: 'O1' }, opens: 'form' as const },
      { verb: 'sprint', label: 'Stop here', input: { do: 'stop' } },
    ] as const;
    const later: Form = {
      ...{ kind: 'form', verb: 'remind', title: 'Remind me', submit: 'Remind me', input: { id: 'O1' } },
      fields: [
        {
          id: 'when',
          kind: 'choice',
          label: 'When',
          optional: true,
          options: [{ value: 'm', label: 'Monday' }],
        },
        { id: 'day', kind: 'date', label: 'Or on a day', optional: true },
      ],
    };
    const walking = () =>
      scriptedDesk({
        start: plain({ ...form, fields: form.fields.slice(0, 2), others: [...others] }),
        remind: ({ input }) => plain('day' in input || 'when' in input ? note('Put off.') : later),
        sprint: plain(note('0 written.')),
        'next-step': plain(note('On its way.')),
      });

    test.each([
      ['skip', [{ verb: 'remind', input: { id: 'O1' } }]],
      ['Skip!', [{ verb: 'remind', input: { id: 'O1' } }]],
      ['stop', [{ verb: 'sprint', input: { do: 'stop' } }]],
      ['stop here.', [{ verb: 'sprint', input: { do: 'stop' } }]],
    ])('%j alone means the button, and is never written', async (typed, done_) => {
      const desk = walking();
      const { glass } = sitDown(desk);
      await reply(
        glass,
        [/ace>$/, 'start\r'],
        [TEXT, `${typed}\r`],
        [/(?:When:|0 written\.[\s\S]*ace>)$/, ''],
      );
      expect(acts(desk)).toEqual(done_);
    });

    test('the day behind a button’s words stands in its form already, also where a day is asked', async () => {
      for (const [typed, question] of [
        ['skip until Thursday', TEXT],
        ['skip until 27 November', DATE],
      ] as const) {
        const desk = walking();
        const { glass } = sitDown(desk);
        await reply(
          glass,
          [/ace>$/, 'start\r'],
          ...(question === DATE ? [[TEXT, 'call\r'] as [RegExp, string]] : []),
        );
        await reply(
          glass,
          [question, `${typed}\r`],
          ...(question === DATE ? [[/\[n\] Go on here:$/, 'y\r'] as [RegExp, string]] : []),
          [/When:$/, '\r'],
          [/Now: 2025-11-27\s+Or on a day:$/, '\r'],
        );
        await glass.shows('Put off.');
        expect(acts(desk).at(-1)).toEqual({ verb: 'remind', input: { id: 'O1', day: '2025-11-27' } });
        expect(acts(desk).map(({ verb }) => verb)).not.toContain('next-step');
      }
    });

    test('a text that begins like a button is asked about once; nothing of it is lost, nothing is sent by Enter', async () => {
      const desk = walking();
      const { glass } = sitDown(desk);
      const which = /That may be “Skip until…”[\s\S]*\[1\] Skip until… {2}\[2\] Write it:$/;
      await reply(glass, [/ace>$/, 'start\r'], [TEXT, 'Skip the meeting\r'], [which, '\r']);
      await reply(glass, [/Text \(16\/20\): Skip the meeting$/, '\r'], [which, '2\r'], [DATE, '\r']);
      await glass.shows('On its way.');
      expect(acts(desk)).toEqual([
        { verb: 'next-step', input: { id: 'O1', text: 'Skip the meeting', closeDate: '2026-01-31' } },
      ]);
    });

    test.each([
      ['1', [{ verb: 'sprint', input: { do: 'stop' } }]],
      ['cancel', []],
    ])('asked which of both, %j writes nothing', async (answer, done_) => {
      const desk = walking();
      const { glass } = sitDown(desk);
      await reply(glass, [/ace>$/, 'start\r'], [TEXT, 'Stop here and now\r'], [/Write it:$/, `${answer}\r`]);
      await glass.shows(/(?:0 written\.|nothing was sent)[\s\S]*ace>$/);
      expect(acts(desk)).toEqual(done_);
    });

    const optional = (answer: ReturnType<typeof plain> = plain(note('On its way.'))) => {
      const [text, date] = form.fields;
      const fields = text && date ? [text, { ...date, optional: true }] : [];
      return scriptedDesk({
        start: plain({ ...form, fields, others: [...others] }),
        remind: plain(later),
        sprint: plain(note('0 written.')),
        'next-step': answer,
      });
    };

    test.each(['skip', 'None', '-', 'skip.'])(
      'where an answer may stay empty %j leaves it so, and what was typed before is sent',
      async (typed) => {
        const desk = optional();
        const { glass } = sitDown(desk);
        await reply(
          glass,
          [/ace>$/, 'start\r'],
          [TEXT, 'call\r'],
          [DATE, `${typed}\r`],
          [/On its way\./, ''],
        );
        expect(acts(desk)).toEqual([{ verb: 'next-step', input: { id: 'O1', text: 'call' } }]);
      },
    );

    test('a button’s words behind an answer ask once, as it would be lost; no goes on where one was', async () => {
      const desk = optional();
      const { glass } = sitDown(desk);
      const lost = /What you typed is not sent with “Stop here”\.\s+\[y\] Stop here {2}\[n\] Go on here:$/;
      await reply(glass, [/ace>$/, 'start\r'], [TEXT, 'call\r'], [DATE, 'stop here\r'], [lost, '\r']);
      await reply(glass, [/Go on here:[\s\S]*Close date:$/, '\r'], [/On its way\./, '']);
      await reply(glass, [/ace>$/, 'start\r'], [TEXT, 'call\r'], [DATE, 'stop\r'], [lost, 'y\r']);
      await glass.shows(/0 written\.[\s\S]*ace>$/);
      expect(acts(desk)).toEqual([
        { verb: 'next-step', input: { id: 'O1', text: 'call', closeDate: '2026-01-31' } },
        { verb: 'sprint', input: { do: 'stop' } },
      ]);
    });

    test('so they do where the form came back with an error and what was typed before', async () => {
      const fields = form.fields
        .slice(0, 2)
        .map((it): Field => (it.kind === 'text' ? { ...it, value: 'call' } : it));
      const errors = { closeDate: 'That day is past.' };
      const desk = optional(plain({ ...form, fields, others: [...others], errors }, [], false));
      const { glass } = sitDown(desk);
      await reply(glass, [/ace>$/, 'start\r'], [TEXT, 'call\r'], [DATE, '2020-01-01\r']);
      await reply(
        glass,
        [/That day is past\.[\s\S]*Close date:$/, 'stop\r'],
        [/Go on here:$/, 'stop here\r'],
      );
      await glass.shows(/0 written\.[\s\S]*ace>$/);
    });

    test.each(['Skip-level call', 'Stopping it'])('%j begins with no word of a button', async (text) => {
      const desk = walking();
      const { glass } = sitDown(desk);
      await reply(glass, [/ace>$/, 'start\r'], [TEXT, `${text}\r`], [DATE, '\r'], [/On its way\./, '']);
      expect(acts(desk)[0]?.input.text).toBe(text);
    });
  });

  describe('where the words of several buttons begin alike', () => {
    const refuse = (name: string) => ({
      verb: 'cover',
      label: `Refuse to cover ${name}`,
      input: { do: 'refuse', cover: name },
    });
    const covering = (...names: string[]) => {
      const options = [{ value: 'p1', label: 'Tom Keller, ACE user' }];
      const who: Field = { id: 'person', kind: 'choice', label: 'Who covers', options };
      const asking: Form = { ...form, verb: 'cover', fields: [who], others: names.map(refuse) };
      return scriptedDesk({
        start: plain(asking),
        bare: plain({ ...asking, fields: [], submit: 'Go on' }),
        cover: ({ input }) => plain(note(`Answered ${input.cover ?? input.person}.`)),
      });
    };
    const WHICH = /\[1\] Refuse to cover Lucía Ferro {2}\[2\] Refuse to cover Priya Raman:$/;

    test.each([
      ['start', /Who covers:$/],
      ['bare', /Go on:$/],
    ])('their first word alone presses none of them: “%s” asks which', async (line, question) => {
      const desk = covering('Lucía Ferro', 'Priya Raman');
      const { glass } = sitDown(desk);
      await reply(
        glass,
        [/ace>$/, `${line}\r`],
        [question, 'refuse\r'],
        [/“refuse” could be more than one\. Which\?[\s\S]*/, ''],
        [WHICH, '\r'],
        [new RegExp(`Priya Raman:\\s+${question.source}`), 'refuse\r'],
        [new RegExp(`refuse[\\s\\S]*refuse[\\s\\S]*${WHICH.source}`), '2\r'],
        [/Answered Priya Raman\.[\s\S]*ace>$/, ''],
      );
      expect(acts(desk)).toEqual([{ verb: 'cover', input: { do: 'refuse', cover: 'Priya Raman' } }]);
    });

    test.each([
      ['Refuse to cover Ann Marie', 'Ann Marie'],
      ['refuse to cover ann.', 'Ann'],
    ])('%j presses the one whose words fit longest', async (typed, name) => {
      const desk = covering('Ann', 'Ann Marie');
      const { glass } = sitDown(desk);
      await reply(glass, [/ace>$/, 'start\r'], [/Who covers:$/, `${typed}\r`], [/Answered[\s\S]*ace>$/, '']);
      expect(acts(desk)).toEqual([{ verb: 'cover', input: { do: 'refuse', cover: name } }]);
    });

    test('two of the same words are asked about as well', async () => {
      const desk = covering('Kim Lee', 'Kim Lee');
      const { glass } = sitDown(desk);
      await reply(glass, [/ace>$/, 'start\r'], [/Who covers:$/, 'refuse to cover Kim Lee\r']);
      await reply(
        glass,
        [/\[2\] Refuse to cover Kim Lee:$/, 'cancel\r'],
        [/nothing was sent[\s\S]*ace>$/, ''],
      );
      expect(acts(desk)).toEqual([]);
    });
  });

  test('a form that only asks yes or no says nothing of Enter, which leaves it', async () => {
    const sure: Form = { ...form, submit: 'Hand over 5 deals', fields: [], input: { id: 'O1', sure: 'yes' } };
    const desk = scriptedDesk({ go: plain(sure), 'next-step': plain(note('Handed over')) });
    const { glass } = sitDown(desk);
    await reply(glass, [/ace>$/, 'go\r'], [/\[y\] Hand over 5 deals {2}\[n\] Leave it:$/, '\r']);
    await glass.shows('Left; nothing was sent.');
    expect(glass.rows().join('\n')).not.toMatch(/Enter: /);
    expect(acts(desk)).toEqual([]);
  });

  test('of what may stay empty “none” chooses none, and the question says so; elsewhere it is no choice', async () => {
    const options = [{ value: 'a', label: 'Approved' }];
    const fields: Field[] = [
      { id: 'told', kind: 'choices', label: 'Tell me', optional: true, options, value: 'a' },
      { id: 'days', kind: 'choices', label: 'Days', options, value: 'a' },
    ];
    const desk = scriptedDesk({ go: plain({ ...form, fields }), 'next-step': plain(note('Saved')) });
    const { glass } = sitDown(desk);
    await reply(
      glass,
      [/ace>$/, 'go\r'],
      [/Tell me \(may stay empty: “none”\)[\s\S]*separated by commas\.[\s\S]*Tell me:$/, 'None\r'],
      [/separated by commas\.[\s\S]*Days:$/, 'none\r'],
      [/I do not know “none”[\s\S]*Days: none$/, '\u00151\r'],
    );
    await glass.shows('Saved');
    expect(acts(desk)[0]?.input).toEqual({ id: 'O1', told: '', days: 'a' });
  });

  test('an optional day that was refused is emptied again by “none”, which stands beside its question', async () => {
    const day: Field = { id: 'day', kind: 'date', label: 'Or on a day', optional: true };
    const asked = (value?: string): Form => ({
      ...form,
      fields: [value ? { ...day, value } : day],
      ...(value ? { errors: { day: 'That day is past.' } } : {}),
    });
    const desk = scriptedDesk({
      go: plain(asked()),
      'next-step': ({ input }) =>
        typeof input.day === 'string' ? plain(asked(input.day), [], false) : plain(note('Sent')),
    });
    const { glass } = sitDown(desk);
    await reply(
      glass,
      [/ace>$/, 'go\r'],
      [/Or on a day \(may stay empty: “none”\)[\s\S]*Or on a day:$/, '2020-01-01\r'],
      [/That day is past\.[\s\S]*Now: 2020-01-01[\s\S]*Or on a day:$/, 'none\r'],
      [/Sent[\s\S]*ace>$/, ''],
    );
    expect(acts(desk)[1]?.input).toEqual({ id: 'O1' });
  });

  test('a word for “none” that is one of the options is that option', async () => {
    const options = [
      { value: 'n', label: 'None' },
      { value: 's', label: 'Some' },
    ];
    const fields: Field[] = [{ id: 'risk', kind: 'choice', label: 'Risk', optional: true, options }];
    const desk = scriptedDesk({ go: plain({ ...form, fields }), 'next-step': plain(note('Sent')) });
    const { glass } = sitDown(desk);
    await reply(glass, [/ace>$/, 'go\r'], [/Risk:$/, 'none\r'], [/Sent/, '']);
    expect(acts(desk)[0]?.input).toEqual({ id: 'O1', risk: 'n' });
  });

  test.each([
    ['Thursday', '2025-11-27', 'Thursday,? 27 November 2025'],
    ['by 31 Dec', '2025-12-31', 'Wednesday,? 31 December 2025'],
  ])('a day is taken as a typed line takes it, and shown in full: “%s”', async (typed, day, shown) => {
    const desk = asking();
    const { glass } = sitDown(desk);
    await reply(glass, [/ace>$/, 'go\r'], [TEXT, 'call\r'], [DATE, `${typed}\r`]);
    await reply(glass, [new RegExp(`That is ${shown}\\.[\\s\\S]*Why:$`), '\r'], [/Sent/, '']);
    expect(acts(desk)[0]?.input).toEqual({ id: 'O1', text: 'call', closeDate: day });
  });

  test('an optional field may stay empty and is then left out', async () => {
    const desk = asking();
    const { glass } = sitDown(desk);
    glass.type(`go${ENTER}`);
    await reply(glass, [TEXT, `call${ENTER}`], [DATE, `2026-02-28${ENTER}`], [WHY, ENTER]);
    await glass.shows('Sent');
    expect(acts(desk)[0]?.input).toEqual({ id: 'O1', text: 'call', closeDate: '2026-02-28' });
  });

  test('what is missing, too long or no day is asked again at once; what was typed too long can be shortened', async () => {
    const desk = asking();
    const { glass } = sitDown(desk);
    glass.type(`go${ENTER}`);
    await reply(
      glass,
      [TEXT, ENTER],
      [/This one is needed\.\nText \(0\/20\):$/, `${'x'.repeat(23)}${ENTER}`],
    );
    await glass.shows('3 more than the 20 that fit.');
    await glass.shows(`Text (23/20): ${'x'.repeat(23)}`);
    glass.type('\b\b\b');
    await glass.shows('Text (20/20):');
    glass.type(ENTER);
    await reply(
      glass,
      [DATE, `2026-02-30${ENTER}`],
      [/or 2026-01-31\.\nClose date:$/, `2026-02-28${ENTER}`],
      [WHY, `7${ENTER}`],
      [/A number from 1 to 2, or its name\.\nWhy:$/, `alpha${ENTER}`],
    );
    await glass.shows('Sent');
    expect(acts(desk)[0]?.input).toEqual({
      id: 'O1',
      text: 'x'.repeat(20),
      closeDate: '2026-02-28',
      why: 'a',
    });
  });

  test('a wrong answer is said beside its field, only that field is asked again, the others are kept', async () => {
    const desk = asking(({ input }) =>
      input.closeDate === '2026-03-01'
        ? plain(note('Sent'))
        : plain(
            {
              ...form,
              fields: form.fields.map((field) => ({ ...field, value: String(input[field.id]) })),
              errors: { closeDate: 'That day is past.' },
            },
            [],
            false,
          ),
    );
    const { glass } = sitDown(desk);
    glass.type(`go${ENTER}`);
    await reply(glass, [TEXT, `call${ENTER}`], [DATE, `2020-01-01${ENTER}`], [WHY, `1${ENTER}`]);
    await glass.shows('That day is past.');
    await glass.shows('Now: 2020-01-01');
    await reply(glass, [DATE, `2026-03-01${ENTER}`]);
    await glass.shows('Sent');
    expect(acts(desk)[1]?.input).toEqual({ id: 'O1', text: 'call', closeDate: '2026-03-01', why: 'a' });
  });

  test('left after an answer of the same chain was written, it says that this one stays', async () => {
    const next = (nth: number): Form => ({
      ...form,
      verb: 'sprint',
      fields: form.fields.slice(0, 1),
      input: { id: `O${nth}` },
    });
    const desk = scriptedDesk({
      go: plain(next(1)),
      sprint: ({ input }) =>
        input.id === 'O1' ? plain(next(2)) : { ...plain(next(3)), wrote: true as const },
    });
    const { glass } = sitDown(desk);
    await reply(glass, [/ace>$/, 'go\r'], [TEXT, 'call\r'], [/Text[\s\S]*Text \(0\/20\):$/, 'cancel\r']);
    await reply(glass, [/Left; nothing was sent\.[\s\S]*ace>$/, 'go\r']);
    await reply(glass, [TEXT, 'call\r'], [/call\s[\s\S]*Text \(0\/20\):$/, 'demo\r']);
    await reply(glass, [/demo\s[\s\S]*Text \(0\/20\):$/, 'cancel\r']);
    await glass.shows(/Left; what you saved before stays\.[\s\S]*ace>$/);
  });

  test.each([
    ['the word cancel', `cancel${ENTER}`],
    ['Ctrl-C', `half${CTRL_C}`],
    ['Escape', `half${ESCAPE}`],
  ])('is left by %s: nothing is sent, and the prompt is back and empty', async (_, keys) => {
    const desk = asking();
    const { glass } = sitDown(desk);
    glass.type(`go${ENTER}`);
    await glass.shows('Text (0/20):');
    glass.type(keys);
    await glass.shows('nothing was sent');
    await glass.shows(/ace>$/);
    expect(desk.handled).toEqual([]);
  });

  test('is not answered by what was typed before its question was shown, and the person sees so', async () => {
    const desk = asking();
    const { glass } = sitDown(desk);
    glass.type(`go${ENTER}accept 2${ENTER}half`);
    await glass.shows('(typed before this question, not taken: accept 2 / half)');
    await reply(glass, [TEXT, `call${ENTER}`], [DATE, ENTER], [WHY, ENTER]);
    await glass.shows('Sent');
    expect(acts(desk).map(({ input }) => input.text)).toEqual(['call']);
    expect(desk.said.map(({ text }) => text)).toEqual(['go']);
  });

  test('answers are not called back as commands', async () => {
    const desk = asking();
    const { glass } = sitDown(desk);
    glass.type(`go${ENTER}`);
    await glass.shows('Text (0/20):');
    glass.type(`secret${ENTER}`);
    await glass.shows(/Close date:$/);
    glass.type(`cancel${ENTER}`);
    await glass.shows('nothing was sent');
    await glass.shows(/ace>$/);
    glass.type(UP);
    await glass.shows(/ace> go$/);
  });
});

describe('while AWS works', () => {
  const accepting = () =>
    scriptedDesk({ a: plain(card('Acme', { status: 'Accepting…' }), ['c1', 'c2']), list: plain(list) });

  test('one row tells how far it is, in place, and then what came of it', async () => {
    const desk = accepting();
    const { glass } = sitDown(desk);
    glass.type(`a${ENTER}`);
    await glass.shows('Accepting… · Acme (Enter: go on)');
    desk.progress('c1', note('AWS is working'));
    await glass.shows('AWS is working (Enter: go on)');
    expect(glass.rows().join('\n')).not.toContain('Accepting…');
    desk.settle('c1', done('AWS confirmed the acceptance'));
    await glass.shows(/AWS confirmed the acceptance[\s\S]*ace>$/);
    expect(glass.rows().join('\n')).not.toContain('is working');
  });

  test('lines typed ahead wait their turn', async () => {
    const desk = accepting();
    const { glass } = sitDown(desk);
    glass.type(`a${ENTER}list${ENTER}`);
    await glass.shows('Accepting…');
    expect(desk.said.map(({ text }) => text)).toEqual(['a']);
    desk.settle('c1', done('AWS confirmed it'));
    await glass.shows('Globex');
    expect(glass.rows().join('\n')).toMatch(/AWS confirmed it[\s\S]*Globex/);
  });

  test.each([[ENTER], [CTRL_C]])(
    '%j goes on at once, and the outcome comes later above the prompt',
    async (key) => {
      const desk = accepting();
      const { glass } = sitDown(desk);
      glass.type(`a${ENTER}`);
      await glass.shows('go on)');
      glass.type(key);
      await glass.shows(/Accepting… · Acme \(the outcome comes here; “waiting” shows it\)\nace>$/);
      glass.type('half a li');
      await glass.shows('ace> half a li');
      desk.settle('c1', done('AWS confirmed it'));
      await glass.shows(/— 14:05 —\nAWS confirmed it\n\nace> half a li$/);
      glass.type(`ne${ENTER}`);
      await glass.shows('no answer to half a line');
      expect(glass.rows().filter((row) => row === 'AWS confirmed it')).toHaveLength(1);
    },
  );

  test('when the time is over it says what it waits for; the outcome comes once, however late', async () => {
    const desk = accepting();
    const { glass } = sitDown(desk, { waitMs: 60 });
    glass.type(`a${ENTER}`);
    await glass.shows('Enter: go on');
    desk.progress('c1', note('Waiting for AWS: it does not answer'));
    await glass.shows(/Waiting for AWS: it does not answer \(the outcome comes here/);
    expect(glass.rows().join('\n')).not.toContain('2 business days left');
    await new Promise((resolve) => setTimeout(resolve, 200));
    desk.settle('c1', done('AWS confirmed it'));
    await glass.shows(/— 14:05 —\nAWS confirmed it\n\nace>$/);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(glass.rows().filter((row) => row === 'AWS confirmed it')).toHaveLength(1);
    expect(desk.postings).toEqual([]);
  });

  test('a wait that fails for a while is taken up again', async () => {
    const desk = accepting();
    const { settled } = desk;
    let failures = 0;
    desk.settled = (...wait) => {
      if (failures++ === 1) return Promise.reject(new Error('the database is away'));
      return settled(...wait);
    };
    const { glass } = sitDown(desk, { waitMs: 30 });
    glass.type(`a${ENTER}`);
    await glass.shows('the outcome comes here');
    desk.settle('c1', done('AWS confirmed it'));
    await glass.shows('AWS confirmed it');
    expect(failures).toBeGreaterThan(1);
  });

  test('leaving says how many acts are still with AWS, and when they go on', async () => {
    const desk = accepting();
    const { glass, code } = sitDown(desk, { waitMs: 30 });
    glass.type(`a${ENTER}quit${ENTER}`);
    expect(await code).toBe(0);
    expect(glass.rows().at(-1)).toBe('1 still with AWS; it goes on when ace-desk runs again. Goodbye.');
  });

  test('what settled meanwhile is not mentioned on leaving', async () => {
    const desk = accepting();
    const { glass, code } = sitDown(desk, { waitMs: 30 });
    glass.type(`a${ENTER}`);
    await glass.shows('the outcome comes here');
    desk.settle('c1', done('ok'));
    glass.type(`quit${ENTER}`);
    await code;
    expect(glass.rows().at(-1)).toBe('Goodbye.');
  });

  test('the input ending while AWS works ends the session, not the Change', async () => {
    const desk = accepting();
    const { glass, code } = sitDown(desk);
    glass.type(`a${ENTER}`);
    await glass.shows('go on)');
    glass.input.end();
    expect(await code).toBe(0);
    expect(glass.rows().at(-1)).toContain('1 still with AWS');
  });
});

describe('late news', () => {
  const lead = { tenant: 'local', user: 'lead@partner.example' };

  test.each([80, 40])('leave a long half-typed line as it is, on %d columns', async (columns) => {
    const desk = scriptedDesk({});
    const { glass, it } = sitDown(desk, {}, columns);
    await glass.shows('ace>');
    const typed = 'next-step 2: a text that is longer than one row of a narrow window, and then some';
    glass.type(typed);
    await glass.shows(/some$/);
    await it.messenger.tell(lead, problem('Globex has expired.', ['Nobody accepted it.']));
    await it.messenger.tell(lead, note('And another one.'));
    await glass.shows('another one');
    const text = glass.rows().join('\n');
    expect(text).toMatch(/Globex has expired\.\n {2}Nobody accepted it\.\n[\s\S]*And another one\./);
    const bottom = glass.rows().slice(-Math.ceil((typed.length + 5) / columns));
    expect(
      bottom
        .map((row) => row.padEnd(columns))
        .join('')
        .trimEnd(),
    ).toBe(`ace> ${typed}`);
    expect(text.split('ace> ')).toHaveLength(2);
    glass.type(`!${ENTER}`);
    await glass.shows('no answer');
    expect(desk.said.map((it) => it.text)).toEqual([`${typed}!`]);
  });

  test('do not disturb a question that is being answered', async () => {
    const desk = scriptedDesk({ go: plain(form), 'next-step': plain(note('Sent')) });
    const { glass, it } = sitDown(desk);
    glass.type(`go${ENTER}`);
    await glass.shows('Text (0/20):');
    glass.type('call');
    await it.messenger.tell(lead, note('News'));
    await glass.shows(/News\n\nText \(4\/20\): call$/);
    glass.type(ENTER);
    await reply(glass, [DATE, ENTER], [WHY, ENTER]);
    await glass.shows('Sent');
    expect(acts(desk)[0]?.input.text).toBe('call');
  });
});

describe('the screen itself', () => {
  test('a hostile reply writes no sequence but readline’s own', async () => {
    const evil = '\u001b[2J\u001b]0;owned\u0007\u009b5mAcme';
    const { glass, it } = sitDown(scriptedDesk({ go: plain(card(evil, { body: evil })) }), {
      practice: async () => evil,
    });
    glass.type(`go${ENTER}practice x${ENTER}`);
    await glass.shows(/Acme[\s\S]*Acme/);
    await it.messenger.tell({ tenant: 'local', user: 'lead@partner.example' }, problem(evil));
    for (const sequence of ['\u001b[2J', '\u001b]', '\u0007', '\u009b'])
      expect(glass.written()).not.toContain(sequence);
  });

  test('forty columns are enough', async () => {
    const { glass } = sitDown(
      scriptedDesk({ list: plain(list), go: plain(form) }),
      { practice: async () => '' },
      40,
    );
    glass.type(`list${ENTER}`);
    await glass.shows('[1] Accept');
    glass.type(`go${ENTER}`);
    await glass.shows('Text (0/20):');
    for (const row of glass.rows()) expect(row.length).toBeLessThanOrEqual(40);
    expect(glass.rows()).toContain('2. Globex — 5 h left');
  });

  test('colours are there only where the terminal has them', async () => {
    const plainGlass = sitDown(scriptedDesk({ list: plain(list) })).glass;
    plainGlass.type(`list${ENTER}`);
    await plainGlass.shows('Globex');
    expect(plainGlass.written()).not.toContain('\u001b[1m');
    const glass = createGlass();
    const output = Object.assign(glass.output, { hasColors: () => true });
    const { code } = sitDown(scriptedDesk({ list: plain(list) }), { input: glass.input, output });
    glass.type(`list${ENTER}`);
    await glass.shows('Globex');
    expect(glass.written()).toContain('\u001b[1m');
    glass.type(`quit${ENTER}`);
    await code;
  });
});
