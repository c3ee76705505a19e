import { userError } from '@quantumroute/ops/user-errors';
import type { UserError } from '@quantumroute/ops/user-errors';
import { decodeId } from '@quantumroute/schema/ids';

import type { ParcelQuantityInput } from '../resolvers/schema-types.ts';
import type { Order } from '../storage/entities/order.ts';
import type { FinishedOrder } from '../storage/stores/visit-writes.ts';

export type Delivery = { outcomes: FinishedOrder[]; userErrors: UserError[] };

/**
 * What was delivered of each order: everything when `delivered` is null, else what it lists and
 * nothing else. Less than ordered makes the order PARTIALLY_DELIVERED.
 */
export function deliveryOf(
  orders: readonly Order[],
  delivered: readonly ParcelQuantityInput[] | null,
): Delivery {
  const quantities = new Map<string, number>();
  const userErrors = (delivered ?? []).flatMap((item, index) =>
    flawOf(item, { orders, quantities, path: ['input', 'deliveredParcels', String(index)] }),
  );
  const outcomes = orders.map((order): FinishedOrder => {
    const parcels = order.parcels.map((parcel) => ({
      ...parcel,
      deliveredQuantity:
        delivered === null
          ? parcel.quantity
          : (quantities.get(keyOf(order.id, parcel.reference)) ?? 0),
    }));
    const isInFull = parcels.every((parcel) => parcel.deliveredQuantity === parcel.quantity);
    return { id: order.id, status: isInFull ? 'DELIVERED' : 'PARTIALLY_DELIVERED', parcels };
  });
  return { outcomes, userErrors };
}

type Known = { orders: readonly Order[]; quantities: Map<string, number>; path: string[] };

/** Notes the quantity, or says what is wrong with it. */
function flawOf(item: ParcelQuantityInput, { orders, quantities, path }: Known): UserError[] {
  const orderId = decodeId('order', item.orderId);
  const order = orders.find(({ id }) => id === orderId);
  if (order === undefined) return [userError.notFound([...path, 'orderId'], 'order at this stop')];
  const parcel = order.parcels.find(({ reference }) => reference === item.reference);
  if (parcel === undefined) return [userError.notFound([...path, 'reference'], 'parcel')];
  const key = keyOf(order.id, parcel.reference);
  if (quantities.has(key)) {
    return [userError.invalid([...path, 'reference'], 'reference is listed twice')];
  }
  if (item.quantity < 0 || item.quantity > parcel.quantity) {
    const message = `quantity needs 0 to ${parcel.quantity}, got ${item.quantity}`;
    return [userError.invalid([...path, 'quantity'], message)];
  }
  quantities.set(key, item.quantity);
  return [];
}

function keyOf(orderId: string, reference: string): string {
  return `${orderId} ${reference}`;
}
