import { createEventFeed } from '@quantumroute/ops/event-feed';
import type { EventFeed } from '@quantumroute/ops/event-feed';
import type { Logger } from '@quantumroute/ops/log';
import {
  createEventPublisher,
  createLogPublisher,
  openEventLog,
  subscribeToEvents,
} from '@quantumroute/ops/organization-events';
import type { EventConnection } from '@quantumroute/ops/organization-events';
import type { Postgres } from '@quantumroute/ops/postgres';
import { runDetached } from '@quantumroute/ops/request';
import type { FleetConfig } from '../config.ts';
import { alertsSince } from '../storage/stores/alerts.ts';
import { watchSilence } from './silence-watch.ts';
import { VEHICLE_ALERTED } from './vehicle-alerted.ts';
import type { VehicleAlerted } from './vehicle-alerted.ts';
import { VEHICLE_MOVED } from './vehicle-moved.ts';
import type { VehicleMoved } from './vehicle-moved.ts';
import { createVehicleMoves } from './vehicle-moves.ts';
import type { VehicleMoves } from './vehicle-moves.ts';

/** What requests need of live updates. */
export type FleetLive = {
  /** Tells that a vehicle moved, after its position is stored. Never throws: rows tell it, too. */
  readonly publishMove: (event: VehicleMoved) => Promise<void>;
  readonly moves: VehicleMoves;
  /** Tells of an alert that is stored. Never throws. */
  readonly publishAlert: (event: VehicleAlerted) => Promise<void>;
  readonly alerts: EventFeed<VehicleAlerted>;
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
  return {
    publishMove: publisher.publish,
    moves,
    ...openAlerts(stack, { postgres, log, connection }),
  };
}

function openAlerts(
  stack: AsyncDisposableStack,
  { postgres, log, connection }: { postgres: Postgres; log: Logger; connection: EventConnection },
): Pick<FleetLive, 'publishAlert' | 'alerts'> {
  const { publish, close } = createLogPublisher<VehicleAlerted>(VEHICLE_ALERTED, connection);
  stack.defer(close);
  const opened = openEventLog<VehicleAlerted>(VEHICLE_ALERTED, connection);
  stack.defer(() => opened.close());
  const alerts = createEventFeed<VehicleAlerted>({
    events: VEHICLE_ALERTED,
    log: opened.log,
    logger: log,
    changedSince: (query) => runDetached(() => alertsSince(postgres.fork(), query)),
  });
  stack.defer(() => alerts.close());
  const events = subscribeToEvents<VehicleAlerted>(VEHICLE_ALERTED, connection, {
    onEvent: (event) => alerts.tell(event),
    onGap: () => void alerts.catchUp(),
  });
  stack.defer(() => events.close());
  const silence = watchSilence({ postgres, log, publish });
  stack.defer(() => silence.close());
  return { publishAlert: publish, alerts };
}
