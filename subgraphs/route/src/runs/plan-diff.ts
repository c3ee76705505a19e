import type { PlanDiff } from '../storage/entities/plan-diff.ts';
import type { Proposal, ProposalRoute } from '../storage/entities/proposal.ts';
import type { PresentOrder, PresentRoute, PresentStop } from '../storage/stores/present-routes.ts';
import { longestRun } from './longest-run.ts';

/**
 * What would change for people if the proposal took the place of these routes. It is made once, of
 * the routes that the run has read: a proposal can only be published while they are still the plan.
 * Locked routes stay literally as they are, and are left out. `waiting`: orders that no route serves
 * yet, and that have a promise all the same.
 */
export function planDiff(
  before: readonly PresentRoute[],
  proposal: Proposal,
  { waiting = [] }: { waiting?: readonly PresentOrder[] } = {},
): PlanDiff {
  const keptIds = new Set(proposal.routes.map(({ keptRouteId }) => keptRouteId));
  const present = before.filter(({ id }) => !keptIds.has(id));
  const proposed = proposal.routes.filter(({ keptRouteId }) => keptRouteId === undefined);
  const placements = placementsOf(proposed);
  const orders = present.flatMap(({ stops }) => stops.flatMap((stop) => stop.orders));
  const planned = new Set(orders.map(({ id }) => id));
  const routes = present.map((route) => changesOf(route, placements));
  return {
    movedStops: sum(routes.map(({ moved }) => moved)),
    resequencedStops: sum(routes.map(({ resequenced }) => resequenced)),
    brokenPromises: [...orders, ...waiting].filter((order) =>
      isBroken(order, placements.get(order.id)),
    ).length,
    worstEtaShiftSeconds: Math.max(0, ...routes.map(({ worstShiftMs }) => worstShiftMs)) / 1000,
    newlyUnassigned: orders.filter(({ id }) => !placements.has(id)).length,
    newlyAssigned: [...placements.keys()].filter((id) => !planned.has(id)).length,
    costDelta: costDelta(present, { proposed, currency: proposal.currency }),
    currency: proposal.currency,
    distanceDeltaMeters:
      sum(proposed.map(({ metrics }) => metrics.distanceMeters)) -
      sum(present.map((route) => route.distanceMeters)),
  };
}

/** Where the proposal serves an order. */
type Placement = {
  route: ProposalRoute;
  position: number;
  arrivalMs: number;
  serviceStartMs: number;
};

type Placements = ReadonlyMap<string, Placement>;

function placementsOf(routes: readonly ProposalRoute[]): Placements {
  const placements = new Map<string, Placement>();
  for (const route of routes) {
    for (const [position, stop] of route.stops.entries()) {
      const arrivalMs = Date.parse(stop.arrival);
      const serviceStartMs = Date.parse(stop.departure) - stop.serviceSeconds * 1000;
      const placement = { route, position, arrivalMs, serviceStartMs };
      for (const { id } of stop.orders) placements.set(id, placement);
    }
  }
  return placements;
}

function changesOf(route: PresentRoute, placements: Placements) {
  const positions: number[] = [];
  let moved = 0;
  let worstShiftMs = 0;
  for (const stop of route.stops) {
    const served = placementsOfStop(stop, placements);
    for (const { arrivalMs } of served) {
      worstShiftMs = Math.max(worstShiftMs, Math.abs(arrivalMs - stop.arrivalMs));
    }
    if (served.some((placement) => !isSameShift(route, placement.route))) moved += 1;
    else if (served.length > 0) positions.push(Math.min(...served.map(({ position }) => position)));
  }
  // Whatever is outside of the longest part that keeps its order has to change places.
  return { moved, resequenced: positions.length - longestRun(positions), worstShiftMs };
}

function placementsOfStop(stop: PresentStop, placements: Placements): Placement[] {
  return stop.orders.flatMap(({ id }) => placements.get(id) ?? []);
}

function isSameShift(present: PresentRoute, proposed: ProposalRoute): boolean {
  return present.shiftId === null
    ? present.vehicleId === proposed.vehicleId
    : present.shiftId === proposed.shiftId;
}

function isBroken(
  { promisedStartMs, promisedEndMs }: PresentOrder,
  placement: Placement | undefined,
): boolean {
  if (promisedStartMs === null || promisedEndMs === null) return false;
  if (placement === undefined) return true;
  const { serviceStartMs } = placement;
  return serviceStartMs < promisedStartMs || serviceStartMs >= promisedEndMs;
}

function costDelta(
  present: readonly PresentRoute[],
  { proposed, currency }: { proposed: readonly ProposalRoute[]; currency: string },
): string | null {
  if (present.some((route) => route.currency !== currency)) return null;
  const cents = ({ cost }: { cost: string }) => Math.round(Number(cost) * 100);
  const delta = sum(proposed.map(({ metrics }) => cents(metrics))) - sum(present.map(cents));
  return (delta / 100).toFixed(2);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
