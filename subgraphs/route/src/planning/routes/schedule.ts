import type { Instance, InstanceVehicle } from '../instance/instance.ts';
import { mergeStops } from './merged-stops.ts';
import type { SearchResult } from '../planner.ts';
import type { PlanningProblem, VisitKind } from '../problem.ts';
import { routeMetrics, sumMetrics } from './route-metrics.ts';
import { RouteMeter } from './route-times.ts';
import { serviceStart } from './service-start.ts';
import type { PlanningSolution, SolutionRoute, SolutionStop } from '../solution.ts';
import type { MatrixProvider, TravelLeg } from '../travel/matrix-provider.ts';
import { providerOf } from '../travel/provider-of.ts';
import { windowKept } from './window-kept.ts';

export type SolutionRun = Pick<PlanningSolution, 'algorithm' | 'seed' | 'outcome' | 'unassigned'>;

/**
 * What a search found, with all its times and figures.
 * @throws Error when one of the routes is not feasible.
 */
export function toSolution(
  instance: Instance,
  result: SearchResult,
  { algorithm, seed, outcome, unassigned }: SolutionRun,
): PlanningSolution {
  const scheduler = new Scheduler(instance);
  const routes = instance.vehicles.flatMap((vehicle) => {
    const nodes = result.routes[vehicle.index] ?? [];
    const isUsed = nodes.some((node) => node < instance.visitCount);
    return isUsed ? [scheduler.schedule(vehicle, nodes)] : [];
  });
  return {
    algorithm,
    seed,
    outcome,
    iterations: result.iterations,
    routes,
    unassigned,
    metrics: sumMetrics(routes.map((route) => route.metrics)),
  };
}

/** The orders that a search left out, the most important first. */
export function ordersLeftOut({ problem, orderOf, visitCount }: Instance, result: SearchResult) {
  const served = new Set(
    result.routes.flatMap((nodes) =>
      nodes.filter((node) => node < visitCount).map((visit) => orderOf[visit]!),
    ),
  );
  return [...problem.orders.keys()]
    .filter((order) => !served.has(order))
    .toSorted((a, b) => problem.orders[b]!.priority - problem.orders[a]!.priority || a - b);
}

/** Writes routes out with their times. */
export class Scheduler {
  readonly #instance: Instance;
  readonly #meter: RouteMeter;
  readonly #travel: MatrixProvider;

  constructor(instance: Instance) {
    this.#instance = instance;
    this.#meter = new RouteMeter(instance);
    this.#travel = providerOf(instance.problem);
  }

