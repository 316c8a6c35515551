/** The roster through its doors: who may see and change it, how it is asked, and what it never does. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { enrol } from '../../src/store/people.ts';
import type { Form, Note, Reply } from '../../src/views/view.ts';
import { databases } from '../support/databases.ts';
import { flat, LEAD, senderOf, TEAM, until } from '../support/house.ts';
import { openSlackHouse, type SlackHouse } from '../support/slack-house.ts';
import { screenOf } from '../support/slack-screen.ts';

const [PRIYA = '', TOM = '', LUCIA = ''] = TEAM.users;

const formOf = (reply: Reply): Form => {
  if (reply.kind !== 'form') throw new Error(`No form but ${JSON.stringify(reply)}`);
  return reply;
};
const noteOf = (reply: Reply): Note => {
  if (reply.kind !== 'note') throw new Error(`No note but ${JSON.stringify(reply)}`);
  return reply;
};
/** As submitting it sends it. */
const submitted = (
  { fields, input }: Form,
  answers: Record<string, string> = {},
): Record<string, string> => ({
  ...input,
  ...Object.fromEntries(
    fields.flatMap(({ id, value }) => ((answers[id] ?? value) ? [[id, answers[id] ?? value ?? '']] : [])),
  ),
});

describe.each(databases)('people, on $name', (database) => {
  let house: SlackHouse;
  beforeAll(async () => {
    house = await openSlackHouse(database);
  });
  afterAll(async () => {
    expect(house?.workspace.refused).toEqual([]);
    await house?.stop();
  });
  const people = async (input: Record<string, string>, as = LEAD) =>
    (await house.act('people', input, { as })).reply;
  const typed = async (line: string, as = LEAD) => {
    const { text, code } = await house.script(`${line}\n`, as);
    return { text: flat(text), code };
  };
  const onRecord = (email: string) => house.store.prisma.person.findUnique({ where: { email } });
  const idOf = async (email: string) => (await onRecord(email))?.id ?? '';

  test('everybody may see who is there; an ACE user reads names and roles only', async () => {
    const lead = (await typed('people')).text;
    expect(lead).toContain(
      'Who uses ace-desk The roster (6) 1. Ana Silva — alliance lead · lead@partner.example',
    );
    expect(lead).toContain('Mina Okafor — ACE manager · mina.okafor@partner.example');
    const user = (await typed('people', PRIYA)).text;
    expect(user).toContain('Mina Okafor — ACE manager');
    expect(user).not.toContain('@partner.example');
    const shown = await typed(`people Mina`, PRIYA);
    expect(shown).toEqual({ text: 'Mina Okafor, ACE manager', code: 0 });
    expect((await typed('people Mina', TEAM.manager)).text).toContain('Time zone: America/New_York');
    expect(await typed('people Nobody Atall')).toMatchObject({
      code: 1,
      text: expect.stringContaining('I know nobody called “Nobody Atall” here.'),
    });
  });

  test.each([
    ['an ACE manager', TEAM.manager],
    ['an ACE user', PRIYA],
  ])('%s is told kindly that changing it is not theirs, whatever they try', async (_, as) => {
    const before = await house.store.prisma.person.findMany();
    const inputs: Record<string, string>[] = [
      { what: `grant ${as}: ACE manager` },
      { what: 'revoke Tom (yes)' },
      { do: 'add' },
      { do: 'save', person: await idOf(TOM), role: 'ACE manager' },
      { do: 'import', csv: 'email,first name,last name,role\nx@x.example,X,X,user' },
      { do: 'terms', acceptedOn: '2020-01-01' },
      { do: 'user', request: randomUUID() },
    ];
    for (const input of inputs)
      expect(noteOf(await people(input, as)).text).toContain('Only the alliance lead and the alliance team');
    expect(await house.store.prisma.person.findMany()).toEqual(before);
  });

  test('a grant in one line lets somebody in, tells them, says what it does not open, and is written down', async () => {
    const said = await typed('people grant nia.new@partner.example Nia New: ACE user', TEAM.team);
    expect(said).toMatchObject({
      code: 0,
      text: expect.stringContaining(
        'Nia New (nia.new@partner.example) is an ACE user on ace-desk now. This opens ace-desk only.',
      ),
    });
    expect(said.text).toContain('it may take up to an hour');
    expect(said.text).toContain('“invite Nia New” asks them to come.');
    expect(await onRecord('nia.new@partner.example')).toMatchObject({
      role: 'ACE user',
      firstName: 'Nia',
      lastName: 'New',
    });
    expect((await typed('people Nia', LEAD)).text).toContain('ACE user, by Jonas Berg');
    expect((await typed('desk', 'nia.new@partner.example')).code).toBe(0);
    const notice = await house.store.prisma.notice.findFirst({
      where: { personId: await idOf('nia.new@partner.example') },
    });
    expect(notice).toMatchObject({ kind: 'access-granted', body: { by: 'Jonas Berg', role: 'ACE user' } });
  });

  test('a form that was open while somebody was revoked does not let them in again', async () => {
    await typed('people grant zoe.out@partner.example Zoe Out: ACE user');
    const person = await idOf('zoe.out@partner.example');
    const opened = await people({ do: 'edit', person }, LEAD);
    if (opened.kind !== 'form') throw new Error('no form');
    const answers = Object.fromEntries(opened.fields.map(({ id, value }) => [id, value ?? '']));
    await typed('people revoke Zoe (yes)');
    const saved = await people({ ...opened.input, ...answers, country: 'DE' }, LEAD);
    expect(noteOf(saved).text).toContain('The role of Zoe Out was changed meanwhile (no access)');
    expect(await onRecord('zoe.out@partner.example')).toMatchObject({ role: 'none', country: null });
  });

  test('the same again changes nothing; a name does as well as an address; what is missing is asked', async () => {
    expect((await typed('people grant Nia: user')).text).toContain(
      'Nia New (nia.new@partner.example) is an ACE user already. Nothing was changed.',
    );
    expect((await typed('people make Nia New an ACE manager')).text).toContain(
      'Nia New (nia.new@partner.example) is an ACE manager on ace-desk now.',
    );
    expect((await typed('people grant nia.new@partner.example: user')).text).toContain(
      'Nia New (nia.new@partner.example) is an ACE user',
    );
    for (const who of ['Nia', 'nia.new@partner.example', 'Nobody'])
      expect(await typed(`people grant ${who}: chief`)).toMatchObject({
        code: 1,
        text: expect.stringContaining(
          '“chief” is no role. The roles are ACE user, ACE manager and alliance team',
        ),
      });
    const form = formOf(await people({ what: 'grant other@partner.example: ACE manager' }));
    expect(form.fields.find(({ id }) => id === 'email')).toMatchObject({ value: 'other@partner.example' });
    expect(form.fields.find(({ id }) => id === 'role')).toMatchObject({ value: 'ACE manager' });
  });

  test('nobody changes their own role; the team names nobody of the team; the alliance lead comes from the configuration', async () => {
    expect((await typed('people grant Jonas: user', TEAM.team)).text).toContain(
      'Nobody changes their own role.',
    );
    expect((await typed('people grant Tom: alliance team', TEAM.team)).text).toContain(
      'Only the alliance lead says who is in the alliance team.',
    );
    expect((await typed('people revoke Ana (yes)', TEAM.team)).text).toContain(
      'The alliance lead is named in the configuration',
    );
    expect((await typed('people revoke Ana (yes)')).text).toContain(
      'The alliance lead is named in the configuration',
    );
    expect((await typed('people grant Tom: alliance lead')).text).toContain(
      'The alliance lead is named in the configuration',
    );
    expect((await onRecord(TOM))?.role).toBe('ACE user');
  });

  test('the form keeps what was typed and says beside each field what is wrong; right, it is saved', async () => {
    const screen = await house.say('JONAS', 'people edit Tom');
    expect(screen).toContain('Tom Keller');
    const form = await house.form('JONAS');
    await house.submit(form, { timeZone: 'Berlin', country: 'Freedonia', lastName: 'Kellermann' });
    expect(Object.keys(form.errors).sort()).toEqual(['country', 'timeZone']);
    expect((await onRecord(TOM))?.lastName).toBe('Keller');
    await house.submit(form, {
      ...{ timeZone: 'Europe/Vienna', country: 'Austria', lastName: 'Kellermann', workingDays: '1,2,3' },
      ...{ reportsTo: 'mina okafor', backup: 'priya', otherEmails: 'Tom@Home.example' },
    });
    expect(screenOf(form.content)).toContain('Tom Kellermann: saved, ACE user.');
    expect(await onRecord(TOM)).toMatchObject({
      ...{
        timeZone: 'Europe/Vienna',
        country: 'AT',
        lastName: 'Kellermann',
        workingDays: [1, 2, 3],
        role: 'ACE user',
      },
      ...{
        reportsTo: await idOf(TEAM.manager),
        backup: await idOf(PRIYA),
        otherEmails: ['tom@home.example'],
      },
    });
    const shown = (await typed('people tom@home.example')).text;
    for (const words of [
      'Reports to: Mina Okafor',
      'Backup: Priya Raman',
      'Country: Austria',
      'Working days: Mon–Wed',
    ])
      expect(shown).toContain(words);
  });

  test('another address of theirs means the same person; once removed it is a stranger’s', async () => {
    const theirs = await house.store.prisma.deal.findFirstOrThrow({
      where: { ownerEmail: TOM, kind: 'opportunity' },
    });
    expect((await typed(`show ${theirs.id}`, 'tom@home.example')).text).toContain(theirs.company);
    const form = formOf(await people({ do: 'edit', person: await idOf(TOM) }));
    const saved = await people(
      submitted({ ...form, fields: form.fields.filter(({ id }) => id !== 'otherEmails') }),
    );
    expect(noteOf(saved).text).toContain('saved');
    const turned = await typed(`show ${theirs.id}`, 'tom@home.example');
    expect(turned).toMatchObject({
      code: 1,
      text: expect.stringContaining('tom@home.example has no access to ace-desk'),
    });
    expect(turned.text).not.toContain(theirs.company);
  });

  test('an address that somebody has cannot be given to another, at once or in a race', async () => {
    const form = formOf(await people({ do: 'edit', person: await idOf(TOM) }));
    const wrong = formOf(await people(submitted(form, { otherEmails: PRIYA })));
    expect(wrong.errors).toMatchObject({ otherEmails: 'One of these is Priya Raman’s already.' });
    const forms = await Promise.all(
      [TOM, LUCIA].map(async (email) => formOf(await people({ do: 'edit', person: await idOf(email) }))),
    );
    await Promise.all(forms.map((it) => people(submitted(it, { otherEmails: 'both@home.example' }))));
    const holders = await house.store.prisma.person.count({
      where: { otherEmails: { has: 'both@home.example' } },
    });
    expect(holders).toBe(1);
  });

  test('revoking asks once and says what is lost; then they see nothing, and what they own is listed to be handed on', async () => {
    const asked = await typed('people revoke Lucía');
    expect(asked.code).toBe(1);
    expect(asked.text).toContain('Lucía Ferro (lucia.ferro@partner.example), ACE user → no access.');
    expect(asked.text).toMatch(/They stay the owner of \d+ open deals? at AWS/);
    expect(asked.text).toContain('Say the same line with “(yes)” at its end');
    expect((await onRecord(LUCIA))?.role).toBe('ACE user');
    const { reply } = await house.act('people', { do: 'revoke', person: await idOf(LUCIA), sure: 'yes' });
    if (reply.kind !== 'list') throw new Error('They own deals.');
    expect(reply.title).toBe('Lucía Ferro (lucia.ferro@partner.example) has no access to ace-desk any more');
    expect(reply.sections[0]?.items.some(({ button }) => button?.verb === 'transfer')).toBe(true);
    expect(reply.footer).toContain('Partner Central keeps its own list');
    expect((await typed('desk', LUCIA)).text).toContain('has no access to ace-desk');
    expect((await typed('people revoke lucia.ferro@partner.example')).text).toContain(
      'Lucía Ferro (lucia.ferro@partner.example) has no access. Nothing was changed.',
    );
    expect((await typed('people grant lucia.ferro@partner.example: user')).text).toContain(
      'Lucía Ferro (lucia.ferro@partner.example) is an ACE user',
    );
    expect((await typed('desk', LUCIA)).code).toBe(0);
  });

  test('what a revoked person had asked and AWS has not seen is taken back; their copies in chat go blank', async () => {
    const locked = await house.store.prisma.deal.findFirstOrThrow({
      where: { ownerEmail: PRIYA, status: 'In review', goneAt: null },
    });
    await house.tell('PRIYA', `show ${locked.id}`);
    const card = await house.shows('PRIYA', locked.id === '' ? 'never' : locked.company);
    const { changeIds } = await house.act(
      'next-step',
      { id: locked.id, text: 'Call them', queue: 'yes' },
      { as: PRIYA },
    );
    expect(changeIds).toHaveLength(1);
    const form = formOf(await people({ what: 'revoke Priya' }));
    expect(form.intro?.join()).toContain('is taken back (1)');
    const { reply } = await house.act('people', submitted(form));
    expect(JSON.stringify(reply)).toContain('1 change that AWS had not seen is taken back.');
    const change = await house.store.prisma.change.findUniqueOrThrow({
      where: { id: changeIds[0] ?? '' },
      include: { transitions: { orderBy: { id: 'asc' } } },
    });
    expect(change.state).toBe('cancelled');
    expect(change.transitions.at(-1)).toMatchObject({ state: 'cancelled', personId: await idOf(LEAD) });
    await house.quiet();
    expect(screenOf(card)).toContain('no longer yours to see');
    expect(screenOf(card)).not.toContain(locked.company);
    expect(await house.effects(locked.id)).toEqual([]);
    await typed('people grant Priya: user');
  });

  test('whoever is let in anew is offered nothing from before', async () => {
    const referral = await house.store.prisma.deal.findFirstOrThrow({
      where: { kind: 'referral', status: 'PENDING', expiresAt: { gt: new Date() }, goneAt: null },
    });
    await house.act('offer', { id: referral.id, people: PRIYA });
    expect((await typed(`show ${referral.id}`, PRIYA)).code).toBe(0);
    const { version } = await house.store.prisma.deal.findUniqueOrThrow({ where: { id: referral.id } });
    await typed('people revoke Priya (yes)');
    await typed('people grant Priya: user');
    expect(await typed(`show ${referral.id}`, PRIYA)).toMatchObject({
      code: 1,
      text: expect.stringContaining(`I know no deal “${referral.id}”`),
    });
    const after = await house.store.prisma.deal.findUniqueOrThrow({ where: { id: referral.id } });
    expect(after.version).toBeGreaterThan(version);
  });

  test('a list is imported whole or not at all: every wrong line is named with its number, and it stays in the field', async () => {
    await house.say('ANA', 'people import');
    const form = await house.form('ANA');
    const head = 'E-Mail;First name;Last name;Role;Reports to';
    const wrong = `${head}\n"ok@import.example";"Olga; ""O""";Kay;ACE user;Mina Okafor\nnomail;A;B;user;\nx@import.example;;C;boss;Nobody`;
    await house.submit(form, { csv: wrong });
    const screen = screenOf(form.content);
    expect(screen).toContain('Line 3: e-mail: This is no e-mail');
    expect(screen).toMatch(/Line 4: .*first name: .*role: /);
    expect(screen).not.toContain('Line 2');
    expect(JSON.stringify(form.content)).toContain('nomail;A;B;user;');
    expect(await onRecord('ok@import.example')).toBeNull();
    const right = `\ufeff${head}\r\n"ok@import.example";"Olga; ""O""";Kay;ACE user;Mina Okafor\r\n${TOM};Tom;Keller;ACE user;ok@import.example\r\n`;
    await house.submit(form, { csv: right });
    expect(screenOf(form.content)).toContain('Imported: 1 added, 1 changed.');
    expect(await onRecord('ok@import.example')).toMatchObject({
      firstName: 'Olga; "O"',
      reportsTo: await idOf(TEAM.manager),
    });
    expect(await onRecord(TOM)).toMatchObject({
      lastName: 'Keller',
      country: 'AT',
      reportsTo: await idOf('ok@import.example'),
    });
    const again = await people({ do: 'import', csv: right });
    expect(noteOf(again).text).toBe('Imported: 0 added, 0 changed, 2 as they were.');
    expect(
      (await typed('people import email,first name,last name,role|pipe@import.example,P,Ipe,user')).text,
    ).toContain('Imported: 1 added');
    expect((await typed('people import tom.keller@partner.example')).text).toContain(
      'email,first name,last name,role|priya@company.example,Priya,Raman,ACE user',
    );
  });

  test('a newcomer who calls themselves like a colleague gets neither their grant nor their revocation', async () => {
    for (const [nth, name] of ['Tom', 'Tom Keller', TOM].entries()) {
      const from = { ...senderOf(`evil${nth}@partner.example`), firstName: name, lastName: '' };
      await house.desk.handle({ verb: 'ask-access', input: {}, from, key: randomUUID() });
    }
    const roles = async () =>
      (await house.store.prisma.person.findMany({ where: { email: { startsWith: 'evil' } } })).map(
        ({ role }) => role,
      );
    expect(await roles()).toEqual(['none', 'none', 'none']);
    await house.act('people', { do: 'revoke', person: await idOf(TOM), sure: 'yes' });
    await typed('people grant tom.other@partner.example Tom Other: user');
    expect((await typed('people revoke Tom (yes)')).text).toContain('tom.other@partner.example');
    expect((await onRecord('tom.other@partner.example'))?.role).toBe('none');
    expect((await typed('people grant Tom: ACE manager')).text).toContain('(evil0@partner.example)');
    expect((await typed(`people grant ${TOM}: user`)).text).toContain(
      'Tom Keller (tom.keller@partner.example) is an ACE user on ace-desk now.',
    );
    expect((await typed('people grant Tom: user')).text).toContain(
      'Tom Keller (tom.keller@partner.example) is an ACE user already.',
    );
    expect((await typed('people revoke Tom Keller')).text).toContain(
      'Tom Keller (tom.keller@partner.example)',
    );
    expect(await roles()).toEqual(['none', 'none', 'none']);
  });

  test('a line longer than any list is not read; of who may not manage only its beginning', async () => {
    const long = `import ${'a,'.repeat(1700)}`;
    expect(noteOf(await people({ what: long })).text).toContain('A list has at most 3000 characters here.');
    expect(noteOf(await people({ what: `Tom ${'x'.repeat(3400)}` })).text).toContain('A list has at most');
    expect(noteOf(await people({ what: long }, PRIYA)).text).toContain('Only the alliance lead and');
    expect(noteOf(await people({ what: `Mina Okafor${' '.repeat(400)}` }, PRIYA)).text).toContain(
      'I know nobody',
    );
  });

  test('the team cannot make itself the next alliance lead by an address in its own record', async () => {
    const form = formOf(await people({ do: 'edit', person: await idOf(TEAM.team) }, TEAM.team));
    const refused = formOf(
      await people(submitted(form, { otherEmails: 'new.lead@partner.example' }), TEAM.team),
    );
    expect(refused.errors).toEqual({
      otherEmails: 'Only the alliance lead changes the addresses of the alliance team. Ask them.',
    });
    expect((await onRecord(TEAM.team))?.otherEmails).toEqual([]);
    expect(noteOf(await people(submitted(form, { otherEmails: 'jonas@home.example' }))).text).toContain(
      'saved',
    );
  });

  test('the twenty-first ACE manager is refused, in a line, a form and a list; of two at once for the last place one is let in', async () => {
    const lines = Array.from({ length: 18 }, (_, nth) => `m${nth}@many.example,M,N${nth},ACE manager`);
    const csv = (more: string[]) => ['email,first name,last name,role', ...more].join('\n');
    expect(noteOf(await people({ do: 'import', csv: csv(lines) })).text).toContain('18 added');
    const asked = ['one', 'two', 'three'].map((name) =>
      people({ what: `grant ${name}@last.example ${name} Last: ACE manager` }),
    );
    const replies = (await Promise.all(asked)).map((it) => noteOf(it).text);
    expect(replies.filter((text) => text.includes('is an ACE manager on ace-desk now'))).toHaveLength(1);
    expect(replies.filter((text) => text.includes('There are 20 ACE managers already'))).toHaveLength(2);
    expect(await house.store.prisma.person.count({ where: { role: 'ACE manager' } })).toBe(20);
    const form = formOf(await people({ do: 'edit', person: await idOf(TOM) }));
    expect(formOf(await people(submitted(form, { role: 'ACE manager' }))).errors?.role).toContain(
      '20 ACE managers',
    );
    const more = formOf(await people({ do: 'import', csv: csv(['n@many.example,N,N,ACE manager']) }));
    expect(Object.values(more.errors ?? {})).toEqual([
      expect.stringContaining('Line 2: role: There are 20 ACE managers'),
    ]);
    expect((await typed('people 2')).text).toContain('Who uses ace-desk, page 2');
  });

  test('a double click grants once, and hostile names stay text', async () => {
    const key = randomUUID();
    const input = { what: 'grant evil@partner.example <!channel> \u202egnp.exe: user' };
    await Promise.all([house.act('people', input, { key }), house.act('people', input, { key })]);
    const id = await idOf('evil@partner.example');
    expect(await house.store.prisma.roleChange.count({ where: { personId: id } })).toBe(1);
    await house.say('ANA', 'people evil@partner.example');
    const { text, blocks } = house.newest('ANA');
    expect(text).not.toMatch(/<!channel>|\u202e/);
    expect(JSON.stringify(blocks)).not.toContain('\u202e');
  });

  test('whoever is alliance lead no more keeps no card of what they may not see', async () => {
    const deal = await house.store.prisma.deal.findFirstOrThrow({
      where: { ownerEmail: PRIYA, kind: 'opportunity', goneAt: null, NOT: { company: { contains: '&' } } },
    });
    await house.tell('ANA', `show ${deal.id}`);
    const seen = () => house.messages('ANA').findLast((it) => screenOf(it).includes(deal.id));
    await until('the card', () => seen() !== undefined);
    const card = seen();
    if (!card) throw new Error('It was there.');
    // It is written down after it was sent.
    const kept = { dealId: deal.id, platform: 'slack', endedAt: null };
    await until('the copy', async () => (await house.store.prisma.posting.count({ where: kept })) > 0);
    await enrol(house.store, [
      {
        ...{ email: 'next@partner.example', otherEmails: [], firstName: 'Next', lastName: 'Lead' },
        role: 'alliance lead',
        timeZone: 'UTC',
      },
    ]);
    await house.quiet();
    expect(screenOf(card)).toContain('no longer yours to see');
    expect(screenOf(card)).not.toContain(deal.company);
  });
});
