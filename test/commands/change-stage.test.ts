/** change-stage: at the console and through Slack's form, from a next step to what cannot be taken back. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addDays, dayIn } from '../../src/pipeline/calendar.ts';
import { databases } from '../support/databases.ts';
import { flat, TEAM } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { fieldsOf, screenOf } from '../support/slack-screen.ts';

const ROCKET = '🚀';

describe.each(databases)('on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  const sent = async (id: string) => (await house.effects(id)).map(({ kind, value }) => [kind, value]);
  const changes = (dealId: string) =>
    house.store.prisma.change.findMany({ where: { dealId }, orderBy: { seq: 'asc' } });
  // Ana's and AWS's day, whatever the hour.
  const today = () => dayIn(new Date(), 'UTC');
  const later = () => addDays(today(), 30);
  const ids = (form: { content: { blocks?: unknown } }) => fieldsOf(form.content.blocks).map((it) => it.id);
  const shownIn = (form: { content: { blocks?: unknown } }, id: string) =>
    fieldsOf(form.content.blocks).find((it) => it.id === id)?.value;

  test('one line at the console moves the stage, with a next step in the same update', async () => {
    const id = await house.idOf('Northgate Tram Works');
    const { text, code } = await house.script(
      'change-stage Northgate Tram Works: qualified (next step Pilot agreed)\n',
    );
    expect(flat(text)).toContain('Northgate Tram Works: AWS confirmed');
    expect(code).toBe(0);
    expect(await sent(id)).toEqual([
      ['update', { 'LifeCycle.Stage': 'Qualified', 'LifeCycle.NextSteps': 'Pilot agreed' }],
    ]);
  });

  test('without a stage Slack asks for it; what needs nothing more is done by that answer', async () => {
    const id = await house.idOf('Copperfield & Wren: Optics');
    const asked = await house.say('TOM', `change-stage ${id}`);
    expect(asked).toContain('Stage now: Technical Validation');
    expect(asked).toContain('Qualified – back from Technical Validation');
    const form = await house.form('TOM');
    expect(ids(form)).toEqual(['stage', 'nextStep']);
    await house.submit(form, { stage: 'Qualified', nextStep: 'Back to the requirements' });
    await house.quiet();
    expect(await sent(id)).toEqual([
      ['update', { 'LifeCycle.Stage': 'Qualified', 'LifeCycle.NextSteps': 'Back to the requirements' }],
    ]);
  });

  test('closed lost: the form comes back with what AWS wants, old → new, values kept, and submitting it once is the yes', async () => {
    const id = await house.idOf('Juniper Lane Pharmacies');
    await house.say('JONAS', `change-stage ${id}`);
    const form = await house.form('JONAS');
    await house.submit(form, { stage: 'Closed Lost', nextStep: 'They went elsewhere' });
    expect(form.isOpen).toBe(true);
    expect(ids(form)).toEqual(['stage', 'closeDate', 'closedLostReason', 'nextStep']);
    expect(shownIn(form, 'nextStep')).toBe('They went elsewhere');
    expect(screenOf(form.content)).toContain('Stage: Qualified → Closed Lost');
    expect(screenOf(form.content)).toContain('This cannot be taken back');
    expect(await changes(id)).toEqual([]);
    await house.submit(form, { closedLostReason: 'Price' });
    expect(form.errors).toHaveProperty('closeDate');
    await house.submit(form, { closedLostReason: 'Price', closeDate: addDays(today(), -3) });
    expect(form.errors.closeDate).toContain('is past. AWS takes today or later.');
    await house.submit(form, { closedLostReason: 'Price', closeDate: later() });
    await house.quiet();
    expect(await sent(id)).toEqual([
      [
        'update',
        {
          'LifeCycle.Stage': 'Closed Lost',
          'LifeCycle.ClosedLostReason': 'Price',
          'LifeCycle.TargetCloseDate': later(),
          'LifeCycle.NextSteps': 'They went elsewhere',
        },
      ],
    ]);
    const shown = flat((await house.script(`show ${id}\n`)).text);
    expect(shown).toContain('Closed Lost (Price)');
    const again = await house.script(`change-stage ${id}: Prospect\n`);
    expect([again.code, flat(again.text)]).toEqual([1, expect.stringContaining('It is closed lost')]);
  });

  test('another stage than the questions were for: the same form asks anew, and what was said for it stays', async () => {
    const id = await house.idOf('Palisade Mutual Bank');
    await house.say('TOM', `change-stage ${id}`);
    const form = await house.form('TOM');
    await house.submit(form, { stage: 'Closed Lost', nextStep: 'Kept' });
    await house.submit(form, { stage: 'Launched', closedLostReason: 'Price', closeDate: later() });
    expect(ids(form)).toEqual(['stage', 'solution', 'closeDate', 'awsAccountId', 'billing', 'nextStep']);
    expect(shownIn(form, 'stage')).toBe('Launched');
    expect(shownIn(form, 'nextStep')).toBe('Kept');
    expect(shownIn(form, 'closeDate')).toBe(later());
    await house.submit(form, { stage: 'Committed', solution: 'S-0001235', billing: 'yes' });
    expect(ids(form)).toEqual(['stage', 'solution', 'nextStep']);
    expect([shownIn(form, 'nextStep'), shownIn(form, 'solution')]).toEqual(['Kept', 'S-0001235']);
    expect(await changes(id)).toEqual([]);
  });

  test('launched: account ID, billing and the day; a script says “(yes)”, and without it nothing happens', async () => {
    const id = await house.idOf('Old Quarter Theatres');
    const line = `change-stage ${id}: Launched (close ${later()}) (account 1234-5678-9012)`;
    const unsure = await house.script(`${line}\n`);
    expect(unsure.code).toBe(1);
    expect(flat(unsure.text)).toContain('“(yes)”');
    expect(await changes(id)).toEqual([]);
    const wrong = await house.script(`${line.replace('9012', '901')} (yes)\n`);
    expect([wrong.code, flat(wrong.text)]).toEqual([1, expect.stringContaining('12 digits')]);
    const sure = await house.script(`${line} (yes)\n`);
    expect(flat(sure.text)).toContain('AWS confirmed');
    expect(sure.code).toBe(0);
    expect(await sent(id)).toEqual([
      [
        'update',
        {
          'LifeCycle.Stage': 'Launched',
          'LifeCycle.TargetCloseDate': later(),
          'Customer.Account.AwsAccountId': '123456789012',
        },
      ],
    ]);
    expect(flat((await house.script(`show ${id}\n`)).text)).not.toContain('123456789012');
  });

  test('“Other” does not do at Committed: a solution is chosen, associated first, and both halves are reported', async () => {
    const id = await house.idOf('Ravensworth Glass Works');
    await house.say('TOM', `change-stage ${id}`);
    const form = await house.form('TOM');
    await house.submit(form, { stage: 'Committed' });
    expect(ids(form)).toEqual(['stage', 'solution', 'nextStep']);
    const screen = screenOf(form.content);
    expect(screen).toContain('Cloud Migration Factory (S-0001234)');
    expect(screen).not.toContain('Lift for SAP');
    expect(screen).not.toContain('Contact Centre Starter');
    await house.submit(form, { solution: 'S-0001234' });
    await house.quiet();
    expect(await sent(id)).toEqual([
      ['associate', expect.stringContaining('S-0001234')],
      ['update', { 'LifeCycle.Stage': 'Committed' }],
    ]);
    const past = flat((await house.script(`history ${id}\n`)).text);
    expect(past).toContain('Cloud Migration Factory');
    expect((await changes(id)).map(({ kind, state }) => [kind, state])).toEqual([
      ['associate', 'confirmed'],
      ['update', 'confirmed'],
    ]);
  });

  test('when the second half fails, the first stands and both are told', async () => {
    const id = await house.idOf('Harrow & Pike Ironmongers');
    await house.practice.script.edit(id, 'LifeCycle.Stage', 'Business Validation');
    await house.aws.sync();
    await house.practice.script.edit(id, 'LifeCycle.Stage', 'Technical Validation');
    const { text, code } = await house.script(
      `change-stage ${id}: Committed (solution cloud migration factory)\n`,
    );
    expect(code).toBe(1);
    expect(flat(text)).toContain('Cloud Migration Factory');
    expect(flat(text)).toContain('met somebody else’s change');
    expect(await sent(id)).toEqual([['associate', expect.stringContaining('S-0001234')]]);
    expect((await changes(id)).map(({ state }) => state)).toEqual(['confirmed', 'conflict']);
  });

  test('with no active solution there is no riddle: it says what to do in Partner Central', async () => {
    const id = await house.idOf('Lighthouse & Vane: Logistics');
    await house.store.prisma
      .$executeRaw`UPDATE deal SET detail = jsonb_set(detail, '{solutions}', '[]') WHERE id = ${id}`;
    await house.store.prisma.$executeRaw`UPDATE solution SET status = 'Inactive' WHERE status = 'Active'`;
    const { text, code } = await house.script(`change-stage ${id}: Committed\n`);
    await house.store.prisma
      .$executeRaw`UPDATE solution SET status = 'Active' WHERE id IN ('S-0001234', 'S-0001235', 'S-0001236')`;
    expect([code, flat(text)]).toEqual([1, expect.stringContaining('In Partner Central, create one')]);
  });

  test('255 emoji go with it, and the 256th is refused beside what was typed', async () => {
    const id = await house.idOf('Brightside 🚀 Robotics');
    const most = ROCKET.repeat(255);
    await house.say('MINA', `change-stage ${id}`);
    const form = await house.form('MINA');
    await house.submit(form, { stage: 'Prospect', nextStep: `${most}x` });
    expect(form.errors.nextStep).toContain('256 characters; at most 255');
    await house.submit(form, { stage: 'Prospect', nextStep: most });
    await house.quiet();
    expect(await sent(id)).toEqual([
      ['update', { 'LifeCycle.Stage': 'Prospect', 'LifeCycle.NextSteps': most }],
    ]);
  });

  test('a close date that is past is asked anew for any stage', async () => {
    const id = await house.idOf('Glasswing Biotech');
    const typed = await house.script(`change-stage ${id}: Qualified\n`);
    expect([typed.code, flat(typed.text)]).toEqual([
      1,
      expect.stringContaining('“New close date” is missing'),
    ]);
    const both = await house.script(`change-stage ${id}: Qualified (close ${later()})\n`);
    expect(both.code).toBe(0);
    expect(await sent(id)).toEqual([
      ['update', { 'LifeCycle.Stage': 'Qualified', 'LifeCycle.TargetCloseDate': later() }],
    ]);
  });

  test('while AWS reviews: dropped, nothing happens; queued, all of it goes out by itself', async () => {
    const id = await house.idOf('Polestar Ferries');
    const line = `change-stage ${id}: Business Validation (next step Sizing done)`;
    const asked = await house.say('TOM', line);
    expect(asked).toContain('AWS is reviewing it and takes no changes until it is done.');
    expect(asked).toContain('Technical Validation → Business Validation');
    await house.press('TOM', house.newest('TOM'), 'Drop it');
    await house.shows('TOM', 'Dropped.');
    expect(await changes(id)).toEqual([]);
    await house.say('TOM', line);
    await house.press('TOM', house.newest('TOM'), 'Queue it');
    await house.shows('TOM', 'Waiting: AWS is reviewing this deal');
    expect(await sent(id)).toEqual([]);
    await house.practice.script.review(id, 'approve');
    await house.aws.sync();
    await house.quiet();
    expect(await sent(id)).toEqual([
      ['update', { 'LifeCycle.Stage': 'Business Validation', 'LifeCycle.NextSteps': 'Sizing done' }],
    ]);
  });

  test('a script queues with “(queue)”, and says the close date in words, beside all other parts', async () => {
    const id = await house.idOf('Sandpiper Hotels');
    const line = `change-stage ${id}: Closed Lost (close today) (reason price) (yes)`;
    const asked = await house.script(`${line}\n`);
    expect([asked.code, flat(asked.text)]).toEqual([1, expect.stringContaining('“(queue)” at its end')]);
    expect(await changes(id)).toEqual([]);
    expect((await house.script(`${line} (queue)\n`)).code).toBe(0);
    await house.practice.script.review(id, 'approve');
    await house.aws.sync();
    await house.quiet();
    expect(await sent(id)).toEqual([
      [
        'update',
        {
          'LifeCycle.Stage': 'Closed Lost',
          'LifeCycle.ClosedLostReason': 'Price',
          'LifeCycle.TargetCloseDate': expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        },
      ],
    ]);
    const soon = await house.script(`change-stage ${id}: Launched (close soon)\n`);
    expect(flat(soon.text)).not.toContain('is no stage');
  });

  test('a double click is one act, and asking for the same again while it is under way sends nothing more', async () => {
    const id = await house.idOf('<!channel> Logistics');
    const input = { id, stage: 'Technical Validation', version: '1' };
    await house.practice.script.down('failing');
    const both = await Promise.all([
      house.act('change-stage', input, { key: `double ${id}` }),
      house.act('change-stage', input, { key: `double ${id}` }),
    ]);
    const third = await house.act('change-stage', input);
    expect(third.ok).toBe(false);
    expect(JSON.stringify(third.reply)).toContain('You asked AWS for Technical Validation just now');
    await house.practice.script.up();
    await house.quiet();
    expect(new Set(both.flatMap(({ changeIds }) => changeIds)).size).toBe(1);
    expect(await sent(id)).toEqual([['update', { 'LifeCycle.Stage': 'Technical Validation' }]]);
  });

  test('a stale card: what is no longer so is said, and nothing is sent', async () => {
    const id = await house.idOf('Wildrose Credit Union');
    await house.practice.script.edit(id, 'LifeCycle.Stage', 'Qualified');
    await house.aws.sync();
    const answer = await house.act('change-stage', {
      id,
      stage: 'Qualified',
      shown: 'Qualified',
      version: '0',
    });
    expect(JSON.stringify(answer.reply)).toContain('It is in the stage Qualified already.');
    expect(await changes(id)).toEqual([]);
  });

  test.each([
    ['Harbour & Hearth Homes', 'AWS wants its remark answered first'],
    ['Velvet Anchor Spirits', 'AWS rejected it'],
    ['Ironbridge Couriers', 'It is launched: AWS takes no change of stage any more.'],
    ['Marlow Street Pharmacies', 'A stage belongs to an opportunity. Accept the referral first.'],
    ['Ferrous Park Foundry', '“update-lead” changes it.'],
  ])('%s takes none, and both doors say why', async (company, why) => {
    const id = await house.idOf(company);
    const typed = await house.script(`change-stage ${id}: Committed\n`);
    expect([typed.code, flat(typed.text)]).toEqual([1, expect.stringContaining(why)]);
    expect(await house.say('ANA', `change-stage ${id}: Committed`)).toContain(why);
  });

  test.each([
    ['won', 'Partner Central calls it Launched'],
    ['Comitted', '“Comitted” is no stage. The stages are Prospect, Qualified'],
  ])('“%s” is not guessed', async (said, why) => {
    const id = await house.idOf('Saffron Road Foods');
    const { text, code } = await house.script(`change-stage ${id}: ${said}\n`);
    expect([code, flat(text)]).toEqual([1, expect.stringContaining(why)]);
    expect(await changes(id)).toEqual([]);
  });

  test('whoever may not see a deal learns nothing, not even that a form could be asked for', async () => {
    const id = await house.idOf('Saffron Road Foods');
    for (const input of [{ id }, { id, stage: 'Launched' }, { id, stage: 'Nonsense' }]) {
      const answer = await house.act('change-stage', input, { as: TEAM.users[2] ?? '' });
      expect(answer.reply).toMatchObject({
        kind: 'note',
        text: expect.stringContaining(`I know no deal “${id}”`),
      });
    }
  });
});
