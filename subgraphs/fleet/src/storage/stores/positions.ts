import { sql } from '@mikro-orm/postgresql';
import type { Fix } from '../../tracking/fix.ts';
import type { Tenant } from '../tenant.ts';

/** Telemetry is facts, not entities: plain rows, written once. */
export type Position = Fix & {
  vehicleId: string;
  organizationId: string;
  receivedAt: Date;
  /** On the database's clock; negative when the device's clock is ahead. */
  ageSeconds: number;
};

/** A stretch of history, [start, end), with one position per `resolutionSeconds`. */
export type Track = { start: Date; end: Date; resolutionSeconds: number };

export async function findLatestPositions(
  { em, organizationId }: Tenant,
  vehicleIds: readonly string[],
): Promise<Position[]> {
  const rows: PositionRow[] = await em.execute(sql`
    select ${positionColumns} from fleet.latest_positions as position
    where organization_id = ${organizationId}
      and vehicle_id = any(array[${vehicleIds}]::uuid[])`);
  return rows.map(positionOf);
}

/**
 * A page of history for each vehicle, oldest first, in one statement. It jumps from one interval of
 * the resolution to the next through the index, so that its cost follows the page, not the data.
 */
export async function listPositions(
  { em, organizationId }: Tenant,
  { vehicleIds, start, end, resolutionSeconds }: Track & { vehicleIds: readonly string[] },
  { limit, after }: { limit: number; after: Date | null },
): Promise<Map<string, Position[]>> {
  const step = sql`make_interval(secs => ${resolutionSeconds})`;
  const from = after === null ? null : after.toISOString();
  const first = sql`greatest(${start.toISOString()}::timestamptz, ${nextStep(sql`${from}::timestamptz`, step)})`;
  const fixes = sql`
    select * from fleet.positions
    where vehicle_id = vehicle.id and organization_id = ${organizationId}
      and recorded_at < ${end.toISOString()}::timestamptz`;
  const rows: PositionRow[] = await em.execute(sql`
    select ${positionColumns} from unnest(array[${vehicleIds}]::uuid[]) as vehicle (id)
    cross join lateral (
      with recursive thinned as (
        (select first.*, 1 as ordinal
         from (${fixes} and recorded_at >= ${first} order by recorded_at limit 1) as first)
        union all
        select next.*, thinned.ordinal + 1
        from thinned cross join lateral (
          ${fixes} and recorded_at >= ${nextStep(sql`thinned.recorded_at`, step)}
          order by recorded_at limit 1
        ) as next
        where thinned.ordinal < ${limit}
      )
      select * from thinned
    ) as position
    order by position.vehicle_id, position.recorded_at`);
  return Map.groupBy(rows.map(positionOf), (position) => position.vehicleId);
}

/** What became of positions that were stored. */
export type Stored = {
  /** How many of them were new. */
  accepted: number;
  /** When the vehicle was where it is known to be now; null when that was known before. */
  movedAt: Date | null;
  /** When it was where it was known to be before; null when it was known nowhere. */
  knownAt: Date | null;
};

/**
 * Stores what is new and gives its number; the latest position follows if one of them is newer.
 * In one statement, in the order of the key, so that two batches for a vehicle wait and never lock
 * each other.
 */
