import type { VehicleProfile } from '../planning/travel/vehicle-profile.ts';
import { RoadDataError } from './road-data-error.ts';
import { fieldsOf } from './road-client.ts';
import type { RoadClient } from './road-client.ts';
import { tableWithout } from './road-provider.ts';
import type { RoadProvider, TableQuestion } from './road-provider.ts';
import { gridOf, listOf, MAX_SNAP_METERS, OFF_ROAD, segmentsOf } from './segments.ts';
import type { Segments } from './segments.ts';

/** Which data of the server is asked for each profile: the name in the path, such as `driving`. */
export type OsrmProfiles = Readonly<Partial<Record<VehicleProfile, string>>>;

/**
 * OSRM's `table` service (https://project-osrm.org/docs/, version 1 of its HTTP interface). It knows
 * no time of day. A place that it cannot find a road for makes it refuse everything, and is left out.
 */
export function createOsrm(client: RoadClient, profiles: OsrmProfiles): RoadProvider {
  return {
    name: 'osrm',
    profileName: (profile) => profiles[profile] ?? null,
    async table(question, { signal }) {
      const offRoad = new Set<number>();
      for (;;) {
        try {
          return await tableWithout(offRoad, question, (onRoad) =>
            askForTable(client, onRoad, { name: profiles[question.profile] ?? '', signal }),
          );
        } catch (error) {
          if (!(error instanceof NoSegmentError) || offRoad.size === MAX_OFF_ROAD) throw error;
          offRoad.add(remaining(question, offRoad)[error.place] ?? -1);
        }
      }
    },
  };
}

/** Places without a road that are looked for in one table; with more of them the data is the wrong one. */
const MAX_OFF_ROAD = 10;

class NoSegmentError extends RoadDataError {
  /** Among the places asked about. */
  readonly place: number;

  constructor(place: number) {
    super('refused', `OSRM has no road for place ${place}`);
    this.place = place;
  }
}

function remaining({ origins, destinations }: TableQuestion, offRoad: ReadonlySet<number>) {
  const all = Array.from({ length: origins.length + destinations.length }, (_, index) => index);
  return all.filter((index) => !offRoad.has(index));
}

async function askForTable(
  client: RoadClient,
  { origins, destinations }: TableQuestion,
  { name, signal }: { name: string; signal: AbortSignal },
): Promise<Segments> {
  const places = [...origins, ...destinations];
  const coordinates = places.map(
    ({ longitude, latitude }) => `${longitude.toFixed(6)},${latitude.toFixed(6)}`,
  );
  const sources = [...origins.keys()].join(';');
  const targets = [...destinations.keys()].map((index) => origins.length + index).join(';');
  const path =
    `/table/v1/${name}/${coordinates.join(';')}?sources=${sources}&destinations=${targets}` +
    '&annotations=duration,distance&generate_hints=false';
  const { status, body } = await client.ask({ path, signal });
  const answer = fieldsOf(body);
  if (status !== 200 || answer['code'] !== 'Ok') throw refusal(status, answer);
  return tableOf(answer, { rows: origins.length, columns: destinations.length });
}

function refusal(status: number, { code, message }: Record<string, unknown>): RoadDataError {
  const place = code === 'NoSegment' && /coordinate (\d+)/.exec(String(message))?.[1];
  if (place) return new NoSegmentError(Number(place));
  return new RoadDataError('refused', `OSRM refused with ${status} ${String(code)}`);
}

function tableOf(
  { durations, distances, sources, destinations }: Record<string, unknown>,
  size: { rows: number; columns: number },
): Segments {
  const seconds = gridOf(durations, size);
  const meters = gridOf(distances, size);
  const segments = segmentsOf(size, (row, column) => ({
    seconds: seconds[row]?.[column],
    meters: meters[row]?.[column],
  }));
  const rowIsOff = listOf(sources, size.rows).map(isOffRoad);
  const columnIsOff = listOf(destinations, size.columns).map(isOffRoad);
  for (let index = 0; index < segments.durationSeconds.length; index++) {
    if (rowIsOff[Math.floor(index / size.columns)] || columnIsOff[index % size.columns]) {
      segments.durationSeconds[index] = OFF_ROAD;
      segments.distanceMeters[index] = 0;
    }
  }
  return segments;
}

/** A waypoint says how far it is from the point asked about. */
function isOffRoad(waypoint: unknown): boolean {
  const { distance } = (waypoint ?? {}) as { distance?: unknown };
  return typeof distance === 'number' && distance > MAX_SNAP_METERS;
}