  /** @throws Error when the route is not feasible. */
  schedule(vehicle: InstanceVehicle, nodes: readonly number[]): SolutionRoute {
    const planned = this.#instance.problem.vehicles[vehicle.index]!;
    if (this.#meter.measure(vehicle, nodes) === Infinity) {
      throw new Error(`The route of ${planned.key} is not feasible`);
    }
    const walk = new WrittenWalk(this.#instance, vehicle, this.#travel, this.#meter.startSeconds);
    const breaksAt = (position: number) =>
      vehicle.breaks.filter((_, index) => this.#meter.breakPositions[index] === position);
    for (const [index, node] of nodes.entries()) {
      breaksAt(2 * index).forEach((pause) => walk.pause(pause));
      walk.driveTo(this.#instance.place[node]!);
      breaksAt(2 * index + 1).forEach((pause) => walk.pause(pause));
      walk.visit(node);
    }
    breaksAt(2 * nodes.length).forEach((pause) => walk.pause(pause));
    const legToEnd = planned.endPlace === null ? null : walk.legTo(planned.endPlace);
    const route = {
      vehicleKey: planned.key,
      startSeconds: this.#meter.startSeconds,
      endSeconds: walk.nowSeconds + (legToEnd?.durationSeconds ?? 0),
      stops: mergeStops(walk.stops),
      legToEnd,
    };
    const metrics = routeMetrics(route, {
      vehicle: planned,
      latenessSeconds: this.#meter.lateSeconds,
    });
    return { ...route, metrics };
  }
}

/** Goes along a route and notes every stop. */
class WrittenWalk {
  readonly stops: SolutionStop[] = [];
  nowSeconds: number;
  readonly #instance: Instance;
  readonly #vehicle: InstanceVehicle;
  readonly #travel: MatrixProvider;
  #place: number;
  /** Driven, but not yet part of a stop. */
  #leg: TravelLeg;
  /** Where the last visit or reload was, for its setup. */
  #servedPlace: number;

  constructor(
    instance: Instance,
    vehicle: InstanceVehicle,
    travel: MatrixProvider,
    startSeconds: number,
  ) {
    this.#instance = instance;
    this.#vehicle = vehicle;
    this.#travel = travel;
    this.nowSeconds = startSeconds;
    this.#place = this.#servedPlace = instance.place[vehicle.startNode]!;
    this.#leg = this.#noLeg();
  }

  legTo(place: number): TravelLeg {
    const { profile } = this.#instance.problem.vehicles[this.#vehicle.index]!;
    return this.#travel.leg(profile, this.#place, place);
  }

  driveTo(place: number): void {
    this.#leg = this.legTo(place);
    this.nowSeconds += this.#leg.durationSeconds;
    this.#place = place;
  }

  pause({ earliestStartSeconds, durationSeconds }: InstanceVehicle['breaks'][number]): void {
    this.#note({
      kind: 'BREAK',
      startSeconds: Math.max(this.nowSeconds, earliestStartSeconds),
      serviceSeconds: durationSeconds,
    });
  }

  visit(node: number): void {
    const instance = this.#instance;
    if (node >= instance.visitCount) {
      const { reloadSeconds } = this.#vehicle;
      this.#note({ kind: 'RELOAD', startSeconds: this.nowSeconds, serviceSeconds: reloadSeconds });
    } else {
      const isThere = this.#servedPlace === this.#place;
      const setupSeconds = isThere ? 0 : instance.setupSeconds[node]!;
      const startSeconds = serviceStart(instance, node, this.nowSeconds + setupSeconds);
      this.#note({
        ...plannedVisit(instance, node, startSeconds),
        startSeconds,
        setupSeconds,
        serviceSeconds: instance.serviceSeconds[node]!,
      });
    }
    this.#servedPlace = this.#place;
  }

  #note(
    stop: Pick<SolutionStop, 'kind' | 'serviceSeconds'> &
      Partial<Pick<SolutionStop, 'orderKeys' | 'window' | 'setupSeconds'>> & {
        startSeconds: number;
      },
  ): void {
    const { kind, startSeconds, serviceSeconds, setupSeconds = 0 } = stop;
    const departureSeconds = startSeconds + serviceSeconds;
    this.stops.push({
      kind,
      place: this.#place,
      orderKeys: stop.orderKeys ?? [],
      window: stop.window ?? null,
      legFromPrevious: this.#leg,
      arrivalSeconds: this.nowSeconds,
      setupSeconds,
      waitingSeconds: startSeconds - this.nowSeconds - setupSeconds,
      serviceStartSeconds: startSeconds,
      serviceSeconds,
      departureSeconds,
    });
    this.nowSeconds = departureSeconds;
    this.#leg = this.#noLeg();
  }

  #noLeg(): TravelLeg {
    return { ...this.legTo(this.#place), distanceMeters: 0, durationSeconds: 0 };
  }
}

function plannedVisit(instance: Instance, node: number, startSeconds: number) {
  const order: PlanningProblem['orders'][number] =
    instance.problem.orders[instance.orderOf[node]!]!;
  const kind: VisitKind = instance.isPickup[node] === 1 ? 'PICKUP' : 'DELIVERY';
  const visit = kind === 'PICKUP' ? order.pickup : order.delivery;
  return {
    kind,
    orderKeys: [order.key],
    window: windowKept(visit?.windows ?? [], startSeconds),
  };
}
