import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Call,
  type Company,
  FORCED_MS,
  type Pending,
  rungsPassed,
  rungTimes,
  runningClock,
  stepOf,
} from '../../src/pipeline/escalation.ts';
import type { Colleague } from '../../src/pipeline/person.ts';
import { wakingAfter } from '../../src/pipeline/waking.ts';
import { person, referral } from './samples.ts';

const HOUR = 3_600_000;
// Invited on Monday 7 December 2026, 10:00 UTC.
const MONDAY = new Date('2026-12-07T10:00:00Z');
const DEADLINE = new Date('2026-12-14T10:00:00Z');

const colleague = (id: string, role: Colleague['role'], more: Partial<Colleague> = {}): Colleague => ({
  ...person(role, { id, email: `${id}@partner.example`, timeZone: 'UTC' }),
  workingDays: [1, 2, 3, 4, 5],
  ...more,
});
const LEAD = colleague('lead', 'alliance lead');
const TEAM = colleague('team', 'alliance team');
const BOSS = colleague('boss', 'ACE manager');
const TOM = colleague('tom', 'ACE user', { backup: 'bea', reportsTo: 'boss' });
const BEA = colleague('bea', 'ACE user');
const EVERYBODY = [LEAD, TEAM, BOSS, TOM, BEA];

interface Odd {
  covers?: [string, string][];
  deaf?: string[];
  sleeps?: boolean;
  mutes?: [string, 'new-referral' | 'offered'][];
}
const companyOf = (
  people: Colleague[] = EVERYBODY,
  { covers = [], deaf = [], sleeps, mutes = [] }: Odd = {},
): Company => {
  const byId = new Map(people.map((it) => [it.id, it]));
  return {
    people: byId,
    covers: new Map(covers),
    hears: (id) => !deaf.includes(id),
    mutes: (id, kind) => mutes.some(([who, what]) => who === id && what === kind),
    wakes: (id, at) => {
      const who = byId.get(id);
      return sleeps && who ? wakingAfter(at, who, () => false) : at;
    },
  };
};

const pendingOf = (more: Partial<Pending> = {}): Pending => ({
  startedAt: MONDAY,
  deadline: DEADLINE,
  expiresAt: DEADLINE,
  psf: false,
  rung: 0,
  offered: [{ personId: 'tom', byId: 'lead', routed: true }],
  posted: false,
  told: [],
  snoozed: new Map(),
  answering: false,
  ...more,
});

/** Plays a whole clock, a look at each moment it asks for; who was told, when and as what. */
function play(pending: Pending, company: Company, from = pending.startedAt): [string, string, string][] {
  const told: [string, string, string][] = [];
  const offered = [...pending.offered];
  let at: Date | undefined = from;
  let rung = pending.rung;
  for (let looks = 0; at && looks < 50; looks++) {
    const step = stepOf({ ...pending, rung, offered, told: told.map(([, id]) => id) }, company, at);
    for (const { personId, rung: name, byId } of step.calls) {
      told.push([at.toISOString().slice(0, 16), personId, name]);
      if (byId) offered.push({ personId, byId, called: name !== 'offered' });
    }
    expect(step.nextAt === undefined || step.nextAt > at).toBe(true);
    ({ rung, nextAt: at } = { nextAt: undefined, ...step });
  }
  return told;
}

