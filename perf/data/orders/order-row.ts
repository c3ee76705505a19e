import type { Row } from '../load/tables.ts';
import type { OrderDraft, Window } from './order-draft.ts';

/** What planning and driving add to an order. */
export type OrderProgress = {
  status: 'ACCEPTED' | 'DELIVERED' | 'PARTIALLY_DELIVERED' | 'FAILED' | 'CANCELED';
  stopId: string | null;
  promised: Window | null;
  finishedAt: Date | null;
  attempt: number;
  version: number;
};

/** The order's row. */
export function orderRow(order: OrderDraft, progress: OrderProgress): Row<'route.orders'> {
  const { depot, goods, address } = order;
  return {
    id: order.id,
    organization_id: depot.organization.id,
    depot_id: depot.id,
    partner_id: goods.partner?.id ?? null,
    tracking_number: order.trackingNumber,
    tracking_token: order.trackingToken,
    external_reference: order.externalReference,
    kind: order.kind,
    status: progress.status,
    service_date: order.day,
    priority: order.priority,
    parcels: { json: deliveredParcels(order, progress.status) },
    load_weight_kg: goods.weightKg,
    load_volume_m3: goods.volumeM3,
    load_parcels: goods.pieces,
    requirements: goods.requirements,
    place_name: address.name,
    address_lines: address.addressLines,
    postal_code: address.postalCode,
    country_code: address.countryCode,
    latitude: address.point.latitude,
    longitude: address.point.longitude,
    instructions: address.instructions,
    requested_windows: { json: order.windows.map(windowText) },
    promised_start: progress.promised ? new Date(progress.promised.start) : null,
    promised_end: progress.promised ? new Date(progress.promised.end) : null,
    service_seconds: order.serviceSeconds,
    stop_id: progress.stopId,
    attempt: progress.attempt,
    version: progress.version,
    created_at: new Date(order.createdAt),
    finished_at: progress.finishedAt,
  };
}

// A partial delivery leaves one piece of the first line behind; `inFull` is about such orders.
function deliveredParcels({ goods }: OrderDraft, status: OrderProgress['status']) {
  if (status !== 'DELIVERED' && status !== 'PARTIALLY_DELIVERED') return goods.parcels;
  return goods.parcels.map((parcel, index) => {
    const missing = status === 'PARTIALLY_DELIVERED' && index === 0 ? 1 : 0;
    return { ...parcel, deliveredQuantity: parcel.quantity - missing };
  });
}

function windowText({ start, end }: Window): { start: string; end: string } {
  return { start: new Date(start).toISOString(), end: new Date(end).toISOString() };
}
