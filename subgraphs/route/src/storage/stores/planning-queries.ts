import type { EntityManager } from '@mikro-orm/postgresql';

import type { VehicleProfile } from '../../planning/travel/vehicle-profile.ts';
import type { OrderKind, StoredWindow } from '../entities/order.ts';
import { FREE_SHIFTS, hasNoDispatchedRoute, IS_OPEN_ORDER, shiftIsOn } from './planning-scope.ts';

/** The frame of a run: its depot and day. Instants are milliseconds since the epoch. */
export type PlanningDay = {
  planId: string;
  organizationId: string;
  depotId: string;
  serviceDate: string;
  dayStartMs: number;
  latitude: number;
  longitude: number;
  currency: string;
};

export type OpenOrder = {
  id: string;
  version: number;
  kind: OrderKind;
  latitude: number;
  longitude: number;
  loadWeightKg: number;
  loadVolumeM3: number;
  loadParcels: number;
  requestedWindows: StoredWindow[];
  /** One of the windows was promised: by the plan, or by the slot offer that the order took. */
  isPromised: boolean;
  serviceSeconds: number;
  requirements: string[];
  priority: number;
};

/** A vehicle with its driver in one shift. Costs are decimals as text. */
export type FreeShift = {
  shiftId: string;
  vehicleId: string;
  driverId: string;
  vehicleName: string;
  registrationPlate: string;
  driverName: string;
  profile: VehicleProfile;
  capabilities: string[];
  skills: string[];
  capacityWeightKg: number;
  capacityVolumeM3: number;
  capacityParcels: number | null;
  costPerKm: string;
  costPerHour: string;
  costFixedPerDay: string;
  wtwGramsCo2ePerKm: number;
  startMs: number;
  endMs: number;
};

/** Null when fleet knows the depot no more. */
export async function planningDay(em: EntityManager, planId: string): Promise<PlanningDay | null> {
  const [day]: PlanningDay[] = await em.execute(
    `select plan.id as "planId", plan.organization_id as "organizationId",
       plan.depot_id as "depotId", plan.service_date::text as "serviceDate",
       (extract(epoch from plan.service_date::timestamp at time zone depot.time_zone) * 1000)::float8
         as "dayStartMs",
       depot.latitude, depot.longitude, organization.currency
     from route.plans plan
     join fleet_published.depots depot
       on depot.id = plan.depot_id and depot.organization_id = plan.organization_id
     join fleet_published.organizations organization on organization.id = plan.organization_id
     where plan.id = ?`,
    [planId],
  );
  return day ?? null;
}

/** Orders of the depot and day that are on no dispatched route, in the order of their creation. */
export async function openOrders(em: EntityManager, day: PlanningDay): Promise<OpenOrder[]> {
  return em.execute(
    `select id, version, kind, latitude, longitude, load_weight_kg as "loadWeightKg",
       load_volume_m3 as "loadVolumeM3", load_parcels as "loadParcels",
       requested_windows as "requestedWindows", promised_start is not null as "isPromised",
       service_seconds as "serviceSeconds",
       requirements, priority
     from route.orders o
     where depot_id = ? and service_date = ? and organization_id = ? and ${IS_OPEN_ORDER}
     order by id`,
    [day.depotId, day.serviceDate, day.organizationId],
  );
}

/** Shifts that start on the day at the depot, with a usable vehicle, and no dispatched route yet. */
export async function freeShifts(em: EntityManager, day: PlanningDay): Promise<FreeShift[]> {
  return em.execute(
    `select shift.id as "shiftId", vehicle.id as "vehicleId", driver.id as "driverId",
       vehicle.display_name as "vehicleName", vehicle.registration_plate as "registrationPlate",
       driver.display_name as "driverName", vehicle.kind as profile, vehicle.capabilities,
       driver.skills, vehicle.capacity_weight_kg as "capacityWeightKg",
       vehicle.capacity_volume_m3 as "capacityVolumeM3",
       vehicle.capacity_parcels as "capacityParcels", vehicle.cost_per_km::text as "costPerKm",
       vehicle.cost_per_hour::text as "costPerHour",
       vehicle.cost_fixed_per_day::text as "costFixedPerDay",
       vehicle.wtw_grams_co2e_per_km as "wtwGramsCo2ePerKm",
       (extract(epoch from shift.planned_start) * 1000)::float8 as "startMs",
       (extract(epoch from shift.planned_end) * 1000)::float8 as "endMs"
     from ${FREE_SHIFTS}
     where shift.organization_id = ? and shift.depot_id = ?
       and ${shiftIsOn('?::date')} and ${hasNoDispatchedRoute('?')}
     order by vehicle.display_name, shift.id`,
    [day.organizationId, day.depotId, day.serviceDate, day.serviceDate, day.planId],
  );
}
