import { moneyOf } from './money.ts';
import type { OrganizationParent, VehicleParent } from './parents.ts';
import type { OperatingCost } from './schema-types.ts';

/** In the organization's currency; null when the costs of the vehicle are not known. */
export function operatingCostOf(
  { costPerKm, costPerHour, costFixedPerDay }: VehicleParent,
  { currency }: OrganizationParent,
): OperatingCost | null {
  if (!costPerKm || !costPerHour || !costFixedPerDay) return null;
  return {
    perKm: moneyOf(costPerKm, currency),
    perHour: moneyOf(costPerHour, currency),
    fixedPerDay: moneyOf(costFixedPerDay, currency),
  };
}
