/** Routing rules: who may say where deals go, how it is asked; and a deal on its way by one, to its card's end. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { tickClocks } from '../../src/bot/clocks.ts';
import type { Messenger, Room } from '../../src/bot/intent.ts';
import { findPerson } from '../../src/store/people.ts';
import type { Form, List, Reply } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { LEAD, openTestHouse, TEAM, type TestHouse, until } from '../support/house.ts';

const [PRIYA = '', TOM = '', LUCIA = ''] = TEAM.users;
const EVERYBODY = [LEAD, TEAM.team, TEAM.manager, ...TEAM.users];
const OPEN: Room = {
  name: '#referrals',
  readers: EVERYBODY.map((email) => `U-${email}`),
  isOpenToOthers: false,
  isUnclear: false,
};

describe.each(databases)('routing rules, on $name', (database) => {
  let house: TestHouse;
  const posted: { conversation: string; reply: Reply }[] = [];
  const told: { to: string; reply: Reply }[] = [];
  const messenger: Messenger = {
    platform: 'teams',
    find: async (email) => ({ tenant: 'T', user: `U-${email}` }),
    tell: async ({ user }, reply) => ({ ts: `${told.push({ to: user.slice(2), reply }) - 1}` }),
    redraw: async (ref, reply) => {
      const message = told[Number(ref.ts)];
      if (message) message.reply = reply;
      return ref;
    },
    room: async ({ conversation }) => (conversation === 'private' ? undefined : OPEN),
    post: async ({ conversation }, reply) => ({ ts: `p${posted.push({ conversation, reply })}` }),
    reply: async (ref) => ref,
  };
  beforeAll(async () => {
    house = await openTestHouse(database);
    await house.addMessenger(messenger);
    // What was there before is no arrival.
    await house.store.prisma.agent.update({ where: { id: 1 }, data: { clockedAt: new Date() } });
    const pending = await house.store.prisma.deal.findMany({ where: { status: 'PENDING' } });
    await house.store.prisma.clock.createMany({
      data: pending.map(({ id }) => ({ dealId: id, startedAt: new Date() })),
    });
    // Nobody here ever sleeps: which day it is does not matter.
    await house.store.prisma.person.updateMany({ data: { workingDays: [1, 2, 3, 4, 5, 6, 7] } });
    const people = await house.store.prisma.person.findMany();
    await house.store.prisma.quiet.createMany({
      data: people.map(({ id }) => ({ personId: id, from: 0, until: 0 })),
    });
  });
  afterAll(() => house?.stop());
  beforeEach(async () => {
    await house.store.prisma.route.deleteMany();
    told.length = 0;
    posted.length = 0;
  });

  const from = (email: string, conversation = 'private') => ({
    ...{ platform: 'teams' as const, tenant: 'T', user: `U-${email}`, email, conversation },
  });
  const say = (text: string, email = LEAD, conversation?: string) =>
    house.desk.say({ text, key: randomUUID(), from: from(email, conversation) });
  const press = (input: Record<string, string>, email = LEAD, conversation?: string) =>
    house.desk.handle({ verb: 'route', input, key: randomUUID(), from: from(email, conversation) });
  const shown = ({ reply }: { reply: Reply }): string => JSON.stringify(reply);
  const rules = () =>
    house.store.prisma.route.findMany({ where: { endedAt: null }, orderBy: { position: 'asc' } });
  const personId = async (email: string) => (await findPerson(house.store, email))?.id ?? '';
  const formOf = (reply: Reply): Form => {
    if (reply.kind !== 'form') throw new Error(`No form but ${JSON.stringify(reply)}`);
    return reply;
  };
  const listOf = (reply: Reply): List => {
    if (reply.kind !== 'list') throw new Error(`No list but ${JSON.stringify(reply)}`);
    return reply;
  };
  async function arrives(how: 'newReferral' | 'newPsfLead' = 'newReferral'): Promise<string> {
    const id = await house.practice.script[how]();
    await house.aws.sync();
    await tickClocks(house.store, new Date());
    await house.quiet();
    return id;
  }

  test('only the alliance lead and the team say where deals go; nothing is written for others', async () => {
    for (const email of [TEAM.manager, PRIYA]) {
      const answer = await say('route add Mine (to Priya)', email);
      expect(answer.ok).toBe(false);
      expect(shown(answer)).toContain('Only the alliance lead and the alliance team');
    }
    expect(await rules()).toEqual([]);
    expect((await say('route add Nordics (country SE, Norway) (to Tom and Priya)', TEAM.team)).ok).toBe(true);
    expect(await rules()).toMatchObject([
      { name: 'Nordics', fits: { countries: ['SE', 'NO'] }, byId: await personId(TEAM.team), room: null },
    ]);
  });

  test('a form says all there is to a rule, and shows it again to be edited', async () => {
    const form = formOf((await say('route add')).reply);
    expect(form.fields.map(({ id }) => id)).toEqual([
      ...['name', 'countries', 'industries', 'solutions', 'campaign', 'atLeast', 'people', 'place'],
    ]);
    const people = [await personId(TOM), await personId(LUCIA)].join();
    const answers = {
      ...{ name: 'Big retail', countries: 'GB', industries: 'Retail,Travel', solutions: 'data lake, backup' },
      ...{ campaign: 'webinar', atLeast: '10,000 EUR', people, place: 'nowhere' },
    };
    const saved = await press({ ...form.input, ...answers });
    expect(shown(saved)).toContain('Saved. “Big retail”: United Kingdom · Retail or Travel');
    expect(await rules()).toMatchObject([
      {
        fits: {
          ...{ countries: ['GB'], industries: ['Retail', 'Travel'], solutions: ['data lake', 'backup'] },
          ...{ campaign: 'webinar', atLeast: { amount: 10_000, currency: 'EUR' } },
        },
      },
    ]);
    const again = formOf((await say('route big RETAIL')).reply);
    expect(Object.fromEntries(again.fields.map(({ id, value }) => [id, value]))).toEqual({
      ...answers,
      ...{ solutions: 'data lake, backup', atLeast: '10000 EUR' },
    });
    expect(again.others?.map(({ label }) => label)).toEqual(['Remove']);
    await press({ ...again.input, ...answers, name: 'Bigger', countries: '', atLeast: '' }, TEAM.team);
    const [rule, ...others] = await rules();
    expect([rule?.name, rule?.byId, others]).toEqual(['Bigger', await personId(TEAM.team), []]);
    expect(rule?.fits).not.toHaveProperty('countries');
  });

  test('“route edit” with parts changes these and leaves the rest; what is wrong with one is asked, and nothing typed is lost', async () => {
    await say('route add Nordics (country SE) (industry Retail) (value 10000 EUR) (to Tom)', LEAD, 'room');
    expect(shown(await say('route edit Nordics (country DE) (to Lucía)', TEAM.team))).toContain(
      'Saved. “Nordics”: Germany · Retail · from EUR 10,000 / month → offered to Lucía Ferro.',
    );
    const offerTo = [await personId(LUCIA)];
    const kept = { industries: ['Retail'], atLeast: { amount: 10_000, currency: 'EUR' } };
    expect(await rules()).toMatchObject([
      {
        name: 'Nordics',
        offerTo,
        room: null,
        fits: { countries: ['DE'], ...kept },
        byId: await personId(TEAM.team),
      },
    ]);
    await say('route edit nordics (here)', LEAD, 'room');
    await say('route nordics (value 500 USD)');
    const fits = { countries: ['DE'], industries: ['Retail'], atLeast: { amount: 500, currency: 'USD' } };
    const rule = { name: 'Nordics', offerTo, room: 'room', fits };
    expect(await rules()).toMatchObject([rule]);
    const wrong = formOf((await say('route edit Nordics (country Atlantis) (solution backup)')).reply);
    expect(wrong.errors).toEqual({ countries: expect.stringContaining('“Atlantis”') });
    const values = Object.fromEntries(wrong.fields.map(({ id, value }) => [id, value]));
    expect(values).toMatchObject({
      ...{ name: 'Nordics', countries: 'Atlantis', industries: 'Retail', solutions: 'backup' },
      ...{ atLeast: '500 USD', people: offerTo.join(), place: 'kept' },
    });
    expect(await rules()).toMatchObject([rule]);
  });

  test('what is wrong stands beside its field, and what was typed stays', async () => {
    await say('route add Nordics (country SE) (to Tom)');
    const wrong = {
      name: 'nordics',
      countries: 'Atlantis',
      atLeast: 'much',
      people: await personId(TEAM.manager),
    };
    const { reply, ok } = await press({ do: 'save', ...wrong });
    expect(ok).toBe(false);
    const { errors, fields } = formOf(reply);
    expect(errors).toEqual({
      name: expect.stringContaining('called that already: “route edit nordics” changes that one'),
      countries: expect.stringContaining('“Atlantis”'),
      atLeast: expect.stringContaining('10000 USD'),
      people: expect.stringContaining('sees it anyway'),
    });
    expect(fields.find(({ id }) => id === 'countries')?.value).toBe('Atlantis');
    const nowhere = formOf((await press({ do: 'save', name: 'Empty' })).reply);
    expect(nowhere.errors).toEqual({ people: expect.stringContaining('send it nowhere') });
    expect((await press({ do: 'save', name: 'x'.repeat(61), people: await personId(TOM) })).ok).toBe(false);
    expect(await rules()).toHaveLength(1);
  });

  test('a slip in a condition saves nothing: the form comes back with what was typed, and says which words are understood', async () => {
    for (const name of [
      ...['Nordics (countr SE)', 'Big (revenue > 10000)', 'Nordics: country SE', 'Nordics (country SE'],
      ...['Nordics to Priya', 'Nordics to Tom and Priya'],
    ]) {
      const { reply, ok } = await say(`route add ${name} (to Tom)`);
      const { errors, fields } = formOf(reply);
      expect([name, ok, errors]).toEqual([
        name,
        false,
        { name: expect.stringContaining('(country …), (industry …), (solution …), (campaign …), (value …)') },
      ]);
      const values = Object.fromEntries(fields.map(({ id, value }) => [id, value]));
      expect(values).toMatchObject({ name, people: await personId(TOM) });
    }
    const alone = formOf((await say('route add Nordics (countr SE)')).reply);
    expect(alone.errors).toEqual({ name: expect.stringContaining('(country …)') });
    expect(await rules()).toEqual([]);
    expect((await say('route add Road to Riches (country SE) (to Tom)')).ok).toBe(true);
  });

  test('people are listed as they are in any other line: with commas, semicolons, “and”, “&”', async () => {
    const offerTo = [await personId(TOM), await personId(PRIYA), await personId(LUCIA)];
    for (const [nth, people] of [
      'Tom; Priya; Lucía',
      'Tom, Priya AND Lucía',
      'Tom & Priya and Lucía',
    ].entries()) {
      expect((await say(`route add Nordics ${nth} (country SE) (to ${people})`)).ok).toBe(true);
      expect((await rules())[nth]).toMatchObject({ offerTo });
    }
  });

  test('conditions are understood in the plural as well', async () => {
    const conditions = '(countries SE, NO) (industries Retail) (solutions backup) (campaigns webinar)';
    expect((await say(`route add Nordics ${conditions} (to Tom)`)).ok).toBe(true);
    const fits = {
      ...{ countries: ['SE', 'NO'], industries: ['Retail'] },
      ...{ solutions: ['backup'], campaign: 'webinar' },
    };
    expect(await rules()).toMatchObject([{ name: 'Nordics', fits, offerTo: [await personId(TOM)] }]);
  });

  test('a rule without a condition takes everything, and is asked about once before it is saved', async () => {
    const asked = formOf(
      (await say('route add Nordics country SE (to Tom; Priya) (here)', LEAD, 'room')).reply,
    );
    expect(asked.intro?.join(' ')).toContain(
      '“Nordics country SE” has no condition: it takes every referral and lead',
    );
    expect(await rules()).toEqual([]);
    expect(shown(await press(asked.input ?? {}, LEAD, 'room'))).toContain('Saved. “Nordics country SE”');
    const offerTo = [await personId(TOM), await personId(PRIYA)];
    expect(await rules()).toMatchObject([{ name: 'Nordics country SE', fits: {}, offerTo, room: 'room' }]);
    // It takes everything already: that was asked.
    expect(shown(await say('route edit Nordics country SE (to Lucía)'))).toContain('Saved.');
    await say('route add Retail (industry Retail) (to Tom)');
    const form = formOf((await say('route edit Retail')).reply);
    const emptied = await press({ ...form.input, name: 'Retail', people: offerTo.join(), place: 'nowhere' });
    expect(formOf(emptied.reply).input).toMatchObject({ route: form.input?.route, sure: 'yes' });
    expect((await rules())[1]?.fits).toEqual({ industries: ['Retail'] });
    expect((await say('route add All (to Tom) (yes)')).ok).toBe(true);
  });

  test('what is wrong with a typed rule is understood without its form: which part, and what it may be', async () => {
    const wrong = async (line: string) => formOf((await say(line)).reply).errors;
    expect(await wrong('route add Ret (industry Retial) (to Tom)')).toEqual({
      industries: 'I do not know “Retial” as an industry of AWS’s list. Did you mean “Retail”?',
    });
    expect(await wrong('route add Ret (industry Florb) (to Tom)')).toEqual({
      industries:
        'I do not know “Florb” as an industry of AWS’s list. “route add” alone asks, with all of them to choose from.',
    });
    expect(await wrong(`route add ${'x'.repeat(61)} (to Tom)`)).toEqual({
      name: 'A rule’s name has at most 60 characters.',
    });
    expect(await rules()).toEqual([]);
  });

  test('a rule that nothing is left for is said to be one, when saved and in the list, until it is tried earlier', async () => {
    await say('route add Everything (to Tom) (yes)');
    const saved = await say('route add Nordics (country SE) (to Tom)');
    const words = '“Everything” stands before it and takes all: “route up Nordics” tries it earlier';
    expect(shown(saved)).toContain(words);
    expect(shown(saved)).not.toContain('It counts for');
    const details = (reply: Reply) =>
      listOf(reply).sections.flatMap(({ items }) => items.map(({ detail }) => detail.includes(words)));
    expect(details((await say('route')).reply)).toEqual([false, true]);
    const [button] = (saved.reply.kind === 'note' && saved.reply.buttons) || [];
    expect(details((await press(button?.input ?? {})).reply)).toEqual([false, false]);
    expect(shown(await say('route add Retail (industry Retail) (to Tom)'))).toContain('takes all');
    // It rests, so it takes nothing.
    await house.store.prisma.route.updateMany({
      where: { name: 'Everything' },
      data: { byId: await personId(PRIYA) },
    });
    expect(shown(await say('route'))).not.toContain('takes all');
  });

  test('“route list” lists them, and a name that lacks is asked for', async () => {
    await say('route add Nordics (country SE) (to Tom)');
    for (const line of ['route list', 'routes', 'routing rules', 'route'])
      expect(listOf((await say(line)).reply).sections).toHaveLength(1);
    const answer = await say('route remove');
    expect([answer.ok, shown(answer)]).toEqual([false, expect.stringContaining('Which rule? Say its name')]);
    expect(await rules()).toHaveLength(1);
  });

  test('of two who take a name at once, one gets it', async () => {
    const line = 'route add Twice (to Tom) (yes)';
    const answers = await Promise.all([say(line), say(line, TEAM.team)]);
    expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(await rules()).toHaveLength(1);
  });

  test('the same act twice is one, also where its own name stands in the way', async () => {
    const key = randomUUID();
    for (let nth = 0; nth < 2; nth++) {
      const answer = await house.desk.say({ text: 'route add Once (to Tom) (yes)', key, from: from(LEAD) });
      expect([answer.ok, shown(answer)]).toEqual([true, expect.stringContaining('Once')]);
    }
    expect(await rules()).toHaveLength(1);
  });

  test('what stands in parentheses is no part of the name that is to be removed or moved: another may be called so', async () => {
    await say('route add Nordics (country SE) (to Tom)');
    for (const line of ['route remove Nordics (countries NO)', 'route up Nordics (to Priya)']) {
      const answer = await say(line);
      expect([answer.ok, shown(answer)]).toEqual([false, expect.stringContaining('the rule’s name alone')]);
    }
    expect(await rules()).toHaveLength(1);
  });

  test('they are tried in order: listed so, moved up, removed by name', async () => {
    for (const name of ['One', 'Two', 'Three']) await say(`route add ${name} (to Tom) (yes)`);
    const titles = (reply: Reply) =>
      listOf(reply).sections.flatMap(({ items }) => items.map(({ title }) => title));
    expect(titles((await say('route')).reply)).toEqual(['One', 'Two', 'Three']);
    expect(titles((await say('route up three')).reply)).toEqual(['One', 'Three', 'Two']);
    expect(titles((await say('route up one')).reply)).toEqual(['One', 'Three', 'Two']);
    expect(shown(await say('route remove Three'))).toContain('It was: everything → offered to Tom Keller.');
    expect(titles((await say('route')).reply)).toEqual(['One', 'Two']);
    expect((await say('route remove Three')).ok).toBe(false);
    const id = (await rules())[0]?.id ?? '';
    expect((await press({ do: 'remove', route: id })).ok).toBe(true);
    expect((await press({ do: 'save', route: id, name: 'One', people: await personId(TOM) })).ok).toBe(false);
    expect(await rules()).toMatchObject([{ name: 'Two' }]);
  });

  test('nobody posts to a channel they do not read; outside a channel there is none', async () => {
    const out = { ...OPEN, readers: ['U-somebody'] };
    const room = messenger.room;
    messenger.room = async () => out;
    expect(shown(await say('route add Elsewhere (here)', LEAD, 'theirs'))).toContain(
      'as one who reads along',
    );
    if (room) messenger.room = room;
    expect(shown(await say('route add Nowhere (here)'))).toContain('Say it in the channel');
    expect(await rules()).toEqual([]);
  });

  test('a referral that comes is posted where the rule says, and comes to whom it offers it, who may accept it', async () => {
    await say('route add Ours (to Tom) (here) (yes)', LEAD, 'referrals');
    const id = await arrives();
    await until('the card in the channel', () => posted.length === 1);
    expect(posted[0]).toMatchObject({ conversation: 'referrals', reply: { kind: 'card' } });
    expect(told.map(({ to }) => to)).toEqual([TOM]);
    const [{ reply } = { reply: undefined }] = told;
    if (reply?.kind !== 'card') throw new Error('It is a card.');
    expect(reply.subtitle).toMatch(
      /^\d+ business days left, until .* your time \(AWS’s 5 business days\) · /,
    );
    expect(reply.subtitle).toContain('offered to you by the rule “Ours”');
    expect(reply.buttons.map(({ verb }) => verb)).toEqual(['accept', 'reject', 'remind']);
    // It closes itself, and says who was faster.
    await house.act('accept', { id }, { as: TEAM.manager });
    await house.quiet();
    await house.aws.sync();
    await house.quiet();
    expect(JSON.stringify(told[0]?.reply)).toMatch(/accepted/);
    expect(JSON.stringify(told[0]?.reply)).toContain('Mina Okafor’s acceptance');
    expect(JSON.stringify(told[0]?.reply)).not.toContain('"verb":"accept"');
    await tickClocks(house.store, new Date());
    expect(await house.store.prisma.clock.findUnique({ where: { dealId: id } })).toMatchObject({
      ...{ outcome: 'accepted', nextAt: null },
    });
  });

  test('what nobody accepts closes itself as lost, with the day', async () => {
    await say('route add Ours (to Tom) (yes)');
    const id = await arrives();
    await house.practice.script.expire(id);
    await house.aws.sync();
    await tickClocks(house.store, new Date());
    await house.quiet();
    expect(JSON.stringify(told[0]?.reply)).toMatch(
      /no longer yours: it expired on \w+ \d+ \w+ before it was accepted/,
    );
    const whole = await house.act('show', { id });
    expect(JSON.stringify(whole.reply)).toMatch(
      /lost: it expired before it was accepted.*"label":"Expired","value":"[^"]*\d\d:\d\d/,
    );
    expect((await house.store.prisma.clock.findUnique({ where: { dealId: id } }))?.outcome).toBe('lost');
  });

  test('a Partner Solutions Finder lead goes by no rule: the alliance lead alone is told', async () => {
    await say('route add Everything (to Tom) (here) (yes)', LEAD, 'referrals');
    await arrives('newPsfLead');
    expect(told.map(({ to }) => to)).toEqual([LEAD]);
    expect(JSON.stringify(told[0]?.reply)).toContain('nobody but you sees it');
    expect(posted).toEqual([]);
  });

  test('without a rule the alliance lead and the team hear of it; many at once are one list', async () => {
    await arrives();
    expect(told.map(({ to }) => to).sort()).toEqual([TEAM.team, LEAD].sort());
    expect(JSON.stringify(told[0]?.reply)).toContain('new, and offered to nobody yet');
    told.length = 0;
    for (let nth = 0; nth < 6; nth++) await house.practice.script.newReferral();
    await arrives();
    expect(told.map(({ reply }) => reply.kind)).toEqual(['list', 'list']);
    expect(told[0]?.reply).toMatchObject({ title: '7 referrals and leads wait for an answer' });
  });
});
