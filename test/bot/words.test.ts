import { describe, expect, test } from '@jest/globals';
import { type Heard, type Hearing, hear } from '../../src/bot/words.ts';
import * as vocabulary from '../../src/commands/index.ts';

const commands: Hearing['commands'] = [
  { verb: 'accept', usage: 'accept <deal> [for <person>]' },
  {
    verb: 'change-stage',
    usage:
      'change-stage <deal>: <stage> [(next step <nextStep>)] [(close <closeDate>)] [(reason <closedLostReason>)] [(account <awsAccountId>)] [(yes)] [(queue)]',
  },
  { verb: 'desk', usage: 'desk', reads: true },
  { verb: 'find', usage: 'find <words>', reads: true },
  { verb: 'flag', usage: 'flag <deal>' },
  { verb: 'help', usage: 'help [word]', reads: true },
  { verb: 'history', usage: 'history [<deal>] [--verify]', reads: true },
  { verb: 'list', usage: 'list [<view>]', reads: true },
  { verb: 'next-step', usage: 'next-step <deal>: <text> [(close <closeDate>)] [(queue)]' },
  { verb: 'offer', usage: 'offer <deal> to <people>' },
  { verb: 'people', usage: 'people [<what>]' },
  { verb: 'reject', usage: 'reject <deal>: <reason> [(yes)]' },
  { verb: 'repair', usage: 'repair <deal> [: <changes>]' },
  { verb: 'show', usage: 'show <deal>', reads: true },
  { verb: 'transfer', usage: 'transfer <deal> to <person> [(contact <contact>)]' },
  { verb: 'unflag', usage: 'unflag <deal>' },
  { verb: 'update-lead', usage: 'update-lead <deal>: <status> [(happened <happened>)] [(yes)]' },
  {
    verb: 'waiting',
    usage: 'waiting [cancel <n> | edit <n>: <text> | keep <n> | mine <n>]',
  },
];
const context = { now: new Date('2025-11-21T10:30:00Z'), timeZone: 'Europe/Berlin', commands };
const listen = (text: string): Heard => hear(text, context);

/** "verb | deal | input", short enough for a table. */
function brief(heard: Heard): string {
  if (heard.kind === 'talk') return `~ ${heard.talk}`;
  if (heard.kind === 'unclear') return `? ${heard.suggestions.join(' / ')}`.trim();
  const { verb, deal, input } = heard.said;
  return [verb, deal ?? '', ...Object.entries(input).map(([name, value]) => `${name}=${value}`)].join('|');
}

