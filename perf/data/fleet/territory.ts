import { straightLineMeters } from '../geo.ts';
import type { Point } from '../geo.ts';
import type { Metro, Place } from '../places/places.ts';

// Far away there are other depots, and other carriers.
const REACH_METERS = 13_000;

/**
 * Each place of a metropolitan area is served by the depot that is nearest, and orders less the
 * farther away it is.
 */
export function territories(
  depots: readonly { point: Point; metro: Metro }[],
  places: readonly Place[],
): Place[][] {
  const result: Place[][] = depots.map(() => []);
  for (const place of places) {
    let nearest = -1;
    let shortest = Infinity;
    for (const [index, depot] of depots.entries()) {
      const meters = straightLineMeters(depot.point, place.point);
      if (depot.metro === place.metro && meters < shortest) [nearest, shortest] = [index, meters];
    }
    const weight = place.weight * Math.exp(-shortest / REACH_METERS);
    result[nearest]?.push({ ...place, weight });
  }
  return result;
}
