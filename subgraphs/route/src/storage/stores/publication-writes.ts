import type { RunStatus } from '@quantumroute/schema/events';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { OrderStatus } from '../entities/order.ts';
import type { Proposal, UnassignedReason } from '../entities/proposal.ts';
import type { StopKind } from '../entities/stop.ts';
import { sqlArray, sqlRecords } from '../sql.ts';

export type ProposedRun = {
  id: string;
  planVersion: number;
  status: RunStatus;
  proposal: Proposal | null;
};

export async function findRunOfPlan(
  em: EntityManager,
  { runId, planId }: { runId: string; planId: string },
): Promise<ProposedRun | null> {
  const [run]: ProposedRun[] = await em.execute(
    `select id, plan_version as "planVersion", status, proposal from route.optimization_runs
     where id = ? and plan_id = ?`,
    [runId, planId],
  );
  return run ?? null;
}

export type PublishableOrder = {
  id: string;
  version: number;
  status: OrderStatus;
  serviceSeconds: number;
  loadWeightKg: number;
  promisedStartMs: number | null;
};

export async function lockOrdersToPublish(
  em: EntityManager,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<PublishableOrder[]> {
  return em.execute(
    `select id, version, status, service_seconds as "serviceSeconds",
       load_weight_kg as "loadWeightKg",
       (extract(epoch from promised_start) * 1000)::float8 as "promisedStartMs"
     from route.orders where id = any (?::uuid[]) and organization_id = ?
     order by id for update`,
    [sqlArray(ids), organizationId],
  );
}

/** Instants are RFC 3339 text, `cost` a decimal. */
export type NewRoute = {
  id: string;
  vehicleId: string;
  driverId: string;
  shiftId: string;
  vehicleName: string;
  registrationPlate: string;
  driverName: string;
  plannedStart: string;
  plannedEnd: string;
  distanceMeters: number;
  drivingSeconds: number;
  serviceSeconds: number;
  waitingSeconds: number;
  stopCount: number;
  loadWeightKg: number;
  capacityWeightKg: number;
  cost: string;
  currency: string;
};

export async function insertRoutes(
  em: EntityManager,
  { planId, runId }: { planId: string; runId: string },
  routes: readonly NewRoute[],
): Promise<void> {
  await em.execute(
    `insert into route.routes (
       id, organization_id, plan_id, run_id, depot_id, service_date, vehicle_id, driver_id, shift_id,
       vehicle_name, registration_plate, driver_name, planned_start, planned_end, distance_meters,
       driving_seconds, service_seconds, waiting_seconds, stop_count, load_weight_kg,
       capacity_weight_kg, cost, currency)
     select new."id", plan.organization_id, plan.id, ?, plan.depot_id, plan.service_date,
       "vehicleId", "driverId", "shiftId", "vehicleName", "registrationPlate", "driverName",
       "plannedStart", "plannedEnd", "distanceMeters", "drivingSeconds", "serviceSeconds",
       "waitingSeconds", "stopCount", "loadWeightKg", "capacityWeightKg", "cost", "currency"
     from route.plans plan
     cross join jsonb_to_recordset(?::jsonb) as new (
       "id" uuid, "vehicleId" uuid, "driverId" uuid, "shiftId" uuid, "vehicleName" text,
       "registrationPlate" text, "driverName" text, "plannedStart" timestamptz,
       "plannedEnd" timestamptz, "distanceMeters" int, "drivingSeconds" int,
       "serviceSeconds" int, "waitingSeconds" int, "stopCount" int, "loadWeightKg" float8,
       "capacityWeightKg" float8, "cost" numeric, "currency" text)
     where plan.id = ?`,
    [runId, sqlRecords(routes), planId],
  );
}

export type NewStop = {
  id: string;
  routeId: string;
  sequence: number;
  kind: StopKind;
  /** Any of its orders: they share the place. */
  firstOrderId: string;
  windowStart: string | null;
  windowEnd: string | null;
  plannedArrival: string;
  plannedDeparture: string;
  serviceSeconds: number;
  legDistanceMeters: number;
  legDurationSeconds: number;
  legIsEstimated: boolean;
};

export async function insertStops(em: EntityManager, stops: readonly NewStop[]): Promise<void> {
  await em.execute(
    `insert into route.stops (
       id, organization_id, route_id, sequence, kind, place_name, address_lines, postal_code,
       country_code, latitude, longitude, instructions, window_start, window_end, planned_arrival,
       planned_departure, service_seconds, leg_distance_meters, leg_duration_seconds,
       leg_is_estimated)
     select new."id", o.organization_id, "routeId", "sequence", new."kind", o.place_name,
       o.address_lines, o.postal_code, o.country_code, o.latitude, o.longitude, o.instructions,
       "windowStart", "windowEnd", "plannedArrival", "plannedDeparture", "serviceSeconds",
       "legDistanceMeters", "legDurationSeconds", "legIsEstimated"
     from jsonb_to_recordset(?::jsonb) as new (
       "id" uuid, "routeId" uuid, "sequence" int, "kind" text, "firstOrderId" uuid,
       "windowStart" timestamptz, "windowEnd" timestamptz, "plannedArrival" timestamptz,
       "plannedDeparture" timestamptz, "serviceSeconds" int, "legDistanceMeters" int,
       "legDurationSeconds" int, "legIsEstimated" boolean)
     join route.orders o on o.id = new."firstOrderId"`,
    [sqlRecords(stops)],
  );
}

export type OrderPlacement = {
  id: string;
  stopId: string | null;
  promisedStart: string | null;
  promisedEnd: string | null;
  unassignedReasons: UnassignedReason[];
};

/** Puts each order into its stop, or back among those that wait for one. */
export async function placeOrders(
  em: EntityManager,
  placements: readonly OrderPlacement[],
): Promise<void> {
  await em.execute(
    `update route.orders set
       status = case when new."stopId" is null then 'ACCEPTED' else 'PLANNED' end,
       stop_id = new."stopId", promised_start = new."promisedStart",
       promised_end = new."promisedEnd", unassigned_reasons = new."unassignedReasons",
       version = version + 1
     from jsonb_to_recordset(?::jsonb) as new (
       "id" uuid, "stopId" uuid, "promisedStart" timestamptz, "promisedEnd" timestamptz,
       "unassignedReasons" jsonb)
     where orders.id = new."id"`,
    [sqlRecords(placements)],
  );
}

/** Removes the plan's routes that are not dispatched, but for the new ones; their orders wait again. */
export async function removeReplacedRoutes(
  em: EntityManager,
  { planId, keep }: { planId: string; keep: readonly string[] },
): Promise<void> {
  const replaced = `select id from route.routes
    where plan_id = ? and status = 'PLANNED' and id <> all (?::uuid[])`;
  const parameters = [planId, sqlArray(keep)];
  await em.execute(
    `update route.orders set
       status = 'ACCEPTED', stop_id = null, promised_start = null, promised_end = null,
       version = version + 1
     where stop_id in (select id from route.stops where route_id in (${replaced}))`,
    parameters,
  );
  await em.execute(`delete from route.routes where id in (${replaced})`, parameters);
}
