import { CONVENTIONS, type Convention, type ConventionRules } from './convention.ts';
import type { RawInstance, RawNode } from './instances/raw-instance.ts';

/** The nodes of each vehicle in use, without the depot. */
export type RawRoutes = readonly (readonly number[])[];

/** What a plan is worth by the convention, and what is wrong with it (nothing, for a valid one). */
export type CheckedPlan = {
  readonly vehicles: number;
  readonly distance: number;
  readonly violations: readonly string[];
};

/** Sums of doubles are compared with this much patience. */
const EPSILON = 1e-6;

/**
 * Checks a plan against the file's own figures, sharing nothing with the engine: every customer
 * once, pairs in order on one vehicle, capacity at every moment, time windows and the day's end.
 */
export function checkPlan(
  instance: RawInstance,
  convention: Convention,
  routes: RawRoutes,
): CheckedPlan {
  const rules = CONVENTIONS[convention];
  const driven = routes.filter((route) => route.length > 0);
  return {
    vehicles: driven.length,
    distance: driven.reduce((sum, route) => sum + distanceOf(instance, rules, route), 0),
    violations: [
      ...fleetViolations(instance, driven),
      ...visitViolations(instance, driven),
      ...driven.flatMap((route) => pairViolations(instance, route)),
      ...driven.flatMap((route) => loadViolations(instance, route)),
      ...driven.flatMap((route) => timeViolations(instance, rules, route)),
    ],
  };
}

function distanceOf(instance: RawInstance, rules: ConventionRules, route: readonly number[]) {
  return legsOf(route).reduce(
    (sum, [from, to]) => sum + rules.distance(node(instance, from), node(instance, to)),
    0,
  );
}

/** From the depot through the route and back. */
function legsOf(route: readonly number[]): [number, number][] {
  return [...route, 0].map((to, index) => [route[index - 1] ?? 0, to]);
}

function fleetViolations(instance: RawInstance, routes: RawRoutes): string[] {
  const { vehicles } = instance;
  if (vehicles === null || routes.length <= vehicles) return [];
  return [`${routes.length} vehicles are used, there are ${vehicles}`];
}

function visitViolations(instance: RawInstance, routes: RawRoutes): string[] {
  const visits = instance.nodes.map(() => 0);
  for (const index of routes.flat()) visits[index] = (visits[index] ?? 0) + 1;
  return visits.flatMap((count, index) =>
    index === 0 || count === 1 ? [] : [`customer ${index} is visited ${count} times`],
  );
}

function pairViolations(instance: RawInstance, route: readonly number[]): string[] {
  return instance.pairs.flatMap(({ pickup, delivery }) => {
    const [first, second] = [route.indexOf(pickup), route.indexOf(delivery)];
    const isSound = first === -1 ? second === -1 : second > first;
    return isSound ? [] : [`${delivery} does not follow its pickup ${pickup}`];
  });
}

/** Deliveries from the depot are on board from the start; goods of a pair between its two visits. */
function loadViolations(instance: RawInstance, route: readonly number[]): string[] {
  const isPaired = instance.pairs.length > 0;
  let load = isPaired ? 0 : route.reduce((sum, index) => sum + node(instance, index).demand, 0);
  let most = load;
  for (const index of route) {
    if (isPaired) load += node(instance, index).demand;
    most = Math.max(most, load);
  }
  return most > instance.capacity ? [`a load of ${most} exceeds ${instance.capacity}`] : [];
}

function timeViolations(
  instance: RawInstance,
  rules: ConventionRules,
  route: readonly number[],
): string[] {
  const violations: string[] = [];
  let leaves = node(instance, 0).ready;
  for (const [from, to] of legsOf(route)) {
    const { ready, due, service } = node(instance, to);
    const starts = Math.max(
      ready,
      leaves + rules.distance(node(instance, from), node(instance, to)),
    );
    if (starts > due + EPSILON) violations.push(`${to} is reached at ${starts}, due ${due}`);
    leaves = starts + service;
  }
  return violations;
}

function node(instance: RawInstance, index: number): RawNode {
  const found = instance.nodes[index];
  if (found === undefined) throw new RangeError(`${instance.name} has no node ${index}`);
  return found;
}
