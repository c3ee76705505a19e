import { userError } from '@quantumroute/ops/user-errors';
import type { UserError } from '@quantumroute/ops/user-errors';
import { decodeId } from '@quantumroute/schema/ids';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { RouteContext } from '../context.ts';
import { refusedStep } from '../lifecycles/lifecycle.ts';
import { ROUTE_TRANSITIONS } from '../lifecycles/route-lifecycle.ts';
import type { Route } from '../storage/entities/route.ts';
import { dispatchRoutes as writeDispatch, lockRoutes } from '../storage/stores/dispatch-writes.ts';
import { insertOrderEvents } from '../storage/stores/order-event-writes.ts';
import type { TenantScope } from '../storage/tenant-scope.ts';
import { once } from './once.ts';
import { refuse } from './outcome.ts';
import type { Outcome } from './outcome.ts';

const MAX_ROUTES = 200;

/** Sends routes on their way, all or none, and gives their ids in the order asked for. */
export async function dispatchRoutes(
  context: RouteContext,
  { ids, idempotencyKey }: { ids: readonly string[]; idempotencyKey: string },
): Promise<Outcome<string[]>> {
  const call = {
    operation: 'routesDispatch',
    key: idempotencyKey,
    keyPath: ['idempotencyKey'],
    body: ids,
  };
  return once(context, call, (tx) => dispatchInTransaction(tx, context.scope(), ids));
}

async function dispatchInTransaction(
  tx: EntityManager,
  { organizationId, partnerId }: TenantScope,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length < 1 || ids.length > MAX_ROUTES) {
    refuse(userError.invalid(['ids'], `ids needs 1 to ${MAX_ROUTES} routes, got ${ids.length}`));
  }
  const wanted = ids.map((id) => (partnerId === null ? decodeId('route', id) : null));
  const known = [...new Set(wanted.filter((id) => id !== null))];
  const routes = await lockRoutes(tx, { organizationId, ids: known });
  const byId = new Map(routes.map((route) => [route.id, route]));
  const userErrors = wanted.flatMap((id, index) =>
    refusal(id === null ? undefined : byId.get(id), index),
  );
  if (userErrors.length > 0) refuse(...userErrors);
  const orderIds = await writeDispatch(tx, known);
  const events = orderIds.map((orderId) => ({ orderId, type: 'DISPATCHED' as const }));
  await insertOrderEvents(tx, { organizationId, events });
  return known;
}

function refusal(route: Route | undefined, index: number): UserError[] {
  const path = ['ids', String(index)];
  if (route === undefined) return [userError.notFound(path, 'route')];
  const refused = refusedStep(ROUTE_TRANSITIONS, { from: route.status, to: 'DISPATCHED', path });
  return refused === null ? [] : [refused];
}
