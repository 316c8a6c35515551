/** The same little day as Teams shows it: the replies of the house, as cards. */
import type { AdaptiveCard } from '../../src/teams/card.ts';
import type { CardPlace } from '../../src/teams/door.ts';
import { limitErrors } from '../../src/teams/limits.ts';
import { confirmCard, toCard } from '../../src/teams/render.ts';
import type { Button, Reply } from '../../src/views/view.ts';
import { databases, type TestDatabase } from '../support/databases.ts';
import { LEAD, openTestHouse, senderOf, type TestHouse } from '../support/house.ts';
import { morningOf } from './digest.ts';

/** One card on a screen; `title`: of the dialog it stands in. */
export interface TeamsShot {
  as: CardPlace['in'];
  title?: string;
  card: AdaptiveCard;
}

const PRIYA = 'priya.raman@partner.example';
const TOM = 'tom.keller@partner.example';
const TRAM = 'Northgate Tram Works';
const LONG =
  'On Friday morning Priya visits the depot with the database team, shows them the plan for the cut-over weekend, goes through the forty databases one by one, writes down what still needs a licence, and sends the calculator link to the CIO and to our contact at AWS on Monday.';

/** Who says what, to make a picture. Forms stand in dialogs. */
const SAID: Record<string, [string, string][]> = {
  desk: [[LEAD, 'desk']],
  'desk-seller': [[PRIYA, 'desk']],
  pending: [[LEAD, 'list pending']],
  card: [[LEAD, 'show Tamarind Airways']],
  'card-action-required': [[TOM, 'show Silverbirch Clinics']],
  'form-stage': [
    [PRIYA, `change-stage ${TRAM}`],
    [PRIYA, `change-stage ${TRAM}: Closed Lost`],
  ],
  'form-reject': [[LEAD, 'reject Lighthouse & Vane Logistics']],
  'form-repair': [[TOM, 'repair Silverbirch Clinics']],
  'form-transfer': [[LEAD, `transfer ${TRAM}`]],
  'form-offer': [[LEAD, 'offer Cobalt Ridge Utilities']],
  'form-schedule': [[PRIYA, 'schedule']],
  'form-notify': [[PRIYA, 'notify']],
  'form-route': [[LEAD, 'route add']],
  'form-remind': [[PRIYA, `remind ${TRAM}`]],
  'form-cover': [[PRIYA, 'cover']],
  'form-hand-over': [[LEAD, 'hand over Priya’s desk to Lucía']],
  sprint: [[PRIYA, 'sprint']],
  locked: [
    [TOM, 'next-step Polestar Ferries: Call on Tuesday'],
    [TOM, 'next-step Polestar Ferries: Call (queue)'],
  ],
  waiting: [[TOM, 'waiting']],
  pipeline: [[TOM, 'list']],
  views: [[LEAD, 'list views']],
  found: [
    [LEAD, 'find lighthouse'],
    [LEAD, 'find'],
  ],
  help: [
    [PRIYA, 'help'],
    [PRIYA, 'help next-step'],
    [PRIYA, 'acept 2'],
  ],
  people: [[LEAD, 'people']],
  refused: [
    ['sam@partner.example', 'desk'],
    [TOM, 'accept 99'],
  ],
  history: [[LEAD, 'history']],
};

/** On PGlite. @throws when a card breaks a limit of Teams. */
export async function playTeamsDay(): Promise<Record<string, TeamsShot[]>> {
  const house = await openTestHouse(databases[0] as TestDatabase);
  try {
    const pictures: Record<string, TeamsShot[]> = {};
    for (const [name, said] of Object.entries(SAID)) {
      pictures[name] = [];
      for (const [as, text] of said) pictures[name].push(shotOf(await says(house, as, text)));
    }
    pictures.asked = asked(await says(house, TOM, 'show Polestar Ferries'));
    const id = await house.idOf(TRAM);
    const wrong = await house.act('next-step', { id, text: LONG }, { as: PRIYA });
    pictures['next-step'] = [shotOf(wrong.reply)];
    pictures.room = await inRoom(house);
    const { fresh, ticked, calls } = await morningOf(house);
    return {
      ...pictures,
      digest: [shotOf(fresh)],
      'digest-ticked': [shotOf(ticked)],
      calls: [shotOf(calls)],
    };
  } finally {
    await house.stop();
  }
}

let count = 0;
const says = async (house: TestHouse, as: string, text: string): Promise<Reply> =>
  (await house.desk.say({ text, from: senderOf(as), key: `look ${count++}` })).reply;

function shotOf(
  reply: Reply,
  place: CardPlace = { in: reply.kind === 'form' ? 'dialog' : 'message' },
): TeamsShot {
  const card = toCard(reply, place, 'lookatthis');
  const errors = limitErrors(card, place.in);
  if (errors.length > 0) throw new Error(errors.join('; '));
  return { as: place.in, card, ...(reply.kind === 'form' ? { title: reply.title } : {}) };
}

/** A question before what cannot be taken back. */
function asked(reply: Reply): TeamsShot[] {
  const confirm = {
    title: 'Cancel it?',
    text: 'It has not reached AWS, and never will.',
    yes: 'Cancel it',
    no: 'Keep it',
  };
  const button: Button = { verb: 'waiting', label: 'Cancel', input: {}, confirm };
  const card = confirmCard({
    ...{ v: button.verb, i: button.input, k: 'k', o: 'card' },
    c: { t: confirm.title, x: confirm.text, y: confirm.yes, n: confirm.no },
  });
  return [shotOf(reply), ...(card ? [{ as: 'dialog' as const, title: 'ace-desk', card }] : [])];
}

/** Links to deals, as everybody in a chat sees them: open, and closed. */
async function inRoom(house: TestHouse): Promise<TeamsShot[]> {
  const ids = [await house.idOf(TRAM), await house.idOf('Tamarind Airways')];
  const cards = [true, false].map((isOpen) => house.desk.glimpses({ ids, isOpen, from: senderOf(PRIYA) }));
  const all = (await Promise.all(cards)).flatMap((it) => [...it.values()]);
  return all.map((it) => shotOf(it, { in: 'room', post: 'p1' }));
}