describe('what is typed plainly is understood', () => {
  test.each([
    ['accept 2', 'accept|2'],
    ['ACCEPT #2', 'accept|2'],
    ['accept: 2.', 'accept|2'],
    ['/ace accept 2', 'accept|2'],
    ['<@U0ACE> accept 2', 'accept|2'],
    ['<at>ACE Desk</at> accept 2', 'accept|2'],
    ['@ace, accept engi-0000000000abc', 'accept|engi-0000000000abc'],
    ['  please accept referral 2 ', 'accept|2'],
    ['accept lead 3', 'accept|3'],
    ['accept Acme Inc.', 'accept|Acme Inc.'],
    ['accept “Who Gives?”', 'accept|Who Gives?'],
    ['accept', 'accept|'],
    ['accept\u200b 2', 'accept|2'],
    ['show Acme', 'show|Acme'],
    ['show me Acme?', 'show|Acme'],
    ['show On Running', 'show|On Running'],
    ['show The Trade Desk', 'show|The Trade Desk'],
    ['open 2', 'show|2'],
    ['2', 'show|2'],
    ['O1234', 'show|O1234'],
    ['show', 'show|'],
    ['history', 'history|'],
    ['history O12', 'history|O12'],
    ['history of Acme', 'history|Acme'],
    ['what happened?', 'history|'],
    ['list', 'list|'],
    ['list pending', 'list||view=pending'],
    ['list all', 'list||view=all'],
    ['list 2', 'list||page=2'],
    ['list page 2', 'list||page=2'],
    ['list all page 12', 'list||page=12'],
    ['what’s pending?', 'list||view=pending'],
    ["What's pending", 'list||view=pending'],
    ['pending', 'list||view=pending'],
    ['show me action required', 'list||view=action required'],
    ['list action required', 'list||view=action required'],
    ['show me the pipeline', 'list||view=all'],
    ['show me what’s pending please', 'list||view=pending'],
    ['pipeline', 'list||view=all'],
    ['desk', 'desk|'],
    ['Desk!', 'desk|'],
    ['', 'desk|'],
    ['/ace', 'desk|'],
    ['what needs me?', 'desk|'],
    ['what is on my desk', 'desk|'],
    ['waiting', 'waiting|'],
    ['what is waiting', 'waiting|'],
    ['waiting cancel 1', 'waiting|1|do=cancel'],
    ['Waiting Cancel #1', 'waiting|1|do=cancel'],
    ['waiting cancel', 'waiting||do=cancel'],
    ['waiting edit 1: call the CFO', 'waiting|1|do=edit|text=call the CFO'],
    ['waiting edit 1', 'waiting|1|do=edit'],
    ['waiting edit 1: call (close 2026-12-31)', 'waiting|1|do=edit|text=call|closeDate=2026-12-31'],
    ['waiting keep 1', 'waiting|1|do=keep'],
    ['waiting mine #2', 'waiting|2|do=mine'],
    ['waiting mine 2 (yes)', 'waiting|2|do=mine|sure=yes'],
    ['history verify', 'history||verify=yes'],
    ['history --verify', 'history||verify=yes'],
    ['verify the history', 'history||verify=yes'],
    ['find tamarind airways', 'find||words=tamarind airways'],
    ['find', 'find|'],
    ['search for Acme', 'find||words=Acme'],
    ['where is Acme?', 'find||words=Acme?'],
    ['list closing this month', 'list||view=closing this month'],
    ['list Drafts', 'list||view=drafts'],
    ['list closing this month page 2', 'list||view=closing this month|page=2'],
    ['list submitted to AWS in the last 7 days', 'list||view=submitted to aws in the last 7 days'],
    [
      'list date of last provided update exceeds 2 weeks',
      'list||view=date of last provided update exceeds 2 weeks',
    ],
    ['list views', 'list||view=views'],
    ['list rubbish', 'list||view=rubbish'],
    ['what’s closing this month?', 'list||view=closing this month'],
    ['show me the drafts', 'list||view=drafts'],
    ['show flagged leads', 'list||view=flagged leads'],
    ['Closing this month', 'list||view=closing this month'],
    ['people', 'people|'],
    ['people Priya', 'people||what=Priya'],
    ['people grant priya@partner.example: ACE user', 'people||what=grant priya@partner.example: ACE user'],
    ['who may use this?', 'people|'],
    ['flag 2', 'flag|2'],
    ['unflag Acme', 'unflag|Acme'],
    ['help', 'help|'],
    ['?', 'help|'],
    ['help accept', 'help||topic=accept'],
    ['help next step', 'help||topic=next-step'],
    ['help nonsense', 'help||topic=nonsense'],
  ])('%j', (typed, understood) => {
    expect(brief(listen(typed))).toBe(understood);
  });
});

