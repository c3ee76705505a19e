import assert from 'node:assert/strict';
import { test } from 'node:test';

import { checkProblem } from '../planning/check-problem.ts';
import type { FreeShift, OpenOrder, PlanningDay } from '../storage/stores/planning-queries.ts';
import type { PresentRoute } from '../storage/stores/present-routes.ts';
import { planningProblemOf } from './planning-problem.ts';
import type { RunRequest } from './planning-problem.ts';

const DAY_START = Date.parse('2026-12-01T00:00:00Z');
const hour = (hours: number) => DAY_START + hours * 3_600_000;
const at = (hours: number) => new Date(hour(hours)).toISOString();

const day: PlanningDay = {
  planId: 'plan',
  organizationId: 'organization',
  depotId: 'depot',
  serviceDate: '2026-12-01',
  dayStartMs: DAY_START,
  latitude: 52.5,
  longitude: 13.4,
  currency: 'EUR',
};

function order(id: string, changes: Partial<OpenOrder> = {}): OpenOrder {
  return {
    id,
    version: 1,
    kind: 'DELIVERY',
    latitude: 52.6,
    longitude: 13.4,
    loadWeightKg: 1,
    loadVolumeM3: 0.1,
    loadParcels: 1,
    requestedWindows: [
      { start: at(9), end: at(10) },
      { start: at(14), end: at(15) },
    ],
    isPromised: false,
    serviceSeconds: 180,
    requirements: [],
    priority: 50,
    ...changes,
  };
}

function shift(shiftId: string, vehicleId = `vehicle of ${shiftId}`): FreeShift {
  return {
    shiftId,
    vehicleId,
    driverId: 'driver',
    vehicleName: 'Van',
    registrationPlate: 'B-1',
    driverName: 'Driver',
    profile: 'VAN',
    capabilities: ['TAIL_LIFT'],
    skills: ['ADR', 'TAIL_LIFT'],
    capacityWeightKg: 100,
    capacityVolumeM3: 10,
    capacityParcels: null,
    costPerKm: '0.5',
    costPerHour: '30',
    costFixedPerDay: '80',
    wtwGramsCo2ePerKm: 291.6,
    startMs: hour(8),
    endMs: hour(17),
  };
}

/** A published route that promised its orders the afternoon. */
function route(shiftId: string, orderIds: readonly string[], changes = {}): PresentRoute {
  const promise = { promisedStartMs: hour(14), promisedEndMs: hour(15) };
  const leg = { legDistanceMeters: 500, legDurationSeconds: 60, legIsEstimated: true };
  return {
    id: `route of ${shiftId}`,
    shiftId,
    vehicleId: `vehicle of ${shiftId}`,
    driverId: 'driver',
    distanceMeters: 1_000,
    returnSeconds: 600,
    cost: '90.00',
    currency: 'EUR',
    stops: orderIds.map((id) => {
      return { kind: 'DROPOFF', arrivalMs: hour(14), ...leg, orders: [{ id, ...promise }] };
    }),
    ...changes,
  };
}

const FULL: RunRequest = { mode: 'FULL', stability: 0.5, lockedRouteIds: [], objectives: [] };

function problemOf(
  {
    orders = [order('1'), order('2')],
    shifts = [shift('a'), shift('b')],
    present = [] as PresentRoute[],
  },
  request: Partial<RunRequest> = {},
) {
  const problem = planningProblemOf(
    day,
    {
      orders: new Map(orders.map((each) => [each.id, each])),
      shifts: new Map(shifts.map((each) => [each.shiftId, each])),
      present,
    },
    { ...FULL, ...request },
  );
  assert.deepEqual(checkProblem(problem), []);
  return problem;
}

test('a plan from nothing has no present, every requested window and the costs as objective', () => {
  const { present, orders, objectives, vehicles, places } = problemOf({
    present: [route('a', ['1'])],
  });
  assert.equal(present, null);
  assert.equal(orders[0]?.delivery?.windows.length, 2);
  assert.deepEqual([objectives.cost, objectives.distance, objectives.lateness], [1, 0, null]);
  assert.deepEqual(vehicles[0]?.capabilities, ['TAIL_LIFT', 'ADR']);
  assert.equal(places.length, 2);
});

test('a pickup is picked up, and the objectives asked for are the only ones', () => {
  const objectives = [
    { kind: 'LATENESS', weight: 0 },
    { kind: 'CO2E', weight: 2 },
  ] as const;
  const problem = problemOf({ orders: [order('1', { kind: 'PICKUP' })] }, { objectives });
  assert.ok(problem.orders[0]?.pickup !== null && problem.orders[0]?.delivery === null);
  const { cost, lateness, co2e } = problem.objectives;
  assert.deepEqual({ cost, lateness, co2e }, { cost: 0, lateness: 0, co2e: 2 });
});

test('a mode that keeps the plan keeps its routes, its sequence and its promises', () => {
  const present = [route('a', ['2', '1'])];
  for (const mode of ['INSERT', 'RESEQUENCE', 'REPAIR'] as const) {
    const problem = problemOf({ present }, { mode, stability: 0.8 });
    assert.deepEqual(problem.present, {
      mode,
      stability: 0.8,
      routes: [
        {
          vehicleKey: 'a',
          visits: [
            { orderKey: '2', kind: 'DELIVERY' },
            { orderKey: '1', kind: 'DELIVERY' },
          ],
          frozenVisits: 0,
          isLocked: false,
        },
      ],
    });
    const afternoon = { startSeconds: 14 * 3_600, endSeconds: 15 * 3_600 };
    assert.deepEqual(problem.orders[0]?.delivery?.windows, [afternoon]);
  }
});

test('a plan that is made anew keeps the locked routes only, and the promises of these', () => {
  const present = [route('a', ['1']), route('b', ['2'])];
  const problem = problemOf({ present }, { lockedRouteIds: ['route of b'] });
  assert.deepEqual(
    problem.present?.routes.map(({ vehicleKey, isLocked }) => [vehicleKey, isLocked]),
    [['b', true]],
  );
  assert.deepEqual(
    problem.orders.map(({ delivery }) => delivery?.windows.length),
    [2, 1],
  );
});

test('a route whose shift is gone or drives another vehicle is planned anew', () => {
  const present = [route('a', ['1']), route('gone', ['2'])];
  const shifts = [shift('a', 'another vehicle'), shift('b')];
  assert.equal(problemOf({ present, shifts }, { mode: 'REPAIR' }).present, null);
});

test('an order that is not open any more leaves its route', () => {
  const present = [route('a', ['1', 'canceled'])];
  const problem = problemOf({ present }, { mode: 'INSERT' });
  assert.deepEqual(problem.present?.routes[0]?.visits, [{ orderKey: '1', kind: 'DELIVERY' }]);
});
