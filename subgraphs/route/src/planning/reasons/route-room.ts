import type { Instance, InstanceVehicle } from '../instance/instance.ts';
import { capacityVector, loadVector, type LoadVector } from '../instance/loads.ts';

/**
 * What could still be carried for this order beside the route's own load, where there is most of it:
 * from the start of a trip for a delivery, to its end for a pickup, on any leg for a pair.
 */
export function roomFor(
  instance: Instance,
  { vehicle, nodes, order }: { vehicle: InstanceVehicle; nodes: readonly number[]; order: number },
): LoadVector {
  const { pickupOf, deliveryOf, visitCount } = instance;
  const isPair = pickupOf[order]! >= 0 && deliveryOf[order]! >= 0;
  const isDelivery = !isPair && deliveryOf[order]! >= 0;
  const isOpen = (leg: number) => {
    if (isPair) return true;
    const neighbour = nodes[isDelivery ? leg - 1 : leg];
    return neighbour === undefined || neighbour >= visitCount;
  };
  const { capacity } = instance.problem.vehicles[vehicle.index]!;
  const limits = capacityVector(capacity);
  const lightest = LIGHTEST.slice();
  for (const [leg, load] of legLoads(instance, nodes).entries()) {
    if (!isOpen(leg)) continue;
    for (const [dimension, amount] of load.entries()) {
      lightest[dimension] = Math.min(lightest[dimension]!, amount);
    }
  }
  const room = (dimension: number) => limits[dimension]! - lightest[dimension]!;
  return [room(0), room(1), room(2), room(3)];
}

const LIGHTEST = [Infinity, Infinity, Infinity, Infinity];

/** Leg i leads to node i, the last one to the end. */
function legLoads(instance: Instance, nodes: readonly number[]): number[][] {
  const { visitCount, orderOf, isPickup, pickupOf, deliveryOf, problem } = instance;
  const legs = Array.from({ length: nodes.length + 1 }, () => [0, 0, 0, 0]);
  const add = (from: number, to: number, load: LoadVector) => {
    for (let leg = from; leg <= to; leg++) {
      for (const [dimension, amount] of load.entries()) legs[leg]![dimension]! += amount;
    }
  };
  const pickedUpAt = new Map<number, number>();
  let tripStart = 0;
  for (const [at, node] of nodes.entries()) {
    if (node >= visitCount) {
      tripStart = at + 1;
      continue;
    }
    const order = orderOf[node]!;
    const load = loadVector(problem.orders[order]!.load);
    if (isPickup[node] === 0) add(pickedUpAt.get(order) ?? tripStart, at, load);
    else if (deliveryOf[order]! < 0) add(at + 1, tripEnd(nodes, at, visitCount), load);
    else if (pickupOf[order]! >= 0) pickedUpAt.set(order, at + 1);
  }
  return legs;
}

function tripEnd(nodes: readonly number[], at: number, visitCount: number): number {
  const reload = nodes.findIndex((node, index) => index > at && node >= visitCount);
  return reload < 0 ? nodes.length : reload;
}
