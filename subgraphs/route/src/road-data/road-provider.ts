import type { GeoPoint } from '../planning/travel/geo-point.ts';
import type { VehicleProfile } from '../planning/travel/vehicle-profile.ts';
import { emptySegments, OFF_ROAD } from './segments.ts';
import type { Segments } from './segments.ts';

/** A routing engine that gives times and distances for many legs at once. */
export type RoadProvider = {
  /** Part of the cache's keys. */
  readonly name: string;
  /** What the router calls the profile; null: it has no roads for it. Profiles of one name share their legs. */
  profileName(profile: VehicleProfile): string | null;
  /** Throws a `RoadDataError`, or the signal's reason. */
  table(question: TableQuestion, options: { signal: AbortSignal }): Promise<Segments>;
};

export type TableQuestion = {
  readonly origins: readonly GeoPoint[];
  readonly destinations: readonly GeoPoint[];
  readonly profile: VehicleProfile;
  /** Where the legs begin, as `2026-11-23T08:15`; null: at no time in particular. */
  readonly localTime: string | null;
};

/** Asks about the places that are not `offRoad`; these count the origins first, then the destinations. */
export async function tableWithout(
  offRoad: ReadonlySet<number>,
  question: TableQuestion,
  ask: (question: TableQuestion) => Promise<Segments>,
): Promise<Segments> {
  const { origins, destinations } = question;
  const rows = [...origins.keys()].filter((row) => !offRoad.has(row));
  const columns = [...destinations.keys()].filter(
    (column) => !offRoad.has(origins.length + column),
  );
  const segments = emptySegments(origins.length * destinations.length);
  segments.durationSeconds.fill(OFF_ROAD);
  if (rows.length === 0 || columns.length === 0) return segments;
  const found = await ask({
    ...question,
    origins: rows.map((row) => origins[row]!),
    destinations: columns.map((column) => destinations[column]!),
  });
  for (const [i, row] of rows.entries()) {
    for (const [j, column] of columns.entries()) {
      const index = row * destinations.length + column;
      segments.durationSeconds[index] = found.durationSeconds[i * columns.length + j]!;
      segments.distanceMeters[index] = found.distanceMeters[i * columns.length + j]!;
    }
  }
  return segments;
}