describe('a next step is parted into deal and text', () => {
  test.each([
    ['next-step 3: call the CFO', 'next-step|3|text=call the CFO'],
    ['Next Step 3 - call: 10:30 sharp', 'next-step|3|text=call: 10:30 sharp'],
    ['nextstep #3:call', 'next-step|3|text=call'],
    ['next step for Acme: demo with the CFO next Friday', 'next-step|Acme|text=demo with the CFO Fri 28 Nov'],
    ['next step for Acme - Europe: demo', 'next-step|Acme - Europe|text=demo'],
    ['next step for Acme – demo', 'next-step|Acme|text=demo'],
    ['add next step to O123 - agenda: pricing, security', 'next-step|O123|text=agenda: pricing, security'],
    ['add a next step to engi-0000000000abc: call', 'next-step|engi-0000000000abc|text=call'],
    ['next-step O123 call the CFO', 'next-step|O123|text=call the CFO'],
    ['next-step “Acme: Europe”: demo', 'next-step|Acme: Europe|text=demo'],
    ['next step for https://acme.example: demo', 'next-step|https://acme.example|text=demo'],
    ['next-step 3\nfirst line\nsecond', 'next-step|3|text=first line\nsecond'],
    ['next-step 3: first\nsecond', 'next-step|3|text=first\nsecond'],
    ['next-step 3: is the budget approved?', 'next-step|3|text=is the budget approved?'],
    ['next-step 3: <b>*bold*</b> & “quoted”', 'next-step|3|text=<b>*bold*</b> & “quoted”'],
    ['next-step 3: demo (close 2026-12-31)', 'next-step|3|text=demo|closeDate=2026-12-31'],
    ['next-step O12: demo\ntwice (Close 2026-12-31)', 'next-step|O12|text=demo\ntwice|closeDate=2026-12-31'],
    ['next-step 3: (close 2026-12-31)', 'next-step|3|closeDate=2026-12-31'],
    ['next-step 3: demo (close 2026-02-30)', 'next-step|3|text=demo|closeDate=2026-02-30'],
    ['next-step 3: demo (close soon)', 'next-step|3|text=demo (close soon)'],
    ['next-step 3: they are (close to signing)', 'next-step|3|text=they are (close to signing)'],
    ['next-step 3: demo (close next Friday)', 'next-step|3|text=demo|closeDate=2025-11-28'],
    ['next-step 3: demo (queue)', 'next-step|3|text=demo|queue=yes'],
    ['waiting edit 1: call (close tomorrow)', 'waiting|1|do=edit|text=call|closeDate=2025-11-22'],
    ['next-step 3: (close 2026-12-31) demo', 'next-step|3|text=(close 2026-12-31) demo'],
    ['next step for Acme', 'next-step|Acme'],
    ['next-step 3:', 'next-step|3'],
    ['next-step', 'next-step|'],
    ['next-step 3:30 minutes with the CFO', 'next-step|3:30 minutes with the CFO'],
    ['next-step 3 call the CFO', '? next-step 3: call the CFO'],
  ])('%j', (typed, understood) => {
    expect(brief(listen(typed))).toBe(understood);
  });
});

