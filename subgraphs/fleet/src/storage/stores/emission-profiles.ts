import { sql } from '@mikro-orm/postgresql';
import type { Vehicle } from '../entities/vehicle.ts';
import type { Tenant } from '../tenant.ts';

export type EnergyCarrier = NonNullable<Vehicle['energyCarrier']>;

/** What a vehicle emits from well to wheels, as it is published to the other subgraphs. */
export type EmissionProfile = {
  vehicleId: string;
  energyCarrier: EnergyCarrier;
  wtwGramsCo2ePerKm: number;
  dataQuality: 'MODELED' | 'DEFAULT';
  factorSet: string;
};

export async function findEmissionProfiles(
  { em, organizationId }: Tenant,
  vehicleIds: readonly string[],
): Promise<EmissionProfile[]> {
  return em.execute(sql`
    select id as "vehicleId", energy_carrier as "energyCarrier",
      wtw_grams_co2e_per_km as "wtwGramsCo2ePerKm", emission_data_quality as "dataQuality",
      factor_set as "factorSet"
    from fleet_published.vehicles
    where organization_id = ${organizationId} and id = any(array[${vehicleIds}]::uuid[])`);
}

/** What vehicles of this kind can run on, the usual first. */
export async function energyCarriersOf(
  { em }: Tenant,
  kind: Vehicle['kind'],
): Promise<EnergyCarrier[]> {
  const rows: { carrier: EnergyCarrier }[] = await em.execute(sql`
    select energy_carrier as carrier from fleet.default_consumptions where kind = ${kind}
    order by is_usual desc, energy_carrier`);
  return rows.map(({ carrier }) => carrier);
}
