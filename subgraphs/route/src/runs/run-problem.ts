import type { EntityManager } from '@mikro-orm/postgresql';

import type { PlanningProblem } from '../planning/problem.ts';
import { freeShifts, openOrders, planningDay } from '../storage/stores/planning-queries.ts';
import type { FreeShift, OpenOrder, PlanningDay } from '../storage/stores/planning-queries.ts';
import { presentRoutes } from '../storage/stores/present-routes.ts';
import type { PresentRoute } from '../storage/stores/present-routes.ts';
import { planningProblemOf } from './planning-problem.ts';
import type { RunRequest } from './planning-problem.ts';

/** What the planner gets, and what its solution is read with. Orders and shifts by their id. */
export type RunProblem = {
  readonly problem: PlanningProblem;
  readonly day: PlanningDay;
  readonly orders: ReadonlyMap<string, OpenOrder>;
  readonly shifts: ReadonlyMap<string, FreeShift>;
  /** What the proposal would replace. */
  readonly present: readonly PresentRoute[];
  /** The routes that stay as they are, by the id of their shift. */
  readonly locked: ReadonlyMap<string, string>;
};

/** Reads everything that a run needs in four statements; null when the depot is gone. */
export async function loadRunProblem(
  em: EntityManager,
  run: RunRequest & { readonly planId: string },
): Promise<RunProblem | null> {
  const day = await planningDay(em, run.planId);
  if (day === null) return null;
  const [orders, shifts, present] = await Promise.all([
    openOrders(em, day),
    freeShifts(em, day),
    presentRoutes(em, run.planId),
  ]);
  const found = {
    present,
    orders: new Map(orders.map((order) => [order.id, order])),
    shifts: new Map(shifts.map((shift) => [shift.shiftId, shift])),
  };
  const problem = planningProblemOf(day, found, run);
  return { day, ...found, problem, locked: lockedRoutes(problem, found.present) };
}

function lockedRoutes(
  { present }: PlanningProblem,
  routes: readonly PresentRoute[],
): ReadonlyMap<string, string> {
  const locked = new Set(
    present?.routes.filter(({ isLocked }) => isLocked).map(({ vehicleKey }) => vehicleKey),
  );
  return new Map(
    routes.flatMap(({ id, shiftId }) =>
      shiftId !== null && locked.has(shiftId) ? [[shiftId, id] as const] : [],
    ),
  );
}
