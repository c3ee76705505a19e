import type { Logger } from '@quantumroute/ops/log';
import { createEventPublisher, subscribeToEvents } from '@quantumroute/ops/organization-events';
import type { EventConnection } from '@quantumroute/ops/organization-events';
import type { Postgres } from '@quantumroute/ops/postgres';

import { createChangeTail } from './change-tail.ts';
import type { ChangeTail } from './change-tail.ts';
import { ROUTE_CHANGED } from './route-changed.ts';
import type { RouteChanged } from './route-changed.ts';

/** What requests need of live updates. */
export type RouteLive = {
  readonly tail: ChangeTail;
  /** Tells every process that an organization's days have changed, after the commit. Never throws. */
  readonly tell: (organizationId: string) => void;
};

/** Starts to tell of changes and to hear of them; `stack` ends it. */
export function openRouteLive(
  stack: AsyncDisposableStack,
  { postgres, log, connection }: { postgres: Postgres; log: Logger; connection: EventConnection },
): RouteLive {
  const publisher = createEventPublisher<RouteChanged>(ROUTE_CHANGED, connection);
  stack.defer(() => publisher.close());
  const tail = createChangeTail({ postgres, log });
  stack.defer(() => tail.close());
  const events = subscribeToEvents<RouteChanged>(ROUTE_CHANGED, connection, {
    onEvent: ({ organizationId }) => tail.wake(organizationId),
    onGap: () => tail.wakeAll(),
  });
  stack.defer(() => events.close());
  return {
    tail,
    tell(organizationId) {
      tail.wake(organizationId);
      void publisher.publish({ organizationId });
    },
  };
}
