import type { GeoPoint } from '../../planning/travel/geo-point.ts';

/** A world of its own, in which tests say where there are roads. */
export type World = {
  /** Points that a router finds no road for. */
  isOffRoad(point: GeoPoint): boolean;
  /** Pairs that are farther apart make Valhalla refuse the matrix; in degrees of latitude. */
  maxDegrees: number;
  /** Whether there is a way. */
  isReachable(from: GeoPoint, to: GeoPoint): boolean;
};

export type Question = { method: string; path: string; body: string };
export type Answer = { status: number; body: unknown };

/** 10 m/s along the axes, and a fifth longer towards the north: there and back differ. */
export function wayBetween(from: GeoPoint, to: GeoPoint): { seconds: number; meters: number } {
  const north = (to.latitude - from.latitude) * 111_195;
  const east = (to.longitude - from.longitude) * 111_195 * Math.cos((52 / 180) * Math.PI);
  const meters = Math.abs(north) * (north > 0 ? 1.2 : 1) + Math.abs(east);
  return { seconds: meters / 10, meters };
}

/** Berlin; each index is a place of its own, some 150 m from the one before. */
export function placeAt(index: number): GeoPoint {
  return {
    latitude: 52.5 + (index % 40) * 0.002,
    longitude: 13.3 + Math.floor(index / 40) * 0.002,
  };
}

export function placesTo(count: number): GeoPoint[] {
  return Array.from({ length: count }, (_, index) => placeAt(index));
}
