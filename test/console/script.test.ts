import { PassThrough, Readable, Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { dayCalled } from '../../src/bot/dates.ts';
import { GoneForGood } from '../../src/bot/intent.ts';
import { type ConsoleOptions, createConsole } from '../../src/console/console.ts';
import { done, type Form, note, problem } from '../../src/views/view.ts';
import { card, plain, type ScriptedDesk, scriptedDesk } from './scripted-desk.ts';

const form: Form = {
  kind: 'form',
  verb: 'next-step',
  title: 'Next step',
  submit: 'Send',
  input: { id: 'O77' },
  fields: [{ id: 'text', kind: 'text', label: 'Next step', maxLength: 255 }],
  usage: 'next-step <deal>: <text> [(close <closeDate>)]',
};

const answers = {
  'list pending': plain(note('Two pending')),
  'show 9': plain(problem('I know no deal “9”.'), [], false),
  'accept 1': plain(card('Acme', { status: 'Accepting…' }), ['c1']),
  'accept 2': plain(card('Globex', { status: 'Accepting…' }), ['c2']),
  'next-step O77': plain(form),
};

function collector() {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, callback) {
      text += chunk;
      callback();
    },
  });
  return { stream, text: () => text };
}

function scripted(input: Readable, desk: ScriptedDesk, more: Partial<ConsoleOptions> = {}) {
  const [out, err] = [collector(), collector()];
  const it = createConsole({
    dayCalled,
    desk,
    input,
    output: out.stream,
    errorOutput: err.stream,
    isTerminal: false,
    as: 'Lead@Partner.example',
    operator: 'root',
    waitMs: 2_000,
    now: () => new Date('2025-11-21T10:00:00Z'),
    ...more,
  });
  return { it, out: out.text, err: err.text };
}

const lines = (...all: string[]) => Readable.from([`${all.join('\n')}\n`]);

