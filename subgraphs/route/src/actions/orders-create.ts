import { userError } from '@quantumroute/ops/user-errors';
import type { UserError } from '@quantumroute/ops/user-errors';
import { decodeId, newId } from '@quantumroute/schema/ids';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { RouteContext } from '../context.ts';
import { loadOf } from '../slots/load-of.ts';
import type { SlotOffer } from '../slots/offer-token.ts';
import { redeemOffer } from '../slots/redeem-offer.ts';
import type { OrdersCreateInput } from '../resolvers/schema-types.ts';
import { depotDays } from '../storage/stores/depot-days.ts';
import type { DepotDayBounds } from '../storage/stores/depot-days.ts';
import { insertOrderEvents } from '../storage/stores/order-event-writes.ts';
import { findTakenOffers, insertOrders } from '../storage/stores/order-writes.ts';
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
  return once(context, call, (tx) => createInTransaction(tx, context, input.orders));
}

async function createInTransaction(
  tx: EntityManager,
  context: RouteContext,
  inputs: readonly unknown[],
): Promise<CreatedOrders> {
  const scope = context.scope();
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
    const draft = draftOrder(input, { index, days, context });
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
  const refused = drafts.filter(({ order }) => !inserted.has(order.id));
  const taken = await findTakenOffers(
    tx,
    refused.flatMap(({ order }) => order.slotOfferId ?? []),
  );
  for (const { index, order } of drafts) {
    if (inserted.has(order.id)) orderIds[index] = order.id;
    else if (order.slotOfferId !== null && taken.has(order.slotOfferId)) {
      userErrors.push(userError.invalid(pathOf(index, 'slotOfferToken'), OFFER_TAKEN));
    } else userErrors.push(userError.invalid(pathOf(index, 'externalReference'), REFERENCE_TAKEN));
  }
  const events = Array.from(inserted, (orderId) => ({ orderId, type: 'CREATED' as const }));
  await insertOrderEvents(tx, { organizationId, events });
  return orderIds;
}

const OFFER_TAKEN = 'slotOfferToken was used for another order; ask for new offers';
const REFERENCE_TAKEN = 'externalReference is already the reference of another order';

type Draft = { kind: 'valid'; order: NewOrder } | { kind: 'invalid'; userErrors: UserError[] };

function draftOrder(
  input: NewOrderInput,
  { index, days, context }: { index: number; days: DaysByDate; context: RouteContext },
): Draft {
  const { offerTokens: tokens, nowMs } = context;
  const scope = context.scope();
  const redemption = redeemOffer(input, { tokens, scope, nowMs, path: pathOf(index) });
  if (redemption.kind === 'invalid') return redemption;
  const { offer } = redemption;
  const day = dayOf(input, offer, days.get(input.serviceDate) ?? []);
  if (day === null) {
    return { kind: 'invalid', userErrors: [userError.notFound(pathOf(index, 'depotId'), 'depot')] };
  }
  const userErrors = checkWindowsInDay(input.windows, { day, path: pathOf(index, 'windows') });
  if (userErrors.length > 0) return { kind: 'invalid', userErrors };
  return { kind: 'valid', order: newOrder(input, { depotId: day.depotId, offer, scope }) };
}

function dayOf(
  { depotId, place }: NewOrderInput,
  offer: SlotOffer | null,
  days: DepotDayBounds[],
): DepotDayBounds | null {
  if (depotId == null && offer === null) return nearestDepot(place.point, days);
  const depotUuid = offer?.depotId ?? decodeId('depot', depotId ?? '');
  return days.find((day) => day.depotId === depotUuid) ?? null;
}

function newOrder(
  input: NewOrderInput,
  { depotId, offer, scope }: { depotId: string; offer: SlotOffer | null; scope: TenantScope },
): NewOrder {
  const { organizationId, partnerId } = scope;
  const { parcels } = input;
  const load = loadOf(parcels);
  const promise = offer && {
    start: new Date(offer.windowStartMs).toISOString(),
    end: new Date(offer.windowEndMs).toISOString(),
  };
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
    loadWeightKg: load.weightKg,
    loadVolumeM3: load.volumeM3,
    loadParcels: load.parcels,
    requirements: input.requirements,
    requestedWindows: promise ? [promise] : input.windows.map(storedWindow),
    promisedStart: promise?.start ?? null,
    promisedEnd: promise?.end ?? null,
    slotOfferId: offer?.id ?? null,
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
