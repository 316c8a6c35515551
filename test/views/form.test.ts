import { describe, expect, test } from '@jest/globals';
import { type Opportunity, STAGES } from '../../src/pipeline/deal.ts';
import { nextStepForm, queueNote } from '../../src/views/form.ts';
import { leadForm } from '../../src/views/lead-form.ts';
import { type RepairDraft, repairForm } from '../../src/views/repair.ts';
import { type StageDraft, stageForm } from '../../src/views/stage.ts';
import type { Form } from '../../src/views/view.ts';
import { lead, opportunity } from '../pipeline/samples.ts';

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
      hint: 'AWS has Fri 14 Nov. AWS takes no update while it is past.',
    });
    expect(dateOf({ errors: { closeDate: 'AWS takes no update without a new one.' } })).not.toHaveProperty(
      'hint',
    );
  });

  test('a date field holds days only; what else was said stands in the error beside it', () => {
    const errors = { closeDate: 'I do not know the date “soon”.' };
    const { fields } = nextStepForm(opportunity(), { today: TODAY, text: 'Demo', closeDate: 'soon', errors });
    expect(fields.map(({ id, value }) => [id, value])).toEqual([
      ['text', 'Demo'],
      ['closeDate', undefined],
    ]);
  });

  test('its title and button fit Slack’s 24 characters', () => {
    const { title, submit } = nextStepForm(opportunity(), { today: TODAY });
    expect(Math.max(title.length, submit.length)).toBeLessThanOrEqual(24);
  });
});

test('queue it or drop it: the first button carries the whole answer', () => {
  const note = queueNote(opportunity(), 'AWS is reviewing it.', {
    verb: 'next-step',
    what: ['“Demo”'],
    input: { id: 'O1234567', text: 'Demo', closeDate: '2025-12-05' },
  });
  expect(note.text).toBe('Gamma SA – SAP to AWS: AWS is reviewing it.');
  expect(note.lines).toEqual([
    '“Demo”',
    'If you queue it, it goes to AWS by itself once the review is over; until then “waiting” can take it back.',
    'In a typed line “(queue)” at its end queues it.',
  ]);
  expect(note.buttons?.map(({ label, verb, input }) => [label, verb, input])).toEqual([
    ['Queue it', 'next-step', { id: 'O1234567', text: 'Demo', closeDate: '2025-12-05', queue: 'yes' }],
    ['Drop it', 'next-step', { id: 'O1234567', queue: 'no' }],
  ]);
});

