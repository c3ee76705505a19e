import type { OrderDraft } from '../orders/order-draft.ts';
import { orderRow } from '../orders/order-row.ts';
import { VEHICLE_KINDS } from '../fleet/vehicle-kinds.ts';
import { shifted } from '../geo.ts';
import type { Row, Rows } from '../load/tables.ts';
import { createRandom } from '../random.ts';
import { hex } from '../sortable-id.ts';
import type { FinishedDay, FinishedOrder, FinishedRoute, FinishedStop } from './finished-day.ts';
import { canceledEvents, finishedEvents } from './order-events.ts';
import { shiftId } from './shift-rows.ts';

/**
 * The rows of the route subgraph for a day that is over. `events` says how much of the orders'
 * story is kept: `ends` is the first and the last event of each.
 */
export function finishedRows(
  finished: FinishedDay,
  { events = 'all' }: { events?: 'all' | 'ends' | 'none' } = {},
): Rows {
  const { depot, day, planId, routes, canceled } = finished;
  const [first] = routes;
  if (first === undefined) return {};
  const visits = routes.flatMap((route) => route.stops.map((stop) => ({ route, stop })));
  return {
    'route.plans': [
      {
        id: planId,
        organization_id: depot.organization.id,
        depot_id: depot.id,
        service_date: day,
        status: 'PUBLISHED',
        version: 2,
        created_at: new Date(first.start - 10_800_000),
      },
    ],
    'route.routes': routes.map((route) => routeRow(route, planId)),
    'route.stops': visits.map(({ route, stop }) => stopRow(route, stop)),
    'route.orders': [
      ...visits.flatMap(({ stop }) => stop.orders.map((order) => finishedOrderRow(stop, order))),
      ...canceled.map(canceledOrderRow),
    ],
    'route.order_events': eventRows(finished, events),
  };
}

function eventRows(
  { routes, canceled }: FinishedDay,
  kept: 'all' | 'ends' | 'none',
): Row<'route.order_events'>[] {
  if (kept === 'none') return [];
  return [
    ...routes.flatMap((route) => route.stops.flatMap((stop) => finishedEvents(route, stop, kept))),
    ...canceled.flatMap(canceledEvents),
  ];
}

function routeRow(route: FinishedRoute, planId: string): Row<'route.routes'> {
  const { depot, crew, stops } = route;
  const planned = [...stops.map((stop) => stop.leg), route.lastLeg];
  return {
    ...routeKeys(route),
    id: route.id,
    plan_id: planId,
    shift_id: shiftId(depot, crew, route.day),
    vehicle_name: crew.vehicle.name,
    registration_plate: crew.vehicle.plate,
    driver_name: crew.driver.name,
    status: 'COMPLETED',
    distance_meters: sum(planned.map((way) => way.distanceMeters)),
    driving_seconds: sum(planned.map((way) => way.durationSeconds)),
    service_seconds: sum(stops.map((stop) => stop.serviceSeconds)),
    waiting_seconds: 0,
    dispatched_at: new Date(route.start - 1_800_000),
    version: 2 + stops.length,
    created_at: new Date(route.start - 7_200_000),
  };
}

/** What a route and its fact have in common. */
export function routeKeys(route: FinishedRoute) {
  const { depot, crew, stops } = route;
  return {
    organization_id: depot.organization.id,
    depot_id: depot.id,
    service_date: route.day,
    vehicle_id: crew.vehicle.id,
    driver_id: crew.driver.id,
    planned_start: new Date(route.start),
    planned_end: new Date(route.end),
    started_at: new Date(route.startedAt),
    ended_at: new Date(route.endedAt),
    stop_count: stops.length,
    load_weight_kg: Math.round(10 * sum(stops.flatMap(({ orders }) => orders.map(weightKg)))) / 10,
    capacity_weight_kg: VEHICLE_KINDS[crew.vehicle.kind].weightKg,
    cost: cost(route),
    currency: depot.organization.currency,
  };
}

