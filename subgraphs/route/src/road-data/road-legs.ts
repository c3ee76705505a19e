import { estimateLeg } from '../planning/travel/estimate.ts';
import type { RoadData, TableOptions } from './road-data.ts';
import type { TableQuestion } from './road-provider.ts';
import { emptySegments, OFF_ROAD } from './segments.ts';
import type { Segments } from './segments.ts';

/** `durationSeconds` is `NO_WAY` where no way leads from one place to the other. */
export type RoadLegs = Segments & {
  /** 1 where the figures come from the straight line. */
  readonly estimated: Uint8Array;
};

/** Every leg, estimated where the road data has nothing to say. For tables of a few thousand legs. */
export async function roadLegs(
  roadData: RoadData,
  question: TableQuestion,
  options: TableOptions,
): Promise<RoadLegs> {
  const segments = await roadData.table(question, options);
  if (segments !== null) return estimateOffRoad(segments, question);
  const nothing = emptySegments(question.origins.length * question.destinations.length);
  nothing.durationSeconds.fill(OFF_ROAD);
  return estimateOffRoad(nothing, question);
}

/** Puts the estimate, in place, where an end of the leg has no road nearby. */
export function estimateOffRoad(
  segments: Segments,
  { origins, destinations, profile }: TableQuestion,
): RoadLegs {
  const { durationSeconds, distanceMeters } = segments;
  const estimated = new Uint8Array(durationSeconds.length);
  for (let index = 0; index < durationSeconds.length; index++) {
    if (durationSeconds[index] !== OFF_ROAD) continue;
    const from = origins[Math.floor(index / destinations.length)]!;
    const leg = estimateLeg(from, destinations[index % destinations.length]!, profile);
    durationSeconds[index] = leg.durationSeconds;
    distanceMeters[index] = leg.distanceMeters;
    estimated[index] = 1;
  }
  return { durationSeconds, distanceMeters, estimated };
}
