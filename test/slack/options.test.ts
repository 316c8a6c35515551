/** Long lists of people and solutions: Slack asks while somebody types, and gets what that person could choose. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { toModal } from '../../src/slack/modal.ts';
import type { Field, Form } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { TEAM } from '../support/house.ts';
import { openScene, promised, type Scene } from '../support/slack-door.ts';
import { type Id, openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { send, suggestBody } from '../support/slack-requests.ts';
import { isJson, type Json, screenOf } from '../support/slack-screen.ts';
import { member, type View } from '../support/slack-workspace.ts';

const element = ({ content }: View, id: string): Json => {
  const blocks = Array.isArray(content.blocks) ? content.blocks.filter(isJson) : [];
  const found = blocks.find((it) => it.block_id === id)?.element;
  return isJson(found) ? found : {};
};
const three = (nth: number) => String(nth).padStart(3, '0');

describe.each(databases)('on $name', (database) => {
  let house: SlackHouse;
  let pending: View;
  let owned: View;
  const labels = async (view: View, field: string, typed: string, more: Json = {}) =>
    (await house.suggest(view, field, typed, more)).map(({ label }) => label);
  const asked = async (user: Id, words: string): Promise<View> => {
    await house.say(user, words);
    return house.form(user);
  };
  const personId = async (email: string) =>
    (await house.store.prisma.person.findUniqueOrThrow({ where: { email } })).id;
  /** The metadata of a view, with the deal of its form exchanged. */
  const aboutDeal = ({ content }: View, id: string): Json => {
    const memory = JSON.parse(String(content.private_metadata));
    return { ...content, private_metadata: JSON.stringify({ ...memory, i: { ...memory.i, id } }) };
  };

  beforeAll(async () => {
    house = await openSlackHouse(database);
    const person = (email: string, firstName: string, lastName: string, role = 'ACE user') => ({
      ...{ email, firstName, lastName, role },
    });
    await house.store.prisma.person.createMany({
      data: [
        ...Array.from({ length: 150 }, (_, nth) =>
          person(`p${nth}@partner.example`, 'Pat', `Number ${three(nth)}`),
        ),
        person('zolc@partner.example', 'Łukasz', 'Żółć'),
        person('kim.one@partner.example', 'Kim', 'Lee'),
        person('kim.two@partner.example', 'Kim', 'Lee'),
        person('wanda@partner.example', 'Wanda', 'Manages', 'ACE manager'),
        person('gone@partner.example', 'Wanda', 'Gone', 'none'),
      ],
    });
    await house.store.prisma.solution.createMany({
      data: Array.from({ length: 150 }, (_, nth) => ({
        id: `S-9${three(nth)}`,
        name: `A kit ${three(nth)}`,
        status: 'Active',
      })),
    });
    pending = await asked('JONAS', `offer ${await house.idOf('Skylark Drone Surveys')}`);
    owned = await asked('MINA', `transfer ${await house.idOf('Northgate Tram Works')}`);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  test('over a hundred people are asked for while somebody types, not sent along', async () => {
    expect(element(pending, 'people')).toMatchObject({ type: 'multi_external_select', min_query_length: 0 });
    expect(element(owned, 'person')).toMatchObject({ type: 'external_select', min_query_length: 0 });
    expect(JSON.stringify([pending.content, owned.content])).not.toContain('Number 000');
    const some = await labels(pending, 'people', '');
    expect(some).toHaveLength(100);
    expect(some).toEqual([...some].sort((one, other) => one.localeCompare(other, 'en')));
  });

  test('by the beginnings of names in any case and order, without accents, and by the address', async () => {
    for (const typed of ['luk', 'ŻÓŁ', 'zolc lukasz', 'zolc@partner'])
      expect(await labels(pending, 'people', typed)).toEqual(['Łukasz Żółć, ACE user']);
    expect(await labels(pending, 'people', 'number 14')).toHaveLength(10);
    expect(await labels(pending, 'people', 'nobody like this')).toEqual([]);
    expect(await labels(pending, 'people', 'kim')).toEqual([
      'Kim Lee (kim.one@partner.example), ACE user',
      'Kim Lee (kim.two@partner.example), ACE user',
    ]);
  });

  test('only who could be chosen: to offer, ACE users; to transfer, all but the owner; never who has no access', async () => {
    expect(await labels(pending, 'people', 'wanda')).toEqual([]);
    expect(await labels(owned, 'person', 'wanda')).toEqual(['Wanda Manages, ACE manager']);
    expect(await labels(pending, 'people', 'priya')).toEqual(['Priya Raman, ACE user']);
    expect(await labels(owned, 'person', 'priya')).toEqual([]);
  });

  test('for a colleague’s desk those the form lists: the asker among them, whose desk it is not', async () => {
    const mine = await asked('ANA', 'cover');
    expect(await labels(mine, 'person', 'ana silva')).toEqual([]);
    expect(await labels(mine, 'person', 'priya')).toEqual([expect.stringContaining('Priya Raman')]);
    for (const words of ['cover Priya’s desk', 'hand over Priya’s desk']) {
      const theirs = await asked('ANA', words);
      expect([words, await labels(theirs, 'person', 'ana silva')]).toEqual([
        words,
        [expect.stringContaining('Ana Silva')],
      ]);
      expect([words, await labels(theirs, 'person', 'priya')]).toEqual([words, []]);
    }
  });

  test('who was found and chosen is taken by the command, as ever', async () => {
    const [lukasz] = await house.suggest(pending, 'people', 'zolc');
    const chosen = `${lukasz?.value},${await personId(TEAM.users[1] ?? '')}`;
    await house.submit(pending, { people: chosen });
    expect(pending.errors).toEqual({});
    const offers = await house.store.prisma.offer.findMany({ select: { personId: true } });
    expect(offers.map((it) => it.personId).sort()).toEqual(chosen.split(',').sort());
    await house.quiet();
    pending = await asked('JONAS', `offer ${await house.idOf('Skylark Drone Surveys')}`);
    const initial = element(pending, 'people').initial_options as { text: { text: string } }[];
    expect(initial.map(({ text }) => text.text).sort()).toEqual([
      'Tom Keller, ACE user',
      'Łukasz Żółć, ACE user',
    ]);
  });

  test('solutions too, active ones only; one beyond the first hundred does', async () => {
    const id = await house.idOf('Ravensworth Glass Works');
    const form = await asked('TOM', `change-stage ${id}`);
    await house.submit(form, { stage: 'Committed' });
    expect(element(form, 'solution')).toMatchObject({ type: 'external_select' });
    expect(await labels(form, 'solution', '')).toHaveLength(100);
    expect(await labels(form, 'solution', 'lift')).toEqual([]);
    expect(await labels(form, 'solution', 'TEN data')).toEqual([
      'Data Lake in Ten Days: Sales & Stock (S-0001235)',
    ]);
    expect(await labels(form, 'solution', 's-0001235')).toHaveLength(1);
    await house.submit(form, { stage: 'Launched', solution: 'S-0001235' });
    expect(element(form, 'solution').initial_option).toMatchObject({
      text: { text: 'Data Lake in Ten Days: Sales & Stock (S-0001235)' },
      value: 'S-0001235',
    });
    await house.submit(form, { stage: 'Committed', billing: 'yes', closeDate: '2099-12-31' });
    await house.submit(form, { solution: 'S-0001235' });
    await house.quiet();
    expect((await house.effects(id)).map(({ kind }) => kind)).toEqual(['associate', 'update']);
  });

  test('deals too, of those the person may see: by company, title or id, best first', async () => {
    await house.say('TOM', 'list');
    const few = await asked('TOM', 'post');
    const before = JSON.stringify(few.content);
    expect(element(few, 'id')).toMatchObject({ type: 'static_select' });
    const mine = await house.idOf('Ravensworth Glass Works');
    const theirs = await house.idOf('Northgate Tram Works');
    expect([before.includes(mine), before.includes(theirs)]).toEqual([true, false]);
    // As it is where there are more than a list takes.
    const memory = JSON.parse(String(few.content.private_metadata));
    const many = { ...few, content: { ...few.content } };
    many.content.private_metadata = JSON.stringify({ ...memory, s: { id: 'deals' } });
    expect(await labels(many, 'id', 'ravens')).toEqual([expect.stringMatching(`^Ravensworth .* · ${mine}$`)]);
    expect(await labels(many, 'id', mine.toLowerCase())).toHaveLength(1);
    expect((await labels(many, 'id', 'northgate')).join()).not.toContain('Northgate');
    expect(await labels(many, 'id', theirs)).toEqual([]);
    expect((await labels(many, 'id', '')).length).toBeGreaterThan(3);
    expect(await labels(many, 'id', 'a', { user: { id: 'NIA2', team_id: 'T9' } })).toEqual([]);
    await house.submit(few, { id: mine });
    expect(screenOf(few.content)).toContain('read along in');
  });

  describe('nothing at all', () => {
    test('for whoever could not submit that form: an ACE user, a guest, another workspace, a stranger', async () => {
      house.workspace.users.set('GUS', member('GUS', TEAM.team, { is_restricted: true }));
      house.workspace.users.set('NIA', member('NIA', 'nia@partner.example'));
      const as = (id: string, more: Json = {}) => ({ user: { id, team_id: house.workspace.team, ...more } });
      expect(await labels(pending, 'people', 'priya', as('JONAS'))).toEqual(['Priya Raman, ACE user']);
      for (const who of [as('TOM'), as('GUS'), as('NIA'), as('JONAS', { team_id: 'T9' })])
        expect(await labels(pending, 'people', 'priya', who)).toEqual([]);
      expect(await labels(owned, 'person', 'ana', as('TOM'))).toEqual([]);
    });

    test('for a deal they may not see: the same as for one that there is not', async () => {
      const someone = { user: { id: 'TOM', team_id: house.workspace.team } };
      const mine = await house.idOf('Ravensworth Glass Works');
      const theirs = await house.idOf('Northgate Tram Works');
      const ask = (id: string) =>
        labels(owned, 'person', '', { ...someone, view: { id: owned.id, ...aboutDeal(owned, id) } });
      expect((await ask(mine)).length).toBe(100);
      for (const id of [theirs, 'O999999', '', '; DROP TABLE person', 'O'.repeat(900)])
        expect(await ask(id)).toEqual([]);
    });

    test('for a field that does not ask, a view that is not ours, and payloads of any shape', async () => {
      expect(await labels(owned, 'contact', '')).toEqual([]);
      const odd: Json[] = [
        { block_id: '__proto__' },
        { block_id: 7 },
        { value: { a: 1 } },
        { view: undefined },
        { view: { private_metadata: 'x' } },
        { view: { private_metadata: '{"c":"C","i":{"id":"O1"},"s":{"person":"everything"}}' } },
        { view: { private_metadata: '{"c":"C","s":{"person":"people"}}' } },
      ];
      for (const more of odd) expect(await labels(owned, 'person', 'ana', more)).toEqual([]);
      expect(await labels(owned, 'person', '\u0000<!channel>\u202e'.repeat(500))).toEqual([]);
    });

    test('once the role is lost', async () => {
      const id = await personId(TEAM.manager);
      await house.act('people', { do: 'revoke', person: id, sure: 'yes' });
      expect(await labels(owned, 'person', 'ana')).toEqual([]);
    });
  });
});

