/** The roster's rules: who gives what, what may stand in a record, and lists as spreadsheets write them. */
import { describe, expect, test } from '@jest/globals';
import type { Colleague, Person } from '../../src/pipeline/person.ts';
import { forbidden, givable, meant, type Roster, whom } from '../../src/pipeline/roster.ts';
import { fromCsv } from '../../src/pipeline/roster-csv.ts';
import { enter, type Row } from '../../src/pipeline/roster-entry.ts';
import { daysInWords, isEmail } from '../../src/pipeline/roster-fields.ts';
import { errandOf, nameFrom, newcomerIn } from '../../src/pipeline/roster-line.ts';

const one = (email: string, role: Person['role'], more: Partial<Colleague> = {}): Colleague => ({
  id: `id-${email}`,
  email,
  otherEmails: [],
  firstName: 'A',
  lastName: 'B',
  role,
  timeZone: 'UTC',
  workingDays: [1, 2, 3, 4, 5],
  ...more,
});
const LEAD = one('lead@p.example', 'alliance lead', { firstName: 'Ana', lastName: 'Silva' });
const TEAM = one('team@p.example', 'alliance team', { firstName: 'Jonas', lastName: 'Berg' });
const MANAGER = one('manager@p.example', 'ACE manager', { firstName: 'Mina', lastName: 'Okafor' });
const USER = one('user@p.example', 'ACE user', {
  firstName: 'Lucía',
  lastName: 'Ferro',
  otherEmails: ['lucia@home.example'],
});
const GONE = one('gone@p.example', 'none');
const EVERYBODY = [LEAD, TEAM, MANAGER, USER, GONE];
const roster = (more: Colleague[] = []): Roster => ({ people: [...EVERYBODY, ...more], version: 1 });
let count = 0;
const newId = () => `new-${++count}`;

/** What comes of one row; its errors where it is wrong. */
function entering(answers: Row['answers'], more: Partial<Row> & { as?: Person; on?: Roster } = {}) {
  const row: Row = { answers, ...(more.of ? { of: more.of } : {}), ...(more.isNew ? { isNew: true } : {}) };
  const entered = enter(more.on ?? roster(), more.as ?? LEAD, [row], newId);
  return 'errors' in entered ? { errors: entered.errors.get(row) } : { people: entered.people };
}
const NEW = { email: 'new@p.example', firstName: 'Nia', lastName: 'New', role: 'ACE user' };

describe('the law of roles', () => {
  const may = (actor: Person, whom: Person, role: Person['role']) => !forbidden(actor, whom, role);

  test.each([
    ['alliance lead', LEAD, [true, true, true, true]],
    ['alliance team', TEAM, [true, true, false, true]],
    ['ACE manager', MANAGER, [false, false, false, false]],
    ['ACE user', USER, [false, false, false, false]],
    ['nobody', GONE, [false, false, false, false]],
  ] as const)(
    'what the %s may make of an ACE user: manager, user again, alliance team, nobody',
    (_, actor, answers) => {
      const other = one('other@p.example', 'ACE user');
      const aManager = one('other@p.example', 'ACE manager');
      expect([
        may(actor, other, 'ACE manager'),
        may(actor, aManager, 'ACE user'),
        may(actor, other, 'alliance team'),
        may(actor, other, 'none'),
      ]).toEqual(answers);
      expect(givable(actor).length > 0).toBe(answers[0]);
    },
  );

  test('nobody changes their own role, nor the alliance lead’s; the team is the alliance lead’s to name and end', () => {
    expect(forbidden(LEAD, LEAD, 'ACE user')).toContain('ALLIANCE_LEAD_EMAIL');
    expect(forbidden(TEAM, TEAM, 'ACE user')).toBe('Nobody changes their own role. Ask the alliance lead.');
    expect(forbidden(TEAM, LEAD, 'none')).toContain('ALLIANCE_LEAD_EMAIL');
    expect(forbidden(LEAD, USER, 'alliance lead')).toContain('ALLIANCE_LEAD_EMAIL');
    const colleague = one('other@p.example', 'alliance team');
    expect(forbidden(TEAM, colleague, 'none')).toContain('Only the alliance lead');
    expect(forbidden(LEAD, colleague, 'none')).toBeUndefined();
  });

  test('the team cannot write an address of its own into a record it may not give: that would be to become that person', () => {
    for (const whom of [LEAD, one('other@p.example', 'alliance team')]) {
      const on = { people: [LEAD, TEAM, whom], version: 1 };
      expect(entering({ otherEmails: 'mine@evil.example' }, { of: whom.id, as: TEAM, on })).toEqual({
        errors: { email: 'Only the alliance lead changes this record. Ask them.' },
      });
    }
    expect(entering({ email: 'else@p.example' }, { of: LEAD.id }).errors?.email).toContain(
      'ALLIANCE_LEAD_EMAIL',
    );
    expect(entering({ otherEmails: 'ana@home.example' }, { of: LEAD.id }).people).toHaveLength(1);
  });

  test('nor into their own, as the configuration may name it next; the rest of it is theirs, and the alliance lead writes both', () => {
    const refused = 'Only the alliance lead changes the addresses of the alliance team. Ask them.';
    const own = (answers: Row['answers'], as: Person) => entering(answers, { of: TEAM.id, as });
    expect(own({ otherEmails: 'new.lead@p.example' }, TEAM)).toEqual({ errors: { otherEmails: refused } });
    expect(own({ email: 'new.lead@p.example' }, TEAM)).toEqual({ errors: { email: refused } });
    expect(own({ email: TEAM.email, otherEmails: '', country: 'SE' }, TEAM).people).toHaveLength(1);
    expect(own({ otherEmails: 'jonas@home.example' }, LEAD).people).toHaveLength(1);
  });
});

