import type { OpenOrder } from '../storage/stores/planning-queries.ts';
import type { PresentRoute } from '../storage/stores/present-routes.ts';
import type { StandingDay } from './standing-days.ts';

/** A planned route that a vehicle can still drive. */
export type DrivableRoute = {
  readonly route: PresentRoute;
  /** Index of its shift in those of the day. */
  readonly shift: number;
};

/** The routes whose shift is still there with the same vehicle. */
export function drivableRoutes({ routes, shifts }: StandingDay): DrivableRoute[] {
  const shiftOf = new Map(shifts.map(({ shiftId }, index) => [shiftId, index]));
  return routes.flatMap((route) => {
    const shift = route.shiftId === null ? undefined : shiftOf.get(route.shiftId);
    if (shift === undefined || shifts[shift]!.vehicleId !== route.vehicleId) return [];
    return [{ route, shift }];
  });
}

/** The day's orders that are on no route which can be driven. */
export function waitingOrders(standing: StandingDay): OpenOrder[] {
  const served = new Set(
    drivableRoutes(standing).flatMap(({ route }) =>
      route.stops.flatMap(({ orders }) => orders.map(({ id }) => id)),
    ),
  );
  return standing.orders.filter(({ id }) => !served.has(id));
}
