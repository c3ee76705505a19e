import { userError } from '@quantumroute/ops/user-errors';
import type { UserError } from '@quantumroute/ops/user-errors';
import { decodeId, newId } from '@quantumroute/schema/ids';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { RouteContext } from '../context.ts';
import type { OrdersCreateInput } from '../resolvers/schema-types.ts';
import { depotDays } from '../storage/stores/depot-days.ts';
import type { DepotDayBounds } from '../storage/stores/depot-days.ts';
import { insertOrderEvents } from '../storage/stores/order-event-writes.ts';
import { insertOrders } from '../storage/stores/order-writes.ts';
import type { NewOrder } from '../storage/stores/order-writes.ts';
import type { TenantScope } from '../storage/tenant-scope.ts';
import { nearestDepot } from './nearest-depot.ts';
import { once } from './once.ts';
import { checkNewOrder, checkWindowsInDay } from './order-input.ts';
import type { NewOrderInput } from './order-input.ts';
import { refuse } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { storedPlace, storedWindow } from './stored-values.ts';
import { newTrackingNumber, newTrackingToken } from './tracking-codes.ts';

const MAX_ORDERS = 500;

/** One id for each input, in its order; null where the order was refused. */
export type CreatedOrders = { orderIds: (string | null)[]; userErrors: UserError[] };

/** Each order stands alone: the good ones are created, the others come back as user errors. */
export async function createOrders(
  context: RouteContext,
  input: OrdersCreateInput,
): Promise<Outcome<CreatedOrders>> {
  const call = {
    operation: 'ordersCreate',
    key: input.idempotencyKey,
    keyPath: ['input', 'idempotencyKey'],
    body: input.orders,
  };
  return once(context, call, (tx) => createInTransaction(tx, context.scope(), input.orders));
}

async function createInTransaction(
  tx: EntityManager,
  scope: TenantScope,
  inputs: readonly unknown[],
): Promise<CreatedOrders> {
  if (inputs.length < 1 || inputs.length > MAX_ORDERS) {
    refuse(userError.invalid(['input', 'orders'], `needs 1 to ${MAX_ORDERS} orders`));
  }
  const results = inputs.map((input, index) => checkNewOrder(input, pathOf(index)));
  const userErrors = results.flatMap((result) =>
    result.kind === 'invalid' ? result.userErrors : [],
  );
  const valid = results.flatMap((result, index) =>
    result.kind === 'valid' ? [{ index, input: result.value }] : [],
  );
  const days = await daysOf(
    tx,
    scope,
    valid.map(({ input }) => input.serviceDate),
  );
  const drafts = valid.flatMap(({ index, input }) => {
    const draft = draftOrder(input, { index, days, scope });
    if (draft.kind === 'invalid') userErrors.push(...draft.userErrors);
    return draft.kind === 'valid' ? [{ index, order: draft.order }] : [];
  });
  const orderIds = await save(tx, scope, { drafts, userErrors, size: inputs.length });
  return { orderIds, userErrors };
}

async function save(
  tx: EntityManager,
  { organizationId }: TenantScope,
  {
    drafts,
    userErrors,
    size,
  }: { drafts: { index: number; order: NewOrder }[]; userErrors: UserError[]; size: number },
): Promise<(string | null)[]> {
  const orderIds: (string | null)[] = Array.from({ length: size }, () => null);
  if (drafts.length === 0) return orderIds;
  const inserted = await insertOrders(
    tx,
    drafts.map(({ order }) => order),
  );
  for (const { index, order } of drafts) {
    if (inserted.has(order.id)) orderIds[index] = order.id;
    else userErrors.push(userError.invalid(pathOf(index, 'externalReference'), REFERENCE_TAKEN));
  }
  const events = Array.from(inserted, (orderId) => ({ orderId, type: 'CREATED' as const }));
  await insertOrderEvents(tx, { organizationId, events });
  return orderIds;
}

const REFERENCE_TAKEN = 'externalReference is already the reference of another order';

type Draft = { kind: 'valid'; order: NewOrder } | { kind: 'invalid'; userErrors: UserError[] };

function draftOrder(
  input: NewOrderInput,
  { index, days, scope }: { index: number; days: DaysByDate; scope: TenantScope },
): Draft {
  const day = dayOf(input, days.get(input.serviceDate) ?? []);
  if (day === null) {
    return { kind: 'invalid', userErrors: [userError.notFound(pathOf(index, 'depotId'), 'depot')] };
  }
  const userErrors = checkWindowsInDay(input.windows, { day, path: pathOf(index, 'windows') });
  if (userErrors.length > 0) return { kind: 'invalid', userErrors };
  return { kind: 'valid', order: newOrder(input, day.depotId, scope) };
}

function dayOf({ depotId, place }: NewOrderInput, days: DepotDayBounds[]): DepotDayBounds | null {
  if (depotId == null) return nearestDepot(place.point, days);
  const depotUuid = decodeId('depot', depotId);
  return days.find((day) => day.depotId === depotUuid) ?? null;
}

function newOrder(
  input: NewOrderInput,
  depotId: string,
  { organizationId, partnerId }: TenantScope,
): NewOrder {
  const { parcels } = input;
  const sum = (figure: (parcel: (typeof parcels)[number]) => number) =>
    parcels.reduce((total, parcel) => total + parcel.quantity * figure(parcel), 0);
  return {
    id: newId(),
    organizationId,
    depotId,
    partnerId,
    trackingNumber: newTrackingNumber(),
    trackingToken: newTrackingToken(),
    externalReference: input.externalReference ?? null,
    kind: input.kind,
    serviceDate: input.serviceDate,
    priority: input.priority,
    parcels: parcels.map((parcel) => ({
      ...parcel,
      deliveredQuantity: 0,
      barcode: parcel.barcode ?? null,
    })),
    loadWeightKg: sum(({ weightKg }) => weightKg),
    loadVolumeM3: sum(({ volumeM3 }) => volumeM3),
    loadParcels: sum(() => 1),
    requirements: input.requirements,
    requestedWindows: input.windows.map(storedWindow),
    serviceSeconds: input.serviceSeconds,
    ...storedPlace(input.place),
  };
}

type DaysByDate = ReadonlyMap<string, DepotDayBounds[]>;

async function daysOf(
  tx: EntityManager,
  { organizationId }: TenantScope,
  serviceDates: readonly string[],
): Promise<DaysByDate> {
  const dates = [...new Set(serviceDates)];
  const days = dates.length === 0 ? [] : await depotDays(tx, { organizationId, dates });
  return Map.groupBy(days, ({ date }) => date);
}

function pathOf(index: number, field?: string): string[] {
  return ['input', 'orders', String(index), ...(field === undefined ? [] : [field])];
}
