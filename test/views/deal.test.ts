import { describe, expect, test } from '@jest/globals';
import type { Change } from '../../src/pipeline/change.ts';
import type { Deal } from '../../src/pipeline/deal.ts';
import { length } from '../../src/pipeline/text.ts';
import { contactsNote, dealCard } from '../../src/views/deal.ts';
import type { Card } from '../../src/views/view.ts';
import { lead, NOW, offeredLead, opportunity, person, referral } from '../pipeline/samples.ts';
import { about, change, OWNER, STEP } from './samples.ts';

const facts = (card: Card) => Object.fromEntries(card.facts.map(({ label, value }) => [label, value]));
const labels = (card: Card) => card.buttons.map((button) => button.label);
const folded = (card: Card) => card.more?.map((button) => button.label);
const BOB = { id: 'p-bob', name: 'Bob Lee' };

describe('the card of a pending referral', () => {
  const card = dealCard(referral(), about());

  test('says whose it is, both clocks in the reader’s zone, and what it is worth', () => {
    expect(card).toMatchObject({
      title: 'Acme GmbH – Data lake on AWS',
      subtitle: 'AWS referral · pending acceptance · engi-abc1234567890',
      body: 'Reports take three days.',
      progress: 'idle',
      copyOf: { id: 'engi-abc1234567890', version: 7 },
    });
    expect(facts(card)).toEqual({
      'Answer AWS by': 'Wed 26 Nov 10:00, 2 business days left',
      Expires: 'Thu 4 Dec 10:00, 12 days left',
      Revenue: 'USD 12,500 / month to AWS',
      Customer: 'Germany · Life Sciences',
      'Target date': 'Tue 31 Mar 2026',
      'AWS contact': 'Rita Rep',
    });
  });

  test('is accepted in one tap', () => {
    expect(card.buttons[0]).toEqual({
      verb: 'accept',
      label: 'Accept',
      style: 'primary',
      input: { id: 'engi-abc1234567890', version: '7' },
    });
    expect(labels(card)).toEqual(['Accept', 'Offer…', 'Reject…']);
    expect(folded(card)).toEqual(['Accept for…', 'Flag', 'Remind me…', 'Post here…', 'History']);
    expect(card.more?.at(-1)).toEqual({
      verb: 'history',
      label: 'History',
      input: { id: 'engi-abc1234567890' },
    });
  });

  test('past AWS’s 5 business days it says so and can still be accepted', () => {
    const late = dealCard(referral(), about({ now: new Date('2025-11-28T12:00:00Z') }));
    expect(facts(late)).toMatchObject({
      'AWS asked for an answer by': 'Wed 26 Nov 10:00',
      Expires: 'Thu 4 Dec 10:00, 5 days left',
    });
    expect(labels(late)).toEqual(['Accept', 'Offer…', 'Reject…']);
  });

  test('past its expiry it has no button and is not called lost before AWS says so', () => {
    const over = dealCard(referral(), about({ now: new Date('2025-12-05T12:00:00Z') }));
    expect(facts(over)['Ran out']).toBe('Thu 4 Dec 10:00, AWS has not closed it yet');
    expect(facts(over)).not.toHaveProperty('Expires');
    expect(JSON.stringify(over)).not.toContain('lost');
    expect(over.buttons).toEqual([]);
  });

  test('once AWS says EXPIRED it is lost', () => {
    const lost = dealCard(referral({ status: 'EXPIRED' }), about());
    expect(lost.subtitle).toBe('AWS referral · lost: it expired before it was accepted · engi-abc1234567890');
    expect(lost.buttons).toEqual([]);
    expect(Object.keys(facts(lost)).join()).not.toMatch(/[Aa]nswer|Expires|Ran out/);
  });

  test('another partner’s invitation carries that partner’s name and no AWS deadline', () => {
    const card = dealCard(referral({ sender: { account: '123456789012', company: 'Northwind' } }), about());
    expect(card.subtitle).toBe('Invitation from Northwind · pending acceptance · engi-abc1234567890');
    expect(Object.keys(facts(card)).slice(0, 2)).toEqual(['Expires', 'Revenue']);
    expect(facts(card).Expires).toBe('Thu 4 Dec 10:00, 12 days left');
  });
});

