import type { Instance } from '../instance/instance.ts';
import type { SearchResult } from '../planner.ts';
import { seededRandom, type Random } from '../random.ts';
import { RouteMeter } from '../routes/route-times.ts';

/** Routes that are feasible and nothing else: orders and reloads thrown in where they happen to fit; for tests only. */
export function randomRoutes(instance: Instance, seed: number): SearchResult {
  const random = seededRandom(seed);
  const meter = new RouteMeter(instance);
  const routes: number[][] = instance.vehicles.map(() => []);
  const tries = 4;
  for (let order = 0; order < instance.orderCount; order++) {
    for (let attempt = 0; attempt < tries; attempt++) {
      const vehicle = instance.vehicles[pick(instance.vehicles.length, random)]!;
      const nodes = insertedSomewhere(instance, routes[vehicle.index]!, order, random);
      if (vehicle.reloadNode >= 0 && random() < 0.4) {
        nodes.splice(pick(nodes.length + 1, random), 0, vehicle.reloadNode);
      }
      if (meter.measure(vehicle, nodes) === Infinity) continue;
      routes[vehicle.index] = nodes;
      break;
    }
  }
  return { routes, iterations: 0 };
}

function insertedSomewhere(
  { pickupOf, deliveryOf }: Instance,
  nodes: readonly number[],
  order: number,
  random: Random,
): number[] {
  const inserted = [...nodes];
  const first = pick(nodes.length + 1, random);
  const pickup = pickupOf[order]!;
  const delivery = deliveryOf[order]!;
  if (delivery >= 0) {
    const second = pickup < 0 ? first : first + pick(nodes.length + 1 - first, random);
    inserted.splice(second, 0, delivery);
  }
  if (pickup >= 0) inserted.splice(first, 0, pickup);
  return inserted;
}

function pick(count: number, random: Random): number {
  return Math.floor(random() * count);
}
