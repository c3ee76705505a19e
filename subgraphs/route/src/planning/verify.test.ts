import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { anyProblemFromNothing } from './testing/arbitrary-problem.ts';
import { compileProblem } from './instance/compile-problem.ts';
import type { PlanningProblem, PlanningVehicle, PresentPlan, PresentRoute } from './problem.ts';
import { randomRoutes } from './testing/random-routes.ts';
import { sampleProblem } from './testing/sample-problem.ts';
import { ordersLeftOut, toSolution } from './routes/schedule.ts';
import type { PlanningSolution, SolutionRoute, SolutionStop } from './solution.ts';
import { verify } from './verify.ts';

const NOON = 43_200;
const pause = {
  earliestStartSeconds: NOON,
  latestStartSeconds: NOON + 3_600,
  durationSeconds: 1_800,
};
const far = { latitude: 52.52, longitude: 13.45 };

/** A pair, a reload, a break and two deliveries at one address, in this order. */
const problem = sampleProblem({
  places: [{ latitude: 52.48, longitude: 13.3 }],
  vehicles: [
    {
      capabilities: ['COLD_CHAIN'],
      breaks: [pause],
      reload: { place: 0, durationSeconds: 600, max: 1 },
    },
    {},
  ],
  orders: [
    {
      requirements: ['COLD_CHAIN'],
      pickup: {
        place: 1,
        windows: [{ startSeconds: 39_600, endSeconds: 41_400 }],
        serviceSeconds: 60,
        setupSeconds: 120,
      },
      delivery: { place: 0, windows: [], serviceSeconds: 60, setupSeconds: 0 },
    },
    { point: far, windows: [{ startSeconds: 46_800, endSeconds: 50_000 }] },
    { point: far, windows: [{ startSeconds: 46_800, endSeconds: 50_000 }] },
  ],
});

function planned(of: PlanningProblem, routes: readonly (readonly number[])[]): PlanningSolution {
  const instance = compileProblem(of);
  const result = { routes, iterations: 0 };
  const unassigned = ordersLeftOut(instance, result).map((order) => ({
    orderKey: of.orders[order]!.key,
    reasons: [{ code: 'DISPLACED' as const, message: 'for a test' }],
  }));
  return toSolution(instance, result, {
    algorithm: 'test',
    seed: 1,
    outcome: 'COMPLETED',
    unassigned,
  });
}

const { reloadNode } = compileProblem(problem).vehicles[0]!;
const valid = planned(problem, [[0, 1, reloadNode, 2, 3], []]);

function withRoute(change: (route: SolutionRoute) => Partial<SolutionRoute>): PlanningSolution {
  const [first, ...rest] = valid.routes as [SolutionRoute];
  return { ...valid, routes: [{ ...first, ...change(first) }, ...rest] };
}

function withStops(change: (stops: readonly SolutionStop[]) => readonly SolutionStop[]) {
  return withRoute(({ stops }) => ({ stops: change(stops) }));
}

function withVehicle(change: Partial<PlanningVehicle>): PlanningProblem {
  const [first, ...others] = problem.vehicles;
  return { ...problem, vehicles: [{ ...first!, ...change }, ...others] };
}

function finds(violation: RegExp, solution: PlanningSolution, of: PlanningProblem = problem): void {
  assert.match(verify(of, solution).join('\n'), violation);
}

test('accepts a valid plan', () => {
  assert.deepEqual(
    valid.routes[0]?.stops.map((stop) => stop.kind),
    ['PICKUP', 'DELIVERY', 'RELOAD', 'BREAK', 'DELIVERY'],
  );
  assert.deepEqual(verify(problem, valid), []);
});

test('finds orders that are missing, doubled, unknown, half done or left out for no reason', () => {
  const leftOut = (orderKey: string) => ({ ...valid, unassigned: [{ orderKey, reasons: [] }] });
  finds(/order-1 is neither planned nor left out/, { ...valid, routes: [] });
  finds(/order-1 is there twice/, leftOut('order-1'));
  finds(/there is no order nobody/, leftOut('nobody'));
  finds(/is left out for no reason/, leftOut('order-1'));
  finds(
    /order-1 gets PICKUP, should get PICKUP then DELIVERY/,
    withStops((stops) => stops.toSpliced(1, 1)),
  );
  finds(
    /order-1 gets DELIVERY then PICKUP/,
    withStops(([a, b, ...rest]) => [b!, a!, ...rest]),
  );
});

