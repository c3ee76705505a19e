import type { EntityManager } from '@mikro-orm/postgresql';

import { stopFinished } from '../outbox/stop-finished.ts';
import type { Route } from '../storage/entities/route.ts';
import { finishedRoute } from '../storage/stores/finished-routes.ts';
import { finishedStops } from '../storage/stores/finished-stops.ts';
import type { NewEvent } from '../storage/stores/outbox-writes.ts';

/** What there is to tell of a route as it stands: of its finished stops, or one, and of its end. */
export async function routeEvents(
  tx: EntityManager,
  { route, stopId = null }: { route: Pick<Route, 'id' | 'status'>; stopId?: string | null },
): Promise<NewEvent[]> {
  const stops = await finishedStops(tx, { routeId: route.id, stopId });
  const ended = route.status === 'COMPLETED' ? await finishedRoute(tx, route.id) : null;
  return [
    ...stops.map((stop) => ({ type: 'stop.finished' as const, body: stopFinished(stop) })),
    ...(ended === null ? [] : [{ type: 'route.finished' as const, body: ended }]),
  ];
}
