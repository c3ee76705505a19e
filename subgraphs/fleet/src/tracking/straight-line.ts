type Point = { latitude: number; longitude: number };

const EARTH_RADIUS_METERS = 6_371_000;

/** As the crow flies. */
export function straightLineMeters(from: Point, to: Point): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const sin2 = (angle: number) => Math.sin(angle / 2) ** 2;
  const h =
    sin2(radians(to.latitude - from.latitude)) +
    Math.cos(radians(from.latitude)) *
      Math.cos(radians(to.latitude)) *
      sin2(radians(to.longitude - from.longitude));
  return 2 * EARTH_RADIUS_METERS * Math.asin(Math.min(1, Math.sqrt(h)));
}
