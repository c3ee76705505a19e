import type { RouteTiming } from './route-timing.ts';

export type Eta = { at: Date; computedAt: Date; basis: 'PLAN' | 'LIVE_POSITION' };

/** The planned arrival shifted by the route's present delay; null once the vehicle has been there. */
export function planEta(timing: RouteTiming, stopId: string): Eta | null {
  const etaMs = timing.stops.get(stopId)?.etaMs ?? null;
  if (etaMs === null) return null;
  return { at: new Date(etaMs), computedAt: new Date(timing.computedAtMs), basis: 'PLAN' };
}
