import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compileProblem } from '../instance/compile-problem.ts';
import type { PlanningProblem, ServiceWindow } from '../problem.ts';
import { sampleProblem } from '../testing/sample-problem.ts';
import { RouteMeter } from './route-times.ts';

const SHIFT_SECONDS = 250;

const anyWindow = fc
  .record({ startSeconds: fc.nat({ max: 220 }), length: fc.integer({ min: 1, max: 40 }) })
  .map(({ startSeconds, length }) => ({ startSeconds, endSeconds: startSeconds + length }));

/** Up to four visits that are `legSeconds` apart, within minutes instead of hours. */
const anyRoute = fc.record({
  windows: fc.array(fc.array(anyWindow, { maxLength: 3 }), { minLength: 1, maxLength: 4 }),
  legSeconds: fc.integer({ min: 0, max: 30 }),
  serviceSeconds: fc.integer({ min: 0, max: 10 }),
  maxDurationSeconds: fc.integer({ min: 20, max: 150 }),
});

type Route = typeof anyRoute extends fc.Arbitrary<infer Value> ? Value : never;

function problemOf({ windows, legSeconds, serviceSeconds, maxDurationSeconds }: Route) {
  const size = windows.length + 1;
  const legs = Int32Array.from({ length: size ** 2 }, (_, cell) =>
    Math.floor(cell / size) === cell % size ? 0 : legSeconds,
  );
  const problem: PlanningProblem = sampleProblem({
    vehicles: [{ shiftStartSeconds: 0, shiftEndSeconds: SHIFT_SECONDS, maxDurationSeconds }],
    orders: windows.map((own, index) => ({
      windows: own,
      serviceSeconds,
      point: { latitude: 52.6 + index / 100, longitude: 13.4 },
    })),
  });
  const matrix = { size, distanceMeters: legs, durationSeconds: legs, isEstimated: false };
  return { ...problem, travel: { kind: 'MATRICES', matrices: { VAN: matrix } } } as const;
}

/** By leaving at every second of the shift. */
function shortestSeconds({ windows, legSeconds, serviceSeconds }: Route): number {
  const starts = Array.from({ length: SHIFT_SECONDS + 1 }, (_, start) => start);
  return Math.min(
    ...starts.map((start) => {
      const end = windows.reduce(
        (now, own) => startIn(own, now + legSeconds) + serviceSeconds,
        start,
      );
      return end + legSeconds <= SHIFT_SECONDS ? end + legSeconds - start : Infinity;
    }),
  );
}

function startIn(windows: readonly ServiceWindow[], ready: number): number {
  if (windows.length === 0) return ready;
  const open = windows.filter(({ endSeconds }) => ready < endSeconds);
  return Math.min(...open.map(({ startSeconds }) => Math.max(ready, startSeconds)));
}

test('a route with several windows is refused only when it takes too long whenever it begins', () => {
  const verdicts = { true: 0, false: 0 };
  fc.assert(
    fc.property(anyRoute, (route) => {
      const instance = compileProblem(problemOf(route));
      const nodes = [...route.windows.keys()];
      const cost = new RouteMeter(instance).measure(instance.vehicles[0]!, nodes);
      const isPossible = shortestSeconds(route) <= route.maxDurationSeconds;
      assert.equal(cost < Infinity, isPossible);
      verdicts[`${isPossible}`]++;
    }),
    { numRuns: 3_000 },
  );
  assert.ok(verdicts.true > 500 && verdicts.false > 500, JSON.stringify(verdicts));
});

test('a vehicle leaves for the later window where the earlier one means hours of waiting', () => {
  const hour = 3_600;
  const orders = [
    { windows: [9, 14].map((h) => ({ startSeconds: h * hour, endSeconds: (h + 1) * hour })) },
    { windows: [{ startSeconds: 15 * hour, endSeconds: 16 * hour }] },
  ];
  const lunch = {
    earliestStartSeconds: 8 * hour,
    latestStartSeconds: 16 * hour,
    durationSeconds: 900,
  };
  for (const breaks of [[], [lunch]]) {
    const instance = compileProblem(sampleProblem({ orders, vehicles: [{ breaks }] }));
    const meter = new RouteMeter(instance);
    assert.ok(meter.measure(instance.vehicles[0]!, [0, 1]) < Infinity);
    assert.ok(meter.startSeconds >= 13 * hour, `${meter.startSeconds}`);
  }
});

test('waits for a break that would begin during a reload', () => {
  const at = (seconds: number) => ({
    earliestStartSeconds: seconds,
    latestStartSeconds: seconds,
    durationSeconds: 60,
  });
  const vehicle = { breaks: [at(9 * 3_600)], reload: { place: 0, durationSeconds: 3_000, max: 1 } };
  const instance = compileProblem(
    sampleProblem({ orders: [{}, {}], vehicles: [{ ...vehicle, shiftEndSeconds: 36_360 }] }),
  );
  const { reloadNode } = instance.vehicles[0]!;
  const meter = new RouteMeter(instance);
  assert.ok(meter.measure(instance.vehicles[0]!, [0, reloadNode, 1]) < Infinity);
  assert.equal(meter.breakPositions[0], 3);
});