describe('the way of an acceptance', () => {
  const accept = { kind: 'accept' } as const;
  const later = { settledAt: '2025-11-21T12:00:01Z' };
  test.each<[string, Change[], Card['progress'], string]>([
    ['asked', [change('requested', OWNER), change('requested', accept)], 'working', 'Accepting… (Ana Silva)'],
    [
      'long on its way',
      [change('sending', accept, { requestedAt: '2025-11-21T11:58:00Z' })],
      'working',
      'AWS is still working on the acceptance; nothing to do, I’ll tell you (Ana Silva)',
    ],
    [
      'AWS silent',
      [change('waiting', accept, { waitsFor: 'unavailable' })],
      'working',
      'Waiting: AWS does not answer; this goes out as soon as it does (your acceptance)',
    ],
    [
      'its first half done',
      [change('sending', OWNER), change('confirmed', accept)],
      'working',
      'AWS confirmed your acceptance, 13:00 · Making Ana Silva the owner…',
    ],
    [
      'both halves done',
      [change('confirmed', OWNER, later), change('confirmed', accept)],
      'done',
      'AWS confirmed your acceptance, 13:00 · AWS confirmed the change of owner to Ana Silva, 13:00',
    ],
    [
      'its second half refused',
      [change('refused', OWNER, { ...later, answer: 'No such user' }), change('confirmed', accept)],
      'problem',
      'AWS confirmed your acceptance, 13:00 · AWS refused the change of owner to Ana Silva: No such user, 13:00',
    ],
  ])('%s', (_, changes, progress, status) => {
    const card = dealCard(referral(), about({ changes }));
    expect([card.progress, card.status]).toEqual([progress, status]);
    expect(labels(card)).toEqual([]);
  });

  test('refused, it can be tried again', () => {
    const card = dealCard(referral(), about({ changes: [change('refused', accept, { answer: 'Not now' })] }));
    expect([card.progress, labels(card)]).toEqual(['problem', ['Accept', 'Offer…', 'Reject…']]);
  });

  test('accepted, it leads to what it became, with that deal’s owner', () => {
    const card = dealCard(
      referral({ status: 'ACCEPTED', successor: 'O1234567' }),
      about({ successor: opportunity() }),
    );
    expect(facts(card)).toMatchObject({ 'Goes on as': 'O1234567', Owner: 'Ana Silva' });
    expect(card.buttons).toEqual([{ verb: 'show', label: 'Show O1234567', input: { id: 'O1234567' } }]);
  });
});

describe('the card of an opportunity', () => {
  test('says stage, next step with its date, close date, owner and revenue', () => {
    const card = dealCard(opportunity(), about());
    expect(card.subtitle).toBe('Partner referral · Qualified · approved · O1234567');
    expect(facts(card)).toEqual({
      Stage: 'Qualified',
      'Next step': 'Call the CTO (Wed 12 Nov 09:00)',
      'Close date': 'Fri 16 Jan 2026',
      Owner: 'Ana Silva',
      Revenue: 'EUR 900.50 / month to AWS',
    });
    const hint = { input: { id: 'O1234567', version: '7' }, opens: 'form' };
    expect(card.buttons).toEqual([
      { verb: 'next-step', label: 'Next step…', ...hint },
      { verb: 'change-stage', label: 'Change stage…', ...hint },
    ]);
    expect(folded(card)).toEqual(['Transfer…', 'Flag', 'Remind me…', 'Post here…', 'History']);
  });

  test('a close date that is over is called past, by the reader’s day', () => {
    const deal = opportunity({ closeDate: '2025-11-21' });
    const inAuckland = about({ actor: person('alliance lead', { timeZone: 'Pacific/Auckland' }) });
    expect(facts(dealCard(deal, about()))['Close date']).toBe('Fri 21 Nov');
    expect(facts(dealCard(deal, inAuckland))['Close date']).toBe('Fri 21 Nov, past');
  });

  test('AWS’s remark is its text while action is required, and its repair is offered instead of a next step', () => {
    const card = dealCard(
      opportunity({
        reviewStatus: 'Action Required',
        reviewComments: 'Clarify revenue',
        businessProblem: 'x',
      }),
      about(),
    );
    expect([card.body, labels(card)]).toEqual(['AWS’s remark: Clarify revenue', ['Repair…']]);
    expect(card.buttons[0]?.style).toBe('primary');
  });

  test('locked in review, a next step and a stage may still be asked for, to be queued', () => {
    const card = dealCard(opportunity({ reviewStatus: 'In review' }), about());
    expect(labels(card)).toEqual(['Next step…', 'Change stage…']);
  });

  test.each(['Launched', 'Closed Lost'] as const)(
    '%s offers its history and a flag, nothing else',
    (stage) => {
      const card = dealCard(opportunity({ stage }), about());
      expect([card.buttons, folded(card)]).toEqual([[], ['Flag', 'Remind me…', 'Post here…', 'History']]);
    },
  );

  test('national security is said', () => {
    expect(dealCard(opportunity({ nationalSecurity: true }), about()).subtitle).toContain(
      'national security',
    );
  });
});