describe('a line is parted as its usage says', () => {
  test.each([
    ['accept 2 for Priya', 'accept|2|person=Priya'],
    ['accept Acme for Priya Raman', 'accept|Acme|person=Priya Raman'],
    ['accept “Fit for Life” for Tom', 'accept|Fit for Life|person=Tom'],
    ['accept “Fit for Life”', 'accept|Fit for Life'],
    ['accept for Acme', 'accept||person=Acme'],
    ['accept 2: Priya', 'accept|2|person=Priya'],
    ['accept 10 on behalf of Tom', 'accept|10|person=Tom'],
    ['accept Acme on behalf of Tom Keller', 'accept|Acme|person=Tom Keller'],
    ['transfer 2 to Priya', 'transfer|2|person=Priya'],
    ['Transfer 2 TO Priya', 'transfer|2|person=Priya'],
    ['transfer deal 2 to priya@partner.example', 'transfer|2|person=priya@partner.example'],
    ['transfer O123 to Priya to Tom', 'transfer|O123|person=Priya to Tom'],
    ['transfer Road to Riches to Priya', 'transfer|Road to Riches|person=Priya'],
    ['transfer Welcome To The Jungle to Priya', 'transfer|Welcome To The Jungle|person=Priya'],
    ['transfer 2', 'transfer|2'],
    ['transfer to Priya', 'transfer||person=Priya'],
    ['transfer 2 to Priya (contact yes)', 'transfer|2|person=Priya|contact=yes'],
    ['transfer 2 (contact yes)', 'transfer|2|contact=yes'],
    ['hand 2 over to Priya', 'transfer|2|person=Priya'],
    ['assign Acme to Priya', 'transfer|Acme|person=Priya'],
    [
      'offer 2 to Priya, Tom and lucia@partner.example',
      'offer|2|people=Priya, Tom and lucia@partner.example',
    ],
    ['offer 2: Priya', 'offer|2|people=Priya'],
    ['offer 2', 'offer|2'],
    ['offer 7 to', 'offer|7'],
    ['transfer deal 7 to:', 'transfer|7'],
    ['transfer Welcome to', 'transfer|Welcome to'],
    ['reject 2: Price', 'reject|2|reason=Price'],
    ['reject 2: no fit (yes)', 'reject|2|reason=no fit|sure=yes'],
    ['reject 2: no fit (YES)', 'reject|2|reason=no fit|sure=yes'],
    ['reject 2 because of the price', 'reject|2|reason=the price'],
    ['reject Acme because we know them', 'reject|Acme|reason=we know them'],
    ['decline 2', 'reject|2'],
    ['reject 2: (no) fit (at all)', 'reject|2|reason=(no) fit (at all)'],
    ['change-stage 2: Committed', 'change-stage|2|stage=Committed'],
    ['stage 2: Closed Lost', 'change-stage|2|stage=Closed Lost'],
    ['move 2 to committed', 'change-stage|2|stage=committed'],
    ['move Road to Riches to Business Validation', 'change-stage|Road to Riches|stage=Business Validation'],
    ['mark 2 as launched (yes)', 'change-stage|2|stage=launched|sure=yes'],
    [
      'change stage of 2 to closed-lost (reason Price)',
      'change-stage|2|stage=closed-lost|closedLostReason=Price',
    ],
    [
      'change-stage 2: Launched (account 123456789012) (yes) (close 2026-12-31) (next step: call (all) tomorrow)',
      'change-stage|2|stage=Launched|nextStep=call (all) Sat 22 Nov|closeDate=2026-12-31|sure=yes|awsAccountId=123456789012',
    ],
    ['change-stage 2: Committed (close soon)', 'change-stage|2|stage=Committed|closeDate=soon'],
    [
      'change-stage 2: Launched (close today) (account 123456789012) (yes) (queue)',
      'change-stage|2|stage=Launched|queue=yes|sure=yes|awsAccountId=123456789012|closeDate=2025-11-21',
    ],
    ['change-stage 2: Committed (yes) (yes)', 'change-stage|2|stage=Committed (yes)|sure=yes'],
    ['change-stage 2', 'change-stage|2'],
    ['repair 2', 'repair|2'],
    [
      'repair 2: website https://a.example; close date 2026-12-31',
      'repair|2|changes=website https://a.example; close date 2026-12-31',
    ],
    [
      'update lead 3: Qualified (happened met yesterday)',
      'update-lead|3|status=Qualified|happened=met Thu 20 Nov',
    ],
    ['update-lead 3 (happened met)', 'update-lead|3|happened=met'],
    ['next-step 3: demo (yes)', 'next-step|3|text=demo (yes)'],
    ['move 2 to Priya', '? desk / help'],
    ['transfer 2 Priya', '? transfer 2 to Priya'],
    ['reject 2 Price', '? reject 2: Price'],
    ['transfer 2 to Priya?', '? transfer 2 to Priya / show 2'],
    ['flag 2?', '? flag 2 / show 2'],
    ['rejct 2: Price', '? reject 2: Price'],
    ['trasfer 2 to Priya', '? transfer 2 to Priya'],
    ['give 2 to Priya', '? desk / help'],
  ])('%j', (typed, understood) => {
    expect(brief(listen(typed))).toBe(understood);
  });

  test('only a text and a date are read for days, and that they were is told', () => {
    const heard = (text: string) => listen(text);
    expect(heard('change-stage 2: Committed (next step demo tomorrow)')).toMatchObject({
      said: { datesRead: true },
    });
    expect(heard('next-step 2: demo (close today)')).toMatchObject({ said: { datesRead: true } });
    expect(heard('next-step 2: demo (close 2025-12-31)')).not.toHaveProperty('said.datesRead');
    expect(heard('transfer 2 to Tomorrow')).toMatchObject({ said: { input: { person: 'Tomorrow' } } });
    expect(heard('reject 2: tomorrow')).not.toHaveProperty('said.datesRead');
  });
});

