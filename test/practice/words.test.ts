import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { textAt } from '../../src/practice/json.ts';
import { invitationOf, open, opportunityOf, type Stage } from './support.ts';

let stage: Stage;
let id: string;
beforeEach(async () => {
  stage = open();
  id = await opportunityOf(stage, 'Tidewater');
});
afterEach(() => expect(stage.faults).toEqual([]));

const say = (text: string) => stage.practice.runScript(text);
const status = async () =>
  textAt((await stage.practice.world()).opportunities[id]?.record ?? {}, 'LifeCycle.ReviewStatus');
const weather = async () => (await stage.practice.world()).weather;

describe('practice in words', () => {
  test.each([
    ['review', 'In review', ''],
    ['approve', 'Approved', ''],
    ['reject', 'Rejected', ''],
    ['action required', 'Action Required', ': Please name the systems.'],
  ])('%s', async (words, expected, rest) => {
    expect(await say(`${words} ${id}${rest}`)).toContain(id);
    expect(await status()).toBe(expected);
  });

  test('the remark goes to the record as it was typed', async () => {
    await say(`Action required ${id}:  Which systems: nine or ten?`);
    const record = (await stage.practice.world()).opportunities[id]?.record ?? {};
    expect(textAt(record, 'LifeCycle.ReviewComments')).toBe('Which systems: nine or ten?');
  });

  test.each(['new referral', 'new lead', 'new psf lead', 'new referral like'])('%s', async (words) => {
    if (words.endsWith('like')) words += ` ${id}`;
    const [invitation = ''] = /engi-[0-9a-z]{13}/.exec(await say(words)) ?? [];
    expect((await stage.practice.world()).invitations).toHaveProperty([invitation]);
  });

  test('expire', async () => {
    const invitation = await invitationOf(stage, 'Evergrove');
    expect(await say(`expire ${invitation}`)).toBe(`The invitation ${invitation} has expired.`);
  });

  test.each([
    [`nextStep: Written elsewhere`, 'LifeCycle.NextSteps', 'Written elsewhere'],
    [`closeDate: 2027-02-01`, 'LifeCycle.TargetCloseDate', '2027-02-01'],
    [`Project.AdditionalComments: As AWS spells it`, 'Project.AdditionalComments', 'As AWS spells it'],
  ])('edit %s', async (words, path, value) => {
    await say(`edit ${id} ${words}`);
    expect(textAt((await stage.practice.world()).opportunities[id]?.record ?? {}, path)).toBe(value);
  });

  test('aws stage', async () => {
    await say(`aws stage ${id}: Committed`);
    expect(textAt((await stage.practice.world()).opportunities[id]?.aws ?? {}, 'LifeCycle.Stage')).toBe(
      'Committed',
    );
  });

  test.each([
    ['throttle 30', { throttledUntil: '2026-11-23T10:16:00.123Z' }],
    ['down', { outage: 'failing' }],
    ['down unreachable', { outage: 'unreachable' }],
    ['slow 90', { taskSeconds: 90 }],
    ['fail next', { failNextAccept: 'InternalError' }],
    ['fail next ServiceQuotaExceeded', { failNextAccept: 'ServiceQuotaExceeded' }],
    ['fail next submit', { failNextSubmit: 'InternalError' }],
    ['Fail next submit OpportunityConflict', { failNextSubmit: 'OpportunityConflict' }],
    ['needs submit on', { needsSubmit: true }],
    ['drop next', { dropNext: true }],
  ])('%s', async (words, expected) => {
    expect(await say(words)).toMatch(/^[A-Z].*\.$/);
    expect(await weather()).toEqual(expected);
  });

  test('up ends outage and throttling, slow off ends slowness', async () => {
    for (const words of ['down', 'throttle', 'slow 5', 'up', 'slow off']) await say(words);
    expect(await weather()).toEqual({});
  });

  test('needs submit off ends it', async () => {
    await say('needs submit on');
    expect(await say('needs submit off')).toMatch(/with its update/);
    expect(await weather()).toEqual({});
  });

  test.each(['inactive', 'Draft', 'ACTIVE'])('solution … %s', async (word) => {
    const answer = await say(`solution S-0001235 ${word}`);
    const solution = (await stage.practice.world()).solutions?.find(({ Id }) => Id === 'S-0001235');
    expect(String(solution?.Status).toLowerCase()).toBe(word.toLowerCase());
    expect(answer).toBe(`The solution S-0001235 is ${solution?.Status} now.`);
  });

  test('qualify', async () => {
    const [lead = ''] = Object.keys((await stage.practice.world()).engagements);
    expect(await say(`qualify ${lead}: Called twice`)).toContain(lead);
    const engagement = (await stage.practice.world()).engagements[lead];
    expect(JSON.stringify(engagement)).toContain('"QualificationStatus":"Called twice"');
  });

  test('an unknown reason is answered with those there are', async () => {
    for (const words of ['fail next BadMood', 'fail next submit BadMood'])
      expect(await say(words)).toContain('RequestThrottled');
    expect(await weather()).toEqual({});
  });

  test('a record that does not exist is said plainly', async () => {
    expect(await say('approve O1')).toBe('AWS has no record “O1”.');
    expect(await say('expire engi-0000000000000')).toBe('AWS has no record “engi-0000000000000”.');
    expect(await say('qualify eng-00000000000000: Open')).toBe('AWS has no record “eng-00000000000000”.');
    expect(await say('solution S-1 active')).toBe('AWS has no record “S-1”.');
    expect(await say('new referral like O1')).toBe('AWS has no record “O1”.');
  });

  test('help gives the list; what it does not know gives it too', async () => {
    const help = await say('help');
    for (const words of [
      ...['new referral', 'new psf lead', 'new referral like', 'approve', 'expire', 'edit', 'qualify'],
      ...['solution', 'needs submit on', 'fail next submit', 'throttle', 'drop next'],
    ]) {
      expect(help).toContain(words);
    }
    expect(await say('dance')).toBe(`I do not know “practice dance”. ${help}`);
  });
});
