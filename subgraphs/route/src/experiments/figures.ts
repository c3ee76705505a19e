import type { Proposal } from '../storage/entities/proposal.ts';

/** What a plan comes to, as it is stored. `cost` is a decimal with two digits. */
export type PlanFigures = {
  cost: string;
  currency: string;
  distanceMeters: number;
  /** From leaving to being back, summed over the routes. */
  durationSeconds: number;
  drivingSeconds: number;
  vehicles: number;
  assigned: number;
  unassigned: number;
  computeSeconds: number;
};

/** The figures of a proposal that took `computeSeconds` to make. */
export function figuresOf(
  { currency, routes, unassigned, metrics }: Proposal,
  computeSeconds: number,
): PlanFigures {
  const { cost, distanceMeters, drivingSeconds } = metrics;
  const durationMs = routes.reduce(
    (total, { plannedStart, plannedEnd }) =>
      total + Date.parse(plannedEnd) - Date.parse(plannedStart),
    0,
  );
  const served = routes.flatMap(({ stops }) => stops.flatMap(({ orders }) => orders));
  return {
    cost,
    currency,
    distanceMeters,
    durationSeconds: Math.round(durationMs / 1000),
    drivingSeconds,
    vehicles: new Set(routes.map(({ vehicleId }) => vehicleId)).size,
    assigned: new Set(served.map(({ id }) => id)).size,
    unassigned: unassigned.length,
    computeSeconds,
  };
}
