import * as fc from 'fast-check';
import { canStand } from '../checks/lock-feasibility.ts';
import type {
  PlanningMode,
  PlanningOrder,
  PlanningProblem,
  PresentPlan,
  PresentRoute,
  VisitReference,
} from '../problem.ts';

/**
 * A plan that might have stood before orders and vehicles changed: its routes need not be feasible any
 * more, but for what is locked or frozen in them.
 */
export function anyPresentPlan(problem: PlanningProblem): fc.Arbitrary<PresentPlan> {
  return fc
    .record({
      mode: fc.constantFrom<PlanningMode>('FULL', 'INSERT', 'RESEQUENCE', 'REPAIR'),
      stability: fc.constantFrom(0, 0.3, 0.9, 1, 1),
      /** By order: the vehicle, or one more than there are for none, and a place among the others. */
      assignments: fc.array(
        fc.record({
          vehicle: fc.nat({ max: problem.vehicles.length }),
          first: fc.nat({ max: 100 }),
          second: fc.nat({ max: 100 }),
        }),
        { minLength: problem.orders.length, maxLength: problem.orders.length },
      ),
      holds: fc.array(
        fc.record({ frozenVisits: fc.constantFrom(0, 0, 1, 2), isLocked: fc.boolean() }),
        { minLength: problem.vehicles.length, maxLength: problem.vehicles.length },
      ),
    })
    .map(({ mode, stability, assignments, holds }) => ({
      mode,
      stability,
      routes: problem.vehicles.flatMap(({ key }, index): PresentRoute[] => {
        const visits = problem.orders
          .flatMap((order, at) => {
            const { vehicle, first, second } = assignments[at]!;
            return vehicle === index ? placedVisits(order, first, second) : [];
          })
          .toSorted((a, b) => a.at - b.at)
          .map(({ reference }) => reference);
        if (visits.length === 0) return [];
        return [heldRoute(problem, { vehicleKey: key, visits }, holds[index]!)];
      }),
    }));
}

function placedVisits(order: PlanningOrder, first: number, second: number) {
  const visits: { at: number; reference: VisitReference }[] = [];
  const isPair = order.pickup !== null && order.delivery !== null;
  if (order.pickup) {
    visits.push({ at: first, reference: { orderKey: order.key, kind: 'PICKUP' } });
  }
  if (order.delivery) {
    const at = isPair ? Math.max(first, second) + 0.5 : second;
    visits.push({ at, reference: { orderKey: order.key, kind: 'DELIVERY' } });
  }
  return visits;
}

/** With its locks, as far as what they hold is possible. */
function heldRoute(
  problem: PlanningProblem,
  route: Pick<PresentRoute, 'vehicleKey' | 'visits'>,
  hold: Pick<PresentRoute, 'frozenVisits' | 'isLocked'>,
): PresentRoute {
  const frozenVisits = Math.min(hold.frozenVisits, route.visits.length);
  const held = { ...route, isLocked: hold.isLocked, frozenVisits };
  if (canStand(problem, held)) return held;
  const frozen = { ...held, isLocked: false };
  return canStand(problem, frozen) ? frozen : { ...frozen, frozenVisits: 0 };
}