describe('what may stand in a record', () => {
  test('somebody new is written down whole, with what was not said as it usually is', () => {
    expect(entering({ ...NEW, email: ' New@P.example ', role: 'manager' }).people).toEqual([
      { ...one('new@p.example', 'ACE manager', { firstName: 'Nia', lastName: 'New' }), id: `new-${count}` },
    ]);
  });

  test('each wrong field is named, and nothing is taken', () => {
    const { errors } = entering(
      {
        email: 'no mail',
        firstName: '',
        lastName: '😀'.repeat(81),
        role: 'boss',
        otherEmails: 'a@b.example, x',
        country: 'Atlantis',
        timeZone: 'Mars/Olympus',
        workingDays: 'Mon, Noday',
        reportsTo: 'Nobody Here',
        backup: 'Lead',
      },
      {
        on: roster([
          one('x@p.example', 'ACE user', { firstName: 'Lead' }),
          one('y@p.example', 'ACE user', { lastName: 'Lead' }),
        ]),
      },
    );
    expect(Object.keys(errors ?? {}).sort()).toEqual(
      [
        'backup',
        'country',
        'email',
        'firstName',
        'lastName',
        'otherEmails',
        'reportsTo',
        'role',
        'timeZone',
        'workingDays',
      ].sort(),
    );
    expect(errors?.lastName).toBe('This has 81 characters; AWS takes 80.');
    expect(errors?.backup).toContain('Several people are called that');
  });

  test('80 emoji fit a name, and joined letters count as AWS counts them', () => {
    expect(entering({ ...NEW, lastName: '😀'.repeat(80) }).errors).toBeUndefined();
    expect(entering({ ...NEW, firstName: `${'a'.repeat(79)}e\u0301` }).errors).toBeUndefined();
  });

  test('days, zones and countries are read as people write them', () => {
    const read = (answers: Row['answers']) => entering({ ...NEW, ...answers }).people?.[0];
    expect(read({ workingDays: 'Sun-Thu' })?.workingDays).toEqual([1, 2, 3, 4, 7]);
    expect(read({ workingDays: '1,3' })?.workingDays).toEqual([1, 3]);
    expect(read({ workingDays: '' })?.workingDays).toEqual([1, 2, 3, 4, 5]);
    expect(read({ country: 'germany' })?.country).toBe('DE');
    expect([read({ country: 'pt' })?.country, read({ country: 'UK' })?.country]).toEqual(['PT', 'GB']);
    expect(read({ timeZone: 'europe/berlin' })?.timeZone).toBe('Europe/Berlin');
    expect(entering({ ...NEW, country: 'ZZ' }).errors).toBeDefined();
    expect(entering({ ...NEW, timeZone: '+02:00' }).errors).toBeDefined();
    expect([daysInWords([1, 2, 3, 4, 5]), daysInWords([1, 3])]).toEqual(['Mon–Fri', 'Mon, Wed']);
  });

  test('an address is one person’s: taken ones are refused by name, whether first or other', () => {
    expect(entering({ ...NEW, email: 'lucia@home.example' }, { isNew: true }).errors?.email).toContain(
      'Lucía Ferro has this address',
    );
    expect(entering({ ...NEW, otherEmails: 'LEAD@p.example' }).errors?.otherEmails).toContain('Ana Silva');
    expect(entering({ email: 'team@p.example' }, { of: USER.id }).errors?.email).toContain('Jonas Berg');
  });

  test('an address that changes goes on meaning the same person; an other address that is left out does not', () => {
    const [moved] =
      entering({ email: 'lucia.ferro@p.example', otherEmails: '' }, { of: USER.id }).people ?? [];
    expect(moved).toMatchObject({ email: 'lucia.ferro@p.example', otherEmails: ['user@p.example'] });
  });

  test('what is empty is emptied, what is absent stays, and nothing different is nothing', () => {
    const on = roster([one('x@p.example', 'ACE user', { id: 'x', country: 'DE', reportsTo: LEAD.id })]);
    expect(entering({ country: '', lastName: 'C' }, { of: 'x', on }).people?.[0]).toEqual(
      one('x@p.example', 'ACE user', { id: 'x', lastName: 'C', reportsTo: LEAD.id }),
    );
    expect(entering({ reportsTo: '' }, { of: 'x', on }).people?.[0]).not.toHaveProperty('reportsTo');
    expect(entering({ country: 'DE', role: 'ACE user' }, { of: 'x', on }).people).toEqual([]);
  });

  test('the twenty-first ACE manager is refused; who is one already may be edited', () => {
    const twenty = Array.from({ length: 19 }, (_, nth) => one(`m${nth}@p.example`, 'ACE manager'));
    const on = roster(twenty);
    expect(entering({ role: 'ACE manager' }, { of: USER.id, on }).errors?.role).toContain(
      '20 ACE managers already',
    );
    expect(entering({ lastName: 'Z' }, { of: MANAGER.id, on }).people).toHaveLength(1);
    expect(
      entering({ role: 'ACE manager' }, { of: USER.id, on: roster(twenty.slice(1)) }).people,
    ).toHaveLength(1);
  });
});

