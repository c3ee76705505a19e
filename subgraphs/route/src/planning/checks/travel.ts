import type { PlanningProblem } from '../problem.ts';
import type { GeoPoint } from '../travel/geo-point.ts';
import type { TravelMatrix } from '../travel/matrix-provider.ts';
import type { Path, Report } from './report.ts';

/** The places, and the matrices that came with them. */
export function checkTravel(report: Report, { places, travel, vehicles }: PlanningProblem): void {
  places.forEach((point, index) => checkPoint(report, ['places', `${index}`], point));
  if (travel.kind !== 'MATRICES') return;
  for (const profile of new Set(vehicles.map((vehicle) => vehicle.profile))) {
    const path = ['travel', 'matrices', profile];
    const matrix = travel.matrices[profile];
    if (matrix === undefined) report(path, 'is missing, though a vehicle has this profile');
    else checkMatrix(report, path, matrix, places.length);
  }
}

function checkPoint(report: Report, path: Path, { latitude, longitude }: GeoPoint): void {
  if (!(Math.abs(latitude) <= 90)) {
    report([...path, 'latitude'], `must be from -90 to 90, got ${latitude}`);
  }
  if (!(Math.abs(longitude) <= 180)) {
    report([...path, 'longitude'], `must be from -180 to 180, got ${longitude}`);
  }
}

function checkMatrix(report: Report, path: Path, matrix: TravelMatrix, size: number): void {
  const { distanceMeters, durationSeconds } = matrix;
  if (
    matrix.size !== size ||
    distanceMeters.length !== size * size ||
    durationSeconds.length !== size * size
  ) {
    report(path, `must have ${size} rows and columns, got ${matrix.size}`);
  } else if (distanceMeters.some(isNegative) || durationSeconds.some(isNegative)) {
    report(path, 'must not have negative distances or durations');
  } else if (hasWayToItself(distanceMeters, size) || hasWayToItself(durationSeconds, size)) {
    report(path, 'must be 0 from each place to itself');
  }
}

function isNegative(value: number): boolean {
  return value < 0;
}

function hasWayToItself(figures: Int32Array, size: number): boolean {
  for (let place = 0; place < size; place++) {
    if (figures[place * size + place] !== 0) return true;
  }
  return false;
}
