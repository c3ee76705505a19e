import type { EntityManager } from '@mikro-orm/postgresql';

import type { OrderKind, StoredParcel, StoredWindow } from '../entities/order.ts';
import { sqlArray, sqlRecords } from '../sql.ts';

export type NewOrder = {
  id: string;
  organizationId: string;
  depotId: string;
  partnerId: string | null;
  trackingNumber: string;
  trackingToken: string;
  externalReference: string | null;
  kind: OrderKind;
  serviceDate: string;
  priority: number;
  parcels: StoredParcel[];
  loadWeightKg: number;
  loadVolumeM3: number;
  loadParcels: number;
  requirements: string[];
  requestedWindows: StoredWindow[];
  /** RFC 3339; both or none. */
  promisedStart: string | null;
  promisedEnd: string | null;
  slotOfferId: string | null;
  serviceSeconds: number;
} & StoredPlace;

export type StoredPlace = {
  placeName: string | null;
  addressLines: string[];
  postalCode: string | null;
  countryCode: string;
  latitude: number;
  longitude: number;
  instructions: string | null;
};

/**
 * Inserts all orders in one statement and gives the ids of those that are new: an order whose
 * external reference its partner has used before, or whose slot offer is taken, is left out (a
 * tracking number that exists, never seen so far, too). In the order of the references, so that two
 * batches with the same ones wait for each other and never in a circle. Rows can be in one order
 * only: batches that take offers come one after the other in each organization.
 */
export async function insertOrders(
  em: EntityManager,
  orders: readonly NewOrder[],
): Promise<Set<string>> {
  const takesOffer = orders.find(({ slotOfferId }) => slotOfferId !== null);
  if (takesOffer) await lockOffers(em, takesOffer.organizationId);
  const rows: { id: string }[] = await em.execute(
    `insert into route.orders (
       id, organization_id, depot_id, partner_id, tracking_number, tracking_token,
       external_reference, kind, service_date, priority, parcels, load_weight_kg, load_volume_m3,
       load_parcels, requirements, place_name, address_lines, postal_code, country_code, latitude,
       longitude, instructions, requested_windows, promised_start, promised_end, slot_offer_id,
       service_seconds)
     select "id", "organizationId", "depotId", "partnerId", "trackingNumber", "trackingToken",
       "externalReference", "kind", "serviceDate", "priority", "parcels", "loadWeightKg",
       "loadVolumeM3", "loadParcels", "requirements", "placeName", "addressLines", "postalCode",
       "countryCode", "latitude", "longitude", "instructions", "requestedWindows",
       "promisedStart", "promisedEnd", "slotOfferId", "serviceSeconds"
     from jsonb_to_recordset(?::jsonb) as new (
       "id" uuid, "organizationId" uuid, "depotId" uuid, "partnerId" uuid, "trackingNumber" text,
       "trackingToken" text, "externalReference" text, "kind" text, "serviceDate" date,
       "priority" int, "parcels" jsonb, "loadWeightKg" float8, "loadVolumeM3" float8,
       "loadParcels" int, "requirements" text[], "placeName" text, "addressLines" text[],
       "postalCode" text, "countryCode" text, "latitude" float8, "longitude" float8,
       "instructions" text, "requestedWindows" jsonb, "promisedStart" timestamptz,
       "promisedEnd" timestamptz, "slotOfferId" uuid, "serviceSeconds" int)
     order by "externalReference", "id"
     on conflict do nothing
     returning id`,
    [sqlRecords(orders)],
  );
  return new Set(rows.map(({ id }) => id));
}

async function lockOffers(em: EntityManager, organizationId: string): Promise<void> {
  await em.execute(`select pg_advisory_xact_lock(hashtextextended('slot offers ' || ?::text, 0))`, [
    organizationId,
  ]);
}

/** Those of the offers that an order has taken. */
export async function findTakenOffers(
  em: EntityManager,
  offerIds: readonly string[],
): Promise<Set<string>> {
  if (offerIds.length === 0) return new Set();
  const rows: { id: string }[] = await em.execute(
    'select slot_offer_id as id from route.orders where slot_offer_id = any (?::uuid[])',
    [sqlArray(offerIds)],
  );
  return new Set(rows.map(({ id }) => id));
}

export type OrderChange = StoredPlace & {
  id: string;
  priority: number;
  requirements: string[];
  requestedWindows: StoredWindow[];
};

/** Writes what an order's owner may change, and the next version. */
export async function updateOrder(em: EntityManager, change: OrderChange): Promise<void> {
  await em.execute(
    `update route.orders set
       priority = "new"."priority", requirements = "new"."requirements",
       requested_windows = "new"."requestedWindows", place_name = "new"."placeName",
       address_lines = "new"."addressLines", postal_code = "new"."postalCode",
       country_code = "new"."countryCode", latitude = "new"."latitude",
       longitude = "new"."longitude", instructions = "new"."instructions", version = version + 1
     from jsonb_to_recordset(?::jsonb) as "new" (
       "id" uuid, "priority" int, "requirements" text[], "requestedWindows" jsonb,
       "placeName" text, "addressLines" text[], "postalCode" text, "countryCode" text,
       "latitude" float8, "longitude" float8, "instructions" text)
     where orders.id = "new"."id"`,
    [sqlRecords([change])],
  );
}

export async function cancelOrder(em: EntityManager, id: string): Promise<void> {
  await em.execute(
    `update route.orders
     set status = 'CANCELED', finished_at = now(), unassigned_reasons = '[]', version = version + 1
     where id = ?`,
    [id],
  );
}
