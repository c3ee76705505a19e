import { createHash } from 'node:crypto';
import { demoApiKeys } from '../demo-identities.ts';
import type { Row, Rows } from '../load/tables.ts';
import { energyOf } from './energy.ts';
import type { CrewPlan, DepotPlan, OrganizationPlan } from './plan.ts';
import { VEHICLE_KINDS } from './vehicle-kinds.ts';

/** The rows of organizations and of everything that they own for good. */
export function fleetRows(organizations: readonly OrganizationPlan[]): Rows {
  const depots = organizations.flatMap((organization) => organization.depots);
  const crews = depots.flatMap((depot) => depot.crews.map((crew) => ({ depot, crew })));
  return {
    'fleet.organizations': organizations.map(({ id, name, timeZone, currency }) => ({
      id,
      name,
      time_zone: timeZone,
      currency,
    })),
    'fleet.partners': organizations.flatMap((organization) =>
      organization.partners.map(({ id, name }) => ({ id, organization_id: organization.id, name })),
    ),
    'fleet.depots': depots.map(depotRow),
    'fleet.vehicles': crews.map(vehicleRow),
    'fleet.drivers': crews.map(driverRow),
  };
}

/** The rows of the demo's API keys: hashes only. */
export function apiKeyRows(): Rows {
  return {
    'fleet.partner_api_keys': demoApiKeys.map((apiKey) => ({
      id: apiKey.id,
      organization_id: apiKey.organizationId,
      partner_id: apiKey.partnerId,
      sha256: createHash('sha256').update(apiKey.key).digest('hex'),
      client: apiKey.client,
      scopes: apiKey.scopes,
    })),
  };
}

function depotRow({
  id,
  organization,
  code,
  name,
  point,
  timeZone,
}: DepotPlan): Row<'fleet.depots'> {
  return {
    id,
    organization_id: organization.id,
    code,
    name,
    latitude: point.latitude,
    longitude: point.longitude,
    time_zone: timeZone,
  };
}

function vehicleRow({ depot, crew }: { depot: DepotPlan; crew: CrewPlan }): Row<'fleet.vehicles'> {
  const { vehicle } = crew;
  const facts = VEHICLE_KINDS[vehicle.kind];
  const energy = energyOf(vehicle);
  return {
    id: vehicle.id,
    organization_id: depot.organization.id,
    display_name: vehicle.name,
    registration_plate: vehicle.plate,
    kind: vehicle.kind,
    status: vehicle.status,
    home_depot_id: depot.id,
    capacity_weight_kg: facts.weightKg,
    capacity_volume_m3: facts.volumeM3,
    capacity_parcels: facts.parcels,
    capabilities: vehicle.capabilities,
    cost_per_km: facts.costPerKm,
    cost_per_hour: facts.costPerHour,
    cost_fixed_per_day: facts.costPerDay,
    energy_carrier: energy.carrier,
    consumption_per_100_km: energy.consumptionPer100Km,
  };
}

function driverRow({ depot, crew }: { depot: DepotPlan; crew: CrewPlan }): Row<'fleet.drivers'> {
  const { id, name, phone, skills } = crew.driver;
  return {
    id,
    organization_id: depot.organization.id,
    display_name: name,
    phone,
    skills,
    home_depot_id: depot.id,
  };
}
