import type { PlanningObjectives, PlanningVehicle } from '../problem.ts';

/** The objectives in one formula: fixed + meters * perMeter + seconds * perSecond + seconds² * perSquaredSecond. */
export type RouteCosts = {
  readonly fixedCost: number;
  readonly costPerMeter: number;
  readonly costPerSecond: number;
  readonly costPerSquaredSecond: number;
};

export function routeCosts(
  { cost, co2eGramsPerKm }: PlanningVehicle,
  objectives: PlanningObjectives,
): RouteCosts {
  const perKm =
    objectives.cost * cost.perKm + objectives.distance + (objectives.co2e * co2eGramsPerKm) / 1_000;
  const perHour = objectives.cost * cost.perHour + objectives.duration;
  const costs = {
    fixedCost: objectives.cost * cost.fixed + objectives.vehicles,
    costPerMeter: perKm / 1_000,
    costPerSecond: perHour / 3_600,
    costPerSquaredSecond: objectives.workloadBalance / 3_600 ** 2,
  };
  return isIndifferent(costs) ? { ...costs, ...TIE_BREAKING_COSTS } : costs;
}

/**
 * Many firms set no costs at all: a thousandth per kilometre and per quarter of an hour keeps routes
 * short without ever outweighing what other vehicles cost.
 */
const TIE_BREAKING_COSTS = { costPerMeter: 1e-6, costPerSecond: 1e-6 };

function isIndifferent({ costPerMeter, costPerSecond, costPerSquaredSecond }: RouteCosts): boolean {
  return costPerMeter === 0 && costPerSecond === 0 && costPerSquaredSecond === 0;
}

/** Null: windows are never missed. */
export function costPerLateSecond({ lateness }: PlanningObjectives): number | null {
  return lateness === null ? null : lateness / 3_600;
}
