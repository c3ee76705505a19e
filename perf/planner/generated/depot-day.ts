import { createRandom, type Random } from '../../data/random.ts';
import {
  COST_ONLY,
  type PlanningOrder,
  type PlanningProblem,
  type PlanningVisit,
} from '../engine.ts';
import { depotDayFleet, PROFILE_PACE } from './depot-day-fleet.ts';
import { drawSpots, type Spot } from './map.ts';
import { roadMatrices } from './road-matrices.ts';

export type DepotDayDraft = {
  readonly name: string;
  readonly orders: number;
  readonly depots: 1 | 2;
};

const REGION_METERS = 30_000;
const HOUR = 3600;

/**
 * A day like those of the demo: parcels, pallets that need a tail lift, chilled goods, returns and a
 * few parcels from door to door; windows of two hours or half a day, some with a choice of two;
 * vans, trucks and cargo bikes with shifts, breaks and costs of their own. Roads differ there and back.
 */
export function depotDay({ name, orders, depots }: DepotDayDraft): PlanningProblem {
  const random = createRandom(`planner bench/${name}`);
  const doors = drawSpots(random, {
    count: orders + Math.ceil(orders / 20),
    spread: 'mixed',
    side: REGION_METERS,
    townSize: 25,
  });
  const spots = [...depotSpots(depots), ...doors];
  const anotherDoor = () => random.integer(depots + orders, spots.length - 1);
  return {
    places: spots.map(({ x, y }) => ({ latitude: 41 + y / 111_000, longitude: -88 + x / 84_000 })),
    vehicles: depotDayFleet(random, { orders, depots }),
    orders: Array.from({ length: orders }, (_, index) =>
      orderOf(random, { key: `order ${index + 1}`, door: depots + index, anotherDoor }),
    ),
    travel: { kind: 'MATRICES', matrices: roadMatrices(random, spots, PROFILE_PACE) },
    objectives: COST_ONLY,
    present: null,
  };
}

function depotSpots(depots: 1 | 2): Spot[] {
  const middle = REGION_METERS / 2;
  if (depots === 1) return [{ x: middle, y: middle }];
  return [
    { x: middle / 2, y: middle },
    { x: middle * 1.5, y: middle },
  ];
}

function orderOf(
  random: Random,
  { key, door, anotherDoor }: { key: string; door: number; anotherDoor: () => number },
): PlanningOrder {
  const kind = random.next();
  const goods = goodsOf(random);
  const order = { key, ...goods, priority: 50 };
  if (kind < 0.06) return { ...order, pickup: visitOf(random, door), delivery: null };
  if (kind > 0.04 + 0.06 || goods.requirements.length > 0) {
    return { ...order, pickup: null, delivery: visitOf(random, door) };
  }
  return { ...order, pickup: anytime(anotherDoor()), delivery: anytime(door) };
}

function goodsOf(random: Random): Pick<PlanningOrder, 'load' | 'requirements'> {
  const kind = random.next();
  if (kind < 0.08) {
    const pallets = random.integer(1, 2);
    const load = { weightKg: pallets * random.integer(150, 400), volumeM3: 1.2 * pallets, pallets };
    return { load: { ...load, parcels: 0 }, requirements: ['TAIL_LIFT'] };
  }
  const parcels = random.integer(1, 4);
  const weightKg = Math.round(10 * parcels * 3 * random.factor(0.6)) / 10;
  const load = { weightKg, volumeM3: parcels * 0.04, pallets: 0, parcels };
  return { load, requirements: kind < 0.18 ? ['REFRIGERATED'] : [] };
}

function visitOf(random: Random, place: number): PlanningVisit {
  return { ...anytime(place), windows: windowsOf(random) };
}

function anytime(place: number): PlanningVisit {
  return { place, windows: [], serviceSeconds: 180, setupSeconds: 90 };
}

function windowsOf(random: Random): PlanningVisit['windows'] {
  const from = (hour: number, hours: number) => ({
    startSeconds: hour * HOUR,
    endSeconds: (hour + hours) * HOUR,
  });
  const kind = random.next();
  if (kind < 0.5) return [];
  if (kind < 0.75) return [random.chance(0.5) ? from(8, 5) : from(13, 5)];
  if (kind < 0.92) return [from(random.integer(8, 15), 2)];
  return [from(random.integer(8, 11), 1), from(random.integer(13, 16), 1)];
}
