import type { TravelLeg } from '../planning/travel/matrix-provider.ts';
import type { PresentRoute } from '../storage/stores/present-routes.ts';

/** A way that a planned route takes, between two places of a problem. */
export type PlannedLeg = TravelLeg & { readonly from: number; readonly to: number };

/**
 * The ways of a route with the figures that it was planned with, the way back included. The way over
 * a stop of which all orders are gone belongs to the next leg.
 */
export function plannedLegs(
  route: PresentRoute,
  {
    startPlace,
    endPlace,
    placeOf,
  }: { startPlace: number; endPlace: number | null; placeOf: ReadonlyMap<string, number> },
): PlannedLeg[] {
  const legs: PlannedLeg[] = [];
  const none = { distanceMeters: 0, durationSeconds: 0, isEstimated: false };
  let leg = { ...none, from: startPlace };
  for (const { to, ...step } of stepsOf(route, { endPlace, placeOf })) {
    leg.distanceMeters += step.distanceMeters;
    leg.durationSeconds += step.durationSeconds;
    leg.isEstimated ||= step.isEstimated;
    if (to === undefined) continue;
    if (to !== leg.from) legs.push({ ...leg, to });
    leg = { ...none, from: to };
  }
  return legs;
}

type Step = TravelLeg & { readonly to: number | undefined };

function stepsOf(
  { stops, distanceMeters, returnSeconds }: PresentRoute,
  { endPlace, placeOf }: { endPlace: number | null; placeOf: ReadonlyMap<string, number> },
): Step[] {
  const steps = stops.map((stop) => ({
    to: stop.orders.map(({ id }) => placeOf.get(id)).find((place) => place !== undefined),
    distanceMeters: stop.legDistanceMeters,
    durationSeconds: stop.legDurationSeconds,
    isEstimated: stop.legIsEstimated,
  }));
  const backMeters = steps.reduce((left, step) => left - step.distanceMeters, distanceMeters);
  const back = {
    to: endPlace ?? undefined,
    distanceMeters: Math.max(0, backMeters),
    durationSeconds: returnSeconds,
    isEstimated: steps.some((step) => step.isEstimated),
  };
  return [...steps, back];
}
