import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { anyProblemFromNothing } from '../testing/arbitrary-problem.ts';
import { checkProblem } from '../check-problem.ts';
import { compileProblem } from '../instance/compile-problem.ts';
import type { Instance } from '../instance/instance.ts';
import { isInTime } from '../testing/naive-route.ts';
import type { PlanningProblem } from '../problem.ts';
import { seededRandom } from '../random.ts';
import { judge, TRIFLE } from '../testing/judge.ts';
import { randomRoutes } from '../testing/random-routes.ts';
import { RouteMeter } from './route-times.ts';
import { sampleProblem, type SampleParts } from '../testing/sample-problem.ts';
import { ordersLeftOut, toSolution } from './schedule.ts';
import type { PlanningSolution, SolutionRoute } from '../solution.ts';
import { verify } from '../verify.ts';

function planOf(instance: Instance, routes: readonly (readonly number[])[]): PlanningSolution {
  const result = { routes, iterations: 0 };
  return toSolution(instance, result, {
    algorithm: 'random',
    seed: 0,
    outcome: 'STOPPED',
    unassigned: ordersLeftOut(instance, result).map((order) => ({
      orderKey: instance.problem.orders[order]!.key,
      reasons: [],
    })),
  });
}

/** The first vehicle serves all visits in the order of the orders. */
function onlyRoute(parts: SampleParts): SolutionRoute | null {
  const problem = sampleProblem(parts);
  assert.deepEqual(checkProblem(problem), []);
  const instance = compileProblem(problem);
  const nodes = Array.from({ length: instance.visitCount }, (_, visit) => visit);
  if (new RouteMeter(instance).measure(instance.vehicles[0]!, nodes) === Infinity) return null;
  const solution = planOf(instance, [nodes]);
  assert.deepEqual(verify(problem, solution), []);
  return solution.routes[0]!;
}

test('measures only routes that stand when they are written out, at their true cost', () => {
  let served = 0;
  fc.assert(
    fc.property(anyProblemFromNothing(), fc.integer(), (problem, seed) => {
      assert.deepEqual(checkProblem(problem), []);
      const instance = compileProblem(problem);
      const { routes } = randomRoutes(instance, seed);
      const solution = planOf(instance, routes);
      assert.deepEqual(verify(problem, solution), []);
      served += solution.routes.length;
      const meter = new RouteMeter(instance);
      const measured = instance.vehicles.reduce(
        (sum, vehicle) => sum + meter.measure(vehicle, routes[vehicle.index]!),
        0,
      );
      assert.ok(Math.abs(measured - judge(problem.objectives, solution)) < TRIFLE);
    }),
    { numRuns: 2_000 },
  );
  assert.ok(served > 1_500, `${served} routes`);
});

test('refuses a route only when no way to take its breaks brings it back in time', () => {
  const verdicts = { true: 0, false: 0 };
  fc.assert(
    fc.property(anyProblemFromNothing(), fc.integer(), (stated, seed) => {
      const problem: PlanningProblem = {
        ...stated,
        objectives: { ...stated.objectives, lateness: null },
        vehicles: stated.vehicles.map((vehicle) => ({
          ...vehicle,
          capacity: { weightKg: 1e6, volumeM3: 1e6, pallets: null, parcels: null },
          capabilities: ['COLD', 'LIFT'],
          maxDistanceMeters: null,
          maxDurationSeconds: null,
          maxVisits: null,
        })),
      };
      const instance = compileProblem(problem);
      const meter = new RouteMeter(instance);
      const random = seededRandom(seed);
      for (const vehicle of instance.vehicles) {
        const nodes = Array.from({ length: instance.visitCount }, (_, visit) => visit)
          .filter(() => random() < 0.5)
          .filter((visit) => instance.problem.orders[instance.orderOf[visit]!]!.pickup === null)
          .slice(0, 6);
        if (vehicle.reloadNode >= 0) nodes.splice(1, 0, vehicle.reloadNode);
        if (nodes.length === 0) continue;
        const stops = nodes.map((node) =>
          node >= instance.visitCount
            ? ('RELOAD' as const)
            : problem.orders[instance.orderOf[node]!]!.delivery!,
        );
        const isPossible = isInTime(problem, problem.vehicles[vehicle.index]!, stops);
        assert.equal(meter.measure(vehicle, nodes) < Infinity, isPossible);
        verdicts[`${isPossible}`]++;
      }
    }),
    { numRuns: 1_000 },
  );
  assert.ok(verdicts.true > 100 && verdicts.false > 100, JSON.stringify(verdicts));
});

const HOUR = 3_600;
const NOON = 12 * HOUR;
const lunch = {
  earliestStartSeconds: NOON,
  latestStartSeconds: NOON + HOUR,
  durationSeconds: 1_800,
};

test('leaves the depot only when the first window asks for it, with a quarter of an hour to spare', () => {
  const at = (startSeconds: number, endSeconds: number) => ({
    windows: [{ startSeconds, endSeconds }],
  });
  const route = onlyRoute({ orders: [at(NOON, NOON + HOUR)] });
  assert.equal(route?.stops[0]?.arrivalSeconds, NOON);
  assert.equal(route?.metrics.waitingSeconds, 0);
  const tight = onlyRoute({
    orders: [at(9 * HOUR, 9 * HOUR + 1_200), at(NOON, NOON + HOUR)],
  });
  // Half of the waiting before the second window could be saved by using up the first to its end.
  assert.equal(tight?.stops[0]?.serviceStartSeconds, 9 * HOUR + 299);
});

