import type { PlanningObjectives } from '../planning/problem.ts';
import type { ObjectiveWeight } from '../storage/entities/objective-weight.ts';

/** What the planner judges plans by: the vehicles' costs, unless the run was asked for something else. */
export function planningObjectives(weights: readonly ObjectiveWeight[]): PlanningObjectives {
  const asked = weights.length > 0 ? weights : [{ kind: 'COST', weight: 1 } as const];
  const byKind = new Map(asked.map(({ kind, weight }) => [kind, weight]));
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
