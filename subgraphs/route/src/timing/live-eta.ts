import { estimateLeg } from '../planning/travel/estimate.ts';
import type { VehicleProfile } from '../planning/travel/vehicle-profile.ts';
import type { Eta } from './eta.ts';
import { planEta } from './eta.ts';
import type { RouteTiming } from './route-timing.ts';

export type LivePosition = {
  point: { latitude: number; longitude: number };
  recordedAtMs: number;
  isStale: boolean;
};

/**
 * When a vehicle reaches the next stop of its active route. A fresh position counts unless the
 * vehicle is at a stop, where the rest of the service decides, or has not left the depot yet.
 */
export function nextStopEta(
  timing: RouteTiming,
  position: LivePosition | null,
  vehicle: { profile: VehicleProfile; plannedStartMs: number },
): Eta | null {
  const next = timing.nextArrival;
  if (next === null) return null;
  if (position === null || position.isStale || timing.nextStop !== next) {
    return planEta(timing, next.stop.id);
  }
  const leg = estimateLeg(position.point, next.stop, vehicle.profile);
  const hasStarted = timing.progress.completedStops + timing.progress.failedStops > 0;
  const fromMs = hasStarted
    ? position.recordedAtMs
    : Math.max(position.recordedAtMs, vehicle.plannedStartMs);
  return {
    at: new Date(Math.max(fromMs + leg.durationSeconds * 1000, timing.computedAtMs)),
    computedAt: new Date(timing.computedAtMs),
    basis: 'LIVE_POSITION',
  };
}
