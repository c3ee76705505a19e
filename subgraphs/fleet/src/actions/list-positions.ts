import { badInput } from '@quantumroute/ops/failures';
import type { Connection } from '@quantumroute/ops/page';
import { connectionOf, pageOf } from '@quantumroute/ops/page';
import type { FleetContext } from '../context.ts';
import type { VehiclePositionsArgs } from '../resolvers/schema-types.ts';
import type { Position, Track } from '../storage/stores/positions.ts';
import { readTimeCursor, writeTimeCursor } from './list-cursors.ts';

type Arguments = VehiclePositionsArgs & { first: number; resolutionSeconds: number };

const MAX_POSITIONS = 1_000;
const MAX_DAYS = 31;
const DAY_MS = 86_400_000;

/** A page of a vehicle's history, oldest first; many vehicles are read at once. */
export async function positionPage(
  { loaders }: FleetContext,
  vehicleId: string,
  args: Arguments,
): Promise<Connection<Position>> {
  const { limit, after } = pageOf(args, { max: MAX_POSITIONS });
  const page = { limit, after: readTimeCursor('positions', after)?.at ?? null };
  const key = { id: vehicleId, args: { track: trackOf(args), page } };
  const positions = await loaders.positionsOfVehicle.load(key);
  return connectionOf(positions ?? [], args.first, (position) =>
    writeTimeCursor('positions', { at: position.recordedAt, id: vehicleId }),
  );
}

function trackOf({ between: { start, end }, resolutionSeconds }: Arguments): Track {
  const milliseconds = end.getTime() - start.getTime();
  if (milliseconds < 0 || milliseconds > MAX_DAYS * DAY_MS) {
    throw badInput(['between'], `between needs an end 0 to ${MAX_DAYS} days after its start`);
  }
  if (resolutionSeconds < 1 || resolutionSeconds > DAY_MS / 1000) {
    throw badInput(['resolutionSeconds'], 'resolutionSeconds needs 1 second to 1 day');
  }
  return { start, end, resolutionSeconds };
}
