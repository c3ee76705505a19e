import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from '@mikro-orm/postgresql';
import type { MapPosition } from '../../live/map-position.ts';
import { boundedSnapshot } from '../../live/map-position.ts';
import type { Tenant } from '../tenant.ts';
import { positionColumns, positionOf } from './positions.ts';
import type { Position, PositionRow } from './positions.ts';
import { selected } from './vehicles.ts';
import type { VehicleSelection } from './vehicles.ts';

/** What the database shows now. */
export async function presentSnapshot(em: EntityManager): Promise<string> {
  const [now]: { snapshot: string }[] = await em.execute(
    `select pg_current_snapshot()::text as snapshot`,
  );
  if (now === undefined) throw new Error('The database shows nothing');
  return boundedSnapshot(now.snapshot);
}

/** In which of these organizations a vehicle has moved since a snapshot; for the safety net only. */
export async function movedOrganizations(
  em: EntityManager,
  { organizationIds, since }: { organizationIds: readonly string[]; since: string },
): Promise<string[]> {
  const rows: { organization_id: string }[] = await em.execute(sql`
    select distinct organization_id from fleet.latest_positions
    where organization_id = any(array[${organizationIds}]::uuid[])
      and not pg_visible_in_snapshot(transaction_id, ${since}::pg_snapshot)`);
  return rows.map((row) => row.organization_id);
}

/**
 * The newest positions of vehicles that pass and have moved since they were told, as a later snapshot
 * shows it: at most `limit`, by id, and of a sweep that is under way those that it has not come to yet.
 */
export async function findMoved(
  tenant: Tenant,
  selection: VehicleSelection,
  { position, now, limit }: { position: MapPosition; now: string; limit: number },
): Promise<Position[]> {
  const { em, organizationId } = tenant;
  const { told, sweep } = position;
  const rest = sweep ? sql`position.vehicle_id > ${sweep.upTo}::uuid` : sql`true`;
  const rows: PositionRow[] = await em.execute(sql`
    select ${positionColumns} from fleet.latest_positions as position
    where position.organization_id = ${organizationId} and ${rest}
      and not pg_visible_in_snapshot(position.transaction_id, ${told}::pg_snapshot)
      and pg_visible_in_snapshot(position.transaction_id, ${now}::pg_snapshot)
      and position.vehicle_id in (select vehicle.id from ${selected(tenant, selection)})
    order by position.vehicle_id limit ${limit}`);
  return rows.map(positionOf);
}

/**
 * Lets what a dump brought along from a database that counted further have moved now: no snapshot of
 * this one would show it.
 */
export async function renumberRestored(em: EntityManager): Promise<void> {
  await em.execute(`
    update fleet.latest_positions set transaction_id = pg_current_xact_id()
    where transaction_id >= pg_snapshot_xmax(pg_current_snapshot())`);
}
