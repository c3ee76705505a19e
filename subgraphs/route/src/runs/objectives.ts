import type { PlanningObjectives } from '../planning/problem.ts';
import type { ObjectiveWeight } from '../storage/entities/objective-weight.ts';

/** What the planner judges plans by: the vehicles' costs, unless the run was asked for something else. */
export function planningObjectives(weights: readonly ObjectiveWeight[]): PlanningObjectives {
  if (weights.length === 0) return { ...NOTHING, cost: 1 };
  const byKind = new Map(weights.map(({ kind, weight }) => [kind, weight]));
  return {
    cost: byKind.get('COST') ?? 0,
    distance: byKind.get('DISTANCE') ?? 0,
    duration: byKind.get('DURATION') ?? 0,
    vehicles: byKind.get('VEHICLES') ?? 0,
    lateness: byKind.get('LATENESS') ?? null,
    co2e: byKind.get('CO2E') ?? 0,
    workloadBalance: byKind.get('WORKLOAD_BALANCE') ?? 0,
  };
}

const NOTHING: PlanningObjectives = {
  cost: 0,
  distance: 0,
  duration: 0,
  vehicles: 0,
  lateness: null,
  co2e: 0,
  workloadBalance: 0,
};
