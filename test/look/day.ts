/** A little day in Slack, through the front door: what stands on people's screens in it, by picture. */
import { databases, type TestDatabase } from '../support/databases.ts';
import { until } from '../support/house.ts';
import { type Id, openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { type Message, member, type View } from '../support/slack-workspace.ts';
import { digestShots, morningOf } from './digest.ts';
import type { Shot } from './draw.ts';

const ROOM = 'CDEALS';
const LINK = 'https://ace-desk.partner.example/o/';
const TRAM = 'Northgate Tram Works';

/** What is said to make a picture. */
const SAID: Record<string, [string, string][]> = {
  pending: [['ANA', 'list pending']],
  'card-referral': [['ANA', 'show Tamarind Airways']],
  'form-stage': [
    ['PRIYA', `change-stage ${TRAM}`],
    ['PRIYA', `change-stage ${TRAM}: Closed Lost`],
  ],
  'form-reject': [['ANA', 'reject Lighthouse & Vane Logistics']],
  'form-repair': [['TOM', 'repair Silverbirch Clinics']],
  'form-transfer': [['ANA', `transfer ${TRAM}`]],
  'form-offer': [['ANA', 'offer Cobalt Ridge Utilities']],
  'form-schedule': [['PRIYA', 'schedule']],
  'form-notify': [['PRIYA', 'notify']],
  'form-route': [['ANA', 'route add']],
  'form-remind': [['PRIYA', `remind ${TRAM}`]],
  'form-cover': [['PRIYA', 'cover']],
  'form-hand-over': [['ANA', 'hand over Priya’s desk to Lucía']],
  sprint: [['PRIYA', 'sprint']],
  'form-invite': [['ANA', 'invite']],
  'form-erase': [['ANA', 'erase Tom Keller']],
  'form-grant': [['ANA', 'people grant new@partner.example']],
  'card-action-required': [['TOM', 'show Silverbirch Clinics']],
  locked: [
    ['TOM', 'next-step Polestar Ferries: Call on Tuesday'],
    ['TOM', 'next-step Polestar Ferries: Call (queue)'],
  ],
  waiting: [['TOM', 'waiting']],
  pipeline: [['TOM', 'list']],
  views: [['ANA', 'list views']],
  found: [
    ['ANA', 'find lighthouse'],
    ['ANA', 'find'],
  ],
  help: [
    ['PRIYA', 'help'],
    ['PRIYA', 'help next-step'],
    ['PRIYA', 'acept 2'],
  ],
  people: [['ANA', 'people']],
  refused: [
    ['SAM', 'desk'],
    ['GUS', 'desk'],
    ['TOM', 'show Tamarind Airways'],
    ['TOM', 'accept 99'],
  ],
  history: [['ANA', 'history']],
};

/** On PGlite. @throws when something was sent that Slack refuses. */
export async function playDay(): Promise<Record<string, Shot[]>> {
  const house = await openSlackHouse(databases[0] as TestDatabase);
  const pictures = await picturesOf(house).finally(() => house.stop());
  if (house.workspace.refused.length > 0) throw new Error(house.workspace.refused.join('; '));
  return pictures;
}

async function picturesOf(house: SlackHouse): Promise<Record<string, Shot[]>> {
  const { workspace } = house;
  workspace.users.set('SAM', member('SAM', 'sam@partner.example'));
  workspace.users.set('GUS', member('GUS', 'gus@else.example', { is_restricted: true }));
  workspace.channels.set(ROOM, { info: { name: 'deals' }, members: ['ANA', 'PRIYA', 'TOM'] });
  const pictures: Record<string, Shot[]> = {
    home: [{ ...(await home(house, 'ANA')), folded: true }],
    'home-lead': [await home(house, 'ANA')],
    'home-seller': [await home(house, 'PRIYA')],
    'home-stranger': [await home(house, 'SAM'), await home(house, 'GUS')],
    accepted: await accepted(house),
    'form-next-step': [await wrongStep(house)],
    ...(await inRoom(house)),
  };
  for (const [name, said] of Object.entries(SAID)) {
    pictures[name] = [];
    for (const [user, line] of said) pictures[name].push(await says(house, user, line));
  }
  // Last: it accepts and writes, which the other pictures do not show.
  return { ...pictures, ...(await digestShots(await morningOf(house))) };
}

async function home(house: SlackHouse, user: string): Promise<Shot> {
  await house.openHome(user);
  await until(`the home of ${user}`, () => house.workspace.homes.has(user));
  return { as: 'home', shown: house.workspace.homes.get(user)?.content ?? {} };
}

/** What the one who accepts sees, at once and in the end; and what the new owner is told. */
async function accepted(house: SlackHouse): Promise<Shot[]> {
  const accepting = await says(house, 'ANA', 'accept Marlow Street Pharmacies for Lucía');
  await house.quiet();
  return [accepting, messageShot(house.newest('ANA')), ...house.messages('LUCIA').map(messageShot)];
}

async function wrongStep(house: SlackHouse): Promise<Shot> {
  await house.slash('PRIYA', `next-step ${TRAM}`);
  const form = await house.form('PRIYA');
  const typed = {
    text: 'On Friday morning Priya visits the depot with the database team, shows them the plan for the cut-over weekend, goes through the forty databases one by one, writes down what still needs a licence, and sends the calculator link to the CIO and to our contact at AWS on Monday.',
  };
  await house.submit(form, typed);
  form.isOpen = false;
  return { ...formShot(form), typed };
}

/** A card in a channel, its thread, and links below somebody's words. */
async function inRoom(house: SlackHouse): Promise<Record<string, Shot[]>> {
  const { workspace } = house;
  const question = await says(house, 'PRIYA', `post ${TRAM}`, ROOM);
  await house.submit(workspace.views.at(-1) as View, {});
  const room = () => workspace.messages.filter((it) => it.channel === ROOM && !it.onlyFor);
  await until('the card', () => room().length > 0);
  await house.press('PRIYA', room()[0] as Message, 'Next step…');
  await house.submit(await house.form('PRIYA'), { text: 'Offer for the depots on Monday.' });
  await until('a line in the thread', () => room().length > 1);
  const links = [await house.idOf(TRAM), await house.idOf('Tamarind Airways')].map((id) => LINK + id);
  await house.event({
    ...{ type: 'link_shared', user: 'PRIYA', channel: ROOM, message_ts: '1700000000.000009' },
    ...{ unfurl_id: 'U1', source: 'conversations_history', links: links.map((url) => ({ url })) },
  });
  await until('an unfurl', () => workspace.unfurled.length > 0);
  const under = Object.values(workspace.unfurled[0]?.unfurls ?? {}) as Shot['shown'][];
  const said = { text: links.map((url) => `<${url}>`).join('\n') };
  return {
    'form-post': [question],
    channel: room().map(messageShot),
    unfurl: [
      { as: 'message', by: 'Priya Raman', shown: said },
      ...under.map((shown): Shot => ({ as: 'unfurl', shown })),
    ],
  };
}

/** The answer to a typed line: a message to them alone, or the view that opened. */
async function says(house: SlackHouse, user: string, line: string, channel = 'C1'): Promise<Shot> {
  await house.quiet();
  const { views } = house.workspace;
  const told = () => house.messages(user as Id).length;
  const before = [views.length, told()] as const;
  await house.slash(user, line, channel);
  await until(`an answer to “${line}”`, () => views.length > before[0] || told() > before[1]);
  const view = views[before[0]];
  // One that asks stays open no longer than the picture takes.
  if (view) view.isOpen = channel === ROOM;
  return view ? formShot(view) : messageShot(house.newest(user as Id));
}

// A copy: what was posted is redrawn in place.
const messageShot = ({ text, blocks, onlyFor, thread }: Message): Shot => ({
  ...{ as: 'message', shown: structuredClone({ text, blocks }) },
  ...{ private: onlyFor !== undefined, thread: thread !== undefined },
});

const formShot = ({ content, errors }: View): Shot =>
  structuredClone({ as: 'modal', shown: content, errors });
