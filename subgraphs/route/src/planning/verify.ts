import { capacityVector, loadVector, LOAD_DIMENSIONS } from './instance.ts';
import type { PlanningOrder, PlanningProblem, PlanningVehicle } from './problem.ts';
import type { PlanningSolution, SolutionMetrics, SolutionRoute, SolutionStop } from './solution.ts';
import type { MatrixProvider, TravelLeg } from './travel/matrix-provider.ts';
import { providerOf } from './travel/provider-of.ts';

/**
 * Everything in which a plan breaks its problem or its own figures; empty for a valid one.
 * Shares nothing with the search but the units of loads, so that it does not share its mistakes.
 */
export function verify(problem: PlanningProblem, solution: PlanningSolution): string[] {
  const checker = new PlanChecker(problem);
  for (const route of solution.routes) checker.checkRoute(route);
  checker.checkUnassigned(solution);
  checker.checkMetrics('The plan', solution.metrics, addUp(solution.routes));
  return checker.violations;
}

/** Costs are sums of fractions, in another order here than in the search. */
const COST_TOLERANCE = 1e-6;

type Place = { readonly index: number; readonly order: PlanningOrder };

class PlanChecker {
  readonly violations: string[] = [];
  readonly #problem: PlanningProblem;
  readonly #vehicles: ReadonlyMap<string, PlanningVehicle>;
  readonly #places: ReadonlyMap<string, Place>;
  readonly #seenOrders = new Set<string>();
  readonly #seenVehicles = new Set<string>();
  readonly #travel: MatrixProvider;

