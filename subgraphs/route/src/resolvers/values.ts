import type { Order, StoredWindow } from '../storage/entities/order.ts';
import type { Stop } from '../storage/entities/stop.ts';
import type { Money, Place, ProofOfDelivery, RouteMetrics, TimeWindow } from './schema-types.ts';

/** Columns of our rows as value types of the schema. */
export function placeOf(row: Order | Stop): Place {
  return {
    name: row.placeName ?? null,
    addressLines: row.addressLines,
    postalCode: row.postalCode ?? null,
    countryCode: row.countryCode,
    point: { latitude: row.latitude, longitude: row.longitude },
    instructions: row.instructions ?? null,
  };
}

export function windowOf(
  start: Date | null | undefined,
  end: Date | null | undefined,
): TimeWindow | null {
  return start && end ? { start, end } : null;
}

export function storedWindowOf({ start, end }: StoredWindow): TimeWindow {
  return { start: new Date(start), end: new Date(end) };
}

export function proofOf(stop: Stop): ProofOfDelivery | null {
  const { proofCapturedAt, proofSyncedAt, proofSha256, proofLatitude, proofLongitude } = stop;
  if (!proofCapturedAt || !proofSyncedAt || !proofSha256) return null;
  const hasPoint = typeof proofLatitude === 'number' && typeof proofLongitude === 'number';
  return {
    capturedAt: proofCapturedAt,
    syncedAt: proofSyncedAt,
    recipientName: stop.proofRecipientName ?? null,
    point: hasPoint ? { latitude: proofLatitude, longitude: proofLongitude } : null,
    distanceFromStopMeters: stop.proofDistanceMeters ?? null,
    sha256: proofSha256,
  };
}

type MetricsRow = Omit<RouteMetrics, 'cost'> & { cost: string };

export function metricsOf(row: MetricsRow, currency: string): RouteMetrics {
  const { distanceMeters, drivingSeconds, serviceSeconds, waitingSeconds } = row;
  const cost: Money = { amount: row.cost, currency };
  return { distanceMeters, drivingSeconds, serviceSeconds, waitingSeconds, cost };
}
