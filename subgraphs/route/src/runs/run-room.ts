import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { EventConnection } from '@quantumroute/ops/organization-events';
import type { Postgres } from '@quantumroute/ops/postgres';
import type { RunUpdated } from '@quantumroute/schema/events';

import type { RouteConfig } from '../config.ts';
import { createRunChanges } from '../live/run-changes.ts';
import type { RunChanges } from '../live/run-changes.ts';
import { createRunPublisher, subscribeToRuns } from '../live/run-events.ts';
import type { PublishRun } from '../live/run-events.ts';
import { createLatestRun } from '../live/watch-run.ts';
import type { LatestRun } from '../live/watch-run.ts';
import type { RoadData } from '../road-data/road-data.ts';
import { openRunQueue } from './run-queue.ts';
import type { RunQueue } from './run-queue.ts';

/** What requests need of optimization runs. */
export type RunRoom = {
  readonly queue: RunQueue;
  /** More runs that wait for a thread are refused. */
  readonly maxWaiting: number;
  readonly publish: PublishRun;
  readonly changes: RunChanges;
  /** Reads a run for a subscriber, together with the other subscribers of the same moment. */
  readonly latest: LatestRun;
};

type RunSettings = Pick<
  RouteConfig,
  | 'ROUTE_PLANNER_THREADS'
  | 'ROUTE_PLANNER_ISLANDS'
  | 'ROUTE_PLANNER_QUEUE'
  | 'ROUTE_RUN_LEASE_MS'
  | 'REDIS_URL'
  | 'REDIS_PREFIX'
>;

/** Starts to compute runs and to tell of them; `stack` ends it. */
export async function openRunRoom(
  stack: AsyncDisposableStack,
  {
    postgres,
    roadData,
    log,
    metrics,
    config,
    onEvent = () => undefined,
  }: {
    postgres: Postgres;
    roadData: RoadData;
    log: Logger;
    metrics: Metrics;
    config: RunSettings;
    /** Hears of every run's changes, too. */
    onEvent?: (event: RunUpdated) => void;
  },
): Promise<RunRoom> {
  const redis: EventConnection = {
    redisUrl: config.REDIS_URL,
    redisPrefix: config.REDIS_PREFIX,
    log,
  };
  const { publish, close } = createRunPublisher(redis);
  stack.defer(close);
  const changes = createRunChanges({ postgres, log });
  stack.defer(() => changes.close());
  const events = subscribeToRuns(redis, {
    onEvent: (event) => {
      changes.tell(event);
      onEvent(event);
    },
    onGap: () => void changes.catchUp(),
  });
  stack.defer(() => events.close());
  const queue = await openRunQueue({
    postgres,
    roadData,
    log,
    metrics,
    publish,
    runs: config.ROUTE_PLANNER_THREADS,
    islands: config.ROUTE_PLANNER_ISLANDS,
    leaseMs: config.ROUTE_RUN_LEASE_MS,
  });
  stack.defer(() => queue.close());
  const latest = createLatestRun(postgres);
  return { queue, maxWaiting: config.ROUTE_PLANNER_QUEUE, publish, changes, latest };
}