describe('the way of a next step', () => {
  test.each<[string, Change[], Card['progress'], string | undefined]>([
    ['asked by me', [change('requested')], 'working', 'Sending the next step to AWS… (Ana Silva)'],
    [
      'queued by somebody',
      [change('waiting', STEP, { waitsFor: 'locked', person: BOB })],
      'working',
      'Waiting: AWS is reviewing this deal (Bob Lee’s next step)',
    ],
    [
      'sent, the answer lost',
      [change('waiting', STEP, { waitsFor: 'answer' })],
      'working',
      'Waiting: it was sent and the answer was lost; I am finding out (your next step)',
    ],
    ['confirmed', [change('confirmed')], 'done', 'AWS confirmed your next step, 13:00'],
    [
      'somebody’s, confirmed',
      [change('confirmed', STEP, { person: BOB })],
      'done',
      'AWS confirmed Bob Lee’s next step, 13:00',
    ],
    [
      'refused',
      [change('refused', STEP, { answer: 'Too\u001b[31m long' })],
      'problem',
      'AWS refused your next step: Too long. It said: “Demo with the CFO”, 13:00',
    ],
    [
      'in conflict',
      [change('conflict', STEP, { answer: 'AWS has “x”, you wrote “y”' })],
      'problem',
      'Not done, your next step met somebody else’s change: AWS has “x”, you wrote “y”, 13:00',
    ],
    ['taken back', [change('cancelled')], 'idle', 'Taken back: your next step, 13:00'],
    [
      'settled over a week ago',
      [change('confirmed', STEP, { settledAt: '2025-11-14T11:00:00Z' })],
      'idle',
      undefined,
    ],
    [
      'a new one after a confirmed one',
      [change('sending'), change('confirmed')],
      'working',
      'Sending the next step to AWS… (Ana Silva)',
    ],
  ])('%s', (_, changes, progress, status) => {
    const card = dealCard(opportunity(), about({ changes }));
    expect([card.progress, card.status]).toEqual([progress, status]);
  });

  test('four that wait are counted, in the order they go out', () => {
    const step = (text: string) =>
      change('waiting', { kind: 'update', base: {}, set: { nextStep: text } }, { waitsFor: 'locked' });
    const { status = '' } = dealCard(opportunity(), about({ changes: ['4', '3', '2', '1'].map(step) }));
    expect(status.split(' · ')).toHaveLength(4);
    expect(status).toMatch(/and 1 more$/);
  });

  test('what AWS cannot have seen can be edited or taken back by whoever asked, and by nobody once it was sent', () => {
    const recall = (it: Change) => {
      const all = folded(dealCard(opportunity(), about({ changes: [it] }))) ?? [];
      return all.slice(all.indexOf('History') + 1);
    };
    expect(recall(change('waiting', STEP, { waitsFor: 'locked' }))).toEqual(['Edit…', 'Take back']);
    expect(recall(change('requested'))).toEqual(['Edit…', 'Take back']);
    expect(recall(change('sending'))).toEqual([]);
    expect(recall(change('waiting', STEP, { waitsFor: 'answer' }))).toEqual([]);
    expect(recall(change('waiting', STEP, { waitsFor: 'locked', person: BOB }))).toEqual([]);
  });
});

describe('leads', () => {
  test('an offered one shows the clock and what the invitation carries', () => {
    const card = dealCard(offeredLead(), about());
    expect(card.subtitle).toBe('AWS lead · pending acceptance · engi-lead123456789');
    expect(Object.keys(facts(card))).toEqual([
      'Answer AWS by',
      'Expires',
      'Customer',
      'Use case',
      'Campaign',
      'Contact’s title',
    ]);
    expect(labels(card)).toEqual(['Accept', 'Offer…', 'Reject…']);
  });

  test('an accepted one shows its status and who has it', () => {
    const card = dealCard(lead(), about());
    expect(card.subtitle).toBe('AWS lead · Research · eng-abc12345678901');
    expect(facts(card)).toMatchObject({ Status: 'Research', Owner: 'nobody yet' });
    expect([labels(card), folded(card)]).toEqual([
      ['Update…', 'Transfer…'],
      ['Flag', 'Remind me…', 'Post here…', 'History'],
    ]);
  });
});

