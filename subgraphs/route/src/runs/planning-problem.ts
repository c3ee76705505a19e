import type { PlanningProblem, ServiceWindow } from '../planning/problem.ts';
import {
  Places,
  planningOrder,
  planningVehicle,
  serviceWindow,
} from '../present/planning-parts.ts';
import type { ObjectiveWeight } from '../storage/entities/objective-weight.ts';
import type { OpenOrder, PlanningDay } from '../storage/stores/planning-queries.ts';
import type { PresentRoute } from '../storage/stores/present-routes.ts';
import { planningObjectives } from './objectives.ts';
import { presentPlanOf } from './present-plan.ts';
import type { Available, Keeping } from './present-plan.ts';

/** What a run was asked for, as far as the problem shows it. */
export type RunRequest = Keeping & { readonly objectives: readonly ObjectiveWeight[] };

/** A depot's day as the planner gets it; the depot is place 0. */
export function planningProblemOf(
  day: PlanningDay,
  found: Available & { readonly present: readonly PresentRoute[] },
  request: RunRequest,
): PlanningProblem {
  const places = new Places();
  const depotPlace = places.indexOf(day);
  const promises = promisesToKeep(found.present, request);
  const orders = Array.from(found.orders.values(), (order) =>
    planningOrder(order, {
      place: places.indexOf(order),
      windows: windowsOf(order, promises.get(order.id), day),
    }),
  );
  return {
    places: places.points,
    vehicles: Array.from(found.shifts.values(), (shift) =>
      planningVehicle(shift, { depotPlace, dayStartMs: day.dayStartMs }),
    ),
    orders,
    travel: { kind: 'ESTIMATE' },
    objectives: planningObjectives(request.objectives),
    present: presentPlanOf(found.present, request, found),
  };
}

type Promised = { startMs: number; endMs: number };

/**
 * By order. A plan that is made anew makes new promises, but for the routes that are locked. null:
 * a locked route that was planned to be late comes without a promise, and is welcome at any time.
 */
function promisesToKeep(
  present: readonly PresentRoute[],
  { mode, lockedRouteIds }: Keeping,
): Map<string, Promised | null> {
  const promises = new Map<string, Promised | null>();
  for (const { id: routeId, stops } of present) {
    const isLocked = lockedRouteIds.includes(routeId);
    if (mode === 'FULL' && !isLocked) continue;
    for (const { id, promisedStartMs, promisedEndMs } of stops.flatMap(({ orders }) => orders)) {
      if (promisedStartMs !== null && promisedEndMs !== null) {
        promises.set(id, { startMs: promisedStartMs, endMs: promisedEndMs });
      } else if (isLocked) promises.set(id, null);
    }
  }
  return promises;
}

function windowsOf(
  { requestedWindows }: OpenOrder,
  promised: Promised | null | undefined,
  { dayStartMs }: PlanningDay,
): ServiceWindow[] {
  if (promised === null) return [];
  if (promised !== undefined) return [serviceWindow(promised, dayStartMs)];
  return requestedWindows.map(({ start, end }) =>
    serviceWindow({ startMs: Date.parse(start), endMs: Date.parse(end) }, dayStartMs),
  );
}
