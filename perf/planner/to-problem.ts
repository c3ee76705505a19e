import { CONVENTIONS, type Convention } from './convention.ts';
import {
  COST_ONLY,
  type PlanningOrder,
  type PlanningProblem,
  type PlanningVehicle,
  type PlanningVisit,
  type TravelMatrix,
} from './engine.ts';
import type { RawInstance, RawNode, RawPair } from './instances/raw-instance.ts';

/** Later than any route of an instance without times can last. */
const NO_END = 50_000_000;
/** Goods are counted as parcels; weight and volume never matter. */
const NO_LOAD = { weightKg: 0, volumeM3: 0, pallets: 0 };

/**
 * An instance as a planning problem whose metres and seconds are the convention's units times its
 * scale, exactly, so that the engine's costs are the figures of the literature.
 *
 * Where a convention has double precision, travel times are rounded up: a plan that keeps the
 * windows here keeps them there. Distances are rounded to the nearest.
 */
export function toProblem(instance: RawInstance, convention: Convention): PlanningProblem {
  const scale = CONVENTIONS[convention].scale(instance);
  const travel = matrixOf(instance, convention, scale);
  return {
    places: instance.nodes.map((node) => ({ latitude: node.y / 1000, longitude: node.x / 1000 })),
    vehicles: vehiclesOf(instance, scale),
    orders: ordersOf(instance, scale),
    travel: { kind: 'MATRICES', matrices: { VAN: travel } },
    objectives: {
      ...COST_ONLY,
      cost: 0,
      distance: 1000,
      vehicles: CONVENTIONS[convention].vehiclesFirst ? vehicleWeight(travel) : 0,
    },
    present: null,
  };
}

function matrixOf(instance: RawInstance, convention: Convention, scale: number): TravelMatrix {
  const { distance } = CONVENTIONS[convention];
  const size = instance.nodes.length;
  const distanceMeters = new Int32Array(size * size);
  const durationSeconds = new Int32Array(size * size);
  instance.nodes.forEach((from, row) => {
    instance.nodes.forEach((to, column) => {
      const units = scale * distance(from, to);
      distanceMeters[row * size + column] = Math.round(units);
      durationSeconds[row * size + column] = Math.ceil(units - 1e-6);
    });
  });
  return { size, distanceMeters, durationSeconds, isEstimated: false };
}

function vehiclesOf(instance: RawInstance, scale: number): PlanningVehicle[] {
  const [depot] = instance.nodes;
  return Array.from({ length: instance.vehicles ?? amplyMany(instance) }, (_, index) => ({
    key: `vehicle ${index + 1}`,
    profile: 'VAN',
    capacity: { weightKg: 0, volumeM3: 0, pallets: null, parcels: instance.capacity },
    capabilities: [],
    startPlace: 0,
    endPlace: 0,
    shiftStartSeconds: (depot?.ready ?? 0) * scale,
    shiftEndSeconds: Math.min(NO_END, (depot?.due ?? NO_END) * scale),
    cost: { perKm: 0, perHour: 0, fixed: 0 },
    co2eGramsPerKm: 0,
    maxDistanceMeters: null,
    maxDurationSeconds: null,
    maxVisits: null,
    breaks: [],
    reload: null,
  }));
}

/** Where the number is free: nearly a third more than the goods need. */
function amplyMany(instance: RawInstance): number {
  const goods = instance.nodes.reduce((sum, node) => sum + node.demand, 0);
  return Math.ceil((goods / instance.capacity) * 1.3) + 5;
}

function ordersOf(instance: RawInstance, scale: number): PlanningOrder[] {
  const visit = (index: number): PlanningVisit => visitOf(instance.nodes[index], index, scale);
  const order = (key: string, demand: number) => ({
    key,
    load: { ...NO_LOAD, parcels: demand },
    requirements: [],
    priority: 50,
  });
  if (instance.format !== 'LI_LIM') {
    return instance.nodes.slice(1).map((node, index) => ({
      ...order(`${index + 1}`, node.demand),
      pickup: null,
      delivery: visit(index + 1),
    }));
  }
  return instance.pairs.map((pair: RawPair) => ({
    ...order(`${pair.pickup} to ${pair.delivery}`, instance.nodes[pair.pickup]?.demand ?? 0),
    pickup: visit(pair.pickup),
    delivery: visit(pair.delivery),
  }));
}

function visitOf(node: RawNode | undefined, place: number, scale: number): PlanningVisit {
  const { ready = 0, due = Infinity, service = 0 } = node ?? {};
  const window = { startSeconds: ready * scale, endSeconds: due * scale + 1 };
  return {
    place,
    windows: due === Infinity ? [] : [window],
    serviceSeconds: service * scale,
    setupSeconds: 0,
  };
}

/** More than any distance that a vehicle can save: every customer on a route of its own. */
function vehicleWeight(travel: TravelMatrix): number {
  let there = 0;
  for (let place = 1; place < travel.size; place++) there += travel.distanceMeters[place] ?? 0;
  return there;
}