describe('the form of a change of stage', () => {
  const circumstances = { today: TODAY, solutions: [{ id: 'S-1', name: 'Lake\nin a week' }] };
  const form = (more: Partial<StageDraft> = {}, deal: Partial<Opportunity> = {}) =>
    stageForm(opportunity(deal), { circumstances, values: {}, errors: {}, ...more });
  const ids = ({ fields }: Form) => fields.map(({ id }) => id);
  const field = ({ fields }: Form, id: string) => fields.find((it) => it.id === id);

  test('asks for the stage and the next step, and says how far each stage is', () => {
    const first = form({}, { stage: 'Technical Validation' });
    expect(ids(first)).toEqual(['stage', 'nextStep']);
    expect(field(first, 'stage')).toMatchObject({
      options: [
        { value: 'Prospect', label: 'Prospect – back from Technical Validation' },
        { value: 'Qualified', label: 'Qualified – back from Technical Validation' },
        { value: 'Business Validation', label: 'Business Validation' },
        { value: 'Committed', label: 'Committed – skips Business Validation' },
        { value: 'Launched', label: 'Launched – skips 2 stages' },
        { value: 'Closed Lost', label: 'Closed Lost' },
      ],
    });
    expect(first.input).toEqual({ id: 'O1234567' });
    expect(first.intro).toContain('Stage now: Technical Validation');
  });

  test('launched asks for all that AWS wants, shows old → new, and says what can no longer be done', () => {
    const launch = form({ stage: 'Launched', values: { closeDate: TODAY } }, { solutions: [] });
    expect(ids(launch)).toEqual(['stage', 'solution', 'closeDate', 'awsAccountId', 'billing', 'nextStep']);
    expect(launch.intro).toEqual([
      'Gamma SA – SAP to AWS',
      'Stage: Qualified → Launched, skips 3 stages',
      'Close date: Fri 16 Jan 2026 → Fri 21 Nov',
      expect.stringContaining('AWS takes no next step, no other stage and no other close date'),
    ]);
    expect([launch.submit, launch.input]).toEqual([
      'Set Launched',
      { id: 'O1234567', shown: 'Launched', sure: 'yes' },
    ]);
    expect(field(launch, 'awsAccountId')).toMatchObject({ optional: true });
    expect(field(launch, 'billing')).toMatchObject({
      options: [{ value: 'yes', label: 'Yes, billing has begun' }],
    });
    expect(field(launch, 'solution')).toMatchObject({
      options: [{ value: 'S-1', label: 'Lake in a week (S-1)' }],
    });
  });

  test('on the services path the account ID is a must; one that is known stands there', () => {
    const services = { ...circumstances, partnerPath: 'services' as const };
    const asked = form({ stage: 'Launched', circumstances: services }, { awsAccountId: '123456789012' });
    expect(field(asked, 'awsAccountId')).toMatchObject({ value: '123456789012' });
    expect(field(asked, 'awsAccountId')).not.toHaveProperty('optional');
  });

  test('closed lost asks for the day and the reason', () => {
    const lost = form({ stage: 'Closed Lost', values: { closedLostReason: 'price' } });
    expect(ids(lost)).toEqual(['stage', 'closeDate', 'closedLostReason', 'nextStep']);
    expect(field(lost, 'closedLostReason')).toMatchObject({ value: 'Price' });
    expect(field(lost, 'closeDate')).toMatchObject({
      hint: 'The day it closed; AWS takes today, Fri 21 Nov, at the earliest. AWS has Fri 16 Jan 2026.',
    });
  });

  test('values and errors come back, also where nobody asked', () => {
    const back = form({
      stage: 'Prospect',
      values: { closeDate: '2020-01-01', nextStep: 'Demo' },
      errors: { closeDate: 'past' },
    });
    expect(back.errors).toEqual({ closeDate: 'past' });
    expect(back.fields.map(({ id, value }) => [id, value])).toEqual([
      ['stage', 'Prospect'],
      ['closeDate', '2020-01-01'],
      ['nextStep', 'Demo'],
    ]);
  });

  test('AWS’s own terminal stage is said, and that the record is held', () => {
    const { intro } = form({}, { reviewStatus: 'In review', aws: { stage: 'Launched', contacts: [] } });
    expect(intro).toContain('AWS says Launched.');
    expect(intro).toContain('AWS is reviewing this deal: you will be asked whether to queue it.');
  });

  test('fits Slack: 24 characters for title and button, 75 for an option, all from every stage', () => {
    for (const stage of STAGES) {
      const all = form({ stage }, { stage: 'Prospect' });
      expect(Math.max(all.title.length, all.submit.length)).toBeLessThanOrEqual(24);
      for (const it of all.fields)
        if (it.kind === 'choice')
          for (const { label } of it.options) expect(label.length).toBeLessThanOrEqual(75);
    }
  });
});

