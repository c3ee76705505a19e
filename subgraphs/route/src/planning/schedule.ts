import type { InstanceOrder, InstanceVehicle } from './instance.ts';
import type { PlanningProblem, ServiceWindow } from './problem.ts';
import type { SolutionMetrics, SolutionRoute, SolutionStop } from './solution.ts';
import { earliestStart } from './start-window.ts';
import type { TravelLeg } from './travel/matrix-provider.ts';

/** The times of a feasible sequence of orders, and what it costs. */
export function scheduleRoute(
  problem: PlanningProblem,
  vehicle: InstanceVehicle,
  orders: readonly InstanceOrder[],
): SolutionRoute {
  const visits = timeVisits(vehicle, orders);
  const startSeconds = vehicle.limits.shiftStartSeconds + departureDelay(visits);
  const stops = mergeStops(problem, timeStops(problem, visits, startSeconds));
  const lastPlace = orders.at(-1)?.place ?? 0;
  const legToDepot = legBetween(vehicle, lastPlace, 0);
  const endSeconds = (stops.at(-1)?.departureSeconds ?? startSeconds) + legToDepot.durationSeconds;
  return {
    vehicleKey: problem.vehicles[vehicle.index]!.key,
    startSeconds,
    endSeconds,
    stops,
    legToDepot,
    metrics: measureRoute(vehicle, { stops, legToDepot, startSeconds, endSeconds }),
  };
}

export function sumMetrics(parts: readonly SolutionMetrics[]): SolutionMetrics {
  const sum = (pick: (part: SolutionMetrics) => number) =>
    parts.reduce((total, part) => total + pick(part), 0);
  return {
    distanceMeters: sum((part) => part.distanceMeters),
    drivingSeconds: sum((part) => part.drivingSeconds),
    serviceSeconds: sum((part) => part.serviceSeconds),
    waitingSeconds: sum((part) => part.waitingSeconds),
    cost: sum((part) => part.cost),
  };
}

/**
 * Room that is left between a visit and the end of its window when a vehicle leaves later to wait
 * less: a plan without any slack breaks its promises at the first red light.
 */
const SPARED_SLACK_SECONDS = 15 * 60;

type Visit = {
  readonly order: InstanceOrder;
  readonly leg: TravelLeg;
  /** Leaving the depot at the start of the shift. */
  readonly startSeconds: number;
  readonly waitingSeconds: number;
  readonly window: ServiceWindow | null;
};

function timeVisits(vehicle: InstanceVehicle, orders: readonly InstanceOrder[]): Visit[] {
  let place = 0;
  let now = vehicle.limits.shiftStartSeconds;
  return orders.map((order) => {
    const leg = legBetween(vehicle, place, order.place);
    const arrival = now + leg.durationSeconds;
    const startSeconds = earliestStart(order, arrival);
    place = order.place;
    now = startSeconds + order.serviceSeconds;
    const window = windowAt(order, startSeconds);
    return { order, leg, startSeconds, waitingSeconds: startSeconds - arrival, window };
  });
}

/** Of several that overlap, the one that stays open longest. */
function windowAt(order: InstanceOrder, startSeconds: number): ServiceWindow | null {
  const open = order.windows
    .filter((window) => window.firstSeconds <= startSeconds && startSeconds <= window.lastSeconds)
    .toSorted((a, b) => b.lastSeconds - a.lastSeconds)[0];
  if (open === undefined || open.lastSeconds === Infinity) return null;
  return { startSeconds: open.firstSeconds, endSeconds: open.lastSeconds + 1 };
}

/** How much later the vehicle can leave so that it waits less and is back no later. */
function departureDelay(visits: readonly Visit[]): number {
  let waitedUntilHere = 0;
  let delay = Infinity;
  for (const { waitingSeconds, startSeconds, window } of visits) {
    waitedUntilHere += waitingSeconds;
    const slack = window ? window.endSeconds - 1 - startSeconds - SPARED_SLACK_SECONDS : Infinity;
    delay = Math.min(delay, waitedUntilHere + Math.max(0, slack));
  }
  return Math.min(delay, waitedUntilHere);
}

