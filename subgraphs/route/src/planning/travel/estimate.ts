import type { GeoPoint } from './geo-point.ts';
import type { TravelLeg, TravelMatrix } from './matrix-provider.ts';
import type { VehicleProfile } from './vehicle-profile.ts';

/** One leg, for an ETA or a check: the same figures as in the matrix of the same points. */
export function estimateLeg(from: GeoPoint, to: GeoPoint, profile: VehicleProfile): TravelLeg {
  const distanceMeters = roadMeters(directionOf(from), directionOf(to));
  return {
    distanceMeters,
    durationSeconds: durationSeconds(distanceMeters, PACE[profile]),
    isEstimated: true,
  };
}

/** Single legs between many points, by their indexes: for whoever needs a few of a matrix only. */
export function legEstimator(points: readonly GeoPoint[]): {
  meters(from: number, to: number): number;
  seconds(meters: number, profile: VehicleProfile): number;
} {
  const directions = points.map(directionOf);
  return {
    meters: (from, to) => roadMeters(directions[from]!, directions[to]!),
    seconds: (meters, profile) => durationSeconds(meters, PACE[profile]),
  };
}

/** Every leg between the points, for one profile. */
export function estimateMatrix(points: readonly GeoPoint[], profile: VehicleProfile): TravelMatrix {
  const size = points.length;
  const pace = PACE[profile];
  const directions = points.map(directionOf);
  const distances = new Int32Array(size * size);
  const durations = new Int32Array(size * size);
  for (let from = 0; from < size; from++) {
    for (let to = from + 1; to < size; to++) {
      const meters = roadMeters(directions[from]!, directions[to]!);
      distances[from * size + to] = distances[to * size + from] = meters;
      durations[from * size + to] = durations[to * size + from] = durationSeconds(meters, pace);
    }
  }
  return { size, distanceMeters: distances, durationSeconds: durations, isEstimated: true };
}

/**
 * Roads are longer than the straight line by 1.2 to 1.4 in built-up areas of Europe and the United
 * States (Ballou, Rahardja and Sakai 2002; Boscoe, Henry and Zdeb 2012).
 */
const CIRCUITY = 1.3;

/** The longer the leg, the larger its share of fast roads, hence less than proportional. */
const DISTANCE_EXPONENT = 0.6;

const EARTH_RADIUS_METERS = 6_371_008.8;

type Pace = {
  /** The c of time = c * distance^0.6. */
  readonly secondsPerScaledMeter: number;
  /** Where the curve would become faster than the vehicle can go on average, this holds instead. */
  readonly secondsPerMeter: number;
};

/**
 * From two figures that a dispatcher can check: how long one kilometre in town takes with its
 * junctions, and what the vehicle averages on a long way. A van then needs 10 minutes for 5 km,
 * 23 for 20 km and 40 for 50 km.
 */
const PACE: Readonly<Record<VehicleProfile, Pace>> = {
  CARGO_BIKE: pace({ firstKilometreSeconds: 300, sustainedKmPerHour: 16 }),
  CAR: pace({ firstKilometreSeconds: 210, sustainedKmPerHour: 110 }),
  VAN: pace({ firstKilometreSeconds: 230, sustainedKmPerHour: 100 }),
  RIGID_TRUCK: pace({ firstKilometreSeconds: 270, sustainedKmPerHour: 80 }),
  ARTICULATED_TRUCK: pace({ firstKilometreSeconds: 300, sustainedKmPerHour: 75 }),
};

function pace(figures: { firstKilometreSeconds: number; sustainedKmPerHour: number }): Pace {
  return {
    secondsPerScaledMeter: figures.firstKilometreSeconds / 1_000 ** DISTANCE_EXPONENT,
    secondsPerMeter: 3.6 / figures.sustainedKmPerHour,
  };
}

function durationSeconds(distanceMeters: number, { secondsPerScaledMeter, secondsPerMeter }: Pace) {
  const inTown = secondsPerScaledMeter * distanceMeters ** DISTANCE_EXPONENT;
  return Math.round(Math.max(inTown, secondsPerMeter * distanceMeters));
}

/** From the centre of the earth, of length 1. */
type Direction = { readonly x: number; readonly y: number; readonly z: number };

function directionOf({ latitude, longitude }: GeoPoint): Direction {
  const phi = (latitude * Math.PI) / 180;
  const lambda = (longitude * Math.PI) / 180;
  return {
    x: Math.cos(phi) * Math.cos(lambda),
    y: Math.cos(phi) * Math.sin(lambda),
    z: Math.sin(phi),
  };
}

/**
 * The haversine formula by its geometry: half the chord between two points on the sphere is the sine
 * of half the angle. With the directions at hand it needs no cosines for each pair, and it stays
 * exact for points that are metres apart.
 */
function roadMeters(from: Direction, to: Direction): number {
  const chord = Math.sqrt((from.x - to.x) ** 2 + (from.y - to.y) ** 2 + (from.z - to.z) ** 2);
  return Math.round(CIRCUITY * 2 * EARTH_RADIUS_METERS * Math.asin(Math.min(1, chord / 2)));
}
