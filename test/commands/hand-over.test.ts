/** hand-over: all deals of a desk go to a colleague. What goes and what not, what was shown, and what AWS takes in a day. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hear } from '../../src/bot/words.ts';
import * as vocabulary from '../../src/commands/index.ts';
import { verifyChain } from '../../src/store/audit.ts';
import { changesById } from '../../src/store/changes.ts';
import { asTheySee } from '../../src/store/hand-over.ts';
import type { Form, Note, Reply } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { flat, LEAD, senderOf, TEAM, until } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { screenOf } from '../support/slack-screen.ts';

const [PRIYA = '', TOM = '', LUCIA = ''] = TEAM.users;

describe.each(databases)('hand-over, on $name', (database) => {
  let house: SlackHouse;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    house = await openSlackHouse(database);
    for (const { id, email } of await house.store.prisma.person.findMany()) ids[email] = id;
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });

  const say = (text: string, as = PRIYA) => house.desk.say({ text, from: senderOf(as), key: randomUUID() });
  const act = (input: Record<string, string>, as = PRIYA, key: string = randomUUID()) =>
    house.act('hand-over', input, { as, key });
  const textOf = (reply: Reply) => flat(JSON.stringify(reply));
  const introOf = (reply: Reply) => ((reply as Form).intro ?? []).join('\n');
  const open = ['Launched', 'Closed Lost'];
  const owned = (email: string) =>
    house.store.prisma.deal.findMany({
      where: {
        ...{ ownerEmail: email, goneAt: null, successor: null, invitedAt: null },
        OR: [{ stage: null }, { stage: { notIn: open } }],
      },
      orderBy: { id: 'asc' },
    });
  const movable = async (email: string) =>
    (await owned(email)).filter(
      ({ kind, status, origin }) =>
        kind === 'lead' ||
        status === 'Approved' ||
        (origin !== 'AWS Referral' && ['Pending Submission', 'Action Required'].includes(status ?? '')),
    );
  const changes = (key: string) => house.store.prisma.change.findMany({ where: { actKey: key } });
  const assigned = async () =>
    (await house.effects()).filter(({ kind }) => kind === 'assign').map(({ id }) => id);

  test.each([
    ['hand over my desk to Tom Keller', { person: 'Tom Keller' }],
    ['hand-over to Tom', { person: 'Tom' }],
    ['hand over to Tom (offers) (yes)', { person: 'Tom', offers: 'yes', sure: 'yes' }],
    ['hand over Priya’s desk to Tom', { person: 'Tom', whose: 'Priya' }],
    ["handover Lucas' desk to Tom", { person: 'Tom', whose: 'Lucas' }],
    ['hand over the desk of Priya to Tom', { person: 'Tom', whose: 'Priya' }],
  ])('“%s” is understood, and a deal still goes by transfer', (line, input) => {
    const hearing = { now: new Date(0), timeZone: 'UTC', commands: Object.values(vocabulary) };
    expect(hear(line, hearing)).toMatchObject({ kind: 'said', said: { verb: 'hand-over', input } });
    expect(hear('hand over Acme Desks to Tom', hearing)).toMatchObject({ said: { verb: 'transfer' } });
  });

  test('whose desk, to whom: nobody but alliance lead and team hands over somebody else’s', async () => {
    expect((await say('hand over Tom’s desk to Lucía', PRIYA)).reply).toMatchObject({
      text: expect.stringMatching(/^Only the alliance lead and the alliance team/),
    });
    expect((await say('hand over Tom’s desk to Lucía', TEAM.manager)).ok).toBe(false);
    expect(textOf((await say('hand-over to Florb')).reply)).toContain('I know nobody called “Florb”');
    expect(textOf((await say('hand-over to me')).reply)).toContain('Choose somebody else');
    expect((await say('hand-over')).reply).toMatchObject({ kind: 'form', title: 'Hand over a desk' });
  });

  test('a desk does not go to whose it is, by whatever name; another of that name is meant, where there is one', async () => {
    const text = 'That is whose desk it is. Choose somebody else.';
    const answer = async (line: string, as: string) => (await say(line, as)).reply as Note;
    expect((await answer('hand-over to Lucía Ferro', LUCIA)).text).toBe(text);
    expect((await answer('hand over Lucía Ferro’s desk to Lucía Ferro', LEAD)).text).toBe(text);
    expect((await answer(`hand over Lucía’s desk to ${LUCIA}`, LEAD)).text).toBe(text);
    const { prisma } = house.store;
    // Of somebody who has left, too.
    await prisma.person.update({ where: { email: LUCIA }, data: { role: 'none' } });
    expect((await answer('hand over Lucía’s desk to Lucía Ferro', LEAD)).text).toBe(text);
    await prisma.person.update({ where: { email: LUCIA }, data: { role: 'ACE user' } });
    const other = { email: 'lucia@partner.example', firstName: 'Lucía', lastName: 'Gómez', role: 'ACE user' };
    const { id } = await prisma.person.create({ data: { ...other, timeZone: 'UTC' } });
    expect(textOf((await say('hand-over to Lucía', LUCIA)).reply)).toContain('Lucía Gómez');
    await prisma.person.delete({ where: { id } });
  });

  test('never an empty selection: where nothing can go it is said, and nothing is written', async () => {
    const nell = { email: 'nell@partner.example', firstName: 'Nell', lastName: 'Gray', role: 'ACE user' };
    await house.store.prisma.person.create({ data: { ...nell, timeZone: 'UTC' } });
    const before = await house.store.prisma.act.count();
    for (const more of ['', ' (yes)']) {
      const { reply, ok } = await say(`hand-over to Tom${more}`, nell.email);
      expect([ok, (reply as Note).text]).toEqual([
        false,
        'Nothing of your desk can go to Tom Keller now; nothing was changed.',
      ]);
    }
    expect(await house.store.prisma.act.count()).toBe(before);
  });

  test('before anything happens it says what goes, and what stays and why; a deal that changed meanwhile is left out', async () => {
    const [going, all] = [await movable(PRIYA), await owned(PRIYA)];
    const { reply } = await say('hand over my desk to Tom Keller');
    const form = reply as Form;
    expect(going.length).toBeGreaterThan(2);
    expect(form.submit).toBe(`Hand over ${going.length} deals`);
    expect(introOf(form)).toContain(`${going.length} deals of your desk go to Tom Keller:`);
    if (all.length > going.length) expect(introOf(form)).toMatch(/stays?:\n· .*: (?:AWS|It|A Partner)/);
    expect(await assigned()).toEqual([]);
    // One goes to somebody else by another hand.
    const [taken] = going.filter(({ kind }) => kind === 'opportunity');
    await house.act('transfer', { id: taken?.id ?? '', person: ids[LUCIA] ?? '' }, { as: LEAD });
    await house.quiet();
    const key = randomUUID();
    const done = (await act(form.input, PRIYA, key)).reply as Note;
    expect(done.text).toBe(`${going.length - 1} deals of your desk go to Tom Keller.`);
    expect(textOf(done)).toContain('1 deal that you were shown changed meanwhile and was left out.');
    await house.quiet();
    const rows = await changes(key);
    expect(rows.map(({ dealId }) => dealId).sort()).toEqual(
      going.map(({ id }) => id).filter((id) => id !== taken?.id),
    );
    expect(rows.every(({ bulk, state, verb }) => bulk && state === 'confirmed' && verb === 'hand-over')).toBe(
      true,
    );
    expect((await owned(LUCIA)).map(({ id }) => id)).toContain(taken?.id);
    const theirs = new Set((await owned(TOM)).map(({ id }) => id));
    expect(rows.every(({ dealId }) => theirs.has(dealId))).toBe(true);
    const news = await house.store.prisma.news.findMany({
      where: { kind: 'received', personId: ids[TOM] ?? '' },
    });
    expect(new Set(news.map(({ dealId }) => dealId))).toEqual(new Set(rows.map(({ dealId }) => dealId)));
    // The same press again is the same act.
    const again = await act(form.input, PRIYA, key);
    expect((again.reply as Note).text).toMatch(/^Handing over: (\d+) of \1 confirmed by AWS\.$/);
    expect(await changes(key)).toHaveLength(rows.length);
  });

  test('in Slack it is one form and one message when AWS has answered the last', async () => {
    const going = (await movable(TOM)).length;
    await house.say('TOM', 'hand-over to Lucía');
    const form = house.workspace.views.findLast(({ user, isOpen }) => user === 'TOM' && isOpen);
    if (!form) throw new Error('No form came.');
    expect(screenOf(form.content)).toContain(`${going} deals of your desk go to Lucía Ferro:`);
    await house.submit(form, {});
    const word = await house.shows('TOM', /Handing over: \d+ of \d+ confirmed by AWS\./);
    expect(screenOf(word)).toMatch(/Handing over: (\d+) of \1 confirmed/);
    await house.quiet();
    const said = house
      .messages('TOM')
      .map(screenOf)
      .filter((it) => it.includes('Handing over:'));
    expect(said).toHaveLength(1);
    expect(going).toBeGreaterThan(3);
    expect(await movable(TOM)).toEqual([]);
  });

  test('the alliance lead does it for a leaver who has no access any more; leads change hands at once; offers go too', async () => {
    await house.store.prisma.person.update({ where: { email: LUCIA }, data: { role: 'none' } });
    const { prisma } = house.store;
    const offered = await house.idOf('Pinecrest Outfitters');
    await prisma.offer.deleteMany();
    const offer = { dealId: offered, personId: ids[LUCIA] ?? '', byId: ids[LEAD] ?? '' };
    await prisma.offer.create({ data: offer });
    const lead = await house.idOf('Ferrous Park Foundry');
    await prisma.deal.update({ where: { id: lead }, data: { ownerEmail: LUCIA } });
    const going = await movable(LUCIA);
    const shown = (await say('hand over Lucía’s desk to Priya (offers)', LEAD)).reply as Form;
    expect(introOf(shown)).toContain(`${going.length} deals of Lucía Ferro’s desk go to Priya Raman:`);
    const { text, code } = await house.script('hand over Lucía’s desk to Priya (offers) (yes)\n', LEAD);
    expect([code, flat(text)]).toEqual([
      0,
      expect.stringMatching(/Handing over: (\d+) of \1 confirmed by AWS/),
    ]);
    expect(flat(text)).toContain('1 lead changed hands at once.');
    expect(await prisma.deal.findUnique({ where: { id: lead } })).toMatchObject({ ownerEmail: PRIYA });
    expect((await prisma.offer.findMany()).map(({ personId }) => personId)).toEqual([ids[PRIYA]]);
    expect(await movable(LUCIA)).toEqual([]);
  });

  test('offers go by the law of “offer”: in the name of who offered first, into the history, and to the ears of the colleague', async () => {
    const { prisma } = house.store;
    await prisma.person.update({ where: { email: LUCIA }, data: { role: 'ACE user' } });
    await prisma.offer.deleteMany();
    await prisma.notice.deleteMany();
    const offered = await house.idOf('Pinecrest Outfitters');
    const byId = ids[TEAM.manager] ?? '';
    await prisma.offer.create({ data: { dealId: offered, personId: ids[PRIYA] ?? '', byId } });
    // An ACE user may not offer: neither typed nor by the form, and the rest goes without.
    for (const more of ['', ' (yes)']) {
      const { reply, ok } = await say(`hand over to Lucía (offers)${more}`);
      expect([ok, (reply as Note).text]).toEqual([
        false,
        expect.stringMatching(/^Only the alliance lead, the alliance team and ACE managers offer/),
      ]);
    }
    expect((await act({ person: ids[LUCIA] ?? '', offers: 'yes', sure: 'yes' })).ok).toBe(false);
    expect(((await say('hand over to Lucía')).reply as Form).fields).toEqual([]);
    expect(await prisma.offer.findMany()).toMatchObject([{ personId: ids[PRIYA] }]);
    const key = randomUUID();
    const input = { whose: ids[PRIYA] ?? '', person: ids[LUCIA] ?? '', offers: 'yes', sure: 'yes' };
    const done = (await act(input, LEAD, key)).reply as Note;
    expect(textOf(done)).toContain('1 pending offer went too.');
    expect(await prisma.offer.findMany()).toMatchObject([{ dealId: offered, personId: ids[LUCIA], byId }]);
    await house.quiet();
    const deed = (await changes(key)).filter(({ kind }) => kind === 'offer');
    expect(deed).toMatchObject([
      { dealId: offered, state: 'confirmed', wish: { kind: 'offer', to: [{ name: 'Lucía Ferro' }] } },
    ]);
    expect(await prisma.transition.count({ where: { changeId: deed[0]?.id ?? '' } })).toBe(1);
    expect((await verifyChain(house.store)).breaks).toEqual([]);
    expect(textOf((await say(`history ${offered}`, LEAD)).reply)).toContain(
      'Ana Silva offered it to Lucía Ferro',
    );
    await house.shows('LUCIA', 'Ana Silva offers it to you: accept or reject it');
    const leads = (await changes(key)).filter(({ kind }) => kind === 'own').length;
    expect(leads).toBeGreaterThan(0);
    const receipt = (await act(input, LEAD, key)).reply as Note;
    expect([receipt.text, textOf(receipt)]).toEqual([
      expect.stringMatching(/^Handing over: (\d+) of \1 confirmed by AWS\.$/),
      // An offer is no lead that changed hands.
      expect.stringContaining(`"${leads} lead`),
    ]);
    await house.act(
      'hand-over',
      { whose: ids[LUCIA] ?? '', person: ids[PRIYA] ?? '', sure: 'yes' },
      { as: LEAD },
    );
    await house.quiet();
  });

  test('a hand-over that is too late to be written down gives nothing away', async () => {
    const { backing, prisma } = house.store;
    // PGlite has one connection: there nobody else holds a row.
    if (backing.kind !== 'postgres') return;
    const lead = await house.idOf('Ferrous Park Foundry');
    await prisma.deal.update({ where: { id: lead }, data: { ownerEmail: TOM } });
    const before = await prisma.deal.findUniqueOrThrow({ where: { id: lead } });
    const until = new Date(Date.now() + 1500);
    const { going } = await prisma.$transaction(
      async (held) => {
        await held.$queryRaw`SELECT id FROM deal WHERE id = ${lead} FOR UPDATE`;
        const input = { whose: ids[TOM] ?? '', person: ids[PRIYA] ?? '', sure: 'yes' };
        const going = house.act('hand-over', input, { as: LEAD, until });
        await new Promise((resolve) => setTimeout(resolve, until.getTime() - Date.now() + 500));
        // Within, it is not waited for: it waits for the row.
        return { going };
      },
      { timeout: 20_000 },
    );
    expect((await going).ok).toBe(false);
    expect(await prisma.deal.findUniqueOrThrow({ where: { id: lead } })).toEqual(before);
    await prisma.deal.update({ where: { id: lead }, data: { ownerEmail: before.ownerEmail } });
  });

  test('several offers are told in one message; to who covers where the colleague is away', async () => {
    const { prisma } = house.store;
    await prisma.offer.deleteMany();
    await prisma.notice.deleteMany();
    const pending: string[] = [];
    for (let nth = 0; nth < 6; nth++) pending.push(await house.practice.script.newReferral());
    await house.aws.sync();
    for (const dealId of pending)
      await prisma.offer.create({ data: { dealId, personId: ids[PRIYA] ?? '', byId: ids[LEAD] ?? '' } });
    const until = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    expect((await say(`cover until ${until}: Tom`, LUCIA)).ok).toBe(true);
    const input = { whose: ids[PRIYA] ?? '', person: ids[LUCIA] ?? '', offers: 'yes', sure: 'yes' };
    await act(input, LEAD);
    expect(await prisma.notice.findMany({ where: { kind: { startsWith: 'offered' } } })).toMatchObject([
      { kind: 'offered-many', personId: ids[TOM] },
    ]);
    const word = await house.shows('TOM', 'Ana Silva offers Lucía Ferro, whose desk you cover, 6 deals');
    expect(screenOf(word)).toContain('Accept or reject them');
    expect(await prisma.offer.count({ where: { personId: ids[LUCIA] ?? '', byCover: false } })).toBe(6);
    expect(await prisma.offer.count({ where: { personId: ids[TOM] ?? '', byCover: true } })).toBe(6);
    await say('cover off', LUCIA);
    expect(await prisma.offer.count({ where: { personId: ids[TOM] ?? '' } })).toBe(0);
    await house.quiet();
    await house.act(
      'hand-over',
      { whose: ids[LUCIA] ?? '', person: ids[PRIYA] ?? '', sure: 'yes' },
      { as: LEAD },
    );
    await house.quiet();
  });

  test('the receipt names only what its reader may see now; the rest is counted', async () => {
    const { prisma } = house.store;
    const key = randomUUID();
    await act({ person: ids[TOM] ?? '', sure: 'yes' }, PRIYA, key);
    await house.quiet();
    const [kept, lost] = (await changes(key)).filter(({ kind }) => kind === 'assign');
    const deals = await prisma.deal.findMany({
      where: { id: { in: [kept?.dealId ?? '', lost?.dealId ?? ''] } },
    });
    const company = (id = '') => deals.find((it) => it.id === id)?.company ?? '?';
    await prisma.change.updateMany({
      where: { id: { in: [kept?.id ?? '', lost?.id ?? ''] } },
      data: { state: 'refused', answer: 'AWS takes no new owner now.' },
    });
    // As AWS's record says it, where it took no new owner.
    await prisma.$executeRaw`UPDATE deal SET owner_email = ${PRIYA},
      detail = jsonb_set(detail, '{owner}', jsonb_build_object('name', 'Priya Raman', 'email', ${PRIYA}::text))
      WHERE id = ${kept?.dealId}`;
    await prisma.deal.update({
      where: { id: lost?.dealId ?? '' },
      data: { ownerEmail: TOM, submittedBy: null, company: 'Nobodys Business Ltd' },
    });
    const said = textOf((await act({ person: ids[TOM] ?? '', sure: 'yes' }, PRIYA, key)).reply);
    expect(said).toContain('2 are not handed over:');
    // As the reply carries it: one of the companies has quotes in its name.
    expect(said).toContain(JSON.stringify(company(kept?.dealId)).slice(1, -1));
    expect(said).toContain('1 deal of these you may not see now.');
    expect(said).not.toContain('Nobodys Business');
    const asked = await changesById(house.store, [kept?.id ?? '', lost?.id ?? '']);
    const seen = await asTheySee(house.store, asked, new Date());
    const named = Object.fromEntries(seen.map((it) => [it.id, it.company]));
    expect(named).toEqual({ [kept?.id ?? '']: company(kept?.dealId), [lost?.id ?? '']: undefined });
    await prisma.person.update({ where: { email: PRIYA }, data: { role: 'none' } });
    expect((await asTheySee(house.store, asked, new Date())).some((it) => it.company)).toBe(false);
    await prisma.person.update({ where: { email: PRIYA }, data: { role: 'ACE user' } });
    await house.act(
      'hand-over',
      { whose: ids[TOM] ?? '', person: ids[PRIYA] ?? '', sure: 'yes' },
      { as: LEAD },
    );
    await house.quiet();
  });

  test('straight, without the form, it says how many stay and why; a script reads that below the outcome', async () => {
    const { script } = house.practice;
    const free = (await movable(PRIYA)).filter(
      ({ kind, status }) => kind !== 'lead' && status === 'Approved',
    );
    const [one, two, third] = free.map(({ id }) => id);
    if (!one || !two || !third) throw new Error('Priya has three.');
    await script.startReview(one);
    await script.startReview(two);
    await script.review(third, 'reject');
    await house.aws.sync();
    const going = new Set((await movable(PRIYA)).map(({ id }) => id));
    const staying = (await owned(PRIYA)).filter(({ id }) => !going.has(id));
    const rejected = staying.filter(({ status }) => status === 'Rejected').length;
    const [all, inReview] = [staying.length, staying.length - rejected];
    expect([inReview >= 2, rejected >= 1, going.size > 0]).toEqual([true, true, true]);
    const counted = `${inReview} in review at AWS, ${rejected} rejected by AWS. Say it again when AWS has reviewed them.`;
    const { text } = await house.script('hand-over to Tom (yes)\n', PRIYA);
    expect(flat(text)).toMatch(/Handing over: (\d+) of \1 confirmed by AWS/);
    expect(flat(text)).toContain(`${all} deals stay with you: ${counted}`);
    await act({ whose: ids[TOM] ?? '', person: ids[PRIYA] ?? '', sure: 'yes' }, LEAD);
    await house.quiet();
    // Who was shown the list is not told it again.
    const form = (await say('hand over Priya’s desk to Tom', LEAD)).reply as Form;
    expect(introOf(form)).toContain(`${all} deals stay:`);
    expect(textOf((await act(form.input, LEAD)).reply)).not.toContain('stay with');
    await house.quiet();
    await act({ whose: ids[TOM] ?? '', person: ids[PRIYA] ?? '', sure: 'yes' }, LEAD);
    await house.quiet();
    const straight = textOf((await say('hand over Priya’s desk to Tom (yes)', LEAD)).reply);
    expect(straight).toContain(`${all} deals stay with Priya Raman: ${counted}`);
    await house.quiet();
    await act({ whose: ids[TOM] ?? '', person: ids[PRIYA] ?? '', sure: 'yes' }, LEAD);
    for (const id of [one, two]) await script.review(id, 'approve');
    await house.aws.sync();
    await house.quiet();
  });

  test('where all that a form showed has gone meanwhile, it says so and shows what is left', async () => {
    const [late] = (await movable(PRIYA)).filter(({ kind }) => kind === 'opportunity');
    const give = async (person: string) => {
      await house.act('transfer', { id: late?.id ?? '', person: ids[person] ?? '' }, { as: LEAD });
      await house.quiet();
    };
    await give(TOM);
    const form = (await say('hand-over to Tom')).reply as Form;
    const many = (form.input?.shown ?? '').length / 6;
    await act({ whose: ids[PRIYA] ?? '', person: ids[LUCIA] ?? '', sure: 'yes' }, LEAD);
    await house.quiet();
    await give(PRIYA);
    const key = randomUUID();
    const anew = (await act(form.input, PRIYA, key)).reply as Form;
    expect([anew.kind, anew.submit, anew.intro?.[0]]).toEqual([
      'form',
      'Hand over 1 deal',
      `None of the ${many} deals that you were shown can go any more: they changed meanwhile. This is what is left.`,
    ]);
    expect(await changes(key)).toEqual([]);
    await act({ whose: ids[LUCIA] ?? '', person: ids[PRIYA] ?? '', sure: 'yes' }, LEAD);
    await house.quiet();
  });

  test('the same press twice at once is one act, and neither answer says that nothing went', async () => {
    const many = (await movable(PRIYA)).length;
    const key = randomUUID();
    const input = { whose: ids[PRIYA] ?? '', person: ids[LUCIA] ?? '', sure: 'yes' };
    const both = await Promise.all([act(input, LEAD, key), act(input, LEAD, key)]);
    expect(both.map(({ ok, reply }) => [ok, (reply as Note).tone])).not.toContainEqual([false, 'problem']);
    expect(await changes(key)).toHaveLength(many);
    await house.quiet();
    await act({ whose: ids[LUCIA] ?? '', person: ids[PRIYA] ?? '', sure: 'yes' }, LEAD);
    await house.quiet();
  });

  test('as much as AWS takes in a day, and no more: the rest is said; when nothing is left, nothing is sent', async () => {
    const { prisma } = house.store;
    const many = (await movable(PRIYA)).length;
    const hour = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
    const used = async (writes: number) => {
      await prisma.quotaHour.deleteMany();
      await prisma.quotaHour.create({ data: { hour, writes } });
    };
    await used(7998);
    const form = (await say('hand-over to Tom')).reply as Form;
    expect(form.submit).toBe('Hand over 2 deals');
    expect(introOf(form)).toContain(`${many - 2} deal`);
    expect(introOf(form)).toContain('over what may be asked of AWS in a day');
    await used(8000);
    const before = await prisma.change.count();
    for (const input of [form.input, { person: ids[TOM] ?? '', sure: 'yes' }]) {
      const { reply, ok } = await act(input);
      expect([ok, (reply as Note).text]).toEqual([
        false,
        expect.stringMatching(/^What may be asked of AWS in a day is used up/),
      ]);
    }
    expect(await prisma.change.count()).toBe(before);
    await prisma.quotaHour.deleteMany();
  });

  test('at most 100 at a time: the rest is said, and the form still fits', async () => {
    const [one] = (await movable(PRIYA)).filter(({ kind }) => kind === 'opportunity');
    await house.store.prisma.$executeRaw`
      INSERT INTO deal SELECT copy.* FROM (SELECT d AS row, d.id || lpad(g::text, 3, '0') AS id FROM deal d, generate_series(1, 120) g
        WHERE d.id = ${one?.id}) n, LATERAL jsonb_populate_record(n.row, jsonb_build_object('id', n.id,
          'detail', (n.row).detail || jsonb_build_object('id', n.id))) AS copy`;
    const form = (await say('hand-over to Tom')).reply as Form;
    expect(form.submit).toBe('Hand over 100 deals');
    expect(introOf(form)).toMatch(/At most 100 go at a time: say it again for the next \d+\./);
    expect(JSON.stringify(form.input).length).toBeLessThan(1500);
  });

  test('what goes in bulk leaves the person’s hour alone, and counts in their day', async () => {
    await until('a quiet house', async () => true);
    await house.store.prisma.$executeRaw`
      INSERT INTO change (id, deal_id, person_id, act_key, verb, kind, wish, state, source, client_token, bulk, settled_at)
      SELECT gen_random_uuid(), (SELECT min(id) FROM deal), ${ids[PRIYA]}::uuid, 'k' || g, 'hand-over', 'assign', '{"kind": "assign"}',
        'confirmed', '{"platform": "console"}', 't' || g, true, now() FROM generate_series(1, 100) g`;
    const id =
      (await movable(PRIYA)).find(({ kind, status }) => kind === 'opportunity' && status === 'Approved')
        ?.id ?? '';
    const { reply } = await house.act('next-step', { id, text: 'Demo' }, { as: PRIYA });
    expect(textOf(reply)).not.toContain('within an hour');
  });
});
