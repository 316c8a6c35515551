/** What somebody types into a long choice. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HIDDEN_INPUT } from '../../src/teams/button.ts';
import { databases } from '../support/databases.ts';
import { post, typed } from '../support/teams-activities.ts';
import { openTeamsHouse, type TeamsHouse } from '../support/teams-house.ts';
import { list, parts } from '../support/teams-screen.ts';

describe.each(databases)('options while somebody types in Teams, on $name', (database) => {
  let house: TeamsHouse;
  let id: string;
  beforeAll(async () => {
    house = await openTeamsHouse(database);
    id = await house.idOf('Tamarind Airways');
  });
  afterAll(async () => {
    expect(house?.microsoft.refused).toEqual([]);
    await house?.stop();
  });

  async function offered(user: string, source: string, text: string, input?: unknown) {
    const data = input === undefined ? {} : { [HIDDEN_INPUT]: JSON.stringify(input) };
    const { status, body } = await post(house.target, typed(house.target, user, source, text, data));
    expect(status).toBe(200);
    expect(parts(body)).toMatchObject({
      statusCode: 200,
      type: 'application/vnd.microsoft.search.searchResponse',
    });
    return list(parts(parts(body).value).results);
  }

  test('people are those who may become the owner of the form’s deal', async () => {
    const [first, ...others] = await offered('ANA', 'people', 'luc', { id });
    expect(first?.title).toContain('Lucía');
    expect(first?.value).toBeTruthy();
    expect(others).toEqual([]);
  });

  test('deals are those the person may see, the best first, at most 15', async () => {
    expect((await offered('ANA', 'deals', 'tamarind'))[0]).toMatchObject({ value: id });
    expect((await offered('ANA', 'deals', '')).length).toBeLessThanOrEqual(15);
    expect(await offered('LUCIA', 'deals', 'tamarind')).toEqual([]);
  });

  test.each<[string, string, string, unknown]>([
    ['another person’s deal', 'LUCIA', 'people', 'own'],
    ['no deal', 'ANA', 'people', undefined],
    ['what is no form of ours', 'ANA', 'people', { id: { $ne: '' } }],
    ['a source that is not there', 'ANA', 'passwords', 'own'],
  ])('for %s there is nothing', async (_, user, source, input) => {
    expect(await offered(user, source, 'a', input === 'own' ? { id } : input)).toEqual([]);
  });

  test('a guest is offered nothing', async () => {
    house.microsoft.enroll('GUS', { role: 'guest' });
    expect(await offered('GUS', 'deals', '')).toEqual([]);
  });
});