describe('what is not typed plainly does nothing and says what might be meant', () => {
  test.each([
    ['acept 2', '? accept 2'],
    ['accpet Acme', '? accept Acme'],
    ['accepted 2', '? accept 2'],
    ['nxt step for Acme: demo', '? next-step for Acme: demo'],
    ['next-stp 3: call', '? next-step 3: call'],
    ['histroy O12', '? history O12'],
    ['lst pendign', '? list pending / list'],

    ['desk rubbish', '? desk'],
    ['waiting for godot', '? waiting'],
    ['waitng', '? waiting'],
    ['waiting cancle 1', '? waiting cancel 1 / waiting'],
    ['accept 2?', '? accept 2 / show 2'],
    ['waiting cancel 1?', '? waiting cancel 1 / waiting'],
    ['could you accept 2', '? accept 2'],
    ['do not accept 2', '? desk / help'],
    ['don’t accept 2', '? desk / help'],
    ['cancel 1', '? desk / help'],
    ['hello there', '~ greeting'],
    ['🙃', '~ fine'],
    ['constructor', '? desk / help'],
    ['__proto__', '? desk / help'],
  ])('%j', (typed, understood) => {
    expect(brief(listen(typed))).toBe(understood);
  });

  test('every suggestion is a line that is understood, and there are at most two', () => {
    for (const typed of [
      'acept 2',
      'nxt-step 3 call',
      'wating cancel 1',
      'shw Acme',
      'helo',
      'dsk',
      'accept 2?',
      'x'.repeat(1500),
    ]) {
      const heard = listen(typed);
      expect(heard.kind).toBe('unclear');
      const suggestions = heard.kind === 'unclear' ? heard.suggestions : [];
      expect(suggestions.length).toBeGreaterThan(0);
      expect(suggestions.length).toBeLessThanOrEqual(2);
      for (const line of suggestions) expect(listen(line).kind).toBe('said');
    }
  });

  test('a verb the house does not have is neither understood nor suggested', () => {
    const heard = hear('accept 2', {
      ...context,
      commands: commands.filter(({ verb }) => verb !== 'accept'),
    });
    expect(brief(heard)).toBe('? desk / help');
  });
});

