/** Posting a deal where several read: who may, what is asked first, and that one card comes of it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { GoneForGood, type Messenger, type Room } from '../../src/bot/intent.ts';
import { findPerson } from '../../src/store/people.ts';
import type { Form, Reply } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { LEAD, openTestHouse, TEAM, type TestHouse, until } from '../support/house.ts';

const OPEN: Room = {
  name: '#deals',
  readers: ['U1', ...[LEAD, TEAM.team, TEAM.manager, ...TEAM.users].map((email) => `U-${email}`)],
  isOpenToOthers: false,
  isUnclear: false,
};

describe.each(databases)('posting into a room, on $name', (database) => {
  let house: TestHouse;
  /** The rooms of Teams, by conversation; any other is as OPEN. */
  const rooms = new Map<string, Room | Error | undefined>([['private', undefined]]);
  const posted: { conversation: string; reply: Reply; key: string }[] = [];
  const messenger: Messenger = {
    platform: 'teams',
    find: async () => undefined,
    tell: async () => ({ ts: 'private' }),
    redraw: async (ref, reply) => {
      const card = posted.find(({ key }) => key === ref.ts);
      if (card) card.reply = reply;
      return ref;
    },
    async room({ conversation }) {
      const room = rooms.has(conversation) ? rooms.get(conversation) : OPEN;
      if (room instanceof Error) throw room;
      return room;
    },
    async post({ conversation }, reply, key) {
      posted.push({ conversation, reply, key });
      return { ts: key };
    },
    reply: async (ref) => ref,
  };
  beforeAll(async () => {
    house = await openTestHouse(database);
    await house.addMessenger(messenger);
  });
  afterAll(() => house?.stop());

  let count = 0;
  const newRoom = () => `room${count++}`;
  const from = (conversation: string, email: string) => ({
    ...{ platform: 'teams' as const, tenant: 'T', user: `U-${email}`, email, conversation },
  });
  const say = (text: string, conversation: string, email = LEAD, key = randomUUID() as string) =>
    house.desk.say({ text, key, from: from(conversation, email) });
  const cardsIn = (conversation: string) => posted.filter((it) => it.conversation === conversation);
  const came = (conversation: string, many = 1) =>
    until('the card', () => cardsIn(conversation).length >= many);
  const rows = (room: string) => house.store.prisma.posting.findMany({ where: { room, endedAt: null } });
  const said = ({ reply }: { reply: Reply }): string => JSON.stringify(reply);

  test('asks once; the answer posts it, and the same act twice is one card', async () => {
    const room = newRoom();
    const asked = await say('post Glasswing Biotech', room);
    expect(asked.reply).toMatchObject({ kind: 'form', verb: 'post', title: 'Post it in #deals?' });
    expect(await rows(room)).toEqual([]);
    const key = randomUUID();
    const answers = [];
    for (let again = 0; again < 2; again++)
      answers.push(await say('post Glasswing Biotech (yes)', room, LEAD, key));
    expect(answers.map(({ ok }) => ok)).toEqual([true, true]);
    await came(room);
    await house.quiet();
    expect(cardsIn(room)).toHaveLength(1);
    expect(cardsIn(room)[0]?.reply).toMatchObject({ kind: 'card', title: 'Glasswing Biotech' });
    expect(await rows(room)).toMatchObject([{ state: 'posted', userId: `U-${LEAD}` }]);
  });

  test('however many post it at once, one card stands', async () => {
    const room = newRoom();
    const everybody = [LEAD, TEAM.team, TEAM.manager, LEAD];
    const answers = await Promise.all(
      everybody.map((email) => say('post Saffron Road Foods (yes)', room, email)),
    );
    expect(answers.every(({ ok }) => ok)).toBe(true);
    await came(room);
    await house.quiet();
    expect(cardsIn(room)).toHaveLength(1);
    expect(said(await say('post Saffron Road Foods (yes)', room))).toContain('stands in #deals already');
  });

  test('counts as unknown whoever has no live link and no address on the roster', async () => {
    const [room, priya] = [newRoom(), (await findPerson(house.store, TEAM.users[0] ?? ''))?.id ?? ''];
    const readers = ['linked', 'frozen', 'by address', 'nobody', 'silent'];
    rooms.set(room, {
      ...{ ...OPEN, readers: [...readers, `U-${LEAD}`] },
      addresses: { 'by address': LEAD, frozen: TEAM.team, nobody: 'who@else.example' },
    });
    const tom = (await findPerson(house.store, TEAM.users[1] ?? ''))?.id ?? '';
    const link = { platform: 'teams', tenant: 'T', way: 'practice' };
    await house.store.prisma.link.createMany({
      data: [
        { ...link, userId: 'linked', personId: priya, state: 'live' },
        { ...link, userId: 'frozen', personId: tom, state: 'frozen' },
      ],
    });
    expect(said(await say('post Glasswing Biotech', room))).toContain(
      '6 people read along in #deals, 3 of them not on the roster; all of them will see company and stage.',
    );
  });

  test('whoever is on the roster is not said to be off it, where no code has shown who they are', async () => {
    const room = newRoom();
    rooms.set(room, {
      ...{ ...OPEN, readers: ['unproven', `U-${LEAD}`] },
      addresses: { unproven: TEAM.manager, [`U-${LEAD}`]: LEAD },
    });
    const { prisma } = house.store;
    const personId = (await findPerson(house.store, LEAD))?.id ?? '';
    const account = { platform: 'teams', tenant: 'T', userId: `U-${LEAD}` };
    const proven = { personId, way: 'code', state: 'live', provenAt: new Date() };
    await prisma.link.upsert({
      where: { platform_tenant_userId: account },
      create: { ...account, ...proven },
      update: proven,
    });
    const set = (catalog: string) => prisma.agent.update({ where: { id: 1 }, data: { catalog } });
    await set('AWS');
    try {
      expect(said(await say('post Glasswing Biotech', room))).toContain(
        '2 people read along in #deals, all of them on the roster, and 1 on it has not shown with a code who they are (“link”); all of them will see',
      );
    } finally {
      await set('practice');
    }
  });

  test('whoever may not see the deal hears what is said of an unknown one', async () => {
    const [room, id] = [newRoom(), await house.idOf('Glasswing Biotech')];
    const stranger = TEAM.users.find((email) => email !== OWNER) ?? '';
    const of = async (deal: string) => said(await say(`post ${deal} (yes)`, room, stranger));
    expect((await of(id)).replaceAll(id, 'X')).toBe((await of('O404404')).replaceAll('O404404', 'X'));
    expect(await rows(room)).toEqual([]);
  });
  const OWNER = TEAM.users[0];

  test('a Partner Solutions Finder lead is posted by nobody', async () => {
    const [room, deal] = [
      newRoom(),
      await house.store.prisma.deal.findFirstOrThrow({ where: { psf: true } }),
    ];
    const answer = await say(`post ${deal.id} (yes)`, room);
    expect(answer.ok).toBe(false);
    expect(said(answer)).toContain('Partner Solutions Finder');
    expect(await rows(room)).toEqual([]);
  });

  test('the card of an invitation closes when what it became is national security', async () => {
    const { prisma } = house.store;
    const invitation = await prisma.deal.findFirstOrThrow({
      where: { kind: 'referral', status: 'PENDING', successor: null },
    });
    const opportunity = await prisma.deal.findFirstOrThrow({ where: { kind: 'opportunity', goneAt: null } });
    const room = newRoom();
    await say(`post ${invitation.id} (yes)`, room);
    await came(room);
    await prisma.$executeRaw`
      UPDATE deal SET detail = jsonb_set(detail, '{nationalSecurity}', 'true') WHERE id = ${opportunity.id}`;
    await prisma.$executeRaw`
      UPDATE deal SET successor = ${opportunity.id}, version = version + 1 WHERE id = ${invitation.id}`;
    await prisma.$queryRaw`SELECT deliver(${invitation.id})::text`;
    await until('a closed card', () => !cardsIn(room).some((it) => said(it).includes(invitation.company)));
  });

  test('of a national security opportunity the id alone stands there', async () => {
    const [room, id] = [newRoom(), await house.idOf('Lantern Street Media')];
    await house.store.prisma.$executeRaw`
      UPDATE deal SET detail = jsonb_set(detail, '{nationalSecurity}', 'true') WHERE id = ${id}`;
    expect(said(await say(`post ${id}`, room))).toContain('marked national security: only the id');
    await say(`post ${id} (yes)`, room);
    await came(room);
    expect(cardsIn(room)[0]?.reply).toMatchObject({ title: id, facts: [], buttons: [{ verb: 'show' }] });
  });

  test('asked for elsewhere (a mention), the answer and its form post it where it was said', async () => {
    const [room, private_] = [newRoom(), 'private'];
    const asked = await house.desk.say({
      ...{ text: 'post Glasswing Biotech', key: randomUUID(), from: from(private_, LEAD), room },
    });
    const form = asked.reply as Form;
    expect(form).toMatchObject({ kind: 'form', input: { room } });
    const submit = (email: string) =>
      house.desk.handle({ verb: 'post', input: form.input, key: randomUUID(), from: from(private_, email) });
    rooms.set(room, { ...OPEN, readers: ['U1', `U-${LEAD}`] });
    // Whoever does not read along there posts nothing there.
    expect(said(await submit(TEAM.manager))).toContain('Say it in the channel');
    expect(await rows(room)).toEqual([]);
    expect((await submit(LEAD)).ok).toBe(true);
    await came(room);
    const other = newRoom();
    await house.desk.say({
      ...{ text: 'post Glasswing Biotech (yes)', key: randomUUID(), from: from(private_, LEAD), room: other },
    });
    await came(other);
    expect(await rows(private_)).toEqual([]);
  });

  test('a form’s yes holds for what it said: where less or more is seen by then, it says so first', async () => {
    const room = newRoom();
    const id = await house.idOf('Glasswing Biotech');
    const submit = (input: Record<string, string>) =>
      house.desk.handle({ verb: 'post', input, key: randomUUID(), from: from('private', LEAD) });
    const first = (await house.desk.handle({
      ...{ verb: 'post', input: { id, room }, key: randomUUID(), from: from('private', LEAD) },
    })) as { reply: Form };
    expect(first.reply.input).toEqual({ id, room, told: 'open', sure: 'yes' });
    rooms.set(room, { ...OPEN, isUnclear: true });
    const again = await submit(first.reply.input);
    expect(said(again)).toContain('has changed meanwhile');
    expect(said(again)).toContain('I cannot tell for sure who reads along in #deals: only the id');
    // Nor does one that was never asked.
    expect(said(await submit({ id, room, sure: 'yes' }))).toContain('only the id');
    expect(await rows(room)).toEqual([]);
    const taken = await submit((again.reply as Form).input);
    expect(said(taken)).toContain('Only its id and “Open privately” stand on it there.');
    await came(room);
    expect(cardsIn(room)[0]?.reply).toMatchObject({ title: id, facts: [] });
  });

  test('without a deal it asks which, of those the person may see, and then who reads along', async () => {
    const [room, lucia = ''] = [newRoom(), TEAM.users[2]];
    const asked = await say('post', room, lucia);
    expect(asked.reply).toMatchObject({ kind: 'form', verb: 'post', input: { room } });
    const [field] = (asked.reply as Form).fields;
    const seen = field?.kind === 'choice' ? field.options.map(({ value }) => value) : [];
    const where = { kind: 'opportunity' as const, goneAt: null, ownerEmail: lucia };
    const theirs = await house.store.prisma.deal.findMany({ where });
    expect(theirs.length).toBeGreaterThan(3);
    expect(seen.sort()).toEqual(theirs.map(({ id }) => id).sort());
    const open = theirs.find(
      ({ detail }) => (detail as { nationalSecurity?: boolean }).nationalSecurity !== true,
    );
    const psf = await house.store.prisma.deal.findFirstOrThrow({ where: { psf: true } });
    const all = said(await say('post', newRoom(), LEAD));
    expect([all.includes(seen[0] ?? '?'), all.includes(psf.id)]).toEqual([true, false]);
    const preview = await house.desk.handle({
      ...{ verb: 'post', input: { room, id: open?.id }, key: randomUUID(), from: from('private', lucia) },
    });
    expect(said(preview)).toContain('all of them will see company and stage');
    expect(await rows(room)).toEqual([]);
    expect(said(await say('post', 'private'))).toContain('Say it in the channel');
  });

  test('whoever does not read along in a room posts nothing there', async () => {
    const room = newRoom();
    rooms.set(room, { ...OPEN, readers: ['U1'] });
    const answer = await say('post Glasswing Biotech (yes)', room);
    expect(answer.ok).toBe(false);
    expect(said(answer)).toContain('Say it in the channel where it is to stand');
    expect(await rows(room)).toEqual([]);
  });

  describe('where it is not known who reads along', () => {
    const unclear = (room: string, readers: string[], more: Partial<Room> = {}) => {
      rooms.set(room, { ...OPEN, ...more, readers, isUnclear: true });
      return room;
    };
    const send = (input: Record<string, string>, conversation: string) =>
      house.desk.handle({ verb: 'post', input, key: randomUUID(), from: from(conversation, LEAD) });

    test('nobody posts into it from elsewhere by naming it, whatever their answer says', async () => {
      const [room, id] = [unclear(newRoom(), []), await house.idOf('Glasswing Biotech')];
      for (const more of [{}, { sure: 'yes' }, { told: 'closed', sure: 'yes' }, { all: 'yes', sure: 'yes' }])
        for (const conversation of ['private', newRoom()]) {
          const answer = await send({ id, room, ...more }, conversation);
          expect([answer.ok, said(answer)]).toEqual([
            false,
            expect.stringContaining('Say it in the channel'),
          ]);
        }
      expect((await send({ room }, 'private')).ok).toBe(false);
      expect(await rows(room)).toEqual([]);
    });

    test('asked there and answered in private it says how to post it from there; that does it', async () => {
      const [room, id] = [unclear(newRoom(), []), await house.idOf('Glasswing Biotech')];
      const mention = (text: string) =>
        house.desk.say({ text, key: randomUUID(), from: from('private', LEAD), room });
      const told = await mention('post Glasswing Biotech');
      expect(told.reply).toMatchObject({ kind: 'note', tone: 'problem' });
      expect(said(told)).toContain(
        `who reads along in #deals, so I take it only from there: say “post ${id} (yes)”`,
      );
      expect(said(await mention('post'))).toContain('say “post <deal> (yes)”');
      expect(await rows(room)).toEqual([]);
      expect((await mention(`post ${id} (yes)`)).ok).toBe(true);
      await came(room);
      expect(cardsIn(room)[0]?.reply).toMatchObject({ title: id, facts: [] });
    });

    test('its form is taken there, and from whoever is known to read there', async () => {
      const [room, id] = [unclear(newRoom(), []), await house.idOf('Glasswing Biotech')];
      const { reply } = (await send({ id }, room)) as { reply: Form };
      expect(said(await send(reply.input, room))).toContain('comes to #deals');
      await came(room);
      const other = unclear(newRoom(), [`U-${LEAD}`]);
      expect((await send({ ...reply.input, room: other }, 'private')).ok).toBe(true);
      await came(other);
    });
  });

  test('names the channel wherever it is asked and answered; without a name it is where they asked', async () => {
    const [room, id] = [newRoom(), await house.idOf('Glasswing Biotech')];
    const ask = (text: string) =>
      house.desk.say({ text, key: randomUUID(), from: from('private', LEAD), room });
    const name = 'Deals of the alliance team, Northern Europe';
    rooms.set(room, { ...OPEN, name });
    const form = (await ask(`post ${id}`)).reply as Form;
    expect(form.title).toBe('Post this deal?');
    expect(said({ reply: form })).toContain(`people read along in ${name}, `);
    expect(form.fields[0]?.label).toBe(`What stands on the cards in ${name}`);
    expect((await ask('post')).reply).toMatchObject({
      ...{ title: 'Post a deal', intro: [expect.stringContaining(`who reads along in ${name}, and`)] },
    });
    const { name: _, ...nameless } = OPEN;
    rooms.set(room, nameless);
    const there = 'in the channel where you asked';
    expect(said(await ask(`post ${id}`))).toContain(`people read along ${there}, `);
    expect(said(await ask(`post ${id} (yes)`))).toContain('comes to the channel where you asked in a moment');
    await came(room);
    await house.quiet();
    expect(said(await ask(`post ${id} (yes)`))).toContain(`its card stands ${there} already`);
  });

  test('of a public channel it says that everybody can open it', async () => {
    const room = newRoom();
    expect(said(await say('post Glasswing Biotech', room))).not.toContain('public channel');
    rooms.set(room, { ...OPEN, isPublic: true });
    expect(said(await say('post Glasswing Biotech', room))).toContain(
      'company and stage; it is a public channel, so everybody in the workspace can open it.',
    );
  });

  test('in private, and where there are no rooms, it says where to say it', async () => {
    expect(said(await say('post Glasswing Biotech (yes)', 'private'))).toContain('Say it in the channel');
    const { text, code } = await house.script('post Glasswing Biotech (yes)\n');
    expect([text, code]).toEqual([expect.stringContaining('Say it in the channel'), 1]);
  });

  test('where we are no member it says how to let us in', async () => {
    rooms.set('shut', new GoneForGood('not_in_channel'));
    const answer = await say('post Glasswing Biotech', 'shut');
    expect(said(answer)).toContain('Add the app ace-desk to this team or chat');
    expect(answer.ok).toBe(false);
  });

  test('the alliance lead opens a room for next steps and amounts, all its cards follow, and closes it again', async () => {
    const room = newRoom();
    const shown = () => said(cardsIn(room)[0] ?? { reply: { kind: 'note', tone: 'info', text: '' } });
    await say('post Palisade Mutual Bank (yes)', room, TEAM.team);
    await came(room);
    expect(shown()).toMatch(/"Stage"/);
    expect(shown()).not.toMatch(/Next step"|Revenue|"Owner"|"Target close date"|lose date"/);
    expect(said(await say('post Palisade Mutual Bank (all) (yes)', room, TEAM.team))).toContain(
      'Only the alliance lead',
    );
    expect(said(await say('post Palisade Mutual Bank (all) (yes)', room))).toContain('from now on');
    await until('the opened card', () => /"Revenue"/.test(shown()));
    expect(shown()).toMatch(/"Owner"/);
    expect(shown()).toMatch(/lose date"/);
    const close = { verb: 'post', key: randomUUID(), from: from(room, LEAD) };
    const id = await house.idOf('Palisade Mutual Bank');
    await house.desk.handle({ ...close, input: { id, all: 'no', sure: 'yes' } });
    await until('the closed card', () => !/"Revenue"/.test(shown()));
    expect(cardsIn(room)).toHaveLength(1);
  });

  test('posting again, where nobody knows whether the first stands, starts a new one under a new key; not before', async () => {
    const room = newRoom();
    await say('post Juniper Lane Pharmacies (yes)', room);
    await came(room);
    await house.quiet();
    const [first] = await rows(room);
    const lose = (seconds: number) => house.store.prisma.$executeRaw`
      UPDATE posting SET state = 'unsure', redrawn_at = now() - make_interval(secs => ${seconds}::int) WHERE room = ${room}`;
    await lose(5);
    expect(said(await say('post Juniper Lane Pharmacies (yes)', room))).toContain('on its way');
    await lose(40);
    await say('post Juniper Lane Pharmacies (yes)', room);
    await came(room, 2);
    await house.quiet();
    const now = await rows(room);
    expect(now).toMatchObject([{ state: 'posted' }]);
    expect(now[0]?.id).not.toBe(first?.id);
    expect(cardsIn(room).map(({ key }) => key)).toEqual([first?.id, now[0]?.id]);
  });
});
