import type { GeoPoint } from '../planning/travel/geo-point.ts';

const EARTH_RADIUS_METERS = 6_371_008.8;

/** Distance on the sphere (haversine), in metres, not rounded. */
export function straightLineMeters(from: GeoPoint, to: GeoPoint): number {
  const chord =
    Math.sin(radians(to.latitude - from.latitude) / 2) ** 2 +
    Math.cos(radians(from.latitude)) *
      Math.cos(radians(to.latitude)) *
      Math.sin(radians(to.longitude - from.longitude) / 2) ** 2;
  return 2 * EARTH_RADIUS_METERS * Math.asin(Math.min(1, Math.sqrt(chord)));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