describe('a script', () => {
  test('answers each line in order and ends with 0 when all went well', async () => {
    const { it, out, err } = scripted(
      lines('# morning', '', 'list pending', '  list pending  '),
      scriptedDesk(answers),
    );
    expect(await it.run()).toBe(0);
    expect(out()).toBe('Two pending\n\nTwo pending\n\n');
    expect(err()).toBe('');
  });

  test('a line that fails makes it 1, and the lines after it run all the same', async () => {
    const desk = scriptedDesk(answers);
    const { it, out } = scripted(lines('show 9', 'list pending'), desk);
    expect(await it.run()).toBe(1);
    expect(out()).toBe('I know no deal “9”.\n\nTwo pending\n\n');
  });

  test('a line waits until AWS has answered before the next one is read', async () => {
    const desk = scriptedDesk(answers);
    const { it, out, err } = scripted(lines('accept 1', 'list pending'), desk);
    const code = it.run();
    while (desk.said.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(desk.said.map(({ text }) => text)).toEqual(['accept 1']);
    expect(out()).toBe('');
    desk.progress('c1', note('Accepting…'));
    desk.progress('c1', note('Accepting…'));
    desk.progress('c1', note('AWS is working'));
    desk.settle('c1', done('AWS confirmed the acceptance'));
    expect(await code).toBe(0);
    expect(out()).toBe('AWS confirmed the acceptance\n\nTwo pending\n\n');
    expect(err()).toBe('Accepting…\nAWS is working\n');
  });

  test('a refusal by AWS makes it 1', async () => {
    const desk = scriptedDesk(answers);
    desk.settle('c1', problem('AWS refused the acceptance'), false);
    const { it, out } = scripted(lines('accept 1'), desk);
    expect(await it.run()).toBe(1);
    expect(out()).toContain('AWS refused');
  });

  test('what does not settle in time is said to go on, and makes it 1', async () => {
    const { it, out } = scripted(lines('accept 2'), scriptedDesk(answers), { waitMs: 20 });
    expect(await it.run()).toBe(1);
    expect(out()).toMatch(/AWS is still working on\s“accept 2”/);
  });

  test('a form cannot be asked here: it says what is missing and how to say it, never a line that could be sent as it stands; and it makes 1', async () => {
    const desk = scriptedDesk(answers);
    const { it, out } = scripted(lines('next-step O77'), desk);
    expect(await it.run()).toBe(1);
    expect(out().replace(/\s+/g, ' ').trim()).toBe(
      'Not done: “Next step” is missing, and a script has nobody to ask. Say it in one line: “next-step O77: <text> [(close <closeDate>)]”. “help next-step” shows how.',
    );
    expect(desk.handled).toEqual([]);
  });

  test('what cannot be taken back is not done without “(yes)”, and says what would be lost', async () => {
    const fields = form.fields.map((it) => ({ ...it, value: 'typed' }));
    const intro = ['Launched can never be undone.'];
    const desk = scriptedDesk({ go: plain({ ...form, intro, fields, input: { id: 'O1', sure: 'yes' } }) });
    const { it, out } = scripted(lines('go'), desk);
    expect(await it.run()).toBe(1);
    expect(out().replace(/\s+/g, ' ').trim()).toBe(
      'Launched can never be undone. Not done yet. Say the same line with “(yes)” at its end, and it is.',
    );
    expect(desk.handled).toEqual([]);
  });

  test('a wrong answer is told as it is; where something is missing as well, also how a line says it', async () => {
    const date = { id: 'closeDate', kind: 'date', label: 'New close date' } as const;
    const [text] = form.fields;
    const fields = text ? [{ ...text, value: 'typed' }] : [];
    const desk = scriptedDesk({
      long: plain({ ...form, fields, errors: { text: '45 too many: AWS takes 255 characters.' } }, [], false),
      past: plain({ ...form, fields: [...fields, date], errors: { closeDate: 'It is past.' } }, [], false),
    });
    const { it, out } = scripted(lines('long', 'past'), desk);
    expect(await it.run()).toBe(1);
    const [long, past] = out().trim().split('\n\n');
    expect(long).toBe('45 too many: AWS takes 255 characters.');
    expect(past?.replace(/\s+/g, ' ')).toBe(
      'It is past. Say it in one line: “next-step O77: <text> [(close <closeDate>)]”. “help next-step” shows how.',
    );
  });

  test('a bare number presses nothing: it is said as it is', async () => {
    const desk = scriptedDesk({
      list: plain(card('Acme', { buttons: [{ verb: 'accept', label: 'Accept', input: {} }] })),
    });
    await scripted(lines('list', '1'), desk).it.run();
    expect(desk.handled).toEqual([]);
    expect(desk.said.map(({ text }) => text)).toEqual(['list', '1']);
  });

  test('each line is its own act of the person, and names the operating-system user', async () => {
    const desk = scriptedDesk(answers);
    await scripted(lines('list pending', 'list pending'), desk).it.run();
    const [first, second] = desk.said;
    expect(first?.key).toMatch(/^console:root:[0-9a-f-]{36}$/);
    expect(first?.key).not.toBe(second?.key);
    expect(first?.from).toMatchObject({
      platform: 'console',
      tenant: 'local',
      user: 'lead@partner.example',
      email: 'lead@partner.example',
      conversation: 'console',
      operator: 'root',
    });
    expect(first?.from.timeZone).toBeTruthy();
  });

  test('quit ends it, as does the end of the input without a line end', async () => {
    const desk = scriptedDesk(answers);
    expect(await scripted(lines('quit', 'show 9'), desk).it.run()).toBe(0);
    expect(await scripted(Readable.from(['list pending\r\nlist pending']), desk).it.run()).toBe(0);
    expect(desk.said.map(({ text }) => text)).toEqual(['list pending', 'list pending']);
  });

  test('nothing it prints is a terminal sequence, whatever the colours of the terminal', async () => {
    const desk = scriptedDesk({ list: plain(card('\u001b[31mAcme', { body: '\u001b]0;x\u0007ok' })) });
    const { it, out } = scripted(lines('list'), desk, { practice: async () => 'x' });
    await it.run();
    expect(out()).not.toContain('\u001b');
  });

  test('practice lines play AWS’s side; a word practice does not know makes it 1', async () => {
    const practice = async (words: string) => {
      if (words === 'expire 3') return 'Expired.';
      throw Object.assign(new Error('I can play: expire.'), { name: 'UserError' });
    };
    const desk = scriptedDesk({});
    const good = scripted(lines('practice expire 3'), desk, { practice });
    expect(await good.it.run()).toBe(0);
    expect(good.out()).toBe('Expired.\n\n');
    const bad = scripted(lines('PRACTICE dance'), desk, { practice });
    expect(await bad.it.run()).toBe(1);
    expect(bad.out()).toBe('I can play: expire.\n\n');
    expect(desk.said).toEqual([]);
  });

  test('outside practice mode “practice” is a line like any other', async () => {
    const desk = scriptedDesk({});
    await scripted(lines('practice expire 3'), desk).it.run();
    expect(desk.said).toHaveLength(1);
  });

  test('close ends it after the line that is under way', async () => {
    const desk = scriptedDesk(answers);
    const input = new PassThrough();
    const { it, out } = scripted(input, desk);
    const code = it.run();
    input.write('list pending\n');
    while (out() === '') await new Promise((resolve) => setImmediate(resolve));
    it.close();
    expect(await code).toBe(0);
  });

  test('when nobody reads its output any more, it asks for nothing more', async () => {
    const desk = scriptedDesk(answers);
    const output = new Writable({ write: (_chunk, _encoding, callback) => callback(new Error('EPIPE')) });
    const { it } = scripted(lines('list pending', ...Array<string>(50).fill('accept 1')), desk, {
      output,
      waitMs: 10,
    });
    await it.run();
    expect(desk.said.length).toBeLessThan(5);
  });
});

describe('the messenger', () => {
  const told = async (user: string, running: boolean) => {
    const input = new PassThrough();
    const { it, out } = scripted(input, scriptedDesk(answers));
    const code = running ? it.run() : undefined;
    const telling = it.messenger.tell({ tenant: 'local', user }, note('A secret'));
    const outcome = await telling.then(
      () => 'told',
      (error: unknown) => (error instanceof GoneForGood ? 'gone for good' : 'try again'),
    );
    input.end();
    await code;
    return `${outcome}: ${out().trim()}`;
  };

  test('tells the one who sits here', async () => {
    expect(await told('lead@partner.example', true)).toBe('told: A secret');
  });

  test('never tells one person what is for another', async () => {
    expect(await told('ana@partner.example', true)).toBe('gone for good: ');
  });

  test('keeps what it has to tell for later while nobody sits here', async () => {
    expect(await told('lead@partner.example', false)).toBe('try again: ');
  });

  test('does not redraw what was printed', async () => {
    const { it } = scripted(lines(), scriptedDesk({}));
    await expect(it.messenger.redraw({ session: 'an earlier one' }, note('x'))).rejects.toBeInstanceOf(
      GoneForGood,
    );
  });
});