describe('whom words mean', () => {
  test.each([
    ['lucia ferro', [USER]],
    ['LUCÍA', [USER]],
    ['ferro', [USER]],
    ['lucia@home.example', [USER]],
    ['id-user@p.example', [USER]],
    ['A', [GONE]],
    ['', []],
    ['Lucia F', []],
  ])('%s', (said, found) => {
    expect(meant(EVERYBODY, said)).toEqual(found);
  });

  test('whoever calls themselves “Jonas” and nothing more stands beside Jonas Berg, and where that matters behind', () => {
    const mere = one('mere@p.example', 'ACE user', { firstName: 'Jonas', lastName: '' });
    expect(meant([...EVERYBODY, mere], 'Jonas')).toEqual([TEAM, mere]);
    const newcomers = [
      one('evil@p.example', 'none', { firstName: 'Jonas', lastName: '' }),
      one('evil2@p.example', 'none', { firstName: 'Jonas', lastName: 'Berg' }),
    ];
    for (const said of ['Jonas', 'jonas berg']) expect(whom(roster(newcomers), said, true)).toEqual([TEAM]);
    expect(whom(roster(newcomers), 'evil@p.example', true)).toEqual(newcomers.slice(0, 1));
    expect(whom(roster(newcomers), 'evil@p.example', false)).toEqual([]);
  });

  test('an e-mail is never a name, whatever somebody calls themselves', () => {
    const evil = one('evil@p.example', 'none', { firstName: 'boss@p.example', lastName: '' });
    expect(meant([...EVERYBODY, evil], 'boss@p.example')).toEqual([]);
  });

  test('a full name does not mean half of another, and an address comes before all names', () => {
    const berg = one('b@p.example', 'ACE user', { firstName: 'Jonas', lastName: 'Bergen' });
    expect(meant([...EVERYBODY, berg], 'Jonas Berg')).toEqual([TEAM]);
    expect(meant([...EVERYBODY, berg], 'Jonas')).toEqual([TEAM, berg]);
  });
});

