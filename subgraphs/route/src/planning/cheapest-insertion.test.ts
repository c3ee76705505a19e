import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { anyProblem } from './arbitrary-problem.ts';
import { checkProblem } from './check-problem.ts';
import { cheapestInsertion } from './cheapest-insertion.ts';
import type { PlannerControl } from './planner.ts';
import type { PlanningOrder, PlanningProblem, PlanningVehicle } from './problem.ts';
import { sampleDay, sampleProblem } from './sample-problem.ts';
import type { PlanningSolution } from './solution.ts';
import { providerOf } from './travel/provider-of.ts';
import { verify } from './verify.ts';

const UNCONTROLLED: PlannerControl = { shouldStop: () => null, report: () => {} };

function plan(problem: PlanningProblem, seed = 1): PlanningSolution {
  return cheapestInsertion(problem, seed, UNCONTROLLED);
}

/** By trying, not by slack: the way nobody would do it in a search. */
function isFeasible(
  problem: PlanningProblem,
  vehicle: PlanningVehicle,
  orders: readonly PlanningOrder[],
): boolean {
  const { leg } = providerOf(problem);
  let now = vehicle.shiftStartSeconds;
  let place = 0;
  for (const order of orders) {
    const next = problem.orders.indexOf(order) + 1;
    const arrival = now + leg(vehicle.profile, place, next).durationSeconds;
    const starts = order.windows
      .filter((window) => arrival < window.endSeconds)
      .map((window) => Math.max(arrival, window.startSeconds));
    if (order.windows.length > 0 && starts.length === 0) return false;
    now = (order.windows.length > 0 ? Math.min(...starts) : arrival) + order.serviceSeconds;
    place = next;
    if (order.requirements.some((need) => !vehicle.capabilities.includes(need))) return false;
  }
  const back = now + leg(vehicle.profile, place, 0).durationSeconds;
  return back <= vehicle.shiftEndSeconds && hasRoom(vehicle, orders);
}

function hasRoom(vehicle: PlanningVehicle, orders: readonly PlanningOrder[]): boolean {
  const { weightKg, volumeM3, parcels } = vehicle.capacity;
  const tolerance = 1e-7;
  return [...orders, null].every((_, leg) => {
    const onBoard = orders.filter((order, index) => (order.kind === 'PICKUP') === index < leg);
    const sum = (pick: (order: PlanningOrder) => number) =>
      onBoard.reduce((total, order) => total + pick(order), 0);
    return (
      sum((order) => order.load.weightKg) <= weightKg + tolerance &&
      sum((order) => order.load.volumeM3) <= volumeM3 + tolerance &&
      sum((order) => order.load.parcels) <= (parcels ?? Infinity)
    );
  });
}

type Planned = { readonly vehicle: PlanningVehicle; readonly orders: readonly PlanningOrder[] };

function plannedOrders(problem: PlanningProblem, solution: PlanningSolution): Planned[] {
  return problem.vehicles.map((vehicle) => {
    const route = solution.routes.find(({ vehicleKey }) => vehicleKey === vehicle.key);
    const keys = route?.stops.flatMap((stop) => stop.orderKeys) ?? [];
    return { vehicle, orders: keys.map((key) => problem.orders.find((o) => o.key === key)!) };
  });
}

function fitsSomewhere(problem: PlanningProblem, planned: Planned, order: PlanningOrder): boolean {
  return [...planned.orders, null].some((_, position) =>
    isFeasible(problem, planned.vehicle, planned.orders.toSpliced(position, 0, order)),
  );
}

test('keeps every constraint of random problems, and gives reasons for what it leaves out', () => {
  fc.assert(
    fc.property(anyProblem(), fc.integer(), (problem, seed) => {
      assert.deepEqual(checkProblem(problem), []);
      const solution = plan(problem, seed);
      assert.deepEqual(verify(problem, solution), []);
      for (const { vehicle, orders } of plannedOrders(problem, solution)) {
        assert.ok(isFeasible(problem, vehicle, orders) || orders.length === 0);
      }
    }),
    { numRuns: 1_500 },
  );
});

