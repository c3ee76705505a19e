import type { EntityManager } from '@mikro-orm/postgresql';

import type { VehicleProfile } from '../../planning/travel/vehicle-profile.ts';
import { sqlArray } from '../sql.ts';
import type { TenantScope } from '../tenant-scope.ts';

/** How each vehicle gets through the streets, as fleet publishes it. */
export async function profilesOfVehicles(
  em: EntityManager,
  { organizationId }: TenantScope,
  vehicleIds: readonly string[],
): Promise<Map<string, VehicleProfile>> {
  const rows: { id: string; kind: VehicleProfile }[] = await em.execute(
    `select id, kind from fleet_published.vehicles
     where id = any (?::uuid[]) and organization_id = ?`,
    [sqlArray(vehicleIds), organizationId],
  );
  return new Map(rows.map((row) => [row.id, row.kind]));
}
