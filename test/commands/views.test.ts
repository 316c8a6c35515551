/** The preset views at the console and in Slack: every one of them, by name, by choice, page by page, for each role. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fullLabel } from '../../src/pipeline/view-names.ts';
import { VIEWS } from '../../src/pipeline/views.ts';
import { databases } from '../support/databases.ts';
import { flat, LEAD, TEAM } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { buttonsOf, screenOf } from '../support/slack-screen.ts';

const [PRIYA = ''] = TEAM.users;

/** The companies of a list, in its order. */
const names = (text: string): string[] =>
  [...text.matchAll(/^ *\d+\. (.+?) – /gm)].map(([, company = '']) => company);

describe.each(databases)('on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  const typed = async (line: string, as = LEAD) => (await house.script(`${line}\n`, as)).text;

  test('each view answers by its id with its meaning below, the same lines in both doors', async () => {
    let shown = 0;
    for (const view of VIEWS) {
      const console = await typed(`list ${view.id.replaceAll('-', ' ')}`);
      const slack = await house.say('ANA', `list ${view.id}`);
      expect(flat(console)).toContain(flat(view.means));
      expect(flat(slack)).toContain(flat(view.means));
      expect(names(slack)).toEqual(names(console));
      shown += names(console).length;
    }
    expect(shown).toBeGreaterThan(100);
  });

  test('what people say finds the view: labels, short names, any case, a question mark', async () => {
    const said = {
      'list Closing this month': 'Closing this month',
      'list LAUNCHED?': 'Launched opportunities',
      'list drafts': 'Draft opportunities',
      'list open leads': 'Open leads',
      'show launched opportunities': 'Launched opportunities',
    };
    for (const [line, title] of Object.entries(said))
      expect([line, (await typed(line)).trim().split('\n')[0]]).toEqual([line, title]);
    expect((await typed('list opportunities shared by AWS this quarter')).trim()).toMatch(
      /^Opportunities: Shared by AWS this quarter\n/,
    );
  });

  test('launched, closed, and of whom: what stands in a view is what its name says', async () => {
    const rows = await house.store.prisma.deal.findMany({
      where: { kind: 'opportunity', stage: 'Launched', goneAt: null },
    });
    expect(names(await typed('list launched')).sort()).toEqual(rows.map(({ company }) => company).sort());
    const pending = await house.store.prisma.deal.findMany({
      where: { kind: 'lead', status: 'PENDING', origin: 'AWS Referral', goneAt: null },
    });
    expect(names(await typed('list leads pending acceptance')).sort()).toEqual(
      pending.map(({ company }) => company).sort(),
    );
  });

  test('“list views” names all 27; a button opens one of them where it stands', async () => {
    const console = flat(await typed('list views'));
    const slack = await house.say('ANA', 'list views');
    for (const { label, means } of VIEWS) {
      expect(console).toContain(`${label} — ${flat(means)}`);
      expect(slack).toContain(label);
    }
    const message = house.newest('ANA');
    expect(buttonsOf(message.blocks).filter(({ label }) => label === 'Open')).toHaveLength(27);
    await house.press('ANA', message, 'Open');
    await house.shows('ANA', 'Leads pending acceptance');
  });

  test('“Other views…” opens a choice of all, and the choice shows the view', async () => {
    await house.say('ANA', 'list');
    await house.press('ANA', house.newest('ANA'), 'Other views…');
    const form = await house.form('ANA');
    const screen = screenOf(form.content);
    for (const view of VIEWS) expect(screen).toContain(fullLabel(view));
    const answer = await house.submit(form, { view: 'closing-this-month' });
    expect(JSON.stringify(answer.body)).toContain('Opportunities you created that have a close date');
  });

  test('a page turns by word and by button; beyond the last there is nothing', async () => {
    const first = await typed('list all customer engagements');
    const second = await typed('list all customer engagements page 2');
    expect(names(first)).toHaveLength(20);
    expect(flat(first)).toContain('“list all customer engagements page 2” goes on.');
    expect(names(second).filter((name) => names(first).includes(name))).toEqual([]);
    await house.say('ANA', 'list all customer engagements');
    await house.press('ANA', house.newest('ANA'), 'Next page');
    const shown = await house.shows('ANA', 'All customer engagements, page 2');
    expect(names(screenOf(shown))).toEqual(names(second));
    expect(flat(await typed('list all customer engagements page 900'))).toContain('There are no more.');
    const refused = await house.script('list all customer engagements page 9999\n');
    expect([refused.code, flat(refused.text)]).toEqual([1, 'Pages count from 1 to 1000.']);
  });

  test('the numbers of a view are the numbers of the next act', async () => {
    const listed = await typed('list drafts\nshow 2');
    const [, second = ''] = names(listed);
    expect(listed).toMatch(new RegExp(`\\n\\n${second} – `));
  });

  test('a name that both tabs have is asked, an unknown one brings the nearest', async () => {
    const both = await house.script('list shared by AWS this quarter\n');
    expect([both.code, flat(both.text)]).toEqual([
      1,
      'Which “shared by aws this quarter” do you mean? Leads: Shared by AWS this Quarter Opportunities: Shared by AWS this quarter',
    ]);
    await house.say('ANA', 'list shared by AWS this quarter');
    await house.press('ANA', house.newest('ANA'), 'Opportunities');
    await house.shows('ANA', 'Opportunities: Shared by AWS this quarter');
    const near = await house.script('list lauched\n');
    expect(near.code).toBe(1);
    expect(flat(near.text)).toContain('Did you mean “Opportunities: Launched opportunities”?');
    expect(flat(await typed('list xyzzy'))).toContain('There is no view called “xyzzy”.');
    expect(flat(await typed(`list ${'x'.repeat(201)}`))).toContain('at most 200 characters');
  });

  test('an ACE user’s views hold their own and nothing of others, in the list, its count and its pages', async () => {
    const rows = await house.store.prisma.deal.findMany({ where: { goneAt: null } });
    const others = new Set(
      rows.filter(({ ownerEmail }) => ownerEmail !== PRIYA).map(({ company }) => company),
    );
    const own = rows.filter(({ ownerEmail }) => ownerEmail === PRIYA).map(({ company }) => company);
    const seen: string[] = [];
    for (const view of VIEWS) seen.push(...names(await typed(`list ${view.id}`, PRIYA)));
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.filter((name) => others.has(name) && !own.includes(name))).toEqual([]);
  });

  test('Partner Solutions Finder leads stand in the alliance lead’s views alone; others are told whose they are', async () => {
    const finder = await house.store.prisma.deal.findMany({
      where: { psf: true, goneAt: null, successor: null },
    });
    const waiting = finder.filter(({ status }) => status === 'PENDING');
    expect([finder.length > waiting.length, waiting.length > 0]).toEqual([true, true]);
    const listed = names(await typed('list psf leads'));
    expect(listed.sort()).toEqual(finder.map(({ company }) => company).sort());
    for (const as of [TEAM.team, TEAM.manager, PRIYA]) {
      expect(flat(await typed('list partner solution finder leads', as))).toContain(
        'Leads of AWS’s Partner Solutions Finder are for the alliance lead alone',
      );
      const all = [await typed('desk\nlist\nlist pending\nwaiting\nhistory', as)];
      for (const view of VIEWS) all.push(await typed(`list ${view.id}`, as));
      for (const { company } of finder) expect(all.join('\n')).not.toContain(company);
    }
    for (const as of [TEAM.team, TEAM.manager])
      expect(flat(await typed('desk', as))).toContain(
        'A lead from your listing in AWS’s Partner Solutions Finder waits. Only the alliance lead can see and accept it.',
      );
    for (const as of [LEAD, PRIYA]) expect(await typed('desk', as)).not.toContain('Finder waits');
  });

  test('money is told for each deal in its own currency and never added up', async () => {
    const text = flat(await typed('list all customer engagements'));
    expect(text).toMatch(/USD [\d,.]+ \/ month to AWS/);
    expect(text).toMatch(/EUR [\d,.]+ \/ month to AWS/);
    expect(text).not.toMatch(/total|sum/i);
  });
});
