import type { ProblemFacts } from './problem-facts.ts';
import { certainlyStands } from './standing-route.ts';
import type { PlanningSolution } from '../solution.ts';
import type { PresentPlan, PresentRoute, VisitReference } from '../problem.ts';
import type { Violations } from './violations.ts';

/** What mode, stability and locks promise about the plan that stood. */
export function checkPresent(
  violations: Violations,
  facts: ProblemFacts,
  solution: PlanningSolution,
): void {
  const { present } = facts.problem;
  if (present === null) return;
  const plans: BothPlans = { present, now: visitsByVehicle(solution) };
  for (const route of present.routes) {
    const where = violations.of(`Route of ${route.vehicleKey}`);
    checkFrozen(where, route, plans);
    if (route.isLocked) continue;
    if (present.mode === 'RESEQUENCE') checkVehicleKept(where, route, plans);
    if (keepsAll(present) && certainlyStands(facts, route)) checkAllKept(where, route, plans);
  }
  if (present.mode === 'RESEQUENCE') checkNothingAdded(violations, plans);
}

type BothPlans = {
  readonly present: PresentPlan;
  readonly now: ReadonlyMap<string, readonly string[]>;
};

function keepsAll({ mode, stability }: PresentPlan): boolean {
  return (mode === 'INSERT' || mode === 'REPAIR') && stability === 1;
}

/** In words, so that they can be compared. */
function nameOf({ kind, orderKey }: VisitReference): string {
  return `${kind} ${orderKey}`;
}

function visitsByVehicle({ routes }: PlanningSolution): ReadonlyMap<string, readonly string[]> {
  return new Map(
    routes.map(({ vehicleKey, stops }) => [
      vehicleKey,
      stops.flatMap(({ kind, orderKeys }) =>
        kind === 'PICKUP' || kind === 'DELIVERY'
          ? orderKeys.map((orderKey) => nameOf({ kind, orderKey }))
          : [],
      ),
    ]),
  );
}

function checkFrozen(where: Violations, route: PresentRoute, { now }: BothPlans): void {
  const stood = route.visits.map(nameOf);
  const found = now.get(route.vehicleKey) ?? [];
  if (route.isLocked) {
    where.expect(isSame(found, stood), 'is locked, but has changed');
    return;
  }
  const frozen = stood.slice(0, route.frozenVisits);
  where.expect(isSame(found.slice(0, frozen.length), frozen), 'does not start with what is frozen');
}

/** What is still planned is on the same vehicle. */
function checkVehicleKept(where: Violations, route: PresentRoute, { now }: BothPlans): void {
  for (const visit of route.visits.map(nameOf)) {
    const elsewhere = [...now].find(
      ([vehicle, visits]) => vehicle !== route.vehicleKey && visits.includes(visit),
    );
    where.expect(elsewhere === undefined, `${visit} has moved to ${elsewhere?.[0]}`);
  }
}

/**
 * Visit by visit in the same order, new ones aside. A route that cannot stand any more loses orders,
 * and these are planned anew, in another place of the same route just as well.
 */
function checkAllKept(where: Violations, route: PresentRoute, { now }: BothPlans): void {
  const found = now.get(route.vehicleKey) ?? [];
  const stood = route.visits.map(nameOf);
  const lost = stood.filter((visit) => !found.includes(visit));
  where.expect(lost.length === 0, `could keep ${lost.join(', ')}`);
  const kept = stood.filter((visit) => found.includes(visit));
  const order = found.filter((visit) => stood.includes(visit));
  where.expect(isSame(order, kept), 'has another sequence than before');
}

function checkNothingAdded(violations: Violations, { present, now }: BothPlans): void {
  const stood = new Map(
    present.routes.map(({ vehicleKey, visits }) => [vehicleKey, new Set(visits.map(nameOf))]),
  );
  for (const [vehicleKey, visits] of now) {
    const added = visits.filter((visit) => !stood.get(vehicleKey)?.has(visit));
    violations
      .of(`Route of ${vehicleKey}`)
      .expect(added.length === 0, `is given ${added.join(', ')}`);
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
