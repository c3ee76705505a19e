import type { Instance } from './instance.ts';
import { PresentRoutes, type KeptRoute } from './present-routes.ts';
import type { PresentPlan, PresentRoute } from '../problem.ts';
import { RouteMeter } from '../routes/route-times.ts';

/** The instance with what stands: where the search starts, and what it must leave as it is. */
export function withPresent(instance: Instance): Instance {
  const { present } = instance.problem;
  if (present === null) return instance;
  const stated = statedRoutes(instance, present);
  const routes = new PresentRoutes(instance);
  const kept = instance.vehicles.map((vehicle, index): KeptRoute => {
    const route = stated[index];
    if (route === undefined) return { nodes: [], frozenVisits: 0 };
    return present.mode === 'FULL'
      ? routes.keepFrozen(vehicle, route)
      : routes.keep(vehicle, route);
  });
  const presentVehicle = new Int32Array(instance.orderCount).fill(-1);
  stated.forEach((route, index) => {
    for (const visit of route ? routes.visitsOf(route) : []) {
      presentVehicle[instance.orderOf[visit]!] = index;
    }
  });
  const held = heldOrders(instance, kept);
  const costPerMove = movePenalty(instance, present, kept);
  const leastPenalty = Math.min(...instance.penalty);
  return {
    ...instance,
    presentVehicle,
    isFixed: fixedOrders(instance, present, kept),
    movePenalty: costPerMove,
    // To move an order is never worse than to leave one out.
    penalty: instance.penalty.map(
      (penalty) => penalty * (1 + (DEARER_THAN_MOVES * costPerMove) / leastPenalty),
    ),
    vehicles: instance.vehicles.map((vehicle, index) => ({
      ...vehicle,
      presentVisits: kept[index]!.nodes,
      frozenVisits: kept[index]!.frozenVisits,
      isCapable: vehicle.isCapable.map((isCapable, order) => {
        const holder = held[order]!;
        if (holder >= 0) return holder === index ? isCapable : 0;
        if (stated[index]?.isLocked) return 0;
        const isElsewhere = presentVehicle[order] !== index;
        return present.mode === 'RESEQUENCE' && isElsewhere ? 0 : isCapable;
      }),
    })),
  };
}

const DEARER_THAN_MOVES = 10;

/** By vehicle. */
function statedRoutes({ problem }: Instance, { routes }: PresentPlan) {
  const byKey = new Map(routes.map((route) => [route.vehicleKey, route]));
  return problem.vehicles.map(({ key }): PresentRoute | undefined => byKey.get(key));
}

/** By order: the vehicle that has a visit of it among its frozen ones, or -1. */
function heldOrders({ orderCount, orderOf, visitCount }: Instance, kept: readonly KeptRoute[]) {
  const held = new Int32Array(orderCount).fill(-1);
  kept.forEach(({ nodes, frozenVisits }, vehicle) => {
    for (const node of nodes.slice(0, frozenVisits)) {
      if (node < visitCount) held[orderOf[node]!] = vehicle;
    }
  });
  return held;
}

function fixedOrders(
  { orderCount, orderOf, visitCount }: Instance,
  { mode, stability }: PresentPlan,
  kept: readonly KeptRoute[],
): Uint8Array {
  const fixed = new Uint8Array(orderCount);
  if (mode === 'FULL' || mode === 'RESEQUENCE' || stability < 1) return fixed;
  for (const node of kept.flatMap(({ nodes }) => nodes)) {
    if (node < visitCount) fixed[orderOf[node]!] = 1;
  }
  return fixed;
}

function movePenalty(
  instance: Instance,
  { mode, stability }: PresentPlan,
  kept: readonly KeptRoute[],
): number {
  if (mode === 'FULL' || mode === 'RESEQUENCE' || stability === 1) return 0;
  const meter = new RouteMeter(instance);
  const visits = kept.flatMap(({ nodes }) => nodes).filter((node) => node < instance.visitCount);
  const orders = new Set(visits.map((visit) => instance.orderOf[visit]!)).size;
  if (orders === 0) return 0;
  const cost = instance.vehicles.reduce(
    (sum, vehicle, index) => sum + meter.measure(vehicle, kept[index]!.nodes),
    0,
  );
  return (stability / (1 - stability)) * (cost / orders);
}