export async function insertPositions(
  { em, organizationId }: Tenant,
  vehicleId: string,
  fixes: readonly Fix[],
): Promise<Stored> {
  const rows: { accepted: number; moved_at_ms: number | null; known_at_ms: number | null }[] =
    await em.execute(sql`
    with fix as (
      select * from jsonb_to_recordset(${JSON.stringify(fixes.map(rowOf))}::jsonb) as fix (
        recorded_at timestamptz, latitude float8, longitude float8, speed_meters_per_second real,
        heading_degrees real, accuracy_meters real, odometer_meters bigint, energy_level_ratio real
      )
    ), inserted as (
      insert into fleet.positions (vehicle_id, organization_id, ${fixColumns})
      select ${vehicleId}::uuid, ${organizationId}::uuid, ${fixColumns} from fix
      order by recorded_at
      on conflict do nothing
      returning *
    ), latest as (
      insert into fleet.latest_positions as known (vehicle_id, organization_id, ${fixColumns})
      select vehicle_id, organization_id, ${fixColumns} from inserted
      order by recorded_at desc limit 1
      on conflict (vehicle_id) do update set
        (recorded_at, received_at, latitude, longitude, speed_meters_per_second, heading_degrees,
         accuracy_meters, odometer_meters, energy_level_ratio) =
        (excluded.recorded_at, now(), excluded.latitude, excluded.longitude,
         excluded.speed_meters_per_second, excluded.heading_degrees, excluded.accuracy_meters,
         excluded.odometer_meters, excluded.energy_level_ratio)
      where known.recorded_at < excluded.recorded_at
      returning recorded_at
    )
    select count(*)::integer as accepted,
      (select (extract(epoch from recorded_at) * 1000)::float8 from latest) as moved_at_ms,
      (select (extract(epoch from recorded_at) * 1000)::float8 from fleet.latest_positions
       where vehicle_id = ${vehicleId}) as known_at_ms
    from inserted`);
  const {
    accepted = 0,
    moved_at_ms: movedAtMs = null,
    known_at_ms: knownAtMs = null,
  } = rows[0] ?? {};
  return { accepted, movedAt: instant(movedAtMs), knownAt: instant(knownAtMs) };
}

function instant(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

const fixColumns = sql`
  recorded_at, latitude, longitude, speed_meters_per_second, heading_degrees, accuracy_meters,
  odometer_meters, energy_level_ratio`;

/** Of a table that is called `position`. */
export const positionColumns = sql`
  position.vehicle_id, position.organization_id, position.latitude, position.longitude,
  (extract(epoch from position.recorded_at) * 1000)::float8 as recorded_at_ms,
  (extract(epoch from position.received_at) * 1000)::float8 as received_at_ms,
  extract(epoch from now() - position.recorded_at)::float8 as age_seconds,
  position.speed_meters_per_second, position.heading_degrees, position.accuracy_meters,
  position.odometer_meters::float8 as odometer_meters, position.energy_level_ratio`;

/** What they give. */
export type PositionRow = {
  vehicle_id: string;
  organization_id: string;
  latitude: number;
  longitude: number;
  recorded_at_ms: number;
  received_at_ms: number;
  age_seconds: number;
  speed_meters_per_second: number | null;
  heading_degrees: number | null;
  accuracy_meters: number | null;
  odometer_meters: number | null;
  energy_level_ratio: number | null;
};

/** A position as it is known outside of SQL. */
export function positionOf(row: PositionRow): Position {
  return {
    vehicleId: row.vehicle_id,
    organizationId: row.organization_id,
    latitude: row.latitude,
    longitude: row.longitude,
    recordedAt: new Date(row.recorded_at_ms),
    receivedAt: new Date(row.received_at_ms),
    ageSeconds: row.age_seconds,
    speedMetersPerSecond: row.speed_meters_per_second,
    headingDegrees: row.heading_degrees,
    accuracyMeters: row.accuracy_meters,
    odometerMeters: row.odometer_meters,
    energyLevelRatio: row.energy_level_ratio,
  };
}

function rowOf(fix: Fix) {
  return {
    recorded_at: fix.recordedAt.toISOString(),
    latitude: fix.latitude,
    longitude: fix.longitude,
    speed_meters_per_second: single(fix.speedMetersPerSecond),
    heading_degrees: single(fix.headingDegrees),
    accuracy_meters: single(fix.accuracyMeters),
    odometer_meters: fix.odometerMeters,
    energy_level_ratio: single(fix.energyLevelRatio),
  };
}

/** As `real` holds it. PostgreSQL does not round to 0 what is too small for it, it refuses the batch. */
function single(value: number | null): number | null {
  return value === null ? null : Math.fround(value);
}

/** The start of the interval after the one that `instant` is in. */
function nextStep(instant: ReturnType<typeof sql>, step: ReturnType<typeof sql>) {
  return sql`date_bin(${step}, ${instant}, 'epoch'::timestamptz) + ${step}`;
}
