import { createBell } from '@quantumroute/ops/bell';
import { pull } from '@quantumroute/ops/pull';
import type { VehicleMoved } from './vehicle-moved.ts';

/** Who moved within an interval; what else is told of them is read when the frame is resolved. */
export type PositionsFrame = { at: Date; vehicleIds: readonly string[] };

/** What one frame holds at most; the others come in the next one. */
const MAX_IN_FRAME = 200;
/** More vehicles than this wait for no reader: the first is dropped, and comes when it moves again. */
export const MAX_WATCHED = 5_000;

/**
 * Vehicles from where they are to wherever they move, gathered for an interval at a time. Who moves
 * again before a frame is read is in it once; a slow reader gets fewer frames, not older ones.
 */
export async function watchPositions(options: {
  listen: (listener: (event: VehicleMoved) => void) => () => void;
  /** Those of them, or of all, whom the reader wants to see. Called after `listen`. */
  load: (vehicleIds: readonly string[] | null) => Promise<readonly VehicleMoved[]>;
  intervalMs: number;
}): Promise<AsyncIterableIterator<PositionsFrame>> {
  const { listen, load, intervalMs } = options;
  const bell = createBell();
  const pending = new Set<string>();
  const told = new Map<string, number>();
  let restUntil = -Infinity;
  let waking: NodeJS.Timeout | undefined;
  const stop = listen(({ vehicleId, recordedAtMs }) => {
    if (recordedAtMs <= (told.get(vehicleId) ?? -Infinity)) return;
    wait(vehicleId);
    bell.ring();
  });
  const wait = (vehicleId: string) => {
    pending.add(vehicleId);
    bound(pending);
  };
  const rest = () => {
    const leftMs = restUntil - performance.now();
    if (leftMs <= 0) return false;
    clearTimeout(waking);
    waking = setTimeout(() => bell.ring(), leftMs);
    return true;
  };
  const newest = async (vehicleIds: readonly string[]) => {
    const moves = await load(vehicleIds);
    return moves.filter((move) => move.recordedAtMs > (told.get(move.vehicleId) ?? -Infinity));
  };
  const take = async (): Promise<PositionsFrame | null> => {
    while (pending.size > 0 && !rest()) {
      const vehicleIds = [...pending].slice(0, MAX_IN_FRAME);
      for (const vehicleId of vehicleIds) pending.delete(vehicleId);
      // Also after a look that finds nothing: others of the organization move all the time.
      restUntil = performance.now() + intervalMs;
      const moves = await newest(vehicleIds).catch(() => {
        // Tried again in the next frame.
        vehicleIds.forEach(wait);
        return [];
      });
      if (moves.length === 0) continue;
      for (const move of moves) remember(told, move);
      return { at: new Date(), vehicleIds: moves.map(({ vehicleId }) => vehicleId) };
    }
    return null;
  };
  try {
    for (const { vehicleId } of await load(null)) wait(vehicleId);
  } catch (error) {
    stop();
    throw error;
  }
  return pull<PositionsFrame>({
    bell,
    take,
    free: () => {
      clearTimeout(waking);
      stop();
    },
  });
}

function remember(told: Map<string, number>, { vehicleId, recordedAtMs }: VehicleMoved): void {
  told.delete(vehicleId);
  told.set(vehicleId, recordedAtMs);
  bound(told);
}

function bound(entries: Set<string> | Map<string, number>): void {
  for (const first of entries.keys()) {
    if (entries.size <= MAX_WATCHED) return;
    entries.delete(first);
  }
}
