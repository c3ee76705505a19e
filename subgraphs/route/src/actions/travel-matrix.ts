import { badInput } from '@quantumroute/ops/failures';
import { z } from 'zod';

import type { GeoPoint } from '../planning/travel/geo-point.ts';
import type { RouteContext } from '../context.ts';
import type { TravelMatrix, TravelMatrixInput } from '../resolvers/schema-types.ts';
import { roadLegs } from '../road-data/road-legs.ts';
import { NO_WAY } from '../road-data/segments.ts';
import { solarTimeAt } from '../road-data/time-band.ts';

/** Well within the time that the gateway gives a query; what has not come by then is estimated. */
const DEADLINE_MS = 1_200;

const MAX_PAIRS = 2_500;

/** Throws BAD_USER_INPUT with the path of what is unusable. */
export async function findTravelMatrix(
  { roadData, nowMs, signal }: Pick<RouteContext, 'roadData' | 'nowMs' | 'signal'>,
  input: TravelMatrixInput,
): Promise<TravelMatrix> {
  const { origins, destinations, departAt } = checked(input);
  const departMs = departAt?.getTime() ?? nowMs;
  const localTime = solarTimeAt(departMs, origins[0]?.longitude ?? 0);
  const legs = await roadLegs(
    roadData,
    { origins, destinations, profile: input.profile ?? 'VAN', localTime },
    { signal, until: AbortSignal.timeout(DEADLINE_MS) },
  );
  const isWay = (index: number) => legs.durationSeconds[index] !== NO_WAY;
  const rowsOf = (figures: Int32Array) =>
    origins.map((_origin, row) =>
      destinations.map((_destination, column) => {
        const index = row * destinations.length + column;
        return isWay(index) ? figures[index]! : null;
      }),
    );
  return {
    durationsSeconds: rowsOf(legs.durationSeconds),
    distancesMeters: rowsOf(legs.distanceMeters),
    estimatedPairs: legs.estimated.reduce((sum, mark) => sum + mark, 0),
  };
}

const degrees = (bound: number) => {
  const error = `needs a number from -${bound} to ${bound}`;
  return z.number({ error }).min(-bound, { error }).max(bound, { error });
};

const points = z
  .array(z.object({ latitude: degrees(90), longitude: degrees(180) }))
  .min(1, { error: 'needs at least one place' })
  .max(MAX_PAIRS, { error: `needs at most ${MAX_PAIRS} places` });

const EARLIEST = new Date('2000-01-01T00:00:00Z');
const LATEST = new Date('2100-01-01T00:00:00Z');

const matrixInput = z.object({
  origins: points,
  destinations: points,
  departAt: z
    .date()
    .min(EARLIEST, { error: 'needs a year from 2000 to 2099' })
    .max(LATEST, { error: 'needs a year from 2000 to 2099' })
    .nullish(),
});

type CheckedInput = {
  origins: readonly GeoPoint[];
  destinations: readonly GeoPoint[];
  departAt?: Date | null | undefined;
};

function checked(input: TravelMatrixInput): CheckedInput {
  const { data, error } = matrixInput.safeParse(input);
  if (data === undefined) {
    const [issue] = error.issues;
    const path = (issue?.path ?? []).map(String);
    throw badInput(['input', ...path], `${path.at(-1) ?? 'input'} ${issue?.message}`);
  }
  const pairs = data.origins.length * data.destinations.length;
  if (pairs > MAX_PAIRS) {
    throw badInput(
      ['input'],
      `origins times destinations needs at most ${MAX_PAIRS}, got ${pairs}`,
    );
  }
  return data;
}
