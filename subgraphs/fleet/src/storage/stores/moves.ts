import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from '@mikro-orm/postgresql';
import type { VehicleMoved } from '../../live/vehicle-moved.ts';
import type { Tenant } from '../tenant.ts';
import { selected } from './vehicles.ts';
import type { VehicleSelection } from './vehicles.ts';

/** More moves than this at once are not told: whoever moves on is told again. */
const MAX_MOVES = 10_000;

type MoveRow = { organization_id: string; vehicle_id: string; recorded_at_ms: number };

/** Who moved lately in these organizations, on the database's clock; for the safety net only. */
export async function recentMoves(
  em: EntityManager,
  { organizationIds, withinMs }: { organizationIds: readonly string[]; withinMs: number },
): Promise<VehicleMoved[]> {
  const rows: MoveRow[] = await em.execute(sql`
    select ${columns} from fleet.latest_positions as latest
    where latest.organization_id = any(array[${organizationIds}]::uuid[])
      and latest.received_at > now() - make_interval(secs => ${withinMs / 1000})
    order by latest.received_at desc limit ${MAX_MOVES}`);
  return rows.map(moveOf);
}

/** Vehicles that pass and have a position: all of them, or those of some ids. */
export async function findMoves(
  tenant: Tenant,
  selection: VehicleSelection,
  { ids, limit }: { ids: readonly string[] | null; limit: number },
): Promise<VehicleMoved[]> {
  const { em, organizationId } = tenant;
  const wanted = ids === null ? sql`true` : sql`latest.vehicle_id = any(array[${ids}]::uuid[])`;
  const rows: MoveRow[] = await em.execute(sql`
    select ${columns} from fleet.latest_positions as latest
    where latest.organization_id = ${organizationId} and ${wanted}
      and latest.vehicle_id in (select vehicle.id from ${selected(tenant, selection)})
    order by latest.vehicle_id limit ${limit}`);
  return rows.map(moveOf);
}

const columns = sql`
  latest.organization_id, latest.vehicle_id,
  (extract(epoch from latest.recorded_at) * 1000)::float8 as recorded_at_ms`;

function moveOf(row: MoveRow): VehicleMoved {
  return {
    organizationId: row.organization_id,
    vehicleId: row.vehicle_id,
    recordedAtMs: row.recorded_at_ms,
  };
}
