import type { GeoPoint } from '../planning/travel/geo-point.ts';
import type { VehicleProfile } from '../planning/travel/vehicle-profile.ts';
import { PlaceError } from './road-data-error.ts';
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

/** Places that are left out of one table; with more of them the data is the wrong one. */
const MAX_LEFT_OUT = 10;

/** Asks, and asks again without the place that a `PlaceError` names. */
export async function tableLeavingOut(
  question: TableQuestion,
  ask: (question: TableQuestion) => Promise<Segments>,
): Promise<Segments> {
  const leftOut = new Set<number>();
  for (;;) {
    try {
      return await tableWithout(leftOut, question, ask);
    } catch (error) {
      if (!(error instanceof PlaceError) || leftOut.size === MAX_LEFT_OUT) throw error;
      leftOut.add(remaining(question, leftOut)[error.place] ?? -1);
    }
  }
}

function remaining({ origins, destinations }: TableQuestion, leftOut: ReadonlySet<number>) {
  const all = Array.from({ length: origins.length + destinations.length }, (_, index) => index);
  return all.filter((index) => !leftOut.has(index));
}

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
