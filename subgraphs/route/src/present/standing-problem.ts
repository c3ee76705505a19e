import { compileProblem } from '../planning/instance/compile-problem.ts';
import type { Instance } from '../planning/instance/instance.ts';
import { COST_ONLY, type PlanningOrder } from '../planning/problem.ts';
import { RouteMeter } from '../planning/routes/route-times.ts';
import type { OpenOrder } from '../storage/stores/planning-queries.ts';
import type { PresentRoute } from '../storage/stores/present-routes.ts';
import { drivableRoutes, type DrivableRoute } from './drivable-routes.ts';
import { knownLegs } from './known-legs.ts';
import { plannedLegs } from './planned-legs.ts';
import { Places, planningOrder, planningVehicle, serviceWindow } from './planning-parts.ts';
import type { StandingDay } from './standing-days.ts';

/** The routes of a day as they stand, and orders that could be put into them. */
export type StandingProblem = {
  readonly instance: Instance;
  /** By vehicle: its visits. null: nothing can be added, because it breaks a promise as it is. */
  readonly routes: readonly (readonly number[] | null)[];
  /** Indexes of the orders that were given, in their order. */
  readonly added: readonly number[];
  /** Nobody leaves before this. */
  readonly nowSeconds: number;
};

/** @param added Orders that no route serves, which may go anywhere. */
export function standingProblem(
  standing: StandingDay,
  added: readonly OpenOrder[],
  nowMs: number,
): StandingProblem {
  const { day, orders, shifts } = standing;
  const places = new Places();
  const depotPlace = places.indexOf(day);
  const placed = drivableRoutes(standing);
  const byId = new Map(orders.map((order) => [order.id, order]));
  const served = placed.flatMap(({ route }) => servedOrders(route, byId));
  const planned = served.map(({ order, promise }) => {
    const windows = promise ? [promise] : order.requestedWindows.map(millisecondsOf);
    return orderOf(order, windows, places, day.dayStartMs);
  });
  const possible = added.map((order) =>
    orderOf(order, order.requestedWindows.map(millisecondsOf), places, day.dayStartMs),
  );
  const nowSeconds = Math.ceil((nowMs - day.dayStartMs) / 1000);
  const vehicles = shifts.map((shift) => {
    const vehicle = planningVehicle(shift, { depotPlace, dayStartMs: day.dayStartMs });
    return { ...vehicle, shiftStartSeconds: Math.max(vehicle.shiftStartSeconds, nowSeconds) };
  });
  const placeOf = new Map(
    planned.map(({ key, pickup, delivery }) => [key, (pickup ?? delivery)!.place]),
  );
  const ends = { startPlace: depotPlace, endPlace: depotPlace };
  const matrices = knownLegs(places.points, {
    profiles: new Set(shifts.map(({ profile }) => profile)),
    planned: placed.flatMap(({ route, shift }) =>
      plannedLegs(route, { ...ends, placeOf }).map((leg) => ({
        ...leg,
        profile: shifts[shift]!.profile,
      })),
    ),
    anywhere: possible.map(({ pickup, delivery }) => (pickup ?? delivery)!.place),
  });
  const instance = compileProblem({
    places: places.points,
    vehicles,
    orders: [...planned, ...possible],
    travel: { kind: 'MATRICES', matrices },
    objectives: COST_ONLY,
    present: null,
  });
  return {
    instance,
    routes: routesOf(instance, placed),
    added: possible.map((_, index) => planned.length + index),
    nowSeconds,
  };
}

type Milliseconds = { readonly startMs: number; readonly endMs: number };

function servedOrders(route: PresentRoute, byId: ReadonlyMap<string, OpenOrder>) {
  return route.stops.flatMap((stop) =>
    stop.orders.flatMap(({ id, promisedStartMs, promisedEndMs }) => {
      const order = byId.get(id);
      if (order === undefined) return [];
      const isPromised = promisedStartMs !== null && promisedEndMs !== null;
      const promise = isPromised ? { startMs: promisedStartMs, endMs: promisedEndMs } : null;
      return [{ order, promise }];
    }),
  );
}

function orderOf(
  order: OpenOrder,
  windows: readonly Milliseconds[],
  places: Places,
  dayStartMs: number,
): PlanningOrder {
  return planningOrder(order, {
    place: places.indexOf(order),
    windows: windows.map((window) => serviceWindow(window, dayStartMs)),
  });
}

function millisecondsOf({ start, end }: { start: string; end: string }): Milliseconds {
  return { startMs: Date.parse(start), endMs: Date.parse(end) };
}

function routesOf(
  instance: Instance,
  placed: readonly DrivableRoute[],
): (readonly number[] | null)[] {
  const { pickupOf, deliveryOf, vehicles, problem } = instance;
  const indexOf = new Map(problem.orders.map(({ key }, order) => [key, order]));
  const routes: (readonly number[] | null)[] = vehicles.map(() => []);
  const meter = new RouteMeter(instance);
  for (const { route, shift } of placed) {
    const nodes = route.stops.flatMap(({ orders }) =>
      orders.flatMap(({ id }) => {
        const order = indexOf.get(id);
        return order === undefined ? [] : [Math.max(pickupOf[order]!, deliveryOf[order]!)];
      }),
    );
    const isFeasible = meter.measure(vehicles[shift]!, nodes) < Infinity;
    routes[shift] = isFeasible ? nodes : null;
  }
  return routes;
}