describe('settings are said in many ways', () => {
  const whole = Object.values(vocabulary);
  // A Friday.
  const said = (text: string) => brief(hear(text, { ...context, commands: whole }));
  test.each([
    ['snooze 3 until monday', 'remind|3|when=2025-11-24T08:00:00.000Z'],
    ['remind me of 4 on Thursday', 'remind|4|when=2025-11-27T08:00:00.000Z'],
    ['remind 3: Fri 28 Nov 09:00', 'remind|3|when=2025-11-28T08:00:00.000Z'],
    ['remind Acme: Friday, 28 November', 'remind|Acme|when=2025-11-28T08:00:00.000Z'],
    ['remind me of Acme on Fri 28 Nov', 'remind|Acme|when=2025-11-28T08:00:00.000Z'],
    ['remind me of Acme on Fri, Nov 28th at 3pm', 'remind|Acme|when=2025-11-28T14:00:00.000Z'],
    ['remind me on Fri 28 Nov 10:00 of Acme', 'remind|Acme|when=2025-11-28T09:00:00.000Z'],
    ['snooze Acme until Fri 28 Nov 09:00', 'remind|Acme|when=2025-11-28T08:00:00.000Z'],
    ['snooze “A: B” until Fri 2025-11-28', 'remind|A: B|when=2025-11-28T08:00:00.000Z'],
    ['snooze Acme Fri 28 Nov 09:00', 'remind|Acme|when=2025-11-28T08:00:00.000Z'],
    ['snooze Ruby Tuesday 1 December', 'remind|Ruby Tuesday|when=2025-12-01T08:00:00.000Z'],
    ['snooze 3', 'remind|3'],
    ['unsnooze 3.', 'remind|3|when=never'],
    ['unsnooze Acme Inc', 'remind|Acme Inc|when=never'],
    ['my reminders', 'remind||do=list'],
    ['what did I snooze?', 'remind||do=list'],
    ['turn off my digest.', 'schedule||do=off'],
    ['turn off digest', 'schedule||do=off'],
    ['please stop the digest!', 'schedule||do=off'],
    ['stop the digest, please', 'schedule||do=off'],
    ['stop the digest here', 'schedule||here=yes|do=off'],
    ['no more digests', 'schedule||do=off'],
    ['unsubscribe from my daily digest', 'schedule||do=off'],
    ['unpause my digest', 'schedule||do=on'],
    ['pause my digest for a week', 'schedule||do=pause|untilDate=2025-11-28'],
    ['pause digest for 2 weeks', 'schedule||do=pause|untilDate=2025-12-05'],
    ['pause my digest until next week', 'schedule||do=pause|untilDate=2025-11-24'],
    ['pause my digest tomorrow', 'schedule||do=pause|untilDate=2025-11-23'],
    ['schedule on mondays and Thursdays', 'schedule||do=days|days=mondays and Thursdays'],
    ['schedule on Mon-Wed at 8', 'schedule||do=days|days=Mon-Wed|hour=8'],
    ['stop', 'notify||what=stop'],
    ['Unsubscribe!', 'notify||what=stop'],
    ['mute the digest', 'notify||what=without the digest'],
    ['who covers me?', 'cover||do=who'],
    ['who covers tom', 'cover||do=who|whose=tom'],
    ['who is covering Tom Keller’s desk?', 'cover||do=who|whose=Tom Keller'],
    ['cover my desk until friday with Priya', 'cover||person=Priya|untilDate=2025-11-21'],
    ['cover until Friday, 28 November: Priya', 'cover||person=Priya|untilDate=2025-11-28'],
    ['cover until 28 Nov 2025', 'cover||untilDate=2025-11-28'],
    ['cover until Friday next week', 'cover||untilDate=2025-11-28'],
    ['cover Priya’s desk until 28 Nov 2025 Tom', 'cover||person=Tom|untilDate=2025-11-28|whose=Priya'],
    [
      'cover with Priya from Monday until Friday',
      'cover||person=Priya|fromDate=2025-11-24|untilDate=2025-11-28',
    ],
    ['cover Priya until friday', 'cover||person=Priya|untilDate=2025-11-21|either=yes'],
    [
      'cover for Priya from Monday until friday',
      'cover||person=Priya|fromDate=2025-11-24|untilDate=2025-11-28|either=yes',
    ],
    ['cover off Tom Keller', 'cover||do=off|whose=Tom Keller'],
    ['out of office until friday', 'cover||untilDate=2025-11-21'],
    ['I am on holiday until 5 Dec', 'cover||untilDate=2025-12-05'],
    ['I’m away', 'cover|'],
    ['cover next week: Lucia', 'cover||person=Lucia|fromDate=2025-11-24|untilDate=2025-11-30'],
    ['cover my desk next week', 'cover||fromDate=2025-11-24|untilDate=2025-11-30'],
    ['end cover', 'cover||do=off'],
    ['cancel cover', 'cover||do=off'],
    ['cancel my cover', 'cover||do=off'],
    ['I’m back', 'cover||do=off'],
    ['I am back from vacation!', 'cover||do=off'],
    ['routing rules', 'route|'],
    ['routes', 'route|'],
    ['show my digest', 'digest|'],
    ['show me the digest', 'digest|'],
    ['when is my digest?', 'schedule|'],
    ['leave out stale', 'schedule||do=without|section=stale'],
    ['leave stale out', 'schedule||do=without|section=stale'],
    ['leave out stale and rejected from my digest', 'schedule||do=without|section=stale and rejected'],
    ['schedule without stale, rejected', 'schedule||do=without|section=stale, rejected'],
    ['bring back stale', 'schedule||do=with|section=stale'],
    ['put stale back in', 'schedule||do=with|section=stale'],
    ['bring back my digest', 'schedule||do=on'],
    ['pause until Monday', 'schedule||do=pause|untilDate=2025-11-24'],
    ['pause till Monday', 'schedule||do=pause|untilDate=2025-11-24'],
    ['pause', 'schedule||do=pause'],
    ['turn off notifications', 'notify||what=off'],
    ['turn notifications on', 'notify||what=on'],
    ['notifications off', 'notify||what=off'],
    ['stop notifications', 'notify||what=stop'],
    ['mute', 'notify||what=stop'],
    ['mute approved', 'notify||what=without approved'],
    ['remind me on Thursday about Acme', 'remind|Acme|when=2025-11-27T08:00:00.000Z'],
    ['remind me about Acme on Thursday', 'remind|Acme|when=2025-11-27T08:00:00.000Z'],
    ['hand over all my deals to Tom', 'hand-over||person=Tom'],
    ['hand over my deals to Tom Keller', 'hand-over||person=Tom Keller'],
    ['hand all my deals over to Tom', 'hand-over||person=Tom'],
    ['hand over everything to Tom', 'hand-over||person=Tom'],
    ['transfer all my deals to Tom', 'hand-over||person=Tom'],
    ['give all my deals to Tom', 'hand-over||person=Tom'],
    ['who was invited?', 'invite|'],
    ['invite list', 'invite|'],
    ['settings', 'help||topic=settings'],
  ])('%j', (typed, understood) => {
    expect(said(typed)).toBe(understood);
  });

  test.each([
    ['schedule off?', '? schedule off / schedule'],
    ['schedule pause until Monday?', '? schedule pause until Monday / schedule'],
    ['schedule here at 8 (yes)?', '? schedule here at 8 (yes) / schedule'],
    ['turn off my digest?', '? schedule off / schedule'],
    ['leave out stale?', '? schedule without stale / schedule'],
    ['cover off?', '? cover off / cover'],
    ['cover until Friday: Tom?', '? cover until Friday: Tom / cover'],
    ['cover until Friday: Tom (yes)?', '? cover until Friday: Tom (yes) / cover'],
    ['I’m back?', '? cover off / cover'],
    ['turn off notifications?', 'notify||what=off?'],
    ['unsnooze Acme?', '? remind Acme: never / show Acme'],
    ['remind 2: Thursday?', '? remind 2: Thursday / show 2'],
    ['remind 2?', 'remind|2'],
    ['reject 2: is it a duplicate?', 'reject|2|reason=is it a duplicate?'],
    ['schedule pause?', 'schedule||do=pause'],
    ['schedule here?', 'schedule||here=yes'],
    ['cover until Friday?', 'cover||untilDate=2025-11-21'],
  ])('what writes is not done because somebody asks whether it was: %j', (typed, understood) => {
    expect(said(typed)).toBe(understood);
  });

  test.each([
    ['cover until month end', 'cover||untilDate=month end'],
    ['cover my desk until month end', 'cover||untilDate=month end'],
    ['cover Priya’s desk until month end', 'cover||untilDate=month end|whose=Priya'],
    ['cover by Tom until month end', 'cover||person=Tom|untilDate=month end'],
    ['cover Tom Keller off', 'cover||do=off|whose=Tom Keller'],
    ['cover Priya’s desk off', 'cover||do=off|whose=Priya'],
  ])('a cover ends where that is said, not where its last day is called an end: %j', (typed, understood) => {
    expect(said(typed)).toBe(understood);
  });

  test.each([
    ['digest Ltd', '? digest'],
    ['away team sports', '? desk / help'],
    ['stop 2', '? desk / help'],
    ['leave Acme out', '? desk / help'],
    ['I’m back with Acme', '? desk / help'],
    ['remind Acme: ⏰ tomorrow', 'remind|Acme|when=⏰ tomorrow'],
    ['remind Acme: soon, Friday 09:00', 'remind|Acme|when=soon, Friday 09:00'],
    ['remind Acme: Sat 28 Nov 09:00', 'remind|Acme|when=Sat 28 Nov 09:00'],
    ['cover until Sat 5 Dec: Tom', 'cover||person=Tom|untilDate=Sat 5 Dec'],
    ['hand over Acme to Tom', 'transfer|Acme|person=Tom'],
    ['transfer everything to Tom', 'transfer|everything|person=Tom'],
    ['next-step 3: demo (close next week)', 'next-step|3|text=demo (close next week)'],
  ])('nothing is read into what only looks like one: %j', (typed, understood) => {
    expect(said(typed)).toBe(understood);
  });

  test('what is not theirs to do is not suggested', () => {
    const typed = 'rout of office until friday';
    const hearing = { ...context, commands: whole };
    expect(brief(hear(typed, hearing))).toContain('route');
    expect(brief(hear(typed, { ...hearing, suits: (verb) => verb !== 'route' }))).toBe('? desk / help');
  });
});

