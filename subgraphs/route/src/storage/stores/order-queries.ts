import { raw } from '@mikro-orm/postgresql';
import type { EntityManager, FilterQuery, InferEntity } from '@mikro-orm/postgresql';

import { OrderEntity } from '../entities/order.ts';
import type { Order, OrderStatus } from '../entities/order.ts';
import { groupRows, mapRows, sqlArray } from '../sql.ts';
import type { TenantScope } from '../tenant-scope.ts';

export type OrderFilter = {
  statuses?: readonly OrderStatus[];
  depotId?: string;
  serviceDates?: { from: string; to: string };
  /** Part of the tracking number, the external reference or the place's name. */
  search?: string;
};

/** Sort key of the list: newest first. */
export type OrderListKey = { createdAt: Date; id: string };

/** Sort key of the unassigned orders: highest priority first. */
export type UnassignedKey = { priority: number; id: string };

export async function findOrders(
  em: EntityManager,
  scope: TenantScope,
  ids: readonly string[],
): Promise<Order[]> {
  return em.find(OrderEntity, { ...ownedBy(scope), id: [...ids] }, { disableIdentityMap: true });
}

export async function findOrderByTrackingNumber(
  em: EntityManager,
  scope: TenantScope,
  trackingNumber: string,
): Promise<Order | null> {
  return em.findOne(
    OrderEntity,
    { ...ownedBy(scope), trackingNumber },
    { disableIdentityMap: true },
  );
}

/** References are unique per partner, so that only a partner can ask by one. */
export async function findOrderByReference(
  em: EntityManager,
  scope: TenantScope & { partnerId: string },
  externalReference: string,
): Promise<Order | null> {
  return em.findOne(
    OrderEntity,
    { ...ownedBy(scope), externalReference },
    { disableIdentityMap: true },
  );
}

/** The one look-up that no tenant limits: the token itself is the permission. */
export async function findOrderByToken(em: EntityManager, token: string): Promise<Order | null> {
  return em.findOne(OrderEntity, { trackingToken: token }, { disableIdentityMap: true });
}

export async function listOrders(
  em: EntityManager,
  scope: TenantScope,
  { filter, limit, after }: { filter: OrderFilter; limit: number; after: OrderListKey | null },
): Promise<Order[]> {
  return em.find(
    OrderEntity,
    { $and: [matching(scope, filter), after === null ? {} : olderThan(after)] },
    { disableIdentityMap: true, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], limit },
  );
}

/** Looks at no more than `limit` rows. */
export async function countOrders(
  em: EntityManager,
  scope: TenantScope,
  { filter, limit }: { filter: OrderFilter; limit: number },
): Promise<number> {
  const { sql, params } = em
    .createQueryBuilder(OrderEntity)
    .select('id')
    .where(matching(scope, filter))
    .limit(limit)
    .toQuery();
  const [row]: { rows: number }[] = await em.execute(
    `select count(*)::int as rows from (${sql}) as found`,
    params,
  );
  return row?.rows ?? 0;
}

/** The orders of each stop, oldest first. */
export async function ordersOfStops(
  em: EntityManager,
  scope: TenantScope,
  stopIds: readonly string[],
): Promise<Order[][]> {
  const orders = await em.find(
    OrderEntity,
    { ...ownedBy(scope), stopId: [...stopIds] },
    { disableIdentityMap: true, orderBy: { id: 'asc' } },
  );
  return groupRows(stopIds, orders, (order) => order.stopId ?? '');
}

/** Orders of each plan's depot and day that no route serves, at most `limit` for each plan. */
export async function unassignedOfPlans(
  em: EntityManager,
  scope: TenantScope,
  {
    planIds,
    limit,
    after,
  }: { planIds: readonly string[]; limit: number; after: UnassignedKey | null },
): Promise<Order[][]> {
  const rows: { parent_id: string }[] = await em.execute(
    `select plan.id as parent_id, o.*
     from route.plans plan
     cross join lateral (
       select * from route.orders
       where depot_id = plan.depot_id and service_date = plan.service_date and status = 'ACCEPTED'
         and organization_id = plan.organization_id
         and (?::int is null or (priority, ?::uuid) < (?::int, id))
       order by priority desc, id
       limit ?
     ) o
     where plan.id = any (?::uuid[]) and plan.organization_id = ?`,
    [
      after?.priority ?? null,
      after?.id ?? null,
      after?.priority ?? null,
      limit,
      sqlArray(planIds),
      scope.organizationId,
    ],
  );
  const orders = mapRows(em, OrderEntity, rows);
  const paired = rows.map((row, index) => ({
    planId: row.parent_id,
    order: orders[index] as Order,
  }));
  return groupRows(planIds, paired, ({ planId }) => planId).map((group) =>
    group.map(({ order }) => order),
  );
}

/** How many orders of each plan no route serves; looks at no more than `limit` of each. */
export async function countUnassignedOfPlans(
  em: EntityManager,
  scope: TenantScope,
  { planIds, limit }: { planIds: readonly string[]; limit: number },
): Promise<Map<string, number>> {
  const rows: { plan_id: string; rows: number }[] = await em.execute(
    `select plan.id as plan_id, counted.rows
     from route.plans plan
     cross join lateral (
       select count(*)::int as rows from (
         select 1 from route.orders
         where depot_id = plan.depot_id and service_date = plan.service_date
           and status = 'ACCEPTED' and organization_id = plan.organization_id
         limit ?
       ) found
     ) counted
     where plan.id = any (?::uuid[]) and plan.organization_id = ?`,
    [limit, sqlArray(planIds), scope.organizationId],
  );
  return new Map(rows.map((row) => [row.plan_id, row.rows]));
}

type OrderRow = InferEntity<typeof OrderEntity>;

function ownedBy({ organizationId, partnerId }: TenantScope) {
  return { organizationId, ...(partnerId === null ? {} : { partnerId }) };
}

function matching(scope: TenantScope, filter: OrderFilter) {
  const { statuses, depotId, serviceDates, search } = filter;
  return {
    ...ownedBy(scope),
    ...(statuses ? { status: [...statuses] } : {}),
    ...(depotId ? { depotId } : {}),
    ...(serviceDates ? { serviceDate: { $gte: serviceDates.from, $lte: serviceDates.to } } : {}),
    ...(search ? { searchText: { $like: containing(search) } } : {}),
  };
}

/** Lower case by the database, as in `search_text`: JavaScript has other rules for İ, Σ and ẞ. */
function containing(search: string): string {
  return raw<string>('lower(?)', [`%${search.replaceAll(/[\\%_]/g, '\\$&')}%`]);
}

// The first condition is implied by the second; it is what lets the index start at the right place.
function olderThan({ createdAt, id }: OrderListKey): FilterQuery<OrderRow> {
  return {
    createdAt: { $lte: createdAt },
    $or: [{ createdAt: { $lt: createdAt } }, { createdAt, id: { $lt: id } }],
  };
}