test('finds vehicles that are doubled, unknown or not capable', () => {
  finds(/listed twice/, { ...valid, routes: [...valid.routes, ...valid.routes] });
  finds(
    /no such vehicle/,
    withRoute(() => ({ vehicleKey: 'nobody' })),
  );
  finds(
    /lacks COLD_CHAIN for order-1/,
    withRoute(() => ({ vehicleKey: 'van-2' })),
  );
  finds(
    /serves nobody/,
    withRoute(({ stops }) => ({ stops: [stops[2]!] })),
  );
});

test('finds every figure that is changed by one', () => {
  let changes = 0;
  fc.assert(
    fc.property(anyProblemFromNothing(), fc.integer(), fc.nat(), (any, seed, at) => {
      const instance = compileProblem(any);
      const solution = planned(any, randomRoutes(instance, seed).routes);
      assert.deepEqual(verify(any, solution), []);
      const figures = figuresIn({ routes: solution.routes, metrics: solution.metrics });
      if (solution.routes.length === 0) return;
      const path = figures[at % figures.length]!;
      const changed = structuredClone(solution);
      addOne(changed, path);
      changes++;
      assert.notDeepEqual(verify(any, changed), [], path.join('.'));
    }),
    { numRuns: 800 },
  );
  assert.ok(changes > 300, `${changes} changes`);
});

function figuresIn(part: unknown, path: readonly string[] = []): string[][] {
  if (typeof part === 'number') return [[...path]];
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => figuresIn(value, [...path, key]));
}

function addOne(part: unknown, [key, ...rest]: readonly string[]): void {
  if (typeof part !== 'object' || part === null || key === undefined) return;
  const value: unknown = Reflect.get(part, key);
  if (typeof value === 'number') Reflect.set(part, key, value + 1);
  else addOne(value, rest);
}

test('finds broken shifts and limits', () => {
  const { startSeconds, endSeconds, metrics } = valid.routes[0]!;
  const findsWith = (violation: RegExp, change: Partial<PlanningVehicle>) =>
    finds(violation, valid, withVehicle(change));
  findsWith(/starts before the shift/, { shiftStartSeconds: startSeconds + 1 });
  findsWith(/ends after the shift/, { shiftEndSeconds: endSeconds - 1 });
  findsWith(/takes \d+ s, at most/, { maxDurationSeconds: endSeconds - startSeconds - 1 });
  findsWith(/goes \d+ m, at most/, { maxDistanceMeters: metrics.distanceMeters - 1 });
  findsWith(/makes 4 visits, at most 3/, { maxVisits: 3 });
  findsWith(/has a way back just where it should not/, { endPlace: null });
});

test('finds loads on every leg, with pairs and reloads', () => {
  const capacity = { weightKg: 15, volumeM3: 9, pallets: null, parcels: null };
  finds(/20000 grams on leg 4, room for 15000/, valid, withVehicle({ capacity }));
  finds(
    /2 parcels on leg 4, room for 1/,
    valid,
    withVehicle({ capacity: { ...capacity, weightKg: 99, parcels: 1 } }),
  );
  const load = { weightKg: 1, volumeM3: 1, pallets: 2, parcels: 0 };
  const orders = problem.orders.map((order) => ({ ...order, load }));
  const narrow = withVehicle({ capacity: { ...capacity, pallets: 1 } });
  finds(/2 pallets on leg 2, room for 1/, valid, { ...narrow, orders });
});

