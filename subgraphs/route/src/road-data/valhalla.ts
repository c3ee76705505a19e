import type { GeoPoint } from '../planning/travel/geo-point.ts';
import type { VehicleProfile } from '../planning/travel/vehicle-profile.ts';
import { straightLineMeters } from '../timing/straight-line.ts';
import { PlaceError, RoadDataError } from './road-data-error.ts';
import { fieldsOf } from './road-client.ts';
import type { RoadAnswer, RoadClient } from './road-client.ts';
import { tableLeavingOut, tableWithout } from './road-provider.ts';
import type { RoadProvider, TableQuestion } from './road-provider.ts';
import {
  emptySegments,
  gridOf,
  listOf,
  MAX_SNAP_METERS,
  NO_WAY,
  OFF_ROAD,
  segmentsOf,
} from './segments.ts';
import type { RoutedLeg, Segments } from './segments.ts';

/**
 * Valhalla's `sources_to_targets`
 * (https://valhalla.github.io/valhalla/api/matrix/api-reference/). A place without a road makes most
 * versions refuse the whole matrix without saying which it is: `locate` does. So does a place that is
 * farther away than the server's limit: the outermost is left out until there is an answer.
 */
export function createValhalla(client: RoadClient): RoadProvider {
  return {
    name: 'valhalla',
    profileName: (profile) => profile,
    table: (question, { signal }) =>
      tableLeavingOut(question, (near) => matrixOnRoad(client, near, signal)),
  };
}

/** "Path distance exceeds the max distance limit": of some pair, and it comes before all other refusals. */
const TOO_FAR = 154;

/** "No suitable edges near location". */
const NO_EDGES = 171;

/** "No path could be found for input": not a single one of the matrix. */
const NO_PATH = 442;

async function matrixOnRoad(
  client: RoadClient,
  question: TableQuestion,
  signal: AbortSignal,
): Promise<Segments> {
  const answer = await askForMatrix(client, question, signal);
  if (answer.status === 200) return matrixOf(answer, question);
  const code = fieldsOf(answer.body)['error_code'];
  if (code === TOO_FAR)
    throw new PlaceError(farthestIn(question), 'Valhalla finds a place too far');
  if (code !== NO_EDGES && code !== NO_PATH) throw refusal(answer);
  const offRoad = await findOffRoad(client, question, signal);
  if (code === NO_EDGES && offRoad.size === 0) throw refusal(answer);
  return tableWithout(offRoad, question, async (onRoad) => {
    if (code === NO_PATH) return noWays(onRoad);
    const again = await askForMatrix(client, onRoad, signal);
    if (again.status === 200) return matrixOf(again, onRoad);
    if (fieldsOf(again.body)['error_code'] === NO_PATH) return noWays(onRoad);
    throw refusal(again);
  });
}

/** The index of the place that is farthest from the middle of all; half of them would have to be wrong to shift that. */
function farthestIn({ origins, destinations }: TableQuestion): number {
  const places = [...origins, ...destinations];
  const middle = {
    latitude: median(places.map(({ latitude }) => latitude)),
    longitude: median(places.map(({ longitude }) => longitude)),
  };
  const distances = places.map((place) => straightLineMeters(middle, place));
  return distances.indexOf(Math.max(...distances));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

type Costing = { costing: string; costing_options?: Record<string, object> };

/**
 * Metres, metric tons and km/h. Trucks are as large as the European Union lets them be (Directive
 * 96/53/EC) and as fast as their limiters (92/6/EEC).
 */
const COSTING: Readonly<Record<VehicleProfile, Costing>> = {
  CARGO_BIKE: {
    costing: 'bicycle',
    costing_options: { bicycle: { bicycle_type: 'City', cycling_speed: 16 } },
  },
  CAR: { costing: 'auto' },
  VAN: {
    costing: 'auto',
    costing_options: { auto: { height: 2.7, width: 2.1 } },
  },
  RIGID_TRUCK: {
    costing: 'truck',
    costing_options: {
      truck: { height: 4, width: 2.55, length: 12, weight: 18, axle_load: 11.5, top_speed: 90 },
    },
  },
  ARTICULATED_TRUCK: {
    costing: 'truck',
    costing_options: {
      truck: { height: 4, width: 2.55, length: 16.5, weight: 40, axle_load: 11.5, top_speed: 90 },
    },
  },
};

function askForMatrix(
  client: RoadClient,
  { origins, destinations, profile, localTime }: TableQuestion,
  signal: AbortSignal,
): Promise<RoadAnswer> {
  // Only departures are allowed for wide matrices, and only arrivals for high ones.
  const type = origins.length > destinations.length ? 2 : 1;
  const body = {
    sources: origins.map(locationOf),
    targets: destinations.map(locationOf),
    ...COSTING[profile],
    units: 'kilometers',
    verbose: true,
    ...(localTime === null ? {} : { date_time: { type, value: localTime } }),
  };
  return client.ask({ path: '/sources_to_targets', body, signal });
}

function locationOf({ latitude, longitude }: GeoPoint) {
  return {
    lat: Number(latitude.toFixed(6)),
    lon: Number(longitude.toFixed(6)),
    search_cutoff: MAX_SNAP_METERS,
  };
}

function matrixOf({ body }: RoadAnswer, { origins, destinations }: TableQuestion): Segments {
  const { sources_to_targets: rows, units, sources, targets } = fieldsOf(body);
  const size = { rows: origins.length, columns: destinations.length };
  if (units !== undefined && units !== 'kilometers') {
    throw new RoadDataError('unusable', `needs kilometres, got ${JSON.stringify(units)}`);
  }
  const legs = gridOf(rows, size);
  const segments = segmentsOf(size, (row, column) => legOf(legs[row]?.[column]));
  // Newer versions answer, with null for a place without a road.
  for (let index = 0; index < segments.durationSeconds.length; index++) {
    const source = Math.floor(index / size.columns);
    const isOff = isNull(sources, source) || isNull(targets, index % size.columns);
    if (isOff) segments.durationSeconds[index] = OFF_ROAD;
  }
  return segments;
}

function legOf(leg: unknown): RoutedLeg {
  const { time, distance } = fieldsOf(leg);
  return {
    seconds: time,
    meters: typeof distance === 'number' ? distance * 1_000 : distance,
  };
}

function isNull(list: unknown, index: number): boolean {
  return Array.isArray(list) && list[index] === null;
}

async function findOffRoad(
  client: RoadClient,
  { origins, destinations, profile }: TableQuestion,
  signal: AbortSignal,
): Promise<Set<number>> {
  const locations = [...origins, ...destinations].map(locationOf);
  const body = { locations, ...COSTING[profile], verbose: false };
  const answer = await client.ask({ path: '/locate', body, signal });
  if (answer.status !== 200) throw refusal(answer);
  const located = listOf(answer.body, locations.length);
  return new Set(
    [...located.keys()].filter((index) => {
      const { edges } = fieldsOf(located[index]);
      return !Array.isArray(edges) || edges.length === 0;
    }),
  );
}

function noWays({ origins, destinations }: TableQuestion): Segments {
  const segments = emptySegments(origins.length * destinations.length);
  segments.durationSeconds.fill(NO_WAY);
  return segments;
}

function refusal({ status, body }: RoadAnswer): RoadDataError {
  const code = String(fieldsOf(body)['error_code']);
  return new RoadDataError('refused', `Valhalla refused with ${status} ${code}`);
}