describe('the ladder', () => {
  test('offered, their backup at 3 business days left, their superior at 2, the alliance lead at 1', () => {
    expect(play(pendingOf(), companyOf())).toEqual([
      ['2026-12-07T10:00', 'tom', 'offered'],
      ['2026-12-09T10:00', 'bea', 'backup'],
      ['2026-12-10T10:00', 'boss', 'reports-to'],
      ['2026-12-11T10:00', 'lead', 'alliance lead'],
    ]);
  });

  test('whoever has no backup: at once their superior; nobody at all: at once the alliance lead', () => {
    const alone = { ...TOM, backup: 'nobody' };
    expect(play(pendingOf(), companyOf([LEAD, BOSS, alone]))).toEqual([
      ['2026-12-07T10:00', 'tom', 'offered'],
      ['2026-12-09T10:00', 'boss', 'reports-to'],
      ['2026-12-11T10:00', 'lead', 'alliance lead'],
    ]);
    expect(play(pendingOf(), companyOf([LEAD, alone])).slice(1)).toEqual([
      ['2026-12-09T10:00', 'lead', 'alliance lead'],
    ]);
  });

  test('offered to nobody: the alliance lead and their team at once, and each of them once', () => {
    expect(play(pendingOf({ offered: [] }), companyOf())).toEqual([
      ['2026-12-07T10:00', 'lead', 'offered'],
      ['2026-12-07T10:00', 'team', 'offered'],
    ]);
  });

  test('whoever wants no arrivals gets none of what is offered to nobody; the alliance lead hears before it is lost', () => {
    const mutes: Odd['mutes'] = [
      ['lead', 'new-referral'],
      ['team', 'new-referral'],
    ];
    expect(play(pendingOf({ offered: [] }), companyOf(EVERYBODY, { mutes }))).toEqual([
      ['2026-12-11T10:00', 'lead', 'alliance lead'],
    ]);
    expect(play(pendingOf({ offered: [] }), companyOf(EVERYBODY, { mutes: mutes.slice(0, 1) }))).toEqual([
      ['2026-12-07T10:00', 'team', 'offered'],
      ['2026-12-11T10:00', 'lead', 'alliance lead'],
    ]);
    // What is offered to somebody goes its way: they are their backup, or the last.
    const others: Odd['mutes'] = [...mutes, ['bea', 'new-referral'], ['bea', 'offered'], ['boss', 'offered']];
    expect(play(pendingOf(), companyOf(EVERYBODY, { mutes: others }))).toEqual(
      play(pendingOf(), companyOf()),
    );
  });

  test('whoever wants no offers gets none by a rule; their backup is told when it is their turn', () => {
    expect(play(pendingOf(), companyOf(EVERYBODY, { mutes: [['tom', 'offered']] }))).toEqual(
      play(pendingOf(), companyOf()).slice(1),
    );
  });

  test('posted in a channel: nobody is told in private until 3 business days are left', () => {
    expect(play(pendingOf({ offered: [], posted: true }), companyOf())).toEqual([
      ['2026-12-09T10:00', 'lead', 'alliance lead'],
    ]);
  });

  test('offered by hand: they know; what comes next still comes', () => {
    const offered = [{ personId: 'tom', byId: 'lead' }];
    expect(play(pendingOf({ offered }), companyOf()).map(([, id]) => id)).toEqual(['bea', 'boss', 'lead']);
  });

  test('a Partner Solutions Finder lead goes to the alliance lead, and to nobody else, whoever stands where', () => {
    const people = EVERYBODY.map((it) => ({ ...it, backup: 'bea', reportsTo: 'boss' }));
    const psf = { psf: true, offered: [] };
    expect(play(pendingOf(psf), companyOf(people))).toEqual([['2026-12-07T10:00', 'lead', 'offered']]);
    const away = companyOf(people, { covers: [['lead', 'team']] });
    expect(play(pendingOf(psf), away)).toEqual([['2026-12-07T10:00', 'lead', 'offered']]);
  });

  test('a backup who is an ACE user is offered it by whoever offered it, as long as they may; else is passed over', () => {
    const backup = (people?: Colleague[]): Call[] =>
      stepOf(pendingOf({ rung: 1 }), companyOf(people), new Date('2026-12-09T10:00:00Z')).calls;
    expect(backup()).toEqual([{ personId: 'bea', rung: 'backup', of: 'tom', byId: 'lead' }]);
    const demoted = EVERYBODY.map((it) => (it.id === 'lead' ? { ...it, role: 'ACE user' as const } : it));
    expect(backup(demoted)).toEqual([{ personId: 'boss', rung: 'reports-to', of: 'tom' }]);
  });

  test('who is not let in, or whom no door knows, is a missing rung', () => {
    const left = companyOf(EVERYBODY.filter(({ id }) => id !== 'bea'));
    expect(play(pendingOf(), left)[1]).toEqual(['2026-12-09T10:00', 'boss', 'reports-to']);
    const deaf = companyOf(EVERYBODY, { deaf: ['bea', 'boss'] });
    expect(play(pendingOf(), deaf)[1]).toEqual(['2026-12-09T10:00', 'lead', 'alliance lead']);
  });

  test('where nobody hears when the last rung is due it is looked at again, and nobody who sleeps is passed over', () => {
    const now = new Date('2026-12-19T03:00:00Z');
    const late = pendingOf({ rung: 1, expiresAt: new Date('2026-12-25T10:00:00Z') });
    const look = (deaf: string[], at = now) => stepOf(late, companyOf(EVERYBODY, { deaf, sleeps: true }), at);
    const again = new Date(now.getTime() + 10 * 60_000);
    expect(look(['lead', 'bea', 'boss'])).toEqual({ calls: [], rung: 3, nextAt: again });
    // His backup and superior are told in the morning.
    expect(look(['lead'])).toMatchObject({ calls: [], rung: 1 });
    const monday = look(['lead'], new Date('2026-12-21T08:00:00Z'));
    expect([monday.calls.map(({ personId }) => personId), monday.rung]).toEqual([['bea', 'boss'], 3]);
  });

  test('once AWS’s own deadline is over nobody is woken for it; the end of the invitation still forces', () => {
    const sleeps = companyOf(EVERYBODY, { sleeps: true });
    const saturday = new Date('2026-12-19T03:00:00Z');
    const ending = (at: string) => pendingOf({ rung: 3, expiresAt: new Date(at) });
    expect(play(ending('2026-12-21T20:00:00Z'), sleeps, saturday)).toEqual([
      ['2026-12-21T08:00', 'lead', 'alliance lead'],
    ]);
    expect(play(ending('2026-12-21T10:00:00Z'), sleeps, saturday)).toEqual([
      ['2026-12-19T03:00', 'lead', 'alliance lead'],
    ]);
  });

  test('whom a rule offers it to and nobody can tell is a missing rung; of several, whoever can be told is told alone', () => {
    const first = (deaf: string[], more: Partial<Pending> = {}) =>
      stepOf(pendingOf(more), companyOf(EVERYBODY, { deaf }), MONDAY).calls.map(({ personId }) => personId);
    expect([first([]), first(['tom']), first(['tom', 'bea', 'boss'])]).toEqual([['tom'], ['bea'], ['lead']]);
    const both = [
      { personId: 'tom', byId: 'lead', routed: true },
      { personId: 'bea', byId: 'lead', routed: true },
    ];
    expect(first(['bea'], { offered: both })).toEqual(['tom']);
    // He was told before his account was blocked.
    expect(first(['tom'], { told: ['tom'] })).toEqual([]);
    expect(first(['tom'], { offered: [{ personId: 'tom', byId: 'lead' }] })).toEqual([]);
    // Two backups instead of two of them: that one was told already is nothing to the other.
    const tim = colleague('tim', 'ACE user', { backup: 'ben' });
    const people = [...EVERYBODY, tim, colleague('ben', 'ACE user')];
    const offered = [
      ...[TOM, tim].map(({ id }) => ({ personId: id, byId: 'lead', routed: true })),
      { personId: 'bea', byId: 'lead', routed: true, called: true },
    ];
    const step = stepOf(
      pendingOf({ offered, told: ['bea'] }),
      companyOf(people, { deaf: ['tom', 'tim'] }),
      MONDAY,
    );
    expect(step.calls).toEqual([{ personId: 'ben', rung: 'backup', of: 'tim', byId: 'lead' }]);
  });

  test('whoever is away is replaced by their cover, who is told once', () => {
    const away = companyOf(EVERYBODY, {
      covers: [
        ['bea', 'boss'],
        ['tom', 'bea'],
      ],
    });
    expect(play(pendingOf(), away)).toEqual([
      ['2026-12-07T10:00', 'bea', 'offered'],
      ['2026-12-09T10:00', 'boss', 'backup'],
      ['2026-12-11T10:00', 'lead', 'alliance lead'],
    ]);
  });

  test('whoever wants to be reminded is left alone until then', () => {
    const snoozed = new Map([['bea', new Date('2026-12-10T08:00:00Z')]]);
    expect(play(pendingOf({ snoozed }), companyOf())[1]).toEqual(['2026-12-10T08:00', 'bea', 'backup']);
  });

  test('while an answer is on its way to AWS nobody is told', () => {
    const { calls, rung, nextAt } = stepOf(pendingOf({ answering: true }), companyOf(), MONDAY);
    expect({ calls, rung, isLater: nextAt && nextAt > MONDAY }).toEqual({
      calls: [],
      rung: 0,
      isLater: true,
    });
  });

  test('at night it waits for the morning; where that is too late, it goes at once', () => {
    const sleeps = companyOf(EVERYBODY, { sleeps: true });
    const friday = new Date('2026-12-11T22:00:00Z');
    const soon = pendingOf({ startedAt: friday, deadline: new Date('2026-12-14T10:00:00Z') });
    // Monday 08:00 would be two hours before the deadline.
    expect(play(soon, sleeps)[0]).toEqual(['2026-12-11T22:00', 'tom', 'offered']);
    const later = pendingOf({ startedAt: friday, deadline: new Date('2026-12-18T22:00:00Z') });
    expect(play(later, sleeps)[0]).toEqual(['2026-12-14T08:00', 'tom', 'offered']);
  });

  test('what was pending before anything ticked has passed its rungs: the newest alone is told', () => {
    const thursday = new Date('2026-12-10T12:00:00Z');
    const rung = rungsPassed(rungTimes(MONDAY, DEADLINE), thursday);
    expect(rung).toBe(2);
    expect(play(pendingOf({ rung }), companyOf(), thursday)).toEqual([
      ['2026-12-10T12:00', 'boss', 'reports-to'],
      ['2026-12-11T10:00', 'lead', 'alliance lead'],
    ]);
  });

  test('the clock that counts: AWS’s 5 business days, then the invitation; of other partners the invitation alone', () => {
    const { invitedAt, expiresAt } = referral();
    const asked = { at: '2025-11-26T09:00:00.000Z', is: 'asked' };
    expect(runningClock(referral(), new Date(invitedAt))).toEqual(asked);
    expect(runningClock(referral(), new Date(asked.at))).toEqual({ at: expiresAt, is: 'expires' });
    const other = referral({ sender: { account: '444455556666', company: 'Northwind' } });
    expect(runningClock(other, new Date(invitedAt))).toEqual({ at: expiresAt, is: 'expires' });
  });
});