test('leaves out no order that still fits, nor one that fits in the place of a less important one', () => {
  fc.assert(
    fc.property(anyProblem(), (problem) => {
      const solution = plan(problem);
      const routes = plannedOrders(problem, solution);
      for (const { orderKey } of solution.unassigned) {
        const order = problem.orders.find(({ key }) => key === orderKey)!;
        for (const route of routes) {
          assert.ok(!fitsSomewhere(problem, route, order), `${orderKey} would fit`);
          for (const other of route.orders.filter(({ priority }) => priority < order.priority)) {
            const rest = { ...route, orders: route.orders.filter((kept) => kept !== other) };
            if (!isFeasible(problem, rest.vehicle, rest.orders)) continue;
            assert.ok(!fitsSomewhere(problem, rest, order), `${orderKey} is above ${other.key}`);
          }
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('makes the same plan for the same seed', () => {
  const problem = sampleDay({ orders: 80, vehicles: 4 });
  assert.deepEqual(plan(problem, 7), plan(problem, 7));
});

test('plans 400 orders on 20 vehicles in seconds, all of them', () => {
  const problem = sampleDay({ orders: 400, vehicles: 20 });
  const startedAt = performance.now();
  const solution = plan(problem);
  assert.deepEqual(verify(problem, solution), []);
  assert.equal(solution.unassigned.length, 0);
  // About half a second on an idle machine; the limit only catches a change of complexity.
  assert.ok(performance.now() - startedAt < 5_000);
});

test('serves orders of one address in one stop', () => {
  const problem = sampleProblem({ orders: [{}, {}, { kind: 'PICKUP' }] });
  const [route] = plan(problem).routes;
  assert.deepEqual(route?.stops.map((stop) => [stop.kind, stop.orderKeys.length]).toSorted(), [
    ['DELIVERY', 2],
    ['PICKUP', 1],
  ]);
  assert.deepEqual(verify(problem, plan(problem)), []);
});

test('leaves the depot only when the first window asks for it', () => {
  const opensAt = 12 * 3_600;
  const [route] = plan(
    sampleProblem({
      orders: [{ windows: [{ startSeconds: opensAt, endSeconds: opensAt + 3_600 }] }],
    }),
  ).routes;
  assert.equal(route?.stops[0]?.arrivalSeconds, opensAt);
  assert.equal(route?.metrics.waitingSeconds, 0);
});

test('unloads a delivery before it loads a pickup that would not fit beside it', () => {
  const load = { weightKg: 600, volumeM3: 1, parcels: 1 };
  const solution = plan(sampleProblem({ orders: [{ load, kind: 'PICKUP' }, { load }] }));
  assert.deepEqual(
    solution.routes.flatMap((route) => route.stops.map((stop) => stop.kind)),
    ['DELIVERY', 'PICKUP'],
  );
});

test('uses the second window when the first cannot be kept', () => {
  const problem = sampleProblem({
    orders: [
      {
        windows: [
          { startSeconds: 50_000, endSeconds: 53_600 },
          { startSeconds: 3_600, endSeconds: 7_200 },
        ],
      },
    ],
  });
  assert.deepEqual(plan(problem).routes[0]?.stops[0]?.window, {
    startSeconds: 50_000,
    endSeconds: 53_600,
  });
});

test('serves the more important orders when not everything fits', () => {
  const load = { weightKg: 450, volumeM3: 1, parcels: 1 };
  const { unassigned } = plan(
    sampleProblem({
      orders: [
        { load, priority: 10 },
        { load, priority: 90 },
        { load, priority: 20 },
      ],
    }),
  );
  assert.deepEqual(
    unassigned.map(({ orderKey }) => orderKey),
    ['order-1'],
  );
});

test('returns a valid plan of what it has when it is stopped at any point', () => {
  const problem = sampleDay({ orders: 60, vehicles: 3 });
  for (const steps of [0, 1, 5, 30, 61, 100, 200]) {
    let asked = 0;
    const solution = cheapestInsertion(problem, 1, {
      shouldStop: () => (asked++ >= steps ? 'CANCELED' : null),
      report: () => {},
    });
    assert.equal(solution.outcome, 'CANCELED');
    assert.deepEqual(verify(problem, solution), []);
  }
});

test('reports progress that never falls back', () => {
  const seen: { assigned: number; unassigned: number }[] = [];
  cheapestInsertion(sampleDay({ orders: 40, vehicles: 3 }), 1, {
    shouldStop: () => null,
    report: (counts) => seen.push(counts()),
  });
  assert.ok(seen.length >= 40);
  assert.equal(seen.at(-1)?.assigned, 40);
  seen.forEach((now, index) => assert.ok(now.assigned >= (seen[index - 1]?.assigned ?? 0)));
});
