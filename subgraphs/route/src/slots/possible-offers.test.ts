import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { compileProblem } from '../planning/instance/compile-problem.ts';
import { COST_ONLY, type PlanningProblem } from '../planning/problem.ts';
import { InsertionFinder } from '../planning/reasons/insertion-finder.ts';
import { withOrders } from '../planning/reasons/promisable-windows.ts';
import { ordersLeftOut, toSolution } from '../planning/routes/schedule.ts';
import { verify } from '../planning/verify.ts';
import {
  planningOrder,
  planningVehicle,
  Places,
  serviceWindow,
} from '../present/planning-parts.ts';
import type { StandingDay } from '../present/standing-days.ts';
import type { FreeShift, OpenOrder } from '../storage/stores/planning-queries.ts';
import {
  DAY_START,
  DEPOT,
  freeShift,
  openOrder,
  planningDay,
  pointAt,
} from '../testing/standing-day.ts';
import type { Step } from '../testing/standing-day.ts';
import { possibleOffers } from './possible-offers.ts';

const HOUR_MS = 3_600_000;
const BOUNDS = { startMs: DAY_START, endMs: DAY_START + 24 * HOUR_MS };
const DELIVERY = {
  place: { addressLines: ['Street'], countryCode: 'DE', point: DEPOT },
  parcels: [{ reference: 'P', quantity: 1, weightKg: 20, volumeM3: 0.1 }],
  dates: { from: '2026-12-01', to: '2026-12-01' },
  requirements: [],
  serviceSeconds: 300,
};

// The offers know a few of the ways only; verify gets the plan with all of them.
test('an offered window is kept by the day with all its ways, and verify has nothing against it', () => {
  let offered = 0;
  const check = fc.property(anyDay(), (day) => {
    const asked = {
      bounds: BOUNDS,
      delivery: { ...DELIVERY, windowMinutes: day.windowMinutes, place: addressAt(day.point) },
      nowMs: DAY_START - 1,
    };
    for (const offer of possibleOffers(day.standing, asked)) {
      offered++;
      const { problem, routes, order } = wholeProblem(day, offer);
      const instance = compileProblem(problem);
      const finder = new InsertionFinder(instance);
      const insertions = instance.vehicles.flatMap((vehicle) => {
        return finder.cheapest(vehicle, routes[vehicle.index]!, order) ?? [];
      });
      const [best] = insertions.toSorted((a, b) => a.cost - b.cost);
      assert.ok(best, 'a window was offered that nobody can keep');
      const result = { routes: routes.with(best.vehicle.index, best.nodes), iterations: 0 };
      const unassigned = ordersLeftOut(instance, result).map((left) => ({
        orderKey: problem.orders[left]!.key,
        reasons: [{ code: 'DISPLACED' as const, message: 'Not asked for here.' }],
      }));
      const run = { algorithm: 'test', seed: 1, outcome: 'COMPLETED' as const, unassigned };
      assert.deepEqual(verify(problem, toSolution(instance, result, run)), []);
    }
  });
  fc.assert(check, { numRuns: 150 });
  assert.ok(offered > 200, `${offered} were offered`);
});

test('a route that cannot keep its promises any more takes nothing', () => {
  const day = plannedDay({ seed: 1, points: [[1, 1]], windowMinutes: 120, point: [1, 1] });
  const asked = {
    bounds: BOUNDS,
    delivery: { ...DELIVERY, windowMinutes: 120 },
    nowMs: DAY_START - 1,
  };
  assert.ok(possibleOffers(day.standing, asked).length > 0);
  const [route] = day.standing.routes;
  const broken = route!.stops.map((stop) => ({
    ...stop,
    orders: stop.orders.map((order) => ({
      ...order,
      promisedStartMs: DAY_START,
      promisedEndMs: DAY_START + HOUR_MS,
    })),
  }));
  const standing = {
    ...day.standing,
    routes: [{ ...route!, stops: broken }],
    shifts: day.standing.shifts.filter(({ shiftId }) => shiftId === route!.shiftId),
  };
  assert.deepEqual(possibleOffers(standing, asked), []);
});

test('orders of a route whose shift has got another vehicle wait for a place', () => {
  const { standing } = plannedDay({
    seed: 1,
    points: [
      [1, 1],
      [2, 1],
      [-3, 2],
      [1, -2],
    ],
    windowMinutes: 120,
    point: [1, 1],
  });
  const asked = {
    bounds: BOUNDS,
    delivery: { ...DELIVERY, windowMinutes: 120 },
    nowMs: DAY_START - 1,
  };
  const shifts = standing.shifts.map((shift) => ({ ...shift, vehicleId: 'another' }));
  const withoutRoutes = possibleOffers({ ...standing, routes: [] }, asked);
  assert.ok(withoutRoutes.length > 0);
  assert.deepEqual(possibleOffers({ ...standing, shifts }, asked), withoutRoutes);
});

