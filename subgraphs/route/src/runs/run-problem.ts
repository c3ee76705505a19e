import type { EntityManager } from '@mikro-orm/postgresql';

import type { PlanningOrder, PlanningProblem, PlanningVehicle } from '../planning/problem.ts';
import { freeShifts, openOrders, planningDay } from '../storage/stores/planning-queries.ts';
import type { FreeShift, OpenOrder, PlanningDay } from '../storage/stores/planning-queries.ts';
import { presentRoutes } from '../storage/stores/present-routes.ts';
import type { PresentRoute } from '../storage/stores/present-routes.ts';

/** What the planner gets, and what its solution is read with. Orders and shifts by their id. */
export type RunProblem = {
  readonly problem: PlanningProblem;
  readonly day: PlanningDay;
  readonly orders: ReadonlyMap<string, OpenOrder>;
  readonly shifts: ReadonlyMap<string, FreeShift>;
  /** What the proposal would replace. */
  readonly present: readonly PresentRoute[];
};

/** Reads everything that a run needs in four statements; null when the depot is gone. */
export async function loadRunProblem(
  em: EntityManager,
  planId: string,
): Promise<RunProblem | null> {
  const day = await planningDay(em, planId);
  if (day === null) return null;
  const [orders, shifts, present] = await Promise.all([
    openOrders(em, day),
    freeShifts(em, day),
    presentRoutes(em, planId),
  ]);
  return {
    day,
    present,
    orders: new Map(orders.map((order) => [order.id, order])),
    shifts: new Map(shifts.map((shift) => [shift.shiftId, shift])),
    problem: {
      depot: { latitude: day.latitude, longitude: day.longitude },
      orders: orders.map((order) => planningOrder(order, day)),
      vehicles: shifts.map((shift) => planningVehicle(shift, day)),
      travel: { kind: 'ESTIMATE' },
    },
  };
}

function planningOrder(order: OpenOrder, { dayStartMs }: PlanningDay): PlanningOrder {
  return {
    key: order.id,
    kind: order.kind,
    point: { latitude: order.latitude, longitude: order.longitude },
    load: {
      weightKg: order.loadWeightKg,
      volumeM3: order.loadVolumeM3,
      parcels: order.loadParcels,
    },
    windows: order.requestedWindows.map(({ start, end }) => {
      // Whole seconds inside the window, and at least one of them.
      const startSeconds = Math.ceil((Date.parse(start) - dayStartMs) / 1000);
      const endSeconds = Math.floor((Date.parse(end) - dayStartMs) / 1000);
      return { startSeconds, endSeconds: Math.max(endSeconds, startSeconds + 1) };
    }),
    serviceSeconds: order.serviceSeconds,
    requirements: order.requirements,
    priority: order.priority,
  };
}

function planningVehicle(shift: FreeShift, { dayStartMs }: PlanningDay): PlanningVehicle {
  return {
    key: shift.shiftId,
    profile: shift.profile,
    capacity: {
      weightKg: shift.capacityWeightKg,
      volumeM3: shift.capacityVolumeM3,
      parcels: shift.capacityParcels,
    },
    capabilities: [...new Set([...shift.capabilities, ...shift.skills])],
    shiftStartSeconds: Math.ceil((shift.startMs - dayStartMs) / 1000),
    shiftEndSeconds: Math.floor((shift.endMs - dayStartMs) / 1000),
    cost: {
      perKm: Number(shift.costPerKm),
      perHour: Number(shift.costPerHour),
      fixed: Number(shift.costFixedPerDay),
    },
  };
}
