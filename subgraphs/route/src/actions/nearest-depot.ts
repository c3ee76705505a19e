import { straightLineMeters } from '../timing/straight-line.ts';
import type { GeoPoint } from '../planning/travel/geo-point.ts';

/** The depot with the shortest straight line to the point; null when there is none. */
export function nearestDepot<Depot extends GeoPoint>(
  point: GeoPoint,
  depots: readonly Depot[],
): Depot | null {
  let nearest: { depot: Depot; meters: number } | null = null;
  for (const depot of depots) {
    const meters = straightLineMeters(point, depot);
    if (nearest === null || meters < nearest.meters) nearest = { depot, meters };
  }
  return nearest?.depot ?? null;
}
