import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkProblem } from '../check-problem.ts';
import { compileProblem } from '../instance/compile-problem.ts';
import { ordersLeftOut, toSolution } from '../routes/schedule.ts';
import type { Search } from '../planner.ts';
import type { PlanningProblem } from '../problem.ts';
import { CONSTRAINT_CASES, type Parts } from '../testing/constraint-cases.ts';
import { sampleProblem } from '../testing/sample-problem.ts';
import { verify } from '../verify.ts';
import { SEARCHES } from './searches.ts';

function problemOf({ travel, ...parts }: Parts): PlanningProblem {
  const problem = sampleProblem(parts);
  return travel ? { ...problem, travel } : problem;
}

function planOf(search: Search, problem: PlanningProblem): string {
  assert.deepEqual(checkProblem(problem), []);
  const instance = compileProblem(problem);
  const result = search(instance, 1, { budgetUsed: (done) => done / 300, report: () => {} });
  const leftOut = ordersLeftOut(instance, result).map((order) => problem.orders[order]!.key);
  const solution = toSolution(instance, result, {
    algorithm: 'any',
    seed: 1,
    outcome: 'STOPPED',
    unassigned: leftOut.map((orderKey) => ({ orderKey, reasons: [] })),
  });
  assert.deepEqual(verify(problem, solution), []);
  const numberOf = (key: string) => key.replace('order-', '');
  const routes = solution.routes.map(({ vehicleKey, stops }) => {
    const names = stops.map(
      (stop) =>
        stop.orderKeys
          .map((key) => `${stop.kind[0]}${numberOf(key)}`)
          .toSorted()
          .join('+') || stop.kind[0],
    );
    return [vehicleKey, ...names].join(' ');
  });
  return [
    ...routes,
    ...(leftOut.length > 0 ? [['out', ...leftOut.map(numberOf)].join(' ')] : []),
  ].join(', ');
}

for (const [name, search] of Object.entries(SEARCHES)) {
  describe(`${name} plans otherwise for`, () => {
    for (const [what, [without, plan, constraint, other]] of Object.entries(CONSTRAINT_CASES)) {
      test(what, () => {
        assert.equal(planOf(search, problemOf(without)), plan);
        assert.equal(planOf(search, problemOf({ ...without, ...constraint })), other);
      });
    }
  });
}
