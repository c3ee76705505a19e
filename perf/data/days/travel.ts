import { VEHICLE_KINDS } from '../fleet/vehicle-kinds.ts';
import type { VehicleKind } from '../fleet/vehicle-kinds.ts';
import { straightLineMeters } from '../geo.ts';
import type { Point } from '../geo.ts';

/** A way from one point to the next as a planner would estimate it. */
export type Leg = { distanceMeters: number; durationSeconds: number };

// The same estimate as the route subgraph's: streets are longer than the straight line, and longer
// ways are faster.
const CIRCUITY = 1.3;
const DISTANCE_EXPONENT = 0.6;

/** The way between two points in average traffic. */
export function leg(from: Point, to: Point, kind: VehicleKind): Leg {
  const { firstKilometreSeconds, sustainedKmPerHour } = VEHICLE_KINDS[kind];
  const distanceMeters = Math.round(CIRCUITY * straightLineMeters(from, to));
  const inTown = firstKilometreSeconds * (distanceMeters / 1000) ** DISTANCE_EXPONENT;
  const sustained = (3.6 / sustainedKmPerHour) * distanceMeters;
  return { distanceMeters, durationSeconds: Math.round(Math.max(inTown, sustained)) };
}

/** How much slower than average a way is at a time of day, in minutes after midnight. */
export function trafficFactor(minutes: number): number {
  return 1.03 + 0.25 * rush(minutes, 8 * 60, 55) + 0.4 * rush(minutes, 17 * 60, 75);
}

function rush(minutes: number, peak: number, width: number): number {
  return Math.exp(-(((minutes - peak) / width) ** 2));
}