test('no window is offered that has begun, nor one that a vehicle would have to leave for in the past', () => {
  const day = plannedDay({ seed: 1, points: [[1, 1]], windowMinutes: 60, point: [2, 2] });
  const nowMs = DAY_START + 12.5 * HOUR_MS;
  const offers = possibleOffers(
    { ...day.standing, routes: [] },
    { bounds: BOUNDS, delivery: { ...DELIVERY, windowMinutes: 60 }, nowMs },
  );
  assert.ok(offers.length > 0);
  for (const { windowStartMs } of offers) assert.ok(windowStartMs > nowMs);
});

type DaySpec = {
  readonly seed: number;
  readonly points: readonly Step[];
  readonly windowMinutes: number;
  readonly point: Step;
};
type Day = DaySpec & { readonly standing: StandingDay };

function anyDay(): fc.Arbitrary<Day> {
  const step = fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 }));
  return fc
    .record({
      seed: fc.nat({ max: 1_000 }),
      points: fc.array(step, { minLength: 1, maxLength: 25, size: 'max' }),
      windowMinutes: fc.constantFrom(30, 60, 120, 180, 480),
      point: step,
    })
    .map(plannedDay);
}

/** Two vans; orders put in one after the other are its plan, the rest waits. */
function plannedDay(spec: DaySpec): Day {
  const orders = spec.points.map((point, index) => openOrder(`order-${index}`, point, spec.seed));
  const shifts = ['shift-1', 'shift-2'].map(freeShift);
  const problem = problemOf(orders, shifts);
  const instance = compileProblem(problem);
  const planned = [...orders.keys()].filter((order) => (order + spec.seed) % 4 > 0);
  const routes = withOrders(instance, [[], []], planned).flatMap((nodes, vehicle) =>
    nodes === null || nodes.length === 0
      ? []
      : [
          {
            id: `route-${vehicle}`,
            shiftId: shifts[vehicle]!.shiftId,
            vehicleId: shifts[vehicle]!.vehicleId,
            driverId: 'driver',
            distanceMeters: 0,
            returnSeconds: 0,
            cost: '0',
            currency: 'EUR',
            stops: nodes.map((node) => ({
              kind: 'DROPOFF' as const,
              arrivalMs: 0,
              legDistanceMeters: 0,
              legDurationSeconds: 0,
              legIsEstimated: true,
              orders: [{ id: `order-${node}`, ...promiseOf(orders[node]!) }],
            })),
          },
        ],
  );
  return { ...spec, standing: { day: planningDay, orders, shifts, routes } };
}

function promiseOf({ requestedWindows: [window] }: OpenOrder) {
  return {
    promisedStartMs: window ? Date.parse(window.start) : null,
    promisedEndMs: window ? Date.parse(window.end) : null,
  };
}

/** The day with every way estimated, and the new order with the window it was offered. */
function wholeProblem(
  { standing, point }: Day,
  offer: { windowStartMs: number; windowEndMs: number },
): { problem: PlanningProblem; routes: readonly (readonly number[])[]; order: number } {
  const wanted: OpenOrder = {
    ...openOrder('new', point, 0),
    serviceSeconds: DELIVERY.serviceSeconds,
    loadWeightKg: 20,
    requestedWindows: [
      {
        start: new Date(offer.windowStartMs).toISOString(),
        end: new Date(offer.windowEndMs).toISOString(),
      },
    ],
  };
  const problem = problemOf([...standing.orders, wanted], standing.shifts);
  const indexOf = new Map(problem.orders.map(({ key }, index) => [key, index]));
  const routes = standing.shifts.map(({ shiftId }) =>
    standing.routes
      .filter((route) => route.shiftId === shiftId)
      .flatMap(({ stops }) =>
        stops.flatMap((stop) => stop.orders.map(({ id }) => indexOf.get(id)!)),
      ),
  );
  return { problem, routes, order: problem.orders.length - 1 };
}

function problemOf(orders: readonly OpenOrder[], shifts: readonly FreeShift[]): PlanningProblem {
  const places = new Places();
  const depotPlace = places.indexOf(DEPOT);
  return {
    orders: orders.map((order) =>
      planningOrder(order, {
        place: places.indexOf(order),
        windows: order.requestedWindows.map(({ start, end }) =>
          serviceWindow({ startMs: Date.parse(start), endMs: Date.parse(end) }, DAY_START),
        ),
      }),
    ),
    vehicles: shifts.map((shift) => planningVehicle(shift, { depotPlace, dayStartMs: DAY_START })),
    places: places.points,
    travel: { kind: 'ESTIMATE' },
    objectives: COST_ONLY,
    present: null,
  };
}

function addressAt(point: Step) {
  return { ...DELIVERY.place, point: pointAt(point) };
}
