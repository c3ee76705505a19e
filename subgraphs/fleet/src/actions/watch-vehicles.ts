import { badInput } from '@quantumroute/ops/failures';
import type { LiveSource } from '@quantumroute/ops/live-event';
import type { FleetContext } from '../context.ts';
import { watchPositions } from '../live/watch-positions.ts';
import type { PositionsFrame } from '../live/watch-positions.ts';
import type { SubscriptionVehiclePositionsArgs } from '../resolvers/schema-types.ts';
import { findMoved } from '../storage/stores/moves.ts';
import { vehicleSelection } from './vehicle-selection.ts';

const LONGEST_INTERVAL_SECONDS = 60;

/** Frames of the vehicles of the caller's organization that pass the filter. */
export function watchVehicles(
  { tenant, live }: FleetContext,
  { filter, intervalSeconds }: SubscriptionVehiclePositionsArgs & { intervalSeconds: number },
): LiveSource<PositionsFrame> {
  const { em, organizationId } = tenant();
  if (intervalSeconds < 1 || intervalSeconds > LONGEST_INTERVAL_SECONDS) {
    const message = `Needs 1 to ${LONGEST_INTERVAL_SECONDS} seconds, got ${intervalSeconds}`;
    throw badInput(['intervalSeconds'], message);
  }
  const selection = vehicleSelection(filter);
  return watchPositions({
    listen: (listener) => live.moves.ofOrganization(organizationId, listener),
    present: live.moves.present,
    load: (wanted) => findMoved({ em: em.fork(), organizationId }, selection, wanted),
    intervalMs: intervalSeconds * 1000,
  });
}
