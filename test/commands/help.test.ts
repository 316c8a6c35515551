/** Help says whom to turn to, at every door and whole. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { help } from '../../src/commands/help.ts';
import { toText } from '../../src/console/render.ts';
import { databases } from '../support/databases.ts';
import { flat, TEAM } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';

const [database] = databases;
let house: SlackHouse;
beforeAll(async () => {
  if (database) house = await openSlackHouse(database);
});
afterAll(() => house?.stop());

const ASK = /Something is wrong or unclear\? Ask your alliance lead, Ana Silva\./;

test('the alliance lead by name, and nothing of the list is cut off', async () => {
  const said = flat(await house.say('PRIYA', 'help'));
  expect(said).toMatch(ASK);
  expect(said).not.toMatch(/and \d+ more/);
  expect(flat((await house.script('help\n', TEAM.manager)).text)).toMatch(ASK);
  expect(flat(await house.say('ANA', 'help'))).not.toMatch(/and \d+ more/);
  // Nobody is sent to themselves.
  expect(flat((await house.script('help\n')).text)).toContain('Ask whoever runs ace-desk');
  await house.tell('PRIYA', 'help');
  await house.shows('PRIYA', ASK);
});

test('leads to the desk, and stands for itself: what its button stood on stays', async () => {
  const { reply } = await house.act('help', {});
  expect(reply).toMatchObject({ apart: true, buttons: [{ verb: 'desk', label: 'My desk' }] });
});

test('in Slack it says once how a line is typed there, and nowhere else', async () => {
  const slack = await house.say('PRIYA', 'help');
  expect(flat(slack).match(/each line begins with \/ace: “\/ace desk”/g)).toHaveLength(1);
  expect((await house.script('help\n')).text).not.toContain('/ace');
});

test('nobody reads of what they may not do: to erase, to offer, to grant', async () => {
  const helpFor = async (as: string) => flat((await house.script('help\n', as)).text);
  const hers = await helpFor(TEAM.users[0] ?? '');
  expect(hers).toMatch(/· people \[<what>\]: Who uses ace-desk; with a name/);
  expect(hers).not.toMatch(/· erase|· offer|grant <e-mail>/);
  const managers = await helpFor(TEAM.manager);
  expect(managers).toMatch(/· offer <deal>/);
  expect(managers).not.toMatch(/· erase|grant <e-mail>/);
  expect(flat((await house.script('help\n')).text)).toMatch(
    /· offer <deal>.*· people .*grant <e-mail>.*· erase/,
  );
});

test.each([
  ['snooze', 'remind <deal>'],
  ['unsnooze', 'remind <deal>'],
  ['handover', 'hand-over'],
  ['hand over', 'hand-over'],
  ['quiet', 'notify'],
  ['cover my desk', 'cover '],
  ['cover off', 'cover '],
  ['my reminders', 'remind <deal>'],
  ['pause', 'schedule '],
  ['decline', 'reject <deal>'],
  ['accept 2', 'accept <deal>'],
  ['stage', 'change-stage <deal>'],
])('“help %s” reads the word as a line is read', async (topic, usage) => {
  const { text, code } = await house.script(`help ${topic}\n`);
  expect([code, flat(text)]).toEqual([0, expect.stringContaining(`How it is said ${usage}`)]);
});

test('of a slip it names the nearest that is theirs; of what is near nothing it says so', async () => {
  const helpOn = async (topic: string, as?: string) => flat((await house.script(`help ${topic}\n`, as)).text);
  expect(await helpOn('covr')).toBe('There is no “covr” here. Did you mean “help cover”?');
  expect(await helpOn('next stpe')).toContain('Did you mean “help next-step”?');
  expect(await helpOn('erse')).toContain('“help erase”');
  expect(await helpOn('erse', TEAM.users[0])).not.toContain('erase');
  expect(await helpOn('florb')).toBe('There is no “florb” here. “help” lists what there is.');
});

test('the address that the company names, in place of a person', async () => {
  const url = 'mailto:help@partner.example';
  const actor = await house.store.prisma.person.findFirstOrThrow({ where: { role: 'alliance lead' } });
  const context = {
    store: house.store,
    actor,
    commands: [],
    source: { platform: 'console' },
    settings: { supportUrl: url },
  };
  const { reply } = await help.run({}, context as unknown as Parameters<typeof help.run>[1]);
  expect(reply).toMatchObject({ kind: 'note', links: [{ label: 'Get support', url }] });
  expect(JSON.stringify(reply)).not.toMatch(ASK);
  expect(toText(reply, { width: 80, colour: false })).toContain(`Get support: ${url}`);
});