describe('bounds', () => {
  test('more than 2000 characters are not read, and the answer says so', () => {
    const heard = listen(`next-step 3: ${'x'.repeat(2000)}`);
    expect(heard).toEqual({ kind: 'unclear', suggestions: [], reason: expect.stringContaining('2000') });
    expect(listen(`next-step 3: ${'x'.repeat(1987)}`).kind).toBe('said');
  });

  test('a name of more than 200 characters is not read, and the answer says so', () => {
    expect(listen(`show ${'x'.repeat(201)}`)).toMatchObject({
      kind: 'unclear',
      reason: expect.stringContaining('200'),
    });
    expect(listen(`show ${'x'.repeat(200)}`).kind).toBe('said');
  });

  test('hostile repetition is read without getting stuck', () => {
    for (const piece of [
      ' - ',
      ': ',
      '“',
      '"a',
      'next step ',
      '\n',
      'accept ',
      '?',
      '<@',
      '3 ',
      ' to ',
      '(',
      ')',
      '(yes) ',
    ])
      for (const verb of ['next step', 'transfer', 'move', 'reject', 'list', 'find', 'hand', 'reject a'])
        expect(listen(`${verb} ${piece.repeat(1980 / piece.length)}`).kind).toMatch(/said|unclear/);
  });
});

