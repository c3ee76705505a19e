import type { FreeShift, OpenOrder, PlanningDay } from '../storage/stores/planning-queries.ts';

/** Parts of a day as `standingDays` reads them, without a database. */
export const DAY_START = Date.parse('2026-12-01T00:00:00Z');
export const DEPOT = { latitude: 52.5, longitude: 13.4 };
const HOUR_MS = 3_600_000;

export const planningDay: PlanningDay = {
  planId: 'plan',
  organizationId: 'organization',
  depotId: 'depot',
  serviceDate: '2026-12-01',
  dayStartMs: DAY_START,
  ...DEPOT,
  currency: 'EUR',
};

/** Some two kilometres each. */
export type Step = readonly [north: number, east: number];

export function pointAt([north, east]: Step) {
  return { latitude: DEPOT.latitude + north / 50, longitude: DEPOT.longitude + east / 50 };
}

/** About every second one with a window of an hour. */
export function openOrder(id: string, point: Step, seed: number): OpenOrder {
  const [north, east] = point;
  const hour = 8 + ((north * 7 + east * 3 + seed) & 7);
  const hasWindow = (north + east + seed) % 2 === 0;
  return {
    id,
    version: 1,
    kind: 'DELIVERY',
    ...pointAt(point),
    loadWeightKg: 60,
    loadVolumeM3: 0.1,
    loadParcels: 1,
    requestedWindows: hasWindow
      ? [
          {
            start: new Date(DAY_START + hour * HOUR_MS).toISOString(),
            end: new Date(DAY_START + (hour + 1) * HOUR_MS).toISOString(),
          },
        ]
      : [],
    isPromised: false,
    serviceSeconds: 600,
    requirements: [],
    priority: 50,
  };
}

/** A van, from 8 to 14 o'clock. */
export function freeShift(shiftId: string): FreeShift {
  return {
    shiftId,
    vehicleId: `vehicle of ${shiftId}`,
    driverId: 'driver',
    vehicleName: 'Van',
    registrationPlate: 'B-1',
    driverName: 'Driver',
    profile: 'VAN',
    capabilities: [],
    skills: [],
    capacityWeightKg: 800,
    capacityVolumeM3: 10,
    capacityParcels: null,
    costPerKm: '0.5',
    costPerHour: '30',
    costFixedPerDay: '80',
    wtwGramsCo2ePerKm: 291.6,
    startMs: DAY_START + 8 * HOUR_MS,
    endMs: DAY_START + 14 * HOUR_MS,
  };
}
