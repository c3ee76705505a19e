import { RefusedError, userError } from '@quantumroute/ops/user-errors';
import { decodeId } from '@quantumroute/schema/ids';
import { findDepots } from '../storage/stores/depots.ts';
import type { Tenant } from '../storage/tenant.ts';

/** The UUID of a depot of this tenant from `input.homeDepotId`; refuses with NOT_FOUND. */
export async function knownDepot(tenant: Tenant, id: string): Promise<string> {
  const depotId = decodeId('depot', id);
  const [depot] = depotId === null ? [] : await findDepots(tenant, [depotId]);
  if (depot) return depot.id;
  throw new RefusedError([userError.notFound(['input', 'homeDepotId'], 'depot')]);
}