describe('the form of a repair', () => {
  const asked = (more: Partial<Opportunity> = {}) =>
    opportunity({
      reviewStatus: 'Action Required',
      reviewComments: 'The website\u202E does not open.',
      website: 'https://gamma.example',
      country: 'FR',
      ...more,
    });
  const form = (more: Partial<RepairDraft> = {}, deal: Partial<Opportunity> = {}) =>
    repairForm(asked(deal), { today: TODAY, values: {}, errors: {}, ...more });

  test('has AWS’s remark on top and only what is unlocked, as it stands', () => {
    expect(form().intro).toContain('AWS’s remark: The website does not open.');
    expect(form().fields.map(({ id, value, optional }) => [id, value ?? '', optional ?? false])).toEqual([
      ['website', 'https://gamma.example', false],
      ['businessProblem', '', false],
      ['closeDate', '2026-01-16', false],
      ['spendAmount', '900.5', false],
      ['spendCurrency', 'EUR', false],
      ['estimationUrl', '', true],
      ['country', 'FR', false],
      ['state', '', true],
      ['postalCode', '', true],
      ['city', '', true],
      ['street', '', true],
      ['partnerId', '', true],
    ]);
  });

  test('what was typed and what is wrong with it come back', () => {
    const back = form({ values: { website: 'x' }, errors: { website: 'Write a web address' } });
    expect(back.fields[0]).toMatchObject({ id: 'website', value: 'x' });
    expect(back.errors).toEqual({ website: 'Write a web address' });
  });

  test('a close date that is past is asked anew', () => {
    const [, , date] = form({}, { closeDate: '2025-11-14' }).fields;
    expect(date).toMatchObject({ hint: 'AWS has Fri 14 Nov. AWS takes no update while it is past.' });
    expect(date).not.toHaveProperty('value');
  });

  test('of a national security opportunity the customer’s fields may stay empty', () => {
    const may = form({}, { nationalSecurity: true })
      .fields.filter((it) => it.optional)
      .map(({ id }) => id);
    expect(may).toEqual(expect.arrayContaining(['website', 'country', 'state', 'postalCode']));
  });

  test('all 249 countries are there by name, in their order, and no label is too long for Slack', () => {
    const country = form().fields.find(({ id }) => id === 'country');
    if (country?.kind !== 'choice') throw new Error('not a choice');
    expect(country.options).toHaveLength(249);
    expect(country.options[0]).toEqual({ value: 'AF', label: 'Afghanistan' });
    for (const { label } of country.options) expect(label.length).toBeLessThanOrEqual(75);
  });
});

describe('the form of a lead', () => {
  test('asks for status and what happened, one of them at least', () => {
    const form = leadForm(lead(), { errors: {} });
    expect(form.fields.map(({ id, value, optional }) => [id, value, optional])).toEqual([
      ['status', 'Research', true],
      ['happened', undefined, true],
    ]);
    expect(form.intro).toEqual(['Beta Ltd – Database', 'Status now: Research']);
    expect([form.submit, form.input]).toEqual(['Send to AWS', { id: 'eng-abc12345678901' }]);
  });

  test('disqualifying is shown old → new, and sending it is the yes', () => {
    const form = leadForm(lead(), { status: 'disqualified', happened: 'No budget', errors: {} });
    expect(form.intro).toEqual([
      'Beta Ltd – Database',
      'Status: Research → Disqualified',
      'What happened: “No budget”',
      expect.stringContaining('will not become an opportunity'),
    ]);
    expect([form.submit, form.input]).toEqual(['Disqualify', { id: 'eng-abc12345678901', sure: 'yes' }]);
    expect(leadForm(lead({ qualification: 'Disqualified' }), { errors: {} }).input).not.toHaveProperty(
      'sure',
    );
  });

  test('a word of AWS’s own is said and not chosen for them', () => {
    const form = leadForm(lead({ qualification: 'Nurturing' }), { errors: {} });
    expect(form.intro).toContain('Status now: Nurturing');
    expect(form.fields[0]).not.toHaveProperty('value');
  });

  test('each status fits Slack’s 75 characters', () => {
    const [status] = leadForm(lead(), { errors: {} }).fields;
    const labels = status?.kind === 'choice' ? status.options.map(({ label }) => label) : [];
    expect(labels).toHaveLength(4);
    expect(Math.max(...labels.map((label) => label.length))).toBeLessThanOrEqual(75);
  });
});
