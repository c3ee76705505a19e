import type { UserError } from '@quantumroute/ops/user-errors';
import { RefusedError, userError } from '@quantumroute/ops/user-errors';
import type { VehicleEnergyInput } from '../resolvers/schema-types.ts';
import type { Vehicle } from '../storage/entities/vehicle.ts';
import { energyCarriersOf } from '../storage/stores/emission-profiles.ts';
import type { Tenant } from '../storage/tenant.ts';
import { isGiven } from './is-given.ts';

const MAX_CONSUMPTION = 1_000;
const PATH = ['input', 'energy'];

export function energyProblems(energy: VehicleEnergyInput | null | undefined): UserError[] {
  const consumption = energy?.consumptionPer100Km ?? 0;
  if (consumption >= 0 && consumption <= MAX_CONSUMPTION) return [];
  const needed = `Needs a number from 0 to ${MAX_CONSUMPTION}, got ${consumption}`;
  return [userError.invalid([...PATH, 'consumptionPer100Km'], needed)];
}

/** The columns of a vehicle that say what it runs on; refuses what no vehicle of the kind does. */
export async function possibleEnergy(
  tenant: Tenant,
  kind: Vehicle['kind'],
  energy: VehicleEnergyInput | null | undefined,
): Promise<Pick<Vehicle, 'energyCarrier' | 'consumptionPer100Km'>> {
  if (!isGiven(energy)) return { energyCarrier: null, consumptionPer100Km: null };
  const { carrier, consumptionPer100Km = null } = energy;
  const possible = await energyCarriersOf(tenant, kind);
  if (possible.includes(carrier)) return { energyCarrier: carrier, consumptionPer100Km };
  const needed = `A vehicle of kind ${kind} runs on ${possible.join(', ')}, got ${carrier}`;
  throw new RefusedError([userError.invalid([...PATH, 'carrier'], needed)]);
}
