import type { PresentPlan, VisitReference } from '../planning/problem.ts';
import type { OptimizationMode } from '../storage/entities/optimization-run.ts';
import type { FreeShift, OpenOrder } from '../storage/stores/planning-queries.ts';
import type { PresentRoute } from '../storage/stores/present-routes.ts';

/** What a run was asked to keep of the plan that stands. */
export type Keeping = {
  readonly mode: OptimizationMode;
  readonly stability: number;
  readonly lockedRouteIds: readonly string[];
};

/** What can be kept: orders and shifts by their id. */
export type Available = {
  readonly orders: ReadonlyMap<string, OpenOrder>;
  readonly shifts: ReadonlyMap<string, FreeShift>;
};

/**
 * The plan that stands, as the planner sees it; null when nothing of it matters. A route whose shift
 * is gone, or has another vehicle now, is left out: its orders are planned anew.
 */
export function presentPlanOf(
  routes: readonly PresentRoute[],
  { mode, stability, lockedRouteIds }: Keeping,
  available: Available,
): PresentPlan | null {
  const locked = new Set(lockedRouteIds);
  const kept = routes.filter(({ id }) => mode !== 'FULL' || locked.has(id));
  const present = kept.flatMap((route) => {
    const { id, shiftId, vehicleId } = route;
    const shift = shiftId === null ? undefined : available.shifts.get(shiftId);
    if (shift?.vehicleId !== vehicleId) return [];
    const visits = visitsOf(route, available);
    return [{ vehicleKey: shift.shiftId, visits, frozenVisits: 0, isLocked: locked.has(id) }];
  });
  return present.length === 0 && mode !== 'RESEQUENCE'
    ? null
    : { mode, stability, routes: present };
}

function visitsOf({ stops }: PresentRoute, { orders }: Available): VisitReference[] {
  return stops.flatMap(({ kind, orders: served }) =>
    served
      .filter(({ id }) => orders.has(id))
      .map(({ id }) => ({ orderKey: id, kind: kind === 'PICKUP' ? 'PICKUP' : 'DELIVERY' })),
  );
}
