import type { PlanningOrder } from '../problem.ts';
import type { PlanningSolution, SolutionRoute, SolutionStop } from '../solution.ts';
import type { ProblemFacts } from './problem-facts.ts';
import type { Violations } from './violations.ts';

/** Every order is served once and whole by a vehicle that can do it, or left out for a reason. */
export function checkServed(
  violations: Violations,
  facts: ProblemFacts,
  solution: PlanningSolution,
): void {
  const accounted = new Set<string>();
  const claim = (where: Violations, key: string) => {
    where.expect(facts.order(key) !== undefined, `there is no order ${key}`);
    where.expect(!accounted.has(key), `${key} is there twice`);
    accounted.add(key);
  };
  const seenVehicles = new Set<string>();
  for (const route of solution.routes) {
    const where = violations.of(`Route of ${route.vehicleKey}`);
    where.expect(facts.vehicle(route.vehicleKey) !== undefined, 'there is no such vehicle');
    where.expect(!seenVehicles.has(route.vehicleKey), 'listed twice');
    seenVehicles.add(route.vehicleKey);
    checkStops(where, route);
    for (const [key, made] of visitsMade(route)) {
      claim(where, key);
      checkOrder(where, facts, { key, made, vehicleKey: route.vehicleKey });
    }
  }
  checkLeftOut(violations.of('The unassigned'), solution, claim);
  for (const { key } of facts.problem.orders) {
    violations.expect(accounted.has(key), `${key} is neither planned nor left out`);
  }
}

function checkStops(where: Violations, { stops }: SolutionRoute): void {
  where.expect(stops.some(isVisit), 'serves nobody');
  for (const [index, stop] of stops.entries()) {
    const isEmpty = stop.orderKeys.length === 0;
    where.expect(isEmpty !== isVisit(stop), `stop ${index + 1} has ${isEmpty ? 'no' : ''} orders`);
  }
}

function isVisit({ kind }: SolutionStop): boolean {
  return kind === 'PICKUP' || kind === 'DELIVERY';
}

function visitsMade({ stops }: SolutionRoute): Map<string, string[]> {
  const made = new Map<string, string[]>();
  for (const { kind, orderKeys } of stops) {
    for (const key of orderKeys) made.set(key, [...(made.get(key) ?? []), kind]);
  }
  return made;
}

function checkOrder(
  where: Violations,
  facts: ProblemFacts,
  { key, made, vehicleKey }: { key: string; made: readonly string[]; vehicleKey: string },
): void {
  const order = facts.order(key);
  if (order === undefined) return;
  const available = facts.vehicle(vehicleKey)?.capabilities ?? [];
  const missing = order.requirements.filter((need) => !available.includes(need));
  where.expect(missing.length === 0, `lacks ${missing.join(', ')} for ${key}`);
  where.expect(
    made.join(' then ') === visitsOf(order).join(' then '),
    `${key} gets ${made.join(' then ')}, should get ${visitsOf(order).join(' then ')}`,
  );
}

function visitsOf({ pickup, delivery }: PlanningOrder): string[] {
  return [...(pickup ? ['PICKUP'] : []), ...(delivery ? ['DELIVERY'] : [])];
}

function checkLeftOut(
  where: Violations,
  { unassigned, outcome }: PlanningSolution,
  claim: (where: Violations, key: string) => void,
): void {
  for (const { orderKey, reasons } of unassigned) {
    claim(where, orderKey);
    const codes = new Set(reasons.map((reason) => reason.code));
    where.expect(codes.size === reasons.length, `${orderKey} has one reason twice`);
    where.expect(
      reasons.length > 0 || outcome !== 'COMPLETED',
      `${orderKey} is left out for no reason`,
    );
  }
}