function timeStops(
  problem: PlanningProblem,
  visits: readonly Visit[],
  startSeconds: number,
): SolutionStop[] {
  let now = startSeconds;
  return visits.map(({ order, leg, window, startSeconds: earliestSeconds }) => {
    const arrivalSeconds = now + leg.durationSeconds;
    const serviceStartSeconds = Math.max(arrivalSeconds, earliestSeconds);
    now = serviceStartSeconds + order.serviceSeconds;
    const { key, kind } = problem.orders[order.index]!;
    return {
      kind,
      orderKeys: [key],
      window,
      legFromPrevious: leg,
      arrivalSeconds,
      waitingSeconds: serviceStartSeconds - arrivalSeconds,
      serviceStartSeconds,
      serviceSeconds: order.serviceSeconds,
      departureSeconds: now,
    };
  });
}

/** One visit to an address is one stop, also when it serves several orders. */
function mergeStops(problem: PlanningProblem, stops: readonly SolutionStop[]): SolutionStop[] {
  const pointOf = new Map(problem.orders.map((order) => [order.key, order.point]));
  const merged: SolutionStop[] = [];
  for (const stop of stops) {
    const previous = merged.at(-1);
    if (previous && isSameVisit(previous, stop, pointOf)) {
      merged[merged.length - 1] = joinStops(previous, stop);
    } else merged.push(stop);
  }
  return merged;
}

function isSameVisit(
  a: SolutionStop,
  b: SolutionStop,
  pointOf: ReadonlyMap<string, { latitude: number; longitude: number }>,
): boolean {
  const from = pointOf.get(a.orderKeys[0]!)!;
  const to = pointOf.get(b.orderKeys[0]!)!;
  return (
    a.kind === b.kind &&
    from.latitude === to.latitude &&
    from.longitude === to.longitude &&
    a.window?.startSeconds === b.window?.startSeconds &&
    a.window?.endSeconds === b.window?.endSeconds &&
    b.waitingSeconds === 0 &&
    b.legFromPrevious.distanceMeters === 0 &&
    b.legFromPrevious.durationSeconds === 0
  );
}

function joinStops(first: SolutionStop, second: SolutionStop): SolutionStop {
  return {
    ...first,
    orderKeys: [...first.orderKeys, ...second.orderKeys],
    serviceSeconds: first.serviceSeconds + second.serviceSeconds,
    departureSeconds: second.departureSeconds,
  };
}

function measureRoute(
  vehicle: InstanceVehicle,
  route: Pick<SolutionRoute, 'stops' | 'legToDepot' | 'startSeconds' | 'endSeconds'>,
): SolutionMetrics {
  const legs = [...route.stops.map((stop) => stop.legFromPrevious), route.legToDepot];
  const distanceMeters = legs.reduce((sum, leg) => sum + leg.distanceMeters, 0);
  return {
    distanceMeters,
    drivingSeconds: legs.reduce((sum, leg) => sum + leg.durationSeconds, 0),
    serviceSeconds: route.stops.reduce((sum, stop) => sum + stop.serviceSeconds, 0),
    waitingSeconds: route.stops.reduce((sum, stop) => sum + stop.waitingSeconds, 0),
    cost:
      vehicle.fixedCost +
      distanceMeters * vehicle.costPerMeter +
      (route.endSeconds - route.startSeconds) * vehicle.costPerSecond,
  };
}

function legBetween({ matrix }: InstanceVehicle, from: number, to: number): TravelLeg {
  const index = from * matrix.size + to;
  return {
    distanceMeters: matrix.distanceMeters[index]!,
    durationSeconds: matrix.durationSeconds[index]!,
    isEstimated: matrix.isEstimated,
  };
}
