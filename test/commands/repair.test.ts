/** repair: AWS's remark, only what is unlocked, one update read back; submitted again only if AWS still asks. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addDays, dayIn } from '../../src/pipeline/calendar.ts';
import { databases } from '../support/databases.ts';
import { flat, TEAM } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { fieldsOf, screenOf } from '../support/slack-screen.ts';

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
  const later = () => addDays(dayIn(new Date(), 'UTC'), 60);

  test('Slack shows the remark and the unlocked fields as they stand; what really changed is one update', async () => {
    const id = await house.idOf('Cormorant Pilot Boats');
    await house.say('PRIYA', `repair ${id}`);
    const form = await house.form('PRIYA');
    expect(screenOf(form.content)).toContain('AWS’s remark: The website leads nowhere');
    const fields = fieldsOf(form.content.blocks);
    expect(fields.map((it) => it.id)).toEqual([
      'website',
      'businessProblem',
      'closeDate',
      'spendAmount',
      'spendCurrency',
      'estimationUrl',
      'country',
      'state',
      'postalCode',
      'city',
      'street',
      'partnerId',
    ]);
    expect(fields.find((it) => it.id === 'country')?.value).toBe('SE');
    const problem = 'The pilot boats lie still for two hours each morning while charts are copied by hand.';
    await house.submit(form, { website: 'not a website', businessProblem: problem });
    expect(form.errors.website).toContain('https://www.acme.com');
    expect(form.isOpen).toBe(true);
    await house.submit(form, { website: 'https://www.cormorant-pilots.example', businessProblem: problem });
    await house.quiet();
    expect(await sent(id)).toEqual([
      [
        'update',
        {
          'Customer.Account.WebsiteUrl': 'https://www.cormorant-pilots.example',
          'Project.CustomerBusinessProblem': problem,
        },
      ],
    ]);
    await house.shows('PRIYA', 'AWS confirmed');
    const after = await house.script(`repair ${id}: city Malmö\n`);
    expect([after.code, flat(after.text)]).toEqual([
      1,
      expect.stringContaining('nothing is asked of you now'),
    ]);
  });

  test('a line says which fields; all mistakes are told at once, and a right one is sent', async () => {
    const id = await house.idOf('Almond Court Dentists');
    const wrong = await house.script(`repair ${id}: revenue 1,500; close date 2020-01-01\n`);
    expect(wrong.code).toBe(1);
    expect(flat(wrong.text)).toContain('with a dot and at most 2 decimals');
    expect(flat(wrong.text)).toContain('is past. AWS takes today or later.');
    const unread = await house.script(`repair ${id}: everything is fine\n`);
    expect([unread.code, flat(unread.text)]).toEqual([
      1,
      expect.stringContaining('I do not know which field'),
    ]);
    expect(await changes(id)).toEqual([]);
    const right = await house.script(`repair ${id}: revenue 1500.50; close date ${later()}\n`);
    expect([right.code, flat(right.text)]).toEqual([0, expect.stringContaining('AWS confirmed')]);
    const [[, values] = [], ...more] = await sent(id);
    expect(Object.keys(values ?? {}).sort()).toEqual([
      'LifeCycle.TargetCloseDate',
      'Project.ExpectedCustomerSpend.Amount',
    ]);
    expect(more).toEqual([]);
    const { record } = (await house.practice.world()).opportunities[id] ?? {};
    expect(record).toMatchObject({
      LifeCycle: { TargetCloseDate: later() },
      Project: { ExpectedCustomerSpend: [{ Amount: '1500.50', CurrencyCode: 'USD', TargetCompany: 'AWS' }] },
    });
  });

  test('where AWS still asks after the update, it is submitted; twice is once', async () => {
    const id = await house.idOf('Silverbirch Clinics');
    await house.practice.script.needsSubmit(true);
    await house.script(`repair ${id}: website https://silverbirch-clinics.example\n`);
    await house.quiet();
    expect((await house.store.prisma.deal.findUniqueOrThrow({ where: { id } })).status).toBe(
      'Action Required',
    );
    const both = await Promise.all([
      house.act('repair', { id, do: 'submit' }, { key: `submit ${id}` }),
      house.act('repair', { id, do: 'submit' }, { key: `submit ${id}` }),
    ]);
    expect(new Set(both.flatMap(({ changeIds }) => changeIds)).size).toBe(1);
    await house.quiet();
    await house.practice.script.needsSubmit(false);
    expect((await sent(id)).map(([kind]) => kind)).toEqual(['update', 'submit']);
    expect(await changes(id)).toMatchObject([
      { kind: 'update', state: 'confirmed' },
      { kind: 'submit', state: 'confirmed', wish: { involvement: 'Co-Sell', visibility: 'Full' } },
    ]);
    const late = await house.act('repair', { id, do: 'submit' });
    expect(JSON.stringify(late.reply)).toContain('nothing is asked of you now');
  });

  test('nothing changed: nothing is sent, and it can be submitted as it stands, by button or by word', async () => {
    const id = await house.idOf('Quillfeather Legal');
    const same = await house.act('repair', { id, changes: 'country Canada' });
    expect(same.ok).toBe(false);
    expect(same.reply).toMatchObject({
      kind: 'note',
      buttons: [{ verb: 'repair', input: { id, do: 'submit' }, confirm: { yes: 'Submit' } }],
    });
    expect(await changes(id)).toEqual([]);
    const { code } = await house.script(`repair ${id}: submit\n`);
    expect(code).toBe(0);
    expect((await sent(id)).map(([kind]) => kind)).toEqual(['submit']);
  });

  test('a field that was emptied is asked back, not passed over; a past close date has to move', async () => {
    const id = await house.idOf('O\'Malley, "Finch" & Sons');
    const before = await house.act('repair', { id });
    const form = before.reply.kind === 'form' ? before.reply : undefined;
    const values = Object.fromEntries(form?.fields.map((it) => [it.id, it.value ?? '']) ?? []);
    expect(values.closeDate).toBe('');
    const emptied = await house.act('repair', { ...form?.input, ...values, city: '' });
    expect(emptied.reply).toMatchObject({
      kind: 'form',
      errors: {
        closeDate: expect.stringContaining('is past. AWS takes no update without a new one.'),
        ...(values.city ? { city: expect.stringContaining('cannot be emptied from here') } : {}),
      },
    });
    expect(await changes(id)).toEqual([]);
  });

  test('another tool’s correction is never overwritten', async () => {
    const id = await house.idOf('Cinder Peak Mining');
    await house.practice.script.edit(id, 'Customer.Account.Address.City', 'Kalgoorlie');
    const { text, code } = await house.script(`repair ${id}: city Fremantle\n`);
    expect([code, flat(text)]).toEqual([1, expect.stringContaining('met somebody else’s change')]);
    expect(await sent(id)).toEqual([]);
    expect(await changes(id)).toMatchObject([{ state: 'conflict' }]);
  });

  test.each([
    ['Northgate Tram Works', 'AWS asks nothing of you here'],
    ['Polestar Ferries', 'nothing is asked of you now'],
    ['Velvet Anchor Spirits', 'AWS asks nothing of you here'],
    ['Ferrous Park Foundry', 'Only an opportunity that AWS sent back is repaired.'],
  ])('%s is not repaired, and both doors say why', async (company, why) => {
    const id = await house.idOf(company);
    const typed = await house.script(`repair ${id}\n`);
    expect([typed.code, flat(typed.text)]).toEqual([1, expect.stringContaining(why)]);
    expect(await house.say('ANA', `repair ${id}`)).toContain(why);
    expect((await house.act('repair', { id, do: 'submit' })).ok).toBe(false);
  });

  test('whoever may not see a deal gets the answer to an unknown one', async () => {
    const id = await house.idOf('Harbour & Hearth Homes');
    for (const input of [{ id }, { id, do: 'submit' }, { id, changes: 'city Ghent' }]) {
      const { reply } = await house.act('repair', input, { as: TEAM.users[2] ?? '' });
      expect(reply).toMatchObject({ kind: 'note', text: expect.stringContaining(`I know no deal “${id}”`) });
    }
  });
});
