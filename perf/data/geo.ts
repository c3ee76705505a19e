/** WGS 84, degrees. */
export type Point = { latitude: number; longitude: number };

const EARTH_RADIUS_METERS = 6_371_008.8;
const METERS_PER_DEGREE = (Math.PI / 180) * EARTH_RADIUS_METERS;

/** Straight-line distance; flat-earth arithmetic is exact to 0.1 % at the size of a city. */
export function straightLineMeters(from: Point, to: Point): number {
  const scale = Math.cos(((from.latitude + to.latitude) * Math.PI) / 360);
  return (
    METERS_PER_DEGREE *
    Math.hypot(to.latitude - from.latitude, scale * (to.longitude - from.longitude))
  );
}

/** The point that lies so many metres north and east, rounded to about 10 cm. */
export function shifted(point: Point, northMeters: number, eastMeters: number): Point {
  const scale = Math.cos((point.latitude * Math.PI) / 180);
  return {
    latitude: rounded(point.latitude + northMeters / METERS_PER_DEGREE),
    longitude: rounded(point.longitude + eastMeters / (METERS_PER_DEGREE * scale)),
  };
}

/** Compass direction of travel in degrees, 0 to 359. */
export function headingDegrees(from: Point, to: Point): number {
  const scale = Math.cos((from.latitude * Math.PI) / 180);
  const radians = Math.atan2(scale * (to.longitude - from.longitude), to.latitude - from.latitude);
  return (Math.round((radians * 180) / Math.PI) + 360) % 360;
}

function rounded(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}
