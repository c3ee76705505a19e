import { failure } from '@quantumroute/ops/failures';
import type { LiveSource } from '@quantumroute/ops/live-event';

import type { RouteContext } from '../context.ts';
import { watchState } from '../live/watch-state.ts';
import type { Route } from '../storage/entities/route.ts';
import { presentRouteOfDriver } from '../storage/stores/route-queries.ts';

const PAUSE_MS = 500;

/** The route that the calling driver has now, whenever it is another or has changed. */
export async function watchOwnRoute({
  identity: { driverId },
  scope,
  em,
  live,
}: RouteContext): Promise<LiveSource<Route>> {
  const own = scope();
  if (driverId === null) throw failure('FORBIDDEN', 'Only a driver has a route');
  return watchState<Route>({
    listen: (listener) => live.tail.listen(own.organizationId, listener),
    concerns: ({ changes }) => changes?.some((change) => change.driverId === driverId) ?? true,
    load: () => presentRouteOfDriver(em.fork(), own, driverId),
    keyOf: ({ id, version }) => `${id} ${version}`,
    isFinal: () => false,
    settles: () => true,
    pauseMs: PAUSE_MS,
  });
}
