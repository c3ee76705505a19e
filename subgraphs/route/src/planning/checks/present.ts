import type {
  PlanningOrder,
  PlanningProblem,
  PresentPlan,
  PresentRoute,
  VisitReference,
} from '../problem.ts';
import { canStand } from './lock-feasibility.ts';
import type { Path, Report } from './report.ts';

const MODES = ['FULL', 'INSERT', 'RESEQUENCE', 'REPAIR'];

/** @param isSoundSoFar Asked before anything is computed with the figures of the problem. */
export function checkPresent(
  report: Report,
  problem: PlanningProblem,
  present: PresentPlan,
  isSoundSoFar: () => boolean,
): void {
  const { mode, stability, routes } = present;
  if (!MODES.includes(mode)) report(['present', 'mode'], `must be one of ${MODES.join(', ')}`);
  if (!(stability >= 0 && stability <= 1)) {
    report(['present', 'stability'], `must be from 0 to 1, got ${stability}`);
  }
  const pathOf = (index: number) => ['present', 'routes', `${index}`];
  checkVehicleKeys(report, problem, routes);
  const orders = new Map(problem.orders.map((order) => [order.key, order]));
  const plannedBy = new Map<string, string>();
  for (const [index, route] of routes.entries()) {
    checkFrozen(report, pathOf(index), route);
    checkVisits(report, pathOf(index), { route, orders, plannedBy });
  }
  if (!isSoundSoFar()) return;
  for (const [index, route] of routes.entries()) {
    const isHeld = route.isLocked || route.frozenVisits > 0;
    if (!isHeld || canStand(problem, route)) continue;
    report(
      pathOf(index),
      `is ${route.isLocked ? 'locked' : 'frozen'}, but not feasible for its vehicle`,
    );
  }
}

function checkVehicleKeys(
  report: Report,
  { vehicles }: PlanningProblem,
  routes: readonly PresentRoute[],
): void {
  const known = new Set(vehicles.map(({ key }) => key));
  const seen = new Set<string>();
  for (const [index, { vehicleKey }] of routes.entries()) {
    const path = ['present', 'routes', `${index}`, 'vehicleKey'];
    if (!known.has(vehicleKey)) report(path, `there is no vehicle "${vehicleKey}"`);
    if (seen.has(vehicleKey)) report(path, `"${vehicleKey}" has two routes`);
    seen.add(vehicleKey);
  }
}

function checkFrozen(report: Report, path: Path, { frozenVisits, visits }: PresentRoute): void {
  if (!Number.isInteger(frozenVisits) || frozenVisits < 0 || frozenVisits > visits.length) {
    report(
      [...path, 'frozenVisits'],
      `must be a whole number from 0 to ${visits.length}, got ${frozenVisits}`,
    );
  }
}

/** Each visit is one that its order has, there once, and not without the other one of a pair. */
function checkVisits(
  report: Report,
  path: Path,
  {
    route,
    orders,
    plannedBy,
  }: {
    route: PresentRoute;
    orders: ReadonlyMap<string, PlanningOrder>;
    plannedBy: Map<string, string>;
  },
): void {
  for (const [index, reference] of route.visits.entries()) {
    const { orderKey, kind } = reference;
    const at = [...path, 'visits', `${index}`];
    const order = orders.get(orderKey);
    const elsewhere = plannedBy.get(`${kind} ${orderKey}`);
    if (order === undefined) report(at, `there is no order "${orderKey}"`);
    else if (visitOf(order, kind) === null) report(at, `"${orderKey}" has no ${kind}`);
    else if (elsewhere !== undefined) {
      report(at, `${kind} of "${orderKey}" is planned already, by "${elsewhere}"`);
    } else checkPair(report, at, { route, index, order });
    plannedBy.set(`${kind} ${orderKey}`, route.vehicleKey);
  }
}

function visitOf(order: PlanningOrder, kind: VisitReference['kind']) {
  return kind === 'PICKUP' ? order.pickup : order.delivery;
}

function checkPair(
  report: Report,
  at: Path,
  { route, index, order }: { route: PresentRoute; index: number; order: PlanningOrder },
): void {
  if (order.pickup === null || order.delivery === null) return;
  const isPickup = route.visits[index]!.kind === 'PICKUP';
  const other = route.visits.findIndex(
    ({ orderKey, kind }) => orderKey === order.key && (kind === 'PICKUP') !== isPickup,
  );
  if (other < 0) {
    report(at, `"${order.key}" is ${isPickup ? 'not delivered' : 'not picked up'} in this route`);
  } else if (isPickup && other < index) {
    report(at, `"${order.key}" is delivered before it is picked up`);
  }
}
