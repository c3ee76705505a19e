import { clockProblem } from './device-clock.ts';

/** What a device measured. */
export type Fix = {
  recordedAt: Date;
  latitude: number;
  longitude: number;
  speedMetersPerSecond: number | null;
  headingDegrees: number | null;
  accuracyMeters: number | null;
  odometerMeters: number | null;
  energyLevelRatio: number | null;
};

/** Why a measurement cannot be kept. `path` leads to the value inside a `PositionInput`. */
export type FixProblem = { path: string[]; message: string };

// Wider than any road vehicle, narrow enough that nonsense does not reach a map.
const RANGES = [
  { path: ['point', 'latitude'], value: (fix: Fix) => fix.latitude, min: -90, max: 90 },
  { path: ['point', 'longitude'], value: (fix: Fix) => fix.longitude, min: -180, max: 180 },
  {
    path: ['speedMetersPerSecond'],
    value: (fix: Fix) => fix.speedMetersPerSecond,
    min: 0,
    max: 150,
  },
  { path: ['headingDegrees'], value: (fix: Fix) => fix.headingDegrees, min: 0, max: 360 },
  { path: ['accuracyMeters'], value: (fix: Fix) => fix.accuracyMeters, min: 0, max: 1_000_000 },
  {
    path: ['odometerMeters'],
    value: (fix: Fix) => fix.odometerMeters,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
  },
  { path: ['energyLevelRatio'], value: (fix: Fix) => fix.energyLevelRatio, min: 0, max: 1 },
];

/** The first problem of a measurement, or null when it can be kept. */
export function fixProblem(fix: Fix, now: Date): FixProblem | null {
  for (const { path, value, min, max } of RANGES) {
    const measured = value(fix);
    // NaN is in no range.
    if (measured === null || (measured >= min && measured <= max)) continue;
    return { path, message: `Needs a number from ${min} to ${max}, got ${measured}` };
  }
  const message = clockProblem(fix.recordedAt, now);
  return message === null ? null : { path: ['recordedAt'], message };
}
