import { badInput } from '@quantumroute/ops/failures';
import type { FleetContext } from '../context.ts';
import { MAX_WATCHED, watchPositions } from '../live/watch-positions.ts';
import type { PositionsFrame } from '../live/watch-positions.ts';
import type { SubscriptionVehiclePositionsArgs } from '../resolvers/schema-types.ts';
import { findMoves } from '../storage/stores/moves.ts';
import { vehicleSelection } from './vehicle-selection.ts';

const LONGEST_INTERVAL_SECONDS = 60;

/** Frames of the vehicles of the caller's organization that pass the filter. */
export function watchVehicles(
  { tenant, live }: FleetContext,
  { filter, intervalSeconds }: SubscriptionVehiclePositionsArgs & { intervalSeconds: number },
): Promise<AsyncIterableIterator<PositionsFrame>> {
  const { em, organizationId } = tenant();
  if (intervalSeconds < 1 || intervalSeconds > LONGEST_INTERVAL_SECONDS) {
    const message = `Needs 1 to ${LONGEST_INTERVAL_SECONDS} seconds, got ${intervalSeconds}`;
    throw badInput(['intervalSeconds'], message);
  }
  const selection = vehicleSelection(filter);
  return watchPositions({
    listen: (listener) => live.moves.ofOrganization(organizationId, listener),
    load: (ids) =>
      findMoves({ em: em.fork(), organizationId }, selection, { ids, limit: MAX_WATCHED }),
    intervalMs: intervalSeconds * 1000,
  });
}
