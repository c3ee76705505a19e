import type { PlanningOrder, PlanningProblem, PlanningVehicle } from './problem.ts';
import { seededRandom } from './random.ts';

/** Problems to write tests with: one van at the depot, an order one kilometre away, no constraints. */
export function sampleProblem(parts: {
  readonly vehicles?: readonly Partial<PlanningVehicle>[];
  readonly orders?: readonly Partial<PlanningOrder>[];
}): PlanningProblem {
  const { vehicles = [{}], orders = [{}] } = parts;
  return {
    depot: { latitude: 52.5, longitude: 13.4 },
    vehicles: vehicles.map((vehicle, index) => ({ ...VAN, key: `van-${index + 1}`, ...vehicle })),
    orders: orders.map((order, index) => ({ ...PARCEL, key: `order-${index + 1}`, ...order })),
    travel: { kind: 'ESTIMATE' },
  };
}

/** A depot's day: addresses within some 25 km, half of them with a window of two hours. */
export function sampleDay(size: { orders: number; vehicles: number }): PlanningProblem {
  const random = seededRandom(size.orders);
  const near = (degrees: number, spread: number) => degrees + (random() - 0.5) * spread;
  return sampleProblem({
    vehicles: Array.from({ length: size.vehicles }, (_, index) => ({
      profile: index % 4 === 0 ? 'RIGID_TRUCK' : 'VAN',
      capabilities: index % 5 === 0 ? ['COLD_CHAIN'] : [],
    })),
    orders: Array.from({ length: size.orders }, (_, index) => {
      const opensAt = (8 + Math.floor(random() * 7)) * 3_600;
      return {
        kind: index % 10 === 0 ? 'PICKUP' : 'DELIVERY',
        point: { latitude: near(52.5, 0.3), longitude: near(13.4, 0.5) },
        load: { weightKg: 1 + 30 * random(), volumeM3: 0.2 * random(), parcels: 1 },
        windows: index % 2 === 0 ? [] : [{ startSeconds: opensAt, endSeconds: opensAt + 7_200 }],
        requirements: index % 12 === 0 ? ['COLD_CHAIN'] : [],
        priority: index % 8 === 0 ? 90 : 50,
      };
    }),
  });
}

const VAN: PlanningVehicle = {
  key: 'van',
  profile: 'VAN',
  capacity: { weightKg: 900, volumeM3: 9, parcels: null },
  capabilities: [],
  shiftStartSeconds: 8 * 3_600,
  shiftEndSeconds: 17 * 3_600,
  cost: { perKm: 0.5, perHour: 25, fixed: 50 },
};

const PARCEL: PlanningOrder = {
  key: 'order',
  kind: 'DELIVERY',
  point: { latitude: 52.509, longitude: 13.4 },
  load: { weightKg: 10, volumeM3: 0.1, parcels: 1 },
  windows: [],
  serviceSeconds: 180,
  requirements: [],
  priority: 50,
};
