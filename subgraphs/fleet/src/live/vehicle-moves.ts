import { addListener } from '@quantumroute/ops/listeners';
import type { Listeners } from '@quantumroute/ops/listeners';
import type { Logger } from '@quantumroute/ops/log';
import type { Postgres } from '@quantumroute/ops/postgres';
import { runDetached } from '@quantumroute/ops/request';
import { recentMoves } from '../storage/stores/moves.ts';
import type { VehicleMoved } from './vehicle-moved.ts';

/** Who watches vehicles in this process. */
export type VehicleMoves = {
  /** Gives what stops the listening. Events may come twice, and late; instants tell. */
  ofOrganization(organizationId: string, listener: (event: VehicleMoved) => void): () => void;
  /** An event has arrived. */
  tell(event: VehicleMoved): void;
  /** Events may have been missed: reads who moved from the rows. */
  catchUp(): Promise<void>;
  close(): void;
};

const SAFETY_NET_MS = 5_000;
/** Longer than a transaction that stores positions: `received_at` is when it began. */
const OVERLAP_MS = 10_000;

/**
 * Fans moves out to subscribers. Redis forgets what it could not deliver, so the rows are looked at
 * as well, every few seconds and after each gap, with one statement for all subscribers together.
 */
export function createVehicleMoves({
  postgres,
  log,
}: {
  postgres: Postgres;
  log: Logger;
}): VehicleMoves {
  const byOrganization: Listeners<VehicleMoved> = new Map();
  let lookedAt = performance.now();
  const tell = (event: VehicleMoved) => {
    for (const listener of byOrganization.get(event.organizationId) ?? []) listener(event);
  };
  const catchUp = async () => {
    const startedAt = performance.now();
    try {
      if (byOrganization.size > 0) {
        const organizationIds = [...byOrganization.keys()];
        const withinMs = startedAt - lookedAt + OVERLAP_MS;
        const moves = await recentMoves(postgres.fork(), { organizationIds, withinMs });
        for (const move of moves) tell(move);
      }
      lookedAt = startedAt;
    } catch (error) {
      log.warn({ err: error }, 'subscribers of positions could not catch up');
    }
  };
  const timer = setInterval(() => void catchUp(), SAFETY_NET_MS);
  return {
    ofOrganization: (organizationId, listener) =>
      addListener(byOrganization, organizationId, listener),
    tell,
    catchUp: () => runDetached(catchUp),
    close: () => clearInterval(timer),
  };
}
