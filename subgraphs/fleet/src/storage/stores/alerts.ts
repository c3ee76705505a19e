import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from '@mikro-orm/postgresql';
import { newId } from '@quantumroute/schema/ids';
import type { VehicleAlerted } from '../../live/vehicle-alerted.ts';
import type { AlertKind, FoundAlert, Place, TrackedState } from '../../tracking/alerts.ts';
import type { Vehicle } from '../entities/vehicle.ts';
import type { Tenant } from '../tenant.ts';

export type VehicleAlert = Omit<FoundAlert, 'kind'> & {
  id: string;
  kind: AlertKind | 'DEVICE_OFFLINE';
  vehicleId: string;
};

/** What a vehicle's newer positions are judged by. */
export type Judging = {
  kind: Vehicle['kind'];
  state: TrackedState | null;
  /** Those around the positions, and the one that it was at. */
  depots: Place[];
};

type Box = { south: number; north: number; west: number; east: number };

const MOST_DEPOTS = 50;

export async function findJudging(
  { em, organizationId }: Tenant,
  vehicleId: string,
  { south, north, west, east }: Box,
): Promise<Judging | null> {
  const rows: Judging[] = await em.execute(sql`
    select vehicle.kind,
      case when state.vehicle_id is not null then jsonb_build_object('depotId', state.depot_id,
        'isSpeeding', state.is_speeding, 'isEnergyLow', state.is_energy_low,
        'isOffline', state.is_offline) end as state,
      coalesce((
        select jsonb_agg(near) from (
          select id, name, latitude, longitude from fleet.depots as depot
          where depot.organization_id = vehicle.organization_id
            and (depot.id = state.depot_id or (depot.latitude between ${south} and ${north}
              and depot.longitude between ${west} and ${east}))
          limit ${MOST_DEPOTS}) as near), '[]') as depots
    from fleet.vehicles as vehicle
    left join fleet.vehicle_states as state on state.vehicle_id = vehicle.id
    where vehicle.id = ${vehicleId} and vehicle.organization_id = ${organizationId}`);
  return rows[0] ?? null;
}

/** Writes what was judged, and gives the alerts as events. */
export async function writeJudged(
  { em, organizationId }: Tenant,
  vehicleId: string,
  { state, alerts }: { state: TrackedState; alerts: readonly FoundAlert[] },
): Promise<VehicleAlerted[]> {
  const told = alerts.map((alert) => ({ ...alert, id: newId() }));
  const rows: EventRow[] = await em.execute(sql`
    with known as (
      insert into fleet.vehicle_states
        (vehicle_id, organization_id, depot_id, is_speeding, is_energy_low, is_offline)
      values (${vehicleId}, ${organizationId}, ${state.depotId}, ${state.isSpeeding},
        ${state.isEnergyLow}, ${state.isOffline})
      on conflict (vehicle_id) do update set depot_id = excluded.depot_id,
        is_speeding = excluded.is_speeding, is_energy_low = excluded.is_energy_low,
        is_offline = excluded.is_offline
    )
    insert into fleet.vehicle_alerts (id, organization_id, vehicle_id, home_depot_id, depot_id,
      kind, occurred_at, latitude, longitude, detail)
    select alert.id, vehicle.organization_id, vehicle.id, vehicle.home_depot_id, alert."depotId",
      alert.kind, alert."occurredAt", alert.latitude, alert.longitude, alert.detail
    from jsonb_to_recordset(${JSON.stringify(told)}::jsonb) as alert (id uuid, "depotId" uuid,
      kind text, "occurredAt" timestamptz, latitude float8, longitude float8, detail text)
    join fleet.vehicles as vehicle on vehicle.id = ${vehicleId}
    returning ${eventColumns}`);
  return rows.map(eventOf);
}

