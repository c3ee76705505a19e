import { headingDegrees, shifted, straightLineMeters } from '../geo.ts';
import type { Point } from '../geo.ts';
import type { Row, Rows } from '../load/tables.ts';
import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';
import type { FinishedRoute } from './finished-day.ts';
import type { CrewPlan, DepotPlan } from '../fleet/plan.ts';

type PositionRow = Row<'fleet.positions'>;

/** Where a vehicle was on the way: at each stop, and half way to the next. */
export function trailRows(routes: readonly FinishedRoute[]): Rows {
  return { 'fleet.positions': routes.flatMap(trail) };
}

/**
 * Last known positions at `now`: everybody is parked at the depot. Most trackers reported within
 * the last minutes, some lost the network, the last vehicle of each depot has no tracker yet.
 */
export function latestPositions(depot: DepotPlan, now: number): PositionRow[] {
  return depot.crews.slice(0, -1).map((crew) => {
    const random = createRandom(`tracker/${crew.vehicle.id}/${now}`);
    const drawn = random.next();
    const ageSeconds =
      drawn < 0.82
        ? random.between(2, 90)
        : drawn < 0.94
          ? random.between(150, 850)
          : random.between(3_600, 18_000);
    const point = shifted(depot.point, random.normal(0, 35), random.normal(0, 35));
    const at = Math.round(now - ageSeconds * 1000);
    const odometer = odometerMeters(crew) + 4_000_000;
    return position(random, {
      depot,
      crew,
      point,
      at,
      speed: 0,
      heading: random.integer(0, 359),
      odometer,
    });
  });
}

function trail(route: FinishedRoute): PositionRow[] {
  const { depot, crew } = route;
  const random = createRandom(`trail/${route.id}`);
  const rows: PositionRow[] = [];
  let odometer = odometerMeters(crew);
  let [from, leftAt]: [Point, number] = [depot.point, route.startedAt];
  for (const stop of route.stops.toSorted((one, two) => one.actualSequence - two.actualSequence)) {
    const to = stop.address.point;
    const meters = 1.3 * straightLineMeters(from, to);
    const heading = headingDegrees(from, to);
    const seconds = Math.max(1, (stop.arrivedAt - leftAt) / 1000);
    const middle = {
      latitude: (from.latitude + to.latitude) / 2,
      longitude: (from.longitude + to.longitude) / 2,
    };
    const add = (point: Point, at: number, speed: number): void => {
      rows.push(
        position(random, { depot, crew, point, at: Math.round(at), speed, heading, odometer }),
      );
    };
    odometer += Math.round(meters / 2);
    add(middle, leftAt + seconds * 500, Math.min(30, meters / seconds));
    odometer += Math.round(meters / 2);
    add(to, stop.arrivedAt, 0);
    add(to, stop.departedAt, 0);
    [from, leftAt] = [to, stop.departedAt];
  }
  return rows;
}

function position(
  random: Random,
  of: {
    depot: DepotPlan;
    crew: CrewPlan;
    point: Point;
    at: number;
    speed: number;
    heading: number;
    odometer: number;
  },
): PositionRow {
  return {
    vehicle_id: of.crew.vehicle.id,
    organization_id: of.depot.organization.id,
    recorded_at: new Date(of.at),
    received_at: new Date(of.at + random.integer(150, 2_500)),
    latitude: of.point.latitude,
    longitude: of.point.longitude,
    speed_meters_per_second: Math.round(of.speed * 10) / 10,
    heading_degrees: of.heading,
    accuracy_meters: random.integer(3, 14),
    odometer_meters: of.odometer,
    energy_level_ratio: Math.round(random.between(0.35, 1) * 100) / 100,
  };
}

function odometerMeters(crew: CrewPlan): number {
  return createRandom(`odometer/${crew.vehicle.id}`).integer(8_000_000, 160_000_000);
}