  constructor(problem: PlanningProblem) {
    this.#problem = problem;
    this.#vehicles = new Map(problem.vehicles.map((vehicle) => [vehicle.key, vehicle]));
    this.#places = new Map(
      problem.orders.map((order, index) => [order.key, { index: index + 1, order }]),
    );
    this.#travel = providerOf(problem);
  }

  checkRoute(route: SolutionRoute): void {
    const vehicle = this.#vehicles.get(route.vehicleKey);
    const name = `Route of ${route.vehicleKey}`;
    this.#expect(vehicle !== undefined, `${name}: there is no such vehicle`);
    this.#expect(!this.#seenVehicles.has(route.vehicleKey), `${name}: listed twice`);
    this.#seenVehicles.add(route.vehicleKey);
    this.#expect(route.stops.length > 0, `${name}: has no stops`);
    if (vehicle === undefined) return;
    this.#checkTimes(name, vehicle, route);
    this.#checkOrders(name, vehicle, route);
    this.#checkLoads(name, vehicle, route);
    this.#checkRouteMetrics(name, vehicle, route);
  }

  checkUnassigned({ unassigned, outcome }: PlanningSolution): void {
    for (const { orderKey, reasons } of unassigned) {
      this.#claim('The unassigned', orderKey);
      const codes = new Set(reasons.map((reason) => reason.code));
      this.#expect(codes.size === reasons.length, `${orderKey} is left out twice for one reason`);
      this.#expect(
        reasons.length > 0 || outcome !== 'COMPLETED',
        `${orderKey} is left out for no reason`,
      );
    }
    for (const { key } of this.#problem.orders) {
      this.#expect(this.#seenOrders.has(key), `${key} is neither planned nor left out`);
    }
  }

  checkMetrics(name: string, stated: SolutionMetrics, found: SolutionMetrics): void {
    for (const figure of [
      'distanceMeters',
      'drivingSeconds',
      'serviceSeconds',
      'waitingSeconds',
    ] as const) {
      this.#expectEqual(`${name}: ${figure}`, stated[figure], found[figure]);
    }
    const tolerance = COST_TOLERANCE * Math.max(1, Math.abs(found.cost));
    this.#expect(
      Math.abs(stated.cost - found.cost) <= tolerance,
      `${name}: cost is ${stated.cost}, should be ${found.cost}`,
    );
  }

  #checkTimes(name: string, vehicle: PlanningVehicle, route: SolutionRoute): void {
    this.#expect(
      route.startSeconds >= vehicle.shiftStartSeconds,
      `${name}: starts before the shift`,
    );
    this.#expect(route.endSeconds <= vehicle.shiftEndSeconds, `${name}: ends after the shift`);
    let from = 0;
    let now = route.startSeconds;
    for (const [index, stop] of route.stops.entries()) {
      const at = `${name}, stop ${index + 1}`;
      const to = this.#places.get(stop.orderKeys[0] ?? '')?.index ?? 0;
      this.#checkLeg(at, stop.legFromPrevious, this.#travel.leg(vehicle.profile, from, to));
      this.#checkStop(at, stop, now);
      from = this.#places.get(stop.orderKeys.at(-1) ?? '')?.index ?? 0;
      now = stop.departureSeconds;
    }
    this.#checkLeg(
      `${name}, way back`,
      route.legToDepot,
      this.#travel.leg(vehicle.profile, from, 0),
    );
    const back = now + route.legToDepot.durationSeconds;
    this.#expectEqual(`${name}: end`, route.endSeconds, back);
  }

  #checkLeg(at: string, stated: TravelLeg, found: TravelLeg): void {
    this.#expectEqual(`${at}: leg distance`, stated.distanceMeters, found.distanceMeters);
    this.#expectEqual(`${at}: leg duration`, stated.durationSeconds, found.durationSeconds);
    this.#expect(stated.isEstimated === found.isEstimated, `${at}: leg is wrongly marked`);
  }

  #checkStop(at: string, stop: SolutionStop, leftPrevious: number): void {
    const arrival = leftPrevious + stop.legFromPrevious.durationSeconds;
    this.#expectEqual(`${at}: arrival`, stop.arrivalSeconds, arrival);
    this.#expect(stop.waitingSeconds >= 0, `${at}: waits ${stop.waitingSeconds} s`);
    const start = arrival + stop.waitingSeconds;
    this.#expectEqual(`${at}: start of service`, stop.serviceStartSeconds, start);
    let now = start;
    for (const key of stop.orderKeys) {
      const order = this.#places.get(key)?.order;
      if (order === undefined) continue;
      this.#checkVisit(`${at}, order ${key}`, stop, order, now);
      now += order.serviceSeconds;
    }
    this.#expectEqual(`${at}: service`, stop.serviceSeconds, now - start);
    this.#expectEqual(`${at}: departure`, stop.departureSeconds, now);
  }

  #checkVisit(at: string, stop: SolutionStop, order: PlanningOrder, startSeconds: number): void {
    this.#expect(order.kind === stop.kind, `${at}: is a ${order.kind}, the stop a ${stop.kind}`);
    const { window } = stop;
    if (window === null) {
      this.#expect(order.windows.length === 0, `${at}: no window is promised`);
      return;
    }
    this.#expect(
      order.windows.some((wanted) => isSameWindow(wanted, window)),
      `${at}: the promised window was not asked for`,
    );
    this.#expect(
      window.startSeconds <= startSeconds && startSeconds < window.endSeconds,
      `${at}: served outside of its window`,
    );
  }

  #checkOrders(name: string, vehicle: PlanningVehicle, route: SolutionRoute): void {
    for (const stop of route.stops) {
      this.#expect(stop.orderKeys.length > 0, `${name}: has a stop without orders`);
      for (const key of stop.orderKeys) {
        this.#claim(name, key);
        const { order } = this.#places.get(key) ?? {};
        const missing = (order?.requirements ?? []).filter(
          (need) => !vehicle.capabilities.includes(need),
        );
        this.#expect(missing.length === 0, `${name}: lacks ${missing.join(', ')} for ${key}`);
        this.#checkSamePlace(name, stop, order);
      }
    }
  }

  #checkSamePlace(name: string, stop: SolutionStop, order: PlanningOrder | undefined): void {
    const first = this.#places.get(stop.orderKeys[0] ?? '')?.order;
    this.#expect(
      first?.point.latitude === order?.point.latitude &&
        first?.point.longitude === order?.point.longitude,
      `${name}: ${order?.key} is served at another address`,
    );
  }

  #claim(where: string, orderKey: string): void {
    this.#expect(this.#places.has(orderKey), `${where}: there is no order ${orderKey}`);
    this.#expect(!this.#seenOrders.has(orderKey), `${where}: ${orderKey} is there twice`);
    this.#seenOrders.add(orderKey);
  }

  #checkLoads(name: string, vehicle: PlanningVehicle, route: SolutionRoute): void {
    const orders = route.stops
      .flatMap((stop) => stop.orderKeys)
      .flatMap((key) => this.#places.get(key)?.order ?? []);
    const capacity = capacityVector(vehicle.capacity);
    for (let dimension = 0; dimension < LOAD_DIMENSIONS; dimension++) {
      const loadOf = (order: PlanningOrder) => loadVector(order.load)[dimension] ?? 0;
      const room = capacity[dimension] ?? 0;
      for (let leg = 0; leg <= orders.length; leg++) {
        const ahead = orders.slice(leg).filter((order) => order.kind === 'DELIVERY');
        const behind = orders.slice(0, leg).filter((order) => order.kind === 'PICKUP');
        const onBoard = [...ahead, ...behind].reduce((sum, order) => sum + loadOf(order), 0);
        const figure = ['grams', 'cm3', 'parcels'][dimension];
        this.#expect(
          onBoard <= room,
          `${name}: ${onBoard} ${figure} on leg ${leg + 1}, room for ${room}`,
        );
      }
    }
  }

  #checkRouteMetrics(name: string, vehicle: PlanningVehicle, route: SolutionRoute): void {
    const legs = [...route.stops.map((stop) => stop.legFromPrevious), route.legToDepot];
    const distanceMeters = legs.reduce((sum, leg) => sum + leg.distanceMeters, 0);
    const hours = (route.endSeconds - route.startSeconds) / 3_600;
    this.checkMetrics(name, route.metrics, {
      distanceMeters,
      drivingSeconds: legs.reduce((sum, leg) => sum + leg.durationSeconds, 0),
      serviceSeconds: route.stops.reduce((sum, stop) => sum + stop.serviceSeconds, 0),
      waitingSeconds: route.stops.reduce((sum, stop) => sum + stop.waitingSeconds, 0),
      cost:
        vehicle.cost.fixed +
        (vehicle.cost.perKm * distanceMeters) / 1_000 +
        vehicle.cost.perHour * hours,
    });
  }

  #expectEqual(what: string, stated: number, found: number): void {
    this.#expect(stated === found, `${what} is ${stated}, should be ${found}`);
  }

  #expect(holds: boolean, violation: string): void {
    if (!holds) this.violations.push(violation);
  }
}

function isSameWindow(
  a: { startSeconds: number; endSeconds: number },
  b: { startSeconds: number; endSeconds: number },
): boolean {
  return a.startSeconds === b.startSeconds && a.endSeconds === b.endSeconds;
}

function addUp(routes: readonly SolutionRoute[]): SolutionMetrics {
  const total = {
    distanceMeters: 0,
    drivingSeconds: 0,
    serviceSeconds: 0,
    waitingSeconds: 0,
    cost: 0,
  };
  for (const { metrics } of routes) {
    total.distanceMeters += metrics.distanceMeters;
    total.drivingSeconds += metrics.drivingSeconds;
    total.serviceSeconds += metrics.serviceSeconds;
    total.waitingSeconds += metrics.waitingSeconds;
    total.cost += metrics.cost;
  }
  return total;
}