/** By the vehicle's rates for the planned way and time, with two digits. */
function cost({ crew, stops, lastLeg, start, end }: FinishedRoute): string {
  const { costPerDay, costPerHour, costPerKm } = VEHICLE_KINDS[crew.vehicle.kind];
  const meters = sum(stops.map((stop) => stop.leg.distanceMeters)) + lastLeg.distanceMeters;
  const hours = (end - start) / 3_600_000;
  return (costPerDay + hours * costPerHour + (meters / 1000) * costPerKm).toFixed(2);
}

function stopRow(route: FinishedRoute, stop: FinishedStop): Row<'route.stops'> {
  const { address, failure, leg } = stop;
  return {
    id: stop.id,
    organization_id: route.depot.organization.id,
    route_id: route.id,
    sequence: stop.sequence,
    kind: stopKind(stop),
    status: failure === null ? 'COMPLETED' : 'FAILED',
    place_name: address.name,
    address_lines: address.addressLines,
    postal_code: address.postalCode,
    country_code: address.countryCode,
    latitude: address.point.latitude,
    longitude: address.point.longitude,
    instructions: address.instructions,
    ...stopTimes(stop),
    planned_departure: new Date(stop.departure),
    service_seconds: stop.serviceSeconds,
    leg_distance_meters: leg.distanceMeters,
    leg_duration_seconds: leg.durationSeconds,
    leg_is_estimated: true,
    actual_sequence: stop.actualSequence,
    failure_reason: failure,
    ...proof(stop),
    version: 3,
  };
}

export function stopTimes(stop: FinishedStop) {
  return {
    window_start: stop.window ? new Date(stop.window.start) : null,
    window_end: stop.window ? new Date(stop.window.end) : null,
    planned_arrival: new Date(stop.arrival),
    arrived_at: new Date(stop.arrivedAt),
    departed_at: new Date(stop.departedAt),
  };
}

function proof(stop: FinishedStop) {
  const random = createRandom(stop.id);
  const isThere = stop.failure === null;
  const [north, east] = [random.normal(0, 9), random.normal(0, 9)];
  const point = shifted(stop.address.point, north, east);
  return {
    proof_captured_at: isThere ? new Date(stop.departedAt - 8_000) : null,
    proof_synced_at: isThere ? new Date(stop.recordedAt) : null,
    proof_recipient_name: isThere && random.chance(0.6) ? stop.address.name : null,
    proof_latitude: isThere ? point.latitude : null,
    proof_longitude: isThere ? point.longitude : null,
    proof_distance_meters: isThere ? Math.round(Math.hypot(north, east)) : null,
    proof_sha256: isThere ? Array.from({ length: 8 }, () => hex(random, 8)).join('') : null,
  };
}

function finishedOrderRow(stop: FinishedStop, order: FinishedOrder): Row<'route.orders'> {
  return orderRow(order, {
    status: orderStatus(stop, order),
    stopId: stop.id,
    promised: stop.window,
    finishedAt: new Date(stop.departedAt),
    attempt: order.attempt,
    version: 4,
  });
}

function canceledOrderRow(order: OrderDraft): Row<'route.orders'> {
  return orderRow(order, {
    status: 'CANCELED',
    stopId: null,
    promised: null,
    finishedAt: new Date(order.createdAt + 3_600_000),
    attempt: 1,
    version: 2,
  });
}

function orderStatus(stop: FinishedStop, order: FinishedOrder) {
  if (stop.failure !== null) return 'FAILED';
  return order.inFull ? 'DELIVERED' : 'PARTIALLY_DELIVERED';
}

export function stopKind({ orders }: FinishedStop): string {
  return orders[0]?.kind === 'PICKUP' ? 'PICKUP' : 'DROPOFF';
}

function weightKg({ goods }: OrderDraft): number {
  return goods.weightKg;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
