import { RoadDataError } from './road-data-error.ts';

/**
 * Figures from some points to others, row by row: the leg from origin a to destination b is at
 * `a * destinations + b`. Whole metres and seconds; there and back may differ.
 */
export type Segments = {
  readonly distanceMeters: Int32Array;
  /** `NO_WAY` or `OFF_ROAD` instead of a time, where there is none. */
  readonly durationSeconds: Int32Array;
};

/** Both ends are on the road network, and no way leads from one to the other. */
export const NO_WAY = -1;

/** An end has no road nearby: the road data has nothing to say about it. */
export const OFF_ROAD = -2;

/** Beyond this a point is not on the road network, however far a router is ready to snap it. */
export const MAX_SNAP_METERS = 1_000;

export function emptySegments(count: number): Segments {
  return { distanceMeters: new Int32Array(count), durationSeconds: new Int32Array(count) };
}

/** What a router said about one leg; both null when there is no way. */
export type RoutedLeg = { readonly seconds: unknown; readonly meters: unknown };

/** Throws a `RoadDataError` for anything that is not a time and a distance, or null. */
export function segmentsOf(
  { rows, columns }: { rows: number; columns: number },
  legAt: (row: number, column: number) => RoutedLeg,
): Segments {
  const segments = emptySegments(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const { seconds, meters } = legAt(row, column);
      const index = row * columns + column;
      if (seconds === null || meters === null) segments.durationSeconds[index] = NO_WAY;
      else {
        segments.durationSeconds[index] = wholeNumber(seconds);
        segments.distanceMeters[index] = wholeNumber(meters);
      }
    }
  }
  return segments;
}

/** JSON that must be a list of `rows` lists of `columns` items. */
export function gridOf(
  value: unknown,
  { rows, columns }: { rows: number; columns: number },
): unknown[][] {
  return listOf(value, rows).map((row) => listOf(row, columns));
}

/** JSON that must be a list of `length` items. */
export function listOf(value: unknown, length: number): unknown[] {
  if (Array.isArray(value) && value.length === length) return value;
  throw new RoadDataError('unusable', `needs a list of ${length}`);
}

/** Once around the earth, and three months on the road. */
const MAX_FIGURE = 40_000_000;

function wholeNumber(value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value <= MAX_FIGURE) return Math.round(value);
  throw new RoadDataError('unusable', `needs a time or a distance, got ${JSON.stringify(value)}`);
}
