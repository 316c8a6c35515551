/** The acceptance clock, one tick of it. */
import {
  type Call,
  type Company,
  type Pending,
  rungsPassed,
  rungTimes,
  runningClock,
  stepOf,
} from '../pipeline/escalation.ts';
import { holidaysOf, type IsHoliday } from '../pipeline/holidays.ts';
import { invitationOf } from '../pipeline/referral.ts';
import { type Route, routeFor } from '../pipeline/routing.ts';
import { wakingAfter } from '../pipeline/waking.ts';
import { type ClockStep, writeSteps } from '../store/clock-steps.ts';
import { closeClocks, type Due, dueDeals } from '../store/clocks.ts';
import { coversNow } from '../store/covers.ts';
import { type Listener, listeners } from '../store/listeners.ts';
import { routesInForce } from '../store/routes.ts';
import type { Store } from '../store/store.ts';

/**
 * What has arrived is routed, what is not answered goes a rung up, what is over is closed. The same few statements for any
 * number of deals; any number of processes may do it at once, and a tick that is late or lost is made up for by the next.
 */
export async function tickClocks(store: Store, now: Date): Promise<void> {
  const { ready, first } = await closeClocks(store, now);
  if (!ready) return;
  const due = await dueDeals(store, now);
  if (due.length === 0 && !first) return;
  const company = await companyNow(store, now);
  // What was pending before the clocks first ticked is no arrival: nobody's rule sends it anywhere.
  const routes = first || due.every(({ clock }) => clock) ? [] : await routesInForce(store);
  const steps = due.flatMap((it) => stepFor(it, { company, routes, first, now }) ?? []);
  await writeSteps(store, steps, now);
}

async function companyNow(store: Store, now: Date): Promise<Company> {
  const found = await listeners(store);
  const covers = await coversNow(store, now);
  const countries = [...new Set(found.map(({ person }) => person.country))];
  const holidays = new Map<string | undefined, IsHoliday>();
  for (const country of countries) holidays.set(country, await holidaysOf(country));
  const byId = new Map(found.map((it): [string, Listener] => [it.person.id, it]));
  return {
    people: new Map(found.map(({ person }) => [person.id, person])),
    hears: (id) => byId.get(id)?.hears ?? false,
    mutes: (id, kind) => byId.get(id)?.off.includes(kind) ?? false,
    covers: new Map([...covers].map(([id, { coverId }]) => [id, coverId])),
    wakes(id, at) {
      const it = byId.get(id);
      const isHoliday = it && holidays.get(it.person.country);
      return it && isHoliday ? wakingAfter(at, { ...it.person, ...it.quiet }, isHoliday) : at;
    },
  };
}

interface Tick {
  company: Company;
  routes: readonly Route[];
  first: boolean;
  now: Date;
}

function stepFor(due: Due, tick: Tick): ClockStep | undefined {
  const { now, company, first } = tick;
  const { deal, clock } = due;
  const invitation = invitationOf(deal);
  if (!invitation) return undefined;
  const invitedAt = new Date(invitation.invitedAt);
  const startedAt = clock?.startedAt ?? (first && invitedAt < now ? invitedAt : now);
  const deadline = new Date(runningClock(invitation, startedAt).at);
  const route = clock ? undefined : routeFor(tick.routes, deal);
  const routed = route ? offersOf(route, due, company) : [];
  const pending: Pending = {
    ...{ startedAt, deadline, psf: due.psf, answering: due.answering, told: due.told },
    expiresAt: new Date(invitation.expiresAt),
    rung: clock?.rung ?? (first ? rungsPassed(rungTimes(startedAt, deadline), now) : 0),
    offered: [...due.offered, ...routed.map((it) => ({ ...it, routed: true }))],
    posted: clock?.posted ?? route?.room !== undefined,
    snoozed: new Map(due.snoozed.map(({ personId, until }) => [personId, new Date(until)])),
  };
  const { calls, rung, nextAt } = stepOf(pending, company, now);
  return {
    ...{ dealId: deal.id, startedAt, rung, calls },
    ...(clock ? { was: clock.nextAt } : {}),
    ...(nextAt ? { nextAt } : {}),
    ...(route ? { routeId: route.id } : {}),
    ...(route?.room ? { room: { ...route.room, byId: route.byId } } : {}),
    offers: [...routed, ...calls.flatMap(offerWith)],
  };
}

const offerWith = ({ personId, byId, away }: Call) =>
  byId ? [{ personId, byId, byCover: away !== undefined }] : [];

/** ACE users alone: the others see it anyway. Whoever has been offered it by hand has it already. */
const offersOf = ({ offerTo, byId }: Route, { offered }: Due, { people }: Company) =>
  offerTo
    .filter((id) => people.get(id)?.role === 'ACE user' && !offered.some(({ personId }) => personId === id))
    .map((personId) => ({ personId, byId }));
