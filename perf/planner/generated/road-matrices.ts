import type { Random } from '../../data/random.ts';
import type { TravelMatrix } from '../engine.ts';
import { straightLine, type Spot } from './map.ts';

export type Pace<Profile extends string = string> = {
  readonly profile: Profile;
  /** The c of seconds = c * metres^0.6. */
  readonly secondsPerScaledMeter: number;
};

const CIRCUITY = 1.3;
const ASYMMETRY = 0.04;

/** Distances along made-up roads, which differ there and back by some per cent as real ones do. */
export function roadMatrices<Profile extends string>(
  random: Random,
  spots: readonly Spot[],
  paces: Readonly<Record<Profile, Pace>>,
): Record<Profile, TravelMatrix> {
  const size = spots.length;
  const distanceMeters = new Int32Array(size * size);
  spots.forEach((from, row) => {
    spots.forEach((to, column) => {
      const detour = CIRCUITY * random.between(1 - ASYMMETRY, 1 + ASYMMETRY);
      distanceMeters[row * size + column] = Math.round(detour * straightLine(from, to));
    });
  });
  const matrices = Object.entries<Pace>(paces).map(([profile, { secondsPerScaledMeter }]) => [
    profile,
    {
      size,
      distanceMeters,
      durationSeconds: distanceMeters.map((meters) => secondsPerScaledMeter * meters ** 0.6),
      isEstimated: false,
    },
  ]);
  return Object.fromEntries(matrices) as Record<Profile, TravelMatrix>;
}
