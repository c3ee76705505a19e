import type { Logger } from '@quantumroute/ops/log';
import { createEventPublisher, subscribeToEvents } from '@quantumroute/ops/organization-events';
import type { Postgres } from '@quantumroute/ops/postgres';
import type { FleetConfig } from '../config.ts';
import { VEHICLE_MOVED } from './vehicle-moved.ts';
import type { VehicleMoved } from './vehicle-moved.ts';
import { createVehicleMoves } from './vehicle-moves.ts';
import type { VehicleMoves } from './vehicle-moves.ts';

/** What requests need of live updates. */
export type FleetLive = {
  /** Tells that a vehicle moved, after its position is stored. Never throws: the rows tell it, too. */
  readonly publishMove: (event: VehicleMoved) => Promise<void>;
  readonly moves: VehicleMoves;
};

/** Starts to tell of changes and to hear of them; `stack` ends it. */
export function openFleetLive(
  stack: AsyncDisposableStack,
  {
    postgres,
    config: { REDIS_URL: redisUrl, REDIS_PREFIX: redisPrefix },
    log,
  }: {
    postgres: Postgres;
    config: Pick<FleetConfig, 'REDIS_URL' | 'REDIS_PREFIX'>;
    log: Logger;
  },
): FleetLive {
  const connection = { redisUrl, redisPrefix, log };
  const publisher = createEventPublisher<VehicleMoved>(VEHICLE_MOVED, connection);
  stack.defer(() => publisher.close());
  const moves = createVehicleMoves({ postgres, log });
  stack.defer(() => moves.close());
  const events = subscribeToEvents<VehicleMoved>(VEHICLE_MOVED, connection, {
    onEvent: moves.tell,
    onGap: () => void moves.catchUp(),
  });
  stack.defer(() => events.close());
  return { publishMove: publisher.publish, moves };
}
