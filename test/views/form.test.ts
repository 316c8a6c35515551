import { describe, expect, test } from '@jest/globals';
import { nextStepForm, queueNote } from '../../src/views/form.ts';
import { opportunity } from '../pipeline/samples.ts';

const TODAY = '2025-11-21';

describe('the form of a next step', () => {
  test('says who reads it, shows the last ones, and asks one thing', () => {
    expect(nextStepForm(opportunity(), { today: TODAY })).toEqual({
      kind: 'form',
      verb: 'next-step',
      title: 'Next step',
      submit: 'Send to AWS',
      intro: [
        'Gamma SA – SAP to AWS',
        'AWS reads this.',
        'Last next steps:',
        'Wed 12 Nov: “Call the CTO”',
        'Sat 1 Nov: “First meeting”',
      ],
      fields: [
        {
          id: 'text',
          kind: 'text',
          label: 'Next step',
          hint: 'What happens next, who does it, by when.',
          maxLength: 255,
          multiline: true,
        },
      ],
      input: { id: 'O1234567' },
    });
  });

  test('asks for a new close date only where the stored one is past, by the person’s day', () => {
    const ids = (today: string, closeDate: string) =>
      nextStepForm(opportunity({ closeDate }), { today }).fields.map(({ id }) => id);
    expect(ids('2025-11-21', '2025-11-21')).toEqual(['text']);
    expect(ids('2025-11-22', '2025-11-21')).toEqual(['text', 'closeDate']);
  });

  test('a wrong answer comes back with what was typed and the message beside its field', () => {
    const errors = { text: '1 too many', closeDate: 'That is past' };
    const form = nextStepForm(opportunity(), {
      today: TODAY,
      text: 'typed',
      closeDate: '2025-01-01',
      errors,
    });
    expect(form.errors).toEqual(errors);
    expect(form.fields.map(({ id, value }) => [id, value])).toEqual([
      ['text', 'typed'],
      ['closeDate', '2025-01-01'],
    ]);
  });

  test('says beforehand that AWS holds the record', () => {
    const form = nextStepForm(opportunity({ reviewStatus: 'Submitted', nextSteps: [], nextStep: '' }), {
      today: TODAY,
    });
    expect(form.intro).toContain('AWS is reviewing this deal: you will be asked whether to queue it.');
    expect(form.intro).toContain('There is no next step yet.');
  });

  test('shows the next step that stands where AWS tells no history', () => {
    const { intro } = nextStepForm(opportunity({ nextSteps: [] }), { today: TODAY });
    expect(intro?.at(-1)).toBe('The next step now: “Call the CTO”');
  });

  test('says once that AWS takes no update while the date is past, and how a line says the new one', () => {
    const past = opportunity({ closeDate: '2025-11-14' });
    const dateOf = (draft: object) => nextStepForm(past, { today: TODAY, ...draft }).fields[1];
    expect(dateOf({})).toMatchObject({
      hint: 'It was Fri 14 Nov. AWS takes no update while it is past.',
      typedAs: '“(close YYYY-MM-DD)”',
    });
    expect(dateOf({ errors: { closeDate: 'AWS takes no update without a new one.' } })).not.toHaveProperty(
      'hint',
    );
  });

  test('its title and button fit Slack’s 24 characters', () => {
    const { title, submit } = nextStepForm(opportunity(), { today: TODAY });
    expect(Math.max(title.length, submit.length)).toBeLessThanOrEqual(24);
  });
});

test('queue it or drop it: both buttons carry the whole answer', () => {
  const note = queueNote(opportunity(), 'AWS is reviewing it.', {
    id: 'O1234567',
    text: 'Demo',
    closeDate: '2025-12-05',
  });
  expect(note.text).toBe('Gamma SA – SAP to AWS: AWS is reviewing it.');
  expect(note.lines?.[0]).toBe('“Demo”');
  expect(note.buttons?.map(({ label, verb, input }) => [label, verb, input])).toEqual([
    ['Queue it', 'next-step', { id: 'O1234567', text: 'Demo', closeDate: '2025-12-05', queue: 'yes' }],
    ['Drop it', 'next-step', { id: 'O1234567', queue: 'no' }],
  ]);
});
