import type { PlanningVehicle } from '../problem.ts';
import type { SolutionMetrics, SolutionRoute } from '../solution.ts';

export function routeMetrics(
  { stops, legToEnd, startSeconds, endSeconds }: Omit<SolutionRoute, 'metrics'>,
  facts: { readonly vehicle: PlanningVehicle; readonly latenessSeconds: number },
): SolutionMetrics {
  const { cost, co2eGramsPerKm } = facts.vehicle;
  const legs = [...stops.map((stop) => stop.legFromPrevious), ...(legToEnd ? [legToEnd] : [])];
  const breaks = stops.filter(({ kind }) => kind === 'BREAK');
  const services = stops.filter(({ kind }) => kind !== 'BREAK');
  const distanceMeters = sumOf(legs, (leg) => leg.distanceMeters);
  return {
    distanceMeters,
    drivingSeconds: sumOf(legs, (leg) => leg.durationSeconds),
    serviceSeconds: sumOf(services, (stop) => stop.setupSeconds + stop.serviceSeconds),
    waitingSeconds: sumOf(stops, (stop) => stop.waitingSeconds),
    breakSeconds: sumOf(breaks, (stop) => stop.serviceSeconds),
    latenessSeconds: facts.latenessSeconds,
    co2eGrams: (distanceMeters / 1_000) * co2eGramsPerKm,
    cost:
      cost.fixed +
      (distanceMeters / 1_000) * cost.perKm +
      ((endSeconds - startSeconds) / 3_600) * cost.perHour,
  };
}

export function sumMetrics(parts: readonly SolutionMetrics[]): SolutionMetrics {
  return {
    distanceMeters: sumOf(parts, (part) => part.distanceMeters),
    drivingSeconds: sumOf(parts, (part) => part.drivingSeconds),
    serviceSeconds: sumOf(parts, (part) => part.serviceSeconds),
    waitingSeconds: sumOf(parts, (part) => part.waitingSeconds),
    breakSeconds: sumOf(parts, (part) => part.breakSeconds),
    latenessSeconds: sumOf(parts, (part) => part.latenessSeconds),
    co2eGrams: sumOf(parts, (part) => part.co2eGrams),
    cost: sumOf(parts, (part) => part.cost),
  };
}

function sumOf<Item>(items: readonly Item[], figureOf: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + figureOf(item), 0);
}
