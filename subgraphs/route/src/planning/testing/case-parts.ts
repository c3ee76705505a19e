import type { PresentPlan, PresentRoute, Travel } from '../problem.ts';
import type { SampleOrder } from './sample-problem.ts';

// What small problems are made of whose plan is plain to see; for tests only.

/** So many kilometres north of the depot. */
export const at = (kilometres: number) => ({ latitude: 52.5 + kilometres / 111, longitude: 13.4 });
export const hours = (from: number, to: number) => ({
  startSeconds: from * 3_600,
  endSeconds: to * 3_600,
});
export const visit = (place: number, more: object = {}) => ({
  place,
  windows: [],
  serviceSeconds: 60,
  setupSeconds: 0,
  ...more,
});

export const near: SampleOrder = { point: at(2) };
export const early: SampleOrder = { ...near, windows: [hours(8, 9)] };
export const far: SampleOrder = { point: at(20) };
/** The second is less important. */
export const two: readonly SampleOrder[] = [far, { ...near, priority: 10 }];
export const heavy = { weightKg: 60, volumeM3: 0.6, pallets: 6, parcels: 6 };
export const heavyOnes = [3, 2, 1].map((priority) => ({ ...near, load: heavy, priority }));
export const small = { weightKg: 100, volumeM3: 1, pallets: 10, parcels: 10 };
export const large = { weightKg: 200, volumeM3: 2, pallets: 20, parcels: 20 };
export const costs = { perKm: 0.5, perHour: 25, fixed: 50 };
export const cheap = { cost: { ...costs, fixed: 40 } };
/** The first is used, unless something speaks for the second. */
export const choice = (first: object = {}, second: object = {}) => ({
  vehicles: [{ ...cheap, ...first }, second],
});

export const stood = (
  mode: PresentPlan['mode'],
  [vehicleKey, ...orders]: readonly [string, ...number[]],
  held: Partial<PresentRoute> & { stability?: number } = {},
): PresentPlan => {
  const { stability = 1, ...rest } = held;
  const visits = orders.map((order) => ({
    orderKey: `order-${order}`,
    kind: 'DELIVERY' as const,
  }));
  return {
    mode,
    stability,
    routes: [{ vehicleKey, visits, frozenVisits: 0, isLocked: false, ...rest }],
  };
};

export const free = { cost: { perKm: 0, perHour: 0, fixed: 0 } };
export const bike = { profile: 'CARGO_BIKE' as const };
export const depots = { places: [at(100)], ...choice({}, { startPlace: 1, endPlace: 1 }) };
export const nearAndVeryFar: readonly SampleOrder[] = [
  early,
  { point: at(99), windows: [hours(12, 17)] },
];
/** Ends at its last visit, so that there and back differ. */
export const open = { endPlace: null };
export const line = {
  vehicles: [open],
  orders: [at(5), at(10), at(15)].map((point) => ({ point })),
};
export const lunch = (earliest: number, latest: number) => ({
  earliestStartSeconds: earliest * 3_600,
  latestStartSeconds: latest * 3_600,
  durationSeconds: 3_600,
});

/** An order of each priority, the most important first, which weighs as much as several others. */
export function ranked(heaviestKg: number): SampleOrder[] {
  return Array.from({ length: 101 }, (_, rank) => ({
    ...near,
    key: `order-${rank}`,
    priority: 100 - rank,
    load: { weightKg: rank === 0 ? heaviestKg : 60, volumeM3: 0.1, pallets: 0, parcels: 0 },
  }));
}

export function outFrom(first: number): string {
  return ['out', ...Array.from({ length: 101 - first }, (_, index) => first + index)].join(' ');
}

/** Three places; only the way around through these, one after the other, is short. */
export function triangle(round: readonly number[]): Travel {
  const size = round.length;
  const legs = new Int32Array(size * size).fill(3_000);
  round.forEach((place, index) => {
    legs[place * size + round[(index + 1) % size]!] = 100;
    legs[place * size + place] = 0;
  });
  const matrix = { size, distanceMeters: legs, durationSeconds: legs, isEstimated: false };
  return { kind: 'MATRICES', matrices: { VAN: matrix } };
}
