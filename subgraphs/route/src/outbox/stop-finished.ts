import { wasOnTime } from '../timing/punctuality.ts';
import { straightLineMeters } from '../timing/straight-line.ts';
import type { FinishedStop } from '../storage/stores/finished-stops.ts';

/** The body of `stop.finished`: instants as RFC 3339 text. A later one of the same stop corrects it. */
export type StopFinished = ReturnType<typeof stopFinished>;

/** What a finished stop came to, from the stop as it stands and the orders that were due there. */
export function stopFinished(stop: FinishedStop) {
  const { depotPoint, previous, latitude, longitude, orders, ...same } = stop;
  return {
    ...same,
    windowStart: instant(stop.windowStart),
    windowEnd: instant(stop.windowEnd),
    plannedArrival: instant(stop.plannedArrival),
    arrivedAt: instant(stop.arrivedAt),
    departedAt: instant(stop.departedAt),
    partnerId: commonPartner(orders),
    ...countsOf(stop),
    dwellSeconds: stop.arrivedAt && seconds(stop.departedAt - stop.arrivedAt),
    directDistanceMeters:
      depotPoint === null ? 0 : Math.round(straightLineMeters(depotPoint, stop)),
    loadWeightKg: orders.reduce((sum, { loadWeightKg }) => sum + loadWeightKg, 0),
    etaErrorSeconds: etaErrorSeconds(stop),
  };
}

/** Without a promised window an order cannot be late: in full is enough. */
function countsOf(stop: FinishedStop) {
  const { orders } = stop;
  const onTime = wasOnTime({
    windowStartMs: stop.windowStart,
    windowEndMs: stop.windowEnd,
    arrivedAtMs: stop.arrivedAt,
    departedAtMs: stop.departedAt,
  });
  const ordersInFull = orders.filter(({ status }) => status === 'DELIVERED').length;
  return {
    onTime,
    orderCount: orders.length,
    ordersInFull,
    ordersOtif: onTime === false ? 0 : ordersInFull,
    ordersFirstAttempt: orders.filter(
      ({ status, attempt, deliveredQuantity }) =>
        status !== 'FAILED' && attempt === 1 && deliveredQuantity > 0,
    ).length,
  };
}

/**
 * How far the arrival was from what was expected when the vehicle set out for the stop: for the first
 * by the plan, for the others by the way from the stop before. Null for ways that were not planned.
 */
function etaErrorSeconds(stop: FinishedStop): number | null {
  const { arrivedAt, previous, plannedSequence } = stop;
  if (arrivedAt === null || (previous?.sequence ?? 0) !== plannedSequence - 1) return null;
  const expected =
    previous === null ? stop.plannedArrival : previous.departedAt + stop.legDurationSeconds * 1_000;
  return seconds(arrivedAt - expected);
}

/** Null when the stop served several partners, or none. */
function commonPartner(orders: FinishedStop['orders']): string | null {
  const partnerIds = new Set(orders.map(({ partnerId }) => partnerId));
  const [only] = partnerIds;
  return partnerIds.size === 1 ? (only ?? null) : null;
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 1_000);
}

function instant(milliseconds: number): string;
function instant(milliseconds: number | null): string | null;
function instant(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
