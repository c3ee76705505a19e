import type { Random } from '../../data/random.ts';
import type { PlanningVehicle } from '../engine.ts';
import type { Pace } from './road-matrices.ts';

type Profile = 'VAN' | 'RIGID_TRUCK' | 'CARGO_BIKE';
type Model = Pick<PlanningVehicle, 'capacity' | 'capabilities' | 'cost' | 'co2eGramsPerKm'> & {
  readonly maxDistanceMeters: number | null;
};

/** Seconds for metres to the power of 0.6, about as in town. */
export const PROFILE_PACE: Readonly<Record<Profile, Pace>> = {
  VAN: { profile: 'VAN', secondsPerScaledMeter: 3.6 },
  RIGID_TRUCK: { profile: 'RIGID_TRUCK', secondsPerScaledMeter: 4.3 },
  CARGO_BIKE: { profile: 'CARGO_BIKE', secondsPerScaledMeter: 4.8 },
};

const MODELS: Readonly<Record<Profile, Model>> = {
  VAN: {
    capacity: { weightKg: 900, volumeM3: 9, pallets: 0, parcels: 120 },
    capabilities: ['REFRIGERATED'],
    cost: { perKm: 0.35, perHour: 24, fixed: 60 },
    co2eGramsPerKm: 220,
    maxDistanceMeters: 220_000,
  },
  RIGID_TRUCK: {
    capacity: { weightKg: 5000, volumeM3: 32, pallets: 14, parcels: null },
    capabilities: ['TAIL_LIFT'],
    cost: { perKm: 0.8, perHour: 29, fixed: 130 },
    co2eGramsPerKm: 600,
    maxDistanceMeters: null,
  },
  CARGO_BIKE: {
    capacity: { weightKg: 110, volumeM3: 1.4, pallets: 0, parcels: 24 },
    capabilities: [],
    cost: { perKm: 0.05, perHour: 21, fixed: 15 },
    co2eGramsPerKm: 10,
    maxDistanceMeters: 60_000,
  },
};

const HOUR = 3600;

/** More than enough of each, so that the search chooses and everybody can be served. */
export function depotDayFleet(
  random: Random,
  { orders, depots }: { orders: number; depots: number },
): PlanningVehicle[] {
  const fleet: [Profile, number][] = [
    ['VAN', Math.ceil(orders / 14)],
    ['RIGID_TRUCK', 2 + Math.ceil(orders / 60)],
    ['CARGO_BIKE', Math.ceil(orders / 40)],
  ];
  return fleet.flatMap(([profile, count]) =>
    Array.from({ length: count }, (_, index) =>
      vehicleOf(random, { profile, index, depot: index % depots }),
    ),
  );
}

function vehicleOf(
  random: Random,
  { profile, index, depot }: { profile: Profile; index: number; depot: number },
): PlanningVehicle {
  const leaves = random.integer(6, 8) * HOUR;
  return {
    ...MODELS[profile],
    key: `${profile.toLowerCase()} ${index + 1}`,
    profile,
    startPlace: depot,
    endPlace: depot,
    shiftStartSeconds: leaves,
    shiftEndSeconds: leaves + 11 * HOUR,
    maxDurationSeconds: 10 * HOUR,
    maxVisits: null,
    breaks: [
      {
        earliestStartSeconds: leaves + 3 * HOUR,
        latestStartSeconds: leaves + 6 * HOUR,
        durationSeconds: 1800,
      },
    ],
    reload: profile === 'CARGO_BIKE' ? { place: depot, durationSeconds: 900, max: 3 } : null,
  };
}
