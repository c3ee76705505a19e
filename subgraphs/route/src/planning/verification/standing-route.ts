import { capacityVector, LOAD_DIMENSIONS, loadVector } from '../instance/loads.ts';
import type { PlanningOrder, PlanningVehicle, PresentRoute } from '../problem.ts';
import type { ProblemFacts } from './problem-facts.ts';

/**
 * Whether a route that stood is still possible just as it was, for certain. Only where that is simple
 * to say: breaks, reloads and a limit on the duration leave several ways to drive the same visits, and
 * then the answer is false.
 */
export function certainlyStands(facts: ProblemFacts, route: PresentRoute): boolean {
  const vehicle = facts.vehicle(route.vehicleKey);
  if (vehicle === undefined || vehicle.breaks.length > 0) return false;
  if (vehicle.reload !== null || vehicle.maxDurationSeconds !== null) return false;
  const orders = route.visits.map(({ orderKey }) => facts.order(orderKey));
  return (
    orders.every((order) => order !== undefined && isSkilled(vehicle, order)) &&
    route.visits.length <= (vehicle.maxVisits ?? Infinity) &&
    hasRoom(facts, vehicle, route) &&
    isInTime(facts, vehicle, route)
  );
}

function isSkilled({ capabilities }: PlanningVehicle, { requirements }: PlanningOrder): boolean {
  return requirements.every((need) => capabilities.includes(need));
}

function hasRoom(facts: ProblemFacts, vehicle: PlanningVehicle, { visits }: PresentRoute): boolean {
  const capacity = capacityVector(vehicle.capacity);
  const loadOf = (key: string, dimension: number) => loadVector(facts.order(key)!.load)[dimension]!;
  for (let dimension = 0; dimension < LOAD_DIMENSIONS; dimension++) {
    let onBoard = visits
      .filter(({ orderKey, kind }) => kind === 'DELIVERY' && !facts.order(orderKey)!.pickup)
      .reduce((sum, { orderKey }) => sum + loadOf(orderKey, dimension), 0);
    if (onBoard > capacity[dimension]!) return false;
    for (const { orderKey, kind } of visits) {
      onBoard += (kind === 'PICKUP' ? 1 : -1) * loadOf(orderKey, dimension);
      if (onBoard > capacity[dimension]!) return false;
    }
  }
  return true;
}

function isInTime(facts: ProblemFacts, vehicle: PlanningVehicle, { visits }: PresentRoute) {
  const mayBeLate = facts.problem.objectives.lateness !== null;
  let place = vehicle.startPlace;
  let now = vehicle.shiftStartSeconds;
  let meters = 0;
  const drive = (to: number) => {
    const leg = facts.travel.leg(vehicle.profile, place, to);
    now += leg.durationSeconds;
    meters += leg.distanceMeters;
    place = to;
  };
  for (const { orderKey, kind } of visits) {
    const visit = facts.visit(kind, orderKey);
    if (visit === undefined) return false;
    if (visit.place !== place) now += visit.setupSeconds;
    drive(visit.place);
    const ready = now;
    const starts = visit.windows
      .filter((window) => ready < window.endSeconds)
      .map((window) => Math.max(ready, window.startSeconds));
    if (starts.length > 0) now = Math.min(...starts);
    else if (visit.windows.length > 0 && !mayBeLate) return false;
    now += visit.serviceSeconds;
  }
  if (vehicle.endPlace !== null) drive(vehicle.endPlace);
  return now <= vehicle.shiftEndSeconds && meters <= (vehicle.maxDistanceMeters ?? Infinity);
}
