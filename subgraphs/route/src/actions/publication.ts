import { newId } from '@quantumroute/schema/ids';

import { OPEN_ORDER_STATUSES } from '../lifecycles/order-lifecycle.ts';
import type {
  Proposal,
  ProposalOrder,
  ProposalRoute,
  ProposalStop,
} from '../storage/entities/proposal.ts';
import type {
  NewRoute,
  NewStop,
  OrderPlacement,
  PublishableOrder,
} from '../storage/stores/publication-writes.ts';

/** The rows that make a proposal the plan, and the routes that stay as they are. */
export type Publication = {
  keptRouteIds: string[];
  routes: NewRoute[];
  stops: NewStop[];
  placements: OrderPlacement[];
};

/**
 * Orders that were cancelled or changed since the run are left out, then stops without orders, then
 * routes without stops. What is left keeps its planned times.
 */
export function publicationOf(
  proposal: Proposal,
  current: ReadonlyMap<string, PublishableOrder>,
): Publication {
  const publication: Publication = { keptRouteIds: [], routes: [], stops: [], placements: [] };
  for (const route of proposal.routes) {
    if (route.keptRouteId === undefined) addRoute(publication, { proposal, route, current });
    else publication.keptRouteIds.push(route.keptRouteId);
  }
  for (const { id, version, reasons } of proposal.unassigned) {
    if (stillOpen({ id, version }, current) === null) continue;
    publication.placements.push({ ...WAITING, id, unassignedReasons: reasons });
  }
  return publication;
}

const WAITING = { stopId: null, promisedStart: null, promisedEnd: null };

type Orders = ReadonlyMap<string, PublishableOrder>;
type RouteToAdd = { proposal: Proposal; route: ProposalRoute; current: Orders };

function addRoute(publication: Publication, { proposal, route, current }: RouteToAdd): void {
  const stops = keptStops(route, current);
  if (stops.length === 0) return;
  const row = newRoute(route, { stops, currency: proposal.currency });
  publication.routes.push(row);
  for (const [index, stop] of stops.entries()) {
    const stopRow = newStop(stop, { routeId: row.id, sequence: index + 1 });
    publication.stops.push(stopRow);
    publication.placements.push(...stop.kept.map(({ id }) => placementOf(id, stopRow.id, stop)));
  }
}

function newRoute(
  { metrics, ...route }: ProposalRoute,
  { stops, currency }: { stops: KeptStop[]; currency: string },
): NewRoute {
  const serviceSeconds = stops.reduce((total, stop) => total + stop.serviceSeconds, 0);
  const orders = stops.flatMap((stop) => stop.kept);
  return {
    id: newId(),
    vehicleId: route.vehicleId,
    driverId: route.driverId,
    shiftId: route.shiftId,
    vehicleName: route.vehicleName,
    registrationPlate: route.registrationPlate,
    driverName: route.driverName,
    plannedStart: route.plannedStart,
    plannedEnd: route.plannedEnd,
    distanceMeters: metrics.distanceMeters,
    drivingSeconds: metrics.drivingSeconds,
    serviceSeconds,
    // The service of what was left out becomes waiting: the times stay as they are.
    waitingSeconds: metrics.waitingSeconds + metrics.serviceSeconds - serviceSeconds,
    stopCount: stops.length,
    loadWeightKg: orders.reduce((total, order) => total + order.loadWeightKg, 0),
    capacityWeightKg: route.capacityWeightKg,
    cost: metrics.cost,
    currency,
  };
}

type KeptStop = ProposalStop & { kept: PublishableOrder[]; promise: ProposalStop['window'] };

/** The way over a stop that is left out belongs to the next one's. */
function keptStops(route: ProposalRoute, current: Orders): KeptStop[] {
  const kept: KeptStop[] = [];
  let skipped = { distanceMeters: 0, durationSeconds: 0, isEstimated: false };
  for (const stop of route.stops) {
    const orders = stop.orders.flatMap((order) => stillOpen(order, current) ?? []);
    const leg = {
      distanceMeters: stop.leg.distanceMeters + skipped.distanceMeters,
      durationSeconds: stop.leg.durationSeconds + skipped.durationSeconds,
      isEstimated: stop.leg.isEstimated || skipped.isEstimated,
    };
    skipped = { distanceMeters: 0, durationSeconds: 0, isEstimated: false };
    if (orders.length === 0) skipped = { ...leg, isEstimated: true };
    else {
      const promise = promiseOf(stop);
      kept.push({ ...stop, leg, promise, kept: orders, serviceSeconds: serviceOf(orders) });
    }
  }
  return kept;
}

function stillOpen(order: ProposalOrder, current: Orders): PublishableOrder | null {
  const now = current.get(order.id);
  const isOpen = OPEN_ORDER_STATUSES.some((status) => status === now?.status);
  return now !== undefined && isOpen && now.version === order.version ? now : null;
}

function serviceOf(orders: readonly PublishableOrder[]): number {
  return orders.reduce((total, order) => total + order.serviceSeconds, 0);
}

function newStop(stop: KeptStop, place: { routeId: string; sequence: number }): NewStop {
  const [first] = stop.kept;
  if (first === undefined) throw new Error('A stop without orders was kept');
  return {
    ...place,
    id: newId(),
    kind: stop.kind === 'DELIVERY' ? 'DROPOFF' : 'PICKUP',
    firstOrderId: first.id,
    windowStart: stop.window?.start ?? null,
    windowEnd: stop.window?.end ?? null,
    plannedArrival: stop.arrival,
    plannedDeparture: stop.departure,
    serviceSeconds: stop.serviceSeconds,
    legDistanceMeters: stop.leg.distanceMeters,
    legDurationSeconds: stop.leg.durationSeconds,
    legIsEstimated: stop.leg.isEstimated,
  };
}

function placementOf(id: string, stopId: string, { promise }: KeptStop): OrderPlacement {
  const promisedStart = promise?.start ?? null;
  const promisedEnd = promise?.end ?? null;
  return { id, stopId, promisedStart, promisedEnd, unassignedReasons: [] };
}

/** A window that the plan itself misses, as it may where lateness has a price, is no promise. */
function promiseOf({ window, departure, serviceSeconds }: ProposalStop): ProposalStop['window'] {
  const startMs = Date.parse(departure) - serviceSeconds * 1000;
  return window !== null && startMs < Date.parse(window.end) ? window : null;
}
