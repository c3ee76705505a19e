import { estimateMatrix } from '../planning/travel/estimate.ts';
import type { GeoPoint } from '../planning/travel/geo-point.ts';
import type { TravelMatrices, TravelMatrix } from '../planning/travel/matrix-provider.ts';
import type { VehicleProfile } from '../planning/travel/vehicle-profile.ts';
import type { RoadData, TableOptions } from './road-data.ts';
import { estimateOffRoad } from './road-legs.ts';
import type { TableQuestion } from './road-provider.ts';
import { NO_WAY } from './segments.ts';
import type { Segments } from './segments.ts';

/** What a run plans with, in the planner's terms. */
export type PlannerTravel =
  | { readonly kind: 'ESTIMATE' }
  | { readonly kind: 'MATRICES'; readonly matrices: TravelMatrices };

/**
 * Where there is no way: eleven days and a thousand kilometres. No shift is that long, so that no
 * plan has such a leg, and two thousand of them still fit into 32 bits.
 */
export const NO_WAY_LEG = { durationSeconds: 1_000_000, distanceMeters: 1_000_000 };

/** Matrices of the profiles in use, or the estimate when nothing is known of the roads. */
export async function plannerTravel(
  roadData: RoadData,
  {
    places,
    profiles,
    localTime,
  }: {
    places: readonly GeoPoint[];
    profiles: readonly VehicleProfile[];
    /** When the vehicles are under way, as `2026-11-23T12:00` at the depot. */
    localTime: string;
  },
  options: TableOptions,
): Promise<PlannerTravel> {
  const tables = await Promise.all(
    Array.from(new Set(profiles), async (profile) => {
      const question = { origins: places, destinations: places, profile, localTime };
      return { question, segments: await roadData.table(question, options) };
    }),
  );
  if (tables.every(({ segments }) => segments === null)) return { kind: 'ESTIMATE' };
  const matrices = tables.map(({ question, segments }) => [
    question.profile,
    segments === null ? estimateMatrix(places, question.profile) : matrixOf(segments, question),
  ]);
  return { kind: 'MATRICES', matrices: Object.fromEntries(matrices) as TravelMatrices };
}

function matrixOf(segments: Segments, question: TableQuestion): TravelMatrix {
  const { durationSeconds, distanceMeters, estimated } = estimateOffRoad(segments, question);
  for (let index = 0; index < durationSeconds.length; index++) {
    if (durationSeconds[index] !== NO_WAY) continue;
    durationSeconds[index] = NO_WAY_LEG.durationSeconds;
    distanceMeters[index] = NO_WAY_LEG.distanceMeters;
  }
  return {
    size: question.origins.length,
    durationSeconds,
    distanceMeters,
    isEstimated: false,
    estimatedLegs: estimated,
  };
}
