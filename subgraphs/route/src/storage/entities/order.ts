import { defineEntity, p } from '@mikro-orm/postgresql';
import type { InferEntity } from '@mikro-orm/postgresql';

import { placeColumns } from './place.ts';
import type { UnassignedReason } from './proposal.ts';

export const ORDER_KINDS = ['DELIVERY', 'PICKUP'] as const;
export type OrderKind = (typeof ORDER_KINDS)[number];

export const ORDER_STATUSES = [
  'ACCEPTED',
  'PLANNED',
  'DISPATCHED',
  'DELIVERED',
  'PARTIALLY_DELIVERED',
  'FAILED',
  'CANCELED',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Weight and volume of one piece. */
export type StoredParcel = {
  reference: string;
  quantity: number;
  deliveredQuantity: number;
  weightKg: number;
  volumeM3: number;
  barcode: string | null;
};

/** Instants as RFC 3339 text, because it lives in JSON. */
export type StoredWindow = { start: string; end: string };

export const OrderEntity = defineEntity({
  name: 'Order',
  schema: 'route',
  tableName: 'orders',
  properties: {
    id: p.uuid().primary(),
    organizationId: p.uuid(),
    depotId: p.uuid(),
    partnerId: p.uuid().nullable(),
    trackingNumber: p.string(),
    trackingToken: p.string(),
    externalReference: p.string().nullable(),
    kind: p.enum(ORDER_KINDS),
    status: p.enum(ORDER_STATUSES),
    serviceDate: p.date(),
    priority: p.integer(),
    parcels: p.json<StoredParcel[]>(),
    loadWeightKg: p.double().$type<number>(),
    loadVolumeM3: p.double().$type<number>().fieldName('load_volume_m3'),
    loadParcels: p.integer(),
    requirements: p.array(),
    ...placeColumns(),
    requestedWindows: p.json<StoredWindow[]>(),
    promisedStart: p.datetime().nullable(),
    promisedEnd: p.datetime().nullable(),
    serviceSeconds: p.integer(),
    stopId: p.uuid().nullable(),
    unassignedReasons: p.json<UnassignedReason[]>(),
    attempt: p.integer(),
    version: p.integer(),
    createdAt: p.datetime(),
    finishedAt: p.datetime().nullable(),
    /** Made by the database; here to be searched, never to be read. */
    searchText: p.text().lazy(),
  },
});

export type Order = Omit<InferEntity<typeof OrderEntity>, 'searchText'>;
