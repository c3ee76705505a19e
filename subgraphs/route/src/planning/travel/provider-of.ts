import type { PlanningProblem } from '../problem.ts';
import { estimateLeg, estimateMatrix } from './estimate.ts';
import type { GeoPoint } from './geo-point.ts';
import type { MatrixProvider, TravelMatrices } from './matrix-provider.ts';

/** The provider that the problem asks for. */
export function providerOf({
  travel,
  places,
}: Pick<PlanningProblem, 'travel' | 'places'>): MatrixProvider {
  if (travel.kind === 'MATRICES') return givenTravel(travel.matrices);
  return estimatedTravel(places);
}

/** An estimated matrix is made anew each time, so that nobody keeps it who needs it once. */
function estimatedTravel(places: readonly GeoPoint[]): MatrixProvider {
  const pointAt = (place: number): GeoPoint => {
    const point = places[place];
    if (point === undefined) throw new TypeError(`There is no place ${place}`);
    return point;
  };
  return {
    matrix: (profile) => estimateMatrix(places, profile),
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