test('uses up the spared slack when the duration is limited', () => {
  const orders = [
    { windows: [{ startSeconds: 9 * HOUR, endSeconds: 9 * HOUR + 1_200 }] },
    { windows: [{ startSeconds: 10 * HOUR, endSeconds: 11 * HOUR }] },
  ];
  const free = onlyRoute({ orders })!;
  const duration = free.endSeconds - free.startSeconds;
  const maxDurationSeconds = duration - 600;
  const limited = onlyRoute({ orders, vehicles: [{ maxDurationSeconds }] });
  assert.equal(limited!.endSeconds - limited!.startSeconds, maxDurationSeconds);
  assert.equal(onlyRoute({ orders, vehicles: [{ maxDurationSeconds: duration - 1_200 }] }), null);
});

test('takes a break between two visits, and none when the route is over by then', () => {
  const orders = [
    { windows: [{ startSeconds: 11 * HOUR, endSeconds: NOON }] },
    { windows: [{ startSeconds: 13 * HOUR, endSeconds: 16 * HOUR }] },
  ];
  const route = onlyRoute({ orders, vehicles: [{ breaks: [lunch] }] });
  assert.deepEqual(
    route?.stops.map((stop) => stop.kind),
    ['DELIVERY', 'BREAK', 'DELIVERY'],
  );
  assert.equal(route?.metrics.breakSeconds, 1_800);
  const short = onlyRoute({ orders: orders.slice(0, 1), vehicles: [{ breaks: [lunch] }] });
  assert.equal(short?.stops.length, 1);
});

test('rests on arrival where that is sooner over', () => {
  const far = { latitude: 52.9, longitude: 13.4 };
  const orders = [
    { windows: [{ startSeconds: 11.5 * HOUR, endSeconds: 11.6 * HOUR }] },
    { point: far, windows: [{ startSeconds: 13 * HOUR, endSeconds: 13.25 * HOUR }] },
  ];
  const pause = { ...lunch, earliestStartSeconds: NOON + 900 };
  const route = onlyRoute({ orders, vehicles: [{ breaks: [pause] }] });
  assert.deepEqual(
    route?.stops.map((stop) => [stop.kind, stop.place]),
    [
      ['DELIVERY', 1],
      ['BREAK', 2],
      ['DELIVERY', 2],
    ],
  );
  assert.equal(route?.stops[1]?.serviceStartSeconds, route?.stops[1]?.arrivalSeconds);
  assert.equal(route?.stops[2]?.serviceStartSeconds, 13 * HOUR);
});

test('starts after a break that it could not take on its way', () => {
  const farAway = { latitude: 53.5, longitude: 13.4 };
  const pause = {
    earliestStartSeconds: 8 * HOUR,
    latestStartSeconds: 8 * HOUR,
    durationSeconds: HOUR,
  };
  const route = onlyRoute({ orders: [{ point: farAway }], vehicles: [{ breaks: [pause] }] });
  assert.equal(route?.startSeconds, 9 * HOUR);
  assert.equal(route?.metrics.breakSeconds, 0);
});

test('waits for the next window when it is nearer than the end of the one that was missed', () => {
  const windows = [
    { startSeconds: 6 * HOUR, endSeconds: 7 * HOUR },
    { startSeconds: 9 * HOUR, endSeconds: 10 * HOUR },
  ];
  const near = onlyRoute({ orders: [{ windows }], objectives: { lateness: 10 } });
  assert.equal(near?.stops[0]?.serviceStartSeconds, 9 * HOUR);
  const later = [windows[0]!, { startSeconds: 15 * HOUR, endSeconds: 16 * HOUR }];
  const late = onlyRoute({ orders: [{ windows: later }], objectives: { lateness: 10 } });
  assert.deepEqual(late?.stops[0]?.window, windows[0]);
  assert.ok((late?.metrics.latenessSeconds ?? 0) > HOUR);
});

test('counts setup once where a vehicle stays', () => {
  const problem: PlanningProblem = sampleProblem({ orders: [{}, { kind: 'PICKUP' }, {}] });
  const withSetup = problem.orders.map((order) => ({
    ...order,
    pickup: order.pickup && { ...order.pickup, setupSeconds: 300 },
    delivery: order.delivery && { ...order.delivery, setupSeconds: 300 },
  }));
  const route = onlyRoute({ orders: withSetup, places: problem.places.slice(1) });
  assert.deepEqual(
    route?.stops.map((stop) => stop.setupSeconds),
    [300, 0, 0],
  );
});

test('empties and fills the vehicle at a reload, but for pairs', () => {
  const load = { weightKg: 600, volumeM3: 1, pallets: 0, parcels: 1 };
  const reload = { place: 0, durationSeconds: 900, max: 1 };
  const problem = sampleProblem({ vehicles: [{ reload }], orders: [{ load }, { load }] });
  const instance = compileProblem(problem);
  const [van] = instance.vehicles;
  const meter = new RouteMeter(instance);
  assert.equal(meter.measure(van!, [0, 1]), Infinity);
  const solution = planOf(instance, [[0, van!.reloadNode, 1]]);
  assert.deepEqual(verify(problem, solution), []);
  assert.equal(solution.routes[0]?.metrics.serviceSeconds, 180 + 900 + 180);
  assert.equal(meter.measure(van!, [0, van!.reloadNode, van!.reloadNode, 1]), Infinity);
});