test('finds reloads and breaks that are not allowed, not taken, or taken at the wrong time', () => {
  finds(/is reloaded 1 times, at most 0/, valid, withVehicle({ reload: null }));
  finds(
    /is reloaded at another place/,
    valid,
    withVehicle({ reload: { place: 1, durationSeconds: 600, max: 1 } }),
  );
  finds(
    /reload is 600, should be 5/,
    valid,
    withVehicle({ reload: { place: 0, durationSeconds: 5, max: 1 } }),
  );
  const expectBreaks = (...breaks: (typeof pause)[]) =>
    finds(/has not its breaks/, valid, withVehicle({ breaks }));
  expectBreaks();
  expectBreaks(pause, pause);
  expectBreaks({ ...pause, durationSeconds: 1_700 });
  expectBreaks({ ...pause, earliestStartSeconds: NOON + 1_800, latestStartSeconds: NOON + 3_600 });
  expectBreaks({ ...pause, earliestStartSeconds: 0, latestStartSeconds: NOON - 1_800 });
});

test('finds windows that are broken, not asked for or not promised', () => {
  const withWindows = (...windows: { startSeconds: number; endSeconds: number }[]) => ({
    ...problem,
    orders: problem.orders.map((order) =>
      order.pickup ? order : { ...order, delivery: { ...order.delivery!, windows } },
    ),
  });
  const served = valid.routes[0]!.stops.at(-1)!.serviceStartSeconds;
  const before = { startSeconds: 46_800, endSeconds: served };
  finds(/is served outside of its windows/, valid, withWindows(before));
  finds(
    /the promised window was not asked for/,
    valid,
    withWindows({ startSeconds: 46_800, endSeconds: 49_000 }),
  );
  const promised = { startSeconds: 46_800, endSeconds: 50_000 };
  finds(
    /is served before its windows/,
    valid,
    withWindows({ startSeconds: served + 999, endSeconds: 60_000 }),
  );
  finds(
    /no window is promised/,
    withStops((stops) => [...stops.slice(0, -1), { ...stops.at(-1)!, window: null }]),
    withWindows(promised),
  );
});

test('finds what mode, stability and locks forbid', () => {
  const visits: PresentRoute['visits'] = [
    { orderKey: 'order-1', kind: 'PICKUP' },
    { orderKey: 'order-1', kind: 'DELIVERY' },
    { orderKey: 'order-2', kind: 'DELIVERY' },
    { orderKey: 'order-3', kind: 'DELIVERY' },
  ];
  const under = (plan: Partial<PresentPlan>, route: Partial<PresentRoute> = {}) => ({
    ...problem,
    present: {
      mode: 'FULL' as const,
      stability: 0,
      routes: [{ vehicleKey: 'van-1', visits, frozenVisits: 0, isLocked: false, ...route }],
      ...plan,
    },
  });
  const turned = visits.toReversed();
  for (const mode of ['FULL', 'INSERT', 'RESEQUENCE', 'REPAIR'] as const) {
    assert.deepEqual(verify(under({ mode, stability: 1 }, { isLocked: true }), valid), []);
    finds(
      /is locked, but has changed/,
      valid,
      under({ mode }, { isLocked: true, visits: visits.slice(1) }),
    );
    finds(
      /does not start with what is frozen/,
      valid,
      under({ mode }, { visits: turned, frozenVisits: 1 }),
    );
  }
  const elsewhere = { vehicleKey: 'van-2', visits: visits.slice(2) };
  finds(/could keep DELIVERY order-2/, valid, under({ mode: 'INSERT', stability: 1 }, elsewhere));
  for (const mode of ['INSERT', 'REPAIR'] as const) {
    const other = under({ mode, stability: 1 }, { visits: visits.slice(2).toReversed() });
    const [van, ...others] = other.vehicles;
    const simple = { ...other, vehicles: [{ ...van!, breaks: [], reload: null }, ...others] };
    finds(/has another sequence than before/, valid, simple);
  }
  assert.deepEqual(
    verify(under({ mode: 'INSERT', stability: 0.9 }, { visits: turned }), valid),
    [],
  );
  finds(
    /PICKUP order-1 has moved to van-1/,
    valid,
    under({ mode: 'RESEQUENCE' }, { vehicleKey: 'van-2' }),
  );
  finds(
    /is given DELIVERY order-3/,
    valid,
    under({ mode: 'RESEQUENCE' }, { visits: visits.slice(0, 3) }),
  );
});
