export const OBJECTIVE_KINDS = [
  'COST',
  'DISTANCE',
  'DURATION',
  'VEHICLES',
  'LATENESS',
  'CO2E',
  'WORKLOAD_BALANCE',
] as const;
export type ObjectiveKind = (typeof OBJECTIVE_KINDS)[number];

/** One figure that a plan is judged by, as stored in the run's row. */
export type ObjectiveWeight = { kind: ObjectiveKind; weight: number };
