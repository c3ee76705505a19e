import type { VehicleProfile } from '../planning/travel/vehicle-profile.ts';
import { PlaceError, RoadDataError } from './road-data-error.ts';
import { fieldsOf } from './road-client.ts';
import type { RoadClient } from './road-client.ts';
import { tableLeavingOut } from './road-provider.ts';
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
    table: (question, { signal }) =>
      tableLeavingOut(question, (onRoad) =>
        askForTable(client, onRoad, { name: profiles[question.profile] ?? '', signal }),
      ),
  };
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
  if (place) return new PlaceError(Number(place), `OSRM has no road for place ${place}`);
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