describe('whatever the clock', () => {
  const starts = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-01-01') });
  const lasts = fc.integer({ min: HOUR, max: 400 * HOUR });
  const clocks = fc
    .tuple(starts, lasts)
    .map(([at, ms]) => ({ startedAt: new Date(at), deadline: new Date(at + ms) }));

  test('its rungs come one after the other, all before the deadline', () => {
    fc.assert(
      fc.property(clocks, ({ startedAt, deadline }) => {
        const times = [...rungTimes(startedAt, deadline), deadline].map((at) => at.getTime());
        expect(times[0]).toBe(startedAt.getTime());
        expect(times).toEqual([...times].sort((one, other) => one - other));
        expect(new Set(times).size).toBe(5);
      }),
    );
  });

  test('one that AWS starts is never squeezed, on whichever day it comes', () => {
    fc.assert(
      fc.property(starts, (at) => {
        const startedAt = new Date(at);
        const invited = {
          ...referral(),
          invitedAt: startedAt.toISOString(),
          expiresAt: '2099-01-01T00:00:00Z',
        };
        const deadline = new Date(runningClock(invited, startedAt).at);
        const [, first, second, third] = rungTimes(startedAt, deadline);
        const day = 24 * HOUR;
        expect(second.getTime() - first.getTime()).toBeGreaterThanOrEqual(day);
        expect(third.getTime() - second.getTime()).toBeGreaterThanOrEqual(day);
        expect(deadline.getTime() - third.getTime()).toBeGreaterThanOrEqual(day);
      }),
    );
  });

  test('everybody on it is told, nobody twice, and nobody asleep unless it is nearly over', () => {
    fc.assert(
      fc.property(clocks, ({ startedAt, deadline }) => {
        const told = play(pendingOf({ startedAt, deadline }), companyOf(EVERYBODY, { sleeps: true }));
        expect(told.map(([, id]) => id).sort()).toEqual(['bea', 'boss', 'lead', 'tom']);
        for (const [minute, id] of told) {
          const at = new Date(`${minute}:59.999Z`);
          const who = EVERYBODY.find((it) => it.id === id) ?? LEAD;
          const awake = wakingAfter(at, who, () => false);
          expect(awake <= at || awake.getTime() > deadline.getTime() - FORCED_MS).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});