/** Vehicles on a shift that have not been heard of for too long, as alerts that nobody has told yet. */
export async function noteSilence(
  em: EntityManager,
  { afterSeconds, limit }: { afterSeconds: number; limit: number },
): Promise<VehicleAlerted[]> {
  const rows: EventRow[] = await em.execute(sql`
    with silent as (
      update fleet.vehicle_states as state set is_offline = true
      from fleet.latest_positions as latest
      where latest.vehicle_id = state.vehicle_id and not state.is_offline
        and state.vehicle_id in (
          select latest.vehicle_id from fleet.shifts as shift
          join fleet.latest_positions as latest on latest.vehicle_id = shift.vehicle_id
          where shift.started_at is not null and shift.ended_at is null
            and now() between shift.planned_start and shift.planned_end
            and latest.recorded_at < now() - make_interval(secs => ${afterSeconds})
          limit ${limit})
      returning state.vehicle_id, latest.recorded_at, latest.latitude, latest.longitude
    )
    insert into fleet.vehicle_alerts (id, organization_id, vehicle_id, home_depot_id, kind,
      occurred_at, latitude, longitude, detail)
    select gen_random_uuid(), vehicle.organization_id, vehicle.id, vehicle.home_depot_id, 'DEVICE_OFFLINE',
      silent.recorded_at + make_interval(secs => ${afterSeconds}), silent.latitude,
      silent.longitude, 'Nothing was heard for ' || ${afterSeconds}::integer / 60 || ' minutes'
    from silent join fleet.vehicles as vehicle on vehicle.id = silent.vehicle_id
    returning ${eventColumns}`);
  return rows.map(eventOf);
}

export async function findAlert(
  { em, organizationId }: Tenant,
  id: string,
): Promise<VehicleAlert | null> {
  const rows: (Omit<VehicleAlert, 'occurredAt'> & { occurredAtMs: number })[] =
    await em.execute(sql`
    select id, kind, vehicle_id as "vehicleId", depot_id as "depotId", latitude, longitude, detail,
      (extract(epoch from occurred_at) * 1000)::float8 as "occurredAtMs"
    from fleet.vehicle_alerts where id = ${id} and organization_id = ${organizationId}`);
  const [row] = rows;
  if (row === undefined) return null;
  const { occurredAtMs, ...alert } = row;
  return { ...alert, occurredAt: new Date(occurredAtMs) };
}

/** Alerts after an instant as events: of too many the latest, oldest first. */
export async function alertsSince(
  em: EntityManager,
  {
    organizationId,
    without = [],
    sinceMs,
    limit,
  }: {
    /** Null for all organizations, but for those of `without`. */
    organizationId: string | null;
    without?: readonly string[];
    sinceMs: number;
    limit: number;
  },
): Promise<VehicleAlerted[]> {
  const of =
    organizationId === null
      ? sql`organization_id <> all(string_to_array(${without.join(',')}, ',')::uuid[])`
      : sql`organization_id = ${organizationId}`;
  const rows: EventRow[] = await em.execute(sql`
    select ${eventColumns} from fleet.vehicle_alerts
    where recorded_at > ${new Date(sinceMs).toISOString()}::timestamptz and ${of}
    order by recorded_at desc limit ${limit}`);
  return rows.map(eventOf).toReversed();
}

/** Deletes alerts that nobody will ask for any more. */
export async function deleteOldAlerts(em: EntityManager, olderThanDays: number): Promise<void> {
  await em.execute(sql`
    delete from fleet.vehicle_alerts where id in (
      select id from fleet.vehicle_alerts
      where recorded_at < now() - make_interval(days => ${olderThanDays}) limit 1000)`);
}

const eventColumns = sql`id as alert_id, organization_id as alert_organization, home_depot_id as alert_depot`;

type EventRow = { alert_id: string; alert_organization: string; alert_depot: string };

function eventOf(row: EventRow): VehicleAlerted {
  return {
    organizationId: row.alert_organization,
    alertId: row.alert_id,
    homeDepotId: row.alert_depot,
  };
}
