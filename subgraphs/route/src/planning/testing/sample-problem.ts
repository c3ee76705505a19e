import {
  COST_ONLY,
  type OrderLoad,
  type PlanningObjectives,
  type PlanningOrder,
  type PlanningProblem,
  type PlanningVehicle,
  type PlanningVisit,
  type PresentPlan,
  type ServiceWindow,
  type VisitKind,
} from '../problem.ts';
import { seededRandom } from '../random.ts';
import type { GeoPoint } from '../travel/geo-point.ts';

/** An order with one visit, unless `pickup` or `delivery` say something else. */
export type SampleOrder = Partial<PlanningOrder> & {
  readonly kind?: VisitKind;
  readonly point?: GeoPoint;
  readonly windows?: readonly ServiceWindow[];
  readonly serviceSeconds?: number;
};

export type SampleParts = {
  readonly vehicles?: readonly Partial<PlanningVehicle>[];
  readonly orders?: readonly SampleOrder[];
  /** Places beside the depot, which is place 0, and the points of the orders, which follow them. */
  readonly places?: readonly GeoPoint[];
  readonly objectives?: Partial<PlanningObjectives>;
  readonly present?: PresentPlan;
};

/** Problems to write tests with: one van at the depot, an order one kilometre away, no constraints. */
export function sampleProblem(parts: SampleParts): PlanningProblem {
  const { vehicles = [{}], orders = [{}], objectives, present = null } = parts;
  const places = [DEPOT, ...(parts.places ?? [])];
  const placeOf = (point: GeoPoint): number => {
    const known = places.findIndex(
      ({ latitude, longitude }) => latitude === point.latitude && longitude === point.longitude,
    );
    return known < 0 ? places.push(point) - 1 : known;
  };
  return {
    vehicles: vehicles.map((vehicle, index) => ({ ...VAN, key: `van-${index + 1}`, ...vehicle })),
    orders: orders.map((order, index) => sampleOrder(order, index, placeOf)),
    places,
    travel: { kind: 'ESTIMATE' },
    objectives: { ...COST_ONLY, ...objectives },
    present,
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
        point: {
          latitude: near(DEPOT.latitude, 0.3),
          longitude: near(DEPOT.longitude, 0.5),
        },
        load: { weightKg: 1 + 30 * random(), volumeM3: 0.2 * random(), pallets: 0, parcels: 1 },
        windows: index % 2 === 0 ? [] : [{ startSeconds: opensAt, endSeconds: opensAt + 7_200 }],
        requirements: index % 12 === 0 ? ['COLD_CHAIN'] : [],
        priority: index % 8 === 0 ? 90 : 50,
      };
    }),
  });
}

export const DEPOT: GeoPoint = { latitude: 52.5, longitude: 13.4 };

const PARCEL: OrderLoad = { weightKg: 10, volumeM3: 0.1, pallets: 0, parcels: 1 };

const VAN: PlanningVehicle = {
  key: 'van',
  profile: 'VAN',
  capacity: { weightKg: 900, volumeM3: 9, pallets: null, parcels: null },
  capabilities: [],
  startPlace: 0,
  endPlace: 0,
  shiftStartSeconds: 8 * 3_600,
  shiftEndSeconds: 17 * 3_600,
  cost: { perKm: 0.5, perHour: 25, fixed: 50 },
  co2eGramsPerKm: 250,
  maxDistanceMeters: null,
  maxDurationSeconds: null,
  maxVisits: null,
  breaks: [],
  reload: null,
};

function sampleOrder(
  order: SampleOrder,
  index: number,
  placeOf: (point: GeoPoint) => number,
): PlanningOrder {
  const {
    kind = 'DELIVERY',
    point = { latitude: 52.509, longitude: 13.4 },
    windows = [],
    serviceSeconds = 180,
    ...rest
  } = order;
  const isStated = order.pickup !== undefined || order.delivery !== undefined;
  const visit = (): PlanningVisit => ({
    place: placeOf(point),
    windows,
    serviceSeconds,
    setupSeconds: 0,
  });
  return {
    key: `order-${index + 1}`,
    pickup: !isStated && kind === 'PICKUP' ? visit() : null,
    delivery: !isStated && kind === 'DELIVERY' ? visit() : null,
    load: PARCEL,
    requirements: [],
    priority: 50,
    ...rest,
  };
}
