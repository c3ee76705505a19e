import type { EntityManager } from '@mikro-orm/postgresql';

import { OrderEntity } from '../entities/order.ts';
import type { Order } from '../entities/order.ts';
import { mapRows } from '../sql.ts';
import type { TenantScope } from '../tenant-scope.ts';

/**
 * Locks an order and, before it, the plan of its route if it has one: every writer locks plans
 * first, then routes, then orders, so that none waits for another in a circle.
 */
export async function lockOrder(
  em: EntityManager,
  { organizationId, partnerId }: TenantScope,
  id: string,
): Promise<Order | null> {
  await em.execute(
    `select plan.id from route.orders o
     join route.stops stop on stop.id = o.stop_id
     join route.routes route on route.id = stop.route_id
     join route.plans plan on plan.id = route.plan_id
     where o.id = ? and o.organization_id = ?
     for update of plan`,
    [id, organizationId],
  );
  const rows: object[] = await em.execute(
    `select * from route.orders
     where id = ? and organization_id = ? and (?::uuid is null or partner_id = ?::uuid)
     for update`,
    [id, organizationId, partnerId, partnerId],
  );
  return mapRows(em, OrderEntity, rows)[0] ?? null;
}
