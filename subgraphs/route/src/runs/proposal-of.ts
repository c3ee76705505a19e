import type {
  PlanningSolution,
  SolutionMetrics,
  SolutionRoute,
  UnassignedReason,
} from '../planning/solution.ts';
import type {
  Proposal,
  ProposalMetrics,
  ProposalOrder,
  ProposalRoute,
} from '../storage/entities/proposal.ts';
import type { RunProblem } from './run-problem.ts';

/** A solution in the terms of its problem's day: instants instead of seconds, names beside ids. */
export function proposalOf(solution: PlanningSolution, run: RunProblem): Proposal {
  return {
    currency: run.day.currency,
    routes: solution.routes.map((route) => ({
      ...keptRouteOf(route, run),
      ...proposalRoute(route, run),
    })),
    unassigned: solution.unassigned.map(({ orderKey, reasons }) => ({
      ...proposalOrder(orderKey, run),
      reasons: reasons.map((reason) => storedReason(reason, run)),
    })),
    metrics: proposalMetrics(solution.metrics),
  };
}

function proposalRoute(route: SolutionRoute, run: RunProblem): ProposalRoute {
  const shift = run.shifts.get(route.vehicleKey);
  if (shift === undefined) throw new Error(`The plan uses an unknown shift ${route.vehicleKey}`);
  const instant = (seconds: number) => new Date(run.day.dayStartMs + seconds * 1000).toISOString();
  return {
    shiftId: shift.shiftId,
    vehicleId: shift.vehicleId,
    driverId: shift.driverId,
    vehicleName: shift.vehicleName,
    registrationPlate: shift.registrationPlate,
    driverName: shift.driverName,
    capacityWeightKg: shift.capacityWeightKg,
    plannedStart: instant(route.startSeconds),
    plannedEnd: instant(route.endSeconds),
    metrics: proposalMetrics(route.metrics),
    stops: route.stops.flatMap((stop) => {
      // No vehicle of a run has breaks or reloads.
      if (stop.kind === 'BREAK' || stop.kind === 'RELOAD') return [];
      return {
        kind: stop.kind,
        orders: stop.orderKeys.map((key) => proposalOrder(key, run)),
        window: stop.window && {
          start: instant(stop.window.startSeconds),
          end: instant(stop.window.endSeconds),
        },
        arrival: instant(stop.arrivalSeconds),
        departure: instant(stop.departureSeconds),
        serviceSeconds: stop.serviceSeconds,
        leg: stop.legFromPrevious,
      };
    }),
  };
}

function keptRouteOf({ vehicleKey }: SolutionRoute, run: RunProblem) {
  const keptRouteId = run.locked.get(vehicleKey);
  return keptRouteId === undefined ? {} : { keptRouteId };
}

function proposalOrder(id: string, run: RunProblem): ProposalOrder {
  const order = run.orders.get(id);
  if (order === undefined) throw new Error(`The plan serves an unknown order ${id}`);
  return { id, version: order.version };
}

function storedReason({ displacement, ...reason }: UnassignedReason, run: RunProblem) {
  const shift = displacement && run.shifts.get(displacement.vehicleKey);
  if (shift === undefined) return reason;
  const { orderKeys, costDelta } = displacement!;
  const { vehicleId } = shift;
  return { ...reason, displacement: { vehicleId, orderIds: [...orderKeys], costDelta } };
}

function proposalMetrics(metrics: SolutionMetrics): ProposalMetrics {
  return {
    distanceMeters: metrics.distanceMeters,
    drivingSeconds: metrics.drivingSeconds,
    serviceSeconds: metrics.serviceSeconds,
    waitingSeconds: metrics.waitingSeconds,
    cost: metrics.cost.toFixed(2),
  };
}
