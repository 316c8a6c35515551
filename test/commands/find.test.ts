/** Finding a deal and asking for help, through console and Slack. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases } from '../support/databases.ts';
import { flat, TEAM } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { buttonsOf, fieldsOf } from '../support/slack-screen.ts';

describe.each(databases)('find, on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  const typed = async (lines: string, as?: string) => {
    const { text, code } = await house.script(`${lines}\n`, as);
    return { text: flat(text), code };
  };
  const unknown = (said: string) => `I know no deal “${said}”. Try “list” or “desk” to see what is yours.`;

  test('words in any order, case and spelling lead to the deal in both doors, and its number works', async () => {
    const found = await typed('find airways TAMARIND\nshow 1');
    expect(found.code).toBe(0);
    expect(found.text).toContain('Found for “airways TAMARIND”');
    expect(found.text).toMatch(/1\. Tamarind Airways – One data lake.* pending acceptance/);
    expect(found.text).toContain('AWS contact Ravi Menon');
    expect(await house.say('ANA', 'find tamarind')).toContain('Tamarind Airways – One data lake');
    expect(buttonsOf(house.newest('ANA').blocks).map(({ label }) => label)).toContain('Show');
    await house.press('ANA', house.newest('ANA'), 'Show');
    await house.shows('ANA', 'pending acceptance');
  });

  test('what no keyboard types does not matter', async () => {
    const { reply } = await house.act('find', { words: ' tamarind\u0000  air\u200Bways\n' });
    expect(reply).toMatchObject({ kind: 'list', title: expect.stringContaining('tamarind airways') });
    expect((await house.act('find', { words: '\u0000 ' })).reply.kind).toBe('form');
  });

  test('a slip is mended, and the answer says what stands there', async () => {
    const found = await typed('find tamrind');
    expect([found.code, found.text]).toEqual([
      0,
      expect.stringContaining('Nothing has “tamrind”, this has “tamarind”'),
    ]);
    expect(await house.say('ANA', 'find ostrva signal')).toContain(
      'Nothing has “ostrva”, this has “ostrava”',
    );
  });

  test('emoji, accents, other scripts and markup are found by their letters', async () => {
    expect((await typed('find brightside robotics')).text).toContain('Brightside 🚀 Robotics');
    expect((await typed('find omalley finch')).text).toContain('O\'Malley, "Finch" & Sons');
    expect((await typed('find channel logistics')).text).toContain('<!channel> Logistics');
    expect((await typed('find מאפיית')).text).toContain('מאפיית שיבולת הזהב');
  });

  test('at most ten, and it says that there are more', async () => {
    const { text } = await typed('find data');
    expect(text).toMatch(/ 10\. /);
    expect(text).not.toMatch(/ 11\. /);
    expect(text).toContain('There are more that fit.');
  });

  test('what there is not, and what one may not see, is the same answer', async () => {
    const hidden = 'Palisade Mutual Bank';
    expect(await typed(`find ${hidden}`)).toMatchObject({ code: 0 });
    const priya = TEAM.users[0];
    for (const words of [hidden, 'palisde', 'florb', '🙂', '%', "'; --", '|!()'])
      expect(await typed(`find ${words}`, priya)).toEqual({ code: 1, text: unknown(words) });
    expect(await house.say('PRIYA', `find ${hidden}`)).toContain(unknown(hidden));
    expect(await house.say('PRIYA', `show ${hidden}`)).toContain(unknown(hidden));
    expect(await house.say('PRIYA', 'next-step palisde mutual: x')).toContain(unknown('palisde mutual'));
  });

  test('without words it asks for them; too many are refused', async () => {
    await house.say('ANA', 'find');
    const form = await house.form('ANA');
    expect(fieldsOf(form.content.blocks)).toMatchObject([
      { id: 'words', label: expect.stringContaining('Company, title or id') },
    ]);
    expect(await typed(`find ${'x'.repeat(201)}`)).toMatchObject({
      code: 1,
      text: expect.stringContaining('at most 200 characters'),
    });
  });

  test('nothing that is found by a slip is written to: it is a choice', async () => {
    const before = await house.store.prisma.act.count();
    const asked = await typed('accept Tamrind Airways');
    expect(asked).toMatchObject({
      code: 1,
      text: expect.stringMatching(
        /^Nothing is called exactly “Tamrind Airways”. Did you mean: .*1\. Tamarind Airways/,
      ),
    });
    expect((await typed('show Tamrind Airways')).text).toContain('Tamarind Airways – One data lake');
    expect(await house.store.prisma.act.count()).toBe(before);
  });

  test('a choice that leads to a form opens one, with the deal chosen', async () => {
    await house.say('MINA', 'next-step juniper');
    const message = house.newest('MINA');
    expect(buttonsOf(message.blocks).map(({ label }) => label)).toContain('This one…');
    await house.press('MINA', message, 'This one…');
    expect(JSON.stringify((await house.form('MINA')).content)).toContain('Juniper Lane Pharmacies');
  });

  test('help says every verb under its heading, who one is, and with a word the whole of it', async () => {
    const { text, code } = await typed('help');
    expect(code).toBe(0);
    expect(text).toMatch(
      /To see: · desk: .* · list.* To act on a deal: · accept.* To keep things in order: · flag/,
    );
    expect(text).toContain(`alliance lead (${TEAM.lead})`);
    expect((await typed('help stage')).text).toContain('change-stage <deal>: <stage>');
    expect((await typed('help next step')).text).toContain('(close <closeDate>)');
    expect(await typed('help florb')).toMatchObject({
      code: 1,
      text: expect.stringContaining('There is no “florb” here.'),
    });
    expect(await house.say('PRIYA', 'help')).toContain(`ACE user (${TEAM.users[0]})`);
    expect(await house.say('PRIYA', 'help')).not.toMatch(/and \d+ more/);
  });
});