describe('small talk is known as such, and as nothing else', () => {
  test.each([
    ...['hi', 'Hello!', 'Hey there', 'good morning', '@ace-desk hello', 'hi 👋', 'Hallo ace-desk'].map(
      (it) => [it, '~ greeting'],
    ),
    ...['thanks', 'Thank you!', 'ok thanks', 'thanks a lot 🙏', 'thx'].map((it) => [it, '~ thanks']),
    ...['ok', 'OK.', 'Got it', '👍', '👍🏽', ':+1:', ':thumbsup::skin-tone-3:', '❤️', 'great'].map((it) => [
      it,
      '~ fine',
    ]),
    ['ok accept 2', '? accept 2'],
    ['hello accept 2', '? accept 2'],
    ['thanks for 2', '? desk / help'],
    ['...', '? desk / help'],
    ['yes', '? desk / help'],
    ['👍 2', '? desk / help'],
  ])('%s', (typed, expected) => expect(brief(listen(typed))).toBe(expected));
});

test.each([
  ['/desk', 'desk|'],
  ['/ desk', 'desk|'],
  ['/ace desk', 'desk|'],
  ['/ace /accept 2', 'accept|2'],
  ['/Accept 2', 'accept|2'],
])('a slash before the verb does not matter: %s', (typed, expected) =>
  expect(brief(listen(typed))).toBe(expected),
);

test.each([
  ['ABCD-EFGH', 'ABCDEFGH'],
  ['abcd-efgh', 'ABCDEFGH'],
  ['ABCD EFGH', 'ABCDEFGH'],
  ['k7wp2mzq', 'K7WP2MZQ'],
  ['<at>ACE</at> ABCD–EFGH', 'ABCDEFGH'],
  ['what next', undefined],
  ['greatest', undefined],
  ['code ABCD-EFGH', undefined],
  ['ABCD-EFG0', undefined],
  ['ABCD-EFGHJ', undefined],
])('a code alone is seen as one, words are not: %s', (typed, code) => {
  const heard = listen(typed);
  expect(heard.kind === 'unclear' ? heard.code : heard).toBe(code);
});
