import type { ClientBase } from 'pg';
import { copyRows } from '../../data/load/copy-rows.ts';
import type { World } from './world.ts';

/** Writes organizations, depots, crews and partners into the tables of the fleet room. */
export async function writeFleet(client: ClientBase, { organizations }: World): Promise<void> {
  for (const { id, name, depots, partners } of organizations) {
    const crews = depots.flatMap((depot) => depot.crews.map((crew) => ({ ...crew, depot })));
    await copyRows(client, {
      'fleet.organizations': [{ id, name, time_zone: 'UTC', currency: 'EUR' }],
      'fleet.partners': partners.map((partner, index) => ({
        id: partner,
        organization_id: id,
        name: `Partner ${index + 1}`,
      })),
      'fleet.depots': depots.map((depot) => ({
        id: depot.id,
        organization_id: id,
        code: depot.code,
        name: `Depot ${depot.code}`,
        latitude: 50,
        longitude: 10,
        time_zone: 'UTC',
      })),
      'fleet.vehicles': crews.map(({ vehicle, depot }, index) => ({
        id: vehicle,
        organization_id: id,
        display_name: `Van ${index + 1}`,
        registration_plate: `V-${index + 1}`,
        kind: 'VAN',
        status: 'AVAILABLE',
        home_depot_id: depot.id,
        capacity_weight_kg: 1_200,
        capacity_volume_m3: 12,
        capacity_parcels: null,
        capabilities: [],
        cost_per_km: 0.4,
        cost_per_hour: 30,
        cost_fixed_per_day: 50,
        energy_carrier: null,
        consumption_per_100_km: null,
      })),
      'fleet.drivers': crews.map(({ driver, depot }, index) => ({
        id: driver,
        organization_id: id,
        display_name: `Driver ${String(index + 1).padStart(3, '0')}`,
        phone: null,
        skills: [],
        home_depot_id: depot.id,
      })),
    });
  }
}
