import { compileProblem } from '../instance/compile-problem.ts';
import { PresentRoutes } from '../instance/present-routes.ts';
import type { PlanningOrder, PlanningProblem, PlanningVehicle, PresentRoute } from '../problem.ts';
import type { TravelMatrix } from '../travel/matrix-provider.ts';
import { providerOf } from '../travel/provider-of.ts';

/** Whether what nobody may change in a route is possible for its vehicle: alone, or with the rest of the route. */
export function canStand(problem: PlanningProblem, route: PresentRoute): boolean {
  const frozen = new Set(route.visits.slice(0, route.frozenVisits).map(({ orderKey }) => orderKey));
  const whole = isFeasible(problem, route);
  if (route.isLocked || whole) return whole;
  return isFeasible(problem, {
    ...route,
    visits: route.visits.filter(({ orderKey }) => frozen.has(orderKey)),
  });
}

function isFeasible(problem: PlanningProblem, route: PresentRoute): boolean {
  const instance = compileProblem(alone(problem, route));
  const routes = new PresentRoutes(instance);
  return routes.withReloads(instance.vehicles[0]!, routes.visitsOf(route)) !== null;
}

/** The problem of this route and nothing else, so that it is small. */
function alone(problem: PlanningProblem, route: PresentRoute): PlanningProblem {
  const vehicle = problem.vehicles.find(({ key }) => key === route.vehicleKey)!;
  const keys = new Set(route.visits.map(({ orderKey }) => orderKey));
  const orders = problem.orders.filter(({ key }) => keys.has(key));
  const places = placesOf(vehicle, orders);
  const index = (place: number) => places.indexOf(place);
  const moved = <Visit extends { readonly place: number }>(visit: Visit | null) =>
    visit && { ...visit, place: index(visit.place) };
  return {
    ...problem,
    places: places.map((place) => problem.places[place]!),
    orders: orders.map((order) => ({
      ...order,
      pickup: moved(order.pickup),
      delivery: moved(order.delivery),
    })),
    vehicles: [
      {
        ...vehicle,
        startPlace: index(vehicle.startPlace),
        endPlace: vehicle.endPlace === null ? null : index(vehicle.endPlace),
        reload: moved(vehicle.reload),
      },
    ],
    travel: {
      kind: 'MATRICES',
      matrices: { [vehicle.profile]: matrixOf(problem, vehicle, places) },
    },
    present: null,
  };
}

function placesOf(vehicle: PlanningVehicle, orders: readonly PlanningOrder[]): number[] {
  const visits = orders.flatMap(({ pickup, delivery }) => [pickup?.place, delivery?.place]);
  const all = [vehicle.startPlace, vehicle.endPlace, vehicle.reload?.place, ...visits];
  return [...new Set(all.filter((place) => place !== null && place !== undefined))];
}

function matrixOf(
  problem: PlanningProblem,
  { profile }: PlanningVehicle,
  places: readonly number[],
): TravelMatrix {
  const travel = providerOf(problem);
  const legs = places.flatMap((from) => places.map((to) => travel.leg(profile, from, to)));
  return {
    size: places.length,
    distanceMeters: Int32Array.from(legs, (leg) => leg.distanceMeters),
    durationSeconds: Int32Array.from(legs, (leg) => leg.durationSeconds),
    isEstimated: problem.travel.kind === 'ESTIMATE',
  };
}
