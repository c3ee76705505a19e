import type { PlanningProblem } from './problem.ts';
import type { PlanningSolution, SolutionMetrics } from './solution.ts';
import { checkFigures } from './verification/figures.ts';
import { checkLoads } from './verification/loads.ts';
import { checkPresent } from './verification/present.ts';
import { ProblemFacts } from './verification/problem-facts.ts';
import { checkRouteLimits } from './verification/route-limits.ts';
import { checkServed } from './verification/served.ts';
import { checkTimes } from './verification/times.ts';
import { Violations } from './verification/violations.ts';

/**
 * Everything in which a plan breaks its problem or its own figures; empty for a valid one.
 * Shares nothing with the searches, nor with what they are led by, but the units of loads and the
 * legs, so that it does not share their mistakes.
 */
export function verify(problem: PlanningProblem, solution: PlanningSolution): string[] {
  const violations = new Violations();
  const facts = new ProblemFacts(problem);
  checkServed(violations, facts, solution);
  for (const route of solution.routes) {
    const vehicle = facts.vehicle(route.vehicleKey);
    if (vehicle === undefined) continue;
    const checked = { route, vehicle, facts, violations: violations.of(`Route of ${vehicle.key}`) };
    checkTimes(checked);
    checkLoads(checked);
    checkRouteLimits(checked);
  }
  checkPresent(violations, facts, solution);
  checkFigures(violations.of('The plan'), solution.metrics, total(solution));
  return violations.found;
}

function total({ routes }: PlanningSolution): SolutionMetrics {
  const sum = {
    distanceMeters: 0,
    drivingSeconds: 0,
    serviceSeconds: 0,
    waitingSeconds: 0,
    breakSeconds: 0,
    latenessSeconds: 0,
    co2eGrams: 0,
    cost: 0,
  };
  for (const { metrics } of routes) {
    for (const figure of Object.keys(sum) as (keyof typeof sum)[]) sum[figure] += metrics[figure];
  }
  return sum;
}