describe('at the door', () => {
  const open: Scene[] = [];
  afterEach(async () => {
    for (const it of open.splice(0)) await it.close();
  });
  const options = Array.from({ length: 150 }, (_, nth) => ({ value: `p${nth}`, label: `Person ${nth}` }));
  const field: Field = { id: 'person', kind: 'choice', label: 'Who?', options, source: 'people' };
  const form = (more: Partial<Form> = {}): Form => ({
    ...{
      kind: 'form',
      verb: 'transfer',
      title: 'Transfer',
      submit: 'Transfer',
      fields: [field],
      input: { id: 'O1' },
    },
    ...more,
  });
  const scene = async (more: Parameters<typeof openScene>[1] = {}): Promise<{ it: Scene; view: View }> => {
    const it = await openScene(() => form(), more);
    open.push(it);
    await it.slash('ANA', 'transfer 1');
    while (it.workspace.views.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    return { it, view: it.workspace.views[0] as View };
  };

  test('the house is asked with what is typed, the form’s deal and who types', async () => {
    const { it, view } = await scene();
    const asked: unknown[] = [];
    it.desk.options = async (asking) => {
      asked.push(asking);
      return [{ value: 'p1', label: `Person\n${'x'.repeat(100)}` }];
    };
    const [only] = await it.suggest(view, 'person', 'per');
    expect(only?.label).toMatch(/^Person x{50,67}…$/);
    expect(asked).toMatchObject([
      {
        source: 'people',
        query: 'per',
        input: { id: 'O1' },
        from: { user: 'ANA', conversation: 'C1', email: 'ana.silva@partner.example' },
      },
    ]);
  });

  test('more than a select takes is cut, and what Slack would refuse is left out', async () => {
    const { it, view } = await scene();
    it.desk.options = async () => [{ value: 'v'.repeat(76), label: 'Too long' }, ...options];
    const some = await it.suggest(view, 'person', '');
    expect(some.map(({ value }) => value)).toEqual(options.slice(0, 100).map(({ value }) => value));
  });

  test('a failure is an empty list, with nothing of what was typed in the log', async () => {
    const { it, view } = await scene();
    it.desk.options = async () => {
      throw new Error('no such column: secret');
    };
    expect(await it.suggest(view, 'person', 'secret')).toEqual([]);
    expect(it.log.join()).toContain('slack: no options');
    expect(it.log.join()).not.toContain('secret');
    it.workspace.fail('users.info', { error: 'internal_error', times: 9 });
    const somebody = { user: { id: 'BEN', team_id: it.workspace.team } };
    expect(await it.suggest(view, 'person', '', somebody)).toEqual([]);
  });

  test('a late answer is an empty list in time, and harms nothing when it comes', async () => {
    const { it, view } = await scene({ budget: { commit: 50, answer: 100 } });
    const late = promised<never[]>();
    it.desk.options = () => late.promise;
    expect(await it.suggest(view, 'person', 'a')).toEqual([]);
    late.give([]);
    it.desk.options = async () => options.slice(0, 1);
    expect(await it.suggest(view, 'person', 'a')).toHaveLength(1);
  });

  test('an unsigned question is refused', async () => {
    const { it, view } = await scene();
    const body = suggestBody(it.target, view, 'person', 'a');
    expect((await send(it.target, { body, signature: 'v0=00' })).status).toBe(401);
  });

  test('a hundred or fewer, and lists that nobody can ask for, are sent along as they were', () => {
    const drawn = (more: object) => {
      const view = toModal(form({ fields: [{ ...field, ...more } as Field] }), 'k', { c: 'C1' });
      return {
        element: (view.blocks[0] as unknown as { element: Json }).element,
        memory: JSON.parse(view.private_metadata ?? ''),
      };
    };
    expect(drawn({ options: options.slice(0, 100) }).element).toMatchObject({ type: 'static_select' });
    const { source: _, ...fixed } = field as Field & { source: string };
    expect(drawn({ ...fixed, source: undefined }).element).toHaveProperty('option_groups');
    expect(drawn({ options: options.slice(0, 100) }).memory).not.toHaveProperty('s');
    const long = drawn({ value: 'p149' });
    expect(long.memory).toMatchObject({ s: { person: 'people' } });
    expect(long.element).toMatchObject({
      type: 'external_select',
      initial_option: { text: { text: 'Person 149' }, value: 'p149' },
    });
    const many = drawn({ kind: 'choices', value: 'p3,p149,nobody' });
    expect(many.element.initial_options).toMatchObject([{ value: 'p3' }, { value: 'p149' }]);
    expect(drawn({ value: 'nobody' }).element).not.toHaveProperty('initial_option');
  });
});