describe('what a card never does', () => {
  const all: Deal[] = [
    referral(),
    offeredLead(),
    lead(),
    opportunity(),
    referral({ status: 'ACCEPTED', successor: 'O1' }),
  ];

  test('show a customer contact or anybody’s e-mail address', () => {
    for (const deal of all) {
      const text = JSON.stringify(dealCard(deal, about({ successor: opportunity() })));
      expect(text).not.toMatch(/Customer\b.*@|carl|dora|@amazon|@gamma|@beta|\+33|\+44/i);
    }
  });

  test('exceed six facts, three buttons, or the length of a title', () => {
    const long = '👩‍💻 very long '.repeat(200);
    for (const deal of all) {
      const card = dealCard(
        { ...deal, company: long, title: long, businessProblem: long },
        about({ successor: opportunity() }),
      );
      expect(card.facts.length).toBeLessThanOrEqual(6);
      expect(card.buttons.length).toBeLessThanOrEqual(3);
      expect(length(card.title)).toBeLessThanOrEqual(140);
      expect(length(card.body ?? '')).toBeLessThanOrEqual(600);
    }
  });

  test('carry a control, escape or override character from a customer', () => {
    const evil = '\u001b]0;x\u0007A\u202Ecme\u0000\nGmbH\u200B';
    const more = { company: evil, title: evil, businessProblem: evil, industry: evil, country: evil };
    for (const deal of all) {
      const card = dealCard(
        { ...deal, ...more, ...(deal.kind === 'opportunity' ? { nextStep: evil } : {}) },
        about(),
      );
      const texts = [
        card.title,
        card.subtitle ?? '',
        card.body ?? '',
        ...card.facts.map(({ value }) => value),
      ];
      for (const text of texts) expect(text).not.toMatch(/(?!\n)\p{Cc}|\u202E|\u200B/u);
      expect(card.title).toBe('Acme GmbH');
    }
  });

  test('lead a reader to what they may not see', () => {
    const hidden = opportunity({ owner: { name: 'Bob', email: 'bob@partner.example' } });
    const { status: _, ...offered } = referral();
    const invitation = { ...offered, status: 'ACCEPTED', successor: hidden.id } as const;
    const mine = lead({ owner: { name: 'Ana', email: 'ana@partner.example' }, invitation });
    const card = dealCard(mine, about({ actor: person('ACE user'), successor: hidden }));
    expect(JSON.stringify(card)).not.toContain('O1234567');
  });

  test.each([
    ['Beta Ltd: One data lake', 'Beta Ltd – One data lake'],
    ['beta ltd – One data lake', 'Beta Ltd – One data lake'],
    ['BETA LTD', 'Beta Ltd'],
    ['Beta Ltd:', 'Beta Ltd'],
    ['Beta Ltd2: One', 'Beta Ltd – Beta Ltd2: One'],
    ['Beta Ltd moves to AWS', 'Beta Ltd – Beta Ltd moves to AWS'],
  ])('say the company twice: %j', (title, name) => {
    expect(dealCard(lead({ title }), about()).title).toBe(name);
  });

  test('fail on odd values', () => {
    const odd = dealCard(
      opportunity({ company: '', title: '', spend: { amount: 'much', currency: 'XXX' }, closeDate: 'soon' }),
      about(),
    );
    expect(odd.title).toBe('Customer without a name');
    expect(facts(odd)).toMatchObject({ Revenue: 'XXX much / month to AWS', 'Close date': 'soon' });
    expect(facts(dealCard(referral({ country: 'QQ' }), about())).Customer).toBe('QQ · Life Sciences');
  });
});

describe('the contacts note', () => {
  test('names the customer’s people and AWS’s, with how to reach them', () => {
    const { text, lines } = contactsNote(opportunity());
    expect(text).toBe('Contacts for Gamma SA – SAP to AWS (only you see this)');
    expect(lines).toEqual([
      'Customer: Dora Customer, CFO, dora@gamma.example, +331234567',
      'AWS: Rita Rep, AWSSalesRep, rita@amazon.example',
    ]);
  });

  test('says when AWS gave none', () => {
    expect(contactsNote(opportunity({ contacts: [], aws: { contacts: [] } })).text).toContain(
      'no contact details',
    );
    expect(contactsNote(referral()).lines).toEqual([
      'AWS: Rita Rep, AWSSalesRep, rita@amazon.example',
      'AWS has given no customer contacts.',
    ]);
    expect(contactsNote(lead()).lines).toEqual(['Customer: Carl Customer, carl@beta.example, +441234567']);
  });
});

test('the same deal at the same moment makes the same card', () => {
  expect(dealCard(referral(), about())).toEqual(dealCard(referral(), about({ now: new Date(NOW) })));
});