describe('a list as CSV', () => {
  const rows = (text: string) => {
    const read = fromCsv(text);
    return 'rows' in read ? read.rows : read.errors;
  };

  test('as spreadsheets write it: byte order mark, semicolons, quotes, any order, Windows line ends, empty lines', () => {
    expect(
      rows(
        '\ufeffLast Name;E-Mail;First name;ROLE;Working days\r\n"Ram;an";Priya@X.example;"Priya ""P""";ACE user;Mon-Fri\r\n\r\n;;;;\r\nK;k@x.example;Tom;manager\r\n',
      ),
    ).toEqual([
      {
        line: 2,
        answers: {
          lastName: 'Ram;an',
          email: 'Priya@X.example',
          firstName: 'Priya "P"',
          role: 'ACE user',
          workingDays: 'Mon-Fri',
        },
      },
      {
        line: 5,
        answers: { lastName: 'K', email: 'k@x.example', firstName: 'Tom', role: 'manager', workingDays: '' },
      },
    ]);
  });

  test('in one line “|” ends a line, and tabs separate', () => {
    expect(rows('email\tfirst name\tlast name\trole|a@x.example\tA\tB\tuser')).toEqual([
      { line: 2, answers: { email: 'a@x.example', firstName: 'A', lastName: 'B', role: 'user' } },
    ]);
  });

  test.each([
    ['', 1, 'There is nothing here.'],
    ['email,first name,last name,role', 1, 'there is nobody'],
    ['email,first name,role\na,b,c', 1, 'Missing: last name.'],
    ['priya@x.example', 1, 'email,first name,last name,role|priya@company.example,Priya,Raman,ACE user'],
    ['email,first name,last name,role,shoe size\na,b,c,d,e', 1, 'I know no column “shoe size”.'],
    ['email,email,first name,last name,role\na,a,b,c,d', 1, 'twice'],
    [
      'email,first name,last name,role\nx@y.example,A,B,user\nx@z.example,A,B,C,user',
      3,
      '5 values for 4 columns',
    ],
    ['email,first name,last name,role\nx@y.example,A"x,B,user', 2, 'quotation mark'],
    ['email,first name,last name,role\nx@y.example,"A,B,user\nz,z,z,z', 3, 'never closed'],
  ])('what is no such list is told with its line (%#)', (text, line, error) => {
    expect(rows(text)).toEqual([{ line, error: expect.stringContaining(error) }]);
  });

  test('colleagues of the same list may report to each other; the same person twice is refused', () => {
    const list =
      'email,first name,last name,role,reports to\na@x.example,A,One,user,B Two\nb@x.example,B,Two,manager,Ana Silva\n';
    const read = fromCsv(list);
    if ('errors' in read) throw new Error('It is a list.');
    const entered = enter(roster(), LEAD, read.rows, newId);
    if ('errors' in entered) throw new Error('All is right.');
    const [a, b] = entered.people;
    expect([a?.reportsTo, b?.reportsTo]).toEqual([b?.id, LEAD.id]);
    const twice = fromCsv(`${list}USER@p.example,C,Three,user,\nlucia@home.example,C,Three,user,\n`);
    if ('errors' in twice) throw new Error('It is a list.');
    const refused = enter(roster(), LEAD, twice.rows, newId);
    expect('errors' in refused && [...refused.errors.values()].map(({ email }) => email)).toEqual([
      'This person stands here twice. Keep one line.',
      'This person stands here twice. Keep one line.',
    ]);
  });
});

describe('what is typed after “people”', () => {
  test.each([
    ['', {}],
    ['2', { page: '2' }],
    ['page 3', { page: '3' }],
    ['Priya Raman', { who: 'Priya Raman' }],
    ['grant priya@x.example: ACE user', { do: 'grant', who: 'priya@x.example', role: 'ace user' }],
    ['grant priya@x.example ace manager', { do: 'grant', who: 'priya@x.example', role: 'ace manager' }],
    ['make Tom Keller an ACE manager', { do: 'grant', who: 'Tom Keller', role: 'ace manager' }],
    [
      'grant Priya Raman <p@x.example> as user',
      { do: 'grant', who: 'Priya Raman <p@x.example>', role: 'user' },
    ],
    ['grant Tom', { do: 'grant', who: 'Tom' }],
    ['revoke Tom Keller (yes)', { do: 'revoke', who: 'Tom Keller', sure: 'yes' }],
    ['remove Tom', { do: 'revoke', who: 'Tom' }],
    ['add', { do: 'add' }],
    ['edit Tom', { do: 'edit', who: 'Tom' }],
    ['import', { do: 'import' }],
    ['import email,role\na,b', { do: 'import', csv: 'email,role\na,b' }],
    ['terms 2024-03-01', { do: 'terms', acceptedOn: '2024-03-01' }],
  ])('“%s”', (line, errand) => {
    expect(errandOf(line)).toEqual(errand);
  });

  test('a newcomer is an e-mail and what stands beside it', () => {
    expect(newcomerIn('priya@x.example Priya Maria Raman')).toEqual({
      email: 'priya@x.example',
      firstName: 'Priya Maria',
      lastName: 'Raman',
    });
    expect(newcomerIn('Raman <Priya@x.example>')).toEqual({ email: 'priya@x.example', firstName: 'Raman' });
    expect(newcomerIn('Priya Raman')).toBeUndefined();
    expect(nameFrom('ana.maria_silva@x.example')).toEqual({ firstName: 'Ana', lastName: 'Maria Silva' });
    expect([isEmail('a@b.example'), isEmail('a@b'), isEmail('A@b.example')]).toEqual([true, false, false]);
  });
});
