import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { anyProblemFromNothing } from '../testing/arbitrary-problem.ts';
import { compileProblem } from '../instance/compile-problem.ts';
import type { PlanningProblem, PlanningVisit } from '../problem.ts';
import { promisableWindows } from './promisable-windows.ts';
import { randomRoutes } from '../testing/random-routes.ts';
import { ordersLeftOut, toSolution } from '../routes/schedule.ts';
import { verify } from '../verify.ts';

const HOUR = 3_600;

/** A day in windows of two hours. */
const WINDOWS = Array.from({ length: 12 }, (_, index) => ({
  firstSeconds: index * 2 * HOUR,
  lastSeconds: (index + 1) * 2 * HOUR - 1,
}));

test('no window is promised that verify would refuse in the plan with the order', () => {
  let promised = 0;
  const check = fc.property(anyProblemFromNothing(), fc.nat(), (problem, seed) => {
    const instance = compileProblem(problem);
    const { routes } = randomRoutes(instance, seed);
    const [order] = ordersLeftOut(instance, { routes, iterations: 0 });
    if (order === undefined) return;
    for (const { window, insertion } of promisableWindows(instance, routes, order, WINDOWS)) {
      promised++;
      const { firstSeconds, lastSeconds } = window;
      const agreed = withWindow(problem, order, {
        startSeconds: firstSeconds,
        endSeconds: lastSeconds + 1,
      });
      const agreedInstance = compileProblem(agreed);
      const result = {
        routes: routes.with(insertion.vehicle.index, [...insertion.nodes]),
        iterations: 0,
      };
      const unassigned = ordersLeftOut(agreedInstance, result).map((left) => ({
        orderKey: problem.orders[left]!.key,
        reasons: [{ code: 'DISPLACED' as const, message: 'Not asked for here.' }],
      }));
      const run = { algorithm: 'test', seed: 1, outcome: 'COMPLETED' as const, unassigned };
      assert.deepEqual(verify(agreed, toSolution(agreedInstance, result, run)), []);
    }
  });
  fc.assert(check, { numRuns: 400 });
  assert.ok(promised > 100, `${promised} were promised`);
});

test('a route that takes nothing is left alone', () => {
  const check = fc.property(anyProblemFromNothing(), (problem) => {
    const instance = compileProblem(problem);
    const none = instance.vehicles.map(() => null);
    for (const order of problem.orders.keys()) {
      assert.deepEqual(promisableWindows(instance, none, order, WINDOWS), []);
    }
  });
  fc.assert(check, { numRuns: 20 });
});

function withWindow(
  problem: PlanningProblem,
  order: number,
  window: { startSeconds: number; endSeconds: number },
): PlanningProblem {
  const promise = (visit: PlanningVisit | null) => visit && { ...visit, windows: [window] };
  return {
    ...problem,
    orders: problem.orders.map((other, index) =>
      index === order
        ? { ...other, pickup: promise(other.pickup), delivery: promise(other.delivery) }
        : other,
    ),
  };
}
