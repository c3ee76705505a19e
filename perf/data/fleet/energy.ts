import type { ClientBase } from 'pg';
import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';
import type { VehicleKind } from './vehicle-kinds.ts';
import type { VehiclePlan } from './plan.ts';

/** What a vehicle runs on, as its operator states it: nothing, the carrier, or also how much. */
export type Energy = { carrier: string | null; consumptionPer100Km: number | null };

const UNSTATED: Energy = { carrier: null, consumptionPer100Km: null };

/** Most operators know what their vehicles take; the same for the same vehicle. */
export function energyOf({ id, kind }: VehiclePlan): Energy {
  return DRAW[kind](createRandom(`energy/${id}`));
}

const DRAW: Record<VehicleKind, (random: Random) => Energy> = {
  CARGO_BIKE: () => UNSTATED,
  CAR: (random) => (random.chance(0.5) ? stated(random, 'PETROL', [6.4, 8.2]) : UNSTATED),
  VAN: (random) => {
    if (random.chance(0.3)) return stated(random, 'ELECTRICITY', [23, 31]);
    return random.chance(0.6) ? stated(random, 'DIESEL', [7.8, 10.6]) : UNSTATED;
  },
  RIGID_TRUCK: (random) => {
    if (random.chance(0.25)) return stated(random, 'HVO', [23, 29]);
    return random.chance(0.6) ? stated(random, 'DIESEL', [22, 28]) : UNSTATED;
  },
};

function stated(random: Random, carrier: string, [low, high]: [number, number]): Energy {
  return { carrier, consumptionPer100Km: Math.round(10 * random.between(low, high)) / 10 };
}

/** What each vehicle emits, as fleet publishes it. */
export type EmissionFactors = ReadonlyMap<string, EmissionFactor>;

export type EmissionFactor = {
  carrier: string;
  gramsPerKm: number;
  quality: string;
  factorSet: string;
};

/** Of all vehicles of the database. */
export async function readEmissionFactors(client: ClientBase): Promise<EmissionFactors> {
  const { rows } = await client.query<EmissionFactor & { id: string }>(
    `select id, energy_carrier as carrier, wtw_grams_co2e_per_km as "gramsPerKm",
       emission_data_quality as quality, factor_set as "factorSet"
     from fleet_published.vehicles`,
  );
  return new Map(rows.map(({ id, ...factor }) => [id, factor]));
}
