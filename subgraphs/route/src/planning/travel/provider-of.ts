import type { PlanningProblem } from '../problem.ts';
import { estimateLeg, estimateMatrix } from './estimate.ts';
import type { GeoPoint } from './geo-point.ts';
import type { MatrixProvider, TravelMatrices, TravelMatrix } from './matrix-provider.ts';
import type { VehicleProfile } from './vehicle-profile.ts';

/** The provider that the problem asks for. */
export function providerOf({ travel, depot, orders }: PlanningProblem): MatrixProvider {
  if (travel.kind === 'MATRICES') return givenTravel(travel.matrices);
  return estimatedTravel([depot, ...orders.map((order) => order.point)]);
}

/** An estimated matrix is made once for each profile, when it is first asked for. */
function estimatedTravel(points: readonly GeoPoint[]): MatrixProvider {
  const matrices = new Map<VehicleProfile, TravelMatrix>();
  const pointAt = (place: number): GeoPoint => {
    const point = points[place];
    if (point === undefined) throw new TypeError(`There is no place ${place}`);
    return point;
  };
  return {
    matrix(profile) {
      const matrix = matrices.get(profile) ?? estimateMatrix(points, profile);
      matrices.set(profile, matrix);
      return matrix;
    },
    leg: (profile, from, to) => estimateLeg(pointAt(from), pointAt(to), profile),
  };
}

function givenTravel(matrices: TravelMatrices): MatrixProvider {
  const matrix: MatrixProvider['matrix'] = (profile) => {
    const found = matrices[profile];
    if (found === undefined) throw new TypeError(`There is no matrix for ${profile}`);
    return found;
  };
  return {
    matrix,
    leg(profile, from, to) {
      const { size, distanceMeters, durationSeconds, isEstimated, estimatedLegs } = matrix(profile);
      const index = from * size + to;
      return {
        distanceMeters: distanceMeters[index] ?? 0,
        durationSeconds: durationSeconds[index] ?? 0,
        isEstimated: isEstimated || estimatedLegs?.[index] === 1,
      };
    },
  };
}
