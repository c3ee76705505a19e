import { newId } from '@quantumroute/schema/ids';

import type { PossibleDeliveryInput } from '../actions/order-input.ts';
import type { StartWindow } from '../planning/reasons/own-windows.ts';
import { promisableWindows, withOrders } from '../planning/reasons/promisable-windows.ts';
import { waitingOrders } from '../present/drivable-routes.ts';
import { serviceWindow } from '../present/planning-parts.ts';
import type { StandingDay } from '../present/standing-days.ts';
import { standingProblem } from '../present/standing-problem.ts';
import type { OpenOrder } from '../storage/stores/planning-queries.ts';
import { loadOf } from './load-of.ts';

/** A window of one day that can be kept. */
export type PossibleOffer = {
  readonly serviceDate: string;
  readonly windowStartMs: number;
  readonly windowEndMs: number;
  readonly marginalCost: number;
  readonly currency: string;
  readonly marginalDistanceMeters: number;
  readonly marginalCo2eGrams: number;
};

/** Orders without a place that are given one first, so that no room is promised twice. */
const MAX_WAITING = 60;

/** Service starts so long before the end of a promised window, so that the first red light breaks no promise. */
const SPARED_MS = 15 * 60_000;

type Asked = {
  readonly bounds: { readonly startMs: number; readonly endMs: number };
  readonly delivery: PossibleDeliveryInput;
  readonly nowMs: number;
};

/**
 * The windows of a day that can be promised for one more delivery, beside every promise that stands.
 * Pure. Orders that wait for a place go first: those that took an offer, then by priority.
 */
export function possibleOffers(standing: StandingDay, asked: Asked): PossibleOffer[] {
  const { day, shifts } = standing;
  if (shifts.length === 0) return [];
  const waiting = waitingOrders(standing)
    .toSorted((a, b) => Number(b.isPromised) - Number(a.isPromised) || b.priority - a.priority)
    .slice(0, MAX_WAITING);
  const wanted = orderOf(asked.delivery);
  const { instance, routes, added } = standingProblem(standing, [...waiting, wanted], asked.nowMs);
  const spokenFor = withOrders(instance, routes, added.slice(0, -1));
  const windows = windowsOf(asked, day.dayStartMs);
  return promisableWindows(instance, spokenFor, added.at(-1)!, windows).map(
    ({ window: { startMs, endMs }, insertion }) => {
      const { co2eGramsPerKm } = instance.problem.vehicles[insertion.vehicle.index]!;
      // A way round can be shorter than the direct one where road data says so.
      const meters = Math.max(0, insertion.meters);
      return {
        serviceDate: day.serviceDate,
        windowStartMs: startMs,
        windowEndMs: endMs,
        marginalCost: Math.max(0, insertion.cost),
        currency: day.currency,
        marginalDistanceMeters: meters,
        marginalCo2eGrams: Math.round((meters / 1_000) * co2eGramsPerKm),
      };
    },
  );
}

function orderOf({
  place,
  parcels,
  requirements,
  serviceSeconds,
}: PossibleDeliveryInput): OpenOrder {
  const load = loadOf(parcels);
  return {
    id: newId(),
    version: 1,
    kind: 'DELIVERY',
    ...place.point,
    loadWeightKg: load.weightKg,
    loadVolumeM3: load.volumeM3,
    loadParcels: load.parcels,
    requestedWindows: [],
    isPromised: false,
    serviceSeconds,
    requirements,
    priority: 0,
  };
}

type OfferedWindow = StartWindow & { readonly startMs: number; readonly endMs: number };

/** Those of the day that have not begun. */
function windowsOf({ bounds, delivery, nowMs }: Asked, dayStartMs: number): OfferedWindow[] {
  const lengthMs = delivery.windowMinutes * 60_000;
  const count = Math.floor((bounds.endMs - bounds.startMs) / lengthMs);
  return Array.from({ length: count }, (_, index) => {
    const startMs = bounds.startMs + index * lengthMs;
    const endMs = startMs + lengthMs;
    const spared = Math.min(SPARED_MS, lengthMs / 4);
    const { startSeconds, endSeconds } = serviceWindow(
      { startMs, endMs: endMs - spared },
      dayStartMs,
    );
    return { startMs, endMs, firstSeconds: startSeconds, lastSeconds: endSeconds - 1 };
  }).filter(({ startMs }) => startMs > nowMs);
}
