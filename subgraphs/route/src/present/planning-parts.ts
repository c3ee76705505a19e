import type { PlanningOrder, PlanningVehicle, ServiceWindow } from '../planning/problem.ts';
import type { GeoPoint } from '../planning/travel/geo-point.ts';
import type { FreeShift, OpenOrder } from '../storage/stores/planning-queries.ts';

/** The points of a problem, each once. */
export class Places {
  readonly points: GeoPoint[] = [];
  readonly #indexes = new Map<string, number>();

  indexOf({ latitude, longitude }: GeoPoint): number {
    const key = `${latitude} ${longitude}`;
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    this.#indexes.set(key, this.points.length);
    return this.points.push({ latitude, longitude }) - 1;
  }
}

/** Whole seconds of the day inside the window, and at least one of them. */
export function serviceWindow(
  { startMs, endMs }: { startMs: number; endMs: number },
  dayStartMs: number,
): ServiceWindow {
  const startSeconds = Math.ceil((startMs - dayStartMs) / 1000);
  const endSeconds = Math.floor((endMs - dayStartMs) / 1000);
  return { startSeconds, endSeconds: Math.max(endSeconds, startSeconds + 1) };
}

export function planningOrder(
  order: OpenOrder,
  { place, windows }: { place: number; windows: readonly ServiceWindow[] },
): PlanningOrder {
  const visit = { place, windows, serviceSeconds: order.serviceSeconds, setupSeconds: 0 };
  return {
    key: order.id,
    pickup: order.kind === 'PICKUP' ? visit : null,
    delivery: order.kind === 'PICKUP' ? null : visit,
    load: {
      weightKg: order.loadWeightKg,
      volumeM3: order.loadVolumeM3,
      pallets: 0,
      parcels: order.loadParcels,
    },
    requirements: order.requirements,
    priority: order.priority + (order.isPromised ? PROMISED : 0),
  };
}

/** Of two orders of one priority, the one with a promised window is kept. Less than a step of priority. */
const PROMISED = 0.5;

/** Fleet says nothing yet of breaks, reloads and limits beside the shift. */
export function planningVehicle(
  shift: FreeShift,
  { depotPlace, dayStartMs }: { depotPlace: number; dayStartMs: number },
): PlanningVehicle {
  return {
    key: shift.shiftId,
    profile: shift.profile,
    capacity: {
      weightKg: shift.capacityWeightKg,
      volumeM3: shift.capacityVolumeM3,
      pallets: null,
      parcels: shift.capacityParcels,
    },
    capabilities: [...new Set([...shift.capabilities, ...shift.skills])],
    startPlace: depotPlace,
    endPlace: depotPlace,
    shiftStartSeconds: Math.ceil((shift.startMs - dayStartMs) / 1000),
    shiftEndSeconds: Math.floor((shift.endMs - dayStartMs) / 1000),
    cost: {
      perKm: Number(shift.costPerKm),
      perHour: Number(shift.costPerHour),
      fixed: Number(shift.costFixedPerDay),
    },
    co2eGramsPerKm: shift.wtwGramsCo2ePerKm,
    maxDistanceMeters: null,
    maxDurationSeconds: null,
    maxVisits: null,
    breaks: [],
    reload: null,
  };
}
